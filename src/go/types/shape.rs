//! Types as somebody asks for them: `*sql.DB`, `map[string]$_`. Comes in: the type of an expression
//! and a shape. Goes out: whether it is that type, by type identity after aliases; or that this
//! is not known, with the place where knowledge ended. What is not known in a part that does not
//! matter, because another part differs, does not matter here either.

use std::sync::Arc;

use super::checker::Checker;
use super::model::{Basic, Direction, Named, Origin, Reason, Signature, Type, Unknown};
use super::unit::Cx;
use crate::go::packages::NameKind;
use crate::go::syntax::{Node, Op, Role};

/// A type, or a set of types that share a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Any type.
    Any,
    /// A predeclared type.
    Basic(Basic),
    /// `any`.
    EmptyInterface,
    /// `struct{}`.
    EmptyStruct,
    /// A named type of a package, or with an empty path a predeclared one; without a name any
    /// type of the package. No arguments stand for any arguments.
    Named {
        /// The import path.
        path: Arc<str>,
        /// The name.
        name: Option<Arc<str>>,
        /// The type arguments.
        args: Vec<Shape>,
    },
    /// `*T`.
    Pointer(Box<Shape>),
    /// `[]T`.
    Slice(Box<Shape>),
    /// `[N]T`; any length without one.
    Array(Option<u64>, Box<Shape>),
    /// `map[K]V`.
    Map(Box<Shape>, Box<Shape>),
    /// A channel.
    Chan(Direction, Box<Shape>),
    /// A function.
    Func(Box<FuncShape>),
    /// Any number of parameters or results, in their lists.
    Rest,
}

/// A function type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FuncShape {
    /// Parameters; the type of a variadic last one is a slice.
    pub params: Vec<Shape>,
    /// Whether the last parameter takes any number of arguments.
    pub variadic: bool,
    /// Results.
    pub results: Vec<Shape>,
}

impl Shape {
    /// Whether it says an import path that `wanted` picks.
    pub fn has_path(&self, wanted: &dyn Fn(&str) -> bool) -> bool {
        match self {
            Shape::Named { path, args, .. } => {
                wanted(path) || args.iter().any(|arg| arg.has_path(wanted))
            }
            Shape::Pointer(of) | Shape::Slice(of) | Shape::Array(_, of) | Shape::Chan(_, of) => {
                of.has_path(wanted)
            }
            Shape::Map(key, value) => key.has_path(wanted) || value.has_path(wanted),
            Shape::Func(func) => {
                func.params.iter().chain(&func.results).any(|shape| shape.has_path(wanted))
            }
            _ => false,
        }
    }

    /// The same with other import paths.
    #[must_use]
    pub fn with_paths(&self, path_of: &dyn Fn(&str) -> Arc<str>) -> Shape {
        let of = |shape: &Shape| Box::new(shape.with_paths(path_of));
        let all = |shapes: &[Shape]| shapes.iter().map(|s| s.with_paths(path_of)).collect();
        match self {
            Shape::Named { path, name, args } => {
                Shape::Named { path: path_of(path), name: name.clone(), args: all(args) }
            }
            Shape::Pointer(to) => Shape::Pointer(of(to)),
            Shape::Slice(element) => Shape::Slice(of(element)),
            Shape::Array(len, element) => Shape::Array(*len, of(element)),
            Shape::Map(key, value) => Shape::Map(of(key), of(value)),
            Shape::Chan(direction, element) => Shape::Chan(*direction, of(element)),
            Shape::Func(func) => Shape::Func(Box::new(FuncShape {
                params: all(&func.params),
                variadic: func.variadic,
                results: all(&func.results),
            })),
            other => other.clone(),
        }
    }

