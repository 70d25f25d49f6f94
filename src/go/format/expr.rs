//! Gaps in expressions, types and lists of expressions. Follows `go/printer`: blanks around
//! operators by precedence and depth, columns in lists of keyed elements.

use super::layout::{Gap, Layout};
use crate::go::syntax::{Kind, Node, Op, Role};

impl Layout<'_> {
    /// An expression or a type. `depth` 1 is normal, more is compact: fewer blanks.
    pub(super) fn expr(&mut self, node: Node<'_>, depth: usize) {
        self.nested(|layout| layout.expr_at(node, depth));
    }

    fn expr_at(&mut self, node: Node<'_>, depth: usize) {
        let of = |role| node.child(role);
        match node.kind() {
            Kind::Binary => self.binary(node, depth),
            Kind::KeyValue => self.key_value(node),
            Kind::Unary | Kind::TypeAssert => {
                if let Some(x) = of(Role::X) {
                    self.expr(x, depth);
                }
                if let Some(ty) = of(Role::Type) {
                    self.expr(ty, 1);
                }
            }
            Kind::Paren => {
                if let Some(x) = of(Role::X) {
                    self.expr(x, depth.saturating_sub(1).max(1));
                }
            }
            Kind::Selector => {
                for x in node.children().filter(|c| c.role() != Role::Sel) {
                    self.expr(x, depth);
                }
                if let Some(sel) = of(Role::Sel) {
                    let name = self.first(sel);
                    self.set(name, Gap::Break { section: false, most: 1 });
                }
            }
            Kind::Index => self.index(node, depth),
            Kind::Slice => self.slice(node, depth),
            Kind::Call => self.call(node, depth),
            Kind::CompositeLit => self.composite_lit(node, depth),
            Kind::FuncLit => {
                if let Some(ty) = of(Role::Type) {
                    self.parts(ty);
                }
                if let Some(body) = of(Role::Body) {
                    self.func_body(node, body, Gap::Blank);
                }
            }
            Kind::StructType | Kind::InterfaceType => self.fields(node),
            Kind::Params | Kind::TypeParams => self.params(node),
            _ => self.parts(node),
        }
    }

    fn key_value(&mut self, node: Node<'_>) {
        self.parts(node);
        if let Some(key) = node.child(Role::Key) {
            let colon = self.after(key);
            self.set(colon, Gap::Empty);
            self.set(colon + 1, Gap::Blank);
        }
    }

    fn composite_lit(&mut self, node: Node<'_>, depth: usize) {
        if let Some(ty) = node.children().find(|c| c.role() != Role::Elements) {
            self.expr(ty, depth);
        }
        if let Some(elements) = node.child(Role::Elements) {
            let items: Vec<_> = elements.children().collect();
            let (open, close) = (self.first(elements), self.last(elements));
            self.list(Some(open), &items, 1, Some(close), true);
        }
    }

    /// The parts of a node for which there is no rule of its own.
    pub(super) fn parts(&mut self, node: Node<'_>) {
        for child in node.children() {
            match child.kind() {
                kind if kind.is_stmt() => self.stmt(child),
                Kind::ExprList | Kind::NameList => {
                    let items: Vec<_> = child.children().collect();
                    self.list(None, &items, 1, None, false);
                }
                _ => self.expr(child, 1),
            }
        }
    }

    fn index(&mut self, node: Node<'_>, depth: usize) {
        if let Some(x) = node.child(Role::X) {
            self.expr(x, 1);
        }
        let Some(indices) = node.child(Role::Indices) else { return };
        let items: Vec<_> = indices.children().collect();
        if let [index] = items[..] {
            self.expr(index, depth + 1);
        } else {
            let (open, close) = (self.first(indices).checked_sub(1), self.last(node));
            self.list(open, &items, depth + 1, Some(close), true);
        }
    }

    /// `x[lo:hi]`: blanks around the colons where an operand is binary and another is there too.
    fn slice(&mut self, node: Node<'_>, depth: usize) {
        let Some(x) = node.child(Role::X) else { return };
        self.expr(x, 1);
        let indices = [Role::Low, Role::High, Role::Max].map(|role| node.child(role));
        let given = indices.iter().flatten();
        let blanks = depth <= 1
            && given.clone().count() > 1
            && given.clone().any(|x| x.kind() == Kind::Binary);
        for index in given {
            self.expr(*index, depth + 1);
        }
        let mut at = self.next(self.after(x));
        for (nth, index) in indices.iter().enumerate() {
            if nth > 0 {
                if !self.is(at, ":") {
                    return;
                }
                self.blank(at, blanks && indices[nth - 1].is_some());
                self.blank(at + 1, blanks && index.is_some());
                at = self.next(at);
            }
            if let Some(index) = index {
                at = self.after(*index);
            }
        }
    }

    fn call(&mut self, node: Node<'_>, depth: usize) {
        let args = node.child(Role::Args);
        let mut items: Vec<_> = args.map(|args| args.children().collect()).unwrap_or_default();
        let depth = depth + usize::from(items.len() > 1);
        if let Some(fun) = node.child(Role::Fun) {
            self.expr(fun, depth);
        }
        let Some(args) = args else { return };
        let (open, close) = (self.first(args), self.last(args));
        let variadic = items.last().filter(|last| last.kind() == Kind::Ellipsis).copied();
        match variadic.and_then(|last| last.child(Role::X)) {
            Some(x) => {
                let dots = self.after(x);
                if let Some(last) = items.last_mut() {
                    *last = x;
                }
                self.list(Some(open), &items, depth, Some(dots), false);
                self.set(dots, Gap::Empty);
                self.set(close, Gap::Break { section: true, most: 1 });
            }
            None => self.list(Some(open), &items, depth, Some(close), true),
        }
    }

    fn params(&mut self, node: Node<'_>) {
        for (nth, param) in node.children().enumerate() {
            if nth > 0 {
                let at = self.first(param);
                self.comma_before(at);
            }
            self.parts(param);
            if let (Some(_), Some(ty)) = (param.child(Role::Name), param.child(Role::Type)) {
                let at = self.first(ty);
                self.set(at, Gap::Blank);
            }
        }
    }

    /// What an expression would take on a line of its own (`nodeSize` of go/printer).
    pub(super) fn flat(&mut self, node: Node<'_>) -> Option<usize> {
        if self.is_multiline(node) {
            return None;
        }
        self.expr(node, 1);
        self.width(self.first(node), self.last(node))
    }

    fn binary(&mut self, node: Node<'_>, depth: usize) {
        let (Some(x), Some(y)) = (node.child(Role::X), node.child(Role::Y)) else { return };
        let precedence = usize::from(node.op().precedence());
        let blank = precedence < cutoff(node, depth);
        let same = x.kind() == Kind::Binary && x.op().precedence() == node.op().precedence();
        self.expr(x, depth + usize::from(!same));
        let op = self.after(x);
        self.blank(op, blank);
        let right = self.first(y);
        if self.line(op) < self.line(right) {
            self.set(right, Gap::Break { section: true, most: 2 });
        } else {
            self.blank(right, blank);
        }
        self.expr(y, depth + 1);
    }
}

