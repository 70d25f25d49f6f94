//! What names refer to inside a declaration. Comes in: the tree of a top-level declaration. Goes
//! out: for every identifier the local object it stands for, or that it is free, and for any
//! place what a name would mean there. Free names belong to the file and package blocks.
//!
//! Follows the Go specification, "Declarations and scope": a constant's or variable's scope
//! begins after its spec, a type's at its name, a short declaration's after its statement, that
//! of parameters and results is the body.

use super::syntax::{Kind, Node, NodeId, Op, Role, Syntax};
use crate::text::Span;

/// A local object, in the table of its declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(u32);

/// What sort of thing a local name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ObjectKind {
    /// A local constant.
    Const,
    /// A local type.
    Type,
    /// A local variable.
    Var,
    /// A parameter or a receiver.
    Param,
    /// A named result.
    Result,
    /// A type parameter.
    TypeParam,
}

/// Something that a local name stands for.
#[derive(Clone, Debug)]
pub struct Object {
    /// What sort of thing it is.
    pub kind: ObjectKind,
    /// The identifier that declares it. For the variable of a type switch, which each clause
    /// declares anew, the one in the header.
    pub ident: NodeId,
    /// For the variable of a type switch, the clause that it belongs to.
    pub clause: Option<NodeId>,
    /// Where the name means this object, inner redeclarations aside.
    pub scope: Span,
}

/// What an identifier is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameUse {
    /// No identifier, or one in a part that could not be parsed.
    None,
    /// Declares a local object, or declares it again in a short declaration.
    Declares(ObjectId),
    /// Refers to a local object.
    Refers(ObjectId),
    /// Not a local name: of the file, the package, or predeclared.
    Free,
    /// Declares a name of the package: a function, type, constant or variable.
    DeclaresGlobal,
    /// A field or method: after a dot, or where a struct or interface declares it.
    Member,
    /// The key of an element in a composite literal whose type is not written as a map or array:
    /// a field, or else the object of that name, local if one is given.
    Key(Option<ObjectId>),
    /// A label.
    Label,
    /// A name that nothing can refer to: `_`, or a parameter of a type.
    Blank,
}

/// The names of a declaration.
#[derive(Debug)]
pub struct Scopes {
    objects: Vec<Object>,
    names: Vec<Box<str>>,
    /// By node.
    uses: Vec<NameUse>,
}

impl Scopes {
    /// Resolves the names in `syntax`.
    pub fn new(syntax: &Syntax) -> Self {
        let mut resolver = Resolver {
            objects: Vec::new(),
            names: Vec::new(),
            uses: vec![NameUse::None; syntax.len()],
            visible: Vec::new(),
            blocks: Vec::new(),
        };
        for decl in syntax.root().children() {
            resolver.top_level(decl);
        }
        Self { objects: resolver.objects, names: resolver.names, uses: resolver.uses }
    }

    /// What the identifier `node` is.
    pub fn name_use(&self, node: NodeId) -> NameUse {
        self.uses[node.index()]
    }

    /// The local object that the identifier `node` stands for, declared there or not.
    pub fn object_of(&self, node: NodeId) -> Option<ObjectId> {
        match self.name_use(node) {
            NameUse::Declares(id) | NameUse::Refers(id) => Some(id),
            _ => None,
        }
    }

    /// The object.
    pub fn object(&self, id: ObjectId) -> &Object {
        &self.objects[id.0 as usize]
    }

    /// The name of the object.
    pub fn name(&self, id: ObjectId) -> &str {
        &self.names[id.0 as usize]
    }

    /// All objects.
    pub fn objects(&self) -> impl Iterator<Item = ObjectId> + use<> {
        (0..u32::try_from(self.objects.len()).unwrap_or(u32::MAX)).map(ObjectId)
    }

    /// What `name` means at `offset`, as far as local names go.
    pub fn lookup(&self, name: &str, offset: usize) -> Option<ObjectId> {
        self.objects()
            .filter(|&id| self.name(id) == name)
            .filter(|&id| self.object(id).scope.contains_offset(offset))
            .max_by_key(|&id| self.object(id).scope.start)
    }

