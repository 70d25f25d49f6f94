//! Tables of versions. Comes in: what the packs say about the versions of modules. Goes out: one
//! table for each module, with versions that compare; of two packs for one module the one that
//! was loaded first, which extends the other, counts.

use std::collections::BTreeMap;

use super::values;
use crate::rule::compiled::VersionTable;
use crate::rule::pack::Pack;
use crate::text::Diagnostic;

/// The tables of all packs, by module.
pub(super) fn tables(
    packs: &[Pack],
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<String, VersionTable> {
    let mut tables = BTreeMap::new();
    for spec in packs.iter().filter_map(|pack| pack.spec.as_ref()) {
        for said in &spec.versions {
            let mut table =
                VersionTable { about: said.about.as_str().to_owned(), map: BTreeMap::new() };
            for (version, belongs_to) in &said.map {
                match values::version(spec.file, version) {
                    Ok(version) => {
                        table.map.insert(version, belongs_to.as_str().to_owned());
                    }
                    Err(diagnostic) => diagnostics.push(diagnostic),
                }
            }
            tables.entry(said.module.as_str().to_owned()).or_insert(table);
        }
    }
    tables
}
