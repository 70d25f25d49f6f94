//! What a type is. The forms are those of the Go specification, "Types"; one more, `Unknown`,
//! stands wherever knowledge ends, so that a signature with one missing parameter type still
//! tells its results.

use std::sync::{Arc, OnceLock};

use super::unit::Place;
use crate::go::packages::{Missing, Package};
use crate::go::syntax::NodeId;
use crate::text::Span;

/// A type.
#[derive(Clone, Debug)]
pub enum Type {
    /// A predeclared type, or the kind of an untyped constant.
    Basic(Basic),
    /// A defined type, with its type arguments.
    Named(Arc<Named>),
    /// A type parameter.
    Param(Arc<TypeParam>),
    /// `*T`.
    Pointer(Arc<Type>),
    /// `[]T`.
    Slice(Arc<Type>),
    /// `[N]T`.
    Array(u64, Arc<Type>),
    /// `map[K]V`.
    Map(Arc<(Type, Type)>),
    /// A channel.
    Chan(Direction, Arc<Type>),
    /// `struct{…}`.
    Struct(Arc<Struct>),
    /// A function's or a method's type, without its receiver.
    Func(Arc<Signature>),
    /// `interface{…}`.
    Interface(Arc<Interface>),
    /// What a call has that does not return exactly one value; comma-ok forms have two.
    Tuple(Arc<[Type]>),
    /// `A | ~B` in a constraint.
    Union(Arc<[Term]>),
    /// Not known.
    Unknown(Arc<Unknown>),
}

/// Predeclared types and the kinds of untyped constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are Go's")]
pub enum Basic {
    Bool,
    Int,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Uintptr,
    Float32,
    Float64,
    Complex64,
    Complex128,
    String,
    UnsafePointer,
    /// `uint8` by its other name.
    Byte,
    /// `int32` by its other name.
    Rune,
    UntypedBool,
    /// The untyped kinds of numbers ascend as in a mixed constant expression.
    UntypedInt,
    UntypedRune,
    UntypedFloat,
    UntypedComplex,
    UntypedString,
    UntypedNil,
}

/// The direction of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// `chan T`.
    Both,
    /// `chan<- T`.
    Send,
    /// `<-chan T`.
    Receive,
}

/// A defined type and its arguments.
#[derive(Clone, Debug)]
pub struct Named {
    /// The definition.
    pub def: Arc<TypeDef>,
    /// As many as the definition has parameters, or none in the generic type itself.
    pub args: Vec<Type>,
}

/// The definition of a type.
#[derive(Clone, Debug)]
pub struct TypeDef {
    /// The import path of its package; empty for predeclared types.
    pub path: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// Where it is defined.
    pub(super) origin: Origin,
}

#[derive(Clone, Debug)]
pub(super) enum Origin {
    /// Predeclared: `error` or `comparable`.
    Universe,
    /// At package level.
    Package(Arc<Package>),
    /// Inside a function: the file, and the offset of the name there.
    Local(Place, Arc<str>, usize),
    /// In a package whose source is not at hand. It may be an alias of something else.
    External(Missing),
}

impl TypeDef {
    /// Whether the definition itself was not seen: the name is right, but it may be an alias of
    /// another type.
    pub fn is_external(&self) -> bool {
        matches!(self.origin, Origin::External(_))
    }

    pub(super) fn same(&self, other: &TypeDef) -> bool {
        if self.path != other.path || self.name != other.name {
            return false;
        }
        match (&self.origin, &other.origin) {
            (Origin::Universe, Origin::Universe) | (Origin::External(_), Origin::External(_)) => {
                true
            }
            (Origin::Package(a), Origin::Package(b)) => a.dir() == b.dir(),
            (Origin::Local(_, file, at), Origin::Local(_, other, other_at)) => {
                file == other && at == other_at
            }
            _ => false,
        }
    }
}

/// A type parameter, told apart by where it is declared.
#[derive(Clone, Debug)]
pub struct TypeParam {
    /// Its name.
    pub name: Arc<str>,
    /// The identifier that declares it.
    pub(super) place: Place,
    pub(super) file: Arc<str>,
    pub(super) offset: usize,
    /// Its place in the list of parameters, from 0.
    pub(super) index: usize,
}

impl PartialEq for TypeParam {
    fn eq(&self, other: &Self) -> bool {
        self.offset == other.offset && self.file == other.file
    }
}

/// `struct{…}`.
#[derive(Debug, Default)]
pub struct Struct {
    pub(super) fields: Vec<Field>,
}

/// A field of a struct.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: Arc<str>,
    pub(super) embedded: bool,
    pub(super) tag: Option<Arc<str>>,
    /// The identifier that declares it.
    pub(super) place: Place,
    pub(super) ty: LazyType,
}

/// A type that is worked out when somebody asks.
#[derive(Debug)]
pub(super) struct LazyType {
    pub(super) place: Place,
    pub(super) subst: Option<Arc<Subst>>,
    pub(super) known: OnceLock<Type>,
}

/// Arguments for type parameters.
#[derive(Clone, Debug, Default)]
pub(super) struct Subst {
    pub(super) pairs: Vec<(Arc<TypeParam>, Type)>,
}

/// A function's type.
#[derive(Clone, Debug, Default)]
pub struct Signature {
    /// Not empty for a generic function that is not instantiated.
    pub(super) type_params: Vec<Arc<TypeParam>>,
    /// Parameters; the type of a variadic last one is a slice.
    pub params: Vec<Parameter>,
    /// Results.
    pub results: Vec<Parameter>,
    /// Whether the last parameter takes any number of arguments.
    pub variadic: bool,
}