    /// The named types of packages that a type of this shape cannot be without: paths and names.
    pub fn needs(&self, out: &mut Vec<(Arc<str>, Option<Arc<str>>)>) {
        match self {
            Shape::Named { path, name, args } => {
                if !path.is_empty() {
                    out.push((path.clone(), name.clone()));
                }
                for arg in args {
                    arg.needs(out);
                }
            }
            Shape::Pointer(to) | Shape::Slice(to) | Shape::Array(_, to) | Shape::Chan(_, to) => {
                to.needs(out);
            }
            Shape::Map(key, value) => {
                key.needs(out);
                value.needs(out);
            }
            Shape::Func(func) => {
                for shape in func.params.iter().chain(&func.results) {
                    shape.needs(out);
                }
            }
            Shape::Any
            | Shape::Basic(_)
            | Shape::EmptyInterface
            | Shape::EmptyStruct
            | Shape::Rest => {}
        }
    }
}

/// The answer to a question about types.
#[derive(Clone, Debug)]
pub enum Fit {
    /// It is so.
    Yes,
    /// It is not so.
    No,
    /// That is not known: where knowledge ended, and why.
    Unknown(Arc<Unknown>),
}

impl Fit {
    /// Yes or no.
    pub fn from_bool(holds: bool) -> Self {
        if holds { Fit::Yes } else { Fit::No }
    }

    /// Whether both are so: one no is enough for a no. The second is asked only where it matters.
    #[must_use]
    pub fn and(self, other: impl FnOnce() -> Fit) -> Fit {
        match self {
            Fit::No => Fit::No,
            Fit::Yes => other(),
            Fit::Unknown(why) => match other() {
                Fit::No => Fit::No,
                _ => Fit::Unknown(why),
            },
        }
    }

    /// Whether either is so: one yes is enough for a yes.
    #[must_use]
    pub fn or(self, other: impl FnOnce() -> Fit) -> Fit {
        match self {
            Fit::Yes => Fit::Yes,
            Fit::No => other(),
            Fit::Unknown(why) => match other() {
                Fit::Yes => Fit::Yes,
                _ => Fit::Unknown(why),
            },
        }
    }
}

