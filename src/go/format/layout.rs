//! The white space that gofmt would write between tokens. Comes in: the tokens of some
//! declarations, and what the walks over their tree say. Goes out: a [`Gap`] before each token,
//! which `render` turns into text.

use crate::go::lex::{Lexer, Token, TokenKind};
use crate::go::syntax::Node;
use crate::text::Span;

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

/// Syntax nests no deeper than this, lines have no more cells, or the text is left alone.
pub(super) const MAX_NESTING: usize = 250;

/// Tokens with the gaps before them.
pub(super) struct Layout<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: Vec<Token>,
    pub(super) gaps: Vec<Gap>,
    /// First and last line of each token, from 1.
    lines: Vec<(usize, usize)>,
    nesting: usize,
    /// Nested deeper than is looked at.
    pub(super) too_deep: bool,
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
        for &at in inner {
            self.set(at, Gap::Split { inner: true });
        }
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

    pub(super) fn is_comment(&self, token: usize) -> bool {
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
    pub(super) fn is_trailing(&self, comment: usize) -> bool {
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
    pub(super) fn between(&self, token: usize) -> Span {
        let end = self.tokens[token].span.start;
        Span::new(token.checked_sub(1).map_or(end, |before| self.tokens[before].span.end), end)
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
