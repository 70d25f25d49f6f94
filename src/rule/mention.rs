//! Names that rules speak of, for a look at whether they are meant as they are written. Comes in:
//! nothing (see `compile::mentions`). Goes out: what each name is, and where it stands.

use super::pattern::PackageId;
use crate::text::{FileId, Span};

/// A name in a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// What it is.
    pub name: Mentioned,
    /// The file that it stands in.
    pub file: FileId,
    /// Where.
    pub span: Span,
    /// Whether it is only in what the rule writes, and not in what it looks for.
    pub written: bool,
}

/// What a rule speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mentioned {
    /// `pkg.Name`.
    Of {
        /// The package.
        package: PackageId,
        /// The name behind the dot.
        name: String,
    },
    /// An import path.
    Path(String),
    /// A name in lower case that a pattern uses as a value and that nothing declares.
    Variable(String),
    /// The same in a template, beside a metavariable that the template does not print.
    InTheStead {
        /// What is printed.
        name: String,
        /// The metavariable, as the rule writes it.
        lost: String,
    },
}
