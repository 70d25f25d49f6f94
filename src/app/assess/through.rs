//! Through which modules an indirect requirement comes. Comes in: a go.mod, and the go.mod files of
//! what it requires, as far as they are on this machine. Goes out: the direct requirements from which
//! a chain leads to the library. Nothing is fetched; what cannot be read leads nowhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::go::module::{ModFile, ReplaceTarget, Require};
use crate::go::packages::escape;

/// A module of the repository, and where Go keeps the others.
#[derive(Clone, Copy, Debug)]
pub struct Carriers<'a> {
    /// Its go.mod.
    pub file: &'a ModFile,
    /// The folder of that.
    pub folder: &'a Path,
    /// The module cache.
    pub cache: Option<&'a Path>,
}

impl Carriers<'_> {
    /// The paths of the direct requirements through which `library` is required, sorted.
    pub fn of(&self, library: &str) -> Vec<String> {
        let requires = self.file.requires();
        let mut required_by: BTreeMap<String, Vec<&Require>> = BTreeMap::new();
        for require in requires.iter().filter(|require| require.path != library) {
            for path in self.requirements_of(require) {
                required_by.entry(path).or_default().push(require);
            }
        }
        let mut found = BTreeSet::new();
        let mut seen: BTreeSet<&str> = BTreeSet::from([library]);
        let mut todo = vec![library];
        while let Some(path) = todo.pop() {
            for require in required_by.get(path).into_iter().flatten() {
                if !require.indirect {
                    found.insert(require.path.clone());
                } else if seen.insert(&require.path) {
                    todo.push(&require.path);
                }
            }
        }
        found.into_iter().collect()
    }

    /// The paths of the modules that a required module requires itself.
    fn requirements_of(&self, require: &Require) -> Vec<String> {
        let Some(path) = self.go_mod_of(require) else { return Vec::new() };
        let Ok(text) = std::fs::read_to_string(path) else { return Vec::new() };
        ModFile::parse(&text).requires().iter().map(|require| require.path.clone()).collect()
    }

    /// Where the go.mod of a required module stands.
    fn go_mod_of(&self, require: &Require) -> Option<PathBuf> {
        let replacement = self.file.replacement(&require.path, &require.version, None);
        let (path, version) = match replacement.map(|replace| &replace.target) {
            Some(ReplaceTarget::Directory(folder)) => {
                return Some(self.folder.join(folder).join("go.mod"));
            }
            Some(ReplaceTarget::Module { path, version }) => (path, version),
            None => (&require.path, &require.version),
        };
        let name = format!("{}.mod", escape(&version.to_string()));
        Some(self.cache?.join("cache/download").join(escape(path)).join("@v").join(name))
    }
}
