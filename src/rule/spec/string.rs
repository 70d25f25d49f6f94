//! Values that know where they were written.
//!
//! Comes in: a scalar's decoded value and the bytes it was written with. Goes out: a string that
//! maps offsets in itself back to offsets in the file, for carets inside patterns and regexes.

use serde_saphyr::granit_parser::ScalarStyle;

use crate::text::Span;
use crate::text::layout::line_start;

/// A value and the bytes of the file that say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands in the file.
    pub span: Span,
}

/// A string from a YAML file.
///
/// Invariant: `parts` is empty, or covers `value` without gaps in ascending order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpannedStr {
    value: String,
    span: Span,
    parts: Vec<Part>,
    /// Whether YAML made one line of several.
    folded: bool,
}

/// A run of the decoded value and the bytes that it was decoded from. Runs of equal length are the
/// same bytes; others (an escape, a `\r\n`) are known only as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Part {
    decoded: Span,
    written: Span,
}

impl Part {
    fn is_verbatim(self) -> bool {
        self.decoded.len() == self.written.len()
    }

    fn start_of(self, offset: usize) -> usize {
        if self.is_verbatim() {
            self.written.start + (offset - self.decoded.start)
        } else {
            self.written.start
        }
    }

    fn end_of(self, offset: usize) -> usize {
        if self.is_verbatim() {
            self.written.start + (offset - self.decoded.start)
        } else {
            self.written.end
        }
    }
}

impl SpannedStr {
    /// A value that stands for `span` as a whole.
    pub fn opaque(value: impl Into<String>, span: Span) -> Self {
        Self { value: value.into(), span, parts: Vec::new(), folded: false }
    }

    /// The scalar of that style at `span` (quotes included) of `text`, decoded to `value`.
    pub(super) fn of_scalar(text: &str, span: Span, value: &str, style: ScalarStyle) -> Self {
        let parts = match style {
            ScalarStyle::Plain if span.of(text) == value => {
                let decoded = Span::new(0, value.len());
                Some(vec![Part { decoded, written: span }])
            }
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                quoted_parts(text, span, value, style == ScalarStyle::DoubleQuoted)
            }
            ScalarStyle::Literal => literal_parts(text, span, value),
            _ => None,
        };
        let parts = parts.unwrap_or_default().into_iter().filter(|p| !p.decoded.is_empty());
        let folds = matches!(style, ScalarStyle::Plain | ScalarStyle::Folded);
        let folded = folds && span.of(text).trim_end().contains('\n');
        Self { value: value.to_owned(), span, parts: parts.collect(), folded }
    }

    /// A string put together from pieces, each with the bytes of the file that say it; `span` is
    /// where all of it is written.
    pub(in crate::rule) fn assembled(pieces: &[(String, Span)], span: Span) -> Self {
        let mut value = String::new();
        let mut parts = Vec::new();
        for (text, written) in pieces.iter().filter(|(text, _)| !text.is_empty()) {
            let decoded = Span::new(value.len(), value.len() + text.len());
            parts.push(Part { decoded, written: *written });
            value.push_str(text);
        }
        Self { value, span, parts, folded: false }
    }

    /// Pieces one behind the other; `span` is where all of it is written.
    pub(in crate::rule) fn joined(pieces: &[SpannedStr], span: Span) -> Self {
        let mut value = String::new();
        let mut parts = Vec::new();
        for piece in pieces.iter().filter(|piece| !piece.value.is_empty()) {
            let at = value.len();
            let moved = |part: &Part| Part {
                decoded: Span::new(part.decoded.start + at, part.decoded.end + at),
                written: part.written,
            };
            let whole = Part { decoded: Span::new(0, piece.value.len()), written: piece.span };
            let of_piece = if piece.parts.is_empty() { &[whole][..] } else { &piece.parts };
            parts.extend(of_piece.iter().map(moved));
            value.push_str(&piece.value);
        }
        Self { value, span, parts, folded: false }
    }

    /// The decoded string.
    pub fn as_str(&self) -> &str {
        &self.value
    }

    /// Where the value stands in the file: quotes included, the header of a block scalar not.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Whether it is several lines of the file of which YAML makes one.
    pub fn is_folded(&self) -> bool {
        self.folded
    }

    /// Where bytes `within` of the decoded string stand in the file.
    ///
    /// Exact for values on one line, plain or quoted, and for literal blocks (`|`); an escape is
    /// covered whole. Elsewhere, and for a `within` that is not inside the string, it is the span
    /// of the whole value.
    pub fn map_span(&self, within: Span) -> Span {
        self.map_exactly(within).unwrap_or(self.span)
    }

    fn map_exactly(&self, within: Span) -> Option<Span> {
        if within.end > self.value.len() {
            return None;
        }
        let holding =
            |offset: usize| self.parts.iter().find(|p| p.decoded.contains_offset(offset)).copied();
        let start = match holding(within.start) {
            Some(part) => part.start_of(within.start),
            None => self.parts.last()?.written.end,
        };
        if within.is_empty() {
            return Some(Span::at(start));
        }
        // What a diff leaves out on one of its sides is written elsewhere, maybe before the start.
        Some(Span::new(start, holding(within.end - 1)?.end_of(within.end).max(start)))
    }

    /// A part of the string that keeps its place.
    ///
    /// # Panics
    /// Where `within` is not inside the string or splits a character.
    #[must_use]
    pub fn slice(&self, within: Span) -> Self {
        let parts = self.parts.iter().filter(|p| p.decoded.overlaps(within)).map(|part| {
            let start = part.decoded.start.max(within.start);
            let end = part.decoded.end.min(within.end);
            Part {
                decoded: Span::new(start - within.start, end - within.start),
                written: Span::new(part.start_of(start), part.end_of(end)),
            }
        });
        Self {
            value: within.of(&self.value).to_owned(),
            span: self.map_span(within),
            parts: parts.collect(),
            folded: self.folded,
        }
    }
}

