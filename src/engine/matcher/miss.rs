//! Why a pattern does not match.

use crate::text::Span;

/// Why a pattern does not match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Miss {
    /// The part of the pattern that did not match, in the text of the pattern.
    pub pattern: Span,
    /// What was found in the file instead.
    pub found: Span,
    /// What is wrong with it.
    pub why: MissReason,
}

/// What is wrong with a piece of code that a pattern was tried on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissReason {
    /// Another kind of code, operator, name or literal.
    Different,
    /// A list with other elements, or of another length.
    List,
    /// A part that the pattern has and the code does not.
    Missing,
    /// A part that the pattern leaves out.
    Extra,
    /// The name does not stand for the package.
    NotThatPackage,
    /// The name was redeclared.
    Redeclared,
    /// The metavariable stands for something else already.
    Unequal,
    /// It is a package, which a metavariable stands for only with `kind: package`.
    Package,
    /// A condition of `where` does not hold: its index in the search.
    Condition(usize),
    /// The search was given up: too many ways to fill `$$$`.
    TooManyWays,
}
