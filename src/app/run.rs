//! The pipeline of `apply`. Comes in: options and compiled rules. Goes out: one [`RunResult`] that
//! every output is made of. Files are worked on in parallel and come out in order.
//!
//! `listing` finds the files, `elsewhere` and `interfaces` what other files have to do with a rule,
//! `reach` the files that strings flow from, `worker` works on them, `go_mods` lets go.mod and
//! go.work follow, and `result` is what is known in the end.

mod elsewhere;
mod go_mods;
mod interfaces;
mod listing;
mod new_files;
mod programs;
mod reach;
mod result;
mod worker;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};

use self::elsewhere::Repository;
use self::listing::{list, read_modules};
use self::new_files::NewFiles;
use self::programs::programs;
pub use self::result::{Emit, FileResult, GoMod, RunResult, Unparsed};
use self::worker::Worker;
use super::discover::{Candidate, Discovery, FileKind};
use super::fs::{EarlierFileSystem, OsFileSystem};
use super::go_env::{alone, go_env};
use super::modules::Modules;
use super::neighbours::Neighbours;
use super::part::{Earlier, Part};
use super::progress::Progress;
use super::residue::OldNames;
use super::scan::{Scan, Scanner};
use crate::engine::date::Date;
use crate::engine::elsewhere::Elsewhere;
use crate::engine::facts::IndexedFacts;
use crate::engine::prefilter::Prefilter;
use crate::engine::rewrite::Rewriter;
use crate::go::packages::{FileSystem, GoEnv, PackageIndex};
use crate::rule::compiled::{Action, RuleSet};

/// What a run is to do.
#[derive(Clone, Debug, Default)]
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
    /// Where it is counted how far the run is.
    pub progress: Progress,
    /// Know of other modules and the standard library only what packs and this program bring, and
    /// nothing of what else lies on the machine.
    pub alone: bool,
}

impl RunOptions {
    /// Where sources of packages are looked for.
    pub fn go_env(&self) -> GoEnv {
        if self.alone { alone(&self.root) } else { go_env(&self.root) }
    }
}

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
    let all = elsewhere::files(options, rules, &scanner, part)?;
    narrow(&mut found.files, part);
    let (modules, mut result) = begun(options, &found, rules);
    let file_system = file_system(&options.root, part.earlier);
    let index = PackageIndex::new(file_system.clone(), options.go_env());
    let facts = IndexedFacts::new(rules.teach(index));
    let repository = Repository {
        root: &options.root,
        files: all.as_deref().unwrap_or(&found.files),
        file_system: &*file_system,
        modules: &modules,
        facts: &facts,
    };
    let elsewhere = repository.about(rules);
    let with_names;
    let (prefilter, scanner) = if elsewhere.iter().any(Elsewhere::has_names) {
        with_names = Prefilter::with(rules, &elsewhere);
        found.files.iter_mut().for_each(Candidate::look_again);
        (&with_names, Scanner::new(&options.root, &with_names, old.as_ref()))
    } else {
        (&prefilter, scanner)
    };
    let programs = programs(&options.root, &found.files, rules, &facts);
    let rewriter = Rewriter {
        rules,
        prefilter,
        elsewhere: &elsewhere,
        facts: &facts,
        programs: &programs,
        include_review: options.include_review,
        include_unknown_type: options.include_unknown_type,
        include_generated: options.include_generated,
        today: today(),
    };
    let neighbours = &Neighbours::new(&options.root);
    let mut worker = Worker {
        options,
        scanner: &scanner,
        rewriter: &rewriter,
        modules: &modules,
        neighbours,
        part,
        beside,
        old: old.as_ref(),
        reached: BTreeMap::new(),
        new_files: &NewFiles::new(rules),
    };
    worker.run(found.files, &mut result, emit)?;
    result.residue.sort();
    result.name_owners(&options.root);
    Ok(result)
}

/// The modules of the repository, and a result that knows what was found and nothing else.
fn begun(options: &RunOptions, found: &Discovery, rules: &RuleSet) -> (Modules, RunResult) {
    let mut result = RunResult {
        skipped_vendor: found.skipped_vendor.clone(),
        unreadable: found.unreadable.clone(),
        ..RunResult::default()
    };
    let modules = read_modules(options, found, rules, &mut result);
    result.go_mods = (0..modules.len()).map(|m| GoMod::of(modules.get(m))).collect();
    (modules, result)
}

/// Leaves the files of the part, and of those changed before the part the bytes from then.
fn narrow(files: &mut Vec<Candidate>, part: Part<'_>) {
    if let Some(wanted) = part.files {
        let is_module = |f: &Candidate| matches!(f.kind, FileKind::Module | FileKind::Workspace);
        files.retain(|f| wanted.contains(&f.path) || is_module(f));
    }
    as_earlier(files, part);
}

/// Gives files that were changed before the part the bytes from then, and leaves out those that
/// were not there yet.
fn as_earlier(files: &mut Vec<Candidate>, part: Part<'_>) {
    let Some(earlier) = part.earlier else { return };
    files.retain(|file| earlier.get(&file.path).is_none_or(Option::is_some));
    for file in files {
        if let Some(Some(bytes)) = earlier.get(&file.path) {
            file.scan = Scan::Bytes(bytes.clone());
        }
    }
}

/// Where packages are read from.
fn file_system(root: &Path, earlier: Option<&Earlier>) -> Arc<dyn FileSystem> {
    match earlier {
        Some(earlier) => Arc::new(EarlierFileSystem::new(root, earlier)),
        None => Arc::new(OsFileSystem),
    }
}

/// Whether a go.mod may have to follow the code.
fn edits_go_mod(rules: &RuleSet) -> bool {
    rules.rules.iter().any(|r| matches!(r.action, Action::GoMod(_)))
}

/// The day in UTC.
fn today() -> Date {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Date::of_unix_days(since.map_or(0, |since| since.as_secs() / 86_400))
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