/// Operators from this precedence on stand without blanks.
fn cutoff(node: Node<'_>, depth: usize) -> usize {
    let mut found = Operators::default();
    found.walk(node, 0);
    if found.problem > 0 {
        return found.problem + 1;
    }
    match (found.has4 && found.has5, depth) {
        (true, 1) => 5,
        (false, 1) => 6,
        _ => 4,
    }
}

/// What operators there are in an expression, outside of its operands.
#[derive(Default)]
struct Operators {
    has4: bool,
    has5: bool,
    /// Precedence of the tightest operator that would run into a unary one.
    problem: usize,
}

impl Operators {
    fn walk(&mut self, node: Node<'_>, nesting: usize) {
        // Deeper trees are given up by the layout.
        if nesting > 1000 {
            return;
        }
        let precedence = node.op().precedence();
        self.has4 |= precedence == 4;
        self.has5 |= precedence == 5;
        if let Some(x) = node.child(Role::X)
            && x.kind() == Kind::Binary
            && x.op().precedence() >= precedence
        {
            self.walk(x, nesting + 1);
        }
        let Some(y) = node.child(Role::Y) else { return };
        let problem = match (y.kind(), node.op(), y.op()) {
            (Kind::Binary, _, op) if op.precedence() > precedence => {
                self.walk(y, nesting + 1);
                0
            }
            (Kind::Star, Op::Quo, _)
            | (Kind::Unary, Op::And, Op::And | Op::Xor)
            | (Kind::Unary, Op::Quo, Op::Mul) => 5,
            (Kind::Unary, Op::Add, Op::Add) | (Kind::Unary, Op::Sub, Op::Sub) => 4,
            _ => 0,
        };
        self.problem = self.problem.max(problem);
    }
}
