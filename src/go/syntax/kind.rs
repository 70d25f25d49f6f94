//! The vocabulary of the syntax tree: kinds of nodes, what a node is to its parent, and the
//! operators that tell nodes of one kind apart. The names are those of `go/ast` and `go/token`.

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The parsed part of a file.
    File,
    /// What could not be parsed. Nothing in it is ever matched or edited.
    Error,

    // Expressions and types.
    /// A name, of whatever sort: variable, type, field, package, label.
    Ident,
    /// A number, rune or string; [`Op`] tells which.
    BasicLit,
    /// `T{…}`, or `{…}` where the type is left out.
    CompositeLit,
    /// A function literal.
    FuncLit,
    /// `(x)`.
    Paren,
    /// `x.Sel`, also of a package.
    Selector,
    /// `x[i]` and `F[A, B]`.
    Index,
    /// `x[lo:hi:max]`.
    Slice,
    /// `x.(T)`.
    TypeAssert,
    /// A call or a conversion.
    Call,
    /// `*x`: indirection or pointer type.
    Star,
    /// A unary operator other than `*`.
    Unary,
    /// A binary operator, or `A | B` in a constraint.
    Binary,
    /// `key: value`.
    KeyValue,
    /// `x...` as an argument, `...T` as a parameter's type.
    Ellipsis,
    /// `[N]T`, `[...]T` or, without a length, `[]T`.
    ArrayType,
    /// `struct{…}`.
    StructType,
    /// A function type, a function's or a method's signature.
    FuncType,
    /// `interface{…}`.
    InterfaceType,
    /// `map[K]V`.
    MapType,
    /// A channel type; [`Op`] tells the direction.
    ChanType,

    // Lists.
    /// The arguments of a call, with their parentheses.
    Args,
    /// Expressions with commas between, as on either side of `=`.
    ExprList,
    /// Names with commas between, as in a declaration.
    NameList,
    /// The parameters of a function or method, with their parentheses; a receiver; several results.
    Params,
    /// Type parameters, with their brackets.
    TypeParams,
    /// The fields of a struct or the elements of an interface, with their braces.
    FieldList,
    /// The elements of a composite literal, with their braces.
    Elements,
    /// The clauses of a `switch` or `select`.
    Clauses,
    /// The specs of a declaration. Parentheses around them are not part of the tree.
    Specs,
    /// Statements with their braces.
    Block,
    /// Statements of a clause.
    StmtList,

    // Statements.
    /// An expression as a statement.
    ExprStmt,
    /// `ch <- x`.
    Send,
    /// `x++` or `x--`.
    IncDec,
    /// `=`, `:=` and `op=`; [`Op`] tells which.
    Assign,
    /// `go f()`.
    Go,
    /// `defer f()`.
    Defer,
    /// `return …`.
    Return,
    /// `break`, `continue`, `goto`, `fallthrough`.
    Branch,
    /// `if`.
    If,
    /// `switch` on a value.
    Switch,
    /// `switch x := y.(type)`.
    TypeSwitch,
    /// `select`.
    Select,
    /// A clause of a `switch`; the default clause has no values.
    CaseClause,
    /// A clause of a `select`; the default clause has no communication.
    CommClause,
    /// `for` with a condition or with three parts.
    For,
    /// `for … range`.
    Range,
    /// `label: statement`.
    Labeled,
    /// A declaration as a statement.
    DeclStmt,

    // Declarations.
    /// `const`, `type`, `var`, single or grouped; [`Op`] tells which.
    GenDecl,
    /// The names, type and values of a `const` or `var`.
    ValueSpec,
    /// The name and type of a `type`; [`Op::Assign`] marks an alias.
    TypeSpec,
    /// A function or method.
    FuncDecl,
    /// A parameter, a result, a receiver, a struct field, a method or an embedded element.
    Field,
    /// An import declaration, which the outline scan reads; in a tree only of odd files.
    Import,
    /// `package p`; in a tree only of odd files.
    Package,
}

impl Kind {
    /// Whether nodes of the kind hold statements one after the other.
    pub fn holds_statements(self) -> bool {
        matches!(self, Kind::Block | Kind::StmtList)
    }

    /// Whether nodes of the kind are functions, declared or literal.
    pub fn is_function(self) -> bool {
        matches!(self, Kind::FuncDecl | Kind::FuncLit)
    }

    /// Whether nodes of the kind are expressions or types.
    pub fn is_expr(self) -> bool {
        (Kind::Ident..=Kind::ChanType).contains(&self)
    }

