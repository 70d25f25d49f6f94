//! What the standard library declares, for machines without one. Comes in: an import path. Goes
//! out: a Go file with the package's exported declarations, without bodies, that
//! `tools/standard-api` wrote from what Go's type checker says. What differs between platforms is
//! not in it, or has no value.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::go::source::SourceFile;
use crate::go::syntax::{Kind, Node, Role};

static PACKAGES: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let parts = include_str!("standard.txt").split("-- ").skip(1);
    // "path --", then the file.
    parts.filter_map(|part| part.split_once(" --\n")).collect()
});

/// The declarations of the standard package `import_path`.
pub fn standard_api(import_path: &str) -> Option<&'static str> {
    PACKAGES.get(import_path).copied()
}

/// The paths of the standard packages, in no order.
pub fn standard_paths() -> impl Iterator<Item = &'static str> {
    PACKAGES.keys().copied()
}

/// The names that the Go file `text` declares for its package, methods left out.
pub fn declared_names(text: &str) -> Vec<String> {
    let file = SourceFile::new("api.go", text);
    let mut names = Vec::new();
    for decl in 0..file.outline().decls.len() {
        let syntax = file.part(decl).syntax();
        let is_name = |node: &Node<'_>| {
            let above = if node.role() == Role::Name { node.parent() } else { None };
            above.is_some_and(|above| match above.kind() {
                Kind::FuncDecl => above.child(Role::Recv).is_none(),
                Kind::TypeSpec | Kind::ValueSpec => true,
                _ => false,
            })
        };
        for node in syntax.iter().filter(is_name) {
            let idents = node.subtree().filter(|n| n.kind() == Kind::Ident);
            names.extend(idents.map(|n| n.text().to_owned()));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_a_package_are_those_behind_its_dot() {
        let names = declared_names(standard_api("os").expect("os"));
        for name in ["File", "ReadFile", "Args", "ErrNotExist", "O_RDONLY"] {
            assert!(names.iter().any(|n| n == name), "{name}");
        }
        assert!(!names.iter().any(|n| n == "Readdirnames"), "a method of File");
        let mine = "package p\n\nconst (\n\tA, B = 1, 2\n)\n\ntype T[X any] struct{ F int }\n\nfunc (T[X]) M(a int)\n";
        assert_eq!(declared_names(mine), ["A", "B", "T"]);
    }

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
