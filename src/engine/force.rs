//! Which rules are in force in a module. Comes in: a go.mod and `when` of each rule. Goes out: for
//! each rule yes, no, or unsure.

use std::collections::BTreeSet;

use super::rewrite::Force;
use crate::go::module::{EffectiveVersion, ModFile, WorkFile};
use crate::go::version::{GoVersion, Version};
use crate::rule::compiled::{Action, GoModAction, Rule, RuleSet};

/// The state of every rule in the module of `go_mod`; `None` where no go.mod governs the files.
/// `tag` is the language version that a file asks for itself.
pub fn force(
    rules: &RuleSet,
    go_mod: Option<&ModFile>,
    go_work: Option<&WorkFile>,
    tag: Option<&GoVersion>,
) -> Vec<Force> {
    let go = match (go_mod, tag) {
        (Some(go_mod), tag) => {
            let directive = go_mod.go_version().cloned();
            let directive = directive.unwrap_or_else(GoVersion::without_directive);
            Some(tag.map_or(directive.clone(), |tag| tag.in_module(&directive)))
        }
        (None, tag) => tag.cloned(),
    };
    rules.rules.iter().map(|rule| of_rule(rule, rules, go_mod, go_work, go.as_ref())).collect()
}

fn of_rule(
    rule: &Rule,
    rules: &RuleSet,
    go_mod: Option<&ModFile>,
    go_work: Option<&WorkFile>,
    go: Option<&GoVersion>,
) -> Force {
    let module = match &rule.when.module {
        None => Force::On,
        Some((path, range)) => match go_mod.map(|m| m.effective_version(path, go_work)) {
            Some(EffectiveVersion::Version(version)) => {
                let mut set_by_pack = set_by_pack(rule.pack, path, rules);
                on(range.contains(&version) || set_by_pack.any(|v| *v == version))
            }
            // The rule runs where the package is imported, and somebody looks.
            Some(EffectiveVersion::NotRequired | EffectiveVersion::Directory(_)) | None => {
                Force::Unsure
            }
        },
    };
    let go = match (&rule.when.go, go) {
        (None, _) => Force::On,
        (Some(_), None) => Force::Unsure,
        (Some(range), Some(version)) => on(range.contains(version)),
    };
    let required = match go_mod {
        Some(go_mod) => on(rule.when.has_required(go_mod) && rule.when.unwanted(go_mod).is_none()),
        None if rule.when.asks_for_requirements() => Force::Unsure,
        None => Force::On,
    };
    let all = [module, go, required];
    if all.contains(&Force::Off) {
        Force::Off
    } else if all.contains(&Force::Unsure) {
        Force::Unsure
    } else {
        Force::On
    }
}

/// The same state, with the rules of these packs held back.
pub fn held(force: &[Force], rules: &RuleSet, packs: &BTreeSet<usize>) -> Vec<Force> {
    let rule_of = rules.rules.iter().zip(force);
    rule_of
        .map(|(rule, &force)| {
            let holds = packs.contains(&rule.pack) && force != Force::Off;
            if holds { Force::Held } else { force }
        })
        .collect()
}

fn on(holds: bool) -> Force {
    if holds { Force::On } else { Force::Off }
}

/// The versions that the pack's own rules set for the module: a rule for older versions holds
/// there, too, or the run that raises go.mod would end it.
fn set_by_pack<'r>(
    pack: usize,
    path: &'r str,
    rules: &'r RuleSet,
) -> impl Iterator<Item = &'r Version> {
    rules.rules.iter().filter(move |r| r.pack == pack).filter_map(move |r| match &r.action {
        Action::GoMod(GoModAction::Require { path: p, version, raises: true }) if p == path => {
            Some(version)
        }
        Action::GoMod(GoModAction::Move { to, version, .. }) if to == path => Some(version),
        _ => None,
    })
}
