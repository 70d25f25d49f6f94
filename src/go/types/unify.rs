//! Type unification (Go specification, "Type unification"; where that leaves it open,
//! `go/types/unify.go`). Comes in: two types, of which one speaks of type parameters that are
//! sought. Goes out: whether they can be made the same, and with which arguments.

use std::sync::Arc;

use super::checker::Checker;
use super::model::{Direction, Interface, Method, Parameter, Type, TypeParam};
use super::unit::Cx;
use crate::go::syntax::Node;

/// The type arguments found so far.
pub(super) struct Inference {
    pub(super) params: Vec<Arc<TypeParam>>,
    pub(super) found: Vec<Option<Type>>,
    /// Parameters that something which cannot be read may speak of: what is not known of them
    /// must not be made up.
    pub(super) blind: Vec<bool>,
    /// Parameters that stand for arguments which cannot be read.
    pub(super) open: Vec<bool>,
}

impl Inference {
    pub(super) fn new(params: Vec<Arc<TypeParam>>, explicit: Vec<Type>) -> Self {
        let mut found: Vec<Option<Type>> = explicit.into_iter().map(Some).collect();
        found.resize(params.len(), None);
        let none = vec![false; params.len()];
        Self { blind: none.clone(), open: none, params, found }
    }

    pub(super) fn add(&mut self, params: Vec<Arc<TypeParam>>) {
        self.params.extend(params);
        self.found.resize(self.params.len(), None);
        self.blind.resize(self.params.len(), false);
        self.open.resize(self.params.len(), false);
    }

    pub(super) fn index(&self, ty: &Type) -> Option<usize> {
        match ty {
            Type::Param(param) => self.params.iter().position(|p| **p == **param),
            _ => None,
        }
    }

    /// The last in a chain of parameters that stand for each other.
    fn root(&self, nth: usize) -> usize {
        let mut root = nth;
        while let Some(next) = self.found[root].as_ref().and_then(|ty| self.index(ty)) {
            root = next;
        }
        root
    }

    /// What speaks of the parameters in `ty` cannot be read.
    pub(super) fn blind_to(&mut self, ty: &Type) {
        for (param, blind) in self.params.iter().zip(&mut self.blind) {
            *blind |= mentions(ty, std::slice::from_ref(param));
        }
    }
}

/// How much alike two types must be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// As in an assignment: a type literal fits a defined type, but their elements are the same.
    Assign,
    /// The same all the way down.
    Inexact,
    /// Identical.
    Exact,
}

impl Mode {
    fn of_elements(self) -> Self {
        if self == Mode::Inexact { Mode::Inexact } else { Mode::Exact }
    }
}

/// Where two types are unified.
#[derive(Clone, Copy)]
pub(super) struct Site<'s> {
    pub(super) cx: Cx<'s>,
    pub(super) node: Node<'s>,
}

