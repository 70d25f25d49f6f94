//! Where the use of a field stands. Comes in: the expression that selects it. Goes out: the assignment
//! that sets it, or what changes it, or a part of it, in place.

use crate::go::syntax::{Kind, Node, Op, Role};

/// The assignment that sets the expression itself.
pub(super) fn assigned_by(outer: Node<'_>) -> Option<Node<'_>> {
    let list = outer.parent().filter(|list| list.role() == Role::Lhs)?;
    list.parent().filter(|assign| assign.kind() == Kind::Assign)
}

/// What changes the field, or a part of it, where it is: `++`, `&`, a loop variable.
pub(super) fn changed_in_place(outer: Node<'_>) -> Option<&'static str> {
    let mut whole = outer;
    let mut in_part = false;
    // `x.F.g[i] = v` changes a part of `x.F`.
    while let Some(parent) = whole.parent() {
        let part = matches!(parent.kind(), Kind::Selector | Kind::Index | Kind::Slice)
            && whole.role() == Role::X;
        if !part && parent.kind() != Kind::Paren {
            break;
        }
        in_part |= part;
        whole = parent;
    }
    let parent = whole.parent()?;
    match parent.kind() {
        Kind::IncDec => Some("the field is counted up or down"),
        Kind::Unary if parent.op() == Op::And => Some("the address of the field is taken"),
        Kind::ExprList if parent.role() == Role::Lhs => match parent.parent()?.kind() {
            Kind::Range => Some("the field is the variable of a loop"),
            _ if in_part => Some("a part of the field is assigned"),
            _ => None,
        },
        _ => None,
    }
}

/// Whether the expression is a zero value as code writes it.
pub(super) fn is_zero(node: Node<'_>) -> bool {
    let node = node.unparenthesized();
    matches!(node.text(), "\"\"" | "``" | "0" | "nil" | "false" | "0.0")
        || (node.kind() == Kind::CompositeLit
            && node.child(Role::Elements).is_some_and(|e| e.children().next().is_none()))
}
