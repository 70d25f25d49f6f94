//! What `explain` is asked about. Comes in: `FILE:LINE[:COL]`. Goes out: the file, the place in it,
//! and how people see it: a file of a case is shown as the part of the archive that it is.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::app::cases::{FOLDER, lay_out};
use crate::app::root::find_root;
use crate::app::txtar::{Archive, file_at};
use crate::rule::pack::MANIFEST;
use crate::text::{LineCol, LineIndex, Span};

/// A place in a file.
pub struct Subject {
    /// The root of the repository, or the folder that a case was laid out in.
    pub root: PathBuf,
    /// The file, from the root.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// The place: a line, or an empty span.
    pub place: Span,
    /// The path that a person knows.
    pub shown: String,
    /// The text that stands there.
    pub shown_text: String,
    /// Where in it the file's own text begins.
    pub shift: usize,
    /// For a case: the folder of its pack, if it lies in one.
    pub pack: Option<PathBuf>,
    /// For a case: holds its files.
    pub laid_out: Option<tempfile::TempDir>,
}

impl Subject {
    /// The span as a person sees it.
    pub fn seen(&self, span: Span) -> Span {
        Span::new(span.start + self.shift, span.end + self.shift)
    }

    /// Reads the file and finds the place.
    ///
    /// # Errors
    /// Where that is no place, or the file cannot be read.
    pub fn find(said: &str, here: &Path) -> Result<Self> {
        let (file, line, column) = parse(said)?;
        let full = here.join(file);
        let shown_text = std::fs::read_to_string(&full)
            .with_context(|| format!("cannot read {file}: check the path and its permissions"))?;
        let at = LineCol { line, column: column.unwrap_or(1) };
        let lines = LineIndex::new(&shown_text);
        let Some(offset) = lines.offset(at) else {
            let count = shown_text.lines().count();
            bail!("{file} has {count} lines, there is no line {line}");
        };
        let place = if column.is_some() {
            Span::at(offset)
        } else {
            let whole = lines.span(line - 1);
            Span::new(whole.start, whole.start + whole.of(&shown_text).trim_end().len())
        };
        if full.extension().is_some_and(|e| e == "txtar") {
            return Self::in_case(file, here, shown_text, place);
        }
        let root = find_root(&full)?.folder;
        let path = full.canonicalize()?;
        let path = path.strip_prefix(&root).unwrap_or(&path).to_path_buf();
        Ok(Self {
            root,
            path,
            text: shown_text.clone(),
            place,
            shown: file.to_owned(),
            shown_text,
            shift: 0,
            pack: None,
            laid_out: None,
        })
    }

    fn in_case(file: &str, here: &Path, shown_text: String, place: Span) -> Result<Self> {
        let full = here.join(file);
        let archive = Archive::parse(&shown_text);
        let Some((name, shift)) = file_at(&shown_text, place.start) else {
            bail!("that line of {file} is no line of a file in the case");
        };
        let text = archive.files.iter().find(|(known, _)| known == name);
        let text = text.map(|(_, text)| text.clone()).unwrap_or_default();
        let folder = tempfile::tempdir().context("cannot make a folder for the case")?;
        lay_out(&archive.files, folder.path())?;
        let cases = full.parent().filter(|f| f.file_name().is_some_and(|n| n == FOLDER));
        let pack = cases.and_then(Path::parent).filter(|pack| pack.join(MANIFEST).is_file());
        Ok(Self {
            root: folder.path().canonicalize()?,
            path: PathBuf::from(name),
            text,
            place: Span::new(place.start - shift, place.end - shift),
            shown: file.to_owned(),
            shift,
            pack: pack.map(|pack| Path::new(".").join(pack.strip_prefix(here).unwrap_or(pack))),
            shown_text,
            laid_out: Some(folder),
        })
    }
}

/// `FILE:LINE[:COL]`.
fn parse(said: &str) -> Result<(&str, usize, Option<usize>)> {
    let number = |text: &str| text.parse::<usize>().ok().filter(|&n| n > 0);
    if let Some((before, last)) = said.rsplit_once(':')
        && let Some(last) = number(last)
    {
        return Ok(match before.rsplit_once(':') {
            Some((file, line)) if number(line).is_some() => {
                (file, number(line).unwrap_or(1), Some(last))
            }
            _ => (before, last, None),
        });
    }
    bail!("{said} is no place: write FILE:LINE or FILE:LINE:COL, as in main.go:12")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_from_the_end() {
        assert_eq!(parse("a.go:3").expect("a place"), ("a.go", 3, None));
        assert_eq!(parse("a:b.go:3:7").expect("a place"), ("a:b.go", 3, Some(7)));
        assert!(parse("a.go").is_err() && parse("a.go:0").is_err() && parse("a.go:").is_err());
    }

    #[test]
    fn a_place_in_a_case_is_one_in_its_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let text = "About.\n-- go.mod --\nmodule m\n-- a/a.go --\npackage a\n\nvar x = 1\n";
        std::fs::write(folder.path().join("c.txtar"), text).expect("written");
        let subject = Subject::find("c.txtar:7:5", folder.path()).expect("a place");
        assert_eq!(subject.path, Path::new("a/a.go"));
        assert_eq!(subject.text, "package a\n\nvar x = 1\n");
        assert_eq!(&subject.text[subject.place.start..], "x = 1\n");
        assert_eq!(&text[subject.seen(subject.place).start..], "x = 1\n");
        assert!(Subject::find("c.txtar:1", folder.path()).is_err(), "the comment is no file");
        assert!(Subject::find("c.txtar:99", folder.path()).is_err());
    }
}
