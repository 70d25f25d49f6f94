//! The pipeline of `apply`. Comes in: options and compiled rules. Goes out: one [`RunResult`] that
//! every output is made of. Files are worked on in parallel and come out in order.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use rayon::prelude::*;

use super::discover::{Candidate, DiscoverOptions, Discovery, FileKind, TextGlobs, discover_and};
use super::fs::OsFileSystem;
use super::go_env::go_env;
use super::modules::{Module, Modules};
use super::owners::Owners;
use super::part::{ModuleState, Part};
use super::residue::{Mention, OldNames};
use super::scan::{Scan, Scanner};
use crate::engine::choice::Choice;
use crate::engine::date::Date;
use crate::engine::facts::IndexedFacts;
use crate::engine::fix::{FixStatus, Site};
use crate::engine::force::held;
use crate::engine::module::{ModuleCode, rewrite_go_mod, rewrite_go_work};
use crate::engine::prefilter::Prefilter;
use crate::engine::rewrite::{FileOutcome, Force, Rewriter};
use crate::engine::text_files::rewrite_text;
use crate::engine::work::Work;
use crate::go::packages::{PackageIndex, file_version};
use crate::go::source::SourceFile;
use crate::rule::compiled::{Action, RuleSet};
use crate::text::{EditSet, LineIndex, as_text};

/// What a run is to do.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// The root of the repository.
    pub root: PathBuf,
    /// What to look at; the whole repository if empty.
    pub paths: Vec<PathBuf>,
    /// Globs of the files that `text` rules are for.
    pub texts: Vec<String>,
    /// Files and folders, from the root, that are no subject of the run: the packs in use.
    pub not: Vec<PathBuf>,
    /// Look into vendor folders.
    pub include_vendor: bool,
    /// Look at what .gitignore excludes.
    pub no_ignore: bool,
    /// Apply what is marked for review.
    pub include_review: bool,
    /// Apply what is not known to be of the type that a rule asks for.
    pub include_unknown_type: bool,
    /// Rewrite generated files.
    pub include_generated: bool,
}

/// A file that there is something to say about.
#[derive(Debug)]
pub struct FileResult {
    /// Path from the root.
    pub path: PathBuf,
    /// Its text before the run.
    pub text: Arc<str>,
    /// What became of it.
    pub outcome: FileOutcome,
    /// Old names in it after the run.
    mentions: Vec<Mention>,
}

/// What a run found and made.
#[derive(Debug, Default)]
pub struct RunResult {
    /// Files with edits, sites or findings: Go and text files by path, then go.mod and go.work.
    pub files: Vec<FileResult>,
    /// How many files were read.
    pub files_read: usize,
    /// How many bytes these Go and text files have.
    pub bytes_read: usize,
    /// What of them was parsed.
    pub work: Work,
    /// `vendor` folders that were passed over.
    pub skipped_vendor: Vec<PathBuf>,
    /// Files that are not UTF-8.
    pub not_utf8: Vec<PathBuf>,
    /// What could not be read, with the cause.
    pub unreadable: Vec<String>,
    /// Old names that are still there, by path and place.
    pub residue: Vec<Mention>,
    /// The go.mod files, as they were: by depth, the deepest first.
    pub go_mods: Vec<GoMod>,
    /// Folders of modules whose go.mod changed.
    pub changed_modules: Vec<PathBuf>,
    /// What the run has found out about all modules.
    pub modules: Vec<ModuleState>,
}

/// A go.mod as it was before the run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GoMod {
    /// Its folder, from the root.
    pub folder: PathBuf,
    /// Its text.
    pub text: String,
}

/// Sees each file of a run when it is its turn.
pub type Emit<'a> = &'a mut (dyn FnMut(&FileResult) -> Result<()> + Send);

/// Runs the rules over the repository. `emit` sees each file as soon as it is its turn.
///
/// # Errors
/// Where a named path does not exist, or a glob does not compile.
pub fn run(options: &RunOptions, rules: &RuleSet, emit: Emit<'_>) -> Result<RunResult> {
    run_part(options, rules, Part::default(), emit)
}

