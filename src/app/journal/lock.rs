//! One run at a time. Comes in: a path. Goes out: a lock that the operating system takes back when
//! the program ends, however it ends: a killed run leaves a file behind, but no lock.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result, bail};

/// While it lives, no other run writes in the repository.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Takes the lock at `path`, or says who has it.
pub(super) fn lock(path: &Path) -> Result<Lock> {
    let mut options = OpenOptions::new();
    let opened = options.read(true).write(true).create(true).truncate(false).open(path);
    let mut file = opened.with_context(|| {
        format!("nothing was written: {} cannot be opened: check its permissions", path.display())
    })?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut process = String::new();
            let _ = (&file).take(20).read_to_string(&mut process);
            let process: String = process.chars().filter(char::is_ascii_digit).collect();
            bail!(
                "nothing was written: another run is at work in this repository (process \
                 {process}); wait until it has ended"
            );
        }
        Err(TryLockError::Error(error)) => {
            return Err(error).with_context(|| {
                format!("nothing was written: {} cannot be locked", path.display())
            });
        }
    }
    // For the message above; the lock does not depend on it.
    let _ = file.set_len(0);
    let _ = file.rewind();
    let _ = write!(file, "{}", std::process::id());
    Ok(Lock { _file: file })
}
