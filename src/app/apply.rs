//! The command `apply`. Comes in: its options. Goes out: a patch or JSON on standard output, or
//! files written; a summary on standard error; an exit code.

use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Result, bail};

use super::cli::{ApplyArgs, Format, Include};
use super::config::{LoadedRules, load};
use super::dependencies::dependencies;
use super::exit::Exit;
use super::git::{DirtyState, dirty_files};
use super::output::{diagnostics, json::json, patch::write_patch, summary};
use super::root::find_root;
use super::run::{FileResult, RunOptions, RunResult, on_threads, run};
use super::write::FileWriter;
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
    let here = std::env::current_dir()?;
    let root = find_root(args.paths.first().map_or(here.as_path(), PathBuf::as_path))?;
    let request = args.selection.request(&here);
    let loaded = on_threads(args.jobs, || {
        load(&root.folder, &request, &|| dependencies(&root, &args.paths))
    })?;
    if !say_diagnostics(&loaded, talk, err)? {
        return Ok(Exit::Unable);
    }
    let rules = &loaded.compiled.rules;
    if !talk.quiet {
        for name in &loaded.detected {
            writeln!(err, "using pack {name}: the repository uses its library")?;
        }
    }
    if rules.rules.is_empty() {
        bail!(
            "there are no rules to apply: name a pack with --pack, a rule file with --rule, or \
             write a dmmigrate.yaml (`dmmigrate rules list` shows the built-in packs)"
        );
    }
    let options = RunOptions {
        root: root.folder,
        paths: args.paths.clone(),
        texts: text_globs(&loaded),
        include_vendor: args.include_vendor,
        no_ignore: args.no_ignore,
        include_review: args.include.contains(&Include::Review),
        include_unknown_type: args.include.contains(&Include::UnknownType),
        include_generated: args.include_generated,
    };
    let streams_patch = args.dry_run && args.format == Format::Text;
    let mut patch = String::new();
    let mut emit = |file: &FileResult| -> Result<()> {
        if streams_patch {
            patch.clear();
            write_patch(file, &mut patch);
            out.write_all(patch.as_bytes())?;
        }
        Ok(())
    };
    let result = on_threads(args.jobs, || run(&options, rules, &mut emit))??;
    let mut failed = Vec::new();
    if !args.dry_run {
        if let Some(refusal) = refuse_dirty(&options, args.allow_dirty, &result)? {
            bail!(refusal);
        }
        failed = write_files(&options, &result)?;
    }
    if args.format == Format::Json {
        out.write_all(json(&result, rules)?.as_bytes())?;
    }
    out.flush()?;
    if !talk.quiet {
        let options = summary::SummaryOptions {
            written: !args.dry_run,
            took: started.elapsed(),
            verbose: talk.verbose,
        };
        err.write_all(summary::summary(&result, rules, options).as_bytes())?;
    }
    for error in &failed {
        writeln!(err, "error: {error}")?;
    }
    Ok(exit_code(&result, &failed))
}

fn exit_code(result: &RunResult, failed: &[String]) -> Exit {
    if !failed.is_empty() || !result.unreadable.is_empty() {
        return Exit::Unable;
    }
    let unsettled = result.files.iter().any(|f| !f.outcome.unsettled.is_empty());
    if unsettled { Exit::Failed } else { Exit::Done }
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

/// Files that would be written.
fn changed(result: &RunResult) -> impl Iterator<Item = &FileResult> {
    result.files.iter().filter(|f| !f.outcome.edits.is_empty())
}

/// Says which of the files to be written hold work that is not committed.
fn refuse_dirty(options: &RunOptions, allowed: bool, result: &RunResult) -> Result<Option<String>> {
    let paths: Vec<PathBuf> = changed(result).map(|f| f.path.clone()).collect();
    if allowed || paths.is_empty() {
        return Ok(None);
    }
    let Some(dirty) = dirty_files(&options.root, &paths)?.filter(|d| !d.is_empty()) else {
        return Ok(None);
    };
    let mut text = String::from(
        "nothing was written: these files have changes that are not committed \
         (commit or stash them, or use --allow-dirty)",
    );
    for file in &dirty {
        let state = match file.state {
            DirtyState::Modified => "modified",
            DirtyState::Staged => "staged",
            DirtyState::Unmerged => "unmerged",
            DirtyState::Untracked => "untracked",
        };
        let path = summary::shown(&file.path.display().to_string());
        text.push_str(&format!("\n  {path} ({state})"));
    }
    Ok(Some(text))
}

/// Writes every changed file whole or not at all; gives what went wrong, by file.
fn write_files(options: &RunOptions, result: &RunResult) -> Result<Vec<String>> {
    let writer = FileWriter::new(&options.root)?;
    let mut failed = Vec::new();
    for file in changed(result) {
        let new = file.outcome.edits.apply(&file.text);
        if let Err(error) = writer.replace(&file.path, file.text.as_bytes(), new.as_bytes()) {
            failed.push(format!("{error:#}"));
        }
    }
    Ok(failed)
}