/// Runs a part of the rules over a part of the repository.
///
/// # Errors
/// As for [`run`].
pub fn run_part(
    options: &RunOptions,
    rules: &RuleSet,
    part: Part<'_>,
    emit: Emit<'_>,
) -> Result<RunResult> {
    let prefilter = Prefilter::new(rules);
    let old = OldNames::of(rules);
    let scanner = Scanner::new(&options.root, &prefilter, old.as_ref());
    let (mut found, beside) = list(options, rules, &scanner, old.is_some())?;
    if let Some(files) = part.files {
        let is_module = |f: &Candidate| matches!(f.kind, FileKind::Module | FileKind::Workspace);
        found.files.retain(|f| files.contains(&f.path) || is_module(f));
    }
    let mut result = RunResult {
        skipped_vendor: found.skipped_vendor.clone(),
        unreadable: found.unreadable.clone(),
        ..RunResult::default()
    };
    let modules = read_modules(options, &found, rules, &mut result);
    let go_mod =
        |module: &Module| GoMod { folder: module.folder.clone(), text: module.text.clone() };
    result.go_mods = (0..modules.len()).map(|m| go_mod(modules.get(m))).collect();
    let index = PackageIndex::new(Arc::new(OsFileSystem), go_env(&options.root));
    let index = rules.teach(index);
    let facts = IndexedFacts::new(index);
    let rewriter = Rewriter {
        rules,
        prefilter: &prefilter,
        facts: &facts,
        include_review: options.include_review,
        include_unknown_type: options.include_unknown_type,
        include_generated: options.include_generated,
        today: today(),
    };
    let (scanner, rewriter, modules, old) = (&scanner, &rewriter, &modules, old.as_ref());
    let worker = Worker { options, scanner, rewriter, modules, part, beside, old };
    let states = worker.code(found.files, &mut result, emit)?;
    worker.modules(&states, &mut result, emit)?;
    result.modules = states;
    result.residue.sort();
    if !result.residue.is_empty() {
        // Without a CODEOWNERS nobody owns anything.
        let owners = Owners::read(&options.root).unwrap_or_default();
        for mention in &mut result.residue {
            let of = owners.of(Path::new(&mention.path));
            mention.owners = of.into_iter().map(str::to_owned).collect();
        }
    }
    Ok(result)
}

/// The day in UTC.
fn today() -> Date {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Date::of_unix_days(since.map_or(0, |since| since.as_secs() / 86_400))
}

/// Files that are worked on before their results are handed on: bounds the memory of a run.
const BLOCK: usize = 1024;

/// The files of a run, and which of them are looked at only because a go.mod depends on them: those
/// of the same module beside the paths that were named.
fn list(
    options: &RunOptions,
    rules: &RuleSet,
    scanner: &Scanner<'_>,
    others: bool,
) -> Result<(Discovery, BTreeSet<PathBuf>)> {
    let texts = TextGlobs::new(options.texts.iter().map(String::as_str))?;
    let texts = if others { texts.and_others() } else { texts };
    let asked = DiscoverOptions {
        root: &options.root,
        paths: &options.paths,
        texts: &texts,
        include_vendor: options.include_vendor,
        no_ignore: options.no_ignore,
        not: &options.not,
    };
    let mut found = discover_and(&asked, &|path, kind, buffer| scanner.found(path, kind, buffer))?;
    let go_mods = found.files.iter().filter(|f| f.kind == FileKind::Module);
    let modules: Vec<PathBuf> =
        go_mods.filter_map(|f| Some(options.root.join(f.path.parent()?))).collect();
    if options.paths.is_empty() || modules.is_empty() || !edits_go_mod(rules) {
        return Ok((found, BTreeSet::new()));
    }
    let known: BTreeSet<&Path> = found.files.iter().map(|f| f.path.as_path()).collect();
    let mut wider =
        discover_and(&DiscoverOptions { paths: &modules, ..asked }, &|_, _, _| Scan::NotRead)?
            .files;
    wider.retain(|f| {
        matches!(f.kind, FileKind::Go | FileKind::Text)
            && !known.contains(f.path.as_path())
            && !is_in_another_module(&options.root, &f.path, &modules)
    });
    let beside = wider.iter().map(|f| f.path.clone()).collect();
    found.files.extend(wider);
    found.files.sort_by(|a, b| a.path.as_os_str().cmp(b.path.as_os_str()));
    Ok((found, beside))
}

/// Whether a module that is none of `modules` is nearest to the file.
fn is_in_another_module(root: &Path, path: &Path, modules: &[PathBuf]) -> bool {
    let whole = root.join(path);
    let mut folders = whole.ancestors().skip(1).take_while(|folder| folder.starts_with(root));
    let nearest = folders.find(|folder| folder.join("go.mod").is_file());
    nearest.is_some_and(|nearest| !modules.iter().any(|module| module == nearest))
}

