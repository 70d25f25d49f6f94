//! Files that are not Go. Comes in: such a file and the `text` rules for it. Goes out: the same
//! kind of outcome as for Go files.

use super::choice::Choice;
use super::date::Date;
use super::fix::{FixStatus, ReviewReason, Site};
use super::rewrite::{FileOutcome, Force};
use super::suppress::Suppressions;
use crate::rule::compiled::{Action, RuleSet, Safety, TextAction};
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
    outcome.edits = edits;
    outcome.idle_suppressions = suppressions.idle();
    outcome
}

/// What the rule finds, with what it becomes; what would not change is no site.
fn replacements(action: &TextAction, text: &str) -> Vec<(Span, String)> {
    action
        .find
        .captures_iter(text)
        .filter_map(|captures| {
            let whole = captures.get(0)?;
            let mut new = String::new();
            captures.expand(&action.replace, &mut new);
            (new != whole.as_str()).then(|| (Span::new(whole.start(), whole.end()), new))
        })
        .collect()
}

/// The rule whose fix stands where `span` wanted to go.
fn winner(outcome: &FileOutcome, span: Span, loser: usize) -> usize {
    let applied = outcome.sites.iter().filter(|s| s.status == FixStatus::Applied);
    applied.filter(|s| s.span.overlaps(span)).map(|s| s.rule).next().unwrap_or(loser)
}
