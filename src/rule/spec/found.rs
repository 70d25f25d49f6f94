//! Rules that look for a regular expression: in struct tags, in directives, in strings by where they
//! flow to, in files that are not Go.
//!
//! Comes in: the map under the key. Goes out: what it says, or a diagnostic at the key that is
//! wrong.

use super::decode::{Decoder, Field};
use super::map::{Fields, Shape};
use super::string::SpannedStr;
use super::target::MatchSpec;
use crate::text::Code;

/// The value of a key in struct tags that became another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagSpec {
    /// The struct type, `pkg.Type`; `$_` or nothing: any.
    pub of: Option<SpannedStr>,
    /// The key.
    pub key: SpannedStr,
    /// A regular expression on its value.
    pub find: SpannedStr,
    /// What that becomes.
    pub replace: SpannedStr,
}

/// A comment that tools read, such as `//go:generate`, that became another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectiveSpec {
    /// What follows the slashes: `go:generate`.
    pub name: SpannedStr,
    /// A regular expression on what stands behind that.
    pub find: SpannedStr,
    /// What it becomes.
    pub replace: SpannedStr,
}

/// A string that flows to a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StringSpec {
    /// The place: the pattern `at`, and what is asked of it.
    pub target: MatchSpec,
    /// The metavariable that is the string, `$` included; none where the pattern has only one.
    pub of: Option<SpannedStr>,
    /// A regular expression on the value.
    pub find: SpannedStr,
    /// A regular expression that the whole value must not match.
    pub unless: Option<SpannedStr>,
    /// What becomes of it.
    pub change: ChangeSpec,
}

/// Files that are not Go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextSpec {
    /// Globs of the files.
    pub files: Vec<SpannedStr>,
    /// A regular expression.
    pub find: SpannedStr,
    /// A regular expression that the lines of a match must not match.
    pub unless: Option<SpannedStr>,
    /// What becomes of it.
    pub change: ChangeSpec,
}

/// What becomes of what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeSpec {
    /// It is replaced.
    Replace(SpannedStr),
    /// A finding is filed, with this text.
    Report(SpannedStr),
}

impl ChangeSpec {
    /// The key, and what stands behind it.
    pub fn said(&self) -> (&'static str, &SpannedStr) {
        match self {
            ChangeSpec::Replace(text) => ("replace", text),
            ChangeSpec::Report(text) => ("report", text),
        }
    }
}

const TAG: Shape = Shape {
    name: "`tag`",
    keys: &["of", "key", "find", "replace"],
    hints: &[("type", "write `of: pkg.Type`")],
};
const DIRECTIVE: Shape = Shape {
    name: "`directive`",
    keys: &["name", "find", "replace"],
    hints: &[("files", "write `files` beside `directive`")],
};
const STRING: Shape = Shape {
    name: "`string`",
    keys: &["at", "of", "find", "unless", "replace", "report"],
    hints: &[
        ("match", "write `at: PATTERN`"),
        ("where", "`where` stands beside `string`, not in it"),
        ("rewrite", "write `replace: TEXT`"),
    ],
};
const TEXT: Shape = Shape {
    name: "`text`",
    keys: &["files", "find", "unless", "replace", "report"],
    hints: &[("rewrite", "write `replace: TEXT`")],
};

pub(super) fn tag(d: &mut Decoder, field: Field) -> Option<TagSpec> {
    let example = "`tag: {of: $_, key: json, find: REGEX, replace: TEXT}`";
    let fields = d.fields(field, &TAG, example)?;
    let name = TAG.name;
    let of = fields.get("of").and_then(|field| d.string(field));
    let key = d.required(&fields, "key", name, "key: json");
    let find = d.required(&fields, "find", name, "find: REGEX");
    let replace = d.required(&fields, "replace", name, "replace: TEXT");
    let key = key.and_then(|field| d.string(field));
    let find = find.and_then(|field| d.string(field));
    let replace = replace.and_then(|field| d.string(field));
    Some(TagSpec { of, key: key?, find: find?, replace: replace? })
}

pub(super) fn directive(d: &mut Decoder, field: Field) -> Option<DirectiveSpec> {
    let example = "`directive: {name: go:generate, find: REGEX, replace: TEXT}`";
    let fields = d.fields(field, &DIRECTIVE, example)?;
    let text = |d: &mut Decoder, key, example| {
        let found = d.required(&fields, key, DIRECTIVE.name, example);
        found.and_then(|field| d.string(field))
    };
    let name = text(d, "name", "name: go:generate");
    let find = text(d, "find", "find: REGEX");
    let replace = text(d, "replace", "replace: TEXT");
    Some(DirectiveSpec { name: name?, find: find?, replace: replace? })
}

/// The keys beside it are not known here.
pub(super) fn string(d: &mut Decoder, field: Field) -> Option<StringSpec> {
    let example = "`string: {at: 'sql.Open($_, $dsn)', find: REGEX, replace: TEXT}`";
    let fields = d.fields(field, &STRING, example)?;
    let at = d.required(&fields, "at", STRING.name, "at: 'sql.Open($_, $dsn)'");
    let find = d.required(&fields, "find", STRING.name, "find: REGEX");
    let pattern = at.and_then(|field| d.string(field));
    let of = fields.get("of").and_then(|field| d.string(field));
    let find = find.and_then(|field| d.string(field));
    let unless = fields.get("unless").map(|field| d.string(field));
    let change = change(d, field, &fields)?;
    let target = MatchSpec { pattern: pattern?, context: None, conditions: Vec::new() };
    let unless = unless.map_or(Some(None), |unless| unless.map(Some))?;
    Some(StringSpec { target, of, find: find?, unless, change })
}

pub(super) fn text(d: &mut Decoder, field: Field) -> Option<TextSpec> {
    let example = "`text: {files: [GLOB], find: REGEX, replace: TEXT}`";
    let fields = d.fields(field, &TEXT, example)?;
    let files = d.required(&fields, "files", TEXT.name, "files: [GLOB]");
    let find = d.required(&fields, "find", TEXT.name, "find: REGEX");
    let files = files.map(|field| d.one_or_more(field));
    let find = find.and_then(|field| d.string(field));
    let unless = fields.get("unless").map(|field| d.string(field));
    let change = change(d, field, &fields)?;
    let unless = unless.map_or(Some(None), |unless| unless.map(Some))?;
    Some(TextSpec { files: files?, find: find?, unless, change })
}

/// `replace` or `report`: one of them.
fn change(d: &mut Decoder, field: Field, fields: &Fields<'_>) -> Option<ChangeSpec> {
    let replace = fields.get("replace").map(|field| (field, d.string(field)));
    let report = fields.get("report").map(|field| (field, d.string(field)));
    match (replace, report) {
        (Some((_, text)), None) => text.map(ChangeSpec::Replace),
        (None, Some((_, text))) => text.map(ChangeSpec::Report),
        (Some(_), Some((report, _))) => {
            let message = format!("`{}` has both `replace` and `report`", field.key);
            let help = "give `report` a rule of its own";
            d.error(Code::RuleKind, report.key_span, message, help);
            None
        }
        (None, None) => {
            if fields.complete {
                let message = format!("`{}` does not say what to do with what it finds", field.key);
                let help = "add `replace: TEXT` to edit it, or `report: TEXT` to file a finding";
                d.error(Code::MissingKey, fields.head, message, help);
            }
            None
        }
    }
}
