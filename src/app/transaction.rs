//! The writing of a run. Comes in: files with their old and new bytes, grouped into units that only
//! make sense together. Goes out: the files, written; the ones that could not be, each with the
//! reason; a run in the journal that takes all of it back.
//!
//! The journal is on the disk before the first file is. Of a unit, all files are staged before the
//! first is put in place; where one of them fails, the unit stays as it was.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use rayon::prelude::*;

use super::digest::{Content, Digest};
use super::disk::{Attributes, Disk};
use super::journal::{Event, Journal, Lock, Old, Plan, Run, RunId, RunState, Sites, StoredPath};
use super::progress::Progress;
use super::write::{Change, FileWriter, Staged};

/// A file that a run writes.
#[derive(Clone, Debug)]
pub struct Write<'a> {
    /// Path from the root.
    pub path: &'a Path,
    /// What was read there; `None`: there is no file, one is made.
    pub old: Option<&'a [u8]>,
    /// What shall stand there; `None`: no file.
    pub new: Option<Vec<u8>>,
    /// The sites that are changed in it.
    pub sites: Sites,
}

impl Write<'_> {
    fn after(&self) -> Content {
        self.new.as_deref().map_or(Content::Absent, Content::of)
    }
}

/// What the journal says of a run beside its files.
#[derive(Clone, Debug)]
pub struct About {
    /// The command line, without the program.
    pub command: Vec<String>,
    /// The folder that it was typed in.
    pub folder: PathBuf,
    /// Of all that the rules were compiled from.
    pub rules: Digest,
    /// The packs that took part.
    pub packs: Vec<String>,
    /// Those that were found by what the repository uses.
    pub detected: Vec<String>,
}

/// A file that stayed as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Path from the root.
    pub path: PathBuf,
    /// Why.
    pub reason: String,
}

/// A repository in which nobody else writes.
pub struct Transaction {
    disk: Arc<dyn Disk>,
    root: PathBuf,
    journal: Journal,
    /// A run that was cut off, to go on with.
    unfinished: Option<Run>,
    lock: Lock,
    progress: Progress,
}

/// What was written.
pub struct Written {
    /// The run in the journal; `None` where there was nothing to write.
    pub run: Option<Run>,
    /// Files that stayed as they were.
    pub failed: Vec<Failure>,
    /// Nobody else writes as long as it lives.
    pub lock: Lock,
}

impl Transaction {
    /// Takes the lock, and cleans up behind a run that was killed.
    ///
    /// # Errors
    /// Another run is at work, or the journal cannot be read or written.
    pub fn open(disk: Arc<dyn Disk>, root: &Path) -> Result<Self> {
        let journal = Journal::of(disk.clone(), root);
        let lock = journal.lock()?;
        let unfinished = journal.last(|run| run.state() == RunState::CutOff)?;
        if let Some(run) = &unfinished {
            clean_up(disk.clone(), root, run)?;
        }
        let progress = Progress::default();
        Ok(Self { disk, root: root.to_path_buf(), journal, unfinished, lock, progress })
    }

    /// Counts what is written there.
    #[must_use]
    pub fn counted(self, progress: &Progress) -> Self {
        Self { progress: progress.clone(), ..self }
    }

    /// The runs of the repository.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Whether the file holds what a run that was cut off has written there: that is no work that a
    /// person has not committed.
    pub fn is_unfinished_work(&self, path: &Path) -> bool {
        let Some(run) = &self.unfinished else { return false };
        let Ok(writer) = FileWriter::on(self.disk.clone(), &self.root, "") else { return false };
        let entry = run.plan.files.iter().find(|e| e.path.0 == path);
        entry.is_some_and(|e| writer.now(path).is_ok_and(|now| now == e.after))
    }

    /// Writes the files, unit by unit.
    ///
    /// # Errors
    /// The journal cannot be written; nothing else is then.
    pub fn write(mut self, units: &[Vec<Write<'_>>], about: About) -> Result<Written> {
        if units.is_empty() {
            if let Some(run) = &mut self.unfinished {
                run.record(Event::Finished { left: Vec::new() })?;
            }
            return Ok(Written { run: None, failed: Vec::new(), lock: self.lock });
        }
        let mut run = self.begin(units, about)?;
        let writer = FileWriter::on(self.disk.clone(), &self.root, &run.plan.id.to_string())?;
        self.progress.begin("writing", units.iter().map(Vec::len).sum());
        let write = |unit: &Vec<Write<'_>>| {
            let failed = write_unit(&writer, unit);
            self.progress.step(unit.len());
            failed
        };
        let failed: Vec<Failure> = units.par_iter().flat_map_iter(write).collect();
        let written = units.iter().flatten().map(|file| file.path);
        writer.sync_folders_of(written.filter(|path| failed.iter().all(|f| f.path != **path)))?;
        let left = failed.iter().map(|f| StoredPath(f.path.clone())).collect();
        run.record(Event::Finished { left })?;
        Ok(Written { run: Some(run), failed, lock: self.lock })
    }

