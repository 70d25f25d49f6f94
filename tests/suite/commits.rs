//! Commits: each is the tree after its rules and all before it, the series of a dry run makes the
//! same ones, and one that cannot be made leaves none behind.

use std::process::{Command, Output, Stdio};

use super::support::repository::{Repository, snapshot};

/// `swap` builds on what `wrap` writes, `print` and `word` stand alone, `need` is for go.mod.
const RULES: &str = "\
packages: {errors: github.com/pkg/errors, fmt: fmt}
rules:
- id: wrap
  title: 用 WithMessage
  why: |
    Wrap records a second stack.
    --- this is no patch
    From here on: neither a mail.
  match: errors.Wrap($e, $m)
  rewrite: errors.WithMessage($e, $m)
- id: print
  match: fmt.Print($x)
  rewrite: fmt.Println($x)
- id: word
  text: {files: ['**/*.md'], find: '\\bold\\b', replace: new}
- id: need
  gomod: {require: github.com/pkg/errors v0.9.1}
";

const GO: &str = "package p\n\nimport (\n\t\"fmt\"\n\n\t\"github.com/pkg/errors\"\n)\n\nfunc f(err error) error {\n\tfmt.Print(1)\n\treturn errors.Wrap(err, \"f\")\n}\n";

const GO_MOD: &str = "module example.com/m\n\ngo 1.22\n\nrequire github.com/pkg/errors v0.8.0\n";

fn repository() -> Repository {
    let crlf = GO.replace('\n', "\r\n");
    let repository = Repository::new(&[
        ("rules.yaml", RULES),
        ("go.mod", GO_MOD),
        ("a.go", GO),
        ("b/with space.go", GO),
        ("b/crlf.go", &crlf),
        ("c/only print.go", "package c\n\nimport \"fmt\"\n\nfunc g() { fmt.Print(2) }\n"),
        ("README.md", "From here\nthe old word"),
        ("other.txt", "nobody's business\n"),
    ]);
    repository.git(&["config", "user.name", "Jörg Müller"]);
    repository.git(&["config", "user.email", "j@example.com"]);
    repository.git(&["tag", "start"]);
    repository
}

