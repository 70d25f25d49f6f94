//! From tree-sitter's concrete tree to ours. Comes in: text. Goes out: a [`Syntax`]; the grammar's
//! own node names are known nowhere else.

use std::cell::RefCell;
use std::sync::{Arc, LazyLock};

use tree_sitter::{Language, Node as TsNode, Parser, Tree, TreeCursor};

use super::bridge::{self, Bridged};
use super::{Kind, NodeData, Op, Role, Syntax};
use crate::text::Span;

static GO: LazyLock<Language> = LazyLock::new(|| tree_sitter_go::LANGUAGE.into());

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
        source,
        base: within.start,
        limit: within.end,
        nodes: Vec::with_capacity(within.len() / 5 + 4),
        comments: Vec::new(),
        errors: 0,
        depth: 0,
    };
    let root = builder.open(Kind::File, Role::None, within);
    match tree {
        Some(tree) => builder.children(&mut tree.walk()),
        None => builder.error(within, Role::None),
    }
    builder.close(root);
    Syntax {
        text: text.clone(),
        nodes: builder.nodes,
        comments: builder.comments,
        errors: builder.errors,
    }
}

/// What becomes of a node of the grammar.
#[derive(Clone, Copy)]
enum Shape {
    /// A node of ours with the children of the original.
    Node(Kind),
    /// A node without children.
    Leaf(Kind, Op),
    /// Its children stand in its place.
    Transparent,
    /// Anonymous tokens.
    Token,
    Comment,
    Special(Special),
}

#[derive(Clone, Copy)]
enum Special {
    /// A unary expression: `*` is a kind of its own.
    Unary,
    /// Has an operator among its tokens.
    WithOp(Kind),
    For,
    Cases(Kind),
    /// A clause: values, then statements.
    Clause,
    CommClause,
    /// Leading children of one field become a list.
    Named(Kind),
    Chan,
    /// A signature whose parts are collected into a function type.
    Func(Kind),
    TypeElem,
    Generic,
    Conversion,
    Call,
    Variadic,
    /// Parameters: names that the grammar took for types go to the type after them.
    Params,
    GenDecl(Op),
    Branch(Op),
    ImplicitArray,
    /// Elements; without a type before them they are a literal of their own.
    LiteralValue,
}

static SHAPES: LazyLock<Vec<Shape>> = LazyLock::new(|| {
    (0..GO.node_kind_count())
        .map(|id| {
            let id = u16::try_from(id).unwrap_or(u16::MAX);
            match GO.node_kind_for_id(id) {
                Some(name) if GO.node_kind_is_named(id) => shape(name),
                _ => Shape::Token,
            }
        })
        .collect()
});