    /// Whether any local object inside or around `span` is called `name`.
    pub fn declares_within(&self, name: &str, span: Span) -> bool {
        self.objects().any(|id| self.name(id) == name && self.object(id).scope.overlaps(span))
    }

    /// The identifiers that declare or refer to `id`, in the order of the text.
    pub fn mentions(&self, id: ObjectId) -> impl Iterator<Item = usize> + '_ {
        self.uses.iter().enumerate().filter_map(move |(index, &name_use)| {
            let same = matches!(
                name_use,
                NameUse::Declares(o) | NameUse::Refers(o) | NameUse::Key(Some(o)) if o == id
            );
            same.then_some(index)
        })
    }
}

/// Walks a declaration once, in the order of the text, with the names that are visible.
struct Resolver<'t> {
    objects: Vec<Object>,
    names: Vec<Box<str>>,
    uses: Vec<NameUse>,
    /// Visible names, innermost last.
    visible: Vec<(&'t str, ObjectId)>,
    /// The open blocks: how many names were visible when they began, and where they end.
    blocks: Vec<(usize, usize)>,
}

impl<'t> Resolver<'t> {
    fn top_level(&mut self, decl: Node<'t>) {
        match decl.kind() {
            Kind::FuncDecl => self.func_decl(decl),
            Kind::GenDecl => self.gen_decl(decl, true),
            // Statements at the top level occur in patterns only.
            _ => self.block(decl.span().end, |this| this.node(decl)),
        }
    }

    fn block(&mut self, end: usize, inside: impl FnOnce(&mut Self)) {
        self.blocks.push((self.visible.len(), end));
        inside(self);
        if let Some((visible, _)) = self.blocks.pop() {
            self.visible.truncate(visible);
        }
    }

    fn mark(&mut self, node: Node<'t>, name_use: NameUse) {
        self.uses[node.id().index()] = name_use;
    }

    /// Declares `ident` in the innermost block; its scope begins at `from`.
    fn declare(&mut self, ident: Node<'t>, kind: ObjectKind, from: usize) {
        if ident.kind() != Kind::Ident {
            return;
        }
        if ident.text() == "_" {
            self.mark(ident, NameUse::Blank);
            return;
        }
        let id = self.add_object(ident, kind, from, None);
        self.mark(ident, NameUse::Declares(id));
    }

    fn add_object(
        &mut self,
        ident: Node<'t>,
        kind: ObjectKind,
        from: usize,
        clause: Option<NodeId>,
    ) -> ObjectId {
        let end = self.blocks.last().map_or(from, |b| b.1).max(from);
        let id = ObjectId(u32::try_from(self.objects.len()).unwrap_or(u32::MAX));
        self.objects.push(Object { kind, ident: ident.id(), clause, scope: Span::new(from, end) });
        self.names.push(ident.text().into());
        self.visible.push((ident.text(), id));
        id
    }

    fn find(&self, name: &str) -> Option<ObjectId> {
        self.visible.iter().rev().find(|(n, _)| *n == name).map(|&(_, id)| id)
    }

    fn find_in_block(&self, name: &str) -> Option<ObjectId> {
        let from = self.blocks.last().map_or(0, |b| b.0);
        self.visible[from..].iter().rev().find(|(n, _)| *n == name).map(|&(_, id)| id)
    }

    fn children(&mut self, node: Node<'t>) {
        for child in node.children() {
            self.node(child);
        }
    }

    fn ident(&mut self, node: Node<'t>) {
        let name_use = match self.find(node.text()) {
            _ if node.text() == "_" => NameUse::Blank,
            Some(id) => NameUse::Refers(id),
            None => NameUse::Free,
        };
        self.mark(node, name_use);
    }

