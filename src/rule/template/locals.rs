//! Names that a template declares and uses. Comes in: the template as a pattern. Goes out: where it
//! says them, as tokens and as nodes, and the template with other names in their places.

use super::{Piece, Shift, Template, TemplateToken};
use crate::go::syntax::{Node, NodeId};
use crate::rule::pattern::Pattern;

/// A name that a template declares and uses.
#[derive(Clone, Debug)]
pub struct Local {
    /// The name.
    pub name: String,
    /// Offsets of its tokens in the text of the template.
    places: Vec<usize>,
    /// Its nodes in the template as a pattern.
    nodes: Vec<NodeId>,
}

/// The names that are declared and used, by the pattern that was read and the one that is kept.
pub(super) fn locals(
    read: &Pattern,
    kept: &Pattern,
    tokens: &[TemplateToken],
    shift: &Shift,
) -> Vec<Local> {
    let kept = kept.locals();
    let starts: Vec<(NodeId, usize)> =
        read.nodes().flat_map(Node::subtree).map(|n| (n.id(), n.span().start)).collect();
    let found = read.locals().into_iter().filter_map(|local| {
        let start = |node: &NodeId| starts.iter().find(|(id, _)| id == node).map(|(_, at)| *at);
        let token = |framed: usize| tokens.iter().map(|t| t.at).find(|at| shift.of(*at) == framed);
        let places = local.nodes.iter().map(|node| token(start(node)?)).collect::<Option<_>>()?;
        let nodes = kept.iter().find(|other| other.name == local.name)?.nodes.clone();
        Some(Local { name: local.name, places, nodes })
    });
    found.collect()
}

impl Template {
    /// The names that the template declares and uses: others would do as well.
    pub fn locals(&self) -> &[Local] {
        &self.locals
    }

    /// The index of the name in [`Self::locals`] that a node of the pattern is.
    pub fn local_at(&self, node: NodeId) -> Option<usize> {
        self.locals.iter().position(|local| local.nodes.contains(&node))
    }

    /// The template with other names: pairs of one of its own and a new one.
    #[must_use]
    pub fn with_names(&self, names: &[(String, String)]) -> Template {
        let mut named = self.clone();
        for (old, new) in names {
            let Some(local) = self.locals.iter().find(|local| local.name == *old) else { continue };
            let is_said = |token: &&mut TemplateToken| local.places.contains(&token.at);
            for token in named.tokens.iter_mut().filter(is_said) {
                token.piece = Piece::Text(new.clone());
            }
        }
        named
    }

    /// All names that it says, whatever they mean.
    pub fn names_said(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().filter_map(|token| match &token.piece {
            Piece::Text(text) => Some(text.as_str()),
            _ => None,
        })
    }
}
