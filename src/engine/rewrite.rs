//! Rewriting one file. Comes in: a source file, the rules and what is known about packages. Goes
//! out: one [`FileOutcome`], the same for `apply`, dry runs, checks and reports.
//!
//! All rules see the file as it was; then the result is looked at again, at most four times in
//! all, so that one rule can build on another.

mod fixing;
mod look;
mod outcome;
mod qualifiers;

use std::sync::Arc;

pub(super) use self::look::{Asked, Look};
pub use self::outcome::FileOutcome;
pub(super) use self::outcome::{Earlier, GO_MOD_WAITS, Round};
use self::outcome::{carried, left_alone, merge_sites, unsettled};
use super::choice::Choice;
use super::date::Date;
use super::elsewhere::Elsewhere;
use super::error_result;
use super::fix::FixStatus;
use super::guard;
use super::import_plan::ImportPlan;
use super::names::{FileNames, PackageFacts};
use super::prefilter::{Hits, Prefilter};
use super::programs::ProgramFindings;
use super::search::{self, search};
use super::strings::StringRule;
use super::suppress::{MARKER, Suppressions};
use super::unbroken::{parses_worse, unparsed};
use super::work::Work;
use crate::go::format::settle;
use crate::go::imports::edit_imports;
use crate::go::source::{SourceFile, import_paths};
use crate::rule::compiled::{Action, RuleSet};
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
    /// It is, but a file that its code uses cannot be created.
    NoFile,
}

/// What all files of a run share.
pub struct Rewriter<'a> {
    /// The rules.
    pub rules: &'a RuleSet,
    /// Made of the same rules.
    pub prefilter: &'a Prefilter,
    /// By rule: what is known of other files; empty where nothing is.
    pub elsewhere: &'a [Elsewhere],
    /// What is known about packages.
    pub facts: &'a dyn PackageFacts,
    /// What rules have to say about whole programs.
    pub programs: &'a ProgramFindings,
    /// Whether fixes that their author marked for review are applied.
    pub include_review: bool,
    /// Whether fixes are applied where a type that matters is not known.
    pub include_unknown_type: bool,
    /// Whether generated files are rewritten.
    pub include_generated: bool,
    /// The day of the run: suppressions may end.
    pub today: Date,
}

