//! Constraints: what `where` asks of a match beyond its form.

use regex::Regex;

use super::metavariable::MetaId;
use super::pattern::{PackageId, Pattern};
use crate::go::syntax::{Kind, Node, Op};
use crate::go::types::Shape;

/// A test of one captured piece, or of the whole match.
#[derive(Clone, Debug)]
pub struct Constraint {
    /// What is tested; `None` is the whole match.
    pub on: Option<MetaId>,
    /// The test.
    pub test: Test,
}

/// What is asked of a captured piece.
#[derive(Clone, Debug)]
pub enum Test {
    /// The source text matches.
    Text(Regex),
    /// It is a constant string whose value matches; named groups are kept.
    Value(Regex),
    /// It is of one of these sorts.
    Kind(Vec<Sort>),
    /// The pattern matches it. What it binds stays bound.
    Is(Pattern),
    /// The pattern does not match it. Binds nothing outward.
    IsNot(Pattern),
    /// The pattern matches it or something in it. What it binds stays bound.
    Contains(Pattern),
    /// The pattern matches code around it, or does not. What it binds stays bound.
    Inside(Pattern),
    /// The pattern matches no code around it.
    UnlessInside(Pattern),
    /// The pattern matches the innermost function around it, or something in that. What it binds
    /// stays bound.
    InFunction(Pattern),
    /// It does not.
    UnlessInFunction(Pattern),
    /// The pattern matches something in its file. Binds nothing outward.
    InFile(Pattern),
    /// It does not.
    UnlessInFile(Pattern),
    /// Its type is one of these.
    Type(Vec<Shape>),
    /// What stands under its type is one of these.
    Underlying(Vec<Shape>),
    /// Its type implements the interface.
    Implements(Shape),
    /// The place where it stands wants one of these types.
    Expected(Vec<Shape>, Option<PackageId>),
    /// It is constant, or is not.
    Constant(bool),
    /// Evaluating it twice is the same as once, or is not.
    Pure(bool),
    /// It stands in a branch that has tested it against `nil`, or does not.
    NonNil(bool),
    /// It is a local name that is mentioned so often outside of the match.
    Uses(usize),
}

impl Test {
    /// The pattern whose metavariables stay bound where it matches.
    pub fn binding_pattern(&self) -> Option<&Pattern> {
        match self {
            Test::Is(pattern)
            | Test::Contains(pattern)
            | Test::Inside(pattern)
            | Test::InFunction(pattern) => Some(pattern),
            _ => None,
        }
    }

    /// Whether the answer may take a look at other files: such tests come last.
    pub fn asks_for_types(&self) -> bool {
        matches!(
            self,
            Test::Type(_)
                | Test::Underlying(_)
                | Test::Implements(_)
                | Test::Expected(..)
                | Test::Constant(_)
                | Test::Pure(_)
        )
    }

    /// The key in `where` that asks for it.
    pub fn key(&self) -> &'static str {
        match self {
            Test::Text(_) => "text",
            Test::Value(_) => "value",
            Test::Kind(_) => "kind",
            Test::Is(_) => "is",
            Test::IsNot(_) => "is-not",
            Test::Contains(_) => "contains",
            Test::Inside(_) => "inside",
            Test::UnlessInside(_) => "unless-inside",
            Test::InFunction(_) => "in-function",
            Test::UnlessInFunction(_) => "unless-in-function",
            Test::InFile(_) => "in-file",
            Test::UnlessInFile(_) => "unless-in-file",
            Test::Type(_) => "type",
            Test::Underlying(_) => "underlying",
            Test::Implements(_) => "implements",
            Test::Expected(..) => "expected",
            Test::Constant(_) => "constant",
            Test::Pure(_) => "pure",
            Test::NonNil(_) => "non-nil",
            Test::Uses(_) => "uses",
        }
    }
}

/// The sorts of code that `kind` tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sort {
    /// A name that is no package.
    Identifier,
    /// The name of a package.
    Package,
    /// A number, rune or string.
    Literal,
    /// A string literal.
    String,
    /// A number.
    Number,
    /// A call or conversion.
    Call,
    /// A composite literal.
    Composite,
    /// A function literal.
    Func,
    /// `x.y`.
    Selector,
    /// `x[i]`.
    Index,
    /// A unary operator, `*` included.
    Unary,
    /// A binary operator.
    Binary,
    /// A type that is written as one: array, slice, map, channel, function, struct, interface.
    Type,
}

impl Sort {
    /// The sorts and their words.
    pub const WORDS: [(&'static str, Sort); 13] = [
        ("identifier", Sort::Identifier),
        ("package", Sort::Package),
        ("literal", Sort::Literal),
        ("string", Sort::String),
        ("number", Sort::Number),
        ("call", Sort::Call),
        ("composite", Sort::Composite),
        ("func", Sort::Func),
        ("selector", Sort::Selector),
        ("index", Sort::Index),
        ("unary", Sort::Unary),
        ("binary", Sort::Binary),
        ("type", Sort::Type),
    ];

    /// The sort for its word.
    pub fn from_word(word: &str) -> Option<Sort> {
        Sort::WORDS.into_iter().find(|(w, _)| *w == word).map(|(_, sort)| sort)
    }

    /// The word.
    pub fn as_str(self) -> &'static str {
        Sort::WORDS.into_iter().find(|(_, s)| *s == self).map_or("", |(word, _)| word)
    }

    /// Whether `node` is of the sort; `is_package` where it is the name of a package.
    pub fn holds(self, node: Node<'_>, is_package: bool) -> bool {
        let kind = node.kind();
        match self {
            Sort::Identifier => kind == Kind::Ident && !is_package,
            Sort::Package => is_package,
            Sort::Literal => kind == Kind::BasicLit,
            Sort::String => kind == Kind::BasicLit && node.op() == Op::String,
            Sort::Number => {
                kind == Kind::BasicLit && matches!(node.op(), Op::Int | Op::Float | Op::Imag)
            }
            Sort::Call => kind == Kind::Call,
            Sort::Composite => kind == Kind::CompositeLit,
            Sort::Func => kind == Kind::FuncLit,
            Sort::Selector => kind == Kind::Selector,
            Sort::Index => kind == Kind::Index,
            Sort::Unary => matches!(kind, Kind::Unary | Kind::Star),
            Sort::Binary => kind == Kind::Binary,
            Sort::Type => matches!(
                kind,
                Kind::ArrayType
                    | Kind::MapType
                    | Kind::ChanType
                    | Kind::FuncType
                    | Kind::StructType
                    | Kind::InterfaceType
            ),
        }
    }
}
