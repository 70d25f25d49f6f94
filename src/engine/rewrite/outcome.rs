//! What became of a file, and how the rounds that lead there are put together.

use crate::engine::fix::{Finding, FixStatus, Site};
use crate::engine::suppress::IdleSuppression;
use crate::engine::unbroken::Unparsed;
use crate::engine::work::Work;
use crate::rule::compiled::{Action, RuleSet};
use crate::text::{EditSet, Span};

/// Why a site is held back with its go.mod.
pub(in crate::engine) const GO_MOD_WAITS: &str = "the go.mod of the module cannot follow yet";

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
    /// What of it did not parse.
    pub unparsed: Vec<Unparsed>,
}

impl FileOutcome {
    /// Says of rules that are held back what an earlier look said, in which they were not: the
    /// reasons of sites that a person has to settle before the rest can follow, and what later
    /// rounds found.
    pub fn keep_reasons(&mut self, earlier: &FileOutcome, is_held: impl Fn(usize) -> bool) {
        self.sites.retain(|site| !is_held(site.rule));
        for site in earlier.sites.iter().filter(|site| is_held(site.rule)) {
            let mut site = site.clone();
            if site.status == FixStatus::Applied {
                site.status = FixStatus::HeldBack(GO_MOD_WAITS.into());
                site.shape = None;
            }
            self.sites.push(site);
        }
        self.sites.sort_by_key(|s| (s.span, s.rule));
        self.findings.retain(|finding| !is_held(finding.rule));
        let findings = earlier.findings.iter().filter(|finding| is_held(finding.rule));
        self.findings.extend(findings.cloned());
    }

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
pub(in crate::engine) struct Round {
    pub(super) edits: EditSet,
    pub(in crate::engine) sites: Vec<Site>,
    pub(in crate::engine) findings: Vec<Finding>,
    /// Texts that rules inserted, in offsets of the new text.
    pub(super) inserted: Vec<(Span, usize)>,
    /// Whether imports changed: names may mean something else now, everywhere in the file.
    pub(super) imports_changed: bool,
    /// Whether an import came that has another name than its package.
    pub(super) aliased: bool,
}

impl Round {
    /// Drops what fixes have changed: reports, and sites that need a person, inside of a larger fix
    /// or at the place of an earlier rule's. Where they still stand, the next look finds them again,
    /// since it looks at all that is new. What import rules have to say stays: their sites do not
    /// move.
    pub(super) fn drop_changed(&mut self, applied: &[(Span, usize)], rules: &RuleSet) {
        let edits = &self.edits;
        let changed = |span: Span, rule: usize| {
            let won = |&(fix, by): &(Span, usize)| fix.contains(span) && (fix != span || by < rule);
            applied.iter().any(won) && edits.iter().any(|edit| edit.span.overlaps(span))
        };
        self.findings.retain(|finding| !changed(finding.span, finding.rule));
        self.sites.retain(|site| {
            let waits = waits_for_a_person(site) && is_match(rules, site.rule);
            !(waits && changed(site.span, site.rule))
        });
    }

    /// Keeps what a last look, which changes nothing, has to say beside what earlier ones said.
    pub(super) fn keep_open(&mut self, rules: &RuleSet) {
        self.sites.retain(|site| waits_for_a_person(site) && is_match(rules, site.rule));
    }
}

fn waits_for_a_person(site: &Site) -> bool {
    matches!(site.status, FixStatus::NeedsReview(_) | FixStatus::Manual)
}

fn is_match(rules: &RuleSet, rule: usize) -> bool {
    !matches!(rules.rules[rule].action, Action::Import(_))
}

/// What earlier rounds did to a file, in offsets of its text now.
pub(in crate::engine) struct Earlier {
    pub(super) inserted: Vec<(Span, usize)>,
    pub(super) everywhere: bool,
    /// Whether imports have changed in any round. What is known of packages is the repository before
    /// the run, so from then on a type that is not known is no answer: while the imports stood, the
    /// question was asked.
    pub(in crate::engine) imports_moved: bool,
}

impl Earlier {
    /// Whether something near `span` is new, so that it is worth another look.
    pub(in crate::engine) fn touches(&self, span: Span) -> bool {
        let touches = |s: Span| s.start <= span.end && span.start <= s.end;
        self.everywhere || self.inserted.iter().any(|(s, _)| touches(*s))
    }

