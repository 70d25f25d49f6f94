//! What holds for every case, whatever its rules do. Comes in: a folder and rules. Goes out: what
//! the rules made of the folder, and each promise that was broken, in words. Whatever needs a Go
//! toolchain is left to the project's own tests.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use anyhow::{Context as _, Result};

use super::super::config::LoadedRules;
use super::super::output::patch::write_patch;
use super::super::run::{FileResult, RunResult, on_threads};
use super::super::write::FileWriter;
use super::run_case;
use crate::engine::fix::FixStatus;
use crate::go::lex::{Lexer, TokenKind};
use crate::go::syntax::Syntax;
use crate::rule::compiled::{Action, DirectiveAction};
use crate::text::Span;

/// What a run made, and the promises that it broke.
pub struct Kept {
    /// What the rules made of the files.
    pub result: RunResult,
    /// What was promised and is not so.
    pub broken: Vec<String>,
}

/// Runs the rules over the files in `folder`, and looks whether every promise is kept. The folder
/// holds the result afterwards.
///
/// # Errors
/// Where the run cannot be made at all.
pub fn run_and_check(folder: &Path, loaded: &LoadedRules) -> Result<Kept> {
    let run = |jobs| on_threads(Some(jobs), || run_case(folder, loaded))?;
    let result = run(1)?;
    let mut broken = Vec::new();
    if patch(&result) != patch(&run(4)?) {
        broken.push("the number of threads changes what comes out".into());
    }
    one_status_a_site(&result, &mut broken);
    let drops = |action: &Action| matches!(action, Action::Rewrite(r) if r.drops_comments);
    let may_drop = loaded.compiled.rules.rules.iter().any(|r| drops(&r.action));
    let renames = loaded.compiled.rules.rules.iter().filter_map(|r| match &r.action {
        Action::Rename(rename) => Some((rename.from.as_str(), rename.to.as_str())),
        _ => None,
    });
    let renames: Vec<(&str, &str)> = renames.collect();
    let directives = loaded.compiled.rules.rules.iter().filter_map(|r| match &r.action {
        Action::Directive(directive) => Some(directive),
        _ => None,
    });
    let directives: Vec<&DirectiveAction> = directives.collect();
    for file in result.files.iter().filter(|f| is_go(&f.path)) {
        let after = file.outcome.edits.apply(&file.text);
        let path = file.path.display();
        if errors(&after) > errors(&file.text) {
            broken.push(format!("{path} parses worse than before:\n{after}"));
        }
        if !may_drop {
            lost_comments(file, &after, (&renames, &directives), &mut broken);
        }
    }
    patch_is_the_result(folder, &result, &mut broken)?;
    write(folder, &result, &mut broken)?;
    let again = patch(&run(2)?);
    if !again.is_empty() {
        broken.push(format!("a second run changes something:\n{again}"));
    }
    Ok(Kept { result, broken })
}

/// The whole patch of a run.
pub fn patch(result: &RunResult) -> String {
    let mut out = String::new();
    result.files.iter().for_each(|file| write_patch(file, &mut out));
    out
}

fn is_go(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "go")
}

fn one_status_a_site(result: &RunResult, broken: &mut Vec<String>) {
    for file in &result.files {
        let mut sites: Vec<_> = file.outcome.sites.iter().map(|s| (s.rule, s.span)).collect();
        let all = sites.len();
        sites.sort_unstable();
        sites.dedup();
        let path = file.path.display();
        if all != sites.len() {
            broken.push(format!("a site of {path} has two statuses"));
        }
        let applied = file.outcome.sites.iter().any(|s| s.status == FixStatus::Applied);
        if !applied && !file.outcome.edits.is_empty() {
            broken.push(format!("{path} is edited without a site that says so"));
        }
    }
}

fn errors(text: &str) -> usize {
    let text: Arc<str> = text.into();
    Syntax::parse(&text, Span::new(0, text.len())).errors()
}

fn lost_comments(
    file: &FileResult,
    after: &str,
    (renames, directives): (&[(&str, &str)], &[&DirectiveAction]),
    broken: &mut Vec<String>,
) {
    // A rename changes what documentation says of the name, and nothing else; a rule about
    // directives what these say.
    let edited = |comment: &str| {
        let rename = |text: String, (from, to): &(&str, &str)| text.replace(from, to);
        let edit = |text: String, directive: &&DirectiveAction| {
            let edited = directive.arguments(&text).map(|rest| directive.edited(rest));
            edited.map_or(text, |rest| format!("//{} {rest}", directive.name))
        };
        directives.iter().fold(renames.iter().fold(comment.to_string(), rename), edit)
    };
    let count = |text: &str| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for token in Lexer::all(text).filter(|t| t.kind == TokenKind::Comment) {
            *counts.entry(edited(token.span.of(text))).or_default() += 1;
        }
        counts
    };
    let after = count(after);
    for (comment, wanted) in count(&file.text) {
        if after.get(&comment).copied().unwrap_or(0) < wanted {
            broken.push(format!("{}: the comment {comment:?} is lost", file.path.display()));
        }
    }
}

/// `git apply` of the patch gives what the edits give, and `git apply -R` what was there before.
/// Where there is no git, there is nobody to ask.
fn patch_is_the_result(folder: &Path, result: &RunResult, broken: &mut Vec<String>) -> Result<()> {
    let text = patch(result);
    if text.is_empty() {
        return Ok(());
    }
    let file = tempfile::NamedTempFile::new().context("cannot make a file for the patch")?;
    std::fs::write(file.path(), &text).context("cannot write the patch")?;
    for (flags, what) in [(&["apply"][..], "apply"), (&["apply", "-R"], "be taken back")] {
        let mut git = Command::new("git");
        git.current_dir(folder).args(flags).arg(file.path()).stdin(Stdio::null());
        git.env("GIT_CEILING_DIRECTORIES", folder.parent().unwrap_or(folder));
        let output = match git.output() {
            Ok(output) => output,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error).context("cannot run git"),
        };
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            broken.push(format!("the patch does not {what}: {said}{text}"));
            return Ok(());
        }
        for file in &result.files {
            let wanted = if flags.len() == 1 {
                file.outcome.edits.apply(&file.text)
            } else {
                file.text.to_string()
            };
            if flags.len() > 1 && file.is_new {
                if folder.join(&file.path).exists() {
                    broken.push(format!("{} is there after `git apply -R`", file.path.display()));
                }
            } else if read(folder, file)? != wanted {
                let path = file.path.display();
                broken.push(format!("{path} is another one after `git {}`", flags.join(" ")));
            }
        }
    }
    Ok(())
}

/// Writes the files as `apply` does.
fn write(folder: &Path, result: &RunResult, broken: &mut Vec<String>) -> Result<()> {
    let writer = FileWriter::new(folder)?;
    for file in result.files.iter().filter(|f| !f.outcome.edits.is_empty()) {
        let new = file.outcome.edits.apply(&file.text);
        if file.is_new {
            writer.create(&file.path, new.as_bytes(), false)?;
        } else {
            writer.replace(&file.path, file.text.as_bytes(), new.as_bytes())?;
        }
        if read(folder, file)? != new {
            broken.push(format!("{} was not written as planned", file.path.display()));
        }
    }
    Ok(())
}

fn read(folder: &Path, file: &FileResult) -> Result<String> {
    std::fs::read_to_string(folder.join(&file.path))
        .with_context(|| format!("cannot read {}", file.path.display()))
}
