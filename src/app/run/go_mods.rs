//! go.mod and go.work, which follow the code: what may be raised is known only when all of a module's
//! code was looked at, and what may not holds the code back that needs it.

use std::collections::BTreeSet;

use anyhow::Result;

use super::result::{Emit, RunResult};
use super::worker::Worker;
use crate::app::part::ModuleState;
use crate::engine::fix::{FixStatus, Site};
use crate::engine::module::{ModuleCode, rewrite_go_mod, rewrite_go_work};
use crate::engine::rewrite::{FileOutcome, Force};
use crate::text::{EditSet, LineIndex};

impl Worker<'_> {
    /// What is known of every module, by this run or by one over all files.
    pub(super) fn states(&self, code: Vec<ModuleCode>) -> Vec<ModuleState> {
        let state = |(module, code): (usize, ModuleCode)| {
            let folder = &self.modules.get(module).folder;
            self.part.known_of(folder).cloned().unwrap_or_else(|| {
                let held = self.held_packs(module, &code);
                ModuleState { folder: folder.clone(), code, held }
            })
        };
        code.into_iter().enumerate().map(state).collect()
    }

    /// The packs whose go.mod rules cannot be applied in a module yet.
    fn held_packs(&self, module: usize, code: &ModuleCode) -> BTreeSet<usize> {
        let rules = self.rewriter.rules;
        let outcome = self.go_mod(module, code);
        let waits = |s: &&Site| matches!(s.status, FixStatus::HeldBack(_) | FixStatus::NotSelected);
        let held = outcome.sites.iter().filter(waits);
        held.map(|site| rules.rules[site.rule].pack).collect()
    }

    fn go_mod(&self, module: usize, code: &ModuleCode) -> FileOutcome {
        let module = self.modules.get(module);
        let work = module.workspace.map(|w| &self.modules.workspaces[w].file);
        let review = self.options.include_review;
        let force = self.part.force(&module.force);
        let (rules, today) = (self.rewriter.rules, self.rewriter.today);
        let outcome = rewrite_go_mod(&module.text, rules, &force, code, work, review, today);
        let path = module.folder.join("go.mod");
        let lines = LineIndex::new(&module.text);
        let takes = |s: &Site| self.part.takes_site(&path, &lines, s.rule, s.span);
        let selected = self.part.takes_file(&path, self.modules)
            && (!self.part.asks_sites() || outcome.sites.iter().all(takes));
        if selected {
            return outcome;
        }
        let added = added(&outcome);
        let outcome = not_selected(outcome);
        if added.is_empty() || self.part.sites.is_some() {
            return outcome;
        }
        let only = |(rule, &force): (usize, &Force)| {
            if added.contains(&rule) { force } else { Force::Off }
        };
        let force: Vec<Force> = force.iter().enumerate().map(only).collect();
        let with = rewrite_go_mod(&module.text, rules, &force, code, work, review, today);
        let mut sites: Vec<Site> =
            outcome.sites.into_iter().filter(|site| !added.contains(&site.rule)).collect();
        sites.extend(with.sites);
        FileOutcome { sites, edits: with.edits, ..outcome }
    }

    /// go.mod and go.work, once it is known what became of the code.
    pub(super) fn modules(
        &self,
        states: &[ModuleState],
        result: &mut RunResult,
        emit: Emit<'_>,
    ) -> Result<()> {
        let modules = self.modules;
        let mut by_folder: Vec<usize> = (0..modules.len()).collect();
        by_folder.sort_by_key(|&m| &modules.get(m).folder);
        let mut workspaces = vec![Followers::default(); modules.workspaces.len()];
        for index in by_folder {
            let module = modules.get(index);
            if !module.is_readable {
                continue;
            }
            let outcome = self.go_mod(index, &states[index].code);
            if let Some(workspace) = module.workspace {
                workspaces[workspace].add(&outcome);
            }
            if !self.part.module_in_shard(&module.path) {
                continue;
            }
            if !outcome.edits.is_empty() {
                result.changed_modules.push(module.folder.clone());
            }
            result.keep(self.whole(&module.folder.join("go.mod"), &module.text, outcome), emit)?;
        }
        for (workspace, followers) in modules.workspaces.iter().zip(&workspaces) {
            let follow = followers.follow();
            let outcome = rewrite_go_work(&workspace.text, self.rewriter.rules, &follow);
            if self.part.module_in_shard(&workspace.folder.to_string_lossy()) {
                let path = workspace.folder.join("go.work");
                result.keep(self.whole(&path, &workspace.text, outcome), emit)?;
            }
        }
        Ok(())
    }
}

/// The rules that a go.work could follow.
#[derive(Clone, Debug, Default)]
struct Followers {
    applied: BTreeSet<usize>,
    waiting: BTreeSet<usize>,
}

impl Followers {
    /// Adds what became of the go.mod of one of its modules.
    fn add(&mut self, outcome: &FileOutcome) {
        for site in &outcome.sites {
            match site.status {
                FixStatus::Applied => self.applied.insert(site.rule),
                FixStatus::HeldBack(_) | FixStatus::NotSelected => self.waiting.insert(site.rule),
                _ => false,
            };
        }
    }

    /// Those that no module waits with: what it replaces, such a module still needs.
    fn follow(&self) -> BTreeSet<usize> {
        self.applied.difference(&self.waiting).copied().collect()
    }
}

/// The rules that add a requirement. The selected code does not build without it, and the rest does
/// with it.
fn added(outcome: &FileOutcome) -> BTreeSet<usize> {
    let is_added = |s: &&Site| s.status == FixStatus::Applied && s.span.is_empty();
    outcome.sites.iter().filter(is_added).map(|site| site.rule).collect()
}

/// A go.mod that stays as it is, since it was not selected.
fn not_selected(mut outcome: FileOutcome) -> FileOutcome {
    for site in outcome.sites.iter_mut().filter(|s| s.status != FixStatus::AlreadyDone) {
        site.status = FixStatus::NotSelected;
    }
    outcome.edits = EditSet::new();
    outcome.findings.clear();
    outcome
}
