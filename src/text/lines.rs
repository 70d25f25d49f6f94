//! Byte offsets to lines and columns, and back.

use super::Span;

/// A place as people and editors name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineCol {
    /// Line, from 1.
    pub line: usize,
    /// Column in bytes, from 1.
    pub column: usize,
}

/// The starts of a text's lines. A line ends after `\n`; `\r\n` is a line end like any other.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<usize>,
    len: usize,
}

impl LineIndex {
    /// Finds the lines of `text`.
    pub fn new(text: &str) -> Self {
        let starts = std::iter::once(0)
            .chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1))
            .collect();
        Self { starts, len: text.len() }
    }

    /// How many lines there are. A text that ends with a newline has an empty last line here.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The line, from 0, that the byte at `offset` is in; offsets past the end are in the last.
    pub fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start <= offset) - 1
    }

    /// The span of line `line` (from 0), its line end included.
    ///
    /// # Panics
    /// Where there is no such line.
    pub fn span(&self, line: usize) -> Span {
        let end = self.starts.get(line + 1).copied().unwrap_or(self.len);
        Span::new(self.starts[line], end)
    }

    /// Line and column in bytes, both from 1.
    pub fn line_col(&self, offset: usize) -> LineCol {
        let line = self.line_of(offset);
        LineCol { line: line + 1, column: offset - self.starts[line] + 1 }
    }

    /// Column in UTF-16 code units, from 1: what LSP and SARIF consumers count in. `text` must be
    /// the indexed text.
    pub fn utf16_column(&self, text: &str, offset: usize) -> usize {
        let line_start = self.starts[self.line_of(offset)];
        text[line_start..offset].encode_utf16().count() + 1
    }

    /// The offset of a line and column, both from 1; `None` where the text has no such line. A
    /// column past the end of its line is the end of that line.
    pub fn offset(&self, place: LineCol) -> Option<usize> {
        let line = place.line.checked_sub(1).filter(|&line| line < self.starts.len())?;
        let span = self.span(line);
        Some((span.start + place.column.saturating_sub(1)).min(span.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_and_places_agree() {
        let text = "ab\n\ncé\r\n";
        let lines = LineIndex::new(text);
        assert_eq!(lines.count(), 4);
        for offset in 0..=text.len() {
            assert_eq!(lines.offset(lines.line_col(offset)), Some(offset));
        }
        assert_eq!(lines.utf16_column(text, 7), 3, "é is two bytes and one UTF-16 unit");
        assert_eq!(lines.offset(LineCol { line: 9, column: 1 }), None);
    }
}