    /// Whether the rule has itself inserted what stands at `span`.
    pub(in crate::engine) fn is_own_text(&self, rule: usize, span: Span) -> bool {
        self.inserted.iter().any(|(s, by)| *by == rule && s.contains(span))
    }
}

/// Where the inserted texts stand after the edits, and which rules put them there.
pub(super) fn inserted(edits: &EditSet, by: &[(Span, usize)]) -> Vec<(Span, usize)> {
    let mut found = Vec::with_capacity(by.len());
    for (edit, span) in edits.iter().zip(edits.inserted_spans()) {
        let first = by.partition_point(|(place, _)| *place < edit.span);
        let rules = by[first..].iter().take_while(|(place, _)| *place == edit.span);
        found.extend(rules.map(|(_, rule)| (span, *rule)));
    }
    found
}

/// What earlier rounds inserted, in offsets after this round, and what this round inserted.
pub(super) fn carried(earlier: &[(Span, usize)], round: &Round) -> Vec<(Span, usize)> {
    let moved = earlier.iter().map(|(span, rule)| {
        let start = round.edits.map_offset(span.start);
        (Span::new(start, round.edits.map_offset(span.end).max(start)), *rule)
    });
    moved.chain(round.inserted.iter().copied()).collect()
}

/// Drops what waited for a person after an earlier round, where a fix of this round has changed it:
/// a rule may build on another, and have its answer only then.
fn drop_answered(outcome: &mut FileOutcome, round: &Round, rules: &RuleSet) {
    let edits = outcome.edits.clone();
    let fixes = round.sites.iter().filter(|site| site.status == FixStatus::Applied);
    let fixes: Vec<(Span, usize)> = fixes.map(|s| (edits.unmap(s.span), s.rule)).collect();
    let answered = |span: Span, rule: usize| {
        let start = edits.map_offset(span.start);
        let now = Span::new(start, edits.map_offset(span.end).max(start));
        let won = |&(fix, by): &(Span, usize)| fix.contains(span) && (fix != span || by < rule);
        fixes.iter().any(won) && round.edits.iter().any(|edit| edit.span.overlaps(now))
    };
    outcome.sites.retain(|site| {
        let waits = waits_for_a_person(site) && is_match(rules, site.rule);
        !(waits && answered(site.span, site.rule))
    });
    outcome.findings.retain(|finding| !answered(finding.span, finding.rule));
}

/// Adds what a later round did; spans go back to the text as it was before the run.
pub(super) fn merge_sites(outcome: &mut FileOutcome, round: &Round, rules: &RuleSet) {
    drop_answered(outcome, round, rules);
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
        let known = outcome.findings.iter().any(|f| f.rule == finding.rule && f.span == span);
        if !known {
            outcome.findings.push(Finding { span, ..finding.clone() });
        }
    }
}

/// A file that does not settle is left alone, and its sites say so.
pub(super) fn unsettled(mut outcome: FileOutcome, round: &Round) -> FileOutcome {
    let wanting = round.sites.iter().filter(|s| s.status == FixStatus::Applied);
    outcome.unsettled = wanting.map(|s| s.rule).collect();
    outcome.unsettled.sort_unstable();
    outcome.unsettled.dedup();
    left_alone(outcome, &FixStatus::HeldBack("the file does not settle".into()))
}

/// The file without its edits; what was to be applied has `status` instead.
pub(super) fn left_alone(mut outcome: FileOutcome, status: &FixStatus) -> FileOutcome {
    outcome.edits = EditSet::new();
    for site in outcome.sites.iter_mut().filter(|s| s.status == FixStatus::Applied) {
        site.status = status.clone();
    }
    outcome
}
