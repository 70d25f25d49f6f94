//! What a rule does: exactly one of a few keys.
//!
//! Comes in: the keys of a rule. Goes out: a [`RuleKindSpec`], or a diagnostic that shows the keys
//! that contradict each other.

use super::binary::binary;
use super::condition::all_conditions;
use super::decode::{Decoder, Field};
use super::error_result::error_result;
use super::found;
use super::map::Fields;
use super::module::{gomod, import};
use super::name::{of_field, rename};
use super::new_file::{follows_others, new_file};
use super::patch::{PatchSpec, read_diff};
use super::rule::RuleKindSpec;
use super::scope::scope;
use super::string::{Spanned, SpannedStr};
use super::target::{As, CONTEXTS, MatchSpec, WhereSpec};
use super::words::list;
use crate::text::{Code, Diagnostic, Span};

/// Reads the value of a key.
type Reader = fn(&mut Decoder, Field) -> Option<RuleKindSpec>;

/// Kinds that stand alone. The keys beside them that tell more of a pattern are not known here.
const ALONE: &[(&str, Reader)] = &[
    ("patch", |d, field| patch(d, field).map(RuleKindSpec::Patch)),
    ("rename", |d, field| rename(d, field).map(RuleKindSpec::Rename)),
    ("field", |d, field| of_field(d, field).map(RuleKindSpec::Field)),
    ("import", import),
    ("gomod", |d, field| gomod(d, field).map(RuleKindSpec::GoMod)),
    ("tag", |d, field| found::tag(d, field).map(RuleKindSpec::Tag)),
    ("directive", |d, field| found::directive(d, field).map(RuleKindSpec::Directive)),
    ("string", |d, field| found::string(d, field).map(RuleKindSpec::String)),
    ("error-result", |d, field| error_result(d, field).map(RuleKindSpec::ErrorResult)),
    ("text", |d, field| found::text(d, field).map(RuleKindSpec::Text)),
    ("binary", |d, field| binary(d, field).map(RuleKindSpec::Binary)),
    ("file", |d, field| new_file(d, field).map(RuleKindSpec::File)),
];

/// Keys that mean something only beside a pattern.
const WITH_MATCH: &[&str] = &[
    "as",
    "where",
    "scope",
    "comments",
    "inside",
    "in-function",
    "unless-inside",
    "unless-in-function",
    "in-file",
    "unless-in-file",
];

/// What the rule with these keys does.
pub(super) fn kind(d: &mut Decoder, fields: &Fields) -> Option<RuleKindSpec> {
    // All of them are read, so that what is wrong inside each is known in one run.
    let pattern = fields.get("match").map(|field| d.string(field));
    let template = fields.get("rewrite").map(|field| template(d, field));
    let report = fields.get("report").map(|field| d.string(field));
    let beside = Beside::read(d, fields);
    let scope = fields.get("scope").map(|field| scope(d, field));
    let mut alone = None;
    for (key, read) in ALONE {
        if let Some(field) = fields.get(key) {
            alone = Some(read(d, field));
        }
    }
    follows_others(d, fields);
    if !agree(d, fields) {
        return None;
    }
    if let Some(kind) = alone {
        return Some(beside.added_to(kind?));
    }
    let Beside { context, conditions, drop_comments } = beside;
    let target = MatchSpec { pattern: pattern??, context, conditions };
    if let Some(report) = report {
        return Some(RuleKindSpec::Report { target, text: report? });
    }
    let scope = match scope {
        Some(scope) => Some(scope?),
        None => None,
    };
    Some(RuleKindSpec::Rewrite { target, template: template??, scope, drop_comments })
}

/// What keys beside a pattern say.
struct Beside {
    context: Option<Spanned<As>>,
    conditions: Vec<WhereSpec>,
    drop_comments: Option<Span>,
}

impl Beside {
    fn read(d: &mut Decoder, fields: &Fields) -> Self {
        let context = fields.get("as").and_then(|field| d.word(field, CONTEXTS));
        let conditions = all_conditions(d, fields);
        let drop_comments = fields.get("comments").and_then(|field| d.word(field, &[("drop", ())]));
        Self { context, conditions, drop_comments: drop_comments.map(|drop| drop.span) }
    }

    /// The kind with what the keys say of its pattern, if it has one.
    fn added_to(self, mut kind: RuleKindSpec) -> RuleKindSpec {
        match &mut kind {
            RuleKindSpec::Patch(patch) => {
                (patch.context, patch.drop_comments) = (self.context, self.drop_comments);
            }
            RuleKindSpec::String(string) => string.target.context = self.context,
            _ => {}
        }
        if let Some(conditions) = kind.conditions_mut() {
            *conditions = self.conditions;
        }
        kind
    }
}

