//! Uses of one declared thing: a name of a package, or a field or method of one of its types.
//! Comes in: an identifier, and what it may stand for. Goes out: whether it does; by what it
//! refers to and not by how it is spelled, so through embedding, aliases and import names.

use std::sync::Arc;

use super::FileTypes;
use super::checker::Checker;
use super::model::{Field, Reason, Type, Unknown};
use super::names::Entity;
use super::objects::{Declared, Object};
use super::select::Selected;
use super::shape::Fit;
use super::unit::{Cx, Place};
use crate::go::packages::{NameKind, Package};
use crate::go::scope::NameUse;
use crate::go::syntax::{Kind, Node, NodeId, Role};

/// A field or method, by the names of its package, its type and itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member<'m> {
    /// The import path.
    pub path: &'m str,
    /// The type.
    pub owner: &'m str,
    /// The field or method.
    pub name: &'m str,
}

/// Where a field or method is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// The declaring identifiers: one, or one for each of the files that exclude each other.
    pub at: Vec<Declared>,
    /// Whether the package is part of the repository, so that its declarations can be changed.
    pub in_repository: bool,
    /// Whether it is a field.
    pub is_field: bool,
    /// Whether it is a field that has its name from the type it embeds.
    pub is_embedded: bool,
}

impl FileTypes<'_> {
    /// The import path of the file's package.
    pub fn import_path(&self) -> &Arc<str> {
        self.unit.package.import_path()
    }

    /// Where `member` is declared; nothing where its type has no such field or method of its own.
    ///
    /// # Errors
    /// Where its package cannot be read.
    pub fn declaration(&self, member: Member<'_>) -> Result<Option<Declaration>, Arc<Unknown>> {
        let checker = self.checker();
        let package = self.package_at(member.path)?;
        let mut places = Vec::new();
        let (mut is_field, mut is_embedded) = (false, false);
        for site in package.sites(member.owner).iter().filter(|s| s.kind == NameKind::Type) {
            let place = checker.site_place(&package, site);
            let fields = checker.at(place, |cx, ident| {
                let ty = checker.defined(cx, ident, &[]);
                own_members(&checker.underlying(cx, ident, &ty), member.name)
            });
            is_field |= fields.iter().any(|own| own.is_field);
            is_embedded |= fields.iter().any(|own| own.is_embedded);
            places.extend(fields.into_iter().map(|own| own.place));
        }
        let methods = package.method_sites(member.owner, member.name);
        places.extend(methods.iter().map(|site| checker.site_place(&package, site)));
        if places.is_empty() {
            return Ok(None);
        }
        let in_repository = self.types.index.is_in_repository(&package);
        let mut at: Vec<Declared> = places.iter().map(|p| checker.place_declared(*p)).collect();
        at.sort();
        at.dedup();
        Ok(Some(Declaration { at, in_repository, is_field, is_embedded }))
    }

    /// Whether the package at `path` is part of the repository and declares `name`.
    pub fn declares_in_repository(&self, path: &str, name: &str) -> bool {
        self.package_at(path).is_ok_and(|package| {
            self.types.index.is_in_repository(&package) && !package.sites(name).is_empty()
        })
    }

    /// The package at `path`, with its tests where it is the file's own.
    pub(super) fn package_at(&self, path: &str) -> Result<Arc<Package>, Arc<Unknown>> {
        let own = &self.unit.package;
        if &**own.import_path() == path {
            return Ok(own.clone());
        }
        let found = self.types.index.import_from(own, path);
        found.map_err(|why| {
            let file = self.unit.source.path().clone();
            let reason = Reason::Package(path.into(), why);
            Arc::new(Unknown { file, span: crate::text::Span::at(0), reason })
        })
    }

    /// Whether the literal `node` is of a struct type that has the field `name` itself, declared at
    /// one of `declared`.
    pub fn has_own_field(
        &self,
        decl: usize,
        node: NodeId,
        name: &str,
        declared: &[Declared],
    ) -> bool {
        self.ask(decl, node, |checker, cx, node| {
            let ty = match checker.expr(cx, node) {
                Type::Pointer(to) => (*to).clone(),
                ty => ty,
            };
            let own = own_members(&checker.underlying(cx, node, &ty), name);
            own.iter().any(|own| declared.contains(&checker.place_declared(own.place)))
        })
    }

    /// Whether the identifier stands for what is declared at one of `declared`.
    pub fn names_one_of(&self, decl: usize, node: NodeId, declared: &[Declared]) -> Fit {
        match self.object_of(decl, node) {
            Ok(Object::Member(at)) => Fit::from_bool(at.iter().any(|d| declared.contains(d))),
            Ok(_) => Fit::No,
            Err(why) => Fit::Unknown(why),
        }
    }

    /// Whether the identifier stands for the name `name` of the package at `path`, or for a field
    /// that embeds the type of that name and so is called like it.
    pub fn names_global(&self, decl: usize, node: NodeId, path: &str, name: &str) -> Fit {
        match self.object_of(decl, node) {
            Ok(Object::Global(p, n)) => Fit::from_bool(*p == *path && *n == *name),
            Ok(Object::Member(_)) => self.ask(decl, node, |checker, cx, node| {
                let places = checker.named_member(cx, node).places;
                Fit::from_bool(places.iter().any(|p| checker.embeds(*p, path, name)))
            }),
            Ok(_) => Fit::No,
            Err(why) => Fit::Unknown(why),
        }
    }

    /// Where the member `name` is declared that could be selected in the place of the field or
    /// method that the identifier names; empty where there is none.
    pub fn beside(&self, decl: usize, node: NodeId, name: &str) -> Vec<Declared> {
        self.ask(decl, node, |checker, cx, node| {
            let Some((ty, at)) = checker.selected_from(cx, node) else { return Vec::new() };
            let places = checker.select(cx, at, &ty, name).places;
            places.into_iter().map(|place| checker.place_declared(place)).collect()
        })
    }
}

