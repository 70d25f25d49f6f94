//! Making commits. Comes in: steps whose files are written. Goes out: a commit for each, made by
//! `git commit`, so that hooks, signatures and the author are as everywhere else; or none, and the
//! files as the run has left them.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use rayon::prelude::*;

use super::{Step, StepFile};
use crate::app::git::command;
use crate::app::journal::{Event, Journal, Run, RunState};
use crate::app::output::patch::path_bytes;
use crate::app::output::summary::shown;
use crate::app::root::is_git_top;

/// Where the commits will be put.
#[derive(Clone, Debug)]
pub struct Start {
    /// The last commit before them.
    head: String,
}

/// Looks whether commits can be made in the repository at `root`, before anything is written.
///
/// # Errors
/// There is no git, no commit to build on, a merge or the like under way, something staged, nobody
/// to be the author, or a run that ended while it made its commits.
pub fn start(root: &Path, journal: &Journal) -> Result<Start> {
    author(root)?;
    let head = git(root, &["rev-parse", "--verify", "--quiet", "HEAD"], b"")
        .map_err(|_| anyhow::anyhow!("--commit needs a commit to build on: make a first one"))?;
    for (name, what) in [
        ("MERGE_HEAD", "a merge"),
        ("CHERRY_PICK_HEAD", "a cherry-pick"),
        ("REVERT_HEAD", "a revert"),
        ("rebase-merge", "a rebase"),
        ("rebase-apply", "a rebase or git am"),
    ] {
        let path = git(root, &["rev-parse", "--git-path", name], b"")?;
        if root.join(path.trim()).exists() {
            bail!("nothing was written: {what} is under way (finish or abort it first)");
        }
    }
    if let Some(run) = journal.last(|_| true)?
        && let Some(from) = run.cut_off_after().filter(|_| run.state() != RunState::Undone)
    {
        bail!(
            "nothing was written: the run {} ended while it made its commits (git log {from}.. \
             shows those there are): commit the rest, or take it back with `dmmigrate undo`",
            run.plan.id
        );
    }
    let staged = git(root, &["diff", "--cached", "--name-only", "-z", "--no-ext-diff"], b"")?;
    let names: Vec<&str> = staged.split('\0').filter(|name| !name.is_empty()).collect();
    if !names.is_empty() {
        let mut text = String::from(
            "nothing was written: --commit needs an empty index, and these files are staged \
             (commit them, or git restore --staged FILE)",
        );
        for name in names {
            let _ = write!(text, "\n  {}", shown(name));
        }
        bail!(text);
    }
    Ok(Start { head: head.trim().to_owned() })
}

/// Who commits, by git's configuration: a name and an address in angle brackets.
///
/// # Errors
/// There is no git repository at `root`, or git does not know who.
pub fn author(root: &Path) -> Result<String> {
    if !is_git_top(root) {
        bail!("--commit needs a git repository: {} is none (git init)", root.display());
    }
    let identity = git(root, &["var", "GIT_AUTHOR_IDENT"], b"")
        .context("git does not know who commits: set user.name and user.email with git config")?;
    match identity.rfind('>') {
        Some(end) => Ok(identity[..=end].to_owned()),
        None => bail!("git does not know who commits: set user.name and user.email"),
    }
}

