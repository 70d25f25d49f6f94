//! Types (Go specification, "Types"), signatures and parameters.

use super::token::Tok;
use super::tree::Id;
use super::{Parsed, Parser, Unparsed};
use crate::go::syntax::{Kind, Op, Role};

/// An entry between commas of a parameter list.
struct Entry {
    /// The name, or what may turn out to be one.
    name: Option<Id>,
    ty: Option<Id>,
}

impl Parser {
    pub(super) fn ty(&mut self) -> Parsed {
        self.nested(Self::ty_here)
    }

    fn ty_here(&mut self) -> Parsed {
        match self.tok() {
            Tok::Ident => self.type_name(),
            Tok::Op(Op::Mul) => {
                let star = self.open(Kind::Star, Op::None);
                self.bump();
                let base = self.ty()?;
                self.tree.add(star, Role::X, base);
                Ok(star)
            }
            Tok::LParen => {
                let paren = self.open(Kind::Paren, Op::None);
                self.bump();
                let inner = self.ty()?;
                self.tree.add(paren, Role::X, inner);
                let end = self.expect(Tok::RParen)?.end;
                self.tree.end_at(paren, end);
                Ok(paren)
            }
            Tok::LBrack => self.array(),
            Tok::Map => {
                let map = self.open(Kind::MapType, Op::None);
                self.bump();
                self.expect(Tok::LBrack)?;
                let key = self.ty()?;
                self.tree.add(map, Role::Key, key);
                self.expect(Tok::RBrack)?;
                let value = self.ty()?;
                self.tree.add(map, Role::Value, value);
                Ok(map)
            }
            Tok::Chan | Tok::Op(Op::Arrow) => self.channel(),
            Tok::Func => self.func_type(),
            Tok::Struct => self.struct_type(),
            Tok::Interface => self.interface_type(),
            _ => Err(Unparsed),
        }
    }

    /// `T`, `p.T`, `T[A]`.
    fn type_name(&mut self) -> Parsed {
        let mut name = self.ident()?;
        if self.eat(Tok::Dot) {
            name = self.around(Kind::Selector, Op::None, Role::X, name);
            let selected = self.ident()?;
            self.tree.add(name, Role::Sel, selected);
        }
        if !self.is(Tok::LBrack) {
            return Ok(name);
        }
        self.bump();
        let generic = self.around(Kind::Index, Op::None, Role::X, name);
        let mut args = Vec::new();
        while !self.is(Tok::RBrack) {
            args.push(self.ty()?);
            if !self.eat(Tok::Comma) {
                break;
            }
        }
        let list = self.list(Kind::ExprList, &args)?;
        self.tree.add(generic, Role::Indices, list);
        let end = self.expect(Tok::RBrack)?.end;
        self.tree.end_at(generic, end);
        Ok(generic)
    }

    /// `[]T`, `[N]T`, `[...]T`.
    fn array(&mut self) -> Parsed {
        let array = self.open(Kind::ArrayType, Op::None);
        self.bump();
        if self.is_op(Op::Ellipsis) {
            self.bump();
            self.tree.set_op(array, Op::Ellipsis);
        } else if !self.is(Tok::RBrack) {
            let len = self.with_literals(Self::expr)?;
            self.tree.add(array, Role::Len, len);
        }
        self.expect(Tok::RBrack)?;
        let element = self.ty()?;
        self.tree.add(array, Role::Type, element);
        Ok(array)
    }

    pub(super) fn channel(&mut self) -> Parsed {
        let channel = self.open(Kind::ChanType, Op::None);
        if self.is_op(Op::Arrow) {
            self.bump();
            self.expect(Tok::Chan)?;
            self.tree.set_op(channel, Op::RecvOnly);
        } else {
            self.bump();
            if self.is_op(Op::Arrow) {
                self.bump();
                self.tree.set_op(channel, Op::SendOnly);
            }
        }
        let value = self.ty()?;
        self.tree.add(channel, Role::Value, value);
        Ok(channel)
    }

    /// A function type, from the word `func` on.
    pub(super) fn func_type(&mut self) -> Parsed {
        let ty = self.open(Kind::FuncType, Op::None);
        self.expect(Tok::Func)?;
        self.signature(ty)?;
        Ok(ty)
    }

