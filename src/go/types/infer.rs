//! Type arguments that are not written (Go specification, "Type inference", "Type unification"),
//! as far as they follow plainly: from typed arguments, from constraints with one type, from
//! default types. What does not is not inferable.

use std::sync::Arc;

use super::calls::{args, parameter_for};
use super::checker::Checker;
use super::expr::is_untyped_number;
use super::model::{Basic, Reason, Signature, Subst, Term, Type, TypeParam};
use super::subst::substitute;
use super::unify::{Inference, Mode, Site, mentions};
use super::unit::Cx;
use crate::go::syntax::{Kind, Node};

impl Checker<'_> {
    /// The signature of a generic function as `call` instantiates it.
    pub(super) fn infer_call(
        &self,
        cx: Cx<'_>,
        call: Node<'_>,
        signature: &Signature,
        explicit: Vec<Type>,
    ) -> Type {
        let at = Site { cx, node: call };
        let (params, signature) = fresh(signature);
        let signature = with_explicit(&params, signature, &explicit);
        let mut state = Inference::new(params, explicit);
        let spread = args(call).last().is_some_and(|a| a.kind() == Kind::Ellipsis);
        let mut types: Vec<Type> = args(call).map(|a| self.expr(cx, a)).collect();
        if let [Type::Tuple(results)] = &types[..] {
            types = results.to_vec();
        }
        let untyped = match self.unify_arguments(at, &mut state, (&signature, spread), &types) {
            Ok(untyped) => untyped,
            Err(why) => return self.unknown(cx, call, why),
        };
        if !self.follow_constraints(at, &mut state) {
            return self.unknown(cx, call, Reason::NotInferable);
        }
        take_defaults(&mut state, &untyped);
        self.finished(cx, call, &state, signature)
    }

    /// Unifies parameters with the types of their arguments, generic functions last. Gives the type
    /// parameters that untyped constants are arguments for, by index.
    fn unify_arguments(
        &self,
        at: Site<'_>,
        state: &mut Inference,
        (signature, spread): (&Signature, bool),
        types: &[Type],
    ) -> Result<Vec<(usize, Basic)>, Reason> {
        let mut untyped = Vec::new();
        let mut functions = Vec::new();
        for (nth, ty) in types.iter().enumerate() {
            let param = parameter_for(signature, nth, spread).ok_or(Reason::Invalid)?;
            if !mentions(&param, &state.params) {
                continue;
            }
            match ty.untyped() {
                Some(Basic::UntypedNil) => {}
                Some(kind) => untyped.extend(state.index(&param).map(|i| (i, kind))),
                None if ty.is_generic_func() => functions.push((param, ty)),
                None if ty.is_unknown() => {
                    state.blind_to(&param);
                    if let Some(nth) = state.index(&param) {
                        state.open[nth] = true;
                    }
                }
                None => {
                    if !self.unify(at, state, &param, ty, Mode::Assign) {
                        return Err(Reason::NotInferable);
                    }
                }
            }
        }
        for (param, ty) in functions {
            // The parameters of a generic argument are sought, too.
            let Type::Func(argument) = ty else { continue };
            let (own, argument) = fresh(argument);
            state.add(own);
            let argument = Type::Func(Arc::new(argument));
            if !self.unify(at, state, &param, &argument, Mode::Assign) {
                return Err(Reason::NotInferable);
            }
        }
        Ok(untyped)
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
        let at = Site { cx, node };
        let (params, signature) = fresh(signature);
        let signature = with_explicit(&params, signature, &explicit);
        let mut state = Inference::new(params, explicit);
        let own = Type::Func(Arc::new(signature.clone()));
        let fits = target.is_none_or(|t| self.unify(at, &mut state, &own, t, Mode::Assign));
        if !fits || !self.follow_constraints(at, &mut state) {
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
        for (found, open) in state.found.iter().zip(&state.open) {
            match found {
                Some(Type::Named(_) | Type::Basic(_) | Type::Param(_)) => {
                    args.extend(found.clone());
                }
                // What cannot be read may be a defined type, which goes before a literal.
                Some(ty) if !open => args.push(ty.clone()),
                _ => return self.unknown(cx, node, Reason::NotInferable),
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
    fn follow_constraints(&self, at: Site<'_>, state: &mut Inference) -> bool {
        loop {
            let before = state.found.iter().flatten().count();
            for nth in 0..state.params.len() {
                let constraint = self.fresh_constraint(state, nth);
                if let Some((core, exact)) = self.core_term(at.cx, at.node, &constraint) {
                    match state.found[nth].clone() {
                        Some(found) if !self.unify(at, state, &found, &core, Mode::Inexact) => {
                            return false;
                        }
                        None if exact => state.found[nth] = Some(core),
                        _ => {}
                    }
                }
                if !self.follow_methods(at, state, nth, &constraint) {
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
        at: Site<'_>,
        state: &mut Inference,
        nth: usize,
        constraint: &Type,
    ) -> bool {
        let methods = match self.underlying(at.cx, at.node, constraint) {
            Type::Interface(interface) => self.all_methods(at, &interface),
            Type::Unknown(_) => None,
            _ => return true,
        };
        let Some(methods) = methods else {
            state.blind_to(constraint);
            state.blind[nth] = true;
            return true;
        };
        let Some(found) = state.found[nth].clone() else { return true };
        if mentions(&found, &state.params) {
            return true;
        }
        methods.iter().all(|method| {
            if !mentions(&method.signature, &state.params) {
                return true;
            }
            let own = self.select(at.cx, at.node, &found, &method.name).ty;
            if own.is_unknown() {
                state.blind_to(&method.signature);
                return true;
            }
            self.unify(at, state, &method.signature, &own, Mode::Exact)
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
}

/// Parameters that only untyped constants tell of stand for the default type of these.
fn take_defaults(state: &mut Inference, untyped: &[(usize, Basic)]) {
    for i in 0..state.params.len() {
        if state.found[i].is_some() || state.blind[i] {
            continue;
        }
        let kinds: Vec<Basic> = untyped.iter().filter(|u| u.0 == i).map(|u| u.1).collect();
        let same = |k: &Basic| is_untyped_number(*k) || *k == kinds[0];
        if kinds.iter().all(same) {
            state.found[i] = kinds.iter().max().map(|k| Type::Basic(k.default()));
        }
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

/// The signature with the arguments that are written: what is passed for them need not have
/// their types, only be assignable.
fn with_explicit(params: &[Arc<TypeParam>], signature: Signature, explicit: &[Type]) -> Signature {
    let pairs: Vec<_> = params.iter().cloned().zip(explicit.iter().cloned()).collect();
    if pairs.is_empty() {
        return signature;
    }
    match substitute(&Type::Func(Arc::new(signature)), &Subst { pairs }) {
        Type::Func(signature) => (*signature).clone(),
        _ => Signature::default(),
    }
}
