//! The type of an expression where it stands: untyped constants are converted, generic functions
//! instantiated, comma-ok forms have two values.

use super::checker::Checker;
use super::model::{Basic, Type};
use super::unit::Cx;
use super::untyped::Use;
use crate::go::scope::NameUse;
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
            None if raw.is_unknown() => raw,
            None => match self.comma_ok(cx, node) {
                Some(Type::Unknown(why)) => Type::Unknown(why),
                Some(ok) => Type::tuple(vec![raw, ok]),
                None => raw,
            },
        }
    }

    fn is_callee_of_builtin(&self, cx: Cx<'_>, node: Node<'_>) -> bool {
        node.role() == Role::Fun && self.builtin_of(cx, node).is_some()
    }

    /// The type of the second value of `v, ok := m[k]` and its like; none where `node` has one
    /// value.
    fn comma_ok(&self, cx: Cx<'_>, node: Node<'_>) -> Option<Type> {
        let inner = node.unparenthesized();
        let may = match inner.kind() {
            Kind::TypeAssert | Kind::Index => true,
            Kind::Unary => inner.op() == Op::Arrow,
            _ => false,
        };
        if !may {
            return None;
        }
        let list = node.parenthesized().parent().filter(|p| p.kind() == Kind::ExprList)?;
        let owner = list.parent()?;
        let names = match (owner.kind(), list.role()) {
            (Kind::Assign, Role::Rhs) => owner.child(Role::Lhs)?,
            (Kind::ValueSpec, _) => owner.child(Role::Name)?,
            _ => return None,
        };
        let mut names = names.children();
        let (Some(_), Some(ok), None) = (names.next(), names.next(), names.next()) else {
            return None;
        };
        let one = list.children().count() == 1;
        if !one || inner.kind() == Kind::Index && !self.is_map_index(cx, inner) {
            return None;
        }
        let bool = Basic::UntypedBool;
        let target = match owner.child(Role::Type) {
            Some(ty) => Some(self.type_expr(cx, ty)),
            None if owner.kind() == Kind::Assign && ok.text() != "_" && !is_new(cx, ok) => {
                Some(self.expr(cx, ok))
            }
            None => None,
        };
        Some(match target {
            Some(target) => self.converted(cx, ok, bool, target),
            None => Type::Basic(bool.default()),
        })
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

/// Whether a short declaration declares `name` rather than assign to it.
pub(super) fn is_new(cx: Cx<'_>, name: Node<'_>) -> bool {
    match cx.part.scopes().name_use(name.id()) {
        NameUse::Declares(id) => cx.part.scopes().object(id).ident == name.id(),
        _ => false,
    }
}
