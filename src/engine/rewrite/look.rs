//! One look at one file: what its matches become, and which of that is applied.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::outcome::{GO_MOD_WAITS, Round, inserted};
use super::{Force, Rewriter};
use crate::engine::choice::Choice;
use crate::engine::conditions;
use crate::engine::fix::{Finding, FixStatus, ReviewReason, Site};
use crate::engine::import_plan::ImportPlan;
use crate::engine::left_unused::left_unused_together;
use crate::engine::names::{FileNames, ImportForm};
use crate::engine::prefilter::Hits;
use crate::engine::render::{Chunk, Qualifier, Rendered, render, written_out};
use crate::engine::resolve::{self, Resolution, resolve};
use crate::engine::search::{self, Match, search};
use crate::engine::shape::shape_of;
use crate::engine::suppress::Suppressions;
use crate::engine::uses::Use;
use crate::go::imports::{ImportChange, edit_imports};
use crate::go::source::SourceFile;
use crate::rule::compiled::{Action, Diff, ImportAction, Report, Safety, Search};
use crate::rule::pattern::PackageId;
use crate::rule::template::Template;
use crate::text::{Edit, EditSet, Span};

/// One look at one file.
pub(in crate::engine) struct Look<'a, 'f, 'n> {
    pub(in crate::engine) rewriter: &'a Rewriter<'a>,
    pub(super) file: &'f SourceFile,
    pub(in crate::engine) names: &'f FileNames<'n>,
    pub(in crate::engine) asked: Asked<'a>,
    pub(super) suppressions: &'a Suppressions,
    pub(in crate::engine) later: bool,
}

/// What a look may do.
#[derive(Clone, Copy)]
pub(in crate::engine) struct Asked<'a> {
    /// By rule.
    pub(in crate::engine) force: &'a [Force],
    pub(super) choice: Choice<'a>,
    /// What earlier looks have edited.
    pub(super) done: Option<&'a EditSet>,
}

impl Asked<'_> {
    /// Whether the rule is in force for the file.
    pub(super) fn is_in_force(&self, rule: usize) -> bool {
        self.force[rule] != Force::Off
    }

    /// Whether the fix of a rule at a place of the text as it is now may be applied.
    pub(in crate::engine) fn takes(&self, rule: usize, span: Span) -> bool {
        let before = || self.done.map_or(span, |done| done.unmap(span));
        self.choice.is_all() || self.choice.takes(rule, before())
    }
}

