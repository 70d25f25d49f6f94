//! A pattern or template as a part of a file that parses. Comes in: its stencil, in which names stand
//! for metavariables. Goes out: the tree, and from it the pattern.

use std::sync::Arc;

use super::spelled::{Added, Spelled, spelled_out};
use super::{Atom, Context, PackageNames, Pattern, PatternError, Qualified, SpecPlace};
use crate::go::lex::{Lexer, Token, TokenKind};
use crate::go::predeclared::is_predeclared;
use crate::go::scope::{NameUse, Scopes};
use crate::go::syntax::{Kind, Node, NodeId, Role, Syntax};
use crate::rule::metavariable::{HoleKind, Metavariables, Stencil};
use crate::text::Span;

/// A stencil parsed in the frame of a context.
#[derive(Clone)]
pub(in crate::rule) struct Framed {
    pub(in crate::rule) context: Context,
    pub(in crate::rule) syntax: Syntax,
    pub(in crate::rule) nodes: Vec<NodeId>,
    pub(in crate::rule) offset: usize,
    /// What was added to the stencil.
    added: Added,
}

/// From a place in the text of a pattern to one in its frame.
#[derive(Clone)]
pub(in crate::rule) struct Shift {
    offset: usize,
    added: Added,
}

impl Shift {
    /// The offset in the framed text of `offset` in the stencil.
    pub(in crate::rule) fn of(&self, offset: usize) -> usize {
        self.offset + self.added.shift(offset)
    }
}

impl Framed {
    /// Tries the contexts one after the other.
    pub(in crate::rule) fn parse(
        stencil: &Stencil,
        wanted: Option<Context>,
    ) -> Result<Framed, Vec<(Context, Span)>> {
        let mut tried = Vec::new();
        let contexts = Context::ALL.into_iter().filter(|c| match wanted {
            Some(Context::Expression) => matches!(c, Context::Expression | Context::Type),
            Some(wanted) => *c == wanted,
            None => true,
        });
        for context in contexts {
            match Framed::in_context(stencil, context) {
                Ok(framed) => return Ok(framed),
                Err(span) => tried.push((context, span)),
            }
        }
        Err(tried)
    }

    pub(in crate::rule) fn in_context(stencil: &Stencil, context: Context) -> Result<Framed, Span> {
        let mut spellings = spelled_out(stencil).into_iter();
        let mut next = |of: Option<Span>| match spellings.next() {
            Some(Spelled { text, added }) => {
                let unshift =
                    |span: Span| Span::new(added.unshift(span.start), added.unshift(span.end));
                Framed::try_text(&text, context, added.clone())
                    .map_err(|span| of.unwrap_or_else(|| unshift(span)))
            }
            None => Err(of.unwrap_or(Span::new(0, stencil.text.len()))),
        };
        next(None).or_else(|span| next(Some(span)))
    }

    fn try_text(text: &str, context: Context, added: Added) -> Result<Framed, Span> {
        let (before, after) = context.frame();
        let framed: Arc<str> = format!("{before}{text}{after}").into();
        let whole = Span::new(0, framed.len());
        let syntax = Syntax::parse(&framed, whole);
        let inside = Span::new(before.len(), before.len() + text.len());
        if syntax.errors() > 0 {
            let at = syntax.iter().find(|n| n.kind() == Kind::Error).map_or(whole, Node::span);
            let start = at.start.clamp(inside.start, inside.end) - inside.start;
            let end = at.end.clamp(inside.start, inside.end) - inside.start;
            return Err(Span::new(start, end));
        }
        let whole_text = Span::new(0, text.len());
        let nodes = context.pieces(syntax.root()).ok_or(whole_text)?;
        let covered = nodes.iter().map(|&id| syntax.node(id).span()).reduce(Span::cover);
        if covered != code_span(&framed, inside) {
            return Err(whole_text);
        }
        // The frame must hold nothing but the piece: `}` in a pattern could close it.
        if syntax.root().children().count() != 1 {
            return Err(whole_text);
        }
        Ok(Framed { context, syntax, nodes, offset: before.len(), added })
    }

