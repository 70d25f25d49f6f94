//! Code that nobody wrote for a test: what every case is held to, over a whole repository.
//!
//! By default parts of the standard library. `DMMIGRATE_REAL_CODE` names another folder, which is
//! copied and left as it is, and `DMMIGRATE_REAL_RULES` the rule file for it; vendor folders count.

#![allow(clippy::print_stdout, reason = "the test prints its figures")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::support::go_toolchain::GoToolchain;
use super::support::repository::Repository;

/// Expressions under other precedence, imports that come and go, statements, types.
const RULES: &str = r#"packages: {strings: strings, errors: errors, fmt: fmt, sync: sync}
rules:
- {id: contains, match: "strings.Contains($s, $t)", rewrite: "strings.Index($s, $t) >= 0"}
- {id: new, match: errors.New($text), rewrite: 'fmt.Errorf("%s", $text)'}
- {id: empty, match: "interface{}", rewrite: any}
- id: handled
  match: |
    if $err != nil {
    	return $$$zeros, $err
    }
  rewrite: |
    if $err != nil {
    	// It is the caller's.
    	return $$$zeros, fmt.Errorf("failed: %w", $err)
    }
- {id: prefix, match: "strings.HasPrefix($s, $t)", rewrite: "strings.HasSuffix($s, $t)", safety: review}
"#;

fn copied(from: &Path, folders: &[&str]) -> Repository {
    let repository = Repository::new(&[("go.mod", "module example.com/real\n\ngo 1.26\n")]);
    for folder in folders {
        let to = repository.path().join(folder);
        std::fs::create_dir_all(to.parent().expect("a folder")).expect("made");
        let mut copy = Command::new("cp");
        let status = copy.arg("-R").arg(from.join(folder)).arg(&to).status().expect("cp runs");
        assert!(status.success(), "cannot copy {folder}");
    }
    // Files are compared byte for byte: what the repository says of line ends must not matter.
    repository.git(&["config", "core.autocrlf", "false"]);
    std::fs::write(repository.path().join(".git/info/attributes"), "* -text -filter -diff\n")
        .expect("written");
    repository.commit();
    repository
}

/// The files below the folder that `gofmt` would change.
fn unformatted(go: &GoToolchain, root: &Path) -> BTreeSet<String> {
    let gofmt = PathBuf::from(go.env("GOROOT")).join("bin/gofmt");
    let output = Command::new(gofmt).current_dir(root).args(["-l", "."]).output().expect("runs");
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

fn tree(repository: &Repository) -> String {
    repository.git(&["add", "-A", "-f"]);
    repository.git(&["write-tree"])
}

struct Run {
    stdout: Vec<u8>,
    stderr: String,
}

fn run(repository: &Repository, args: &[&str]) -> Run {
    let output = repository.dmmigrate(args).output().expect("the program runs");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{args:?}: {stderr}");
    Run { stdout: output.stdout, stderr }
}

fn holds(repository: &Repository, rules: &str, go: &GoToolchain) {
    let all = ["apply", "--include-vendor", "--rule", rules];
    let with = |more: &[&'static str]| {
        let mut args = all.to_vec();
        args.extend(more);
        run(repository, &args)
    };
    let patch = with(&["--dry-run", "--jobs", "1"]);
    assert!(!patch.stdout.is_empty(), "the rules change nothing: {}", patch.stderr);
    let parallel = with(&["--dry-run", "--jobs", "4"]);
    assert!(patch.stdout == parallel.stdout, "other bytes with other threads");

    let before = tree(repository);
    let unformatted_before = unformatted(go, repository.path());
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), &patch.stdout).expect("written");
    let file = file.path().to_str().expect("a path");
    repository.git(&["apply", "--check", file]);

    println!("{}", with(&[]).stderr);
    let after = tree(repository);
    let new: Vec<_> =
        unformatted(go, repository.path()).difference(&unformatted_before).cloned().collect();
    assert!(new.is_empty(), "gofmt names these only after the run: {new:?}");

    let again = with(&["--dry-run", "--allow-dirty"]);
    assert!(again.stdout.is_empty(), "{}", String::from_utf8_lossy(&again.stdout));

    repository.git(&["apply", "-R", file]);
    assert_eq!(tree(repository), before, "the patch does not reverse to the same bytes");
    repository.git(&["apply", file]);
    assert_eq!(tree(repository), after, "apply has written something else than its patch says");
    run(repository, &["undo"]);
    assert_eq!(tree(repository), before, "undo does not bring the same bytes back");
}

#[test]
fn what_holds_for_cases_holds_for_real_code() {
    let Some(go) = GoToolchain::find() else { return };
    let named = std::env::var_os("DMMIGRATE_REAL_CODE");
    let rules = tempfile::NamedTempFile::with_suffix(".yaml").expect("a file");
    std::fs::write(rules.path(), RULES).expect("written");
    let mine = std::env::var("DMMIGRATE_REAL_RULES").ok();
    let rules = mine.as_deref().unwrap_or(rules.path().to_str().expect("a path"));
    let repository = if let Some(folder) = named {
        copied(Path::new(&folder), &["."])
    } else {
        let source = PathBuf::from(go.env("GOROOT")).join("src");
        copied(&source, &["encoding", "database", "go/doc", "go/types", "net/http"])
    };
    holds(&repository, rules, &go);
}
