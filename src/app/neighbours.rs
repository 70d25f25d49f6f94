//! Folders beside others. Comes in: the root of a repository. Goes out: whether a rule leaves out a
//! file because a folder above it, or one that its own folder is the parent of, stands beside another one
//! (`unless-folder`).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::engine::rewrite::Force;
use crate::rule::compiled::{RuleSet, UnlessFolder};

/// What folders of a repository have in them, each read once.
pub struct Neighbours {
    root: PathBuf,
    known: Mutex<BTreeMap<PathBuf, Arc<[String]>>>,
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

    /// The folder because of which the file at `path` is left out, and the one beside it.
    pub fn leave_out(&self, path: &Path, unless: &UnlessFolder) -> Option<(PathBuf, String)> {
        let own = path.ancestors().skip(1).find_map(|folder| {
            let name = folder.file_name()?.to_str()?;
            if !unless.named.is_match(name) {
                return None;
            }
            let beside = self.folders(folder.parent()?);
            let other = beside.iter().find(|n| *n != name && unless.beside.is_match(n))?;
            Some((folder.to_path_buf(), other.clone()))
        });
        own.or_else(|| self.below(path.parent()?, unless, unless.above))
    }

    /// Such a folder and the one beside it, in `folder` or that many less one folders below it.
    fn below(
        &self,
        folder: &Path,
        unless: &UnlessFolder,
        levels: usize,
    ) -> Option<(PathBuf, String)> {
        let levels = levels.checked_sub(1)?;
        let folders = self.folders(folder);
        let pair = folders.iter().filter(|name| unless.named.is_match(name)).find_map(|name| {
            let other = folders.iter().find(|n| *n != name && unless.beside.is_match(n))?;
            Some((folder.join(name), other.clone()))
        });
        pair.or_else(|| {
            folders.iter().find_map(|name| self.below(&folder.join(name), unless, levels))
        })
    }

    /// The names of the folders in a folder, in order; hidden ones do not count.
    fn folders(&self, folder: &Path) -> Arc<[String]> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(names) = known.get(folder) {
            return names.clone();
        }
        let entries = std::fs::read_dir(self.root.join(folder)).into_iter().flatten().flatten();
        let folders = entries.filter(|e| e.file_type().is_ok_and(|kind| kind.is_dir()));
        let mut names: Vec<String> = folders
            .filter_map(|e| e.file_name().into_string().ok())
            .filter(|name| !name.starts_with('.'))
            .collect();
        names.sort();
        known.entry(folder.to_path_buf()).or_insert_with(|| names.into()).clone()
    }
}
