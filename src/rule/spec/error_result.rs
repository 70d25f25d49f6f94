//! `error-result`: a call that gives an error besides what it gave before.
//!
//! Comes in: the map under the key. Goes out: an [`ErrorResultSpec`].

use super::decode::{Decoder, Field};
use super::map::Shape;
use super::string::{Spanned, SpannedStr};
use super::target::MatchSpec;
use crate::text::Code;

/// A call that gained an error result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorResultSpec {
    /// The call, and what is asked of it.
    pub target: MatchSpec,
    /// What stands in `if err != nil { … }`.
    pub on_error: SpannedStr,
    /// What the value is called where it needs a name.
    pub value: Option<SpannedStr>,
    /// How many values the call gave before; where it is not said there was one.
    pub values: Option<Spanned<usize>>,
}

const ERROR_RESULT: Shape = Shape {
    name: "`error-result`",
    keys: &["call", "on-error", "value", "values"],
    hints: &[
        ("match", "write `call: PATTERN`"),
        ("where", "`where` stands beside `error-result`, not in it"),
        ("rewrite", "write `on-error: STATEMENTS`; the call itself stays as it is"),
    ],
};

/// How many values a call may have given.
const MOST_VALUES: usize = 8;

/// Reads the map under `error-result`. The keys beside it are not known here.
pub(super) fn error_result(d: &mut Decoder, field: Field) -> Option<ErrorResultSpec> {
    let example = "`error-result: {call: pkg.New($x), on-error: \"return ${zeros}$err\"}`";
    let fields = d.fields(field, &ERROR_RESULT, example)?;
    let name = ERROR_RESULT.name;
    let call = d.required(&fields, "call", name, "call: pkg.New($x)");
    let on_error = d.required(&fields, "on-error", name, "on-error: \"return ${zeros}$err\"");
    let pattern = call.and_then(|field| d.string(field));
    let on_error = on_error.and_then(|field| d.string(field));
    let value = fields.get("value").and_then(|field| d.string(field));
    let values = match fields.get("values") {
        Some(field) => Some(count(d, field)?),
        None => None,
    };
    let target = MatchSpec { pattern: pattern?, context: None, conditions: Vec::new() };
    Some(ErrorResultSpec { target, on_error: on_error?, value, values })
}

fn count(d: &mut Decoder, field: Field) -> Option<Spanned<usize>> {
    let text = d.string(field)?;
    let number = text.as_str().parse().ok().filter(|number| *number <= MOST_VALUES);
    if number.is_none() {
        let message = format!("`{text}` is no number of values");
        let help = "write how many values the call gave before it gave an error: `values: 1`";
        d.error(Code::BadValue, text.span(), message, help);
    }
    number.map(|value| Spanned { value, span: text.span() })
}