    /// From places in the stencil to places in the framed text.
    pub(in crate::rule) fn shift(&self) -> Shift {
        Shift { offset: self.offset, added: self.added.clone() }
    }

    pub(in crate::rule) fn into_pattern(
        self,
        stencil: &Stencil,
        metavariables: &mut Metavariables,
        packages: &mut dyn PackageNames,
    ) -> Result<Pattern, PatternError> {
        let mut atoms = vec![Atom::Plain; self.syntax.len()];
        self.read_holes(stencil, metavariables, &mut atoms)?;
        self.read_names(packages, &mut atoms)?;
        Ok(Pattern {
            context: self.context,
            spec_place: SpecPlace::Anywhere,
            exact: packages.exact(),
            syntax: self.syntax,
            nodes: self.nodes,
            atoms,
            offset: self.offset,
            added: self.added,
            part_of_match: None,
        })
    }

    /// What the metavariables are, by node.
    fn read_holes(
        &self,
        stencil: &Stencil,
        metavariables: &mut Metavariables,
        atoms: &mut [Atom],
    ) -> Result<(), PatternError> {
        let shift = self.shift();
        for hole in &stencil.holes {
            let start = shift.of(hole.span.start);
            let atom = match &hole.kind {
                HoleKind::One(name) => Atom::One(name.as_ref().map(|n| metavariables.intern(n))),
                HoleKind::Many(name) => Atom::Many(name.as_ref().map(|n| metavariables.intern(n))),
                // Templates only: whatever stands there is taken as it is.
                HoleKind::Value(_) => Atom::One(None),
            };
            let node = self.syntax.iter().find(|n| {
                n.kind() == Kind::Ident && n.span() == Span::new(start, start + hole.span.len())
            });
            if let Some(node) = node {
                atoms[node.id().index()] = atom;
            } else {
                let message = "a metavariable cannot stand here".into();
                return Err(PatternError::Hole { span: hole.span, message });
            }
        }
        Ok(())
    }

    /// What the names are that the pattern does not declare itself, by node.
    fn read_names(
        &self,
        packages: &mut dyn PackageNames,
        atoms: &mut [Atom],
    ) -> Result<(), PatternError> {
        let scopes = Scopes::new(&self.syntax);
        for node in self.nodes.iter().flat_map(|&id| self.syntax.node(id).subtree()) {
            let index = node.id().index();
            let free = scopes.name_use(node.id()) == NameUse::Free;
            if node.kind() != Kind::Ident || atoms[index] != Atom::Plain || !free {
                continue;
            }
            if is_qualifier(node) {
                let name = node.text();
                atoms[index] = match packages.qualifier(name) {
                    Qualified::Package(package) => Atom::Package(package),
                    Qualified::PackageOrName(package) => Atom::PackageOrName(package),
                    Qualified::Name => Atom::Plain,
                    Qualified::Unknown => {
                        let start = self.added.unshift(node.span().start - self.offset);
                        let span = Span::new(start, start + name.len());
                        return Err(PatternError::UnknownPackage { span, name: name.to_string() });
                    }
                };
            } else if is_predeclared(node.text()) {
                atoms[index] = Atom::Predeclared;
            }
        }
        Ok(())
    }
}

/// From the first token to the last, but for a semicolon or comma at the end.
fn code_span(text: &str, inside: Span) -> Option<Span> {
    let is_code = |t: &Token| {
        !matches!(t.kind, TokenKind::Comment | TokenKind::Semicolon) && t.span.of(text) != ","
    };
    Lexer::new(text, inside).filter(is_code).map(|t| t.span).reduce(Span::cover)
}

/// Whether the identifier is what stands before the dot of a selector.
fn is_qualifier(node: Node<'_>) -> bool {
    node.role() == Role::X && node.parent().is_some_and(|p| p.kind() == Kind::Selector)
}
