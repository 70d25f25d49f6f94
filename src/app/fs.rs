//! The disk, as the package index reads it.

use std::path::Path;

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
