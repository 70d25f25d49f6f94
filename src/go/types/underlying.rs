//! What stands under a type (Go specification, "Underlying types", "Core types", "General
//! interfaces").

use super::checker::Checker;
use super::model::{Named, Origin, Reason, Subst, Term, Type};
use super::subst::substitute;
use super::unit::{Cx, Facet, Place};
use super::universe::predeclared_underlying;
use crate::go::packages::NameKind;
use crate::go::syntax::{Node, Role};

impl Checker<'_> {
    /// The underlying type; for a type parameter itself. `node` is where knowledge ends if it
    /// does.
    pub(super) fn underlying(&self, cx: Cx<'_>, node: Node<'_>, ty: &Type) -> Type {
        let Type::Named(named) = ty else { return ty.clone() };
        let mut variants = self.underlying_variants(cx, node, named);
        match variants.len() {
            1 => variants.remove(0),
            _ => self.agreed(cx, node, variants),
        }
    }

    /// The underlying types of a defined type in all files that the asking one can be built with.
    pub(super) fn underlying_variants(
        &self,
        cx: Cx<'_>,
        node: Node<'_>,
        named: &Named,
    ) -> Vec<Type> {
        let places: Vec<Place> = match &named.def.origin {
            Origin::Universe => return vec![predeclared_underlying(&named.def.name)],
            Origin::External(why) => {
                let reason = Reason::Package(named.def.path.clone(), why.clone());
                return vec![self.unknown(cx, node, reason)];
            }
            Origin::Local(place, ..) => vec![*place],
            Origin::Package(package) => {
                let sites = self.visible(cx.unit, package, package.sites(&named.def.name));
                let types = sites.iter().filter(|s| s.kind == NameKind::Type);
                types.map(|site| self.site_place(package, site)).collect()
            }
        };
        places.into_iter().map(|place| self.underlying_at(place, &named.args)).collect()
    }

    fn underlying_at(&self, place: Place, args: &[Type]) -> Type {
        let plain = self.at(place, |cx, ident| {
            self.remembered(cx, ident, Facet::Underlying, || {
                match ident.parent().and_then(|spec| spec.child(Role::Type)) {
                    Some(target) => {
                        let ty = self.type_expr(cx, target);
                        self.underlying(cx, target, &ty)
                    }
                    None => self.unknown(cx, ident, Reason::Invalid),
                }
            })
        });
        if args.is_empty() {
            return plain;
        }
        let params = self.params_at(place);
        substitute(&plain, &Subst { pairs: params.into_iter().zip(args.to_vec()).collect() })
    }

    /// The type that decides which operations there are: the underlying type; of a type parameter
    /// the one that all types of its set share, or unknown.
    pub(super) fn core(&self, cx: Cx<'_>, node: Node<'_>, ty: &Type) -> Type {
        let Type::Param(_) = ty else { return self.underlying(cx, node, ty) };
        let terms = self.term_types(cx, node, ty);
        let Some(terms) = terms.filter(|t| !t.is_empty()) else {
            return self.unknown(cx, node, Reason::Invalid);
        };
        let first = terms[0].clone();
        if terms.iter().all(|t| self.identical(t, &first)) {
            return first;
        }
        self.unknown(cx, node, Reason::Invalid)
    }

    /// The underlying types of the set that a type parameter ranges over; of another type its own.
    /// None where the set has no bound.
    pub(super) fn term_types(&self, cx: Cx<'_>, node: Node<'_>, ty: &Type) -> Option<Vec<Type>> {
        let Type::Param(param) = ty else { return Some(vec![self.underlying(cx, node, ty)]) };
        let terms = self.terms(cx, node, &self.constraint(param), 0)?;
        Some(terms.iter().map(|t| self.underlying(cx, node, &t.ty)).collect())
    }

    /// The terms of a constraint's type set; none where it has no bound. Where several unions
    /// must hold at once the first stands for all: who asks wants what they have in common.
    pub(super) fn terms(
        &self,
        cx: Cx<'_>,
        node: Node<'_>,
        constraint: &Type,
        depth: usize,
    ) -> Option<Vec<Term>> {
        if depth > 20 {
            return None;
        }
        match constraint {
            Type::Union(terms) => {
                let mut all = Vec::new();
                for term in terms.iter() {
                    match self.underlying(cx, node, &term.ty) {
                        inner @ Type::Interface(_) => {
                            all.extend(self.terms(cx, node, &inner, depth + 1)?);
                        }
                        Type::Param(param) => {
                            let inner = self.constraint(&param);
                            all.extend(self.terms(cx, node, &inner, depth + 1)?);
                        }
                        _ => all.push(term.clone()),
                    }
                }
                Some(all)
            }
            Type::Interface(interface) => {
                let mut embedded = interface.embedded.iter();
                embedded.find_map(|e| self.terms(cx, node, e, depth + 1))
            }
            Type::Named(_) => match self.underlying(cx, node, constraint) {
                inner @ Type::Interface(_) => self.terms(cx, node, &inner, depth + 1),
                Type::Unknown(_) => None,
                _ => Some(vec![Term { tilde: false, ty: constraint.clone() }]),
            },
            Type::Unknown(_) => None,
            Type::Param(param) => self.terms(cx, node, &self.constraint(param), depth + 1),
            other => Some(vec![Term { tilde: false, ty: other.clone() }]),
        }
    }
}
