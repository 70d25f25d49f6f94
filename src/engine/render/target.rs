//! The template at a site. Comes in: a match, a template and the names of packages. Goes out: the
//! items that are aligned with those of the match.

use std::iter::{Enumerate, Peekable};
use std::slice;

use super::Qualifier;
use super::brackets::Unprinted;
use super::items::{Key, Out, TargetItem};
use super::values::{evaluate, literal};
use crate::engine::search::Match;
use crate::go::precedence::{Tightness, has_bare_composite};
use crate::go::source::Part;
use crate::go::syntax::{Kind, Node};
use crate::rule::metavariable::MetaId;
use crate::rule::pattern::PackageId;
use crate::rule::template::{Piece, Template, TemplateToken};
use crate::text::layout::indentation_at;

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
