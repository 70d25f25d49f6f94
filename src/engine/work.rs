//! Work: what a run parsed for its rules. Comes in: source files after they were looked at. Goes out:
//! counts that are the same on every machine and for any number of threads, so that a test can hold them where a clock could not.

use std::ops::AddAssign;

use crate::go::source::SourceFile;

/// What was parsed, all rounds together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Files of which a declaration was parsed, a file that is looked at again once more.
    pub files: usize,
    /// Declarations.
    pub declarations: usize,
    /// Bytes of these declarations.
    pub bytes: usize,
}

impl Work {
    /// What of `file` has been parsed so far.
    pub fn of(file: &SourceFile) -> Self {
        let mut work = Self::default();
        for decl in file.looked_into() {
            work.declarations += 1;
            work.bytes += file.outline().decls[decl].span.len();
        }
        work.files = usize::from(work.declarations > 0);
        work
    }
}

impl AddAssign for Work {
    fn add_assign(&mut self, other: Self) {
        self.files += other.files;
        self.declarations += other.declarations;
        self.bytes += other.bytes;
    }
}
