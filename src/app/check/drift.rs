//! Version drift. Comes in: the go.mod files of a repository and the modules that go.mod rules
//! speak of. Goes out: requirements that are older than another module's of the same repository, or
//! than the version that the pack asks for and that the run cannot raise.

use std::collections::BTreeMap;

use super::problem::{Place, Problem, ProblemKind, slashed};
use crate::app::run::RunResult;
use crate::engine::fix::FixStatus;
use crate::go::module::{ModFile, Require};
use crate::go::version::Version;
use crate::rule::compiled::{Action, GoModAction, RuleSet};
use crate::text::{LineIndex, Severity, Span};

/// The name of the rule in outputs.
pub const RULE: &str = "dmmigrate/version-drift";

/// A requirement of one of the repository's modules.
struct Required<'a> {
    go_mod: usize,
    require: &'a Require,
}

/// The requirements that lag behind.
pub fn drift(result: &RunResult, rules: &RuleSet) -> Vec<Problem> {
    let files: Vec<ModFile> = result.go_mods.iter().map(|m| ModFile::parse(&m.text)).collect();
    let minimum = minimum(rules);
    let mut by_module: BTreeMap<&str, Vec<Required<'_>>> = BTreeMap::new();
    for (go_mod, file) in files.iter().enumerate() {
        for require in file.requires() {
            if minimum.contains_key(require.path.as_str()) {
                by_module.entry(&require.path).or_default().push(Required { go_mod, require });
            }
        }
    }
    let mut all = Vec::new();
    for (module, required) in by_module {
        let newest = required.iter().map(|r| &r.require.version).max();
        let lowest = minimum[module].as_ref();
        for one in &required {
            let version = &one.require.version;
            let changes = || is_changed(result, one);
            let message = match (newest, lowest) {
                (_, Some(lowest)) if version < lowest && !changes() => {
                    format!("{module} {version} is older than {lowest}, which the pack asks for")
                }
                (Some(newest), _) if version < newest => {
                    let go_mod = &files[required
                        .iter()
                        .find(|r| r.require.version == *newest)
                        .map_or(one.go_mod, |r| r.go_mod)];
                    let other = go_mod.module_path().unwrap_or("another module");
                    format!("{module} {version} is older than {newest}, which {other} requires")
                }
                _ => continue,
            };
            all.push(problem(result, one, message));
        }
    }
    all
}

/// The modules that go.mod rules speak of, each with the highest version that they ask for.
fn minimum(rules: &RuleSet) -> BTreeMap<&str, Option<&Version>> {
    let mut all: BTreeMap<&str, Option<&Version>> = BTreeMap::new();
    let actions = rules.rules.iter().filter_map(|rule| match &rule.action {
        Action::GoMod(action) => Some(action),
        _ => None,
    });
    for action in actions {
        match action {
            GoModAction::Require { path, version, raises } => {
                raise(&mut all, path, raises.then_some(version));
            }
            GoModAction::Move { from, to, version } => {
                raise(&mut all, from, None);
                raise(&mut all, to, Some(version));
            }
            GoModAction::Drop { path } => raise(&mut all, path, None),
        }
    }
    all
}

fn raise<'r>(
    all: &mut BTreeMap<&'r str, Option<&'r Version>>,
    path: &'r str,
    version: Option<&'r Version>,
) {
    let known = all.entry(path).or_default();
    *known = (*known).max(version);
}

/// Whether the run changes the requirement, so that there is a problem for it already.
fn is_changed(result: &RunResult, one: &Required<'_>) -> bool {
    let folder = &result.go_mods[one.go_mod].folder;
    let path = folder.join("go.mod");
    let file = result.files.iter().find(|f| f.path == path);
    let here = |span: Span| span == one.require.path_span;
    let sites = file.iter().flat_map(|f| &f.outcome.sites);
    sites.into_iter().any(|s| s.status == FixStatus::Applied && here(s.span))
}

fn problem(result: &RunResult, one: &Required<'_>, message: String) -> Problem {
    let go_mod = &result.go_mods[one.go_mod];
    let path = slashed(&go_mod.folder.join("go.mod"));
    let span = one.require.version_span;
    Problem {
        file: None,
        site: None,
        place: Place::of(&LineIndex::new(&go_mod.text), &go_mod.text, span),
        path,
        span,
        rule: RULE.to_string(),
        kind: ProblemKind::Drift,
        severity: Severity::Warning,
        message,
        fingerprint: String::new(),
        known: false,
    }
}
