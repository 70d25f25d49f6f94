//! What a selector leaves out (Go specification, "Selectors"). Comes in: a name behind a dot that is
//! promoted through embedded fields. Goes out: whether the way to it leads through a certain field
//! or type that the code does not name, and which names a field is left out before.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::FileTypes;
use super::checker::Checker;
use super::members::Member;
use super::model::{Origin, Reason, Type, Unknown};
use super::objects::Declared;
use super::shape::Fit;
use super::unit::{Cx, Place};
use crate::go::packages::NameKind;
use crate::go::syntax::{Node, NodeId};

/// Types embed each other no deeper than this.
const MAX_DEPTH: usize = 20;

impl FileTypes<'_> {
    /// Whether what the name behind a dot stands for is reached through the embedded field that is
    /// declared at one of `fields`, which the selector leaves out.
    pub fn leads_through(&self, decl: usize, node: NodeId, fields: &[Declared]) -> Fit {
        self.on_the_way(decl, node, |checker, step| {
            step.field.is_some_and(|place| fields.contains(&checker.place_declared(place)))
        })
    }

    /// Whether what the name behind a dot stands for is selected from a value of the type `owner` of
    /// the package at `path`, or through one that is embedded.
    pub fn is_selected_through(&self, decl: usize, node: NodeId, path: &str, owner: &str) -> Fit {
        self.on_the_way(decl, node, |_, step| {
            matches!(&step.ty, Type::Named(named) if *named.def.path == *path && *named.def.name == *owner)
        })
    }

    /// Where the field `member` is declared that its type has from what it embeds; empty where there
    /// is none.
    pub fn promoted_field(&self, member: Member<'_>) -> Vec<Declared> {
        let checker = self.checker();
        let mut at: Vec<Declared> = self.in_owner(&checker, member, |cx, ident, ty| {
            let places = checker.select(cx, ident, ty, member.name).places;
            let fields = places.into_iter().filter(|place| checker.is_field(*place));
            fields.map(|place| checker.place_declared(place)).collect()
        });
        at.sort();
        at.dedup();
        at
    }

    /// The fields and methods that are reached through the field `member`, if it is embedded, where
    /// the selector leaves it out.
    pub fn promoted_through(&self, member: Member<'_>) -> Vec<String> {
        let checker = self.checker();
        let mut names = BTreeSet::new();
        let embedded: Vec<Type> = self.in_owner(&checker, member, |cx, ident, ty| {
            let Type::Struct(fields) = checker.underlying(cx, ident, ty) else { return Vec::new() };
            let own = fields.fields.iter().filter(|f| f.embedded && *f.name == *member.name);
            own.map(|field| checker.force(&field.ty)).collect()
        });
        for ty in embedded {
            self.in_owner(&checker, member, |cx, ident, _| {
                checker.member_names(cx, ident, &ty, 0, &mut names);
                Vec::<()>::new()
            });
        }
        names.into_iter().collect()
    }

    /// What `work` finds in the declarations of the member's type.
    fn in_owner<R>(
        &self,
        checker: &Checker<'_>,
        member: Member<'_>,
        mut work: impl FnMut(Cx<'_>, Node<'_>, &Type) -> Vec<R>,
    ) -> Vec<R> {
        let Ok(package) = self.package_at(member.path) else { return Vec::new() };
        let sites = package.sites(member.owner).iter().filter(|s| s.kind == NameKind::Type);
        let mut found = Vec::new();
        for site in sites {
            found.extend(checker.at(checker.site_place(&package, site), |cx, ident| {
                let ty = checker.defined(cx, ident, &[]);
                work(cx, ident, &ty)
            }));
        }
        found
    }

    fn on_the_way(
        &self,
        decl: usize,
        node: NodeId,
        is_it: impl Fn(&Checker<'_>, &Step) -> bool,
    ) -> Fit {
        self.ask(decl, node, |checker, cx, node| match checker.way(cx, node) {
            Ok(way) => Fit::from_bool(way.iter().any(|step| is_it(checker, step))),
            Err(why) => Fit::Unknown(why),
        })
    }
}

/// A type on the way from what a selector selects from to what it selects.
struct Step {
    ty: Type,
    /// The embedded field that leads to it; none for the first.
    field: Option<Place>,
}

impl Checker<'_> {
    /// The way to what the name behind a dot stands for; empty where there is nothing.
    fn way(&self, cx: Cx<'_>, node: Node<'_>) -> Result<Vec<Step>, Arc<Unknown>> {
        if !cx.is_sound(node) {
            return Err(self.unsound(cx, node));
        }
        let Some((from, at)) = self.selected_from(cx, node) else { return Ok(Vec::new()) };
        let wanted = self.select(cx, at, &from, node.text());
        if let (true, Type::Unknown(why)) = (wanted.places.is_empty(), &wanted.ty) {
            return match why.reason {
                Reason::NoSuchMember(_) | Reason::Ambiguous(_) => Ok(Vec::new()),
                _ => Err(why.clone()),
            };
        }
        let mut way = Vec::new();
        let mut next = Some(Step { ty: pointed_at(from), field: None });
        while let Some(step) = next {
            let under = self.underlying(cx, at, &step.ty);
            way.push(step);
            next = match under {
                Type::Struct(fields) if way.len() <= MAX_DEPTH => {
                    let own = fields.fields.iter().any(|f| wanted.places.contains(&f.place));
                    let mut embedded = fields.fields.iter().filter(|f| f.embedded && !own);
                    embedded.find_map(|field| {
                        let ty = self.force(&field.ty);
                        let through = self.select(cx, at, &ty, node.text()).places;
                        let leads = !through.is_empty() && through == wanted.places;
                        leads.then(|| Step { ty: pointed_at(ty), field: Some(field.place) })
                    })
                }
                Type::Unknown(why) => return Err(why),
                _ => None,
            };
        }
        Ok(way)
    }

    /// The names of all fields and methods of a type, those that it promotes included.
    fn member_names(
        &self,
        cx: Cx<'_>,
        node: Node<'_>,
        ty: &Type,
        depth: usize,
        names: &mut BTreeSet<String>,
    ) {
        if depth > MAX_DEPTH {
            return;
        }
        let ty = pointed_at(ty.clone());
        if let Type::Named(named) = &ty
            && let Origin::Package(package) = &named.def.origin
        {
            let methods = package.methods(&named.def.name);
            names.extend(methods.into_iter().map(|(name, _)| name.to_owned()));
        }
        match self.underlying(cx, node, &ty) {
            Type::Struct(fields) => {
                for field in &fields.fields {
                    names.insert(field.name.to_string());
                    if field.embedded {
                        self.member_names(cx, node, &self.force(&field.ty), depth + 1, names);
                    }
                }
            }
            Type::Interface(interface) => {
                names.extend(interface.methods.iter().map(|m| m.name.to_string()));
                for embedded in &interface.embedded {
                    self.member_names(cx, node, embedded, depth + 1, names);
                }
            }
            _ => {}
        }
    }
}

fn pointed_at(ty: Type) -> Type {
    match ty {
        Type::Pointer(to) => (*to).clone(),
        ty => ty,
    }
}
