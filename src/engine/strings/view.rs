//! A string as a rule's expression sees it. Comes in: the pieces of one of its values. Goes out: its
//! text, in which what no literal says stands as a directive (`%v`, or as the format has it), and
//! for a stretch of that text the edits of literals that replace it.

use std::ops::Range;

use crate::go::literal::{quote, quote_into, unquote_with_places};
use crate::go::types::{StringLiteral, StringPiece, StringValue, Through};
use crate::text::Span;

use std::sync::Arc;

/// The text of a value, and which piece says which part of it.
pub(super) struct View {
    pub(super) text: String,
    segments: Vec<Segment>,
    pieces: StringValue,
}

struct Segment {
    /// In the text of the view.
    place: Range<usize>,
    piece: usize,
}

/// An edit of a literal.
#[derive(Clone, Debug)]
pub(super) struct LiteralEdit {
    pub(super) literal: StringLiteral,
    /// In the file.
    pub(super) span: Span,
    /// As the literal spells it.
    pub(super) new: String,
    /// The names that the literal has come through.
    pub(super) through: Vec<Arc<Through>>,
}

impl LiteralEdit {
    /// Whether both edit the same place in the same way.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.literal.file.path() == other.literal.file.path()
            && self.span == other.span
            && self.new == other.new
    }
}

/// Why a stretch cannot be replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// This would be lost, or printed elsewhere.
    Moves(String),
    /// No literal stands there.
    NoLiteral,
}

impl View {
    pub(super) fn new(pieces: StringValue) -> Self {
        let mut text = String::new();
        let mut segments = Vec::with_capacity(pieces.len());
        for (piece, of) in pieces.iter().enumerate() {
            let start = text.len();
            match of {
                StringPiece::Text { literal, range, is_format, .. } => {
                    let value = unquote_with_places(literal.text()).map(|(value, _)| value);
                    let stretch = value.as_deref().and_then(|v| v.get(range.clone()));
                    let stretch = stretch.unwrap_or_default();
                    text.push_str(&if *is_format {
                        stretch.replace("%%", "%")
                    } else {
                        stretch.to_owned()
                    });
                }
                StringPiece::Hole { shown, .. } => text.push_str(shown),
            }
            segments.push(Segment { place: start..text.len(), piece });
        }
        Self { text, segments, pieces }
    }

    /// The literals of the value.
    pub(super) fn literals(&self) -> impl Iterator<Item = (&StringLiteral, &[Arc<Through>])> {
        self.pieces.iter().filter_map(|piece| match piece {
            StringPiece::Text { literal, through, .. } => Some((literal, through.as_slice())),
            StringPiece::Hole { .. } => None,
        })
    }

    /// A name on the way that is given several values, and how many.
    pub(super) fn several(&self) -> Option<(&str, usize)> {
        let mut all = self.literals().flat_map(|(_, through)| through);
        all.find(|t| t.values > 1).map(|t| (t.name.as_str(), t.values))
    }

    /// What is not known of a value that no literal has any part in: its code, and why.
    pub(super) fn unknown(&self) -> Option<(&str, &'static str)> {
        let is_text = |piece: &StringPiece| matches!(piece, StringPiece::Text { range, .. } if !range.is_empty());
        if self.pieces.iter().any(is_text) {
            return None;
        }
        self.pieces.iter().find_map(|piece| match piece {
            StringPiece::Hole { code, why, .. } => Some((code.as_str(), *why)),
            StringPiece::Text { .. } => None,
        })
    }

    /// The literal in which the stretch begins, or else the first one behind or before it.
    pub(super) fn literal_at(
        &self,
        place: &Range<usize>,
    ) -> Option<(&StringLiteral, &[Arc<Through>])> {
        let texts = self.segments.iter().filter_map(|segment| match &self.pieces[segment.piece] {
            StringPiece::Text { literal, through, .. } => {
                Some((segment, (literal, through.as_slice())))
            }
            StringPiece::Hole { .. } => None,
        });
        let overlaps = |s: &Segment| s.place.start < place.end && place.start < s.place.end;
        let within = texts.clone().find(|(segment, _)| overlaps(segment));
        within.or_else(|| texts.clone().next()).map(|(_, literal)| literal)
    }

    /// What a stretch shows of what no literal says, if it holds any.
    pub(super) fn hole_in(&self, place: &Range<usize>) -> Option<&str> {
        self.segments.iter().find_map(|segment| match &self.pieces[segment.piece] {
            StringPiece::Hole { code, .. }
                if segment.place.start < place.end && place.start < segment.place.end =>
            {
                Some(code.as_str())
            }
            _ => None,
        })
    }

