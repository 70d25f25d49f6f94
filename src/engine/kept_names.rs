//! The check of a fix before it is applied: what stays must mean what it meant. Comes in: a
//! declaration and what a fix makes of it. Goes out: a name that would refer to something else, a
//! variable that nothing would use, or a `:=` that would declare nothing.
//!
//! Most fixes touch no declaration and open no block: they are let through without another parse.

use std::collections::HashMap;
use std::sync::Arc;

use super::declared_twice;
use super::fix::ReviewReason;
use super::left_unused::{left_unused, removed_names};
use super::names::FileNames;
use super::render::{Chunk, Rendered, Replacement};
use crate::go::lex::{Lexer, TokenKind};
use crate::go::outline::outline;
use crate::go::scope::{NameUse, ObjectId, Scopes};
use crate::go::source::Part;
use crate::go::syntax::{Kind, Node, Op, Role};
use crate::text::Span;

/// What is against the fix of the match `whole`, if anything is.
pub fn against(
    part: &Part,
    names: &FileNames<'_>,
    rendered: &Rendered,
    whole: Span,
) -> Option<ReviewReason> {
    against_apart(part, names, rendered, whole, &[])
}

/// The same for a fix that makes the variables `taken_over` its own: they get another value, or are
/// declared earlier than they were.
pub fn against_apart(
    part: &Part,
    names: &FileNames<'_>,
    rendered: &Rendered,
    whole: Span,
    taken_over: &[ObjectId],
) -> Option<ReviewReason> {
    if let Some(name) = declared_twice::redeclared(part, names, rendered) {
        return Some(ReviewReason::Shadowed(name));
    }
    let removed = removed_names(part, rendered);
    if let Some(name) = left_unused(part, rendered, &removed) {
        return Some(ReviewReason::LeftUnused(name));
    }
    if let Some(name) = out_of_scope(part, rendered, whole) {
        return Some(ReviewReason::NameCaptured(name));
    }
    let changes = rendered.replacements.iter().any(|r| {
        let old = r.span.of(part.syntax().text());
        let new = r.chunks.iter().any(|chunk| match chunk {
            Chunk::Text(text) => shapes_scopes(text),
            Chunk::Source { span, .. } => shapes_scopes(span.of(part.syntax().text())),
        });
        new || shapes_scopes(old) || declares_at(part, r.span)
    });
    let declares =
        |node: &Node<'_>| matches!(part.scopes().name_use(node.id()), NameUse::Declares(_));
    if !changes && !removed.iter().any(declares) {
        return None;
    }
    After::new(part, rendered).check(part, &OwnText { rendered, whole, taken_over })
}

/// What is against the fix beside others of its block that it is right without: together they declare
/// something twice.
pub fn against_together(
    part: &Part,
    rendered: &Rendered,
    beside: &[&Rendered],
) -> Option<ReviewReason> {
    if beside.is_empty() {
        return None;
    }
    let all = beside.iter().copied().chain([rendered]).flat_map(|r| r.replacements.clone());
    let mut all: Vec<Replacement> = all.collect();
    all.sort_by_key(|replacement| replacement.span);
    all.dedup_by(|next, before| next.span.start < before.span.end);
    let after = After::new(part, &Rendered { replacements: all, ..Rendered::default() }).part;
    if let Some(name) = declared_twice::newly(part, &after) {
        return Some(ReviewReason::Clash(name));
    }
    (empty_defines(&after) > empty_defines(part)).then_some(ReviewReason::NothingDeclared)
}

/// Whether the declaration would have more errors than it has, or something beside it that declares
/// nothing. What a diff leaves and what it adds are written apart from each other, and have to fit.
pub fn breaks(part: &Part, rendered: &Rendered) -> bool {
    let after = After::new(part, rendered).part;
    after.syntax().errors() > part.syntax().errors() || declares(part) && !declares(&after)
}

/// Whether the part is declarations and nothing else.
fn declares(part: &Part) -> bool {
    let syntax = part.syntax();
    !outline(&format!("package p\n{}", syntax.root().span().of(syntax.text()))).odd
}

