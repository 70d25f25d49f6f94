//! Variables that fixes leave without a use, which Go refuses. Comes in: a declaration and one fix, or
//! all that are to be applied in it together. Goes out: the names, and of several fixes those that
//! take the last use away.

use std::collections::{BTreeMap, BTreeSet};

use super::render::{Chunk, Rendered};
use crate::go::lex::Lexer;
use crate::go::scope::{NameUse, ObjectId, ObjectKind};
use crate::go::source::Part;
use crate::go::syntax::{Kind, Node};
use crate::text::Span;

/// The identifiers that the fix takes out.
pub(super) fn removed_names<'p>(part: &'p Part, rendered: &Rendered) -> Vec<Node<'p>> {
    let copied = |span: Span| rendered.moved.iter().any(|moved| moved.contains(span));
    let mut removed = Vec::new();
    for replacement in rendered.replacements.iter().filter(|r| !r.span.is_empty()) {
        let inside = part.syntax().covering(replacement.span).subtree();
        removed.extend(inside.filter(|n| {
            n.kind() == Kind::Ident && replacement.span.contains(n.span()) && !copied(n.span())
        }));
    }
    removed
}

/// A variable whose last use goes, while its declaration stays: Go refuses that.
pub(super) fn left_unused(
    part: &Part,
    rendered: &Rendered,
    removed: &[Node<'_>],
) -> Option<String> {
    let scopes = part.scopes();
    let gone = |index: usize| removed.iter().any(|n| n.id().index() == index);
    removed.iter().find_map(|node| {
        let NameUse::Refers(id) = scopes.name_use(node.id()) else { return None };
        let object = scopes.object(id);
        if object.kind != ObjectKind::Var || gone(object.ident.index()) {
            return None;
        }
        let declares = |index: usize| is_declared_by(part, index, id);
        let mut uses = scopes.mentions(id).filter(|&index| !declares(index));
        // Printed by the template, as text or as a capture, it is used again.
        let name = scopes.name(id);
        let text = part.syntax().text();
        let printed = rendered.replacements.iter().flat_map(|r| &r.chunks);
        let mut printed = printed.map(|chunk| match chunk {
            Chunk::Text(text) => text.as_str(),
            Chunk::Source { span, .. } => span.of(text),
        });
        let again = printed.any(|code| Lexer::all(code).any(|t| t.span.of(code) == name));
        (!again && uses.all(gone)).then(|| name.to_owned())
    })
}

fn is_declared_by(part: &Part, index: usize, id: ObjectId) -> bool {
    let node = part.syntax().iter().nth(index);
    node.is_some_and(|n| part.scopes().name_use(n.id()) == NameUse::Declares(id))
}

/// Of fixes that are each right alone, those with which the last use of a variable would go, as
/// indices, each with the name: of the fixes that take a use of it, the last in the text.
pub(super) fn left_unused_together(part: &Part, fixes: &[&Rendered]) -> BTreeMap<usize, String> {
    let scopes = part.scopes();
    let mut gone = BTreeSet::new();
    let mut users: BTreeMap<usize, (ObjectId, BTreeSet<usize>)> = BTreeMap::new();
    for (nth, fix) in fixes.iter().enumerate() {
        for node in removed_names(part, fix) {
            gone.insert(node.span().start);
            if let NameUse::Refers(id) = scopes.name_use(node.id())
                && scopes.object(id).kind == ObjectKind::Var
            {
                let declared = scopes.object(id).ident.index();
                users.entry(declared).or_insert((id, BTreeSet::new())).1.insert(nth);
            }
        }
    }
    users.retain(|_, (_, by)| by.len() > 1);
    if users.is_empty() {
        return BTreeMap::new();
    }
    let nodes: Vec<Node<'_>> = part.syntax().iter().collect();
    let is_gone = |index: usize| gone.contains(&nodes[index].span().start);
    let mut found = BTreeMap::new();
    for (declared, (id, by)) in users {
        let is_use = |index: &usize| scopes.name_use(nodes[*index].id()) != NameUse::Declares(id);
        let name = scopes.name(id);
        if is_gone(declared)
            || !scopes.mentions(id).filter(is_use).all(is_gone)
            || fixes.iter().any(|fix| prints(part, fix, name, &gone))
        {
            continue;
        }
        let begin = |nth: &usize| fixes[*nth].replacements.first().map(|r| r.span);
        if let Some(last) = by.into_iter().max_by_key(begin) {
            found.insert(last, name.to_owned());
        }
    }
    found
}

/// Whether a fix prints the name, in text of its own or in code that is still there.
fn prints(part: &Part, fix: &Rendered, name: &str, gone: &BTreeSet<usize>) -> bool {
    let text = part.syntax().text();
    fix.replacements.iter().flat_map(|r| &r.chunks).any(|chunk| {
        let (code, from) = match chunk {
            Chunk::Text(text) => (text.as_str(), None),
            Chunk::Source { span, .. } => (span.of(text), Some(span.start)),
        };
        let is_there = |at: usize| from.is_none_or(|from| !gone.contains(&(from + at)));
        Lexer::all(code).any(|t| t.span.of(code) == name && is_there(t.span.start))
    })
}
