//! Which packages a package can reach through imports. Comes in: a package and an import path.
//! Goes out: whether some chain of imports leads there; unknown where a package on the way cannot
//! be read, unless go.mod says that none can lead there. Only the imports of files are kept of what
//! is read for it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::context::{ContextKind, SharedContext};
use super::missing::Missing;
use super::{Package, PackageIndex, Resolution, standard};
use crate::go::source::import_paths;

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
            let context = self.context_for(&context, &dir);
            let imports = self.imports_of(&dir);
            todo.extend(imports.iter().map(|i| (context.clone(), dir.clone(), i.clone())));
        }
        let is_absent = || match &package.context().kind {
            ContextKind::Modules(modules) => !modules.may_provide(path),
            ContextKind::Standard | ContextKind::Loose(_) => false,
        };
        if complete || is_absent() { Reach::No } else { Reach::Unknown }
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

    /// Whether a folder is one of the standard library itself. A package without a dot in its path
    /// may have been put there by hand.
    pub(super) fn is_of_standard_library(&self, dir: &Path, import_path: &str) -> bool {
        self.in_goroot(dir) && standard::standard_api(import_path).is_some()
    }

    /// From where the imports of a folder are resolved that files of `context` have led to.
    pub(super) fn context_for(&self, context: &SharedContext, dir: &Path) -> SharedContext {
        if self.in_goroot(dir) { self.context(dir) } else { context.clone() }
    }

    /// What the files of a folder import, but its tests.
    pub(super) fn imports_of(&self, dir: &Path) -> Imports {
        self.imports.get(dir, || self.read_imports(dir))
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
