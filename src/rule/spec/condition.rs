//! `where`: what has to be true of what a pattern captured.
//!
//! Comes in: the map under `where`. Goes out: a [`WhereSpec`] for each metavariable, with its
//! conditions as written. They are:
//!
//! | key | holds |
//! |---|---|
//! | `text` | where the regular expression matches the source text |
//! | `value` | where it is a constant string and the regular expression matches its value |
//! | `kind` | where it is code of that kind |
//! | `is`, `is-not` | where the pattern matches it, or does not |
//! | `contains` | where the pattern matches it or something in it |
//! | `type` | where its type is this one, or one of a list: Go's syntax, `$_` for any part |
//! | `underlying` | the same for what stands under its type |
//! | `implements` | where its type implements this interface |
//! | `expected` | where the place wants this type, or one of a list: as an argument, an element, a field, a result, an assigned value; `{type: T, by: PACKAGE}` where that package declares what the place is |
//! | `constant` | where it is a constant expression (`true`), or is none (`false`) |
//! | `pure` | where evaluating it twice is the same as once, or is not |
//! | `non-nil` | inside the branch that has tested it against `nil`, or outside |
//! | `uses` | where it is a local name with so many mentions outside of the match, closures included |
//!
//! Conditions on types, `value` and `constant` have a third answer: where a type is not known, the
//! site needs review.

use super::decode::{Decoder, Field};
use super::map::{Fields, Shape};
use super::string::SpannedStr;
use super::target::{ConditionSpec, WhereSpec};
use super::tree::Value;
use crate::text::Code;

const CONDITIONS: Shape = Shape {
    name: "a condition",
    keys: &[
        "text",
        "value",
        "kind",
        "is",
        "is-not",
        "contains",
        "type",
        "underlying",
        "implements",
        "expected",
        "constant",
        "pure",
        "non-nil",
        "uses",
    ],
    hints: &[("interface", "write `implements: pkg.Name`"), ("const", "write `constant: true`")],
};
const EXPECTED: Shape = Shape { name: "`expected`", keys: &["type", "by"], hints: &[] };

/// Keys of a rule that ask what stands around a match. What the first two bind is bound for
/// `where`, and for the others, which bind nothing.
pub(super) const SURROUNDINGS: [&str; 6] =
    ["inside", "in-function", "unless-inside", "unless-in-function", "in-file", "unless-in-file"];

/// Those of them that bind nothing; beside `rules` they are asked of every match of the file.
pub(super) const BINDING_NOTHING: &[&str] = SURROUNDINGS.split_at(2).1;

/// `where` and what is asked of the surroundings, in the order in which it is tested.
pub(super) fn all_conditions(d: &mut Decoder, fields: &Fields) -> Vec<WhereSpec> {
    let mut all = around(d, fields, &SURROUNDINGS[..2]);
    all.extend(fields.get("where").map(|field| conditions(d, field)).unwrap_or_default());
    all.extend(around(d, fields, BINDING_NOTHING));
    all
}

/// What these keys ask of the surroundings.
pub(super) fn around(d: &mut Decoder, fields: &Fields, keys: &[&str]) -> Vec<WhereSpec> {
    let present = keys.iter().filter_map(|key| fields.get(key));
    let asked = present.map(|field| WhereSpec {
        name: SpannedStr::opaque("$match", field.key_span),
        conditions: surroundings(d, field),
    });
    asked.collect()
}

/// A pattern, or a list of them of which each is a condition.
fn surroundings(d: &mut Decoder, field: Field) -> Vec<ConditionSpec> {
    let condition = match field.key {
        "inside" => ConditionSpec::Inside,
        "in-function" => ConditionSpec::InFunction,
        "unless-inside" => ConditionSpec::UnlessInside,
        "unless-in-function" => ConditionSpec::UnlessInFunction,
        "in-file" => ConditionSpec::InFile,
        _ => ConditionSpec::UnlessInFile,
    };
    d.one_or_more(field).into_iter().map(condition).collect()
}

fn conditions(d: &mut Decoder, field: Field) -> Vec<WhereSpec> {
    let example = "`where: {$x: {text: REGEX}}`";
    let Some(fields) = d.entries(field, "`where`", example) else { return Vec::new() };
    fields.iter().filter_map(|field| conditions_on(d, field)).collect()
}

fn conditions_on(d: &mut Decoder, field: Field) -> Option<WhereSpec> {
    let name = field.key.strip_prefix('$');
    if !name.is_some_and(is_name) {
        let bare = field.key.trim_start_matches('$');
        let help = if is_name(bare) {
            format!("write `${bare}`")
        } else {
            "write `$` and the name that the pattern has".to_owned()
        };
        let message = format!("`{}` is not a metavariable", field.key);
        d.error(Code::BadValue, field.key_span, message, help);
    }
    let name = SpannedStr::opaque(field.key, field.key_span);
    let example = format!("`{}: {{text: REGEX}}`", field.key);
    let fields = d.fields(field, &CONDITIONS, &example)?;
    let mut conditions = Vec::new();
    for condition in fields.iter() {
        conditions.extend(self::condition(d, condition));
    }
    Some(WhereSpec { name, conditions })
}

