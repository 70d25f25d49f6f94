//! The commands `undo` and `log`. Comes in: a run, rules, paths. Goes out: files as they were, or a
//! list of the runs that there were; an exit code.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};

use super::apply::Talk;
use super::cli::UndoArgs;
use super::commit::unstage;
use super::disk::{Disk, OsDisk};
use super::exit::Exit;
use super::journal::{Journal, Run, RunId, RunState};
use super::output::summary::{many, shown};
use super::progress::Progress;
use super::root::find_root;
use super::run::on_threads;
use super::undo::{Undone, find_run, undo};
use super::undo_rule::undo_rules;

/// What to do about files that were edited after a run.
const HOW_TO_GO_ON: &str = "undo or commit what was edited, then undo again";

/// Runs `undo`.
///
/// # Errors
/// There is no such run, another run is at work, or the journal cannot be used.
pub fn undo_command(args: &UndoArgs, talk: Talk, err: &mut dyn Write) -> Result<Exit> {
    let here = std::env::current_dir()?;
    let root = find_root(&here)?.folder;
    let (named, paths) = run_and_paths(&args.run_and_paths);
    let wanted = paths.iter().map(|path| from_root(&root, &here, path));
    let wanted = wanted.collect::<Result<Vec<PathBuf>>>()?;
    let disk: Arc<dyn Disk> = Arc::new(OsDisk);
    let journal = Journal::of(disk.clone(), &root);
    let mut run = find_run(&journal, named.as_ref())?;
    let _lock = journal.lock()?;
    if run.cut_off_after().is_some() {
        unstage(&root, &run)?;
    }
    let progress = Progress::default();
    progress.begin("taking back", run.plan.files.len());
    let shown = progress.show(talk.progress);
    let undone = on_threads(None, || {
        if args.rules.is_empty() {
            undo(&disk, &root, &mut run, &wanted)
        } else {
            undo_rules(&disk, &root, &mut run, &args.rules, &wanted)
        }
    })??;
    drop(shown);
    say(&run, &undone, talk, err)?;
    Ok(if undone.refused.is_empty() { Exit::Done } else { Exit::Unable })
}

/// The first argument is a run if it has the form of one and is no file.
fn run_and_paths(args: &[PathBuf]) -> (Option<RunId>, &[PathBuf]) {
    if let [first, rest @ ..] = args
        && let Some(Ok(id)) = first.to_str().map(str::parse::<RunId>)
        && first.symlink_metadata().is_err()
    {
        return (Some(id), rest);
    }
    (None, args)
}

/// A path from the root, which need not be there any more.
fn from_root(root: &Path, here: &Path, path: &Path) -> Result<PathBuf> {
    let here = here.canonicalize()?;
    let mut whole = PathBuf::new();
    for part in here.join(path).components() {
        match part {
            std::path::Component::ParentDir => {
                whole.pop();
            }
            std::path::Component::CurDir => {}
            part => whole.push(part),
        }
    }
    let below = whole
        .strip_prefix(root)
        .with_context(|| format!("{} lies outside of {}", path.display(), root.display()))?;
    Ok(below.to_path_buf())
}

fn say(run: &Run, undone: &Undone, talk: Talk, err: &mut dyn Write) -> Result<()> {
    if !talk.quiet {
        let already = match undone.already {
            0 => String::new(),
            count => format!(", {} so before", many(count, "file")),
        };
        let files = many(undone.restored.len(), "file");
        writeln!(err, "undone: {files} as before the run {}{already}", run.plan.id)?;
        say_commits(run, err)?;
    }
    say_left(undone, err)
}

/// The files that are left as they are: those that stand in the way, then how many wait for them.
fn say_left(undone: &Undone, err: &mut dyn Write) -> Result<()> {
    for failure in &undone.refused {
        writeln!(err, "error: {}", shown(&failure.reason))?;
    }
    for (go_mod, &count) in &undone.waiting {
        let wait = if count == 1 { "waits: its" } else { "wait: their" };
        let (files, go_mod) = (many(count, "file"), shown(&go_mod.display().to_string()));
        writeln!(
            err,
            "{files} {wait} module is undone as a whole, together with {go_mod} (name files to undo \
             them alone)"
        )?;
    }
    match undone.refused.len() + undone.waiting.values().sum::<usize>() {
        0 => Ok(()),
        1 => Ok(writeln!(err, "1 file left as it is: {HOW_TO_GO_ON}")?),
        count => {
            let files = many(count, "file");
            Ok(writeln!(err, "{files} left as they are: {HOW_TO_GO_ON}")?)
        }
    }
}

/// The commits of a run stay where they are: what was shared must not be rewritten.
fn say_commits(run: &Run, err: &mut dyn Write) -> Result<()> {
    let mut commits = run.commits();
    // Each is taken back from what the next one left.
    commits.reverse();
    if !commits.is_empty() {
        writeln!(
            err,
            "its commits stay: commit the files as they are now; the same from a clean tree: git \
             revert --no-edit {}",
            commits.join(" ")
        )?;
    }
    if let Some(from) = run.cut_off_after() {
        writeln!(
            err,
            "the run ended while it made its commits: see git log {from}.. for those there are"
        )?;
    }
    Ok(())
}

/// Runs `log`.
///
/// # Errors
/// The journal cannot be read.
pub fn log_command(talk: Talk, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit> {
    let root = find_root(&std::env::current_dir()?)?.folder;
    let runs = Journal::of(Arc::new(OsDisk), &root).runs()?;
    if runs.is_empty() && !talk.quiet {
        writeln!(err, "no run has written anything here")?;
    }
    for run in runs.iter().rev() {
        out.write_all(line(run).as_bytes())?;
        let counts = run.counts();
        let undone = run.undone_rules();
        for (rule, sites) in counts {
            let undone = if undone.contains(&rule) { " (undone)" } else { "" };
            writeln!(out, "    {}: {}{undone}", shown(rule), many(sites, "site"))?;
        }
        if talk.verbose {
            for entry in &run.plan.files {
                writeln!(out, "    {}", shown(&entry.path.0.display().to_string()))?;
            }
        }
    }
    Ok(Exit::Done)
}

fn line(run: &Run) -> String {
    let plan = &run.plan;
    let state = match run.state() {
        RunState::Finished if !run.undone_rules().is_empty() => "undone in part",
        state => state.label(),
    };
    let files = many(run.plan.files.len(), "file");
    let command: Vec<String> = plan.command.iter().map(|word| quoted(word)).collect();
    let command = command.join(" ");
    format!("{}  {}  {state:<14}  {files:>12}  dmmigrate {command}\n", plan.id, plan.id.time())
}

/// A word of a command line, so that it can be copied, and cannot steer a terminal.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=,:@+%".contains(c);
    let word = shown(word);
    if !word.is_empty() && word.chars().all(plain) {
        return word;
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}
