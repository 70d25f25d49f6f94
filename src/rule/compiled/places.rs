//! The files that a rule looks at. Comes in: a path. Goes out: whether the rule is for it.

use std::sync::Arc;

use globset::{GlobMatcher, GlobSet};

/// The files that a rule looks at. Rules that say the same share what was compiled of it.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The files that it is for; none: all.
    pub files: Option<Arc<GlobSet>>,
    /// Files, of these, that it leaves out.
    pub unless_files: Option<Arc<GlobSet>>,
    /// Folders whose files it leaves out.
    pub unless_folder: Option<Arc<UnlessFolder>>,
}

impl Places {
    /// Whether the globs admit the file at `path`, from the root. Folders beside others are not
    /// asked here: that takes a look at the disk.
    pub fn admit(&self, path: &str) -> bool {
        self.files.as_ref().is_none_or(|globs| globs.is_match(path))
            && self.unless_files.as_ref().is_none_or(|globs| !globs.is_match(path))
    }

    /// Whether it looks at every file.
    pub fn are_all(&self) -> bool {
        self.files.is_none() && self.unless_files.is_none() && self.unless_folder.is_none()
    }
}

/// Folders of one name that stand beside one of another name.
#[derive(Debug)]
pub struct UnlessFolder {
    /// The folder's name.
    pub named: GlobMatcher,
    /// The name of the other folder.
    pub beside: GlobMatcher,
    /// In how many folders above them the files are left out, too, without what else is below.
    pub above: usize,
    /// Whether Go files of one folder that differ in the first word of their names are told apart in
    /// the same way.
    pub file_names: bool,
}
