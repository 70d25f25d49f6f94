//! Names that a block declares more than once, which Go refuses, and predeclared ones that code has
//! declared. Comes in: a declaration before and after a fix. Goes out: a name for which that is new.

use std::collections::{BTreeMap, BTreeSet};

use super::names::FileNames;
use super::render::{Chunk, Rendered};
use crate::go::lex::{Lexer, TokenKind};
use crate::go::predeclared::is_predeclared;
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
        n.kind().is_function()
            || matches!(
                n.kind(),
                Kind::Block
                    | Kind::If
                    | Kind::For
                    | Kind::Range
                    | Kind::Switch
                    | Kind::TypeSwitch
                    | Kind::CaseClause
                    | Kind::CommClause
            )
    };
    let block = name.ancestors().find(is_block)?;
    let function = block.parent().filter(|outer| outer.kind().is_function());
    Some(function.filter(|_| block.kind() == Kind::Block).unwrap_or(block).id().index())
}

/// A predeclared name that the template writes and that means something else at the site: `any` where
/// the package has a type of that name, `len` behind `len := 1`.
pub(super) fn redeclared(
    part: &Part,
    names: &FileNames<'_>,
    rendered: &Rendered,
) -> Option<String> {
    let means_another = |name: &str, at: usize| {
        is_predeclared(name)
            && (part.scopes().lookup(name, at).is_some() || names.package_declares(name))
    };
    let text = part.syntax().text();
    rendered.replacements.iter().find_map(|replacement| {
        let start = replacement.span.start;
        let mut selected = text[..start].trim_end().ends_with('.');
        replacement.chunks.iter().find_map(|chunk| {
            let (code, is_new) = match chunk {
                Chunk::Text(text) => (text.as_str(), true),
                Chunk::Source { span, .. } => (span.of(text), false),
            };
            let found = Lexer::all(code).find(|token| {
                let name = token.span.of(code);
                let is_member = std::mem::replace(&mut selected, name == ".");
                is_new && !is_member && token.kind == TokenKind::Ident && means_another(name, start)
            });
            found.map(|token| token.span.of(code).to_owned())
        })
    })
}
