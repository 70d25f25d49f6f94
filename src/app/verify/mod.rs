//! The command `verify`: a rehearsal. Comes in: the options of a look, and commands. Goes out: in a
//! scratch work tree of git the commands without and with the patch, the failures that are new, and
//! the rules that cause them. The user's files are not touched. Nothing is run but what the user
//! names or, by calling this, asks for: `go`.

pub mod bench;
pub mod bisect;
pub mod commands;
pub mod failures;
pub mod rehearsal;
pub mod running;
pub mod scratch;
pub mod text;

use std::io::Write;

use anyhow::{Context as _, Result, bail};
use serde::Serialize;

use self::bench::{Comparison, Times, Verdict};
use self::rehearsal::{Patch, Rehearsal, Stage};
use self::running::{Task, go_on, run, tidy_up_on_ctrl_c};
use self::scratch::Scratch;
use super::apply::Talk;
use super::changes::changed;
use super::cli::{Format, VerifyArgs};
use super::exit::Exit;
use super::look::{Extent, look};
use super::output::summary::{many, shown};

/// Everything as one document.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    form: u32,
    tool_version: &'static str,
    tidied: &'a [rehearsal::Tidied],
    commands: &'a [rehearsal::Compared],
    new_failures: &'a [rehearsal::NewFailure],
    benchmarks: &'a [Comparison],
}

/// Runs `verify`.
///
/// # Errors
/// Wrong use, what makes a run impossible, a command that cannot be started, or Ctrl-C.
pub fn verify(
    args: &VerifyArgs,
    talk: Talk,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    let Some(look) = look(&args.look, Extent::Part(&args.choice), talk, err)? else {
        return Ok(Exit::Unable);
    };
    let files = changed(&look.result).count();
    if files == 0 {
        if !talk.quiet {
            writeln!(err, "nothing would change: there is nothing to verify")?;
        }
        return Ok(Exit::Done);
    }
    let mut progress = |line: &str| {
        // Where standard error is gone there is nobody to tell.
        let _ = if talk.quiet { Ok(()) } else { writeln!(err, "{}", shown(line)) };
    };
    let packages = commands::packages(&look.result);
    let go = commands::go_is_at_hand();
    let tasks = match args.command.as_slice() {
        [] if go => commands::usual(&packages),
        [] => bail!("there is no Go on the PATH: name a command, `dmmigrate verify -- make test`"),
        command => vec![Task { command: command.to_vec(), folder: std::path::PathBuf::new() }],
    };
    progress(&format!("{} to change; a scratch work tree is made", many(files, "file")));
    tidy_up_on_ctrl_c()?;
    let scratch = Scratch::new(&look.options.root)?;
    let jobs = args.look.jobs;
    let (options, rules) = (&look.options, &look.loaded.compiled.rules);
    let selection = look.selection.as_ref();
    let patch = Patch { options, rules, selection, result: &look.result };
    let mut stage = Stage { patch, scratch: &scratch, go, jobs, progress: &mut progress };
    let rehearsal = stage.rehearse(&tasks)?;
    let benchmarks = if args.bench && go {
        let tasks = commands::go(&packages, &["test", "-run=^$", "-bench=.", "-count=1"]);
        benchmarks(&mut stage, &tasks, args)?
    } else {
        Vec::new()
    };
    drop(scratch);
    let text = match args.format {
        Format::Text => text::text(&rehearsal, &benchmarks),
        Format::Json => json(&rehearsal, &benchmarks)?,
    };
    out.write_all(text.as_bytes())?;
    out.flush()?;
    if !talk.quiet {
        writeln!(err, "{}", verdict(&rehearsal, &benchmarks))?;
    }
    Ok(exit(&rehearsal, &benchmarks))
}