    fn node(&mut self, node: Node<'t>) {
        match node.kind() {
            Kind::Ident => match node.role() {
                Role::Sel => self.mark(node, NameUse::Member),
                Role::Label => self.mark(node, NameUse::Label),
                _ => self.ident(node),
            },
            Kind::Error => {}
            Kind::Block | Kind::If | Kind::For | Kind::Switch | Kind::StmtList => {
                self.block(node.span().end, |this| this.children(node));
            }
            Kind::TypeSwitch => self.block(node.span().end, |this| this.type_switch(node)),
            Kind::CaseClause | Kind::CommClause => {
                self.block(node.span().end, |this| {
                    // The body is no block of its own.
                    for child in node.children() {
                        if child.role() == Role::Body {
                            this.children(child);
                        } else {
                            this.node(child);
                        }
                    }
                });
            }
            Kind::Range => self.block(node.span().end, |this| this.range(node)),
            Kind::Assign if node.op() == Op::Define => self.define(node),
            Kind::GenDecl => self.gen_decl(node, false),
            Kind::FuncLit => self.func_lit(node),
            Kind::FuncType => self.signature(node, false),
            Kind::StructType | Kind::InterfaceType => self.members(node),
            Kind::CompositeLit => self.composite(node),
            _ => self.children(node),
        }
    }

    /// `:=`: names of the same block are assigned, others are new from the end of the statement.
    fn define(&mut self, node: Node<'t>) {
        if let Some(rhs) = node.child(Role::Rhs) {
            self.node(rhs);
        }
        if let Some(lhs) = node.child(Role::Lhs) {
            self.define_names(lhs, node.span().end);
        }
    }

    fn define_names(&mut self, lhs: Node<'t>, from: usize) {
        for name in lhs.children() {
            if name.kind() != Kind::Ident {
                self.node(name);
            } else if let Some(id) = self.find_in_block(name.text()) {
                self.mark(name, NameUse::Declares(id));
            } else {
                self.declare(name, ObjectKind::Var, from);
            }
        }
    }

    fn range(&mut self, node: Node<'t>) {
        if let Some(x) = node.child(Role::X) {
            self.node(x);
        }
        let body = node.child(Role::Body);
        if let Some(lhs) = node.child(Role::Lhs) {
            if node.op() == Op::Define {
                self.define_names(lhs, body.map_or(node.span().end, |b| b.span().start));
            } else {
                self.node(lhs);
            }
        }
        if let Some(body) = body {
            self.node(body);
        }
    }

    /// The variable of a type switch is declared in each clause, after its types.
    fn type_switch(&mut self, node: Node<'t>) {
        if let Some(init) = node.child(Role::Init) {
            self.node(init);
        }
        if let Some(tag) = node.child(Role::Tag) {
            self.node(tag);
        }
        let bind = node.child(Role::Bind).and_then(|list| list.children().next());
        let bind = bind.filter(|b| b.kind() == Kind::Ident);
        if let Some(bind) = bind {
            self.mark(bind, NameUse::Blank);
        }
        let clauses = node.child(Role::Clauses);
        for clause in clauses.into_iter().flat_map(Node::children) {
            self.block(clause.span().end, |this| {
                if let Some(types) = clause.child(Role::Value) {
                    this.node(types);
                }
                let body = clause.child(Role::Body);
                if let Some((bind, body)) = bind.zip(body).filter(|(b, _)| b.text() != "_") {
                    let from = body.span().start;
                    let id = this.add_object(bind, ObjectKind::Var, from, Some(clause.id()));
                    this.mark(bind, NameUse::Declares(id));
                }
                if let Some(body) = body {
                    this.children(body);
                }
            });
        }
    }

    fn gen_decl(&mut self, node: Node<'t>, global: bool) {
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

    fn func_decl(&mut self, node: Node<'t>) {
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

    fn func_lit(&mut self, node: Node<'t>) {
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
        self.children(body);
    }

    /// The types of a signature; `keeps_params` where its type parameters stay in scope.
    fn signature(&mut self, ty: Node<'t>, keeps_params: bool) {
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

    fn members(&mut self, node: Node<'t>) {
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

    fn composite(&mut self, node: Node<'t>) {
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

#[cfg(test)]
mod tests;
