//! What files of a repository say about rules for fields and methods, wherever they stand. Comes in:
//! all files, those that a run does not look at included: what is done in one file must not depend
//! on which others are looked at. Goes out: for each rule the names by which a field is meant
//! without its own, and an interface that keeps a method from being renamed.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use aho_corasick::AhoCorasick;
use anyhow::Result;
use rayon::prelude::*;

use super::listing::all_files;
use super::{RunOptions, as_earlier, interfaces};
use crate::app::discover::{Candidate, FileKind};
use crate::app::modules::Modules;
use crate::app::part::Part;
use crate::app::scan::{Scan, Scanner};
use crate::engine::elsewhere::{Elsewhere, MadeOf, made_of};
use crate::engine::facts::IndexedFacts;
use crate::engine::names::PackageFacts as _;
use crate::go::packages::FileSystem;
use crate::go::source::SourceFile;
use crate::go::types::{FileTypes, Member};
use crate::rule::compiled::{Action, FieldRule, OWN_MODULE, RuleSet};

/// What the answers come from.
pub(super) struct Repository<'a> {
    pub(super) root: &'a Path,
    /// All Go files, and what was seen of them when they were found.
    pub(super) files: &'a [Candidate],
    pub(super) file_system: &'a dyn FileSystem,
    pub(super) modules: &'a Modules,
    pub(super) facts: &'a IndexedFacts,
}

/// The files that rules want to know of; none where these are the run's own.
pub(super) fn files(
    options: &RunOptions,
    rules: &RuleSet,
    scanner: &Scanner<'_>,
    part: Part<'_>,
) -> Result<Option<Vec<Candidate>>> {
    if !asks(rules) {
        return Ok(Some(Vec::new()));
    }
    if options.paths.is_empty() && part.files.is_none() {
        return Ok(None);
    }
    let mut files = all_files(options, scanner)?;
    as_earlier(&mut files, part);
    Ok(Some(files))
}

/// Whether a rule wants to know of other files.
fn asks(rules: &RuleSet) -> bool {
    rules.rules.iter().any(|rule| match &rule.action {
        Action::Field(_) => true,
        Action::Rename(rename) => rename.owner.is_some(),
        _ => false,
    })
}

