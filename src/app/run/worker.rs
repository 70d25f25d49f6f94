//! Working on the files of a run: blocks of them in parallel, their results in order.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use rayon::prelude::*;

use super::new_files::{NewFiles, Wanted};
use super::reach::reached;
use super::result::{Emit, FileResult, Read, RunResult};
use super::{RunOptions, edits_go_mod};
use crate::app::discover::{Candidate, FileKind};
use crate::app::modules::Modules;
use crate::app::neighbours::Neighbours;
use crate::app::part::{ModuleState, Part};
use crate::app::residue::{Mention, OldNames};
use crate::app::scan::{Scan, Scanner};
use crate::engine::choice::Choice;
use crate::engine::force::held;
use crate::engine::module::ModuleCode;
use crate::engine::rewrite::{FileOutcome, Force, Rewriter};
use crate::engine::text_files::rewrite_text;
use crate::go::packages::file_version;
use crate::go::source::{SourceFile, import_paths};
use crate::text::{LineIndex, as_text};

/// Files that are worked on before their results are handed on: bounds the memory of a run.
const BLOCK: usize = 1024;

/// What the files of a run are worked on with.
pub(super) struct Worker<'a> {
    pub(super) options: &'a RunOptions,
    pub(super) scanner: &'a Scanner<'a>,
    pub(super) rewriter: &'a Rewriter<'a>,
    pub(super) modules: &'a Modules,
    pub(super) neighbours: &'a Neighbours,
    pub(super) part: Part<'a>,
    /// Files that are looked at and never changed.
    pub(super) beside: BTreeSet<PathBuf>,
    pub(super) old: Option<&'a OldNames>,
    /// By path: the rules about strings that flow from that file to places in others.
    pub(super) reached: BTreeMap<String, Vec<usize>>,
    pub(super) new_files: &'a NewFiles,
}

