//! What a file must say before its first declaration. Comes in: the guard of a rule and a file.
//! Goes out: whether the rule looks at the file.

use crate::go::source::{Import, SourceFile};
use crate::rule::compiled::{Guard, ImportGuard, ImportName, RuleSet};

/// Whether the file's package clause and imports are those that the guard asks for.
pub fn admits(guard: &Guard, file: &SourceFile, rules: &RuleSet) -> bool {
    let package = file.outline().package.map(|clause| clause.of(file.text()));
    let in_package = guard.package.as_deref().is_none_or(|name| package == Some(name));
    let imported = |wanted: &ImportGuard| {
        let path = &rules.package(wanted.package).path;
        let named = |import: &Import| match &wanted.name {
            ImportName::Any => true,
            ImportName::None => import.name.is_none(),
            ImportName::Is(name) => import.explicit_name(file.text()) == Some(name),
        };
        file.imports().iter().any(|import| *import.path == **path && named(import))
    };
    in_package && guard.imports.iter().all(imported)
}
