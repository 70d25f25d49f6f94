//! Calls, conversions and predeclared functions (Go specification, "Calls", "Conversions",
//! "Built-in functions").

use std::sync::Arc;

use super::checker::Checker;
use super::expr::is_untyped_number;
use super::model::{Basic, Parameter, Reason, Signature, Type};
use super::names::Entity;
use super::unit::Cx;
use super::universe::{Builtin, Universe, any};
use crate::go::syntax::{Kind, Node, Role};

/// What the brackets after a callee's name add to it.
pub(super) struct Callee {
    /// The type of the function before instantiation.
    pub(super) ty: Type,
    /// Type arguments that are written.
    pub(super) explicit: Vec<Type>,
}

/// The arguments of a call.
pub(super) fn args(call: Node<'_>) -> impl Iterator<Item = Node<'_>> + Clone {
    call.child(Role::Args).into_iter().flat_map(Node::children)
}

impl Checker<'_> {
    pub(super) fn call(&self, cx: Cx<'_>, node: Node<'_>) -> Type {
        let Some(fun) = node.child(Role::Fun) else {
            return self.unknown(cx, node, Reason::Invalid);
        };
        if let Some(builtin) = self.builtin_of(cx, fun) {
            return self.builtin(cx, node, builtin);
        }
        match self.is_type(cx, fun) {
            Some(true) => return self.type_expr(cx, fun),
            Some(false) => {}
            None => return self.unread(cx, fun),
        }
        match self.call_signature(cx, node) {
            Type::Func(signature) => result_of(&signature.results),
            unknown => unknown,
        }
    }

    fn unread(&self, cx: Cx<'_>, fun: Node<'_>) -> Type {
        let mut fun = fun;
        while let Kind::Paren | Kind::Index | Kind::Star = fun.kind() {
            match fun.children().next() {
                Some(inner) => fun = inner,
                None => break,
            }
        }
        match self.denoted(cx, fun) {
            Some(entity) => self.entity_type(cx, fun, &entity),
            None => self.unknown(cx, fun, Reason::Invalid),
        }
    }

    pub(super) fn builtin_of(&self, cx: Cx<'_>, fun: Node<'_>) -> Option<Builtin> {
        match self.denoted(cx, fun) {
            Some(Entity::Universe(Universe::Builtin(builtin))) => Some(builtin),
            _ => None,
        }
    }

    /// The type of the called function; generic ones are instantiated.
    pub(super) fn call_signature(&self, cx: Cx<'_>, call: Node<'_>) -> Type {
        let Some(fun) = call.child(Role::Fun) else {
            return self.unknown(cx, call, Reason::Invalid);
        };
        let callee = self.callee(cx, fun);
        if callee.ty.is_unknown() {
            return callee.ty;
        }
        match self.core(cx, fun, &callee.ty) {
            Type::Func(signature) if signature.type_params.is_empty() => Type::Func(signature),
            Type::Func(signature) => self.infer_call(cx, call, &signature, callee.explicit),
            unknown @ Type::Unknown(_) => unknown,
            _ => self.unknown(cx, fun, Reason::Invalid),
        }
    }

    /// The called function, and the type arguments in its brackets.
    pub(super) fn callee(&self, cx: Cx<'_>, fun: Node<'_>) -> Callee {
        let fun = fun.unparenthesized();
        if let (Kind::Index, Some(x)) = (fun.kind(), fun.child(Role::X)) {
            let ty = self.expr(cx, x);
            if ty.is_generic_func() {
                return Callee { ty, explicit: self.type_args(cx, fun) };
            }
        }
        Callee { ty: self.expr(cx, fun), explicit: Vec::new() }
    }

    fn builtin(&self, cx: Cx<'_>, node: Node<'_>, builtin: Builtin) -> Type {
        let first = args(node).next();
        let invalid = || self.unknown(cx, node, Reason::Invalid);
        match builtin {
            Builtin::Len | Builtin::Cap | Builtin::Copy => Type::Basic(Basic::Int),
            Builtin::Size => Type::Basic(Basic::Uintptr),
            Builtin::Add => Type::Basic(Basic::UnsafePointer),
            Builtin::String => Type::Basic(Basic::String),
            Builtin::StringData => Type::pointer(Type::Basic(Basic::Byte)),
            Builtin::Recover => any(),
            Builtin::Clear | Builtin::Close | Builtin::Delete | Builtin::Panic | Builtin::Print => {
                Type::tuple(Vec::new())
            }
            _ => match first {
                Some(first) => self.builtin_on(cx, node, builtin, first),
                None => invalid(),
            },
        }
    }

    /// A predeclared function whose result depends on its first argument.
    fn builtin_on(&self, cx: Cx<'_>, node: Node<'_>, builtin: Builtin, first: Node<'_>) -> Type {
        match builtin {
            Builtin::Make => return self.type_expr(cx, first),
            Builtin::New => return self.new_of(cx, first),
            _ => {}
        }
        let results = match self.expr(cx, first) {
            // f(g()) where g has several results.
            Type::Tuple(results) => results.to_vec(),
            ty => vec![ty],
        };
        let Some(ty) = results.first().cloned() else {
            return self.unknown(cx, node, Reason::Invalid);
        };
        if ty.is_unknown() && builtin != Builtin::Max && builtin != Builtin::Min {
            return ty;
        }
        match builtin {
            Builtin::Append => ty.defaulted(),
            Builtin::Max | Builtin::Min => {
                args(node).skip(1).fold(ty, |ty, arg| match (ty.untyped(), ty.is_unknown()) {
                    (None, false) => ty,
                    _ => self.larger(cx, node, &ty, &self.expr(cx, arg)),
                })
            }
            Builtin::Complex => {
                let other = args(node).nth(1).map(|arg| self.expr(cx, arg));
                let other = other.or_else(|| results.get(1).cloned());
                let other = other.unwrap_or_else(|| self.unknown(cx, node, Reason::Invalid));
                self.complex_of(cx, node, self.larger(cx, node, &ty, &other))
            }
            Builtin::Real | Builtin::Imag => match self.underlying(cx, node, &ty) {
                Type::Basic(Basic::Complex64) => Type::Basic(Basic::Float32),
                Type::Basic(Basic::Complex128) => Type::Basic(Basic::Float64),
                Type::Basic(b) if is_untyped_number(b) => Type::Basic(Basic::UntypedFloat),
                unknown @ Type::Unknown(_) => unknown,
                _ => self.unknown(cx, node, Reason::Invalid),
            },
            Builtin::Slice => match self.core(cx, first, &ty) {
                Type::Pointer(to) => Type::Slice(to),
                _ => self.unknown(cx, node, Reason::Invalid),
            },
            Builtin::SliceData => match self.core(cx, first, &ty) {
                Type::Slice(of) => Type::Pointer(of),
                _ => self.unknown(cx, node, Reason::Invalid),
            },
            _ => self.unknown(cx, node, Reason::Invalid),
        }
    }

    /// `new(T)`, or `new(x)` of a value.
    fn new_of(&self, cx: Cx<'_>, first: Node<'_>) -> Type {
        match self.is_type(cx, first) {
            Some(true) => Type::pointer(self.type_expr(cx, first)),
            Some(false) => match self.expr(cx, first).defaulted() {
                unknown @ Type::Unknown(_) => unknown,
                ty => Type::pointer(ty),
            },
            None => self.unread(cx, first),
        }
    }

    /// The complex type with parts of the type.
    fn complex_of(&self, cx: Cx<'_>, node: Node<'_>, part: Type) -> Type {
        match part {
            Type::Basic(b) if is_untyped_number(b) => Type::Basic(Basic::UntypedComplex),
            part => match self.underlying(cx, node, &part) {
                Type::Basic(Basic::Float32) => Type::Basic(Basic::Complex64),
                Type::Basic(Basic::Float64) => Type::Basic(Basic::Complex128),
                unknown @ Type::Unknown(_) => unknown,
                _ => self.unknown(cx, node, Reason::Invalid),
            },
        }
    }

    /// The type that two operands of one operation have, where the first may be untyped.
    pub(super) fn larger(&self, cx: Cx<'_>, node: Node<'_>, a: &Type, b: &Type) -> Type {
        match (a.untyped(), b.untyped()) {
            (Some(a), Some(b)) if a == b || is_untyped_number(a) && is_untyped_number(b) => {
                Type::Basic(a.max(b))
            }
            (Some(_), Some(_)) => self.unknown(cx, node, Reason::Invalid),
            (Some(_), None) => b.clone(),
            (None, None) if a.is_unknown() && !b.is_unknown() => b.clone(),
            _ => a.clone(),
        }
    }
}

/// What a call of a function with these results gives.
pub(super) fn result_of(results: &[Parameter]) -> Type {
    match results {
        [only] => only.ty.clone(),
        _ => Type::Tuple(results.iter().map(|r| r.ty.clone()).collect::<Arc<[Type]>>()),
    }
}

/// The type of the parameter that takes the argument `nth` of `count`; `spread` where the
/// last argument is followed by `...`.
pub(super) fn parameter_for(signature: &Signature, nth: usize, spread: bool) -> Option<Type> {
    let last = signature.params.len().checked_sub(1)?;
    let param = &signature.params[nth.min(last)].ty;
    if nth < last || !signature.variadic || spread {
        return (nth <= last).then(|| param.clone());
    }
    match param {
        Type::Slice(element) => Some((**element).clone()),
        _ => None,
    }
}
