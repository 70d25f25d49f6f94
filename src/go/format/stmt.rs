//! Gaps in statements, blocks and function bodies. Follows `go/printer`: what ends a section, and
//! when a function body is no longer short enough for one line.

use super::layout::{Gap, Layout};
use crate::go::syntax::{Kind, Node, Role};

impl Layout<'_> {
    pub(super) fn stmt(&mut self, node: Node<'_>) {
        self.nested(|layout| layout.stmt_at(node));
    }

    fn stmt_at(&mut self, node: Node<'_>) {
        match node.kind() {
            Kind::Block => self.block(node),
            Kind::IncDec => node.children().for_each(|x| self.expr(x, 2)),
            Kind::Assign => self.assign(node),
            Kind::Labeled => {
                self.parts(node);
                if let Some(inner) = node.children().find(|c| c.role() != Role::Label) {
                    let at = self.first(inner);
                    self.set(at, Gap::Break { section: true, most: 2 });
                }
            }
            Kind::DeclStmt => node.children().for_each(|decl| self.decl(decl)),
            Kind::Switch | Kind::TypeSwitch | Kind::Select => {
                self.parts_but(node, Role::Clauses);
                if let Some(clauses) = node.child(Role::Clauses) {
                    for clause in clauses.children() {
                        self.section_before(clause);
                        self.clause(clause);
                    }
                    self.closing(clauses);
                }
            }
            _ => self.parts(node),
        }
    }

    fn parts_but(&mut self, node: Node<'_>, but: Role) {
        for child in node.children().filter(|c| c.role() != but) {
            if child.kind().is_stmt() {
                self.stmt(child);
            } else {
                self.expr(child, 1);
            }
        }
    }

    fn section_before(&mut self, node: Node<'_>) {
        let at = self.first(node);
        self.set(at, Gap::Break { section: true, most: 2 });
    }

    /// The brace that ends a node.
    fn closing(&mut self, node: Node<'_>) {
        let at = self.last(node);
        self.set(at, Gap::Break { section: true, most: 2 });
    }

    fn clause(&mut self, clause: Node<'_>) {
        let case = self.first(clause);
        if let Some(values) = clause.child(Role::Value) {
            let items: Vec<_> = values.children().collect();
            let colon = self.after(values);
            self.list(Some(case), &items, 1, Some(colon), false);
        }
        if let Some(comm) = clause.child(Role::Comm) {
            self.stmt(comm);
        }
        if let Some(body) = clause.child(Role::Body) {
            self.stmts(body);
        }
    }

    fn assign(&mut self, node: Node<'_>) {
        let side = |role| -> Vec<Node<'_>> {
            match node.child(role) {
                Some(list) if list.kind() == Kind::ExprList => list.children().collect(),
                Some(one) => vec![one],
                None => Vec::new(),
            }
        };
        let (left, right) = (side(Role::Lhs), side(Role::Rhs));
        let depth = if left.len() > 1 && right.len() > 1 { 2 } else { 1 };
        let Some(&last) = left.last() else { return self.parts(node) };
        let op = self.after(last);
        let start = self.first(node);
        self.list(Some(start), &left, depth, Some(op), false);
        self.set(op, Gap::Blank);
        self.set(op + 1, Gap::Blank);
        self.list(Some(op), &right, depth, None, false);
    }

    fn block(&mut self, node: Node<'_>) {
        self.stmts(node);
        self.closing(node);
    }

    /// Statements one below the other: columns go on from one to the next if it took one line.
    fn stmts(&mut self, list: Node<'_>) {
        let mut section = true;
        for stmt in list.children() {
            let at = self.first(stmt);
            let labeled = stmt.kind() == Kind::Labeled;
            self.set(at, Gap::Break { section: section || labeled, most: 2 });
            self.stmt(stmt);
            let mut body = stmt;
            while let (Kind::Labeled, Some(inner)) =
                (body.kind(), body.children().find(|c| c.role() != Role::Label))
            {
                body = inner;
            }
            section = self.line(self.first(body)) < self.end_line(self.last(stmt));
        }
    }

    /// The body of a function whose header begins where `func` does (`funcBody` of go/printer).
    /// On one line it stands after `gap`.
    pub(super) fn func_body(&mut self, func: Node<'_>, body: Node<'_>, gap: Gap) {
        let (open, close) = (self.first(body), self.last(body));
        if self.line(open) != self.line(close) {
            self.set(open, Gap::Blank);
            return self.block(body);
        }
        let stmts: Vec<_> = body.children().collect();
        for stmt in &stmts {
            self.stmt(*stmt);
        }
        if self.fits_on_a_line(func, &stmts, open, close) {
            self.set(open, gap);
            for (nth, stmt) in stmts.iter().enumerate() {
                let at = self.first(*stmt);
                if nth > 0 && at > 0 {
                    self.set(at - 1, Gap::Empty);
                }
                self.set(at, Gap::Blank);
                self.set(close, Gap::Blank);
            }
        } else {
            let inner: Vec<usize> = stmts.iter().map(|stmt| self.first(*stmt)).collect();
            self.split(open, &inner, close);
        }
    }

    fn fits_on_a_line(
        &self,
        func: Node<'_>,
        stmts: &[Node<'_>],
        open: usize,
        close: usize,
    ) -> bool {
        const MAX_SIZE: usize = 100;
        const MAX_STMTS: usize = 5;
        // With a comment inside the sizes are not known; it is not split.
        if self.has_comment(open, close) {
            return true;
        }
        // go/printer counts the blank after the keyword of a declaration twice.
        let extra = usize::from(func.kind() == Kind::FuncDecl);
        let header = self.width(self.first(func), open - 1).map(|size| size + extra);
        let sizes = stmts.iter().map(|s| self.width(self.first(*s), self.last(*s)));
        let body = sizes.sum::<Option<usize>>().map(|sum| sum + 2 * stmts.len().saturating_sub(1));
        let whole = header.zip(body).map(|(header, body)| header + body);
        stmts.len() <= MAX_STMTS && whole.is_some_and(|whole| whole <= MAX_SIZE)
    }
}
