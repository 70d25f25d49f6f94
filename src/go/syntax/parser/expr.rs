//! Expressions (Go specification, "Expressions"). Types that stand where an operand may, as in
//! conversions, literals and type arguments, are read here, too.

use super::token::Tok;
use super::tree::Id;
use super::{Parsed, Parser, Unparsed};
use crate::go::syntax::{Kind, Op, Role};

impl Parser {
    pub(super) fn expr(&mut self) -> Parsed {
        self.nested(|p| p.binary(1))
    }

    fn binary(&mut self, lowest: u8) -> Parsed {
        let mut left = self.unary()?;
        loop {
            let Tok::Op(op) = self.tok() else { return Ok(left) };
            let precedence = op.precedence();
            if precedence < lowest || precedence == 0 {
                return Ok(left);
            }
            self.bump();
            let right = self.nested(|p| p.binary(precedence + 1))?;
            left = self.around(Kind::Binary, op, Role::X, left);
            self.tree.add(left, Role::Y, right);
        }
    }

    fn unary(&mut self) -> Parsed {
        let Tok::Op(op) = self.tok() else { return self.primary() };
        let (kind, shown) = match op {
            Op::Add | Op::Sub | Op::Not | Op::Xor | Op::And | Op::Tilde => (Kind::Unary, op),
            Op::Arrow if self.peek(1) == Tok::Chan => {
                let ty = self.channel()?;
                // `<-chan T(x)` is for the other parser.
                return if self.is(Tok::LParen) { Err(Unparsed) } else { Ok(ty) };
            }
            Op::Arrow => (Kind::Unary, op),
            Op::Mul => (Kind::Star, Op::None),
            _ => return Err(Unparsed),
        };
        let node = self.open(kind, shown);
        self.bump();
        let operand = self.nested(Self::unary)?;
        self.tree.add(node, Role::X, operand);
        Ok(node)
    }

    fn operand(&mut self) -> Parsed {
        match self.tok() {
            Tok::Ident => Ok(self.leaf(Kind::Ident, Op::None)),
            Tok::Lit(sort) => Ok(self.leaf(Kind::BasicLit, sort)),
            Tok::LParen => {
                let paren = self.open(Kind::Paren, Op::None);
                self.bump();
                let inner = self.with_literals(Self::expr)?;
                self.tree.add(paren, Role::X, inner);
                let end = self.expect(Tok::RParen)?.end;
                self.tree.end_at(paren, end);
                Ok(paren)
            }
            Tok::Func => self.func_type_or_literal(),
            Tok::LBrack | Tok::Map | Tok::Chan | Tok::Struct | Tok::Interface => self.ty(),
            _ => Err(Unparsed),
        }
    }

    fn func_type_or_literal(&mut self) -> Parsed {
        let (literal, ty) = (self.open(Kind::FuncLit, Op::None), self.func_type()?);
        if !self.is(Tok::LBrace) {
            return Ok(ty);
        }
        // The signature alone is the literal's type, without the word `func`.
        let signature = self.tree.first_child(ty).ok_or(Unparsed)?;
        let start = self.tree.span(signature).start;
        self.tree.start_at(ty, start);
        self.tree.add(literal, Role::Type, ty);
        let body = self.with_literals(Self::block)?;
        self.tree.add(literal, Role::Body, body);
        Ok(literal)
    }

    pub(super) fn primary(&mut self) -> Parsed {
        let mut x = self.operand()?;
        loop {
            x = match self.tok() {
                // `x.(type)` is read by the statement that it belongs to.
                Tok::Dot if self.peek(1) == Tok::LParen && self.peek(2) == Tok::Type => {
                    return Ok(x);
                }
                Tok::Dot => self.selector(x)?,
                Tok::LBrack => self.index(x)?,
                Tok::LParen => {
                    let call = self.around(Kind::Call, Op::None, Role::Fun, x);
                    let args = self.args()?;
                    self.tree.add(call, Role::Args, args);
                    call
                }
                Tok::LBrace if self.begins_literal(x) => {
                    let literal = self.around(Kind::CompositeLit, Op::None, Role::Type, x);
                    let elements = self.elements()?;
                    self.tree.add(literal, Role::Elements, elements);
                    literal
                }
                _ => return Ok(x),
            }
        }
    }

    fn selector(&mut self, x: Id) -> Parsed {
        self.bump();
        if self.is(Tok::Ident) {
            let selector = self.around(Kind::Selector, Op::None, Role::X, x);
            let name = self.ident()?;
            self.tree.add(selector, Role::Sel, name);
            return Ok(selector);
        }
        self.expect(Tok::LParen)?;
        let assertion = self.around(Kind::TypeAssert, Op::None, Role::X, x);
        let ty = self.ty()?;
        self.tree.add(assertion, Role::Type, ty);
        let end = self.expect(Tok::RParen)?.end;
        self.tree.end_at(assertion, end);
        Ok(assertion)
    }