fn edits_go_mod(rules: &RuleSet) -> bool {
    rules.rules.iter().any(|r| matches!(r.action, Action::GoMod(_)))
}

fn read_modules(
    options: &RunOptions,
    found: &Discovery,
    rules: &RuleSet,
    result: &mut RunResult,
) -> Modules {
    let mut of_kind = |kind: FileKind| -> Vec<(PathBuf, Option<String>)> {
        let files = found.files.iter().filter(|f| f.kind == kind);
        files
            .map(|file| {
                result.files_read += 1;
                let read = std::fs::read(options.root.join(&file.path));
                let text = match read {
                    Ok(bytes) => {
                        let text = as_text(&bytes).map(str::to_string);
                        if text.is_none() {
                            result.not_utf8.push(file.path.clone());
                        }
                        text
                    }
                    Err(error) => {
                        result.unreadable.push(format!("{}: {error}", file.path.display()));
                        None
                    }
                };
                (file.path.parent().unwrap_or(Path::new("")).to_path_buf(), text)
            })
            .collect()
    };
    let (go_mods, go_works) = (of_kind(FileKind::Module), of_kind(FileKind::Workspace));
    Modules::new(go_mods, go_works, rules)
}

/// What came of reading a file.
enum Read {
    /// There is nothing to say about its bytes, so many.
    Nothing(usize),
    Outcome(Arc<str>, Box<FileOutcome>, Vec<Mention>),
    /// No rule has anything to do in it, but old names stand in its bytes, so many.
    Mentions(usize, Vec<Mention>),
    NotUtf8(usize),
    Unreadable(String),
}

struct Worker<'a> {
    options: &'a RunOptions,
    scanner: &'a Scanner<'a>,
    rewriter: &'a Rewriter<'a>,
    modules: &'a Modules,
    part: Part<'a>,
    /// Files that are looked at and never changed.
    beside: BTreeSet<PathBuf>,
    old: Option<&'a OldNames>,
}

