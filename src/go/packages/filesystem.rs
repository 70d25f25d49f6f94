//! Where source files are read from. Comes in: paths. Goes out: texts and listings; what is not
//! there, or is no text, is `None`. The real one lives in the application.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One name in a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The name, without folders.
    pub name: String,
    /// Whether it is a folder; symbolic links count as what they point at.
    pub is_dir: bool,
}

/// Reads files and folders. Nothing is ever written.
pub trait FileSystem: Send + Sync {
    /// The text of a file; none if there is no such file or it is not UTF-8.
    fn read(&self, path: &Path) -> Option<String>;

    /// The names in a folder in byte order; none if there is no such folder.
    fn list(&self, folder: &Path) -> Option<Vec<Entry>>;
}

/// Files that exist in memory only, for tests.
#[derive(Clone, Debug, Default)]
pub struct MemoryFileSystem {
    files: BTreeMap<PathBuf, String>,
}

impl MemoryFileSystem {
    /// The files with these paths and texts.
    pub fn new<P: Into<PathBuf>, T: Into<String>>(files: impl IntoIterator<Item = (P, T)>) -> Self {
        Self { files: files.into_iter().map(|(path, text)| (path.into(), text.into())).collect() }
    }
}

impl FileSystem for MemoryFileSystem {
    fn read(&self, path: &Path) -> Option<String> {
        self.files.get(path).cloned()
    }

    fn list(&self, folder: &Path) -> Option<Vec<Entry>> {
        let mut entries: Vec<Entry> = self
            .files
            .keys()
            .filter_map(|path| {
                let mut rest = path.strip_prefix(folder).ok()?.components();
                let name = rest.next()?.as_os_str().to_str()?.to_string();
                Some(Entry { name, is_dir: rest.next().is_some() })
            })
            .collect();
        entries.sort();
        entries.dedup();
        (!entries.is_empty()).then_some(entries)
    }
}
