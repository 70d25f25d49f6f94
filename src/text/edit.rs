//! Edits as values: a replacement of a span, and a set of them that can never overlap.
//!
//! Comes in: replacements that fixes and formatting ask for. Goes out: the new text, or the
//! hunks of a patch. Nothing is ever found by comparing two whole texts.

use super::Span;

/// Replaces the bytes of `span` with `new`; an empty span inserts.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    edits: Vec<Edit>,
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
        edits.retain(|e| !(e.span.is_empty() && e.new.is_empty()));
        edits.sort_by_key(|e| e.span);
        edits.dedup();
        for pair in edits.windows(2) {
            if conflicts(&pair[0], &pair[1]) {
                return Err(Overlap { kept: pair[0].clone(), refused: pair[1].clone() });
            }
        }
        Ok(Self { edits })
    }

    /// Adds all of `edits`, or none.
    ///
    /// # Errors
    /// The first pair that overlaps; the set is then unchanged. An edit that is already in the
    /// set coalesces with its twin.
    pub fn try_add(&mut self, edits: &[Edit]) -> Result<(), Overlap> {
        let mut all = self.edits.clone();
        all.extend_from_slice(edits);
        *self = Self::from_edits(all)?;
        Ok(())
    }

    /// The edits, by ascending offset.
    pub fn iter(&self) -> std::slice::Iter<'_, Edit> {
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
        self.edits
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
        for edit in self.edits.iter().filter(|e| within.contains(e.span)) {
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

    /// The spans of the inserted texts, in offsets of the text after the edits.
    pub fn inserted_spans(&self) -> impl Iterator<Item = Span> + '_ {
        let mut growth = 0isize;
        self.edits.iter().map(move |edit| {
            let start = edit.span.start.saturating_add_signed(growth);
            growth += edit.growth();
            Span::new(start, start + edit.new.len())
        })
    }

    /// One set that does what `self` and then `later` do. `later` speaks of the text that `self`
    /// makes of a text of any length.
    #[must_use]
    pub fn then(&self, later: &EditSet) -> EditSet {
        Composer::new(self, later).run()
    }
}

impl<'a> IntoIterator for &'a EditSet {
    type Item = &'a Edit;
    type IntoIter = std::slice::Iter<'a, Edit>;

    fn into_iter(self) -> Self::IntoIter {
        self.edits.iter()
    }
}

fn conflicts(a: &Edit, b: &Edit) -> bool {
    a.span.overlaps(b.span)
        || (a.span.is_empty() && a.span == b.span)
        || (a.span.start < b.span.start && b.span.end < a.span.end)
}

/// Composes two edit sets. Walks the middle text (after the first set, before the second) once and
/// joins all edits that touch there into one.
struct Composer<'a> {
    first: &'a [Edit],
    second: &'a [Edit],
    /// Old offset = middle offset - shift, for middle text outside of first's insertions.
    shift: isize,
    out: Vec<Edit>,
}

impl<'a> Composer<'a> {
    fn new(first: &'a EditSet, second: &'a EditSet) -> Self {
        Self { first: &first.edits, second: &second.edits, shift: 0, out: Vec::new() }
    }

    fn run(mut self) -> EditSet {
        while let Some(cluster) = self.next_cluster() {
            self.out.push(cluster);
        }
        self.out.retain(|e| !(e.span.is_empty() && e.new.is_empty()));
        EditSet { edits: self.out }
    }

    /// Where the next edit of the first set lies in the middle text.
    fn middle_of_first(&self) -> Option<Span> {
        let edit = self.first.first()?;
        let start = edit.span.start.saturating_add_signed(self.shift);
        Some(Span::new(start, start + edit.new.len()))
    }

    /// Takes the next run of edits that touch each other in the middle text, as one edit.
    fn next_cluster(&mut self) -> Option<Edit> {
        let mut firsts: Vec<(Span, &Edit)> = Vec::new();
        let mut seconds: Vec<&Edit> = Vec::new();
        let shift_before = self.shift;
        let mut middle: Option<Span> = None;
        loop {
            let a = self.middle_of_first();
            let b = self.second.first().map(|e| e.span);
            let touches = |s: Span, m: Span| s.start <= m.end && m.start <= s.end;
            let joins = |s: Option<Span>| match (s, middle) {
                (Some(s), Some(m)) => touches(s, m),
                (Some(_), None) => true,
                (None, _) => false,
            };
            let take_first = joins(a) && (!joins(b) || a <= b || (middle.is_none() && a <= b));
            if take_first {
                let (span, edit) = (a?, &self.first[0]);
                self.first = &self.first[1..];
                self.shift += edit.growth();
                firsts.push((span, edit));
                middle = Some(middle.map_or(span, |m| m.cover(span)));
            } else if joins(b) && (middle.is_some() || a.is_none_or(|a| b < Some(a))) {
                let edit = &self.second[0];
                self.second = &self.second[1..];
                seconds.push(edit);
                middle = Some(middle.map_or(edit.span, |m| m.cover(edit.span)));
            } else {
                break;
            }
        }
        let middle = middle?;
        Some(join(middle, shift_before, self.shift, &firsts, &seconds))
    }
}

/// The single edit from old text to new text for a cluster that covers `middle`.
fn join(
    middle: Span,
    shift_before: isize,
    shift_after: isize,
    firsts: &[(Span, &Edit)],
    seconds: &[&Edit],
) -> Edit {
    let old = Span::new(
        middle.start.saturating_add_signed(-shift_before),
        middle.end.saturating_add_signed(-shift_after),
    );
    // The text of the cluster in the middle is known only where the first set inserted it; the
    // second set's edits cover the rest, or else the bytes are old ones that must be kept. Those
    // bytes are between edits that touch, so there are none: every byte of `middle` belongs to an
    // edit of one of the two sets.
    let mut new = String::new();
    let mut at = middle.start;
    let mut inserted = firsts.iter().peekable();
    let mut copy_until = |at: &mut usize, end: usize, new: Option<&mut String>| {
        let mut sink = String::new();
        let new = new.unwrap_or(&mut sink);
        while let Some((span, edit)) = inserted.peek() {
            if span.start >= end && !(span.start == end && span.is_empty()) {
                break;
            }
            let from = (*at).max(span.start);
            let to = span.end.min(end);
            if from < to {
                new.push_str(&edit.new[from - span.start..to - span.start]);
            }
            if span.end <= end {
                inserted.next();
            } else {
                break;
            }
        }
        *at = end;
    };
    for edit in seconds {
        copy_until(&mut at, edit.span.start, Some(&mut new));
        new.push_str(&edit.new);
        copy_until(&mut at, edit.span.end, None);
    }
    copy_until(&mut at, middle.end, Some(&mut new));
    Edit { span: old, new }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
