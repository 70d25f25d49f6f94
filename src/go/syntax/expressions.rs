//! Expressions and types whose form differs from the grammar's.

use tree_sitter::{Node as TsNode, TreeCursor};

use super::build::{Builder, Child, is_comment};
use super::{Kind, Op, Role};
use crate::text::Span;

impl<'t> Builder<'_> {
    /// `A | B | C`; a single type stands for itself. An element of an interface is a field.
    pub(super) fn type_elem(&mut self, cursor: &mut TreeCursor<'t>, role: Role) {
        let in_interface = cursor.node().parent().is_some_and(|p| p.kind() == "interface_type");
        let span = self.span(cursor.node());
        let field = in_interface.then(|| self.open(Kind::Field, role, span));
        let role = if in_interface { Role::Type } else { role };
        let (comments, terms): (Vec<_>, Vec<_>) = Self::child_nodes(cursor)
            .into_iter()
            .filter(|c| c.node.is_named())
            .partition(|c| is_comment(c.node));
        for comment in comments {
            self.child_as(comment, Role::None);
        }
        self.union(&terms, role, span.start);
        if let Some(field) = field {
            self.close(field);
        }
    }

    fn union(&mut self, terms: &[Child<'t>], role: Role, start: usize) {
        let Some((last, rest)) = terms.split_last() else { return };
        if rest.is_empty() {
            self.child_as(*last, role);
            return;
        }
        let end = self.span(last.node).end;
        let at = self.open(Kind::Binary, role, Span::new(start, end));
        self.nodes[at].op = Op::Or;
        self.union(rest, Role::X, start);
        self.child_as(*last, Role::Y);
        self.close(at);
    }

    /// `x[i]`, `F[A, B]`: the operand, then a list of what stands in the brackets.
    pub(super) fn generic(&mut self, cursor: &mut TreeCursor<'t>, role: Role) {
        // The brackets of type arguments are a node of the grammar, those of an index are not.
        let children: Vec<_> = Self::child_nodes(cursor)
            .into_iter()
            .flat_map(|child| match child.node.kind() {
                "type_arguments" => Self::child_nodes(&mut child.node.walk()),
                _ => vec![child],
            })
            .collect();
        let at = self.open(Kind::Index, role, self.span(cursor.node()));
        let is_part =
            |c: &&Child<'_>| c.node.is_named() && !is_comment(c.node) && !c.node.is_error();
        let mut named = children.iter().filter(is_part);
        if let Some(operand) = named.next() {
            self.child_as(*operand, Role::X);
        }
        let indices: Vec<_> = named.copied().collect();
        self.indices(&indices);
        for child in children.iter().filter(|c| is_comment(c.node) || c.node.is_error()) {
            self.child_as(*child, Role::None);
        }
        self.close(at);
    }

    fn indices(&mut self, indices: &[Child<'t>]) {
        let Some((first, last)) = indices.first().zip(indices.last()) else { return };
        let span = self.span(first.node).cover(self.span(last.node));
        let list = self.open(Kind::ExprList, Role::Indices, span);
        for child in indices {
            self.child_as(*child, Role::None);
        }
        self.close(list);
    }

    /// `T(x)` is a call until names tell. Of `*T(x)`, which the grammar takes for a conversion to
    /// `*T`, the star is an operator (Go specification, "Conversions").
    pub(super) fn conversion(&mut self, cursor: &mut TreeCursor<'t>, role: Role) {
        let children = Self::child_nodes(cursor);
        let span = self.span(cursor.node());
        let ty = children.iter().find(|c| c.role == Role::Type).map(|c| c.node);
        self.conversion_to(ty, &children, span, role);
    }

    fn conversion_to(
        &mut self,
        ty: Option<TsNode<'t>>,
        children: &[Child<'t>],
        span: Span,
        role: Role,
    ) {
        if let Some(pointer) = ty.filter(|t| t.kind() == "pointer_type") {
            let inner = Self::child_nodes(&mut pointer.walk());
            let inner = inner.iter().find(|c| c.node.is_named() && !is_comment(c.node));
            if let Some(inner) = inner.map(|c| c.node) {
                let star = self.open(Kind::Star, role, span);
                let rest = Span::new(self.span(inner).start, span.end);
                self.conversion_to(Some(inner), children, rest, Role::X);
                self.close(star);
                return;
            }
        }
        let open = children.iter().find(|c| c.node.kind() == "(");
        let start = open.map_or(span.start, |c| self.span(c.node).start);
        let at = self.open(Kind::Call, role, span);
        if let Some(ty) = ty {
            self.node(&mut ty.walk(), Role::Fun);
        }
        let args = self.open(Kind::Args, Role::Args, Span::new(start, span.end));
        for child in children.iter().filter(|c| c.role != Role::Type) {
            self.child_as(*child, Role::None);
        }
        self.close(args);
        self.close(at);
    }

    /// A call; with type arguments, a call of an instantiation.
    pub(super) fn call(&mut self, cursor: &mut TreeCursor<'t>, role: Role) {
        let children = Self::child_nodes(cursor);
        let at = self.open(Kind::Call, role, self.span(cursor.node()));
        let type_args = children.iter().find(|c| c.role == Role::Indices).copied();
        for child in children.iter().filter(|c| c.role != Role::Indices) {
            match type_args {
                Some(args) if child.role == Role::Fun => {
                    let span = self.span(child.node).cover(self.span(args.node));
                    let index = self.open(Kind::Index, Role::Fun, span);
                    self.child_as(*child, Role::X);
                    let inner = Self::child_nodes(&mut args.node.walk());
                    let inner: Vec<_> = inner.into_iter().filter(|c| c.node.is_named()).collect();
                    self.indices(&inner);
                    self.close(index);
                }
                _ => self.child_as(*child, child.role),
            }
        }
        self.close(at);
    }
}
