//! The command `apply`. Comes in: its options. Goes out: a patch or JSON on standard output, or
//! files written; a summary on standard error; an exit code.

mod writing;

use std::io::{IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, bail};

use self::writing::{Asked, Committing, Wrote, committing, write_run};

use super::changes;
use super::check::problem::{ProblemKind, problems};
use super::cli::{ApplyArgs, ApplyFormat, Include};
use super::commit;
use super::config::{LoadedRules, load};
use super::dependencies::dependencies;
use super::exit::Exit;
use super::interactive::choose;
use super::output::{diagnostics, github, json::json, patch::write_patch, sarif, summary};
use super::part::Part;
use super::report;
use super::root::find_root;
use super::run::{Emit, FileResult, RunOptions, RunResult, on_threads, run_part};
use super::selection::Selection;
use super::tidy::find_go;
use super::transaction::Transaction;
use super::verify::may_be_written;
use super::verify::rehearsal::Patch;
use crate::rule::compiled::RuleSet;
use crate::rule::spec::RuleKindSpec;

/// How the program talks to people.
#[derive(Clone, Copy, Debug)]
pub struct Talk {
    /// Whether diagnostics may have colours.
    pub color: bool,
    /// Print no summary.
    pub quiet: bool,
    /// Name every site that was not changed.
    pub verbose: bool,
    /// Say how far long work is.
    pub progress: bool,
}

/// Runs `apply`.
///
/// # Errors
/// Wrong use, and what makes a run impossible. Broken rules are printed, and are exit code 2.
pub fn apply(
    args: &ApplyArgs,
    talk: Talk,
    out: &mut (dyn Write + Send),
    err: &mut dyn Write,
) -> Result<Exit> {
    let started = Instant::now();
    let Some((root, loaded)) = rules_of(args, talk, err)? else { return Ok(Exit::Unable) };
    let rules = &loaded.compiled.rules;
    let options = run_options(args, &loaded, root);
    if args.writing.tidy {
        find_go()?;
    }
    let transaction = transaction(args, &options)?;
    let committing = committing(args, &options.root, transaction.as_ref())?;
    let selection = Selection::new(&args.choice, &options.root)?;
    let mut result = run_selected(args, &options, rules, (&selection, talk), out, err)?;
    let patch = Patch { options: &options, rules, selection: Some(&selection), result: &result };
    if !is_verified(args, patch, talk, err)? {
        return Ok(Exit::Failed);
    }
    let steps = match args.writing.commit {
        Some(by) => on_threads(args.jobs, || commit::steps(&options, rules, &result, by))??,
        None => Vec::new(),
    };
    if let (Committing::By(author), ApplyFormat::Text) = (&committing, args.format) {
        out.write_all(commit::series(&steps, author).as_bytes())?;
    }
    let written = match transaction {
        Some(transaction) => {
            let asked = Asked { args, loaded: &loaded, committing };
            options.progress.begin("preparing", changes::changed(&result).count());
            let _shown = options.progress.show(talk.progress);
            write_run(&asked, &options.root, &result, &steps, transaction)?
        }
        None => Wrote::default(),
    };
    let mut done = Vec::new();
    written.say(&steps, &mut done)?;
    drop(steps);
    result.changed_modules.retain(|module| !written.tidied.modules.contains(module));
    report::write_all(&options.root, &result, rules, &args.reports)?;
    out.write_all(document(args, &result, rules)?.as_bytes())?;
    out.flush()?;
    if !talk.quiet {
        let (written, took) = (!args.dry_run, started.elapsed());
        let (root, verbose) = (options.root.as_path(), talk.verbose);
        let options = summary::SummaryOptions { root, written, took, verbose };
        err.write_all(summary::summary(&result, rules, options).as_bytes())?;
        err.write_all(&done)?;
    }
    written.say_failures(args, err)?;
    Ok(exit_code(&result, &written))
}

/// The lock of the repository where files are to be written, taken before the first one is read:
/// what is read must be what is there when it is written.
fn transaction(args: &ApplyArgs, options: &RunOptions) -> Result<Option<Transaction>> {
    if args.dry_run {
        return Ok(None);
    }
    Ok(Some(changes::open(&options.root)?.counted(&options.progress)))
}

/// Whether the command that has to pass before anything is written, if there is one, does.
fn is_verified(
    args: &ApplyArgs,
    patch: Patch<'_>,
    talk: Talk,
    err: &mut dyn Write,
) -> Result<bool> {
    let Some(command) = &args.writing.verify else { return Ok(true) };
    may_be_written(patch, command, args.jobs, talk, err)
}

/// The root of the repository and the rules that are asked for; nothing where they are broken, which
/// is said.
fn rules_of(
    args: &ApplyArgs,
    talk: Talk,
    err: &mut dyn Write,
) -> Result<Option<(PathBuf, LoadedRules)>> {
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
            "there are no rules to apply: name a pack with --pack, a rule file with --rule, or \
             write a dmmigrate.yaml (`dmmigrate rules list` shows the built-in packs)"
        );
    }
    Ok(Some((root.folder, loaded)))
}

