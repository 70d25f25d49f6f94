//! What every case is held to: the seven points of the project's idea of quality.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use dmmigrate::app::apply::text_globs;
use dmmigrate::app::cases::run_case;
use dmmigrate::app::config::LoadedRules;
use dmmigrate::app::output::patch::write_patch;
use dmmigrate::app::run::{RunResult, on_threads};
use dmmigrate::engine::fix::FixStatus;
use dmmigrate::go::lex::{Lexer, TokenKind};
use dmmigrate::go::syntax::Syntax;
use dmmigrate::rule::compiled::Action;
use dmmigrate::text::Span;

use super::go_toolchain::GoToolchain;

/// Runs the rules over the files in `folder` and asserts all invariants. The folder holds the
/// result afterwards.
pub fn run_and_check(folder: &Path, loaded: &LoadedRules, name: &str) -> RunResult {
    let rules = &loaded.compiled.rules;
    let run = |jobs| {
        let texts = text_globs(loaded);
        on_threads(Some(jobs), || run_case(folder, rules, &texts).expect("a run")).expect("threads")
    };
    let result = run(1);
    assert_eq!(patch(&result), patch(&run(4)), "{name}: threads change the output");
    one_status_a_site(&result, name);
    let drops = |f: &Action| matches!(f, Action::Rewrite(r) if r.drops_comments);
    for file in result.files.iter().filter(|f| f.path.extension().is_some_and(|e| e == "go")) {
        let after = file.outcome.edits.apply(&file.text);
        let path = file.path.display();
        assert!(errors(&after) <= errors(&file.text), "{name}: {path} parses worse\n{after}");
        if !rules.rules.iter().any(|r| drops(&r.action)) {
            comments_are_kept(&file.text, &after, &format!("{name}: {path}"));
        }
    }
    patch_is_the_result(folder, &result, name);
    let again = run(2);
    assert_eq!(patch(&again), "", "{name}: a second run changes something");
    formatting_is_no_worse(&result, name);
    result
}

/// The whole patch of a run.
pub fn patch(result: &RunResult) -> String {
    let mut out = String::new();
    result.files.iter().for_each(|file| write_patch(file, &mut out));
    out
}

fn one_status_a_site(result: &RunResult, name: &str) {
    for file in &result.files {
        let mut sites: Vec<_> = file.outcome.sites.iter().map(|s| (s.rule, s.span)).collect();
        let all = sites.len();
        sites.sort_unstable();
        sites.dedup();
        assert_eq!(all, sites.len(), "{name}: a site of {} has two statuses", file.path.display());
        let applied = file.outcome.sites.iter().any(|s| s.status == FixStatus::Applied);
        assert!(
            applied || file.outcome.edits.is_empty(),
            "{name}: {} is edited without a site",
            file.path.display()
        );
    }
}

fn errors(text: &str) -> usize {
    let text: Arc<str> = text.into();
    Syntax::parse(&text, Span::new(0, text.len())).errors()
}

fn comments_are_kept(before: &str, after: &str, name: &str) {
    let count = |text: &str| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for token in Lexer::all(text).filter(|t| t.kind == TokenKind::Comment) {
            *counts.entry(token.span.of(text).to_string()).or_default() += 1;
        }
        counts
    };
    let after = count(after);
    for (comment, wanted) in count(before) {
        let left = after.get(&comment).copied().unwrap_or(0);
        assert!(left >= wanted, "{name}: the comment {comment:?} is lost");
    }
}

/// `git apply` of the patch gives what the edits give, and `git apply -R` what was there before.
fn patch_is_the_result(folder: &Path, result: &RunResult, name: &str) {
    let text = patch(result);
    if text.is_empty() {
        return;
    }
    let file = tempfile::NamedTempFile::new().expect("a file for the patch");
    std::fs::write(file.path(), &text).expect("the patch is written");
    let apply = |flags: &[&str]| {
        let mut git = Command::new("git");
        git.current_dir(folder).env("GIT_CEILING_DIRECTORIES", folder.parent().unwrap_or(folder));
        let output = git.arg("apply").args(flags).arg(file.path()).output().expect("git runs");
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{name}: git apply {flags:?}\n{errors}\n{text}");
    };
    let read = |path: &Path| std::fs::read_to_string(folder.join(path)).expect("a patched file");
    apply(&[]);
    for file in &result.files {
        assert_eq!(read(&file.path), file.outcome.edits.apply(&file.text), "{name}");
    }
    apply(&["-R"]);
    for file in &result.files {
        assert_eq!(read(&file.path), *file.text, "{name}");
    }
    apply(&[]);
}

/// Where there is gofmt: what it would have left alone before, it leaves alone after.
fn formatting_is_no_worse(result: &RunResult, name: &str) {
    if GoToolchain::find().is_none() {
        return;
    }
    for file in result.files.iter().filter(|f| f.path.extension().is_some_and(|e| e == "go")) {
        let after = file.outcome.edits.apply(&file.text);
        if is_formatted(&file.text) {
            assert!(
                is_formatted(&after),
                "{name}: {} is not gofmt-clean\n{after}",
                file.path.display()
            );
        }
    }
}

fn is_formatted(text: &str) -> bool {
    let file = tempfile::Builder::new().suffix(".go").tempfile().expect("a file");
    std::fs::write(file.path(), text).expect("it is written");
    let output = Command::new("gofmt").arg("-l").arg(file.path()).output().expect("gofmt runs");
    output.status.success() && output.stdout.is_empty()
}
