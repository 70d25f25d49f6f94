//! `--tidy`: go.mod, go.sum and vendor are changed with the code, committed with it, and undone with
//! it; what the go command says when it fails is said apart.

use std::process::Output;

use super::support::go_toolchain::GoToolchain;
use super::support::repository::Repository;

const RULES: &str = "packages: {old: example.com/old, new: example.com/new}\nrules:\n- {id: moved, import: {from: example.com/old, to: example.com/new}}\n- {id: module, gomod: {move: example.com/old, to: example.com/new v1.0.0}}\n";

const GO_MOD: &str = "module example.com/m\n\ngo 1.22\n\nrequire example.com/old v1.0.0\n\nreplace example.com/old => ../old\n\nreplace example.com/new => ../new\n\nreplace example.com/deep => ../deep\n";

/// A module that vendors `old`; `new` needs a further module.
fn repository(deep: bool) -> Repository {
    let needs = "module example.com/new\n\ngo 1.22\n\nrequire example.com/deep v1.0.0\n";
    let package = |name: &str| format!("package {name}\n\nconst X = 1\n");
    let new = "package new\n\nimport \"example.com/deep\"\n\nconst X = deep.X\n";
    let a = "package m\n\nimport \"example.com/old\"\n\nvar A = old.X\n";
    let repository = Repository::new(&[
        ("rules.yaml", RULES),
        ("m/go.mod", GO_MOD),
        ("m/a.go", a),
        ("old/go.mod", "module example.com/old\n\ngo 1.22\n"),
        ("old/x.go", &package("old")),
        ("new/go.mod", needs),
        ("new/x.go", new),
    ]);
    if deep {
        repository.write("deep/go.mod", "module example.com/deep\n\ngo 1.22\n");
        repository.write("deep/x.go", &package("deep"));
    }
    repository.git(&["config", "user.name", "t"]);
    repository.git(&["config", "user.email", "t@example.com"]);
    repository
}

fn run(repository: &Repository, args: &[&str]) -> Output {
    let mut command = repository.dmmigrate(args);
    command.env("GOFLAGS", "").env("GOPROXY", "off").env("GOTOOLCHAIN", "local");
    command.output().expect("it runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

const APPLY: [&str; 5] = ["apply", "--rule", "rules.yaml", "m", "--tidy"];

#[test]
fn modules_are_tidy_afterwards_and_untidied_by_undo() {
    let Some(go) = GoToolchain::find() else { return };
    let repository = repository(true);
    let vendored = go.run(&repository.path().join("m"), &["mod", "vendor"]);
    assert!(vendored.status.success(), "{vendored:?}");
    repository.commit();
    let output = run(&repository, &APPLY);
    let text = said(&output);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("tidied: m/ (5 files changed by it)"), "{text}");
    assert!(!text.contains("next:"), "{text}");
    let go_mod = repository.read("m/go.mod");
    assert!(go_mod.contains("example.com/deep v1.0.0 // indirect"), "{go_mod}");
    assert!(!repository.path().join("m/vendor/example.com/old/x.go").exists());
    // It builds from its vendor folder, and there is nothing left to tidy.
    let built = go.run(&repository.path().join("m"), &["vet", "-mod=vendor", "./..."]);
    assert!(built.status.success(), "{built:?}");
    assert!(run(&repository, &["undo"]).status.success());
    assert_eq!(repository.git(&["status", "--porcelain"]), "");
}

#[test]
fn what_is_left_to_a_person_is_what_tidy_would_run() {
    let repository = repository(true);
    let apply = ["apply", "--rule", "rules.yaml", "m", "--dry-run", "--report", "r.md"];
    let text = said(&run(&repository, &apply));
    assert!(text.ends_with("next: go mod tidy (go.mod changed in m/)\n"), "{text}");
    repository.write("m/vendor/modules.txt", "");
    let text = said(&run(&repository, &apply));
    let next = "next: go mod tidy && go mod vendor (go.mod changed in m/)\n";
    assert!(text.ends_with(next), "{text}");
    let report = repository.read("r.md");
    assert!(report.contains("Then: `go mod tidy && go mod vendor` in m"), "{report}");
    let repository = workspace();
    repository.write("vendor/modules.txt", "");
    let text = said(&run(&repository, &["check", "--rule", "rules.yaml"]));
    let next = "next: go mod tidy (go.mod changed in a/, b/)\nthen: go work vendor (in .)\n";
    assert!(text.contains(next), "{text}");
}

#[test]
fn what_is_tidied_is_part_of_the_last_commit() {
    let Some(go) = GoToolchain::find() else { return };
    let repository = repository(true);
    assert!(go.run(&repository.path().join("m"), &["mod", "vendor"]).status.success());
    repository.commit();
    let output = run(&repository, &[&APPLY[..], &["--commit", "rule"]].concat());
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(repository.git(&["status", "--porcelain"]), "");
    let files = repository.git(&["show", "--name-status", "--no-renames", "--format=", "HEAD"]);
    for line in
        ["M\tm/go.mod", "D\tm/vendor/example.com/old/x.go", "A\tm/vendor/example.com/new/x.go"]
    {
        assert!(files.contains(line), "{files}");
    }
    assert_eq!(repository.git(&["show", "--name-only", "--format=", "HEAD~1"]), "m/a.go\n");
}

#[test]
fn a_failure_is_said_apart_and_the_code_is_changed_all_the_same() {
    if GoToolchain::find().is_none() {
        return;
    }
    // The module that the new one needs is not there.
    let repository = repository(false);
    let output = run(&repository, &APPLY);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("error: go mod tidy failed in m/: its code and go.mod"), "{text}");
    assert!(text.contains("example.com/deep"), "{text}");
    assert!(text.contains("next: go mod tidy (go.mod changed in m/)"), "{text}");
    assert!(repository.read("m/a.go").contains("example.com/new"));
    assert!(run(&repository, &["undo"]).status.success());
    assert_eq!(repository.git(&["status", "--porcelain"]), "");
}

