//! The journal: what every run has replaced, kept under the git directory, or in `.dmmigrate/`
//! where there is none. Comes in: a plan with the old bytes of each file, before the first of them is
//! touched. Goes out: the runs that there were, each with all that `undo` needs.
//!
//! A plan is never changed. What has happened since is told by events, one a line, and by the files
//! themselves: each holds the bytes from before, those of the plan, or those of somebody else. So a
//! run that was killed at any moment can be taken back.

mod place;
mod plan;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};

use super::digest::Content;
use super::disk::{Attributes, Disk, Locking};
pub use plan::{Before, Entry, Event, Plan, RunId, RunState, Sites, StoredPath};

/// So many runs are kept.
const KEPT: usize = 30;

const PLAN: &str = "plan.json";
const OLD_BYTES: &str = "before";
const EVENTS: &str = "events";

/// The runs of a repository.
#[derive(Clone)]
pub struct Journal {
    disk: Arc<dyn Disk>,
    /// The folder of the program's own files.
    folder: PathBuf,
}

/// A run in the journal.
#[derive(Clone)]
pub struct Run {
    disk: Arc<dyn Disk>,
    folder: PathBuf,
    /// What it was to do.
    pub plan: Plan,
    /// What has happened since.
    pub events: Vec<Event>,
}

/// While it lives, no other run writes in the repository. A killed run leaves a file behind, but no
/// lock.
pub struct Lock {
    _guard: Box<dyn std::any::Any + Send + Sync>,
}

/// A file as a run found it.
#[derive(Clone, Debug)]
pub struct Old<'a> {
    /// Path from the root.
    pub path: &'a Path,
    /// Its bytes; `None` where there was no file.
    pub bytes: Option<&'a [u8]>,
    /// Its mode and owner.
    pub attributes: Attributes,
    /// What the run makes of it.
    pub after: Content,
    /// The sites that the run changes in it.
    pub sites: Sites,
}

impl Journal {
    /// The journal of the repository at `root`. Nothing is made.
    pub fn of(disk: Arc<dyn Disk>, root: &Path) -> Self {
        let folder = place::folder(&*disk, root);
        Self { disk, folder }
    }

    /// Makes sure that no other run writes until the lock is dropped.
    ///
    /// # Errors
    /// There is another run, or the journal cannot be written.
    pub fn lock(&self) -> Result<Lock> {
        place::make(&*self.disk, &self.folder)?;
        let path = self.folder.join("lock");
        let locking = self.disk.lock(&path, &std::process::id().to_string());
        match locking {
            Ok(Locking::Ours(guard)) => Ok(Lock { _guard: guard }),
            Ok(Locking::Taken(process)) => {
                let process: String = process.chars().filter(char::is_ascii_digit).collect();
                bail!(
                    "nothing was written: another run is at work in this repository (process \
                     {process}); wait until it has ended"
                )
            }
            Err(error) => Err(error).with_context(|| {
                format!("nothing was written: {} cannot be locked", path.display())
            }),
        }
    }

    /// All runs, oldest first.
    ///
    /// # Errors
    /// A run cannot be read.
    pub fn runs(&self) -> Result<Vec<Run>> {
        let runs = self.ids()?.into_iter().map(|id| self.of_id(&id));
        Ok(runs.collect::<Result<Vec<Option<Run>>>>()?.into_iter().flatten().collect())
    }

    /// The last run that is wanted. Plans are large: one of them is in memory at a time.
    ///
    /// # Errors
    /// As for [`Journal::runs`].
    pub fn last(&self, wanted: impl Fn(&Run) -> bool) -> Result<Option<Run>> {
        for id in self.ids()?.iter().rev() {
            if let Some(run) = self.of_id(id)?.filter(|run| wanted(run)) {
                return Ok(Some(run));
            }
        }
        Ok(None)
    }

    /// What became of each run, oldest first.
    fn states(&self) -> Result<Vec<(RunId, RunState)>> {
        let state = |id: RunId| Ok(self.of_id(&id)?.map(|run| (id, run.state())));
        let states: Result<Vec<Option<_>>> = self.ids()?.into_iter().map(state).collect();
        Ok(states?.into_iter().flatten().collect())
    }

    fn of_id(&self, id: &RunId) -> Result<Option<Run>> {
        self.run(&self.folder.join("runs").join(id.to_string()))
    }

