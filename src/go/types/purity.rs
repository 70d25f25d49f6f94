//! Whether an expression may be evaluated twice, or not at all, and nobody can tell. Comes in: an
//! expression. Goes out: yes, no, or unknown where it is not known what is called.

use std::sync::Arc;

use super::FileTypes;
use super::checker::Checker;
use super::model::{Type, Unknown};
use super::shape::Fit;
use super::unit::Cx;
use super::universe::Builtin;
use crate::go::syntax::{Kind, Node, NodeId, Op, Role};

impl FileTypes<'_> {
    /// Whether a call, what it is given aside, does nothing but give a value: a conversion, or a
    /// built-in function such as `len` or `make`.
    pub fn only_gives(&self, decl: usize, call: NodeId) -> Fit {
        self.ask(decl, call, |checker, cx, call| {
            let Some(fun) = call.child(Role::Fun).filter(|_| call.kind() == Kind::Call) else {
                return Fit::No;
            };
            match checker.builtin_of(cx, fun) {
                Some(Builtin::Make | Builtin::New) => Fit::Yes,
                Some(builtin) => Fit::from_bool(is_pure_builtin(builtin)),
                None => Fit::from_bool(checker.is_type(cx, fun) == Some(true)),
            }
        })
    }
}

fn is_pure_builtin(builtin: Builtin) -> bool {
    matches!(
        builtin,
        Builtin::Len
            | Builtin::Cap
            | Builtin::Min
            | Builtin::Max
            | Builtin::Real
            | Builtin::Imag
            | Builtin::Complex
            | Builtin::Size
    )
}

impl Checker<'_> {
    /// Whether evaluating `node` twice is the same as once.
    pub(super) fn is_pure(&self, cx: Cx<'_>, node: Node<'_>) -> Fit {
        let all = |nodes: &mut dyn Iterator<Item = Node<'_>>| {
            nodes.fold(Fit::Yes, |fit, n| fit.and(|| self.is_pure(cx, n)))
        };
        match node.kind() {
            // Two closures, or two slices made of the same elements, are not the same one.
            Kind::FuncLit | Kind::Error => Fit::No,
            Kind::Unary => match (node.op(), node.children().next()) {
                (Op::Arrow, _) | (_, None) => Fit::No,
                (Op::And, Some(x)) if x.unparenthesized().kind() == Kind::CompositeLit => Fit::No,
                (_, Some(x)) => self.is_pure(cx, x),
            },
            Kind::CompositeLit => {
                let under = self.literal_underlying(cx, node);
                match under {
                    Type::Struct(_) | Type::Array(..) => {
                        let elements = node.child(Role::Elements);
                        all(&mut elements.into_iter().flat_map(Node::children))
                    }
                    Type::Unknown(why) => Fit::Unknown(why),
                    _ => Fit::No,
                }
            }
            Kind::Call => self.is_pure_call(cx, node),
            _ => all(&mut node.children()),
        }
    }

    fn is_pure_call(&self, cx: Cx<'_>, call: Node<'_>) -> Fit {
        let Some(fun) = call.child(Role::Fun) else { return Fit::No };
        let args = || {
            super::calls::args(call).fold(Fit::Yes, |fit, arg| fit.and(|| self.is_pure(cx, arg)))
        };
        if let Some(builtin) = self.builtin_of(cx, fun) {
            return if is_pure_builtin(builtin) { args() } else { Fit::No };
        }
        match self.is_type(cx, fun) {
            // `[]byte(s)` makes a new slice each time.
            Some(true) => match self.underlying(cx, fun, &self.type_expr(cx, fun)) {
                Type::Slice(_) => Fit::No,
                _ => args(),
            },
            Some(false) => Fit::No,
            None => match self.expr(cx, call) {
                Type::Unknown(why) => Fit::Unknown(why),
                _ => Fit::Unknown(unread(cx, fun)),
            },
        }
    }
}

fn unread(cx: Cx<'_>, fun: Node<'_>) -> Arc<Unknown> {
    let (file, span) = (cx.unit.source.path().clone(), fun.span());
    Arc::new(Unknown { file, span, reason: super::model::Reason::Invalid })
}
