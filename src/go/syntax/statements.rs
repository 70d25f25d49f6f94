//! Statements whose form differs from the grammar's.

use tree_sitter::TreeCursor;

use super::build::{Builder, Child};
use super::{Kind, Op, Role};
use crate::text::Span;

impl<'t> Builder<'_> {
    pub(super) fn with_op(&mut self, kind: Kind, cursor: &mut TreeCursor<'t>, role: Role) {
        let node = cursor.node();
        let op = Self::op_of(node);
        if node.kind() == "receive_statement" && op == Op::None {
            // `case <-ch:` is an expression as a statement.
            let at = self.open(Kind::ExprStmt, role, self.span(node));
            for child in Self::child_nodes(cursor) {
                self.child_as(child, Role::X);
            }
            self.close(at);
            return;
        }
        let at = self.open(kind, role, self.span(node));
        self.nodes[at].op = op;
        let wrap_rhs = kind == Kind::Assign;
        for child in Self::child_nodes(cursor) {
            if wrap_rhs && child.role == Role::Rhs && child.node.kind() != "expression_list" {
                let list = self.open(Kind::ExprList, Role::Rhs, self.span(child.node));
                self.child_as(child, Role::None);
                self.close(list);
            } else {
                self.child_as(child, child.role);
            }
        }
        self.close(at);
        self.settle(at);
    }

    pub(super) fn gen_decl(&mut self, op: Op, cursor: &mut TreeCursor<'t>, role: Role) {
        let span = self.span(cursor.node());
        let in_function = role != Role::None
            || cursor.node().parent().is_some_and(|p| !matches!(p.kind(), "source_file" | "ERROR"));
        let outer = in_function.then(|| self.open(Kind::DeclStmt, role, span));
        let decl_role = if in_function { Role::X } else { role };
        let at = self.open(Kind::GenDecl, decl_role, span);
        self.nodes[at].op = op;
        let specs = self.open(Kind::Specs, Role::Specs, span);
        self.children(cursor);
        self.close(specs);
        self.close(at);
        if let Some(outer) = outer {
            self.close(outer);
        }
    }

    /// Of a label that nothing follows the grammar counts in the white space behind it; we do not.
    pub(super) fn labeled(&mut self, cursor: &mut TreeCursor<'t>, role: Role) {
        let children = Self::child_nodes(cursor);
        let at = self.open(Kind::Labeled, role, self.span(cursor.node()));
        let mut end = self.nodes[at].start as usize;
        for child in children {
            if child.node.kind() != "empty_statement" {
                end = end.max(self.span(child.node).end);
            }
            self.child_as(child, child.role);
        }
        self.close(at);
        self.end_at(at, end);
    }

    pub(super) fn for_stmt(&mut self, cursor: &mut TreeCursor<'t>, role: Role) {
        let children = Self::child_nodes(cursor);
        let is_range = children.iter().any(|c| c.node.kind() == "range_clause");
        let kind = if is_range { Kind::Range } else { Kind::For };
        let at = self.open(kind, role, self.span(cursor.node()));
        for child in children {
            match child.node.kind() {
                "range_clause" => {
                    self.nodes[at].op = Self::op_of(child.node);
                    for part in Self::child_nodes(&mut child.node.walk()) {
                        let role = if part.role == Role::Rhs { Role::X } else { part.role };
                        self.child_as(part, role);
                    }
                }
                "for_clause" => {
                    // The semicolons tell `for ;;` from `for`, which mean the same.
                    for part in Self::child_nodes(&mut child.node.walk()) {
                        self.child_as(part, part.role);
                    }
                }
                _ if child.role == Role::None => self.child_as(child, Role::Cond),
                _ => self.child_as(child, child.role),
            }
        }
        self.close(at);
    }

    pub(super) fn cases(&mut self, kind: Kind, cursor: &mut TreeCursor<'t>, role: Role) {
        let children = Self::child_nodes(cursor);
        let span = self.span(cursor.node());
        let at = self.open(kind, role, span);
        let is_case = |c: &Child<'_>| c.node.kind().ends_with("_case");
        for child in children.iter().filter(|c| !is_case(c)) {
            if child.node.kind() == "{" {
                break;
            }
            let role = if child.role == Role::Value { Role::Tag } else { child.role };
            self.child_as(*child, role);
        }
        let open = children.iter().position(|c| c.node.kind() == "{");
        let list_start = open.map_or(span.end, |i| self.span(children[i].node).start);
        let list = self.open(Kind::Clauses, Role::Clauses, Span::new(list_start, span.end));
        for child in children.iter().skip(open.map_or(children.len(), |i| i + 1)) {
            self.child_as(*child, Role::None);
        }
        self.close(list);
        self.close(at);
    }

    pub(super) fn clause(&mut self, kind: Kind, cursor: &mut TreeCursor<'t>, role: Role) {
        let children = Self::child_nodes(cursor);
        let node = cursor.node();
        let kind = match node.parent().map(|p| p.kind()) {
            Some("select_statement") => Kind::CommClause,
            _ => kind,
        };
        let span = self.span(node);
        let at = self.open(kind, role, span);
        let colon = children.iter().rposition(|c| c.node.kind() == ":").unwrap_or(children.len());
        let types: Vec<_> = children.iter().filter(|c| c.role == Role::Type).copied().collect();
        if let (Some(first), Some(last)) = (types.first(), types.last()) {
            let list_span = self.span(first.node).cover(self.span(last.node));
            let list = self.open(Kind::ExprList, Role::Value, list_span);
            for child in types {
                self.child_as(child, Role::None);
            }
            self.close(list);
        }
        for child in children[..colon].iter().filter(|c| c.role != Role::Type) {
            self.child_as(*child, child.role);
        }
        let start = children.get(colon).map_or(span.end, |c| self.span(c.node).end);
        let list = self.open(Kind::StmtList, Role::Body, Span::at(start));
        for child in children.iter().skip(colon + 1) {
            self.child_as(*child, Role::None);
        }
        self.close(list);
        self.close(at);
        self.shrink_to_children(list);
        let end = self.nodes[list].end;
        self.nodes[at].end = end;
    }

    /// The grammar counts the line end after the last statement to a list of statements; we do
    /// not.
    fn shrink_to_children(&mut self, list: usize) {
        let first = list + 1;
        let after = self.nodes[list].after as usize;
        if first < after {
            self.nodes[list].start = self.nodes[first].start;
            let end = self.nodes[first..after].iter().map(|n| n.end).max();
            self.nodes[list].end = end.unwrap_or(self.nodes[list].end);
        }
    }
}
