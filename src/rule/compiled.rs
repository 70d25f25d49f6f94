//! Rules ready to run. Comes in: nothing (see `compile`). Goes out: what the engine works with:
//! every pattern parsed, every name looked up, every version read.

mod action;
mod error_result;
mod field;
mod new_file;
mod places;
mod rewrite;

use std::collections::{BTreeMap, BTreeSet};

pub use self::action::{
    Action, BinaryAction, GoModAction, ImportAction, MessagePart, Rename, Report,
};
pub use self::error_result::{ErrorResult, OnError, Returned};
pub use self::field::{FieldRule, FieldWrite, SeveralWrites};
pub use self::new_file::{ContentPart, NewFile, UsedBy};
pub use self::places::{Places, UnlessFolder};
pub use self::rewrite::{Diff, MethodOfScope, Required, Rewrite, ScopeValue, Search};
pub use super::found::{
    DirectiveAction, StringAction, StringChange, TagAction, TagOwner, TextAction, TextChange,
};
use super::metavariable::Metavariables;
use super::pattern::PackageId;
use crate::go::module::ModFile;
use crate::go::packages::{ApiFile, PackageIndex};
use crate::go::version::{GoVersion, Version, VersionRange};
use crate::text::{FileId, Severity, Span};

/// What the import paths of packages begin with that belong to the module of the code itself.
pub const OWN_MODULE: &str = "${module}";

/// All rules of a run, in the order in which they win over each other.
#[derive(Debug, Default)]
pub struct RuleSet {
    /// The rules.
    pub rules: Vec<Rule>,
    /// The packages that patterns and templates name.
    pub packages: Vec<Package>,
    /// The packs that the rules come from, in order.
    pub packs: Vec<PackInfo>,
    /// Declarations of packages, for where their sources are not at hand.
    pub api: Vec<ApiFile>,
    /// What the versions of modules belong to, by module path.
    pub versions: BTreeMap<String, VersionTable>,
}

/// What the versions of a module belong to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VersionTable {
    /// What the other versions are versions of, such as a database.
    pub about: String,
    /// By version of the module.
    pub map: BTreeMap<Version, String>,
}

impl RuleSet {
    /// The package.
    pub fn package(&self, id: PackageId) -> &Package {
        &self.packages[id.0]
    }

    /// A rule's name among those of all packs: `PACK/ID`.
    pub fn full_name(&self, rule: usize) -> String {
        let rule = &self.rules[rule];
        format!("{}/{}", self.packs[rule.pack].name, rule.id)
    }

    /// The packs that change go.mod, as indices.
    pub fn packs_with_go_mod(&self) -> BTreeSet<usize> {
        let changes = |rule: &&Rule| matches!(rule.action, Action::GoMod(_));
        self.rules.iter().filter(changes).map(|rule| rule.pack).collect()
    }

    /// For each rule the rules for files that the code it writes uses: those of its pack.
    pub fn files_used(&self) -> Vec<Vec<usize>> {
        let used = |rule: &Rule| {
            let files = self.rules.iter().enumerate().filter(|(_, file)| {
                let Action::File(new) = &file.action else { return false };
                file.pack == rule.pack && new.is_used_by(&rule.action)
            });
            files.map(|(index, _)| index).collect()
        };
        self.rules.iter().map(used).collect()
    }

    /// Whether rules speak of packages of the module that the code itself belongs to.
    pub fn speaks_of_own_module(&self) -> bool {
        self.packages.iter().any(|p| p.path.starts_with(OWN_MODULE))
    }

    /// What is known of packages without their sources, added to an index.
    pub fn teach(&self, index: PackageIndex) -> PackageIndex {
        let named = self.packages.iter().filter(|p| p.named && !p.path.starts_with(OWN_MODULE));
        let names = named.map(|p| (p.path.clone(), p.name.clone()));
        index.with_api(self.api.clone()).with_names(names)
    }

    /// What a pack says of the package at `path`.
    pub fn package_at(&self, path: &str) -> Option<&Package> {
        self.packages.iter().find(|p| p.path == path)
    }
}

