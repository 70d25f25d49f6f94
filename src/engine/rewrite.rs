//! Rewriting one file. Comes in: a source file, the rules and what is known about packages. Goes
//! out: one [`FileOutcome`], the same for `apply`, dry runs, checks and reports.
//!
//! All rules see the file as it was; then the result is looked at again, at most four times in
//! all, so that one rule can build on another.

use std::sync::Arc;

use super::choice::Choice;
use super::conditions;
use super::date::Date;
use super::done::is_done;
use super::fix::{Finding, FixStatus, ReviewReason, Site};
use super::import_plan::{ImportPlan, Shadowed};
use super::kept_names;
use super::names::{FileNames, ImportForm, PackageFacts};
use super::prefilter::{Hits, Prefilter};
use super::render::{Chunk, Qualifier, Rendered, render, written_out};
use super::resolve::{self, resolve};
use super::search::{self, Match, search};
use super::shape::{captured, shape_of};
use super::standing;
use super::suppress::{IdleSuppression, MARKER, Suppressions};
use super::typed::{Answer, Typed};
use super::unbroken::parses_worse;
use super::uses::Use;
use super::work::Work;
use crate::go::format::settle;
use crate::go::imports::edit_imports;
use crate::go::source::{SourceFile, import_paths};
use crate::go::syntax::Node;
use crate::rule::compiled::{Action, Diff, ImportAction, Report, Rewrite, RuleSet, Safety};
use crate::rule::pattern::PackageId;
use crate::rule::template::Template;
use crate::text::{EditSet, Span};

/// How often a file is looked at.
pub const MAX_ROUNDS: usize = 4;

/// Whether a rule is in force for a file, by the module that the file is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Force {
    /// It is not.
    Off,
    /// It is.
    On,
    /// Nothing says so: its fixes need review.
    Unsure,
    /// It is, but the module's go.mod cannot follow, so the code stays as well.
    Held,
}

/// What all files of a run share.
pub struct Rewriter<'a> {
    /// The rules.
    pub rules: &'a RuleSet,
    /// Made of the same rules.
    pub prefilter: &'a Prefilter,
    /// What is known about packages.
    pub facts: &'a dyn PackageFacts,
    /// Whether fixes that their author marked for review are applied.
    pub include_review: bool,
    /// Whether fixes are applied where a type that matters is not known.
    pub include_unknown_type: bool,
    /// Whether generated files are rewritten.
    pub include_generated: bool,
    /// The day of the run: suppressions may end.
    pub today: Date,
}

/// What became of a file.
#[derive(Clone, Debug, Default)]
pub struct FileOutcome {
    /// All edits, on the text as it was. Empty where the file does not settle.
    pub edits: EditSet,
    /// Every site, with its status.
    pub sites: Vec<Site>,
    /// What rules report.
    pub findings: Vec<Finding>,
    /// The rules that still wanted something after the last round. The file is left alone then.
    pub unsettled: Vec<usize>,
    /// Comments that keep rules away from where they would do nothing anyway.
    pub idle_suppressions: Vec<IdleSuppression>,
    /// What the file imports, after the edits, of the modules that go.mod rules speak of.
    pub imports: Vec<String>,
    /// What was parsed to find that out.
    pub work: Work,
}

impl FileOutcome {
    /// Whether there is nothing to say about the file.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
            && self.sites.is_empty()
            && self.findings.is_empty()
            && self.idle_suppressions.is_empty()
    }
}

/// What one look at a file gave.
#[derive(Debug, Default)]
pub(super) struct Round {
    edits: EditSet,
    pub(super) sites: Vec<Site>,
    findings: Vec<Finding>,
    /// Texts that rules inserted, in offsets of the new text.
    inserted: Vec<(Span, usize)>,
    /// Whether imports changed: names may mean something else now, everywhere in the file.
    imports_changed: bool,
}

/// What earlier rounds did to a file, in offsets of its text now.
pub(super) struct Earlier {
    inserted: Vec<(Span, usize)>,
    everywhere: bool,
}

impl Earlier {
    /// Whether something near `span` is new, so that it is worth another look.
    pub(super) fn touches(&self, span: Span) -> bool {
        let touches = |s: Span| s.start <= span.end && span.start <= s.end;
        self.everywhere || self.inserted.iter().any(|(s, _)| touches(*s))
    }

    /// Whether the rule has itself inserted what stands at `span`.
    pub(super) fn is_own_text(&self, rule: usize, span: Span) -> bool {
        self.inserted.iter().any(|(s, by)| *by == rule && s.contains(span))
    }
}

