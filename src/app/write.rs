//! Writing files, each whole or not at all.
//!
//! Comes in: a path below the root, what may stand there, and what shall stand there. Goes out: the
//! file, replaced in one step, or an error that names it and says what to do. At every moment, a
//! crash included, the path holds the old bytes or the new ones. A file is *staged* first, which
//! finds nearly all that can go wrong, and *committed* then.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result, bail};

use super::digest::{Content, Digest};
use super::disk::{Attributes, Disk, OsDisk, Stat};

/// Writes files below one folder, and nowhere else.
#[derive(Clone)]
pub struct FileWriter {
    disk: Arc<dyn Disk>,
    root: PathBuf,
    /// What the names of temporary files begin with.
    prefix: String,
    temporaries: Arc<AtomicUsize>,
}

/// What shall become of a path.
#[derive(Clone, Debug)]
pub struct Change<'a> {
    /// Path from the root.
    pub path: &'a Path,
    /// What may stand there now; `None`: anything.
    pub accepts: Option<&'a [Content]>,
    /// The bytes that shall stand there; `None`: no file.
    pub new: Option<&'a [u8]>,
    /// Who may do what with the file; `None`: as it is now, or usual.
    pub attributes: Option<Attributes>,
}

/// A change that is on the disk, but not yet under its name.
#[derive(Debug)]
#[must_use = "commit it or discard it"]
pub struct Staged {
    path: PathBuf,
    target: PathBuf,
    temporary: Option<PathBuf>,
    accepts: Option<Vec<Content>>,
    replaces: bool,
}

impl FileWriter {
    /// A writer for the files below `root`.
    ///
    /// # Errors
    /// The folder does not exist or cannot be read.
    pub fn new(root: &Path) -> Result<Self> {
        Self::on(Arc::new(OsDisk), root, &format!("{}", std::process::id()))
    }

    /// A writer on a disk. The names of its temporary files have `run` in them, so that what a
    /// killed run has left behind can be found.
    ///
    /// # Errors
    /// The folder does not exist or cannot be read.
    pub fn on(disk: Arc<dyn Disk>, root: &Path, run: &str) -> Result<Self> {
        let root = disk.real(root).with_context(|| {
            format!("cannot open {}: check the path and its permissions", root.display())
        })?;
        let prefix = temporary_prefix(run);
        Ok(Self { disk, root, prefix, temporaries: Arc::default() })
    }

    /// Replaces the content of the file at `path` (from the root), which must still be `was`. Mode
    /// and, where the system lets us, owner and group stay. A hard link to it keeps the old bytes.
    ///
    /// # Errors
    /// The file is gone, is not a regular file, was changed since it was read, may not be written,
    /// or lies outside of the root; or the disk is full. The file is then as it was.
    pub fn replace(&self, path: &Path, was: &[u8], new: &[u8]) -> Result<()> {
        let accepts = [Content::of(was)];
        self.commit(self.stage(&Change {
            path,
            accepts: Some(&accepts),
            new: Some(new),
            attributes: None,
        })?)
    }

    /// Creates a file, and the folders above it that are missing.
    ///
    /// # Errors
    /// Something stands at `path` already, it lies outside of the root, or cannot be written.
    pub fn create(&self, path: &Path, content: &[u8], executable: bool) -> Result<()> {
        let mode = executable.then_some(0o755);
        self.commit(self.stage(&Change {
            path,
            accepts: Some(&[Content::Absent]),
            new: Some(content),
            attributes: Some(Attributes { mode, owner: None }),
        })?)
    }

