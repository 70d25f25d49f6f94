//! Folders beside others. Comes in: the root of a repository. Goes out: whether a rule leaves out a
//! file because of a folder that stands beside another one (`unless-folder`): one above the file,
//! or below the folder that it lies in; or because of its own name and that of a Go file beside it.
//! A folder counts where Go would build what is in it: Go files lie in it, or right below.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::engine::rewrite::Force;
use crate::rule::compiled::{RuleSet, UnlessFolder};

/// What folders of a repository have in them, each read once.
pub struct Neighbours {
    root: PathBuf,
    known: Mutex<BTreeMap<PathBuf, Arc<Contents>>>,
}

/// The names in a folder that Go would look at, in order.
#[derive(Debug, Default)]
struct Contents {
    folders: Vec<String>,
    go_files: Vec<String>,
}

impl Neighbours {
    /// Of the repository at `root`.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_path_buf(), known: Mutex::default() }
    }

    /// What is in force for the file at `path`, a path from the root, without the rules that leave
    /// it out.
    pub fn force<'f>(
        &self,
        mut force: Cow<'f, [Force]>,
        path: &Path,
        rules: &RuleSet,
    ) -> Cow<'f, [Force]> {
        // Rules that say the same stand together, and share what they say.
        let mut last: Option<(&Arc<UnlessFolder>, bool)> = None;
        for (index, rule) in rules.rules.iter().enumerate() {
            let Some(folder) = &rule.places.unless_folder else { continue };
            if force[index] == Force::Off {
                continue;
            }
            let known = last.filter(|(other, _)| Arc::ptr_eq(other, folder));
            let leaves_out =
                known.map_or_else(|| self.leave_out(path, folder).is_some(), |(_, known)| known);
            last = Some((folder, leaves_out));
            if leaves_out {
                force.to_mut()[index] = Force::Off;
            }
        }
        force
    }

    /// The folder or file because of which the file at `path` is left out, and what stands beside
    /// it.
    pub fn leave_out(&self, path: &Path, unless: &UnlessFolder) -> Option<(PathBuf, String)> {
        self.around(path, unless)
            .or_else(|| self.beside(path, unless))
            .or_else(|| self.below(path.parent()?, unless, unless.above))
    }

    /// A folder around the file.
    fn around(&self, path: &Path, unless: &UnlessFolder) -> Option<(PathBuf, String)> {
        path.ancestors().skip(1).find_map(|folder| {
            let name = folder.file_name()?.to_str()?;
            if !unless.named.is_match(name) {
                return None;
            }
            let other = self.other(folder.parent()?, name, unless)?;
            Some((folder.to_path_buf(), other))
        })
    }

    /// The file itself, where files are told apart by their names: those that differ in the first
    /// word alone.
    fn beside(&self, path: &Path, unless: &UnlessFolder) -> Option<(PathBuf, String)> {
        let name = path.file_name()?.to_str()?;
        let (word, rest) = words(name)?;
        if !unless.file_names || !unless.named.is_match(word) {
            return None;
        }
        let contents = self.contents(path.parent()?);
        let is_other = |other: &&String| {
            !is_test(other)
                && words(other).is_some_and(|(first, other_rest)| {
                    first != word && other_rest == rest && unless.beside.is_match(first)
                })
        };
        let other = contents.go_files.iter().find(is_other)?;
        Some((path.to_path_buf(), other.clone()))
    }

    /// A folder in `folder`, or in one of that many less one levels of folders below it.
    fn below(
        &self,
        folder: &Path,
        unless: &UnlessFolder,
        levels: usize,
    ) -> Option<(PathBuf, String)> {
        let levels = levels.checked_sub(1)?;
        let contents = self.contents(folder);
        let mut folders = contents.folders.iter();
        let named = contents.folders.iter().filter(|name| unless.named.is_match(name));
        let mut pairs = named
            .filter(|name| self.has_code(&folder.join(name)))
            .filter_map(|name| Some((folder.join(name), self.other(folder, name, unless)?)));
        pairs
            .next()
            .or_else(|| folders.find_map(|name| self.below(&folder.join(name), unless, levels)))
    }

    /// The folder in `folder` that has to stand beside the one called `name`.
    fn other(&self, folder: &Path, name: &str, unless: &UnlessFolder) -> Option<String> {
        let contents = self.contents(folder);
        let is_other = |other: &&String| *other != name && unless.beside.is_match(other);
        let mut others = contents.folders.iter().filter(is_other);
        others.find(|other| self.has_code(&folder.join(other))).cloned()
    }

    /// Whether Go files lie in the folder, or right below it.
    fn has_code(&self, folder: &Path) -> bool {
        let contents = self.contents(folder);
        let mut folders = contents.folders.iter();
        !contents.go_files.is_empty()
            || folders.any(|name| !self.contents(&folder.join(name)).go_files.is_empty())
    }

    fn contents(&self, folder: &Path) -> Arc<Contents> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(contents) = known().get(folder) {
            return contents.clone();
        }
        let contents = Arc::new(Contents::read(&self.root.join(folder)));
        known().entry(folder.to_path_buf()).or_insert(contents).clone()
    }
}

impl Contents {
    /// Nothing where the folder cannot be read.
    fn read(folder: &Path) -> Self {
        let mut contents = Self::default();
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let (Ok(kind), Ok(name)) = (entry.file_type(), entry.file_name().into_string()) else {
                continue;
            };
            if name.starts_with(['.', '_']) {
                continue;
            }
            if kind.is_dir() {
                if !matches!(&*name, "vendor" | "testdata" | "node_modules") {
                    contents.folders.push(name);
                }
            } else if kind.is_file() && Path::new(&name).extension().is_some_and(|e| e == "go") {
                contents.go_files.push(name);
            }
        }
        contents.folders.sort();
        contents.go_files.sort();
        contents
    }
}

/// The first word of a Go file's name, and what comes behind it, without the ending of tests:
/// `mysql` and `_store` of `mysql_store_test.go`.
fn words(name: &str) -> Option<(&str, &str)> {
    let stem = name.strip_suffix(".go")?;
    let stem = stem.strip_suffix("_test").unwrap_or(stem);
    Some(stem.split_at(stem.find(['_', '-', '.']).unwrap_or(stem.len())))
}

fn is_test(name: &str) -> bool {
    name.ends_with("_test.go")
}
