//! A parser for correct Go (Go specification, from "Types" to "Statements"), many times faster
//! than the general one. Comes in: declarations. Goes out: the same nodes that `build` makes of
//! tree-sitter's tree, or the word that this is nothing for it: every doubt, every error and
//! everything that Go's grammar leaves to type checking goes to tree-sitter, which can go on after
//! an error. That the two agree is tested on every file of the standard library.

mod control;
mod decl;
mod expr;
mod stmt;
mod token;
mod tree;
mod types;

use super::{Kind, NodeData, Op, Role};
use crate::text::Span;
use token::{Tok, Token, tokens};
use tree::{Id, Tree};

/// The text is not for this parser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unparsed;

type Parsed<T = Id> = Result<T, Unparsed>;

/// Expressions and statements nest no deeper than this here: the parser recurses.
const MAX_NESTING: usize = 500;

/// The nodes in preorder and the comments of the declarations in `within`.
///
/// # Errors
/// Where the text is anything but correct declarations of constants, types, variables and
/// functions.
pub(super) fn parse(text: &str, within: Span) -> Parsed<(Vec<NodeData>, Vec<Span>)> {
    let (tokens, comments) = tokens(text, within)?;
    let tree = Tree::with_capacity(tokens.len() + tokens.len() / 4);
    let mut parser = Parser { tokens, at: 0, tree, literal_level: 0, nesting: 0 };
    let root = parser.tree.make(Kind::File, Op::None, within);
    parser.declarations(root)?;
    let nodes = parser.tree.preorder(root).ok_or(Unparsed)?;
    Ok((nodes, comments))
}

struct Parser {
    tokens: Vec<Token>,
    /// The token that is next.
    at: usize,
    tree: Tree,
    /// Below 0 in the header of a statement, where `T {` begins the body, not a literal.
    literal_level: i32,
    nesting: usize,
}

impl Parser {
    fn tok(&self) -> Tok {
        self.tokens[self.at].tok
    }

    /// The token `n` behind the next one.
    fn peek(&self, n: usize) -> Tok {
        self.tokens.get(self.at + n).map_or(Tok::End, |t| t.tok)
    }

    fn span(&self) -> Span {
        self.tokens[self.at].span
    }

    fn start(&self) -> usize {
        self.span().start
    }

    fn is(&self, tok: Tok) -> bool {
        self.tok() == tok
    }

    fn is_op(&self, op: Op) -> bool {
        self.tok() == Tok::Op(op)
    }

    /// Takes the next token.
    fn bump(&mut self) -> Span {
        let span = self.span();
        // The end stays where it is.
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
        span
    }

    fn eat(&mut self, tok: Tok) -> bool {
        let fits = self.is(tok);
        if fits {
            self.bump();
        }
        fits
    }

    fn expect(&mut self, tok: Tok) -> Parsed<Span> {
        if self.is(tok) { Ok(self.bump()) } else { Err(Unparsed) }
    }

    /// A statement, spec or field ends here: with a semicolon, or before what closes the list.
    fn end_of(&mut self, closing: Tok) -> Parsed<()> {
        if self.eat(Tok::Semicolon) || self.is(closing) { Ok(()) } else { Err(Unparsed) }
    }

    fn ident(&mut self) -> Parsed {
        let span = self.expect(Tok::Ident)?;
        Ok(self.tree.make(Kind::Ident, Op::None, span))
    }

    fn leaf(&mut self, kind: Kind, op: Op) -> Id {
        let span = self.bump();
        self.tree.make(kind, op, span)
    }

    /// A node that begins where `first` does, with `first` as its first child.
    fn around(&mut self, kind: Kind, op: Op, role: Role, first: Id) -> Id {
        let span = self.tree.span(first);
        let node = self.tree.make(kind, op, span);
        self.tree.add(node, role, first);
        node
    }

    /// A node that begins at the next token.
    fn open(&mut self, kind: Kind, op: Op) -> Id {
        let start = self.start();
        self.tree.make(kind, op, Span::at(start))
    }

    /// A list of the nodes, which covers them.
    fn list(&mut self, kind: Kind, nodes: &[Id]) -> Parsed {
        let (&first, rest) = nodes.split_first().ok_or(Unparsed)?;
        let list = self.around(kind, Op::None, Role::None, first);
        for &node in rest {
            self.tree.add(list, Role::None, node);
        }
        Ok(list)
    }

    /// One level deeper, unless that is too deep.
    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.nesting >= MAX_NESTING {
            return Err(Unparsed);
        }
        self.nesting += 1;
        let parsed = parse(self);
        self.nesting -= 1;
        parsed
    }

    /// With `T {` as a literal again, inside of parentheses and braces.
    fn with_literals<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let before = std::mem::replace(&mut self.literal_level, 0);
        let parsed = parse(self);
        self.literal_level = before;
        parsed
    }
}

#[cfg(test)]
mod tests;
