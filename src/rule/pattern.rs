//! Patterns: pieces of Go with metavariables. Comes in: the text of a pattern. Goes out: a syntax
//! tree in which metavariables and packages are marked, and the context that it was understood in.

use std::sync::Arc;

use super::metavariable::{HoleKind, MetaId, Metavariables, Stencil, pattern_stencil};
use crate::go::lex::{Lexer, Token, TokenKind};
use crate::go::predeclared::is_predeclared;
use crate::go::scope::{NameUse, Scopes};
use crate::go::syntax::{Kind, Node, NodeId, Role, Syntax};
use crate::text::Span;

/// A package that patterns and templates may name, in the table of its pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackageId(pub usize);

/// What a pattern is a piece of. The order is the one in which the contexts are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Context {
    /// An expression.
    Expression,
    /// A type that is no expression by its form, such as `[]int`.
    Type,
    /// One or more statements.
    Statements,
    /// A declaration.
    Declaration,
    /// `key: value` of a composite literal.
    Element,
    /// A struct field.
    Field,
    /// A parameter.
    Parameter,
    /// A clause of a `switch`.
    Case,
}

impl Context {
    pub(super) const ALL: [Context; 8] = [
        Context::Expression,
        Context::Type,
        Context::Statements,
        Context::Declaration,
        Context::Element,
        Context::Field,
        Context::Parameter,
        Context::Case,
    ];

    /// The word for it in rules and messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Context::Expression => "expression",
            Context::Type => "type",
            Context::Statements => "statements",
            Context::Declaration => "declaration",
            Context::Element => "element",
            Context::Field => "field",
            Context::Parameter => "parameter",
            Context::Case => "case",
        }
    }

    /// The context for its word.
    pub fn from_word(word: &str) -> Option<Context> {
        Context::ALL.into_iter().find(|c| c.as_str() == word)
    }

    /// What stands around a piece of the context to make a file of it.
    fn frame(self) -> (&'static str, &'static str) {
        match self {
            Context::Expression => ("var _ = ", "\n"),
            Context::Type => ("var _ ", "\n"),
            Context::Statements => ("func _() {\n", "\n}\n"),
            Context::Declaration => ("", "\n"),
            Context::Element => ("var _ = _{\n", ",\n}\n"),
            Context::Field => ("type _ struct {\n", "\n}\n"),
            Context::Parameter => ("func _(", ")\n"),
            Context::Case => ("func _() {\nswitch {\n", "\n}\n}\n"),
        }
    }

    /// The nodes of the piece inside its frame; `None` where the text is something else.
    fn pieces(self, root: Node<'_>) -> Option<Vec<NodeId>> {
        let decl = root.children().next()?;
        let body = || decl.child(Role::Body);
        let spec = || decl.child(Role::Specs)?.children().next();
        let only = |list: Option<Node<'_>>| {
            let mut children = list?.children();
            let only = children.next()?;
            children.next().is_none().then(|| vec![only.id()])
        };
        match self {
            Context::Expression => {
                let pieces = only(spec()?.child(Role::Value))?;
                (!is_method(root.syntax().node(pieces[0]))).then_some(pieces)
            }
            Context::Type => Some(vec![spec()?.child(Role::Type)?.id()]),
            Context::Statements => statements(body()?),
            Context::Declaration => {
                let decls: Vec<_> = root.children().collect();
                let is_decl = |n: &Node<'_>| matches!(n.kind(), Kind::FuncDecl | Kind::GenDecl);
                (decls.len() == 1 && decls.iter().all(is_decl))
                    .then(|| decls.iter().map(|n| n.id()).collect())
            }
            Context::Element => {
                only(spec()?.child(Role::Value)?.children().next()?.child(Role::Elements))
            }
            Context::Field => only(spec()?.child(Role::Type)?.child(Role::Fields)),
            Context::Parameter => only(decl.child(Role::Type)?.child(Role::Params)),
            Context::Case => only(body()?.children().next()?.child(Role::Clauses)),
        }
    }
}

/// Whether it is `func (r T) M()`, read as the conversion that it could be; nobody means that.
fn is_method(node: Node<'_>) -> bool {
    let fun = node.child(Role::Fun).filter(|_| node.kind() == Kind::Call);
    fun.is_some_and(|fun| fun.kind() == Kind::FuncType)
}

/// The statements of a block. A single declaration stands for itself, so that it is found at the
/// top level, too.
fn statements(block: Node<'_>) -> Option<Vec<NodeId>> {
    let stmts: Vec<_> = block.children().collect();
    match stmts.as_slice() {
        [] => None,
        [only] if only.children().next().is_some_and(is_method) => None,
        [only] if only.kind() == Kind::DeclStmt => Some(vec![only.child(Role::X)?.id()]),
        _ => Some(stmts.iter().map(|n| n.id()).collect()),
    }
}

