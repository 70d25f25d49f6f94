//! Files that are not Go. Comes in: such a file and the `text` rules for it. Goes out: the same
//! kind of outcome as for Go files.

use regex::Captures;

use super::choice::Choice;
use super::date::Date;
use super::fix::{Finding, FixStatus, ReviewReason, Site};
use super::rewrite::{FileOutcome, Force};
use super::suppress::Suppressions;
use crate::rule::compiled::{Action, RuleSet, Safety, TextAction, TextChange};
use crate::text::{Edit, EditSet, Span};

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
    let suppressions = Suppressions::of_text(text, rules, today);
    let mut outcome = FileOutcome::default();
    let mut edits = EditSet::new();
    for (index, rule) in rules.rules.iter().enumerate() {
        let Action::Text(action) = &rule.action else { continue };
        let globs = [Some(&action.files), rule.files.as_ref()];
        let wanted = globs.into_iter().flatten().all(|globs| globs.is_match(path));
        if force[index] == Force::Off || !wanted {
            continue;
        }
        if let TextChange::Report(message) = &action.change {
            for captures in matches(action, text) {
                let Some(span) = span_of(&captures) else { continue };
                match suppressions.reason(index, span) {
                    _ if !choice.takes(index, span) => {}
                    Some(why) => {
                        let status = FixStatus::Suppressed(why);
                        outcome.sites.push(Site::new(index, span, status));
                    }
                    None => {
                        let message = message.tell(&captures, &action.find);
                        outcome.findings.push(Finding::new(index, span, &message));
                    }
                }
            }
            continue;
        }
        for (span, new) in replacements(action, text) {
            let suppressed = suppressions.reason(index, span);
            let status = match rule.safety {
                _ if !choice.takes(index, span) => FixStatus::NotSelected,
                _ if suppressed.is_some() => FixStatus::Suppressed(suppressed.unwrap_or_default()),
                _ if action.find.is_match(&new) => FixStatus::NeedsReview(ReviewReason::FoundAgain),
                Safety::Manual => FixStatus::Manual,
                _ if force[index] == Force::Unsure => {
                    FixStatus::NeedsReview(ReviewReason::NoModule)
                }
                Safety::Review if !include_review => FixStatus::NeedsReview(ReviewReason::RuleSays),
                _ if force[index] == Force::Held => {
                    FixStatus::HeldBack("the go.mod of the module cannot follow yet".into())
                }
                Safety::Review | Safety::Safe => match edits.try_add(&[Edit::replace(span, new)]) {
                    Ok(()) => FixStatus::Applied,
                    Err(_) => FixStatus::Overlaps { rule: winner(&outcome, span, index) },
                },
            };
            outcome.sites.push(Site::new(index, span, status));
        }
    }
    outcome.sites.sort_by_key(|s| (s.span, s.rule));
    outcome.findings.sort_by_key(|f| (f.span, f.rule));
    outcome.edits = edits;
    outcome.idle_suppressions = suppressions.idle();
    outcome
}

/// What the rule finds, with what it becomes; what would not change is no site.
fn replacements(action: &TextAction, text: &str) -> Vec<(Span, String)> {
    let TextChange::Replace(replace) = &action.change else { return Vec::new() };
    matches(action, text)
        .filter_map(|captures| {
            let span = span_of(&captures)?;
            let new = replace.expand(&captures);
            (new != span.of(text)).then_some((span, new))
        })
        .collect()
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
    let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[span.end..].find(['\r', '\n']).map_or(text.len(), |at| span.end + at);
    &text[start..end]
}

/// The rule whose fix stands where `span` wanted to go.
fn winner(outcome: &FileOutcome, span: Span, loser: usize) -> usize {
    let applied = outcome.sites.iter().filter(|s| s.status == FixStatus::Applied);
    applied.filter(|s| s.span.overlaps(span)).map(|s| s.rule).next().unwrap_or(loser)
}
