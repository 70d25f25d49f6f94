//! Which packages a package can reach through imports. Comes in: a package and an import path.
//! Goes out: whether some chain of imports leads there; unknown where a package on the way cannot
//! be read. Only the imports of files are kept of what is read for it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::context::{Missing, SharedContext};
use super::{Package, PackageIndex, Resolution};
use crate::go::lex::{Lexer, TokenKind};

/// Whether a package reaches another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It imports it, itself or through others.
    Yes,
    /// It does not: all that it reaches is known.
    No,
    /// Something that it reaches cannot be read.
    Unknown,
}

/// What the files of a folder import, each path once.
pub(super) type Imports = Arc<[Arc<str>]>;

impl PackageIndex {
    /// Whether `package` can reach the package at `path`. Test files of its own count, those of
    /// other packages do not.
    pub fn reach(&self, package: &Package, path: &str) -> Reach {
        if &**package.import_path() == path {
            return Reach::Yes;
        }
        let tests = package.files().iter().any(|f| f.source.is_test());
        let key = (package.dir().clone(), tests, Box::from(path));
        self.reached.get(&key, || self.walk(package, path))
    }

    fn walk(&self, package: &Package, path: &str) -> Reach {
        let standard = self.is_standard(package.context(), package.dir(), path);
        let mut todo: Vec<(SharedContext, PathBuf, Arc<str>)> = Vec::new();
        let mut seen: HashSet<PathBuf> = HashSet::new();
        let mut complete = true;
        for import in package.files().iter().flat_map(|f| f.source.imports()) {
            todo.push((package.context().clone(), package.dir().clone(), import.path.clone()));
        }
        while let Some((context, from, import)) = todo.pop() {
            if &*import == path {
                return Reach::Yes;
            }
            let (dir, import_path) = match self.resolver().resolve(&context, &from, &import) {
                Resolution::Found { dir, import_path } => (dir, import_path),
                Resolution::Missing(Missing::Cgo | Missing::Unsafe) => continue,
                // The standard library reaches nothing but itself.
                Resolution::Missing(Missing::NoStandardLibrary) if !standard => continue,
                Resolution::Missing(_) => {
                    complete = false;
                    continue;
                }
            };
            if import_path == path {
                return Reach::Yes;
            }
            let of_standard = self.in_goroot(&dir);
            if (of_standard && !standard) || !seen.insert(dir.clone()) {
                continue;
            }
            let context = if of_standard { self.context(&dir) } else { context };
            let imports = self.imports.get(&dir, || self.read_imports(&dir));
            todo.extend(imports.iter().map(|i| (context.clone(), dir.clone(), i.clone())));
        }
        if complete { Reach::No } else { Reach::Unknown }
    }

    fn in_goroot(&self, dir: &Path) -> bool {
        self.env.goroot.as_ref().is_some_and(|goroot| dir.starts_with(goroot.join("src")))
    }

    fn is_standard(&self, context: &SharedContext, from: &Path, path: &str) -> bool {
        match self.resolver().resolve(context, from, path) {
            Resolution::Found { dir, .. } => self.in_goroot(&dir),
            Resolution::Missing(why) => why == Missing::NoStandardLibrary,
        }
    }

    fn read_imports(&self, dir: &Path) -> Imports {
        let names = self.files.go_files(dir);
        let texts = names.iter().filter(|n| !n.ends_with("_test.go"));
        let texts = texts.filter_map(|name| self.files.read(&dir.join(name)));
        let mut paths: Vec<Arc<str>> = texts.flat_map(|text| import_paths(&text)).collect();
        paths.sort_unstable();
        paths.dedup();
        paths.into()
    }
}

/// The import paths of a file; nothing behind its imports is looked at.
fn import_paths(text: &str) -> Vec<Arc<str>> {
    let mut paths = Vec::new();
    let (mut in_import, mut grouped) = (false, false);
    for token in Lexer::all(text) {
        match (token.kind, token.span.of(text)) {
            (TokenKind::Keyword, "package") => {}
            (TokenKind::Keyword, "import") => in_import = true,
            (TokenKind::Keyword, _) => break,
            (TokenKind::Operator, "(") => grouped = true,
            (TokenKind::Operator, ")") => (in_import, grouped) = (false, false),
            (TokenKind::Semicolon, _) if !grouped => in_import = false,
            (TokenKind::String, quoted) if in_import => {
                paths.push(quoted[1..quoted.len() - 1].into());
            }
            _ => {}
        }
    }
    paths
}
