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
mod tests;