fn condition(d: &mut Decoder, field: Field) -> Option<ConditionSpec> {
    Some(match field.key {
        "type" => ConditionSpec::Type(words(d, field)?),
        "underlying" => ConditionSpec::Underlying(words(d, field)?),
        "implements" => ConditionSpec::Implements(d.string(field)?),
        "expected" => expected(d, field)?,
        "constant" => ConditionSpec::Constant(d.boolean(field)?.value),
        "pure" => ConditionSpec::Pure(d.boolean(field)?.value),
        "non-nil" => ConditionSpec::NonNil(d.boolean(field)?.value),
        "uses" => {
            let help = "write how many mentions there are outside of the match: `uses: 0`";
            ConditionSpec::Uses(d.count(field, help)?.value)
        }
        "text" => ConditionSpec::Text(d.string(field)?),
        "value" => ConditionSpec::Value(d.string(field)?),
        "kind" => ConditionSpec::Kind(words(d, field)?),
        "is" => ConditionSpec::Is(d.string(field)?),
        "contains" => ConditionSpec::Contains(d.string(field)?),
        _ => ConditionSpec::IsNot(d.string(field)?),
    })
}

/// A type or a kind, or a list of them.
fn words(d: &mut Decoder, field: Field) -> Option<Vec<SpannedStr>> {
    let words = d.one_or_more(field);
    (!words.is_empty()).then_some(words)
}

/// A type, a list, or `{type: T, by: PACKAGE}`.
fn expected(d: &mut Decoder, field: Field) -> Option<ConditionSpec> {
    if !matches!(field.value.value, Value::Map(_)) {
        return Some(ConditionSpec::Expected { types: words(d, field)?, by: None });
    }
    let fields = d.fields(field, &EXPECTED, "`expected: {type: TYPE, by: PACKAGE}`")?;
    let wanted = d.required(&fields, "type", EXPECTED.name, "type: TYPE");
    let by = fields.get("by").and_then(|field| d.string(field));
    Some(ConditionSpec::Expected { types: words(d, wanted?)?, by })
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}

impl ConditionSpec {
    /// The first text under the key, where it has one.
    pub fn first_text(&self) -> Option<&SpannedStr> {
        match self {
            ConditionSpec::Text(text)
            | ConditionSpec::Value(text)
            | ConditionSpec::Is(text)
            | ConditionSpec::IsNot(text)
            | ConditionSpec::Contains(text)
            | ConditionSpec::Inside(text)
            | ConditionSpec::InFunction(text)
            | ConditionSpec::UnlessInside(text)
            | ConditionSpec::UnlessInFunction(text)
            | ConditionSpec::InFile(text)
            | ConditionSpec::UnlessInFile(text)
            | ConditionSpec::Implements(text) => Some(text),
            ConditionSpec::Kind(types)
            | ConditionSpec::Type(types)
            | ConditionSpec::Underlying(types)
            | ConditionSpec::Expected { types, .. } => types.first(),
            ConditionSpec::Constant(_)
            | ConditionSpec::Pure(_)
            | ConditionSpec::NonNil(_)
            | ConditionSpec::Uses(_) => None,
        }
    }

    /// Whether the rule itself has the key, and not `where`.
    pub fn is_around(&self) -> bool {
        SURROUNDINGS.contains(&self.said().0)
    }

    /// The key, and what stands under it: one text, or several of which one has to hold.
    pub fn said(&self) -> (&'static str, Vec<String>) {
        let one = |text: &dyn std::fmt::Display| vec![text.to_string()];
        let all = |texts: &[SpannedStr]| texts.iter().map(ToString::to_string).collect();
        match self {
            ConditionSpec::Text(text) => ("text", one(text)),
            ConditionSpec::Value(text) => ("value", one(text)),
            ConditionSpec::Kind(kinds) => ("kind", all(kinds)),
            ConditionSpec::Is(text) => ("is", one(text)),
            ConditionSpec::IsNot(text) => ("is-not", one(text)),
            ConditionSpec::Contains(text) => ("contains", one(text)),
            ConditionSpec::Inside(text) => ("inside", one(text)),
            ConditionSpec::InFunction(text) => ("in-function", one(text)),
            ConditionSpec::UnlessInside(text) => ("unless-inside", one(text)),
            ConditionSpec::UnlessInFunction(text) => ("unless-in-function", one(text)),
            ConditionSpec::InFile(text) => ("in-file", one(text)),
            ConditionSpec::UnlessInFile(text) => ("unless-in-file", one(text)),
            ConditionSpec::Type(types) => ("type", all(types)),
            ConditionSpec::Underlying(types) => ("underlying", all(types)),
            ConditionSpec::Implements(ty) => ("implements", one(ty)),
            ConditionSpec::Expected { types, by: None } => ("expected", all(types)),
            ConditionSpec::Expected { types, by: Some(by) } => {
                ("expected", types.iter().map(|ty| format!("{ty} by {by}")).collect())
            }
            ConditionSpec::Constant(is) => ("constant", one(is)),
            ConditionSpec::Pure(is) => ("pure", one(is)),
            ConditionSpec::NonNil(is) => ("non-nil", one(is)),
            ConditionSpec::Uses(count) => ("uses", one(count)),
        }
    }
}

impl std::fmt::Display for ConditionSpec {
    /// The key and its value on one line.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (key, texts) = self.said();
        write!(f, "{key} {}", texts.join(" or "))
    }
}
