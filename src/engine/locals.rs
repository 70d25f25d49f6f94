//! What a declaration alone tells of the names in it: how often one is mentioned, and whether an
//! expression was tested against `nil` on the way to a place. Comes in: a node. Goes out: the
//! answer, from the tree and its scopes.

use super::matcher::Matcher;
use crate::go::scope::NameUse;
use crate::go::source::Part;
use crate::go::syntax::{Kind, Node, Op, Role};
use crate::text::Span;

/// How often the local name `node` is mentioned outside of `span`; none for anything but a local
/// name. Nothing mentions `_`.
pub fn uses_outside(part: &Part, node: Node<'_>, span: Span) -> Option<usize> {
    let scopes = part.scopes();
    let id = match scopes.name_use(node.id()) {
        NameUse::Declares(id) | NameUse::Refers(id) | NameUse::Key(Some(id)) => id,
        NameUse::Blank => return Some(0),
        _ => return None,
    };
    // The variable of a type switch is another one in each clause, all with one name in the header.
    let ident = scopes.object(id).ident;
    let same = scopes.objects().filter(|&other| scopes.object(other).ident == ident);
    let mentions = same.flat_map(|id| scopes.mentions(id));
    let nodes: Vec<Node<'_>> = part.syntax().iter().collect();
    let mut outside: Vec<Span> = mentions
        .filter_map(|index| nodes.get(index))
        .map(|mention| mention.span())
        .filter(|mention| !span.contains(*mention))
        .collect();
    outside.sort_unstable();
    outside.dedup();
    Some(outside.len())
}

/// Whether `node`, a name or a field of one, stands where it was tested not to be `nil`: in the
/// branch of an `if`, behind one that leaves, or behind `&&`; and was not assigned since.
pub fn is_tested(part: &Part, matcher: Matcher<'_, '_>, node: Node<'_>) -> bool {
    let node = node.unparenthesized();
    let Some(root) = root_of(node) else { return false };
    let search = Search { part, matcher, node, root };
    let mut inner = node;
    for outer in node.ancestors() {
        if outer.kind().is_function() {
            return false;
        }
        if search.tested_by(outer, inner) {
            return true;
        }
        inner = outer;
    }
    false
}

/// The name at the start of `a.b.c`.
fn root_of(node: Node<'_>) -> Option<Node<'_>> {
    match node.kind() {
        Kind::Ident => Some(node),
        Kind::Selector => root_of(node.child(Role::X)?.unparenthesized()),
        _ => None,
    }
}

struct Search<'a, 't, 'n> {
    part: &'a Part,
    matcher: Matcher<'a, 't>,
    node: Node<'n>,
    root: Node<'n>,
}