/// A name in copied code that means something else, or nothing, where the copy stands: code from
/// around a match may come from another scope.
fn out_of_scope(part: &Part, rendered: &Rendered, whole: Span) -> Option<String> {
    let scopes = part.scopes();
    let means_another = |node: &Node<'_>, from: Span, to: usize| {
        let own = match scopes.name_use(node.id()) {
            NameUse::Refers(id) => Some(id),
            NameUse::Free => None,
            // A use of the name that a header or a signature declares.
            NameUse::Declares(id) if part.syntax().node(scopes.object(id).ident).span() == from => {
                Some(id)
            }
            _ => return false,
        };
        let declared_in_copy = own.is_some_and(|id| {
            let ident = part.syntax().node(scopes.object(id).ident).span();
            from.contains(ident) && ident != from
        });
        !declared_in_copy && scopes.lookup(node.text(), to) != own
    };
    let moved = rendered.replacements.iter().flat_map(|r| {
        r.chunks.iter().filter_map(move |chunk| match chunk {
            // What becomes of the match itself, `After` tells.
            Chunk::Source { span, .. } if !whole.contains(*span) => Some((*span, r.span.start)),
            _ => None,
        })
    });
    moved.into_iter().find_map(|(from, to)| {
        let names = part.syntax().covering(from).subtree();
        let mut names = names.filter(|n| n.kind() == Kind::Ident && from.contains(n.span()));
        names.find(|n| means_another(n, from, to)).map(|n| n.text().to_owned())
    })
}

/// Whether a piece of code can begin or end a scope, or declare something.
fn shapes_scopes(code: &str) -> bool {
    if !code.contains(['{', '}', ':'])
        && !["var", "const", "type", "func"].iter().any(|w| code.contains(w))
    {
        return false;
    }
    Lexer::all(code).any(|token| match token.kind {
        TokenKind::Operator => matches!(token.span.of(code), ":=" | "{" | "}"),
        TokenKind::Keyword => {
            matches!(token.span.of(code), "var" | "const" | "type" | "func" | "case" | "default")
        }
        _ => false,
    })
}

/// Whether the place is in the part of a declaration that says what it declares.
fn declares_at(part: &Part, span: Span) -> bool {
    let node = part.syntax().covering(span);
    let around = std::iter::once(node).chain(node.ancestors());
    around.take_while(|n| !n.kind().holds_statements()).any(|n| match n.kind() {
        Kind::Assign | Kind::Range if n.op() == Op::Define => {
            n.child(Role::Lhs).is_some_and(|lhs| span.start <= lhs.span().end)
        }
        Kind::ValueSpec | Kind::TypeSpec => {
            n.child(Role::Name).is_some_and(|name| span.start <= name.span().end)
        }
        Kind::Params => true,
        _ => false,
    })
}

/// The declaration as the fix leaves it.
struct After {
    part: Part,
    /// What was copied: where it stood, and where it stands.
    copied: Vec<(Span, usize)>,
}

impl After {
    fn new(part: &Part, rendered: &Rendered) -> Self {
        let text = part.syntax().text();
        let mut new = String::new();
        let mut copied = Vec::new();
        let mut copy = |span: Span, new: &mut String| {
            copied.push((span, new.len()));
            new.push_str(span.of(text));
        };
        let whole = part.syntax().root().span();
        let mut at = whole.start;
        for replacement in &rendered.replacements {
            if replacement.span.start > at {
                copy(Span::new(at, replacement.span.start), &mut new);
            }
            for chunk in &replacement.chunks {
                let code = match chunk {
                    Chunk::Text(text) => text.as_str(),
                    Chunk::Source { span, .. } => span.of(text),
                };
                if new.ends_with(is_word) && code.starts_with(is_word) {
                    new.push(' ');
                }
                match chunk {
                    Chunk::Text(text) => new.push_str(text),
                    Chunk::Source { span, .. } => copy(*span, &mut new),
                }
            }
            if new.ends_with(is_word) && text[replacement.span.end..].starts_with(is_word) {
                new.push(' ');
            }
            at = replacement.span.end.max(at);
        }
        if at < whole.end {
            copy(Span::new(at, whole.end), &mut new);
        }
        let length = new.len();
        Self { part: Part::parse(&Arc::from(new), Span::new(0, length)), copied }
    }

