//! Decisions about a run as a whole: exit codes, and what is refused.

use std::process::Output;

use super::support::repository::Repository;

const SOURCE: &str = "package p\n\nvar a = old(1)\n";
const RULE: &str = "rules:\n- id: renamed\n  match: old($x)\n  rewrite: new1($x)\n";

fn repository(rule: &str) -> Repository {
    Repository::new(&[("a.go", SOURCE), ("b.go", "package p\n"), ("rule.yaml", rule)])
}

fn apply(repository: &Repository, more: &[&str]) -> Output {
    let args = [&["apply", "--rule", "rule.yaml"], more].concat();
    repository.dmmigrate(&args).output().expect("the program runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Two rules that undo each other: the file is left alone, both are named, and the run failed.
#[test]
fn a_file_that_does_not_settle_is_left_alone_and_its_rules_are_named() {
    let back = "- id: back\n  match: new1($x)\n  rewrite: old($x)\n";
    let repository = repository(&format!("{RULE}{back}"));
    let output = apply(&repository, &[]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("a.go does not settle after 4 rounds"), "{}", said(&output));
    assert!(said(&output).contains("renamed") || said(&output).contains("back"));
    assert_eq!(repository.read("a.go"), SOURCE);
}

#[test]
fn sites_that_need_review_do_not_change_the_exit_code() {
    let repository = repository(&RULE.replace("  match", "  safety: review\n  match"));
    let output = apply(&repository, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("1 site needs review"), "{}", said(&output));
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_fails_the_run_after_the_rest_is_done() {
    let repository = repository(RULE);
    // A link that leads to itself cannot be read by anybody, root included.
    std::os::unix::fs::symlink("loop.go", repository.path().join("loop.go")).expect("a link");
    let output = apply(&repository, &[".", "loop.go"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
}

#[test]
fn a_staged_or_untracked_file_that_would_be_written_is_refused_with_all_others() {
    for staged in [false, true] {
        let repository = repository(RULE);
        repository.write("c.go", SOURCE);
        if staged {
            repository.git(&["add", "c.go"]);
        }
        let output = apply(&repository, &[]);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains("c.go"), "{}", said(&output));
        assert_eq!(repository.read("a.go"), SOURCE, "nothing is written");
        assert_eq!(apply(&repository, &["--dry-run"]).status.code(), Some(0));
    }
}

#[test]
fn other_files_may_be_dirty() {
    let repository = repository(RULE);
    repository.write("b.go", "package p\n\n// dirty\n");
    let output = apply(&repository, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(repository.read("a.go").contains("new1(1)"));
}

#[test]
fn without_git_nothing_is_dirty() {
    let repository = repository(RULE);
    std::fs::remove_dir_all(repository.path().join(".git")).expect("removed");
    repository.write("go.mod", "module example.com/p\n\ngo 1.22\n");
    let output = apply(&repository, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(repository.read("a.go").contains("new1(1)"));
}
