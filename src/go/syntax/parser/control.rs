//! Statements that hold others: `if`, `switch`, `select` and `for` (Go specification, "Statements").

use super::token::Tok;
use super::tree::Id;
use super::{Parsed, Parser, Unparsed};
use crate::go::syntax::{Kind, Op, Role};
use crate::text::Span;

/// The header of `if`, `switch` and `for`.
#[derive(Default)]
struct Header {
    init: Option<Id>,
    /// What stands last: a condition, a tag, as a statement.
    last: Option<Id>,
}

impl Parser {
    /// In the header of a statement, where `{` begins the body.
    fn in_header<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let before = std::mem::replace(&mut self.literal_level, -1);
        let parsed = parse(self);
        self.literal_level = before;
        parsed
    }

    /// The expression of a statement that is one.
    fn expr_of(&self, stmt: Id) -> Parsed {
        match self.tree.kind(stmt) {
            Kind::ExprStmt => self.tree.first_child(stmt).ok_or(Unparsed),
            _ => Err(Unparsed),
        }
    }

    /// `init; last {`, both of which may be left out.
    fn header(&mut self) -> Parsed<Header> {
        let mut header = Header::default();
        if !matches!(self.tok(), Tok::Semicolon | Tok::LBrace) {
            header.last = Some(self.simple_stmt()?);
        }
        if self.is(Tok::Semicolon) {
            // A line end is no semicolon of a header.
            if self.bump().is_empty() {
                return Err(Unparsed);
            }
            header.init = header.last.take();
            if !self.is(Tok::LBrace) {
                header.last = Some(self.simple_stmt()?);
            }
        }
        Ok(header)
    }

    pub(super) fn if_stmt(&mut self) -> Parsed {
        let stmt = self.leaf(Kind::If, Op::None);
        let header = self.in_header(Self::header)?;
        if let Some(init) = header.init {
            self.tree.add(stmt, Role::Init, init);
        }
        let condition = self.expr_of(header.last.ok_or(Unparsed)?)?;
        self.tree.add(stmt, Role::Cond, condition);
        let body = self.block()?;
        self.tree.add(stmt, Role::Body, body);
        if self.eat(Tok::Else) {
            let other = match self.tok() {
                Tok::If => self.nested(Self::if_stmt)?,
                _ => self.block()?,
            };
            self.tree.add(stmt, Role::Else, other);
        }
        Ok(stmt)
    }

    pub(super) fn switch_stmt(&mut self) -> Parsed {
        if let (semicolon, true) = self.header_shape(1) {
            return self.type_switch(semicolon.is_some());
        }
        let stmt = self.leaf(Kind::Switch, Op::None);
        let header = self.in_header(Self::header)?;
        if let Some(init) = header.init {
            self.tree.add(stmt, Role::Init, init);
        }
        if let Some(tag) = header.last {
            let tag = self.expr_of(tag)?;
            self.tree.add(stmt, Role::Tag, tag);
        }
        self.clauses(stmt, |p, clause| {
            let values = p.expr_list()?;
            p.tree.add(clause, Role::Value, values);
            Ok(())
        })
    }

    /// The offset, in tokens, of the semicolon in the header that begins `from` tokens ahead, if it
    /// has one, and whether the header ends with `.(type)`.
    fn header_shape(&self, from: usize) -> (Option<usize>, bool) {
        let mut semicolon = None;
        let mut depth = 0usize;
        for n in from.. {
            match self.peek(n) {
                Tok::LParen if depth == 0 && self.peek(n + 1) == Tok::Type => {
                    return (semicolon, self.peek(n - 1) == Tok::Dot);
                }
                Tok::LBrace if depth == 0 => break,
                Tok::Semicolon if depth == 0 => semicolon = Some(n),
                Tok::LParen | Tok::LBrack | Tok::LBrace => depth += 1,
                Tok::RParen | Tok::RBrack | Tok::RBrace => depth = depth.saturating_sub(1),
                Tok::End => break,
                _ => {}
            }
        }
        (semicolon, false)
    }

    /// `switch init; x := y.(type) {`.
    fn type_switch(&mut self, has_init: bool) -> Parsed {
        let stmt = self.leaf(Kind::TypeSwitch, Op::None);
        self.in_header(|p| {
            if has_init {
                if !p.is(Tok::Semicolon) {
                    let init = p.simple_stmt()?;
                    p.tree.add(stmt, Role::Init, init);
                }
                p.header_semicolon()?;
            }
            if p.is(Tok::Ident) && p.peek(1) == Tok::Op(Op::Define) {
                let name = p.ident()?;
                p.bump();
                let list = p.list(Kind::ExprList, &[name])?;
                p.tree.add(stmt, Role::Bind, list);
            }
            let value = p.nested(Self::primary)?;
            p.tree.add(stmt, Role::Tag, value);
            for tok in [Tok::Dot, Tok::LParen, Tok::Type, Tok::RParen] {
                p.expect(tok)?;
            }
            Ok(())
        })?;
        self.clauses(stmt, |p, clause| {
            let mut types = vec![p.ty()?];
            while p.eat(Tok::Comma) {
                types.push(p.ty()?);
            }
            let list = p.list(Kind::ExprList, &types)?;
            p.tree.add(clause, Role::Value, list);
            Ok(())
        })
    }

    /// `select`, whose clauses hold a communication each.
    pub(super) fn select_stmt(&mut self) -> Parsed {
        let stmt = self.leaf(Kind::Select, Op::None);
        self.clauses(stmt, |p, clause| {
            let comm = p.simple_stmt()?;
            p.tree.add(clause, Role::Comm, comm);
            Ok(())
        })
    }

    /// The clauses of `stmt`, with their braces; `head` reads what stands between `case` and the
    /// colon.
    fn clauses(&mut self, stmt: Id, head: impl Fn(&mut Self, Id) -> Parsed<()>) -> Parsed {
        let is_select = self.tree.kind(stmt) == Kind::Select;
        let kind = if is_select { Kind::CommClause } else { Kind::CaseClause };
        let clauses = self.open(Kind::Clauses, Op::None);
        self.expect(Tok::LBrace)?;
        self.with_literals(|p| {
            while !p.is(Tok::RBrace) {
                let clause = p.open(kind, Op::None);
                match p.tok() {
                    Tok::Case => {
                        p.bump();
                        head(p, clause)?;
                    }
                    Tok::Default => {
                        p.bump();
                    }
                    _ => return Err(Unparsed),
                }
                let colon = p.expect(Tok::Colon)?.end;
                p.clause_body(clause, colon)?;
                p.tree.add(clauses, Role::None, clause);
            }
            Ok(())
        })?;
        let end = self.bump().end;
        self.tree.end_at(clauses, end);
        self.tree.add(stmt, Role::Clauses, clauses);
        Ok(stmt)
    }

    fn clause_body(&mut self, clause: Id, colon: usize) -> Parsed<()> {
        let list = self.tree.make(Kind::StmtList, Op::None, Span::at(colon));
        while !matches!(self.tok(), Tok::RBrace | Tok::Case | Tok::Default) {
            if self.eat(Tok::Semicolon) {
                continue;
            }
            let stmt = self.nested(Self::stmt)?;
            self.tree.add(list, Role::None, stmt);
            self.end_of(Tok::RBrace)?;
        }
        if let Some(first) = self.tree.first_child(list) {
            let start = self.tree.span(first).start;
            self.tree.start_at(list, start);
        }
        self.tree.add(clause, Role::Body, list);
        Ok(())
    }

    pub(super) fn for_stmt(&mut self) -> Parsed {
        let start = self.bump().start;
        let stmt = self.tree.make(Kind::For, Op::None, Span::at(start));
        let stmt = self.in_header(|p| p.for_header(stmt))?;
        let body = self.block()?;
        self.tree.add(stmt, Role::Body, body);
        Ok(stmt)
    }

    fn for_header(&mut self, stmt: Id) -> Parsed {
        if self.is(Tok::LBrace) {
            return Ok(stmt);
        }
        if self.is(Tok::Range) {
            return self.range(stmt, &[]);
        }
        let mut first = None;
        if !self.is(Tok::Semicolon) {
            let left = self.exprs()?;
            let ranges = self.peek(1) == Tok::Range;
            if ranges && matches!(self.tok(), Tok::Op(Op::Define | Op::Assign)) {
                return self.range(stmt, &left);
            }
            first = Some(self.simple_stmt_after(&left)?);
        }
        if self.is(Tok::LBrace) {
            let condition = self.expr_of(first.ok_or(Unparsed)?)?;
            self.tree.add(stmt, Role::Cond, condition);
            return Ok(stmt);
        }
        if let Some(init) = first {
            self.tree.add(stmt, Role::Init, init);
        }
        self.header_semicolon()?;
        if !self.is(Tok::Semicolon) {
            let condition = self.simple_stmt()?;
            let condition = self.expr_of(condition)?;
            self.tree.add(stmt, Role::Cond, condition);
        }
        self.header_semicolon()?;
        if !self.is(Tok::LBrace) {
            let post = self.simple_stmt()?;
            self.tree.add(stmt, Role::Post, post);
        }
        Ok(stmt)
    }

    fn header_semicolon(&mut self) -> Parsed<()> {
        if self.expect(Tok::Semicolon)?.is_empty() { Err(Unparsed) } else { Ok(()) }
    }

    /// `left := range x`, of a loop that begins where `stmt` does.
    fn range(&mut self, stmt: Id, left: &[Id]) -> Parsed {
        let span = self.tree.span(stmt);
        let mut op = Op::None;
        if let Tok::Op(assignment) = self.tok() {
            op = assignment;
            self.bump();
        }
        let range = self.tree.make(Kind::Range, op, span);
        if !left.is_empty() {
            let list = self.list(Kind::ExprList, left)?;
            self.tree.add(range, Role::Lhs, list);
        }
        self.expect(Tok::Range)?;
        let x = self.expr()?;
        self.tree.add(range, Role::X, x);
        Ok(range)
    }
}