impl AsRef<str> for SpannedStr {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl std::fmt::Display for SpannedStr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Aligns a quoted scalar on one line with its value; `None` where the two do not agree.
fn quoted_parts(text: &str, span: Span, value: &str, double: bool) -> Option<Vec<Part>> {
    let end = span.end.checked_sub(1)?;
    let mut parts: Vec<Part> = Vec::new();
    let (mut at, mut done) = (span.start + 1, 0);
    while at < end {
        let rest = text.get(at..end)?;
        let first = rest.chars().next()?;
        let decoded = value[done..].chars().next()?;
        let length = match first {
            '\'' if !double => 2,
            '\\' if double => escape_length(rest),
            _ if first == decoded => first.len_utf8(),
            _ => return None,
        };
        let part = Part {
            decoded: Span::new(done, done + decoded.len_utf8()),
            written: Span::new(at, at + length),
        };
        match parts.last_mut() {
            Some(last) if last.is_verbatim() && part.is_verbatim() => {
                *last = Part {
                    decoded: last.decoded.cover(part.decoded),
                    written: last.written.cover(part.written),
                };
            }
            _ => parts.push(part),
        }
        at = part.written.end;
        done = part.decoded.end;
    }
    (at == end && done == value.len()).then_some(parts)
}

/// Bytes of the escape that `rest` begins with, backslash included.
fn escape_length(rest: &str) -> usize {
    match rest.as_bytes().get(1) {
        Some(b'x') => 4,
        Some(b'u') => 6,
        Some(b'U') => 10,
        _ => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
    }
}

/// Aligns a literal block, line by line, with its value; `None` where the two do not agree.
/// `span` begins at the first character that is not part of the indentation.
fn literal_parts(text: &str, span: Span, value: &str) -> Option<Vec<Part>> {
    let leading = value.bytes().take_while(|&b| b == b'\n').count();
    let mut begin = line_start(text, span.start);
    for _ in 0..leading {
        begin = line_start(text, begin.checked_sub(1)?);
    }
    let mut parts = Vec::new();
    let mut done = 0;
    for line in value.split_inclusive('\n') {
        let rest = &text[begin..];
        let whole = rest.find('\n').map_or(rest, |at| &rest[..=at]);
        let written = whole.trim_end_matches('\n').trim_end_matches('\r');
        let content = line.trim_end_matches('\n');
        if !written.ends_with(content) {
            return None;
        }
        let content_end = begin + written.len();
        let middle = done + content.len();
        parts.push(Part {
            decoded: Span::new(done, middle),
            written: Span::new(content_end - content.len(), content_end),
        });
        begin += whole.len();
        done += line.len();
        parts.push(Part {
            decoded: Span::new(middle, done),
            written: Span::new(content_end, begin),
        });
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::spec::tree::{self, Node, Value};
    use crate::text::SourceMap;

    /// The first value of the map that `yaml` is.
    fn value(yaml: &str) -> SpannedStr {
        let file = SourceMap::default().add("test.yaml", yaml);
        let (root, diagnostics) = tree::parse(file, yaml);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        let Some(Node { value: Value::Map(map), .. }) = root else { panic!("not a map") };
        let Value::Scalar(text, style) = &map.items[0].1.value else { panic!("not a scalar") };
        SpannedStr::of_scalar(yaml, map.items[0].1.span, text, *style)
    }

    /// The bytes that `needle` in the decoded value was written with.
    fn written<'y>(yaml: &'y str, needle: &str) -> &'y str {
        let value = value(yaml);
        let at = value.as_str().find(needle).expect("the value holds the needle");
        value.map_span(Span::new(at, at + needle.len())).of(yaml)
    }

