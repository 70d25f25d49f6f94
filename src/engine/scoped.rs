//! Values from what is in scope at a match. Comes in: a match and the type that its rule looks for.
//! Goes out: the nearest variable of that type, bound for the template; or the template for where
//! there is none; or what is not known.
//!
//! Parameters count, and local variables that are declared with a value, those of functions around
//! included; not blank ones, named results, variables without a value, fields, or what the package
//! declares. A name that means another thing at the match does not count.

use std::cmp::Reverse;

use super::bindings::Capture;
use super::fix::{FixStatus, ReviewReason};
use super::names::FileNames;
use super::search::Match;
use super::typed::{Answer, Typed};
use crate::go::scope::{ObjectId, ObjectKind};
use crate::go::source::Part;
use crate::go::syntax::{Kind, Node, Role};
use crate::rule::compiled::{Rewrite, ScopeValue};
use crate::rule::template::Template;

/// The template for a match, in which what it takes from the scope gets bound.
pub(super) fn template<'r>(
    found: &mut Match,
    rewrite: &'r Rewrite,
    names: &FileNames<'_>,
    part: &Part,
    include_unknown: bool,
) -> Result<&'r Template, FixStatus> {
    let Some(scope) = &rewrite.scope else { return Ok(&rewrite.template) };
    let typed = Typed { names, decl: found.decl };
    let values = values(part, found);
    let mut unknown = None;
    for &value in &values {
        match typed.has_type(value, &scope.shapes) {
            Answer::Yes => {
                found.bindings.bind(scope.id, Capture::one(value));
                return Ok(&rewrite.template);
            }
            Answer::No => {}
            Answer::Unknown(unsure) => unknown = unknown.or(Some(unsure)),
        }
    }
    if let Some(unsure) = unknown.filter(|_| !include_unknown) {
        return Err(FixStatus::NeedsReview(ReviewReason::UnknownType(unsure)));
    }
    otherwise(found, scope, &typed, &values)
}

fn otherwise<'r>(
    found: &mut Match,
    scope: &'r ScopeValue,
    typed: &Typed<'_, '_>,
    values: &[Node<'_>],
) -> Result<&'r Template, FixStatus> {
    if let Some(method) = &scope.method {
        let gives =
            |value: &&Node<'_>| typed.gives(**value, &method.name, &scope.shapes) == Answer::Yes;
        if let Some(&value) = values.iter().find(gives) {
            found.bindings.bind(method.id, Capture::one(value));
            return Ok(&method.template);
        }
    }
    let nothing = || ReviewReason::NotInScope(scope.wanted.clone());
    scope.otherwise.as_ref().ok_or_else(|| FixStatus::NeedsReview(nothing()))
}

/// The identifiers that declare what could be meant at the match, the nearest first.
fn values<'p>(part: &'p Part, found: &Match) -> Vec<Node<'p>> {
    let (scopes, at) = (part.scopes(), found.span.start);
    let is_meant = |id: &ObjectId| {
        let object = scopes.object(*id);
        object.clause.is_none()
            && object.scope.contains_offset(at)
            && scopes.lookup(scopes.name(*id), at) == Some(*id)
            && match object.kind {
                ObjectKind::Param => true,
                ObjectKind::Var => has_value(part.syntax().node(object.ident)),
                _ => false,
            }
    };
    let mut meant: Vec<ObjectId> = scopes.objects().filter(is_meant).collect();
    // Sorted stably: of parameters of one function the first one counts.
    meant.sort_by_key(|id| Reverse(scopes.object(*id).scope.start));
    meant.into_iter().map(|id| part.syntax().node(scopes.object(id).ident)).collect()
}

/// Whether the variable that is declared here has a value from the beginning.
fn has_value(ident: Node<'_>) -> bool {
    let spec = ident.ancestors().find(|a| a.kind() == Kind::ValueSpec);
    let of_spec = spec.filter(|spec| {
        spec.child(Role::Name).is_some_and(|names| names.span().contains(ident.span()))
    });
    of_spec.is_none_or(|spec| spec.children().any(|child| child.role() == Role::Value))
}