impl Look<'_, '_, '_> {
    /// The import rules that have something to do: those that add only where their pattern is
    /// found.
    pub(super) fn import_rules(&self, active: &[usize], hits: &Hits<'_>) -> Vec<usize> {
        let rules = self.rewriter.rules;
        let wanted = |&rule: &usize| match &rules.rules[rule].action {
            Action::Import(action) => {
                let added = match action {
                    ImportAction::Add { when_in_file, .. } => when_in_file.as_ref(),
                    _ => None,
                };
                let guard = rules.rules[rule].guard.contains.as_ref();
                added.into_iter().chain(guard).all(|wanted| self.contains(rule, wanted, hits))
            }
            _ => false,
        };
        active.iter().copied().filter(wanted).collect()
    }

    /// Whether something in the file matches.
    fn contains(&self, rule: usize, wanted: &Search, hits: &Hits<'_>) -> bool {
        let rules = self.rewriter.rules;
        let candidate = search::Candidate { rule, search: wanted };
        let found = search(self.file, self.names, rules, &[candidate], hits, &|_| true);
        found.iter().any(|found| self.unsure_of(found).is_none())
    }

    pub(super) fn run(
        &mut self,
        matches: Vec<Match>,
        uses: Vec<Use<'_>>,
        import_rules: &[usize],
    ) -> Round {
        let rules = self.rewriter.rules;
        let mut round = Round::default();
        let generated = !self.rewriter.include_generated && self.file.is_generated();
        let applicable: Vec<usize> = import_rules
            .iter()
            .copied()
            .filter(|&rule| !generated && self.verdict(rule).is_none() && self.takes_import(rule))
            .collect();
        let mut plan = ImportPlan::new(self.names, rules, &applicable, self.suppressions);
        self.refused_imports(import_rules, &applicable, generated, &mut round);
        let mut candidates = self.fix_uses(uses, generated, &mut plan, &mut round);
        let mut with_error = Vec::new();
        for found in matches {
            match &rules.rules[found.rule].action {
                Action::Report(_) if !self.asked.takes(found.rule, found.span) => {}
                Action::Report(report) => {
                    let status = generated.then_some(FixStatus::GeneratedFile);
                    let status = status.or_else(|| self.suppressed(found.rule, found.span));
                    match status.or_else(|| self.unsure_of(&found)) {
                        Some(status) => {
                            let (rule, span) = (found.rule, found.span);
                            round.sites.push(Site::new(rule, span, status));
                        }
                        None => round.findings.push(self.finding(&found, report)),
                    }
                }
                Action::Rewrite(rewrite) => {
                    match self.fix(&found, rewrite, &candidates, generated, &mut plan) {
                        Ok(candidate) => candidates.push(candidate),
                        Err(FixStatus::AlreadyDone) if self.later => {}
                        Err(status) => {
                            let (rule, span) = (found.rule, found.span);
                            round.sites.push(Site::new(rule, span, status));
                        }
                    }
                }
                Action::ErrorResult(_) => with_error.push(found),
                _ => {}
            }
        }
        candidates.extend(self.error_results(with_error, generated, &mut plan, &mut round));
        self.settle(&candidates, plan, &mut round);
        round
    }

    /// What the rule itself has against being applied.
    pub(in crate::engine) fn verdict(&self, rule: usize) -> Option<FixStatus> {
        match self.rewriter.rules.rules[rule].safety {
            Safety::Manual => Some(FixStatus::Manual),
            _ if self.asked.force[rule] == Force::Unsure => {
                Some(FixStatus::NeedsReview(ReviewReason::NoModule))
            }
            Safety::Review if !self.rewriter.include_review => {
                Some(FixStatus::NeedsReview(ReviewReason::RuleSays))
            }
            _ if self.asked.force[rule] == Force::NoFile => {
                Some(FixStatus::HeldBack("the file that its code uses cannot be created".into()))
            }
            _ if self.asked.force[rule] == Force::Held => {
                Some(FixStatus::HeldBack(GO_MOD_WAITS.into()))
            }
            Safety::Review | Safety::Safe => None,
        }
    }

    /// Whether an import rule may be applied in the file: all that it does there, or nothing.
    fn takes_import(&self, rule: usize) -> bool {
        if self.asked.choice.is_all() {
            return true;
        }
        let would_be = ImportPlan::new(self.names, self.rewriter.rules, &[rule], self.suppressions);
        would_be.sites.iter().all(|site| self.asked.takes(rule, site.span))
    }

    /// What a comment has against a match.
    pub(in crate::engine) fn suppressed(&self, rule: usize, span: Span) -> Option<FixStatus> {
        self.suppressions.reason(rule, span).map(FixStatus::Suppressed)
    }

    /// What a type that is not known has against a match.
    pub(in crate::engine) fn unsure_of(&self, found: &Match) -> Option<FixStatus> {
        let unsure = found.unsure.clone().filter(|_| !self.rewriter.include_unknown_type)?;
        Some(FixStatus::NeedsReview(ReviewReason::UnknownType(unsure)))
    }

    /// Import rules that have something to do here and must not do it.
    fn refused_imports(
        &self,
        wanted: &[usize],
        applicable: &[usize],
        generated: bool,
        round: &mut Round,
    ) {
        let rules = self.rewriter.rules;
        let refused: Vec<usize> =
            wanted.iter().copied().filter(|rule| !applicable.contains(rule)).collect();
        let would_be = ImportPlan::new(self.names, rules, &refused, self.suppressions);
        for site in would_be.sites {
            let status = match self.verdict(site.rule) {
                _ if !self.takes_import(site.rule) => FixStatus::NotSelected,
                _ if generated => FixStatus::GeneratedFile,
                _ if matches!(site.status, FixStatus::Suppressed(_)) => site.status,
                Some(status) => status,
                None => site.status,
            };
            round.sites.push(Site { status, ..site });
        }
    }

    fn finding(&self, found: &Match, report: &Report) -> Finding {
        let part = self.file.part(found.decl);
        let message = conditions::message(&report.message, found, part);
        Finding { rule: found.rule, span: found.span, message }
    }

    /// How the file, as it is, names a package that it imports.
    fn qualifier_now(&self, id: PackageId) -> Qualifier {
        let path = &self.rewriter.rules.package(id).path;
        let named = self.names.bindings().iter().position(|b| {
            *b.path == **path && matches!(b.form, ImportForm::Plain | ImportForm::Alias)
        });
        match named {
            Some(at) => Qualifier::Name(self.names.local(at).name.clone()),
            None if self.names.imports(path) => Qualifier::Dot,
            // The name itself was meant.
            None => Qualifier::Name(self.rewriter.rules.package(id).name.clone()),
        }
    }

    /// What a match turns into by a template.
    pub(in crate::engine) fn rendered(
        &self,
        found: &Match,
        template: &Template,
        diff: Option<&Diff>,
        plan: &mut ImportPlan<'_, '_>,
    ) -> Result<Rendered, FixStatus> {
        let qualifiers = self.qualifiers(found, template, plan)?;
        let part = self.file.part(found.decl);
        let now = |id| qualifiers.get(id).unwrap_or_else(|| self.qualifier_now(id));
        render(found, part, template, diff, &now).map_err(|_| FixStatus::WouldNotParse)
    }

    /// All that a template prints for a match, kept code included.
    pub(in crate::engine) fn written_out(
        &self,
        found: &Match,
        template: &Template,
        plan: &mut ImportPlan<'_, '_>,
    ) -> Result<Vec<Chunk>, FixStatus> {
        let qualifiers = self.qualifiers(found, template, plan)?;
        let part = self.file.part(found.decl);
        Ok(written_out(found, part, template, &|id| qualifiers.name(id)))
    }

    /// The fixes that are applied together: without those that take the last use of a variable which
    /// others have left with one.
    fn resolved<'c>(
        &self,
        candidates: &'c [resolve::Candidate],
        leaves: &[Edit],
        round: &mut Round,
    ) -> (Cow<'c, [resolve::Candidate]>, Resolution) {
        let mut candidates = Cow::Borrowed(candidates);
        loop {
            let resolution = resolve(self.file.text(), &candidates, leaves);
            let mut by_decl: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
            for (nth, lost) in resolution.lost_to.iter().enumerate() {
                let decl = self.file.decl_at(candidates[nth].span.start);
                if let (None, Some(decl)) = (lost, decl) {
                    by_decl.entry(decl).or_default().push(nth);
                }
            }
            let mut refused = BTreeMap::new();
            for (decl, of_decl) in by_decl.into_iter().filter(|(_, fixes)| fixes.len() > 1) {
                let fixes: Vec<_> = of_decl.iter().map(|&nth| &candidates[nth].rendered).collect();
                let left = left_unused_together(self.file.part(decl), &fixes);
                refused.extend(left.into_iter().map(|(nth, name)| (of_decl[nth], name)));
            }
            if refused.is_empty() {
                return (candidates, resolution);
            }
            for (nth, name) in refused.into_iter().rev() {
                let fix = candidates.to_mut().remove(nth);
                let status = FixStatus::NeedsReview(ReviewReason::LeftUnused(name));
                let site = |rule| Site::new(rule, fix.span, status.clone());
                round.sites.extend(fix.rules().map(site));
            }
        }
    }

    /// The site of a rule's fix that is applied, or that lost to one of the rule `lost_to`.
    fn settled(
        &self,
        candidate: &resolve::Candidate,
        of_rule: usize,
        lost_to: Option<usize>,
    ) -> Site {
        let rule = &self.rewriter.rules.rules[of_rule];
        let status = match lost_to {
            Some(rule) => FixStatus::Overlaps { rule },
            None => FixStatus::Applied,
        };
        // Strings are all different: what is done to them is what the rule says.
        let is_text = matches!(rule.action, Action::String(_) | Action::ErrorResult(_));
        let shape = (status == FixStatus::Applied && !is_text)
            .then(|| Box::new(shape_of(self.file.text(), candidate, &rule.metavariables)));
        Site { rule: of_rule, span: candidate.span, status, shape }
    }

    /// Chooses among the fixes and adds what imports and layout need.
    fn settle(
        &self,
        candidates: &[resolve::Candidate],
        plan: ImportPlan<'_, '_>,
        round: &mut Round,
    ) {
        let (candidates, resolution) = self.resolved(candidates, plan.use_edits(), round);
        for (candidate, lost) in candidates.iter().zip(&resolution.lost_to) {
            round.sites.extend(candidate.rules().map(|rule| self.settled(candidate, rule, *lost)));
        }
        let applied = candidates.iter().zip(&resolution.lost_to).filter(|(_, lost)| lost.is_none());
        let applied: Vec<(Span, usize)> = applied.map(|(c, _)| (c.span, c.rule)).collect();
        for site in round.sites.iter_mut().filter(|site| site.status.is_about_names()) {
            // What a fix alone would break may be part of a larger one that does not.
            let within =
                |(span, _): &&(Span, usize)| span.contains(site.span) && *span != site.span;
            if let Some((_, rule)) = applied.iter().find(within) {
                site.status = FixStatus::Overlaps { rule: *rule };
            }
        }
        let (changes, sites) = plan.finish(&resolution.edits);
        round.sites.extend(sites);
        let mut edits = resolution.edits;
        edits.extend(edit_imports(self.file, &changes));
        round.imports_changed = !changes.is_empty();
        let aliases = |change: &ImportChange| matches!(change, ImportChange::Add { name, .. } if name.is_some());
        round.aliased = changes.iter().any(aliases);
        // The parts are disjoint by construction: imports are no code, and fixes were resolved.
        // Should they ever not be, nothing is done to the file and every site says so.
        match EditSet::from_edits(edits) {
            Ok(set) => {
                round.inserted = inserted(&set, &resolution.inserted_by);
                round.edits = set;
                round.drop_changed(&applied, self.rewriter.rules);
            }
            Err(_) => {
                for site in round.sites.iter_mut().filter(|s| s.status == FixStatus::Applied) {
                    site.status = FixStatus::WouldNotParse;
                }
            }
        }
    }
}
