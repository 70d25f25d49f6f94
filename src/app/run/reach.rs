//! Files that hold text which flows to places in other files of their package. Comes in: the files of
//! a run. Goes out: for each such file the rules about strings that have something to do there,
//! whatever else stands in it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::worker::{Worker, shown};
use crate::app::discover::{Candidate, FileKind};
use crate::app::scan::Scan;
use crate::engine::prefilter::RuleMask;
use crate::go::source::SourceFile;
use crate::rule::compiled::Action;
use crate::text::as_text;

/// The rules, by path.
pub(super) fn reached(worker: &Worker<'_>, sources: &[Candidate]) -> BTreeMap<String, Vec<usize>> {
    let rules = &worker.rewriter.rules.rules;
    if !rules.iter().any(|rule| matches!(rule.action, Action::String(_))) {
        return BTreeMap::new();
    }
    let is_go = |file: &&Candidate| file.kind == FileKind::Go;
    let listed = sources.par_iter().filter(is_go).map_init(Vec::new, |buffer, candidate| {
        let bytes = match &candidate.scan {
            Scan::Bytes(bytes) => Some(bytes.as_slice()),
            Scan::NotRead => read(worker, &candidate.path, buffer),
            Scan::Nothing(_) | Scan::Unreadable(_) => None,
        };
        bytes.map_or_else(Vec::new, |bytes| from(worker, &candidate.path, bytes))
    });
    let mut found: Vec<(Arc<str>, usize)> = listed.flatten_iter().collect();
    let mut buffer = Vec::new();
    for path in neighbours(worker, sources) {
        if let Some(bytes) = read(worker, &path, &mut buffer) {
            found.extend(from(worker, &path, bytes));
        }
    }
    let mut reached: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (path, rule) in found {
        let rules = reached.entry(path.to_string()).or_default();
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    for rules in reached.values_mut() {
        rules.sort_unstable();
    }
    reached
}

/// The content of a file that may be of interest.
fn read<'b>(worker: &Worker<'_>, path: &Path, buffer: &'b mut Vec<u8>) -> Option<&'b [u8]> {
    worker.scanner.read(path, FileKind::Go, buffer).ok().filter(|wanted| *wanted)?;
    Some(buffer)
}

/// The other files that strings at places in this one flow from.
fn from(worker: &Worker<'_>, path: &Path, bytes: &[u8]) -> Vec<(Arc<str>, usize)> {
    let Some(text) = as_text(bytes) else { return Vec::new() };
    let name = shown(path);
    let force = worker.force(path, true, text);
    let Some(mut hits) = worker.rewriter.interest(&name, text, &force, &[]) else {
        return Vec::new();
    };
    let rules = &worker.rewriter.rules.rules;
    hits.rules.retain(|rule| matches!(rules[rule].action, Action::String(_)));
    if RuleMask::is_empty(&hits.rules) {
        return Vec::new();
    }
    worker.rewriter.reaches(&Arc::new(SourceFile::new(name.as_str(), text)), &hits)
}

/// The Go files beside those of a run that looks at some files only: what is done in a file must
/// not depend on which others are looked at.
fn neighbours(worker: &Worker<'_>, sources: &[Candidate]) -> Vec<PathBuf> {
    if worker.options.paths.is_empty() && worker.part.files.is_none() {
        return Vec::new();
    }
    let listed: BTreeSet<&Path> = sources.iter().map(|file| file.path.as_path()).collect();
    let go_files = sources.iter().filter(|file| file.kind == FileKind::Go);
    let folders: BTreeSet<&Path> = go_files.filter_map(|file| file.path.parent()).collect();
    let mut found = Vec::new();
    for folder in folders {
        let Ok(entries) = std::fs::read_dir(worker.options.root.join(folder)) else { continue };
        let names = entries.flatten().map(|entry| folder.join(entry.file_name()));
        let is_other = |path: &PathBuf| {
            path.extension().is_some_and(|e| e == "go") && !listed.contains(path.as_path())
        };
        found.extend(names.filter(is_other));
    }
    found.sort();
    found
}
