//! The types that type expressions denote (Go specification, "Types"). Comes in: a node that
//! stands where a type stands. Goes out: the type; names whose packages cannot be read keep their
//! place in it as what they are called.

use std::sync::{Arc, OnceLock};

use super::checker::Checker;
use super::model::{
    Direction, Field, Interface, LazyType, Method, Named, Origin, Parameter, Reason, Signature,
    Struct, Subst, Term, Type, TypeDef,
};
use super::names::Entity;
use super::params::{params_in, spec_params, type_param};
use super::subst::substitute;
use super::unit::{Cx, Facet};
use super::universe::{Universe, any, predeclared};
use crate::go::packages::{NameKind, Package, Site};
use crate::go::scope::{ObjectId, ObjectKind};
use crate::go::syntax::{Kind, Node, Op, Role};

impl Checker<'_> {
    /// The type that `node` denotes.
    pub(super) fn type_expr(&self, cx: Cx<'_>, node: Node<'_>) -> Type {
        match node.kind() {
            Kind::Ident | Kind::Selector => self.type_name(cx, node),
            Kind::Paren => self.type_of_child(cx, node, None),
            Kind::Star => match self.type_of_child(cx, node, Some(Role::X)) {
                unknown @ Type::Unknown(_) => unknown,
                to => Type::pointer(to),
            },
            Kind::Ellipsis => Type::slice(self.type_of_child(cx, node, Some(Role::X))),
            Kind::ArrayType => self.array_type(cx, node),
            Kind::MapType => {
                let key = self.type_of_child(cx, node, Some(Role::Key));
                Type::Map(Arc::new((key, self.type_of_child(cx, node, Some(Role::Value)))))
            }
            Kind::ChanType => {
                let direction = match node.op() {
                    Op::SendOnly => Direction::Send,
                    Op::RecvOnly => Direction::Receive,
                    _ => Direction::Both,
                };
                Type::Chan(direction, Arc::new(self.type_of_child(cx, node, Some(Role::Value))))
            }
            Kind::FuncType => self.signature(cx, node),
            Kind::StructType => self.struct_type(cx, node),
            Kind::InterfaceType => self.interface_type(cx, node),
            Kind::Index => self.remembered(cx, node, Facet::TypeExpr, || self.instance(cx, node)),
            Kind::Unary | Kind::Binary => self.union(cx, node),
            _ => self.unknown(cx, node, Reason::Invalid),
        }
    }

    fn type_of_child(&self, cx: Cx<'_>, node: Node<'_>, role: Option<Role>) -> Type {
        let child = match role {
            Some(role) => node.child(role).or_else(|| node.children().last()),
            None => node.children().next(),
        };
        match child {
            Some(child) => self.nested(cx, child, || self.type_expr(cx, child)),
            None => self.unknown(cx, node, Reason::Invalid),
        }
    }

    fn array_type(&self, cx: Cx<'_>, node: Node<'_>) -> Type {
        let element = self.type_of_child(cx, node, Some(Role::Type));
        match node.child(Role::Len) {
            None if node.op() == Op::Ellipsis => self.unknown(cx, node, Reason::Constant),
            None => Type::slice(element),
            Some(len) => match self.length(cx, len) {
                Some(n) => Type::Array(n, Arc::new(element)),
                None => self.unknown(cx, len, self.constant_gap(cx, len)),
            },
        }
    }

    /// The type of a name; generic ones without arguments stand for themselves.
    fn type_name(&self, cx: Cx<'_>, node: Node<'_>) -> Type {
        if node.text() == "_" && node.parent().is_some_and(|list| list.role() == Role::Indices) {
            // A receiver's type parameter that has no name.
            return Type::Param(Arc::new(type_param(cx, node)));
        }
        match self.denoted(cx, node) {
            Some(entity) => self.type_of_entity(cx, node, &entity, &[]),
            None => self.unknown(cx, node, Reason::Invalid),
        }
    }

    fn type_of_entity(&self, cx: Cx<'_>, node: Node<'_>, entity: &Entity, args: &[Type]) -> Type {
        match entity {
            Entity::Local(id) => self.local_type_name(cx, node, *id, args),
            Entity::Global(package, sites) => self.global_type_name(cx, node, package, sites, args),
            Entity::External(path, why) => {
                let name = node.unparenthesized();
                let name = name.child(Role::Sel).unwrap_or(name).text();
                let origin = Origin::External(why.clone());
                named(TypeDef { path: path.clone(), name: name.into(), origin }, args)
            }
            Entity::Universe(Universe::Type(basic)) => Type::Basic(*basic),
            Entity::Universe(Universe::Any) => any(),
            Entity::Universe(Universe::Error) => predeclared("error"),
            Entity::Universe(Universe::Comparable) => predeclared("comparable"),
            Entity::Unknown(reason) => self.unknown(cx, node, reason.clone()),
            Entity::Universe(_) | Entity::Package(_) => self.unknown(cx, node, Reason::Invalid),
        }
    }

    fn local_type_name(&self, cx: Cx<'_>, node: Node<'_>, id: ObjectId, args: &[Type]) -> Type {
        let object = cx.part.scopes().object(id);
        let ident = cx.node(object.ident);
        match object.kind {
            ObjectKind::TypeParam => Type::Param(Arc::new(type_param(cx, ident))),
            ObjectKind::Type => self.defined(cx, ident, args),
            _ => self.unknown(cx, node, Reason::Invalid),
        }
    }

    /// The type that the name `ident` of a type declaration declares.
    pub(super) fn defined(&self, cx: Cx<'_>, ident: Node<'_>, args: &[Type]) -> Type {
        let Some(spec) = ident.parent().filter(|p| p.kind() == Kind::TypeSpec) else {
            return self.unknown(cx, ident, Reason::Invalid);
        };
        if spec.op() == Op::Assign {
            return self.alias(cx, ident, args);
        }
        let package = &cx.unit.package;
        let local = spec.ancestors().any(|a| a.kind() == Kind::DeclStmt);
        let origin = if local {
            Origin::Local(cx.place(ident), cx.unit.source.path().clone(), ident.span().start)
        } else {
            Origin::Package(package.clone())
        };
        let (path, name) = (package.import_path().clone(), ident.text().into());
        named(TypeDef { path, name, origin }, args)
    }

    /// What the alias `ident` stands for.
    fn alias(&self, cx: Cx<'_>, ident: Node<'_>, args: &[Type]) -> Type {
        let Some(spec) = ident.parent() else {
            return self.unknown(cx, ident, Reason::Invalid);
        };
        let target = self.remembered(cx, ident, Facet::TypeExpr, || {
            self.type_of_child(cx, spec, Some(Role::Type))
        });
        let params = spec_params(cx, spec);
        if params.is_empty() || args.is_empty() {
            return target;
        }
        substitute(&target, &Subst { pairs: params.into_iter().zip(args.to_vec()).collect() })
    }

    fn global_type_name(
        &self,
        cx: Cx<'_>,
        node: Node<'_>,
        package: &Arc<Package>,
        sites: &[Site],
        args: &[Type],
    ) -> Type {
        let types = sites.iter().map(|site| {
            if site.kind != NameKind::Type {
                return self.unknown(cx, node, Reason::Invalid);
            }
            self.at(self.site_place(package, site), |cx, ident| self.defined(cx, ident, args))
        });
        self.agreed(cx, node, types)
    }

    /// The type that all of `types` are; unknown where files that exclude each other disagree.
    pub(super) fn agreed(
        &self,
        cx: Cx<'_>,
        node: Node<'_>,
        types: impl IntoIterator<Item = Type>,
    ) -> Type {
        self.agreed_on(cx, node, node.text(), types)
    }

    /// The same, where `name` is what they are the types of.
    pub(super) fn agreed_on(
        &self,
        cx: Cx<'_>,
        node: Node<'_>,
        name: &str,
        types: impl IntoIterator<Item = Type>,
    ) -> Type {
        let mut types = types.into_iter();
        let Some(first) = types.next() else {
            return self.unknown(cx, node, Reason::Invalid);
        };
        for other in types {
            if !self.identical(&first, &other) {
                return self.unknown(cx, node, Reason::BuildTags(name.into()));
            }
        }
        first
    }

    /// `G[A, B]`.
    fn instance(&self, cx: Cx<'_>, node: Node<'_>) -> Type {
        let Some(base) = node.child(Role::X) else {
            return self.unknown(cx, node, Reason::Invalid);
        };
        let args = self.type_args(cx, node);
        match self.denoted(cx, base) {
            Some(entity) => self.type_of_entity(cx, base, &entity, &args),
            None => self.unknown(cx, node, Reason::Invalid),
        }
    }

    /// The types in the brackets of an instantiation.
    pub(super) fn type_args(&self, cx: Cx<'_>, index: Node<'_>) -> Vec<Type> {
        let list = index.child(Role::Indices).into_iter().flat_map(Node::children);
        list.map(|arg| self.nested(cx, arg, || self.type_expr(cx, arg))).collect()
    }

    /// The type of a function or method, from its `func` type without a receiver.
    pub(super) fn signature(&self, cx: Cx<'_>, node: Node<'_>) -> Type {
        let mut signature = Signature::default();
        if let Some(list) = node.child(Role::TypeParams) {
            signature.type_params = params_in(cx, list);
        }
        for field in node.child(Role::Params).into_iter().flat_map(Node::children) {
            signature.variadic =
                field.child(Role::Type).is_some_and(|t| t.kind() == Kind::Ellipsis);
            self.parameters(cx, field, &mut signature.params);
        }
        match node.child(Role::Results) {
            Some(list) if list.kind() == Kind::Params => {
                for field in list.children() {
                    self.parameters(cx, field, &mut signature.results);
                }
            }
            Some(single) => {
                let ty = self.nested(cx, single, || self.type_expr(cx, single));
                signature.results.push(Parameter { name: "".into(), ty });
            }
            None => {}
        }
        Type::Func(Arc::new(signature))
    }

    fn parameters(&self, cx: Cx<'_>, field: Node<'_>, out: &mut Vec<Parameter>) {
        let Some(ty) = field.child(Role::Type) else {
            out.push(Parameter { name: "".into(), ty: self.unknown(cx, field, Reason::Invalid) });
            return;
        };
        let ty = self.nested(cx, ty, || self.type_expr(cx, ty));
        match field.child(Role::Name) {
            Some(names) => {
                let names = names.children();
                out.extend(names.map(|n| Parameter { name: n.text().into(), ty: ty.clone() }));
            }
            None => out.push(Parameter { name: "".into(), ty }),
        }
    }

    fn struct_type(&self, cx: Cx<'_>, node: Node<'_>) -> Type {
        let list = node.child(Role::Fields).unwrap_or(node);
        let mut fields = Vec::new();
        for field in list.children().filter(|f| f.kind() == Kind::Field) {
            let Some(ty) = field.child(Role::Type) else {
                return self.unknown(cx, field, Reason::Invalid);
            };
            let tag = field.child(Role::FieldTag).map(|t| Arc::from(t.text()));
            let names = field.child(Role::Name);
            let embedded = names.is_none();
            let names: Vec<Node<'_>> = match names {
                Some(names) => names.children().collect(),
                None => embedded_name(ty).into_iter().collect(),
            };
            for name in names {
                let place = cx.place(ty);
                fields.push(Field {
                    name: name.text().into(),
                    embedded,
                    tag: tag.clone(),
                    place: cx.place(name),
                    ty: LazyType { place, subst: None, known: OnceLock::new() },
                });
            }
        }
        Type::Struct(Arc::new(Struct { fields }))
    }

    fn interface_type(&self, cx: Cx<'_>, node: Node<'_>) -> Type {
        let mut interface = Interface::default();
        for field in node.children().filter(|f| f.kind() == Kind::Field) {
            let Some(ty) = field.child(Role::Type) else { continue };
            let types = self.nested(cx, ty, || self.type_expr(cx, ty));
            match field.child(Role::Name).and_then(|names| names.children().next()) {
                Some(name) => interface.methods.push(Method {
                    name: name.text().into(),
                    place: Some(cx.place(name)),
                    signature: types,
                }),
                None => interface.embedded.push(types),
            }
        }
        Type::Interface(Arc::new(interface))
    }

    /// `A | ~B`.
    fn union(&self, cx: Cx<'_>, node: Node<'_>) -> Type {
        let mut terms = Vec::new();
        let mut todo = vec![node];
        while let Some(term) = todo.pop() {
            match (term.kind(), term.op()) {
                (Kind::Binary, Op::Or) => {
                    todo.extend(term.child(Role::Y));
                    todo.extend(term.child(Role::X));
                }
                (Kind::Unary, Op::Tilde) => {
                    let ty = self.type_of_child(cx, term, Some(Role::X));
                    terms.push(Term { tilde: true, ty });
                }
                (Kind::Unary | Kind::Binary, _) => {
                    return self.unknown(cx, node, Reason::Invalid);
                }
                _ => terms.push(Term { tilde: false, ty: self.type_expr(cx, term) }),
            }
        }
        Type::Union(terms.into())
    }
}

fn named(def: TypeDef, args: &[Type]) -> Type {
    Type::Named(Arc::new(Named { def: Arc::new(def), args: args.to_vec() }))
}

/// The name of an embedded field: that of its type, without package, pointer and arguments.
pub(super) fn embedded_name(ty: Node<'_>) -> Option<Node<'_>> {
    let mut node = ty;
    loop {
        node = match node.kind() {
            Kind::Ident => return Some(node),
            Kind::Selector => return node.child(Role::Sel),
            Kind::Star | Kind::Paren | Kind::Index => node.children().next()?,
            _ => return None,
        };
    }
}
