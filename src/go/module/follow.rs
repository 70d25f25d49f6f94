//! What follows a module to its new path: replacements, exclusions and tools.
//!
//! Comes in: the old and the new path. Goes out: changes to a draft, and the lines that cannot
//! follow, because no module of the new path can have their version or because the new path has
//! such a line already.

use super::draft::{Draft, tokens};
use super::syntax::{Syntax, quoted};
use super::{ModFile, Replace};
use crate::go::version::{GoVersion, PathMajor, Version, check_path_major};
use crate::text::Span;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// How the lines of most blocks are sorted (`modfile.compareLine`).
pub(super) fn by_tokens(a: &[String], b: &[String]) -> Ordering {
    a.cmp(b)
}

/// How exclude blocks are sorted from Go 1.21 on (`modfile.compareLineExclude`).
fn by_version(a: &[String], b: &[String]) -> Ordering {
    let version = |v: &str| Version::parse(v).ok();
    match (a, b) {
        ([a, v], [b, w]) => a.cmp(b).then_with(|| version(v).cmp(&version(w))),
        _ => by_tokens(a, b),
    }
}

/// Moves the left sides of replacements. Returns the lines that could not follow.
pub(super) fn move_replaces(
    syntax: &Syntax,
    draft: &mut Draft,
    replaces: &[Replace],
    old: &str,
    new: &str,
) -> Vec<Span> {
    let mut removed = Vec::new();
    let mut renamed = Renamed::default();
    for replace in replaces.iter().filter(|r| r.path == old) {
        let twin = replaces.iter().find(|r| r.path == new && r.version == replace.version);
        let fits = replace.version.as_ref().is_none_or(|v| check_path_major(new, v).is_ok());
        if let Some(twin) = twin.filter(|twin| twin.target == replace.target) {
            draft.merge_into(replace.at, twin.at);
        } else if twin.is_some() || !fits {
            draft.delete(replace.at);
            removed.push(replace.line);
        } else {
            renamed.rename(draft, replace.at, replace.path_span, new.to_owned());
        }
    }
    renamed.sort(syntax, draft, by_tokens);
    removed
}

/// Moves exclusions. One of the very version that is now required cannot follow.
pub(super) fn move_excludes(
    file: &ModFile,
    draft: &mut Draft,
    old: &str,
    new: &str,
    required: &Version,
) -> Vec<Span> {
    let mut removed = Vec::new();
    let mut renamed = Renamed::default();
    for exclude in file.excludes().iter().filter(|e| e.path == old) {
        let twin = file.excludes().iter().find(|e| e.path == new && e.version == exclude.version);
        if let Some(twin) = twin {
            draft.merge_into(exclude.at, twin.at);
        } else if exclude.version == *required || check_path_major(new, &exclude.version).is_err() {
            draft.delete(exclude.at);
            removed.push(exclude.line);
        } else {
            renamed.rename(draft, exclude.at, exclude.path_span, new.to_owned());
        }
    }
    let semantic = "1.21".parse::<GoVersion>().ok();
    let is_semantic = file.go_version().is_some() && file.go_version() >= semantic.as_ref();
    renamed.sort(&file.syntax, draft, if is_semantic { by_version } else { by_tokens });
    removed
}

/// Moves the tools that belong to the old module.
pub(super) fn move_tools(file: &ModFile, draft: &mut Draft, old: &str, new: &str) {
    let mut renamed = Renamed::default();
    for tool in file.tools().iter().filter(|t| file.owner_of(&t.path) == Some(old)) {
        let Some(rest) = within(&tool.path, old) else { continue };
        let path = format!("{new}{rest}");
        match file.tools().iter().find(|t| t.path == path) {
            Some(twin) => draft.merge_into(tool.at, twin.at),
            None => renamed.rename(draft, tool.at, tool.path_span, path),
        }
    }
    renamed.sort(&file.syntax, draft, by_tokens);
}

/// What follows `module` in `package`: empty, or from a slash on; `None` if it is elsewhere. A
/// module ends where a path goes on with `/vN`, which is another module.
pub(super) fn within<'a>(package: &'a str, module: &str) -> Option<&'a str> {
    let rest = package.strip_prefix(module)?;
    if rest.is_empty() {
        return Some(rest);
    }
    let element = rest.strip_prefix('/')?.split('/').next()?;
    let next = &package[..module.len() + 1 + element.len()];
    let is_major = PathMajor::split(next).is_some_and(|p| p.prefix == module);
    (!is_major).then_some(rest)
}

/// Lines that got a new path, with it.
#[derive(Default)]
struct Renamed {
    paths: BTreeMap<usize, String>,
}

impl Renamed {
    fn rename(&mut self, draft: &mut Draft, line: usize, token: Span, path: String) {
        draft.replace(token, &quoted(&path));
        self.paths.insert(line, path);
    }

    /// Puts the lines where the order of their blocks wants them.
    fn sort(
        &self,
        syntax: &Syntax,
        draft: &mut Draft,
        order: fn(&[String], &[String]) -> Ordering,
    ) {
        let key = |line: usize| {
            let mut key = tokens(syntax, line);
            if let (Some(first), Some(path)) = (key.first_mut(), self.paths.get(&line)) {
                first.clone_from(path);
            }
            key
        };
        for block in syntax.statements.iter().filter(|s| s.is_block) {
            let changed: BTreeSet<usize> =
                self.paths.keys().copied().filter(|line| block.lines.contains(line)).collect();
            if !changed.is_empty() {
                draft.sort_changed(block, &changed, key, order);
            }
        }
    }
}
