//! What metavariables capture, and when two pieces of code are the same.

use super::{Matcher, MissReason, Outcome};
use crate::engine::bindings::{Bindings, Capture};
use crate::engine::names::may_be_package;
use crate::go::scope::ObjectId;
use crate::go::syntax::{Kind, Node};
use crate::rule::metavariable::MetaId;
use crate::rule::pattern::Pattern;

impl Matcher<'_, '_> {
    pub(super) fn capture(
        &mut self,
        pattern: &Pattern,
        p: Node<'_>,
        id: Option<MetaId>,
        s: Node<'_>,
        b: &mut Bindings,
    ) -> Outcome {
        if s.kind() == Kind::Error {
            return Self::miss(pattern, p, s, MissReason::Different);
        }
        let may_be = id.is_some_and(|id| self.packages_allowed.contains(&id));
        if !may_be && may_be_package(s) && self.names.import_of(self.part, s).is_some() {
            return Self::miss(pattern, p, s, MissReason::Package);
        }
        let Some(id) = id else { return Ok(()) };
        if let Some(bound) = self.bound_beside(id) {
            let same = matches!(bound[..], [only] if self.same(only, s));
            return if same { Ok(()) } else { Self::miss(pattern, p, s, MissReason::Unequal) };
        }
        if let Some(bound) = b.get(id) {
            let first = bound.nodes.first().map(|&n| s.syntax().node(n));
            let same = bound.nodes.len() == 1 && first.is_some_and(|f| self.same(f, s));
            return if same { Ok(()) } else { Self::miss(pattern, p, s, MissReason::Unequal) };
        }
        b.bind(id, Capture::one(s));
        Ok(())
    }

    /// The local object that a name stands for, and whether it is one of the other declaration.
    pub(super) fn object(&self, name: Node<'_>) -> Option<(bool, ObjectId)> {
        let elsewhere = self.beside.map(|(_, part)| part).filter(|part| {
            !std::ptr::eq(*part, self.part) && std::ptr::eq(part.syntax(), name.syntax())
        });
        let scopes = elsewhere.unwrap_or(self.part).scopes();
        Some((elsewhere.is_some(), scopes.object_of(name.id())?))
    }

    /// Whether two pieces are the same code: the same tokens, and the same objects.
    pub fn same(&self, a: Node<'_>, b: Node<'_>) -> bool {
        let (a, b) = (a.unparenthesized(), b.unparenthesized());
        let same_node = a.kind() == b.kind() && a.op() == b.op();
        if !same_node {
            return false;
        }
        let mut left = a.children();
        let mut right = b.children();
        let (mut first, mut second) = (left.next(), right.next());
        if first.is_none() && second.is_none() {
            return a.text() == b.text()
                && (a.kind() != Kind::Ident || self.object(a) == self.object(b));
        }
        while let (Some(x), Some(y)) = (first, second) {
            if x.role() != y.role() || !self.same(x, y) {
                return false;
            }
            (first, second) = (left.next(), right.next());
        }
        first.is_none() && second.is_none()
    }
}
