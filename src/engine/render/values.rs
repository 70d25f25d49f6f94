//! Values in templates: parameters, named groups and captures, through their filters.

use crate::engine::search::Match;
use crate::go::literal::{quote_into, unquote};
use crate::go::source::Part;
use crate::rule::template::LiteralPart;
use crate::rule::value::{Value, ValueSource};

/// The text of a value at this site.
pub(in crate::engine) fn evaluate(value: &Value, found: &Match, part: &Part) -> String {
    let raw = match &value.source {
        ValueSource::Param(text) => text.clone(),
        ValueSource::Group(id, group) => {
            found.bindings.group(*id, group).unwrap_or_default().to_string()
        }
        ValueSource::Capture(id) => {
            let text = found.bindings.get(*id).map_or("", |c| c.text(part.syntax()));
            unquote(text).unwrap_or_else(|| text.to_string())
        }
    };
    value.filtered(&raw)
}

/// What a string literal of a template becomes for the match.
pub(in crate::engine) fn literal(
    quote: char,
    parts: &[LiteralPart],
    found: &Match,
    part: &Part,
) -> String {
    parts
        .iter()
        .map(|p| match p {
            LiteralPart::Text(text) => text.clone(),
            LiteralPart::Value(value) => quote_into(&evaluate(value, found, part), quote),
        })
        .collect()
}
