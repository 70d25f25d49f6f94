//! Types with arguments in the place of type parameters, and whether two types are identical (Go
//! specification, "Type identity").

use std::sync::{Arc, OnceLock};

use super::checker::Checker;
use super::model::{
    Field, Interface, LazyType, Method, Named, Parameter, Signature, Struct, Subst, Term, Type,
    TypeParam,
};

/// Types nest no deeper than this; what is below is left alone, or not identical.
const MAX_NESTING: usize = 64;

impl Subst {
    fn of(&self, param: &TypeParam) -> Option<&Type> {
        self.pairs.iter().find(|(p, _)| **p == *param).map(|(_, ty)| ty)
    }
}

/// `ty` with the arguments of `subst`.
pub(super) fn substitute(ty: &Type, subst: &Subst) -> Type {
    if subst.pairs.is_empty() { ty.clone() } else { replace(ty, subst, 0) }
}

impl Checker<'_> {
    /// The type of a field.
    pub(super) fn force(&self, lazy: &LazyType) -> Type {
        if let Some(known) = lazy.known.get() {
            return known.clone();
        }
        let ty = self.at(lazy.place, |cx, node| self.nested(cx, node, || self.type_expr(cx, node)));
        let ty = match &lazy.subst {
            Some(subst) => substitute(&ty, subst),
            None => ty,
        };
        if !ty.is_unknown() {
            // A race is harmless: the same question has the same answer.
            let _ = lazy.known.set(ty.clone());
        }
        ty
    }

    /// Whether two types are identical; what is unknown is identical to nothing.
    pub(super) fn identical(&self, a: &Type, b: &Type) -> bool {
        self.same(a, b, 0)
    }

    fn same_all(&self, a: &[Type], b: &[Type], depth: usize) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.same(a, b, depth))
    }

    fn same(&self, a: &Type, b: &Type, depth: usize) -> bool {
        if depth > MAX_NESTING {
            return false;
        }
        let depth = depth + 1;
        match (a, b) {
            (Type::Basic(a), Type::Basic(b)) => a.canonical() == b.canonical(),
            (Type::Named(a), Type::Named(b)) => {
                a.def.same(&b.def) && self.same_all(&a.args, &b.args, depth)
            }
            (Type::Param(a), Type::Param(b)) => a == b,
            (Type::Pointer(a), Type::Pointer(b)) | (Type::Slice(a), Type::Slice(b)) => {
                self.same(a, b, depth)
            }
            (Type::Array(n, a), Type::Array(m, b)) => n == m && self.same(a, b, depth),
            (Type::Map(a), Type::Map(b)) => {
                self.same(&a.0, &b.0, depth) && self.same(&a.1, &b.1, depth)
            }
            (Type::Chan(d, a), Type::Chan(e, b)) => d == e && self.same(a, b, depth),
            (Type::Tuple(a), Type::Tuple(b)) => self.same_all(a, b, depth),
            (Type::Struct(a), Type::Struct(b)) => {
                let pairs = a.fields.iter().zip(&b.fields);
                a.fields.len() == b.fields.len()
                    && pairs.clone().all(|(a, b)| {
                        a.name == b.name && a.embedded == b.embedded && a.tag == b.tag
                    })
                    && pairs
                        .into_iter()
                        .all(|(a, b)| self.same(&self.force(&a.ty), &self.force(&b.ty), depth))
            }
            (Type::Func(a), Type::Func(b)) => self.same_signature(a, b, depth),
            (Type::Interface(a), Type::Interface(b)) => self.same_interface(a, b, depth),
            (Type::Union(a), Type::Union(b)) => {
                a.len() == b.len()
                    && a.iter()
                        .zip(b.iter())
                        .all(|(a, b)| a.tilde == b.tilde && self.same(&a.ty, &b.ty, depth))
            }
            _ => false,
        }
    }

    fn same_signature(&self, a: &Signature, b: &Signature, depth: usize) -> bool {
        if a.variadic != b.variadic || a.type_params.len() != b.type_params.len() {
            return false;
        }
        // The parameters of one stand for those of the other.
        let params = b.type_params.iter().cloned();
        let own = a.type_params.iter().map(|p| Type::Param(p.clone()));
        let subst = Subst { pairs: params.zip(own).collect() };
        let same = |a: &[Parameter], b: &[Parameter]| {
            a.len() == b.len()
                && a.iter().zip(b).all(|(a, b)| self.same(&a.ty, &substitute(&b.ty, &subst), depth))
        };
        same(&a.params, &b.params) && same(&a.results, &b.results)
    }

    fn same_interface(&self, a: &Interface, b: &Interface, depth: usize) -> bool {
        let sorted = |i: &Interface| {
            let mut methods = i.methods.clone();
            methods.sort_by(|a, b| a.name.cmp(&b.name));
            methods
        };
        let (a_methods, b_methods) = (sorted(a), sorted(b));
        a_methods.len() == b_methods.len()
            && a_methods
                .iter()
                .zip(&b_methods)
                .all(|(a, b)| a.name == b.name && self.same(&a.signature, &b.signature, depth))
            && self.same_all(&a.embedded, &b.embedded, depth)
    }
}

