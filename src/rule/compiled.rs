//! Rules ready to run. Comes in: nothing (see `compile`). Goes out: what the engine works with:
//! every pattern parsed, every name looked up, every version read.

use std::collections::{BTreeMap, BTreeSet};

use globset::GlobSet;

use super::constraint::Constraint;
pub use super::found::{StringAction, StringChange, TagAction, TagOwner, TextAction, TextChange};
use super::metavariable::{MetaId, Metavariables};
use super::pattern::{PackageId, Pattern};
use super::template::Template;
use super::value::Value;
use crate::go::packages::{ApiFile, PackageIndex};
use crate::go::types::Shape;
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
    /// The files that it looks at; none: all.
    pub files: Option<GlobSet>,
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
}

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
    /// Changes or reports strings by where they flow to.
    String(Box<StringAction>),
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
            Action::String(_) => "string",
            Action::Text(_) => "text",
            Action::Binary(_) => "binary",
            Action::File(_) => "file",
        }
    }
}

/// A pattern with its constraints.
#[derive(Debug)]
pub struct Search {
    /// What is looked for.
    pub pattern: Pattern,
    /// What else must hold, in the order of the rule file.
    pub constraints: Vec<Constraint>,
    /// Texts that a file must hold, or the pattern cannot match in it.
    pub required: Vec<Required>,
}

/// A text that a file must hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Required {
    /// An identifier.
    Word(String),
    /// An import path.
    Import(String),
}

impl Required {
    /// The bytes to look for.
    pub fn text(&self) -> &str {
        match self {
            Required::Word(text) | Required::Import(text) => text,
        }
    }
}

/// `match` and `rewrite`.
#[derive(Debug)]
pub struct Rewrite {
    /// What is looked for.
    pub search: Search,
    /// What it becomes.
    pub template: Template,
    /// What the template takes from the scope.
    pub scope: Option<ScopeValue>,
    /// Whether comments may be lost.
    pub drops_comments: bool,
    /// What is context, if the rule is written as a diff.
    pub diff: Option<Diff>,
}

/// A value that a template takes from what is in scope at the match.
#[derive(Debug)]
pub struct ScopeValue {
    /// What stands for it in the template.
    pub id: MetaId,
    /// Its type, or one of several.
    pub shapes: Vec<Shape>,
    /// The same for people.
    pub wanted: String,
    /// Where there is none: a method that gives one.
    pub method: Option<MethodOfScope>,
    /// The template for where there is none either.
    pub otherwise: Option<Template>,
}

/// A method that gives a value.
#[derive(Debug)]
pub struct MethodOfScope {
    /// What stands for its receiver in the template.
    pub id: MetaId,
    /// Its name.
    pub name: String,
    /// The template for where a value in scope has it.
    pub template: Template,
}

/// What stays where it is, as a diff says.
#[derive(Debug)]
pub struct Diff {
    /// The pattern, token by token.
    pub before: Template,
    /// Pairs, ascending, of tokens of `before` and of the template that are one piece of context.
    pub context: Vec<(usize, usize)>,
    /// Whether the template says all that the pattern says, and more: it would match again what it
    /// has made. Then a site that has its form is done, whatever `$$$` stands for there.
    pub adds_only: bool,
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

/// A field and what its uses become. What is not said needs review.
#[derive(Debug)]
pub struct FieldRule {
    /// The package of its type.
    pub package: PackageId,
    /// Its type.
    pub owner: String,
    /// Its name.
    pub from: String,
    /// `$x`, what the field is selected from.
    pub x: MetaId,
    /// `$v`, what is assigned.
    pub v: MetaId,
    /// What `$x.Field` becomes where it is read.
    pub read: Option<Template>,
    /// What an assignment becomes.
    pub write: Option<FieldWrite>,
    /// What `Field: $v` becomes, by element.
    pub literal: Vec<Template>,
    /// The members that templates select from `$x`, or set.
    pub members: Vec<String>,
}

/// What an assignment to a field becomes.
#[derive(Debug)]
pub enum FieldWrite {
    /// One to another field.
    One(String),
    /// One to each of several fields.
    Several(Box<SeveralWrites>),
}

/// Assignments to several fields in place of one.
#[derive(Debug)]
pub struct SeveralWrites {
    /// Where evaluating `$v` several times is the same as once: it is assigned to each.
    pub each: Template,
    /// Elsewhere: the first gets the value, the others are set to the first.
    pub chained: Template,
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

/// A file that is created where a fix uses it.
#[derive(Debug)]
pub struct NewFile {
    /// Where, from the folder of the module or of the package; `/` between its parts.
    pub path: String,
    /// Its text, in parts.
    pub content: Vec<ContentPart>,
    /// Which code uses it.
    pub used_by: UsedBy,
}

/// A part of the text of a new file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContentPart {
    /// Itself.
    Text(String),
    /// The path of the module.
    Module,
    /// The name in the package clause.
    Package,
}

/// Which code uses a new file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UsedBy {
    /// Code of the module that names this package; there is one file in the module.
    Importers(PackageId),
    /// Code of the package that has one of these names; there is one file in the package.
    Names(Vec<String>),
}

impl Rewrite {
    /// The template, and those for where the scope has no value for it.
    pub fn templates(&self) -> impl Iterator<Item = &Template> {
        let method = self.scope.iter().flat_map(|scope| &scope.method).map(|m| &m.template);
        let otherwise = self.scope.iter().flat_map(|scope| &scope.otherwise);
        std::iter::once(&self.template).chain(method).chain(otherwise)
    }
}

impl NewFile {
    /// The text in a module, or a package.
    pub fn text(&self, module: &str, package: &str) -> String {
        let part = |part: &ContentPart| match part {
            ContentPart::Text(text) => text.clone(),
            ContentPart::Module => module.to_owned(),
            ContentPart::Package => package.to_owned(),
        };
        self.content.iter().map(part).collect()
    }

    /// Whether code that a rule writes uses the file.
    pub fn is_used_by(&self, action: &Action) -> bool {
        let templates: Vec<&Template> = match action {
            Action::Rewrite(rewrite) => rewrite.templates().collect(),
            Action::Field(field) => field.read.iter().chain(&field.literal).collect(),
            _ => Vec::new(),
        };
        templates.into_iter().any(|template| match &self.used_by {
            UsedBy::Importers(package) => template.packages().any(|id| id == *package),
            UsedBy::Names(names) => template.says_name(names),
        })
    }
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