/// What a node of a pattern stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Atom {
    /// Itself.
    Plain,
    /// `$x`, or `$_` where there is no id.
    One(Option<MetaId>),
    /// `$$$xs`, or `$$$` where there is no id.
    Many(Option<MetaId>),
    /// The name of a package.
    Package(PackageId),
    /// The name of a package in files that import it, and itself in others.
    PackageOrName(PackageId),
    /// A predeclared name, which must not have been redeclared.
    Predeclared,
}

/// Where a pattern that is a single declaration of a constant, variable or type is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpecPlace {
    /// Alone and in groups.
    Anywhere,
    /// Alone: the template has another keyword.
    Alone,
    /// Alone, among statements: the template has something else there.
    Statement,
}

/// A piece of Go with metavariables.
#[derive(Clone, Debug)]
pub struct Pattern {
    context: Context,
    spec_place: SpecPlace,
    exact: bool,
    syntax: Syntax,
    nodes: Vec<NodeId>,
    atoms: Vec<Atom>,
    /// Offset of the pattern's own text in the framed one.
    offset: usize,
}

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatternError {
    /// A `$` without a name.
    Hole {
        /// Where, in the text of the pattern.
        span: Span,
        /// What is wrong.
        message: String,
    },
    /// The text is Go in no context.
    Syntax {
        /// For each context that was tried, the place of the first error.
        tried: Vec<(Context, Span)>,
    },
    /// A package that nothing declares.
    UnknownPackage {
        /// Where, in the text of the pattern.
        span: Span,
        /// The name.
        name: String,
    },
}

/// Finds packages by the names that rules use.
pub trait PackageNames {
    /// The package that `name` stands for.
    fn package(&mut self, name: &str) -> Option<PackageId>;

    /// Whether a metavariable that stands alone is an expression, and no whole statement or field.
    fn exact(&self) -> bool {
        false
    }

    /// What `name` before a dot is.
    fn qualifier(&mut self, name: &str) -> Qualified {
        self.package(name).map_or(Qualified::Unknown, Qualified::Package)
    }
}

/// What a name before a dot is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Qualified {
    /// That package.
    Package(PackageId),
    /// That package in files that import it; in others the name itself.
    PackageOrName(PackageId),
    /// The name itself.
    Name,
    /// Nothing declares it.
    Unknown,
}

impl Pattern {
    /// Reads a pattern, in the context that `wanted` names or else in the first that fits.
    ///
    /// # Errors
    /// Where the text is no Go, a metavariable has no name, or a package is not declared.
    pub fn parse(
        text: &str,
        wanted: Option<Context>,
        metavariables: &mut Metavariables,
        packages: &mut dyn PackageNames,
    ) -> Result<Pattern, PatternError> {
        let stencil = pattern_stencil(text)
            .map_err(|bad| PatternError::Hole { span: bad.span, message: bad.message })?;
        let framed =
            Framed::parse(&stencil, wanted).map_err(|tried| PatternError::Syntax { tried })?;
        framed.into_pattern(&stencil, metavariables, packages)
    }

    /// What the pattern is a piece of.
    pub fn context(&self) -> Context {
        self.context
    }

    /// Where the pattern is found, if it is a single declaration.
    pub fn spec_place(&self) -> SpecPlace {
        self.spec_place
    }

    /// Whether a metavariable that stands alone is an expression, and no whole statement or field.
    pub fn is_exact(&self) -> bool {
        self.exact
    }

    /// Looks for a declaration only where what it becomes can stand.
    pub(super) fn agree_on_declarations(&mut self, after: &Pattern) {
        let (old, new) = (self.first(), after.first());
        if self.nodes.len() != 1 || old.kind() != Kind::GenDecl {
            return;
        }
        self.spec_place = match new.kind() {
            Kind::GenDecl if after.nodes.len() == 1 && new.op() == old.op() => SpecPlace::Anywhere,
            Kind::GenDecl if after.nodes.len() == 1 => SpecPlace::Alone,
            _ => SpecPlace::Statement,
        };
    }

