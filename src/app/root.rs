//! The root: the folder that a run is about, and outside of which nothing is ever written.
//!
//! Comes in: a path from the command line. Goes out: the folder, and why it is the root. Only the
//! file system is asked; no program is started.

use anyhow::{Context as _, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// Why a folder is the root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RootKind {
    /// It is the top level of a git work tree.
    Git,
    /// It holds the nearest go.work.
    Workspace,
    /// It holds the nearest go.mod.
    Module,
    /// None of these is above the path; it is the path itself, or the folder of a file.
    Folder,
}

/// The folder that a run is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// Absolute, without symbolic links.
    pub folder: PathBuf,
    /// Why it is the root.
    pub kind: RootKind,
}

/// Finds the root for `path`, a file or a folder: the git top level, else the folder of the nearest
/// go.work above it, else that of the nearest go.mod.
///
/// # Errors
/// The path does not exist or cannot be read.
pub fn find_root(path: &Path) -> Result<Root> {
    let path = path.canonicalize().with_context(|| {
        format!("cannot open {}: check the path and its permissions", path.display())
    })?;
    let start = if path.is_dir() { path.as_path() } else { path.parent().unwrap_or(&path) };
    let is_root = |folder: &Path, kind| match kind {
        RootKind::Git => is_git_top(folder),
        RootKind::Workspace => folder.join("go.work").is_file(),
        RootKind::Module => folder.join("go.mod").is_file(),
        RootKind::Folder => true,
    };
    let nearest = |kind| start.ancestors().find(|folder| is_root(folder, kind));
    let kinds = [RootKind::Git, RootKind::Workspace, RootKind::Module];
    let found = kinds.into_iter().find_map(|kind| Some((kind, nearest(kind)?)));
    let (kind, folder) = found.unwrap_or((RootKind::Folder, start));
    Ok(Root { folder: folder.to_owned(), kind })
}

/// Whether `folder` is the top of a git work tree: it has a `.git` folder that is a repository, or
/// a `.git` file that names one, as linked work trees and submodules have.
pub(super) fn is_git_top(folder: &Path) -> bool {
    let git = folder.join(".git");
    git.join("HEAD").symlink_metadata().is_ok()
        || (git.is_file() && fs::read(&git).is_ok_and(|text| text.starts_with(b"gitdir:")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with the given files, each empty unless text follows its name after `=`.
    fn tree(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("temporary folder");
        for file in files {
            let (name, text) = file.split_once('=').unwrap_or((file, ""));
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("inside")).expect("create");
            fs::write(path, text).expect("write");
        }
        folder
    }

    fn root_of(folder: &tempfile::TempDir, path: &str) -> (RootKind, PathBuf) {
        let root = find_root(&folder.path().join(path)).expect("exists");
        let top = folder.path().canonicalize().expect("exists");
        (root.kind, root.folder.strip_prefix(top).expect("inside").to_owned())
    }

    #[test]
    fn git_comes_before_go_work_before_go_mod() {
        let files = ["w/m/go.mod", "w/m/p/a.go", "w/go.work", "go.mod"];
        let without_git = tree(&files);
        assert_eq!(root_of(&without_git, "w/m/p/a.go"), (RootKind::Workspace, "w".into()));
        assert_eq!(root_of(&without_git, "."), (RootKind::Module, "".into()));
        let with_git = tree(&[&files[..], &[".git/HEAD"]].concat());
        assert_eq!(root_of(&with_git, "w/m/p"), (RootKind::Git, "".into()));
    }

    #[test]
    fn a_linked_work_tree_is_a_root_and_an_empty_git_folder_is_not() {
        let folder =
            tree(&["a/.git=gitdir: /elsewhere", "a/b/x.go", "go.mod", "c/.git/x", "c/x.go"]);
        assert_eq!(root_of(&folder, "a/b"), (RootKind::Git, "a".into()));
        assert_eq!(root_of(&folder, "c"), (RootKind::Module, "".into()));
    }

    #[test]
    fn a_path_that_is_not_there_is_named() {
        let error = find_root(Path::new("no/such/folder")).expect_err("does not exist");
        assert!(error.to_string().contains("no/such/folder"), "{error}");
    }
}
