//! Which element of a pattern is a metavariable in disguise: the parser needs a statement, a field or
//! a clause around some of them.

use crate::go::syntax::{Kind, Node, Role};
use crate::rule::metavariable::MetaId;
use crate::rule::pattern::{Atom, Pattern};

/// A metavariable; without an id it keeps nothing.
#[derive(Clone, Copy)]
pub struct Variable(pub(super) Option<MetaId>);

/// The id of `$$$`, if that is what the element is: bare, as a statement, as a field, as a clause.
pub(super) fn many(pattern: &Pattern, p: Node<'_>) -> Option<Variable> {
    let inner = match p.kind() {
        Kind::ExprStmt => p.child(Role::X)?,
        Kind::Field if p.children().count() == 1 => p.child(Role::Type)?,
        // Among named parameters `$$$` has a type, and among specs a value, for the parser.
        Kind::Field | Kind::ValueSpec => {
            let mut names = p.child(Role::Name)?.children();
            let only = names.next()?;
            names.next().is_none().then_some(only)?
        }
        Kind::TypeSpec => p.child(Role::Name)?,
        Kind::CommClause => {
            let empty = p.child(Role::Body).is_none_or(|b| b.children().next().is_none());
            let sent = p.child(Role::Comm).filter(|c| empty && c.kind() == Kind::ExprStmt)?;
            sent.child(Role::X)?
        }
        Kind::CaseClause => {
            let empty = p.child(Role::Body).is_none_or(|b| b.children().next().is_none());
            let mut values = p.child(Role::Value).filter(|_| empty)?.children();
            let only = values.next()?;
            values.next().is_none().then_some(only)?
        }
        _ => p,
    };
    match pattern.atom(inner) {
        Atom::Many(id) => Some(Variable(id)),
        _ => None,
    }
}

/// The id of `$$$`, if that is what the element is; nothing inside where it keeps nothing.
pub fn run_variable(pattern: &Pattern, p: Node<'_>) -> Option<Option<MetaId>> {
    many(pattern, p).map(|Variable(id)| id)
}

/// `$s` as a statement stands for any statement.
pub(super) fn statement_variable(pattern: &Pattern, p: Node<'_>) -> Option<Variable> {
    let is_whole = p.kind() == Kind::ExprStmt && !pattern.is_exact();
    let inner = is_whole.then(|| p.child(Role::X)).flatten()?;
    match pattern.atom(inner) {
        Atom::One(id) => Some(Variable(id)),
        _ => None,
    }
}

/// The variable of `for $$$x { … }`.
pub fn loop_variable(pattern: &Pattern, p: Node<'_>) -> Option<Variable> {
    let cond = (p.kind() == Kind::For).then(|| p.child(Role::Cond)).flatten()?;
    let alone = p.children().all(|c| matches!(c.role(), Role::Cond | Role::Body));
    match pattern.atom(cond) {
        Atom::Many(id) if alone => Some(Variable(id)),
        _ => None,
    }
}

/// Whether `p` is `for $$$x := range …` and `s` a `for range …`: nothing is declared there.
pub(super) fn ranges_without_names(pattern: &Pattern, p: Node<'_>, s: Node<'_>) -> bool {
    let is_range = p.kind() == Kind::Range && s.kind() == Kind::Range;
    let mut names =
        is_range.then(|| p.child(Role::Lhs)).flatten().into_iter().flat_map(Node::children);
    let only = names.next().filter(|_| names.next().is_none());
    only.is_some_and(|only| many(pattern, only).is_some()) && s.child(Role::Lhs).is_none()
}

/// The type of a parameter or result without a name.
pub(super) fn unnamed(p: Node<'_>) -> Option<Node<'_>> {
    let alone = p.kind() == Kind::Field && p.children().count() == 1;
    alone.then(|| p.child(Role::Type)).flatten()
}

/// `$p` as a field or parameter stands for any field or parameter.
pub(super) fn field_variable(pattern: &Pattern, p: Node<'_>) -> Option<Variable> {
    let alone = p.kind() == Kind::Field && p.children().count() == 1 && !pattern.is_exact();
    match pattern.atom(alone.then(|| p.child(Role::Type)).flatten()?) {
        Atom::One(id) => Some(Variable(id)),
        _ => None,
    }
}
