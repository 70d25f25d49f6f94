//! `pack.yaml`: what a pack is and what its rules have in common.
//!
//! Comes in: the text of the file. Goes out: a [`PackSpec`]. `packages` and `params` have the same
//! form in rule files.

use super::decode::{Decoder, Field};
use super::map::{Fields, Shape};
use super::string::{Spanned, SpannedStr};
use super::tree::{self, Value};
use super::versions::{VersionsSpec, versions};
use crate::text::{Code, Diagnostic, FileId};

/// What a `pack.yaml` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackSpec {
    /// The file, for diagnostics.
    pub file: FileId,
    /// The pack's name; `None` only where that was reported.
    pub pack: Option<SpannedStr>,
    /// One line for people.
    pub title: Option<SpannedStr>,
    /// Why the change exists. Markdown.
    pub about: Option<SpannedStr>,
    /// Packs whose rules come first.
    pub extends: Vec<ExtendSpec>,
    /// Packages that patterns, templates and types name.
    pub packages: Vec<PackageSpec>,
    /// Module or import paths that make the pack an offer.
    pub detect: Vec<SpannedStr>,
    /// Parameters of templates.
    pub params: Vec<ParamSpec>,
    /// What the versions of modules belong to.
    pub versions: Vec<VersionsSpec>,
}

/// A pack that another one extends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtendSpec {
    /// The other pack's name.
    pub pack: SpannedStr,
    /// Ids of rules that are not taken over.
    pub without: Vec<SpannedStr>,
}

/// A package and the name that rules have for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageSpec {
    /// The name in rules: a Go identifier.
    pub key: SpannedStr,
    /// The import path.
    pub path: SpannedStr,
    /// The name in the package clause, where it differs from `key`.
    pub name: Option<SpannedStr>,
    /// Whether the package's `init` matters, so that its import becomes blank instead of going.
    pub registers: Option<Spanned<bool>>,
    /// Whether `key` says nothing about the name in the package clause, which is then guessed.
    pub guessed: bool,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParamSpec {
    /// Its name, in kebab case.
    pub name: SpannedStr,
    /// Its value where nobody sets it, as text.
    pub default: Option<SpannedStr>,
    /// What it is, for people.
    pub about: Option<SpannedStr>,
}

const PACK: Shape = Shape {
    name: "pack.yaml",
    keys: &["pack", "title", "about", "extends", "packages", "detect", "params", "versions"],
    hints: &[
        ("rules", "rules stand in other files of the same folder, such as rules.yaml"),
        ("match", "rules stand in other files of the same folder, such as rules.yaml"),
    ],
};
const EXTEND: Shape =
    Shape { name: "an item of `extends`", keys: &["pack", "without"], hints: &[] };
const PACKAGE: Shape =
    Shape { name: "a package", keys: &["path", "name", "registers"], hints: &[] };
const PARAM: Shape = Shape { name: "a parameter", keys: &["default", "about"], hints: &[] };

/// Reads a `pack.yaml`.
pub fn read_pack(file: FileId, text: &str) -> (PackSpec, Vec<Diagnostic>) {
    let (root, diagnostics) = tree::parse(file, text);
    let mut d = Decoder::new(file, text, diagnostics);
    let mut pack = PackSpec {
        file,
        pack: None,
        title: None,
        about: None,
        extends: Vec::new(),
        packages: Vec::new(),
        detect: Vec::new(),
        params: Vec::new(),
        versions: Vec::new(),
    };
    let example = "`pack: NAME`, the name of the folder";
    if let Some(fields) = d.document(root.as_ref(), &PACK, example) {
        let name = d.required(&fields, "pack", "pack.yaml", "pack: NAME");
        pack.pack = name.and_then(|field| pack_name(&mut d, field));
        pack.title = fields.get("title").and_then(|field| d.string(field));
        pack.about = fields.get("about").and_then(|field| d.string(field));
        if let Some(extends) = fields.get("extends") {
            let items = d.names(extends, "PACK");
            pack.extends = items.into_iter().filter_map(|item| extend(&mut d, item)).collect();
        }
        if let Some(detect) = fields.get("detect") {
            pack.detect = d.strings(detect, "MODULE-PATH");
        }
        pack.packages = packages(&mut d, &fields);
        pack.params = params(&mut d, &fields);
        pack.versions = versions(&mut d, &fields);
    }
    (pack, d.finish())
}

