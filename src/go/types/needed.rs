//! Methods that interfaces ask for by name. Comes in: a method, by the names of its type and itself.
//! Goes out: the interfaces of the repository that its type would no longer implement if the method
//! had another name.

use std::sync::Arc;

use super::FileTypes;
use super::checker::Checker;
use super::members::Member;
use super::model::Type;
use super::shape::Fit;
use super::unit::Cx;
use crate::go::packages::{NameKind, Package};
use crate::go::syntax::{Kind, Node, NodeId, Role};

impl FileTypes<'_> {
    /// An interface that needs the method `member`, among those that the package of its type and
    /// the packages which that imports declare, as far as they belong to the repository.
    pub fn needed_by(&self, member: Member<'_>) -> Option<Arc<str>> {
        let key = [member.path, member.owner, member.name].map(Box::from);
        self.types.needed.get(&key, || self.search_needed(member))
    }

    /// An interface that needs the method `member`, among those that the package at `path` declares.
    pub fn needed_in(&self, path: &str, member: Member<'_>) -> Option<Arc<str>> {
        let package = self.package_at(path).ok()?;
        let owner = self.owner(member)?;
        self.needing(&package, &owner, member)
    }

    /// The same among the interfaces that stand in this file, those without a name and those in
    /// functions included.
    pub fn needed_here(&self, member: Member<'_>) -> Option<Arc<str>> {
        let (checker, owner) = (self.checker(), self.owner(member)?);
        let source = self.source();
        source.code_decls().find_map(|(decl, found)| {
            memchr::memmem::find(
                source.text_in(decl, found.span).as_bytes(),
                member.name.as_bytes(),
            )?;
            let cx = Cx::new(&self.unit, decl);
            let mut interfaces =
                cx.part.syntax().iter().filter(|n| n.kind() == Kind::InterfaceType);
            let needing = interfaces.find(|node| {
                let interface = checker.type_expr(cx, *node);
                let fit = checker.needs(cx, *node, &interface, &owner, member.name);
                cx.is_sound(*node) && matches!(fit, Fit::Yes)
            })?;
            let named = needing.parent().filter(|p| p.kind() == Kind::TypeSpec);
            let name = named.and_then(|spec| spec.child(Role::Name)).map(Node::text);
            let of_file = || format!("without a name in {}", source.path());
            let clause = self.unit.package.clause();
            Some(name.map_or_else(of_file, |name| format!("{clause}.{name}")).into())
        })
    }

    /// The type of a method.
    fn owner(&self, member: Member<'_>) -> Option<Type> {
        self.checker().owner_of(&self.package_at(member.path).ok()?, member.owner)
    }

    fn search_needed(&self, member: Member<'_>) -> Option<Arc<str>> {
        let index = &self.types.index;
        let package = self.package_at(member.path).ok()?;
        let owner = self.owner(member)?;
        let mut paths: Vec<Arc<str>> = Vec::new();
        for import in package.files().iter().flat_map(|f| f.source.imports()) {
            if !paths.contains(&import.path) {
                paths.push(import.path.clone());
            }
        }
        let imported = paths.iter().filter_map(|path| index.import_from(&package, path).ok());
        let packages = std::iter::once(package.clone()).chain(imported);
        let mut packages = packages.filter(|package| index.is_in_repository(package));
        packages.find_map(|package| self.needing(&package, &owner, member))
    }

    /// The first interface of a package that needs the method.
    fn needing(
        &self,
        package: &Arc<Package>,
        owner: &Type,
        member: Member<'_>,
    ) -> Option<Arc<str>> {
        let checker = self.checker();
        let mut names = package.declared();
        names.retain(|name| &**package.import_path() != member.path || *name != member.owner);
        let needing = names.into_iter().find(|name| {
            let sites = package.sites(name).iter().filter(|s| s.kind == NameKind::Type);
            let mut places = sites.map(|site| checker.site_place(package, site));
            places.any(|place| {
                checker.at(place, |cx, ident| {
                    let interface = checker.defined(cx, ident, &[]);
                    let fit = checker.needs(cx, ident, &interface, owner, member.name);
                    matches!(fit, Fit::Yes)
                })
            })
        })?;
        Some(format!("{}.{needing}", package.clause()).into())
    }

    /// Whether the method that the identifier declares, in an interface or for a type, is one by
    /// which a type and an interface go together, and `member` the same one on the other side.
    pub fn goes_with(&self, decl: usize, node: NodeId, member: Member<'_>) -> Fit {
        let package = match self.package_at(member.path) {
            Ok(package) => package,
            Err(why) => return Fit::Unknown(why),
        };
        self.ask(decl, node, |checker, cx, node| {
            let Some(owner) = checker.owner_of(&package, member.owner) else { return Fit::No };
            let interface = node.ancestors().find(|n| n.kind() == Kind::InterfaceType);
            if let Some(interface) = interface {
                let interface = checker.type_expr(cx, interface);
                return checker.needs(cx, node, &interface, &owner, member.name);
            }
            let method = node.parent().filter(|n| n.kind() == Kind::FuncDecl);
            let receiver = method.and_then(|method| method.child(Role::Recv));
            let receiver = receiver.and_then(|r| r.children().next()?.child(Role::Type));
            let Some(receiver) = receiver else { return Fit::No };
            let ty = match checker.type_expr(cx, receiver) {
                Type::Pointer(ty) => (*ty).clone(),
                ty => ty,
            };
            checker.needs(cx, node, &owner, &ty, member.name)
        })
    }
}

impl Checker<'_> {
    /// The type called `name` of `package`.
    fn owner_of(&self, package: &Arc<Package>, name: &str) -> Option<Type> {
        let site = package.sites(name).iter().find(|s| s.kind == NameKind::Type)?;
        Some(self.at(self.site_place(package, site), |cx, ident| self.defined(cx, ident, &[])))
    }

    /// Whether `interface` has a method `name` and `ty`, or a pointer to it, implements it.
    fn needs(&self, cx: Cx<'_>, node: Node<'_>, interface: &Type, ty: &Type, name: &str) -> Fit {
        let Type::Interface(wanted) = self.underlying(cx, node, interface) else { return Fit::No };
        if self.select(cx, node, interface, name).places.is_empty() {
            return Fit::No;
        }
        match self.underlying(cx, node, ty) {
            // Interfaces have no methods that somebody writes.
            Type::Interface(_) => Fit::No,
            _ => self.has_all(cx, node, &Type::pointer(ty.clone()), &wanted, 0),
        }
    }
}
