//! Patterns: pieces of Go with metavariables. Comes in: the text of a pattern. Goes out: a syntax
//! tree in which metavariables and packages are marked, and the context that it was understood in.

mod context;
mod framed;
mod locals;
mod spelled;

pub use self::context::Context;
pub(super) use self::framed::{Framed, Shift};
use self::spelled::Added;
use super::metavariable::{MetaId, Metavariables, Stencil, pattern_stencil};
use crate::go::syntax::{Kind, Node, NodeId, Syntax};
use crate::text::Span;

/// A package that patterns and templates may name, in the table of its pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackageId(pub usize);

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
    /// What stands in the framed text only.
    added: Added,
    /// Of a pattern of what stands around a match: the part that the match must lie in.
    part_of_match: Option<MetaId>,
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

/// The text of a pattern as Go; the names in it have not been looked up.
#[derive(Clone)]
pub struct Reading {
    stencil: Stencil,
    framed: Framed,
}

impl Reading {
    /// Reads a pattern, in the context that `wanted` names or else in the first that fits.
    ///
    /// # Errors
    /// Where the text is no Go.
    pub fn of(text: &str, wanted: Option<Context>) -> Result<Self, PatternError> {
        let stencil = pattern_stencil(text)
            .map_err(|bad| PatternError::Hole { span: bad.span, message: bad.message })?;
        let framed =
            Framed::parse(&stencil, wanted).map_err(|tried| PatternError::Syntax { tried })?;
        Ok(Self { stencil, framed })
    }

    /// The pattern, with the names as a rule knows them.
    ///
    /// # Errors
    /// A metavariable has no name, or a package is not declared.
    pub fn into_pattern(
        self,
        metavariables: &mut Metavariables,
        packages: &mut dyn PackageNames,
    ) -> Result<Pattern, PatternError> {
        self.framed.into_pattern(&self.stencil, metavariables, packages)
    }
}

impl Pattern {
    /// The metavariable whose capture a match must lie in, in a pattern of what stands around it.
    pub fn part_of_match(&self) -> Option<MetaId> {
        self.part_of_match
    }

    /// Says in which part a match must lie.
    #[must_use]
    pub fn with_part_of_match(self, part: MetaId) -> Self {
        Self { part_of_match: Some(part), ..self }
    }

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
        Reading::of(text, wanted)?.into_pattern(metavariables, packages)
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
        let at = |offset: usize| self.added.unshift(offset.saturating_sub(self.offset));
        Span::new(at(node.span().start), at(node.span().end))
    }
}

#[cfg(test)]
mod tests;
