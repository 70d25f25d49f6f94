//! What metavariables captured.

use crate::go::syntax::{Node, NodeId, Syntax};
use crate::rule::metavariable::MetaId;
use crate::text::Span;

/// What one metavariable captured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// Where it stands. Parentheses around an expression are not part of it.
    pub span: Span,
    /// Its nodes: one for `$x`, any number for `$$$xs`.
    pub nodes: Vec<NodeId>,
    /// Whether it is a run of list elements.
    pub is_run: bool,
}

impl Capture {
    /// A single piece.
    pub fn one(node: Node<'_>) -> Self {
        let node = node.unparenthesized();
        Self { span: node.span(), nodes: vec![node.id()], is_run: false }
    }

    /// Elements of a list; for none of them, the place before `next`.
    pub fn run(nodes: &[Node<'_>], next: Option<Node<'_>>) -> Self {
        let span = match (nodes.first(), nodes.last(), next) {
            (Some(first), Some(last), _) => first.span().cover(last.span()),
            (_, _, Some(next)) => Span::at(next.span().start),
            _ => Span::at(0),
        };
        Self { span, nodes: nodes.iter().map(|n| n.id()).collect(), is_run: true }
    }

    /// No element, at a place where there could be some.
    pub fn nothing(at: Span) -> Self {
        Self { span: at, nodes: Vec::new(), is_run: true }
    }

    /// Its source text; nothing for a run without elements.
    pub fn text<'t>(&self, syntax: &'t Syntax) -> &'t str {
        if self.nodes.is_empty() { "" } else { &syntax.text()[self.span.range()] }
    }
}

/// The captures of one match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bindings {
    captures: Vec<Option<Capture>>,
    groups: Vec<(MetaId, String, String)>,
    /// Names that stand for those of a template's own, by the index of these.
    locals: Vec<(usize, String)>,
}

impl Bindings {
    /// Nothing bound, with room for `len` metavariables.
    pub fn new(len: usize) -> Self {
        Self { captures: vec![None; len], ..Self::default() }
    }

    /// What `id` captured.
    pub fn get(&self, id: MetaId) -> Option<&Capture> {
        self.captures.get(id.index())?.as_ref()
    }

    /// Whether one of the captures holds all of `span`.
    pub fn hold(&self, span: Span) -> bool {
        self.captures.iter().flatten().any(|c| !c.nodes.is_empty() && c.span.contains(span))
    }

    /// Binds `id`, which must be free. Says `true`, for use in conditions.
    pub fn bind(&mut self, id: MetaId, capture: Capture) -> bool {
        if self.captures.len() <= id.index() {
            self.captures.resize(id.index() + 1, None);
        }
        self.captures[id.index()] = Some(capture);
        true
    }

    /// The same without what `id` captured.
    pub fn release(&mut self, id: MetaId) {
        if let Some(capture) = self.captures.get_mut(id.index()) {
            *capture = None;
        }
    }

    /// Whether `name` may stand for a local name of a template: the same one everywhere.
    pub fn bind_local(&mut self, local: usize, name: &str) -> bool {
        if let Some((_, bound)) = self.locals.iter().find(|(nth, _)| *nth == local) {
            return bound == name;
        }
        self.locals.push((local, name.to_owned()));
        true
    }

    /// Keeps a named group of a regular expression on what `id` captured.
    pub fn add_group(&mut self, id: MetaId, name: &str, value: &str) {
        self.groups.push((id, name.to_string(), value.to_string()));
    }

    /// A named group.
    pub fn group(&self, id: MetaId, name: &str) -> Option<&str> {
        let found = self.groups.iter().find(|(i, n, _)| *i == id && n == name);
        found.map(|(_, _, value)| value.as_str())
    }
}
