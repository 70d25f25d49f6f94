//! From tree-sitter's concrete tree to ours. Comes in: text. Goes out: a [`Syntax`]. Nodes that
//! need more than another name are built in `statements` and `expressions`.

use std::cell::RefCell;
use std::sync::Arc;

use tree_sitter::{Node as TsNode, Parser, Tree, TreeCursor};

use super::bridge::{self, Bridged};
use super::grammar::{GO, ROLES, SHAPES, Shape, Special};
use super::{Kind, NodeData, Op, Role, Syntax};
use crate::text::Span;

thread_local! {
    static PARSER: RefCell<Parser> = RefCell::new({
        let mut parser = Parser::new();
        // Fails only if the two crates were built for different ABI versions, which the tests of
        // this module would show at once; every parse is then one error node.
        let _ = parser.set_language(&GO);
        parser
    });
}

/// Nodes nest no deeper than this; what is below is an error node. Keeps hostile input from
/// overflowing the stack of a worker.
const MAX_DEPTH: usize = 20_000;

pub(super) fn parse(text: &Arc<str>, within: Span) -> Syntax {
    let plain = Bridged::plain(within.of(text));
    let tree = parse_bytes(&plain.bytes);
    let has_error = tree.as_ref().is_none_or(|t| t.root_node().has_error());
    let first = build(text, within, tree.as_ref(), &plain);
    if !has_error {
        return first;
    }
    // What the grammar does not know is bridged only where there was an error, and only if that
    // makes fewer of them.
    let bridged = bridge::bridge(within.of(text));
    if bridged.bytes == plain.bytes {
        return first;
    }
    let tree = parse_bytes(&bridged.bytes);
    let second = build(text, within, tree.as_ref(), &bridged);
    if second.errors < first.errors { second } else { first }
}

fn parse_bytes(bytes: &[u8]) -> Option<Tree> {
    PARSER.with_borrow_mut(|parser| parser.parse(bytes, None))
}

fn build(text: &Arc<str>, within: Span, tree: Option<&Tree>, source: &Bridged) -> Syntax {
    let mut builder = Builder {
        text,
        source,
        base: within.start,
        limit: within.end,
        nodes: Vec::with_capacity(within.len() / 5 + 4),
        comments: Vec::new(),
        errors: 0,
        too_deep: false,
        depth: 0,
    };
    let root = builder.open(Kind::File, Role::None, within);
    match tree {
        Some(tree) => builder.children(&mut tree.walk()),
        None => builder.error(within, Role::None),
    }
    builder.close(root);
    // An error that left no node of ours is one all the same.
    if builder.errors == 0 && tree.is_some_and(|t| t.root_node().has_error()) {
        builder.errors = 1;
    }
    Syntax {
        text: text.clone(),
        shift: 0,
        nodes: builder.nodes,
        comments: builder.comments,
        errors: builder.errors,
        too_deep: builder.too_deep,
    }
}

pub(super) struct Builder<'a> {
    text: &'a str,
    source: &'a Bridged,
    /// Offset of the parsed part in the text.
    base: usize,
    limit: usize,
    pub(super) nodes: Vec<NodeData>,
    comments: Vec<Span>,
    errors: usize,
    too_deep: bool,
    depth: usize,
}

/// A child of the grammar's node, with the role of its field.
#[derive(Clone, Copy)]
pub(super) struct Child<'t> {
    pub(super) node: TsNode<'t>,
    pub(super) role: Role,
}

impl<'t> Builder<'_> {
    fn offset(&self, byte: usize) -> usize {
        (self.base + self.source.original_offset(byte)).min(self.limit)
    }

    pub(super) fn span(&self, node: TsNode<'_>) -> Span {
        Span::new(self.offset(node.start_byte()), self.offset(node.end_byte()))
    }

    /// A comment ends before its line end, of whatever form that is.
    fn without_line_end(&self, comment: Span) -> Span {
        let returns = self.text[comment.range()].ends_with('\r');
        Span::new(comment.start, comment.end - usize::from(returns))
    }

