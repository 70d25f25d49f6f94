//! What declares names: declarations, signatures, receivers, members of types, and the keys of
//! composite literals, which may name fields.

use super::resolve::Resolver;
use super::{NameUse, ObjectKind};
use crate::go::syntax::{Kind, Node, Op, Role};

impl<'t> Resolver<'t> {
    pub(super) fn gen_decl(&mut self, node: Node<'t>, global: bool) {
        let kind = match node.op() {
            Op::Const => ObjectKind::Const,
            Op::Type => ObjectKind::Type,
            _ => ObjectKind::Var,
        };
        for spec in node.child(Role::Specs).into_iter().flat_map(Node::children) {
            match spec.kind() {
                Kind::TypeSpec => self.type_spec(spec, global),
                Kind::ValueSpec => {
                    for child in spec.children().filter(|c| c.role() != Role::Name) {
                        self.node(child);
                    }
                    let names = spec.child(Role::Name).into_iter().flat_map(Node::children);
                    for name in names {
                        if global {
                            self.mark(name, NameUse::DeclaresGlobal);
                        } else {
                            self.declare(name, kind, spec.span().end);
                        }
                    }
                }
                _ => self.node(spec),
            }
        }
    }

    fn type_spec(&mut self, spec: Node<'t>, global: bool) {
        let name = spec.child(Role::Name);
        if let Some(name) = name {
            if global {
                self.mark(name, NameUse::DeclaresGlobal);
            } else {
                self.declare(name, ObjectKind::Type, name.span().start);
            }
        }
        self.block(spec.span().end, |this| {
            if let Some(params) = spec.child(Role::TypeParams) {
                this.type_params(params);
            }
            if let Some(ty) = spec.child(Role::Type) {
                this.node(ty);
            }
        });
    }

    /// Type parameters are in scope in their own list, too.
    fn type_params(&mut self, params: Node<'t>) {
        for field in params.children() {
            for name in field.child(Role::Name).into_iter().flat_map(Node::children) {
                self.declare(name, ObjectKind::TypeParam, params.span().start);
            }
        }
        for field in params.children() {
            for child in field.children().filter(|c| c.role() != Role::Name) {
                self.node(child);
            }
        }
    }

    pub(super) fn func_decl(&mut self, node: Node<'t>) {
        if let Some(name) = node.child(Role::Name) {
            let method = node.child(Role::Recv).is_some();
            let name_use = if method { NameUse::Member } else { NameUse::DeclaresGlobal };
            self.mark(name, name_use);
        }
        self.block(node.span().end, |this| {
            let recv = node.child(Role::Recv);
            if let Some(recv) = recv {
                this.receiver_type(recv);
            }
            this.function(node, recv);
        });
    }

    pub(super) fn func_lit(&mut self, node: Node<'t>) {
        self.block(node.span().end, |this| this.function(node, None));
    }

    /// Signature and body, inside a block that is already open.
    fn function(&mut self, node: Node<'t>, recv: Option<Node<'t>>) {
        let Some(body) = node.child(Role::Body) else {
            if let Some(ty) = node.child(Role::Type) {
                self.signature(ty, true);
            }
            for name in recv.into_iter().flat_map(param_names) {
                self.mark(name, NameUse::Blank);
            }
            return;
        };
        if let Some(ty) = node.child(Role::Type) {
            self.signature(ty, true);
            let from = body.span().start;
            let names = |role| ty.child(role).into_iter().flat_map(param_names);
            for name in recv.into_iter().flat_map(param_names).chain(names(Role::Params)) {
                self.declare(name, ObjectKind::Param, from);
            }
            for name in names(Role::Results) {
                self.declare(name, ObjectKind::Result, from);
            }
        }
        // Parameters and the body's own declarations share one block.
        self.begin_function();
        self.children(body);
        self.end_function();
    }

    /// The types of a signature; `keeps_params` where its type parameters stay in scope.
    pub(super) fn signature(&mut self, ty: Node<'t>, keeps_params: bool) {
        let walk = |this: &mut Self| {
            if let Some(params) = ty.child(Role::TypeParams) {
                this.type_params(params);
            }
            for role in [Role::Params, Role::Results] {
                if let Some(list) = ty.child(role) {
                    this.param_types(list);
                }
            }
        };
        if keeps_params {
            walk(self);
        } else {
            self.block(ty.span().end, walk);
        }
    }

    fn param_types(&mut self, list: Node<'t>) {
        if list.kind() != Kind::Params {
            self.node(list);
            return;
        }
        for field in list.children() {
            for child in field.children() {
                if child.role() == Role::Name {
                    // Declared by the caller where there is a body.
                    child.children().for_each(|name| self.mark(name, NameUse::Blank));
                } else {
                    self.node(child);
                }
            }
        }
    }

    /// `func (r *T[P]) m()` declares `P`.
    fn receiver_type(&mut self, recv: Node<'t>) {
        for field in recv.children() {
            let Some(ty) = field.child(Role::Type) else { continue };
            let mut base = ty.unparenthesized();
            if base.kind() == Kind::Star {
                base = base.child(Role::X).map_or(base, Node::unparenthesized);
            }
            if base.kind() != Kind::Index {
                self.node(ty);
                continue;
            }
            if let Some(name) = base.child(Role::X) {
                self.node(name);
            }
            for param in base.child(Role::Indices).into_iter().flat_map(Node::children) {
                self.declare(param, ObjectKind::TypeParam, param.span().start);
            }
        }
    }

    pub(super) fn members(&mut self, node: Node<'t>) {
        let list = node.child(Role::Fields).unwrap_or(node);
        for field in list.children() {
            if field.kind() != Kind::Field {
                self.node(field);
                continue;
            }
            for child in field.children() {
                if child.role() == Role::Name {
                    child.children().for_each(|name| self.mark(name, NameUse::Member));
                } else {
                    self.node(child);
                }
            }
        }
    }

    pub(super) fn composite(&mut self, node: Node<'t>) {
        let ty = node.child(Role::Type);
        if let Some(ty) = ty {
            self.node(ty);
        }
        let keys_are_expressions =
            ty.is_some_and(|t| matches!(t.kind(), Kind::MapType | Kind::ArrayType));
        for element in node.child(Role::Elements).into_iter().flat_map(Node::children) {
            if element.kind() != Kind::KeyValue {
                self.node(element);
                continue;
            }
            for child in element.children() {
                if child.role() == Role::Key && child.kind() == Kind::Ident && !keys_are_expressions
                {
                    let local = self.find(child.text());
                    self.mark(child, NameUse::Key(local));
                } else {
                    self.node(child);
                }
            }
        }
    }
}

/// The names that a list of parameters, results or a receiver declares.
fn param_names(list: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    list.children().filter_map(|field| field.child(Role::Name)).flat_map(Node::children)
}
