//! What the standard library declares, for machines without one. Comes in: an import path. Goes
//! out: a Go file with the package's exported declarations, without bodies, that
//! `tools/standard-api` wrote from what Go's type checker says. What differs between platforms is
//! not in it, or has no value.

use std::collections::HashMap;
use std::sync::LazyLock;

static PACKAGES: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let parts = include_str!("standard.txt").split("-- ").skip(1);
    // "path --", then the file.
    parts.filter_map(|part| part.split_once(" --\n")).collect()
});

/// The declarations of the standard package `import_path`.
pub(super) fn standard_api(import_path: &str) -> Option<&'static str> {
    PACKAGES.get(import_path).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::go::source::SourceFile;

    #[test]
    fn all_of_it_parses() {
        assert!(PACKAGES.len() > 100);
        for (path, text) in PACKAGES.iter() {
            let file = SourceFile::new(*path, *text);
            assert!(!file.outline().odd, "{path}");
            for decl in 0..file.outline().decls.len() {
                let errors = file.part(decl).syntax().errors();
                assert_eq!(errors, 0, "{path}: {}", file.outline().decls[decl].span.of(text));
            }
        }
    }
}
