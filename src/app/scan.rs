//! The first look at a file: reading it, and one pass over its bytes. Comes in: a Go file that the
//! walk has just found. Goes out: for most files that there is nothing to say about them, while the
//! walk still goes on.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::discover::FileKind;
use super::residue::{MAX_FILE, OldNames};
use crate::engine::prefilter::Prefilter;
use crate::text::as_text;

/// What is known of a file before it is its turn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Scan {
    /// It was not read yet.
    #[default]
    NotRead,
    /// None of the rules' texts stands in its bytes, so many.
    Nothing(usize),
    /// Its bytes, which may be of interest.
    Bytes(Vec<u8>),
    /// It cannot be read, with the cause.
    Unreadable(String),
}

/// Looks at files as they are found.
#[derive(Debug)]
pub struct Scanner<'a> {
    root: &'a Path,
    prefilter: &'a Prefilter,
    old: Option<&'a OldNames>,
    /// How many bytes of files of interest may still be kept until it is their turn.
    room: AtomicUsize,
}

/// At most so many bytes wait for the walk to end. What is found after that is read at its turn.
const ROOM: usize = 16 << 20;

impl<'a> Scanner<'a> {
    /// Looks for what `prefilter` asks for in Go files below `root`, and for old names in others.
    pub fn new(root: &'a Path, prefilter: &'a Prefilter, old: Option<&'a OldNames>) -> Self {
        Self { root, prefilter, old, room: AtomicUsize::new(ROOM) }
    }

    /// Looks at a file of the walk. `buffer` serves for many files.
    pub fn found(&self, path: &Path, kind: FileKind, buffer: &mut Vec<u8>) -> Scan {
        if !matches!(kind, FileKind::Go | FileKind::Other) || self.room.load(Relaxed) == 0 {
            return Scan::NotRead;
        }
        match self.read(path, kind, buffer) {
            Ok(true) => {
                let take = |room: usize| Some(room.saturating_sub(buffer.len()));
                // Always `Ok`: the closure never declines.
                let _ = self.room.fetch_update(Relaxed, Relaxed, take);
                Scan::Bytes(std::mem::take(buffer))
            }
            Ok(false) => Scan::Nothing(buffer.len()),
            Err(error) => Scan::Unreadable(format!("{}: {error}", path.display())),
        }
    }

    /// Fills `buffer` with a file's content; says whether it may be of interest.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn read(&self, path: &Path, kind: FileKind, buffer: &mut Vec<u8>) -> io::Result<bool> {
        buffer.clear();
        let mut file = File::open(self.root.join(path))?;
        if kind == FileKind::Other && file.metadata()?.len() > MAX_FILE {
            return Ok(false);
        }
        file.read_to_end(buffer)?;
        Ok(match kind {
            // What is no text is of interest, too: it is named.
            FileKind::Go => self.prefilter.triggers(buffer) || as_text(buffer).is_none(),
            FileKind::Other => self.old.is_some_and(|old| old.any(buffer)),
            _ => true,
        })
    }
}
