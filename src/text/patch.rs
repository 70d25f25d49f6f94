//! Patches: what happens to one file, in the format that `git diff` prints and `git apply` takes.
//!
//! Comes in: a file's name, its text and the edits of it, or a file that comes or goes. Goes out:
//! the patch as text. It is built from the edits: lines are looked at only around them, and two
//! whole texts are never compared.

mod hunk;
mod line_diff;
mod quote;

use super::EditSet;
use hunk::Change;
use quote::Quoting;

/// What git records of a file's mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum FileMode {
    /// 100644
    #[default]
    Regular,
    /// 100755
    Executable,
}

impl FileMode {
    /// The mode as git writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            FileMode::Regular => "100644",
            FileMode::Executable => "100755",
        }
    }
}

/// What happens to a file.
#[derive(Clone, Copy, Debug)]
pub enum FileChange<'a> {
    /// It is edited; its mode stays.
    Edit {
        /// The text before.
        old: &'a str,
        /// The edits of that text.
        edits: &'a EditSet,
    },
    /// It is created.
    Create {
        /// All of its text.
        new: &'a str,
        /// Its mode.
        mode: FileMode,
    },
    /// It is deleted.
    Delete {
        /// The text that it had.
        old: &'a str,
        /// The mode that it had.
        mode: FileMode,
    },
}

/// The patch of one file.
#[derive(Clone, Copy, Debug)]
pub struct FilePatch<'a> {
    /// Path from the root of the repository, with `/` between its parts; any bytes but NUL.
    pub path: &'a [u8],
    /// What happens to the file.
    pub change: FileChange<'a>,
}

impl FilePatch<'_> {
    /// Appends the patch to `out`; nothing where the edits change nothing.
    pub fn write_to(&self, out: &mut String) {
        match self.change {
            FileChange::Edit { old, edits } => {
                let changes = hunk::changes(old, edits);
                if !changes.is_empty() {
                    self.write_names(out, Quoting::AsNeeded);
                    self.write_sides(out, true, true);
                    hunk::write(old, &changes, out);
                }
            }
            FileChange::Create { new: "", mode } => {
                self.write_empty(out, ("new", mode), "0000000..e69de29");
            }
            FileChange::Delete { old: "", mode } => {
                self.write_empty(out, ("deleted", mode), "e69de29..0000000");
            }
            FileChange::Create { new, mode } => {
                self.write_names(out, Quoting::AsNeeded);
                write_mode(out, "new", mode);
                self.write_sides(out, false, true);
                hunk::write("", &[Change::create(new)], out);
            }
            FileChange::Delete { old, mode } => {
                self.write_names(out, Quoting::AsNeeded);
                write_mode(out, "deleted", mode);
                self.write_sides(out, true, false);
                hunk::write(old, &[Change::delete(old)], out);
            }
        }
    }

    /// An empty file that comes or goes: a patch without sides and hunks.
    ///
    /// GNU patch takes it only with an `index` line (the id is git's for an empty file), and where
    /// the name has spaces only in quotes.
    fn write_empty(&self, out: &mut String, (what, mode): (&str, FileMode), index: &str) {
        let spaces = self.path.contains(&b' ');
        self.write_names(out, if spaces { Quoting::Always } else { Quoting::AsNeeded });
        write_mode(out, what, mode);
        out.push_str("index ");
        out.push_str(index);
        out.push('\n');
    }

    fn write_names(&self, out: &mut String, quoting: Quoting) {
        out.push_str("diff --git ");
        quote::write(out, "a/", self.path, quoting);
        out.push(' ');
        quote::write(out, "b/", self.path, quoting);
        out.push('\n');
    }

    /// The `---` and `+++` lines; a side that does not exist is `/dev/null`.
    fn write_sides(&self, out: &mut String, old: bool, new: bool) {
        for (marker, prefix, exists) in [("--- ", "a/", old), ("+++ ", "b/", new)] {
            out.push_str(marker);
            if exists {
                quote::write(out, prefix, self.path, Quoting::AsNeeded);
                // Without the tab, `patch` would take what follows the space for a date.
                out.push_str(if self.path.contains(&b' ') { "\t\n" } else { "\n" });
            } else {
                out.push_str("/dev/null\n");
            }
        }
    }
}

