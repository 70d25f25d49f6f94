//! Where an expression needs parentheses (Go specification, "Operators"). Comes in: an expression
//! and the place it is to stand in. Goes out: whether the parser would read it differently there
//! without parentheses.

use super::syntax::{Kind, Node, Role};

/// How tightly an expression holds together: 1 to 5 for binary operators by precedence, then
/// unary, then primary expressions, which never need parentheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tightness(u8);

impl Tightness {
    /// Anything may stand there.
    pub const LOOSE: Tightness = Tightness(0);
    /// A unary expression.
    const UNARY: Tightness = Tightness(6);
    /// An operand, a selector, a call, an index, a literal.
    const PRIMARY: Tightness = Tightness(7);

    /// How tightly `node` holds together.
    pub fn of(node: Node<'_>) -> Tightness {
        match node.kind() {
            Kind::Binary => Tightness(node.op().precedence()),
            Kind::Unary | Kind::Star | Kind::ChanType => Tightness::UNARY,
            // `func() int(x)` and `func(){}()` read on: a type or literal at the front of a call
            // is only safe where the body closes it.
            Kind::FuncType => Tightness::UNARY,
            _ => Tightness::PRIMARY,
        }
    }

    /// How tightly an expression must hold together to stand where `node` stands.
    pub fn asked_at(node: Node<'_>) -> Tightness {
        let Some(parent) = node.parent() else { return Tightness::LOOSE };
        match (parent.kind(), node.role()) {
            (Kind::Binary, Role::X) => Tightness(parent.op().precedence()),
            (Kind::Binary, Role::Y) => Tightness(parent.op().precedence() + 1),
            (Kind::Unary | Kind::Star, _) => Tightness::UNARY,
            (Kind::Selector | Kind::Index | Kind::Slice | Kind::TypeAssert, Role::X)
            | (Kind::Call, Role::Fun)
            | (Kind::CompositeLit, Role::Type) => Tightness::PRIMARY,
            (Kind::TypeSwitch, Role::Tag) => Tightness::PRIMARY,
            _ => Tightness::LOOSE,
        }
    }
}

/// Whether the node stands in the header of an `if`, `for` or `switch`, outside of any brackets:
/// a composite literal there would be taken for the beginning of the block.
pub fn in_statement_header(node: Node<'_>) -> bool {
    let mut child = node;
    for parent in node.ancestors() {
        let header = matches!(child.role(), Role::Init | Role::Cond | Role::Post | Role::Tag)
            || (parent.kind() == Kind::Range && child.role() != Role::Body);
        match parent.kind() {
            Kind::If | Kind::For | Kind::Range | Kind::Switch | Kind::TypeSwitch => {
                return header;
            }
            Kind::Paren | Kind::Args | Kind::Elements | Kind::Block | Kind::FuncLit => {
                return false;
            }
            Kind::Index if child.role() == Role::Indices => return false,
            Kind::Slice if child.role() != Role::X => return false,
            _ => child = parent,
        }
    }
    false
}

/// Whether the text of `node` has a composite literal, with a type that is a bare name, outside
/// of any brackets.
pub fn has_bare_composite(node: Node<'_>) -> bool {
    match node.kind() {
        Kind::CompositeLit => node
            .child(Role::Type)
            .is_some_and(|t| matches!(t.kind(), Kind::Ident | Kind::Selector | Kind::Index)),
        Kind::Paren | Kind::FuncLit => false,
        Kind::Call => node.child(Role::Fun).is_some_and(has_bare_composite),
        Kind::Index | Kind::Slice => node.child(Role::X).is_some_and(has_bare_composite),
        _ => node.children().any(has_bare_composite),
    }
}