impl Checker<'_> {
    /// The type that the name behind a dot, or the key of a literal, is selected from.
    pub(super) fn selected_from<'u>(&self, cx: Cx<'u>, node: Node<'u>) -> Option<(Type, Node<'u>)> {
        if let NameUse::Key(_) = cx.part.scopes().name_use(node.id()) {
            let literal = node.ancestors().find(|a| a.kind() == Kind::CompositeLit)?;
            return Some((self.expr(cx, literal), node));
        }
        let selector = node.parent().filter(|p| p.kind() == Kind::Selector)?;
        let x = selector.child(Role::X).filter(|_| node.role() == Role::Sel)?;
        self.denoted(cx, selector).is_none().then(|| (self.expr(cx, x), node))
    }

    fn named_member<'u>(&self, cx: Cx<'u>, node: Node<'u>) -> Selected {
        match self.selected_from(cx, node) {
            Some((ty, at)) => self.select(cx, at, &ty, node.text()),
            None => Selected { ty: self.unknown(cx, node, Reason::NoType), places: Vec::new() },
        }
    }

    /// Whether the identifier at `place` declares a field by embedding `path.name`.
    fn embeds(&self, place: Place, path: &str, name: &str) -> bool {
        self.at(place, |cx, ident| {
            let list = |n: &Node<'_>| n.role() == Role::Name;
            if ident.ancestors().take_while(|a| a.kind() != Kind::Field).any(|a| list(&a)) {
                return false;
            }
            let whole =
                ident.parent().filter(|p| p.kind() == Kind::Selector && ident.role() == Role::Sel);
            match self.denoted(cx, whole.unwrap_or(ident)) {
                Some(Entity::Global(package, _)) => {
                    &**package.import_path() == path && ident.text() == name
                }
                Some(Entity::External(package, _)) => &*package == path && ident.text() == name,
                _ => false,
            }
        })
    }
}

/// An identifier that declares a member in the type itself.
struct Own {
    place: Place,
    is_field: bool,
    is_embedded: bool,
}

/// The identifiers that declare the member `name` in the type itself.
fn own_members(under: &Type, name: &str) -> Vec<Own> {
    match under {
        Type::Struct(fields) => {
            let fields = fields.fields.iter().filter(|f| *f.name == *name);
            let own = |f: &Field| Own { place: f.place, is_field: true, is_embedded: f.embedded };
            fields.map(own).collect()
        }
        Type::Interface(interface) => {
            let methods = interface.methods.iter().filter(|m| *m.name == *name);
            let places = methods.filter_map(|m| m.place);
            places.map(|place| Own { place, is_field: false, is_embedded: false }).collect()
        }
        _ => Vec::new(),
    }
}