    #[test]
    fn values_are_covered_whole() {
        let span = |yaml| value(yaml).span().of(yaml);
        assert_eq!(span("é: größe ü  # c\n"), "größe ü");
        assert_eq!(span("é: \"größe\\t\"  # c\n"), "\"größe\\t\"");
        assert_eq!(span("{é: 'it''s', b: c}"), "'it''s'");
        assert_eq!(span("{é: größe, b: c}"), "größe");
        assert_eq!(span("é: |\n  größe\n  x\n\nb: c\n"), "größe\n  x");
        assert_eq!(span("é: >-  # c\n  größe\n  x\n\nb: c\n"), "größe\n  x");
        assert_eq!(span("é: two\n  lines\n"), "two\n  lines");
    }

    #[test]
    fn values_on_one_line_map_exactly() {
        assert_eq!(written("é: größe ü\n", "ße"), "ße");
        assert_eq!(written("{é: größe, b: c}", "größe"), "größe");
        assert_eq!(written("é: \"größe ü\"\n", "ße ü"), "ße ü");
        assert_eq!(written("é: 'it''s ü'\n", "s ü"), "s ü");
        assert_eq!(written("é: 'it''s ü'\n", "t's"), "t''s");
        assert_eq!(written("é: \"a\\tß\\x41\\u00e9z\"\n", "z"), "z");
        assert_eq!(written("é: \"a\\tß\\x41\\u00e9z\"\n", "ßA"), "ß\\x41");
        assert_eq!(written("é: \"a\\tß\\x41\\u00e9z\"\n", "é"), "\\u00e9");
    }

    #[test]
    fn literal_blocks_map_line_by_line() {
        let yaml = "é: |\n    if $x {\n      größe()\n    }\n\n    end\nb: c\n";
        assert_eq!(written(yaml, "größe"), "größe");
        assert_eq!(written(yaml, "  größe"), "  größe");
        assert_eq!(written(yaml, "{\n  g"), "{\n      g");
        assert_eq!(written(yaml, "end"), "end");
        assert_eq!(written("é: |\n\n\n  a\n  ß\n", "ß"), "ß");
        assert_eq!(written("é: |2\n    a\n  ß\n", "  a"), "  a");
        assert_eq!(written("é: |-\r\n  a\r\n  ß\r\n", "ß"), "ß");
        assert_eq!(written("é: |-\r\n  a\r\n  ß\r\n", "a\n"), "a\r\n");
        assert_eq!(written("é: |+\n  a\n\n\n", "a\n\n"), "a\n\n");
    }

    #[test]
    fn an_offset_maps_to_the_place_before_its_character() {
        let yaml = "a: \"ß\\tx\"\n";
        let value = value(yaml);
        let place = |offset| value.map_span(Span::at(offset));
        assert_eq!([0, 2, 3, 4].map(place), [4, 6, 8, 9].map(Span::at));
    }

    #[test]
    fn where_the_alignment_is_unknown_the_whole_value_is_meant() {
        assert_eq!(written("a: >\n  two\n  lines\n", "lines"), "two\n  lines");
        assert_eq!(written("a: two\n  lines\n", "lines"), "two\n  lines");
        let value = value("a: bc\n");
        assert_eq!(value.map_span(Span::new(1, 9)), value.span(), "past the end");
    }

    #[test]
    fn slices_keep_their_places() {
        let yaml = "a: 'x ''y'' z'\n";
        let slice = value(yaml).slice(Span::new(2, 7));
        assert_eq!((slice.as_str(), slice.span().of(yaml)), ("'y' z", "''y'' z"));
        assert_eq!(slice.map_span(Span::new(1, 2)).of(yaml), "y");
    }
}
