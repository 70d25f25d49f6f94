//! What untyped constants are converted to where they stand (Go specification, "Constants",
//! "Assignability", "Comparison operators"; where the specification leaves it open which type an
//! operand has, `go/types`).

use super::calls::{args, parameter_for};
use super::checker::Checker;
use super::expr::is_untyped_number;
use super::final_type::is_new;
use super::model::{Basic, Reason, Type};
use super::unit::Cx;
use super::universe::Builtin;
use crate::go::syntax::{Kind, Node, Op, Role};

/// What an untyped value is used as.
pub(super) enum Use {
    /// Nothing asks for a type: it stays as it is.
    Stays(Basic),
    /// It has its default type.
    Default(Basic),
    /// It is converted.
    To(Basic, Type),
}

impl Checker<'_> {
    pub(super) fn converted(&self, cx: Cx<'_>, node: Node<'_>, kind: Basic, target: Type) -> Type {
        match self.underlying(cx, node, &target) {
            _ if target.untyped().is_some() => Type::Basic(kind.default()),
            Type::Interface(_) => Type::Basic(kind.default()),
            unknown @ Type::Unknown(_) if target.is_unknown() => unknown,
            // An interface asks for the default type, anything else is the type itself: which of
            // the two it is must be known.
            unknown @ Type::Unknown(_) => unknown,
            _ => target,
        }
    }

    /// Follows an untyped value outwards to what gives it a type.
    pub(super) fn use_of(&self, cx: Cx<'_>, node: Node<'_>, kind: Basic) -> Use {
        let (mut node, mut kind) = (node, kind);
        loop {
            let Some(parent) = node.parent() else { return Use::Stays(kind) };
            match parent.kind() {
                Kind::Unary if self.is_constant(cx, parent) => return Use::Stays(kind),
                Kind::Paren | Kind::Unary => node = parent,
                Kind::Binary => match self.use_in_binary(cx, node, parent, kind) {
                    Ok(used) => return used,
                    Err(outer) => {
                        node = parent;
                        kind = outer;
                    }
                },
                _ => return self.use_at(cx, node, parent, kind),
            }
        }
    }

    /// The use of an operand; `Err` with the operation's kind where that decides.
    fn use_in_binary(
        &self,
        cx: Cx<'_>,
        node: Node<'_>,
        parent: Node<'_>,
        kind: Basic,
    ) -> Result<Use, Basic> {
        let is_right = node.role() == Role::Y;
        let constant = || self.is_constant(cx, parent);
        if matches!(parent.op(), Op::Shl | Op::Shr) {
            return match (is_right, constant()) {
                // A count that is itself a shift by a variable, `x << (1.0 << y)`: go/types gives
                // it a type only if it is no integer already.
                (true, _) if !kind.is_integer() && !self.is_constant(cx, node) => {
                    Ok(Use::To(kind, Type::Basic(Basic::Uint)))
                }
                (true, _) | (false, true) => Ok(Use::Stays(kind)),
                (false, false) => Err(kind),
            };
        }
        let other = parent.child(if is_right { Role::X } else { Role::Y });
        let Some(other) = other.map(|o| self.expr(cx, o)) else { return Ok(Use::Stays(kind)) };
        let Some(other_kind) = other.untyped() else { return Ok(Use::To(kind, other)) };
        let joined = if is_untyped_number(kind) && is_untyped_number(other_kind) {
            kind.max(other_kind)
        } else {
            kind
        };
        let comparison =
            matches!(parent.op(), Op::Eql | Op::Neq | Op::Lss | Op::Leq | Op::Gtr | Op::Geq);
        match (comparison, constant()) {
            (_, true) => Ok(Use::Stays(joined)),
            (true, false) => Ok(Use::Default(joined)),
            (false, false) => Err(joined),
        }
    }

    /// The use of a value that is no operand.
    fn use_at(&self, cx: Cx<'_>, node: Node<'_>, parent: Node<'_>, kind: Basic) -> Use {
        match (parent.kind(), node.role()) {
            (Kind::ExprList, _) => self.use_in_list(cx, node, parent, kind),
            (Kind::Args | Kind::Ellipsis, _) => self.use_as_argument(cx, node, parent, kind),
            (Kind::Slice, Role::Low | Role::High | Role::Max) => {
                Use::To(kind, Type::Basic(Basic::Int))
            }
            (Kind::Switch, Role::Tag) => Use::Default(kind),
            (Kind::Index, Role::X) if !self.is_constant(cx, node) => Use::Default(kind),
            (Kind::Send, Role::Y) => {
                let chan = parent.child(Role::X).map(|x| (x, self.expr(cx, x)));
                match chan.map(|(x, ty)| self.core(cx, x, &ty)) {
                    Some(Type::Chan(_, element)) => Use::To(kind, (*element).clone()),
                    Some(unknown @ Type::Unknown(_)) => Use::To(kind, unknown),
                    _ => Use::Default(kind),
                }
            }
            (Kind::Elements, _) => Use::To(kind, self.element_type(cx, parent, node, false)),
            (Kind::KeyValue, role) => match parent.parent() {
                Some(list) if list.kind() == Kind::Elements => {
                    Use::To(kind, self.element_type(cx, list, parent, role == Role::Key))
                }
                _ => Use::Stays(kind),
            },
            (Kind::Range, Role::X) if kind == Basic::UntypedString => Use::Stays(kind),
            (Kind::Range, Role::X) => match parent.child(Role::Lhs) {
                Some(lhs) if parent.op() != Op::Define => {
                    let first = lhs.children().next();
                    let target = first.filter(|n| n.text() != "_");
                    target.map_or(Use::Default(kind), |n| Use::To(kind, self.expr(cx, n)))
                }
                _ => Use::Default(kind),
            },
            _ => Use::Stays(kind),
        }
    }

    /// The type that an element of a composite literal, or its key, is converted to.
    fn element_type(&self, cx: Cx<'_>, list: Node<'_>, element: Node<'_>, key: bool) -> Type {
        let Some(literal) = list.parent() else {
            return self.unknown(cx, element, Reason::Invalid);
        };
        let named = element.child(Role::Key).filter(|k| !key && k.kind() == Kind::Ident);
        if let Some(name) = named.filter(|name| self.key_is_field(cx, *name) == Some(true)) {
            return self.key_field(cx, name).ty;
        }
        match self.literal_underlying(cx, literal) {
            Type::Array(..) | Type::Slice(_) if key => Type::Basic(Basic::Int),
            Type::Array(_, of) | Type::Slice(of) => (*of).clone(),
            Type::Map(map) => {
                if key {
                    map.0.clone()
                } else {
                    map.1.clone()
                }
            }
            Type::Struct(fields) => {
                let nth = list.children().take_while(|e| *e != element).count();
                let field = fields.fields.get(nth);
                match field {
                    Some(field) => self.force(&field.ty),
                    None => self.unknown(cx, element, Reason::Invalid),
                }
            }
            unknown @ Type::Unknown(_) => unknown,
            _ => self.unknown(cx, element, Reason::Invalid),
        }
    }

    /// A value in a list: of an assignment, a declaration, a return, a case, or brackets.
    fn use_in_list(&self, cx: Cx<'_>, node: Node<'_>, list: Node<'_>, kind: Basic) -> Use {
        let Some(owner) = list.parent() else { return Use::Stays(kind) };
        let nth = list.children().take_while(|n| *n != node).count();
        match (owner.kind(), list.role()) {
            (Kind::Index, _) => match owner.child(Role::X).map(|x| (x, self.expr(cx, x))) {
                Some((x, ty)) => match self.core(cx, x, &ty) {
                    Type::Map(map) => Use::To(kind, map.0.clone()),
                    unknown @ Type::Unknown(_) if ty.is_unknown() => Use::To(kind, unknown),
                    Type::Unknown(_) if !matches!(ty, Type::Param(_)) => Use::To(kind, ty),
                    _ => Use::To(kind, Type::Basic(Basic::Int)),
                },
                None => Use::Stays(kind),
            },
            (Kind::Return, _) => match self.result_type(cx, owner, nth) {
                Some(ty) => Use::To(kind, ty),
                None => Use::Stays(kind),
            },
            (Kind::ValueSpec, _) => match owner.child(Role::Type) {
                Some(ty) => Use::To(kind, self.type_expr(cx, ty)),
                None if is_in_constants(owner) => Use::Stays(kind),
                None => Use::Default(kind),
            },
            (Kind::CaseClause, _) => self.use_in_case(cx, owner, kind),
            (Kind::Assign, Role::Rhs) => self.use_in_assignment(cx, owner, nth, kind),
            _ => Use::Stays(kind),
        }
    }

    fn use_in_assignment(&self, cx: Cx<'_>, assign: Node<'_>, nth: usize, kind: Basic) -> Use {
        if matches!(assign.op(), Op::ShlAssign | Op::ShrAssign) {
            return Use::Stays(kind);
        }
        let target = assign.child(Role::Lhs).and_then(|lhs| lhs.children().nth(nth));
        match target {
            Some(target) if target.text() != "_" => {
                if is_new(cx, target) {
                    Use::Default(kind)
                } else {
                    Use::To(kind, self.expr(cx, target))
                }
            }
            _ => Use::Default(kind),
        }
    }

    fn use_in_case(&self, cx: Cx<'_>, clause: Node<'_>, kind: Basic) -> Use {
        let switch = clause.ancestors().find(|a| a.kind() == Kind::Switch);
        match switch.and_then(|s| s.child(Role::Tag)) {
            // A switch without a value compares with `true`.
            None => Use::To(kind, Type::Basic(Basic::Bool)),
            Some(tag) => Use::To(kind, self.expr(cx, tag).defaulted()),
        }
    }

    /// The type of the `nth` result of the function around `node`.
    fn result_type(&self, cx: Cx<'_>, node: Node<'_>, nth: usize) -> Option<Type> {
        match self.signature(cx, node.function()?.child(Role::Type)?) {
            Type::Func(signature) => signature.results.get(nth).map(|r| r.ty.clone()),
            _ => None,
        }
    }

    fn use_as_argument(&self, cx: Cx<'_>, node: Node<'_>, parent: Node<'_>, kind: Basic) -> Use {
        let spread = parent.kind() == Kind::Ellipsis;
        let element = if spread { parent } else { node };
        let list = if spread { parent.parent() } else { Some(parent) };
        let (Some(list), Some(call)) = (list, list.and_then(Node::parent)) else {
            return Use::Stays(kind);
        };
        let nth = list.children().take_while(|n| *n != element).count();
        let Some(fun) = call.child(Role::Fun) else { return Use::Stays(kind) };
        if let Some(builtin) = self.builtin_of(cx, fun) {
            return self.use_in_builtin(cx, call, builtin, nth, (kind, spread));
        }
        match self.is_type(cx, fun) {
            Some(true) => return self.use_in_conversion(cx, node, fun, kind),
            Some(false) => {}
            None => return Use::To(kind, self.expr(cx, call)),
        }
        match self.call_signature(cx, call) {
            Type::Func(signature) => match parameter_for(&signature, nth, spread) {
                Some(param) => Use::To(kind, param),
                None => Use::Stays(kind),
            },
            unknown => Use::To(kind, unknown),
        }
    }

    fn use_in_conversion(&self, cx: Cx<'_>, node: Node<'_>, fun: Node<'_>, kind: Basic) -> Use {
        let target = self.type_expr(cx, fun);
        let under = self.underlying(cx, fun, &target);
        let constant = self.is_constant(cx, node);
        match &under {
            Type::Unknown(_) => Use::To(kind, under),
            Type::Basic(b) if *b != Basic::UnsafePointer => {
                if constant && b.is_string() && kind.is_integer() {
                    return Use::Stays(kind);
                }
                Use::To(kind, target)
            }
            _ if constant => Use::Default(kind),
            _ => Use::To(kind, target),
        }
    }

    fn use_in_builtin(
        &self,
        cx: Cx<'_>,
        call: Node<'_>,
        builtin: Builtin,
        nth: usize,
        (kind, spread): (Basic, bool),
    ) -> Use {
        let first = args(call).next();
        let first_type = || match first {
            Some(first) => self.expr(cx, first),
            None => self.unknown(cx, call, Reason::Invalid),
        };
        let core = |ty: &Type| match first {
            Some(first) => self.core(cx, first, ty),
            None => ty.clone(),
        };
        match builtin {
            Builtin::Append if nth > 0 && spread => Use::Stays(kind),
            Builtin::Copy => Use::Stays(kind),
            Builtin::Append if nth > 0 => match core(&first_type()) {
                Type::Slice(element) => Use::To(kind, (*element).clone()),
                unknown => Use::To(kind, unknown),
            },
            Builtin::Delete if nth > 0 => match core(&first_type()) {
                Type::Map(map) => Use::To(kind, map.0.clone()),
                unknown => Use::To(kind, unknown),
            },
            Builtin::Make | Builtin::Add | Builtin::Slice | Builtin::String if nth > 0 => {
                Use::To(kind, Type::Basic(Basic::Int))
            }
            Builtin::Len | Builtin::Real | Builtin::Imag if self.is_constant(cx, call) => {
                Use::Stays(kind)
            }
            Builtin::Min | Builtin::Max => {
                let others = args(call).map(|a| self.expr(cx, a));
                let typed = others
                    .filter(|t| t.untyped().is_none())
                    .reduce(|a, b| if a.is_unknown() { b } else { a });
                match typed {
                    Some(ty) => Use::To(kind, ty),
                    None => Use::Stays(kind),
                }
            }
            Builtin::Complex => {
                let others = args(call).map(|a| self.expr(cx, a));
                match others.filter(|t| t.untyped().is_none()).last() {
                    Some(ty) => Use::To(kind, ty),
                    None => Use::Stays(kind),
                }
            }
            _ => Use::Default(kind),
        }
    }
}

/// Whether a spec declares constants.
fn is_in_constants(spec: Node<'_>) -> bool {
    let group = spec.ancestors().find(|a| a.kind() == Kind::GenDecl);
    group.is_some_and(|g| g.op() == Op::Const)
}