fn shape(name: &str) -> Shape {
    use Shape::{Leaf, Node, Transparent};
    use Special as S;
    let special = Shape::Special;
    match name {
        "comment" => Shape::Comment,
        "identifier" | "type_identifier" | "field_identifier" | "package_identifier"
        | "label_name" | "blank_identifier" | "nil" | "true" | "false" | "iota" => {
            Leaf(Kind::Ident, Op::None)
        }
        "int_literal" => Leaf(Kind::BasicLit, Op::Int),
        "float_literal" => Leaf(Kind::BasicLit, Op::Float),
        "imaginary_literal" => Leaf(Kind::BasicLit, Op::Imag),
        "rune_literal" => Leaf(Kind::BasicLit, Op::Rune),
        "interpreted_string_literal" | "raw_string_literal" => Leaf(Kind::BasicLit, Op::String),
        "composite_literal" => Node(Kind::CompositeLit),
        "literal_value" => special(S::LiteralValue),
        "keyed_element" => Node(Kind::KeyValue),
        "parenthesized_expression" | "parenthesized_type" => Node(Kind::Paren),
        "selector_expression" | "qualified_type" => Node(Kind::Selector),
        "index_expression" => special(S::Generic),
        "generic_type" | "type_instantiation_expression" => special(S::Generic),
        "slice_expression" => Node(Kind::Slice),
        "type_assertion_expression" => Node(Kind::TypeAssert),
        "call_expression" => special(S::Call),
        "type_conversion_expression" => special(S::Conversion),
        "argument_list" => Node(Kind::Args),
        "variadic_argument" => Node(Kind::Ellipsis),
        "pointer_type" => Node(Kind::Star),
        "unary_expression" => special(S::Unary),
        "negated_type" => special(S::WithOp(Kind::Unary)),
        "binary_expression" => special(S::WithOp(Kind::Binary)),
        "array_type" | "slice_type" => Node(Kind::ArrayType),
        "implicit_length_array_type" => special(S::ImplicitArray),
        "struct_type" => Node(Kind::StructType),
        "field_declaration_list" => Node(Kind::FieldList),
        "interface_type" => Node(Kind::InterfaceType),
        "map_type" => Node(Kind::MapType),
        "channel_type" => special(S::Chan),
        "func_literal" => special(S::Func(Kind::FuncLit)),
        "function_type" => special(S::Func(Kind::FuncType)),
        "function_declaration" | "method_declaration" => special(S::Func(Kind::FuncDecl)),
        "method_elem" => special(S::Func(Kind::Field)),
        "parameter_list" => special(S::Params),
        "type_parameter_list" => Node(Kind::TypeParams),
        "parameter_declaration" | "type_parameter_declaration" | "field_declaration" => {
            special(S::Named(Kind::Field))
        }
        "variadic_parameter_declaration" => special(S::Variadic),
        "type_elem" | "type_constraint" => special(S::TypeElem),
        "type_arguments" => Transparent,
        "expression_list" => Node(Kind::ExprList),
        "block" => Node(Kind::Block),
        "expression_statement" => Node(Kind::ExprStmt),
        "send_statement" => Node(Kind::Send),
        "inc_statement" | "dec_statement" => special(S::WithOp(Kind::IncDec)),
        "assignment_statement" | "short_var_declaration" | "receive_statement" => {
            special(S::WithOp(Kind::Assign))
        }
        "go_statement" => Node(Kind::Go),
        "defer_statement" => Node(Kind::Defer),
        "return_statement" => Node(Kind::Return),
        "break_statement" => special(S::Branch(Op::Break)),
        "continue_statement" => special(S::Branch(Op::Continue)),
        "goto_statement" => special(S::Branch(Op::Goto)),
        "fallthrough_statement" => Leaf(Kind::Branch, Op::Fallthrough),
        "if_statement" => Node(Kind::If),
        "for_statement" => special(S::For),
        "expression_switch_statement" => special(S::Cases(Kind::Switch)),
        "type_switch_statement" => special(S::Cases(Kind::TypeSwitch)),
        "select_statement" => special(S::Cases(Kind::Select)),
        "expression_case" | "type_case" | "default_case" => special(S::Clause),
        "communication_case" => special(S::CommClause),
        "labeled_statement" => Node(Kind::Labeled),
        "const_declaration" => special(S::GenDecl(Op::Const)),
        "var_declaration" => special(S::GenDecl(Op::Var)),
        "type_declaration" => special(S::GenDecl(Op::Type)),
        "const_spec" | "var_spec" => special(S::Named(Kind::ValueSpec)),
        "type_spec" | "type_alias" => special(S::WithOp(Kind::TypeSpec)),
        "package_clause" => Node(Kind::Package),
        "import_declaration" => Node(Kind::Import),
        // statement_list, literal_element, for_clause, range_clause, var_spec_list, …
        _ => Transparent,
    }
}

/// The role that a field of the grammar stands for.
static ROLES: LazyLock<Vec<Role>> = LazyLock::new(|| {
    (0..=GO.field_count())
        .map(|id| {
            let name = u16::try_from(id).ok().and_then(|id| GO.field_name_for_id(id));
            match name.unwrap_or_default() {
                "function" => Role::Fun,
                "arguments" => Role::Args,
                "operand" | "package" | "channel" | "condition_expr" => Role::X,
                "field" => Role::Sel,
                "index" | "type_arguments" => Role::Indices,
                "start" => Role::Low,
                "end" => Role::High,
                "capacity" => Role::Max,
                "type" | "element" => Role::Type,
                "key" => Role::Key,
                "value" => Role::Value,
                "length" => Role::Len,
                "body" => Role::Body,
                "left" => Role::Lhs,
                "right" => Role::Rhs,
                "initializer" => Role::Init,
                "condition" => Role::Cond,
                "update" => Role::Post,
                "consequence" => Role::Body,
                "alternative" => Role::Else,
                "alias" => Role::Bind,
                "communication" => Role::Comm,
                "label" => Role::Label,
                "name" => Role::Name,
                "type_parameters" => Role::TypeParams,
                "parameters" => Role::Params,
                "result" => Role::Results,
                "receiver" => Role::Recv,
                "tag" => Role::FieldTag,
                "path" => Role::Path,
                _ => Role::None,
            }
        })
        .collect()
});

