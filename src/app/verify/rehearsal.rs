//! A rehearsal: commands before and after. Comes in: what a look has found, and commands. Goes out:
//! how each ended, the failures that are new, and for each the rules that make the difference.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use serde::Serialize;

use super::bisect::{Trial, isolate};
use super::failures::{Failures, failures, new_failures, tells_tests};
use super::running::{Task, go_on, run};
use super::scratch::Scratch;
use crate::app::changes::changed;
use crate::app::check::problem::{full_id, slashed};
use crate::app::output::summary::shown;
use crate::app::part::Part;
use crate::app::run::{RunOptions, RunResult, on_threads, run_part};
use crate::app::selection::Selection;
use crate::app::tidy::{is_vendored, vendored_workspaces};
use crate::engine::fix::FixStatus;
use crate::rule::compiled::RuleSet;

/// The most trials for one failure, and the most failures whose rules are looked for.
const TRIALS: usize = 64;
const FAILURES: usize = 20;

/// How a command ended, once.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ended {
    /// Its exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// In seconds.
    pub seconds: f64,
    /// How many failures it told.
    pub failures: usize,
}

/// The exit codes by which a shell says that there is no such command, or that it cannot be executed.
const NOT_RUN: [i32; 2] = [126, 127];

/// A command before and after.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Compared {
    /// As a person would type it.
    pub command: String,
    /// Where it ran, from the root; `.` for the root.
    pub folder: String,
    /// How it ended without the patch.
    pub before: Ended,
    /// How it ended with it.
    pub after: Ended,
    /// Whether it fails for want of `go mod tidy`, which failed: then nothing is known.
    pub untidy: bool,
    /// Whether it says anything about the patch. One that fails without the patch too does so only
    /// by tests, which are told apart.
    pub judged: bool,
}

impl Compared {
    /// Whether it fails with the patch, and without it too.
    pub fn always_fails(&self) -> bool {
        self.before.code != Some(0) && self.after.code != Some(0)
    }
}

/// `go mod tidy` or `go mod vendor` in a module.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tidied {
    /// The command.
    pub command: String,
    /// Where it ran, from the root.
    pub folder: String,
    /// The end of what it printed, where it failed.
    pub failed: Option<String>,
}

/// A failure that the patch brings.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewFailure {
    /// The command that told it.
    pub command: String,
    /// Where it ran, from the root.
    pub folder: String,
    /// The line that shows it.
    pub text: String,
    /// The rules that make the difference, as `PACK/ID`; none where that was not looked for.
    pub rules: Vec<String>,
    /// How many sets of rules were tried.
    pub trials: usize,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Rehearsal {
    /// The commands.
    pub commands: Vec<Compared>,
    /// What was tidied with the patch.
    pub tidied: Vec<Tidied>,
    /// What is new.
    pub new: Vec<NewFailure>,
}

/// What is rehearsed: the result of a run, and what it was made of.
#[derive(Clone, Copy)]
pub struct Patch<'a> {
    /// What was looked at.
    pub options: &'a RunOptions,
    /// The rules.
    pub rules: &'a RuleSet,
    /// What part of the repository was selected; `None`: all.
    pub selection: Option<&'a Selection>,
    /// What the run has found.
    pub result: &'a RunResult,
}

/// What a command has told.
#[derive(Clone)]
struct Told {
    ended: Ended,
    failures: Failures,
    /// Whether tests were run.
    tests: bool,
}

/// Runs commands in a scratch work tree.
pub struct Stage<'a> {
    /// The patch.
    pub patch: Patch<'a>,
    /// Where.
    pub scratch: &'a Scratch,
    /// Whether Go is at hand.
    pub go: bool,
    /// Threads for looks at the repository.
    pub jobs: Option<u16>,
    /// Sees a line when something begins.
    pub progress: &'a mut dyn FnMut(&str),
}