/// A parameter or a result.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name, empty if it has none.
    pub name: Arc<str>,
    /// Its type.
    pub ty: Type,
}

/// `interface{…}`.
#[derive(Clone, Debug, Default)]
pub struct Interface {
    pub(super) methods: Vec<Method>,
    /// Embedded types and unions.
    pub(super) embedded: Vec<Type>,
}

/// A method that an interface declares.
#[derive(Clone, Debug)]
pub(super) struct Method {
    pub(super) name: Arc<str>,
    pub(super) place: Option<Place>,
    pub(super) signature: Type,
}

/// One alternative of a union.
#[derive(Clone, Debug)]
pub struct Term {
    /// Whether types defined as `ty` count, too.
    pub tilde: bool,
    /// The type.
    pub ty: Type,
}

/// Why a type is not known, and where knowledge ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The file, by its path relative to the root (absolute outside of it).
    pub file: Arc<str>,
    /// The expression.
    pub span: Span,
    /// What is missing.
    pub reason: Reason,
}

/// What is missing where a type is not known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// A package cannot be read.
    Package(Arc<str>, Missing),
    /// Nothing of that name is declared in the package.
    NotDeclared(Arc<str>),
    /// There is no such field or method.
    NoSuchMember(Arc<str>),
    /// A name is promoted from two embedded fields at the same depth.
    Ambiguous(Arc<str>),
    /// Files for different platforms or tags declare the name differently.
    BuildTags(Arc<str>),
    /// The type arguments of a call cannot be told.
    NotInferable,
    /// A constant that is needed could not be computed.
    Constant,
    /// The declaration has a syntax error.
    Syntax,
    /// The code cannot be right.
    Invalid,
    /// A declaration refers to itself.
    Cycle,
    /// The expression nests too deeply.
    TooDeep,
    /// Not an expression that has a type.
    NoType,
}

impl Reason {
    /// A few words that stay the same for all cases of a sort.
    pub fn sort(&self) -> &'static str {
        match self {
            Reason::Package(_, Missing::Cgo) => "cgo",
            Reason::Package(..) => "package not found",
            Reason::NotDeclared(_) => "not declared",
            Reason::NoSuchMember(_) => "no such field or method",
            Reason::Ambiguous(_) => "ambiguous field or method",
            Reason::BuildTags(_) => "build tags disagree",
            Reason::NotInferable => "type arguments not inferred",
            Reason::Constant => "constant not computed",
            Reason::Syntax => "syntax error",
            Reason::Invalid => "invalid code",
            Reason::Cycle => "declaration refers to itself",
            Reason::TooDeep => "nested too deeply",
            Reason::NoType => "no expression",
        }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Reason::Package(path, why) => write!(f, "package {path}: {why}"),
            Reason::NotDeclared(name)
            | Reason::NoSuchMember(name)
            | Reason::Ambiguous(name)
            | Reason::BuildTags(name) => write!(f, "{}: {name}", self.sort()),
            _ => f.write_str(self.sort()),
        }
    }
}

impl Basic {
    /// The one of two names for the same type that `byte` and `rune` are aliases of.
    pub(super) fn canonical(self) -> Basic {
        match self {
            Basic::Byte => Basic::Uint8,
            Basic::Rune => Basic::Int32,
            other => other,
        }
    }

    /// Whether it is the kind of an untyped constant.
    pub fn is_untyped(self) -> bool {
        self >= Basic::UntypedBool
    }

    pub(super) fn is_integer(self) -> bool {
        (Basic::Int..=Basic::Uintptr).contains(&self.canonical())
            || matches!(self, Basic::UntypedInt | Basic::UntypedRune)
    }

    pub(super) fn is_string(self) -> bool {
        matches!(self, Basic::String | Basic::UntypedString)
    }

    /// The type that a constant of an untyped kind has by default.
    pub(super) fn default(self) -> Basic {
        match self {
            Basic::UntypedBool => Basic::Bool,
            Basic::UntypedInt => Basic::Int,
            Basic::UntypedRune => Basic::Rune,
            Basic::UntypedFloat => Basic::Float64,
            Basic::UntypedComplex => Basic::Complex128,
            Basic::UntypedString => Basic::String,
            other => other,
        }
    }
}

impl Type {
    pub(super) fn pointer(to: Type) -> Type {
        Type::Pointer(Arc::new(to))
    }

    pub(super) fn slice(of: Type) -> Type {
        Type::Slice(Arc::new(of))
    }

    pub(super) fn tuple(types: Vec<Type>) -> Type {
        Type::Tuple(types.into())
    }

    /// Whether nothing at all is known.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Type::Unknown(_))
    }

    /// The untyped kind, if it is one.
    pub fn untyped(&self) -> Option<Basic> {
        match self {
            Type::Basic(b) if b.is_untyped() => Some(*b),
            _ => None,
        }
    }

    /// The type that a value has where nothing else is asked: untyped constants have their
    /// default type.
    #[must_use]
    pub fn defaulted(self) -> Type {
        match self {
            Type::Basic(b) => Type::Basic(b.default()),
            other => other,
        }
    }

    pub(super) fn is_generic_func(&self) -> bool {
        matches!(self, Type::Func(s) if !s.type_params.is_empty())
    }
}

/// The identity of a node for tables: declaration and node.
pub(super) type NodeKey = (usize, NodeId);
