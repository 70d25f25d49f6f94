//! The second half of `apply`: from the result of a run to files and commits. Comes in: the result,
//! and what the user asked for. Goes out: what was written, committed and tidied, and what was not.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::app::changes;
use crate::app::cli::ApplyArgs;
use crate::app::commit::{self, Step};
use crate::app::config::LoadedRules;
use crate::app::output::summary::{many, shown};
use crate::app::run::{RunResult, on_threads};
use crate::app::tidy::{Tidied, tidy};
use crate::app::transaction::{Failure, Transaction, Written};

/// What the user asked for.
pub(super) struct Asked<'a> {
    pub(super) args: &'a ApplyArgs,
    pub(super) loaded: &'a LoadedRules,
    pub(super) committing: Committing,
}

/// What a run has come to.
#[derive(Default)]
pub(super) struct Wrote {
    /// Files that stayed as they were.
    pub(super) failed: Vec<Failure>,
    /// The commits, oldest first.
    pub(super) commits: Vec<String>,
    /// What became of modules whose go.mod changed.
    pub(super) tidied: Tidied,
}

/// What is known of the commits before the run.
pub(super) enum Committing {
    /// There will be none.
    No,
    /// They are printed, as this person's.
    By(String),
    /// They are made.
    From(commit::Start),
}

pub(super) fn committing(
    args: &ApplyArgs,
    root: &Path,
    transaction: Option<&Transaction>,
) -> Result<Committing> {
    Ok(match (args.writing.commit, transaction) {
        (None, _) => Committing::No,
        (Some(_), None) => Committing::By(commit::author(root)?),
        (Some(_), Some(transaction)) => {
            Committing::From(commit::start(root, transaction.journal())?)
        }
    })
}

/// Writes what a run has made, and commits it where that was asked for.
pub(super) fn write_run(
    asked: &Asked<'_>,
    root: &Path,
    result: &RunResult,
    steps: &[Step<'_>],
    transaction: Transaction,
) -> Result<Wrote> {
    let Asked { args, loaded, committing } = asked;
    let refuse = |paths: &[PathBuf]| -> Result<()> {
        if !args.writing.allow_dirty
            && let Some(refusal) = changes::refuse_dirty(root, paths, &transaction)?
        {
            bail!(refusal);
        }
        Ok(())
    };
    refuse(&changes::changed(result).map(|f| f.path.clone()).collect::<Vec<_>>())?;
    let tidied = if args.writing.tidy { tidy(root, result)? } else { Tidied::default() };
    let tidied_paths: Vec<PathBuf> = tidied.files.iter().map(|f| f.path.clone()).collect();
    let existing = tidied.files.iter().filter(|f| f.old.is_some()).map(|f| f.path.clone());
    refuse(&existing.collect::<Vec<_>>())?;
    let about = changes::about(loaded)?;
    let rules = &loaded.compiled.rules;
    let write = || changes::write(root, (result, rules), &tidied.files, transaction, about);
    let mut written = on_threads(args.jobs, write)??;
    let commits = match committing {
        Committing::From(start) => {
            commit_written(root, start, (steps, &tidied_paths), &mut written)?
        }
        _ => Vec::new(),
    };
    Ok(Wrote { failed: written.failed, commits, tidied })
}

/// Commits what was written, if all of it was.
fn commit_written(
    root: &Path,
    start: &commit::Start,
    (steps, tidied): (&[Step<'_>], &[PathBuf]),
    written: &mut Written,
) -> Result<Vec<String>> {
    let how_to_go_on = "no commit was made, the files stay changed: commit them with git, or take \
                        them back with `dmmigrate undo`";
    match &mut written.run {
        Some(run) if written.failed.is_empty() => {
            commit::commit(root, start, (steps, tidied), run).context(how_to_go_on)
        }
        _ => Ok(Vec::new()),
    }
}

impl Wrote {
    /// Says what was done.
    pub(super) fn say(&self, steps: &[Step<'_>], err: &mut dyn Write) -> Result<()> {
        let modules: Vec<String> = self.tidied.modules.iter().map(|m| folder(m)).collect();
        if !modules.is_empty() {
            let files = many(self.tidied.files.len(), "file");
            writeln!(err, "tidied: {} ({files} changed by it)", modules.join(", "))?;
        }
        for workspace in &self.tidied.workspaces {
            writeln!(err, "vendored: {} (go work vendor)", folder(workspace))?;
        }
        for (step, id) in steps.iter().zip(&self.commits) {
            let id = id.get(..10).unwrap_or(id);
            writeln!(err, "commit {id} {}", shown(&step.message.subject))?;
        }
        Ok(())
    }

    /// Says what was not done, and why.
    pub(super) fn say_failures(&self, args: &ApplyArgs, err: &mut dyn Write) -> Result<()> {
        for failure in &self.tidied.failed {
            let module = folder(&failure.module);
            writeln!(
                err,
                "error: {} failed in {module}: its code and go.mod are changed, but not tidied",
                failure.command
            )?;
            failure.output.lines().try_for_each(|line| writeln!(err, "  {}", shown(line)))?;
        }
        if !self.failed.is_empty() && args.writing.commit.is_some() {
            writeln!(err, "no commit was made, since not all files could be written")?;
        }
        for failure in &self.failed {
            writeln!(err, "error: {}", shown(&failure.reason))?;
        }
        Ok(())
    }
}

/// A folder from the root, as it is shown.
fn folder(path: &Path) -> String {
    let path = shown(&path.display().to_string());
    if path.is_empty() { ".".to_owned() } else { path + "/" }
}
