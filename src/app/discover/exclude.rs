//! What git leaves out: .gitignore files, and the repository's own `info/exclude`.
//!
//! Comes in: the folders of a walk, from the root down. Goes out: whether a path is excluded. Ignore
//! files of the user's own (`core.excludesFile`) have no say, so that all machines see the same.

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The rules that hold in a folder: those of its own .gitignore, then those from above. No rules:
/// `None`.
pub(super) type Rules = Option<Arc<Level>>;

/// The rules of one file.
#[derive(Debug)]
pub(super) struct Level {
    matcher: Gitignore,
    above: Rules,
}

/// Whether the rules exclude `path`, given from the root. The folders above it were asked about
/// before: git, too, does not look into a folder that is excluded.
pub(super) fn excludes(rules: &Rules, path: &Path, is_dir: bool) -> bool {
    let mut next = rules;
    while let Some(level) = next {
        let verdict = level.matcher.matched(path, is_dir);
        if !verdict.is_none() {
            return verdict.is_ignore();
        }
        next = &level.above;
    }
    false
}

/// The rules in `folder` (from `root`), given those above it and the ignore file that adds to them.
pub(super) fn with_file(above: Rules, root: &Path, folder: &Path, file: &Path) -> Rules {
    let mut builder = GitignoreBuilder::new(folder);
    // As in git, a line or a file that cannot be read excludes nothing.
    drop(builder.add(root.join(file)));
    match builder.build() {
        Ok(matcher) if !matcher.is_empty() => Some(Arc::new(Level { matcher, above })),
        _ => above,
    }
}

/// The rules that a repository with its top at `folder` (from `root`) begins with: nothing from
/// above, and what `info/exclude` says.
pub(super) fn of_repository(root: &Path, folder: &Path) -> Rules {
    let git_folder = git_folder(&root.join(folder).join(".git"));
    with_file(None, root, folder, &git_folder.join("info/exclude"))
}

/// The folder of a repository's own files: `.git`, or where a `.git` file leads to. A linked work
/// tree shares that of the main one, which the file `commondir` names ("git help
/// repository-layout").
fn git_folder(git: &Path) -> PathBuf {
    let named_in = |file: &Path, key: &str| {
        let text = fs::read_to_string(file).ok()?;
        Some(file.parent()?.join(text.trim_end().strip_prefix(key)?))
    };
    let own = named_in(git, "gitdir: ").unwrap_or_else(|| git.to_owned());
    named_in(&own.join("commondir"), "").unwrap_or(own)
}
