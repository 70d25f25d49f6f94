//! The JSON Schemas of `pack.yaml`, rule files and `dmmigrate.yaml`. Comes in: which one. Goes out:
//! its text, as it stands in schemas. Tests hold it against the reader of these files.

use std::io::Write;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::cli::SchemaKind;

/// The schemas, with the names of their files.
pub const SCHEMAS: [(SchemaKind, &str, &str); 3] = [
    (SchemaKind::Pack, "pack.json", include_str!("../../schemas/pack.json")),
    (SchemaKind::Rules, "rules.json", include_str!("../../schemas/rules.json")),
    (SchemaKind::Dmmigrate, "dmmigrate.json", include_str!("../../schemas/dmmigrate.json")),
];

/// Runs `rules schema`.
///
/// # Errors
/// Where a file cannot be written.
pub fn schema(kind: Option<SchemaKind>, write: Option<&Path>, out: &mut dyn Write) -> Result<()> {
    let wanted = SCHEMAS.iter().filter(|(of, ..)| kind.is_none_or(|kind| kind == *of));
    if let Some(folder) = write {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
        for (_, name, text) in wanted {
            let file = folder.join(name);
            std::fs::write(&file, text)
                .with_context(|| format!("cannot write {}", file.display()))?;
        }
        return Ok(());
    }
    let wanted: Vec<_> = wanted.collect();
    if let [(_, _, only)] = wanted[..] {
        out.write_all(only.as_bytes())?;
        return Ok(());
    }
    let mut all = serde_json::Map::new();
    for (_, name, text) in wanted {
        all.insert((*name).to_owned(), serde_json::from_str(text)?);
    }
    writeln!(out, "{:#}", serde_json::Value::Object(all))?;
    Ok(())
}
