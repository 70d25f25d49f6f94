//! The results of functions in a template. Comes in: the template as a pattern. Goes out: which of
//! its parentheses stand around results that may turn out to be none, or a single type.

use super::{Shift, TemplateToken};
use crate::go::syntax::{Kind, Node, Role};
use crate::rule::metavariable::MetaId;
use crate::rule::pattern::{Atom, Pattern};

/// Results in parentheses, with `$$$` among them.
#[derive(Clone, Debug)]
pub struct Results {
    /// The offsets of the parentheses in the text of the template.
    pub parentheses: [usize; 2],
    /// The metavariables that stand for any number of results.
    pub runs: Vec<MetaId>,
    /// How many results the template says.
    pub said: usize,
    /// Whether these have names.
    pub has_names: bool,
}

/// All results of a template that may be fewer than two.
pub(super) fn results(pattern: &Pattern, tokens: &[TemplateToken], shift: &Shift) -> Vec<Results> {
    let lists = pattern.nodes().flat_map(Node::subtree);
    let lists = lists.filter(|n| n.role() == Role::Results && n.kind() == Kind::Params);
    let token_at = |framed: usize| {
        let at = tokens.iter().map(|token| token.at);
        at.into_iter().find(|at| shift.of(*at) == framed)
    };
    let found = lists.filter_map(|list| {
        let open = token_at(list.span().start)?;
        let close = token_at(list.span().end.checked_sub(1)?)?;
        let mut found =
            Results { parentheses: [open, close], runs: Vec::new(), said: 0, has_names: false };
        for field in list.children() {
            if let Some(id) = run(pattern, field) {
                found.runs.push(id);
            } else {
                found.said += 1;
                found.has_names |= field.child(Role::Name).is_some();
            }
        }
        (!found.runs.is_empty()).then_some(found)
    });
    found.collect()
}

/// The metavariable that a result is if it stands for any number of them.
fn run(pattern: &Pattern, field: Node<'_>) -> Option<MetaId> {
    let mut inside = std::iter::once(field).chain(field.subtree());
    inside.find_map(|node| match pattern.atom(node) {
        Atom::Many(id) => id,
        _ => None,
    })
}
