//! A part of a run. Comes in: what is selected, and what an earlier run over all has found out.
//! Goes out, for every file: which rules and which sites may be applied there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::modules::Modules;
use super::selection::Selection;
use crate::engine::module::ModuleCode;
use crate::engine::rewrite::Force;
use crate::text::{LineIndex, Span};

/// Says of a file, a rule and a place in the text before the run whether it may be fixed.
pub type TakesSite<'a> = dyn Fn(&Path, usize, Span) -> bool + Sync + 'a;

/// What files held at an earlier time, by path from the root; nothing where there was no file.
pub type Earlier = BTreeMap<PathBuf, Option<Vec<u8>>>;

/// What part of a run is done.
#[derive(Clone, Copy, Default)]
pub struct Part<'a> {
    /// What the user selected; `None`: all.
    pub selection: Option<&'a Selection>,
    /// The sites; `None`: all.
    pub sites: Option<&'a TakesSite<'a>>,
    /// The rules, as indices; `None`: all.
    pub rules: Option<&'a BTreeSet<usize>>,
    /// The files that are looked at; `None`: all. With it goes `known`.
    pub files: Option<&'a BTreeSet<PathBuf>>,
    /// What files held at an earlier time, by path from the root: they are read as if they still did.
    pub earlier: Option<&'a Earlier>,
    /// What a run over all files has found out about the modules.
    pub known: Option<&'a [ModuleState]>,
}

/// A module, as a run over all of its code has seen it.
#[derive(Clone, Debug, Default)]
pub struct ModuleState {
    /// Its folder from the root.
    pub folder: PathBuf,
    /// Its code.
    pub code: ModuleCode,
    /// The packs whose go.mod rules have to wait.
    pub held: BTreeSet<usize>,
}

impl Part<'_> {
    /// What is known of the module in `folder`.
    pub fn known_of(&self, folder: &Path) -> Option<&ModuleState> {
        self.known?.iter().find(|module| module.folder == folder)
    }

    /// Whether all of the file may be fixed, as far as its path says.
    pub fn takes_file(&self, path: &Path, modules: &Modules) -> bool {
        let package = || package(path, modules);
        self.selection.is_none_or(|selection| selection.takes(path, &package()))
    }

    /// Whether sites of the file have to be asked about, one by one.
    pub fn asks_sites(&self) -> bool {
        self.sites.is_some() || self.selection.is_some_and(Selection::has_lines)
    }

    /// Whether a site of the file, of which `lines` are the lines, may be fixed.
    pub fn takes_site(&self, path: &Path, lines: &LineIndex, rule: usize, span: Span) -> bool {
        let line = || lines.line_col(span.start).line;
        let selected = self.selection.and_then(|s| s.lines(path));
        selected.is_none_or(|ranges| ranges.iter().any(|range| range.contains(&line())))
            && self.sites.is_none_or(|takes| takes(path, rule, span))
    }

    /// Whether the file belongs to this shard.
    pub fn in_shard(&self, path: &Path, modules: &Modules) -> bool {
        self.selection.is_none_or(|selection| {
            let module = modules.of(path).map_or("", |m| modules.get(m).path.as_str());
            selection.in_shard(module, &package(path, modules))
        })
    }

    /// Whether the go.mod of the module at `path` belongs to this shard, or the go.work in the
    /// folder `path`.
    pub fn module_in_shard(&self, path: &str) -> bool {
        self.selection.is_none_or(|selection| selection.module_in_shard(path))
    }

    /// The rules in force, those left out that are not part of this.
    pub fn force(&self, force: &[Force]) -> Vec<Force> {
        let of_rule = |(rule, &force): (usize, &Force)| {
            let asked = self.rules.is_none_or(|rules| rules.contains(&rule));
            if asked { force } else { Force::Off }
        };
        force.iter().enumerate().map(of_rule).collect()
    }
}

/// The import path of the package that a file is part of; outside of modules its folder.
fn package(path: &Path, modules: &Modules) -> String {
    let folder = path.parent().unwrap_or(Path::new(""));
    let module = modules.of(path).map(|m| modules.get(m));
    let below = module.and_then(|m| folder.strip_prefix(&m.folder).ok()).unwrap_or(folder);
    let below = below.to_string_lossy().replace('\\', "/");
    match module.map(|m| m.path.as_str()) {
        Some(module) if below.is_empty() => module.to_owned(),
        Some(module) => format!("{module}/{below}"),
        None => below,
    }
}