    /// Prepares a change: everything is checked, and the new bytes are on the disk.
    ///
    /// # Errors
    /// The reason why the change cannot be made, with its path. Nothing is left behind.
    pub fn stage(&self, change: &Change<'_>) -> Result<Staged> {
        let shown = change.path.display();
        let creates = change.accepts.is_some_and(|a| a == [Content::Absent]);
        if creates && change.new.is_some() {
            self.create_folders(change.path)?;
        }
        let target = self.locate(change.path)?;
        let stat = match self.disk.stat(&target) {
            Ok(_) if creates => {
                bail!("{shown} exists already: move it away, or leave out the rule that creates it")
            }
            Ok(stat) => {
                self.check_writable(&target, &stat, change.path)?;
                Some(stat)
            }
            Err(_) if accepts(change.accepts, Content::Absent) => None,
            Err(error) => {
                return Err(error).with_context(|| {
                    format!(
                        "{shown} cannot be found any more: run again to look at what is there now"
                    )
                });
            }
        };
        let temporary = match change.new {
            Some(content) => {
                let kept = stat.map_or_else(Attributes::default, |s| s.attributes);
                Some(self.prepare(
                    &target,
                    content,
                    change.attributes.unwrap_or(kept),
                    change.path,
                )?)
            }
            None => None,
        };
        let accepts = change.accepts.map(<[Content]>::to_vec);
        let path = change.path.to_path_buf();
        Ok(Staged { path, target, temporary, accepts, replaces: stat.is_some() })
    }

    /// Makes a prepared change, if the path still holds what it may.
    ///
    /// # Errors
    /// The file was changed meanwhile, or cannot be given its name. It is then as it was.
    pub fn commit(&self, staged: Staged) -> Result<()> {
        let result = self.put_in_place(&staged);
        if result.is_err() {
            self.discard(staged);
        }
        result
    }