    /// `x[i]`, `x[lo:hi:max]`, `F[A, B]`.
    fn index(&mut self, x: Id) -> Parsed {
        self.bump();
        let (bounds, colons, end) = self.with_literals(|p| {
            let mut bounds: Vec<(usize, Id)> = Vec::new();
            let mut colons = 0;
            while !p.is(Tok::RBrack) {
                if colons < 2 && p.eat(Tok::Colon) {
                    colons += 1;
                } else if colons == 0 && !bounds.is_empty() {
                    p.expect(Tok::Comma)?;
                    if p.is(Tok::RBrack) {
                        break;
                    }
                    bounds.push((0, p.expr()?));
                } else if bounds.last().is_none_or(|&(at, _)| at < colons) {
                    bounds.push((colons, p.expr()?));
                } else {
                    return Err(Unparsed);
                }
            }
            Ok((bounds, colons, p.expect(Tok::RBrack)?.end))
        })?;
        let kind = if colons == 0 { Kind::Index } else { Kind::Slice };
        let node = self.around(kind, Op::None, Role::X, x);
        if colons == 0 {
            let indices: Vec<Id> = bounds.into_iter().map(|(_, id)| id).collect();
            let list = self.list(Kind::ExprList, &indices)?;
            self.tree.add(node, Role::Indices, list);
        } else {
            if bounds.windows(2).any(|pair| pair[0].0 == pair[1].0) {
                return Err(Unparsed);
            }
            for (at, bound) in bounds {
                self.tree.add(node, [Role::Low, Role::High, Role::Max][at], bound);
            }
        }
        self.tree.end_at(node, end);
        Ok(node)
    }

    /// The arguments of a call, with their parentheses.
    fn args(&mut self) -> Parsed {
        let args = self.open(Kind::Args, Op::None);
        self.bump();
        let end = self.with_literals(|p| {
            while !p.is(Tok::RParen) {
                let mut arg = p.expr()?;
                if p.is_op(Op::Ellipsis) {
                    arg = p.around(Kind::Ellipsis, Op::None, Role::X, arg);
                    let end = p.bump().end;
                    p.tree.end_at(arg, end);
                }
                p.tree.add(args, Role::None, arg);
                if !p.eat(Tok::Comma) {
                    break;
                }
            }
            Ok(p.expect(Tok::RParen)?.end)
        })?;
        self.tree.end_at(args, end);
        Ok(args)
    }

    /// Whether `{` after `x` begins the elements of a literal (Go specification, "Composite
    /// literals": the parsing ambiguity).
    fn begins_literal(&self, x: Id) -> bool {
        match self.tree.kind(x) {
            Kind::Ident => self.literal_level >= 0,
            Kind::Selector | Kind::Index => {
                let inner = self.tree.first_child(x).map(|x| self.tree.kind(x));
                self.literal_level >= 0 && matches!(inner, Some(Kind::Ident | Kind::Selector))
            }
            Kind::ArrayType | Kind::StructType | Kind::MapType => true,
            _ => false,
        }
    }

    /// The elements of a literal, with their braces.
    fn elements(&mut self) -> Parsed {
        let elements = self.open(Kind::Elements, Op::None);
        self.bump();
        let end = self.with_literals(|p| {
            while !p.is(Tok::RBrace) {
                let mut element = p.element()?;
                if p.eat(Tok::Colon) {
                    element = p.around(Kind::KeyValue, Op::None, Role::Key, element);
                    let value = p.element()?;
                    p.tree.add(element, Role::Value, value);
                }
                p.tree.add(elements, Role::None, element);
                if !p.eat(Tok::Comma) {
                    break;
                }
            }
            Ok(p.expect(Tok::RBrace)?.end)
        })?;
        self.tree.end_at(elements, end);
        Ok(elements)
    }

    fn element(&mut self) -> Parsed {
        if !self.is(Tok::LBrace) {
            return self.expr();
        }
        let elements = self.nested(Self::elements)?;
        Ok(self.around(Kind::CompositeLit, Op::None, Role::Elements, elements))
    }

    /// Expressions that are values: a type alone is none.
    pub(super) fn exprs(&mut self) -> Parsed<Vec<Id>> {
        let mut exprs = Vec::new();
        loop {
            let expr = self.expr()?;
            if matches!(
                self.tree.kind(expr),
                Kind::ArrayType
                    | Kind::StructType
                    | Kind::FuncType
                    | Kind::InterfaceType
                    | Kind::MapType
                    | Kind::ChanType
            ) {
                return Err(Unparsed);
            }
            exprs.push(expr);
            if !self.eat(Tok::Comma) {
                return Ok(exprs);
            }
        }
    }

    pub(super) fn expr_list(&mut self) -> Parsed {
        let exprs = self.exprs()?;
        self.list(Kind::ExprList, &exprs)
    }
}