    /// The names of runs, oldest first, those included that have no plan.
    fn ids(&self) -> Result<Vec<RunId>> {
        let runs = self.folder.join("runs");
        let names = match self.disk.names(&runs) {
            Ok(names) => names,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read {}", runs.display()));
            }
        };
        let ids = names.iter().filter_map(|n| n.to_str()?.parse::<RunId>().ok());
        let mut ids: Vec<RunId> = ids.collect();
        ids.sort_unstable();
        Ok(ids)
    }

    /// The run in `folder`; `None` where it ended before its plan was whole, so that it has written
    /// nothing.
    fn run(&self, folder: &Path) -> Result<Option<Run>> {
        let path = folder.join(PLAN);
        let text = match self.disk.read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read {}", path.display()));
            }
        };
        let plan = serde_json::from_slice(&text).with_context(|| {
            format!("{} is not a plan of this program: move its folder away", path.display())
        })?;
        let events = self.disk.read(&folder.join(EVENTS)).unwrap_or_default();
        // A last line without an end is an event that a kill has cut off: it did not happen.
        let lines = events.split_inclusive(|&b| b == b'\n').filter(|l| l.ends_with(b"\n"));
        let events = lines.filter_map(|line| serde_json::from_slice(line).ok()).collect();
        let (disk, folder) = (self.disk.clone(), folder.to_path_buf());
        Ok(Some(Run { disk, folder, plan, events }))
    }

    /// Writes down what a run is about to do. Only when this returns may a file be touched.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn begin(&self, mut plan: Plan, old: &[Old<'_>]) -> Result<Run> {
        let runs = self.folder.join("runs");
        place::make(&*self.disk, &runs)?;
        let all = self.states()?;
        // Later runs have later names, even where the clock says otherwise.
        if let Some((last, _)) = all.last().filter(|(last, _)| *last >= plan.id) {
            plan.id = last.next();
        }
        self.forget_oldest(&runs, &all);
        let folder = loop {
            let folder = runs.join(plan.id.to_string());
            match self.disk.create_folder(&folder) {
                Ok(()) => break folder,
                Err(e) if e.kind() == ErrorKind::AlreadyExists => plan.id = plan.id.next(),
                Err(error) => return Err(error).with_context(|| not_writable(&folder)),
            }
        };
        let mut bytes = Vec::new();
        plan.files = old.iter().map(|file| entry(file, &mut bytes)).collect();
        let write = || -> std::io::Result<()> {
            let (text, usual) = (serde_json::to_vec(&plan)?, Attributes::default());
            self.disk.create(&folder.join(OLD_BYTES), &bytes, usual)?;
            // Made now, so that its name is on the disk before anything is written to it.
            self.disk.create(&folder.join(EVENTS), b"", usual)?;
            let unfinished = folder.join("plan.tmp");
            self.disk.create(&unfinished, &text, usual)?;
            self.disk.rename(&unfinished, &folder.join(PLAN))?;
            self.disk.sync_folder(&folder)?;
            self.disk.sync_folder(&runs)
        };
        write().with_context(|| not_writable(&folder))?;
        Ok(Run { disk: self.disk.clone(), folder, plan, events: Vec::new() })
    }

    fn forget_oldest(&self, runs: &Path, all: &[(RunId, RunState)]) {
        let names = self.disk.names(runs).unwrap_or_default();
        let known = |name: &str| all.iter().any(|(id, _)| id.to_string() == name);
        // Without a plan, a run has done nothing.
        let without_plan = names.iter().filter_map(|n| n.to_str()).filter(|n| !known(n));
        let old = all.iter().take((all.len() + 1).saturating_sub(KEPT));
        let old = old.filter(|(_, state)| *state != RunState::CutOff);
        let old: Vec<String> = old.map(|(id, _)| id.to_string()).collect();
        for name in without_plan.map(str::to_owned).chain(old) {
            let folder = runs.join(&name);
            if name.parse::<RunId>().is_err() {
                continue;
            }
            // The plan last: as long as it is there, the run is whole.
            for file in [EVENTS, "plan.tmp", PLAN, OLD_BYTES] {
                let _ = self.disk.remove(&folder.join(file));
            }
            let _ = self.disk.remove_folder(&folder);
        }
    }
}

fn not_writable(folder: &Path) -> String {
    format!(
        "nothing was written: the journal cannot be kept in {} (check the free space and who may \
         write there)",
        folder.display()
    )
}

fn entry(file: &Old<'_>, bytes: &mut Vec<u8>) -> Entry {
    let before = file.bytes.map(|old| {
        let offset = bytes.len();
        bytes.extend_from_slice(old);
        let Attributes { mode, owner } = file.attributes;
        Before { offset, len: old.len(), mode, owner, content: Content::of(old) }
    });
    Entry {
        path: StoredPath(file.path.to_path_buf()),
        before,
        after: file.after,
        sites: file.sites.clone(),
    }
}

impl Run {
    /// Writes down that something has happened.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn record(&mut self, event: Event) -> Result<()> {
        let mut line = serde_json::to_vec(&event)?;
        line.push(b'\n');
        let path = self.folder.join(EVENTS);
        // What a kill has cut off must not run into this event.
        if self.disk.read(&path).is_ok_and(|text| !text.is_empty() && !text.ends_with(b"\n")) {
            line.insert(0, b'\n');
        }
        let done = self.disk.append(&path, &line);
        done.with_context(|| format!("cannot write {}", path.display()))?;
        self.events.push(event);
        Ok(())
    }

    /// The old bytes of all files, one behind the other: see [`Before`].
    ///
    /// # Errors
    /// They cannot be read, or are not all there.
    pub fn old_bytes(&self) -> Result<Vec<u8>> {
        let path = self.folder.join(OLD_BYTES);
        let bytes = self.disk.read(&path).with_context(|| {
            format!("cannot read {}, which holds the files from before", path.display())
        })?;
        let ends = self.plan.files.iter().filter_map(|f| f.before.as_ref());
        let wanted = ends.map(|b| b.offset.saturating_add(b.len)).max().unwrap_or(0);
        if bytes.len() < wanted {
            bail!("{} is cut off: the files from before are not all there", path.display());
        }
        Ok(bytes)
    }
}
