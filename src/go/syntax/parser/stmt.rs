//! Statements (Go specification, "Statements"); those with a header and a body stand in `control`.

use super::token::Tok;
use super::tree::Id;
use super::{Parsed, Parser, Unparsed};
use crate::go::syntax::{Kind, Op, Role};

impl Parser {
    pub(super) fn block(&mut self) -> Parsed {
        let block = self.open(Kind::Block, Op::None);
        self.expect(Tok::LBrace)?;
        self.with_literals(|p| p.stmts(block))?;
        let end = self.expect(Tok::RBrace)?.end;
        self.tree.end_at(block, end);
        Ok(block)
    }

    /// Statements up to what ends them, as children of `list`.
    fn stmts(&mut self, list: Id) -> Parsed<()> {
        while !matches!(self.tok(), Tok::RBrace | Tok::Case | Tok::Default | Tok::End) {
            if self.eat(Tok::Semicolon) {
                continue;
            }
            let stmt = self.nested(Self::stmt)?;
            self.tree.add(list, Role::None, stmt);
            match self.tok() {
                Tok::Case | Tok::Default => return Err(Unparsed),
                _ => self.end_of(Tok::RBrace)?,
            }
        }
        Ok(())
    }

    pub(super) fn stmt(&mut self) -> Parsed {
        match self.tok() {
            Tok::Const | Tok::Type | Tok::Var => {
                let decl = self.gen_decl()?;
                Ok(self.around(Kind::DeclStmt, Op::None, Role::X, decl))
            }
            Tok::LBrace => self.block(),
            Tok::Go => self.one_expr(Kind::Go),
            Tok::Defer => self.one_expr(Kind::Defer),
            Tok::Return => self.return_stmt(),
            Tok::Break => self.branch(Op::Break),
            Tok::Continue => self.branch(Op::Continue),
            Tok::Goto => self.branch(Op::Goto),
            Tok::Fallthrough => Ok(self.leaf(Kind::Branch, Op::Fallthrough)),
            Tok::If => self.if_stmt(),
            Tok::Switch => self.switch_stmt(),
            Tok::Select => self.select_stmt(),
            Tok::For => self.for_stmt(),
            Tok::Ident if self.peek(1) == Tok::Colon => self.labeled(),
            _ => self.simple_stmt(),
        }
    }

    fn one_expr(&mut self, kind: Kind) -> Parsed {
        let stmt = self.open(kind, Op::None);
        self.bump();
        let expr = self.expr()?;
        self.tree.add(stmt, Role::X, expr);
        Ok(stmt)
    }

    fn return_stmt(&mut self) -> Parsed {
        let stmt = self.leaf(Kind::Return, Op::None);
        if !matches!(self.tok(), Tok::Semicolon | Tok::RBrace) {
            let values = self.expr_list()?;
            self.tree.add(stmt, Role::Value, values);
        }
        Ok(stmt)
    }

    fn branch(&mut self, op: Op) -> Parsed {
        let stmt = self.leaf(Kind::Branch, op);
        if self.is(Tok::Ident) {
            let label = self.ident()?;
            self.tree.add(stmt, Role::Label, label);
        } else if op == Op::Goto {
            return Err(Unparsed);
        }
        Ok(stmt)
    }

    fn labeled(&mut self) -> Parsed {
        let label = self.ident()?;
        let stmt = self.around(Kind::Labeled, Op::None, Role::Label, label);
        let end = self.expect(Tok::Colon)?.end;
        self.tree.end_at(stmt, end);
        if !matches!(self.tok(), Tok::RBrace | Tok::Semicolon | Tok::Case | Tok::Default) {
            let labeled = self.nested(Self::stmt)?;
            self.tree.add(stmt, Role::None, labeled);
        }
        Ok(stmt)
    }

    /// A statement of expressions: assignment, send, `++`, or an expression alone.
    pub(super) fn simple_stmt(&mut self) -> Parsed {
        let left = self.exprs()?;
        self.simple_stmt_after(&left)
    }

    pub(super) fn simple_stmt_after(&mut self, left: &[Id]) -> Parsed {
        let Tok::Op(op) = self.tok() else { return self.expr_stmt(left) };
        match op {
            Op::Inc | Op::Dec if left.len() == 1 => {
                let stmt = self.around(Kind::IncDec, op, Role::X, left[0]);
                let end = self.bump().end;
                self.tree.end_at(stmt, end);
                Ok(stmt)
            }
            Op::Arrow if left.len() == 1 => {
                self.bump();
                let stmt = self.around(Kind::Send, Op::None, Role::X, left[0]);
                let value = self.expr()?;
                self.tree.add(stmt, Role::Y, value);
                Ok(stmt)
            }
            _ if is_assignment(op) => {
                self.bump();
                let list = self.list(Kind::ExprList, left)?;
                let stmt = self.around(Kind::Assign, op, Role::Lhs, list);
                let right = self.expr_list()?;
                self.tree.add(stmt, Role::Rhs, right);
                Ok(stmt)
            }
            _ => self.expr_stmt(left),
        }
    }

    fn expr_stmt(&mut self, exprs: &[Id]) -> Parsed {
        let &[expr] = exprs else { return Err(Unparsed) };
        Ok(self.around(Kind::ExprStmt, Op::None, Role::X, expr))
    }
}

fn is_assignment(op: Op) -> bool {
    matches!(
        op,
        Op::Assign
            | Op::Define
            | Op::AddAssign
            | Op::SubAssign
            | Op::MulAssign
            | Op::QuoAssign
            | Op::RemAssign
            | Op::AndAssign
            | Op::OrAssign
            | Op::XorAssign
            | Op::ShlAssign
            | Op::ShrAssign
            | Op::AndNotAssign
    )
}
