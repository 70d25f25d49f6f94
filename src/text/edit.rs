//! Edits as values: a replacement of a span, and a set of them that can never overlap.
//!
//! Comes in: replacements that fixes and formatting ask for. Goes out: the new text, or the
//! hunks of a patch. Nothing is ever found by comparing two whole texts.

mod compose;

use super::Span;
use std::collections::{BTreeSet, btree_set};

/// Replaces the bytes of `span` with `new`; an empty span inserts. Edits order by place first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// What is replaced, in offsets of the text before the edit.
    pub span: Span,
    /// What stands there afterwards.
    pub new: String,
}

impl Edit {
    /// Replaces `span` with `new`.
    pub fn replace(span: Span, new: impl Into<String>) -> Self {
        Self { span, new: new.into() }
    }

    /// Inserts `new` before the byte at `offset`.
    pub fn insert(offset: usize, new: impl Into<String>) -> Self {
        Self::replace(Span::at(offset), new)
    }

    /// Removes the bytes of `span`.
    pub fn delete(span: Span) -> Self {
        Self::replace(span, String::new())
    }

    /// Whether it neither removes nor adds a byte.
    fn is_void(&self) -> bool {
        self.span.is_empty() && self.new.is_empty()
    }

    /// The smallest edit that does the same to `text`: what the old and the new bytes have in
    /// common at their start, then at their end, is left out, in whole characters.
    fn trimmed(&self, text: &str) -> Edit {
        let old = self.span.of(text);
        let prefix: usize = old
            .chars()
            .zip(self.new.chars())
            .take_while(|(a, b)| a == b)
            .map(|(c, _)| c.len_utf8())
            .sum();
        let (old_rest, new_rest) = (&old[prefix..], &self.new[prefix..]);
        let suffix: usize = old_rest
            .chars()
            .rev()
            .zip(new_rest.chars().rev())
            .take_while(|(a, b)| a == b)
            .map(|(c, _)| c.len_utf8())
            .sum();
        Edit::replace(
            Span::new(self.span.start + prefix, self.span.end - suffix),
            &new_rest[..new_rest.len() - suffix],
        )
    }

    /// Bytes that the text grows by (negative: shrinks).
    fn growth(&self) -> isize {
        self.new.len().cast_signed() - self.span.len().cast_signed()
    }
}

/// Two edits wanted the same bytes, or the same place for an insertion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// The edit that was there first.
    pub kept: Edit,
    /// The edit that did not fit beside it.
    pub refused: Edit,
}

/// Edits of one text.
///
/// Invariant: sorted by start, disjoint, at most one insertion at an offset, none without effect
/// on an empty span. An insertion may touch the start or the end of a replacement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EditSet {
    // A tree, so that adding the fixes of a file one by one, in any order, stays fast. Of edits
    // that keep the invariant, two neighbours that do not conflict mean that no two do.
    edits: BTreeSet<Edit>,
}

impl EditSet {
    /// No edits.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sorts `edits` into a set.
    ///
    /// # Errors
    /// The first pair that overlaps; identical edits count as one.
    pub fn from_edits(mut edits: Vec<Edit>) -> Result<Self, Overlap> {
        edits.retain(|e| !e.is_void());
        edits.sort();
        edits.dedup();
        for pair in edits.windows(2) {
            if conflicts(&pair[0], &pair[1]) {
                return Err(Overlap { kept: pair[0].clone(), refused: pair[1].clone() });
            }
        }
        Ok(Self { edits: edits.into_iter().collect() })
    }

    /// Adds all of `edits`, or none. The cost grows with the logarithm of the set's size.
    ///
    /// # Errors
    /// The first of `edits` that overlaps what was there before it; the set is then unchanged.
    /// An edit that is already in the set coalesces with its twin.
    pub fn try_add(&mut self, edits: &[Edit]) -> Result<(), Overlap> {
        let mut added: Vec<&Edit> = Vec::with_capacity(edits.len());
        for edit in edits.iter().filter(|e| !e.is_void()) {
            if self.edits.contains(edit) {
                continue;
            }
            if let Some(kept) = self.in_the_way_of(edit).cloned() {
                for edit in added {
                    self.edits.remove(edit);
                }
                return Err(Overlap { kept, refused: edit.clone() });
            }
            self.edits.insert(edit.clone());
            added.push(edit);
        }
        Ok(())
    }

