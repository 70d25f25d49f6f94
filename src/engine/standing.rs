//! Whether what a template makes can stand where the match stands. Comes in: a match and its
//! template. Goes out: the reason why a person has to look, if there is one: the new form would be
//! assigned to and cannot be, it would stand alone and is no statement, or it would evaluate
//! something twice that was evaluated once.

use std::collections::BTreeMap;

use super::fix::ReviewReason;
use super::search::Match;
use crate::go::source::Part;
use crate::go::syntax::{Kind, Node, Op, Role};
use crate::rule::compiled::Rewrite;
use crate::rule::metavariable::MetaId;
use crate::rule::pattern::{Atom, Pattern};
use crate::rule::template::{Piece, Template};
use crate::text::layout::on_one_line;

/// What speaks against the fix. `is_pure` says whether evaluating something twice is as good as
/// once.
pub(super) fn against(
    found: &Match,
    part: &Part,
    (rewrite, template): (&Rewrite, &Template),
    is_pure: &dyn Fn(Node<'_>) -> bool,
) -> Option<ReviewReason> {
    let pattern = &rewrite.search.pattern;
    let node = part.syntax().node(found.node);
    let form = new_form(found, part, template).filter(|_| node.kind().is_expr());
    let misplaced = form.and_then(|form| misplaced(node, form));
    misplaced.or_else(|| evaluated_twice(found, part, pattern, template, is_pure))
}

/// The expression that the template makes; where it is all one capture, what was captured.
fn new_form<'a>(found: &Match, part: &'a Part, template: &'a Template) -> Option<Node<'a>> {
    let pattern = template.as_pattern()?;
    let root = pattern.first().unparenthesized();
    match pattern.atom(root) {
        Atom::One(Some(id)) => {
            let captured = *found.bindings.get(id)?.nodes.first()?;
            Some(part.syntax().node(captured).unparenthesized())
        }
        _ => Some(root),
    }
}

fn misplaced(node: Node<'_>, form: Node<'_>) -> Option<ReviewReason> {
    let parent = node.parenthesized().parent()?;
    let variable = matches!(form.kind(), Kind::Ident | Kind::Selector | Kind::Index | Kind::Star);
    let assigned = parent.role() == Role::Lhs;
    let fits = match parent.kind() {
        _ if assigned => variable || parent.parent().is_none_or(|p| p.op() == Op::Define),
        Kind::IncDec => variable,
        Kind::Unary if parent.op() == Op::And => variable || form.kind() == Kind::CompositeLit,
        Kind::ExprStmt => {
            let receives = form.kind() == Kind::Unary && form.op() == Op::Arrow;
            return (form.kind() != Kind::Call && !receives).then_some(ReviewReason::NoStatement);
        }
        Kind::Go | Kind::Defer => {
            return (form.kind() != Kind::Call).then_some(ReviewReason::NoStatement);
        }
        _ => true,
    };
    (!fits).then_some(ReviewReason::NotAssignable)
}

fn evaluated_twice(
    found: &Match,
    part: &Part,
    pattern: &Pattern,
    template: &Template,
    is_pure: &dyn Fn(Node<'_>) -> bool,
) -> Option<ReviewReason> {
    let mut times: BTreeMap<MetaId, usize> = BTreeMap::new();
    for token in template.tokens() {
        if let Piece::Capture { id, .. } = token.piece {
            *times.entry(id).or_default() += 1;
        }
    }
    times.retain(|_, times| *times > 1);
    let said = |id: MetaId| {
        let nodes = pattern.nodes().flat_map(Node::subtree);
        nodes
            .filter(
                |&n| matches!(pattern.atom(n), Atom::One(Some(i)) | Atom::Many(Some(i)) if i == id),
            )
            .count()
    };
    times.into_iter().find_map(|(id, times)| {
        let capture = found.bindings.get(id).filter(|_| times > said(id))?;
        let mut nodes = capture.nodes.iter().map(|&node| part.syntax().node(node));
        let twice = nodes.find(|&n| n.kind().is_expr() && does_something(n) && !is_pure(n))?;
        Some(ReviewReason::EvaluatedTwice(on_one_line(twice.text())))
    })
}

/// Whether evaluating the expression can do more than give a value, going by its form alone: the
/// body of a function that is only mentioned does nothing.
fn does_something(node: Node<'_>) -> bool {
    match node.kind() {
        Kind::Call => true,
        Kind::FuncLit => false,
        Kind::Unary if node.op() == Op::Arrow => true,
        _ => node.children().any(does_something),
    }
}
