//! Files that are not Go. Comes in: such a file and the `text` rules for it. Goes out: the same
//! kind of outcome as for Go files.

use regex::Captures;

use super::choice::Choice;
use super::date::Date;
use super::fix::{Finding, FixStatus, ReviewReason, Site};
use super::rewrite::{FileOutcome, Force, GO_MOD_WAITS};
use super::suppress::Suppressions;
use crate::rule::compiled::{Action, RuleSet, Safety, TextAction, TextChange};
use crate::rule::found::Substitution;
use crate::text::layout::line_start;
use crate::text::{Edit, EditSet, Span};

/// How often a file is looked at, at most: one rule can build on what another has made.
const MOST_ROUNDS: usize = 4;

/// What one round of the `text` rules over a file has to know.
struct TextFile<'a> {
    text: &'a str,
    /// What earlier rounds have made of the file.
    done: &'a EditSet,
    rules: &'a RuleSet,
    force: &'a [Force],
    include_review: bool,
    choice: Choice<'a>,
    suppressions: Suppressions,
}

/// Applies the `text` rules that are in force to the file at `path`.
pub fn rewrite_text(
    path: &str,
    text: &str,
    rules: &RuleSet,
    force: &[Force],
    include_review: bool,
    choice: Choice<'_>,
    today: Date,
) -> FileOutcome {
    let round = |text: &str, done: &EditSet| {
        let suppressions = Suppressions::of_text(text, rules, today);
        let file = TextFile { text, done, rules, force, include_review, choice, suppressions };
        file.round(path)
    };
    let mut outcome = round(text, &EditSet::new());
    for _ in 1..MOST_ROUNDS {
        if outcome.edits.is_empty() {
            break;
        }
        let later = round(&outcome.edits.apply(text), &outcome.edits);
        if later.edits.is_empty() {
            break;
        }
        add_round(&mut outcome, later);
    }
    outcome
}

/// Adds what another round has changed; its sites are told by the places that they come from.
fn add_round(outcome: &mut FileOutcome, later: FileOutcome) {
    for site in later.sites.into_iter().filter(|site| site.status == FixStatus::Applied) {
        let span = outcome.edits.unmap(site.span);
        let is_same = |known: &&mut Site| {
            known.rule == site.rule
                && matches!(known.status, FixStatus::Overlaps { .. })
                && known.span.overlaps(span)
        };
        match outcome.sites.iter_mut().find(is_same) {
            Some(known) => known.status = FixStatus::Applied,
            None => outcome.sites.push(Site::new(site.rule, span, FixStatus::Applied)),
        }
    }
    outcome.edits = outcome.edits.then(&later.edits);
    outcome.sites.sort_by_key(|s| (s.span, s.rule));
}

impl TextFile<'_> {
    /// Looks once at the text, with all rules.
    fn round(&self, path: &str) -> FileOutcome {
        let mut outcome = FileOutcome { edits: EditSet::new(), ..FileOutcome::default() };
        for (index, rule) in self.rules.rules.iter().enumerate() {
            let Action::Text(action) = &rule.action else { continue };
            let wanted = action.files.is_match(path) && rule.places.admit(path);
            if self.force[index] == Force::Off || !wanted {
                continue;
            }
            match &action.change {
                TextChange::Report(message) => self.report(index, action, message, &mut outcome),
                TextChange::Replace(replace) => self.replace(index, action, replace, &mut outcome),
            }
        }
        outcome.sites.sort_by_key(|s| (s.span, s.rule));
        outcome.findings.sort_by_key(|f| (f.span, f.rule));
        outcome.idle_suppressions = self.suppressions.idle();
        outcome
    }

    /// Whether the site is one of those that were chosen, by the place that it comes from.
    fn takes(&self, rule: usize, span: Span) -> bool {
        self.choice.is_all() || self.choice.takes(rule, self.done.unmap(span))
    }

    /// Files what a rule that reports finds.
    fn report(&self, rule: usize, action: &TextAction, says: &Substitution, to: &mut FileOutcome) {
        for captures in matches(action, self.text) {
            let Some(span) = span_of(&captures) else { continue };
            if !self.takes(rule, span) {
                continue;
            }
            if let Some(why) = self.suppressions.reason(rule, span) {
                to.sites.push(Site::new(rule, span, FixStatus::Suppressed(why)));
            } else {
                let message = says.tell(&captures, &action.find);
                to.findings.push(Finding { rule, span, message });
            }
        }
    }

    /// Replaces what a rule finds, where nothing speaks against it; what would not change is no
    /// site.
    fn replace(&self, rule: usize, action: &TextAction, with: &Substitution, to: &mut FileOutcome) {
        for captures in matches(action, self.text) {
            let Some(span) = span_of(&captures) else { continue };
            let new = with.expand(&captures);
            if new == span.of(self.text) {
                continue;
            }
            let found_again = action.find.is_match(&new);
            let status = self.obstacle(rule, span, found_again).unwrap_or_else(|| {
                match to.edits.try_add(&[Edit::replace(span, new)]) {
                    Ok(()) => FixStatus::Applied,
                    Err(_) => FixStatus::Overlaps { rule: winner(to, span, rule) },
                }
            });
            to.sites.push(Site::new(rule, span, status));
        }
    }

    /// What keeps a rule from replacing at `span`.
    fn obstacle(&self, rule: usize, span: Span, found_again: bool) -> Option<FixStatus> {
        if !self.takes(rule, span) {
            return Some(FixStatus::NotSelected);
        }
        if let Some(why) = self.suppressions.reason(rule, span) {
            return Some(FixStatus::Suppressed(why));
        }
        let review = |reason| Some(FixStatus::NeedsReview(reason));
        match self.rules.rules[rule].safety {
            _ if found_again => review(ReviewReason::FoundAgain),
            Safety::Manual => Some(FixStatus::Manual),
            _ if self.force[rule] == Force::Unsure => review(ReviewReason::NoModule),
            Safety::Review if !self.include_review => review(ReviewReason::RuleSays),
            _ if self.force[rule] == Force::Held => Some(FixStatus::HeldBack(GO_MOD_WAITS.into())),
            Safety::Review | Safety::Safe => None,
        }
    }
}

/// What the rule finds: not where `unless` matches the lines of it.
fn matches<'t>(action: &'t TextAction, text: &'t str) -> impl Iterator<Item = Captures<'t>> {
    let wanted = move |captures: &Captures<'_>| {
        let Some(unless) = &action.unless else { return true };
        span_of(captures).is_some_and(|span| !unless.is_match(lines_of(text, span)))
    };
    action.find.captures_iter(text).filter(wanted)
}

fn span_of(captures: &Captures<'_>) -> Option<Span> {
    captures.get(0).map(|whole| Span::new(whole.start(), whole.end()))
}

/// The whole lines on which the span stands, without the last one's end.
fn lines_of(text: &str, span: Span) -> &str {
    let start = line_start(text, span.start);
    let end = text[span.end..].find(['\r', '\n']).map_or(text.len(), |at| span.end + at);
    &text[start..end]
}

/// The rule whose fix stands where `span` wanted to go.
fn winner(outcome: &FileOutcome, span: Span, loser: usize) -> usize {
    let applied = outcome.sites.iter().filter(|s| s.status == FixStatus::Applied);
    applied.filter(|s| s.span.overlaps(span)).map(|s| s.rule).next().unwrap_or(loser)
}
