//! A scratch work tree. Comes in: a git repository. Goes out: a copy of it as it is now, work that
//! is not committed included, in a temporary folder. It is gone with the value, and what a killed
//! run has left behind goes when the next one is made. The user's files are not touched; hooks are
//! not run.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::app::root::is_git_top;

/// What the names of the folders begin with; behind it stand the process, a dash, and what makes
/// the name unique.
const PREFIX: &str = "dmmigrate-verify-";

/// A work tree of the repository beside the user's.
#[derive(Debug)]
pub struct Scratch {
    repository: PathBuf,
    folder: PathBuf,
    /// The commit with everything as the user has it.
    base: String,
}

impl Scratch {
    /// Makes one.
    ///
    /// # Errors
    /// The root is no git repository with a commit, or git cannot copy it.
    pub fn new(root: &Path) -> Result<Self> {
        if !is_git_top(root) {
            bail!(
                "verify needs a git repository, and {} is none: `git init` and a first commit \
                 make one",
                root.display()
            );
        }
        git(root, &["rev-parse", "--verify", "HEAD"])
            .context("verify needs a first commit: git add and git commit make one")?;
        remove_left_overs(root);
        // Changes of tracked files, as a commit of its own that nothing names; nothing without any.
        let stash = git(root, &["stash", "create"])?;
        let from = if stash.trim().is_empty() { "HEAD" } else { stash.trim() };
        // Without the dash a digit of the unique part would be read as one of the process.
        let name = format!("{PREFIX}{}-", std::process::id());
        let holder = tempfile::Builder::new().prefix(&name).tempdir()?;
        let folder = holder.keep().canonicalize()?;
        let path = folder.to_string_lossy().into_owned();
        let mut scratch = Self { repository: root.to_path_buf(), folder, base: String::new() };
        git(root, &["worktree", "add", "--quiet", "--detach", "--force", &path, from])
            .context("git cannot make a scratch work tree")?;
        scratch.copy_untracked()?;
        scratch.base = scratch.keep()?;
        Ok(scratch)
    }

    /// Its folder, which stands for the repository's root.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Everything as the user has it.
    ///
    /// # Errors
    /// Git cannot do it.
    pub fn reset(&self) -> Result<()> {
        git(&self.folder, &["reset", "--quiet", "--hard", &self.base])?;
        git(&self.folder, &["clean", "-qffdx"]).map(drop)
    }

    /// Writes a file.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, path: &Path, text: &str) -> Result<()> {
        let file = self.folder.join(path);
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))
    }

    /// Files that git does not keep, but for those that it ignores.
    fn copy_untracked(&self) -> Result<()> {
        let list = ["ls-files", "-z", "--others", "--exclude-standard"];
        for name in git(&self.repository, &list)?.split('\0').filter(|name| !name.is_empty()) {
            let (from, to) = (self.repository.join(name), self.folder.join(name));
            if from.is_file() {
                if let Some(folder) = to.parent() {
                    std::fs::create_dir_all(folder)?;
                }
                std::fs::copy(&from, &to)
                    .with_context(|| format!("cannot copy {}", from.display()))?;
            }
        }
        Ok(())
    }

    /// A commit of what stands there, which nothing names.
    fn keep(&self) -> Result<String> {
        let who = ["-c", "user.name=dmmigrate", "-c", "user.email=dmmigrate@localhost"];
        let commit = ["commit", "--quiet", "--allow-empty", "--no-verify", "--no-gpg-sign"];
        git(&self.folder, &["add", "--all"])?;
        git(&self.folder, &[&who[..], &commit[..], &["-m", "verify"]].concat())?;
        Ok(git(&self.folder, &["rev-parse", "HEAD"])?.trim().to_string())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        remove(&self.repository, &self.folder);
    }
}

fn remove(repository: &Path, folder: &Path) {
    let path = folder.to_string_lossy().into_owned();
    // Files without write permission, as the module cache has them, are no reason to leave it.
    let _ = git(repository, &["worktree", "remove", "--force", "--force", &path]);
    let _ = std::fs::remove_dir_all(folder);
    let _ = git(repository, &["worktree", "prune"]);
}

/// Removes the work trees of runs that are no more.
fn remove_left_overs(repository: &Path) {
    let Ok(list) = git(repository, &["worktree", "list", "--porcelain"]) else { return };
    let temporary = std::env::temp_dir();
    let temporary = temporary.canonicalize().unwrap_or(temporary);
    for path in list.lines().filter_map(|line| line.strip_prefix("worktree ")) {
        let folder = Path::new(path);
        let name = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let Some(process) = process_of(&name) else { continue };
        if folder.starts_with(&temporary) && !is_alive(process) {
            remove(repository, folder);
        }
    }
}

/// The process that has made the folder of this name; none if it is none of ours.
fn process_of(name: &str) -> Option<&str> {
    let (process, _) = name.strip_prefix(PREFIX)?.split_once('-')?;
    process.bytes().all(|b| b.is_ascii_digit()).then_some(process)
}

fn is_alive(process: &str) -> bool {
    if cfg!(target_os = "linux") {
        return Path::new("/proc").join(process).exists();
    }
    let asked = Command::new("kill").args(["-0", process]).output();
    asked.map_or(true, |output| output.status.success())
}

/// What git prints when it is run in `folder`. No hook is run, nor a monitor that the repository
/// names.
fn git(folder: &Path, args: &[&str]) -> Result<String> {
    let mut git = Command::new("git");
    git.current_dir(folder);
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        git.env_remove(name);
    }
    git.args(["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"]).args(args);
    let output = git.output().context("cannot run git: check that it is on the PATH")?;
    if !output.status.success() {
        bail!("git {}: {}", args.join(" "), String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_process_ends_where_the_unique_part_begins() {
        assert_eq!(process_of("dmmigrate-verify-4711-0aB3xY"), Some("4711"));
        assert_eq!(process_of("dmmigrate-verify-47110aB3xY"), None);
        assert_eq!(process_of("dmmigrate-verify-x-0aB3xY"), None);
        assert_eq!(process_of("somebody-4711-0aB3xY"), None);
    }
}
