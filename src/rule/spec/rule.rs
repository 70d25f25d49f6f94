//! Rule files.
//!
//! Comes in: the text of one. Goes out: a [`RuleFileSpec`]. A rule whose kind could not be told is
//! left out; it was reported.

use super::binary::BinarySpec;
use super::decode::{Decoder, Field};
use super::found::{StringSpec, TagSpec, TextSpec};
use super::header::{Dialect, GuardSpec, HeaderSpec};
use super::kind;
use super::map::Shape;
use super::new_file::NewFileSpec;
use super::pack::{self, PackageSpec, ParamSpec};
use super::patch::PatchSpec;
use super::scope::ScopeSpec;
use super::string::{Spanned, SpannedStr};
use super::tree::{self, Value};
use crate::text::{Code, Diagnostic, FileId, Severity, Span};

/// What a rule file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFileSpec {
    /// The file, for diagnostics.
    pub file: FileId,
    /// Its rules, as they stand.
    pub rules: Vec<RuleSpec>,
    /// Packages that its rules name.
    pub packages: Vec<PackageSpec>,
    /// Parameters of its templates.
    pub params: Vec<ParamSpec>,
}

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
    /// Globs of files that the rule is for; empty: all.
    pub files: Vec<SpannedStr>,
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
}

/// A module or package path, and a version or a range of versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleSpec {
    /// The path.
    pub path: SpannedStr,
    /// The version or range.
    pub version: SpannedStr,
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
    /// Edits or reports strings by where they flow to.
    String(StringSpec),
    /// Edits or reports what stands in files that are not Go.
    Text(TextSpec),
    /// Files a finding for programs.
    Binary(BinarySpec),
    /// Creates a file.
    File(NewFileSpec),
}

impl RuleKindSpec {
    /// The code that the rule is about, if it is about a pattern.
    pub fn target(&self) -> Option<&MatchSpec> {
        match self {
            RuleKindSpec::Rewrite { target, .. } | RuleKindSpec::Report { target, .. } => {
                Some(target)
            }
            RuleKindSpec::String(string) => Some(&string.target),
            RuleKindSpec::Patch(_)
            | RuleKindSpec::Rename(_)
            | RuleKindSpec::Field(_)
            | RuleKindSpec::Import(_)
            | RuleKindSpec::Header(_)
            | RuleKindSpec::GoMod(_)
            | RuleKindSpec::Tag(_)
            | RuleKindSpec::Text(_)
            | RuleKindSpec::Binary(_)
            | RuleKindSpec::File(_) => None,
        }
    }
}

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

/// A name that became another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameSpec {
    /// `pkg.Name`, `pkg.Type.Member`.
    pub from: SpannedStr,
    /// The same with the new name, or the new name alone.
    pub to: SpannedStr,
}

/// A field that became another one, several, or a call. A use without an answer here needs review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldSpec {
    /// The type that has the field: `pkg.Type`.
    pub of: SpannedStr,
    /// The field.
    pub from: SpannedStr,
    /// What reading `$x.Field` becomes.
    pub read: Option<SpannedStr>,
    /// The fields that an assignment sets; empty: none is said.
    pub write: Vec<SpannedStr>,
    /// What `Field: $v` in a composite literal becomes: one element or several.
    pub literal: Option<SpannedStr>,
}

/// An edit of imports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportSpec {
    /// An import path that became another one.
    Move {
        /// The old path.
        from: SpannedStr,
        /// The new path.
        to: SpannedStr,
        /// Whether packages below the path move too.
        subpackages: Option<Spanned<bool>>,
        /// The names that move; empty: all.
        symbols: Vec<SpannedStr>,
    },
    /// An import to add.
    Add {
        /// Its path.
        path: SpannedStr,
        /// Its name.
        name: Option<SpannedStr>,
        /// A pattern that the file has to contain.
        when_in_file: Option<SpannedStr>,
    },
    /// An import to remove, by its path.
    Remove(SpannedStr),
}

/// An edit of go.mod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GoModSpec {
    /// Raises a requirement.
    Require(ModuleSpec),
    /// Replaces a requirement by another module's.
    Move {
        /// The old module path.
        from: SpannedStr,
        /// The new module and its version.
        to: ModuleSpec,
    },
    /// Drops a requirement, by its path.
    Drop(SpannedStr),
}

