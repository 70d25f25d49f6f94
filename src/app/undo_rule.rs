//! Undoing what some rules have done. Comes in: a run in the journal, and names of rules. Goes out:
//! its files as the run would have left them without these rules.
//!
//! The run is done again from the files as they were before it, over the sites that it has changed,
//! once with all of its rules and once without. The first result must be what the run has written:
//! otherwise something outside of the files is not as it was, and nothing is changed.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use clap::Parser as _;

use super::apply::run_options;
use super::changes::rules_digest;
use super::cli::{ApplyArgs, Cli, Command};
use super::config::{Asked, LoadedRules, load};
use super::dependencies::dependencies;
use super::digest::Content;
use super::disk::Disk;
use super::journal::{Entry, Event, Run, RunState};
use super::part::{Earlier, ModuleState, Part};
use super::root::{Root, find_root};
use super::run::{RunOptions, run_part};
use super::transaction::Failure;
use super::undo::Undone;
use super::write::{Change, FileWriter};
use crate::text::Span;

/// Takes back what the rules named `asked` have done in a run. Whoever calls has the lock; the
/// current folder becomes the one that the run was started in.
///
/// # Errors
/// The run did not end, has not used such a rule, or cannot be done again; the journal cannot be
/// written.
pub fn undo_rules(
    disk: &Arc<dyn Disk>,
    root: &Path,
    run: &mut Run,
    asked: &[String],
    wanted: &[PathBuf],
) -> Result<Undone> {
    if run.state() != RunState::Finished {
        bail!("the run {} did not end: it can only be undone as a whole", run.plan.id);
    }
    let rules = full_names(run, asked)?;
    let mut off: BTreeSet<String> = run.undone_rules().into_iter().map(str::to_owned).collect();
    off.extend(rules.iter().cloned());
    let again = Again::of(root, run)?;
    let entries = entries_of(run, &rules, wanted);
    let files = files_for(run, &entries);
    let with = again.contents(&files, &BTreeSet::new())?;
    let without = again.contents(&files, &off)?;
    let mut undone = Undone::default();
    let mut planned = Vec::new();
    for entry in &entries {
        let path = &entry.path.0;
        let (old, new) = (with.get(path).cloned().flatten(), without.get(path).cloned().flatten());
        if is_created(entry) && !is_by(entry, &rules) && old == new {
            continue;
        }
        match against(entry, old.as_deref(), new.as_deref(), &rules) {
            Some(reason) => undone.refused.push(Failure { path: path.clone(), reason }),
            None => planned.push((entry, new)),
        }
    }
    let contents = planned.iter().map(|(e, new)| (e.path.clone(), content(new.as_deref())));
    let contents = contents.collect();
    run.record(Event::RulesUndone { rules, files: contents })?;
    let writer = FileWriter::on(disk.clone(), root, &run.plan.id.to_string())?;
    for (entry, new) in planned {
        put(&writer, run, entry, new.as_deref(), &mut undone);
    }
    writer.sync_folders_of(undone.restored.iter().map(PathBuf::as_path))?;
    Ok(undone)
}

/// The files of a run that may change when these rules are taken back: those that they have changed,
/// and those that were created, which nothing may use then.
fn entries_of(run: &Run, rules: &[String], wanted: &[PathBuf]) -> Vec<Entry> {
    let is_wanted = |path: &Path| wanted.is_empty() || wanted.iter().any(|w| path.starts_with(w));
    let may_change = |entry: &&Entry| is_created(entry) || is_by(entry, rules);
    let entries = run.plan.files.iter().filter(may_change);
    entries.filter(|entry| is_wanted(&entry.path.0)).cloned().collect()
}

/// The files that have to be looked at for these. Whether a created one is used, all code of the run
/// decides.
fn files_for(run: &Run, entries: &[Entry]) -> BTreeSet<PathBuf> {
    let all = entries.iter().any(is_created);
    let files = if all { &run.plan.files[..] } else { entries };
    files.iter().map(|entry| entry.path.0.clone()).collect()
}

/// Whether one of these rules has changed the file.
fn is_by(entry: &Entry, rules: &[String]) -> bool {
    rules.iter().any(|rule| entry.sites.contains_key(rule))
}

/// Whether the run has made the file, for what its rules have changed elsewhere.
fn is_created(entry: &Entry) -> bool {
    entry.before.is_none() && !entry.sites.is_empty()
}

/// What is against making `new` of a file that the run has made `old`.
fn against(
    entry: &Entry,
    old: Option<&[u8]>,
    new: Option<&[u8]>,
    rules: &[String],
) -> Option<String> {
    let shown = entry.path.0.display();
    if content(old) != entry.after {
        return Some(format!(
            "{shown}: what the run has made of it cannot be made again; undo it as a whole"
        ));
    }
    let is_used = is_created(entry) && new.is_some();
    (is_used && is_by(entry, rules)).then(|| {
        format!("{shown} is used by what other rules have changed: undo those, or undo it by path")
    })
}

fn content(bytes: Option<&[u8]>) -> Content {
    bytes.map_or(Content::Absent, Content::of)
}

/// Writes a file that holds the run's own work, or takes it away.
fn put(writer: &FileWriter, run: &Run, entry: &Entry, new: Option<&[u8]>, undone: &mut Undone) {
    let path = entry.path.0.clone();
    let written = writer.now(&path).and_then(|now| {
        if now == content(new) {
            return Ok(false);
        }
        if !run.accepted(entry).contains(&now) {
            bail!("{} was edited after the run", path.display());
        }
        let accepts = [now];
        let change = Change { path: &path, accepts: Some(&accepts), new, attributes: None };
        writer.commit(writer.stage(&change)?).map(|()| true)
    });
    match written {
        Ok(true) => undone.restored.push(path),
        Ok(false) => undone.already += 1,
        Err(error) => undone.refused.push(Failure { path, reason: format!("{error:#}") }),
    }
}