impl Repository<'_> {
    /// What is known for each rule; nothing where none wants to know.
    pub(super) fn about(&self, rules: &RuleSet) -> Vec<Elsewhere> {
        if !asks(rules) {
            return Vec::new();
        }
        let mut known = vec![Elsewhere::default(); rules.rules.len()];
        let fields = rules.rules.iter().enumerate().filter_map(|(nth, rule)| match &rule.action {
            Action::Field(field) => Some((nth, &**field)),
            _ => None,
        });
        let fields: Vec<(usize, &FieldRule)> = fields.collect();
        let made = self.made_of(&fields, rules);
        for (nth, field) in fields {
            known[nth].types = closure(&made, &field.owner);
            known[nth].promoted = self.promoted(field, rules);
        }
        for (nth, rule) in rules.rules.iter().enumerate() {
            if let Action::Rename(rename) = &rule.action
                && let Some(owner) = rename.owner.as_deref()
            {
                let paths = self.real_paths(&rules.package(rename.package).path);
                known[nth].interface = paths.iter().find_map(|path| {
                    interfaces::needing(self, Member { path, owner, name: &rename.from })
                });
            }
        }
        known
    }

    /// Which types are made of which others, as far as those of fields are concerned.
    fn made_of(&self, fields: &[(usize, &FieldRule)], rules: &RuleSet) -> BTreeSet<MadeOf> {
        let mut names: BTreeSet<String> = fields.iter().map(|(_, f)| f.owner.clone()).collect();
        let (mut known, mut new) = (names.clone(), names.clone());
        let mut made = BTreeSet::new();
        let mut first = true;
        while !new.is_empty() {
            let mut found = self.in_files(&new, first);
            found.extend(self.in_packages(fields, rules, &new));
            names = found.iter().map(|(name, _)| name.clone()).collect();
            made.extend(found);
            new = names.difference(&known).cloned().collect();
            known.extend(new.iter().cloned());
            first = false;
        }
        made
    }

    /// The types that files of the repository declare. What was seen of a file when it was found
    /// tells whether the rules' own names stand in it, but of no others.
    fn in_files(&self, names: &BTreeSet<String>, first: bool) -> Vec<MadeOf> {
        let Ok(words) = AhoCorasick::new(names) else { return Vec::new() };
        let wanted = |file: &&Candidate| !(first && matches!(file.scan, Scan::Nothing(_)));
        let files = self.files.par_iter().filter(|f| f.kind == FileKind::Go).filter(wanted);
        let found = files.flat_map_iter(|candidate| {
            let text = self.text(candidate);
            let text = text.filter(|text| words.is_match(text.as_bytes()));
            text.map_or_else(Vec::new, |text| made_of(&source(&candidate.path, &text), names))
        });
        found.collect()
    }

    /// The types that the packages of the fields' own types declare, where these are not part of the
    /// repository.
    fn in_packages(
        &self,
        fields: &[(usize, &FieldRule)],
        rules: &RuleSet,
        names: &BTreeSet<String>,
    ) -> Vec<MadeOf> {
        let index = self.facts.index();
        let paths: BTreeSet<&str> =
            fields.iter().map(|(_, f)| rules.package(f.package).path.as_str()).collect();
        let folders = self.folders();
        let imported = folders.iter().flat_map(|folder| {
            let packages = paths.iter().filter_map(|path| index.import(folder, path).ok());
            packages.filter(|package| !index.is_in_repository(package)).collect::<Vec<_>>()
        });
        let files = imported.flat_map(|package| package.files().to_vec());
        files.flat_map(|file| made_of(&file.source, names)).collect()
    }

    /// What is reached through a field that is left out, if it is embedded.
    fn promoted(&self, field: &FieldRule, rules: &RuleSet) -> Vec<String> {
        let path = rules.package(field.package).path.as_str();
        let mut names = BTreeSet::new();
        for folder in self.folders() {
            let Some(path) = self.real_path(&folder, path) else { continue };
            let member = Member { path: &path, owner: &field.owner, name: &field.from };
            let found = self.ask_in(&folder, |types| types.promoted_through(member));
            names.extend(found.into_iter().flatten());
        }
        names.into_iter().collect()
    }

    /// What rules call `path`, as code in the module of `folder` has it.
    fn real_path(&self, folder: &str, path: &str) -> Option<String> {
        match path.strip_prefix(OWN_MODULE) {
            Some(below) => Some(format!("{}{below}", self.facts.index().place(folder)?.0)),
            None => Some(path.to_owned()),
        }
    }

    /// The same for all modules.
    fn real_paths(&self, path: &str) -> BTreeSet<String> {
        self.folders().iter().filter_map(|folder| self.real_path(folder, path)).collect()
    }

    /// Asks as a file would that stands in a folder of its own below `folder`.
    pub(super) fn ask_in<R>(
        &self,
        folder: &str,
        question: impl FnOnce(&FileTypes<'_>) -> R,
    ) -> Option<R> {
        let path = Path::new(folder).join(".dmmigrate/asking.go");
        let source = Arc::new(source(&path, "package asking\n"));
        self.facts.types().map(|types| question(&types.file(&source)))
    }

    /// The folders of the modules; the root where there is none.
    pub(super) fn folders(&self) -> Vec<String> {
        let modules = (0..self.modules.len()).map(|m| shown(&self.modules.get(m).folder));
        let folders: Vec<String> = modules.collect();
        if folders.is_empty() { vec![String::new()] } else { folders }
    }

    /// The text of a Go file; none where it is no text.
    pub(super) fn text<'c>(&self, candidate: &'c Candidate) -> Option<Cow<'c, str>> {
        match &candidate.scan {
            Scan::Bytes(bytes) => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Scan::Unreadable(_) => None,
            Scan::NotRead | Scan::Nothing(_) => {
                self.file_system.read(&self.root.join(&candidate.path)).map(Cow::Owned)
            }
        }
    }
}

/// The file as packages and types speak of it.
pub(super) fn source(path: &Path, text: &str) -> SourceFile {
    SourceFile::new(shown(path), text)
}

fn shown(path: &Path) -> String {
    super::worker::shown(path)
}

/// All types that are made of `owner`, through others or not; sorted.
fn closure(made: &BTreeSet<MadeOf>, owner: &str) -> Vec<String> {
    let mut by_part: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, of) in made {
        by_part.entry(of).or_default().push(name);
    }
    let mut known = BTreeSet::new();
    let mut todo = vec![owner];
    while let Some(of) = todo.pop() {
        let names = by_part.get(of).into_iter().flatten().copied();
        todo.extend(names.filter(|name| *name != owner && known.insert((*name).to_owned())));
    }
    known.into_iter().collect()
}
