//! The types of expressions (Go specification, "Expressions"), untyped constants as they are:
//! what they are converted to is the work of `untyped`.

use std::cmp::Ordering;
use std::sync::Arc;

use super::checker::Checker;
use super::model::{Basic, Direction, Reason, Subst, Type};
use super::names::Entity;
use super::subst::substitute;
use super::unit::{Cx, Facet};
use super::universe::Universe;
use crate::go::scope::NameUse;
use crate::go::syntax::{Kind, Node, Op, Role};

impl Checker<'_> {
    /// The type of `node`; for a type expression the type itself.
    pub(super) fn expr(&self, cx: Cx<'_>, node: Node<'_>) -> Type {
        match node.kind() {
            Kind::BasicLit => basic_literal(node.op()),
            Kind::Ident => self.ident(cx, node),
            Kind::Paren => match node.children().next() {
                Some(inner) => self.nested(cx, node, || self.expr(cx, inner)),
                None => self.unknown(cx, node, Reason::Invalid),
            },
            Kind::Selector
            | Kind::Call
            | Kind::Index
            | Kind::Binary
            | Kind::CompositeLit
            | Kind::FuncLit
            | Kind::Slice
            | Kind::Star
            | Kind::Unary
            | Kind::TypeAssert => {
                self.remembered(cx, node, Facet::Expr, || self.compound(cx, node))
            }
            Kind::ArrayType
            | Kind::StructType
            | Kind::FuncType
            | Kind::InterfaceType
            | Kind::MapType
            | Kind::ChanType => self.type_expr(cx, node),
            Kind::Ellipsis if node.role() == Role::Type => self.type_expr(cx, node),
            Kind::Ellipsis => match node.children().next() {
                Some(inner) => self.expr(cx, inner),
                None => self.unknown(cx, node, Reason::Invalid),
            },
            _ => self.unknown(cx, node, Reason::NoType),
        }
    }

    fn compound(&self, cx: Cx<'_>, node: Node<'_>) -> Type {
        match node.kind() {
            Kind::Selector => self.selector(cx, node),
            Kind::Call => self.call(cx, node),
            Kind::Index => self.index(cx, node),
            Kind::Binary => self.binary(cx, node),
            Kind::CompositeLit => self.literal_type(cx, node),
            Kind::FuncLit => match node.child(Role::Type) {
                Some(ty) => self.signature(cx, ty),
                None => self.unknown(cx, node, Reason::Invalid),
            },
            Kind::Slice => self.slice(cx, node),
            Kind::Star => self.star(cx, node),
            Kind::Unary => self.unary(cx, node),
            Kind::TypeAssert => match node.child(Role::Type) {
                Some(ty) => self.type_expr(cx, ty),
                None => self.unknown(cx, node, Reason::Invalid),
            },
            _ => self.unknown(cx, node, Reason::NoType),
        }
    }

    fn ident(&self, cx: Cx<'_>, node: Node<'_>) -> Type {
        match cx.part.scopes().name_use(node.id()) {
            NameUse::Member | NameUse::Label(_) | NameUse::Blank | NameUse::None => {
                return self.unknown(cx, node, Reason::NoType);
            }
            // A key that is a field has no type of its own.
            NameUse::Key(_) if self.key_is_field(cx, node) != Some(false) => {
                return self.unknown(cx, node, Reason::NoType);
            }
            _ => {}
        }
        let entity = self.entity(cx, node);
        match &entity {
            Entity::Universe(Universe::Bool) => Type::Basic(Basic::UntypedBool),
            Entity::Universe(Universe::Iota) => Type::Basic(Basic::UntypedInt),
            Entity::Universe(Universe::Nil) => Type::Basic(Basic::UntypedNil),
            Entity::Universe(Universe::Builtin(_)) => self.unknown(cx, node, Reason::NoType),
            Entity::Universe(_) => self.type_expr(cx, node),
            _ => self.entity_type(cx, node, &entity),
        }
    }

    fn star(&self, cx: Cx<'_>, node: Node<'_>) -> Type {
        let Some(x) = node.children().next() else {
            return self.unknown(cx, node, Reason::Invalid);
        };
        match self.is_type(cx, x) {
            Some(true) => self.type_expr(cx, node),
            Some(false) => {
                let ty = self.expr(cx, x);
                match self.core(cx, x, &ty) {
                    Type::Pointer(to) => (*to).clone(),
                    unknown @ Type::Unknown(_) => unknown,
                    _ => self.unknown(cx, node, Reason::Invalid),
                }
            }
            None => self.expr_of_unread(cx, x),
        }
    }

    /// A name of a package that cannot be read, where a type and a value are both possible.
    fn expr_of_unread(&self, cx: Cx<'_>, x: Node<'_>) -> Type {
        match self.denoted(cx, x) {
            Some(entity) => self.entity_type(cx, x, &entity),
            None => self.unknown(cx, x, Reason::Invalid),
        }
    }

    fn unary(&self, cx: Cx<'_>, node: Node<'_>) -> Type {
        let Some(x) = node.child(Role::X).or_else(|| node.children().next()) else {
            return self.unknown(cx, node, Reason::Invalid);
        };
        if node.op() == Op::Tilde {
            return self.type_expr(cx, node);
        }
        let ty = self.expr(cx, x);
        match node.op() {
            _ if ty.is_unknown() => ty,
            Op::And => Type::pointer(ty),
            Op::Arrow => match self.core(cx, x, &ty) {
                Type::Chan(direction, element) if direction != Direction::Send => {
                    (*element).clone()
                }
                unknown @ Type::Unknown(_) => unknown,
                _ => self.unknown(cx, node, Reason::Invalid),
            },
            _ => ty,
        }
    }

    /// Chains such as long concatenations are followed to the left without nesting.
    fn binary(&self, cx: Cx<'_>, node: Node<'_>) -> Type {
        if node.op() == Op::Or && is_union(node) {
            return self.type_expr(cx, node);
        }
        let mut chain = vec![node];
        while let Some(x) = chain.last().and_then(|n| n.child(Role::X)) {
            if x.kind() != Kind::Binary {
                break;
            }
            chain.push(x);
        }
        let mut left: Option<Type> = None;
        while let Some(node) = chain.pop() {
            let (Some(x), Some(y)) = (node.child(Role::X), node.child(Role::Y)) else {
                return self.unknown(cx, node, Reason::Invalid);
            };
            let ty = match node.op() {
                Op::Eql | Op::Neq | Op::Lss | Op::Leq | Op::Gtr | Op::Geq => {
                    Type::Basic(Basic::UntypedBool)
                }
                op => {
                    let a = left.take().unwrap_or_else(|| self.expr(cx, x));
                    match op {
                        Op::Shl | Op::Shr => self.shifted(cx, node, x, a),
                        _ if a.untyped().is_none() && !a.is_unknown() => a,
                        _ => self.joined(cx, node, &a, &self.expr(cx, y)),
                    }
                }
            };
            left = Some(ty);
        }
        left.unwrap_or_else(|| self.unknown(cx, node, Reason::Invalid))
    }

    /// A shift has the type of its left operand; an untyped constant one is an integer.
    fn shifted(&self, cx: Cx<'_>, node: Node<'_>, x: Node<'_>, left: Type) -> Type {
        match left.untyped() {
            Some(Basic::UntypedFloat | Basic::UntypedComplex)
                if self.is_constant(cx, x) && self.is_constant(cx, node) =>
            {
                Type::Basic(Basic::UntypedInt)
            }
            _ => left,
        }
    }

    /// The type of an operation on two operands of which the left has no type of its own.
    fn joined(&self, cx: Cx<'_>, node: Node<'_>, a: &Type, b: &Type) -> Type {
        match (a.untyped(), b.untyped()) {
            (Some(a), Some(b)) => match (a, b) {
                _ if a == b => Type::Basic(a),
                (a, b) if is_untyped_number(a) && is_untyped_number(b) => Type::Basic(a.max(b)),
                _ => self.unknown(cx, node, Reason::Invalid),
            },
            (Some(_), None) => b.clone(),
            // Operands have identical types unless one is an untyped constant.
            (None, None) if !b.is_unknown() => b.clone(),
            _ => a.clone(),
        }
    }

    fn slice(&self, cx: Cx<'_>, node: Node<'_>) -> Type {
        let Some(x) = node.child(Role::X) else {
            return self.unknown(cx, node, Reason::Invalid);
        };
        let ty = self.expr(cx, x).defaulted();
        if let Type::Param(_) = ty {
            return self.slice_of_param(cx, x, ty);
        }
        match self.underlying(cx, x, &ty) {
            Type::Array(_, element) => Type::Slice(element),
            Type::Pointer(to) => match self.underlying(cx, x, &to) {
                Type::Array(_, element) => Type::Slice(element),
                unknown @ Type::Unknown(_) => unknown,
                _ => self.unknown(cx, node, Reason::Invalid),
            },
            Type::Basic(b) if b.is_string() => ty,
            Type::Slice(_) => ty,
            unknown @ Type::Unknown(_) => unknown,
            _ => self.unknown(cx, node, Reason::Invalid),
        }
    }

    fn slice_of_param(&self, cx: Cx<'_>, x: Node<'_>, ty: Type) -> Type {
        let terms = self.term_types(cx, x, &ty).unwrap_or_default();
        let keeps = |t: &Type| match t {
            Type::Slice(_) => true,
            Type::Basic(b) => b.is_string(),
            _ => false,
        };
        if !terms.is_empty() && terms.iter().all(keeps) {
            return ty;
        }
        self.unknown(cx, x, Reason::Invalid)
    }

    fn index(&self, cx: Cx<'_>, node: Node<'_>) -> Type {
        let Some(x) = node.child(Role::X) else {
            return self.unknown(cx, node, Reason::Invalid);
        };
        match self.is_type(cx, x) {
            Some(true) => return self.type_expr(cx, node),
            Some(false) => {}
            None => return self.expr_of_unread(cx, x),
        }
        let ty = self.expr(cx, x);
        if ty.is_generic_func() {
            return self.instantiated(cx, node, &ty);
        }
        self.element(cx, x, &ty)
    }

    /// What indexing a value of type `ty` gives.
    pub(super) fn element(&self, cx: Cx<'_>, x: Node<'_>, ty: &Type) -> Type {
        let one = |under: &Type| match under {
            Type::Basic(b) if b.is_string() => Some(Type::Basic(Basic::Byte)),
            Type::Array(_, element) | Type::Slice(element) => Some((**element).clone()),
            Type::Map(map) => Some(map.1.clone()),
            Type::Pointer(to) => match self.underlying(cx, x, to) {
                Type::Array(_, element) => Some((*element).clone()),
                unknown @ Type::Unknown(_) => Some(unknown),
                _ => None,
            },
            Type::Unknown(_) => Some(under.clone()),
            _ => None,
        };
        let Some(terms) = self.term_types(cx, x, ty) else {
            return self.unknown(cx, x, Reason::Invalid);
        };
        let elements: Option<Vec<Type>> = terms.iter().map(one).collect();
        match elements {
            Some(elements) => self.agreed(cx, x, elements),
            None => self.unknown(cx, x, Reason::Invalid),
        }
    }

    /// A generic function with the type arguments in the brackets, if they are all there.
    fn instantiated(&self, cx: Cx<'_>, node: Node<'_>, ty: &Type) -> Type {
        let Type::Func(signature) = ty else { return ty.clone() };
        let args = self.type_args(cx, node);
        match args.len().cmp(&signature.type_params.len()) {
            Ordering::Greater => self.unknown(cx, node, Reason::Invalid),
            Ordering::Less if node.role() == Role::Fun => self.called(cx, node),
            Ordering::Less => self.infer_value(cx, node, signature, args, None),
            Ordering::Equal => {
                let mut signature = (**signature).clone();
                let pairs = signature.type_params.drain(..).zip(args).collect();
                substitute(&Type::Func(Arc::new(signature)), &Subst { pairs })
            }
        }
    }

    /// A callee with some of its type arguments written: the call tells the others.
    fn called(&self, cx: Cx<'_>, fun: Node<'_>) -> Type {
        match fun.parent() {
            Some(call) => self.call_signature(cx, call),
            None => self.unknown(cx, fun, Reason::Invalid),
        }
    }

    fn selector(&self, cx: Cx<'_>, node: Node<'_>) -> Type {
        if let Some(entity) = self.denoted(cx, node) {
            return match &entity {
                Entity::Universe(Universe::Builtin(_)) => self.unknown(cx, node, Reason::NoType),
                Entity::Universe(_) => self.type_expr(cx, node),
                _ => self.entity_type(cx, node, &entity),
            };
        }
        let (Some(x), Some(sel)) = (node.child(Role::X), node.child(Role::Sel)) else {
            return self.unknown(cx, node, Reason::Invalid);
        };
        let ty = self.nested(cx, x, || self.expr(cx, x));
        if let Type::Unknown(_) = ty {
            return ty;
        }
        match self.is_type(cx, x) {
            Some(true) => self.method_expression(cx, node, &ty, sel.text()),
            _ => self.select(cx, node, &ty, sel.text()).ty,
        }
    }

    /// `T.m`: a function whose first parameter is the receiver.
    fn method_expression(&self, cx: Cx<'_>, node: Node<'_>, ty: &Type, name: &str) -> Type {
        match self.select(cx, node, ty, name).ty {
            Type::Func(signature) => {
                let mut signature = (*signature).clone();
                let receiver = super::model::Parameter { name: "".into(), ty: ty.clone() };
                signature.params.insert(0, receiver);
                Type::Func(Arc::new(signature))
            }
            unknown @ Type::Unknown(_) => unknown,
            _ => self.unknown(cx, node, Reason::Invalid),
        }
    }
}

fn basic_literal(op: Op) -> Type {
    Type::Basic(match op {
        Op::Int => Basic::UntypedInt,
        Op::Float => Basic::UntypedFloat,
        Op::Imag => Basic::UntypedComplex,
        Op::Rune => Basic::UntypedRune,
        _ => Basic::UntypedString,
    })
}

pub(super) fn is_untyped_number(basic: Basic) -> bool {
    (Basic::UntypedInt..=Basic::UntypedComplex).contains(&basic)
}

/// Whether `A | B` stands in a constraint.
fn is_union(node: Node<'_>) -> bool {
    let outermost = std::iter::successors(Some(node), |n| n.parent())
        .take_while(|n| n.kind() == Kind::Binary && n.op() == Op::Or)
        .last();
    outermost.is_some_and(|n| {
        n.role() == Role::Type && n.parent().is_some_and(|p| p.kind() == Kind::Field)
    })
}
