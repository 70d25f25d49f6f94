//! The command `check`: the same look as `apply`, for CI. Comes in: its options. Goes out: every
//! problem as text, JSON, SARIF or annotations on standard output, a summary on standard error, and
//! an exit code that says whether anything would change or needs a person.

pub mod baseline;
pub mod drift;
pub mod problem;

use std::io::Write;

use anyhow::Result;

use self::baseline::Baseline;
use self::problem::{Problem, problems};
use super::apply::Talk;
use super::cli::{CheckArgs, CheckFormat};
use super::exit::Exit;
use super::look::look;
use super::output::{check_text, github, json, sarif, summary};
use super::report;
use super::run::RunResult;

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
    let Some(look) = look(&args.look, Some(&args.choice), talk, err)? else {
        return Ok(Exit::Unable);
    };
    let (result, rules) = (&look.result, &look.loaded.compiled.rules);
    let baseline = args.baseline.as_deref().map(Baseline::read).transpose()?;
    report::write_all(&look.options.root, result, rules, &args.look.reports)?;
    let mut problems = problems(result, rules);
    let gone = baseline.as_ref().map_or(0, |baseline| baseline.mark(&mut problems));
    if let Some((file, baseline)) = args.baseline.as_deref().zip(baseline.as_ref())
        && args.update_baseline
    {
        let shrunk = baseline.shrunk(&problems);
        shrunk.write(file)?;
        shrunk.mark(&mut problems);
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
