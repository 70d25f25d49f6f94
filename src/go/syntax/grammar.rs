//! The vocabulary of tree-sitter-go, and what each of its words is to us. Known nowhere else.

use std::sync::LazyLock;

use tree_sitter::Language;

use super::{Kind, Op, Role};

/// The grammar.
pub(super) static GO: LazyLock<Language> = LazyLock::new(|| tree_sitter_go::LANGUAGE.into());

/// What becomes of a node of the grammar.
#[derive(Clone, Copy)]
pub(super) enum Shape {
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
pub(super) enum Special {
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
    Labeled,
}

pub(super) static SHAPES: LazyLock<Vec<Shape>> = LazyLock::new(|| {
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

/// What the kind of node called `name` becomes.
fn shape(name: &str) -> Shape {
    if name == "comment" {
        return Shape::Comment;
    }
    let shape = expression(name).or_else(|| type_or_parameter(name));
    let shape = shape.or_else(|| statement(name)).or_else(|| declaration(name));
    // statement_list, literal_element, for_clause, range_clause, var_spec_list, …
    shape.unwrap_or(Shape::Transparent)
}

fn expression(name: &str) -> Option<Shape> {
    use Shape::{Leaf, Node};
    use Special as S;
    let special = Shape::Special;
    Some(match name {
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
        "unary_expression" => special(S::Unary),
        "binary_expression" => special(S::WithOp(Kind::Binary)),
        "func_literal" => special(S::Func(Kind::FuncLit)),
        "expression_list" => Node(Kind::ExprList),
        _ => return None,
    })
}

fn type_or_parameter(name: &str) -> Option<Shape> {
    use Shape::{Node, Transparent};
    use Special as S;
    let special = Shape::Special;
    Some(match name {
        "pointer_type" => Node(Kind::Star),
        "negated_type" => special(S::WithOp(Kind::Unary)),
        "array_type" | "slice_type" => Node(Kind::ArrayType),
        "implicit_length_array_type" => special(S::ImplicitArray),
        "struct_type" => Node(Kind::StructType),
        "field_declaration_list" => Node(Kind::FieldList),
        "interface_type" => Node(Kind::InterfaceType),
        "map_type" => Node(Kind::MapType),
        "channel_type" => special(S::Chan),
        "function_type" => special(S::Func(Kind::FuncType)),
        "method_elem" => special(S::Func(Kind::Field)),
        "parameter_list" => special(S::Params),
        "type_parameter_list" => Node(Kind::TypeParams),
        "parameter_declaration" | "type_parameter_declaration" | "field_declaration" => {
            special(S::Named(Kind::Field))
        }
        "variadic_parameter_declaration" => special(S::Variadic),
        "type_elem" | "type_constraint" => special(S::TypeElem),
        "type_arguments" => Transparent,
        _ => return None,
    })
}

fn statement(name: &str) -> Option<Shape> {
    use Shape::{Leaf, Node};
    use Special as S;
    let special = Shape::Special;
    Some(match name {
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
        "labeled_statement" => special(S::Labeled),
        _ => return None,
    })
}

fn declaration(name: &str) -> Option<Shape> {
    use Shape::Node;
    use Special as S;
    let special = Shape::Special;
    Some(match name {
        "function_declaration" | "method_declaration" => special(S::Func(Kind::FuncDecl)),
        "const_declaration" => special(S::GenDecl(Op::Const)),
        "var_declaration" => special(S::GenDecl(Op::Var)),
        "type_declaration" => special(S::GenDecl(Op::Type)),
        "const_spec" | "var_spec" => special(S::Named(Kind::ValueSpec)),
        "type_spec" | "type_alias" => special(S::WithOp(Kind::TypeSpec)),
        "package_clause" => Node(Kind::Package),
        "import_declaration" => Node(Kind::Import),
        _ => return None,
    })
}

/// The role that a field of the grammar stands for.
pub(super) static ROLES: LazyLock<Vec<Role>> = LazyLock::new(|| {
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
