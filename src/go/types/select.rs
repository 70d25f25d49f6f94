//! Fields and methods (Go specification, "Selectors", "Struct types", "Method sets"). Comes in: a
//! type and a name. Goes out: the one field or method at the shallowest depth, or why there is
//! none; where a type on the way cannot be read, that is the reason.

use std::sync::Arc;

use super::checker::Checker;
use super::model::{Interface, Named, Origin, Reason, Subst, Type, TypeDef};
use super::params::type_param;
use super::subst::substitute;
use super::unit::{Cx, Place};
use crate::go::packages::Package;
use crate::go::syntax::{Kind, Node, Role};

/// A field or method.
#[derive(Clone, Debug)]
pub(super) struct Selected {
    /// Its type, or why there is none.
    pub(super) ty: Type,
    /// The identifiers that declare it: one, or one for each of the files that exclude each other.
    pub(super) places: Vec<Place>,
}

/// What the types at one depth have of the name.
#[derive(Default)]
struct Level {
    /// Whether no other type is at this depth.
    alone: bool,
    found: Vec<Selected>,
    /// A type that may have the name, but cannot be read.
    unread: Option<Type>,
    next: Vec<(Type, bool)>,
}

impl Checker<'_> {
    /// What `name` selects from a value of type `ty`. `node` is where knowledge ends if it does.
    pub(super) fn select(&self, cx: Cx<'_>, node: Node<'_>, ty: &Type, name: &str) -> Selected {
        let nothing = |reason| Selected { ty: self.unknown(cx, node, reason), places: Vec::new() };
        let mut through_pointer = false;
        let start = match ty {
            Type::Pointer(to) => {
                through_pointer = true;
                (**to).clone()
            }
            Type::Named(_) => match self.underlying(cx, node, ty) {
                // A defined pointer type has the fields of what it points at, and no methods.
                Type::Pointer(to) => {
                    let field = self.select(cx, node, &Type::Pointer(to), name);
                    let is_field = field.places.first().is_some_and(|p| self.is_field(*p));
                    return if is_field {
                        field
                    } else {
                        nothing(Reason::NoSuchMember(name.into()))
                    };
                }
                _ => ty.clone(),
            },
            _ => ty.clone(),
        };
        if through_pointer
            && matches!(
                self.underlying(cx, node, &start),
                Type::Interface(_) | Type::Pointer(_) | Type::Param(_)
            )
        {
            return nothing(Reason::NoSuchMember(name.into()));
        }
        self.search(cx, node, start, name, Vec::new())
    }

    /// Looks for `name` in `start` and, depth by depth, in what it embeds.
    fn search(
        &self,
        cx: Cx<'_>,
        node: Node<'_>,
        start: Type,
        name: &str,
        mut seen: Vec<Arc<TypeDef>>,
    ) -> Selected {
        let nothing = |reason| Selected { ty: self.unknown(cx, node, reason), places: Vec::new() };
        let mut level = vec![(start, false)];
        while !level.is_empty() {
            let mut here = Level { alone: level.len() == 1, ..Level::default() };
            let mut many = false;
            for (ty, multiple) in &level {
                let before = here.found.len();
                self.look(cx, node, ty, name, &mut seen, &mut here);
                many |= *multiple && here.found.len() > before;
            }
            match (here.found.len(), here.unread) {
                (1, None) if !many => return here.found.remove(0),
                (0 | 1, Some(unread)) => {
                    return Selected { ty: unread, places: Vec::new() };
                }
                (0, None) => {}
                _ => return nothing(Reason::Ambiguous(name.into())),
            }
            level = self.consolidated(here.next);
        }
        nothing(Reason::NoSuchMember(name.into()))
    }

    pub(super) fn is_field(&self, place: Place) -> bool {
        self.at(place, |_, ident| ident.ancestors().any(|a| a.kind() == Kind::StructType))
    }

    /// Types that occur more than once at a depth are looked at once, and hide what they have.
    fn consolidated(&self, next: Vec<(Type, bool)>) -> Vec<(Type, bool)> {
        let mut out: Vec<(Type, bool)> = Vec::new();
        for (ty, multiple) in next {
            match out.iter_mut().find(|(known, _)| self.identical(known, &ty)) {
                Some((_, many)) => *many = true,
                None => out.push((ty, multiple)),
            }
        }
        out
    }

    fn look(
        &self,
        cx: Cx<'_>,
        node: Node<'_>,
        ty: &Type,
        name: &str,
        seen: &mut Vec<Arc<TypeDef>>,
        level: &mut Level,
    ) {
        let mut variants = match ty {
            Type::Named(named) => {
                if seen.iter().any(|def| def.same(&named.def)) {
                    return;
                }
                seen.push(named.def.clone());
                match self.method(cx, node, named, name) {
                    Some((method, true)) => {
                        level.found.push(method);
                        return;
                    }
                    // Where the method is not built another one may be promoted.
                    Some((method, false)) => {
                        let variants = self.underlying_variants(cx, node, named);
                        self.look_in_variants(cx, node, &variants, Some(method), name, seen, level);
                        return;
                    }
                    None => self.underlying_variants(cx, node, named),
                }
            }
            Type::Param(param) => {
                let constraint = self.constraint(param);
                vec![self.underlying(cx, node, &constraint)]
            }
            other => vec![other.clone()],
        };
        match variants.len() {
            1 => self.look_under(cx, node, &variants.remove(0), name, level),
            _ => self.look_in_variants(cx, node, &variants, None, name, seen, level),
        }
    }

    /// Looks into the types that files which exclude each other declare: each by itself, and what
    /// they have of the name must agree. Which of them lack it does not matter: code that names
    /// it is not built with those.
    #[allow(clippy::too_many_arguments, reason = "the same as its neighbours")]
    fn look_in_variants(
        &self,
        cx: Cx<'_>,
        node: Node<'_>,
        variants: &[Type],
        method: Option<Selected>,
        name: &str,
        seen: &[Arc<TypeDef>],
        level: &mut Level,
    ) {
        let mut everywhere = method.is_none();
        let mut found: Vec<Selected> = method.into_iter().collect();
        for variant in variants {
            let mut direct = Level::default();
            self.look_under(cx, node, variant, name, &mut direct);
            everywhere &= direct.found.len() == 1;
            let selected = self.search(cx, node, variant.clone(), name, seen.to_vec());
            match &selected.ty {
                Type::Unknown(why) if matches!(why.reason, Reason::NoSuchMember(_)) => {}
                _ => found.push(selected),
            }
        }
        if found.is_empty() {
            return;
        }
        let agreed = self.agreed_on(cx, node, name, found.iter().map(|s| s.ty.clone()));
        if agreed.is_unknown() {
            level.unread = Some(agreed);
        } else if everywhere || level.alone {
            let places = found.into_iter().flat_map(|s| s.places).collect();
            level.found.push(Selected { ty: agreed, places });
        } else {
            // What stands beside it may be nearer than what one of them embeds.
            level.unread = Some(self.unknown(cx, node, Reason::BuildTags(name.into())));
        }
    }

    fn look_under(&self, cx: Cx<'_>, node: Node<'_>, ty: &Type, name: &str, level: &mut Level) {
        match ty {
            Type::Struct(fields) => {
                for field in &fields.fields {
                    if *field.name == *name && self.sees(cx, field.place, name) {
                        let ty = self.force(&field.ty);
                        level.found.push(Selected { ty, places: vec![field.place] });
                        continue;
                    }
                    if field.embedded {
                        let ty = match self.force(&field.ty) {
                            Type::Pointer(to) => (*to).clone(),
                            other => other,
                        };
                        level.next.push((ty, false));
                    }
                }
            }
            Type::Interface(interface) => {
                match self.interface_method(cx, node, interface, name, 0) {
                    Ok(Some(method)) => level.found.push(method),
                    Ok(None) => {}
                    Err(unread) => level.unread = Some(unread),
                }
            }
            Type::Unknown(_) => level.unread = Some(ty.clone()),
            _ => {}
        }
    }

    /// A method of an interface, its own or embedded; the type that cannot be read if that may
    /// have it.
    fn interface_method(
        &self,
        cx: Cx<'_>,
        node: Node<'_>,
        interface: &Interface,
        name: &str,
        depth: usize,
    ) -> Result<Option<Selected>, Type> {
        let own = interface.methods.iter().find(|m| *m.name == *name);
        if let Some(method) = own.filter(|m| m.place.is_none_or(|p| self.sees(cx, p, name))) {
            let places = method.place.into_iter().collect();
            return Ok(Some(Selected { ty: method.signature.clone(), places }));
        }
        if depth > 20 {
            return Ok(None);
        }
        let mut unread = None;
        for embedded in &interface.embedded {
            match self.underlying(cx, node, embedded) {
                Type::Interface(inner) => {
                    match self.interface_method(cx, node, &inner, name, depth + 1) {
                        Ok(Some(method)) => return Ok(Some(method)),
                        Ok(None) => {}
                        Err(ty) => unread = Some(ty),
                    }
                }
                ty @ Type::Unknown(_) => unread = Some(ty),
                _ => {}
            }
        }
        unread.map_or(Ok(None), Err)
    }

    /// The method `name` that is declared for a defined type, and whether it is in every build
    /// that the asking file is in.
    fn method(
        &self,
        cx: Cx<'_>,
        node: Node<'_>,
        named: &Named,
        name: &str,
    ) -> Option<(Selected, bool)> {
        let Origin::Package(package) = &named.def.origin else { return None };
        if !is_exported(name) && !same_package(&cx.unit.package, package) {
            return None;
        }
        let package = self.with_own_tests(cx, package);
        let mut sites =
            self.visible(cx.unit, &package, package.method_sites(&named.def.name, name));
        for alias in package.alias_receivers(name) {
            if self.alias_of(cx, &package, alias).is_some_and(|def| def.same(&named.def)) {
                sites.extend(self.visible(cx.unit, &package, package.method_sites(alias, name)));
            }
        }
        if sites.is_empty() {
            return None;
        }
        let constraints = sites.iter().map(|s| &package.files()[s.file].constraint);
        let covered = cx.unit.constraint.is_covered_by(constraints);
        let places: Vec<Place> = sites.iter().map(|s| self.site_place(&package, s)).collect();
        let types = places.iter().map(|place| self.method_type(*place, &named.args));
        let ty = if sites.iter().all(|site| self.is_sound(&package, site)) {
            self.agreed_on(cx, node, name, types.collect::<Vec<_>>())
        } else {
            self.unknown(cx, node, Reason::Syntax)
        };
        Some((Selected { ty, places }, covered))
    }

    /// The defined type that the alias `name` of `package` stands for.
    fn alias_of(&self, cx: Cx<'_>, package: &Arc<Package>, name: &str) -> Option<Arc<TypeDef>> {
        let sites = self.visible(cx.unit, package, package.sites(name));
        let site = sites.first()?;
        let target = self.at(self.site_place(package, site), |cx, ident| {
            self.nested(cx, ident, || self.defined(cx, ident, &[]))
        });
        match target {
            Type::Named(named) => Some(named.def.clone()),
            _ => None,
        }
    }

    /// Tests may declare methods of their own package's types; those outside of the package see
    /// them, too.
    fn with_own_tests(&self, cx: Cx<'_>, package: &Arc<Package>) -> Arc<Package> {
        let own = &cx.unit.package;
        if same_package(own, package) {
            return own.clone();
        }
        let external_test = cx.unit.source.is_test() && own.dir() == package.dir();
        let whole = external_test.then(|| self.types.index.with_tests(package).ok()).flatten();
        whole.unwrap_or_else(|| package.clone())
    }

    /// The type of the method whose name stands at `place`, for a receiver with `args`.
    pub(super) fn method_type(&self, place: Place, args: &[Type]) -> Type {
        self.at(place, |cx, ident| {
            let ty = self.declared(cx, ident);
            let (Some(func), false) = (ident.parent(), args.is_empty()) else { return ty };
            let receiver = func.child(Role::Recv);
            let index = receiver.and_then(|r| r.subtree().find(|n| n.kind() == Kind::Index));
            let list = index.and_then(|i| i.child(Role::Indices));
            let params = list.into_iter().flat_map(Node::children);
            let params = params.map(|ident| Arc::new(type_param(cx, ident)));
            substitute(&ty, &Subst { pairs: params.zip(args.to_vec()).collect() })
        })
    }

    /// Whether a field or method that is declared at `place` can be named here.
    fn sees(&self, cx: Cx<'_>, place: Place, name: &str) -> bool {
        is_exported(name) || same_package(&self.unit(place.unit).package, &cx.unit.package)
    }
}

fn same_package(a: &Package, b: &Package) -> bool {
    a.dir() == b.dir() && a.clause() == b.clause()
}

/// Whether other packages can use the name (Go specification, "Exported identifiers").
fn is_exported(name: &str) -> bool {
    name.chars().next().is_some_and(char::is_uppercase)
}