impl Rewriter<'_> {
    /// Where the rules in force could apply to a text; `None` where there is nothing to do, so that
    /// the file need not be taken in at all. `force` has an entry for each rule.
    pub fn interest(&self, path: &str, text: &str, force: &[Force]) -> Option<Hits<'_>> {
        let hits = self.hits(path, text, force);
        let suppresses = || memchr::memmem::find(text.as_bytes(), MARKER.as_bytes()).is_some();
        let interesting = !hits.rules.is_empty() || !self.watched_imports(text).is_empty();
        (interesting || suppresses()).then_some(hits)
    }

    /// Rewrites a file.
    pub fn rewrite(&self, file: &Arc<SourceFile>, force: &[Force]) -> FileOutcome {
        self.rewrite_chosen(file, force, Choice::All)
    }

    /// Rewrites a file as far as its sites are chosen.
    pub fn rewrite_chosen(
        &self,
        file: &Arc<SourceFile>,
        force: &[Force],
        choice: Choice<'_>,
    ) -> FileOutcome {
        let hits = self.hits(file.path(), file.text(), force);
        self.rewrite_hits(file, &hits, force, choice)
    }

    /// Rewrites a file that [`Self::interest`] has looked at.
    pub fn rewrite_hits(
        &self,
        file: &Arc<SourceFile>,
        hits: &Hits<'_>,
        force: &[Force],
        choice: Choice<'_>,
    ) -> FileOutcome {
        let mut outcome = FileOutcome::default();
        let suppressions = Suppressions::of_go(file, self.rules, self.today);
        let asked = Asked { force, choice, done: None };
        let first = self.round(file, hits, asked, &suppressions, None);
        outcome.work = Work::of(file);
        outcome.sites = first.sites;
        outcome.findings = first.findings;
        let mut edits = first.edits;
        let mut earlier = Earlier { inserted: first.inserted, everywhere: first.imports_changed };
        let mut rounds = 1;
        while !edits.is_empty() {
            outcome.edits = outcome.edits.then(&edits);
            let text = outcome.edits.apply(file.text());
            let hits = self.hits(file.path(), &text, force);
            if hits.rules.is_empty() {
                break;
            }
            let next = Arc::new(SourceFile::new(file.path().clone(), text));
            let moved = Suppressions::of_go(&next, self.rules, self.today);
            let asked = Asked { force, choice, done: Some(&outcome.edits) };
            let round = self.round(&next, &hits, asked, &moved, Some(&earlier));
            let before = |at| outcome.edits.unmap(Span::at(at)).start;
            suppressions.use_at(moved.used().map(before));
            outcome.work += Work::of(&next);
            if round.edits.is_empty() {
                break;
            }
            if rounds == MAX_ROUNDS {
                return unsettled(outcome, &round);
            }
            rounds += 1;
            earlier = Earlier {
                inserted: carried(&earlier.inserted, &round),
                everywhere: round.imports_changed,
            };
            merge_sites(&mut outcome, &round);
            edits = round.edits;
        }
        if !outcome.edits.is_empty() {
            outcome.edits = settle(file.text(), &outcome.edits);
            if parses_worse(file, &outcome.edits) {
                outcome = left_alone(outcome, &FixStatus::WouldNotParse);
            }
        }
        outcome.sites.sort_by_key(|s| (s.span, s.rule));
        outcome.idle_suppressions = suppressions.idle();
        outcome.imports = if outcome.edits.is_empty() {
            self.watched_imports(file.text())
        } else {
            self.watched_imports(&outcome.edits.apply(file.text()))
        };
        outcome
    }

    /// What a text imports of the modules that go.mod rules speak of.
    fn watched_imports(&self, text: &str) -> Vec<String> {
        if self.prefilter.watched().next().is_none() {
            return Vec::new();
        }
        let watched = |path: &str| self.prefilter.watched().any(|module| path.starts_with(module));
        let paths = import_paths(text).into_iter().filter(|path| watched(path));
        paths.map(|path| path.to_string()).collect()
    }

    /// Looks at a file once. After the first time only what touches something new is looked at.
    fn round(
        &self,
        file: &Arc<SourceFile>,
        hits: &Hits<'_>,
        asked: Asked<'_>,
        suppressions: &Suppressions,
        earlier: Option<&Earlier>,
    ) -> Round {
        if hits.rules.is_empty() {
            return Round::default();
        }
        let names = FileNames::new(file, self.rules, self.facts);
        let active: Vec<usize> = hits.rules.iter().collect();
        let candidates: Vec<search::Candidate<'_>> = active
            .iter()
            .filter_map(|&rule| {
                let search = self.rules.rules[rule].action.search()?;
                Some(search::Candidate { rule, search })
            })
            .collect();
        let within = |part: Span| earlier.is_none_or(|earlier| earlier.touches(part));
        let mut matches = search(file, &names, self.rules, &candidates, hits, &within);
        if let Some(earlier) = earlier {
            matches.retain(|m| earlier.touches(m.span) && !earlier.is_own_text(m.rule, m.span));
        }
        let mut look = Look {
            rewriter: self,
            file,
            names: &names,
            asked,
            suppressions,
            later: earlier.is_some(),
        };
        let imports = look.import_rules(&active, hits);
        let uses = look.uses(&active, hits, earlier);
        look.run(matches, uses, &imports)
    }

    /// The rules that could match in the file, by its text and path and by what is in force.
    fn hits(&self, path: &str, text: &str, force: &[Force]) -> Hits<'_> {
        let mut hits = self.prefilter.hits(text);
        hits.rules.retain(|rule| {
            let files = &self.rules.rules[rule].files;
            force[rule] != Force::Off && files.as_ref().is_none_or(|globs| globs.is_match(path))
        });
        hits
    }
}

