//! Snapshots: what a case came to when a person last said that it is right. Comes in: the report of
//! a case. Goes out: whether it is what its snapshot says, and the difference as a diff. The files
//! are those of the `insta` crate: some lines about the snapshot between `---`, then the report.

use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::text::{Edit, EditSet, FileChange, FilePatch, Span};

/// A report beside its snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compared {
    /// They are the same.
    Same,
    /// They differ; the text is a diff from the snapshot to the report.
    Differs(String),
    /// There is no snapshot yet.
    New,
}

/// Compares `report` with the snapshot at `path`.
///
/// # Errors
/// Where the snapshot is there and cannot be read.
pub fn compare(path: &Path, report: &str) -> Result<Compared> {
    let Some(text) = read(path)? else { return Ok(Compared::New) };
    let (_, kept) = split(&text);
    let (kept, report) = (normal(kept), normal(report));
    if kept == report {
        return Ok(Compared::Same);
    }
    Ok(Compared::Differs(diff(&kept, &report)))
}

/// Makes `report` the snapshot at `path`. `about` is what the case says about itself.
///
/// # Errors
/// Where it cannot be written.
pub fn accept(path: &Path, about: &str, report: &str) -> Result<()> {
    let about = serde_json::to_string(about.trim()).context("cannot write a text as YAML")?;
    let text =
        format!("---\nsource: dmmigrate test\ndescription: {about}\n---\n{}", normal(report));
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

fn read(path: &Path) -> Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => {
            Err(error).with_context(|| format!("cannot read the snapshot {}", path.display()))
        }
    }
}

/// What stands about the snapshot, and the snapshot.
fn split(text: &str) -> (&str, &str) {
    let head = text.strip_prefix("---\n").and_then(|rest| rest.find("\n---\n"));
    // Both fences have four bytes up to where the search began, or the line end before the second.
    head.map_or(("", text), |at| text.split_at(4 + at + 5))
}

/// As the `insta` crate compares: line ends are one character, and none too many at the end.
fn normal(text: &str) -> String {
    let lines = text.replace("\r\n", "\n");
    match lines.trim_end_matches(['\n', '\r']) {
        "" => String::new(),
        kept => format!("{kept}\n"),
    }
}

/// The hunks of a unified diff.
fn diff(old: &str, new: &str) -> String {
    let all = Edit::replace(Span::new(0, old.len()), new);
    let Ok(edits) = EditSet::from_edits(vec![all]) else { return String::new() };
    let mut out = String::new();
    let change = FileChange::Edit { old, edits: &edits };
    FilePatch { path: b"x", change }.write_to(&mut out);
    // Without the names of files, and without the line of a snapshot that git would take for the
    // head of a function.
    let hunks = out.lines().skip_while(|line| !line.starts_with("@@ "));
    let head = |line: &str| line.rfind(" @@").map_or(line.len(), |at| at + 3);
    let line = |line: &str| match line.strip_prefix("@@ ") {
        Some(_) => format!("{}\n", &line[..head(line)]),
        None => format!("{line}\n"),
    };
    hunks.map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_accepted_is_the_same_and_a_change_is_shown() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.snap");
        assert_eq!(compare(&path, "x\n").expect("read"), Compared::New);
        accept(&path, "It \"shows\"\nsomething: this.\n", "-- sites --\r\na\n").expect("written");
        let text = std::fs::read_to_string(&path).expect("a file");
        assert_eq!(
            text,
            "---\nsource: dmmigrate test\ndescription: \"It \\\"shows\\\"\\nsomething: this.\"\n---\n-- sites --\na\n"
        );
        assert_eq!(compare(&path, "-- sites --\na").expect("read"), Compared::Same);
        let Compared::Differs(diff) = compare(&path, "-- sites --\nb\n").expect("read") else {
            panic!("it differs")
        };
        assert_eq!(diff, "@@ -1,2 +1,2 @@\n -- sites --\n-a\n+b\n");
    }

    #[test]
    fn an_empty_report_is_a_snapshot_too() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.snap");
        accept(&path, "nothing", "").expect("written");
        assert_eq!(compare(&path, "").expect("read"), Compared::Same);
    }
}
