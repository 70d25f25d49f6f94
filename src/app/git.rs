//! What git says about files: which of them hold work that is not committed.
//!
//! Comes in: paths that a run is about to write. Goes out: those that git could not give back. The
//! `git` program is asked; nothing that the repository configures is run for it.

use super::root::is_git_top;
use anyhow::{Context as _, Result, bail};
use std::collections::{BTreeMap, HashMap};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Up to so many paths git is asked about each; with more, looking at all of the tree is quicker.
const MAX_PATHSPECS: usize = 100;

/// Why git could not give a file back as it is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DirtyState {
    /// It differs from the index.
    Modified,
    /// The index differs from the last commit.
    Staged,
    /// It is part of a merge that is not finished.
    Unmerged,
    /// Git does not keep it; it may be ignored.
    Untracked,
}

/// A file with work that is not committed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DirtyFile {
    /// Path from the root.
    pub path: PathBuf,
    /// What is not committed.
    pub state: DirtyState,
}

/// Which of `paths` (from `root`) are modified, staged, unmerged or untracked, sorted by path; `None`
/// where `root` is not the top of a git work tree, or there is no `git` program. A file in a
/// submodule, or in another repository below the root, is looked up there.
///
/// # Errors
/// Git refuses to look at the repository, for example because someone else owns it.
pub fn dirty_files(root: &Path, paths: &[PathBuf]) -> Result<Option<Vec<DirtyFile>>> {
    if !is_git_top(root) {
        return Ok(None);
    }
    let mut dirty = Vec::new();
    for (repository, paths) in by_repository(root, paths) {
        let Some(status) = status(&root.join(repository), &paths)? else { return Ok(None) };
        let find = |path: &&Path| {
            let state = status.of(path)?;
            Some(DirtyFile { path: repository.join(path), state })
        };
        dirty.extend(paths.iter().filter_map(find));
    }
    dirty.sort();
    Ok(Some(dirty))
}

/// The paths, each from the top of the innermost repository that it is in.
fn by_repository<'a>(root: &Path, paths: &'a [PathBuf]) -> BTreeMap<&'a Path, Vec<&'a Path>> {
    let mut tops: HashMap<&Path, &Path> = HashMap::new();
    let mut repositories: BTreeMap<&Path, Vec<&Path>> = BTreeMap::new();
    for path in paths {
        let folder = path.parent().unwrap_or(Path::new(""));
        let top = *tops.entry(folder).or_insert_with(|| {
            let inside = folder.ancestors().filter(|above| !above.as_os_str().is_empty());
            let top = inside.into_iter().find(|above| is_git_top(&root.join(above)));
            top.unwrap_or(Path::new(""))
        });
        let below = path.strip_prefix(top).unwrap_or(path);
        repositories.entry(top).or_default().push(below);
    }
    repositories
}

/// Git, about the repository at `top`.
pub fn command(top: &Path) -> Command {
    let mut git = Command::new("git");
    git.current_dir(top);
    // Set where a hook runs us: the question is about the repository at `top`.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        git.env_remove(name);
    }
    git
}

/// Asks git about a repository; `None` where there is no `git` program.
fn status(top: &Path, paths: &[&Path]) -> Result<Option<Status>> {
    let mut git = command(top);
    // A file system monitor is a program that the repository names: it is not run.
    git.args(["-c", "core.fsmonitor=false", "--no-optional-locks", "--literal-pathspecs"]);
    git.args(["status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all"]);
    git.args(["--ignored=matching", "--ignore-submodules=all", "--"]);
    if paths.len() <= MAX_PATHSPECS {
        git.args(paths);
    }
    let output = match git.output() {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        output => output.context("cannot run git: check that it works on the command line")?,
    };
    if !output.status.success() {
        let says = String::from_utf8_lossy(&output.stderr);
        let top = top.display();
        bail!("git does not say which files of {top} are changed: {}", says.trim());
    }
    Ok(Some(Status::parse(&output.stdout)))
}

/// What `git status --porcelain=v1 -z` has printed.
#[derive(Debug)]
struct Status {
    files: HashMap<Vec<u8>, DirtyState>,
    /// Folders that are untracked as a whole, with `/` at the end.
    folders: Vec<Vec<u8>>,
}

impl Status {
    /// Each record is two letters (index, work tree), a space and the path.
    fn parse(output: &[u8]) -> Self {
        let mut status = Self { files: HashMap::new(), folders: Vec::new() };
        for record in output.split(|&byte| byte == 0) {
            let [index, work_tree, b' ', path @ ..] = record else { continue };
            if path.ends_with(b"/") {
                status.folders.push(path.to_vec());
            } else {
                status.files.insert(path.to_vec(), state(*index, *work_tree));
            }
        }
        status
    }

    fn of(&self, path: &Path) -> Option<DirtyState> {
        let path = path.as_os_str().as_encoded_bytes();
        let in_untracked = || self.folders.iter().any(|folder| path.starts_with(folder));
        let found = self.files.get(path).copied();
        found.or_else(|| in_untracked().then_some(DirtyState::Untracked))
    }
}