fn write_mode(out: &mut String, what: &str, mode: FileMode) {
    out.push_str(what);
    out.push_str(" file mode ");
    out.push_str(mode.as_str());
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Edit, Span};

    fn patch(old: &str, edits: &[(usize, usize, &str)]) -> String {
        let edits = edits.iter().map(|&(s, e, new)| Edit::replace(Span::new(s, e), new)).collect();
        let edits = EditSet::from_edits(edits).expect("disjoint");
        let mut out = String::new();
        FilePatch { path: b"x.go", change: FileChange::Edit { old, edits: &edits } }
            .write_to(&mut out);
        out
    }

    /// The patch without its three header lines.
    fn hunks(old: &str, edits: &[(usize, usize, &str)]) -> String {
        patch(old, edits).split_inclusive('\n').skip(3).collect()
    }

    fn whole(change: FileChange<'_>) -> String {
        let mut out = String::new();
        FilePatch { path: b"x.sh", change }.write_to(&mut out);
        out
    }

    #[test]
    fn edits_without_effect_are_no_patch() {
        assert_eq!(patch("a\nb\n", &[(0, 1, "a"), (2, 3, "b")]), "");
        assert_eq!(patch("", &[]), "");
    }

    #[test]
    fn an_edit_within_a_line_changes_that_line() {
        assert_eq!(
            patch("one\ntwo\nthree\n", &[(4, 5, "T")]),
            "diff --git a/x.go b/x.go\n--- a/x.go\n+++ b/x.go\n\
             @@ -1,3 +1,3 @@\n one\n-two\n+Two\n three\n"
        );
    }

    #[test]
    fn lines_that_an_edit_leaves_as_they_were_are_context() {
        let old = "a\nb\nc\nd\n";
        assert_eq!(
            hunks(old, &[(0, old.len(), "a\nx\nc\nd\ne\n")]),
            "@@ -1,4 +1,5 @@\n a\n-b\n+x\n c\n d\n+e\n"
        );
    }

    #[test]
    fn joining_lines_changes_both() {
        assert_eq!(hunks("a\nb\nc\n", &[(1, 2, "")]), "@@ -1,3 +1,2 @@\n-a\n-b\n+ab\n c\n");
        assert_eq!(hunks("a\nb\nc\n", &[(2, 4, "")]), "@@ -1,3 +1,2 @@\n a\n-b\n c\n");
    }

    #[test]
    fn a_missing_final_newline_is_said_on_either_side() {
        let no = "\\ No newline at end of file\n";
        assert_eq!(hunks("a", &[(1, 1, "\n")]), format!("@@ -1 +1 @@\n-a\n{no}+a\n"));
        assert_eq!(hunks("a\n", &[(1, 2, "")]), format!("@@ -1 +1 @@\n-a\n+a\n{no}"));
        assert_eq!(hunks("a\nb", &[(0, 1, "c")]), format!("@@ -1,2 +1,2 @@\n-a\n+c\n b\n{no}"));
    }

    #[test]
    fn hunks_merge_when_six_lines_or_fewer_lie_between() {
        let old = "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        assert_eq!(hunks(old, &[(2, 3, "x"), (16, 17, "y")]).matches("@@ -").count(), 1);
        let two = hunks(old, &[(2, 3, "x"), (18, 19, "y\nz")]);
        assert_eq!(
            two,
            "@@ -1,5 +1,5 @@\n 0\n-1\n+x\n 2\n 3\n 4\n@@ -7,4 +7,5 @@\n 6\n 7\n 8\n-9\n+y\n+z\n"
        );
    }

    #[test]
    fn the_heading_is_the_nearest_line_above_that_begins_with_a_letter() {
        let body = "\t1\n\t2\n\t3\n\t4\n";
        let old = format!("func f() {{  \r\n{body}}}\n");
        let at = old.find('4').expect("there");
        assert!(hunks(&old, &[(at, at + 1, "5")]).starts_with("@@ -2,5 +2,5 @@ func f() {\n"));
        // 80 bytes at most, in whole characters.
        let old = format!("var {}\n{body}", "é".repeat(60));
        let at = old.find('4').expect("there");
        let heading = format!("@@ -2,4 +2,4 @@ var {}\n", "é".repeat(38));
        assert!(hunks(&old, &[(at, at + 1, "5")]).starts_with(&heading));
    }

    #[test]
    fn files_come_and_go_with_their_mode() {
        let mode = FileMode::Executable;
        assert_eq!(
            whole(FileChange::Create { new: "a\nb", mode }),
            "diff --git a/x.sh b/x.sh\nnew file mode 100755\n--- /dev/null\n+++ b/x.sh\n\
             @@ -0,0 +1,2 @@\n+a\n+b\n\\ No newline at end of file\n"
        );
        assert_eq!(
            whole(FileChange::Delete { old: "a\n", mode: FileMode::Regular }),
            "diff --git a/x.sh b/x.sh\ndeleted file mode 100644\n--- a/x.sh\n+++ /dev/null\n\
             @@ -1 +0,0 @@\n-a\n"
        );
        assert_eq!(
            whole(FileChange::Create { new: "", mode }),
            "diff --git a/x.sh b/x.sh\nnew file mode 100755\nindex 0000000..e69de29\n"
        );
    }
}
