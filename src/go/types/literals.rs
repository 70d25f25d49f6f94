//! Composite literals (Go specification, "Composite literals"): their types, written or left out,
//! and what their keys are.

use std::sync::Arc;

use super::checker::Checker;
use super::model::{Reason, Type};
use super::unit::Cx;
use crate::go::syntax::{Kind, Node, Op, Role};

impl Checker<'_> {
    /// Whether a key of a composite literal names a field; none where its type is not known.
    pub(super) fn key_is_field(&self, cx: Cx<'_>, key: Node<'_>) -> Option<bool> {
        let literal = key.ancestors().find(|a| a.kind() == Kind::CompositeLit)?;
        let ty = match self.expr(cx, literal) {
            Type::Pointer(to) => (*to).clone(),
            other => other,
        };
        let variants = match &ty {
            Type::Named(named) => self.underlying_variants(cx, literal, named),
            _ => vec![self.core(cx, literal, &ty)],
        };
        let structs = variants.iter().filter(|v| matches!(v, Type::Struct(_))).count();
        let unknown = variants.iter().any(Type::is_unknown);
        (!unknown && (structs == 0 || structs == variants.len())).then_some(structs > 0)
    }

    /// What stands under the type of a composite literal.
    pub(super) fn literal_underlying(&self, cx: Cx<'_>, literal: Node<'_>) -> Type {
        let ty = self.expr(cx, literal);
        match self.core(cx, literal, &ty) {
            // An elided `&T`.
            Type::Pointer(to) if literal.child(Role::Type).is_none() => self.core(cx, literal, &to),
            other => other,
        }
    }

    pub(super) fn literal_type(&self, cx: Cx<'_>, node: Node<'_>) -> Type {
        let Some(ty) = node.child(Role::Type) else { return self.elided_type(cx, node) };
        if ty.kind() == Kind::ArrayType && ty.op() == Op::Ellipsis {
            let element = ty.child(Role::Type).or_else(|| ty.children().last());
            return match (element, self.literal_length(cx, node)) {
                (Some(element), Some(n)) => Type::Array(n, Arc::new(self.type_expr(cx, element))),
                _ => self.unknown(cx, ty, Reason::Constant),
            };
        }
        self.type_expr(cx, ty)
    }

    /// The length of a `[...]T{…}`: one more than the highest index.
    fn literal_length(&self, cx: Cx<'_>, literal: Node<'_>) -> Option<u64> {
        let (mut next, mut length) = (0u64, 0u64);
        for element in literal.child(Role::Elements)?.children() {
            if element.kind() == Kind::KeyValue {
                next = self.constant(cx, element.child(Role::Key)?)?.as_length()?;
            }
            next += 1;
            length = length.max(next);
        }
        Some(length)
    }

    /// The type of a literal without one: the element or key type of the literal around it.
    fn elided_type(&self, cx: Cx<'_>, node: Node<'_>) -> Type {
        let Some(outer) = node.ancestors().find(|a| a.kind() == Kind::CompositeLit) else {
            return self.unknown(cx, node, Reason::Invalid);
        };
        let is_key = node.role() == Role::Key;
        match self.literal_underlying(cx, outer) {
            Type::Array(_, element) | Type::Slice(element) if !is_key => (*element).clone(),
            Type::Map(map) => {
                if is_key {
                    map.0.clone()
                } else {
                    map.1.clone()
                }
            }
            unknown @ Type::Unknown(_) => unknown,
            _ => self.unknown(cx, node, Reason::Invalid),
        }
    }
}