/// The state that two letters stand for ("git help status", Short Format).
fn state(index: u8, work_tree: u8) -> DirtyState {
    match (index, work_tree) {
        (b'?' | b'!', _) => DirtyState::Untracked,
        (b'U', _) | (_, b'U') | (b'A', b'A') | (b'D', b'D') => DirtyState::Unmerged,
        (_, b' ') => DirtyState::Staged,
        _ => DirtyState::Modified,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::process::Output;

    fn run_git(folder: &Path, args: &[&str]) -> Output {
        Command::new("git")
            .args(["-c", "user.name=a", "-c", "user.email=a@example.com"])
            .args(["-c", "init.defaultBranch=main", "-c", "commit.gpgSign=false"])
            .args(args)
            .current_dir(folder)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env_remove("GIT_DIR")
            .env_remove("GIT_INDEX_FILE")
            .output()
            .expect("git runs")
    }

    fn git(folder: &Path, args: &[&str]) {
        let output = run_git(folder, args);
        assert!(output.status.success(), "git {args:?}: {output:?}");
    }

    fn write(folder: &Path, path: &str, text: &str) {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("inside")).expect("create");
        fs::write(path, text).expect("write");
    }

    /// A repository in which the given files are committed.
    fn repository(folder: &Path, committed: &[&str]) {
        fs::create_dir_all(folder).expect("create");
        git(folder, &["init", "-q"]);
        for path in committed {
            write(folder, path, "committed\n");
        }
        git(folder, &["add", "-Af", "."]);
        git(folder, &["commit", "-qm", "all"]);
    }

    fn dirty(root: &Path, paths: &[&str]) -> Vec<(String, DirtyState)> {
        let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
        let files = dirty_files(root, &paths).expect("git works").expect("a repository");
        files.into_iter().map(|f| (f.path.to_string_lossy().into_owned(), f.state)).collect()
    }

    const NAMES: [&str; 8] = [
        "clean.go",
        "ignored/deep/x.go",
        "ignored/tracked.go",
        "modified *.go",
        "new/é\n.go",
        "new.go",
        "staged.go",
        ":!odd",
    ];

    fn every_state() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("temporary folder");
        let top = folder.path();
        repository(
            top,
            &["clean.go", "modified *.go", "staged.go", "other.go", ":!odd", "ignored/tracked.go"],
        );
        write(top, ".gitignore", "ignored/\n");
        write(top, "ignored/deep/x.go", "");
        write(top, "new/é\n.go", "");
        write(top, "modified *.go", "changed\n");
        write(top, ":!odd", "changed\n");
        write(top, "other.go", "not asked about\n");
        write(top, "staged.go", "staged\n");
        git(top, &["add", "staged.go"]);
        write(top, "new.go", "");
        git(top, &["add", "new.go"]);
        write(top, "new.go", "more\n");
        folder
    }

    fn expected() -> Vec<(String, DirtyState)> {
        use DirtyState::{Modified, Staged, Untracked};
        let states = [
            (":!odd", Modified),
            ("ignored/deep/x.go", Untracked),
            ("modified *.go", Modified),
            ("new/é\n.go", Untracked),
            ("new.go", Modified),
            ("staged.go", Staged),
        ];
        states.map(|(path, state)| (path.to_owned(), state)).into()
    }

    #[test]
    fn tells_what_is_not_committed_among_the_files_asked_about() {
        let folder = every_state();
        assert_eq!(dirty(folder.path(), &NAMES), expected());
        assert_eq!(dirty(folder.path(), &["clean.go", "ignored/tracked.go"]), []);
        assert_eq!(dirty(folder.path(), &[]), []);
    }

    #[test]
    fn many_files_get_the_same_answers() {
        let folder = every_state();
        let many: Vec<String> = (0..=MAX_PATHSPECS).map(|n| format!("many/{n}.go")).collect();
        let names: Vec<&str> =
            NAMES.iter().copied().chain(many.iter().map(String::as_str)).collect();
        assert_eq!(dirty(folder.path(), &names), expected());
    }

    #[test]
    fn a_file_in_a_repository_below_is_looked_up_there() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let top = folder.path();
        repository(top, &["a.go"]);
        repository(&top.join("below"), &["clean.go", "b.go"]);
        write(top, "below/b.go", "changed\n");
        let found = dirty(top, &["a.go", "below/clean.go", "below/b.go"]);
        assert_eq!(found, [("below/b.go".to_owned(), DirtyState::Modified)]);
    }

    #[test]
    fn an_unfinished_merge_is_told() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let top = folder.path();
        repository(top, &["a.go"]);
        git(top, &["checkout", "-qb", "other"]);
        write(top, "a.go", "theirs\n");
        git(top, &["commit", "-qam", "theirs"]);
        git(top, &["checkout", "-q", "-"]);
        write(top, "a.go", "ours\n");
        git(top, &["commit", "-qam", "ours"]);
        let merge = run_git(top, &["merge", "-q", "other"]);
        assert!(!merge.status.success(), "the two conflict");
        assert_eq!(dirty(top, &["a.go"]), [("a.go".to_owned(), DirtyState::Unmerged)]);
    }

    #[test]
    fn without_git_there_is_no_answer_and_a_broken_repository_is_an_error() {
        let folder = tempfile::tempdir().expect("temporary folder");
        write(folder.path(), "a.go", "");
        let ask = || dirty_files(folder.path(), &[PathBuf::from("a.go")]);
        assert_eq!(ask().expect("nothing to ask"), None);
        write(folder.path(), ".git/HEAD", "nonsense");
        assert!(ask().expect_err("git refuses").to_string().contains("git does not say"));
    }
}
