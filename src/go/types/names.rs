//! What an identifier or a qualified identifier stands for, beyond the declaration that it is in:
//! the package's names, imports, predeclared names. Follows the Go specification, "Declarations
//! and scope"; which of several declarations is meant where files exclude each other is left to
//! whoever asks.

use std::sync::Arc;

use super::checker::Checker;
use super::model::Reason;
use super::unit::{Cx, Place, Unit};
use super::universe::{Universe, universe, unsafe_builtin};
use crate::go::packages::{Missing, NameKind, Package, Site, default_name};
use crate::go::scope::{NameUse, ObjectId};
use crate::go::source::Import;
use crate::go::syntax::{Kind, Node, NodeId, Role};

/// What a name stands for.
#[derive(Clone, Debug)]
pub(super) enum Entity {
    /// A local object of the declaration.
    Local(ObjectId),
    /// An imported package.
    Package(ImportTarget),
    /// A name of a package, and the declarations that the asking file can be built with.
    Global(Arc<Package>, Vec<Site>),
    /// A name of a package that cannot be read.
    External(Arc<str>, Missing),
    /// A predeclared name, or one of package `unsafe`.
    Universe(Universe),
    /// Nothing that is known.
    Unknown(Reason),
}

/// What an import stands for.
#[derive(Clone, Debug)]
pub(super) struct ImportTarget {
    pub(super) path: Arc<str>,
    pub(super) package: Result<Arc<Package>, Missing>,
}