/// One look at one file.
pub(super) struct Look<'a, 'f, 'n> {
    pub(super) rewriter: &'a Rewriter<'a>,
    file: &'f SourceFile,
    pub(super) names: &'f FileNames<'n>,
    pub(super) asked: Asked<'a>,
    suppressions: &'a Suppressions,
    pub(super) later: bool,
}

/// What a look may do.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    /// By rule.
    force: &'a [Force],
    choice: Choice<'a>,
    /// What earlier looks have edited.
    done: Option<&'a EditSet>,
}

impl Asked<'_> {
    /// Whether the fix of a rule at a place of the text as it is now may be applied.
    pub(super) fn takes(&self, rule: usize, span: Span) -> bool {
        let before = || self.done.map_or(span, |done| done.unmap(span));
        self.choice.is_all() || self.choice.takes(rule, before())
    }
}

impl Look<'_, '_, '_> {
    /// The import rules that have something to do: those that add only where their pattern is
    /// found.
    fn import_rules(&self, active: &[usize], hits: &Hits<'_>) -> Vec<usize> {
        let rules = self.rewriter.rules;
        let wanted = |&rule: &usize| match &rules.rules[rule].action {
            Action::Import(ImportAction::Add { when_in_file: Some(wanted), .. }) => {
                let candidate = search::Candidate { rule, search: wanted };
                let all = |_| true;
                let found = search(self.file, self.names, rules, &[candidate], hits, &all);
                found.iter().any(|found| self.unsure_of(found).is_none())
            }
            Action::Import(_) => true,
            _ => false,
        };
        active.iter().copied().filter(wanted).collect()
    }

    fn run(&mut self, matches: Vec<Match>, uses: Vec<Use<'_>>, import_rules: &[usize]) -> Round {
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
        for found in matches {
            match &rules.rules[found.rule].action {
                Action::Report(_) if !self.asked.takes(found.rule, found.span) => {}
                Action::Report(report) => {
                    match self.suppressed(found.rule, found.span).or_else(|| self.unsure_of(&found))
                    {
                        Some(status) => {
                            let (rule, span) = (found.rule, found.span);
                            round.sites.push(Site::new(rule, span, status));
                        }
                        None => round.findings.push(self.finding(&found, report)),
                    }
                }
                Action::Rewrite(rewrite) => match self.fix(&found, rewrite, generated, &mut plan) {
                    Ok(candidate) => candidates.push(candidate),
                    Err(FixStatus::AlreadyDone) if self.later => {}
                    Err(status) => {
                        let (rule, span) = (found.rule, found.span);
                        round.sites.push(Site::new(rule, span, status));
                    }
                },
                _ => {}
            }
        }
        self.settle(&candidates, plan, &mut round);
        round
    }

    /// What the rule itself has against being applied.
    pub(super) fn verdict(&self, rule: usize) -> Option<FixStatus> {
        match self.rewriter.rules.rules[rule].safety {
            Safety::Manual => Some(FixStatus::Manual),
            _ if self.asked.force[rule] == Force::Unsure => {
                Some(FixStatus::NeedsReview(ReviewReason::NoModule))
            }
            Safety::Review if !self.rewriter.include_review => {
                Some(FixStatus::NeedsReview(ReviewReason::RuleSays))
            }
            _ if self.asked.force[rule] == Force::Held => {
                Some(FixStatus::HeldBack("the go.mod of the module cannot follow yet".into()))
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
    pub(super) fn suppressed(&self, rule: usize, span: Span) -> Option<FixStatus> {
        self.suppressions.reason(rule, span).map(FixStatus::Suppressed)
    }

    /// What a type that is not known has against a match.
    fn unsure_of(&self, found: &Match) -> Option<FixStatus> {
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
        let message = conditions::message(report, found, part);
        Finding { rule: found.rule, span: found.span, message }
    }

    /// The fix for a match, or why there is none.
    fn fix(
        &self,
        found: &Match,
        rewrite: &Rewrite,
        generated: bool,
        plan: &mut ImportPlan<'_, '_>,
    ) -> Result<resolve::Candidate, FixStatus> {
        let rules = self.rewriter.rules;
        let part = self.file.part(found.decl);
        if is_done(found, rewrite, self.names, part, rules) {
            return Err(FixStatus::AlreadyDone);
        }
        if !self.asked.takes(found.rule, found.span) {
            return Err(FixStatus::NotSelected);
        }
        if generated {
            return Err(FixStatus::GeneratedFile);
        }
        let status = self.suppressed(found.rule, found.span).or_else(|| self.verdict(found.rule));
        if let Some(status) = status.or_else(|| self.unsure_of(found)) {
            return Err(status);
        }
        let mut rendered = self.rendered(found, &rewrite.template, rewrite.diff.as_ref(), plan)?;
        if !rewrite.drops_comments && !rendered.lost_comments.is_empty() {
            return Err(FixStatus::NeedsReview(ReviewReason::CommentAtRisk));
        }
        let pure = |node: Node<'_>| {
            let typed = Typed { names: self.names, decl: found.decl };
            typed.is_pure(node) == Answer::Yes
        };
        let reason = standing::against(found, part, rewrite, &pure);
        if let Some(reason) = reason.or_else(|| kept_names::against(part, &rendered, found.span)) {
            return Err(FixStatus::NeedsReview(reason));
        }
        rendered.captures = captured(found, part, &rules.rules[found.rule].metavariables);
        Ok(resolve::Candidate { rule: found.rule, span: found.span, rendered })
    }

    /// How the file, as it is, names a package that it imports.
    fn qualifier_now(&self, id: PackageId) -> Qualifier {
        let path = &self.rewriter.rules.package(id).path;
        let named = self.names.bindings().iter().position(|b| {
            *b.path == **path && matches!(b.form, ImportForm::Plain | ImportForm::Alias)
        });
        named.map_or(Qualifier::Dot, |at| Qualifier::Name(self.names.local(at).name.clone()))
    }

    /// What a match turns into by a template.
    pub(super) fn rendered(
        &self,
        found: &Match,
        template: &Template,
        diff: Option<&Diff>,
        plan: &mut ImportPlan<'_, '_>,
    ) -> Result<Rendered, FixStatus> {
        let qualifiers = qualifiers(found, template, plan)?;
        let part = self.file.part(found.decl);
        let now = |id| qualifiers.get(id).unwrap_or_else(|| self.qualifier_now(id));
        render(found, part, template, diff, &now).map_err(|_| FixStatus::WouldNotParse)
    }

    /// All that a template prints for a match, kept code included.
    pub(super) fn written_out(
        &self,
        found: &Match,
        template: &Template,
        plan: &mut ImportPlan<'_, '_>,
    ) -> Result<Vec<Chunk>, FixStatus> {
        let qualifiers = qualifiers(found, template, plan)?;
        let part = self.file.part(found.decl);
        Ok(written_out(found, part, template, &|id| qualifiers.name(id)))
    }

    /// Chooses among the fixes and adds what imports and layout need.
    fn settle(
        &self,
        candidates: &[resolve::Candidate],
        plan: ImportPlan<'_, '_>,
        round: &mut Round,
    ) {
        let text = self.file.text();
        let resolution = resolve(text, candidates, plan.use_edits());
        for (candidate, lost) in candidates.iter().zip(&resolution.lost_to) {
            let status = match *lost {
                Some(rule) => FixStatus::Overlaps { rule },
                None => FixStatus::Applied,
            };
            let metavariables = &self.rewriter.rules.rules[candidate.rule].metavariables;
            let shape = (status == FixStatus::Applied)
                .then(|| Box::new(shape_of(text, candidate, metavariables)));
            round.sites.push(Site { rule: candidate.rule, span: candidate.span, status, shape });
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
        // The parts are disjoint by construction: imports are no code, and fixes were resolved.
        // Should they ever not be, nothing is done to the file and every site says so.
        match EditSet::from_edits(edits) {
            Ok(set) => {
                round.inserted = inserted(&set, &resolution.inserted_by);
                round.edits = set;
            }
            Err(_) => {
                for site in round.sites.iter_mut().filter(|s| s.status == FixStatus::Applied) {
                    site.status = FixStatus::WouldNotParse;
                }
            }
        }
    }
}

/// The names of the packages that a template speaks of, at one site.
struct Qualifiers(Vec<(PackageId, Qualifier)>);

impl Qualifiers {
    fn get(&self, id: PackageId) -> Option<Qualifier> {
        self.0.iter().find(|(i, _)| *i == id).map(|(_, q)| q.clone())
    }

    fn name(&self, id: PackageId) -> Qualifier {
        self.get(id).unwrap_or(Qualifier::Dot)
    }
}

fn qualifiers(
    found: &Match,
    template: &Template,
    plan: &mut ImportPlan<'_, '_>,
) -> Result<Qualifiers, FixStatus> {
    let one = |id: PackageId| {
        let named = plan.qualifier(id, found.decl, found.span);
        let shadowed = |Shadowed(name)| FixStatus::NeedsReview(ReviewReason::Shadowed(name));
        named.map(|qualifier| (id, qualifier)).map_err(shadowed)
    };
    template.packages().map(one).collect::<Result<_, _>>().map(Qualifiers)
}

/// Where the inserted texts stand after the edits, and which rules put them there.
fn inserted(edits: &EditSet, by: &[(Span, usize)]) -> Vec<(Span, usize)> {
    let mut found = Vec::with_capacity(by.len());
    for (edit, span) in edits.iter().zip(edits.inserted_spans()) {
        let first = by.partition_point(|(place, _)| *place < edit.span);
        let rules = by[first..].iter().take_while(|(place, _)| *place == edit.span);
        found.extend(rules.map(|(_, rule)| (span, *rule)));
    }
    found
}

/// What earlier rounds inserted, in offsets after this round, and what this round inserted.
fn carried(earlier: &[(Span, usize)], round: &Round) -> Vec<(Span, usize)> {
    let moved = earlier.iter().map(|(span, rule)| {
        let start = round.edits.map_offset(span.start);
        (Span::new(start, round.edits.map_offset(span.end).max(start)), *rule)
    });
    moved.chain(round.inserted.iter().copied()).collect()
}

/// Adds what a later round did; spans go back to the text as it was before the run.
fn merge_sites(outcome: &mut FileOutcome, round: &Round) {
    for site in &round.sites {
        let span = outcome.edits.unmap(site.span);
        let retried = |s: &Site| {
            s.rule == site.rule
                && s.span.overlaps(span)
                && matches!(s.status, FixStatus::Overlaps { .. })
        };
        // A fix that lost in an earlier round is the same site.
        outcome.sites.retain(|s| !retried(s));
        let known = outcome.sites.iter().any(|s| s.rule == site.rule && s.span == span);
        if !known {
            outcome.sites.push(Site { span, ..site.clone() });
        }
    }
    for finding in &round.findings {
        let span = outcome.edits.unmap(finding.span);
        outcome.findings.push(Finding { span, ..finding.clone() });
    }
}

/// A file that does not settle is left alone, and its sites say so.
fn unsettled(mut outcome: FileOutcome, round: &Round) -> FileOutcome {
    let wanting = round.sites.iter().filter(|s| s.status == FixStatus::Applied);
    outcome.unsettled = wanting.map(|s| s.rule).collect();
    outcome.unsettled.sort_unstable();
    outcome.unsettled.dedup();
    left_alone(outcome, &FixStatus::HeldBack("the file does not settle".into()))
}

/// The file without its edits; what was to be applied has `status` instead.
fn left_alone(mut outcome: FileOutcome, status: &FixStatus) -> FileOutcome {
    outcome.edits = EditSet::new();
    for site in outcome.sites.iter_mut().filter(|s| s.status == FixStatus::Applied) {
        site.status = status.clone();
    }
    outcome
}
