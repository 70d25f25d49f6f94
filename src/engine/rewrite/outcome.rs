//! What became of a file, and how the rounds that lead there are put together.

use std::collections::BTreeSet;

use crate::engine::fix::{Finding, FixStatus, Site};
use crate::engine::suppress::IdleSuppression;
use crate::engine::work::Work;
use crate::text::{EditSet, Span};

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
    /// Gives sites that are held back the reason of their own that they had in an earlier look, in
    /// which nothing was: that is what a person has to settle before the rest can follow.
    pub fn keep_reasons(&mut self, earlier: &FileOutcome) {
        for site in &mut self.sites {
            let same = |s: &&Site| s.rule == site.rule && s.span == site.span;
            let Some(known) = earlier.sites.iter().find(same) else { continue };
            let would_follow =
                matches!(known.status, FixStatus::Applied | FixStatus::Overlaps { .. });
            if matches!(site.status, FixStatus::HeldBack(_)) && !would_follow {
                site.status = known.status.clone();
            }
        }
        self.findings.clone_from(&earlier.findings);
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
    pub(super) findings: Vec<Finding>,
    /// Texts that rules inserted, in offsets of the new text.
    pub(super) inserted: Vec<(Span, usize)>,
    /// Whether imports changed: names may mean something else now, everywhere in the file.
    pub(super) imports_changed: bool,
}

impl Round {
    /// Drops reports about code that an earlier rule rewrites: of two rules for the same code the
    /// earlier wins. Where that rule leaves its site to a person, the report may say what to do.
    pub(super) fn drop_answered(&mut self) {
        let answers = |site: &&Site| {
            let left = matches!(
                site.status,
                FixStatus::NeedsReview(_) | FixStatus::Manual | FixStatus::WouldNotParse
            );
            !left
        };
        let answered = self.sites.iter().filter(answers).map(|site| (site.span, site.rule));
        let answered: BTreeSet<(Span, usize)> = answered.collect();
        let earlier = |f: &Finding| answered.range((f.span, 0)..(f.span, f.rule)).next().is_some();
        self.findings.retain(|finding| !earlier(finding));
    }
}

/// What earlier rounds did to a file, in offsets of its text now.
pub(in crate::engine) struct Earlier {
    pub(super) inserted: Vec<(Span, usize)>,
    pub(super) everywhere: bool,
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

/// Adds what a later round did; spans go back to the text as it was before the run.
pub(super) fn merge_sites(outcome: &mut FileOutcome, round: &Round) {
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
