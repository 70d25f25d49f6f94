//! The disk, as the package index reads it: as it is, or as it was before a run.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::part::Earlier;

use crate::go::packages::{Entry, FileSystem};

/// The files of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsFileSystem;

impl FileSystem for OsFileSystem {
    fn read(&self, path: &Path) -> Option<String> {
        String::from_utf8(std::fs::read(path).ok()?).ok()
    }

    fn list(&self, folder: &Path) -> Option<Vec<Entry>> {
        let mut entries: Vec<Entry> = std::fs::read_dir(folder)
            .ok()?
            .filter_map(|entry| {
                let entry = entry.ok()?;
                let name = entry.file_name().into_string().ok()?;
                let kind = entry.file_type().ok()?;
                let is_dir = kind.is_dir() || kind.is_symlink() && entry.path().is_dir();
                Some(Entry { name, is_dir })
            })
            .collect();
        entries.sort();
        Some(entries)
    }
}

/// The files of this machine, some of them as they were at an earlier time.
#[derive(Clone, Debug)]
pub struct EarlierFileSystem {
    /// By absolute path; what was no text is none.
    earlier: HashMap<PathBuf, Option<String>>,
    /// Files that were not there.
    absent: HashSet<PathBuf>,
}

impl EarlierFileSystem {
    /// Files below `root` that held something else.
    pub fn new(root: &Path, earlier: &Earlier) -> Self {
        let text = |bytes: &Option<Vec<u8>>| String::from_utf8(bytes.clone()?).ok();
        let texts = earlier.iter().map(|(path, bytes)| (root.join(path), text(bytes)));
        let absent = earlier.iter().filter(|(_, bytes)| bytes.is_none());
        Self { earlier: texts.collect(), absent: absent.map(|(p, _)| root.join(p)).collect() }
    }
}

impl FileSystem for EarlierFileSystem {
    fn read(&self, path: &Path) -> Option<String> {
        self.earlier.get(path).cloned().unwrap_or_else(|| OsFileSystem.read(path))
    }

    fn list(&self, folder: &Path) -> Option<Vec<Entry>> {
        let mut entries = OsFileSystem.list(folder)?;
        if !self.absent.is_empty() {
            entries.retain(|entry| !self.absent.contains(&folder.join(&entry.name)));
        }
        Some(entries)
    }
}
