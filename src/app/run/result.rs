//! What a run hands on: a result for each file that there is something to say about, in order, and
//! what was counted on the way.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;

use super::new_files::Wanted;
use crate::app::discover::Candidate;
use crate::app::modules::Module;
use crate::app::owners::Owners;
use crate::app::part::ModuleState;
use crate::app::residue::Mention;
use crate::engine::rewrite::FileOutcome;
use crate::engine::unbroken;
use crate::engine::work::Work;
use crate::text::{LineCol, LineIndex};

/// A file that there is something to say about.
#[derive(Debug)]
pub struct FileResult {
    /// Path from the root.
    pub path: PathBuf,
    /// Its text before the run.
    pub text: Arc<str>,
    /// What became of it.
    pub outcome: FileOutcome,
    /// Whether there is no file yet: the edits, of an empty text, make it.
    pub is_new: bool,
    /// Old names in it after the run.
    pub(super) mentions: Vec<Mention>,
}

/// What a run found and made.
#[derive(Debug, Default)]
pub struct RunResult {
    /// Files with edits, sites or findings: Go and text files by path, then go.mod and go.work.
    pub files: Vec<FileResult>,
    /// How many files were read.
    pub files_read: usize,
    /// How many bytes these Go and text files have.
    pub bytes_read: usize,
    /// What of them was parsed.
    pub work: Work,
    /// `vendor` folders that were passed over.
    pub skipped_vendor: Vec<PathBuf>,
    /// Files that are not UTF-8.
    pub not_utf8: Vec<PathBuf>,
    /// What could not be read, with the cause.
    pub unreadable: Vec<String>,
    /// Declarations with syntax errors that rules had to look into: they see only a part of them.
    pub unparsed: Vec<Unparsed>,
    /// Old names that are still there, by path and place.
    pub residue: Vec<Mention>,
    /// The go.mod files, as they were: by depth, the deepest first.
    pub go_mods: Vec<GoMod>,
    /// Folders of modules whose go.mod changed.
    pub changed_modules: Vec<PathBuf>,
    /// What the run has found out about all modules.
    pub modules: Vec<ModuleState>,
    /// Files that applied fixes use.
    pub(super) wanted: Wanted,
}

/// Where a declaration stops being Go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unparsed {
    /// Path from the root.
    pub path: PathBuf,
    /// Line and column, from 1.
    pub at: LineCol,
}

/// A go.mod as it was before the run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GoMod {
    /// Its folder, from the root.
    pub folder: PathBuf,
    /// Its text.
    pub text: String,
}

impl GoMod {
    pub(super) fn of(module: &Module) -> Self {
        Self { folder: module.folder.clone(), text: module.text.clone() }
    }
}

/// Sees each file of a run when it is its turn.
pub type Emit<'a> = &'a mut (dyn FnMut(&FileResult) -> Result<()> + Send);

/// What came of reading a file.
pub(super) enum Read {
    /// There is nothing to say about its bytes, so many.
    Nothing(usize),
    Outcome(Arc<str>, Box<FileOutcome>, Vec<Mention>),
    /// No rule has anything to do in it, but old names stand in its bytes, so many.
    Mentions(usize, Vec<Mention>),
    NotUtf8(usize),
    Unreadable(String),
}

impl RunResult {
    /// Notes what came of reading a file; gives the file if there may be something to say about
    /// it.
    pub(super) fn take(&mut self, candidate: &Candidate, read: Read) -> Option<FileResult> {
        self.files_read += 1;
        match read {
            Read::Nothing(bytes) => self.bytes_read += bytes,
            Read::NotUtf8(bytes) => {
                self.bytes_read += bytes;
                self.not_utf8.push(candidate.path.clone());
            }
            Read::Mentions(bytes, mentions) => {
                self.bytes_read += bytes;
                self.residue.extend(mentions);
            }
            Read::Unreadable(error) => self.unreadable.push(error),
            Read::Outcome(text, outcome, mentions) => {
                self.bytes_read += text.len();
                self.work += outcome.work;
                self.note_unparsed(candidate, &text, &outcome.unparsed);
                let path = candidate.path.clone();
                let outcome = *outcome;
                return Some(FileResult { path, text, outcome, is_new: false, mentions });
            }
        }
        None
    }

    fn note_unparsed(&mut self, file: &Candidate, text: &str, unparsed: &[unbroken::Unparsed]) {
        if unparsed.is_empty() {
            return;
        }
        let (lines, path) = (LineIndex::new(text), &file.path);
        for unparsed in unparsed {
            let at = lines.line_col(unparsed.at);
            if unparsed.is_too_deep {
                self.unreadable.push(format!(
                    "{}:{}:{}: code is nested too deeply to be looked at",
                    path.display(),
                    at.line,
                    at.column
                ));
            } else {
                self.unparsed.push(Unparsed { path: path.clone(), at });
            }
        }
    }

    pub(super) fn keep(&mut self, mut file: FileResult, emit: Emit<'_>) -> Result<()> {
        self.residue.append(&mut file.mentions);
        if !file.outcome.is_empty() {
            emit(&file)?;
            self.files.push(file);
        }
        Ok(())
    }

    /// Who owns the files with old names in them. Without a CODEOWNERS nobody does.
    pub(super) fn name_owners(&mut self, root: &Path) {
        if self.residue.is_empty() {
            return;
        }
        let owners = Owners::read(root).unwrap_or_default();
        for mention in &mut self.residue {
            let of = owners.of(Path::new(&mention.path));
            mention.owners = of.into_iter().map(str::to_owned).collect();
        }
    }
}
