//! The programs of a run. Comes in: the files that were found. Goes out: what rules have to say about
//! the programs that are built of them; nothing is read where no rule asks.

use std::collections::BTreeSet;
use std::path::{Component, Path};

use crate::app::discover::{Candidate, FileKind};
use crate::engine::facts::IndexedFacts;
use crate::engine::programs::ProgramFindings;
use crate::rule::compiled::{Action, RuleSet};
use crate::text::LineIndex;

/// Looks at the programs below `root` that have a file among `files`.
pub(super) fn programs(
    root: &Path,
    files: &[Candidate],
    rules: &RuleSet,
    facts: &IndexedFacts,
) -> ProgramFindings {
    if !rules.rules.iter().any(|rule| matches!(rule.action, Action::Binary(_))) {
        return ProgramFindings::default();
    }
    let is_vendored =
        |path: &Path| path.components().any(|c| c == Component::Normal("vendor".as_ref()));
    let code = files.iter().filter(|f| f.kind == FileKind::Go && !is_vendored(&f.path));
    let folder = |f: &Candidate| Some(f.path.parent()?.to_str()?.replace('\\', "/"));
    let folders: BTreeSet<String> = code.filter_map(folder).collect();
    let folders: Vec<String> = folders.into_iter().collect();
    let lines = |path: &str| {
        let text = std::fs::read_to_string(root.join(path)).ok()?;
        Some(LineIndex::new(&text))
    };
    ProgramFindings::new(rules, facts.index(), &folders, &lines)
}
