//! What a pattern can be a piece of. Comes in: a piece of Go. Goes out: what stands around it to make
//! a file of it, and the nodes of the piece in that file.

use crate::go::syntax::{Kind, Node, NodeId, Role};

/// What a pattern is a piece of. The order is the one in which the contexts are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Context {
    /// An expression.
    Expression,
    /// A type that is no expression by its form, such as `[]int`.
    Type,
    /// One or more statements.
    Statements,
    /// A declaration.
    Declaration,
    /// `key: value` of a composite literal.
    Element,
    /// A struct field.
    Field,
    /// A parameter.
    Parameter,
    /// A clause of a `switch`.
    Case,
}

impl Context {
    pub(in crate::rule) const ALL: [Context; 8] = [
        Context::Expression,
        Context::Type,
        Context::Statements,
        Context::Declaration,
        Context::Element,
        Context::Field,
        Context::Parameter,
        Context::Case,
    ];

    /// The word for it in rules and messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Context::Expression => "expression",
            Context::Type => "type",
            Context::Statements => "statements",
            Context::Declaration => "declaration",
            Context::Element => "element",
            Context::Field => "field",
            Context::Parameter => "parameter",
            Context::Case => "case",
        }
    }

    /// The context for its word.
    pub fn from_word(word: &str) -> Option<Context> {
        Context::ALL.into_iter().find(|c| c.as_str() == word)
    }

    /// What stands around a piece of the context to make a file of it.
    pub(super) fn frame(self) -> (&'static str, &'static str) {
        match self {
            Context::Expression => ("var _ = ", "\n"),
            Context::Type => ("var _ ", "\n"),
            Context::Statements => ("func _() {\n", "\n}\n"),
            Context::Declaration => ("", "\n"),
            Context::Element => ("var _ = _{\n", ",\n}\n"),
            Context::Field => ("type _ struct {\n", "\n}\n"),
            Context::Parameter => ("func _(", ")\n"),
            Context::Case => ("func _() {\nswitch {\n", "\n}\n}\n"),
        }
    }

    /// The nodes of the piece inside its frame; `None` where the text is something else.
    pub(super) fn pieces(self, root: Node<'_>) -> Option<Vec<NodeId>> {
        let decl = root.children().next()?;
        let body = || decl.child(Role::Body);
        let spec = || decl.child(Role::Specs)?.children().next();
        let only = |list: Option<Node<'_>>| {
            let mut children = list?.children();
            let only = children.next()?;
            children.next().is_none().then(|| vec![only.id()])
        };
        match self {
            Context::Expression => {
                let pieces = only(spec()?.child(Role::Value))?;
                (!is_method(root.syntax().node(pieces[0]))).then_some(pieces)
            }
            Context::Type => Some(vec![spec()?.child(Role::Type)?.id()]),
            Context::Statements => statements(body()?),
            Context::Declaration => {
                let decls: Vec<_> = root.children().collect();
                let is_decl = |n: &Node<'_>| matches!(n.kind(), Kind::FuncDecl | Kind::GenDecl);
                (decls.len() == 1 && decls.iter().all(is_decl))
                    .then(|| decls.iter().map(|n| n.id()).collect())
            }
            Context::Element => {
                only(spec()?.child(Role::Value)?.children().next()?.child(Role::Elements))
            }
            Context::Field => only(spec()?.child(Role::Type)?.child(Role::Fields)),
            Context::Parameter => only(decl.child(Role::Type)?.child(Role::Params)),
            Context::Case => only(body()?.children().next()?.child(Role::Clauses)),
        }
    }
}

/// Whether it is `func (r T) M()`, read as the conversion that it could be; nobody means that.
fn is_method(node: Node<'_>) -> bool {
    let fun = node.child(Role::Fun).filter(|_| node.kind() == Kind::Call);
    fun.is_some_and(|fun| fun.kind() == Kind::FuncType)
}

/// The statements of a block. A single declaration stands for itself, so that it is found at the
/// top level, too.
fn statements(block: Node<'_>) -> Option<Vec<NodeId>> {
    let stmts: Vec<_> = block.children().collect();
    match stmts.as_slice() {
        [] => None,
        [only] if only.children().next().is_some_and(is_method) => None,
        [only] if only.kind() == Kind::DeclStmt => Some(vec![only.child(Role::X)?.id()]),
        _ => Some(stmts.iter().map(|n| n.id()).collect()),
    }
}