    /// Whether nodes of the kind are statements.
    pub fn is_stmt(self) -> bool {
        (Kind::ExprStmt..=Kind::DeclStmt).contains(&self) || self == Kind::Block
    }

    /// Whether nodes of the kind are lists, in which `$$$` may stand.
    pub fn is_list(self) -> bool {
        (Kind::Args..=Kind::StmtList).contains(&self)
    }
}

/// What a node is to its parent. A part that may be left out is told by its role, so that
/// `if a; b {}` and `if b {}` never look alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// A list element, or a child that needs no telling apart.
    None,
    /// The called function or the converted-to type.
    Fun,
    /// The arguments.
    Args,
    /// The operand, left operand, or the expression that a statement is about.
    X,
    /// The right operand.
    Y,
    /// The selected name.
    Sel,
    /// The indices or type arguments.
    Indices,
    /// `lo` of a slice expression.
    Low,
    /// `hi` of a slice expression.
    High,
    /// `max` of a slice expression.
    Max,
    /// A type.
    Type,
    /// The key of a key-value pair, a map's key type.
    Key,
    /// The value or values.
    Value,
    /// An array's length.
    Len,
    /// The elements of a composite literal.
    Elements,
    /// The fields.
    Fields,
    /// The left side of an assignment.
    Lhs,
    /// The right side of an assignment.
    Rhs,
    /// The statement before the condition.
    Init,
    /// The condition.
    Cond,
    /// The statement after each round of a loop.
    Post,
    /// The body.
    Body,
    /// What stands after `else`.
    Else,
    /// The value of a switch.
    Tag,
    /// The name bound by a type switch.
    Bind,
    /// The clauses.
    Clauses,
    /// The communication of a select clause.
    Comm,
    /// A label.
    Label,
    /// The declared name or names.
    Name,
    /// Type parameters.
    TypeParams,
    /// Parameters.
    Params,
    /// The result or results.
    Results,
    /// The receiver.
    Recv,
    /// A struct tag.
    FieldTag,
    /// The specs of a declaration.
    Specs,
    /// An import's path.
    Path,
}

macro_rules! ops {
    ($($name:ident = $text:literal),+ $(,)?) => {
        /// The operator, keyword or sort that tells nodes of one kind apart.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "the names are those of go/token")]
        pub enum Op { None, $($name),+ }

        impl Op {
            /// The operator or keyword for its text; [`Op::None`] where there is none.
            pub fn from_text(text: &str) -> Op {
                match text { $($text => Op::$name,)+ _ => Op::None }
            }

            /// The text; empty for [`Op::None`], the name in lower case for sorts of literals.
            pub fn as_str(self) -> &'static str {
                match self { Op::None => "", $(Op::$name => $text),+ }
            }
        }
    };
}

ops! {
    Add = "+", Sub = "-", Mul = "*", Quo = "/", Rem = "%",
    And = "&", Or = "|", Xor = "^", Shl = "<<", Shr = ">>", AndNot = "&^",
    AddAssign = "+=", SubAssign = "-=", MulAssign = "*=", QuoAssign = "/=", RemAssign = "%=",
    AndAssign = "&=", OrAssign = "|=", XorAssign = "^=", ShlAssign = "<<=", ShrAssign = ">>=",
    AndNotAssign = "&^=",
    LAnd = "&&", LOr = "||", Arrow = "<-", Inc = "++", Dec = "--", Tilde = "~",
    Eql = "==", Neq = "!=", Lss = "<", Leq = "<=", Gtr = ">", Geq = ">=", Not = "!",
    Assign = "=", Define = ":=", Ellipsis = "...",
    Const = "const", Var = "var", Type = "type",
    Break = "break", Continue = "continue", Goto = "goto", Fallthrough = "fallthrough",
    Int = "int", Float = "float", Imag = "imaginary", Rune = "rune", String = "string",
    SendOnly = "chan<-", RecvOnly = "<-chan",
}

impl Op {
    /// The precedence of a binary operator, 1 (`||`) to 5 (`*`); 0 for anything else
    /// (Go specification, "Operator precedence").
    pub fn precedence(self) -> u8 {
        match self {
            Op::LOr => 1,
            Op::LAnd => 2,
            Op::Eql | Op::Neq | Op::Lss | Op::Leq | Op::Gtr | Op::Geq => 3,
            Op::Add | Op::Sub | Op::Or | Op::Xor => 4,
            Op::Mul | Op::Quo | Op::Rem | Op::Shl | Op::Shr | Op::And | Op::AndNot => 5,
            _ => 0,
        }
    }
}