    /// Its nodes: one, or the statements one after the other.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = Node<'_>> {
        self.nodes.iter().map(|&id| self.syntax.node(id))
    }

    /// The first node.
    ///
    /// # Panics
    /// Never: a pattern has at least one node.
    pub fn first(&self) -> Node<'_> {
        self.syntax.node(self.nodes[0])
    }

    /// What `node`, one of this pattern, stands for.
    pub fn atom(&self, node: Node<'_>) -> Atom {
        self.atoms[node.id().index()]
    }

    /// The metavariables that the pattern binds.
    pub fn binds(&self) -> impl Iterator<Item = MetaId> + '_ {
        self.atoms.iter().filter_map(|atom| match atom {
            Atom::One(id) | Atom::Many(id) => *id,
            _ => None,
        })
    }

    /// The metavariables that stand for any number of elements.
    pub fn runs(&self) -> impl Iterator<Item = MetaId> + '_ {
        self.atoms.iter().filter_map(|atom| match atom {
            Atom::Many(id) => *id,
            _ => None,
        })
    }

    /// The packages that the pattern names.
    pub fn packages(&self) -> impl Iterator<Item = PackageId> + '_ {
        self.atoms.iter().filter_map(|atom| match atom {
            Atom::Package(id) => Some(*id),
            _ => None,
        })
    }

    /// The packages that the pattern names if the file imports them.
    pub fn packages_or_names(&self) -> impl Iterator<Item = PackageId> + '_ {
        self.atoms.iter().filter_map(|atom| match atom {
            Atom::PackageOrName(id) => Some(*id),
            _ => None,
        })
    }

    /// Identifiers that stand in everything the pattern matches.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.nodes().flat_map(Node::subtree).filter_map(|node| {
            let plain = node.kind() == Kind::Ident && self.atom(node) == Atom::Plain;
            (plain && node.text() != "_").then(|| node.text())
        })
    }

    /// The node's span in the text that the pattern was read from.
    pub fn span_in_text(&self, node: Node<'_>) -> Span {
        let span = node.span();
        Span::new(span.start.saturating_sub(self.offset), span.end.saturating_sub(self.offset))
    }
}

/// A stencil parsed in the frame of a context.
pub(super) struct Framed {
    pub(super) context: Context,
    pub(super) syntax: Syntax,
    pub(super) nodes: Vec<NodeId>,
    pub(super) offset: usize,
    /// Where clauses' `$$$` were spelled out as `case $$$:`, the offsets of the added `case ` in
    /// the stencil.
    clauses: Vec<usize>,
}

impl Framed {
    /// Tries the contexts one after the other.
    pub(super) fn parse(
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

    pub(super) fn in_context(stencil: &Stencil, context: Context) -> Result<Framed, Span> {
        let plain = Framed::try_text(&stencil.text, context, Vec::new());
        plain.or_else(|span| {
            let (text, clauses) = spell_out_clauses(stencil);
            if clauses.is_empty() {
                return Err(span);
            }
            Framed::try_text(&text, context, clauses).map_err(|_| span)
        })
    }

    fn try_text(text: &str, context: Context, clauses: Vec<usize>) -> Result<Framed, Span> {
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
        Ok(Framed { context, syntax, nodes, offset: before.len(), clauses })
    }

    /// The offset in the framed text of `offset` in the stencil.
    pub(super) fn shift(&self, offset: usize) -> usize {
        let added = self.clauses.iter().filter(|&&at| at <= offset).count();
        // "case " before each, ":" after each but the last one passed.
        let colons = self.clauses.iter().filter(|&&at| at < offset).count();
        self.offset + offset + added * CASE.len() + colons
    }

    pub(super) fn into_pattern(
        self,
        stencil: &Stencil,
        metavariables: &mut Metavariables,
        packages: &mut dyn PackageNames,
    ) -> Result<Pattern, PatternError> {
        let scopes = Scopes::new(&self.syntax);
        let mut atoms = vec![Atom::Plain; self.syntax.len()];
        for hole in &stencil.holes {
            let start = self.shift(hole.span.start);
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
                        let start = node.span().start - self.offset;
                        let span = Span::new(start, start + name.len());
                        return Err(PatternError::UnknownPackage { span, name: name.to_string() });
                    }
                };
            } else if is_predeclared(node.text()) {
                atoms[index] = Atom::Predeclared;
            }
        }
        Ok(Pattern {
            context: self.context,
            spec_place: SpecPlace::Anywhere,
            exact: packages.exact(),
            syntax: self.syntax,
            nodes: self.nodes,
            atoms,
            offset: self.offset,
        })
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
pub(super) fn is_qualifier(node: Node<'_>) -> bool {
    node.role() == Role::X && node.parent().is_some_and(|p| p.kind() == Kind::Selector)
}

const CASE: &str = "case ";

/// Spells `$$$` that stands alone on its line as `case $$$:`; gives the offsets of those in the
/// stencil.
fn spell_out_clauses(stencil: &Stencil) -> (String, Vec<usize>) {
    let mut text = String::new();
    let mut clauses = Vec::new();
    let mut at = 0;
    for hole in stencil.holes.iter().filter(|h| matches!(h.kind, HoleKind::Many(_))) {
        let before = stencil.text[..hole.span.start].trim_end_matches([' ', '\t']);
        let after = stencil.text[hole.span.end..].trim_start_matches([' ', '\t']);
        let alone = before.ends_with(['\n', '{', ';']) && after.starts_with(['\n', '}', ';']);
        if alone {
            text.push_str(&stencil.text[at..hole.span.start]);
            text.push_str(CASE);
            text.push_str(&stencil.text[hole.span.range()]);
            text.push(':');
            at = hole.span.end;
            clauses.push(hole.span.start);
        }
    }
    text.push_str(&stencil.text[at..]);
    (text, clauses)
}

#[cfg(test)]
mod tests;
