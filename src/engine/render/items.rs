//! The two sequences that rendering aligns: the tokens of the match and those of the template,
//! with each capture as a single item.

use std::iter::{Enumerate, Peekable};
use std::slice;

use super::Qualifier;
use super::brackets::Unprinted;
use super::values::{evaluate, literal};
use crate::engine::search::Match;
use crate::go::lex::{Lexer, TokenKind};
use crate::go::precedence::{Tightness, has_bare_composite};
use crate::go::source::Part;
use crate::go::syntax::{Kind, Node};
use crate::rule::metavariable::MetaId;
use crate::rule::pattern::PackageId;
use crate::rule::template::{Piece, Template, TemplateToken};
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

/// Writes the template for the match as items.
pub(super) fn target_items(
    found: &Match,
    part: &Part,
    template: &Template,
    wrapped: bool,
    qualifier: &dyn Fn(PackageId) -> Qualifier,
) -> Vec<TargetItem> {
    let mut target = Target { found, part, items: Vec::new(), lead: None, origin: None };
    let node = part.syntax().node(found.node);
    let in_group = matches!(node.kind(), Kind::ValueSpec | Kind::TypeSpec);
    let unprinted = Unprinted::of(found, part, template, in_group);
    if wrapped {
        target.token("", "(");
    }
    let mut tokens = template.tokens().iter().enumerate().peekable();
    if in_group && tokens.next_if(|(_, token)| declares_group(&token.piece)).is_some() {
        target.lead = Some(String::new());
    }
    let mut behind_group = None;
    while let Some((at, token)) = tokens.next() {
        target.origin = Some(at);
        if unprinted.group_has(at, &token.piece) {
            behind_group = Some(if in_group { "" } else { " " });
            continue;
        }
        if unprinted.has(token.at) {
            target.leave_out(&token.lead);
            continue;
        }
        let printed = target.items.len();
        let lead = behind_group.unwrap_or(&token.lead);
        target.piece(lead, &token.piece, &mut tokens, qualifier);
        if target.items.len() > printed {
            behind_group = None;
        }
    }
    if unprinted.is_group() {
        let is_end = |item: &TargetItem| item.key == Key::Semicolon;
        while target.items.pop_if(|item| is_end(item)).is_some() {}
    }
    target.origin = None;
    if wrapped {
        target.token("", ")");
    }
    target.items
}

/// Whether the piece is the keyword of a declaration that may hold several specs.
fn declares_group(piece: &Piece) -> bool {
    matches!(piece, Piece::Text(text) if matches!(text.as_str(), "var" | "const" | "type"))
}

/// What is left of a template.
type Rest<'t> = Peekable<Enumerate<slice::Iter<'t, TemplateToken>>>;

struct Target<'a> {
    found: &'a Match,
    part: &'a Part,
    items: Vec<TargetItem>,
    /// The lead of something that was left out, for the next item.
    lead: Option<String>,
    /// The token of the template that is being written.
    origin: Option<usize>,
}

