//! Who owns a file. Comes in: the CODEOWNERS file of a repository, in the form that GitHub, GitLab
//! and Gitea share. Goes out: the owners of a path: the last line that fits decides.

use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Where CODEOWNERS may lie, in the order in which they are looked for.
const PLACES: [&str; 4] =
    [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

/// The lines of a CODEOWNERS file.
#[derive(Debug, Default)]
pub struct Owners {
    lines: Vec<(Gitignore, Vec<String>)>,
}

impl Owners {
    /// Reads the file of the repository at `root`; without one nobody owns anything.
    pub fn read(root: &Path) -> Self {
        let mut texts =
            PLACES.iter().filter_map(|place| std::fs::read_to_string(root.join(place)).ok());
        texts.next().map(|text| Self::parse(&text)).unwrap_or_default()
    }

    /// Reads the lines of a file. Those that name no pattern are passed over, as the hosts do.
    pub fn parse(text: &str) -> Self {
        let line = |line: &str| {
            let line = line.split(" #").next().unwrap_or("").trim();
            if line.is_empty() || line.starts_with(['#', '[', '^', '!']) {
                return None;
            }
            let mut words = line.split_whitespace();
            let mut builder = GitignoreBuilder::new("");
            builder.add_line(None, words.next()?).ok()?;
            Some((builder.build().ok()?, words.map(str::to_owned).collect()))
        };
        Self { lines: text.lines().filter_map(line).collect() }
    }

    /// The owners of the file at `path`, from the root.
    pub fn of(&self, path: &Path) -> &[String] {
        let fits = |line: &&(Gitignore, Vec<String>)| {
            line.0.matched_path_or_any_parents(path, false).is_ignore()
        };
        self.lines.iter().rev().find(fits).map_or(&[], |(_, owners)| owners)
    }

    /// Whether nobody owns anything.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_that_fits_decides() {
        let owners = Owners::parse(
            "# all\n* @all\n/docs/ @docs @all # why\n*.go @go\n/docs/free\n[Section]\npkg/db @db\n",
        );
        let of = |path: &str| owners.of(Path::new(path)).join(" ");
        assert_eq!(of("README.md"), "@all");
        assert_eq!(of("docs/a/b.md"), "@docs @all");
        assert_eq!(of("x/docs/b.md"), "@all");
        assert_eq!(of("docs/a.go"), "@go");
        assert_eq!(of("docs/free"), "");
        assert_eq!(of("pkg/db/x.sql"), "@db");
        assert!(Owners::parse("").of(Path::new("a")).is_empty());
    }
}