    fn put_in_place(&self, staged: &Staged) -> Result<()> {
        let shown = staged.path.display();
        if !staged.replaces {
            let Some(temporary) = &staged.temporary else { return Ok(()) };
            return match self.disk.rename_to_free(temporary, &staged.target) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    bail!("{shown} appeared during the run: nothing was written to it, run again")
                }
                result => result.with_context(|| {
                    format!("cannot create {shown}: check the permissions of its folder")
                }),
            };
        }
        // As late as can be: what was saved in an editor meanwhile must not be lost.
        let now = self.content(&staged.target).with_context(|| {
            format!("cannot read {shown} any more: nothing was written to it, run again")
        })?;
        if !accepts(staged.accepts.as_deref(), now) {
            bail!("{shown} was changed during the run: nothing was written to it, run again");
        }
        let done = match &staged.temporary {
            Some(temporary) => self.disk.rename(temporary, &staged.target),
            None => self.disk.remove(&staged.target),
        };
        done.with_context(|| format!("cannot replace {shown}: check the permissions of its folder"))
    }

    /// Takes back what was prepared.
    pub fn discard(&self, staged: Staged) {
        if let Some(temporary) = staged.temporary {
            // It may be gone already; what cannot be removed is cleaned up by the next run.
            let _ = self.disk.remove(&temporary);
        }
    }

    /// Waits until the new names of these files are on the disk.
    ///
    /// # Errors
    /// A folder cannot be read.
    pub fn sync_folders_of<'p>(&self, paths: impl Iterator<Item = &'p Path>) -> Result<()> {
        use rayon::prelude::*;
        let folders: BTreeSet<PathBuf> =
            paths.filter_map(|p| Some(self.root.join(p.parent()?))).collect();
        folders.par_iter().try_for_each(|folder| {
            let synced = self.disk.sync_folder(folder);
            synced.with_context(|| format!("cannot write {} to the disk", folder.display()))
        })
    }

    /// What stands at `path`, from the root.
    ///
    /// # Errors
    /// It is no file that can be read, or its folder lies outside of the root.
    pub fn now(&self, path: &Path) -> Result<Content> {
        let (folder, _) = parts(path)?;
        if self.disk.stat(&self.root.join(folder)).is_err() {
            return Ok(Content::Absent);
        }
        let target = self.locate(path)?;
        if self.disk.stat(&target).is_ok_and(|s| !s.is_file) {
            bail!("{} is not a regular file any more", path.display());
        }
        self.content(&target).with_context(|| format!("cannot read {}", path.display()))
    }

    fn content(&self, target: &Path) -> std::io::Result<Content> {
        match self.disk.read(target) {
            Ok(bytes) => Ok(Content::File(Digest::of(&bytes))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Content::Absent),
            Err(error) => Err(error),
        }
    }

    /// Removes what a killed run `run` has left beside the file at `path`.
    pub fn clean_beside(&self, folder: &Path, run: &str) {
        let folder = self.root.join(folder);
        let inside = self.disk.real(&folder).is_ok_and(|real| real.starts_with(&self.root));
        let prefix = temporary_prefix(run);
        let names = if inside { self.disk.names(&folder).unwrap_or_default() } else { Vec::new() };
        for name in names {
            let text = name.to_string_lossy();
            let is_ours = text.starts_with(&prefix) && text.ends_with(SUFFIX);
            let path = folder.join(&name);
            if is_ours && self.disk.stat(&path).is_ok_and(|s| s.is_file) {
                let _ = self.disk.remove(&path);
            }
        }
    }

    /// The absolute path of a file in a folder that exists and, links resolved, is below the root.
    fn locate(&self, path: &Path) -> Result<PathBuf> {
        let (folder, name) = parts(path)?;
        let folder = self.disk.real(&self.root.join(folder)).with_context(|| {
            format!("cannot open the folder of {}: check its permissions", path.display())
        })?;
        self.check_inside(&folder, path)?;
        Ok(folder.join(name))
    }

    /// Makes the folders above `path`, none of them through a link out of the root.
    fn create_folders(&self, path: &Path) -> Result<()> {
        let (folder, _) = parts(path)?;
        let folder = self.root.join(folder);
        let mut missing: Vec<&Path> = Vec::new();
        for above in folder.ancestors() {
            match self.disk.real(above) {
                Ok(real) => {
                    self.check_inside(&real, path)?;
                    break;
                }
                Err(_) => missing.push(above),
            }
        }
        for folder in missing.into_iter().rev() {
            match self.disk.create_folder(folder) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                    return Err(error).with_context(|| {
                        let shown = path.display();
                        format!(
                            "cannot create the folder of {shown}: check the permissions above it"
                        )
                    });
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn check_inside(&self, folder: &Path, path: &Path) -> Result<()> {
        if !folder.starts_with(&self.root) {
            let (path, root) = (path.display(), self.root.display());
            bail!("{path} leads out of {root} through a link: nothing is written there");
        }
        Ok(())
    }

    /// Refuses what the user protected: with rights on the folder alone a rename would replace it.
    fn check_writable(&self, target: &Path, stat: &Stat, path: &Path) -> Result<()> {
        let shown = path.display();
        if !stat.is_file {
            bail!("{shown} is not a regular file: name the file that it stands for instead");
        }
        if stat.readonly {
            bail!("{shown} is read-only: make it writable (chmod u+w) and run again");
        }
        // Opening asks the system about all that decides, owner and mount included.
        self.disk.may_write(target).with_context(|| {
            format!(
                "{shown} may not be written: check who owns it and that its file system is writable"
            )
        })
    }

    /// A temporary file beside `target` that holds `content` on the disk.
    fn prepare(
        &self,
        target: &Path,
        content: &[u8],
        attributes: Attributes,
        path: &Path,
    ) -> Result<PathBuf> {
        let folder = target.parent().unwrap_or(target);
        let number = self.temporaries.fetch_add(1, Ordering::Relaxed);
        let temporary = folder.join(format!("{}{number}{SUFFIX}", self.prefix));
        match self.disk.create(&temporary, content, attributes) {
            Ok(()) => Ok(temporary),
            Err(error) => {
                let _ = self.disk.remove(&temporary);
                let shown = path.display();
                let help = match error.kind() {
                    ErrorKind::PermissionDenied => "check the permissions of its folder",
                    _ => "check the free space; the old one stays as it was",
                };
                Err(error).with_context(|| format!("cannot write the new {shown}: {help}"))
            }
        }
    }
}

const SUFFIX: &str = ".tmp";

fn temporary_prefix(run: &str) -> String {
    format!(".dmmigrate-{run}-")
}

fn accepts(wanted: Option<&[Content]>, now: Content) -> bool {
    wanted.is_none_or(|wanted| wanted.contains(&now))
}

/// The folder and the name of a path from the root.
fn parts(path: &Path) -> Result<(&Path, &OsStr)> {
    let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    match (path.parent(), path.file_name()) {
        (Some(folder), Some(name)) if plain => Ok((folder, name)),
        _ => bail!("{} is not a path below the root: nothing is written there", path.display()),
    }
}
