//! Whether a site is done already. Comes in: a match. Goes out: whether it stands inside what its
//! own rule makes of it, so that running twice changes nothing.

use super::matcher::Matcher;
use super::names::FileNames;
use super::search::Match;
use crate::go::source::Part;
use crate::go::syntax::Node;
use crate::rule::compiled::{Rewrite, RuleSet};
use crate::rule::pattern::Pattern;

/// Whether the match lies in code that the rule's template matches with the same captures.
pub fn is_done(
    found: &Match,
    rewrite: &Rewrite,
    names: &FileNames<'_>,
    part: &Part,
    rules: &RuleSet,
) -> bool {
    let Some(template) = rewrite.template.as_pattern() else { return false };
    let node = part.syntax().node(found.node);
    let levels = depth(template);
    let around = std::iter::once(node).chain(node.ancestors()).take(levels + 1);
    around.flat_map(starts).any(|start| {
        let mut bindings = found.bindings.clone();
        let mut matcher = Matcher::new(names, part, rules);
        let Ok(count) = matcher.run(template, start, &mut bindings) else { return false };
        super::search::run_span(start, count).contains(found.span)
    })
}

/// Where a form that holds `node` may begin: at the node, or at a statement before it.
fn starts(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let listed = node.parent().filter(|p| p.kind().holds_statements());
    let before = listed.into_iter().flat_map(Node::children).take_while(move |n| *n != node);
    before.chain([node])
}

/// How deep the pattern's tree is.
fn depth(pattern: &Pattern) -> usize {
    fn below(node: Node<'_>) -> usize {
        node.children().map(|c| below(c) + 1).max().unwrap_or(0)
    }
    pattern.nodes().map(below).max().unwrap_or(0) + 1
}
