//! `versions` of a `pack.yaml`: what the versions of a module belong to.
//!
//! Comes in: the value of the key. Goes out: one [`VersionsSpec`] for each module, with the places
//! that diagnostics need.

use super::decode::{Decoder, Field};
use super::map::{Fields, Shape};
use super::string::SpannedStr;

/// What the versions of a module are, told in the versions of something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionsSpec {
    /// The module's path.
    pub module: SpannedStr,
    /// What the other versions are versions of.
    pub about: SpannedStr,
    /// Versions of the module, each with what it belongs to.
    pub map: Vec<(SpannedStr, SpannedStr)>,
}

const VERSIONS: Shape = Shape { name: "a module", keys: &["about", "map"], hints: &[] };

const EXAMPLE: &str = "`versions: {MODULE-PATH: {about: DATABASE, map: {v1.2.3: 8.1}}}`";

/// The value of `versions`.
pub(super) fn versions(d: &mut Decoder, fields: &Fields) -> Vec<VersionsSpec> {
    let Some(field) = fields.get("versions") else { return Vec::new() };
    let Some(modules) = d.entries(field, "`versions`", EXAMPLE) else { return Vec::new() };
    modules.iter().filter_map(|module| of_module(d, module)).collect()
}

fn of_module(d: &mut Decoder, field: Field) -> Option<VersionsSpec> {
    let example = format!("`{}: {{about: DATABASE, map: {{v1.2.3: 8.1}}}}`", field.key);
    let fields = d.fields(field, &VERSIONS, &example)?;
    let about = d.required(&fields, "about", VERSIONS.name, "about: DATABASE");
    let map = d.required(&fields, "map", VERSIONS.name, "map: {v1.2.3: 8.1}");
    let about = about.and_then(|about| d.string(about))?;
    let entries = d.entries(map?, "`map`", "`map: {v1.2.3: 8.1}`")?;
    let pair = |entry: Field| {
        let version = SpannedStr::opaque(entry.key, entry.key_span);
        Some((version, d.string(entry)?))
    };
    let map = entries.iter().filter_map(pair).collect();
    Some(VersionsSpec { module: SpannedStr::opaque(field.key, field.key_span), about, map })
}
