//! The order in which a statement does things. Comes in: a call that is to be evaluated before its
//! statement. Goes out: what the statement would have done before the call, if there is anything.

use crate::go::syntax::{Kind, Node, Op};
use crate::text::Span;

/// What in `stmt` is evaluated before `call` and may do something. `moved` are the calls that go
/// along, `only_gives` says whether a call, its
/// operands aside, does nothing but give a value.
pub(super) fn before<'p>(
    stmt: Node<'p>,
    call: Node<'p>,
    moved: &[Node<'p>],
    only_gives: &dyn Fn(Node<'_>) -> bool,
) -> Option<Node<'p>> {
    let search = Search { call: call.span(), moved, only_gives };
    search.first(stmt)
}

struct Search<'a, 'p> {
    call: Span,
    moved: &'a [Node<'p>],
    only_gives: &'a dyn Fn(Node<'_>) -> bool,
}

impl<'p> Search<'_, 'p> {
    fn first(&self, node: Node<'p>) -> Option<Node<'p>> {
        let span = node.span();
        // What begins behind the call comes later, what stands in it goes along.
        if span.start >= self.call.start && !span.contains(self.call)
            || self.call == span
            || self.moved.contains(&node)
            || node.kind() == Kind::FuncLit && !span.contains(self.call)
        {
            return None;
        }
        // Operands come before what is done with them.
        let inner = node.children().find_map(|child| self.first(child));
        let is_over = span.end <= self.call.start;
        inner.or_else(|| {
            (is_over && does_something(node) && !(self.only_gives)(node)).then_some(node)
        })
    }
}

/// Whether the expression itself, its operands aside, may do more than give a value.
fn does_something(node: Node<'_>) -> bool {
    node.kind() == Kind::Call || node.kind() == Kind::Unary && node.op() == Op::Arrow
}