#[test]
fn what_tidying_would_change_must_be_committed_and_go_must_be_there() {
    let Some(go) = GoToolchain::find() else { return };
    let repository = repository(true);
    assert!(go.run(&repository.path().join("m"), &["mod", "vendor"]).status.success());
    repository.commit();
    repository.write("m/vendor/modules.txt", "mine\n");
    let output = run(&repository, &APPLY);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("m/vendor/modules.txt (modified)"), "{}", said(&output));
    assert_eq!(repository.read("m/go.mod"), GO_MOD);
    let output = run(&repository, &[&APPLY[..], &["--dry-run"]].concat());
    assert_eq!(output.status.code(), Some(2));
    let mut without_go = repository.dmmigrate(&APPLY);
    let output = without_go.env("PATH", "").output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("--tidy needs the go command"), "{}", said(&output));
}

/// A workspace of two modules that vendors `old`.
fn workspace() -> Repository {
    let module = |name: &str| {
        format!("module example.com/{name}\n\ngo 1.22\n\nrequire example.com/old v1.0.0\n")
    };
    let code = "package m\n\nimport \"example.com/old\"\n\nvar A = old.X\n";
    let library = |name: &str| format!("package {name}\n\nconst X = 1\n");
    let replaces = "replace example.com/old => ./lib/old\n\nreplace example.com/new => ./lib/new\n";
    let repository = Repository::new(&[
        ("rules.yaml", RULES),
        ("go.work", &format!("go 1.22\n\nuse (\n\t./a\n\t./b\n)\n\n{replaces}")),
        (
            "a/go.mod",
            &(module("a")
                + "\nreplace example.com/old => ../lib/old\n\nreplace example.com/new => ../lib/new\n"),
        ),
        ("a/a.go", code),
        (
            "b/go.mod",
            &(module("b")
                + "\nreplace example.com/old => ../lib/old\n\nreplace example.com/new => ../lib/new\n"),
        ),
        ("b/b.go", code),
        ("lib/old/go.mod", "module example.com/old\n\ngo 1.22\n"),
        ("lib/old/x.go", &library("old")),
        ("lib/new/go.mod", "module example.com/new\n\ngo 1.22\n"),
        ("lib/new/x.go", &library("new")),
    ]);
    repository.git(&["config", "user.name", "t"]);
    repository.git(&["config", "user.email", "t@example.com"]);
    repository
}

/// Runs `go` in the workspace, where no flag may say how modules are read.
fn go_work(repository: &Repository, args: &[&str]) {
    let mut go = std::process::Command::new("go");
    go.current_dir(repository.path()).args(args);
    go.env("GOFLAGS", "").env("GOPROXY", "off").env("GOTOOLCHAIN", "local");
    let output = go.output().expect("it runs");
    assert!(output.status.success(), "go {args:?}: {}", said(&output));
}

#[test]
fn a_workspace_that_is_vendored_is_vendored_anew() {
    if GoToolchain::find().is_none() {
        return;
    }
    let repository = workspace();
    go_work(&repository, &["work", "vendor"]);
    repository.commit();
    go_work(&repository, &["build", "-mod=vendor", "./a", "./b"]);
    let output = run(&repository, &["apply", "--rule", "rules.yaml", "--tidy"]);
    let text = said(&output);
    assert!(output.status.success(), "{text}");
    assert!(
        text.contains("vendored: ./ (go work vendor)") || text.contains("vendored: . (go"),
        "{text}"
    );
    assert!(repository.path().join("vendor/example.com/new/x.go").exists());
    assert!(!repository.path().join("vendor/example.com/old/x.go").exists());
    // It builds from the vendor folder, which is what go would have made of it.
    go_work(&repository, &["build", "-mod=vendor", "./a", "./b"]);
    let before = repository.git(&["status", "--porcelain", "-uall"]);
    go_work(&repository, &["work", "vendor"]);
    assert_eq!(repository.git(&["status", "--porcelain", "-uall"]), before);
    assert!(run(&repository, &["undo"]).status.success());
    assert_eq!(repository.git(&["status", "--porcelain"]), "");
}