    /// Parameters and results, as children of `ty`.
    pub(super) fn signature(&mut self, ty: Id) -> Parsed<()> {
        let params = self.params()?;
        self.tree.add(ty, Role::Params, params);
        let result = match self.tok() {
            Tok::LParen => Some(self.params()?),
            Tok::Ident
            | Tok::Op(Op::Mul | Op::Arrow)
            | Tok::LBrack
            | Tok::Map
            | Tok::Chan
            | Tok::Func
            | Tok::Struct
            | Tok::Interface => Some(self.ty()?),
            _ => None,
        };
        if let Some(result) = result {
            self.tree.add(ty, Role::Results, result);
        }
        Ok(())
    }

    /// Parameters with their parentheses. Either all have names or none.
    pub(super) fn params(&mut self) -> Parsed {
        let params = self.open(Kind::Params, Op::None);
        self.expect(Tok::LParen)?;
        let mut entries = Vec::new();
        while !self.is(Tok::RParen) {
            entries.push(self.param()?);
            if !self.eat(Tok::Comma) {
                break;
            }
        }
        let end = self.expect(Tok::RParen)?.end;
        self.fields(params, &entries)?;
        self.tree.end_at(params, end);
        Ok(params)
    }

    fn param(&mut self) -> Parsed<Entry> {
        if self.is_op(Op::Ellipsis) {
            return Ok(Entry { name: None, ty: Some(self.variadic()?) });
        }
        if !self.is(Tok::Ident) || self.peek(1) == Tok::Dot || self.generic_until(&[]) {
            return Ok(Entry { name: None, ty: Some(self.ty()?) });
        }
        let name = Some(self.ident()?);
        let ty = match self.tok() {
            Tok::Comma | Tok::RParen => None,
            Tok::Op(Op::Ellipsis) => Some(self.variadic()?),
            _ => Some(self.ty()?),
        };
        Ok(Entry { name, ty })
    }

    fn variadic(&mut self) -> Parsed {
        let ellipsis = self.open(Kind::Ellipsis, Op::None);
        self.bump();
        let ty = self.ty()?;
        self.tree.add(ellipsis, Role::X, ty);
        Ok(ellipsis)
    }

    /// Whether a name with brackets is next that is an instantiation, not a name before an array
    /// type: after the closing bracket comes no type, but the end of an entry.
    pub(super) fn generic_until(&self, ends: &[Tok]) -> bool {
        if self.peek(1) != Tok::LBrack || self.peek(2) == Tok::RBrack {
            return false;
        }
        let (mut n, mut depth) = (1, 0usize);
        loop {
            match self.peek(n) {
                Tok::LBrack => depth += 1,
                Tok::RBrack => depth -= 1,
                Tok::End => return false,
                _ => {}
            }
            n += 1;
            if depth == 0 {
                break;
            }
        }
        let after = self.peek(n);
        matches!(after, Tok::Comma | Tok::RParen) || ends.contains(&after)
    }

    /// Names that stand before one type share a field.
    fn fields(&mut self, params: Id, entries: &[Entry]) -> Parsed<()> {
        let named = entries.iter().any(|e| e.name.is_some() && e.ty.is_some());
        let mut names = Vec::new();
        for (nth, entry) in entries.iter().enumerate() {
            let variadic = entry.ty.is_some_and(|ty| self.tree.kind(ty) == Kind::Ellipsis);
            if variadic && (nth + 1 < entries.len() || !names.is_empty()) {
                // Only the last parameter may be variadic, and it has a name of its own.
                return Err(Unparsed);
            }
            let field = match (named, entry.name, entry.ty) {
                (true, Some(name), ty) => {
                    names.push(name);
                    let Some(ty) = ty else { continue };
                    self.field(&std::mem::take(&mut names), ty)?
                }
                (false, Some(ty), None) | (false, None, Some(ty)) => {
                    self.around(Kind::Field, Op::None, Role::Type, ty)
                }
                // A type among names, or nothing at all.
                _ => return Err(Unparsed),
            };
            self.tree.add(params, Role::None, field);
        }
        if names.is_empty() { Ok(()) } else { Err(Unparsed) }
    }

