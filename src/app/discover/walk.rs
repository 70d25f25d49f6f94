//! The walk: folders are listed by many threads at once.
//!
//! Comes in: starting points. Goes out: candidates, in no order. A folder is listed once; the names
//! in it decide before git's rules are asked, since most files are of no interest anyway.

use super::exclude::{self, Rules};
use super::{Candidate, DiscoverOptions, Discovery, FileKind, Look, Scan, TextGlobs};
use crate::app::residue::may_mention;
use crate::app::root::is_git_top;
use rayon::Scope;
use std::ffi::{OsStr, OsString};
use std::fs::{self, FileType};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Walks from each of `starts` (absolute, below the root) on the current thread pool.
pub(super) fn walk(options: &DiscoverOptions<'_>, look: Look<'_>, starts: &[PathBuf]) -> Discovery {
    let walk = Walk { options, look, found: Mutex::new(Discovery::default()) };
    rayon::scope(|scope| {
        for start in starts {
            walk.start(scope, start);
        }
    });
    walk.found.into_inner().unwrap_or_else(PoisonError::into_inner)
}

struct Walk<'a> {
    options: &'a DiscoverOptions<'a>,
    look: Look<'a>,
    found: Mutex<Discovery>,
}

/// A folder that is to be listed.
struct Folder {
    /// Path from the root.
    path: PathBuf,
    /// What git leaves out of the folder that it is in.
    above: Rules,
    /// Go skips it: it is open for text alone.
    set_aside: bool,
}