fn run(repository: &Repository, args: &[&str]) -> Output {
    repository.dmmigrate(args).output().expect("it runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn trees(repository: &Repository) -> Vec<String> {
    let trees = repository.git(&["log", "--reverse", "--format=%T %an <%ae> %B", "start.."]);
    trees.split("\n\n\n").map(str::to_owned).collect()
}

fn is_clean(repository: &Repository) -> bool {
    repository.git(&["status", "--porcelain"]).is_empty()
}

const APPLY: [&str; 4] = ["apply", "-q", "--rule", "rules.yaml"];

#[test]
fn a_series_makes_the_same_commits_and_the_same_tree_as_the_patch() {
    for (by, count) in [("once", 1), ("rule", 4), ("package", 4)] {
        let made = repository();
        let output = run(&made, &[&APPLY[..], &["--commit", by]].concat());
        assert!(output.status.success(), "{by}: {}", said(&output));
        assert!(is_clean(&made), "{by}");
        let subjects = made.git(&["log", "--format=%s", "start.."]);
        assert_eq!(subjects.lines().count(), count, "{by}: {subjects}");

        let mailed = repository();
        let series = run(&mailed, &[&APPLY[..], &["-n", "--commit", by]].concat());
        assert!(series.status.success() && is_clean(&mailed), "{by}: {}", said(&series));
        std::fs::write(mailed.path().join(".git/series"), &series.stdout).expect("written");
        mailed.git(&["am", "-q", ".git/series"]);
        assert!(is_clean(&mailed), "{by}");
        assert_eq!(trees(&mailed), trees(&made), "{by}");
        // A commit says what the rule says; in a mail the same line must not begin the next one.
        let said = made.git(&["log", "--format=%B", "start.."]);
        assert!(said.contains("\nFrom here on: neither a mail.\n"), "{by}: {said}");
        let series = String::from_utf8_lossy(&series.stdout).into_owned();
        assert_eq!(series.matches("\nFrom ").count() + 1, count, "{by}: {series}");

        let patched = repository();
        let patch = run(&patched, &[&APPLY[..], &["-n"]].concat());
        std::fs::write(patched.path().join(".git/patch"), &patch.stdout).expect("written");
        patched.git(&["apply", "--index", ".git/patch"]);
        let tree = patched.git(&["write-tree"]);
        assert_eq!(tree, made.git(&["rev-parse", "HEAD^{tree}"]), "{by}");
    }
}

#[test]
fn the_tree_after_a_commit_is_what_its_rules_and_those_before_make() {
    let made = repository();
    assert!(run(&made, &[&APPLY[..], &["--commit", "rule"]].concat()).status.success());
    let rules = ["wrap", "print", "word", "need"];
    for count in 1..=rules.len() {
        let alone = repository();
        let only = rules[..count].iter().flat_map(|rule| ["--only", rule]);
        let args: Vec<&str> = APPLY.into_iter().chain(only).collect();
        assert!(run(&alone, &args).status.success());
        alone.git(&["add", "-A"]);
        let tree = alone.git(&["write-tree"]);
        let commit = format!("HEAD~{}^{{tree}}", rules.len() - count);
        assert_eq!(made.git(&["rev-parse", &commit]), tree, "after {count} rules");
    }
    let log = made.git(&["log", "--reverse", "--stat=72", "--format=%an%n%n%B---", "start.."]);
    snapshot(|| insta::assert_snapshot!("commits_by_rule", log));
}

#[test]
fn rules_that_cannot_be_parted_share_a_commit_that_names_both() {
    // The first rule finds only what the second one writes; a third one stands alone.
    let rules = "packages: {fmt: fmt, os: os}\nrules:\n- {id: second, title: B, match: 'fmt.Fprint(os.Stdout, $x)', rewrite: fmt.Println($x)}\n- {id: first, title: A, match: fmt.Print($x), rewrite: 'fmt.Fprint(os.Stdout, $x)'}\n- {id: alone, title: C, match: fmt.Sprint($x), rewrite: fmt.Sprintln($x)}\n";
    let go = "package p\n\nimport \"fmt\"\n\nfunc f() string {\n\tfmt.Print(1)\n\treturn fmt.Sprint(2)\n}\n";
    let repository = Repository::new(&[("rules.yaml", rules), ("a.go", go)]);
    repository.git(&["config", "user.name", "t"]);
    repository.git(&["config", "user.email", "t@example.com"]);
    let output = run(&repository, &[&APPLY[..], &["--commit", "rule"]].concat());
    assert!(output.status.success(), "{}", said(&output));
    let log = repository.git(&["log", "--reverse", "--format=%s", "HEAD~2.."]);
    assert_eq!(log, "rules: second, first\nrules/alone: C\n");
    assert!(repository.git(&["show", "HEAD~1:a.go"]).contains("fmt.Println(1)"));
    assert!(is_clean(&repository));
}

#[test]
fn what_else_is_staged_or_not_committed_is_no_part_of_it() {
    let repository = repository();
    repository.write("other.txt", "staged\n");
    repository.git(&["add", "other.txt"]);
    let output = run(&repository, &[&APPLY[..], &["--commit", "once"]].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("these files are staged"), "{}", said(&output));
    assert!(said(&output).contains("\n  other.txt"), "{}", said(&output));
    assert_eq!(repository.read("a.go"), GO);
    repository.git(&["restore", "--staged", "other.txt"]);
    let output = run(&repository, &[&APPLY[..], &["--commit", "once"]].concat());
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(repository.git(&["status", "--porcelain"]), " M other.txt\n");
    let files = repository.git(&["show", "--format=", "--name-only", "HEAD"]);
    assert!(!files.contains("other.txt"), "{files}");
    let output = run(&repository, &[&APPLY[..], &["--commit", "once", "--allow-dirty"]].concat());
    assert_eq!(output.status.code(), Some(2));
}

#[cfg(unix)]
#[test]
fn a_hook_that_refuses_leaves_no_commit_and_says_how_to_go_on() {
    use std::os::unix::fs::PermissionsExt as _;
    let repository = repository();
    // The second commit is refused.
    let hook = "#!/bin/sh\ngrep -q 'print:' \"$1\" || exit 0\necho 'no \x1b[31mprinting\x1b[0m here' >&2\nexit 1\n";
    let path = repository.path().join(".git/hooks/commit-msg");
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    std::fs::write(&path, hook.replace("print:", "rules/print")).expect("written");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("own file");
    let start = repository.git(&["rev-parse", "HEAD"]);
    let output = run(&repository, &[&APPLY[..], &["--commit", "rule"]].concat());
    assert_eq!(output.status.code(), Some(2));
    let text = said(&output);
    assert!(text.contains("no commit was made, the files stay changed"), "{text}");
    assert!(text.contains("no \\u{1b}[31mprinting"), "{text}");
    assert_eq!(repository.git(&["rev-parse", "HEAD"]), start);
    assert_eq!(repository.git(&["diff", "--cached", "--name-only"]), "");
    assert!(repository.read("a.go").contains("WithMessage"));
    assert!(run(&repository, &["undo", "-q"]).status.success());
    assert!(is_clean(&repository));
}

#[test]
fn undo_of_commits_restores_the_files_and_says_what_git_would_do() {
    let repository = repository();
    assert!(run(&repository, &[&APPLY[..], &["--commit", "rule"]].concat()).status.success());
    let undo = run(&repository, &["undo"]);
    assert!(undo.status.success());
    repository.git(&["add", "-A"]);
    let tree = repository.git(&["write-tree"]);
    assert_eq!(tree, repository.git(&["rev-parse", "start^{tree}"]));
    // What it prints does the same.
    let text = said(&undo);
    let revert = text.split("git revert ").nth(1).expect("a command").trim();
    repository.git(&["reset", "-q", "--hard"]);
    let args: Vec<&str> = ["revert"].into_iter().chain(revert.split(' ')).collect();
    repository.git(&args);
    assert_eq!(repository.git(&["rev-parse", "HEAD^{tree}"]), tree);
}

#[test]
fn a_kill_among_the_commits_can_be_taken_back() {
    let repository = repository();
    let mut child = repository
        .dmmigrate(&[&APPLY[..], &["--commit", "rule"]].concat())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    // From the first commit on it is among the commits, until the last.
    let start = repository.git(&["rev-parse", "HEAD"]);
    let head = || repository.git(&["rev-parse", "HEAD"]);
    while head() == start && child.try_wait().expect("it lives").is_none() {}
    child.kill().expect("it is killed");
    child.wait().expect("it has ended");
    let _ = std::fs::remove_file(repository.path().join(".git/index.lock"));
    let output = run(&repository, &["undo"]);
    assert!(output.status.success(), "{}", said(&output));
    repository.git(&["add", "-A"]);
    let tree = repository.git(&["write-tree"]);
    assert_eq!(tree, repository.git(&["rev-parse", "start^{tree}"]));
}

#[test]
fn without_git_an_author_or_a_first_commit_nothing_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.go"), GO).expect("written");
    std::fs::write(folder.path().join("rules.yaml"), RULES).expect("written");
    let apply = || {
        let mut command = Command::new(insta_cmd::get_cargo_bin("dmmigrate"));
        command.current_dir(folder.path()).args(APPLY).args(["--commit", "once"]);
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        command.env("GIT_AUTHOR_NAME", "a").env("GIT_AUTHOR_EMAIL", "a@example.com");
        let output = command.output().expect("it runs");
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(std::fs::read_to_string(folder.path().join("a.go")).expect("there"), GO);
        said(&output)
    };
    assert!(apply().contains("--commit needs a git repository"));
    let mut git = Command::new("git");
    assert!(
        git.current_dir(folder.path()).args(["init", "-q"]).status().is_ok_and(|s| s.success())
    );
    assert!(apply().contains("--commit needs a commit to build on"));
}