impl Checker<'_> {
    /// Makes `param`, which may speak of the parameters sought, and `ty` the same.
    pub(super) fn unify(
        &self,
        at: Site<'_>,
        state: &mut Inference,
        param: &Type,
        ty: &Type,
        mode: Mode,
    ) -> bool {
        self.unify_at(at, state, (param, ty), mode, 0)
    }

    fn unify_at(
        &self,
        at: Site<'_>,
        state: &mut Inference,
        (param, ty): (&Type, &Type),
        mode: Mode,
        depth: usize,
    ) -> bool {
        // Types that refer to themselves through interfaces end here.
        if depth > 60 {
            return false;
        }
        if let Some(nth) = state.index(param) {
            return self.unify_found(at, state, nth, ty, mode, depth);
        }
        if let Some(nth) = state.index(ty) {
            return self.unify_found(at, state, nth, param, mode, depth);
        }
        if !mentions(param, &state.params) && !mentions(ty, &state.params) {
            // What has no parameter in it says nothing about them.
            return true;
        }
        if let (Type::Named(a), Type::Named(b)) = (param, ty)
            && a.def.same(&b.def)
        {
            let mut args = a.args.iter().zip(&b.args);
            let elements = mode.of_elements();
            return a.args.len() == b.args.len()
                && args.all(|(a, b)| self.unify_at(at, state, (a, b), elements, depth + 1));
        }
        if mode != Mode::Exact {
            let under = |t: &Type| match t {
                Type::Param(_) => None,
                _ => match self.underlying(at.cx, at.node, t) {
                    Type::Interface(interface) => Some(interface),
                    _ => None,
                },
            };
            match (under(param), under(ty)) {
                (None, None) => {}
                (Some(a), Some(b)) => return self.unify_interfaces(at, state, &a, &b, depth),
                (Some(a), None) => return self.unify_methods(at, state, &a, ty, depth),
                (None, Some(b)) => return self.unify_methods(at, state, &b, param, depth),
            }
        }
        let (param, ty) = (self.literal(at, param, ty, mode), self.literal(at, ty, param, mode));
        self.unify_literals(at, state, (&param, &ty), mode, depth)
    }

    /// A defined type as what is under it, where a type literal fits it.
    fn literal(&self, at: Site<'_>, ty: &Type, other: &Type, mode: Mode) -> Type {
        match (ty, other) {
            (_, Type::Named(_) | Type::Param(_) | Type::Unknown(_)) => ty.clone(),
            (Type::Named(_), _) if mode != Mode::Exact => self.underlying(at.cx, at.node, ty),
            // A parameter of the function around the call stands for what its types share.
            (Type::Param(_), _) if mode != Mode::Exact => self.core(at.cx, at.node, ty),
            _ => ty.clone(),
        }
    }

    fn unify_literals(
        &self,
        at: Site<'_>,
        state: &mut Inference,
        (param, ty): (&Type, &Type),
        mode: Mode,
        depth: usize,
    ) -> bool {
        let elements = mode.of_elements();
        let mut go = |a: &Type, b: &Type| self.unify_at(at, state, (a, b), elements, depth + 1);
        match (param, ty) {
            (Type::Pointer(a), Type::Pointer(b)) | (Type::Slice(a), Type::Slice(b)) => go(a, b),
            (Type::Array(n, a), Type::Array(m, b)) => n == m && go(a, b),
            (Type::Map(a), Type::Map(b)) => go(&a.0, &b.0) && go(&a.1, &b.1),
            (Type::Chan(d, a), Type::Chan(e, b)) => {
                let either = *d == Direction::Both || *e == Direction::Both;
                (d == e || mode != Mode::Exact && either) && go(a, b)
            }
            (Type::Func(a), Type::Func(b)) => {
                let mut all = |a: &[Parameter], b: &[Parameter]| {
                    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| go(&a.ty, &b.ty))
                };
                a.variadic == b.variadic && all(&a.params, &b.params) && all(&a.results, &b.results)
            }
            (Type::Struct(a), Type::Struct(b)) => {
                let mut pairs = a.fields.iter().zip(&b.fields);
                a.fields.len() == b.fields.len()
                    && pairs.all(|(a, b)| {
                        let alike = a.name == b.name && a.embedded == b.embedded && a.tag == b.tag;
                        alike && go(&self.force(&a.ty), &self.force(&b.ty))
                    })
            }
            (Type::Interface(a), Type::Interface(b)) => {
                a.methods.len() == b.methods.len() && self.unify_interfaces(at, state, a, b, depth)
            }
            _ => false,
        }
    }

    /// Of two interfaces one has all methods of the other, and they are the same.
    fn unify_interfaces(
        &self,
        at: Site<'_>,
        state: &mut Inference,
        a: &Interface,
        b: &Interface,
        depth: usize,
    ) -> bool {
        let (Some(a), Some(b)) = (self.all_methods(at, a), self.all_methods(at, b)) else {
            return false;
        };
        let (few, many) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
        few.iter().all(|method| {
            many.iter().find(|m| m.name == method.name).is_some_and(|other| {
                let pair = (&method.signature, &other.signature);
                self.unify_at(at, state, pair, Mode::Exact, depth + 1)
            })
        })
    }

    /// A type that is no interface has the methods of one.
    fn unify_methods(
        &self,
        at: Site<'_>,
        state: &mut Inference,
        interface: &Interface,
        ty: &Type,
        depth: usize,
    ) -> bool {
        let Some(methods) = self.all_methods(at, interface) else { return false };
        methods.iter().all(|method| {
            let own = self.select(at.cx, at.node, ty, &method.name).ty;
            !own.is_unknown()
                && self.unify_at(at, state, (&method.signature, &own), Mode::Exact, depth + 1)
        })
    }

    /// The methods of an interface, its own and embedded; none where one cannot be read or the
    /// interface is a constraint.
    pub(super) fn all_methods(&self, at: Site<'_>, interface: &Interface) -> Option<Vec<Method>> {
        let mut methods = interface.methods.clone();
        let mut todo = interface.embedded.clone();
        let mut rounds = 0;
        while let Some(embedded) = todo.pop() {
            rounds += 1;
            match self.underlying(at.cx, at.node, &embedded) {
                Type::Interface(inner) if rounds < 200 => {
                    let new = inner.methods.iter();
                    let new: Vec<_> =
                        new.filter(|m| methods.iter().all(|k| k.name != m.name)).cloned().collect();
                    methods.extend(new);
                    todo.extend(inner.embedded.iter().cloned());
                }
                Type::Unknown(_) | Type::Interface(_) => return None,
                // Unions and single types say nothing of methods.
                _ => {}
            }
        }
        Some(methods)
    }

    fn unify_found(
        &self,
        at: Site<'_>,
        state: &mut Inference,
        nth: usize,
        ty: &Type,
        mode: Mode,
        depth: usize,
    ) -> bool {
        let nth = state.root(nth);
        let other = state.index(ty).map(|other| state.root(other));
        if other == Some(nth) {
            return true;
        }
        let Some(known) = state.found[nth].clone() else {
            state.found[nth] = Some(ty.clone());
            return true;
        };
        if let Some(other) = other.filter(|other| state.found[*other].is_none()) {
            state.found[other] = Some(Type::Param(state.params[nth].clone()));
            return true;
        }
        let plain = !mentions(&known, &state.params) && !mentions(ty, &state.params);
        if plain {
            if self.identical(&known, ty) {
                return true;
            }
            if mode == Mode::Exact || !self.assignable_alike(at, &known, ty) {
                return false;
            }
        } else if !self.unify_at(at, state, (&known, ty), mode, depth + 1) {
            return false;
        }
        if mode != Mode::Exact && !matches!(known, Type::Named(_)) {
            // Of a defined type and a literal the defined one is kept, of channels the directed.
            let directed = |t: &Type| matches!(t, Type::Chan(d, _) if *d != Direction::Both);
            if matches!(ty, Type::Named(_)) || directed(ty) {
                state.found[nth] = Some(ty.clone());
            }
        }
        true
    }

    /// Whether two types that are not identical differ in being defined or in the direction of a
    /// channel only.
    fn assignable_alike(&self, at: Site<'_>, a: &Type, b: &Type) -> bool {
        let defined = |t: &Type| matches!(t, Type::Named(_));
        let under = |t: &Type| self.underlying(at.cx, at.node, t);
        match (a, b) {
            (Type::Param(_) | Type::Basic(_), _) | (_, Type::Param(_) | Type::Basic(_)) => false,
            _ if defined(a) && defined(b) => false,
            _ => match (under(a), under(b)) {
                (Type::Interface(_), _) | (_, Type::Interface(_)) => false,
                (Type::Chan(d, a), Type::Chan(e, b)) => {
                    let fits = d == e || d == Direction::Both || e == Direction::Both;
                    fits && self.identical(&a, &b)
                }
                (a, b) => self.identical(&a, &b),
            },
        }
    }
}

/// Whether `ty` speaks of any of `params`.
pub(super) fn mentions(ty: &Type, params: &[Arc<TypeParam>]) -> bool {
    let go = |ty: &Type| mentions(ty, params);
    match ty {
        Type::Basic(_) | Type::Unknown(_) => false,
        Type::Param(param) => params.iter().any(|p| **p == **param),
        Type::Named(named) => named.args.iter().any(go),
        Type::Pointer(to) | Type::Slice(to) | Type::Array(_, to) | Type::Chan(_, to) => go(to),
        Type::Map(map) => go(&map.0) || go(&map.1),
        Type::Tuple(types) => types.iter().any(go),
        Type::Func(signature) => {
            signature.params.iter().chain(&signature.results).any(|p| go(&p.ty))
        }
        Type::Struct(fields) => fields.fields.iter().any(|f| {
            f.ty.subst.as_ref().is_some_and(|s| s.pairs.iter().any(|(_, ty)| go(ty)))
                || f.ty.known.get().is_some_and(go)
        }),
        Type::Interface(interface) => {
            interface.methods.iter().any(|m| go(&m.signature)) || interface.embedded.iter().any(go)
        }
        Type::Union(terms) => terms.iter().any(|t| go(&t.ty)),
    }
}
