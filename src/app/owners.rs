//! Who owns which file. Comes in: the text of a CODEOWNERS file, as GitHub and GitLab read it. Goes
//! out: the owners of a path.
//!
//! A line is a pattern as in .gitignore, and owners; the last line that fits decides. GitLab's
//! sections decide each for themselves, and all of them count.

use std::path::Path;

use anyhow::{Result, bail};
use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Where the file may stand, the first one counts (GitHub's order, then GitLab's own place).
const PLACES: [&str; 4] =
    [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

/// The owners of a repository's files.
#[derive(Debug, Default)]
pub struct Owners {
    sections: Vec<Vec<Line>>,
}

#[derive(Debug)]
struct Line {
    pattern: Gitignore,
    /// Whether it ends in `/*`, which means files of the folder and not of those below.
    flat: bool,
    owners: Vec<String>,
}

impl Owners {
    /// Reads the file of the repository at `root`.
    ///
    /// # Errors
    /// There is none.
    pub fn read(root: &Path) -> Result<Self> {
        for place in PLACES {
            if let Ok(text) = std::fs::read(root.join(place)) {
                return Ok(Self::parse(&String::from_utf8_lossy(&text)));
            }
        }
        bail!("there is no CODEOWNERS file ({})", PLACES.join(", "))
    }

    /// Reads a text; a line that is no rule is passed over, as the forges do.
    pub fn parse(text: &str) -> Self {
        let mut sections = vec![Vec::new()];
        let mut default: Vec<String> = Vec::new();
        for line in text.lines() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(owners) = section(line) {
                default = owners;
                sections.push(Vec::new());
                continue;
            }
            let (pattern, rest) = pattern(line);
            let words = rest.split_whitespace().take_while(|w| !w.starts_with('#'));
            let mut owners: Vec<String> = words.map(str::to_owned).collect();
            if owners.is_empty() {
                owners.clone_from(&default);
            }
            let flat = pattern.ends_with("/*");
            let mut builder = GitignoreBuilder::new("");
            let added = builder.add_line(None, &pattern).is_ok();
            if let (true, Ok(pattern), Some(section)) =
                (added, builder.build(), sections.last_mut())
            {
                section.push(Line { pattern, flat, owners });
            }
        }
        Self { sections }
    }

    /// The owners of the file at `path`, from the root, as they are written.
    pub fn of(&self, path: &Path) -> Vec<&str> {
        let fits = |line: &&Line| {
            let found = if line.flat {
                line.pattern.matched(path, false)
            } else {
                line.pattern.matched_path_or_any_parents(path, false)
            };
            found.is_ignore()
        };
        let last = self.sections.iter().filter_map(|section| section.iter().rfind(fits));
        last.flat_map(|line| line.owners.iter().map(String::as_str)).collect()
    }
}

/// `[Name]`, `^[Name][2] @owner`: the default owners of a section.
fn section(line: &str) -> Option<Vec<String>> {
    let rest = line.strip_prefix('^').unwrap_or(line).strip_prefix('[')?;
    let (_, rest) = rest.split_once(']')?;
    let rest = match rest.strip_prefix('[') {
        Some(count) => count.split_once(']')?.1,
        None => rest,
    };
    Some(rest.split_whitespace().map(str::to_owned).collect())
}

/// The pattern, in which a space may be escaped, and the rest of the line.
fn pattern(line: &str) -> (String, &str) {
    let mut escaped = false;
    let end = line.find(|c: char| {
        let ends = c.is_whitespace() && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    let (pattern, rest) = line.split_at(end.unwrap_or(line.len()));
    // `!` is no negation here.
    let pattern = pattern.replace("\\ ", " ");
    let pattern = if pattern.starts_with('!') { format!("\\{pattern}") } else { pattern };
    (pattern, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, path: &str) -> Vec<String> {
        Owners::parse(text).of(Path::new(path)).into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn the_last_line_that_fits_decides() {
        let text = "# who\n* @all\n*.go @go dev@example.com # why\n/api/ @api\napi/open\\ x/\n/docs/* @docs\n";
        assert_eq!(of(text, "a/x.txt"), ["@all"]);
        assert_eq!(of(text, "a/x.go"), ["@go", "dev@example.com"]);
        assert_eq!(of(text, "api/deep/x.go"), ["@api"]);
        assert_eq!(of(text, "api/open x/y.go"), [""; 0], "a line without owners takes them away");
        assert_eq!(of(text, "docs/a.md"), ["@docs"]);
        assert_eq!(of(text, "docs/deep/a.md"), ["@all"], "a star stays in its folder");
    }

    #[test]
    fn sections_decide_each_for_themselves() {
        let text = "* @all\n[Go][2] @go\n*.go\n/x/ @x\n^[Docs]\n*.md @docs\n";
        assert_eq!(of(text, "a.go"), ["@all", "@go"]);
        assert_eq!(of(text, "x/a.go"), ["@all", "@x"]);
        assert_eq!(of(text, "x/a.md"), ["@all", "@x", "@docs"]);
    }
}
