//! What rules ask of a file's package clause and imports, and change in them, beyond the `import`
//! of rule files: gopatch's patches say it.

use super::module::ImportSpec;
use super::string::SpannedStr;
use super::target::MatchSpec;
use crate::text::Span;

/// How the names in a rule are to be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Dialect {
    /// A name before a dot is a package that something declares, or a mistake.
    #[default]
    Rules,
    /// It may be any name; that of a package of the standard library means that package in files
    /// that import it.
    Gopatch,
    /// It is a package that something declares, or else whatever has the name at the site.
    Site,
}

/// What a file must say before its first declaration, for a rule to look at it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct GuardSpec {
    /// The name in its package clause.
    pub package: Option<SpannedStr>,
    /// What it must import.
    pub imports: Vec<ImportGuardSpec>,
}

/// An import that a file must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportGuardSpec {
    /// Its path.
    pub path: SpannedStr,
    /// The name before the path.
    pub name: ImportNameSpec,
}

/// The name before the path of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportNameSpec {
    /// Any, or none.
    Any,
    /// None.
    None,
    /// That one.
    Is(SpannedStr),
}

/// A change of a file's imports or package clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderSpec {
    /// What changes.
    pub edit: HeaderEditSpec,
    /// What the file has to contain.
    pub when_in_file: Option<MatchSpec>,
}

/// What changes in a file's imports or package clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderEditSpec {
    /// An import.
    Import(ImportSpec),
    /// An import becomes another one, under that name or none.
    ReplaceImport {
        /// The old path.
        from: SpannedStr,
        /// The new path, which may be the old one.
        to: SpannedStr,
        /// The name before the path.
        name: Option<SpannedStr>,
    },
    /// The name in the package clause.
    Package(SpannedStr),
}

impl HeaderEditSpec {
    /// Where it is written.
    pub fn span(&self) -> Span {
        match self {
            HeaderEditSpec::Import(
                ImportSpec::Move { to: text, .. }
                | ImportSpec::Add { path: text, .. }
                | ImportSpec::Remove(text),
            )
            | HeaderEditSpec::ReplaceImport { to: text, .. }
            | HeaderEditSpec::Package(text) => text.span(),
        }
    }
}
