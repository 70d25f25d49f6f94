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
//! | `type` | where its type is this one, or one of a list: Go's syntax, `$_` for any part |
//! | `underlying` | the same for what stands under its type |

use super::decode::{Decoder, Field};
use super::map::Shape;
use super::rule::{ConditionSpec, WhereSpec};
use super::string::SpannedStr;
use crate::text::Code;

const CONDITIONS: Shape = Shape {
    name: "a condition",
    keys: &["text", "value", "kind", "is", "is-not", "type", "underlying"],
    hints: &[],
};

pub(super) fn conditions(d: &mut Decoder, field: Field) -> Vec<WhereSpec> {
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
        "text" => ConditionSpec::Text(d.string(field)?),
        "value" => ConditionSpec::Value(d.string(field)?),
        "kind" => ConditionSpec::Kind(words(d, field)?),
        "is" => ConditionSpec::Is(d.string(field)?),
        _ => ConditionSpec::IsNot(d.string(field)?),
    })
}

/// A type or a kind, or a list of them.
fn words(d: &mut Decoder, field: Field) -> Option<Vec<SpannedStr>> {
    let words = d.one_or_more(field);
    (!words.is_empty()).then_some(words)
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}

impl ConditionSpec {
    /// The key, and what stands under it: one text, or several of which one has to hold.
    pub fn said(&self) -> (&'static str, &[SpannedStr]) {
        use std::slice::from_ref;
        match self {
            ConditionSpec::Text(text) => ("text", from_ref(text)),
            ConditionSpec::Value(text) => ("value", from_ref(text)),
            ConditionSpec::Kind(kinds) => ("kind", kinds),
            ConditionSpec::Is(text) => ("is", from_ref(text)),
            ConditionSpec::IsNot(text) => ("is-not", from_ref(text)),
            ConditionSpec::Type(types) => ("type", types),
            ConditionSpec::Underlying(types) => ("underlying", types),
        }
    }
}

impl std::fmt::Display for ConditionSpec {
    /// The key and its value on one line.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (key, texts) = self.said();
        let texts: Vec<&str> = texts.iter().map(SpannedStr::as_str).collect();
        write!(f, "{key} {}", texts.join(" or "))
    }
}