struct Builder<'a> {
    source: &'a Bridged,
    /// Offset of the parsed part in the text.
    base: usize,
    limit: usize,
    nodes: Vec<NodeData>,
    comments: Vec<Span>,
    errors: usize,
    depth: usize,
}

/// A child of the grammar's node, with the role of its field.
#[derive(Clone, Copy)]
struct Child<'t> {
    node: TsNode<'t>,
    role: Role,
}

impl<'t> Builder<'_> {
    fn offset(&self, byte: usize) -> usize {
        (self.base + self.source.original_offset(byte)).min(self.limit)
    }

    fn span(&self, node: TsNode<'_>) -> Span {
        Span::new(self.offset(node.start_byte()), self.offset(node.end_byte()))
    }

    #[allow(clippy::cast_possible_truncation, reason = "files of 4 GiB and more are not read")]
    fn open(&mut self, kind: Kind, role: Role, span: Span) -> usize {
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
    fn close(&mut self, at: usize) {
        let after = self.nodes.len();
        self.nodes[at].after = after as u32;
        let mut child = at + 1;
        while child < after {
            self.nodes[child].parent = at as u32;
            child = self.nodes[child].after as usize;
        }
    }

    fn error(&mut self, span: Span, role: Role) {
        self.open(Kind::Error, role, span);
        self.errors += 1;
    }

    fn role_at(cursor: &TreeCursor<'_>) -> Role {
        cursor.field_id().map_or(Role::None, |id| ROLES[usize::from(id.get())])
    }

    /// All children of the cursor's node, one after the other.
    fn children(&mut self, cursor: &mut TreeCursor<'t>) {
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
    fn node(&mut self, cursor: &mut TreeCursor<'t>, role: Role) {
        let node = cursor.node();
        if node.is_error() || node.is_missing() {
            self.error(self.span(node), role);
            return;
        }
        if !node.is_named() {
            return;
        }
        if self.depth >= MAX_DEPTH {
            self.error(self.span(node), role);
            return;
        }
        self.depth += 1;
        match SHAPES[usize::from(node.kind_id())] {
            Shape::Token => {}
            Shape::Comment => {
                let span = self.span(node);
                self.comments.push(span);
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
    fn settle(&mut self, at: usize) {
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

    fn child_nodes(cursor: &mut TreeCursor<'t>) -> Vec<Child<'t>> {
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

    fn child_as(&mut self, child: Child<'t>, role: Role) {
        self.node(&mut child.node.walk(), role);
    }

    /// The operator among a node's tokens.
    fn op_of(&self, node: TsNode<'t>) -> Op {
        let mut cursor = node.walk();
        node.children(&mut cursor)
            .filter(|c| !c.is_named())
            .map(|c| Op::from_text(c.kind()))
            .find(|op| *op != Op::None)
            .unwrap_or(Op::None)
    }

    fn special(&mut self, special: Special, cursor: &mut TreeCursor<'t>, role: Role) {
        let node = cursor.node();
        let span = self.span(node);
        match special {
            Special::Unary => {
                let op = self.op_of(node);
                let kind = if op == Op::Mul { Kind::Star } else { Kind::Unary };
                let at = self.open(kind, role, span);
                self.nodes[at].op = if op == Op::Mul { Op::None } else { op };
                self.children(cursor);
                self.close(at);
                self.settle(at);
            }
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
            Special::LiteralValue => {
                let elided = role != Role::Body;
                let literal = elided.then(|| self.open(Kind::CompositeLit, role, span));
                let at = self.open(Kind::Elements, Role::Elements, span);
                self.children(cursor);
                self.close(at);
                if let Some(literal) = literal {
                    self.close(literal);
                }
            }
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

    fn with_op(&mut self, kind: Kind, cursor: &mut TreeCursor<'t>, role: Role) {
        let node = cursor.node();
        let op = self.op_of(node);
        if node.kind() == "receive_statement" && op == Op::None {
            // `case <-ch:` is an expression as a statement.
            let at = self.open(Kind::ExprStmt, role, self.span(node));
            for child in Self::child_nodes(cursor) {
                self.child_as(child, Role::X);
            }
            self.close(at);
            return;
        }
        let at = self.open(kind, role, self.span(node));
        self.nodes[at].op = op;
        let wrap_rhs = kind == Kind::Assign;
        for child in Self::child_nodes(cursor) {
            if wrap_rhs && child.role == Role::Rhs && child.node.kind() != "expression_list" {
                let list = self.open(Kind::ExprList, Role::Rhs, self.span(child.node));
                self.child_as(child, Role::None);
                self.close(list);
            } else {
                self.child_as(child, child.role);
            }
        }
        self.close(at);
        self.settle(at);
    }

    fn gen_decl(&mut self, op: Op, cursor: &mut TreeCursor<'t>, role: Role) {
        let span = self.span(cursor.node());
        let in_function = role != Role::None
            || cursor.node().parent().is_some_and(|p| !matches!(p.kind(), "source_file" | "ERROR"));
        let outer = in_function.then(|| self.open(Kind::DeclStmt, role, span));
        let decl_role = if in_function { Role::X } else { role };
        let at = self.open(Kind::GenDecl, decl_role, span);
        self.nodes[at].op = op;
        let specs = self.open(Kind::Specs, Role::Specs, span);
        self.children(cursor);
        self.close(specs);
        self.close(at);
        if let Some(outer) = outer {
            self.close(outer);
        }
    }

    fn for_stmt(&mut self, cursor: &mut TreeCursor<'t>, role: Role) {
        let children = Self::child_nodes(cursor);
        let is_range = children.iter().any(|c| c.node.kind() == "range_clause");
        let kind = if is_range { Kind::Range } else { Kind::For };
        let at = self.open(kind, role, self.span(cursor.node()));
        for child in children {
            match child.node.kind() {
                "range_clause" => {
                    self.nodes[at].op = self.op_of(child.node);
                    for part in Self::child_nodes(&mut child.node.walk()) {
                        let role = if part.role == Role::Rhs { Role::X } else { part.role };
                        self.child_as(part, role);
                    }
                }
                "for_clause" => {
                    // The semicolons tell `for ;;` from `for`, which mean the same.
                    for part in Self::child_nodes(&mut child.node.walk()) {
                        self.child_as(part, part.role);
                    }
                }
                _ if child.role == Role::None => self.child_as(child, Role::Cond),
                _ => self.child_as(child, child.role),
            }
        }
        self.close(at);
    }

    fn cases(&mut self, kind: Kind, cursor: &mut TreeCursor<'t>, role: Role) {
        let children = Self::child_nodes(cursor);
        let span = self.span(cursor.node());
        let at = self.open(kind, role, span);
        let is_case = |c: &Child<'_>| c.node.kind().ends_with("_case");
        for child in children.iter().filter(|c| !is_case(c)) {
            if child.node.kind() == "{" {
                break;
            }
            let role = if child.role == Role::Value { Role::Tag } else { child.role };
            self.child_as(*child, role);
        }
        let open = children.iter().position(|c| c.node.kind() == "{");
        let list_start = open.map_or(span.end, |i| self.span(children[i].node).start);
        let list = self.open(Kind::Clauses, Role::Clauses, Span::new(list_start, span.end));
        for child in children.iter().skip(open.map_or(children.len(), |i| i + 1)) {
            self.child_as(*child, Role::None);
        }
        self.close(list);
        self.close(at);
    }

    fn clause(&mut self, kind: Kind, cursor: &mut TreeCursor<'t>, role: Role) {
        let children = Self::child_nodes(cursor);
        let node = cursor.node();
        let kind = match node.parent().map(|p| p.kind()) {
            Some("select_statement") => Kind::CommClause,
            _ => kind,
        };
        let span = self.span(node);
        let at = self.open(kind, role, span);
        let colon = children.iter().rposition(|c| c.node.kind() == ":").unwrap_or(children.len());
        let types: Vec<_> = children.iter().filter(|c| c.role == Role::Type).copied().collect();
        if let (Some(first), Some(last)) = (types.first(), types.last()) {
            let list_span = self.span(first.node).cover(self.span(last.node));
            let list = self.open(Kind::ExprList, Role::Value, list_span);
            for child in types {
                self.child_as(child, Role::None);
            }
            self.close(list);
        }
        for child in children[..colon].iter().filter(|c| c.role != Role::Type) {
            self.child_as(*child, child.role);
        }
        let start = children.get(colon).map_or(span.end, |c| self.span(c.node).end);
        let body: Vec<_> = children.iter().skip(colon + 1).copied().collect();
        let named = body.iter().filter(|c| c.node.kind() == "statement_list");
        let body_span =
            named.map(|c| self.span(c.node)).reduce(Span::cover).unwrap_or_else(|| Span::at(start));
        let list = self.open(Kind::StmtList, Role::Body, body_span);
        for child in body {
            self.child_as(child, Role::None);
        }
        self.close(list);
        self.close(at);
    }

    /// Children of the field `name` become one list.
    fn named(&mut self, kind: Kind, cursor: &mut TreeCursor<'t>, role: Role) {
        let children = Self::child_nodes(cursor);
        let at = self.open(kind, role, self.span(cursor.node()));
        let names: Vec<_> = children
            .iter()
            .filter(|c| c.role == Role::Name && c.node.is_named())
            .copied()
            .collect();
        if let (Some(first), Some(last)) = (names.first(), names.last()) {
            let span = self.span(first.node).cover(self.span(last.node));
            let list = self.open(Kind::NameList, Role::Name, span);
            for name in &names {
                self.child_as(*name, Role::None);
            }
            self.close(list);
        }
        let star = children.iter().find(|c| c.node.kind() == "*");
        for child in children.iter().filter(|c| c.role != Role::Name || c.node.is_error()) {
            match star {
                Some(star) if child.role == Role::Type => {
                    let span = self.span(star.node).cover(self.span(child.node));
                    let pointer = self.open(Kind::Star, Role::Type, span);
                    self.child_as(*child, Role::X);
                    self.close(pointer);
                }
                _ => self.child_as(*child, child.role),
            }
        }
        self.close(at);
    }

    /// Of a long list of names before one type the grammar takes the first few for types. As
    /// either all parameters have names or none, they can be told.
    fn params(&mut self, cursor: &mut TreeCursor<'t>, role: Role) {
        let children = Self::child_nodes(cursor);
        let at = self.open(Kind::Params, role, self.span(cursor.node()));
        let has_name = |c: &Child<'t>| c.node.child_by_field_name("name").is_some();
        let some_named = children.iter().any(has_name);
        let mut names: Vec<Child<'t>> = Vec::new();
        for child in children {
            let unnamed = child.node.kind() == "parameter_declaration" && !has_name(&child);
            let parts = Self::child_nodes(&mut child.node.walk());
            let ty = parts.iter().find(|c| c.role == Role::Type);
            match ty {
                Some(ty) if some_named && unnamed && ty.node.kind() == "type_identifier" => {
                    names.push(*ty);
                }
                Some(_) if !names.is_empty() && has_name(&child) => {
                    let mut names = std::mem::take(&mut names);
                    names
                        .extend(parts.iter().filter(|c| c.role == Role::Name && c.node.is_named()));
                    self.field_of(&names, &parts, self.span(child.node));
                }
                _ => self.child_as(child, child.role),
            }
        }
        // Names without a type after them: no correct program has any.
        for ty in names {
            let field = self.open(Kind::Field, Role::None, self.span(ty.node));
            self.child_as(ty, Role::Type);
            self.close(field);
        }
        self.close(at);
    }

    /// A field with these names, and the type among `parts`.
    fn field_of(&mut self, names: &[Child<'t>], parts: &[Child<'t>], last: Span) {
        let Some(first) = names.first().map(|n| self.span(n.node)) else { return };
        let field = self.open(Kind::Field, Role::None, first.cover(last));
        let end = names.last().map_or(first, |n| self.span(n.node));
        let list = self.open(Kind::NameList, Role::Name, first.cover(end));
        for name in names {
            self.child_as(*name, Role::None);
        }
        self.close(list);
        for part in parts.iter().filter(|c| c.role == Role::Type) {
            self.child_as(*part, Role::Type);
        }
        self.close(field);
    }

    fn variadic(&mut self, cursor: &mut TreeCursor<'t>, role: Role) {
        let children = Self::child_nodes(cursor);
        let span = self.span(cursor.node());
        let at = self.open(Kind::Field, role, span);
        let mut dots = span.start;
        for child in children {
            match child.role {
                Role::Name => {
                    let list = self.open(Kind::NameList, Role::Name, self.span(child.node));
                    self.child_as(child, Role::None);
                    self.close(list);
                }
                Role::Type => {
                    let whole = Span::new(dots, span.end);
                    let ellipsis = self.open(Kind::Ellipsis, Role::Type, whole);
                    self.child_as(child, Role::X);
                    self.close(ellipsis);
                }
                _ if child.node.kind() == "..." => dots = self.span(child.node).start,
                _ => self.child_as(child, Role::None),
            }
        }
        self.close(at);
    }

    fn chan_type(&mut self, cursor: &mut TreeCursor<'t>, role: Role) {
        let node = cursor.node();
        let at = self.open(Kind::ChanType, role, self.span(node));
        let first_is_arrow = node.child(0).is_some_and(|c| c.kind() == "<-");
        self.nodes[at].op = match (first_is_arrow, self.op_of(node)) {
            (true, _) => Op::RecvOnly,
            (false, Op::Arrow) => Op::SendOnly,
            (false, _) => Op::None,
        };
        self.children(cursor);
        self.close(at);
    }

    /// Name and receiver, then a function type, then the body.
    fn func(&mut self, kind: Kind, cursor: &mut TreeCursor<'t>, role: Role) {
        let children = Self::child_nodes(cursor);
        let span = self.span(cursor.node());
        let at = self.open(kind, role, span);
        for child in children.iter().filter(|c| matches!(c.role, Role::Recv | Role::Name)) {
            if kind == Kind::Field {
                let list = self.open(Kind::NameList, Role::Name, self.span(child.node));
                self.child_as(*child, Role::None);
                self.close(list);
            } else {
                self.child_as(*child, child.role);
            }
        }
        let in_type =
            |c: &&Child<'_>| matches!(c.role, Role::TypeParams | Role::Params | Role::Results);
        let signature: Vec<_> = children.iter().filter(in_type).copied().collect();
        let nested = kind != Kind::FuncType;
        let covered = signature.iter().map(|c| self.span(c.node)).reduce(Span::cover);
        let ty = nested.then(|| self.open(Kind::FuncType, Role::Type, covered.unwrap_or(span)));
        for child in &signature {
            self.child_as(*child, child.role);
        }
        if let Some(ty) = ty {
            self.close(ty);
        }
        let rest = |c: &&Child<'_>| !matches!(c.role, Role::Recv | Role::Name) && !in_type(c);
        for child in children.iter().filter(rest) {
            self.child_as(*child, child.role);
        }
        self.close(at);
    }

    /// `A | B | C`; a single type stands for itself. An element of an interface is a field.
    fn type_elem(&mut self, cursor: &mut TreeCursor<'t>, role: Role) {
        let in_interface = cursor.node().parent().is_some_and(|p| p.kind() == "interface_type");
        let span = self.span(cursor.node());
        let field = in_interface.then(|| self.open(Kind::Field, role, span));
        let role = if in_interface { Role::Type } else { role };
        let terms: Vec<_> =
            Self::child_nodes(cursor).into_iter().filter(|c| c.node.is_named()).collect();
        let types = terms.iter().filter(|c| c.node.kind() != "comment").count();
        self.union(&terms, types, role, span.start);
        if let Some(field) = field {
            self.close(field);
        }
    }

    fn union(&mut self, terms: &[Child<'t>], types: usize, role: Role, start: usize) {
        let Some((last, rest)) = terms.split_last() else { return };
        if types <= 1 || last.node.kind() == "comment" {
            for term in terms {
                self.child_as(*term, role);
            }
            return;
        }
        let end = self.span(last.node).end;
        let at = self.open(Kind::Binary, role, Span::new(start, end));
        self.nodes[at].op = Op::Or;
        self.union(rest, types - 1, Role::X, start);
        self.child_as(*last, Role::Y);
        self.close(at);
    }

    /// `x[i]`, `F[A, B]`: the operand, then a list of what stands in the brackets.
    fn generic(&mut self, cursor: &mut TreeCursor<'t>, role: Role) {
        let children = Self::child_nodes(cursor);
        let at = self.open(Kind::Index, role, self.span(cursor.node()));
        let is_part =
            |c: &&Child<'_>| c.node.is_named() && !is_comment(c.node) && !c.node.is_error();
        let mut named = children.iter().filter(is_part);
        if let Some(operand) = named.next() {
            self.child_as(*operand, Role::X);
        }
        let indices: Vec<_> = named.copied().collect();
        self.indices(&indices);
        for child in children.iter().filter(|c| is_comment(c.node) || c.node.is_error()) {
            self.child_as(*child, Role::None);
        }
        self.close(at);
    }

    fn indices(&mut self, indices: &[Child<'t>]) {
        let Some((first, last)) = indices.first().zip(indices.last()) else { return };
        let span = self.span(first.node).cover(self.span(last.node));
        let list = self.open(Kind::ExprList, Role::Indices, span);
        for child in indices {
            self.child_as(*child, Role::None);
        }
        self.close(list);
    }

    /// `T(x)` is a call until names tell. Of `*T(x)`, which the grammar takes for a conversion to
    /// `*T`, the star is an operator (Go specification, "Conversions").
    fn conversion(&mut self, cursor: &mut TreeCursor<'t>, role: Role) {
        let children = Self::child_nodes(cursor);
        let span = self.span(cursor.node());
        let ty = children.iter().find(|c| c.role == Role::Type).map(|c| c.node);
        self.conversion_to(ty, &children, span, role);
    }

    fn conversion_to(
        &mut self,
        ty: Option<TsNode<'t>>,
        children: &[Child<'t>],
        span: Span,
        role: Role,
    ) {
        if let Some(pointer) = ty.filter(|t| t.kind() == "pointer_type") {
            let inner = Self::child_nodes(&mut pointer.walk());
            let inner = inner.iter().find(|c| c.node.is_named() && !is_comment(c.node));
            if let Some(inner) = inner.map(|c| c.node) {
                let star = self.open(Kind::Star, role, span);
                let rest = Span::new(self.span(inner).start, span.end);
                self.conversion_to(Some(inner), children, rest, Role::X);
                self.close(star);
                return;
            }
        }
        let open = children.iter().find(|c| c.node.kind() == "(");
        let start = open.map_or(span.start, |c| self.span(c.node).start);
        let at = self.open(Kind::Call, role, span);
        if let Some(ty) = ty {
            self.node(&mut ty.walk(), Role::Fun);
        }
        let args = self.open(Kind::Args, Role::Args, Span::new(start, span.end));
        for child in children.iter().filter(|c| c.role != Role::Type) {
            self.child_as(*child, Role::None);
        }
        self.close(args);
        self.close(at);
    }

    /// A call; with type arguments, a call of an instantiation.
    fn call(&mut self, cursor: &mut TreeCursor<'t>, role: Role) {
        let children = Self::child_nodes(cursor);
        let at = self.open(Kind::Call, role, self.span(cursor.node()));
        let type_args = children.iter().find(|c| c.role == Role::Indices).copied();
        for child in children.iter().filter(|c| c.role != Role::Indices) {
            match type_args {
                Some(args) if child.role == Role::Fun => {
                    let span = self.span(child.node).cover(self.span(args.node));
                    let index = self.open(Kind::Index, Role::Fun, span);
                    self.child_as(*child, Role::X);
                    let inner = Self::child_nodes(&mut args.node.walk());
                    let inner: Vec<_> = inner.into_iter().filter(|c| c.node.is_named()).collect();
                    self.indices(&inner);
                    self.close(index);
                }
                _ => self.child_as(*child, child.role),
            }
        }
        self.close(at);
    }
}

fn is_comment(node: TsNode<'_>) -> bool {
    node.kind() == "comment"
}