const FILE: Shape = Shape {
    name: "a rule file",
    keys: &["rules", "packages", "params"],
    hints: &[
        ("pack", "the keys of pack.yaml stand in the file of that name"),
        ("detect", "the keys of pack.yaml stand in the file of that name"),
        ("extends", "the keys of pack.yaml stand in the file of that name"),
    ],
};
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
        "string",
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
const WHEN: Shape = Shape { name: "`when`", keys: &["module", "go"], hints: &[] };

/// Reads a rule file.
pub fn read_rules(file: FileId, text: &str) -> (RuleFileSpec, Vec<Diagnostic>) {
    let (root, diagnostics) = tree::parse(file, text);
    let mut d = Decoder::new(file, text, diagnostics);
    let mut spec =
        RuleFileSpec { file, rules: Vec::new(), packages: Vec::new(), params: Vec::new() };
    let example = "`rules:` and below it a list, each item beginning with `- id: NAME`";
    if let Some(misplaced) = root.as_ref().and_then(rules_without_list) {
        let message = "a rule file begins with the key `rules`";
        let help = "write `rules:` above, and each rule below it as an item that begins with `- `";
        d.error(Code::MissingKey, misplaced, message, help);
    } else if let Some(fields) = d.document(root.as_ref(), &FILE, example) {
        spec.packages = pack::packages(&mut d, &fields);
        spec.params = pack::params(&mut d, &fields);
        if let Some(rules) = d.required(&fields, "rules", FILE.name, "rules: [{id: NAME, …}]") {
            let items = d.list(rules, example).into_iter().enumerate();
            spec.rules = items.filter_map(|(at, item)| rule(&mut d, item, at + 1)).collect();
        }
    }
    (spec, d.finish())
}

/// Where a document is a bare list or a bare rule instead of a map with `rules`.
fn rules_without_list(root: &tree::Node) -> Option<Span> {
    match &root.value {
        Value::Seq(list) => list.items.first().map(|item| match &item.value {
            Value::Map(map) => map.items.first().map_or(item.span, |(key, _)| key.span),
            _ => Span::at(item.span.start),
        }),
        Value::Map(map) => {
            let named = |name| {
                map.items
                    .iter()
                    .map(|(key, _)| key)
                    .find(|key| matches!(&key.value, Value::Scalar(text, _) if text == name))
            };
            named("rules")
                .is_none()
                .then(|| named("id").or(named("match")))
                .flatten()
                .map(|k| k.span)
        }
        _ => None,
    }
}

fn rule(d: &mut Decoder, item: Field, number: usize) -> Option<RuleSpec> {
    let fields = d.fields(item, &RULE, "`- id: NAME` and the rule's other keys below it")?;
    let id = d.required(&fields, "id", RULE.name, "id: what-it-does");
    let id = id.and_then(|field| d.id(field));
    let id = id.unwrap_or_else(|| SpannedStr::opaque(format!("rule-{number}"), fields.head));
    let title = fields.get("title").and_then(|field| d.string(field));
    let why = fields.get("why").and_then(|field| d.string(field));
    let safety = fields.get("safety").and_then(|field| d.word(field, SAFETIES));
    let severity = fields.get("severity").and_then(|field| d.word(field, SEVERITIES));
    let when = fields.get("when").map(|field| when(d, field)).unwrap_or_default();
    let files = fields.get("files").map(|field| d.one_or_more(field));
    let files = files.unwrap_or_default();
    let kind = kind::kind(d, &fields)?;
    let (guard, dialect) = (GuardSpec::default(), Dialect::Rules);
    Some(RuleSpec { id, title, why, safety, severity, when, files, guard, dialect, kind })
}

const SAFETIES: &[(&str, Safety)] =
    &[("safe", Safety::Safe), ("review", Safety::Review), ("manual", Safety::Manual)];
const SEVERITIES: &[(&str, Severity)] =
    &[("error", Severity::Error), ("warning", Severity::Warning), ("note", Severity::Note)];

fn when(d: &mut Decoder, field: Field) -> WhenSpec {
    let example = "`when: {module: \"PATH RANGE\", go: \"RANGE\"}`";
    let Some(fields) = d.fields(field, &WHEN, example) else { return WhenSpec::default() };
    let module = fields.get("module").and_then(|field| {
        let what = "a module path, a space and a range of versions";
        module(d, field, what, "<1.4.0")
    });
    WhenSpec { module, go: fields.get("go").and_then(|field| d.string(field)) }
}

/// A path and a version or range.
pub(super) fn module(
    d: &mut Decoder,
    field: Field,
    what: &str,
    version: &str,
) -> Option<ModuleSpec> {
    let [path, version] = d.two_words(field, what, version)?;
    Some(ModuleSpec { path, version })
}
