//! The type of an expression where it stands: untyped constants are converted, generic functions
//! instantiated, comma-ok forms have two values.

use super::checker::Checker;
use super::model::{Basic, Type};
use super::unit::Cx;
use super::untyped::Use;
use crate::go::syntax::{Kind, Node, Op, Role};

impl Checker<'_> {
    /// The type of `node` where it stands.
    pub(super) fn final_type(&self, cx: Cx<'_>, node: Node<'_>) -> Type {
        let raw = self.expr(cx, node);
        if raw.is_generic_func() && self.is_type(cx, node) != Some(true) {
            return self.instantiated_here(cx, node, raw);
        }
        if raw.is_unknown() && self.is_callee_of_builtin(cx, node) {
            return raw;
        }
        match raw.untyped() {
            Some(Basic::UntypedNil) => raw,
            Some(kind) => match self.use_of(cx, node, kind) {
                Use::Stays(kind) => Type::Basic(kind),
                Use::Default(kind) => Type::Basic(kind.default()),
                Use::To(kind, target) => self.converted(cx, node, kind, target),
            },
            None if self.is_comma_ok(cx, node) && !raw.is_unknown() => {
                Type::tuple(vec![raw, Type::Basic(Basic::Bool)])
            }
            None => raw,
        }
    }

    fn is_callee_of_builtin(&self, cx: Cx<'_>, node: Node<'_>) -> bool {
        node.role() == Role::Fun && self.builtin_of(cx, node).is_some()
    }

    /// Whether `node` has two values here: `v, ok := m[k]` and its like.
    fn is_comma_ok(&self, cx: Cx<'_>, node: Node<'_>) -> bool {
        let inner = node.unparenthesized();
        let may = match inner.kind() {
            Kind::TypeAssert | Kind::Index => true,
            Kind::Unary => inner.op() == Op::Arrow,
            _ => false,
        };
        if !may {
            return false;
        }
        let mut outer = node;
        while let Some(paren) = outer.parent().filter(|p| p.kind() == Kind::Paren) {
            outer = paren;
        }
        let Some(list) = outer.parent().filter(|p| p.kind() == Kind::ExprList) else {
            return false;
        };
        let names = list.parent().and_then(|owner| match (owner.kind(), list.role()) {
            (Kind::Assign, Role::Rhs) => owner.child(Role::Lhs),
            (Kind::ValueSpec, _) => owner.child(Role::Name),
            _ => None,
        });
        let two = names.is_some_and(|n| n.children().count() == 2);
        two && list.children().count() == 1
            && (inner.kind() != Kind::Index || self.is_map_index(cx, inner))
    }

    fn is_map_index(&self, cx: Cx<'_>, index: Node<'_>) -> bool {
        let Some(x) = index.child(Role::X) else { return false };
        let ty = self.expr(cx, x);
        !matches!(self.core(cx, x, &ty), Type::Func(_))
    }

    /// A generic function with the type arguments that its surroundings give it.
    fn instantiated_here(&self, cx: Cx<'_>, node: Node<'_>, raw: Type) -> Type {
        let mut outer = node;
        while let Some(parent) = outer.parent() {
            match (parent.kind(), outer.role()) {
                (Kind::Paren, _) => outer = parent,
                // What brackets stand after is generic still.
                (Kind::Index, Role::X) => return raw,
                (Kind::Call, Role::Fun) => return self.call_signature(cx, parent),
                _ => break,
            }
        }
        let Type::Func(signature) = &raw else { return raw };
        let target = match self.use_of(cx, outer, Basic::UntypedNil) {
            Use::To(_, target) if target.is_unknown() => return target,
            Use::To(_, target) => match self.underlying(cx, node, &target) {
                func @ Type::Func(_) => Some(func),
                _ => None,
            },
            _ => None,
        };
        self.infer_value(cx, node, signature, Vec::new(), target.as_ref())
    }
}
