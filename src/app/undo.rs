//! Undoing. Comes in: a run in the journal, and which of its files. Goes out: the files as they were
//! before the run, bytes and modes; those that somebody has edited since are left alone and named.
//! It can itself be killed at any moment: done again, it does the rest.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, bail};
use rayon::prelude::*;

use super::digest::Content;
use super::disk::{Attributes, Disk};
use super::journal::{Entry, Event, Journal, Run, RunId, RunState};
use super::transaction::{Failure, clean_up};
use super::write::{Change, FileWriter};

/// What was taken back.
#[derive(Clone, Debug, Default)]
pub struct Undone {
    /// Files that are as before now.
    pub restored: Vec<PathBuf>,
    /// Files that were so already.
    pub already: usize,
    /// Files that were edited since or cannot be written: as they are.
    pub refused: Vec<Failure>,
    /// How many files wait for those of their module, by its go.mod: as they are, too.
    pub waiting: BTreeMap<PathBuf, usize>,
    /// Whether there is nothing left of the run.
    pub complete: bool,
}

/// Finds the run to take back: the one that is named, or else the last that was not taken back.
///
/// # Errors
/// There is no such run, or it was taken back already.
pub fn find_run(journal: &Journal, named: Option<&RunId>) -> Result<Run> {
    let is_done = |run: &Run| matches!(run.state(), RunState::Finished | RunState::CutOff);
    let found = journal.last(|run| named.map_or_else(|| is_done(run), |id| run.plan.id == *id))?;
    match (found, named) {
        (Some(run), _) if run.state() == RunState::Undone => {
            bail!("the run {} was undone already", run.plan.id)
        }
        (Some(run), _) => Ok(run),
        (None, Some(id)) => bail!("there is no run {id} (`dmmigrate log` lists those there are)"),
        (None, None) => bail!("there is no run to undo (`dmmigrate log` lists all of them)"),
    }
}

/// Takes back the files of `run` that `wanted` names, all without any. Whoever calls has the lock.
///
/// # Errors
/// The journal cannot be read or written, or a wanted path is none of the run's.
pub fn undo(
    disk: &Arc<dyn Disk>,
    root: &Path,
    run: &mut Run,
    wanted: &[PathBuf],
) -> Result<Undone> {
    clean_up(disk.clone(), root, run)?;
    let old = run.old_bytes()?;
    let writer = FileWriter::on(disk.clone(), root, &run.plan.id.to_string())?;
    let all = run.plan.files.clone();
    let entries: Vec<&Entry> = all.iter().filter(|e| is_wanted(&e.path.0, wanted)).collect();
    if let Some(path) = wanted.iter().find(|w| !all.iter().any(|e| e.path.0.starts_with(w))) {
        bail!("the run {} has changed nothing in {}", run.plan.id, path.display());
    }
    let restore = Restore { run, old: &old, writer: &writer };
    let states: Vec<State> = entries.par_iter().map(|entry| restore.state(entry)).collect();
    let held = if wanted.is_empty() { held_modules(&entries, &states) } else { BTreeSet::new() };
    let results: Vec<Outcome> = entries
        .par_iter()
        .zip(states)
        .map(|(entry, state)| restore.entry(entry, state, &held))
        .collect();
    let mut undone = Undone::default();
    for (entry, outcome) in entries.iter().zip(results) {
        let path = entry.path.0.clone();
        match outcome {
            Outcome::Already => undone.already += 1,
            Outcome::Restored => undone.restored.push(path),
            Outcome::Refused(reason) => undone.refused.push(Failure { path, reason }),
            Outcome::Waits(go_mod) => *undone.waiting.entry(go_mod).or_default() += 1,
        }
    }
    writer.sync_folders_of(undone.restored.iter().map(PathBuf::as_path))?;
    let as_before = |entry: &Entry| matches!(restore.state(entry), State::Before);
    undone.complete = undone.refused.is_empty() && all.par_iter().all(as_before);
    if undone.complete {
        run.record(Event::Undone)?;
    }
    Ok(undone)
}

fn is_wanted(path: &Path, wanted: &[PathBuf]) -> bool {
    wanted.is_empty() || wanted.iter().any(|w| path.starts_with(w))
}

/// What a file holds now.
enum State {
    /// What it held before the run.
    Before,
    /// What the run has made of it.
    After(Content),
    /// Something else.
    Edited,
    Unreadable(String),
}

enum Outcome {
    Already,
    Restored,
    Refused(String),
    /// For others of the module with this go.mod.
    Waits(PathBuf),
}

struct Restore<'a> {
    run: &'a Run,
    old: &'a [u8],
    writer: &'a FileWriter,
}

impl Restore<'_> {
    fn state(&self, entry: &Entry) -> State {
        let before = entry.before.as_ref().map_or(Content::Absent, |b| b.content);
        match self.writer.now(&entry.path.0) {
            Err(error) => State::Unreadable(format!("{error:#}")),
            Ok(now) if now == before => State::Before,
            Ok(now) if self.run.accepted(entry).contains(&now) => State::After(now),
            Ok(_) => State::Edited,
        }
    }

    fn entry(&self, entry: &Entry, state: State, held: &BTreeSet<PathBuf>) -> Outcome {
        let now = match state {
            State::Before => return Outcome::Already,
            State::Unreadable(reason) => return Outcome::Refused(reason),
            State::Edited => {
                let shown = entry.path.0.display();
                return Outcome::Refused(format!("{shown} was edited after the run"));
            }
            State::After(now) => now,
        };
        if let Some(module) = held.iter().rfind(|m| entry.path.0.starts_with(m)) {
            return Outcome::Waits(module.join("go.mod"));
        }
        let before = entry.before.as_ref();
        let attributes = before.map(|b| Attributes { mode: b.mode, owner: b.owner });
        let bytes = before.map(|b| &self.old[b.offset..b.offset + b.len]);
        let change = Change { path: &entry.path.0, accepts: Some(&[now]), new: bytes, attributes };
        match self.writer.stage(&change).and_then(|staged| self.writer.commit(staged)) {
            Ok(()) => Outcome::Restored,
            Err(error) => Outcome::Refused(format!("{error:#}")),
        }
    }
}

/// The folders of modules whose go.mod the run has changed, where it or a file of the module cannot
/// be taken back: code and go.mod go together.
fn held_modules(entries: &[&Entry], states: &[State]) -> BTreeSet<PathBuf> {
    let go_mods = entries.iter().filter(|e| e.path.0.file_name().is_some_and(|n| n == "go.mod"));
    let folders: BTreeSet<&Path> = go_mods.filter_map(|e| e.path.0.parent()).collect();
    let module_of = |path: &Path| {
        let above = path.ancestors().skip(1);
        above.into_iter().find(|folder| folders.contains(folder)).map(Path::to_path_buf)
    };
    let mut held: BTreeMap<PathBuf, bool> = BTreeMap::new();
    for (entry, state) in entries.iter().zip(states) {
        let stuck = matches!(state, State::Edited | State::Unreadable(_));
        if let Some(module) = module_of(&entry.path.0) {
            *held.entry(module).or_default() |= stuck;
        }
    }
    held.into_iter().filter(|(_, stuck)| *stuck).map(|(folder, _)| folder).collect()
}