    /// An edit of the set that `edit`, which is not in the set, conflicts with.
    fn in_the_way_of(&self, edit: &Edit) -> Option<&Edit> {
        let before = self.edits.range(..edit).next_back().filter(|e| conflicts(e, edit));
        before.or_else(|| self.edits.range(edit..).next().filter(|e| conflicts(edit, e)))
    }

    /// The edits, by ascending offset.
    pub fn iter(&self) -> btree_set::Iter<'_, Edit> {
        self.edits.iter()
    }

    /// How many edits there are.
    pub fn len(&self) -> usize {
        self.edits.len()
    }

    /// Whether there is no edit.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// The edits, by ascending offset.
    pub fn into_vec(self) -> Vec<Edit> {
        self.edits.into_iter().collect()
    }

    /// The text after the edits. `text` must be the one that the offsets speak of.
    pub fn apply(&self, text: &str) -> String {
        self.apply_within(text, Span::new(0, text.len()))
    }

    /// What the edits make of the part `within` of `text`. Edits that are not wholly inside are
    /// left out.
    pub fn apply_within(&self, text: &str, within: Span) -> String {
        let mut out = String::with_capacity(within.len() + 64);
        let mut at = within.start;
        let from = Edit::delete(Span::at(within.start));
        let inside = self.edits.range(from..).take_while(|e| e.span.start <= within.end);
        for edit in inside.filter(|e| within.contains(e.span)) {
            out.push_str(&text[at..edit.span.start]);
            out.push_str(&edit.new);
            at = edit.span.end;
        }
        out.push_str(&text[at..within.end]);
        out
    }

    /// Where the byte at `offset` stands after the edits. An offset inside replaced bytes maps to
    /// the start of the replacement; one at an insertion maps behind the inserted text.
    pub fn map_offset(&self, offset: usize) -> usize {
        let mut growth = 0isize;
        for edit in &self.edits {
            if edit.span.end <= offset {
                growth += edit.growth();
            } else if edit.span.start < offset {
                return edit.span.start.saturating_add_signed(growth);
            } else {
                break;
            }
        }
        offset.saturating_add_signed(growth)
    }

    /// The span of the text before the edits from which the bytes of `span`, after them, come. A
    /// span that begins or ends in inserted text covers what that text replaced.
    pub fn unmap(&self, span: Span) -> Span {
        let back = |offset: usize, at_end: bool| {
            let mut growth = 0isize;
            for edit in &self.edits {
                let start = edit.span.start.saturating_add_signed(growth);
                let end = start + edit.new.len();
                if offset <= start {
                    break;
                }
                if offset < end || (offset == end && at_end) {
                    return if at_end { edit.span.end } else { edit.span.start };
                }
                growth += edit.growth();
            }
            offset.saturating_add_signed(-growth)
        };
        let start = back(span.start, false);
        Span::new(start, back(span.end, true).max(start))
    }

    /// The spans of the inserted texts, in offsets of the text after the edits.
    pub fn inserted_spans(&self) -> impl Iterator<Item = Span> + '_ {
        let mut growth = 0isize;
        self.edits.iter().map(move |edit| {
            let start = edit.span.start.saturating_add_signed(growth);
            growth += edit.growth();
            Span::new(start, start + edit.new.len())
        })
    }

    /// The smallest set that does the same to `text`, which must be the one that the offsets speak
    /// of: edits that touch become one, and each is cut down to the characters that really change.
    #[must_use]
    pub fn trimmed(&self, text: &str) -> EditSet {
        // With edits that touch joined, an untouched byte lies between any two; cutting an edit
        // down leaves it there, so that the result is a set again.
        let joined = compose::compose(&self.edits, &BTreeSet::new());
        let edits = joined.iter().map(|e| e.trimmed(text)).filter(|e| !e.is_void()).collect();
        Self { edits }
    }

    /// The set that takes this one back: it speaks of the text that this one makes of `text`.
    #[must_use]
    pub fn inverted(&self, text: &str) -> EditSet {
        let spans = self.inserted_spans();
        let edits = self.edits.iter().zip(spans);
        Self { edits: edits.map(|(e, span)| Edit::replace(span, e.span.of(text))).collect() }
    }

    /// One set that does what `self` and then `later` do. `later` speaks of the text that `self`
    /// makes of a text of any length. Edits that touch become one.
    #[must_use]
    pub fn then(&self, later: &EditSet) -> EditSet {
        Self { edits: compose::compose(&self.edits, &later.edits) }
    }
}