    /// Where the old offset stands now; more than once if it was copied more than once.
    fn places(&self, old: Span) -> impl Iterator<Item = usize> + '_ {
        let inside = self.copied.iter().filter(move |(span, _)| span.contains(old));
        inside.map(move |(span, new)| new + (old.start - span.start))
    }

    fn check(&self, before: &Part, own: &OwnText<'_>) -> Option<ReviewReason> {
        let identifiers = self.part.syntax().iter().filter(|n| n.kind() == Kind::Ident);
        let by_place: HashMap<usize, Node<'_>> = identifiers.map(|n| (n.span().start, n)).collect();
        for old in before.syntax().iter().filter(|n| n.kind() == Kind::Ident) {
            for place in self.places(old.span()) {
                let Some(new) = by_place.get(&place) else { continue };
                let is_captured = own.captures(old.span());
                let is_said =
                    own.has(old.span()) && self.is_declared_by_fix(*new, own.whole, is_captured);
                let is_taken = own.takes_over(before, old) && self.is_of_fix(*new);
                if !is_said && !is_taken && !self.means_the_same(before, old, *new) {
                    return Some(ReviewReason::NameCaptured(old.text().to_owned()));
                }
            }
        }
        if let Some(name) = self.reassigned(before, own) {
            return Some(ReviewReason::Reassigned(name));
        }
        if let Some(name) = declared_twice::newly(before, &self.part) {
            return Some(ReviewReason::Clash(name));
        }
        (empty_defines(&self.part) > empty_defines(before)).then_some(ReviewReason::NothingDeclared)
    }

    /// Whether the fix itself declares what the name refers to; of a captured name by the same
    /// capture, as `$err` in `if $err := $f; $err != nil`.
    fn is_declared_by_fix(&self, new: Node<'_>, whole: Span, is_captured: bool) -> bool {
        let Referent::Local(id) = referent(self.part.scopes(), new) else { return false };
        let ident = self.part.syntax().node(self.part.scopes().object(id).ident).span().start;
        let copied = |(span, at): &&(Span, usize)| (*at..at + span.len()).contains(&ident);
        let mut copies = self.copied.iter().filter(copied).peekable();
        let from_match =
            |(span, at): &(Span, usize)| whole.contains(Span::at(span.start + (ident - at)));
        (copies.peek().is_some() || !is_captured) && copies.all(from_match)
    }

    /// A variable of before that a new `:=` gives another value, and that is read behind it.
    fn reassigned(&self, before: &Part, own: &OwnText<'_>) -> Option<String> {
        let scopes = self.part.scopes();
        let nodes: Vec<Node<'_>> = self.part.syntax().iter().collect();
        let defines = nodes.iter().filter(|n| n.kind() == Kind::Assign && n.op() == Op::Define);
        let names = defines.filter_map(|n| n.child(Role::Lhs)).flat_map(Node::children);
        let new = names.filter(|n| !self.is_copied(n.span().start));
        new.into_iter().find_map(|name| {
            let NameUse::Declares(id) = scopes.name_use(name.id()) else { return None };
            let first = self.part.syntax().node(scopes.object(id).ident);
            let was = |id: &ObjectId| before.syntax().node(before.scopes().object(*id).ident);
            let mut taken = own.taken_over.iter().flat_map(|id| self.places(was(id).span()));
            let place = first.span().start;
            if first == name || !self.is_copied(place) || taken.any(|taken| taken == place) {
                return None;
            }
            let mentions = scopes.mentions(id).filter_map(|index| nodes.get(index));
            let mut behind = mentions
                .filter(|n| n.span().start > name.span().start)
                .filter(|n| self.is_copied(n.span().start));
            let is_read = behind.next().is_some_and(|n| !is_written(*n));
            is_read.then(|| name.text().to_owned())
        })
    }

    /// Whether the fix itself declares what the name refers to, in text of its own.
    fn is_of_fix(&self, new: Node<'_>) -> bool {
        let Referent::Local(id) = referent(self.part.scopes(), new) else { return false };
        let ident = self.part.syntax().node(self.part.scopes().object(id).ident);
        ident.text() == new.text() && !self.is_copied(ident.span().start)
    }

    fn means_the_same(&self, before: &Part, old: Node<'_>, new: Node<'_>) -> bool {
        let was = referent(before.scopes(), old);
        let is = referent(self.part.scopes(), new);
        match (was, is) {
            (Referent::Other, _) | (_, Referent::Other) | (Referent::Free, Referent::Free) => true,
            (Referent::Free, Referent::Local(_)) => false,
            (Referent::Local(was), is) => {
                let ident = before.syntax().node(before.scopes().object(was).ident);
                let mut kept = self.places(ident.span()).peekable();
                let here = match is {
                    Referent::Local(is) => {
                        let ident = self.part.scopes().object(is).ident;
                        Some(self.part.syntax().node(ident).span().start)
                    }
                    _ => None,
                };
                match (kept.peek().is_some(), here) {
                    (true, Some(here)) => kept.any(|place| place == here),
                    // Its declaration went, and the new text brings another one.
                    (false, Some(here)) => !self.is_copied(here),
                    (_, None) => false,
                }
            }
        }
    }

    fn is_copied(&self, new: usize) -> bool {
        self.copied.iter().any(|(span, at)| (*at..at + span.len()).contains(&new))
    }
}