/// The names of the rules as the journal has them.
fn full_names(run: &Run, asked: &[String]) -> Result<Vec<String>> {
    let counts = run.counts();
    let mut names = Vec::new();
    for asked in asked {
        let is_meant = |name: &&str| {
            *name == asked || name.rsplit_once('/').is_some_and(|(_, id)| id == asked)
        };
        let found: Vec<&str> = counts.keys().copied().filter(is_meant).collect();
        match found.as_slice() {
            [name] => names.push((*name).to_owned()),
            [] => {
                let all = counts.keys().copied().collect::<Vec<_>>().join(", ");
                bail!("the run {} has changed nothing by {asked}: its rules are {all}", run.plan.id)
            }
            several => bail!("{asked} is not clear: say {}", several.join(" or ")),
        }
    }
    Ok(names)
}

/// A run that is done again.
struct Again {
    loaded: LoadedRules,
    options: RunOptions,
    earlier: Earlier,
    /// By path, rule and place: the sites that the run has changed.
    sites: HashSet<(PathBuf, usize, Span)>,
    modules: Vec<ModuleState>,
}

impl Again {
    /// Reads the rules and options of a run again, and looks at the repository as it was before it.
    fn of(root: &Path, run: &Run) -> Result<Self> {
        let words = std::iter::once("dmmigrate").chain(run.plan.command.iter().map(String::as_str));
        let cli = Cli::try_parse_from(words).context("the run's command line is not understood")?;
        let Command::Apply(args) = cli.command else { bail!("the run is none of `apply`") };
        let folder = &run.plan.folder.0;
        std::env::set_current_dir(folder)
            .with_context(|| format!("{} is gone, where the run was started", folder.display()))?;
        let loaded = rules_of(&args, folder, run)?;
        let options = run_options(&args, &loaded, root.to_path_buf());
        let old = run.old_bytes()?;
        let earlier = run.plan.files.iter().map(|entry| {
            let before = entry.before.as_ref();
            let bytes =
                before.map(|before| old[before.offset..before.offset + before.len].to_vec());
            (entry.path.0.clone(), bytes)
        });
        let earlier: Earlier = earlier.collect();
        let sites = sites(run, &loaded);
        let mut again = Self { loaded, options, earlier, sites, modules: Vec::new() };
        again.modules = again.modules_before()?;
        Ok(again)
    }

    /// What is known of the modules. The run held back nothing of what it has changed.
    fn modules_before(&self) -> Result<Vec<ModuleState>> {
        let part = Part { earlier: Some(&self.earlier), ..Part::default() };
        let rules = &self.loaded.compiled.rules;
        let result = run_part(&self.options, rules, part, &mut |_| Ok(()))?;
        let mut modules = result.modules;
        for module in &mut modules {
            module.held.clear();
            module.code.left.fill(0);
        }
        Ok(modules)
    }

    /// What the run makes of these files without some rules.
    fn contents(&self, files: &BTreeSet<PathBuf>, off: &BTreeSet<String>) -> Result<Earlier> {
        let rules = &self.loaded.compiled.rules;
        let on = (0..rules.rules.len()).filter(|&r| !off.contains(&rules.full_name(r))).collect();
        let takes = |path: &Path, rule: usize, span: Span| {
            self.sites.contains(&(path.to_path_buf(), rule, span))
        };
        let part = Part {
            sites: Some(&takes),
            rules: Some(&on),
            files: Some(files),
            earlier: Some(&self.earlier),
            known: Some(&self.modules),
            ..Part::default()
        };
        let result = run_part(&self.options, rules, part, &mut |_| Ok(()))?;
        // Where nothing is left to do, the file is as before the run.
        let mut contents: Earlier =
            files.iter().filter_map(|p| Some((p.clone(), self.earlier.get(p)?.clone()))).collect();
        for file in result.files.iter().filter(|file| files.contains(&file.path)) {
            let new = file.outcome.edits.apply(&file.text).into_bytes();
            contents.insert(file.path.clone(), Some(new));
        }
        Ok(contents)
    }
}

/// The rules of a run, which must be what they were.
fn rules_of(args: &ApplyArgs, folder: &Path, run: &Run) -> Result<LoadedRules> {
    let at: Root = find_root(args.paths.first().map_or(folder, PathBuf::as_path))?;
    let mut request = args.selection.request(folder);
    // What the repository uses may be another library now.
    request.sources.extend(run.plan.detected.iter().cloned().map(Asked::Pack));
    let loaded = load(&at.folder, &request, &|| dependencies(&at, &args.paths));
    let digest = rules_digest(&loaded);
    if loaded.has_errors() || digest != run.plan.rules {
        bail!(
            "the rules are not those of the run {} any more: one rule alone cannot be taken back \
             (`dmmigrate undo` takes back the run)",
            run.plan.id
        );
    }
    Ok(loaded)
}

/// The sites that a run has changed.
fn sites(run: &Run, loaded: &LoadedRules) -> HashSet<(PathBuf, usize, Span)> {
    let rules = &loaded.compiled.rules;
    let numbers: BTreeMap<String, usize> =
        (0..rules.rules.len()).map(|rule| (rules.full_name(rule), rule)).collect();
    let mut sites = HashSet::new();
    for entry in &run.plan.files {
        for (name, places) in &entry.sites {
            let Some(&rule) = numbers.get(name) else { continue };
            let all = places.iter().filter(|(start, end)| start <= end);
            sites.extend(all.map(|&(s, e)| (entry.path.0.clone(), rule, Span::new(s, e))));
        }
    }
    sites
}
