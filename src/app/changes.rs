//! From the result of a run to files. Comes in: what the rules made of every file. Goes out: the
//! refusal where work would be lost, or the files, written in units that build.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;

use super::config::LoadedRules;
use super::digest::Digest;
use super::disk::OsDisk;
use super::git::{DirtyState, dirty_files};
use super::journal::Sites;
use super::output::summary::{shown, thousands};
use super::run::{FileResult, RunResult};
use super::tidy::TidiedFile;
use super::transaction::{About, Transaction, Write, Written};
use crate::engine::fix::FixStatus;
use crate::rule::compiled::RuleSet;

/// So many files are named where a run is refused for them; of more there is the number.
const DIRTY_SHOWN: usize = 20;

/// Takes the lock of the repository at `root`, before anything is read.
///
/// # Errors
/// Another run is at work there, or the journal cannot be written.
pub fn open(root: &Path) -> Result<Transaction> {
    Transaction::open(Arc::new(OsDisk), root)
}

/// Files that would be written.
pub fn changed(result: &RunResult) -> impl Iterator<Item = &FileResult> {
    result.files.iter().filter(|f| !f.outcome.edits.is_empty())
}

/// Says which of the files to be written hold work that is not committed. What a run that was cut
/// off has written is no such work.
///
/// # Errors
/// Git refuses to look at the repository.
pub fn refuse_dirty(
    root: &Path,
    paths: &[PathBuf],
    transaction: &Transaction,
) -> Result<Option<String>> {
    if paths.is_empty() {
        return Ok(None);
    }
    let mut dirty = dirty_files(root, paths)?.unwrap_or_default();
    dirty.retain(|file| !transaction.is_unfinished_work(&file.path));
    if dirty.is_empty() {
        return Ok(None);
    }
    let mut text = String::from(
        "nothing was written: these files have changes that are not committed \
         (commit or stash them, or use --allow-dirty)",
    );
    for file in dirty.iter().take(DIRTY_SHOWN) {
        let state = match file.state {
            DirtyState::Modified => "modified",
            DirtyState::Staged => "staged",
            DirtyState::Unmerged => "unmerged",
            DirtyState::Untracked => "untracked",
        };
        let path = shown(&file.path.display().to_string());
        text.push_str(&format!("\n  {path} ({state})"));
    }
    if dirty.len() > DIRTY_SHOWN {
        let more = thousands(dirty.len() - DIRTY_SHOWN);
        text.push_str(&format!("\n  and {more} more (git status lists all that changed)"));
    }
    Ok(Some(text))
}

/// What the journal says of a run with these rules.
///
/// # Errors
/// The current folder is gone.
pub fn about(loaded: &LoadedRules) -> Result<About> {
    Ok(About {
        command: std::env::args().skip(1).collect(),
        folder: std::env::current_dir()?,
        rules: rules_digest(loaded),
        detected: loaded.detected.clone(),
        packs: loaded.compiled.rules.packs.iter().map(|pack| pack.name.clone()).collect(),
    })
}

/// By which the same rules are known again.
pub fn rules_digest(loaded: &LoadedRules) -> Digest {
    let mut all = Vec::new();
    for (path, text) in loaded.sources.iter() {
        // Writing to a vector cannot fail.
        let _ = write!(all, "{path}\n{}\n{text}", text.len());
    }
    Digest::of(&all)
}

/// Writes every changed file, each whole or not at all, and code together with its go.mod.
///
/// # Errors
/// The journal cannot be written; nothing else is then.
pub fn write(
    root: &Path,
    (result, rules): (&RunResult, &RuleSet),
    tidied: &[TidiedFile],
    transaction: Transaction,
    about: About,
) -> Result<Written> {
    transaction.write(&units(root, (result, rules), tidied), about)
}

/// The sites that are changed in a file, by the names of their rules.
fn sites(file: &FileResult, rules: &RuleSet) -> Sites {
    let mut sites = Sites::new();
    for site in file.outcome.sites.iter().filter(|site| site.status == FixStatus::Applied) {
        let name = rules.full_name(site.rule);
        sites.entry(name).or_default().push((site.span.start, site.span.end));
    }
    sites
}

/// The changed files, those together that only build together: a module whose go.mod changes is one
/// unit, and so are all such modules where a go.work changes with them.
fn units<'r>(
    root: &Path,
    (result, rules): (&'r RunResult, &RuleSet),
    tidied: &'r [TidiedFile],
) -> Vec<Vec<Write<'r>>> {
    let named = |file: &FileResult, name: &str| file.path.file_name().is_some_and(|n| n == name);
    let is_workspace = |file: &TidiedFile| root.join(&file.module).join("go.work").is_file();
    let workspace_changes =
        changed(result).any(|f| named(f, "go.work")) || tidied.iter().any(is_workspace);
    let mut modules = Modules { root, known: BTreeMap::new() };
    let mut by_module: BTreeMap<PathBuf, Vec<Write<'r>>> = BTreeMap::new();
    let mut units = Vec::new();
    for file in changed(result) {
        if tidied.iter().any(|t| t.path == file.path) {
            continue;
        }
        let new = Some(file.outcome.edits.apply(&file.text).into_bytes());
        let (old, sites) = ((!file.is_new).then_some(file.text.as_bytes()), sites(file, rules));
        let write = Write { path: &file.path, old, new, sites };
        let of_file = modules.of(&file.path).filter(|m| result.changed_modules.contains(m));
        let all = || (workspace_changes && named(file, "go.work")).then(PathBuf::new);
        match of_file.or_else(all) {
            Some(module) => {
                let unit = if workspace_changes { PathBuf::new() } else { module };
                by_module.entry(unit).or_default().push(write);
            }
            None => units.push(vec![write]),
        }
    }
    for file in tidied {
        let unit = if workspace_changes { PathBuf::new() } else { file.module.clone() };
        let of_rules = changed(result).find(|changed| changed.path == file.path);
        let sites = of_rules.map_or_else(Sites::new, |changed| sites(changed, rules));
        let (old, new) = (file.old.as_deref(), file.new.clone());
        by_module.entry(unit).or_default().push(Write { path: &file.path, old, new, sites });
    }
    units.extend(by_module.into_values());
    units
}

/// Which folder above a file has a go.mod.
struct Modules<'a> {
    root: &'a Path,
    known: BTreeMap<PathBuf, bool>,
}

impl Modules<'_> {
    fn of(&mut self, path: &Path) -> Option<PathBuf> {
        let has_go_mod = |folder: &&Path| {
            let ask = || self.root.join(folder).join("go.mod").is_file();
            *self.known.entry(folder.to_path_buf()).or_insert_with(ask)
        };
        path.ancestors().skip(1).find(has_go_mod).map(Path::to_path_buf)
    }
}
