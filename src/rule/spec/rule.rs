//! A rule.
//!
//! Comes in: an item of the list in a rule file. Goes out: a [`RuleSpec`], or nothing where its kind
//! could not be told; that was reported.

use super::binary::BinarySpec;
use super::decode::{Decoder, Field};
use super::error_result::ErrorResultSpec;
use super::found::{DirectiveSpec, StringSpec, TagSpec, TextSpec};
use super::header::{Dialect, GuardSpec, HeaderSpec};
use super::kind;
use super::map::Shape;
use super::module::{GoModSpec, ImportSpec, ModuleSpec, module};
use super::name::{FieldSpec, RenameSpec};
use super::new_file::NewFileSpec;
use super::patch::PatchSpec;
use super::places::{PlacesSpec, places};
use super::scope::ScopeSpec;
use super::string::{Spanned, SpannedStr};
use super::target::{MatchSpec, WhereSpec};
use crate::text::{Severity, Span};

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSpec {
    /// Its name. Where it has none, which was reported: `rule-N`, counted from 1 in the file.
    pub id: SpannedStr,
    /// One line for people.
    pub title: Option<SpannedStr>,
    /// The reason, for the reviewer.
    pub why: Option<SpannedStr>,
    /// How much a person has to look.
    pub safety: Option<Spanned<Safety>>,
    /// How serious a finding is.
    pub severity: Option<Spanned<Severity>>,
    /// What the enclosing go.mod has to say.
    pub when: WhenSpec,
    /// The files that it looks at.
    pub places: PlacesSpec,
    /// What a file's package clause and imports must say.
    pub guard: GuardSpec,
    /// How its names are to be understood.
    pub dialect: Dialect,
    /// What it does.
    pub kind: RuleKindSpec,
}

/// How much a person has to look at what a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Safety {
    /// Applied.
    #[default]
    Safe,
    /// Applied where that is asked for.
    Review,
    /// Never applied; a person does it.
    Manual,
}

/// Conditions on the enclosing go.mod.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhenSpec {
    /// A module and the versions of it.
    pub module: Option<ModuleSpec>,
    /// Go versions.
    pub go: Option<SpannedStr>,
    /// Module paths, one of which go.mod requires; empty: nothing is asked.
    pub requires: Vec<SpannedStr>,
    /// Module paths, none of which go.mod requires.
    pub unless_requires: Vec<SpannedStr>,
}

impl WhenSpec {
    /// Takes what is said for the whole file, key by key where the rule says nothing itself.
    pub(super) fn or(&mut self, whole: &WhenSpec) {
        let lists = [
            (&mut self.requires, &whole.requires),
            (&mut self.unless_requires, &whole.unless_requires),
        ];
        for (own, whole) in lists {
            if own.is_empty() {
                own.clone_from(whole);
            }
        }
        self.module = self.module.take().or_else(|| whole.module.clone());
        self.go = self.go.take().or_else(|| whole.go.clone());
    }
}

/// What a rule does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleKindSpec {
    /// Replaces code.
    Rewrite {
        /// What code.
        target: MatchSpec,
        /// The template.
        template: SpannedStr,
        /// What the template takes from the scope.
        scope: Option<ScopeSpec>,
        /// `comments: drop`, where a fix may lose comments.
        drop_comments: Option<Span>,
    },
    /// Replaces code as a diff says.
    Patch(PatchSpec),
    /// Files a finding.
    Report {
        /// At what code.
        target: MatchSpec,
        /// The finding's text.
        text: SpannedStr,
    },
    /// Gives something another name.
    Rename(RenameSpec),
    /// Replaces a field.
    Field(FieldSpec),
    /// Edits imports.
    Import(ImportSpec),
    /// Edits imports or the package clause, as a patch file says.
    Header(HeaderSpec),
    /// Edits go.mod.
    GoMod(GoModSpec),
    /// Edits struct tags.
    Tag(TagSpec),
    /// Edits comments that tools read.
    Directive(DirectiveSpec),
    /// Edits or reports strings by where they flow to.
    String(StringSpec),
    /// Checks the error that a call gained.
    ErrorResult(ErrorResultSpec),
    /// Edits or reports what stands in files that are not Go.
    Text(TextSpec),
    /// Files a finding for programs.
    Binary(BinarySpec),
    /// Creates a file.
    File(NewFileSpec),
}

