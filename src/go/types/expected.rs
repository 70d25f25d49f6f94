//! The type that a place wants of the expression that stands there: of an argument, an element, a
//! field, a result, an assigned variable; and which package says so.

use std::sync::Arc;

use super::checker::Checker;
use super::model::{Basic, Reason, Type, Unknown};
use super::names::Entity;
use super::shape::{Fit, Shape};
use super::unit::{Cx, Place};
use super::untyped::Use;
use crate::go::syntax::{Kind, Node, Role};

impl Checker<'_> {
    /// Whether the place of `node` wants a type of the shape.
    pub(super) fn wants(&self, cx: Cx<'_>, node: Node<'_>, shape: &Shape) -> Fit {
        let node = node.parenthesized();
        // Operands decide together what they are.
        if node.parent().is_none_or(|p| matches!(p.kind(), Kind::Unary | Kind::Binary)) {
            return Fit::No;
        }
        match self.use_of(cx, node, Basic::UntypedNil) {
            Use::To(_, ty) => self.fits(cx, node, &ty, shape),
            Use::Stays(_) | Use::Default(_) => Fit::No,
        }
    }

    /// Whether what the place of `node` wants is declared by the package at `path`.
    pub(super) fn wanted_by(&self, cx: Cx<'_>, node: Node<'_>, path: &str) -> Fit {
        match self.declaring_package(cx, node.parenthesized()) {
            Ok(package) => Fit::from_bool(&*package == path),
            Err(why) => Fit::Unknown(why),
        }
    }

    fn declaring_package(&self, cx: Cx<'_>, node: Node<'_>) -> Result<Arc<str>, Arc<Unknown>> {
        let own = || Ok(cx.unit.package.import_path().clone());
        let Some(parent) = node.parent() else { return own() };
        match parent.kind() {
            Kind::Args => {
                let fun = parent.parent().and_then(|call| call.child(Role::Fun));
                fun.map_or_else(own, |fun| self.package_of_name(cx, fun))
            }
            Kind::Ellipsis => self.declaring_package(cx, parent),
            Kind::KeyValue => {
                let key = parent.child(Role::Key).filter(|key| key.kind() == Kind::Ident);
                match key.map(|key| (key, self.key_is_field(cx, key))) {
                    Some((key, Some(true))) if node.role() == Role::Value => {
                        let field = self.key_field(cx, key);
                        self.package_of_places(cx, key, &field.places, &field.ty)
                    }
                    _ => self.declaring_package(cx, parent),
                }
            }
            Kind::Elements => match parent.parent().map(|literal| self.expr(cx, literal)) {
                Some(Type::Named(named)) => Ok(named.def.path.clone()),
                // `[]*T{{v}}`: the literal in it has no type of its own.
                Some(Type::Pointer(to)) => match &*to {
                    Type::Named(named) => Ok(named.def.path.clone()),
                    _ => own(),
                },
                Some(Type::Unknown(why)) => Err(why),
                _ => own(),
            },
            Kind::ExprList => {
                let assign = parent.parent().filter(|a| a.kind() == Kind::Assign);
                let nth = parent.children().take_while(|n| *n != node).count();
                let lhs = assign.and_then(|a| a.child(Role::Lhs)?.children().nth(nth));
                lhs.map_or_else(own, |lhs| self.package_of_name(cx, lhs))
            }
            _ => own(),
        }
    }

    /// The package that declares the function, variable or field that `node` names.
    fn package_of_name(&self, cx: Cx<'_>, node: Node<'_>) -> Result<Arc<str>, Arc<Unknown>> {
        let node = node.unparenthesized();
        let own = || Ok(cx.unit.package.import_path().clone());
        match node.kind() {
            Kind::Index => match node.child(Role::X) {
                Some(x) => self.package_of_name(cx, x),
                None => own(),
            },
            Kind::Ident | Kind::Selector => match self.denoted(cx, node) {
                Some(Entity::Global(package, _)) => Ok(package.import_path().clone()),
                Some(Entity::External(path, _)) => Ok(path),
                Some(_) => own(),
                None => {
                    let (Some(x), Some(sel)) = (node.child(Role::X), node.child(Role::Sel)) else {
                        return own();
                    };
                    let ty = self.expr(cx, x);
                    let found = self.select(cx, sel, &ty, sel.text());
                    self.package_of_places(cx, sel, &found.places, &found.ty)
                }
            },
            _ => own(),
        }
    }

    fn package_of_places(
        &self,
        cx: Cx<'_>,
        node: Node<'_>,
        places: &[Place],
        ty: &Type,
    ) -> Result<Arc<str>, Arc<Unknown>> {
        match (places.first(), ty) {
            (Some(place), _) => Ok(self.unit(place.unit).package.import_path().clone()),
            (None, Type::Unknown(why)) => Err(why.clone()),
            (None, _) => match self.unknown(cx, node, Reason::NoType) {
                Type::Unknown(why) => Err(why),
                _ => Ok(cx.unit.package.import_path().clone()),
            },
        }
    }
}
