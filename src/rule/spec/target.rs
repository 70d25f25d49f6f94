//! What code a rule is about: a pattern, and the conditions on what it captures.

use super::string::{Spanned, SpannedStr};

/// What code a rule is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchSpec {
    /// The pattern.
    pub pattern: SpannedStr,
    /// The context that it is read in, where that is not left to the program.
    pub context: Option<Spanned<As>>,
    /// Conditions on what it captures.
    pub conditions: Vec<WhereSpec>,
}

/// The context that a pattern is read in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum As {
    /// An expression.
    Expression,
    /// A type.
    Type,
    /// Statements in one block.
    Statements,
    /// A declaration.
    Declaration,
    /// An element of a composite literal, `k: v`.
    Element,
    /// A struct field or a method of an interface.
    Field,
    /// A parameter or a result.
    Parameter,
    /// A case clause.
    Case,
}

/// The conditions on one metavariable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhereSpec {
    /// The metavariable, `$` included.
    pub name: SpannedStr,
    /// What has to hold, as written.
    pub conditions: Vec<ConditionSpec>,
}

/// A condition on a metavariable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConditionSpec {
    /// A regular expression on the source text.
    Text(SpannedStr),
    /// A regular expression on the value of a constant string.
    Value(SpannedStr),
    /// The kind of code.
    Kind(Vec<SpannedStr>),
    /// A pattern that has to match.
    Is(SpannedStr),
    /// A pattern that must not match.
    IsNot(SpannedStr),
    /// A pattern that has to match it or something in it.
    Contains(SpannedStr),
    /// A pattern that has to match code around it.
    Inside(SpannedStr),
    /// A pattern that has to match the innermost function around it, or something in that.
    InFunction(SpannedStr),
    /// A pattern that must not match any code around it.
    UnlessInside(SpannedStr),
    /// A pattern that must not match the innermost function around it, or anything in that.
    UnlessInFunction(SpannedStr),
    /// A pattern that has to match something in the file.
    InFile(SpannedStr),
    /// A pattern that must not match anything in the file.
    UnlessInFile(SpannedStr),
    /// Types, one of which it must have.
    Type(Vec<SpannedStr>),
    /// Types, one of which must stand under its own.
    Underlying(Vec<SpannedStr>),
    /// An interface that its type must implement.
    Implements(SpannedStr),
    /// What the place where it stands must want.
    Expected {
        /// Types, one of which it must be.
        types: Vec<SpannedStr>,
        /// The package that must say so.
        by: Option<SpannedStr>,
    },
    /// Whether it must be constant, or must not.
    Constant(bool),
    /// Whether it must be free of effects, or must not.
    Pure(bool),
    /// Whether it must have been tested against `nil`, or must not.
    NonNil(bool),
    /// How often it must be mentioned outside of the match.
    Uses(usize),
}

/// The words of `as`.
pub(super) const CONTEXTS: &[(&str, As)] = &[
    ("expression", As::Expression),
    ("type", As::Type),
    ("statements", As::Statements),
    ("declaration", As::Declaration),
    ("element", As::Element),
    ("field", As::Field),
    ("parameter", As::Parameter),
    ("case", As::Case),
];
