//! `binary`: packages of which a program may not have several.
//!
//! Comes in: the map under the key. Goes out: a [`BinarySpec`].

use super::decode::{Decoder, Field};
use super::map::Shape;
use super::string::{Spanned, SpannedStr};
use crate::text::Code;

/// A finding for every program or test binary that is linked with certain packages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BinarySpec {
    /// The packages, by their names in rules or by their paths.
    pub imports: Vec<SpannedStr>,
    /// How many of them it takes; where it is not said there is one.
    pub at_least: Option<Spanned<usize>>,
    /// The finding's text.
    pub report: SpannedStr,
}

const BINARY: Shape = Shape {
    name: "`binary`",
    keys: &["imports", "at-least", "report"],
    hints: &[("import", "write `imports: [PATH, PATH]`")],
};

/// Reads the map under `binary`.
pub(super) fn binary(d: &mut Decoder, field: Field) -> Option<BinarySpec> {
    let example = "`binary: {imports: [PATH, PATH], at-least: 2, report: TEXT}`";
    let fields = d.fields(field, &BINARY, example)?;
    let imports = d.required(&fields, "imports", BINARY.name, "imports: [PATH, PATH]");
    let report = d.required(&fields, "report", BINARY.name, "report: TEXT");
    let imports = imports.map(|field| d.strings(field, "PATH"));
    let report = report.and_then(|field| d.string(field));
    let at_least = match fields.get("at-least") {
        Some(field) => Some(
            d.count(field, "write how many of the packages a program has to have: `at-least: 2`")?,
        ),
        None => None,
    };
    let imports = imports?;
    check_count(d, field, &imports, at_least);
    Some(BinarySpec { imports, at_least, report: report? })
}

/// Reports a number of packages that no program can have, or that every one has.
fn check_count(
    d: &mut Decoder,
    field: Field,
    imports: &[SpannedStr],
    at_least: Option<Spanned<usize>>,
) {
    let all = imports.len();
    match at_least {
        _ if all == 0 => {
            let help = "name them: `imports: [PATH, PATH]`";
            d.error(Code::BadValue, field.key_span, "`binary` has to say which packages", help);
        }
        None if all > 1 => {
            let message = "`binary` does not say how many of its packages are too many";
            let help = format!("add `at-least: {all}` for all of them, `at-least: 1` for any");
            d.error(Code::MissingKey, field.key_span, message, help);
        }
        Some(Spanned { value, span }) if value == 0 || value > all => {
            let message = format!("`at-least` cannot be {value}: there are {all} `imports`");
            let help = format!("write a number from 1 to {all}");
            d.error(Code::BadValue, span, message, help);
        }
        _ => {}
    }
}
