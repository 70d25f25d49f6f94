//! What a function gives where a call in it failed. Comes in: a statement, and what `on-error` returns.
//! Goes out: the zero values of the results before the last; or why the function cannot give the error.

use super::naming::is_error_type;
use crate::engine::fix::{ReviewReason, Unsure};
use crate::engine::names::FileNames;
use crate::engine::render::Chunk;
use crate::go::source::Part;
use crate::go::syntax::{Kind, Node, Role};
use crate::go::types::{Basic, Type, TypeAnswer};
use crate::rule::compiled::Returned;

/// The results of the function around a statement.
pub(super) struct Results<'a, 'n> {
    names: &'a FileNames<'n>,
    decl: usize,
    part: &'a Part,
    types: Vec<Node<'a>>,
    are_named: bool,
}

impl<'a, 'n> Results<'a, 'n> {
    pub(super) fn around(names: &'a FileNames<'n>, decl: usize, stmt: Node<'a>) -> Self {
        let part = names.file().part(decl);
        let signature = stmt.function().and_then(|function| function.child(Role::Type));
        let results = signature.and_then(|signature| signature.child(Role::Results));
        let mut found = Self { names, decl, part, types: Vec::new(), are_named: false };
        let Some(results) = results else { return found };
        if results.kind() != Kind::Params {
            found.types.push(results);
            return found;
        }
        for field in results.children() {
            let Some(ty) = field.child(Role::Type) else { continue };
            let count = field.child(Role::Name).map(|names| names.children().count());
            found.are_named |= count.is_some();
            found.types.extend(std::iter::repeat_n(ty, count.unwrap_or(1)));
        }
        found
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.types.len()
    }

    /// Whether the last one is an error.
    pub(super) fn end_with_error(&self) -> bool {
        let Some(last) = self.types.last() else { return false };
        if last.text() == "error" && self.names.is_predeclared(self.part, *last) {
            return true;
        }
        self.names.types().is_some_and(|types| {
            let ty = types.type_of(self.decl, last.id());
            matches!(ty, TypeAnswer::Known(ty) if is_error_type(&ty))
        })
    }

    /// The zero values that the statements return before what they say.
    ///
    /// # Errors
    /// Why the function cannot return what they return.
    pub(super) fn zeros(&self, returns: &[Returned]) -> Result<Vec<Chunk>, ReviewReason> {
        let review = |why: String| Err(ReviewReason::ErrorResult(why));
        for returned in returns {
            let (has, gives) = (self.count(), returned.values);
            if returned.gives_error && !self.end_with_error() {
                return review("the function returns no error".to_owned());
            }
            let fits = match (returned.zeros, gives) {
                (true, _) => gives <= has,
                (false, 0) => has == 0 || self.are_named,
                (false, _) => gives == has,
            };
            if !fits {
                return review(format!("the function has {has} results, on-error returns {gives}"));
            }
        }
        let Some(returned) = returns.iter().find(|returned| returned.zeros) else {
            return Ok(Vec::new());
        };
        let mut chunks = Vec::new();
        for ty in &self.types[..self.count() - returned.values] {
            if !chunks.is_empty() {
                chunks.push(Chunk::Text(", ".to_owned()));
            }
            chunks.extend(self.zero(*ty)?);
        }
        Ok(chunks)
    }

    /// The zero value of a type, as code writes it.
    fn zero(&self, ty: Node<'a>) -> Result<Vec<Chunk>, ReviewReason> {
        let ty = ty.unparenthesized();
        let text = |text: &str| Chunk::Text(text.to_owned());
        let itself = || Chunk::Source { span: ty.span(), from: String::new(), to: String::new() };
        let literal = || Ok(vec![itself(), text("{}")]);
        let plain = |zero: &str| Ok(vec![text(zero)]);
        match ty.kind() {
            Kind::StructType => return literal(),
            Kind::ArrayType if ty.child(Role::Len).is_some() => return literal(),
            Kind::Ident | Kind::Selector | Kind::Index => {}
            _ => return plain("nil"),
        }
        if let Some(zero) = predeclared(ty.text())
            && self.names.is_predeclared(self.part, ty)
        {
            return plain(zero);
        }
        match self.names.types().map(|types| types.underlying_of(self.decl, ty.id())) {
            Some(Type::Basic(basic)) => plain(of_basic(basic)),
            Some(Type::Struct(_) | Type::Array(..)) => literal(),
            Some(Type::Param(_)) => Ok(vec![text("*new("), itself(), text(")")]),
            Some(Type::Unknown(why)) => Err(unknown(ty, why.reason.to_string())),
            Some(_) => plain("nil"),
            None => Err(unknown(ty, "no sources".to_owned())),
        }
    }
}

fn unknown(ty: Node<'_>, why: String) -> ReviewReason {
    ReviewReason::UnknownType(Unsure { expression: ty.text().to_owned(), why })
}

/// The zero value of a predeclared type.
fn predeclared(name: &str) -> Option<&'static str> {
    Some(match name {
        "bool" => "false",
        "string" => "\"\"",
        "error" | "any" => "nil",
        "int" | "int8" | "int16" | "int32" | "int64" | "uint" | "uint8" | "uint16" | "uint32"
        | "uint64" | "uintptr" | "byte" | "rune" | "float32" | "float64" | "complex64"
        | "complex128" => "0",
        _ => return None,
    })
}

fn of_basic(basic: Basic) -> &'static str {
    match basic {
        Basic::Bool | Basic::UntypedBool => "false",
        Basic::String | Basic::UntypedString => "\"\"",
        Basic::UnsafePointer | Basic::UntypedNil => "nil",
        _ => "0",
    }
}
