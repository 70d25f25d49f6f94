//! The types of what identifiers declare: constants, variables, parameters, functions, and the
//! variables of short declarations, ranges, type switches and select clauses.

use std::sync::Arc;

use super::checker::Checker;
use super::consts::is_shadowed;
use super::model::{Basic, Direction, Reason, Type};
use super::names::Entity;
use super::unit::{Cx, Facet, Place};
use crate::go::packages::{Package, Site};
use crate::go::scope::{ObjectId, ObjectKind};
use crate::go::syntax::{Kind, Node, Op, Role};

impl Checker<'_> {
    /// The type of the object that an entity stands for, as an expression.
    pub(super) fn entity_type(&self, cx: Cx<'_>, node: Node<'_>, entity: &Entity) -> Type {
        match entity {
            Entity::Local(id) => self.local(cx, *id),
            Entity::Global(package, sites) => self.global(cx, node, package, sites),
            Entity::External(path, why) => {
                self.unknown(cx, node, Reason::Package(path.clone(), why.clone()))
            }
            Entity::Unknown(reason) => self.unknown(cx, node, reason.clone()),
            Entity::Universe(_) | Entity::Package(_) => self.unknown(cx, node, Reason::NoType),
        }
    }

    fn global(&self, cx: Cx<'_>, node: Node<'_>, package: &Arc<Package>, sites: &[Site]) -> Type {
        let types = sites.iter().map(|site| self.declared_at(self.site_place(package, site)));
        self.agreed(cx, node, types)
    }

    /// The type of the object whose declaring identifier stands at `place`.
    pub(super) fn declared_at(&self, place: Place) -> Type {
        self.at(place, |cx, ident| self.declared(cx, ident))
    }

    /// The type of a local object.
    pub(super) fn local(&self, cx: Cx<'_>, id: ObjectId) -> Type {
        let object = cx.part.scopes().object(id);
        let ident = cx.node(object.ident);
        match (object.kind, object.clause) {
            (ObjectKind::TypeParam | ObjectKind::Type, _) => self.type_expr(cx, ident),
            (_, Some(clause)) => {
                let clause = cx.node(clause);
                self.remembered(cx, clause, Facet::Object, || self.switch_variable(cx, clause))
            }
            _ => self.declared(cx, ident),
        }
    }

    /// The type of what `ident` declares.
    pub(super) fn declared(&self, cx: Cx<'_>, ident: Node<'_>) -> Type {
        self.remembered(cx, ident, Facet::Object, || {
            let Some(list) = ident.parent() else {
                return self.unknown(cx, ident, Reason::Invalid);
            };
            let nth = list.children().take_while(|n| *n != ident).count();
            let owner = list.parent();
            match (list.kind(), owner.map(|o| (o, o.kind()))) {
                (Kind::FuncDecl, _) => match list.child(Role::Type) {
                    Some(ty) => self.signature(cx, ty),
                    None => self.unknown(cx, ident, Reason::Invalid),
                },
                (Kind::TypeSpec, _) => self.defined(cx, ident, &[]),
                (Kind::NameList, Some((spec, Kind::ValueSpec))) => self.value(cx, ident, spec, nth),
                (Kind::NameList, Some((field, Kind::Field))) => match field.child(Role::Type) {
                    Some(ty) => self.type_expr(cx, ty),
                    None => self.unknown(cx, ident, Reason::Invalid),
                },
                (Kind::ExprList, Some((assign, Kind::Assign))) => match assign.child(Role::Rhs) {
                    Some(values) => self.nth_value(cx, ident, list, values, nth),
                    None => self.unknown(cx, ident, Reason::Invalid),
                },
                (Kind::ExprList, Some((range, Kind::Range))) => {
                    self.range_variable(cx, ident, range, nth)
                }
                _ => self.unknown(cx, ident, Reason::NoType),
            }
        })
    }

    /// The type of the `nth` name of a `const` or `var`.
    fn value(&self, cx: Cx<'_>, ident: Node<'_>, spec: Node<'_>, nth: usize) -> Type {
        let constant = spec.ancestors().find(|a| a.kind() == Kind::GenDecl);
        let constant = constant.is_some_and(|g| g.op() == Op::Const);
        let spec = if constant {
            let source = repeated_spec(spec);
            if is_shadowed(source, spec) {
                return self.unknown(cx, ident, Reason::Constant);
            }
            source
        } else {
            spec
        };
        if let Some(ty) = spec.child(Role::Type) {
            return self.type_expr(cx, ty);
        }
        let (Some(values), Some(names)) = (spec.child(Role::Value), spec.child(Role::Name)) else {
            return self.unknown(cx, ident, Reason::Invalid);
        };
        if constant {
            return match values.children().nth(nth) {
                Some(value) => self.expr(cx, value),
                None => self.unknown(cx, ident, Reason::Invalid),
            };
        }
        self.nth_value(cx, ident, names, values, nth)
    }

    /// The type of the `nth` of `names` where they are given `values`.
    fn nth_value(
        &self,
        cx: Cx<'_>,
        ident: Node<'_>,
        names: Node<'_>,
        values: Node<'_>,
        nth: usize,
    ) -> Type {
        let count = values.children().count();
        let ty = if count == 1 && names.children().count() > 1 {
            let value = values.children().next().map(Node::unparenthesized);
            value.map(|value| self.one_of_several(cx, value, nth))
        } else {
            values.children().nth(nth).map(|value| self.expr(cx, value))
        };
        match ty.map(Type::defaulted) {
            Some(Type::Basic(Basic::UntypedNil) | Type::Tuple(_)) | None => {
                self.unknown(cx, ident, Reason::Invalid)
            }
            Some(ty) if ty.is_generic_func() => self.unknown(cx, ident, Reason::NotInferable),
            Some(ty) => ty,
        }
    }

    /// One of the results of a call, or of a comma-ok form.
    pub(super) fn one_of_several(&self, cx: Cx<'_>, value: Node<'_>, nth: usize) -> Type {
        match (self.expr(cx, value), value.kind(), nth) {
            (Type::Tuple(types), ..) if nth < types.len() => types[nth].clone(),
            (ty, Kind::Index | Kind::TypeAssert, 0) => ty,
            (ty, Kind::Unary, 0) if value.op() == Op::Arrow => ty,
            (Type::Unknown(unknown), Kind::Call, _) => Type::Unknown(unknown),
            (_, Kind::Index | Kind::TypeAssert | Kind::Unary, 1) => Type::Basic(Basic::Bool),
            _ => self.unknown(cx, value, Reason::Invalid),
        }
    }

    fn range_variable(&self, cx: Cx<'_>, ident: Node<'_>, range: Node<'_>, nth: usize) -> Type {
        let Some(x) = range.child(Role::X) else {
            return self.unknown(cx, ident, Reason::Invalid);
        };
        let ty = self.expr(cx, x).defaulted();
        self.range_part(cx, x, &ty, nth)
    }

    /// What a range over `ty` yields first or second (Go specification, "For statements with
    /// range clause").
    pub(super) fn range_part(&self, cx: Cx<'_>, x: Node<'_>, ty: &Type, nth: usize) -> Type {
        let int = Type::Basic(Basic::Int);
        let by_index = |element: &Type| if nth == 0 { int.clone() } else { element.clone() };
        match self.core(cx, x, ty) {
            Type::Basic(b) if b.is_string() => by_index(&Type::Basic(Basic::Rune)),
            // The variable has the type of the number ranged over.
            Type::Basic(b) if b.is_integer() && nth == 0 => ty.clone(),
            Type::Array(_, element) | Type::Slice(element) => by_index(&element),
            Type::Pointer(to) => match self.underlying(cx, x, &to) {
                Type::Array(_, element) => by_index(&element),
                unknown @ Type::Unknown(_) => unknown,
                _ => self.unknown(cx, x, Reason::Invalid),
            },
            Type::Map(map) => {
                if nth == 0 {
                    map.0.clone()
                } else {
                    map.1.clone()
                }
            }
            Type::Chan(direction, element) if direction != Direction::Send && nth == 0 => {
                (*element).clone()
            }
            Type::Func(iterator) => {
                // func(yield func(K, V) bool)
                let yielded = iterator.params.first().map(|p| self.core(cx, x, &p.ty));
                match yielded {
                    Some(Type::Func(yielded)) if nth < yielded.params.len() => {
                        yielded.params[nth].ty.clone()
                    }
                    Some(unknown @ Type::Unknown(_)) => unknown,
                    _ => self.unknown(cx, x, Reason::Invalid),
                }
            }
            unknown @ Type::Unknown(_) => unknown,
            _ => self.unknown(cx, x, Reason::Invalid),
        }
    }

    /// The variable of a type switch in one of its clauses.
    fn switch_variable(&self, cx: Cx<'_>, clause: Node<'_>) -> Type {
        let types = clause.child(Role::Value);
        let mut types = types.into_iter().flat_map(Node::children);
        if let (Some(only), None) = (types.next(), types.next()) {
            let nil = only.kind() == Kind::Ident && only.text() == "nil";
            if !nil {
                return self.type_expr(cx, only);
            }
        }
        let switch = clause.ancestors().find(|a| a.kind() == Kind::TypeSwitch);
        match switch.and_then(|s| s.child(Role::Tag)) {
            Some(tag) => self.expr(cx, tag),
            None => self.unknown(cx, clause, Reason::Invalid),
        }
    }
}

/// The spec whose type and values a constant without its own repeats (Go specification,
/// "Constant declarations").
pub(super) fn repeated_spec(spec: Node<'_>) -> Node<'_> {
    if spec.child(Role::Value).is_some() || spec.child(Role::Type).is_some() {
        return spec;
    }
    let specs = spec.parent().into_iter().flat_map(Node::children);
    let before = specs.take_while(|s| *s != spec);
    before.filter(|s| s.child(Role::Value).is_some()).last().unwrap_or(spec)
}
