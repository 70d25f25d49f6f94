//! The command `check`: the same look as `apply`, for CI. Comes in: its options. Goes out: every
//! problem as text, JSON, SARIF or annotations on standard output, a summary on standard error, and
//! an exit code that says whether anything would change or needs a person.

pub mod baseline;
pub mod drift;
pub mod problem;

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use self::baseline::Baseline;
use self::problem::{OWN_RULES, Problem, full_id, problems};
use super::apply::Talk;
use super::cli::{CheckArgs, CheckFormat, ChoiceArgs};
use super::exit::Exit;
use super::look::{Look, look};
use super::output::{check_text, github, json, sarif, summary};
use super::report;
use super::root::find_root;
use super::run::RunResult;
use super::selection::Selection;

/// Runs `check`. Nothing is written but the baseline, and that only when asked for.
///
/// # Errors
/// Wrong use, and what makes a run impossible.
pub fn check(
    args: &CheckArgs,
    talk: Talk,
    out: &mut (dyn Write + Send),
    err: &mut dyn Write,
) -> Result<Exit> {
    let (choice, lines) = whole_files(args)?;
    let Some(look) = look(&args.look, Some(&choice), talk, err)? else {
        return Ok(Exit::Unable);
    };
    let (result, rules) = (&look.result, &look.loaded.compiled.rules);
    let baseline = args.baseline.as_deref().map(Baseline::read).transpose()?;
    report::write_all(&look.options.root, result, rules, &args.look.reports)?;
    let mut problems = problems(result, rules);
    let looked_at = |path: &str, rule: &str| is_looked_at(&look, args, path, rule);
    let gone = baseline.as_ref().map_or(0, |b| b.mark(&mut problems, &looked_at));
    if let Some((file, baseline)) = args.baseline.as_deref().zip(baseline.as_ref()) {
        if args.update_baseline {
            let shrunk = baseline.shrunk(&problems, &looked_at);
            shrunk.write(file)?;
            shrunk.mark(&mut problems, &looked_at);
        } else if baseline.is_new() && !talk.quiet {
            let file = file.display();
            writeln!(err, "there is no baseline {file} yet: --update-baseline writes it")?;
        }
    }
    if let Some(lines) = lines {
        problems.retain(|problem| {
            let lines = lines.lines(Path::new(&problem.path)).unwrap_or_default();
            lines.iter().any(|lines| lines.contains(&problem.place.line))
        });
    }
    let text = match args.format {
        CheckFormat::Text => check_text::text(&problems),
        CheckFormat::Json => json::json(result, rules, Some(&problems))?,
        CheckFormat::Sarif => sarif::sarif(result, rules, &problems)?,
        CheckFormat::Github => github::annotations(&problems),
    };
    out.write_all(text.as_bytes())?;
    out.flush()?;
    if !talk.quiet {
        let took = look.started.elapsed();
        let (root, verbose) = (look.options.root.as_path(), talk.verbose);
        let options = summary::SummaryOptions { root, written: false, took, verbose };
        err.write_all(summary::summary(result, rules, options).as_bytes())?;
        verdict(&problems, gone, args, err)?;
    }
    Ok(exit(result, &problems))
}

/// What to look at, and the lines of it that problems are told of. A baseline tells problems that
/// look the same by their order in a file, so all of the file is looked at.
///
/// # Errors
/// The lines cannot be found out, or a baseline is to be written of a part that is another one each
/// time.
fn whole_files(args: &CheckArgs) -> Result<(ChoiceArgs, Option<Selection>)> {
    let mut choice = args.choice.clone();
    if args.update_baseline && !is_same_every_time(&choice) {
        bail!(
            "--update-baseline looks at all files: leave out --percent, --shard, --since and \
             --since-lines"
        );
    }
    if args.baseline.is_none() || choice.since_lines.is_none() {
        return Ok((choice, None));
    }
    let here = std::env::current_dir()?;
    let root = find_root(args.look.paths.first().map_or(here.as_path(), PathBuf::as_path))?;
    let lines = Selection::new(&choice, &root.folder)?;
    choice.since = choice.since_lines.take();
    Ok((choice, Some(lines)))
}

/// Whether the files that are chosen are known by their paths alone.
fn is_same_every_time(choice: &ChoiceArgs) -> bool {
    choice.percent.is_none()
        && choice.shard.is_none()
        && choice.since.is_none()
        && choice.since_lines.is_none()
}

/// Whether the run would have found a problem of the rule in the file.
fn is_looked_at(look: &Look, args: &CheckArgs, path: &str, rule: &str) -> bool {
    let rules = &look.loaded.compiled.rules;
    let ran = || (0..rules.rules.len()).any(|nth| full_id(rules, nth) == rule);
    let path = Path::new(path);
    let file = look.options.root.join(path);
    let mut named = look.options.paths.iter().filter_map(|path| path.canonicalize().ok());
    is_same_every_time(&args.choice)
        && (rule.starts_with(OWN_RULES) || ran())
        && look.selection.as_ref().is_none_or(|selection| selection.takes(path, ""))
        && (look.options.paths.is_empty() || named.any(|path| file.starts_with(path)))
}

/// The last lines on standard error: what decides the exit code.
fn verdict(problems: &[Problem], gone: usize, args: &CheckArgs, err: &mut dyn Write) -> Result<()> {
    let counted = problems.iter().filter(|p| p.counts()).count();
    let known = problems.iter().filter(|p| p.known).count();
    if known > 0 {
        writeln!(err, "{} known from the baseline", summary::many(known, "problem"))?;
    }
    if gone > 0 && args.update_baseline {
        writeln!(err, "{} taken out of the baseline: gone", summary::many(gone, "problem"))?;
    } else if gone > 0 {
        let gone = summary::many(gone, "problem");
        writeln!(err, "{gone} of the baseline gone: shrink it with --update-baseline")?;
    }
    if counted > 0 {
        let new = if args.baseline.is_some() { " not in the baseline" } else { "" };
        writeln!(err, "check failed: {}{new}", summary::many(counted, "problem"))?;
    }
    Ok(())
}

fn exit(result: &RunResult, problems: &[Problem]) -> Exit {
    let unsettled = || result.files.iter().any(|f| !f.outcome.unsettled.is_empty());
    if !result.unreadable.is_empty() {
        Exit::Unable
    } else if problems.iter().any(Problem::counts) || unsettled() {
        Exit::Failed
    } else {
        Exit::Done
    }
}
