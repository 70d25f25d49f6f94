//! What `rename` and `field` share: which of the places where a name stands in a file are uses of
//! one field or method. Comes in: an offset, and where the member is declared. Goes out: the
//! identifier, and whether it is such a use.

use super::names::FileNames;
use super::typed::{Answer, Typed};
use crate::go::outline::DeclKind;
use crate::go::scope::NameUse;
use crate::go::source::Part;
use crate::go::syntax::{Kind, Node, Role};
use crate::go::types::{Declared, FileTypes, Fit};
use crate::text::Span;

/// The identifier of `len` bytes at `offset`, with its declaration; none in comments and strings.
pub(super) fn ident_at<'n>(
    names: &FileNames<'n>,
    offset: usize,
    len: usize,
) -> Option<(usize, &'n Part, Node<'n>)> {
    let file = names.file();
    let decl = file.decl_at(offset)?;
    if file.outline().decls[decl].kind == DeclKind::Import {
        return None;
    }
    let part = file.part(decl);
    let span = Span::new(offset, offset + len);
    let node = part.syntax().covering(span);
    (node.kind() == Kind::Ident && node.span() == span).then_some((decl, part, node))
}

/// Whether `node` stands for the member that is declared at one of `at`; `owner` is its type, by
/// package and name.
pub(super) fn is_member(
    names: &FileNames<'_>,
    (decl, part): (usize, &Part),
    node: Node<'_>,
    owner: (&str, &str),
    at: &[Declared],
) -> Answer {
    let name_use = part.scopes().name_use(node.id());
    let of_package = || qualifier_of(node).is_some_and(|x| names.import_of(part, x).is_some());
    if !matches!(name_use, NameUse::Member | NameUse::Key(_)) || of_package() {
        return Answer::No;
    }
    let ask = |types: &FileTypes<'_>| types.names_one_of(decl, node.id(), at);
    ask_unless_out_of_reach(names, decl, node, owner, &ask)
}

/// The answer about `node`; no instead of unknown where nothing that the file's package reaches
/// declares what is asked for.
pub(super) fn ask_unless_out_of_reach(
    names: &FileNames<'_>,
    decl: usize,
    node: Node<'_>,
    (path, declares): (&str, &str),
    ask: &dyn Fn(&FileTypes<'_>) -> Fit,
) -> Answer {
    Typed { names, decl }.asked(node, &|types| match ask(types) {
        Fit::Unknown(_) if types.lacks(path, Some(declares)) => Fit::No,
        fit => fit,
    })
}

/// The name before the dot, if `node` is behind one.
pub(super) fn qualifier_of(node: Node<'_>) -> Option<Node<'_>> {
    let selector = node.parent().filter(|p| p.kind() == Kind::Selector)?;
    selector.child(Role::X).filter(|x| node.role() == Role::Sel && x.kind() == Kind::Ident)
}