#[test]
fn a_file_that_a_rule_needs_is_created_in_its_commit() {
    let rules = "packages: {errors: errors, compat: '${module}/internal/compat'}\nrules:\n- {id: call, match: errors.New($x), rewrite: compat.New($x)}\n- id: helper\n  file:\n    path: internal/compat/compat.go\n    content: |\n      package compat\n\n      func New(text string) error { return nil }\n";
    let go = "package p\n\nimport \"errors\"\n\nvar E = errors.New(\"e\")\n";
    let files =
        [("rules.yaml", rules), ("a.go", go), ("go.mod", "module example.com/m\n\ngo 1.22\n")];
    let (made, mailed) = (Repository::new(&files), Repository::new(&files));
    for repository in [&made, &mailed] {
        repository.git(&["config", "user.name", "t"]);
        repository.git(&["config", "user.email", "t@example.com"]);
    }
    let output = run(&made, &[&APPLY[..], &["--commit", "rule"]].concat());
    assert!(output.status.success(), "{}", said(&output));
    assert!(is_clean(&made));
    let changed = made.git(&["show", "--name-status", "--format=", "HEAD"]);
    assert_eq!(changed, "M\ta.go\nA\tinternal/compat/compat.go\n");
    let series = run(&mailed, &[&APPLY[..], &["-n", "--commit", "rule"]].concat());
    std::fs::write(mailed.path().join(".git/series"), &series.stdout).expect("written");
    mailed.git(&["am", "-q", ".git/series"]);
    let tree = |repository: &Repository| repository.git(&["rev-parse", "HEAD^{tree}"]);
    assert_eq!(tree(&mailed), tree(&made));
    let undo = run(&made, &["undo", "--rule", "helper"]);
    assert_eq!(undo.status.code(), Some(2));
    assert!(said(&undo).contains("is used by what other rules have changed"), "{}", said(&undo));
}
