//! Declarations (Go specification, "Declarations and scope").

use super::token::Tok;
use super::tree::Id;
use super::{Parsed, Parser, Unparsed};
use crate::go::syntax::{Kind, Op, Role};

impl Parser {
    /// Top-level declarations to the end, as children of `root`.
    pub(super) fn declarations(&mut self, root: Id) -> Parsed<()> {
        while !self.is(Tok::End) {
            if self.eat(Tok::Semicolon) {
                continue;
            }
            let decl = match self.tok() {
                Tok::Func => self.func_decl()?,
                _ => self.gen_decl()?,
            };
            let reach = self.tree.span(root);
            self.tree.add(root, Role::None, decl);
            self.tree.end_at(root, reach.end);
            self.end_of(Tok::End)?;
        }
        Ok(())
    }

    fn func_decl(&mut self) -> Parsed {
        let decl = self.open(Kind::FuncDecl, Op::None);
        self.bump();
        if self.is(Tok::LParen) {
            let receiver = self.params()?;
            self.tree.add(decl, Role::Recv, receiver);
        }
        let name = self.ident()?;
        self.tree.add(decl, Role::Name, name);
        let ty = self.open(Kind::FuncType, Op::None);
        if self.is(Tok::LBrack) {
            let params = self.type_params()?;
            self.tree.add(ty, Role::TypeParams, params);
        }
        self.signature(ty)?;
        self.tree.add(decl, Role::Type, ty);
        if self.is(Tok::LBrace) {
            let body = self.block()?;
            self.tree.add(decl, Role::Body, body);
        }
        Ok(decl)
    }

    /// `const`, `type`, `var`, single or grouped.
    pub(super) fn gen_decl(&mut self) -> Parsed {
        let op = match self.tok() {
            Tok::Const => Op::Const,
            Tok::Type => Op::Type,
            Tok::Var => Op::Var,
            _ => return Err(Unparsed),
        };
        let decl = self.open(Kind::GenDecl, op);
        let specs = self.open(Kind::Specs, Op::None);
        self.bump();
        if self.eat(Tok::LParen) {
            while !self.is(Tok::RParen) {
                let spec = self.spec(op)?;
                self.tree.add(specs, Role::None, spec);
                self.end_of(Tok::RParen)?;
            }
            let end = self.bump().end;
            self.tree.end_at(specs, end);
        } else {
            let spec = self.spec(op)?;
            self.tree.add(specs, Role::None, spec);
        }
        self.tree.add(decl, Role::Specs, specs);
        Ok(decl)
    }

    fn spec(&mut self, op: Op) -> Parsed {
        if op == Op::Type {
            return self.type_spec();
        }
        let names = self.names()?;
        let list = self.list(Kind::NameList, &names)?;
        let spec = self.around(Kind::ValueSpec, Op::None, Role::Name, list);
        let ends = matches!(self.tok(), Tok::Semicolon | Tok::RParen | Tok::End);
        if !ends && !self.is_op(Op::Assign) {
            let ty = self.ty()?;
            self.tree.add(spec, Role::Type, ty);
        }
        if self.is_op(Op::Assign) {
            self.bump();
            let values = self.expr_list()?;
            self.tree.add(spec, Role::Value, values);
        } else if ends == (op == Op::Var) {
            // A variable has a type or a value; a constant that repeats the values before it has
            // neither.
            return Err(Unparsed);
        }
        Ok(spec)
    }

    fn type_spec(&mut self) -> Parsed {
        let name = self.ident()?;
        let spec = self.around(Kind::TypeSpec, Op::None, Role::Name, name);
        if self.begins_type_params()? {
            let params = self.type_params()?;
            self.tree.add(spec, Role::TypeParams, params);
        }
        if self.is_op(Op::Assign) {
            self.bump();
            self.tree.set_op(spec, Op::Assign);
        }
        let ty = self.ty()?;
        self.tree.add(spec, Role::Type, ty);
        Ok(spec)
    }

    /// Whether `[` after the name of a type begins type parameters, not an array's length (Go
    /// specification, "Type parameter declarations": the parsing ambiguity).
    fn begins_type_params(&self) -> Parsed<bool> {
        if !self.is(Tok::LBrack) || self.peek(1) != Tok::Ident {
            return Ok(false);
        }
        match self.peek(2) {
            Tok::Ident
            | Tok::Comma
            | Tok::Interface
            | Tok::LBrack
            | Tok::Func
            | Tok::Map
            | Tok::Chan
            | Tok::Op(Op::Tilde) => Ok(true),
            // `[P *C]` or `[N * 2]`, `[P (C)]` or `[f(2)]`.
            Tok::Op(Op::Mul) | Tok::LParen => Err(Unparsed),
            _ => Ok(false),
        }
    }
}