    #[allow(clippy::cast_possible_truncation, reason = "files of 4 GiB and more are not read")]
    pub(super) fn open(&mut self, kind: Kind, role: Role, span: Span) -> usize {
        let at = self.nodes.len();
        self.nodes.push(NodeData {
            kind,
            op: Op::None,
            role,
            start: span.start as u32,
            end: span.end as u32,
            parent: 0,
            after: at as u32 + 1,
        });
        at
    }

    /// Ends the node at `at`: all nodes since are below it.
    #[allow(clippy::cast_possible_truncation, reason = "as many nodes as bytes at the most")]
    pub(super) fn close(&mut self, at: usize) {
        let after = self.nodes.len();
        self.nodes[at].after = after as u32;
        let mut child = at + 1;
        while child < after {
            self.nodes[child].parent = at as u32;
            child = self.nodes[child].after as usize;
        }
    }

    #[allow(clippy::cast_possible_truncation, reason = "files of 4 GiB and more are not read")]
    pub(super) fn end_at(&mut self, node: usize, end: usize) {
        self.nodes[node].end = end as u32;
    }

    pub(super) fn error(&mut self, span: Span, role: Role) {
        self.open(Kind::Error, role, span);
        self.errors += 1;
    }

    fn role_at(cursor: &TreeCursor<'_>) -> Role {
        cursor.field_id().map_or(Role::None, |id| ROLES[usize::from(id.get())])
    }

    /// All children of the cursor's node, one after the other.
    pub(super) fn children(&mut self, cursor: &mut TreeCursor<'t>) {
        if !cursor.goto_first_child() {
            return;
        }
        loop {
            self.node(cursor, Self::role_at(cursor));
            if !cursor.goto_next_sibling() {
                break;
            }
        }
        cursor.goto_parent();
    }

    /// The cursor's node, as `role` of the node that is open.
    pub(super) fn node(&mut self, cursor: &mut TreeCursor<'t>, role: Role) {
        let node = cursor.node();
        if node.is_error() || node.is_missing() {
            self.error(self.span(node), role);
            return;
        }
        if !node.is_named() {
            return;
        }
        if self.depth >= MAX_DEPTH {
            self.too_deep = true;
            self.error(self.span(node), role);
            return;
        }
        self.depth += 1;
        match SHAPES[usize::from(node.kind_id())] {
            Shape::Token => {}
            Shape::Comment => {
                let span = self.span(node);
                self.comments.push(self.without_line_end(span));
            }
            Shape::Leaf(kind, op) => {
                let at = self.open(kind, role, self.span(node));
                self.nodes[at].op = op;
            }
            Shape::Transparent => self.transparent(cursor, role),
            Shape::Node(kind) => {
                let at = self.open(kind, role, self.span(node));
                self.children(cursor);
                self.close(at);
                self.settle(at);
            }
            Shape::Special(special) => self.special(special, cursor, role),
        }
        self.depth -= 1;
    }

    /// The children of the cursor's node in its place; a single unnamed child takes its role.
    fn transparent(&mut self, cursor: &mut TreeCursor<'t>, role: Role) {
        if !cursor.goto_first_child() {
            return;
        }
        loop {
            let own = Self::role_at(cursor);
            self.node(cursor, if own == Role::None { role } else { own });
            if !cursor.goto_next_sibling() {
                break;
            }
        }
        cursor.goto_parent();
    }

    /// Gives children their roles where the grammar has no field names.
    pub(super) fn settle(&mut self, at: usize) {
        let roles: &[Role] = match self.nodes[at].kind {
            Kind::Star
            | Kind::Paren
            | Kind::Go
            | Kind::Defer
            | Kind::ExprStmt
            | Kind::Ellipsis
            | Kind::IncDec
            | Kind::Unary => &[Role::X],
            Kind::Return => &[Role::Value],
            Kind::StructType => &[Role::Fields],
            _ => &[],
        };
        let kind = self.nodes[at].kind;
        let mut child = at + 1;
        let mut nth = 0;
        while child < self.nodes[at].after as usize {
            let role = &mut self.nodes[child].role;
            match (kind, *role) {
                (Kind::Selector, Role::Name) => *role = Role::Sel,
                (Kind::Binary, Role::Lhs) => *role = Role::X,
                (Kind::Binary, Role::Rhs) => *role = Role::Y,
                (Kind::Send, Role::Value) => *role = Role::Y,
                (_, Role::None) => *role = roles.get(nth).copied().unwrap_or(Role::None),
                _ => {}
            }
            nth += 1;
            child = self.nodes[child].after as usize;
        }
    }

