//! Literals without keys, which give a field a value and do not name it. Comes in: a file, a rule and
//! the places where the name of the field's type stands, or of one that is made of it. Goes out:
//! those of that type, for a person.

use super::field::{Change, FieldUse};
use super::fix::ReviewReason;
use super::names::FileNames;
use super::typed::{Answer, Typed};
use crate::go::outline::DeclKind;
use crate::go::syntax::{Kind, Node, Role};
use crate::go::types::{Member, Shape};
use crate::rule::compiled::{FieldRule, RuleSet};

/// Literals of the field's type without keys, in the declarations in which a name of such a type
/// stands at one of `places`: they give the field a value without naming it.
pub fn unkeyed<'r>(
    names: &FileNames<'_>,
    rules: &RuleSet,
    rule: &FieldRule,
    places: &[usize],
) -> Vec<FieldUse<'r>> {
    let path = names.real_path(&rules.package(rule.package).path);
    let Some(path) = path.as_deref() else { return Vec::new() };
    let of_type = Shape::Named {
        path: path.into(),
        name: Some(rule.owner.as_str().into()),
        args: Vec::new(),
    };
    let shapes = [Shape::Pointer(Box::new(of_type.clone())), of_type];
    let member = Member { path, owner: &rule.owner, name: &rule.from };
    let declared = names.types().and_then(|types| types.declaration(member).ok().flatten());
    let at = declared.map(|declared| declared.at).unwrap_or_default();
    // A type that is defined by the field's has the same fields.
    let has_field = |decl: usize, literal: Node<'_>| {
        names.types().is_some_and(|types| types.has_own_field(decl, literal.id(), &rule.from, &at))
    };
    let file = names.file();
    let mut decls: Vec<usize> = places.iter().filter_map(|&at| file.decl_at(at)).collect();
    decls.retain(|&decl| file.outline().decls[decl].kind != DeclKind::Import);
    decls.dedup();
    let mut found = Vec::new();
    for decl in decls {
        for literal in file.part(decl).syntax().iter().filter(|n| may_lack_keys(*n)) {
            let unsure = match (Typed { names, decl }).has_type(literal, &shapes) {
                Answer::No if has_field(decl, literal) => None,
                Answer::No => continue,
                Answer::Yes => None,
                Answer::Unknown(unsure) => Some(unsure),
            };
            let why = ReviewReason::FieldUse("the literal has no keys");
            found.push(FieldUse { unsure, ..FieldUse::new(literal.span(), Change::Review(why)) });
        }
    }
    found
}

/// Whether a literal has values without keys and may be of a struct.
fn may_lack_keys(literal: Node<'_>) -> bool {
    let first = literal.child(Role::Elements).and_then(|list| list.children().next());
    let of_name = |ty: Node<'_>| matches!(ty.kind(), Kind::Ident | Kind::Selector | Kind::Index);
    literal.kind() == Kind::CompositeLit
        && first.is_some_and(|element| element.kind() != Kind::KeyValue)
        && literal.child(Role::Type).is_none_or(of_name)
}
