//! Which expressions are constant, whether or not their values are computed (Go specification,
//! "Constant expressions", "Length and capacity", "Size and alignment guarantees").

use super::checker::Checker;
use super::model::{Basic, Type};
use super::names::Entity;
use super::unit::Cx;
use super::universe::{Builtin, Universe};
use crate::go::packages::NameKind;
use crate::go::scope::ObjectKind;
use crate::go::syntax::{Kind, Node, Op, Role};

impl Checker<'_> {
    /// Whether `node` is a constant expression, computed or not.
    pub(super) fn is_constant(&self, cx: Cx<'_>, node: Node<'_>) -> bool {
        let mut node = node;
        loop {
            match node.kind() {
                Kind::BasicLit => return true,
                Kind::Paren | Kind::Unary => match node.children().next() {
                    Some(inner) if !matches!(node.op(), Op::And | Op::Arrow) => node = inner,
                    _ => return false,
                },
                Kind::Ident | Kind::Selector => return self.is_constant_name(cx, node),
                Kind::Binary => match (node.child(Role::X), node.child(Role::Y)) {
                    (Some(x), Some(y)) if self.is_constant(cx, y) => node = x,
                    _ => return false,
                },
                Kind::Call => return self.is_constant_call(cx, node),
                _ => return false,
            }
        }
    }

    fn is_constant_name(&self, cx: Cx<'_>, node: Node<'_>) -> bool {
        match self.denoted(cx, node) {
            Some(Entity::Universe(Universe::Bool | Universe::Iota)) => true,
            Some(Entity::Local(id)) => cx.part.scopes().object(id).kind == ObjectKind::Const,
            Some(Entity::Global(_, sites)) => sites.iter().all(|s| s.kind == NameKind::Const),
            _ => false,
        }
    }

    fn is_constant_call(&self, cx: Cx<'_>, node: Node<'_>) -> bool {
        let Some(fun) = node.child(Role::Fun) else { return false };
        let mut args = super::calls::args(node);
        match self.builtin_of(cx, fun) {
            // Not where the size depends on a type argument.
            Some(Builtin::Size) => !args.any(|arg| self.has_variable_size(cx, arg)),
            Some(Builtin::Len | Builtin::Cap) => {
                args.all(|arg| self.is_constant(cx, arg) || self.array_length(cx, arg).is_some())
            }
            Some(
                Builtin::Min | Builtin::Max | Builtin::Real | Builtin::Imag | Builtin::Complex,
            ) => args.all(|arg| self.is_constant(cx, arg)),
            Some(_) => false,
            None => {
                self.is_type(cx, fun) == Some(true)
                    && args.all(|arg| self.is_constant(cx, arg))
                    && matches!(
                        self.underlying(cx, fun, &self.type_expr(cx, fun)),
                        Type::Basic(b) if b != Basic::UnsafePointer
                    )
            }
        }
    }

    fn has_variable_size(&self, cx: Cx<'_>, arg: Node<'_>) -> bool {
        let ty = self.expr(cx, arg);
        self.varies(cx, arg, &ty, 0)
    }

    fn varies(&self, cx: Cx<'_>, node: Node<'_>, ty: &Type, depth: usize) -> bool {
        match ty {
            _ if depth > 20 => true,
            Type::Param(_) => true,
            Type::Array(_, of) => self.varies(cx, node, of, depth + 1),
            Type::Named(named) if !named.args.is_empty() => {
                let under = self.underlying(cx, node, ty);
                self.varies(cx, node, &under, depth + 1)
            }
            Type::Struct(fields) => {
                let mut types = fields.fields.iter().map(|f| self.force(&f.ty));
                types.any(|ty| self.varies(cx, node, &ty, depth + 1))
            }
            _ => false,
        }
    }
}
