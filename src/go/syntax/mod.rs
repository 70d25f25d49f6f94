//! The syntax tree of a piece of Go. Comes in: source text, parsed by tree-sitter (see `build`).
//! Goes out: a compact tree in the shape of `go/ast`, in which one construct has one form: call
//! and conversion, selector and qualified type, index and instantiation are the same kind until
//! names tell them apart. Comments are kept beside the tree, not in it.

mod bridge;
mod build;
mod expressions;
mod grammar;
mod kind;
mod parser;
mod signatures;
mod statements;

use std::sync::Arc;

pub use kind::{Kind, Op, Role};

use crate::text::Span;

/// The tree of a part of a text. Nodes are stored in preorder.
#[derive(Clone, Debug)]
pub struct Syntax {
    text: Arc<str>,
    /// What offsets in the tree have to be lowered by to be offsets in `text`.
    shift: usize,
    nodes: Vec<NodeData>,
    comments: Vec<Span>,
    errors: usize,
    too_deep: bool,
}

#[derive(Clone, Copy, Debug)]
struct NodeData {
    kind: Kind,
    op: Op,
    role: Role,
    start: u32,
    end: u32,
    parent: u32,
    /// One past the last node of the subtree.
    after: u32,
}

/// A node's place in its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

impl NodeId {
    /// The place in preorder, from 0: an index for tables beside the tree.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl Syntax {
    /// Parses the declarations, or for patterns any top-level text, in `within`. Offsets in the
    /// tree are offsets in `text`.
    pub fn parse(text: &Arc<str>, within: Span) -> Self {
        match parser::parse(text, within) {
            Ok((mut nodes, mut comments)) => {
                nodes.shrink_to_fit();
                comments.shrink_to_fit();
                Self { text: text.clone(), shift: 0, nodes, comments, errors: 0, too_deep: false }
            }
            Err(parser::Unparsed) => build::parse(text, within),
        }
    }

    /// Parses what is left of a text: offsets in the tree are those in the whole text, `shift`
    /// above those in `text`.
    #[allow(clippy::cast_possible_truncation, reason = "files of 4 GiB and more are not read")]
    pub(super) fn parse_shifted(text: &Arc<str>, within: Span, shift: usize) -> Self {
        let mut syntax = Self::parse(text, within);
        syntax.shift = shift;
        for node in &mut syntax.nodes {
            node.start += shift as u32;
            node.end += shift as u32;
        }
        for comment in &mut syntax.comments {
            *comment = Span::new(comment.start + shift, comment.end + shift);
        }
        syntax
    }

    /// The node that holds all others. Its kind is [`Kind::File`].
    pub fn root(&self) -> Node<'_> {
        Node { syntax: self, id: 0 }
    }

    /// The node at `id`, which must come from this tree.
    pub fn node(&self, id: NodeId) -> Node<'_> {
        Node { syntax: self, id: id.0 }
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether the text held nothing.
    pub fn is_empty(&self) -> bool {
        self.nodes.len() <= 1
    }

    /// The comments, by ascending offset.
    pub fn comments(&self) -> &[Span] {
        &self.comments
    }

    /// How many places could not be parsed.
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// Whether some of these places are only too deep inside of others to be looked at.
    pub fn is_too_deep(&self) -> bool {
        self.too_deep
    }

    /// Where the first of these places begins.
    pub fn first_error(&self) -> Option<usize> {
        let node = || self.iter().find(|node| node.kind() == Kind::Error);
        (self.errors > 0).then(|| node().unwrap_or_else(|| self.root()).span().start)
    }

    /// The text that the offsets speak of, where it is all there.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// All nodes in preorder.
    pub fn iter(&self) -> impl Iterator<Item = Node<'_>> {
        (0..u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)).map(|id| Node { syntax: self, id })
    }

    /// The innermost node that covers `span`.
    pub fn covering(&self, span: Span) -> Node<'_> {
        let mut node = self.root();
        while let Some(child) = node.children().find(|c| c.span().contains(span)) {
            node = child;
        }
        node
    }
}

/// A node of a tree.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    syntax: &'t Syntax,
    id: u32,
}

