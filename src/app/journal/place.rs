//! Where the program keeps its own files. Comes in: the root. Goes out: a folder under the git
//! directory, so that no work tree sees it; `.dmmigrate/` at the root where there is no git.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::app::disk::{Attributes, Disk};

/// The folder for the repository at `root`; it need not be there yet.
pub(super) fn folder(disk: &dyn Disk, root: &Path) -> PathBuf {
    match git_directory(disk, root) {
        Some(git) => git.join("dmmigrate"),
        None => root.join(".dmmigrate"),
    }
}

/// The git directory of the work tree: `.git`, or where a file of that name says ("git help
/// gitrepository-layout"). Linked work trees have one each.
fn git_directory(disk: &dyn Disk, root: &Path) -> Option<PathBuf> {
    let dot_git = root.join(".git");
    let git = match disk.read(&dot_git) {
        Ok(text) => {
            let text = String::from_utf8(text).ok()?;
            root.join(text.strip_prefix("gitdir:")?.trim())
        }
        Err(_) => dot_git,
    };
    disk.stat(&git.join("HEAD")).is_ok().then_some(git)
}

/// Makes the folder and the one above it. Neither may be a link: what a repository brings along must
/// not lead the journal elsewhere.
pub(super) fn make(disk: &dyn Disk, folder: &Path) -> Result<()> {
    let context = || {
        let shown = folder.display();
        format!("nothing was written: {shown} cannot be made: check the permissions above it")
    };
    match disk.stat(folder) {
        Ok(stat) if stat.is_folder => return Ok(()),
        Ok(_) => bail!("nothing was written: {} is not a folder", folder.display()),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(context),
    }
    disk.create_folder(folder).with_context(context)?;
    if folder.ends_with(".dmmigrate") {
        // Should the folder ever become a git work tree, the journal is none of its business.
        let ignore = folder.join(".gitignore");
        disk.create(&ignore, b"*\n", Attributes::default()).with_context(context)?;
    }
    Ok(())
}