    /// The files that a run which was cut off had written; `adopted` holds their bytes before it.
    fn earlier<'a>(&'a self, adopted: &'a [u8]) -> Result<Vec<Old<'a>>> {
        let writer = FileWriter::on(self.disk.clone(), &self.root, "")?;
        let mut earlier = Vec::new();
        for entry in self.unfinished.iter().flat_map(|run| &run.plan.files) {
            if writer.now(&entry.path.0).is_ok_and(|now| now == entry.after) {
                let before = entry.before.as_ref();
                let bytes = before.map(|b| &adopted[b.offset..b.offset + b.len]);
                let attributes = before.map_or_else(Attributes::default, |b| Attributes {
                    mode: b.mode,
                    owner: b.owner,
                });
                let path = entry.path.0.as_path();
                let sites = entry.sites.clone();
                earlier.push(Old { path, bytes, attributes, after: entry.after, sites });
            }
        }
        Ok(earlier)
    }

    /// Writes the plan. What a run that was cut off had already done becomes part of it, so that
    /// one `undo` takes back both.
    fn begin(&mut self, units: &[Vec<Write<'_>>], about: About) -> Result<Run> {
        let adopted = match &self.unfinished {
            Some(run) => run.old_bytes()?,
            None => Vec::new(),
        };
        let earlier = self.earlier(&adopted)?;
        let files: Vec<&Write<'_>> = units.iter().flatten().collect();
        let mut old: Vec<Old<'_>> = files
            .par_iter()
            .map(|file| {
                let attributes = self.disk.stat(&self.root.join(file.path));
                let attributes =
                    attributes.map_or_else(|_| Attributes::default(), |s| s.attributes);
                let (after, sites) = (file.after(), file.sites.clone());
                Old { path: file.path, bytes: file.old, attributes, after, sites }
            })
            .collect();
        for before in earlier {
            match old.iter_mut().find(|o| o.path == before.path) {
                Some(file) => {
                    (file.bytes, file.attributes) = (before.bytes, before.attributes);
                }
                None => old.push(before),
            }
        }
        let plan = Plan {
            id: RunId::now(),
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            command: about.command,
            folder: StoredPath(about.folder),
            rules: about.rules,
            packs: about.packs,
            detected: about.detected,
            files: Vec::new(),
        };
        let run = self.journal.begin(plan, &old)?;
        if let Some(unfinished) = &mut self.unfinished {
            unfinished.record(Event::Adopted { by: run.plan.id.clone() })?;
        }
        Ok(run)
    }
}

/// Removes the temporary files of a run that was killed.
pub(super) fn clean_up(disk: Arc<dyn Disk>, root: &Path, run: &Run) -> Result<()> {
    let id = run.plan.id.to_string();
    let writer = FileWriter::on(disk, root, &id)?;
    let entries = &run.plan.files;
    let mut folders: Vec<&Path> = entries.iter().filter_map(|e| e.path.0.parent()).collect();
    folders.sort_unstable();
    folders.dedup();
    folders.par_iter().for_each(|folder| writer.clean_beside(folder, &id));
    Ok(())
}

/// Writes all files of a unit, or none.
fn write_unit(writer: &FileWriter, unit: &[Write<'_>]) -> Vec<Failure> {
    let staged: Vec<Result<Staged>> = unit.par_iter().map(|file| stage(writer, file)).collect();
    if staged.iter().any(Result::is_err) {
        return not_staged(writer, unit, staged);
    }
    let staged: Vec<Staged> = staged.into_iter().flatten().collect();
    let mut failed: Option<(usize, String)> = None;
    for (nth, staged) in staged.into_iter().enumerate() {
        match failed {
            Some(_) => writer.discard(staged),
            None => {
                if let Err(error) = writer.commit(staged) {
                    failed = Some((nth, format!("{error:#}")));
                }
            }
        }
    }
    let Some((at, reason)) = failed else { return Vec::new() };
    let mut failures = take_back(writer, &unit[..at]);
    failures.push(Failure { path: unit[at].path.to_path_buf(), reason });
    failures.extend(unit.iter().enumerate().filter(|(nth, _)| *nth != at).map(|(_, f)| waits(f)));
    failures
}

fn stage(writer: &FileWriter, file: &Write<'_>) -> Result<Staged> {
    let accepts = [file.old.map_or(Content::Absent, Content::of)];
    writer.stage(&Change {
        path: file.path,
        accepts: Some(&accepts),
        new: file.new.as_deref(),
        attributes: None,
    })
}

fn not_staged(
    writer: &FileWriter,
    unit: &[Write<'_>],
    staged: Vec<Result<Staged>>,
) -> Vec<Failure> {
    let mut failures = Vec::new();
    for (file, staged) in unit.iter().zip(staged) {
        failures.push(match staged {
            Ok(staged) => {
                writer.discard(staged);
                waits(file)
            }
            Err(error) => Failure { path: file.path.to_path_buf(), reason: format!("{error:#}") },
        });
    }
    failures
}

/// A file that could have been written, but makes no sense without one that could not.
fn waits(file: &Write<'_>) -> Failure {
    let reason = format!(
        "{} was left as it was: its module is changed as a whole or not at all",
        file.path.display()
    );
    Failure { path: file.path.to_path_buf(), reason }
}

/// Puts back the old bytes of files that were written already.
fn take_back(writer: &FileWriter, files: &[Write<'_>]) -> Vec<Failure> {
    let put_back = |file: &Write<'_>| {
        let accepts = [file.after()];
        let change =
            Change { path: file.path, accepts: Some(&accepts), new: file.old, attributes: None };
        writer.commit(writer.stage(&change)?)
    };
    let failure = |file: &Write<'_>| {
        let error = put_back(file).err()?;
        let reason = format!("{error:#} (`dmmigrate undo` takes it back)");
        Some(Failure { path: file.path.to_path_buf(), reason })
    };
    files.iter().filter_map(failure).collect()
}
