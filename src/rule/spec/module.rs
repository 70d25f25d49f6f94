//! `import` and `gomod`: import paths, modules and their versions.
//!
//! Comes in: the keys below them. Goes out: what they say.

use super::decode::{Decoder, Field};
use super::header::{HeaderEditSpec, HeaderSpec};
use super::map::{Fields, Shape};
use super::rule::RuleKindSpec;
use super::string::{Spanned, SpannedStr};
use super::target::MatchSpec;
use super::words::list;
use crate::text::{Code, Diagnostic};

/// A module or package path, and a version or a range of versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleSpec {
    /// The path.
    pub path: SpannedStr,
    /// The version or range.
    pub version: SpannedStr,
}

/// An edit of imports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportSpec {
    /// An import path that became another one.
    Move {
        /// The old path.
        from: SpannedStr,
        /// The new path.
        to: SpannedStr,
        /// Whether packages below the path move too.
        subpackages: Option<Spanned<bool>>,
        /// The names that move; empty: all.
        symbols: Vec<SpannedStr>,
    },
    /// An import to add.
    Add {
        /// Its path.
        path: SpannedStr,
        /// Its name.
        name: Option<SpannedStr>,
        /// A pattern that the file has to contain.
        when_in_file: Option<MatchSpec>,
    },
    /// An import to remove, by its path.
    Remove(SpannedStr),
}

/// An edit of go.mod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GoModSpec {
    /// Raises a requirement.
    Require(ModuleSpec),
    /// Requires a module where nothing requires it and the code needs it.
    Add(ModuleSpec),
    /// Replaces a requirement by another module's.
    Move {
        /// The old module path.
        from: SpannedStr,
        /// The new module and its version.
        to: ModuleSpec,
    },
    /// Drops a requirement, by its path.
    Drop(SpannedStr),
}

const IMPORT: Shape = Shape {
    name: "`import`",
    keys: &["from", "to", "subpackages", "symbols", "add", "name", "when-in-file", "remove"],
    hints: &[("path", "write `add: PATH`, `remove: PATH`, or `from: PATH` with `to: PATH`")],
};

const GOMOD: Shape =
    Shape { name: "`gomod`", keys: &["require", "add", "move", "to", "drop"], hints: &[] };

pub(super) fn import(d: &mut Decoder, field: Field) -> Option<RuleKindSpec> {
    let example = "`import: {from: OLD, to: NEW}`, `{add: PATH}` or `{remove: PATH}`";
    let fields = d.fields(field, &IMPORT, example)?;
    let forms: &[(&str, &[&str])] = &[
        ("from", &["to", "subpackages", "symbols"]),
        ("add", &["name", "when-in-file"]),
        ("remove", &["when-in-file"]),
    ];
    let lead = form(d, field, &fields, forms)?;
    let path = d.string(lead);
    let pattern = fields.get("when-in-file").and_then(|field| d.string(field));
    let when_in_file =
        pattern.map(|pattern| MatchSpec { pattern, context: None, conditions: Vec::new() });
    let import = match lead.key {
        "from" => {
            let subpackages = fields.get("subpackages").and_then(|field| d.boolean(field));
            let symbols = fields.get("symbols").map(|field| d.strings(field, "NAME"));
            let to = d.required(&fields, "to", "`import` with `from`", "to: NEW-PATH")?;
            let to = d.string(to)?;
            let symbols = symbols.unwrap_or_default();
            ImportSpec::Move { from: path?, to, subpackages, symbols }
        }
        "add" => {
            let name = fields.get("name").and_then(|field| d.string(field));
            ImportSpec::Add { path: path?, name, when_in_file }
        }
        _ => {
            let import = ImportSpec::Remove(path?);
            if when_in_file.is_none() {
                return Some(RuleKindSpec::Import(import));
            }
            let edit = HeaderEditSpec::Import(import);
            return Some(RuleKindSpec::Header(HeaderSpec { edit, when_in_file }));
        }
    };
    Some(RuleKindSpec::Import(import))
}

pub(super) fn gomod(d: &mut Decoder, field: Field) -> Option<GoModSpec> {
    let example = "`gomod: {require: PATH VERSION}`, `{add: PATH VERSION}`, `{move: OLD, to: NEW VERSION}` or `{drop: PATH}`";
    let fields = d.fields(field, &GOMOD, example)?;
    let forms: &[(&str, &[&str])] =
        &[("require", &[]), ("add", &[]), ("move", &["to"]), ("drop", &[])];
    let lead = form(d, field, &fields, forms)?;
    let what = "a module path, a space and a version";
    match lead.key {
        "require" => module(d, lead, what, "v1.2.3").map(GoModSpec::Require),
        "add" => module(d, lead, what, "v1.2.3").map(GoModSpec::Add),
        "move" => {
            let from = d.string(lead);
            let example = "to: example.com/lib v1.2.3";
            let to = d.required(&fields, "to", "`gomod` with `move`", example)?;
            let to = module(d, to, what, "v1.2.3")?;
            Some(GoModSpec::Move { from: from?, to })
        }
        _ => d.string(lead).map(GoModSpec::Drop),
    }
}

/// Of the forms that a map can have, by their leading keys, the one that it has. Reports none,
/// two, and keys of another form.
fn form<'n>(
    d: &mut Decoder,
    field: Field,
    fields: &Fields<'n>,
    forms: &[(&'static str, &[&str])],
) -> Option<Field<'n>> {
    let leads: Vec<&str> = forms.iter().map(|(lead, _)| *lead).collect();
    let found: Vec<Field> = fields.iter().filter(|f| leads.contains(&f.key)).collect();
    let [lead] = found[..] else {
        if let [first, second, ..] = found[..] {
            let message = format!("`{}` has both `{}` and `{}`", field.key, first.key, second.key);
            d.push(
                Diagnostic::error(Code::RuleKind, message)
                    .at(d.file, second.key_span, "")
                    .at(d.file, first.key_span, "the first one")
                    .help(format!("give `{}` a rule of its own", second.key)),
            );
        } else if fields.complete {
            let message = format!("`{}` does not say what to do", field.key);
            let help = format!("add one of {}", list(&leads));
            d.error(Code::RuleKind, field.key_span, message, help);
        }
        return None;
    };
    let (_, allowed) = forms.iter().find(|(key, _)| *key == lead.key)?;
    for other in fields.iter().filter(|f| f.key != lead.key && !allowed.contains(&f.key)) {
        let message = format!("`{}` with `{}` has no key `{}`", field.key, lead.key, other.key);
        let help = if allowed.is_empty() {
            format!("leave it out; `{}` stands alone", lead.key)
        } else {
            format!("it may have {}", list(allowed))
        };
        d.push(
            Diagnostic::error(Code::UnknownKey, message)
                .at(d.file, other.key_span, "")
                .at(d.file, lead.key_span, "")
                .help(help),
        );
    }
    Some(lead)
}

/// A path and a version or range.
pub(super) fn module(
    d: &mut Decoder,
    field: Field,
    what: &str,
    version: &str,
) -> Option<ModuleSpec> {
    let [path, version] = d.two_words(field, what, version)?;
    Some(ModuleSpec { path, version })
}