impl RuleKindSpec {
    /// What is asked of the code that it matches, if it is about a pattern.
    pub(super) fn conditions_mut(&mut self) -> Option<&mut Vec<WhereSpec>> {
        match self {
            RuleKindSpec::Rewrite { target, .. } | RuleKindSpec::Report { target, .. } => {
                Some(&mut target.conditions)
            }
            RuleKindSpec::Patch(patch) => Some(&mut patch.conditions),
            RuleKindSpec::String(string) => Some(&mut string.target.conditions),
            RuleKindSpec::ErrorResult(error_result) => Some(&mut error_result.target.conditions),
            RuleKindSpec::Import(ImportSpec::Add { when_in_file: Some(target), .. })
            | RuleKindSpec::Header(HeaderSpec { when_in_file: Some(target), .. }) => {
                Some(&mut target.conditions)
            }
            _ => None,
        }
    }

    /// The code that the rule is about, if it is about a pattern.
    pub fn target(&self) -> Option<&MatchSpec> {
        match self {
            RuleKindSpec::Rewrite { target, .. } | RuleKindSpec::Report { target, .. } => {
                Some(target)
            }
            RuleKindSpec::String(string) => Some(&string.target),
            RuleKindSpec::ErrorResult(error_result) => Some(&error_result.target),
            RuleKindSpec::Patch(_)
            | RuleKindSpec::Rename(_)
            | RuleKindSpec::Field(_)
            | RuleKindSpec::Import(_)
            | RuleKindSpec::Header(_)
            | RuleKindSpec::GoMod(_)
            | RuleKindSpec::Tag(_)
            | RuleKindSpec::Directive(_)
            | RuleKindSpec::Text(_)
            | RuleKindSpec::Binary(_)
            | RuleKindSpec::File(_) => None,
        }
    }
}

const RULE: Shape = Shape {
    name: "a rule",
    keys: &[
        "id",
        "title",
        "why",
        "safety",
        "severity",
        "when",
        "files",
        "unless-files",
        "unless-folder",
        "as",
        "comments",
        "match",
        "rewrite",
        "patch",
        "report",
        "where",
        "scope",
        "inside",
        "in-function",
        "unless-inside",
        "unless-in-function",
        "in-file",
        "unless-in-file",
        "rename",
        "field",
        "import",
        "gomod",
        "tag",
        "directive",
        "string",
        "error-result",
        "text",
        "binary",
        "file",
    ],
    hints: &[
        ("packages", "`packages` stands beside `rules`, not in a rule"),
        ("params", "`params` stands beside `rules`, not in a rule"),
        ("module", "write `when: {module: \"PATH RANGE\"}`"),
        ("go", "write `when: {go: \"RANGE\"}`"),
    ],
};

const WHEN: Shape =
    Shape { name: "`when`", keys: &["module", "go", "requires", "unless-requires"], hints: &[] };

/// Reads a rule, the one of that number in its file. `None` where its kind could not be told.
pub(super) fn rule(d: &mut Decoder, item: Field, number: usize) -> Option<RuleSpec> {
    let fields = d.fields(item, &RULE, "`- id: NAME` and the rule's other keys below it")?;
    let id = d.required(&fields, "id", RULE.name, "id: what-it-does");
    let id = id.and_then(|field| d.id(field));
    let id = id.unwrap_or_else(|| SpannedStr::opaque(format!("rule-{number}"), fields.head));
    let title = fields.get("title").and_then(|field| d.string(field));
    let why = fields.get("why").and_then(|field| d.string(field));
    let safety = fields.get("safety").and_then(|field| d.word(field, SAFETIES));
    let severity = fields.get("severity").and_then(|field| d.word(field, SEVERITIES));
    let when = fields.get("when").map(|field| when(d, field)).unwrap_or_default();
    let places = places(d, &fields);
    let kind = kind::kind(d, &fields)?;
    let (guard, dialect) = (GuardSpec::default(), Dialect::Rules);
    Some(RuleSpec { id, title, why, safety, severity, when, places, guard, dialect, kind })
}

const SAFETIES: &[(&str, Safety)] =
    &[("safe", Safety::Safe), ("review", Safety::Review), ("manual", Safety::Manual)];

const SEVERITIES: &[(&str, Severity)] =
    &[("error", Severity::Error), ("warning", Severity::Warning), ("note", Severity::Note)];

/// Reads what the enclosing go.mod has to say.
pub(super) fn when(d: &mut Decoder, field: Field) -> WhenSpec {
    let example = "`when: {module: \"PATH RANGE\", go: \"RANGE\", requires: PATH}`";
    let Some(fields) = d.fields(field, &WHEN, example) else { return WhenSpec::default() };
    let module = fields.get("module").and_then(|field| {
        let what = "a module path, a space and a range of versions";
        module(d, field, what, "<1.4.0")
    });
    let go = fields.get("go").and_then(|field| d.string(field));
    let mut paths = |key| fields.get(key).map(|field| d.one_or_more(field)).unwrap_or_default();
    let (requires, unless_requires) = (paths("requires"), paths("unless-requires"));
    WhenSpec { module, go, requires, unless_requires }
}