/// The two sides of a diff.
fn patch(d: &mut Decoder, field: Field) -> Option<PatchSpec> {
    let diff = d.string(field)?;
    if diff.is_folded() {
        let message = "YAML folds the lines of this patch into one";
        d.error(
            Code::YamlSyntax,
            field.key_span,
            message,
            "write `patch: |`, and the lines below it",
        );
        return None;
    }
    let (before, after) = read_diff(d, &diff)?;
    let (context, drop_comments, conditions) = (None, None, Vec::new());
    Some(PatchSpec { diff, before, after, context, conditions, drop_comments })
}

/// A template may be empty, which deletes; no value at all is a mistake.
fn template(d: &mut Decoder, field: Field) -> Option<SpannedStr> {
    if field.value.is_null() && field.value.span.is_empty() {
        let help = "to delete what matches, write `rewrite: \"\"`";
        d.error(Code::BadValue, field.key_span, "`rewrite` has no value", help);
        return None;
    }
    d.string(field)
}

/// Whether the key says what a rule does.
fn says_what(key: &str) -> bool {
    matches!(key, "match" | "rewrite" | "report") || stands_alone(key)
}

fn stands_alone(key: &str) -> bool {
    ALONE.iter().any(|(kind, _)| *kind == key)
}

/// Whether the keys of a rule make one kind; reports it if not.
fn agree(d: &mut Decoder, fields: &Fields) -> bool {
    let present: Vec<Field> = fields.iter().filter(|f| says_what(f.key)).collect();
    let has = |key: &str| present.iter().any(|f| f.key == key);
    let alone = present.iter().find(|f| stands_alone(f.key));
    if let (Some(alone), true) = (alone, present.len() > 1) {
        return contradiction(d, &present, alone.key);
    }
    if has("rewrite") && has("report") {
        let both: Vec<Field> = present.into_iter().filter(|f| f.key != "match").collect();
        return contradiction(d, &both, "report");
    }
    let complaint = match (alone, has("match"), has("rewrite") || has("report")) {
        (Some(_), ..) | (None, true, true) => None,
        (None, true, false) => Some((
            "this rule does not say what to do with what it matches",
            "add `rewrite: CODE` to replace it, or `report: TEXT` to file a finding",
        )),
        (None, false, true) => {
            Some(("this rule does not say what to match", "add `match: PATTERN`"))
        }
        (None, false, false) => Some((
            "this rule does not say what it does",
            "add `match` with `rewrite` or `report`, or one of `patch`, `rename`, `field`, `import`, `gomod`, `tag`, `string`, `error-result`, `text`, `binary`, `file`",
        )),
    };
    let Some((message, help)) = complaint else { return goes_with_match(d, fields, alone) };
    if fields.complete {
        let place = present.first().map_or(fields.head, |field| field.key_span);
        d.error(Code::RuleKind, place, message, help);
    }
    false
}

fn contradiction(d: &mut Decoder, keys: &[Field], extra: &str) -> bool {
    let names: Vec<&str> = keys.iter().map(|field| field.key).collect();
    let message = format!("a rule does one thing, this one has {}", list(&names));
    let mut diagnostic = Diagnostic::error(Code::RuleKind, message);
    // The caret goes to the key that came too much, the labels to the ones before it.
    for (index, field) in keys.iter().enumerate().rev() {
        let label = if index == 0 { "the first one" } else { "" };
        diagnostic = diagnostic.at(d.file, field.key_span, label);
    }
    d.push(diagnostic.help(format!("give `{extra}` a rule of its own")));
    false
}

/// Whether a rule of this kind has a pattern of its own that `key` says more about.
fn has_pattern_for(kind: &Field, key: &str) -> bool {
    match kind.key {
        "patch" => key != "scope",
        "string" => !matches!(key, "comments" | "scope"),
        "error-result" => !matches!(key, "as" | "comments" | "scope"),
        "import" => {
            kind.value.has_key("when-in-file") && !matches!(key, "as" | "comments" | "scope")
        }
        _ => false,
    }
}

/// Reports keys that mean nothing without a pattern, and `comments` without a rewrite.
fn goes_with_match(d: &mut Decoder, fields: &Fields, alone: Option<&Field>) -> bool {
    for field in fields.iter().filter(|f| WITH_MATCH.contains(&f.key)) {
        let (kind, wanted) = match alone {
            Some(alone) if has_pattern_for(alone, field.key) => continue,
            Some(alone) => (*alone, if field.key == "scope" { "rewrite" } else { "match" }),
            None if matches!(field.key, "comments" | "scope")
                && fields.get("rewrite").is_none() =>
            {
                match fields.get("report") {
                    Some(report) => (report, "rewrite"),
                    None => continue,
                }
            }
            None => continue,
        };
        let message = format!("`{}` means nothing in a rule with `{}`", field.key, kind.key);
        d.push(
            Diagnostic::error(Code::UnknownKey, message)
                .at(d.file, field.key_span, "")
                .at(d.file, kind.key_span, "what this rule does")
                .help(if kind.key == "import" && wanted == "match" {
                    format!(
                        "`{}` asks more of what `import: {{when-in-file: …}}` matches",
                        field.key
                    )
                } else {
                    format!("leave `{}` out; it goes with `{wanted}`", field.key)
                }),
        );
    }
    true
}
