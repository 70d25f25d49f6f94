//! Brackets of a template that are not printed at a site: the parentheses of a group that has one
//! declaration there, and those of results where there is none, or one without a name.

use crate::engine::matcher::run_variable;
use crate::engine::search::{Match, is_grouped};
use crate::go::source::Part;
use crate::go::syntax::{Kind, Node, Role};
use crate::rule::metavariable::MetaId;
use crate::rule::pattern::Pattern;
use crate::rule::template::{Piece, Results, Template};

/// The brackets that are not printed, as tokens of the template.
pub(super) struct Unprinted {
    /// The parenthesis that closes a group; the second token opens it.
    group: Option<usize>,
    results: Vec<usize>,
}

impl Unprinted {
    pub(super) fn of(found: &Match, part: &Part, template: &Template, in_group: bool) -> Self {
        let node = part.syntax().node(found.node);
        let site = Site { found, node };
        let group = template.as_pattern().filter(|pattern| site.has_one_spec(pattern));
        let group = group.filter(|_| in_group || !is_grouped(node));
        let results = template.results().iter().filter(|list| site.need_no_parentheses(list));
        Self {
            group: group.map(|_| template.tokens().len() - 1),
            results: results.flat_map(|list| list.parentheses).collect(),
        }
    }

    pub(super) fn is_group(&self) -> bool {
        self.group.is_some()
    }

    /// Whether the token is a parenthesis of the group, or the line end before the last one.
    pub(super) fn group_has(&self, at: usize, piece: &Piece) -> bool {
        self.group.is_some_and(|close| {
            at == 1 || at == close || (at + 1 == close && *piece == Piece::Semicolon)
        })
    }

    /// Whether the token, by its offset in the text of the template, is another bracket.
    pub(super) fn has(&self, offset: usize) -> bool {
        self.results.contains(&offset)
    }
}

struct Site<'a> {
    found: &'a Match,
    node: Node<'a>,
}

impl Site<'_> {
    /// How many elements `$$$` stands for.
    fn len(&self, id: Option<MetaId>) -> usize {
        id.and_then(|id| self.found.bindings.get(id)).map_or(0, |capture| capture.nodes.len())
    }

    /// Whether the template is a group of specs, of which one is printed.
    fn has_one_spec(&self, pattern: &Pattern) -> bool {
        let decl = pattern.first();
        let specs = decl.child(Role::Specs).into_iter().flat_map(Node::children);
        let printed = specs.map(|spec| run_variable(pattern, spec).map_or(1, |id| self.len(id)));
        is_grouped(decl) && printed.sum::<usize>() == 1
    }

    /// Whether the results have nothing in them at this site, or one type alone.
    fn need_no_parentheses(&self, list: &Results) -> bool {
        let printed = list.said + list.runs.iter().map(|id| self.len(Some(*id))).sum::<usize>();
        let has_name = |id: &MetaId| {
            let nodes = self.found.bindings.get(*id).map(|capture| capture.nodes.as_slice());
            nodes.into_iter().flatten().any(|&node| {
                let field = self.node.syntax().node(node);
                field.kind() == Kind::Field && field.child(Role::Name).is_some()
            })
        };
        printed == 0 || (printed == 1 && !list.has_names && !list.runs.iter().any(has_name))
    }
}
