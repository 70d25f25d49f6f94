//! A disk in memory on which disasters happen. It knows what a real one knows after a power cut:
//! names in a folder that was not synced may be the old ones or the new ones.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use dmmigrate::app::disk::{Attributes, Disk, Locking, Stat};

use super::ROOT;

/// What happens at a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disaster {
    /// The program ends; what it has done so far is there.
    Kill,
    /// The machine ends; what was not synced may be lost.
    PowerCut,
    /// The step fails, and the program goes on.
    Error,
}

#[derive(Clone, Default)]
struct State {
    /// Contents by number, so that a name can come back after a power cut.
    contents: BTreeMap<usize, Vec<u8>>,
    names: BTreeMap<PathBuf, usize>,
    /// The names that a power cut leaves.
    synced: BTreeMap<PathBuf, usize>,
    folders: BTreeSet<PathBuf>,
    steps: usize,
    planned: Option<(Disaster, usize)>,
    ended: bool,
}

/// The disk. Clones are the same disk.
#[derive(Clone, Default)]
pub struct MemoryDisk(Arc<Mutex<State>>);

impl State {
    /// Counts a step. Fails where a disaster is planned, and ever after if it ends the program.
    fn step(&mut self) -> io::Result<()> {
        if self.ended {
            return Err(io::Error::other("the program has ended"));
        }
        let now = self.steps;
        self.steps += 1;
        match self.planned {
            Some((disaster, at)) if at == now => {
                self.ended = disaster != Disaster::Error;
                Err(ErrorKind::StorageFull.into())
            }
            _ => Ok(()),
        }
    }

    fn add(&mut self, path: &Path, content: Vec<u8>) -> usize {
        let number = self.contents.len();
        self.contents.insert(number, content);
        self.names.insert(path.to_path_buf(), number);
        number
    }

    fn number(&self, path: &Path) -> io::Result<usize> {
        if self.ended {
            return Err(io::Error::other("the program has ended"));
        }
        self.names.get(path).copied().ok_or_else(|| ErrorKind::NotFound.into())
    }
}

impl MemoryDisk {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("no test panics while it has the lock")
    }

    pub fn add_folder(&self, path: &Path) {
        self.state().folders.insert(path.to_path_buf());
    }

    /// Puts a file there, synced.
    pub fn add_file(&self, path: &Path, content: &[u8]) {
        let mut state = self.state();
        let number = state.add(path, content.to_vec());
        state.synced.insert(path.to_path_buf(), number);
    }

    /// Another disk that holds the same.
    pub fn clone_of(&self) -> Self {
        let mut state = self.state().clone();
        (state.steps, state.planned) = (0, None);
        Self(Arc::new(Mutex::new(state)))
    }

    pub fn plan(&self, disaster: Disaster, step: usize) {
        self.state().planned = Some((disaster, step));
    }

    /// How many steps there were.
    pub fn steps(&self) -> usize {
        self.state().steps
    }

    /// What is there when the program is started again.
    pub fn after_disaster(&self) -> Self {
        let mut state = self.state().clone();
        if let Some((Disaster::PowerCut, step)) = state.planned {
            // Every second folder has the names that were synced last, the others have all.
            let folders: Vec<PathBuf> = state.folders.iter().cloned().collect();
            let lost = |path: &Path| {
                let folder = path.parent().and_then(|p| folders.iter().position(|f| f == p));
                folder.is_some_and(|nth| (nth + step) % 2 == 0)
            };
            let State { names, synced, .. } = &mut state;
            names.retain(|path, _| !lost(path));
            names.extend(synced.iter().filter(|(p, _)| lost(p)).map(|(p, n)| (p.clone(), *n)));
            state.synced = state.names.clone();
        }
        (state.steps, state.planned, state.ended) = (0, None, false);
        Self(Arc::new(Mutex::new(state)))
    }

    /// The bytes of a file of the repository.
    pub fn bytes(&self, path: &Path) -> Vec<u8> {
        let state = self.state();
        let number = state.names.get(&Path::new(ROOT).join(path));
        number.map_or_else(Vec::new, |number| state.contents[number].clone())
    }

    /// Temporary files that were left behind beside files of the repository.
    pub fn temporaries(&self) -> Vec<PathBuf> {
        let state = self.state();
        let is_ours = |p: &&PathBuf| p.to_string_lossy().contains("/.dmmigrate-");
        state.names.keys().filter(is_ours).cloned().collect()
    }
}