impl Rewriter<'_> {
    /// Where the rules in force could apply to a text; `None` where there is nothing to do, so that
    /// the file need not be taken in at all. `force` has an entry for each rule; `reached` are the
    /// rules about strings that flow from here to places in other files.
    pub fn interest(
        &self,
        path: &str,
        text: &str,
        force: &[Force],
        reached: &[usize],
    ) -> Option<Hits<'_>> {
        let hits = self.hits(path, text, force, reached);
        let suppresses = || memchr::memmem::find(text.as_bytes(), MARKER.as_bytes()).is_some();
        let interesting = !hits.rules.is_empty()
            || !self.watched_imports(text).is_empty()
            || self.programs.has(path);
        (interesting || suppresses()).then_some(hits)
    }

    /// Rewrites a file.
    pub fn rewrite(&self, file: &Arc<SourceFile>, force: &[Force]) -> FileOutcome {
        self.rewrite_chosen(file, force, &[], Choice::All)
    }

    /// Rewrites a file as far as its sites are chosen.
    pub fn rewrite_chosen(
        &self,
        file: &Arc<SourceFile>,
        force: &[Force],
        reached: &[usize],
        choice: Choice<'_>,
    ) -> FileOutcome {
        let hits = self.hits(file.path(), file.text(), force, reached);
        self.rewrite_hits(file, &hits, force, reached, choice)
    }

    /// The other files of the package in which text stands that flows to places in this one, and
    /// the rules about it.
    pub fn reaches(&self, file: &Arc<SourceFile>, hits: &Hits<'_>) -> Vec<(Arc<str>, usize)> {
        let names = FileNames::new(file, self.rules, self.facts);
        let of_rule = |rule: usize| {
            let string = StringRule::new(self.rules, self.prefilter, rule, &[])?;
            Some(string.reaches(&names, hits).into_iter().map(move |path| (path, rule)))
        };
        hits.rules.iter().filter_map(of_rule).flatten().collect()
    }

    /// Rewrites a file that [`Self::interest`] has looked at.
    pub fn rewrite_hits(
        &self,
        file: &Arc<SourceFile>,
        hits: &Hits<'_>,
        force: &[Force],
        reached: &[usize],
        choice: Choice<'_>,
    ) -> FileOutcome {
        let suppressions = Suppressions::of_go(file, self.rules, self.today);
        let asked = Asked { force, choice, done: None };
        let mut first = self.round(file, hits, asked, &suppressions, None);
        let mut outcome = FileOutcome {
            work: Work::of(file),
            unparsed: unparsed(file),
            sites: std::mem::take(&mut first.sites),
            findings: std::mem::take(&mut first.findings),
            ..FileOutcome::default()
        };
        self.of_programs(file, asked, &suppressions, &mut outcome);
        match self.later_rounds(file, first, reached, asked, &suppressions, &mut outcome) {
            Err(round) => return unsettled(outcome, &round),
            Ok(true) => {
                if let Some(named) = self.own_names(file, &outcome.edits, &suppressions) {
                    outcome.edits = outcome.edits.then(&named);
                }
            }
            Ok(false) => {}
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

    /// Looks again at what the edits of `round` made, until nothing more changes. Says whether an
    /// import got a name that is not its package's own.
    ///
    /// # Errors
    /// The round that still wanted something when there may be no more.
    fn later_rounds(
        &self,
        file: &Arc<SourceFile>,
        mut round: Round,
        reached: &[usize],
        asked: Asked<'_>,
        suppressions: &Suppressions,
        outcome: &mut FileOutcome,
    ) -> Result<bool, Box<Round>> {
        let mut aliased = round.aliased;
        let mut earlier = Earlier {
            inserted: std::mem::take(&mut round.inserted),
            everywhere: round.imports_changed,
            imports_moved: round.imports_changed,
        };
        for nth in 1.. {
            if round.edits.is_empty() {
                break;
            }
            outcome.edits = outcome.edits.then(&round.edits);
            let text = outcome.edits.apply(file.text());
            let hits = self.hits(file.path(), &text, asked.force, reached);
            if hits.rules.is_empty() {
                break;
            }
            let next = Arc::new(SourceFile::new(file.path().clone(), text));
            let moved = Suppressions::of_go(&next, self.rules, self.today);
            let asked = Asked { done: Some(&outcome.edits), ..asked };
            round = self.round(&next, &hits, asked, &moved, Some(&earlier));
            let before = |at| outcome.edits.unmap(Span::at(at)).start;
            suppressions.use_at(moved.used().map(before));
            outcome.work += Work::of(&next);
            if round.edits.is_empty() {
                round.keep_open(self.rules);
            } else if nth == MAX_ROUNDS {
                return Err(Box::new(round));
            }
            earlier = Earlier {
                inserted: carried(&earlier.inserted, &round),
                everywhere: round.imports_changed,
                imports_moved: earlier.imports_moved || round.imports_changed,
            };
            merge_sites(outcome, &round, self.rules);
            aliased |= round.aliased;
        }
        Ok(aliased)
    }

    /// Adds what rules have to say about the programs that the file is a part of.
    fn of_programs(
        &self,
        file: &SourceFile,
        asked: Asked<'_>,
        suppressions: &Suppressions,
        outcome: &mut FileOutcome,
    ) {
        let suppressed = |rule, span| suppressions.reason(rule, span);
        let in_force = |rule: usize| {
            self.rules.rules[rule].places.admit(file.path()) && asked.is_in_force(rule)
        };
        let (findings, sites) = self.programs.at(file.path(), &in_force, &suppressed);
        outcome.findings.extend(findings.into_iter().filter(|f| asked.takes(f.rule, f.span)));
        outcome.sites.extend(sites.into_iter().filter(|s| asked.takes(s.rule, s.span)));
        outcome.findings.sort_by_key(|f| (f.span, f.rule));
    }

    /// Edits, on the text after `edits`, by which imports that came take their packages' own names
    /// where these are free by now.
    fn own_names(
        &self,
        file: &SourceFile,
        edits: &EditSet,
        suppressions: &Suppressions,
    ) -> Option<EditSet> {
        let next = Arc::new(SourceFile::new(file.path().clone(), edits.apply(file.text())));
        let names = FileNames::new(&next, self.rules, self.facts);
        let mut plan = ImportPlan::new(&names, self.rules, &[], suppressions);
        plan.take_own_names(|path| file.imports().iter().all(|import| *import.path != *path));
        let mut named = plan.use_edits().to_vec();
        let (changes, _) = plan.finish(&[]);
        named.extend(edit_imports(&next, &changes));
        EditSet::from_edits(named).ok()
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
        let wanted = |&rule: &usize| guard::admits(&self.rules.rules[rule].guard, file, self.rules);
        let active: Vec<usize> = hits.rules.iter().filter(wanted).collect();
        let candidates: Vec<search::Candidate<'_>> = active
            .iter()
            .filter_map(|&rule| {
                let action = &self.rules.rules[rule].action;
                // What flows to a place may stand in other files: see `strings`.
                let search = action.search().filter(|_| !matches!(action, Action::String(_)))?;
                Some(search::Candidate { rule, search })
            })
            .collect();
        let within = |part: Span| earlier.is_none_or(|earlier| earlier.touches(part));
        let mut matches = search(file, &names, self.rules, &candidates, hits, &within);
        if let Some(earlier) = earlier {
            matches.retain(|m| {
                earlier.touches(self.looks_at(file, m))
                    && !earlier.is_own_text(m.rule, m.span)
                    && !(earlier.imports_moved && m.unsure.is_some())
            });
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

    /// What a match has to do with: a call whose error is to be checked with all of its statement.
    fn looks_at(&self, file: &SourceFile, found: &search::Match) -> Span {
        match &self.rules.rules[found.rule].action {
            Action::ErrorResult(_) => error_result::around(file.part(found.decl), found),
            _ => found.span,
        }
    }

    /// The rules that could match in the file, by its text and path and by what is in force.
    fn hits(&self, path: &str, text: &str, force: &[Force], reached: &[usize]) -> Hits<'_> {
        let mut hits = self.prefilter.hits(text);
        hits.rules
            .retain(|rule| force[rule] != Force::Off && self.rules.rules[rule].places.admit(path));
        reached.iter().filter(|&&rule| force[rule] != Force::Off).for_each(|&r| hits.rules.add(r));
        hits
    }
}
