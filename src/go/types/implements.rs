//! Whether a type implements an interface (Go specification, "Implementing an interface", "Method
//! sets"). Comes in: a type and an interface. Goes out: yes, no, or where knowledge ended.

use super::checker::Checker;
use super::model::{Interface, Reason, Type, Unknown};
use super::shape::{Fit, Shape};
use super::unit::{Cx, Place};
use crate::go::packages::NameKind;
use crate::go::syntax::{Kind, Node, Role};

/// Interfaces embed each other no deeper than this.
const MAX_DEPTH: usize = 20;

impl Checker<'_> {
    /// Whether `ty`, the type of `node`, implements the interface that `shape` names.
    pub(super) fn implements(&self, cx: Cx<'_>, node: Node<'_>, ty: &Type, shape: &Shape) -> Fit {
        if let Type::Unknown(why) = ty {
            return Fit::Unknown(why.clone());
        }
        match self.interface_of(cx, node, shape) {
            Type::Interface(interface) => self.has_all(cx, node, ty, &interface, 0),
            Type::Unknown(why) => Fit::Unknown(why),
            _ => Fit::No,
        }
    }

    /// What stands under the named type of a shape.
    fn interface_of(&self, cx: Cx<'_>, node: Node<'_>, shape: &Shape) -> Type {
        let (path, name) = match shape {
            Shape::EmptyInterface => return Type::Interface(Interface::default().into()),
            Shape::Named { path, name: Some(name), .. } => (path, name),
            _ => return self.unknown(cx, node, Reason::Invalid),
        };
        if path.is_empty() {
            return super::universe::predeclared_underlying(name);
        }
        match self.types.packages().import_from(&cx.unit.package, path) {
            Err(why) => self.unknown(cx, node, Reason::Package(path.clone(), why)),
            Ok(package) => {
                let sites = self.visible(cx.unit, &package, package.sites(name));
                let types = sites.iter().filter(|s| s.kind == NameKind::Type).map(|site| {
                    let place = self.site_place(&package, site);
                    self.at(place, |cx, ident| {
                        let ty = self.defined(cx, ident, &[]);
                        self.underlying(cx, ident, &ty)
                    })
                });
                let types: Vec<Type> = types.collect();
                if types.is_empty() {
                    return self.unknown(cx, node, Reason::NotDeclared(name.clone()));
                }
                self.agreed(cx, node, types)
            }
        }
    }

    pub(super) fn has_all(
        &self,
        cx: Cx<'_>,
        node: Node<'_>,
        ty: &Type,
        interface: &Interface,
        depth: usize,
    ) -> Fit {
        let methods = interface.methods.iter().fold(Fit::Yes, |fit, method| {
            fit.and(|| self.has_method(cx, node, ty, &method.name, &method.signature))
        });
        interface.embedded.iter().fold(methods, |fit, embedded| {
            fit.and(|| match self.underlying(cx, node, embedded) {
                Type::Interface(inner) if depth < MAX_DEPTH => {
                    self.has_all(cx, node, ty, &inner, depth + 1)
                }
                Type::Unknown(why) => Fit::Unknown(why),
                // A constraint, which values do not have.
                _ => Fit::No,
            })
        })
    }

    fn has_method(&self, cx: Cx<'_>, node: Node<'_>, ty: &Type, name: &str, wanted: &Type) -> Fit {
        let found = self.select(cx, node, ty, name);
        match &found.ty {
            Type::Unknown(why) => match why.reason {
                Reason::NoSuchMember(_) | Reason::Ambiguous(_) => return Fit::No,
                _ => return Fit::Unknown(why.clone()),
            },
            Type::Func(_) => {}
            _ => return Fit::No,
        }
        if found.places.iter().any(|place| !self.is_method(*place)) {
            return Fit::No;
        }
        if let Some(gap) = self.gap(cx, node, &found.ty).or_else(|| self.gap(cx, node, wanted)) {
            let unknown = |why: std::sync::Arc<Unknown>| Fit::Unknown(why);
            return match gap {
                Type::Unknown(why) => unknown(why),
                _ => Fit::No,
            };
        }
        let same = self.identical(&found.ty, wanted);
        Fit::from_bool(same && self.in_method_set(cx, node, ty, name, &found.places, 0))
    }

    fn is_method(&self, place: Place) -> bool {
        self.at(place, |_, ident| ident.ancestors().all(|a| a.kind() != Kind::StructType))
    }

    /// Whether the method declared at `places` is in the method set of `ty`, which has it as a
    /// selector: methods of a pointer are not in the set of the value.
    fn in_method_set(
        &self,
        cx: Cx<'_>,
        node: Node<'_>,
        ty: &Type,
        name: &str,
        places: &[Place],
        depth: usize,
    ) -> bool {
        if matches!(ty, Type::Pointer(_)) || depth > MAX_DEPTH {
            return true;
        }
        let under = match ty {
            Type::Named(_) => self.underlying(cx, node, ty),
            other => other.clone(),
        };
        let Type::Struct(fields) = under else {
            return !places.iter().any(|place| self.has_pointer_receiver(*place));
        };
        for field in fields.fields.iter().filter(|f| f.embedded) {
            let embedded = self.force(&field.ty);
            let through = self.select(cx, node, &embedded, name).places;
            if !through.is_empty() && through == places {
                return self.in_method_set(cx, node, &embedded, name, places, depth + 1);
            }
        }
        !places.iter().any(|place| self.has_pointer_receiver(*place))
    }

    fn has_pointer_receiver(&self, place: Place) -> bool {
        self.at(place, |_, ident| {
            let func = ident.parent().filter(|f| f.kind() == Kind::FuncDecl);
            let receiver = func.and_then(|f| f.child(Role::Recv));
            let ty = receiver.and_then(|r| r.children().next()?.child(Role::Type));
            ty.is_some_and(|ty| ty.unparenthesized().kind() == Kind::Star)
        })
    }
}
