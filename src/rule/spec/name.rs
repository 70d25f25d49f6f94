//! `rename` and `field`: a name or a field that became another.
//!
//! Comes in: the keys below them. Goes out: what they say.

use super::decode::{Decoder, Field};
use super::map::Shape;
use super::string::SpannedStr;
use crate::text::Code;

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
    /// What stands for the zero value where the field, which keeps its name, is compared with it.
    pub zero: Option<SpannedStr>,
    /// The fields that an assignment sets; empty: none is said.
    pub write: Vec<SpannedStr>,
    /// What `Field: $v` in a composite literal becomes: one element or several.
    pub literal: Option<SpannedStr>,
}

const RENAME: Shape = Shape { name: "`rename`", keys: &["from", "to"], hints: &[] };

const FIELD: Shape = Shape {
    name: "`field`",
    keys: &["of", "from", "read", "zero", "write", "literal"],
    hints: &[("to", "write `rename: {from: pkg.Type.Old, to: New}` where only the name changes")],
};

pub(super) fn rename(d: &mut Decoder, field: Field) -> Option<RenameSpec> {
    let example = "`rename: {from: pkg.Old, to: pkg.New}`, also `pkg.Type.Member`";
    let fields = d.fields(field, &RENAME, example)?;
    let from = d.required(&fields, "from", RENAME.name, "from: pkg.Old");
    let to = d.required(&fields, "to", RENAME.name, "to: pkg.New");
    let from = from.and_then(|field| d.string(field));
    let to = to.and_then(|field| d.string(field));
    Some(RenameSpec { from: from?, to: to? })
}

pub(super) fn of_field(d: &mut Decoder, field: Field) -> Option<FieldSpec> {
    let example = "`field: {of: pkg.Type, from: Old, read: $x.New}`";
    let fields = d.fields(field, &FIELD, example)?;
    let of = d.required(&fields, "of", FIELD.name, "of: pkg.Type");
    let from = d.required(&fields, "from", FIELD.name, "from: Old");
    let of = of.and_then(|field| d.string(field));
    let from = from.and_then(|field| d.string(field));
    let read = fields.get("read").map(|field| d.string(field));
    let zero = fields.get("zero").map(|field| d.string(field));
    let write = fields.get("write").map(|field| d.one_or_more(field)).unwrap_or_default();
    let literal = fields.get("literal").map(|field| d.string(field));
    let says_nothing = read.is_none() && zero.is_none() && write.is_empty() && literal.is_none();
    if fields.complete && says_nothing {
        let message = "`field` does not say what any use becomes";
        let help = "add `read: $x.New`, `write: [New]` or `literal: 'New: $v'`";
        d.error(Code::RuleKind, field.key_span, message, help);
    }
    let written = |text: Option<Option<SpannedStr>>| text.map_or(Some(None), |text| text.map(Some));
    let (read, zero, literal) = (written(read)?, written(zero)?, written(literal)?);
    Some(FieldSpec { of: of?, from: from?, read, zero, write, literal })
}