    pub(super) fn field(&mut self, names: &[Id], ty: Id) -> Parsed {
        let list = self.list(Kind::NameList, names)?;
        let field = self.around(Kind::Field, Op::None, Role::Name, list);
        self.tree.add(field, Role::Type, ty);
        Ok(field)
    }

    fn struct_type(&mut self) -> Parsed {
        let ty = self.open(Kind::StructType, Op::None);
        self.bump();
        let fields = self.open(Kind::FieldList, Op::None);
        self.expect(Tok::LBrace)?;
        while !self.is(Tok::RBrace) {
            let field = self.struct_field()?;
            if let Tok::Lit(Op::String) = self.tok() {
                let tag = self.leaf(Kind::BasicLit, Op::String);
                self.tree.add(field, Role::FieldTag, tag);
            }
            self.tree.add(fields, Role::None, field);
            self.end_of(Tok::RBrace)?;
        }
        let end = self.bump().end;
        self.tree.end_at(fields, end);
        self.tree.add(ty, Role::Fields, fields);
        Ok(ty)
    }

    fn struct_field(&mut self) -> Parsed {
        let ends = [Tok::Semicolon, Tok::RBrace, Tok::Lit(Op::String)];
        let embedded = match self.tok() {
            Tok::Op(Op::Mul) => true,
            Tok::Ident => {
                self.peek(1) == Tok::Dot
                    || ends.contains(&self.peek(1))
                    || self.generic_until(&ends)
            }
            _ => return Err(Unparsed),
        };
        if embedded {
            let ty = self.ty()?;
            return Ok(self.around(Kind::Field, Op::None, Role::Type, ty));
        }
        let names = self.names()?;
        let ty = self.ty()?;
        self.field(&names, ty)
    }

    pub(super) fn names(&mut self) -> Parsed<Vec<Id>> {
        let mut names = vec![self.ident()?];
        while self.eat(Tok::Comma) {
            names.push(self.ident()?);
        }
        Ok(names)
    }

    fn interface_type(&mut self) -> Parsed {
        let ty = self.open(Kind::InterfaceType, Op::None);
        self.bump();
        self.expect(Tok::LBrace)?;
        while !self.is(Tok::RBrace) {
            let field = if self.is(Tok::Ident) && self.peek(1) == Tok::LParen {
                let name = self.ident()?;
                let signature = self.open(Kind::FuncType, Op::None);
                self.signature(signature)?;
                self.field(&[name], signature)?
            } else {
                let element = self.constraint()?;
                self.around(Kind::Field, Op::None, Role::Type, element)
            };
            self.tree.add(ty, Role::None, field);
            self.end_of(Tok::RBrace)?;
        }
        let end = self.bump().end;
        self.tree.end_at(ty, end);
        Ok(ty)
    }

    /// `A | ~B`: what stands in an interface or after a type parameter.
    pub(super) fn constraint(&mut self) -> Parsed {
        let mut union = self.constraint_term()?;
        while self.is_op(Op::Or) {
            self.bump();
            let term = self.constraint_term()?;
            union = self.around(Kind::Binary, Op::Or, Role::X, union);
            self.tree.add(union, Role::Y, term);
        }
        Ok(union)
    }

    fn constraint_term(&mut self) -> Parsed {
        if !self.is_op(Op::Tilde) {
            return self.ty();
        }
        let tilde = self.open(Kind::Unary, Op::Tilde);
        self.bump();
        let ty = self.ty()?;
        self.tree.add(tilde, Role::X, ty);
        Ok(tilde)
    }

    /// Type parameters with their brackets.
    pub(super) fn type_params(&mut self) -> Parsed {
        let params = self.open(Kind::TypeParams, Op::None);
        self.expect(Tok::LBrack)?;
        if self.is(Tok::RBrack) {
            return Err(Unparsed);
        }
        while !self.is(Tok::RBrack) {
            let names = self.names()?;
            let constraint = self.constraint()?;
            let field = self.field(&names, constraint)?;
            self.tree.add(params, Role::None, field);
            if !self.eat(Tok::Comma) {
                break;
            }
        }
        let end = self.expect(Tok::RBrack)?.end;
        self.tree.end_at(params, end);
        Ok(params)
    }
}
