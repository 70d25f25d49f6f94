//! What the rules are about. Comes in: the rules. Goes out: the packages whose users are looked
//! for, those that go and those that come.

use std::collections::BTreeSet;

use crate::go::import_path::standard_name;
use crate::rule::compiled::{Action, GoModAction, ImportAction, RuleSet};

/// The packages and modules that rules speak of, as import paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// Users of these are affected.
    pub library: BTreeSet<String>,
    /// What takes the place of one of them: from and to.
    pub moves: BTreeSet<(String, String)>,
}

impl Subject {
    /// What `rules` are about. Packages of the standard library count only where the rules speak
    /// of nothing else.
    pub fn of(rules: &RuleSet) -> Self {
        let mut subject = Self::default();
        let path = |id| rules.package(id).path.clone();
        for rule in &rules.rules {
            match &rule.action {
                Action::Import(ImportAction::Move { from, to, .. }) => {
                    subject.moves.insert((path(*from), path(*to)));
                }
                Action::GoMod(GoModAction::Move { from, to, .. }) => {
                    subject.moves.insert((from.clone(), to.clone()));
                }
                Action::GoMod(GoModAction::Require { path, .. } | GoModAction::Drop { path }) => {
                    subject.library.insert(path.clone());
                }
                _ => {}
            }
        }
        let spoken_of = rules.packages.iter().map(|p| p.path.clone());
        let (standard, others): (BTreeSet<_>, BTreeSet<_>) =
            spoken_of.partition(|path| standard_name(path).is_some());
        subject.library.extend(others);
        let moved = subject.moves.iter().flat_map(|(from, to)| [from, to]);
        let moved = moved.filter(|path| standard_name(path).is_none());
        subject.library.extend(moved.cloned());
        if subject.library.is_empty() {
            subject.library = standard;
        }
        subject
    }

    /// The library package that `import` is, or is below of.
    pub fn library_of(&self, import: &str) -> Option<&str> {
        let holds = |path: &&String| {
            import.strip_prefix(path.as_str()).is_some_and(|r| r.is_empty() || r.starts_with('/'))
        };
        self.library.iter().filter(holds).max_by_key(|path| path.len()).map(String::as_str)
    }

    /// Whether `module` holds a library package, or is one.
    pub fn is_module(&self, module: &str) -> bool {
        let below = |path: &String| {
            path.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.library.iter().any(below)
    }
}
