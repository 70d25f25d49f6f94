//! From what packs say to rules that can run. Comes in: packs as texts in order of precedence, a
//! library for what they extend, and what a person set on the command line or in
//! `dmmigrate.yaml`. Goes out: a [`RuleSet`], and every mistake of every file in one go. A rule
//! with a mistake is not in the set.
//!
//! The stages: `inherit` (which rules there are, and in which order), `names` (all packages), `env`
//! (packages and parameters as a rule sees them), `rule` with `search`, `replacement`, `message`, `rename`,
//! `action`, `found`, `places`, `shared` and
//! `values` (a rule and its parts), `select` (which rules a person wants), `versions` (what the
//! versions of modules belong to), `explain` (what to say where a pattern or template is wrong).

mod action;
mod env;
mod error_result;
mod explain;
mod field;
mod filled;
mod first_word;
mod found;
mod inherit;
mod mentions;
mod message;
mod names;
mod new_file;
mod patch;
mod path_written;
mod places;
mod rename;
mod replacement;
mod rule;
mod scope;
mod search;
mod select;
mod shared;
mod values;
mod versions;

use std::collections::BTreeSet;

use super::compiled::{Origin, PackInfo, RuleSet};
use super::mention::{Mention, Mentioned};
use super::pack::{Pack, PackLibrary, PackSource};
use super::spec::RuleSpec;
use crate::text::{Diagnostic, FileId, SourceMap, Span};
use env::Env;
use inherit::{Loader, Placed};
use names::PackageTable;
use rule::Compiler;
use select::Choice;
use shared::Shared;

/// Something that a person wrote: where, unless it was on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// What.
    pub text: String,
    /// Where, in a file.
    pub place: Option<(FileId, Span)>,
}

impl Said {
    /// On the command line.
    pub fn on_command_line(text: impl Into<String>) -> Self {
        Self { text: text.into(), place: None }
    }
}

/// A parameter's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Which parameter.
    pub name: Said,
    /// Its value.
    pub value: String,
}

/// What a person wants of the packs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Values of parameters; of two for one name the later counts.
    pub params: Vec<Setting>,
    /// Only these rules, as `ID` or `PACK/ID`; empty: all.
    pub only: Vec<Said>,
    /// Not these rules, as `ID` or `PACK/ID`.
    pub except: Vec<Said>,
}

/// Rules, and what they were compiled from.
#[derive(Debug, Default)]
pub struct Compiled {
    /// The rules.
    pub rules: RuleSet,
    /// What the rule files say, one for each rule of the set, in its order.
    pub specs: Vec<RuleSpec>,
    /// For each rule of the set, in its order, the inherited rules that it stands in the place of,
    /// nearest first.
    pub replaced: Vec<Vec<Replaced>>,
    /// The rules that a person switched off.
    pub off: Vec<SwitchedOff>,
    /// The names that each rule of the set speaks of, in its order.
    pub mentions: Vec<Vec<Mention>>,
    /// The import paths that the files and packs declare.
    pub paths: Vec<Mention>,
}

/// A rule that `disable` or `--except` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwitchedOff {
    /// Its id.
    pub id: String,
    /// The packs that it came through, the one that was asked for first.
    pub packs: Vec<String>,
    /// What switched it off.
    pub by: Said,
}

/// An inherited rule that another one replaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// The pack that it is written in.
    pub pack: String,
    /// Where.
    pub origin: Origin,
}