/// Makes the commits, oldest first, and writes them down. If one cannot be made there is none.
///
/// # Errors
/// Git, or a hook, does not want one of them.
pub fn commit(
    root: &Path,
    start: &Start,
    (steps, tidied): (&[Step<'_>], &[PathBuf]),
    run: &mut Run,
) -> Result<Vec<String>> {
    run.record(Event::Committing { from: start.head.clone() })?;
    let made = make_all(root, steps, tidied);
    if made.is_err() {
        // The branch was ours alone since the start, and its index held nothing.
        git(root, &["reset", "--quiet", "--mixed", &start.head], b"")?;
    }
    let commits = made.as_ref().map_or_else(|_| Vec::new(), Clone::clone);
    run.record(Event::Committed { commits })?;
    made
}

/// Takes the files of a run out of the index again, where the run ended while it made its commits.
///
/// # Errors
/// Git does not do it.
pub fn unstage(root: &Path, run: &Run) -> Result<()> {
    let names = run.plan.files.iter().flat_map(|f| [path_bytes(&f.path.0), vec![0]].concat());
    let names: Vec<u8> = names.collect();
    let mut reset = command(root);
    reset.arg("--literal-pathspecs").args(["reset", "--quiet"]);
    reset.args(["--pathspec-from-file=-", "--pathspec-file-nul"]);
    output_of(reset, &names).map(drop)
}

/// The files that tidying has changed go with the last step, which has go.mod.
fn make_all(root: &Path, steps: &[Step<'_>], tidied: &[PathBuf]) -> Result<Vec<String>> {
    let modes = modes(root)?;
    let mut commits = Vec::new();
    for (nth, step) in steps.iter().enumerate() {
        stage(root, step, &modes)?;
        if nth + 1 == steps.len() {
            stage_written(root, tidied.iter().map(PathBuf::as_path))?;
        }
        let message = step.message.text();
        let args = ["commit", "--quiet", "--cleanup=whitespace", "--file=-"];
        git(root, &args, message.as_bytes())
            .with_context(|| format!("the commit {:?} cannot be made", step.message.subject))?;
        commits.push(git(root, &["rev-parse", "HEAD"], b"")?.trim().to_owned());
    }
    Ok(commits)
}

/// Puts the files of a step into the index, each as it is after the step.
fn stage(root: &Path, step: &Step<'_>, modes: &HashMap<Vec<u8>, String>) -> Result<()> {
    let (written, between): (Vec<_>, Vec<_>) = step.files.iter().partition(|f| f.is_last());
    stage_written(root, written.iter().map(|f| f.file.path.as_path()))?;
    if between.is_empty() {
        return Ok(());
    }
    let line = |file: &&StepFile<'_>| -> Result<Vec<u8>> {
        let path = path_bytes(&file.file.path);
        let mode = modes.get(&path).map_or("100644", String::as_str);
        // Not from a file: what stands there is what the whole run makes of it.
        let mut hash = command(root);
        hash.args(["hash-object", "-w", "--stdin", "--path"]).arg(&file.file.path);
        let id = output_of(hash, file.text_after().as_bytes())?;
        Ok([format!("{mode} {}\t", id.trim()).as_bytes(), &path, &[0]].concat())
    };
    let lines: Vec<Vec<u8>> = between.par_iter().map(line).collect::<Result<_>>()?;
    git(root, &["update-index", "-z", "--index-info"], &lines.concat())?;
    Ok(())
}

/// Puts files into the index as they are, or takes those out that are gone.
fn stage_written<'p>(root: &Path, paths: impl Iterator<Item = &'p Path>) -> Result<()> {
    let names: Vec<u8> = paths.flat_map(|path| [path_bytes(path), vec![0]].concat()).collect();
    if names.is_empty() {
        return Ok(());
    }
    git(root, &["update-index", "--add", "--remove", "-z", "--stdin"], &names).map(drop)
}

/// The modes of all files in the index, as git writes them.
fn modes(root: &Path) -> Result<HashMap<Vec<u8>, String>> {
    let mut list = command(root);
    list.args(["ls-files", "--stage", "-z"]);
    let output = list.output().context("cannot run git")?;
    // A record is `MODE ID STAGE<tab>PATH`.
    let records = output.stdout.split(|&b| b == 0).filter_map(|record| {
        let tab = record.iter().position(|&b| b == b'\t')?;
        let mode = record[..tab].split(|&b| b == b' ').next()?;
        Some((record[tab + 1..].to_vec(), String::from_utf8_lossy(mode).into_owned()))
    });
    Ok(records.collect())
}

/// What git prints when it is run in `root` with these arguments and this input.
fn git(root: &Path, args: &[&str], input: &[u8]) -> Result<String> {
    let mut git = command(root);
    git.args(args);
    output_of(git, input)
}

fn output_of(mut command: Command, input: &[u8]) -> Result<String> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child =
        command.spawn().context("cannot run git: check that it works on the command line")?;
    let stdin = child.stdin.take();
    let output = std::thread::scope(|scope| {
        // Beside the reading of what it prints, or both could wait for each other. A program that
        // does not want all of its input says so by its exit code.
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input)));
        child.wait_with_output()
    })?;
    if !output.status.success() {
        let says = String::from_utf8_lossy(&output.stderr);
        let says =
            if says.trim().is_empty() { String::from_utf8_lossy(&output.stdout) } else { says };
        let lines: Vec<String> = says.trim().lines().map(shown).collect();
        bail!("git says: {}", lines.join("\n  "));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