impl Checker<'_> {
    /// Whether `ty`, the type of `node`, has the shape.
    pub(super) fn fits(&self, cx: Cx<'_>, node: Node<'_>, ty: &Type, shape: &Shape) -> Fit {
        match (shape, ty) {
            (Shape::Any, _) => return Fit::Yes,
            (_, Type::Unknown(why)) => return Fit::Unknown(why.clone()),
            (Shape::Named { path, name, args }, Type::Named(named)) => {
                return self.fits_named(cx, node, named, (path, name.as_ref(), args), ty);
            }
            // A defined type that cannot be read may be another name of any type.
            (_, Type::Named(named)) if named.def.is_external() => {
                return Fit::Unknown(unread(cx, node, named));
            }
            (Shape::Named { path, name: Some(name), .. }, _) if !path.is_empty() => {
                return Fit::from_bool(self.is_alias_of(cx, path, name, ty));
            }
            _ => {}
        }
        let fits = |ty: &Type, shape: &Shape| self.fits(cx, node, ty, shape);
        match (shape, ty) {
            (Shape::Basic(a), Type::Basic(b)) => Fit::from_bool(a.canonical() == b.canonical()),
            (Shape::EmptyInterface, Type::Interface(i)) => {
                Fit::from_bool(i.methods.is_empty() && i.embedded.is_empty())
            }
            (Shape::EmptyStruct, Type::Struct(s)) => Fit::from_bool(s.fields.is_empty()),
            (Shape::Pointer(shape), Type::Pointer(to)) | (Shape::Slice(shape), Type::Slice(to)) => {
                fits(to, shape)
            }
            (Shape::Array(length, shape), Type::Array(n, of)) => {
                Fit::from_bool(length.is_none_or(|length| length == *n)).and(|| fits(of, shape))
            }
            (Shape::Map(key, value), Type::Map(map)) => {
                fits(&map.0, key).and(|| fits(&map.1, value))
            }
            (Shape::Chan(wanted, shape), Type::Chan(direction, of)) => {
                Fit::from_bool(wanted == direction).and(|| fits(of, shape))
            }
            (Shape::Func(wanted), Type::Func(signature)) => {
                self.fits_func(cx, node, signature, wanted)
            }
            _ => Fit::No,
        }
    }

    fn fits_named(
        &self,
        cx: Cx<'_>,
        node: Node<'_>,
        named: &Named,
        (path, name, args): (&Arc<str>, Option<&Arc<str>>, &[Shape]),
        ty: &Type,
    ) -> Fit {
        let global = !matches!(named.def.origin, Origin::Local(..));
        let here = global && named.def.path == *path && name.is_none_or(|n| *n == named.def.name);
        if here {
            if args.is_empty() {
                return Fit::Yes;
            }
            if args.len() != named.args.len() {
                return Fit::No;
            }
            let pairs = named.args.iter().zip(args);
            return pairs
                .fold(Fit::Yes, |fit, (ty, shape)| fit.and(|| self.fits(cx, node, ty, shape)));
        }
        if named.def.is_external() {
            return Fit::Unknown(unread(cx, node, named));
        }
        Fit::from_bool(name.is_some_and(|name| self.is_alias_of(cx, path, name, ty)))
    }

    /// Whether `path.name` is an alias of `ty`. A name of a package that cannot be read is taken
    /// for a defined type: whoever asks for it knows what it is.
    fn is_alias_of(&self, cx: Cx<'_>, path: &str, name: &str, ty: &Type) -> bool {
        if path.is_empty() {
            return false;
        }
        let Ok(package) = self.types.packages().import_from(&cx.unit.package, path) else {
            return false;
        };
        let sites = self.visible(cx.unit, &package, package.sites(name));
        let types = sites.iter().filter(|s| s.kind == NameKind::Type);
        types.into_iter().any(|site| {
            let target = self.at(self.site_place(&package, site), |cx, ident| {
                let spec = ident.parent().filter(|spec| spec.op() == Op::Assign)?;
                Some(self.type_expr(cx, spec.child(Role::Type)?))
            });
            target.is_some_and(|target| self.identical(&target, ty))
        })
    }

    fn fits_func(
        &self,
        cx: Cx<'_>,
        node: Node<'_>,
        signature: &Signature,
        wanted: &FuncShape,
    ) -> Fit {
        let open = wanted.params.contains(&Shape::Rest);
        if !signature.type_params.is_empty() || (signature.variadic != wanted.variadic && !open) {
            return Fit::No;
        }
        let params: Vec<&Type> = signature.params.iter().map(|p| &p.ty).collect();
        let results: Vec<&Type> = signature.results.iter().map(|p| &p.ty).collect();
        let params = self.fits_list(cx, node, &params, &wanted.params);
        params.and(|| self.fits_list(cx, node, &results, &wanted.results))
    }

    fn fits_list(&self, cx: Cx<'_>, node: Node<'_>, types: &[&Type], shapes: &[Shape]) -> Fit {
        match (shapes.split_first(), types.split_first()) {
            (None, None) => Fit::Yes,
            (Some((Shape::Rest, rest)), _) => (0..=types.len()).fold(Fit::No, |fit, taken| {
                fit.or(|| self.fits_list(cx, node, &types[taken..], rest))
            }),
            (Some((shape, shapes)), Some((ty, types))) => {
                let first = self.fits(cx, node, ty, shape);
                first.and(|| self.fits_list(cx, node, types, shapes))
            }
            _ => Fit::No,
        }
    }
}

/// Knowledge ends at a type that is defined in a package that cannot be read.
fn unread(cx: Cx<'_>, node: Node<'_>, named: &Named) -> Arc<Unknown> {
    let reason = match &named.def.origin {
        Origin::External(why) => Reason::Package(named.def.path.clone(), why.clone()),
        _ => Reason::NoType,
    };
    Arc::new(Unknown { file: cx.unit.source.path().clone(), span: node.span(), reason })
}