/// What of a match the rule itself says, captures aside: there a name means what the rule says.
struct OwnText<'r> {
    rendered: &'r Rendered,
    whole: Span,
    /// Variables of before that the fix makes its own.
    taken_over: &'r [ObjectId],
}

impl OwnText<'_> {
    /// Whether the name stood for a variable that the fix makes its own.
    fn takes_over(&self, before: &Part, old: Node<'_>) -> bool {
        let was = referent(before.scopes(), old);
        matches!(was, Referent::Local(id) if self.taken_over.contains(&id))
    }

    /// Whether the name is a capture.
    fn captures(&self, span: Span) -> bool {
        self.rendered.kept.contains(&span) || self.rendered.moved.contains(&span)
    }

    fn has(&self, span: Span) -> bool {
        let captured = |capture: &Span| capture.contains(span) && *capture != span;
        self.whole.contains(span)
            && !self.rendered.kept.iter().any(captured)
            && !self.rendered.moved.iter().any(captured)
    }
}

/// Whether a mention gives a variable another value.
fn is_written(name: Node<'_>) -> bool {
    let list = name.parent().filter(|list| list.role() == Role::Lhs);
    list.and_then(Node::parent).is_some_and(|assign| {
        assign.kind() == Kind::Assign && matches!(assign.op(), Op::Assign | Op::Define)
    })
}

#[derive(Clone, Copy)]
enum Referent {
    Local(ObjectId),
    Free,
    Other,
}

fn referent(scopes: &Scopes, node: Node<'_>) -> Referent {
    match scopes.name_use(node.id()) {
        NameUse::Declares(id) | NameUse::Refers(id) => Referent::Local(id),
        NameUse::Free => Referent::Free,
        _ => Referent::Other,
    }
}

/// How many `:=` declare nothing.
fn empty_defines(part: &Part) -> usize {
    let scopes = part.scopes();
    let is_new = |name: Node<'_>| match scopes.name_use(name.id()) {
        NameUse::Declares(id) => scopes.object(id).ident == name.id(),
        _ => false,
    };
    let defines = part.syntax().iter().filter(|n| n.kind() == Kind::Assign && n.op() == Op::Define);
    defines
        .filter_map(|define| define.child(Role::Lhs))
        .filter(|lhs| !lhs.children().any(is_new))
        .count()
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}
