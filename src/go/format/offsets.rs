//! From offsets after edits to those before. Comes in: an edit set. Goes out: for a span of the
//! new text the span of the old text that it came from.

use crate::text::{EditSet, Span};

/// A way back through an edit set.
pub(super) struct Offsets {
    /// Replaced spans and what became of them, by ascending offset.
    pieces: Vec<(Span, Span)>,
}

impl Offsets {
    pub(super) fn new(edits: &EditSet) -> Self {
        let pieces = edits.iter().map(|e| e.span).zip(edits.inserted_spans()).collect();
        Self { pieces }
    }

    /// The old text of `new`. Where an edit reaches over an end, all that it replaced is included.
    pub(super) fn old_span(&self, new: Span) -> Span {
        let start = self.old(new.start, |old| old.start);
        let end = self.old(new.end, |old| old.end);
        Span::new(start.min(end), end)
    }

    fn old(&self, new: usize, inside: impl Fn(Span) -> usize) -> usize {
        let before = self.pieces.partition_point(|(_, after)| after.start <= new);
        match before.checked_sub(1).map(|at| self.pieces[at]) {
            None => new,
            Some((old, after)) if new <= after.end => inside(old),
            Some((old, after)) => old.end + (new - after.end),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Edit;

    #[test]
    fn a_span_maps_to_all_that_it_came_from() {
        let edits = vec![Edit::replace(Span::new(2, 5), "x"), Edit::insert(7, "abc")];
        let offsets = Offsets::new(&EditSet::from_edits(edits).expect("disjoint"));
        assert_eq!(offsets.old_span(Span::new(0, 2)), Span::new(0, 5));
        assert_eq!(offsets.old_span(Span::new(3, 4)), Span::new(2, 6));
        assert_eq!(offsets.old_span(Span::new(4, 6)), Span::new(6, 7));
        assert_eq!(offsets.old_span(Span::new(9, 10)), Span::new(8, 9));
    }
}
