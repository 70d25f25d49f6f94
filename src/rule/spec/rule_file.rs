//! Rule files.
//!
//! Comes in: the text of one. Goes out: a [`RuleFileSpec`]. A rule whose kind could not be told is
//! left out; it was reported.

use super::condition::{BINDING_NOTHING, around};
use super::decode::Decoder;
use super::map::{Fields, Shape};
use super::pack::{self, PackageSpec, ParamSpec};
use super::places::places;
use super::rule::{RuleKindSpec, RuleSpec, rule, when};
use super::string::SpannedStr;
use super::target::WhereSpec;
use super::tree::{self, Value};
use crate::text::{Code, Diagnostic, FileId, Span};

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

const FILE: Shape = Shape {
    name: "a rule file",
    keys: &[
        "rules",
        "packages",
        "params",
        "when",
        "files",
        "unless-files",
        "unless-folder",
        "unless-inside",
        "unless-in-function",
        "in-file",
        "unless-in-file",
    ],
    hints: &[
        ("pack", "the keys of pack.yaml stand in the file of that name"),
        ("detect", "the keys of pack.yaml stand in the file of that name"),
        ("extends", "the keys of pack.yaml stand in the file of that name"),
    ],
};

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
        for_all(&mut d, &fields, &mut spec.rules);
    }
    (spec, d.finish())
}

/// What stands beside `rules` and holds for all of them: conditions besides those of each rule, the
/// rest where a rule says nothing itself.
fn for_all(d: &mut Decoder, fields: &Fields, rules: &mut [RuleSpec]) {
    let places = places(d, fields);
    let when = fields.get("when").map(|field| when(d, field)).unwrap_or_default();
    let conditions = around(d, fields, BINDING_NOTHING);
    for rule in rules {
        match &rule.kind {
            // It follows the rules that use its file.
            RuleKindSpec::File(_) => continue,
            RuleKindSpec::GoMod(_) => {}
            _ => rule.places.or(&places),
        }
        rule.when.or(&when);
        if let Some(own) = rule.kind.conditions_mut() {
            own.extend(conditions.iter().cloned());
        } else if !matches!(rule.kind, RuleKindSpec::GoMod(_) | RuleKindSpec::Binary(_)) {
            for asked in &conditions {
                without_pattern(d, fields, asked, &rule.id);
            }
        }
    }
}

/// Reports a condition for all rules that one of them has no pattern for.
fn without_pattern(d: &mut Decoder, fields: &Fields, asked: &WhereSpec, rule: &SpannedStr) {
    let place = asked.name.span();
    let key = fields.iter().find(|field| field.key_span == place).map_or("", |field| field.key);
    let message = format!("`{key}` means nothing for `{rule}`, a rule without a pattern");
    let help = "give that rule a file of its own";
    d.push(
        Diagnostic::error(Code::UnknownKey, message)
            .at(d.file, place, "")
            .at(d.file, rule.span(), "this rule")
            .help(help),
    );
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
