//! The first look at a file: reading it, and one pass over its bytes. Comes in: a Go file that the
//! walk has just found. Goes out: for most files that there is nothing to say about them, while the
//! walk still goes on.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::discover::FileKind;
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
    /// How many bytes of files of interest may still be kept until it is their turn.
    room: AtomicUsize,
}

/// At most so many bytes wait for the walk to end. What is found after that is read at its turn.
const ROOM: usize = 16 << 20;

impl<'a> Scanner<'a> {
    /// Looks for what `prefilter` asks for in files below `root`.
    pub fn new(root: &'a Path, prefilter: &'a Prefilter) -> Self {
        Self { root, prefilter, room: AtomicUsize::new(ROOM) }
    }

    /// Looks at a file of the walk. `buffer` serves for many files.
    pub fn found(&self, path: &Path, kind: FileKind, buffer: &mut Vec<u8>) -> Scan {
        if kind != FileKind::Go || self.room.load(Relaxed) == 0 {
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
        File::open(self.root.join(path))?.read_to_end(buffer)?;
        // What is no text is of interest, too: it is named.
        let is_wanted = kind != FileKind::Go || self.prefilter.triggers(buffer);
        Ok(is_wanted || as_text(buffer).is_none())
    }
}
