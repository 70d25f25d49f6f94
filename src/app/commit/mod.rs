//! Commits. Comes in: the result of a run, and by what it is to be cut up. Goes out: steps, each a
//! message and the files that it changes, which lead one after the other from the files as they
//! were to the result; as commits, or as a series that `git am` takes.
//!
//! By rules, step k is what the first k rules alone make of the files. Where that is not what the
//! run has made with all rules, since one of them builds on another or stands in its way, they share
//! a step. go.mod and go.work come last.

mod make;
mod message;
mod series;
mod stages;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;

pub use self::make::{Start, author, commit, start, unstage};
pub use self::message::Message;
pub use self::series::series;
use self::stages::{Stage, stages};
use super::changes::changed;
use super::cli::CommitBy;
use super::run::{FileResult, RunOptions, RunResult};
use crate::engine::fix::FixStatus;
use crate::rule::compiled::RuleSet;
use crate::text::EditSet;

/// One commit.
#[derive(Debug)]
pub struct Step<'r> {
    /// What it says.
    pub message: Message,
    /// The files that it changes, in the order of the run; never empty.
    pub files: Vec<StepFile<'r>>,
}

/// A file of a step. Both sets of edits speak of its text before the run.
#[derive(Debug)]
pub struct StepFile<'r> {
    /// The file.
    pub file: &'r FileResult,
    /// What earlier steps have done to it.
    before: Cow<'r, EditSet>,
    /// What they and this one have.
    after: Cow<'r, EditSet>,
}

impl StepFile<'_> {
    /// Its text before the step.
    pub fn text_before(&self) -> String {
        self.before.apply(&self.file.text)
    }

    /// Its text after the step.
    pub fn text_after(&self) -> String {
        self.after.apply(&self.file.text)
    }

    /// What the step does to the text before it.
    pub fn edits(&self) -> EditSet {
        self.before.inverted(&self.file.text).then(&self.after).trimmed(&self.text_before())
    }

    /// Whether the step creates the file.
    pub fn is_new(&self) -> bool {
        self.file.is_new && self.before.is_empty()
    }

    /// Whether the file is as the run leaves it after the step.
    pub fn is_last(&self) -> bool {
        *self.after == self.file.outcome.edits
    }
}

/// Cuts the result of a run up into steps; none where it changes nothing.
///
/// # Errors
/// The files cannot be looked at once more.
pub fn steps<'r>(
    options: &RunOptions,
    rules: &RuleSet,
    result: &'r RunResult,
    by: CommitBy,
) -> Result<Vec<Step<'r>>> {
    let mut steps = match by {
        CommitBy::Once => {
            let files: Vec<StepFile<'_>> = changed(result).map(whole).collect();
            let all = step(files, |done| Message::of_run(rules, done));
            return Ok(all.into_iter().collect());
        }
        CommitBy::Package => by_package(rules, result),
        CommitBy::Rule => by_rule(options, rules, result)?,
    };
    let go_mods = changed(result).filter(|file| is_module_file(&file.path));
    let files: Vec<StepFile<'_>> = go_mods.map(whole).collect();
    steps.extend(step(files, |done| Message::of_modules(rules, done)));
    Ok(steps)
}

/// A step for the code of each package.
fn by_package<'r>(rules: &RuleSet, result: &'r RunResult) -> Vec<Step<'r>> {
    let mut packages: BTreeMap<&Path, Vec<StepFile<'_>>> = BTreeMap::new();
    for file in code_files(result) {
        let folder = file.path.parent().unwrap_or(Path::new(""));
        packages.entry(folder).or_default().push(whole(file));
    }
    let steps = packages
        .into_iter()
        .filter_map(|(folder, files)| step(files, |done| Message::of_package(rules, folder, done)));
    steps.collect()
}

/// A step for the code of each rule, or of rules that belong together.
fn by_rule<'r>(
    options: &RunOptions,
    rules: &RuleSet,
    result: &'r RunResult,
) -> Result<Vec<Step<'r>>> {
    let mut steps = Vec::new();
    let mut before: BTreeMap<&Path, Cow<'_, EditSet>> = BTreeMap::new();
    for Stage { rules: of_stage, mut edits } in stages(options, rules, result)? {
        let mut files = Vec::new();
        for file in code_files(result) {
            let after = match edits.as_mut() {
                Some(edits) => Cow::Owned(edits.remove(&file.path).unwrap_or_default()),
                None => Cow::Borrowed(&file.outcome.edits),
            };
            let was = before.insert(&file.path, after.clone()).unwrap_or_default();
            if was != after {
                files.push(StepFile { file, before: was, after });
            }
        }
        steps.extend(step(files, |_| {
            let mut done = done(changed(result));
            done.retain(|done| of_stage.contains(&done.rule));
            Message::of_rules(rules, &done)
        }));
    }
    Ok(steps)
}

/// What a rule has done: counts of a commit's message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// The rule, as an index into the rule set.
    pub rule: usize,
    /// How many sites it has changed.
    pub sites: usize,
    /// In how many files.
    pub files: usize,
}

/// What has been done in the files, by rule.
fn done<'r>(files: impl Iterator<Item = &'r FileResult>) -> Vec<Done> {
    let mut by_rule: BTreeMap<usize, Done> = BTreeMap::new();
    for file in files {
        let applied = file.outcome.sites.iter().filter(|s| s.status == FixStatus::Applied);
        let mut rules: Vec<usize> = applied.map(|site| site.rule).collect();
        rules.sort_unstable();
        for of_rule in rules.chunk_by(|a, b| a == b) {
            let rule = of_rule[0];
            let done = by_rule.entry(rule).or_insert(Done { rule, sites: 0, files: 0 });
            done.sites += of_rule.len();
            done.files += 1;
        }
    }
    by_rule.into_values().collect()
}

fn whole(file: &FileResult) -> StepFile<'_> {
    StepFile { file, before: Cow::Owned(EditSet::new()), after: Cow::Borrowed(&file.outcome.edits) }
}

/// The step that changes these files; nothing without any.
fn step(files: Vec<StepFile<'_>>, message: impl FnOnce(&[Done]) -> Message) -> Option<Step<'_>> {
    let message = (!files.is_empty()).then(|| message(&done(files.iter().map(|f| f.file))))?;
    Some(Step { message, files })
}

/// Whether it is a go.mod or go.work: these follow the code.
fn is_module_file(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "go.mod" || name == "go.work")
}

/// The files that the run changes, beside go.mod and go.work.
fn code_files(result: &RunResult) -> impl Iterator<Item = &FileResult> {
    changed(result).filter(|file| !is_module_file(&file.path))
}