    pub(super) fn child_nodes(cursor: &mut TreeCursor<'t>) -> Vec<Child<'t>> {
        let mut out = Vec::new();
        if cursor.goto_first_child() {
            loop {
                out.push(Child { node: cursor.node(), role: Self::role_at(cursor) });
                if !cursor.goto_next_sibling() {
                    break;
                }
            }
            cursor.goto_parent();
        }
        out
    }

    pub(super) fn child_as(&mut self, child: Child<'t>, role: Role) {
        self.node(&mut child.node.walk(), role);
    }

    /// The operator among a node's tokens.
    pub(super) fn op_of(node: TsNode<'t>) -> Op {
        let mut cursor = node.walk();
        node.children(&mut cursor)
            .filter(|c| !c.is_named())
            .map(|c| Op::from_text(c.kind()))
            .find(|op| *op != Op::None)
            .unwrap_or(Op::None)
    }

    fn special(&mut self, special: Special, cursor: &mut TreeCursor<'t>, role: Role) {
        let span = self.span(cursor.node());
        match special {
            Special::Unary => self.unary(cursor, role),
            Special::WithOp(kind) => self.with_op(kind, cursor, role),
            Special::GenDecl(op) => self.gen_decl(op, cursor, role),
            Special::Branch(op) => {
                let at = self.open(Kind::Branch, role, span);
                self.nodes[at].op = op;
                for child in Self::child_nodes(cursor) {
                    self.child_as(child, Role::Label);
                }
                self.close(at);
            }
            Special::For => self.for_stmt(cursor, role),
            Special::Cases(kind) => self.cases(kind, cursor, role),
            Special::Clause => self.clause(Kind::CaseClause, cursor, role),
            Special::CommClause => self.clause(Kind::CommClause, cursor, role),
            Special::Named(kind) => self.named(kind, cursor, role),
            Special::Params => self.params(cursor, role),
            Special::Chan => self.chan_type(cursor, role),
            Special::Func(kind) => self.func(kind, cursor, role),
            Special::TypeElem => self.type_elem(cursor, role),
            Special::Generic => self.generic(cursor, role),
            Special::LiteralValue => self.literal_value(cursor, role),
            Special::Labeled => self.labeled(cursor, role),
            Special::Conversion => self.conversion(cursor, role),
            Special::Call => self.call(cursor, role),
            Special::Variadic => self.variadic(cursor, role),
            Special::ImplicitArray => {
                let at = self.open(Kind::ArrayType, role, span);
                self.nodes[at].op = Op::Ellipsis;
                self.children(cursor);
                self.close(at);
            }
        }
    }

    fn unary(&mut self, cursor: &mut TreeCursor<'t>, role: Role) {
        let node = cursor.node();
        let op = Self::op_of(node);
        let kind = if op == Op::Mul { Kind::Star } else { Kind::Unary };
        let at = self.open(kind, role, self.span(node));
        self.nodes[at].op = if op == Op::Mul { Op::None } else { op };
        self.children(cursor);
        self.close(at);
        self.settle(at);
    }

    /// The elements of a composite literal, which are the literal where its type is left out.
    fn literal_value(&mut self, cursor: &mut TreeCursor<'t>, role: Role) {
        let span = self.span(cursor.node());
        let elided = role != Role::Body;
        let literal = elided.then(|| self.open(Kind::CompositeLit, role, span));
        let at = self.open(Kind::Elements, Role::Elements, span);
        self.children(cursor);
        self.close(at);
        if let Some(literal) = literal {
            self.close(literal);
        }
    }
}

pub(super) fn is_comment(node: TsNode<'_>) -> bool {
    node.kind() == "comment"
}
