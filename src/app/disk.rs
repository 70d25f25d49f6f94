//! The disk, as everything that writes uses it. Comes in: paths and bytes. Goes out: files, each
//! operation either done or failed. A trait, so that tests can let any operation fail, or end the
//! program there.

use std::any::Any;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// What stands at a path; links are not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stat {
    /// Whether it is a regular file.
    pub is_file: bool,
    /// Whether it is a folder.
    pub is_folder: bool,
    /// Bytes of a file.
    pub len: u64,
    /// Whether nobody may write to it.
    pub readonly: bool,
    /// Who may do what with it.
    pub attributes: Attributes,
}

/// Who may do what with a file, as far as the system knows such a thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    /// The bits of `chmod`; `None`: what is usual for a new file.
    pub mode: Option<u32>,
    /// User and group.
    pub owner: Option<(u32, u32)>,
}

/// Reads and writes files. What an operation has done is on the disk when it returns, names in
/// folders apart: these are after [`sync_folder`](Disk::sync_folder).
pub trait Disk: Send + Sync {
    /// The bytes of a file.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// What stands at a path.
    fn stat(&self, path: &Path) -> io::Result<Stat>;
    /// The path without links.
    fn real(&self, path: &Path) -> io::Result<PathBuf>;
    /// The names in a folder, sorted.
    fn names(&self, folder: &Path) -> io::Result<Vec<OsString>>;
    /// Whether a file may be written to; it is opened, not changed.
    fn may_write(&self, path: &Path) -> io::Result<()>;
    /// Makes a file where there is none.
    fn create(&self, path: &Path, content: &[u8], attributes: Attributes) -> io::Result<()>;
    /// Adds to the end of a file.
    fn append(&self, path: &Path, content: &[u8]) -> io::Result<()>;
    /// Gives a file another name; a file that has that name goes.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Gives a file another name that nothing may have.
    fn rename_to_free(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Takes a file away.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Makes a folder where there is none.
    fn create_folder(&self, path: &Path) -> io::Result<()>;
    /// Takes away an empty folder.
    fn remove_folder(&self, path: &Path) -> io::Result<()>;
    /// Waits until the names in a folder are on the disk.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
    /// Takes a lock that ends with the guard, or with the program, however that ends. A file is
    /// made at `path` that stays; `note` stands in it for whoever finds the lock taken.
    fn lock(&self, path: &Path, note: &str) -> io::Result<Locking>;
}

/// What came of asking for a lock.
pub enum Locking {
    /// It is ours as long as this lives.
    Ours(Box<dyn Any + Send + Sync>),
    /// Another one has it, who has left this note.
    Taken(String),
}

/// The disk of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsDisk;

impl Disk for OsDisk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn stat(&self, path: &Path) -> io::Result<Stat> {
        let meta = fs::symlink_metadata(path)?;
        Ok(Stat {
            is_file: meta.is_file(),
            is_folder: meta.is_dir(),
            len: meta.len(),
            readonly: meta.permissions().readonly(),
            attributes: attributes(&meta),
        })
    }

    fn real(&self, path: &Path) -> io::Result<PathBuf> {
        path.canonicalize()
    }

    fn names(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        let names = fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name()));
        let mut names = names.collect::<io::Result<Vec<OsString>>>()?;
        names.sort();
        Ok(names)
    }

    fn may_write(&self, path: &Path) -> io::Result<()> {
        OpenOptions::new().write(true).open(path).map(drop)
    }

    fn create(&self, path: &Path, content: &[u8], attributes: Attributes) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
        file.write_all(content)?;
        set_attributes(&file, attributes)?;
        // Without the sync, a crash after a rename could leave the name on an empty file.
        file.sync_all()
    }

    fn append(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        let mut file = OpenOptions::new().append(true).create(true).open(path)?;
        file.write_all(content)?;
        file.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn rename_to_free(&self, from: &Path, to: &Path) -> io::Result<()> {
        // A link fails where the name is taken, a rename would not.
        match fs::hard_link(from, to) {
            Ok(()) => fs::remove_file(from),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
            // Not every file system has links.
            Err(_) if fs::symlink_metadata(to).is_err() => fs::rename(from, to),
            Err(_) => Err(io::ErrorKind::AlreadyExists.into()),
        }
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        fs::create_dir(path)
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir(path)
    }

    #[cfg(unix)]
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        File::open(folder)?.sync_all()
    }

    /// Elsewhere folders cannot be opened; renames are in the system's own journal.
    #[cfg(not(unix))]
    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn lock(&self, path: &Path, note: &str) -> io::Result<Locking> {
        let mut options = OpenOptions::new();
        let mut file = options.read(true).write(true).create(true).truncate(false).open(path)?;
        match file.try_lock() {
            Ok(()) => {
                // The lock does not depend on the note.
                let _ = file.set_len(0).and_then(|()| file.write_all(note.as_bytes()));
                Ok(Locking::Ours(Box::new(file)))
            }
            Err(TryLockError::WouldBlock) => {
                let mut note = String::new();
                let _ = file.take(100).read_to_string(&mut note);
                Ok(Locking::Taken(note))
            }
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

#[cfg(unix)]
fn attributes(meta: &fs::Metadata) -> Attributes {
    use std::os::unix::fs::MetadataExt as _;
    Attributes { mode: Some(meta.mode() & 0o7777), owner: Some((meta.uid(), meta.gid())) }
}

#[cfg(not(unix))]
fn attributes(_: &fs::Metadata) -> Attributes {
    Attributes::default()
}

#[cfg(unix)]
fn set_attributes(file: &File, attributes: Attributes) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
    if let Some((user, group)) = attributes.owner {
        let own = file.metadata()?;
        if (own.uid(), own.gid()) != (user, group) {
            // Only the superuser may give a file away, and members of a group may give it to that.
            // What is not allowed stays undone: the content matters more.
            let _ =
                fchown(file, Some(user), Some(group)).or_else(|_| fchown(file, None, Some(group)));
        }
    }
    match attributes.mode {
        // After the owner, since a change of owner clears some bits.
        Some(mode) => file.set_permissions(fs::Permissions::from_mode(mode)),
        None => Ok(()),
    }
}

#[cfg(not(unix))]
fn set_attributes(_: &File, _: Attributes) -> io::Result<()> {
    Ok(())
}