impl<'t> Node<'t> {
    fn data(self) -> &'t NodeData {
        &self.syntax.nodes[self.id as usize]
    }

    /// The place in the tree.
    pub fn id(self) -> NodeId {
        NodeId(self.id)
    }

    /// The tree.
    pub fn syntax(self) -> &'t Syntax {
        self.syntax
    }

    /// What the node is.
    pub fn kind(self) -> Kind {
        self.data().kind
    }

    /// The operator, keyword or sort of literal that tells nodes of one kind apart.
    pub fn op(self) -> Op {
        self.data().op
    }

    /// What the node is to its parent.
    pub fn role(self) -> Role {
        self.data().role
    }

    /// Where the node stands.
    pub fn span(self) -> Span {
        Span { start: self.data().start as usize, end: self.data().end as usize }
    }

    /// The source text of the node.
    pub fn text(self) -> &'t str {
        let (span, shift) = (self.span(), self.syntax.shift);
        &self.syntax.text[span.start - shift..span.end - shift]
    }

    /// The parent; none for the root.
    pub fn parent(self) -> Option<Node<'t>> {
        (self.id != 0).then(|| Node { syntax: self.syntax, id: self.data().parent })
    }

    /// The parents from the nearest to the root.
    pub fn ancestors(self) -> impl Iterator<Item = Node<'t>> {
        std::iter::successors(self.parent(), |n| n.parent())
    }

    /// The children, in the order of the text.
    pub fn children(self) -> Children<'t> {
        Children { syntax: self.syntax, next: self.id + 1, end: self.data().after }
    }

    /// The first child with `role`.
    pub fn child(self, role: Role) -> Option<Node<'t>> {
        self.children().find(|c| c.role() == role)
    }

    /// The node and all below it, in preorder.
    pub fn subtree(self) -> impl Iterator<Item = Node<'t>> {
        let syntax = self.syntax;
        (self.id..self.data().after).map(move |id| Node { syntax, id })
    }

    /// Whether `other` is this node or below it.
    pub fn holds(self, other: Node<'_>) -> bool {
        self.id <= other.id && other.id < self.data().after
    }

    /// The node without the parentheses around it.
    #[must_use]
    pub fn unparenthesized(self) -> Node<'t> {
        let mut node = self;
        while node.kind() == Kind::Paren {
            match node.children().next() {
                Some(inner) => node = inner,
                None => break,
            }
        }
        node
    }

    /// The node with the parentheses around it.
    #[must_use]
    pub fn parenthesized(self) -> Node<'t> {
        let mut node = self;
        while let Some(paren) = node.parent().filter(|parent| parent.kind() == Kind::Paren) {
            node = paren;
        }
        node
    }

    /// The innermost function, declared or literal, around the node.
    pub fn function(self) -> Option<Node<'t>> {
        self.ancestors().find(|outer| outer.kind().is_function())
    }

    /// Whether a part of the node could not be parsed.
    pub fn has_error(self) -> bool {
        self.syntax.errors > 0 && self.subtree().any(|n| n.kind() == Kind::Error)
    }
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && std::ptr::eq(self.syntax, other.syntax)
    }
}

impl Eq for Node<'_> {}

impl std::fmt::Debug for Node<'_> {
    /// An indented listing of the subtree, as tests compare it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        fn show(node: Node<'_>, depth: usize, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "{:1$}", "", depth * 2)?;
            if node.role() != Role::None {
                write!(f, "{:?}: ", node.role())?;
            }
            write!(f, "{:?}", node.kind())?;
            if node.op() != Op::None {
                write!(f, " {:?}", node.op())?;
            }
            if node.children().next().is_none() {
                write!(f, " {:?}", node.text())?;
            }
            writeln!(f)?;
            node.children().try_for_each(|child| show(child, depth + 1, f))
        }
        show(*self, 0, f)
    }
}

/// The children of a node.
#[derive(Clone)]
pub struct Children<'t> {
    syntax: &'t Syntax,
    next: u32,
    end: u32,
}

impl<'t> Iterator for Children<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        if self.next >= self.end {
            return None;
        }
        let node = Node { syntax: self.syntax, id: self.next };
        self.next = node.data().after;
        Some(node)
    }
}

#[cfg(test)]
mod tests;