impl Worker<'_> {
    /// All Go and text files. Where a go.mod may have to be held back, with the code that needs it,
    /// files are handed on only when all are known.
    fn code(
        &self,
        mut sources: Vec<Candidate>,
        result: &mut RunResult,
        emit: Emit<'_>,
    ) -> Result<Vec<ModuleState>> {
        let rules = self.rewriter.rules;
        sources.retain(|f| matches!(f.kind, FileKind::Go | FileKind::Text | FileKind::Other));
        let waits = edits_go_mod(rules);
        let new_code = || ModuleCode::new(rules.packs.len());
        let mut code: Vec<ModuleCode> = (0..self.modules.len()).map(|_| new_code()).collect();
        let mut waiting = Vec::new();
        for block in sources.chunks_mut(BLOCK) {
            let read: Vec<Read> =
                block.par_iter_mut().map_init(Vec::new, |buffer, c| self.file(c, buffer)).collect();
            for (candidate, read) in block.iter().zip(read) {
                let Some(file) = result.take(candidate, read) else { continue };
                if let Some(module) = self.modules.of(&file.path) {
                    code[module].add(&file.outcome, rules);
                }
                if waits { waiting.push(file) } else { self.keep(file, result, emit)? }
            }
        }
        let states = self.states(code);
        for file in waiting {
            let module = self.modules.of(&file.path);
            let packs = module.map(|m| &states[m].held).filter(|packs| !packs.is_empty());
            let file = match packs {
                Some(packs) => self.held_back(file, packs),
                None => file,
            };
            self.keep(file, result, emit)?;
        }
        Ok(states)
    }

    /// Hands on what is to be said about a file, if that is this shard's business.
    fn keep(&self, file: FileResult, result: &mut RunResult, emit: Emit<'_>) -> Result<()> {
        if self.part.in_shard(&file.path, self.modules) {
            result.keep(file, emit)?;
        }
        Ok(())
    }

    /// What is known of every module, by this run or by one over all files.
    fn states(&self, code: Vec<ModuleCode>) -> Vec<ModuleState> {
        let state = |(module, code): (usize, ModuleCode)| {
            let folder = &self.modules.get(module).folder;
            self.part.known_of(folder).cloned().unwrap_or_else(|| {
                let held = self.held_packs(module, &code);
                ModuleState { folder: folder.clone(), code, held }
            })
        };
        code.into_iter().enumerate().map(state).collect()
    }

    /// The packs whose go.mod rules cannot be applied in a module yet.
    fn held_packs(&self, module: usize, code: &ModuleCode) -> BTreeSet<usize> {
        let rules = self.rewriter.rules;
        let outcome = self.go_mod(module, code);
        let waits = |s: &&Site| matches!(s.status, FixStatus::HeldBack(_) | FixStatus::NotSelected);
        let held = outcome.sites.iter().filter(waits);
        held.map(|site| rules.rules[site.rule].pack).collect()
    }

    /// The file again, with the rules of `packs` held back.
    fn held_back(&self, file: FileResult, packs: &BTreeSet<usize>) -> FileResult {
        let is_go = file.path.extension().is_some_and(|e| e == "go");
        let force = self.module_force(&file.path, is_go, &file.text);
        let force = held(&force, self.rewriter.rules, packs);
        let force = self.part.force(&force);
        let outcome = self.choose(&file.path, &file.text, |choice| {
            let path = shown(&file.path);
            if is_go {
                let source = Arc::new(SourceFile::new(path, file.text.clone()));
                self.rewriter.rewrite_chosen(&source, &force, choice)
            } else {
                self.rewrite_text(&path, &file.text, &force, choice)
            }
        });
        let mentions = self.mentions(&shown(&file.path), &file.text, &outcome);
        FileResult { outcome, mentions, ..file }
    }

    /// Which rules its module, and its own language version, put in force for a file.
    fn module_force(&self, path: &Path, is_go: bool, text: &str) -> Cow<'_, [Force]> {
        let tag = if is_go { file_version(text) } else { None };
        self.modules.force(self.modules.of(path), tag.as_ref(), self.rewriter.rules)
    }

    /// Works on a file, which is read into `buffer` if it was not yet.
    fn file(&self, candidate: &mut Candidate, buffer: &mut Vec<u8>) -> Read {
        let path = &candidate.path;
        let scanned = std::mem::take(&mut candidate.scan);
        let bytes = match &scanned {
            Scan::Nothing(bytes) => return Read::Nothing(*bytes),
            Scan::Unreadable(error) => return Read::Unreadable(error.clone()),
            Scan::Bytes(bytes) => bytes,
            Scan::NotRead => match self.scanner.read(path, candidate.kind, buffer) {
                Err(error) => return Read::Unreadable(format!("{}: {error}", path.display())),
                Ok(false) => return Read::Nothing(buffer.len()),
                Ok(true) => &buffer[..],
            },
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
        let Some(hits) = self.rewriter.interest(&shown, text, &force) else {
            return self.other(&shown, bytes);
        };
        let source = Arc::new(SourceFile::new(shown.as_str(), text));
        let outcome = self.choose(path, text, |choice| {
            self.rewriter.rewrite_hits(&source, &hits, &force, choice)
        });
        let mentions = self.mentions(&shown, text, &outcome);
        Read::Outcome(source.text().clone(), Box::new(outcome), mentions)
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

    fn whole(&self, path: &Path, text: &str, outcome: FileOutcome) -> FileResult {
        let mentions = self.mentions(&shown(path), text, &outcome);
        FileResult { path: path.to_path_buf(), text: text.into(), outcome, mentions }
    }

    /// The rules in force for a file. Where a run over all files has found that packs must wait,
    /// they do.
    fn force(&self, path: &Path, is_go: bool, text: &str) -> Vec<Force> {
        let module = self.modules.of(path);
        let force = self.part.force(&self.module_force(path, is_go, text));
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

    fn go_mod(&self, module: usize, code: &ModuleCode) -> FileOutcome {
        let module = self.modules.get(module);
        let work = module.workspace.map(|w| &self.modules.workspaces[w].file);
        let review = self.options.include_review;
        let force = self.part.force(&module.force);
        let (rules, today) = (self.rewriter.rules, self.rewriter.today);
        let outcome = rewrite_go_mod(&module.text, rules, &force, code, work, review, today);
        let path = module.folder.join("go.mod");
        let lines = LineIndex::new(&module.text);
        let takes = |s: &Site| self.part.takes_site(&path, &lines, s.rule, s.span);
        let selected = self.part.takes_file(&path, self.modules)
            && (!self.part.asks_sites() || outcome.sites.iter().all(takes));
        if selected { outcome } else { not_selected(outcome) }
    }

    /// go.mod and go.work, once it is known what became of the code.
    fn modules(
        &self,
        states: &[ModuleState],
        result: &mut RunResult,
        emit: Emit<'_>,
    ) -> Result<()> {
        let modules = self.modules;
        let mut by_folder: Vec<usize> = (0..modules.len()).collect();
        by_folder.sort_by_key(|&m| &modules.get(m).folder);
        let mut workspaces = vec![Followers::default(); modules.workspaces.len()];
        for index in by_folder {
            let module = modules.get(index);
            if !module.is_readable {
                continue;
            }
            let outcome = self.go_mod(index, &states[index].code);
            if let Some(workspace) = module.workspace {
                workspaces[workspace].add(&outcome);
            }
            if !self.part.module_in_shard(&module.path) {
                continue;
            }
            if !outcome.edits.is_empty() {
                result.changed_modules.push(module.folder.clone());
            }
            result.keep(self.whole(&module.folder.join("go.mod"), &module.text, outcome), emit)?;
        }
        for (workspace, followers) in modules.workspaces.iter().zip(&workspaces) {
            let follow = followers.follow();
            let outcome = rewrite_go_work(&workspace.text, self.rewriter.rules, &follow);
            if self.part.module_in_shard(&workspace.folder.to_string_lossy()) {
                let path = workspace.folder.join("go.work");
                result.keep(self.whole(&path, &workspace.text, outcome), emit)?;
            }
        }
        Ok(())
    }
}

/// The rules that a go.work could follow.
#[derive(Clone, Debug, Default)]
struct Followers {
    applied: BTreeSet<usize>,
    waiting: BTreeSet<usize>,
}

impl Followers {
    /// Adds what became of the go.mod of one of its modules.
    fn add(&mut self, outcome: &FileOutcome) {
        for site in &outcome.sites {
            match site.status {
                FixStatus::Applied => self.applied.insert(site.rule),
                FixStatus::HeldBack(_) | FixStatus::NotSelected => self.waiting.insert(site.rule),
                _ => false,
            };
        }
    }

    /// Those that no module waits with: what it replaces, such a module still needs.
    fn follow(&self) -> BTreeSet<usize> {
        self.applied.difference(&self.waiting).copied().collect()
    }
}

/// A go.mod that stays as it is, since it was not selected.
fn not_selected(mut outcome: FileOutcome) -> FileOutcome {
    for site in outcome.sites.iter_mut().filter(|s| s.status != FixStatus::AlreadyDone) {
        site.status = FixStatus::NotSelected;
    }
    outcome.edits = EditSet::new();
    outcome.findings.clear();
    outcome
}

/// The path as rules and packages speak of it.
fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

impl RunResult {
    /// Notes what came of reading a file; gives the file if there may be something to say about
    /// it.
    fn take(&mut self, candidate: &Candidate, read: Read) -> Option<FileResult> {
        self.files_read += 1;
        match read {
            Read::Nothing(bytes) => self.bytes_read += bytes,
            Read::NotUtf8(bytes) => {
                self.bytes_read += bytes;
                self.not_utf8.push(candidate.path.clone());
            }
            Read::Mentions(bytes, mentions) => {
                self.bytes_read += bytes;
                self.residue.extend(mentions);
            }
            Read::Unreadable(error) => self.unreadable.push(error),
            Read::Outcome(text, outcome, mentions) => {
                self.bytes_read += text.len();
                self.work += outcome.work;
                let path = candidate.path.clone();
                return Some(FileResult { path, text, outcome: *outcome, mentions });
            }
        }
        None
    }

    fn keep(&mut self, mut file: FileResult, emit: Emit<'_>) -> Result<()> {
        self.residue.append(&mut file.mentions);
        if !file.outcome.is_empty() {
            emit(&file)?;
            self.files.push(file);
        }
        Ok(())
    }
}

/// Runs `work` on as many threads as asked for. Their stacks are large: code nests deeply.
///
/// # Errors
/// Where threads cannot be started.
pub fn on_threads<T: Send>(jobs: Option<u16>, work: impl FnOnce() -> T + Send) -> Result<T> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(jobs.map_or(0, usize::from))
        .stack_size(256 << 20)
        .build()
        .context("threads cannot be started")?;
    Ok(pool.install(work))
}