/// A pack's name: like an id, with dots for versions.
fn pack_name(d: &mut Decoder, field: Field) -> Option<SpannedStr> {
    let name = d.string(field)?;
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
    let text = name.as_str();
    if !text.chars().all(is_plain) || !text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        let message = "a pack's name is lower-case letters, digits, hyphens and dots";
        let help = "write it like the name of its folder: `pack: dm-godriver-1.5`";
        d.error(Code::BadId, name.span(), message, help);
    }
    Some(name)
}

fn extend(d: &mut Decoder, item: Field) -> Option<ExtendSpec> {
    if !matches!(item.value.value, Value::Map(_)) {
        let pack = d.string(item)?;
        return Some(ExtendSpec { pack, without: Vec::new() });
    }
    let fields = d.fields(item, &EXTEND, "`{pack: NAME, without: [ID]}`")?;
    let without = fields.get("without");
    let without = without.map(|field| d.strings(field, "ID")).unwrap_or_default();
    let pack = d.required(&fields, "pack", EXTEND.name, "pack: NAME")?;
    Some(ExtendSpec { pack: d.string(pack)?, without })
}

/// The value of `packages`.
pub(super) fn packages(d: &mut Decoder, fields: &Fields) -> Vec<PackageSpec> {
    let Some(field) = fields.get("packages") else { return Vec::new() };
    let Some(fields) = d.entries(field, "`packages`", "`packages: {dm: IMPORT-PATH}`") else {
        return Vec::new();
    };
    fields.iter().filter_map(|field| package(d, field)).collect()
}

fn package(d: &mut Decoder, field: Field) -> Option<PackageSpec> {
    if !is_go_identifier(field.key) {
        let message = format!("`{}` cannot name a package in Go code", field.key);
        let help = "write the name as patterns use it: a Go identifier such as `dm`";
        d.error(Code::BadValue, field.key_span, message, help);
    }
    let key = SpannedStr::opaque(field.key, field.key_span);
    if !matches!(field.value.value, Value::Map(_)) {
        let path = d.string(field)?;
        return Some(PackageSpec { key, path, name: None, registers: None, guessed: false });
    }
    let example = format!("`{}: {{path: IMPORT-PATH, name: NAME, registers: true}}`", field.key);
    let fields = d.fields(field, &PACKAGE, &example)?;
    let name = fields.get("name").and_then(|field| d.string(field));
    let registers = fields.get("registers").and_then(|field| d.boolean(field));
    let path = d.required(&fields, "path", PACKAGE.name, "path: IMPORT-PATH")?;
    Some(PackageSpec { key, path: d.string(path)?, name, registers, guessed: false })
}

/// Whether `name` can stand before the dot of a qualified identifier.
fn is_go_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name != "_"
        && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// The value of `params` in a pack or a rule file.
pub(super) fn params(d: &mut Decoder, fields: &Fields) -> Vec<ParamSpec> {
    let example = "`params: {NAME: {default: VALUE, about: WHAT IT IS}}`";
    let Some(field) = fields.get("params") else { return Vec::new() };
    let Some(fields) = d.entries(field, "`params`", example) else { return Vec::new() };
    fields.iter().filter_map(|field| param(d, field)).collect()
}

fn param(d: &mut Decoder, field: Field) -> Option<ParamSpec> {
    let key = field.key;
    let example = match &field.value.value {
        Value::Scalar(value, _) if !value.is_empty() && !value.contains('\n') => {
            format!("`{key}: {{default: {value}}}`")
        }
        _ => format!("`{key}: {{default: VALUE}}`"),
    };
    let fields = d.fields(field, &PARAM, &example)?;
    let default = fields.get("default").and_then(|field| d.string(field));
    let about = fields.get("about").and_then(|field| d.string(field));
    Some(ParamSpec { name: SpannedStr::opaque(key, field.key_span), default, about })
}
