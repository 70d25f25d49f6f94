//! txtar archives: a comment, then files, each behind a line `-- name --`
//! (<https://pkg.go.dev/golang.org/x/tools/txtar>).

use std::fmt::Write as _;

/// An archive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Archive {
    /// What stands before the first file.
    pub comment: String,
    /// Names and contents, in order.
    pub files: Vec<(String, String)>,
}

impl Archive {
    /// Reads an archive. Every text is one: without a file line it is all comment.
    pub fn parse(text: &str) -> Self {
        let mut archive = Archive::default();
        for line in text.split_inclusive('\n') {
            match file_line(line) {
                Some(name) => archive.files.push((name.to_string(), String::new())),
                None => match archive.files.last_mut() {
                    Some((_, content)) => content.push_str(line),
                    None => archive.comment.push_str(line),
                },
            }
        }
        archive
    }
}

impl std::fmt::Display for Archive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.comment)?;
        for (name, content) in &self.files {
            writeln!(f, "-- {name} --")?;
            f.write_str(content)?;
            if !content.is_empty() && !content.ends_with('\n') {
                f.write_char('\n')?;
            }
        }
        Ok(())
    }
}

/// The file of an archive that the byte at `offset` belongs to: its name, and where in `text` its
/// content begins.
pub fn file_at(text: &str, offset: usize) -> Option<(&str, usize)> {
    let mut at = 0;
    let mut file = None;
    for line in text.split_inclusive('\n') {
        let name = file_line(line);
        if at > offset || (offset < at + line.len() && name.is_some()) {
            break;
        }
        at += line.len();
        if let Some(name) = name {
            file = Some((name, at));
        }
    }
    file.filter(|(_, start)| *start <= offset)
}

/// The name in a line `-- name --`.
fn file_line(line: &str) -> Option<&str> {
    let name = line.trim_end().strip_prefix("-- ")?.strip_suffix(" --")?.trim();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_reads_and_prints_the_same() {
        let text = "about\n\n-- a.go --\npackage a\n-- dir/b.txt --\n-- no name\nx\n-- empty --\n";
        let archive = Archive::parse(text);
        assert_eq!(archive.comment, "about\n\n");
        let names: Vec<&str> = archive.files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["a.go", "dir/b.txt", "empty"]);
        assert_eq!(archive.to_string(), text);
    }
}
