//! `dmmigrate.yaml`: which packs a repository uses, and how.
//!
//! Comes in: the text of the file. Goes out: a [`ConfigSpec`].

use std::collections::BTreeMap;

use super::decode::{Decoder, Field};
use super::map::Shape;
use super::string::SpannedStr;
use super::tree;
use crate::text::{Code, Diagnostic, FileId, Span};

/// What a repository's `dmmigrate.yaml` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigSpec {
    /// The file, for diagnostics.
    pub file: FileId,
    /// The packs in use: names, or folders relative to the file.
    pub packs: Vec<SpannedStr>,
    /// Values of parameters, under `params` or `set`.
    pub params: Vec<SettingSpec>,
    /// Rules that are switched off: `RULE` or `PACK/RULE`.
    pub disable: Vec<SpannedStr>,
}

/// A parameter's name and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingSpec {
    /// The name.
    pub name: SpannedStr,
    /// The value, as text.
    pub value: SpannedStr,
}

const CONFIG: Shape = Shape {
    name: "dmmigrate.yaml",
    keys: &["packs", "params", "set", "disable"],
    hints: &[
        ("rules", "rules stand in a pack: `dmmigrate rules new NAME` makes one"),
        ("pack", "did you mean `packs: [NAME]`?"),
        ("extends", "did you mean `packs: [NAME]`?"),
    ],
};

/// Reads a `dmmigrate.yaml`.
pub fn read_config(file: FileId, text: &str) -> (ConfigSpec, Vec<Diagnostic>) {
    let (root, diagnostics) = tree::parse(file, text);
    let mut d = Decoder::new(file, text, diagnostics);
    let mut config =
        ConfigSpec { file, packs: Vec::new(), params: Vec::new(), disable: Vec::new() };
    let example = "`packs: [NAME]`, with the packs that this repository uses";
    if let Some(fields) = d.document(root.as_ref(), &CONFIG, example) {
        if let Some(packs) = fields.get("packs") {
            config.packs = d.strings(packs, "NAME, ./FOLDER");
        }
        if let Some(disable) = fields.get("disable") {
            config.disable = d.strings(disable, "RULE, PACK/RULE");
        }
        let mut first = BTreeMap::new();
        for settings in fields.iter().filter(|f| f.key == "params" || f.key == "set") {
            config.params.append(&mut settings_of(&mut d, settings, &mut first));
        }
    }
    (config, d.finish())
}

/// The settings under one key; `first`: where each name was set first.
fn settings_of<'n>(
    d: &mut Decoder,
    field: Field<'n>,
    first: &mut BTreeMap<&'n str, Span>,
) -> Vec<SettingSpec> {
    let example = format!("`{}: {{name: value}}`", field.key);
    let Some(fields) = d.entries(field, &format!("`{}`", field.key), &example) else {
        return Vec::new();
    };
    let mut settings = Vec::new();
    for setting in fields.iter() {
        if let Some(first) = first.get(setting.key) {
            let message = format!("the parameter `{}` is set twice", setting.key);
            d.push(
                Diagnostic::error(Code::DuplicateKey, message)
                    .at(d.file, setting.key_span, "")
                    .at(d.file, *first, "the first one")
                    .help("keep one of the two"),
            );
            continue;
        }
        first.insert(setting.key, setting.key_span);
        let name = SpannedStr::opaque(setting.key, setting.key_span);
        settings.extend(d.string(setting).map(|value| SettingSpec { name, value }));
    }
    settings
}
