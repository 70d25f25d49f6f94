//! Stages by rule. Comes in: the result of a run. Goes out: the rules of each step with what they and
//! all earlier ones make of the files. A stage is looked at by running its rules alone, over the
//! sites that the whole run has changed; where something else comes of that, the next rule joins in.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::code_files;
use crate::app::part::Part;
use crate::app::run::{FileResult, RunOptions, RunResult, run_part};
use crate::engine::fix::FixStatus;
use crate::rule::compiled::RuleSet;
use crate::text::{EditSet, Span};

/// The rules of a step, and the code after it.
pub(super) struct Stage {
    /// As indices; never empty.
    pub(super) rules: BTreeSet<usize>,
    /// By path, all edits up to here; `None`: those of the run.
    pub(super) edits: Option<BTreeMap<PathBuf, EditSet>>,
}

/// A site that was changed: its file, rule and place before the run.
type Site<'r> = (&'r Path, usize, Span);

/// The stages of the code of a run; go.mod and go.work are none of their business.
pub(super) fn stages(
    options: &RunOptions,
    rules: &RuleSet,
    result: &RunResult,
) -> Result<Vec<Stage>> {
    let files: BTreeSet<PathBuf> = code_files(result).map(|file| file.path.clone()).collect();
    let all: HashSet<Site<'_>> = code_files(result).flat_map(applied).collect();
    let order: BTreeSet<usize> = all.iter().map(|(_, rule, _)| *rule).collect();
    let (Some(&last), takes) =
        (order.last(), |path: &Path, rule, span| all.contains(&(path, rule, span)))
    else {
        return Ok(Vec::new());
    };
    let mut stages = Vec::new();
    let (mut so_far, mut of_stage) = (BTreeSet::new(), BTreeSet::new());
    for &rule in &order {
        so_far.insert(rule);
        of_stage.insert(rule);
        let edits = if rule == last {
            None
        } else {
            let part = Part {
                sites: Some(&takes),
                rules: Some(&so_far),
                files: Some(&files),
                known: Some(&result.modules),
                ..Part::default()
            };
            let alone = run_part(options, rules, part, &mut |_| Ok(()))?;
            let done: HashSet<Site<'_>> = code_files(&alone).flat_map(applied).collect();
            let wanted = all.iter().filter(|(_, rule, _)| so_far.contains(rule));
            if done.len() != wanted.clone().count() || !wanted.clone().all(|s| done.contains(s)) {
                continue;
            }
            let edits = alone.files.into_iter().map(|file| (file.path, file.outcome.edits));
            Some(edits.collect())
        };
        stages.push(Stage { rules: std::mem::take(&mut of_stage), edits });
    }
    Ok(stages)
}

fn applied(file: &FileResult) -> impl Iterator<Item = Site<'_>> {
    let applied = file.outcome.sites.iter().filter(|s| s.status == FixStatus::Applied);
    applied.map(|site| (file.path.as_path(), site.rule, site.span))
}