/// Compiles `packs` and what they extend. The texts go into `sources`, which diagnostics point
/// into.
pub fn compile(
    packs: &[PackSource],
    library: &dyn PackLibrary,
    settings: &Settings,
    sources: &mut SourceMap,
) -> (Compiled, Vec<Diagnostic>) {
    let (loaded, mut diagnostics) = Loader::load(packs, library, sources);
    let mut table = PackageTable::default();
    for pack in &loaded.packs {
        table.declare_all(pack, &mut diagnostics);
    }
    select::check_params(&loaded.packs, settings, &mut diagnostics);
    let mut compiled = Compiled::default();
    let mut all = Vec::new();
    for &root in &loaded.roots {
        let pack = &loaded.packs[root];
        let info = PackInfo { name: pack.name.clone(), title: pack.title().to_owned() };
        compiled.rules.packs.push(info);
        let at = compiled.rules.packs.len() - 1;
        all.extend(loaded.rules_of(root, &mut diagnostics).into_iter().map(|p| (at, p)));
    }
    let chosen = select::chosen(&loaded, &all, settings, &mut diagnostics);
    // The same rule under the same names and values, by two ways: once is enough.
    let mut seen = BTreeSet::new();
    let mut shared = Shared::default();
    for ((at, placed), chosen) in all.iter().zip(chosen) {
        let env = Env::new(&loaded, placed, settings);
        let spec = placed.spec(&loaded);
        let compiler = Compiler::new(&env, &mut table, &mut shared, &mut diagnostics);
        let rule = compiler.rule(spec, *at);
        if let Choice::Off(by) = &chosen {
            let packs = env.pack_names();
            let id = spec.id.as_str().to_owned();
            compiled.off.push(SwitchedOff { id, packs, by: by.clone() });
        }
        let disputes = env.disputes();
        let is_sound = disputes.is_empty();
        diagnostics.extend(disputes);
        let takes = chosen == Choice::Takes && is_sound;
        let Some((rule, mentions)) = rule.filter(|_| takes) else { continue };
        if seen.insert((rule.origin.file, rule.origin.span, env.into_used())) {
            compiled.rules.rules.push(rule);
            compiled.specs.push(spec.clone());
            compiled.mentions.push(mentions);
            compiled.replaced.push(placed.replaced(&loaded));
        }
    }
    compiled.rules.packages = table.into_packages();
    compiled.paths = loaded.packs.iter().flat_map(declared_paths).collect();
    compiled.rules.versions = versions::tables(&loaded.packs, &mut diagnostics);
    compiled.rules.api = loaded.packs.iter().flat_map(|pack| pack.api.iter().cloned()).collect();
    (compiled, in_order(diagnostics))
}

/// The paths that a pack and its files declare.
fn declared_paths(pack: &Pack) -> Vec<Mention> {
    let own = pack.spec.iter().map(|spec| (spec.file, &spec.packages));
    let files = pack.files.iter().map(|file| (file.file, &file.packages));
    let all = own.chain(files).flat_map(|(file, specs)| specs.iter().map(move |s| (file, s)));
    let said = all.filter(|(_, spec)| !spec.guessed);
    said.map(|(file, spec)| {
        let name = Mentioned::Path(spec.path.as_str().to_owned());
        Mention { name, file, span: spec.path.span(), written: false }
    })
    .collect()
}

/// By file and place; those without a place first. An inherited rule's mistake is said once.
fn in_order(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let place = |d: &Diagnostic| d.labels.first().map(|label| (label.file, label.span));
    let mut seen = BTreeSet::new();
    diagnostics.retain(|d| seen.insert((d.code, place(d), d.message.clone())));
    diagnostics.sort_by_key(place);
    diagnostics
}

impl Placed {
    fn spec<'l>(&self, loaded: &'l inherit::Loaded) -> &'l RuleSpec {
        &loaded.packs[self.pack()].files[self.file].rules[self.rule]
    }

    fn replaced(&self, loaded: &inherit::Loaded) -> Vec<Replaced> {
        let replaced = |other: &Placed| {
            let pack = &loaded.packs[other.pack()];
            let file = pack.files[other.file].file;
            let origin = Origin { file, span: other.spec(loaded).id.span() };
            Replaced { pack: pack.name.clone(), origin }
        };
        self.replaces.iter().map(replaced).collect()
    }
}

#[cfg(test)]
mod tests;
