//! Type parameters and their constraints (Go specification, "Type parameter declarations"): of
//! types, of functions, and the names that a method's receiver gives to those of its type.

use std::sync::Arc;

use super::checker::Checker;
use super::model::{Origin, Reason, Subst, Type, TypeDef, TypeParam};
use super::subst::substitute;
use super::unit::{Cx, Place};
use crate::go::syntax::{Kind, Node, Role};

impl Checker<'_> {
    /// What a type parameter is constrained by.
    pub(super) fn constraint(&self, param: &TypeParam) -> Type {
        self.at(param.place, |cx, ident| {
            self.nested(cx, ident, || {
                let list = ident.parent();
                match list.map(|l| (l, l.kind())) {
                    Some((list, Kind::NameList)) => {
                        match list.parent().and_then(|f| f.child(Role::Type)) {
                            Some(ty) => self.type_expr(cx, ty),
                            None => self.unknown(cx, ident, Reason::Invalid),
                        }
                    }
                    Some((list, _)) => self.receiver_constraint(cx, ident, list, param.index),
                    None => self.unknown(cx, ident, Reason::Invalid),
                }
            })
        })
    }

    /// A receiver's type parameter has the constraint of the type's own.
    fn receiver_constraint(&self, cx: Cx<'_>, ident: Node<'_>, list: Node<'_>, nth: usize) -> Type {
        let base = list.parent().and_then(|index| index.child(Role::X));
        let base = base.map(|base| self.type_expr(cx, base));
        let Some(Type::Named(base)) = base else {
            return self.unknown(cx, ident, Reason::Invalid);
        };
        let own: Vec<Type> =
            list.children().map(|ident| Type::Param(Arc::new(type_param(cx, ident)))).collect();
        let params = self.params_of(cx, &base.def);
        let Some(param) = params.get(nth) else {
            return self.unknown(cx, ident, Reason::Invalid);
        };
        let constraint = self.constraint(param);
        substitute(&constraint, &Subst { pairs: params.into_iter().zip(own).collect() })
    }

    /// The type parameters of a definition.
    pub(super) fn params_of(&self, cx: Cx<'_>, def: &TypeDef) -> Vec<Arc<TypeParam>> {
        let place = match &def.origin {
            Origin::Local(place, ..) => Some(*place),
            Origin::Package(package) => self
                .visible(cx.unit, package, package.sites(&def.name))
                .first()
                .map(|site| self.site_place(package, site)),
            Origin::Universe | Origin::External(_) => None,
        };
        place.map(|place| self.params_at(place)).unwrap_or_default()
    }

    /// The type parameters of the definition whose name stands at `place`.
    pub(super) fn params_at(&self, place: Place) -> Vec<Arc<TypeParam>> {
        self.at(place, |cx, ident| ident.parent().map(|spec| spec_params(cx, spec)))
            .unwrap_or_default()
    }
}

/// The type parameters of a type declaration.
pub(super) fn spec_params(cx: Cx<'_>, spec: Node<'_>) -> Vec<Arc<TypeParam>> {
    spec.child(Role::TypeParams).map(|list| params_in(cx, list)).unwrap_or_default()
}

pub(super) fn params_in(cx: Cx<'_>, list: Node<'_>) -> Vec<Arc<TypeParam>> {
    let names = list.children().filter_map(|f| f.child(Role::Name)).flat_map(Node::children);
    names.map(|ident| Arc::new(type_param(cx, ident))).collect()
}

/// The type parameter that `ident` declares, in a list of parameters or in a receiver.
pub(super) fn type_param(cx: Cx<'_>, ident: Node<'_>) -> TypeParam {
    let list = ident.parent();
    let before = |list: Node<'_>| list.children().take_while(|n| *n != ident).count();
    let index = match list {
        Some(names) if names.kind() == Kind::NameList => {
            let field = names.parent();
            let elder = field.and_then(Node::parent).into_iter().flat_map(Node::children);
            let elder = elder.take_while(|f| Some(*f) != field);
            let names_of = |f: Node<'_>| f.child(Role::Name).map_or(0, |l| l.children().count());
            elder.map(names_of).sum::<usize>() + before(names)
        }
        Some(list) => before(list),
        None => 0,
    };
    TypeParam {
        name: ident.text().into(),
        place: cx.place(ident),
        file: cx.unit.source.path().clone(),
        offset: ident.span().start,
        index,
    }
}
