//! Resolving: the fixes of a file to the set that is applied. Comes in: rendered fixes that each
//! would be right alone. Goes out: which are applied together, and their edits, the inner ones
//! printed inside the outer ones.
//!
//! The larger match wins, of equal ones the earlier rule. A fix inside another is applied if it
//! lies in a capture that the other prints.

mod compose;
mod nesting;
#[cfg(test)]
mod tests;

use self::compose::Composer;
use self::nesting::Nesting;
use super::render::Rendered;
use crate::text::{Edit, Span};

/// A fix that could be applied.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The rule, as an index into the rule set.
    pub rule: usize,
    /// Further rules that the same fix is of.
    pub also: Vec<usize>,
    /// The match.
    pub span: Span,
    /// What it turns into.
    pub rendered: Rendered,
}

impl Candidate {
    /// A fix of one rule.
    pub fn new(rule: usize, span: Span, rendered: Rendered) -> Self {
        Self { rule, also: Vec::new(), span, rendered }
    }

    /// All rules that it is a fix of.
    pub fn rules(&self) -> impl Iterator<Item = usize> {
        std::iter::once(self.rule).chain(self.also.iter().copied())
    }
}

/// What was decided about the candidates.
#[derive(Clone, Debug, Default)]
pub struct Resolution {
    /// For each candidate `None` if it is applied, or else the rule that won over it.
    pub lost_to: Vec<Option<usize>>,
    /// All edits.
    pub edits: Vec<Edit>,
    /// The texts that rules inserted, each with its rule, in offsets before the edits: the
    /// positions of their edits, ascending.
    pub inserted_by: Vec<(Span, usize)>,
    /// How many spans and edits were looked at: the cost, as a test can hold it.
    pub looked: usize,
}

/// Chooses among `candidates` and writes their edits. `leaves` are edits of single names that
/// everything else must include: they give way to fixes that replace their place.
pub fn resolve(text: &str, candidates: &[Candidate], leaves: &[Edit]) -> Resolution {
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    order.sort_by_key(|&i| {
        let c = &candidates[i];
        (std::cmp::Reverse(c.span.len()), c.rule, c.span.start)
    });
    let mut accepted: Vec<usize> = Vec::new();
    let mut nesting = Nesting::default();
    let mut lost_to = vec![None; candidates.len()];
    for i in order {
        let candidate = &candidates[i];
        let place = nesting.place(candidate.span);
        let dropped_by = |&outer: &usize| !keeps(&candidates[accepted[outer]], candidate.span);
        // What holds this one is larger than what it would cut, and wins first.
        let winner = place.within.filter(dropped_by).or(place.cuts.into_iter().flatten().min());
        if let Some(winner) = winner {
            lost_to[i] = Some(candidates[accepted[winner]].rule);
        } else {
            nesting.accept(candidate.span, place.within);
            accepted.push(i);
        }
    }
    // The inner ones first: they are smaller, and were accepted later.
    let mut composer = Composer::new(text, leaves);
    for &i in accepted.iter().rev() {
        composer.add(&candidates[i]);
    }
    let mut resolution = composer.finish();
    resolution.looked += nesting.looked;
    resolution.lost_to = lost_to;
    resolution
}

/// Whether what stands at `inner` is part of what the fix prints, so that its own fix has a place.
fn keeps(fix: &Candidate, inner: Span) -> bool {
    let mut captures = fix.rendered.kept.iter().chain(&fix.rendered.moved);
    fix.span != inner && captures.any(|c| c.contains(inner))
}
