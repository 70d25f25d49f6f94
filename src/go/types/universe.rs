//! Predeclared names (Go specification, "Predeclared identifiers").

use std::sync::Arc;

use super::model::{Basic, Interface, Method, Named, Origin, Parameter, Signature, Type, TypeDef};

/// What a predeclared name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Universe {
    Type(Basic),
    Any,
    Error,
    Comparable,
    Bool,
    Iota,
    Nil,
    Builtin(Builtin),
}

/// Predeclared functions, and those of package `unsafe`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Builtin {
    Append,
    Cap,
    Clear,
    Close,
    Complex,
    Copy,
    Delete,
    Imag,
    Len,
    Make,
    Max,
    Min,
    New,
    Panic,
    Print,
    Real,
    Recover,
    /// `unsafe.Sizeof`, `Alignof`, `Offsetof`.
    Size,
    /// `unsafe.Add`.
    Add,
    /// `unsafe.Slice`.
    Slice,
    /// `unsafe.SliceData`.
    SliceData,
    /// `unsafe.String`.
    String,
    /// `unsafe.StringData`.
    StringData,
}

impl Builtin {
    /// Whether it belongs to package `unsafe`.
    pub(super) fn is_unsafe(self) -> bool {
        matches!(
            self,
            Builtin::Size
                | Builtin::Add
                | Builtin::Slice
                | Builtin::SliceData
                | Builtin::String
                | Builtin::StringData
        )
    }
}

impl Basic {
    /// The predeclared type of that name.
    pub fn predeclared(name: &str) -> Option<Basic> {
        match universe(name) {
            Some(Universe::Type(basic)) => Some(basic),
            _ => None,
        }
    }
}

pub(super) fn universe(name: &str) -> Option<Universe> {
    use Universe as U;
    Some(match name {
        "bool" => U::Type(Basic::Bool),
        "byte" => U::Type(Basic::Byte),
        "complex64" => U::Type(Basic::Complex64),
        "complex128" => U::Type(Basic::Complex128),
        "float32" => U::Type(Basic::Float32),
        "float64" => U::Type(Basic::Float64),
        "int" => U::Type(Basic::Int),
        "int8" => U::Type(Basic::Int8),
        "int16" => U::Type(Basic::Int16),
        "int32" => U::Type(Basic::Int32),
        "int64" => U::Type(Basic::Int64),
        "rune" => U::Type(Basic::Rune),
        "string" => U::Type(Basic::String),
        "uint" => U::Type(Basic::Uint),
        "uint8" => U::Type(Basic::Uint8),
        "uint16" => U::Type(Basic::Uint16),
        "uint32" => U::Type(Basic::Uint32),
        "uint64" => U::Type(Basic::Uint64),
        "uintptr" => U::Type(Basic::Uintptr),
        "any" => U::Any,
        "error" => U::Error,
        "comparable" => U::Comparable,
        "true" | "false" => U::Bool,
        "iota" => U::Iota,
        "nil" => U::Nil,
        _ => U::Builtin(builtin(name)?),
    })
}

fn builtin(name: &str) -> Option<Builtin> {
    Some(match name {
        "append" => Builtin::Append,
        "cap" => Builtin::Cap,
        "clear" => Builtin::Clear,
        "close" => Builtin::Close,
        "complex" => Builtin::Complex,
        "copy" => Builtin::Copy,
        "delete" => Builtin::Delete,
        "imag" => Builtin::Imag,
        "len" => Builtin::Len,
        "make" => Builtin::Make,
        "max" => Builtin::Max,
        "min" => Builtin::Min,
        "new" => Builtin::New,
        "panic" => Builtin::Panic,
        "print" | "println" => Builtin::Print,
        "real" => Builtin::Real,
        "recover" => Builtin::Recover,
        _ => return None,
    })
}

/// A function of package `unsafe`.
pub(super) fn unsafe_builtin(name: &str) -> Option<Builtin> {
    Some(match name {
        "Sizeof" | "Alignof" | "Offsetof" => Builtin::Size,
        "Add" => Builtin::Add,
        "Slice" => Builtin::Slice,
        "SliceData" => Builtin::SliceData,
        "String" => Builtin::String,
        "StringData" => Builtin::StringData,
        _ => return None,
    })
}

/// `any`, the empty interface.
pub(super) fn any() -> Type {
    Type::Interface(Arc::default())
}

/// A predeclared type that is defined: `error`, `comparable`.
pub(super) fn predeclared(name: &str) -> Type {
    let def = TypeDef { path: "".into(), name: name.into(), origin: Origin::Universe };
    Type::Named(Arc::new(Named { def: Arc::new(def), args: Vec::new() }))
}

/// What stands under `error` and `comparable`.
pub(super) fn predeclared_underlying(name: &str) -> Type {
    let mut interface = Interface::default();
    if name == "error" {
        let result = Parameter { name: "".into(), ty: Type::Basic(Basic::String) };
        let signature = Signature { results: vec![result], ..Signature::default() };
        let signature = Type::Func(Arc::new(signature));
        interface.methods.push(Method { name: "Error".into(), place: None, signature });
    }
    Type::Interface(Arc::new(interface))
}
