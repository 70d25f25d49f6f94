//! The command `check`: the same look as `apply`, for CI. Comes in: its options. Goes out: every
//! problem as text, JSON, SARIF or annotations on standard output, a summary on standard error, and
//! an exit code that says whether anything would change or needs a person.

pub mod baseline;
pub mod drift;
pub mod problem;

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use self::baseline::Baseline;
use self::problem::{OWN_RULES, Problem, full_id, problems};
use super::apply::Talk;
use super::cli::{CheckArgs, CheckFormat, ChoiceArgs};
use super::exit::Exit;
use super::look::{Extent, Look, look};
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
    if args.update_baseline && !is_same_every_time(&args.choice) {
        bail!(
            "--update-baseline looks at all files: leave out --percent, --shard, --since and \
             --since-lines"
        );
    }
    // A baseline tells problems that look the same by their order in a file.
    let extent = match args.baseline {
        Some(_) => Extent::WholeFiles(&args.choice),
        None => Extent::Part(&args.choice),
    };
    let Some(look) = look(&args.look, extent, talk, err)? else {
        return Ok(Exit::Unable);
    };
    let (result, rules) = (&look.result, &look.loaded.compiled.rules);
    let mut problems = problems(result, rules);
    let gone = match &args.baseline {
        Some(file) => compared(file, &look, args, &mut problems, talk, err)?,
        None => 0,
    };
    report::write_all(&look.options.root, result, rules, &args.look.reports)?;
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

/// Marks the problems that the baseline in the file knows, shrinks it if that is asked for, and leaves
/// those on the lines that are selected. Gives the number of those that are gone.
///
/// # Errors
/// The baseline cannot be read or written.
fn compared(
    file: &Path,
    look: &Look,
    args: &CheckArgs,
    problems: &mut Vec<Problem>,
    talk: Talk,
    err: &mut dyn Write,
) -> Result<usize> {
    let baseline = Baseline::read(file)?;
    let seen = Seen::of(look, args);
    let looked_at = |path: &str, rule: &str| seen.has(path, rule);
    let gone = baseline.mark(problems, &looked_at);
    if args.update_baseline {
        let shrunk = baseline.shrunk(problems, &looked_at);
        shrunk.write(file)?;
        shrunk.mark(problems, &looked_at);
    } else if baseline.is_new() && !talk.quiet {
        let file = file.display();
        writeln!(err, "there is no baseline {file} yet: --update-baseline writes it")?;
    }
    if let Some(selection) = &look.selection {
        problems.retain(|p| selection.takes_line(Path::new(&p.path), p.place.line));
    }
    Ok(gone)
}

/// Whether the files that are chosen are known by their paths alone.
fn is_same_every_time(choice: &ChoiceArgs) -> bool {
    choice.percent.is_none()
        && choice.shard.is_none()
        && choice.since.is_none()
        && choice.since_lines.is_none()
}

/// What a run has looked at: problems elsewhere may be as they were.
struct Seen<'a> {
    look: &'a Look,
    /// Whether the selection is known by paths alone.
    is_known: bool,
    /// `PACK/RULE` of the rules that ran.
    rules: BTreeSet<String>,
    /// The paths on the command line, absolute; none: the whole repository.
    named: Vec<PathBuf>,
}

impl<'a> Seen<'a> {
    fn of(look: &'a Look, args: &CheckArgs) -> Self {
        let rules = &look.loaded.compiled.rules;
        let named = look.options.paths.iter().filter_map(|path| path.canonicalize().ok());
        Self {
            look,
            is_known: is_same_every_time(&args.choice),
            rules: (0..rules.rules.len()).map(|nth| full_id(rules, nth)).collect(),
            named: named.collect(),
        }
    }

    /// Whether the run would have found a problem of the rule in the file.
    fn has(&self, path: &str, rule: &str) -> bool {
        let path = Path::new(path);
        let is_below = || {
            let file = self.look.options.root.join(path);
            self.named.is_empty() || self.named.iter().any(|named| file.starts_with(named))
        };
        self.is_known
            && (rule.starts_with(OWN_RULES) || self.rules.contains(rule))
            && self.look.selection.as_ref().is_none_or(|selection| selection.takes(path, ""))
            && is_below()
    }
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
