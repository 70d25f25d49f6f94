//! The white space between tokens, as gofmt would write it. Comes in: the tokens and the tree of
//! some declarations. Goes out: [`Drift`]s, the places where the text differs from that. What no
//! rule speaks of stays as it stands; tokens and comments are never touched.

use super::columns::{Cell, pad_cells};
use crate::go::lex::{Lexer, Token, TokenKind};
use crate::go::syntax::Node;
use crate::text::{Edit, Span};

/// What stands before a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// No rule: what is there.
    Kept,
    /// Nothing.
    Empty,
    /// One blank.
    Blank,
    /// Nothing, even where there is a line end.
    Joined,
    /// Separators that end so many cells.
    Cells(u8),
    /// A line end, if there is one in the text. With `section`, columns end there. No more line
    /// ends than `most`.
    Break { section: bool, most: u8 },
    /// A line end also where there is none; the next line is indented, if `inner`, by one more.
    Split { inner: bool },
}

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

/// Syntax nests no deeper than this, lines have no more cells, or the text is left alone.
const MAX_NESTING: usize = 250;

/// Tokens with the gaps before them.
pub(super) struct Layout<'t> {
    pub(super) text: &'t str,
    tokens: Vec<Token>,
    gaps: Vec<Gap>,
    /// First and last line of each token, from 1.
    lines: Vec<(usize, usize)>,
    nesting: usize,
    /// Nested deeper than is looked at.
    too_deep: bool,
}

impl<'t> Layout<'t> {
    /// The tokens of `within`; none where there is something that gofmt would not leave or take.
    pub(super) fn new(text: &'t str, within: Span) -> Option<Self> {
        if memchr::memchr(b'\r', &text.as_bytes()[within.range()]).is_some() {
            return None;
        }
        let mut tokens = Vec::with_capacity(within.len() / 4);
        tokens.extend(Lexer::new(text, within).filter(|t| !t.span.is_empty()));
        if tokens.iter().any(|t| t.kind == TokenKind::Invalid) || is_deep(text, &tokens) {
            return None;
        }
        let (mut line, mut at) = (1, within.start);
        let mut ends = |to: usize| {
            line += memchr::memchr_iter(b'\n', &text.as_bytes()[at..to]).count();
            at = to;
            line
        };
        let lines = tokens.iter().map(|t| (ends(t.span.start), ends(t.span.end))).collect();
        let gaps = vec![Gap::Kept; tokens.len()];
        Some(Self { text, tokens, gaps, lines, nesting: 0, too_deep: false })
    }

    /// Runs `walk` one level deeper, unless that is too deep.
    pub(super) fn nested(&mut self, walk: impl FnOnce(&mut Self)) {
        if self.nesting >= MAX_NESTING {
            self.too_deep = true;
            return;
        }
        self.nesting += 1;
        walk(self);
        self.nesting -= 1;
    }

    pub(super) fn set(&mut self, token: usize, gap: Gap) {
        if let Some(at) = self.gaps.get_mut(token) {
            *at = gap;
        }
    }

    /// Puts what begins at each of `inner`, and the bracket `close`, on a line of its own. What is
    /// split inside is left for the next round.
    pub(super) fn split(&mut self, open: usize, inner: &[usize], close: usize) {
        for gap in self.gaps.iter_mut().take(close).skip(open + 1) {
            if matches!(gap, Gap::Split { .. }) {
                *gap = Gap::Kept;
            }
        }
        self.set(open, Gap::Blank);
        inner.iter().for_each(|&at| self.set(at, Gap::Split { inner: true }));
        self.set(close, Gap::Split { inner: false });
    }

    pub(super) fn blank(&mut self, token: usize, blank: bool) {
        self.set(token, if blank { Gap::Blank } else { Gap::Empty });
    }

    /// The line, from 1, on which the token begins.
    pub(super) fn line(&self, token: usize) -> usize {
        self.lines.get(token).map_or(0, |l| l.0)
    }

    /// The line, from 1, on which the token ends.
    pub(super) fn end_line(&self, token: usize) -> usize {
        self.lines.get(token).map_or(0, |l| l.1)
    }

    pub(super) fn is(&self, token: usize, what: &str) -> bool {
        self.tokens.get(token).is_some_and(|t| t.span.of(self.text) == what)
    }

    fn is_comment(&self, token: usize) -> bool {
        self.tokens.get(token).is_some_and(|t| t.kind == TokenKind::Comment)
    }

    /// The first token of a node.
    pub(super) fn first(&self, node: Node<'_>) -> usize {
        self.tokens.partition_point(|t| t.span.start < node.span().start)
    }

    /// The last token of a node that is not a comment.
    pub(super) fn last(&self, node: Node<'_>) -> usize {
        let end = self.tokens.partition_point(|t| t.span.end <= node.span().end);
        (0..end).rev().find(|&t| !self.is_comment(t)).unwrap_or(0)
    }

    /// The first token after `token` that is not a comment.
    pub(super) fn next(&self, token: usize) -> usize {
        (token + 1..self.tokens.len()).find(|&t| !self.is_comment(t)).unwrap_or(self.tokens.len())
    }

    /// The first token after a node that is not a comment.
    pub(super) fn after(&self, node: Node<'_>) -> usize {
        self.next(self.last(node))
    }

    /// Whether the node's tokens are on more than one line.
    pub(super) fn is_multiline(&self, node: Node<'_>) -> bool {
        self.line(self.first(node)) != self.end_line(self.last(node))
    }

    /// Whether there are comments between two tokens.
    pub(super) fn has_comment(&self, from: usize, to: usize) -> bool {
        (from..to).any(|t| self.is_comment(t))
    }

    /// The comment that ends the line on which `token` ends.
    pub(super) fn line_comment(&self, token: usize) -> Option<usize> {
        let comment = token + 1;
        (self.is_comment(comment)
            && self.line(comment) == self.end_line(token)
            && self.is_trailing(comment))
        .then_some(comment)
    }

    /// Whether the next token that is no comment is on a later line.
    fn is_trailing(&self, comment: usize) -> bool {
        let next = self.next(comment);
        next >= self.tokens.len() || self.line(next) > self.end_line(comment)
    }

    /// Bytes that the tokens from `from` through `to` take on one line, without comments; none if
    /// they do not stand on one line.
    pub(super) fn width(&self, from: usize, to: usize) -> Option<usize> {
        if to >= self.tokens.len() || self.line(from) != self.end_line(to) {
            return None;
        }
        let mut sum = 0;
        for token in from..=to {
            if self.is_comment(token) {
                continue;
            }
            sum += self.tokens[token].span.len();
            if token > from {
                sum += match self.gaps[token] {
                    Gap::Empty | Gap::Joined => 0,
                    Gap::Blank => 1,
                    Gap::Cells(cells) => usize::from(cells),
                    Gap::Kept | Gap::Break { .. } => self.between(token).len(),
                    Gap::Split { .. } => return None,
                };
            }
        }
        Some(sum)
    }

    /// Where the white space before a token stands.
    fn between(&self, token: usize) -> Span {
        let end = self.tokens[token].span.start;
        Span::new(token.checked_sub(1).map_or(end, |before| self.tokens[before].span.end), end)
    }

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

/// Whether brackets nest deeper than is looked at.
fn is_deep(text: &str, tokens: &[Token]) -> bool {
    let mut depth = 0usize;
    tokens.iter().filter(|t| t.kind == TokenKind::Operator).any(|token| {
        match token.span.of(text) {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > MAX_NESTING
    })
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
