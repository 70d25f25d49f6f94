//! The name in a package's clause, from the head of a single file: what most questions about
//! imports need, at a fraction of what loading the package costs.

use std::sync::Arc;

use super::constraint::Constraint;
use super::{PackageIndex, Resolution};
use crate::go::lex::{Lexer, TokenKind};

impl PackageIndex {
    /// The name in the clause of what the files of `from_folder` (relative to the root) import as
    /// `import_path`; none where no source tells.
    pub fn clause_name(&self, from_folder: &str, import_path: &str) -> Option<Arc<str>> {
        if matches!(import_path, "C" | "unsafe") {
            return Some(import_path.into());
        }
        let Resolution::Found { dir, .. } = self.resolve(from_folder, import_path) else {
            return self.package_name(from_folder, import_path);
        };
        let names = self.files.go_files(&dir);
        let mut sources = names.iter().filter(|name| !name.ends_with("_test.go"));
        sources.find_map(|name| {
            let text = self.files.read(&dir.join(name))?;
            let (clause, at) = clause(&text)?;
            let counts = !Constraint::of_file(name, &text[..at]).needs_ignore();
            counts.then(|| Arc::from(clause))
        })
    }
}

/// The name in the package clause, and where it stands.
fn clause(text: &str) -> Option<(&str, usize)> {
    let mut tokens = Lexer::all(text).filter(|t| t.kind != TokenKind::Comment);
    let keyword = tokens.next().filter(|t| t.span.of(text) == "package")?;
    let name = tokens.next().filter(|t| t.kind == TokenKind::Ident)?;
    Some((name.span.of(text), keyword.span.start))
}