fn replace(ty: &Type, subst: &Subst, depth: usize) -> Type {
    if depth > MAX_NESTING {
        return ty.clone();
    }
    let go = |ty: &Type| replace(ty, subst, depth + 1);
    match ty {
        Type::Basic(_) | Type::Unknown(_) => ty.clone(),
        Type::Param(param) => subst.of(param).cloned().unwrap_or_else(|| ty.clone()),
        Type::Named(named) if named.args.is_empty() => ty.clone(),
        Type::Named(named) => {
            let args = named.args.iter().map(go).collect();
            Type::Named(Arc::new(Named { def: named.def.clone(), args }))
        }
        Type::Pointer(to) => Type::pointer(go(to)),
        Type::Slice(of) => Type::slice(go(of)),
        Type::Array(n, of) => Type::Array(*n, Arc::new(go(of))),
        Type::Map(map) => Type::Map(Arc::new((go(&map.0), go(&map.1)))),
        Type::Chan(direction, of) => Type::Chan(*direction, Arc::new(go(of))),
        Type::Tuple(types) => Type::Tuple(types.iter().map(go).collect()),
        Type::Func(signature) => Type::Func(Arc::new(replace_signature(signature, &go))),
        Type::Struct(fields) => {
            let field = |f: &Field| Field {
                name: f.name.clone(),
                embedded: f.embedded,
                tag: f.tag.clone(),
                place: f.place,
                ty: replace_lazy(&f.ty, subst, depth + 1),
            };
            Type::Struct(Arc::new(Struct { fields: fields.fields.iter().map(field).collect() }))
        }
        Type::Interface(interface) => {
            let method = |m: &Method| Method { signature: go(&m.signature), ..m.clone() };
            Type::Interface(Arc::new(Interface {
                methods: interface.methods.iter().map(method).collect(),
                embedded: interface.embedded.iter().map(go).collect(),
            }))
        }
        Type::Union(terms) => {
            Type::Union(terms.iter().map(|t| Term { tilde: t.tilde, ty: go(&t.ty) }).collect())
        }
    }
}

fn replace_signature(signature: &Signature, go: &dyn Fn(&Type) -> Type) -> Signature {
    let all = |list: &[Parameter]| {
        list.iter().map(|p| Parameter { name: p.name.clone(), ty: go(&p.ty) }).collect()
    };
    Signature {
        type_params: signature.type_params.clone(),
        params: all(&signature.params),
        results: all(&signature.results),
        variadic: signature.variadic,
    }
}

/// First the substitution that the field waits for already, then `subst`.
fn replace_lazy(lazy: &LazyType, subst: &Subst, depth: usize) -> LazyType {
    let mut pairs: Vec<_> = match &lazy.subst {
        Some(earlier) => {
            let pairs = earlier.pairs.iter();
            pairs.map(|(p, ty)| (p.clone(), replace(ty, subst, depth))).collect()
        }
        None => Vec::new(),
    };
    for (param, ty) in &subst.pairs {
        if !pairs.iter().any(|(p, _)| p == param) {
            pairs.push((param.clone(), ty.clone()));
        }
    }
    LazyType { place: lazy.place, subst: Some(Arc::new(Subst { pairs })), known: OnceLock::new() }
}
