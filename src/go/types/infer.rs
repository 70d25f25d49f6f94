//! Type arguments that are not written (Go specification, "Type inference", "Type unification"),
//! as far as they follow plainly: from typed arguments, from constraints with one type, from
//! default types. What does not is not inferable.

use std::sync::Arc;

use super::calls::{args, parameter_for};
use super::checker::Checker;
use super::expr::is_untyped_number;
use super::model::{Basic, Direction, Parameter, Reason, Signature, Subst, Term, Type, TypeParam};
use super::subst::substitute;
use super::unit::Cx;
use crate::go::syntax::{Kind, Node};

/// The type arguments found so far.
struct Inference {
    params: Vec<Arc<TypeParam>>,
    found: Vec<Option<Type>>,
}

impl Inference {
    fn index(&self, ty: &Type) -> Option<usize> {
        match ty {
            Type::Param(param) => self.params.iter().position(|p| **p == **param),
            _ => None,
        }
    }
}

impl Checker<'_> {
    /// The signature of a generic function as `call` instantiates it.
    pub(super) fn infer_call(
        &self,
        cx: Cx<'_>,
        call: Node<'_>,
        signature: &Signature,
        explicit: Vec<Type>,
    ) -> Type {
        let (params, signature) = fresh(signature);
        let mut state = start(params, explicit);
        let spread = args(call).last().is_some_and(|a| a.kind() == Kind::Ellipsis);
        let mut types: Vec<Type> = args(call).map(|a| self.expr(cx, a)).collect();
        if let [Type::Tuple(results)] = &types[..] {
            types = results.to_vec();
        }
        let mut untyped: Vec<(usize, Basic)> = Vec::new();
        let mut functions: Vec<(Type, Type)> = Vec::new();
        for (nth, ty) in types.iter().enumerate() {
            let Some(param) = parameter_for(&signature, nth, spread) else {
                return self.unknown(cx, call, Reason::Invalid);
            };
            if !mentions(&param, &state.params) {
                continue;
            }
            match ty.untyped() {
                Some(Basic::UntypedNil) => {}
                Some(kind) => untyped.extend(state.index(&param).map(|i| (i, kind))),
                None if ty.is_generic_func() => functions.push((param, ty.clone())),
                None if ty.is_unknown() => {}
                None => {
                    if !self.unify(cx, call, &mut state, &param, ty, false) {
                        return self.unknown(cx, call, Reason::NotInferable);
                    }
                }
            }
        }
        for (param, ty) in functions {
            // The parameters of a generic argument are sought, too.
            let Type::Func(argument) = &ty else { continue };
            let (own, argument) = fresh(argument);
            state.params.extend(own);
            state.found.resize(state.params.len(), None);
            if !self.unify(cx, call, &mut state, &param, &Type::Func(Arc::new(argument)), false) {
                return self.unknown(cx, call, Reason::NotInferable);
            }
        }
        if !self.follow_constraints(cx, call, &mut state) {
            return self.unknown(cx, call, Reason::NotInferable);
        }
        for i in 0..state.params.len() {
            if state.found[i].is_some() {
                continue;
            }
            let kinds: Vec<Basic> = untyped.iter().filter(|u| u.0 == i).map(|u| u.1).collect();
            let same = |k: &Basic| is_untyped_number(*k) || *k == kinds[0];
            if kinds.iter().all(same) {
                state.found[i] = kinds.iter().max().map(|k| Type::Basic(k.default()));
            }
        }
        self.finished(cx, call, &state, signature)
    }

    /// The signature of a generic function as its use as a value of type `target` instantiates
    /// it; without a target from written arguments and constraints alone.
    pub(super) fn infer_value(
        &self,
        cx: Cx<'_>,
        node: Node<'_>,
        signature: &Signature,
        explicit: Vec<Type>,
        target: Option<&Type>,
    ) -> Type {
        let (params, signature) = fresh(signature);
        let mut state = start(params, explicit);
        let own = Type::Func(Arc::new(signature.clone()));
        let fits = target.is_none_or(|t| self.unify(cx, node, &mut state, &own, t, false));
        if !fits || !self.follow_constraints(cx, node, &mut state) {
            return self.unknown(cx, node, Reason::NotInferable);
        }
        self.finished(cx, node, &state, signature)
    }

    fn finished(
        &self,
        cx: Cx<'_>,
        node: Node<'_>,
        state: &Inference,
        signature: Signature,
    ) -> Type {
        let mut args: Vec<Type> = Vec::new();
        for found in &state.found {
            match found {
                Some(ty) => args.push(ty.clone()),
                None => return self.unknown(cx, node, Reason::NotInferable),
            }
        }
        // An argument found through a constraint may still speak of other parameters.
        for _ in 0..state.params.len() {
            let pairs = state.params.iter().cloned().zip(args.clone()).collect();
            let subst = Subst { pairs };
            args = args.iter().map(|ty| substitute(ty, &subst)).collect();
        }
        if args.iter().any(|ty| mentions(ty, &state.params)) {
            return self.unknown(cx, node, Reason::NotInferable);
        }
        let subst = Subst { pairs: state.params.iter().cloned().zip(args).collect() };
        substitute(&Type::Func(Arc::new(signature)), &subst)
    }

    /// The constraint of a fresh parameter, in fresh parameters.
    fn fresh_constraint(&self, state: &Inference, nth: usize) -> Type {
        let original = |p: &Arc<TypeParam>| {
            let file = p.file.strip_suffix('#').unwrap_or(&p.file).into();
            Arc::new(TypeParam { file, ..(**p).clone() })
        };
        let pairs = state.params.iter().map(|p| (original(p), Type::Param(p.clone())));
        substitute(&self.constraint(&state.params[nth]), &Subst { pairs: pairs.collect() })
    }

    /// Follows constraints that allow one type only, until nothing new comes of it.
    fn follow_constraints(&self, cx: Cx<'_>, node: Node<'_>, state: &mut Inference) -> bool {
        loop {
            let before = state.found.iter().flatten().count();
            for nth in 0..state.params.len() {
                let constraint = self.fresh_constraint(state, nth);
                if let Some((core, exact)) = self.core_term(cx, node, &constraint) {
                    match state.found[nth].clone() {
                        Some(found) if !self.unify(cx, node, state, &core, &found, false) => {
                            return false;
                        }
                        None if exact => state.found[nth] = Some(core),
                        _ => {}
                    }
                }
                if !self.follow_methods(cx, node, state, nth, &constraint) {
                    return false;
                }
            }
            if state.found.iter().flatten().count() == before {
                return true;
            }
        }
    }

    /// The methods that a constraint asks for tell parameters of theirs.
    fn follow_methods(
        &self,
        cx: Cx<'_>,
        node: Node<'_>,
        state: &mut Inference,
        nth: usize,
        constraint: &Type,
    ) -> bool {
        let Some(found) = state.found[nth].clone() else { return true };
        if mentions(&found, &state.params) {
            return true;
        }
        let Type::Interface(interface) = self.underlying(cx, node, constraint) else { return true };
        let open: Vec<_> =
            interface.methods.iter().filter(|m| mentions(&m.signature, &state.params)).collect();
        open.into_iter().all(|method| {
            let own = self.select(cx, node, &found, &method.name).ty;
            own.is_unknown() || self.unify(cx, node, state, &method.signature, &own, true)
        })
    }

    /// The one type that the terms of a constraint have in common, and whether it is exactly that.
    fn core_term(&self, cx: Cx<'_>, node: Node<'_>, constraint: &Type) -> Option<(Type, bool)> {
        let terms: Vec<Term> = self.terms(cx, node, constraint, 0)?;
        let first = terms.first()?;
        if let [only] = &terms[..] {
            return Some((only.ty.clone(), !only.tilde));
        }
        let under = self.underlying(cx, node, &first.ty);
        let same = |t: &Term| self.identical(&under, &self.underlying(cx, node, &t.ty));
        terms.iter().all(same).then_some((under, false))
    }

    /// Makes `param`, which may speak of the parameters sought, and `ty` the same.
    fn unify(
        &self,
        cx: Cx<'_>,
        node: Node<'_>,
        state: &mut Inference,
        param: &Type,
        ty: &Type,
        exact: bool,
    ) -> bool {
        if let Some(nth) = state.index(param) {
            return self.unify_found(cx, node, state, nth, ty, exact);
        }
        if let Some(nth) = state.index(ty) {
            return self.unify_found(cx, node, state, nth, param, exact);
        }
        // A type literal fits a defined type that has it under it.
        let ty = match (param, ty) {
            (Type::Named(_) | Type::Param(_) | Type::Basic(_), _) => ty.clone(),
            (_, Type::Named(_)) if !exact => self.underlying(cx, node, ty),
            // A parameter of the function around the call stands for what its types share.
            (_, Type::Param(_)) => self.core(cx, node, ty),
            _ => ty.clone(),
        };
        let param = match (&ty, param) {
            (Type::Named(_) | Type::Param(_) | Type::Basic(_), _) => param.clone(),
            (_, Type::Named(_)) if !exact && !matches!(ty, Type::Unknown(_)) => {
                self.underlying(cx, node, param)
            }
            _ => param.clone(),
        };
        let mut go = |a: &Type, b: &Type| self.unify(cx, node, state, a, b, true);
        match (&param, &ty) {
            (Type::Pointer(a), Type::Pointer(b)) | (Type::Slice(a), Type::Slice(b)) => go(a, b),
            (Type::Array(n, a), Type::Array(m, b)) => n == m && go(a, b),
            (Type::Map(a), Type::Map(b)) => go(&a.0, &b.0) && go(&a.1, &b.1),
            (Type::Chan(d, a), Type::Chan(e, b)) => {
                let fits = d == e || !exact && (*d == Direction::Both || *e == Direction::Both);
                fits && go(a, b)
            }
            (Type::Func(a), Type::Func(b)) => {
                let mut all = |a: &[Parameter], b: &[Parameter]| {
                    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| go(&a.ty, &b.ty))
                };
                a.variadic == b.variadic && all(&a.params, &b.params) && all(&a.results, &b.results)
            }
            (Type::Named(a), Type::Named(b)) if a.def.same(&b.def) => {
                a.args.len() == b.args.len() && a.args.iter().zip(&b.args).all(|(a, b)| go(a, b))
            }
            // What has no parameter in it says nothing about them.
            _ => !mentions(&param, &state.params) || self.identical(&param, &ty),
        }
    }

    fn unify_found(
        &self,
        cx: Cx<'_>,
        node: Node<'_>,
        state: &mut Inference,
        nth: usize,
        ty: &Type,
        exact: bool,
    ) -> bool {
        match state.found[nth].clone() {
            None => {
                state.found[nth] = Some(ty.clone());
                true
            }
            Some(known)
                if state.index(&known).is_some() && state.index(&known) == state.index(ty) =>
            {
                true
            }
            Some(known) => {
                if !mentions(&known, &state.params) && !mentions(ty, &state.params) {
                    if self.identical(&known, ty) {
                        return true;
                    }
                    let (a, b) = (self.underlying(cx, node, &known), self.underlying(cx, node, ty));
                    let one_defined =
                        matches!(known, Type::Named(_)) != matches!(ty, Type::Named(_));
                    if exact || !one_defined || !self.identical(&a, &b) {
                        return false;
                    }
                } else if !self.unify(cx, node, state, &known, ty, exact) {
                    return false;
                }
                // Of a defined type and a literal the defined one is kept.
                if matches!(ty, Type::Named(_)) && !matches!(known, Type::Named(_)) {
                    state.found[nth] = Some(ty.clone());
                }
                true
            }
        }
    }
}

fn start(params: Vec<Arc<TypeParam>>, explicit: Vec<Type>) -> Inference {
    let mut found: Vec<Option<Type>> = explicit.into_iter().map(Some).collect();
    found.resize(params.len(), None);
    Inference { params, found }
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

/// The signature with parameters that occur nowhere else, so that a function can be called
/// with its own parameters as arguments; without its list of parameters.
fn fresh(signature: &Signature) -> (Vec<Arc<TypeParam>>, Signature) {
    let fresh = |p: &Arc<TypeParam>| {
        let file = format!("{}#", p.file).into();
        Arc::new(TypeParam { file, ..(**p).clone() })
    };
    let params: Vec<_> = signature.type_params.iter().map(fresh).collect();
    let own = params.iter().map(|p| Type::Param(p.clone()));
    let subst = Subst { pairs: signature.type_params.iter().cloned().zip(own).collect() };
    let bare = Signature { type_params: Vec::new(), ..signature.clone() };
    let renamed = match substitute(&Type::Func(Arc::new(bare)), &subst) {
        Type::Func(signature) => (*signature).clone(),
        _ => Signature::default(),
    };
    (params, renamed)
}
