//! What a rule does, ready to run: one of the kinds that a rule file can name.

use super::{ErrorResult, FieldRule, NewFile, Rewrite, Search};
use crate::go::version::Version;
use crate::rule::found::{DirectiveAction, StringAction, TagAction, TextAction};
use crate::rule::metavariable::MetaId;
use crate::rule::pattern::PackageId;
use crate::rule::value::Value;

/// What a rule does.
#[derive(Debug)]
pub enum Action {
    /// Replaces what a pattern matches.
    Rewrite(Box<Rewrite>),
    /// Files a finding where a pattern matches.
    Report(Report),
    /// Gives something another name.
    Rename(Rename),
    /// Replaces the uses of a field.
    Field(Box<FieldRule>),
    /// Changes imports.
    Import(ImportAction),
    /// Changes go.mod.
    GoMod(GoModAction),
    /// Changes struct tags.
    Tag(TagAction),
    /// Changes comments that tools read.
    Directive(DirectiveAction),
    /// Changes or reports strings by where they flow to.
    String(Box<StringAction>),
    /// Checks the error that a call gained.
    ErrorResult(Box<ErrorResult>),
    /// Changes or reports what stands in files that are not Go.
    Text(TextAction),
    /// Files a finding for programs.
    Binary(BinaryAction),
    /// Creates a file that fixes use.
    File(NewFile),
}

impl Action {
    /// The pattern that is looked for in Go code, with its constraints.
    pub fn search(&self) -> Option<&Search> {
        match self {
            Action::Rewrite(rewrite) => Some(&rewrite.search),
            Action::Report(report) => Some(&report.search),
            Action::String(string) => Some(&string.search),
            Action::ErrorResult(error_result) => Some(&error_result.search),
            _ => None,
        }
    }

    /// The key of the rule file that says it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Action::Rewrite(_) => "rewrite",
            Action::Report(_) => "report",
            Action::Rename(_) => "rename",
            Action::Field(_) => "field",
            Action::Import(_) => "import",
            Action::GoMod(_) => "gomod",
            Action::Tag(_) => "tag",
            Action::Directive(_) => "directive",
            Action::String(_) => "string",
            Action::ErrorResult(_) => "error-result",
            Action::Text(_) => "text",
            Action::Binary(_) => "binary",
            Action::File(_) => "file",
        }
    }
}

/// `match` and `report`.
#[derive(Debug)]
pub struct Report {
    /// What is looked for.
    pub search: Search,
    /// The finding's text.
    pub message: Vec<MessagePart>,
}

/// A part of a finding's text.
#[derive(Clone, Debug)]
pub enum MessagePart {
    /// Itself.
    Text(String),
    /// What a metavariable captured.
    Capture(MetaId),
    /// A computed value.
    Value(Value),
}

/// A name of a package, or a field or method of one of its types, that has another name from now
/// on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// The package.
    pub package: PackageId,
    /// The type, for a field or method.
    pub owner: Option<String>,
    /// The old name.
    pub from: String,
    /// The new name.
    pub to: String,
}

/// What happens to imports.
#[derive(Debug)]
pub enum ImportAction {
    /// One path becomes another.
    Move {
        /// The old path.
        from: PackageId,
        /// The new path.
        to: PackageId,
        /// Whether packages below the old path move along.
        subpackages: bool,
        /// Only these names move; empty: all.
        symbols: Vec<String>,
    },
    /// An import is added.
    Add {
        /// Its path.
        package: PackageId,
        /// Its name: `_`, `.`, an alias.
        name: Option<String>,
        /// Only to files in which this matches.
        when_in_file: Option<Box<Search>>,
    },
    /// An import is removed if nothing uses it, or it is blank.
    Remove {
        /// Its path.
        package: PackageId,
    },
    /// An import becomes another one, under that name or none.
    Replace {
        /// The old path.
        from: PackageId,
        /// The new path, which may be the old one.
        to: PackageId,
        /// The name before the path.
        name: Option<String>,
    },
    /// The name in the package clause changes.
    PackageClause {
        /// The new name.
        name: String,
    },
}

/// What happens to go.mod.
#[derive(Debug)]
pub enum GoModAction {
    /// A requirement is raised, or added if the code needs it.
    Require {
        /// The module.
        path: String,
        /// Its version.
        version: Version,
        /// Whether one that is there is raised; otherwise it stays as it is.
        raises: bool,
    },
    /// A module becomes another.
    Move {
        /// The old module.
        from: String,
        /// The new module.
        to: String,
        /// The new module's version.
        version: Version,
    },
    /// A requirement goes, if nothing imports the module.
    Drop {
        /// The module.
        path: String,
    },
}

/// What a program may not be linked with.
#[derive(Debug)]
pub struct BinaryAction {
    /// The packages.
    pub imports: Vec<PackageId>,
    /// How many of them are too many.
    pub at_least: usize,
    /// What is said then.
    pub report: String,
}