impl Walk<'_> {
    /// Begins at a path that the user named; neither its name nor git's rules shut it out.
    fn start<'s>(&'s self, scope: &Scope<'s>, start: &Path) {
        let path = start.strip_prefix(self.options.root).unwrap_or(start);
        if start.is_dir() {
            let folder =
                Folder { path: path.to_owned(), above: self.rules_above(path), set_aside: false };
            scope.spawn(move |scope| self.list(scope, folder));
        } else if start.is_file()
            && let Some(kind) = kind(path, false, self.options.texts)
        {
            let candidate = Candidate { path: path.to_owned(), kind, scan: Scan::NotRead };
            self.add(Discovery { files: vec![candidate], ..Discovery::default() });
        }
    }

    /// The rules that hold in the folder above a starting point, or none where they exclude it.
    fn rules_above(&self, path: &Path) -> Rules {
        if self.options.no_ignore {
            return None;
        }
        let above: Vec<&Path> = path.ancestors().skip(1).collect();
        let mut rules = None;
        for folder in above.into_iter().rev() {
            if exclude::excludes(&rules, folder, true) {
                return None;
            }
            let has =
                |name: &str| self.options.root.join(folder).join(name).symlink_metadata().is_ok();
            rules = self.rules_in(rules, folder, has(".git"), has(".gitignore"));
        }
        if exclude::excludes(&rules, path, true) { None } else { rules }
    }

    /// The rules in a folder of which it is known whether it has the two names.
    fn rules_in(&self, above: Rules, folder: &Path, git: bool, gitignore: bool) -> Rules {
        let root = self.options.root;
        let above = if git && is_git_top(&root.join(folder)) {
            exclude::of_repository(root, folder)
        } else {
            above
        };
        // Like git, follow no link: it could lead out of the repository.
        let file = folder.join(".gitignore");
        if gitignore && root.join(&file).symlink_metadata().is_ok_and(|meta| meta.is_file()) {
            exclude::with_file(above, root, folder, &file)
        } else {
            above
        }
    }

    /// Lists a folder, and spawns the listing of those in it.
    fn list<'s>(&'s self, scope: &Scope<'s>, folder: Folder) {
        let mut found = Discovery::default();
        let path = self.options.root.join(&folder.path);
        let entries = match entries(&path) {
            Ok(entries) => entries,
            Err(error) => {
                found.unreadable.push(format!("{}: {error}", path.display()));
                return self.add(found);
            }
        };
        let rules = if self.options.no_ignore {
            None
        } else {
            let has = |name: &str| entries.iter().any(|(entry, _)| entry == name);
            self.rules_in(folder.above, &folder.path, has(".git"), has(".gitignore"))
        };
        for (name, file_type) in entries {
            let path = folder.path.join(&name);
            if self.options.not.contains(&path) {
                continue;
            }
            if file_type.is_file() {
                let kind = kind(&path, folder.set_aside || is_set_aside(&name), self.options.texts);
                if let Some(kind) = kind
                    && !exclude::excludes(&rules, &path, false)
                {
                    found.files.push(Candidate { path, kind, scan: Scan::NotRead });
                }
            } else if file_type.is_dir()
                && self.may_hold_candidates(&name)
                && !exclude::excludes(&rules, &path, true)
            {
                if name == "vendor" && !self.options.include_vendor {
                    found.files.extend(self.list_of_vendored(&path));
                    found.skipped_vendor.push(path);
                    continue;
                }
                let set_aside = folder.set_aside || is_set_aside(&name);
                let folder = Folder { path, above: rules.clone(), set_aside };
                scope.spawn(move |scope| self.list(scope, folder));
            }
        }
        // The folders in it are under way by now.
        let mut buffer = Vec::new();
        for file in &mut found.files {
            file.scan = (self.look)(&file.path, file.kind, &mut buffer);
        }
        self.add(found);
    }

    /// The list of modules in a vendor folder that is skipped.
    fn list_of_vendored(&self, vendor: &Path) -> Option<Candidate> {
        let path = vendor.join("modules.txt");
        let is_file =
            || self.options.root.join(&path).symlink_metadata().is_ok_and(|m| m.is_file());
        let wanted = self.options.texts.others && is_file();
        wanted.then_some(Candidate { path, kind: FileKind::Other, scan: Scan::NotRead })
    }

    /// Whether a folder of that name is looked into: as Go does, or because a glob names it.
    fn may_hold_candidates(&self, name: &OsStr) -> bool {
        let asked_for =
            || name.to_str().is_some_and(|name| self.options.texts.names.contains(name));
        name != ".git" && (!is_set_aside(name) || asked_for())
    }

    fn add(&self, more: Discovery) {
        // Adding cannot panic half-way, so a poisoned lock holds whole lists all the same.
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.files.extend(more.files);
        found.skipped_vendor.extend(more.skipped_vendor);
        found.unreadable.extend(more.unreadable);
    }
}

/// The names in a folder; of a symbolic link the type is just that.
fn entries(folder: &Path) -> io::Result<Vec<(OsString, FileType)>> {
    let name_and_type = |entry: io::Result<fs::DirEntry>| {
        let entry = entry?;
        Ok((entry.file_name(), entry.file_type()?))
    };
    fs::read_dir(folder)?.map(name_and_type).collect()
}

/// Whether Go skips files and folders of that name ("go help packages").
fn is_set_aside(name: &OsStr) -> bool {
    matches!(name.as_encoded_bytes().first(), Some(b'.' | b'_')) || name == "testdata"
}

/// What the file at `path` is, if it is of interest; `set_aside` says that Go would skip it.
fn kind(path: &Path, set_aside: bool, texts: &TextGlobs) -> Option<FileKind> {
    let go = match path.file_name()?.as_encoded_bytes() {
        b"go.mod" => FileKind::Module,
        b"go.work" => FileKind::Workspace,
        name if name.ends_with(b".go") => FileKind::Go,
        // Written by tools alone.
        name if name == b"go.sum" => return texts.others.then_some(FileKind::Other),
        name if name.ends_with(b".patch") => return None,
        _ if texts.set.is_match(path) => return Some(FileKind::Text),
        _ => return (texts.others && may_mention(path)).then_some(FileKind::Other),
    };
    (!set_aside).then_some(go)
}
