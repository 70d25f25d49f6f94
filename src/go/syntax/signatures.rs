//! Declarations, fields and signatures whose form differs from the grammar's.

use tree_sitter::TreeCursor;

use super::build::{Builder, Child};
use super::{Kind, Op, Role};
use crate::text::Span;

impl<'t> Builder<'_> {
    /// Children of the field `name` become one list.
    pub(super) fn named(&mut self, kind: Kind, cursor: &mut TreeCursor<'t>, role: Role) {
        let children = Self::child_nodes(cursor);
        let at = self.open(kind, role, self.span(cursor.node()));
        let names: Vec<_> = children
            .iter()
            .filter(|c| c.role == Role::Name && c.node.is_named())
            .copied()
            .collect();
        if let (Some(first), Some(last)) = (names.first(), names.last()) {
            let span = self.span(first.node).cover(self.span(last.node));
            let list = self.open(Kind::NameList, Role::Name, span);
            for name in &names {
                self.child_as(*name, Role::None);
            }
            self.close(list);
        }
        let star = children.iter().find(|c| c.node.kind() == "*");
        for child in children.iter().filter(|c| c.role != Role::Name || c.node.is_error()) {
            match star {
                Some(star) if child.role == Role::Type => {
                    let span = self.span(star.node).cover(self.span(child.node));
                    let pointer = self.open(Kind::Star, Role::Type, span);
                    self.child_as(*child, Role::X);
                    self.close(pointer);
                }
                _ => self.child_as(*child, child.role),
            }
        }
        self.close(at);
    }

    /// Of a long list of names before one type the grammar takes the first few for types. As
    /// either all parameters have names or none, they can be told.
    pub(super) fn params(&mut self, cursor: &mut TreeCursor<'t>, role: Role) {
        let children = Self::child_nodes(cursor);
        let at = self.open(Kind::Params, role, self.span(cursor.node()));
        let has_name = |c: &Child<'t>| c.node.child_by_field_name("name").is_some();
        let some_named = children.iter().any(has_name);
        let mut names: Vec<Child<'t>> = Vec::new();
        for child in children {
            let unnamed = child.node.kind() == "parameter_declaration" && !has_name(&child);
            let parts = Self::child_nodes(&mut child.node.walk());
            let ty = parts.iter().find(|c| c.role == Role::Type);
            match ty {
                Some(ty) if some_named && unnamed && ty.node.kind() == "type_identifier" => {
                    names.push(*ty);
                }
                Some(_) if !names.is_empty() && has_name(&child) => {
                    let mut names = std::mem::take(&mut names);
                    names
                        .extend(parts.iter().filter(|c| c.role == Role::Name && c.node.is_named()));
                    self.field_of(&names, &parts, self.span(child.node));
                }
                _ => self.child_as(child, child.role),
            }
        }
        // Names without a type after them: no correct program has any.
        for ty in names {
            let field = self.open(Kind::Field, Role::None, self.span(ty.node));
            self.child_as(ty, Role::Type);
            self.close(field);
        }
        self.close(at);
    }

    /// A field with these names, and the type among `parts`.
    fn field_of(&mut self, names: &[Child<'t>], parts: &[Child<'t>], last: Span) {
        let Some(first) = names.first().map(|n| self.span(n.node)) else { return };
        let field = self.open(Kind::Field, Role::None, first.cover(last));
        let end = names.last().map_or(first, |n| self.span(n.node));
        let list = self.open(Kind::NameList, Role::Name, first.cover(end));
        for name in names {
            self.child_as(*name, Role::None);
        }
        self.close(list);
        for part in parts.iter().filter(|c| c.role == Role::Type) {
            self.child_as(*part, Role::Type);
        }
        self.close(field);
    }

    pub(super) fn variadic(&mut self, cursor: &mut TreeCursor<'t>, role: Role) {
        let children = Self::child_nodes(cursor);
        let span = self.span(cursor.node());
        let at = self.open(Kind::Field, role, span);
        let mut dots = span.start;
        for child in children {
            match child.role {
                Role::Name => {
                    let list = self.open(Kind::NameList, Role::Name, self.span(child.node));
                    self.child_as(child, Role::None);
                    self.close(list);
                }
                Role::Type => {
                    let whole = Span::new(dots, span.end);
                    let ellipsis = self.open(Kind::Ellipsis, Role::Type, whole);
                    self.child_as(child, Role::X);
                    self.close(ellipsis);
                }
                _ if child.node.kind() == "..." => dots = self.span(child.node).start,
                _ => self.child_as(child, Role::None),
            }
        }
        self.close(at);
    }

    pub(super) fn chan_type(&mut self, cursor: &mut TreeCursor<'t>, role: Role) {
        let node = cursor.node();
        let at = self.open(Kind::ChanType, role, self.span(node));
        let first_is_arrow = node.child(0).is_some_and(|c| c.kind() == "<-");
        self.nodes[at].op = match (first_is_arrow, Self::op_of(node)) {
            (true, _) => Op::RecvOnly,
            (false, Op::Arrow) => Op::SendOnly,
            (false, _) => Op::None,
        };
        self.children(cursor);
        self.close(at);
    }

    /// Name and receiver, then a function type, then the body.
    pub(super) fn func(&mut self, kind: Kind, cursor: &mut TreeCursor<'t>, role: Role) {
        let children = Self::child_nodes(cursor);
        let span = self.span(cursor.node());
        let at = self.open(kind, role, span);
        for child in children.iter().filter(|c| matches!(c.role, Role::Recv | Role::Name)) {
            if kind == Kind::Field {
                let list = self.open(Kind::NameList, Role::Name, self.span(child.node));
                self.child_as(*child, Role::None);
                self.close(list);
            } else {
                self.child_as(*child, child.role);
            }
        }
        let in_type =
            |c: &&Child<'_>| matches!(c.role, Role::TypeParams | Role::Params | Role::Results);
        let signature: Vec<_> = children.iter().filter(in_type).copied().collect();
        let nested = kind != Kind::FuncType;
        let covered = signature.iter().map(|c| self.span(c.node)).reduce(Span::cover);
        let ty = nested.then(|| self.open(Kind::FuncType, Role::Type, covered.unwrap_or(span)));
        for child in &signature {
            self.child_as(*child, child.role);
        }
        if let Some(ty) = ty {
            self.close(ty);
        }
        let rest = |c: &&Child<'_>| !matches!(c.role, Role::Recv | Role::Name) && !in_type(c);
        for child in children.iter().filter(rest) {
            self.child_as(*child, child.role);
        }
        self.close(at);
    }
}
