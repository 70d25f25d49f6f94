//! A look at a repository that writes nothing: what `check`, `assess` and `verify` begin with. Comes
//! in: which files and rules. Goes out: the rules and the result of the run.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, bail};

use super::apply::{Talk, say_diagnostics, text_globs};
use super::cli::{ChoiceArgs, Include, LookArgs};
use super::config::{LoadedRules, load};
use super::dependencies::dependencies;
use super::part::Part;
use super::root::find_root;
use super::run::{RunOptions, RunResult, on_threads, run_part};
use super::selection::Selection;

/// What was seen.
#[derive(Debug)]
pub struct Look {
    /// The rules.
    pub loaded: LoadedRules,
    /// What was looked at.
    pub options: RunOptions,
    /// The part of the repository that is meant; `None`: all.
    pub selection: Option<Selection>,
    /// What the rules make of it.
    pub result: RunResult,
    /// When it began.
    pub started: Instant,
}

/// What a look is at.
#[derive(Clone, Copy, Debug)]
pub enum Extent<'a> {
    /// The whole repository.
    All,
    /// What the command line selects.
    Part(&'a ChoiceArgs),
    /// The same, and all of a file of which it selects lines.
    WholeFiles(&'a ChoiceArgs),
}

impl Extent<'_> {
    fn selection(self, root: &Path) -> Result<Option<Selection>> {
        match self {
            Extent::All => Ok(None),
            Extent::Part(args) => Selection::new(args, root).map(Some),
            Extent::WholeFiles(args) => {
                Selection::new(args, root).map(|selection| Some(selection.with_whole_files()))
            }
        }
    }
}

/// Looks at what `extent` says; nothing comes back where the rules are broken, which has then been said.
///
/// # Errors
/// Wrong use, and what makes a run impossible.
pub fn look(
    args: &LookArgs,
    extent: Extent<'_>,
    talk: Talk,
    err: &mut dyn Write,
) -> Result<Option<Look>> {
    let started = Instant::now();
    let here = std::env::current_dir()?;
    let root = find_root(args.paths.first().map_or(here.as_path(), PathBuf::as_path))?;
    let request = args.selection.request(&here);
    let loaded = on_threads(args.jobs, || {
        load(&root.folder, &request, &|| dependencies(&root, &args.paths))
    })?;
    if !say_diagnostics(&loaded, talk, err)? {
        return Ok(None);
    }
    if !talk.quiet {
        for name in &loaded.detected {
            writeln!(err, "using pack {name}: the repository uses its library")?;
        }
    }
    if loaded.compiled.rules.rules.is_empty() {
        bail!(
            "there are no rules to look with: name a pack with --pack, a rule file with --rule, or \
             write a dmmigrate.yaml (`dmmigrate rules list` shows the built-in packs)"
        );
    }
    let options = RunOptions {
        not: loaded.places_below(&root.folder),
        root: root.folder,
        paths: args.paths.clone(),
        texts: text_globs(&loaded),
        include_vendor: args.include_vendor,
        no_ignore: args.no_ignore,
        include_review: args.include.contains(&Include::Review),
        include_unknown_type: args.include.contains(&Include::UnknownType),
        include_generated: args.include_generated,
        ..RunOptions::default()
    };
    let rules = &loaded.compiled.rules;
    let selection = extent.selection(&options.root)?;
    let part = Part { selection: selection.as_ref(), ..Part::default() };
    let _shown = options.progress.show(talk.progress);
    let result = on_threads(args.jobs, || run_part(&options, rules, part, &mut |_| Ok(())))??;
    Ok(Some(Look { loaded, options, selection, result, started }))
}
