//! What a person wants of the rules. Comes in: all rules, and the ids and parameters that were
//! named on the command line or in `dmmigrate.yaml`. Goes out: which rules take part, and what
//! was named that is not there.

use super::inherit::{Loaded, Placed};
use super::{Said, Settings};
use crate::rule::pack::Pack;
use crate::rule::spec::{RuleKindSpec, nearest};
use crate::text::{Code, Diagnostic};

/// Whether a rule takes part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// It does.
    Takes,
    /// Others were asked for.
    NotAskedFor,
    /// This switched it off.
    Off(Said),
}

/// For each of `all` (with the index of its pack among the roots) whether it takes part.
pub(super) fn chosen(
    loaded: &Loaded,
    all: &[(usize, Placed)],
    settings: &Settings,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Choice> {
    let ways: Vec<Vec<String>> = all.iter().map(|(_, placed)| names(loaded, placed)).collect();
    for said in settings.only.iter().chain(&settings.except) {
        if !ways.iter().flatten().any(|name| *name == said.text) {
            diagnostics.push(unknown_rule(said, &ways));
        }
    }
    let choice = |(ways, (_, placed)): (&Vec<String>, &(usize, Placed))| {
        // A file is created only where a rule that takes part uses it.
        let follows = || matches!(placed.spec(loaded).kind, RuleKindSpec::File(_));
        let names_it = |said: &&Said| ways.contains(&said.text);
        if let Some(off) = settings.except.iter().find(names_it) {
            Choice::Off(off.clone())
        } else if settings.only.is_empty()
            || settings.only.iter().any(|s| names_it(&s))
            || follows()
        {
            Choice::Takes
        } else {
            Choice::NotAskedFor
        }
    };
    ways.iter().zip(all).map(choice).collect()
}

/// The ways to name a rule: by its id, and with each pack that it came through.
fn names(loaded: &Loaded, placed: &Placed) -> Vec<String> {
    let id = placed.spec(loaded).id.as_str();
    let in_pack = |&pack: &usize| format!("{}/{id}", loaded.packs[pack].name);
    std::iter::once(id.to_owned()).chain(placed.chain.iter().map(in_pack)).collect()
}

fn unknown_rule(said: &Said, names: &[Vec<String>]) -> Diagnostic {
    let qualified = said.text.contains('/');
    let known: Vec<&str> = names
        .iter()
        .flatten()
        .map(String::as_str)
        .filter(|name| name.contains('/') == qualified)
        .collect();
    let help = match nearest(&said.text, &known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`dmmigrate rules list` shows the rules".to_owned(),
    };
    let message = format!("there is no rule `{}`", said.text);
    placed_at(Diagnostic::error(Code::UnknownRule, message), said).help(help)
}

/// Reports parameters that are set and that no pack declares.
pub(super) fn check_params(packs: &[Pack], settings: &Settings, diagnostics: &mut Vec<Diagnostic>) {
    let of_files = packs.iter().flat_map(|pack| &pack.files).flat_map(|file| &file.params);
    let all = packs.iter().flat_map(Pack::params).chain(of_files);
    let mut known: Vec<&str> = Vec::new();
    for name in all.map(|spec| spec.name.as_str()) {
        if !known.contains(&name) {
            known.push(name);
        }
    }
    for setting in &settings.params {
        let name = setting.name.text.as_str();
        if known.contains(&name) {
            continue;
        }
        let help = match nearest(name, &known) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => "the packs in use have no parameters".to_owned(),
            None => format!("the packs in use have {}", super::explain::list(&known)),
        };
        let message = format!("no pack has a parameter `{name}`");
        let diagnostic = Diagnostic::error(Code::UnknownParameter, message);
        diagnostics.push(placed_at(diagnostic, &setting.name).help(help));
    }
}

fn placed_at(diagnostic: Diagnostic, said: &Said) -> Diagnostic {
    match said.place {
        Some((file, span)) => diagnostic.at(file, span, ""),
        None => diagnostic,
    }
}