impl Stage<'_> {
    /// Runs the commands before and after, and looks for the rules behind what is new.
    ///
    /// # Errors
    /// A command cannot be started, the scratch work tree cannot be written, or Ctrl-C.
    pub fn rehearse(&mut self, tasks: &[Task]) -> Result<Rehearsal> {
        let mut rehearsal = Rehearsal::default();
        let mut before = Vec::new();
        self.scratch.reset()?;
        for task in tasks {
            before.push(self.run_before(task)?);
        }
        self.put(self.patch.result)?;
        rehearsal.tidied = self.tidy(&self.patch.result.changed_modules)?;
        let is_untidy = rehearsal.tidied.iter().any(|t| t.failed.is_some());
        let mut new = Vec::new();
        for (nth, task) in tasks.iter().enumerate() {
            let Told { ended: after, failures, .. } = self.run("after", task)?;
            let mut found = new_failures(&before[nth].failures, &failures);
            let count = found.len();
            found.retain(|_, line| !(is_untidy && asks_for_tidy(line)));
            let untidy = found.len() < count;
            new.extend(found.into_iter().map(|(key, text)| (nth, key, text)));
            let (command, folder) = (task.shown(), shown_folder(&task.folder));
            let Told { ended: before, tests, .. } = before[nth].clone();
            let mut compared = Compared { command, folder, before, after, untidy, judged: true };
            compared.judged = tests || !compared.always_fails();
            rehearsal.commands.push(compared);
        }
        let mut known = HashMap::new();
        for (count, (nth, key, text)) in new.into_iter().enumerate() {
            let task = &tasks[nth];
            let mut trials = 0;
            let rules = if count < FAILURES {
                self.blame(task, nth, &key, &before[nth].failures, &mut known, &mut trials)?
            } else {
                Vec::new()
            };
            let (command, folder) = (task.shown(), shown_folder(&task.folder));
            rehearsal.new.push(NewFailure { command, folder, text, rules, trials });
        }
        Ok(rehearsal)
    }

    /// Runs a command without the patch.
    fn run_before(&mut self, task: &Task) -> Result<Told> {
        let told = self.run("before", task)?;
        if told.ended.code.is_some_and(|code| NOT_RUN.contains(&code)) {
            let why = told.failures.values().next().map_or("", String::as_str);
            let command = shown(&task.shown());
            bail!("cannot run {command}: check that it is on the PATH ({})", shown(why));
        }
        Ok(told)
    }

    fn run(&mut self, when: &str, task: &Task) -> Result<Told> {
        (self.progress)(&format!("{when}: {} (in {})", task.shown(), shown_folder(&task.folder)));
        let ran = run(task, self.scratch.folder())?;
        let failures = failures(&ran.printed, ran.code);
        let seconds = ran.took.as_secs_f64();
        let ended = Ended { code: ran.code, seconds, failures: failures.len() };
        Ok(Told { ended, failures, tests: tells_tests(&ran.printed) })
    }

    /// Puts the result of a run into the scratch work tree.
    pub fn put(&self, result: &RunResult) -> Result<()> {
        for file in changed(result) {
            self.scratch.write(&file.path, &file.outcome.edits.apply(&file.text))?;
        }
        Ok(())
    }

    /// Tidies modules whose go.mod has changed, and vendors where that was done before.
    pub fn tidy(&mut self, modules: &[PathBuf]) -> Result<Vec<Tidied>> {
        let mut all = Vec::new();
        if !self.go {
            return Ok(all);
        }
        for folder in modules {
            let vendored = is_vendored(self.scratch.folder(), folder);
            let commands: &[[&str; 3]] =
                &[["go", "mod", "tidy"], ["go", "mod", "vendor"]][..=usize::from(vendored)];
            for command in commands {
                all.push(self.tidied(command, folder)?);
                if all.last().is_some_and(|tidied| tidied.failed.is_some()) {
                    break;
                }
            }
        }
        for folder in vendored_workspaces(self.scratch.folder(), modules) {
            all.push(self.tidied(&["go", "work", "vendor"], &folder)?);
        }
        Ok(all)
    }

    fn tidied(&mut self, command: &[&str], folder: &Path) -> Result<Tidied> {
        let command = command.iter().map(ToString::to_string).collect();
        let task = Task { command, folder: folder.to_path_buf() };
        (self.progress)(&format!("after: {} (in {})", task.shown(), shown_folder(folder)));
        let ran = run(&task, self.scratch.folder())?;
        let lines: Vec<&str> = ran.printed.trim().lines().collect();
        let end = lines[lines.len().saturating_sub(3)..].join("\n");
        let failed = (ran.code != Some(0)).then_some(end);
        Ok(Tidied { command: task.shown(), folder: shown_folder(folder), failed })
    }

    /// The rules that make the difference for a failure.
    fn blame(
        &mut self,
        task: &Task,
        nth: usize,
        key: &str,
        before: &Failures,
        known: &mut HashMap<(usize, BTreeSet<usize>), Failures>,
        trials: &mut usize,
    ) -> Result<Vec<String>> {
        let sites = changed(self.patch.result).flat_map(|f| &f.outcome.sites);
        let applied = sites.filter(|s| s.status == FixStatus::Applied);
        let all: BTreeSet<usize> = applied.map(|s| s.rule).collect();
        let rules = isolate(&all, TRIALS, &mut |set| -> Result<Trial> {
            *trials += 1;
            let asked = (nth, set.clone());
            if !known.contains_key(&asked) {
                let attempt = self.attempt(task, set)?;
                known.insert(asked.clone(), attempt);
            }
            Ok(match &known[&asked] {
                failures if failures.contains_key(key) => Trial::Fails,
                failures if new_failures(before, failures).is_empty() => Trial::Passes,
                _ => Trial::Unclear,
            })
        })?;
        Ok(rules.into_iter().map(|rule| full_id(self.patch.rules, rule)).collect())
    }

    /// What becomes of the command with these rules alone.
    fn attempt(&mut self, task: &Task, set: &BTreeSet<usize>) -> Result<Failures> {
        go_on()?;
        let Patch { options, rules, selection, .. } = self.patch;
        let part = Part { rules: Some(set), selection, ..Part::default() };
        let attempt = || run_part(options, rules, part, &mut |_| Ok(()));
        let result = on_threads(self.jobs, attempt)??;
        self.scratch.reset()?;
        self.put(&result)?;
        self.tidy(&result.changed_modules)?;
        Ok(self.run(&format!("with {} of the rules", set.len()), task)?.failures)
    }
}

/// Whether `go` says in this line that a module is not tidy.
fn asks_for_tidy(line: &str) -> bool {
    ["go.sum entry", "updates to go.mod needed", "no required module provides", "go mod tidy"]
        .iter()
        .any(|said| line.contains(said))
}

fn shown_folder(folder: &std::path::Path) -> String {
    let folder = slashed(folder);
    if folder.is_empty() { ".".to_string() } else { folder }
}
