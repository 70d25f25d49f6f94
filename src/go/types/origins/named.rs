//! Strings that come through names. Comes in: a constant or variable, of a function, of the package or
//! of another one. Goes out: the values of all that it is given.

use std::sync::Arc;

use super::{MAX_VALUES, Reach, Route, StringValue, Through, Tracer, hole, joined, spot};
use crate::go::packages::{NameKind, Package, Site};
use crate::go::scope::{NameUse, ObjectKind};
use crate::go::syntax::{Kind, Node, Role};
use crate::go::types::assignments::{Assigned, Assignments, PackageAssignments, declared_value};
use crate::go::types::consts::is_shadowed;
use crate::go::types::decls::repeated_spec;
use crate::go::types::names::Entity;
use crate::go::types::objects::Declared;
use crate::go::types::unit::{Cx, Unit};
use crate::text::Span;

impl Tracer<'_> {
    pub(super) fn named(&self, cx: Cx<'_>, node: Node<'_>, route: &Route) -> Vec<StringValue> {
        match self.checker(cx).denoted(cx, node) {
            Some(Entity::Local(id)) => {
                let object = cx.part.scopes().object(id);
                let ident = cx.node(object.ident);
                match object.kind {
                    ObjectKind::Const => self.constant(cx, ident, (cx, node), Reach::Local, route),
                    ObjectKind::Var | ObjectKind::Result => {
                        let assigned = self.local_assignments(cx, id);
                        self.variable(cx, ident, (cx, node), assigned, Reach::Local, route)
                    }
                    ObjectKind::Param => hole(node, "it is a parameter"),
                    _ => hole(node, "it is no value"),
                }
            }
            Some(Entity::Global(package, sites)) => self.global(cx, node, &package, &sites, route),
            Some(Entity::External(..)) => hole(node, "its package cannot be read"),
            Some(Entity::Unknown(_)) => hole(node, "it is not known what declares it"),
            Some(_) => hole(node, "it is no constant or variable"),
            None => hole(node, "it is a field"),
        }
    }

    fn global(
        &self,
        cx: Cx<'_>,
        node: Node<'_>,
        package: &Arc<Package>,
        sites: &[Site],
        route: &Route,
    ) -> Vec<StringValue> {
        let own = package.dir() == self.current.package.dir();
        let name = match node.kind() {
            Kind::Selector => node.child(Role::Sel).map_or("", |sel| sel.text()),
            _ => node.text(),
        };
        let exported = name.chars().next().is_some_and(char::is_uppercase);
        let reach = match (own, exported && &**package.clause() != "main") {
            (false, _) => Reach::Foreign,
            (true, true) => Reach::Exported,
            (true, false) => Reach::Package,
        };
        let mut found = Vec::new();
        for site in sites {
            let Some((unit, decl, at)) = self.placed(package, site, name) else { continue };
            let there = Cx::new(&unit, decl);
            let ident = there.part.syntax().covering(at);
            let values = match site.kind {
                NameKind::Const => self.constant(there, ident, (cx, node), reach, route),
                NameKind::Var if own => {
                    let assigned = self.package_assignments(name, &unit);
                    self.variable_by(there, ident, (cx, node), assigned, reach, route)
                }
                NameKind::Var => self.foreign_variable(there, ident, (cx, node), route),
                _ => hole(node, "it is a function or a type"),
            };
            found.extend(values);
            // What is assigned to a variable was looked for in all files.
            if site.kind == NameKind::Var && own {
                break;
            }
        }
        if found.is_empty() { hole(node, "its declaration is not there any more") } else { found }
    }

    /// The declaration of a site; in the current file as that is now.
    fn placed(
        &self,
        package: &Arc<Package>,
        site: &Site,
        name: &str,
    ) -> Option<(Arc<Unit>, usize, Span)> {
        let known = &package.files()[site.file].source;
        let current = &self.current.source;
        if known.path() != current.path() {
            let unit = self.types.whole_unit(package, site.file);
            return Some((unit, site.decl, site.name));
        }
        let (decl, span) = current.code_decls().find_map(|(decl, _)| {
            let part = current.declaration(decl);
            let is_it = |n: &Node<'_>| {
                n.kind() == Kind::Ident
                    && n.text() == name
                    && part.scopes().name_use(n.id()) == NameUse::DeclaresGlobal
            };
            part.syntax().iter().find(is_it).map(|n| (decl, n.span()))
        })?;
        Some((self.current.clone(), decl, span))
    }

    fn constant(
        &self,
        cx: Cx<'_>,
        ident: Node<'_>,
        (from, mention): (Cx<'_>, Node<'_>),
        reach: Reach,
        route: &Route,
    ) -> Vec<StringValue> {
        let declared = spot(cx, ident);
        let names = ident.parent();
        let spec = names.and_then(Node::parent).filter(|s| s.kind() == Kind::ValueSpec);
        let (Some(names), Some(spec)) = (names, spec) else {
            return hole(mention, "its declaration is incomplete");
        };
        let source = repeated_spec(spec);
        let nth = names.children().take_while(|n| *n != ident).count();
        let value = source.child(Role::Value).and_then(|v| v.children().nth(nth));
        let Some(value) = value.filter(|_| !is_shadowed(source, spec) && !route.has(&declared))
        else {
            return hole(mention, "its declaration is incomplete");
        };
        let uses = match reach {
            Reach::Local => self.local_uses(cx, ident),
            Reach::Package => self.package_assignments(ident.text(), cx.unit).uses,
            Reach::Exported | Reach::Foreign => Vec::new(),
        };
        let through = Through {
            name: ident.text().to_owned(),
            declared,
            mention: spot(from, mention),
            reach,
            values: 1,
            uses,
            is_exposed: false,
            is_repeated: source != spec,
        };
        self.values(cx, value, &route.by(through))
    }

    fn variable(
        &self,
        cx: Cx<'_>,
        ident: Node<'_>,
        mention: (Cx<'_>, Node<'_>),
        assigned: Assignments<'_>,
        reach: Reach,
        route: &Route,
    ) -> Vec<StringValue> {
        let values: Vec<(Cx<'_>, Assigned<'_>)> =
            assigned.values.into_iter().map(|value| (cx, value)).collect();
        let uses = (assigned.uses, assigned.is_exposed);
        self.of_values(spot(cx, ident), mention, &values, uses, reach, route)
    }

    fn variable_by(
        &self,
        cx: Cx<'_>,
        ident: Node<'_>,
        mention: (Cx<'_>, Node<'_>),
        assigned: PackageAssignments,
        reach: Reach,
        route: &Route,
    ) -> Vec<StringValue> {
        let contexts: Vec<Cx<'_>> =
            assigned.values.iter().map(|at| Cx::new(&at.unit, at.decl)).collect();
        let values: Vec<(Cx<'_>, Assigned<'_>)> =
            assigned.values.iter().zip(&contexts).map(|(at, cx)| (*cx, at.value(*cx))).collect();
        let uses = (assigned.uses, assigned.is_exposed);
        self.of_values(spot(cx, ident), mention, &values, uses, reach, route)
    }

    /// What a variable of another package is declared with.
    fn foreign_variable(
        &self,
        cx: Cx<'_>,
        ident: Node<'_>,
        mention: (Cx<'_>, Node<'_>),
        route: &Route,
    ) -> Vec<StringValue> {
        let values: Vec<_> = declared_value(ident).map(|value| (cx, value)).into_iter().collect();
        let declared = spot(cx, ident);
        self.of_values(declared, mention, &values, (Vec::new(), false), Reach::Foreign, route)
    }

    fn of_values(
        &self,
        declared: Declared,
        (from, mention): (Cx<'_>, Node<'_>),
        values: &[(Cx<'_>, Assigned<'_>)],
        (uses, is_exposed): (Vec<Declared>, bool),
        reach: Reach,
        route: &Route,
    ) -> Vec<StringValue> {
        if values.is_empty() {
            return hole(mention, "nothing is assigned to it");
        }
        if route.has(&declared) {
            return hole(mention, "it is assigned to itself");
        }
        let through = Through {
            name: mention.text().to_owned(),
            declared,
            mention: spot(from, mention),
            reach,
            values: values.len(),
            uses,
            is_exposed,
            is_repeated: false,
        };
        let route = route.by(through);
        let mut found = Vec::new();
        for (cx, value) in values {
            found.extend(match *value {
                Assigned::Value(value) => self.values(*cx, value, &route),
                Assigned::Appended(value) => {
                    joined(&hole(mention, "it is appended to"), || self.values(*cx, value, &route))
                }
                Assigned::Other => hole(mention, "it is one of several results"),
            });
        }
        found.truncate(MAX_VALUES);
        found
    }
}
