//! From gaps to text. Comes in: the tokens and the gaps between them. Goes out: [`Drift`]s, the
//! places where the text differs from what the gaps ask for. What no rule speaks of stays as it
//! stands; tokens and comments are never touched.

use super::columns::{Cell, pad_cells};
use super::layout::{Gap, Layout, MAX_NESTING};
use crate::go::lex::TokenKind;
use crate::text::{Edit, Span};

/// A difference between a text and what gofmt would make of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Drift {
    /// White space and what gofmt would write there. The span of a split may hold a semicolon.
    pub(super) edit: Edit,
    /// Index of the section it is in.
    pub(super) section: usize,
}

/// What [`Layout::render`] found.
#[derive(Debug, Default)]
pub(super) struct Rendered {
    /// By ascending offset.
    pub(super) drifts: Vec<Drift>,
    /// Spans of the sections, in which columns depend on each other; they cover all tokens.
    pub(super) sections: Vec<Span>,
    /// Whether lines were split or joined, which asks for another look at the result.
    pub(super) reflowed: bool,
}

impl Layout<'_> {
    /// Compares the gaps with the text. None where the text is nested too deep to say.
    pub(super) fn render(&self) -> Option<Rendered> {
        if self.too_deep {
            return None;
        }
        let mut writer = Writer {
            layout: self,
            out: Rendered::default(),
            lines: Vec::new(),
            cells: Vec::new(),
            width: 0,
            indent: 0,
            ends_alignment: false,
            padding: Vec::new(),
            section_start: self.tokens.first()?.span.start,
        };
        for token in 0..self.tokens.len() {
            writer.token(token);
            if writer.cells.len() > MAX_NESTING {
                return None;
            }
        }
        writer.line_end();
        writer.section_end(self.tokens.last()?.span.end);
        writer.out.drifts.sort_by_key(|d| d.edit.span);
        Some(writer.out)
    }
}

/// Puts tokens and gaps into lines and cells, a section at a time.
struct Writer<'l, 't> {
    layout: &'l Layout<'t>,
    out: Rendered,
    /// Lines of the section before the current one.
    lines: Vec<Vec<Cell>>,
    /// Cells of the current line.
    cells: Vec<Cell>,
    /// Characters since the last separator.
    width: usize,
    /// Tabs at the start of the current line.
    indent: usize,
    /// A literal with a line end ends all alignment up to the end of its last line.
    ends_alignment: bool,
    padding: Vec<(usize, usize)>,
    section_start: usize,
}

impl Writer<'_, '_> {
    fn token(&mut self, token: usize) {
        if token > 0 {
            self.gap(token);
        }
        let text = self.layout.tokens[token].span.of(self.layout.text);
        self.width += text.chars().count();
        self.ends_alignment |= self.layout.line(token) != self.layout.end_line(token);
    }

    fn gap(&mut self, token: usize) {
        let layout = self.layout;
        let span = layout.between(token);
        let is = span.of(layout.text);
        let gap = layout.gaps[token];
        if let Gap::Split { inner } = gap {
            self.split(token, inner);
        } else if is.contains('\n') && (gap != Gap::Joined || layout.is_comment(token - 1)) {
            self.line_break(token, gap);
        } else {
            self.out.reflowed |= is.contains('\n');
            match self.resolve(token, gap) {
                Gap::Cells(cells) if self.ends_alignment => {
                    self.drift(span, if cells > 0 { " " } else { "" });
                }
                Gap::Cells(cells) => self.separators(token, cells),
                Gap::Blank => self.drift(span, " "),
                Gap::Empty | Gap::Joined => self.drift(span, ""),
                _ => self.width += is.chars().count(),
            }
        }
    }

    /// The gap before a token that is on the line of the one before it, in view of comments.
    fn resolve(&self, token: usize, gap: Gap) -> Gap {
        let layout = self.layout;
        if !layout.is_comment(token) {
            return if layout.is_comment(token - 1) { Gap::Kept } else { gap };
        }
        match gap {
            _ if !layout.is_trailing(token) => Gap::Kept,
            Gap::Cells(_) => gap,
            _ => Gap::Cells(1),
        }
    }

    fn separators(&mut self, token: usize, cells: u8) {
        for _ in 0..cells {
            self.cells.push(Cell { width: self.width, hard: false, before: Some(token) });
            self.width = 0;
        }
    }

    fn drift(&mut self, span: Span, wanted: &str) {
        if span.of(self.layout.text) != wanted {
            let section = self.out.sections.len();
            self.out.drifts.push(Drift { edit: Edit::replace(span, wanted), section });
        }
        self.width += wanted.len();
    }

    fn line_break(&mut self, token: usize, gap: Gap) {
        let layout = self.layout;
        let span = layout.between(token);
        let is = span.of(layout.text);
        let count = is.bytes().filter(|b| *b == b'\n').count();
        let (section, most) = match gap {
            Gap::Break { section, most } => (section, most),
            _ => (true, 2),
        };
        // Blank lines around comments stay.
        let comments = layout.is_comment(token) || layout.is_comment(token - 1);
        let count = count.min(if comments { 2 } else { usize::from(most) });
        let indent = is.rsplit('\n').next().unwrap_or_default();
        let wanted = format!("{}{indent}", "\n".repeat(count));
        self.drift(span, &wanted);
        let section = section || count > 1 || layout.is_comment(token) || self.ends_alignment;
        self.new_line(section, indent.len(), layout.tokens[token - 1].span.end);
    }

    fn split(&mut self, token: usize, inner: bool) {
        let layout = self.layout;
        let mut span = layout.between(token);
        if layout.tokens[token - 1].kind == TokenKind::Semicolon {
            span.start = layout.between(token - 1).start;
        }
        let indent = self.indent + usize::from(inner);
        let wanted = format!("\n{}", "\t".repeat(indent));
        self.drift(span, &wanted);
        self.out.reflowed = true;
        // All that is split off is indented from the line that it was on.
        let outer = self.indent;
        self.new_line(true, indent, span.start);
        self.indent = outer;
    }

    fn new_line(&mut self, section: bool, indent: usize, end: usize) {
        self.line_end();
        self.ends_alignment = false;
        // A line of one cell has no influence on the next.
        if section || self.lines.last().is_none_or(Vec::is_empty) {
            self.section_end(end);
        }
        self.indent = indent;
        self.width = 0;
        for _ in 0..indent.min(MAX_NESTING) {
            self.cells.push(Cell { width: 0, hard: true, before: None });
        }
    }

    fn line_end(&mut self) {
        self.lines.push(std::mem::take(&mut self.cells));
    }

    fn section_end(&mut self, end: usize) {
        let padding = &mut self.padding;
        pad_cells(&self.lines, |cell, pad| {
            let Some(token) = cell.before else { return };
            match padding.last_mut() {
                Some((last, sum)) if *last == token => *sum += pad,
                _ => padding.push((token, pad)),
            }
        });
        self.lines.clear();
        for (token, pad) in std::mem::take(&mut self.padding) {
            let span = self.layout.between(token);
            let is = span.of(self.layout.text);
            if is.len() != pad || is.bytes().any(|b| b != b' ') {
                let edit = Edit::replace(span, " ".repeat(pad));
                self.out.drifts.push(Drift { edit, section: self.out.sections.len() });
            }
        }
        self.out.sections.push(Span::new(self.section_start.min(end), end));
        self.section_start = end;
    }
}