/// Rehearses a patch with a command of the shell before it is written; for `apply --verify`. Says
/// what came of it, and whether the patch may be written.
///
/// # Errors
/// As for [`verify`].
pub fn may_be_written(
    patch: Patch<'_>,
    command: &str,
    jobs: Option<u16>,
    talk: Talk,
    err: &mut dyn Write,
) -> Result<bool> {
    if changed(patch.result).next().is_none() {
        return Ok(true);
    }
    tidy_up_on_ctrl_c()?;
    let scratch = Scratch::new(&patch.options.root)?;
    let go = commands::go_is_at_hand();
    let mut silent = |_: &str| ();
    let mut stage = Stage { patch, scratch: &scratch, go, jobs, progress: &mut silent };
    let shell = if cfg!(windows) { ["cmd", "/C"] } else { ["sh", "-c"] };
    let command = [shell[0], shell[1], command].map(str::to_string).to_vec();
    let task = Task { command, folder: std::path::PathBuf::new() };
    let rehearsal = stage.rehearse(&[task]).context("nothing was written")?;
    let well = exit(&rehearsal, &[]) == Exit::Done;
    let verdict = verdict(&rehearsal, &[]);
    if !well {
        write!(err, "{}", text::text(&rehearsal, &[]))?;
        writeln!(err, "nothing was written: {verdict}")?;
    } else if !talk.quiet {
        writeln!(err, "{verdict}")?;
    }
    Ok(well)
}

/// Runs the benchmarks of both trees in turn, so that a machine that slows down slows both.
fn benchmarks(stage: &mut Stage<'_>, tasks: &[Task], args: &VerifyArgs) -> Result<Vec<Comparison>> {
    let old = Scratch::new(&stage.patch.options.root)?;
    stage.scratch.reset()?;
    stage.put(stage.patch.result)?;
    stage.tidy(&stage.patch.result.changed_modules)?;
    let (mut before, mut after) = (Times::new(), Times::new());
    for nth in 1..=args.bench_runs {
        (stage.progress)(&format!("benchmarks, run {nth} of {}", args.bench_runs));
        for task in tasks {
            go_on()?;
            bench::read(&run(task, old.folder())?.printed, &mut before);
            bench::read(&run(task, stage.scratch.folder())?.printed, &mut after);
        }
    }
    Ok(bench::compare(&before, &after, f64::from(args.bench_threshold) / 100.0))
}

fn json(rehearsal: &Rehearsal, benchmarks: &[Comparison]) -> Result<String> {
    let document = Document {
        form: 1,
        tool_version: env!("CARGO_PKG_VERSION"),
        tidied: &rehearsal.tidied,
        commands: &rehearsal.commands,
        new_failures: &rehearsal.new,
        benchmarks,
    };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

fn slower(benchmarks: &[Comparison]) -> usize {
    benchmarks.iter().filter(|b| b.verdict == Verdict::Slower).count()
}

/// How many commands cannot be judged, since modules could not be tidied.
fn untidy(rehearsal: &Rehearsal) -> usize {
    rehearsal.commands.iter().filter(|c| c.untidy).count()
}

/// Whether no command says anything about the patch.
fn judges_nothing(rehearsal: &Rehearsal) -> bool {
    !rehearsal.commands.is_empty() && rehearsal.commands.iter().all(|c| !c.judged)
}

fn verdict(rehearsal: &Rehearsal, benchmarks: &[Comparison]) -> String {
    let (new, untidy, slower) = (rehearsal.new.len(), untidy(rehearsal), slower(benchmarks));
    let mut parts = Vec::new();
    if new > 0 {
        parts.push(many(new, "new failure"));
    }
    if untidy > 0 {
        parts.push(format!("{} could not be judged", many(untidy, "command")));
    }
    if slower > 0 {
        parts.push(format!("{} slower", many(slower, "benchmark")));
    }
    let always = rehearsal.commands.iter().filter(|c| c.always_fails()).count();
    match (parts.as_slice(), always) {
        ([], _) if judges_nothing(rehearsal) => {
            "nothing could be judged: every command fails without the patch too".to_string()
        }
        ([], 0) => "verified: no new failures".to_string(),
        ([], 1) => "verified: no new failures (1 command fails without the patch too)".to_string(),
        ([], _) => {
            format!("verified: no new failures ({always} commands fail without the patch too)")
        }
        (parts, _) => format!("verify failed: {}", parts.join(", ")),
    }
}

fn exit(rehearsal: &Rehearsal, benchmarks: &[Comparison]) -> Exit {
    let fails = rehearsal.new.len() + untidy(rehearsal) + slower(benchmarks) > 0;
    if fails || judges_nothing(rehearsal) { Exit::Failed } else { Exit::Done }
}
