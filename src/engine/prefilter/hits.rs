//! Where what rules require stands in a file. Comes in: what the prefilter has found. Goes out: which
//! rules could match, and in which declarations.

use super::{Prefilter, RuleMask};
use crate::rule::compiled::Required;
use crate::text::Span;

/// Where the texts stand in a file.
#[derive(Debug)]
pub struct Hits<'p> {
    pub(super) prefilter: &'p Prefilter,
    /// The rules that could match.
    pub rules: RuleMask,
    pub(super) places: Vec<Vec<usize>>,
    /// Where the texts of values stand.
    pub(super) values: Vec<Vec<usize>>,
    /// Whether nothing is asked of values.
    pub(super) is_bare: bool,
}

impl Hits<'_> {
    /// For patterns alone, without the conditions of their rules.
    #[must_use]
    pub fn bare(self) -> Self {
        Self { is_bare: true, ..self }
    }

    /// Whether all that the rule requires stands within `span`.
    pub fn stand_in(&self, rule: usize, span: Span) -> bool {
        let within = |places: &[usize]| {
            let next = places.partition_point(|&at| at < span.start);
            places.get(next).is_some_and(|&at| at < span.end)
        };
        let values = self.prefilter.values.of(rule).filter(|_| !self.is_bare);
        self.words(rule).all(within)
            && values.is_none_or(|ids| ids.iter().any(|&id| within(&self.values[id])))
    }

    /// Offsets, ascending, of the words that the rule requires, one list a word.
    pub fn words(&self, rule: usize) -> impl Iterator<Item = &[usize]> {
        let ids = self.prefilter.required[rule].as_deref().unwrap_or_default();
        ids.iter()
            .filter(|&&id| matches!(self.prefilter.texts[id], Required::Word(_)))
            .map(|&id| self.places[id].as_slice())
    }

    /// Where types stand in whose literals values of a field's type may be, ascending.
    pub fn types(&self, rule: usize) -> Vec<usize> {
        let ids = self.prefilter.instead[rule].types.iter();
        let mut places: Vec<usize> = ids.flat_map(|&id| &self.places[id]).copied().collect();
        places.sort_unstable();
        places
    }

    /// Where names stand that are reached through a field that is left out, ascending.
    pub fn promoted(&self, rule: usize) -> Vec<Span> {
        let span = |id: usize, at: usize| Span::new(at, at + self.prefilter.texts[id].text().len());
        let ids = self.prefilter.instead[rule].promoted.iter();
        let places = ids.flat_map(|&id| self.places[id].iter().map(move |&at| span(id, at)));
        let mut places: Vec<Span> = places.collect();
        places.sort_unstable();
        places
    }
}