impl Target<'_> {
    /// Prints a piece, or leaves it out with the pieces behind it that mean nothing without it.
    fn piece(
        &mut self,
        lead: &str,
        piece: &Piece,
        rest: &mut Rest<'_>,
        qualifier: &dyn Fn(PackageId) -> Qualifier,
    ) {
        match piece {
            Piece::Text(text) => self.token(lead, text),
            Piece::Semicolon => self.push(lead, Key::Semicolon, Out::Text(String::new())),
            Piece::Value(value) => self.token(lead, &evaluate(value, self.found, self.part)),
            Piece::Literal(quote, parts) => {
                self.token(lead, &literal(*quote, parts, self.found, self.part));
            }
            Piece::Package(id) => match qualifier(*id) {
                Qualifier::Name(name) => self.token(lead, &name),
                Qualifier::Dot => {
                    self.leave_out(lead);
                    rest.next();
                }
            },
            Piece::Capture { id, asked, in_header } => {
                if self.capture(lead, *id, *asked, *in_header) {
                    self.drop_around(rest);
                }
            }
        }
    }

    /// A capture was nothing: the separator behind it goes, or else the one before it; and brackets
    /// that hold nothing else.
    fn drop_around(&mut self, rest: &mut Rest<'_>) {
        let separates = |piece: &Piece| match piece {
            Piece::Semicolon => true,
            Piece::Text(text) => text == ",",
            _ => false,
        };
        if rest.next_if(|(_, token)| separates(&token.piece)).is_none() {
            self.drop_separator();
        }
        if self.drop_brackets(rest.peek().map(|(_, token)| &token.piece)) {
            rest.next();
        }
    }

    fn push(&mut self, lead: &str, key: Key, out: Out) {
        // Behind something that was left out, an item that begins a line still does.
        let left = self.lead.take().filter(|_| !lead.contains('\n'));
        let lead = left.unwrap_or_else(|| lead.to_string());
        if key.closes() {
            self.trailing_comma(&lead);
        }
        let origin = self.origin;
        if !lead.contains('\n')
            && let Some(last) = self.items.last_mut().filter(|last| last.key == Key::Semicolon)
        {
            last.out = Out::Text(";".to_string());
        }
        self.items.push(TargetItem { key, lead, out, optional: false, origin });
    }

    fn token(&mut self, lead: &str, text: &str) {
        self.push(lead, Key::Token(text.to_string()), Out::Text(text.to_string()));
    }

    /// A comma may stand before a closing bracket, if the source has one there.
    fn trailing_comma(&mut self, lead_of_closing: &str) {
        match self.items.last_mut() {
            Some(last) if last.key.is(",") => {
                last.key = Key::TrailingComma;
                last.optional = !lead_of_closing.contains('\n');
            }
            Some(last) if last.key != Key::Semicolon && !last.key.opens() => {
                let out = Out::Text(",".to_string());
                let lead = String::new();
                self.items.push(TargetItem {
                    key: Key::TrailingComma,
                    lead,
                    out,
                    optional: true,
                    origin: None,
                });
            }
            _ => {}
        }
    }

    /// Prints a capture. Says `true` if there was nothing to print, so that a separator must go.
    fn capture(&mut self, lead: &str, id: MetaId, asked: Tightness, in_header: bool) -> bool {
        let Some(capture) = self.found.bindings.get(id).filter(|c| !c.nodes.is_empty()) else {
            self.leave_out(lead);
            return true;
        };
        let syntax = self.part.syntax();
        let parenthesized = match capture.nodes.as_slice() {
            [only] if !capture.is_run => needs_parens(syntax.node(*only), asked, in_header),
            _ => false,
        };
        let from = indentation_at(syntax.text(), capture.span.start).to_string();
        let out = Out::Source { span: capture.span, from };
        if parenthesized {
            self.token(lead, "(");
            self.push("", Key::Capture(id), out);
            self.token("", ")");
        } else {
            self.push(lead, Key::Capture(id), out);
        }
        false
    }

    /// Something is not printed; what comes next stands where it would have stood.
    fn leave_out(&mut self, lead: &str) {
        self.lead = Some(self.lead.take().unwrap_or_else(|| lead.to_owned()));
    }

    /// Brackets around nothing are no list of types: they go. Says whether the next token of the
    /// template is the closing one.
    fn drop_brackets(&mut self, next: Option<&Piece>) -> bool {
        let closes = matches!(next, Some(Piece::Text(text)) if text == "]");
        let goes = closes && self.items.pop_if(|last| last.key.is("[")).is_some();
        if goes {
            self.lead = None;
        }
        goes
    }

    /// The separator before something that turned out to be nothing goes.
    fn drop_separator(&mut self) {
        let separates = |i: &TargetItem| i.key.is(",") || i.key == Key::Semicolon;
        if self.items.last().is_some_and(separates) {
            self.items.pop();
            // What stands behind goes where the separator stood: `f(a, $$$none)`.
            if self.items.last().is_some_and(|i| !i.key.opens()) {
                self.lead = Some(String::new());
            }
        }
    }
}

/// Parentheses that precedence asks for; and those that the author wrote without need.
fn needs_parens(node: Node<'_>, asked: Tightness, in_header: bool) -> bool {
    if Tightness::of(node) < asked || (in_header && has_bare_composite(node)) {
        return true;
    }
    let outer = node.parenthesized();
    outer != node && Tightness::of(node) >= Tightness::asked_at(outer)
}
