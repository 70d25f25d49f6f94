//! `file`: a file that is created where code that the pack writes uses it.
//!
//! Comes in: the map under the key. Goes out: a [`NewFileSpec`].

use super::decode::{Decoder, Field};
use super::map::{Fields, Shape};
use super::string::SpannedStr;
use crate::text::{Code, Diagnostic};

/// A file that is created if a fix uses it and it is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFileSpec {
    /// Where, from the folder of the module or of the package.
    pub path: SpannedStr,
    /// Its text, with `${module}`, `${package}` and parameters.
    pub content: SpannedStr,
    /// How often there is one.
    pub per: Per,
}

/// How often a file is created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Per {
    /// Once in a module.
    #[default]
    Module,
    /// Once in a package.
    Package,
}

const NEW_FILE: Shape = Shape {
    name: "`file`",
    keys: &["path", "content", "per"],
    hints: &[("text", "write what stands in the file under `content: |`")],
};
const PERS: &[(&str, Per)] = &[("module", Per::Module), ("package", Per::Package)];

/// Reads the map under `file`.
pub(super) fn new_file(d: &mut Decoder, field: Field) -> Option<NewFileSpec> {
    let example = "`file: {path: internal/compat/compat.go, content: GO-CODE}`";
    let fields = d.fields(field, &NEW_FILE, example)?;
    let path = d.required(&fields, "path", NEW_FILE.name, "path: internal/compat/compat.go");
    let content = d.required(&fields, "content", NEW_FILE.name, "content: |");
    let path = path.and_then(|field| d.string(field));
    let content = content.and_then(|field| d.string(field));
    let per = fields.get("per").and_then(|field| d.word(field, PERS));
    Some(NewFileSpec { path: path?, content: content?, per: per.map_or(Per::Module, |p| p.value) })
}

/// Reports keys of a rule with `file` that would have to say when it is created: the rules that use
/// it do.
pub(super) fn follows_others(d: &mut Decoder, fields: &Fields) {
    let Some(file) = fields.get("file") else { return };
    for key in ["when", "files", "safety", "severity"] {
        let Some(field) = fields.get(key) else { continue };
        let message = format!("`{key}` means nothing in a rule with `file`");
        d.push(
            Diagnostic::error(Code::UnknownKey, message)
                .at(d.file, field.key_span, "")
                .at(d.file, file.key_span, "what this rule does")
                .help(format!("leave `{key}` out; write it in the rules whose code uses the file")),
        );
    }
}
