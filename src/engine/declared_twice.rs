//! Names that a block declares more than once, which Go refuses. Comes in: a declaration before and
//! after a fix. Goes out: a name for which that is new.

use std::collections::{BTreeMap, BTreeSet};

use crate::go::scope::ObjectKind;
use crate::go::source::Part;
use crate::go::syntax::{Kind, Node};

/// A name that a block of `after` declares twice, and none of `before` does so often.
pub(super) fn newly(before: &Part, after: &Part) -> Option<String> {
    let there = twice(before);
    let new = |(name, times): &(&str, usize)| there.get(name).is_none_or(|before| times > before);
    twice(after).into_iter().find(new).map(|(name, _)| name.to_owned())
}

/// How often each name is declared again in its block.
fn twice(part: &Part) -> BTreeMap<&str, usize> {
    let scopes = part.scopes();
    let mut seen = BTreeSet::new();
    let mut found = BTreeMap::new();
    for id in scopes.objects() {
        let object = scopes.object(id);
        if object.clause.is_some() || object.kind == ObjectKind::TypeParam {
            continue;
        }
        let block = block_of(part.syntax().node(object.ident));
        if !seen.insert((block, scopes.name(id))) {
            *found.entry(scopes.name(id)).or_default() += 1;
        }
    }
    found
}

/// The block that a name is declared in, as an index of its node; parameters share that of the body.
fn block_of(name: Node<'_>) -> Option<usize> {
    let is_block = |n: &Node<'_>| {
        matches!(
            n.kind(),
            Kind::Block
                | Kind::If
                | Kind::For
                | Kind::Range
                | Kind::Switch
                | Kind::TypeSwitch
                | Kind::CaseClause
                | Kind::CommClause
                | Kind::FuncDecl
                | Kind::FuncLit
        )
    };
    let block = name.ancestors().find(is_block)?;
    let function = block.parent().filter(|p| matches!(p.kind(), Kind::FuncDecl | Kind::FuncLit));
    Some(function.filter(|_| block.kind() == Kind::Block).unwrap_or(block).id().index())
}
