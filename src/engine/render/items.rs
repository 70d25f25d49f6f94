//! What rendering aligns: the tokens of the match and those of the template, with each capture as a
//! single item. Comes in: a match. Goes out: its items; those of the template come from `target`.

use crate::engine::search::Match;
use crate::go::lex::{Lexer, TokenKind};
use crate::go::source::Part;
use crate::rule::metavariable::MetaId;
use crate::text::Span;
use crate::text::layout::{begins_line, indentation_at};

/// What an item is; equal keys may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// A capture that the template prints.
    Capture(MetaId),
    /// A token by its text.
    Token(String),
    /// A semicolon, or the line end that stands for one.
    Semicolon,
    /// The comma before a closing bracket.
    TrailingComma,
}

impl Key {
    /// Whether a line end behind it would stand for a semicolon.
    pub(super) fn ends_statement(&self) -> bool {
        match self {
            Key::Capture(_) => true,
            Key::Semicolon | Key::TrailingComma => false,
            Key::Token(text) => {
                let last = Lexer::all(text).last();
                last.is_some_and(|t| t.kind == TokenKind::Semicolon)
            }
        }
    }

    pub(super) fn is(&self, text: &str) -> bool {
        matches!(self, Key::Token(t) if t == text)
    }

    pub(super) fn opens(&self) -> bool {
        self.is("(") || self.is("[") || self.is("{")
    }

    pub(super) fn closes(&self) -> bool {
        self.is(")") || self.is("]") || self.is("}")
    }
}

/// An item of the match.
#[derive(Clone, Debug)]
pub(super) struct SourceItem {
    pub(super) key: Key,
    pub(super) span: Span,
    /// Of statements: the indentation of their first line from the match's, where they begin it.
    pub(super) depth: Option<String>,
}

/// The match as items.
#[derive(Clone, Debug, Default)]
pub(super) struct Source {
    pub(super) items: Vec<SourceItem>,
    /// Comments outside of captures.
    pub(super) comments: Vec<Span>,
}

/// An item of the template at this site.
#[derive(Clone, Debug)]
pub(super) struct TargetItem {
    pub(super) key: Key,
    /// White space before it, as the template has it.
    pub(super) lead: String,
    pub(super) out: Out,
    /// Not printed unless the source has it.
    pub(super) optional: bool,
    /// The token of the template that it comes from; `None` for what the template does not say.
    pub(super) origin: Option<usize>,
}

/// Whether the item of the match can stay as the template's. Statements that the template has on
/// lines of another depth cannot; code that is not indented with tabs keeps what it has.
pub(super) fn can_stay(source: &SourceItem, target: &TargetItem) -> bool {
    let moves = || {
        let (Some(depth), Some(at)) = (&source.depth, target.lead.rfind('\n')) else {
            return false;
        };
        let wanted = &target.lead[at + 1..];
        let has_tabs = |indent: &str| indent.bytes().all(|b| b == b'\t');
        // Of a template that is indented with spaces only the margin is known for certain.
        let is_deeper = if has_tabs(wanted) { depth != wanted } else { depth.is_empty() };
        has_tabs(depth) && is_deeper
    };
    // A line end is no semicolon of a statement's header.
    let is_line_end = source.key == Key::Semicolon && source.span.is_empty();
    let is_written = target.out == Out::Text(";".to_string());
    source.key == target.key && !moves() && !(is_line_end && is_written)
}

/// What is printed for an item that is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Out {
    Text(String),
    Source { span: Span, from: String },
}

/// Cuts the match into items.
pub(super) fn source_items(
    found: &Match,
    part: &Part,
    printed: impl Iterator<Item = MetaId>,
) -> Source {
    let text = part.syntax().text();
    let captures = printed_captures(found, printed);
    let mut next_capture = captures.iter().peekable();
    let mut out = Source::default();
    let mut lexer = Lexer::new(text, found.span);
    while let Some(token) = lexer.next() {
        while next_capture.next_if(|(_, span)| span.end <= token.span.start).is_some() {}
        if let Some((id, span)) = next_capture.next_if(|(_, s)| s.start == token.span.start) {
            let depth = depth(found, part, *id, *span);
            out.items.push(SourceItem { key: Key::Capture(*id), span: *span, depth });
            lexer = lexer.resume_after(*span);
            continue;
        }
        let key = match token.kind {
            TokenKind::Comment => {
                out.comments.push(token.span);
                continue;
            }
            TokenKind::Semicolon => Key::Semicolon,
            _ => Key::Token(token.span.of(text).to_string()),
        };
        if key.closes()
            && let Some(last) = out.items.last_mut().filter(|l| l.key.is(","))
        {
            last.key = Key::TrailingComma;
        }
        out.items.push(SourceItem { key, span: token.span, depth: None });
    }
    let at_end = |i: &SourceItem| i.key == Key::Semicolon && i.span == Span::at(found.span.end);
    if out.items.last().is_some_and(at_end) {
        out.items.pop();
    }
    out
}

/// How much deeper than the match captured statements stand, if they begin a line.
fn depth(found: &Match, part: &Part, id: MetaId, span: Span) -> Option<String> {
    let syntax = part.syntax();
    let first = *found.bindings.get(id)?.nodes.first()?;
    let in_list = syntax.node(first).parent().is_some_and(|p| p.kind().holds_statements());
    let line = indentation_at(syntax.text(), span.start);
    let depth = line.strip_prefix(indentation_at(syntax.text(), found.span.start))?;
    (in_list && begins_line(syntax.text(), span.start)).then(|| depth.to_string())
}

/// The captures that the template prints, without those inside others, by ascending offset.
fn printed_captures(found: &Match, printed: impl Iterator<Item = MetaId>) -> Vec<(MetaId, Span)> {
    let mut spans: Vec<(MetaId, Span)> = printed
        .filter_map(|id| {
            let capture = found.bindings.get(id)?;
            (!capture.nodes.is_empty()).then_some((id, capture.span))
        })
        .collect();
    spans.sort_by_key(|(_, span)| (span.start, std::cmp::Reverse(span.end)));
    spans.dedup();
    let mut end = 0;
    spans.retain(|(_, span)| {
        let outside = span.start >= end;
        end = end.max(span.end);
        outside
    });
    spans
}
