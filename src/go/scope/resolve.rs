//! Blocks and statements: where names begin and end to mean something, and which are meant.

use super::{LabelId, NameUse, Object, ObjectId, ObjectKind, Scopes};
use crate::go::syntax::{Kind, Node, NodeId, Op, Role};
use crate::text::Span;

/// Walks a declaration once, in the order of the text, with the names that are visible.
pub(super) struct Resolver<'t> {
    objects: Vec<Object>,
    names: Vec<Box<str>>,
    uses: Vec<NameUse>,
    /// Visible names, innermost last.
    visible: Vec<(&'t str, ObjectId)>,
    /// The open blocks: how many names were visible when they began, and where they end.
    blocks: Vec<(usize, usize)>,
    labels: Vec<NodeId>,
    /// The open functions.
    functions: Vec<Labels<'t>>,
}

/// The labels of a function.
#[derive(Default)]
struct Labels<'t> {
    declared: Vec<(&'t str, LabelId)>,
    /// Where labels are named; a jump may come before its label.
    named: Vec<Node<'t>>,
}

impl<'t> Resolver<'t> {
    /// For a tree of `len` nodes.
    pub(super) fn new(len: usize) -> Self {
        Self {
            objects: Vec::new(),
            names: Vec::new(),
            uses: vec![NameUse::None; len],
            visible: Vec::new(),
            blocks: Vec::new(),
            labels: Vec::new(),
            functions: vec![Labels::default()],
        }
    }

    pub(super) fn finish(mut self) -> Scopes {
        // Statements at the top level, in patterns, may name labels, too.
        self.end_function();
        let Self { objects, names, labels, uses, .. } = self;
        Scopes { objects, names, labels, uses }
    }

    pub(super) fn begin_function(&mut self) {
        self.functions.push(Labels::default());
    }

    pub(super) fn end_function(&mut self) {
        let labels = self.functions.pop().unwrap_or_default();
        for node in labels.named {
            let declared = labels.declared.iter().find(|(name, _)| *name == node.text());
            self.mark(node, NameUse::Label(declared.map(|d| d.1)));
        }
    }

    fn label(&mut self, node: Node<'t>) {
        let id = LabelId(u32::try_from(self.labels.len()).unwrap_or(u32::MAX));
        let Some(function) = self.functions.last_mut() else { return };
        let declares = node.parent().is_some_and(|p| p.kind() == Kind::Labeled);
        // `_` is no label that can be named; of two with one name the first counts.
        let known = function.declared.iter().any(|(name, _)| *name == node.text());
        if declares && !known && node.text() != "_" {
            function.declared.push((node.text(), id));
            self.labels.push(node.id());
        }
        function.named.push(node);
    }

    pub(super) fn top_level(&mut self, decl: Node<'t>) {
        match decl.kind() {
            Kind::FuncDecl => self.func_decl(decl),
            Kind::GenDecl => self.gen_decl(decl, true),
            // Statements at the top level occur in patterns only.
            _ => self.block(decl.span().end, |this| this.node(decl)),
        }
    }

    pub(super) fn block(&mut self, end: usize, inside: impl FnOnce(&mut Self)) {
        self.blocks.push((self.visible.len(), end));
        inside(self);
        if let Some((visible, _)) = self.blocks.pop() {
            self.visible.truncate(visible);
        }
    }

    pub(super) fn mark(&mut self, node: Node<'t>, name_use: NameUse) {
        self.uses[node.id().index()] = name_use;
    }

    /// Declares `ident` in the innermost block; its scope begins at `from`.
    pub(super) fn declare(&mut self, ident: Node<'t>, kind: ObjectKind, from: usize) {
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

    pub(super) fn find(&self, name: &str) -> Option<ObjectId> {
        self.visible.iter().rev().find(|(n, _)| *n == name).map(|&(_, id)| id)
    }

    fn find_in_block(&self, name: &str) -> Option<ObjectId> {
        let from = self.blocks.last().map_or(0, |b| b.0);
        self.visible[from..].iter().rev().find(|(n, _)| *n == name).map(|&(_, id)| id)
    }

    pub(super) fn children(&mut self, node: Node<'t>) {
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

    pub(super) fn node(&mut self, node: Node<'t>) {
        match node.kind() {
            Kind::Ident => match node.role() {
                Role::Sel => self.mark(node, NameUse::Member),
                Role::Label => self.label(node),
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
}
