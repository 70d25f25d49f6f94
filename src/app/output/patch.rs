//! The patch of a run, as `git diff` would print it.

use std::path::Path;

use crate::app::run::FileResult;
use crate::text::{FileChange, FileMode, FilePatch};

/// Appends the patch of one file to `out`; nothing where there are no edits.
pub fn write_patch(file: &FileResult, out: &mut String) {
    let path = path_bytes(&file.path);
    let edits = &file.outcome.edits;
    let new = file.is_new.then(|| edits.apply(&file.text));
    let change = match &new {
        Some(new) => FileChange::Create { new, mode: FileMode::Regular },
        None => FileChange::Edit { old: &file.text, edits },
    };
    FilePatch { path: &path, change }.write_to(out);
}

/// The bytes of a path, as git knows it.
#[cfg(unix)]
pub fn path_bytes(path: &Path) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt as _;
    path.as_os_str().as_bytes().to_vec()
}

#[cfg(not(unix))]
pub fn path_bytes(path: &Path) -> Vec<u8> {
    path.to_string_lossy().replace('\\', "/").into_bytes()
}