/// A pack as reports name it.
#[derive(Clone, Debug)]
pub struct PackInfo {
    /// Its name.
    pub name: String,
    /// One line.
    pub title: String,
}

/// A package that rules speak of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Import path.
    pub path: String,
    /// The name in its package clause.
    pub name: String,
    /// Whether the name is certain: said by the pack, or of the standard library.
    pub named: bool,
    /// Whether importing it has an effect of its own, so that the import never disappears.
    pub registers: bool,
}

/// How far a fix may be trusted, as its author says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Safety {
    /// Applied.
    #[default]
    Safe,
    /// Applied only when a person asks for it.
    Review,
    /// Never applied; a person does it.
    Manual,
}

impl Safety {
    /// The word in rule files.
    pub fn as_str(self) -> &'static str {
        match self {
            Safety::Safe => "safe",
            Safety::Review => "review",
            Safety::Manual => "manual",
        }
    }
}

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Kebab case, unique in its pack.
    pub id: String,
    /// The pack, as an index into [`RuleSet::packs`].
    pub pack: usize,
    /// The names of the packs that it came through, from the one that was asked for to the one
    /// that it is written in; a single one for a rule that is not inherited.
    pub packs: Vec<String>,
    /// One line for people.
    pub title: String,
    /// Why, in Markdown; may be empty.
    pub why: String,
    /// How far its fixes may be trusted.
    pub safety: Safety,
    /// For findings and CI formats.
    pub severity: Severity,
    /// When the rule is in force.
    pub when: When,
    /// The files that it looks at.
    pub places: Places,
    /// What a file must say for the rule to look at it.
    pub guard: Guard,
    /// Its metavariables.
    pub metavariables: Metavariables,
    /// What it does.
    pub action: Action,
    /// Where it is written.
    pub origin: Origin,
}

/// What a file must say for a rule to look at it.
#[derive(Debug, Default)]
pub struct Guard {
    /// The name in its package clause.
    pub package: Option<String>,
    /// What it must import.
    pub imports: Vec<ImportGuard>,
    /// What it must contain.
    pub contains: Option<Box<Search>>,
}

/// An import that a file must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportGuard {
    /// Its path.
    pub package: PackageId,
    /// The name before the path.
    pub name: ImportName,
}

/// The name before the path of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportName {
    /// Any, or none.
    Any,
    /// None.
    None,
    /// That one.
    Is(String),
}

/// Where a rule is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file.
    pub file: FileId,
    /// Its id in that file.
    pub span: Span,
}

/// When a rule is in force, by the go.mod that governs a file.
#[derive(Clone, Debug, Default)]
pub struct When {
    /// A module and the versions of it.
    pub module: Option<(String, VersionRange<Version>)>,
    /// The versions of the Go language.
    pub go: Option<VersionRange<GoVersion>>,
    /// Modules, one of which go.mod requires; empty: nothing is asked.
    pub requires: Vec<String>,
    /// Modules, none of which go.mod requires.
    pub unless_requires: Vec<String>,
}

impl When {
    /// Whether it asks for nothing.
    pub fn is_always(&self) -> bool {
        self.module.is_none() && self.go.is_none() && !self.asks_for_requirements()
    }

    /// Whether it asks what go.mod requires.
    pub fn asks_for_requirements(&self) -> bool {
        !self.requires.is_empty() || !self.unless_requires.is_empty()
    }

    /// Whether go.mod requires one of `requires`.
    pub fn has_required(&self, go_mod: &ModFile) -> bool {
        self.requires.is_empty() || required(&self.requires, go_mod).is_some()
    }

    /// The first of `unless_requires` that go.mod requires.
    pub fn unwanted<'w>(&'w self, go_mod: &ModFile) -> Option<&'w str> {
        required(&self.unless_requires, go_mod)
    }
}

/// The first of the modules that the go.mod requires.
fn required<'m>(modules: &'m [String], go_mod: &ModFile) -> Option<&'m str> {
    let requires = |path: &&String| go_mod.requires().iter().any(|r| r.path == **path);
    modules.iter().find(requires).map(String::as_str)
}
