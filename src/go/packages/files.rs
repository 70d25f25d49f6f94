//! The file system as packages ask it: what Go files a folder has. Listings are kept.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::filesystem::{Entry, FileSystem};
use super::memo::Memo;

/// The file system, with listings kept.
pub(in crate::go) struct Files {
    pub(super) fs: Arc<dyn FileSystem>,
    pub(super) listings: Memo<PathBuf, Option<Arc<Vec<Entry>>>>,
}

impl Files {
    pub(super) fn list(&self, dir: &Path) -> Option<Arc<Vec<Entry>>> {
        self.listings.get(dir, || self.fs.list(dir).map(Arc::new))
    }

    pub(super) fn read(&self, path: &Path) -> Option<String> {
        self.fs.read(path)
    }

    pub(super) fn exists(&self, dir: &Path) -> bool {
        self.list(dir).is_some()
    }

    pub(super) fn has(&self, dir: &Path, file: &str) -> bool {
        self.list(dir).is_some_and(|l| l.iter().any(|e| !e.is_dir && e.name == file))
    }

    /// The names of the Go files that a build looks at.
    pub(super) fn go_files(&self, dir: &Path) -> Vec<String> {
        let entries = self.list(dir).unwrap_or_default();
        entries.iter().filter(|e| is_go(e)).map(|e| e.name.clone()).collect()
    }

    pub(super) fn has_go(&self, dir: &Path) -> bool {
        self.list(dir).is_some_and(|entries| entries.iter().any(is_go))
    }
}

/// Whether a build looks at the file.
fn is_go(entry: &Entry) -> bool {
    let go = Path::new(&entry.name).extension().is_some_and(|x| x == "go");
    !entry.is_dir && go && !entry.name.starts_with(['_', '.'])
}