impl<'a> IntoIterator for &'a EditSet {
    type Item = &'a Edit;
    type IntoIter = btree_set::Iter<'a, Edit>;

    fn into_iter(self) -> Self::IntoIter {
        self.edits.iter()
    }
}

/// Whether two different edits, the lesser one first, cannot stand in one set.
fn conflicts(a: &Edit, b: &Edit) -> bool {
    a.span.overlaps(b.span)
        || (a.span.is_empty() && a.span == b.span)
        || (a.span.start < b.span.start && b.span.end < a.span.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn set(edits: &[(usize, usize, &str)]) -> EditSet {
        let edits = edits.iter().map(|&(s, e, new)| Edit::replace(Span::new(s, e), new)).collect();
        EditSet::from_edits(edits).expect("disjoint")
    }

    #[test]
    fn applies_in_order_whatever_order_they_came_in() {
        assert_eq!(set(&[(4, 5, "E"), (0, 1, "A"), (2, 2, "+")]).apply("abcde"), "Ab+cdE");
    }

    #[test]
    fn refuses_overlaps_and_two_insertions_at_one_place() {
        let edit = |s, e, n: &str| Edit::replace(Span::new(s, e), n);
        assert!(EditSet::from_edits(vec![edit(0, 3, "x"), edit(2, 4, "y")]).is_err());
        assert!(EditSet::from_edits(vec![edit(1, 1, "x"), edit(1, 1, "y")]).is_err());
        assert!(EditSet::from_edits(vec![edit(0, 4, "x"), edit(2, 2, "y")]).is_err());
        assert!(EditSet::from_edits(vec![edit(0, 2, "x"), edit(2, 2, "y")]).is_ok());
        assert_eq!(EditSet::from_edits(vec![edit(1, 1, "x"); 2]).map(|s| s.len()), Ok(1));
    }

    #[test]
    fn unmaps_spans_to_what_they_were_made_of() {
        let edits = set(&[(2, 4, "XYZ"), (6, 6, "++")]);
        assert_eq!(edits.apply("abcdefgh"), "abXYZef++gh");
        let unmap = |s, e| edits.unmap(Span::new(s, e));
        assert_eq!(unmap(0, 2), Span::new(0, 2));
        assert_eq!(unmap(3, 4), Span::new(2, 4), "inside a replacement");
        assert_eq!(unmap(5, 7), Span::new(4, 6));
        assert_eq!(unmap(9, 11), Span::new(6, 8));
    }

    #[test]
    fn maps_offsets_through_growth() {
        let edits = set(&[(1, 1, "++"), (3, 5, "")]);
        let mapped: Vec<usize> = (0..7).map(|o| edits.map_offset(o)).collect();
        assert_eq!(mapped, [0, 3, 4, 5, 5, 5, 6]);
    }

    #[test]
    fn an_edit_inside_an_insertion_composes_with_it() {
        let first = set(&[(1, 2, "hello")]);
        let later = set(&[(2, 4, "E")]);
        let both = first.then(&later);
        assert_eq!(both.apply("abc"), later.apply(&first.apply("abc")));
        assert_eq!(both, set(&[(1, 2, "hElo")]));
    }

    #[test]
    fn try_add_is_all_or_nothing() {
        let mut edits = set(&[(4, 6, "x")]);
        let before = edits.clone();
        let refused = edits.try_add(&[
            Edit::insert(0, "new"),
            Edit::replace(Span::new(4, 6), "x"),
            Edit::insert(5, "inside"),
        ]);
        let overlap = refused.expect_err("5 lies inside 4..6");
        assert_eq!((overlap.kept.span, overlap.refused.span), (Span::new(4, 6), Span::at(5)));
        assert_eq!(edits, before);
        assert_eq!(edits.try_add(&[Edit::insert(6, "y"), Edit::insert(4, "z")]), Ok(()));
        assert_eq!(edits.len(), 3);
    }

    #[test]
    fn trimmed_joins_what_touches_and_drops_what_changes_nothing() {
        let text = "one é two";
        let edits = set(&[(0, 3, "one"), (4, 6, "è"), (6, 6, "!"), (7, 10, "too")]);
        let trimmed = edits.trimmed(text);
        assert_eq!(trimmed, set(&[(4, 6, "è!"), (8, 9, "o")]));
        assert_eq!(trimmed.apply(text), edits.apply(text));
    }

    /// Text of a small alphabet (so that repeats are common), with characters of one to four bytes.
    fn text() -> impl Strategy<Value = String> {
        "[ab\n\u{e9}\u{4e2d}\u{1f600}]{0,24}"
    }

    /// Places and replacements that [`place`] turns into edits of any text.
    type Wishes = Vec<(u8, u8, String)>;

    fn wishes() -> impl Strategy<Value = Wishes> {
        prop::collection::vec((any::<u8>(), 0u8..4, "[ab\u{e9}\u{4e2d}]{0,4}"), 0..6)
    }

    /// Edits of `text` on character boundaries; those that do not fit beside earlier ones are left
    /// out.
    fn place(text: &str, wishes: &Wishes) -> EditSet {
        let bounds: Vec<usize> =
            text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let mut edits = EditSet::new();
        for (start, len, new) in wishes {
            let start = usize::from(*start) % bounds.len();
            let end = (start + usize::from(*len)).min(bounds.len() - 1);
            let _ = edits.try_add(&[Edit::replace(Span::new(bounds[start], bounds[end]), new)]);
        }
        edits
    }

    fn holds_invariant(edits: &EditSet) -> bool {
        EditSet::from_edits(edits.clone().into_vec()).as_ref() == Ok(edits)
    }

    proptest! {
        #[test]
        fn then_is_one_set_for_two(text in text(), one in wishes(), two in wishes()) {
            let first = place(&text, &one);
            let middle = first.apply(&text);
            let later = place(&middle, &two);
            let both = first.then(&later);
            prop_assert!(holds_invariant(&both), "{both:?}");
            prop_assert_eq!(both.apply(&text), later.apply(&middle));
        }

        #[test]
        fn trimmed_does_the_same_with_no_character_too_many(text in text(), some in wishes()) {
            let edits = place(&text, &some);
            let trimmed = edits.trimmed(&text);
            prop_assert!(holds_invariant(&trimmed), "{trimmed:?}");
            prop_assert_eq!(trimmed.apply(&text), edits.apply(&text));
            for edit in &trimmed {
                let old = edit.span.of(&text);
                let both = !old.is_empty() && !edit.new.is_empty();
                prop_assert!(!both || old.chars().next() != edit.new.chars().next());
                prop_assert!(!both || old.chars().last() != edit.new.chars().last());
            }
            prop_assert_eq!(trimmed.trimmed(&text), trimmed);
        }

        #[test]
        fn adding_one_by_one_is_adding_at_once(text in text(), some in wishes()) {
            let edits = place(&text, &some);
            prop_assert!(holds_invariant(&edits), "{edits:?}");
            let mut backwards = EditSet::new();
            for edit in edits.iter().rev() {
                prop_assert_eq!(backwards.try_add(std::slice::from_ref(edit)), Ok(()));
            }
            prop_assert_eq!(backwards, edits);
        }

        #[test]
        fn try_add_refuses_what_from_edits_refuses(text in text(), one in wishes(), two in wishes()) {
            let (mut edits, other) = (place(&text, &one), place(&text, &two).into_vec());
            let at_once = EditSet::from_edits([edits.clone().into_vec(), other.clone()].concat());
            let before = edits.clone();
            match edits.try_add(&other) {
                Ok(()) => prop_assert_eq!(at_once, Ok(edits)),
                Err(_) => prop_assert!(at_once.is_err() && edits == before),
            }
        }
    }
}