    /// The edits that put `new` in the place of a stretch: only what differs is touched.
    ///
    /// # Errors
    /// Where that cannot be done by editing literals.
    pub(super) fn replace(
        &self,
        place: &Range<usize>,
        new: &str,
    ) -> Result<Vec<LiteralEdit>, Obstacle> {
        let (place, new) = self.trimmed(place, new);
        if place.is_empty() && new.is_empty() {
            return Ok(Vec::new());
        }
        if let Some(code) = self.hole_in(&place) {
            return Err(Obstacle::Moves(code.to_owned()));
        }
        let touched = |s: &&Segment| {
            if place.is_empty() {
                s.place.start <= place.start && place.start <= s.place.end
            } else {
                s.place.start < place.end && place.start < s.place.end
            }
        };
        let touched: Vec<&Segment> =
            self.segments.iter().filter(touched).filter(|s| self.rank(s).is_some()).collect();
        // What is put in goes to the literal nearest to the place where the string is wanted.
        let main = touched.iter().min_by_key(|s| self.rank(s)).map(|s| s.piece);
        let Some(main) = main else {
            let beside = self.beside(place.start, new).filter(|_| place.is_empty());
            return beside.map(|edit| vec![edit]).ok_or(Obstacle::NoLiteral);
        };
        let edited = touched.into_iter().filter(|s| s.piece == main || !place.is_empty());
        let edits = edited.filter_map(|segment| {
            let from = place.start.max(segment.place.start) - segment.place.start;
            let to = place.end.min(segment.place.end) - segment.place.start;
            let new = if segment.piece == main { new } else { "" };
            self.edit(segment.piece, from..to, new)
        });
        Ok(edits.collect())
    }

    /// A literal of its own between operands of `+`.
    fn beside(&self, at: usize, new: &str) -> Option<LiteralEdit> {
        self.segments.iter().find_map(|segment| {
            let StringPiece::Hole { operand: Some(operand), .. } = &self.pieces[segment.piece]
            else {
                return None;
            };
            let (offset, new) = if segment.place.start == at {
                (operand.span.start, format!("{} + ", quote(new)))
            } else if segment.place.end == at {
                (operand.span.end, format!(" + {}", quote(new)))
            } else {
                return None;
            };
            let (literal, span) = (operand.clone(), Span::at(offset));
            Some(LiteralEdit { literal, span, new, through: Vec::new() })
        })
    }

    /// How far a piece of text stands from the string; none for what is no text.
    fn rank(&self, segment: &Segment) -> Option<(usize, usize)> {
        match &self.pieces[segment.piece] {
            StringPiece::Text { depth, through, .. } => Some((*depth, through.len())),
            StringPiece::Hole { .. } => None,
        }
    }

    /// The stretch without what it begins and ends with in common with `new`.
    fn trimmed<'n>(&self, place: &Range<usize>, new: &'n str) -> (Range<usize>, &'n str) {
        let old = &self.text[place.clone()];
        let front = common(old.chars(), new.chars());
        let (old, new) = (&old[front..], &new[front..]);
        let back = common(old.chars().rev(), new.chars().rev());
        (place.start + front..place.end - back, &new[..new.len() - back])
    }

    /// Replaces a part of a piece, given in what the view shows of it.
    fn edit(&self, piece: usize, part: Range<usize>, new: &str) -> Option<LiteralEdit> {
        let StringPiece::Text { literal, range, is_format, through, .. } = &self.pieces[piece]
        else {
            return None;
        };
        let (value, places) = unquote_with_places(literal.text())?;
        let stretch = &value[range.clone()];
        let place = |shown: usize| -> usize {
            let at = if *is_format { behind_shown(stretch, shown) } else { shown };
            literal.span.start + places[range.start + at]
        };
        let span = Span::new(place(part.start), place(part.end));
        let new = if *is_format { new.replace('%', "%%") } else { new.to_owned() };
        let quote = literal.text().chars().next()?;
        let new = quote_into(&new, quote);
        Some(LiteralEdit { literal: literal.clone(), span, new, through: through.clone() })
    }
}

/// How many bytes both begin with, in whole characters.
fn common(one: impl Iterator<Item = char>, other: impl Iterator<Item = char>) -> usize {
    one.zip(other).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
}

/// The offset in a format of what stands at `shown` where `%%` is shown as `%`.
fn behind_shown(format: &str, shown: usize) -> usize {
    let (mut at, mut left) = (0, shown);
    while left > 0 {
        at += if format[at..].starts_with("%%") { 2 } else { 1 };
        left -= 1;
    }
    at
}