impl Disk for MemoryDisk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let state = self.state();
        Ok(state.contents[&state.number(path)?].clone())
    }

    fn stat(&self, path: &Path) -> io::Result<Stat> {
        let state = self.state();
        let is_folder = state.folders.contains(path) && !state.ended;
        let len = if is_folder { 0 } else { state.contents[&state.number(path)?].len() };
        Ok(Stat {
            is_file: !is_folder,
            is_folder,
            len: len as u64,
            readonly: false,
            attributes: Attributes::default(),
        })
    }

    fn real(&self, path: &Path) -> io::Result<PathBuf> {
        self.stat(path).map(|_| path.to_path_buf())
    }

    fn names(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        let state = self.state();
        if state.ended || !state.folders.contains(folder) {
            return Err(ErrorKind::NotFound.into());
        }
        let all = state.names.keys().chain(&state.folders);
        let inside = all.filter(|p| p.parent() == Some(folder));
        Ok(inside.filter_map(|p| p.file_name()).map(OsString::from).collect())
    }

    fn may_write(&self, path: &Path) -> io::Result<()> {
        self.state().number(path).map(drop)
    }

    fn create(&self, path: &Path, content: &[u8], _: Attributes) -> io::Result<()> {
        let mut state = self.state();
        if state.number(path).is_ok() {
            return Err(ErrorKind::AlreadyExists.into());
        }
        state.step()?;
        let number = state.add(path, content[..content.len() / 2].to_vec());
        state.step()?;
        // Written, but not synced: a power cut would leave nothing of it.
        let whole = match state.planned {
            Some((Disaster::PowerCut, at)) if at == state.steps => Vec::new(),
            _ => content.to_vec(),
        };
        state.contents.insert(number, whole);
        state.step()
    }

    fn append(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        let mut state = self.state();
        state.step()?;
        let number = match state.number(path) {
            Ok(number) => number,
            Err(_) => state.add(path, Vec::new()),
        };
        let half = &content[..content.len() / 2];
        let end = state.contents[&number].len();
        state.contents.entry(number).or_default().extend_from_slice(half);
        state.step()?;
        let file = state.contents.entry(number).or_default();
        file.truncate(end);
        file.extend_from_slice(content);
        state.step()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.step()?;
        let number = state.number(from)?;
        state.names.remove(from);
        state.names.insert(to.to_path_buf(), number);
        // A rename that was made does not fail; the program may end right behind it.
        match state.step() {
            Err(_) if !state.ended => Ok(()),
            result => result,
        }
    }

    fn rename_to_free(&self, from: &Path, to: &Path) -> io::Result<()> {
        if self.state().number(to).is_ok() {
            return Err(ErrorKind::AlreadyExists.into());
        }
        self.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.number(path)?;
        state.step()?;
        state.names.remove(path);
        Ok(())
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.step()?;
        if state.folders.insert(path.to_path_buf()) {
            return Ok(());
        }
        Err(ErrorKind::AlreadyExists.into())
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.step()?;
        state.folders.remove(path);
        Ok(())
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.step()?;
        let State { names, synced, .. } = &mut *state;
        synced.retain(|path, _| path.parent() != Some(folder));
        let inside = names.iter().filter(|(p, _)| p.parent() == Some(folder));
        synced.extend(inside.map(|(path, number)| (path.clone(), *number)));
        Ok(())
    }

    fn lock(&self, _: &Path, _: &str) -> io::Result<Locking> {
        self.state().step()?;
        Ok(Locking::Ours(Box::new(())))
    }
}
