//! `scope`: a value that a template takes from what is in scope at the match.
//!
//! Comes in: the map under the key. Goes out: a [`ScopeSpec`].

use super::decode::{Decoder, Field};
use super::map::Shape;
use super::string::SpannedStr;
use crate::text::Code;

/// A metavariable that stands for the nearest value of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeSpec {
    /// The metavariable, `$` included.
    pub name: SpannedStr,
    /// Its type, or one of several.
    pub types: Vec<SpannedStr>,
    /// `$r.Method()`: where there is no such value, what the nearest `$r` with that method gives.
    pub or: Option<SpannedStr>,
    /// Where there is none either.
    pub otherwise: Option<SpannedStr>,
}

const SCOPE: Shape =
    Shape { name: "a value of `scope`", keys: &["type", "or", "else"], hints: &[] };

/// Reads the map under `scope`, which has one metavariable.
pub(super) fn scope(d: &mut Decoder, field: Field) -> Option<ScopeSpec> {
    let example = "`scope: {$ctx: {type: context.Context, else: context.TODO()}}`";
    let entries = d.entries(field, "`scope`", example)?;
    let mut all = entries.iter();
    let (Some(entry), None) = (all.next(), all.next()) else {
        let help = format!("write {example}");
        d.error(Code::BadValue, field.key_span, "`scope` has one metavariable", help);
        return None;
    };
    let bare = entry.key.strip_prefix('$').unwrap_or_default();
    let is_part = |c: char| c == '_' || c.is_ascii_alphanumeric();
    let is_name = bare.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if !is_name || !bare.chars().all(is_part) {
        let message = format!("`{}` is not a metavariable", entry.key);
        let help = "write `$` and the name that the template has";
        d.error(Code::BadValue, entry.key_span, message, help);
        return None;
    }
    let fields = d.fields(entry, &SCOPE, "`$ctx: {type: TYPE, else: EXPRESSION}`")?;
    let types = d.required(&fields, "type", SCOPE.name, "type: context.Context");
    let types = types.map(|field| d.one_or_more(field)).unwrap_or_default();
    let or = fields.get("or").and_then(|field| d.string(field));
    let otherwise = fields.get("else").and_then(|field| d.string(field));
    let name = SpannedStr::opaque(entry.key, entry.key_span);
    (!types.is_empty()).then_some(ScopeSpec { name, types, or, otherwise })
}