impl Checker<'_> {
    /// What the identifier `node` stands for.
    pub(super) fn entity(&self, cx: Cx<'_>, node: Node<'_>) -> Entity {
        match cx.part.scopes().name_use(node.id()) {
            NameUse::Declares(id) | NameUse::Refers(id) | NameUse::Key(Some(id)) => {
                Entity::Local(id)
            }
            NameUse::DeclaresGlobal => {
                let sites = cx.unit.package.sites(node.text());
                let here = |s: &&Site| s.name == node.span() && self.is_in(cx.unit, s);
                match sites.iter().find(here) {
                    Some(site) => Entity::Global(cx.unit.package.clone(), vec![*site]),
                    None => self.free(cx.unit, node.text()),
                }
            }
            NameUse::Free | NameUse::Key(None) => self.free(cx.unit, node.text()),
            _ => Entity::Unknown(Reason::NoType),
        }
    }

    #[allow(clippy::unused_self, reason = "reads like its neighbours")]
    fn is_in(&self, unit: &Unit, site: &Site) -> bool {
        unit.package.files().get(site.file).is_some_and(|f| f.source.path() == unit.source.path())
    }

    /// What `name` stands for outside of functions.
    pub(super) fn free(&self, unit: &Unit, name: &str) -> Entity {
        let sites = self.visible(unit, &unit.package, unit.package.sites(name));
        if !sites.is_empty() {
            // Where no file of the package declares it the predeclared one is meant.
            if universe(name).is_some() {
                let files = unit.package.files();
                let constraints = sites.iter().map(|s| &files[s.file].constraint);
                if !unit.constraint.is_covered_by(constraints) {
                    return Entity::Unknown(Reason::BuildTags(name.into()));
                }
            }
            return self.global_entity(&unit.package, sites);
        }
        if let Some(target) = self.import_named(unit, name) {
            return Entity::Package(target);
        }
        if let Some(known) = universe(name) {
            return Entity::Universe(known);
        }
        if let Some(entity) = self.dot_imported(unit, name) {
            return entity;
        }
        if let Some(target) = self.import_guessed(unit, name) {
            return Entity::Package(target);
        }
        match unit.package.sites(name) {
            [] => Entity::Unknown(Reason::NotDeclared(name.into())),
            _ => Entity::Unknown(Reason::BuildTags(name.into())),
        }
    }

    /// A name of `package` with declarations that could be read.
    fn global_entity(&self, package: &Arc<Package>, sites: Vec<Site>) -> Entity {
        if sites.iter().all(|site| self.is_sound(package, site)) {
            Entity::Global(package.clone(), sites)
        } else {
            Entity::Unknown(Reason::Syntax)
        }
    }

    /// Whether what a site declares could be read: its declaration has no syntax errors, or has
    /// them in a function's body only.
    pub(super) fn is_sound(&self, package: &Arc<Package>, site: &Site) -> bool {
        let unit = self.types.package_unit(package, site.file);
        let syntax = unit.source.declaration(site.decl).syntax();
        if syntax.errors() == 0 {
            return true;
        }
        let decls: Vec<Node<'_>> = syntax.root().children().collect();
        let Some(nth) = decls.iter().position(|d| d.span().contains(site.name)) else {
            return false;
        };
        let after_error = nth > 0 && decls[nth - 1].kind() == Kind::Error;
        let body = decls[nth].child(Role::Body).map(Node::span);
        let mut errors = decls[nth].subtree().filter(|n| n.kind() == Kind::Error).peekable();
        let shown = errors.peek().is_some() || decls.len() > 1;
        // An error without a place may be anywhere.
        shown && !after_error && errors.all(|e| body.is_some_and(|b| b.contains(e.span())))
    }

    /// The sites that `unit` can be built with.
    #[allow(clippy::unused_self, reason = "reads like its neighbours")]
    pub(super) fn visible(&self, unit: &Unit, package: &Package, sites: &[Site]) -> Vec<Site> {
        let same = unit.package.dir() == package.dir();
        let sees_tests = !same || unit.source.is_test();
        let fits = |site: &&Site| {
            let file = &package.files()[site.file];
            (sees_tests || !file.source.is_test()) && unit.constraint.compatible(&file.constraint)
        };
        sites.iter().filter(fits).copied().collect()
    }

    pub(super) fn import_target(&self, unit: &Unit, import: &Import) -> ImportTarget {
        let index = &self.types.index;
        let package = index.import_from(&unit.package, &import.path).and_then(|package| {
            // An external test sees what its package's tests declare.
            let external_test = unit.source.is_test()
                && package.dir() == unit.package.dir()
                && package.clause() != unit.package.clause();
            if external_test { index.with_tests(&package) } else { Ok(package) }
        });
        ImportTarget { path: import.path.clone(), package }
    }

    /// The import that is surely called `name`.
    fn import_named(&self, unit: &Unit, name: &str) -> Option<ImportTarget> {
        let imports = unit.source.imports();
        let explicit = imports.iter().find(|i| unit.source.explicit_name(i) == Some(name));
        if let Some(import) = explicit {
            return Some(self.import_target(unit, import));
        }
        // The likely one first: looking at it is often all there is to do.
        let unnamed = || imports.iter().filter(|i| i.name.is_none());
        let likely = |i: &&Import| default_name(&i.path) == name;
        let known = |i: &Import| {
            let target = self.import_target(unit, i);
            let clause = match &target.package {
                Ok(package) => Some(package.clause().clone()),
                Err(Missing::Unsafe | Missing::Cgo) => Some(i.path.clone()),
                Err(_) => None,
            };
            (clause.as_deref() == Some(name)).then_some(target)
        };
        if let Some(target) = unnamed().filter(likely).find_map(known) {
            return Some(target);
        }
        if universe(name).is_some() {
            return None;
        }
        unnamed().filter(|i| !likely(i)).find_map(known)
    }

    /// An import whose package cannot be read, and that must be the one called `name`: no other
    /// import could be, or its path says so and no other's does.
    fn import_guessed(&self, unit: &Unit, name: &str) -> Option<ImportTarget> {
        let unnamed = unit.source.imports().iter().filter(|i| i.name.is_none());
        let mut missing: Vec<ImportTarget> = unnamed
            .map(|i| self.import_target(unit, i))
            .filter(|t| matches!(&t.package, Err(why) if *why != Missing::Unsafe))
            .collect();
        missing.dedup_by(|a, b| a.path == b.path);
        let likely = |path: &str| self.types.index.likely_name(path);
        let likely: Vec<usize> =
            (0..missing.len()).filter(|&i| likely(&missing[i].path) == name).collect();
        match (likely[..].first(), likely.len(), missing.len()) {
            (Some(&only), 1, _) => Some(missing.swap_remove(only)),
            _ => None,
        }
    }

    fn dot_imported(&self, unit: &Unit, name: &str) -> Option<Entity> {
        let source = &unit.source;
        let dots = source.imports().iter().filter(|i| source.explicit_name(i) == Some("."));
        let mut missing = None;
        for import in dots {
            let target = self.import_target(unit, import);
            match target.package.clone() {
                Ok(package) => {
                    let sites = self.visible(unit, &package, package.sites(name));
                    if !sites.is_empty() {
                        return Some(self.global_entity(&package, sites));
                    }
                }
                Err(Missing::Unsafe) => {
                    let member = self.member(unit, &target, name);
                    if !matches!(member, Entity::Unknown(_)) {
                        return Some(member);
                    }
                }
                Err(why) => missing = Some(Reason::Package(target.path, why)),
            }
        }
        missing.map(Entity::Unknown)
    }

    /// What `target.name` stands for.
    pub(super) fn member(&self, unit: &Unit, target: &ImportTarget, name: &str) -> Entity {
        match &target.package {
            Ok(package) => {
                let sites = self.visible(unit, package, package.sites(name));
                if sites.is_empty() {
                    return Entity::Unknown(Reason::NotDeclared(name.into()));
                }
                self.global_entity(package, sites)
            }
            Err(Missing::Unsafe) => match unsafe_builtin(name) {
                Some(builtin) => Entity::Universe(Universe::Builtin(builtin)),
                None if name == "Pointer" => {
                    Entity::Universe(Universe::Type(super::model::Basic::UnsafePointer))
                }
                None => Entity::Unknown(Reason::NotDeclared(name.into())),
            },
            Err(why) => Entity::External(target.path.clone(), why.clone()),
        }
    }

    /// What a name or a qualified name stands for; none for any other expression.
    pub(super) fn denoted(&self, cx: Cx<'_>, node: Node<'_>) -> Option<Entity> {
        match node.kind() {
            Kind::Ident => Some(self.entity(cx, node)),
            Kind::Paren => node.children().next().and_then(|inner| self.denoted(cx, inner)),
            Kind::Selector => {
                let x = node.child(Role::X).filter(|x| x.kind() == Kind::Ident)?;
                let Entity::Package(target) = self.entity(cx, x) else { return None };
                Some(self.member(cx.unit, &target, node.child(Role::Sel)?.text()))
            }
            _ => None,
        }
    }

    /// Whether an expression denotes a type; none where its package cannot be read.
    pub(super) fn is_type(&self, cx: Cx<'_>, node: Node<'_>) -> Option<bool> {
        Some(match node.kind() {
            Kind::ArrayType
            | Kind::StructType
            | Kind::FuncType
            | Kind::InterfaceType
            | Kind::MapType
            | Kind::ChanType => true,
            Kind::Paren | Kind::Star | Kind::Index => {
                let inner = node.children().next()?;
                return self.is_type(cx, inner);
            }
            Kind::Ident | Kind::Selector => match self.denoted(cx, node) {
                Some(Entity::Local(id)) => {
                    use crate::go::scope::ObjectKind;
                    let kind = cx.part.scopes().object(id).kind;
                    matches!(kind, ObjectKind::Type | ObjectKind::TypeParam)
                }
                Some(Entity::Global(_, sites)) => sites[0].kind == NameKind::Type,
                Some(Entity::Universe(u)) => matches!(
                    u,
                    Universe::Type(_) | Universe::Any | Universe::Error | Universe::Comparable
                ),
                Some(Entity::External(..) | Entity::Unknown(_)) => return None,
                Some(Entity::Package(_)) | None => false,
            },
            _ => false,
        })
    }

    /// The identifier at a site.
    pub(super) fn site_place(&self, package: &Arc<Package>, site: &Site) -> Place {
        let unit = self.types.package_unit(package, site.file);
        let cx = Cx::new(&unit, site.decl);
        Place { unit: unit.id, decl: site.decl, node: ident_at(cx, site) }
    }
}

fn ident_at(cx: Cx<'_>, site: &Site) -> NodeId {
    cx.part.syntax().covering(site.name).id()
}