impl Worker<'_> {
    /// All files, those that come with them, and the go.mod files that follow.
    pub(super) fn run(
        &mut self,
        sources: Vec<Candidate>,
        result: &mut RunResult,
        emit: Emit<'_>,
    ) -> Result<()> {
        let states = self.code(sources, result, emit)?;
        self.new_files(result, emit)?;
        self.modules(&states, result, emit)?;
        result.modules = states;
        Ok(())
    }

    /// All Go and text files. Where a go.mod may have to be held back, with the code that needs it,
    /// files are handed on only when all are known.
    fn code(
        &mut self,
        mut sources: Vec<Candidate>,
        result: &mut RunResult,
        emit: Emit<'_>,
    ) -> Result<Vec<ModuleState>> {
        let rules = self.rewriter.rules;
        sources.retain(|f| matches!(f.kind, FileKind::Go | FileKind::Text | FileKind::Other));
        self.reached = reached(self, &sources);
        self.options.progress.begin("reading", sources.len());
        let waits = edits_go_mod(rules);
        let new_code = || ModuleCode::new(rules.packs.len());
        let mut code: Vec<ModuleCode> = (0..self.modules.len()).map(|_| new_code()).collect();
        let (mut waiting, mut created) = (Vec::new(), Wanted::new());
        for block in sources.chunks_mut(BLOCK) {
            let read: Vec<Read> =
                block.par_iter_mut().map_init(Vec::new, |buffer, c| self.file(c, buffer)).collect();
            for (candidate, read) in block.iter().zip(read) {
                let Some(file) = result.take(candidate, read) else { continue };
                if let Some(module) = self.modules.of(&file.path) {
                    code[module].add(&file.outcome, rules);
                }
                self.new_files.note(&file, rules, self.modules, &mut created);
                if waits { waiting.push(file) } else { self.keep(file, result, emit)? }
            }
        }
        self.add_created(&created, &mut code);
        let mut states = self.states(code);
        let mut needs = vec![BTreeSet::new(); states.len()];
        for file in waiting {
            let module = self.modules.of(&file.path);
            let packs = module.map(|m| &states[m].held).filter(|packs| !packs.is_empty());
            let file = match packs {
                Some(packs) => self.held_back(file, packs),
                None => file,
            };
            if let Some(module) = module {
                needs[module].extend(file.outcome.imports.iter().cloned());
            }
            self.keep(file, result, emit)?;
        }
        for (state, needs) in states.iter_mut().zip(needs) {
            if !state.held.is_empty() && self.part.known_of(&state.folder).is_none() {
                state.code.needs = needs;
            }
        }
        Ok(states)
    }

    /// Adds what files import that are created with the fixes.
    fn add_created(&self, created: &Wanted, code: &mut [ModuleCode]) {
        for (path, (_, text)) in created {
            let Some(module) = self.modules.of(path) else { continue };
            for import in import_paths(text) {
                code[module].imports.insert(import.to_string());
                code[module].needs.insert(import.to_string());
            }
        }
    }

    /// Hands on what is to be said about a file, if that is this shard's business.
    pub(super) fn keep(
        &self,
        file: FileResult,
        result: &mut RunResult,
        emit: Emit<'_>,
    ) -> Result<()> {
        let (rules, modules) = (self.rewriter.rules, self.modules);
        self.new_files.note(&file, rules, modules, &mut result.wanted);
        if self.part.in_shard(&file.path, self.modules) {
            result.keep(file, emit)?;
        }
        Ok(())
    }

    /// The file again, with the rules of `packs` held back.
    fn held_back(&self, file: FileResult, packs: &BTreeSet<usize>) -> FileResult {
        let is_go = file.path.extension().is_some_and(|e| e == "go");
        let force = self.module_force(&file.path, is_go, &file.text);
        let force = held(&force, self.rewriter.rules, packs);
        let force = self.part.force(&force);
        let mut outcome = self.choose(&file.path, &file.text, |choice| {
            let path = shown(&file.path);
            if is_go {
                let source = Arc::new(SourceFile::new(path, file.text.clone()));
                let reached = self.reached_by(&shown(&file.path));
                self.rewriter.rewrite_chosen(&source, &force, reached, choice)
            } else {
                self.rewrite_text(&path, &file.text, &force, choice)
            }
        });
        let rules = self.rewriter.rules;
        outcome.keep_reasons(&file.outcome, |rule| packs.contains(&rules.rules[rule].pack));
        let mentions = self.mentions(&shown(&file.path), &file.text, &outcome);
        FileResult { outcome, mentions, ..file }
    }

    /// Which rules its module, its own language version and its folder put in force for a file.
    fn module_force(&self, path: &Path, is_go: bool, text: &str) -> Cow<'_, [Force]> {
        let tag = if is_go { file_version(text) } else { None };
        let rules = self.rewriter.rules;
        let force = self.modules.force(self.modules.of(path), tag.as_ref(), rules);
        self.neighbours.force(force, path, rules)
    }

    /// Works on a file, which is read into `buffer` if it was not yet.
    fn file(&self, candidate: &mut Candidate, buffer: &mut Vec<u8>) -> Read {
        self.options.progress.step(1);
        let path = &candidate.path;
        let scanned = std::mem::take(&mut candidate.scan);
        let bytes = match &scanned {
            Scan::Nothing(bytes) if !self.is_spoken_of(candidate) => return Read::Nothing(*bytes),
            Scan::Unreadable(error) => return Read::Unreadable(error.clone()),
            Scan::Bytes(bytes) => bytes,
            Scan::NotRead | Scan::Nothing(_) => {
                match self.scanner.read(path, candidate.kind, buffer) {
                    Err(error) => return Read::Unreadable(format!("{}: {error}", path.display())),
                    Ok(false) if !self.is_spoken_of(candidate) => {
                        return Read::Nothing(buffer.len());
                    }
                    Ok(_) => &buffer[..],
                }
            }
        };
        let shown = shown(path);
        if candidate.kind == FileKind::Other {
            return self.other(&shown, bytes);
        }
        let Some(text) = as_text(bytes) else { return Read::NotUtf8(bytes.len()) };
        let force = self.force(path, candidate.kind == FileKind::Go, text);
        if candidate.kind != FileKind::Go {
            let text: Arc<str> = text.into();
            let outcome =
                self.choose(path, &text, |choice| self.rewrite_text(&shown, &text, &force, choice));
            let mentions = self.mentions(&shown, &text, &outcome);
            return Read::Outcome(text, Box::new(outcome), mentions);
        }
        let reached = self.reached_by(&shown);
        let Some(hits) = self.rewriter.interest(&shown, text, &force, reached) else {
            return self.other(&shown, bytes);
        };
        let source = Arc::new(SourceFile::new(shown.as_str(), text));
        let outcome = self.choose(path, text, |choice| {
            self.rewriter.rewrite_hits(&source, &hits, &force, reached, choice)
        });
        let mentions = self.mentions(&shown, text, &outcome);
        Read::Outcome(source.text().clone(), Box::new(outcome), mentions)
    }

    /// Whether a rule has something to say about a program at the file, or about strings that flow
    /// from it.
    fn is_spoken_of(&self, candidate: &Candidate) -> bool {
        let path = shown(&candidate.path);
        candidate.kind == FileKind::Go
            && (self.rewriter.programs.has(&path) || !self.reached_by(&path).is_empty())
    }

    /// The rules about strings that flow from the file to places in others.
    fn reached_by(&self, path: &str) -> &[usize] {
        self.reached.get(path).map_or(&[], Vec::as_slice)
    }

    /// A file in which no rule has anything to do.
    fn other(&self, path: &str, bytes: &[u8]) -> Read {
        let text = String::from_utf8_lossy(bytes);
        match self.old.map(|old| old.mentions(path, &text)) {
            Some(mentions) if !mentions.is_empty() => Read::Mentions(bytes.len(), mentions),
            _ => Read::Nothing(bytes.len()),
        }
    }

    /// Old names in a file after its edits.
    fn mentions(&self, path: &str, text: &str, outcome: &FileOutcome) -> Vec<Mention> {
        let Some(old) = self.old else { return Vec::new() };
        if outcome.edits.is_empty() {
            return old.mentions(path, text);
        }
        old.mentions(path, &outcome.edits.apply(text))
    }

    pub(super) fn whole(&self, path: &Path, text: &str, outcome: FileOutcome) -> FileResult {
        let mentions = self.mentions(&shown(path), text, &outcome);
        FileResult { path: path.to_path_buf(), text: text.into(), outcome, is_new: false, mentions }
    }

    /// The rules in force for a file. Where a run over all files has found that packs must wait,
    /// they do.
    pub(super) fn force(&self, path: &Path, is_go: bool, text: &str) -> Vec<Force> {
        let module = self.modules.of(path);
        let mut force = self.part.force(&self.module_force(path, is_go, text));
        if is_go {
            self.new_files.hold(&mut force, path, text, self);
        }
        match module.and_then(|m| self.part.known_of(&self.modules.get(m).folder)) {
            Some(state) if !state.held.is_empty() => held(&force, self.rewriter.rules, &state.held),
            _ => force,
        }
    }

    /// Rewrites a file as far as it is selected.
    fn choose(
        &self,
        path: &Path,
        text: &str,
        rewrite: impl FnOnce(Choice<'_>) -> FileOutcome,
    ) -> FileOutcome {
        if self.beside.contains(path) || !self.part.takes_file(path, self.modules) {
            return rewrite(Choice::None);
        }
        if !self.part.asks_sites() {
            return rewrite(Choice::All);
        }
        let lines = LineIndex::new(text);
        let takes = |rule, span| self.part.takes_site(path, &lines, rule, span);
        rewrite(Choice::Sites(&takes))
    }

    fn rewrite_text(
        &self,
        path: &str,
        text: &Arc<str>,
        force: &[Force],
        choice: Choice<'_>,
    ) -> FileOutcome {
        let review = self.options.include_review;
        let (rules, today) = (self.rewriter.rules, self.rewriter.today);
        rewrite_text(path, text, rules, force, review, choice, today)
    }
}

/// The path as rules and packages speak of it.
pub(super) fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