/// Runs over what is selected. A patch that is asked for is printed file by file meanwhile.
fn run_selected(
    args: &ApplyArgs,
    options: &RunOptions,
    rules: &RuleSet,
    (selection, talk): (&Selection, Talk),
    out: &mut (dyn Write + Send),
    err: &mut dyn Write,
) -> Result<RunResult> {
    let streams_patch =
        args.dry_run && args.format == ApplyFormat::Text && args.writing.commit.is_none();
    let mut patch = String::new();
    let mut emit = |file: &FileResult| -> Result<()> {
        if streams_patch {
            patch.clear();
            write_patch(file, &mut patch);
            out.write_all(patch.as_bytes())?;
        }
        Ok(())
    };
    let part = Part { selection: Some(selection), ..Part::default() };
    if args.writing.interactive {
        run_chosen(args, options, rules, (part, talk), &mut emit, err)
    } else {
        // A patch that runs over the terminal is progress enough.
        let seen = streams_patch && std::io::stdout().is_terminal();
        let _shown = options.progress.show(talk.progress && !seen);
        on_threads(args.jobs, || run_part(options, rules, part, &mut emit))?
    }
}

/// What the format asks for beside a patch.
fn document(args: &ApplyArgs, result: &RunResult, rules: &RuleSet) -> Result<String> {
    // What was written is no problem any more.
    let problems = || {
        let mut problems = problems(result, rules);
        problems.retain(|p| args.dry_run || p.kind != ProblemKind::Change);
        problems
    };
    Ok(match args.format {
        ApplyFormat::Text => String::new(),
        ApplyFormat::Json => json(result, rules, None)?,
        ApplyFormat::Sarif => sarif::sarif(result, rules, &problems())?,
        ApplyFormat::Github => github::annotations(&problems()),
    })
}

/// What a run with these arguments and rules is to do.
pub fn run_options(args: &ApplyArgs, loaded: &LoadedRules, root: PathBuf) -> RunOptions {
    RunOptions {
        not: loaded.places_below(&root),
        root,
        paths: args.paths.clone(),
        texts: text_globs(loaded),
        include_vendor: args.include_vendor,
        no_ignore: args.no_ignore,
        include_review: args.include.contains(&Include::Review),
        include_unknown_type: args.include.contains(&Include::UnknownType),
        include_generated: args.include_generated,
        ..RunOptions::default()
    }
}

/// Asks about every change of a run; then runs with those that are wanted.
fn run_chosen(
    args: &ApplyArgs,
    options: &RunOptions,
    rules: &RuleSet,
    (part, talk): (Part<'_>, Talk),
    emit: Emit<'_>,
    err: &mut dyn Write,
) -> Result<RunResult> {
    let shown = options.progress.show(talk.progress);
    let all = on_threads(args.jobs, || run_part(options, rules, part, &mut |_| Ok(())))??;
    drop(shown);
    let chosen = choose(&all, rules, talk.color, &mut std::io::stdin().lock(), err)?;
    let takes = |path: &Path, rule, span| chosen.takes(path, rule, span);
    let part = Part { sites: Some(&takes), ..part };
    let result = on_threads(args.jobs, || run_part(options, rules, part, emit))??;
    let held = chosen.held_back(&all, &result);
    if held > 0 {
        let held = summary::many(held, "chosen change");
        writeln!(err, "{held} held back: a go.mod has to follow, and cannot without the others")?;
    }
    Ok(result)
}

fn exit_code(result: &RunResult, written: &Wrote) -> Exit {
    if !written.failed.is_empty() || !result.unreadable.is_empty() {
        return Exit::Unable;
    }
    let unsettled = result.files.iter().any(|f| !f.outcome.unsettled.is_empty());
    if unsettled || !written.tidied.failed.is_empty() { Exit::Failed } else { Exit::Done }
}

/// Prints what is wrong with the rules. Says whether they may be used.
pub fn say_diagnostics(loaded: &LoadedRules, talk: Talk, err: &mut dyn Write) -> Result<bool> {
    if !loaded.diagnostics.is_empty() {
        let text = diagnostics::render(&loaded.diagnostics, &loaded.sources, talk.color);
        err.write_all(text.as_bytes())?;
    }
    Ok(!loaded.has_errors())
}

/// The globs of the files that `text` rules are for.
pub fn text_globs(loaded: &LoadedRules) -> Vec<String> {
    let globs = loaded.compiled.specs.iter().filter_map(|spec| match &spec.kind {
        RuleKindSpec::Text(text) => Some(text.files.iter().map(|f| f.as_str().to_string())),
        _ => None,
    });
    globs.flatten().collect()
}