impl Search<'_, '_, '_> {
    /// Whether `outer`, seen from its part `inner`, tests the expression.
    fn tested_by(&self, outer: Node<'_>, inner: Node<'_>) -> bool {
        let tests = |cond: Option<Node<'_>>, truth| {
            cond.is_some_and(|cond| self.says(cond, truth) && self.is_unchanged_since(cond))
        };
        match (outer.kind(), inner.role()) {
            (Kind::If | Kind::For, Role::Body) => tests(outer.child(Role::Cond), true),
            (Kind::If, Role::Else) => tests(outer.child(Role::Cond), false),
            (Kind::Binary, Role::Y) if outer.op() == Op::LAnd => tests(outer.child(Role::X), true),
            (Kind::Binary, Role::Y) if outer.op() == Op::LOr => tests(outer.child(Role::X), false),
            (Kind::CaseClause, Role::Body) => {
                let switch = outer.ancestors().find(|a| a.kind() == Kind::Switch);
                let free = switch.is_some_and(|s| s.child(Role::Tag).is_none());
                let values = outer.child(Role::Value).filter(|_| free);
                let mut values = values.into_iter().flat_map(Node::children);
                tests(values.next().filter(|_| values.next().is_none()), true)
            }
            (kind, _) if kind.holds_statements() => outer
                .children()
                .take_while(|stmt| stmt.id() != inner.id())
                .filter(|stmt| stmt.kind() == Kind::If && stmt.child(Role::Else).is_none())
                .filter(|stmt| stmt.child(Role::Body).is_some_and(leaves))
                .any(|stmt| tests(stmt.child(Role::Cond), false)),
            _ => false,
        }
    }

    /// Whether `cond` being `truth` says that the expression is not `nil`.
    fn says(&self, cond: Node<'_>, truth: bool) -> bool {
        let cond = cond.unparenthesized();
        let (x, y) = (cond.child(Role::X), cond.child(Role::Y));
        match (cond.kind(), cond.op(), x, y) {
            (Kind::Unary, Op::Not, ..) => {
                cond.children().next().is_some_and(|inner| self.says(inner, !truth))
            }
            (Kind::Binary, Op::LAnd, Some(x), Some(y)) if truth => {
                self.says(x, truth) || self.says(y, truth)
            }
            (Kind::Binary, Op::LOr, Some(x), Some(y)) if !truth => {
                self.says(x, truth) || self.says(y, truth)
            }
            (Kind::Binary, Op::Neq, Some(x), Some(y)) if truth => self.compares(x, y),
            (Kind::Binary, Op::Eql, Some(x), Some(y)) if !truth => self.compares(x, y),
            _ => false,
        }
    }

    fn compares(&self, x: Node<'_>, y: Node<'_>) -> bool {
        let is_nil = |n: Node<'_>| {
            n.unparenthesized().text() == "nil"
                && self.part.scopes().name_use(n.unparenthesized().id()) == NameUse::Free
        };
        (is_nil(y) && self.matcher.same(x, self.node))
            || (is_nil(x) && self.matcher.same(y, self.node))
    }

    /// Whether nothing between the test and the place assigns the expression or takes an address.
    /// In a loop that began since, what stands behind the place comes before it, too.
    fn is_unchanged_since(&self, test: Node<'_>) -> bool {
        let from = test.span().end;
        let loops = self.node.ancestors().filter(|a| matches!(a.kind(), Kind::For | Kind::Range));
        let around = loops.filter(|l| l.span().start >= from).map(|l| l.span().end);
        let to = around.max().unwrap_or(self.node.span().start);
        let between = Span::new(from, to.max(from));
        !self.part.syntax().iter().any(|n| between.contains(n.span()) && self.changes(n))
    }

    fn changes(&self, n: Node<'_>) -> bool {
        let targets: Vec<Node<'_>> = match n.kind() {
            Kind::Assign | Kind::Range => {
                n.child(Role::Lhs).into_iter().flat_map(Node::children).collect()
            }
            Kind::IncDec => n.children().take(1).collect(),
            Kind::Unary if n.op() == Op::And => n.children().take(1).collect(),
            _ => return false,
        };
        // `a.b = x` changes `a.b` and `a.b.c`.
        let chain = |target: Node<'_>| {
            let mut part = Some(self.node);
            while let Some(node) = part {
                if self.matcher.same(target, node) {
                    return true;
                }
                part = (node.id() != self.root.id()).then(|| node.child(Role::X)).flatten();
            }
            false
        };
        targets.into_iter().any(chain)
    }
}

/// Whether control never passes the end of a block, as far as its last statement tells.
fn leaves(block: Node<'_>) -> bool {
    let Some(last) = block.children().last() else { return false };
    match last.kind() {
        Kind::Return => true,
        Kind::Branch => last.op() != Op::Fallthrough,
        Kind::Block => leaves(last),
        Kind::ExprStmt => last.children().next().is_some_and(|call| {
            call.kind() == Kind::Call
                && call
                    .child(Role::Fun)
                    .is_some_and(|fun| matches!(fun.text(), "panic" | "os.Exit"))
        }),
        _ => false,
    }
}
