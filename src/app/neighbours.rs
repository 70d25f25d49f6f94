//! Folders beside others. Comes in: the root of a repository. Goes out: whether a rule leaves out a
//! file because of a folder that stands beside another one (`unless-folder`): one above the file,
//! or below the folder that it lies in; or because of its own name and that of a file beside it.

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

/// The names in a folder, in order, without hidden ones.
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
            let known = last.filter(|(other, _)| Arc::ptr_eq(other, folder));
            let leaves_out =
                known.map_or_else(|| self.leave_out(path, folder).is_some(), |(_, known)| known);
            last = Some((folder, leaves_out));
            if force[index] != Force::Off && leaves_out {
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
            let contents = self.contents(folder.parent()?);
            let other = other(&contents.folders, name, unless)?;
            Some((folder.to_path_buf(), other.to_owned()))
        })
    }

    /// The file itself, where files are told apart by their names.
    fn beside(&self, path: &Path, unless: &UnlessFolder) -> Option<(PathBuf, String)> {
        let word = first_word(path.file_name()?.to_str()?);
        if !unless.files || !unless.named.is_match(word) {
            return None;
        }
        let contents = self.contents(path.parent()?);
        let mut others = contents.go_files.iter();
        let other = others.find(|name| {
            let other = first_word(name);
            other != word && unless.beside.is_match(other)
        })?;
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
        let mut named = contents.folders.iter().filter(|name| unless.named.is_match(name));
        let pair = named.find_map(|name| {
            let other = other(&contents.folders, name, unless)?;
            Some((folder.join(name), other.to_owned()))
        });
        let mut folders = contents.folders.iter();
        pair.or_else(|| folders.find_map(|name| self.below(&folder.join(name), unless, levels)))
    }

    fn contents(&self, folder: &Path) -> Arc<Contents> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(contents) = known.get(folder) {
            return contents.clone();
        }
        let mut contents = Contents::default();
        for entry in std::fs::read_dir(self.root.join(folder)).into_iter().flatten().flatten() {
            let (Ok(kind), Ok(name)) = (entry.file_type(), entry.file_name().into_string()) else {
                continue;
            };
            if kind.is_dir() && !name.starts_with('.') {
                contents.folders.push(name);
            } else if Path::new(&name).extension().is_some_and(|e| e == "go") {
                contents.go_files.push(name);
            }
        }
        contents.folders.sort();
        contents.go_files.sort();
        known.entry(folder.to_path_buf()).or_insert_with(|| Arc::new(contents)).clone()
    }
}

/// The folder that has to stand beside the one called `name`.
fn other<'n>(folders: &'n [String], name: &str, unless: &UnlessFolder) -> Option<&'n str> {
    let mut others = folders.iter().map(String::as_str);
    others.find(|other| *other != name && unless.beside.is_match(other))
}

/// `mysql` of `mysql_store_test.go`.
fn first_word(name: &str) -> &str {
    name.split(['_', '-', '.']).next().unwrap_or(name)
}
