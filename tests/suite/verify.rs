//! The command `verify`: new failures and the rules behind them, and that nothing is left behind.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::go_toolchain::GoToolchain;
use crate::support::repository::Repository;

/// Ten rules that each change a word in every file; the seventh one does harm.
fn rules() -> String {
    let rule = |n: usize| {
        let word = if n == 7 { "Harm" } else { "Good" };
        format!("- {{id: rule-{n}, match: 'p.A{n}()', rewrite: 'p.{word}{n}()'}}\n")
    };
    format!("packages: {{p: a.b/p}}\nrules:\n{}", (0..10).map(rule).collect::<String>())
}

fn code() -> String {
    let calls = (0..10).map(|n| format!("\tp.A{n}()\n")).collect::<Vec<_>>().concat();
    format!("package q\n\nimport \"a.b/p\"\n\nfunc f() {{\n{calls}}}\n")
}

fn repository() -> Repository {
    Repository::new(&[("r.yaml", &rules()), ("q/a.go", &code())])
}

struct Said {
    code: i32,
    out: String,
    err: String,
}

fn verify(repository: &Repository, args: &[&str]) -> Said {
    let all: Vec<&str> = ["verify", "--rule", "r.yaml"].iter().chain(args).copied().collect();
    let mut command = repository.dmmigrate(&all);
    command.env("GOPROXY", "off").env("GOTOOLCHAIN", "local").env("GOFLAGS", "-mod=mod");
    let output = command.output().expect("runs");
    Said {
        code: output.status.code().expect("an exit code"),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Only the user's own work tree is there, and git sees no change in it.
fn is_clean(repository: &Repository) {
    assert_eq!(repository.git(&["worktree", "list"]).lines().count(), 1);
    assert_eq!(repository.git(&["status", "--porcelain"]), "");
    assert_eq!(repository.git(&["stash", "list"]), "");
}

#[test]
fn of_ten_rules_the_harmful_one_is_named() {
    let repository = repository();
    let said = verify(&repository, &["--", "sh", "-c", "! grep -rn Harm q"]);
    assert_eq!(said.code, 1, "{}{}", said.out, said.err);
    assert!(said.out.contains("caused by r/rule-7 ("), "{}", said.out);
    assert!(said.err.contains("verify failed: 1 new failure"), "{}", said.err);
    assert_eq!(repository.read("q/a.go"), code(), "nothing is written");
    is_clean(&repository);
}

/// What `go test` prints where one test fails in a package, and those of another pass.
const OLD_TEST: &str =
    "printf -- '--- FAIL: TestOld (0.00s)\\nFAIL\\tx.y/q\\t0.1s\\nok  \\tx.y/r\\t0.1s\\n'; exit 1";

#[test]
fn a_test_that_failed_before_is_not_new() {
    let repository = repository();
    let said = verify(&repository, &["--", "sh", "-c", OLD_TEST]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let verdict = "verified: no new failures (1 command fails without the patch too)";
    assert!(said.err.contains(verdict), "{}", said.err);
    is_clean(&repository);
}

#[test]
fn commands_that_fail_anyway_judge_nothing() {
    let repository = repository();
    let said = verify(&repository, &["--", "sh", "-c", "echo old failure; exit 3"]);
    assert_eq!(said.code, 1, "{}{}", said.out, said.err);
    let verdict = "nothing could be judged: every command fails without the patch too";
    assert!(said.err.contains(verdict), "{}", said.err);
    assert!(!said.err.contains("verified"), "{}", said.err);
    // What passes with the patch is judged.
    let said = verify(&repository, &["--", "grep", "-rn", "Harm", "q"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(said.err.ends_with("verified: no new failures\n"), "{}", said.err);
    let said = verify(&repository, &["--", "sh", "-c", "no-such-program-here"]);
    assert_eq!(said.code, 2, "{}{}", said.out, said.err);
    assert!(
        said.err.contains("error: cannot run sh -c no-such-program-here: check"),
        "{}",
        said.err
    );
    is_clean(&repository);
}

#[test]
fn without_a_build_before_go_judges_nothing() {
    let Some(_) = GoToolchain::find() else { return };
    let repository = module(MOVED, TEST);
    repository.write("broken.go", "package app\n\nvar X = undefined\n");
    repository.commit();
    let said = verify(&repository, &[]);
    assert_eq!(said.code, 1, "{}{}", said.out, said.err);
    assert!(said.err.contains("nothing could be judged: every command"), "{}", said.err);
    is_clean(&repository);
}

#[test]
fn the_scratch_tree_has_what_is_not_committed_and_hooks_are_not_run() {
    let repository = repository();
    repository.write("tracked", "old");
    repository.commit();
    repository.write("tracked", "mine");
    repository.write("new file", "mine");
    let hook = repository.path().join(".git/hooks/post-checkout");
    std::fs::write(&hook, "#!/bin/sh\nexit 1\n").expect("a hook");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&hook, mode).expect("own file");
    }
    let test = "test \"$(cat tracked)\" = mine && test \"$(cat 'new file')\" = mine && pwd";
    let said = verify(&repository, &["--format", "json", "--", "sh", "-c", test]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let document: Value = serde_json::from_str(&said.out).expect("JSON");
    assert_eq!(document["commands"][0]["before"]["code"], 0, "{}", said.out);
    assert_eq!(repository.git(&["worktree", "list"]).lines().count(), 1);
    assert_eq!(repository.git(&["status", "--porcelain"]), " M tracked\n?? \"new file\"\n");
    assert_eq!(repository.read("tracked"), "mine");
}

#[test]
fn json_is_what_its_schema_says() {
    let repository = repository();
    let said = verify(&repository, &["--format", "json", "--", "sh", "-c", "! grep -rn Harm q"]);
    let document: Value = serde_json::from_str(&said.out).expect("JSON");
    let schema = include_str!("../../schemas/verify.json");
    let schema: Value = serde_json::from_str(schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<String> =
        validator.iter_errors(&document).map(|e| format!("{} {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(document["newFailures"][0]["rules"], serde_json::json!(["r/rule-7"]));
}

#[test]
fn without_a_repository_or_go_it_says_what_to_do() {
    let repository = repository();
    std::fs::remove_dir_all(repository.path().join(".git")).expect("removed");
    let said = verify(&repository, &["--", "true"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("`git init` and a first commit"), "{}", said.err);
    let said = verify(&self::repository(), &["--", "no-such-program-here"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("check that it is on the PATH"), "{}", said.err);
}

/// Starts a verification whose command writes `started` and waits for long.
#[cfg(unix)]
fn waiting(repository: &Repository, started: &std::path::Path) -> Child {
    let script = format!("echo $$ > '{}'; exec sleep 300", started.display());
    let args = ["verify", "--rule", "r.yaml", "--", "sh", "-c", &script];
    let mut command = repository.dmmigrate(&args);
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("runs");
    let begin = Instant::now();
    while std::fs::read_to_string(started).map_or(true, |text| text.trim().is_empty()) {
        assert!(begin.elapsed() < Duration::from_secs(60), "it never started");
        std::thread::sleep(Duration::from_millis(20));
    }
    child
}

#[cfg(unix)]
fn kill(signal: &str, process: &str) -> bool {
    let killed = Command::new("kill").args([signal, process]).stderr(Stdio::null()).status();
    killed.expect("kill runs").success()
}

#[test]
#[cfg(unix)]
fn after_ctrl_c_the_scratch_tree_and_the_command_are_gone() {
    for signal in ["-INT", "-TERM"] {
        let repository = repository();
        let other = tempfile::tempdir().expect("a folder");
        let started = other.path().join("started");
        let child = waiting(&repository, &started);
        let sleeper = std::fs::read_to_string(&started).expect("a process");
        assert!(kill(signal, &child.id().to_string()));
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("interrupted: nothing was changed"), "{said}");
        assert!(!kill("-0", sleeper.trim()), "the command still runs");
        is_clean(&repository);
    }
}

#[test]
#[cfg(unix)]
fn what_a_killed_run_has_left_the_next_one_removes() {
    let repository = repository();
    let other = tempfile::tempdir().expect("a folder");
    let started = other.path().join("started");
    let mut child = waiting(&repository, &started);
    let sleeper = std::fs::read_to_string(&started).expect("a process");
    child.kill().expect("killed");
    child.wait().expect("it ends");
    kill("-KILL", sleeper.trim());
    assert_eq!(repository.git(&["worktree", "list"]).lines().count(), 2);
    assert_eq!(verify(&repository, &["--", "true"]).code, 0);
    is_clean(&repository);
}

/// A module that uses one of two libraries, both in the repository.
fn module(rules: &str, test: &str) -> Repository {
    let library =
        |go: &str| format!("package dm\n\nimport \"time\"\n\nvar _ = time.Second\n\n{go}");
    let old = library("func Name() string { return \"x\" }\n\nfunc Count() int { return 1 }\n");
    let new = library(
        "func Title() string { return \"x\" }\n\nfunc Count() int { return 1 }\n\nfunc Slow() int { time.Sleep(2 * time.Millisecond); return 1 }\n\nfunc Wrong() int { return 2 }\n",
    );
    Repository::new(&[
        ("r.yaml", rules),
        (
            "go.mod",
            "module example.com/app\n\ngo 1.22\n\nrequire old.org/dm v1.0.0\n\nreplace old.org/dm => ./old\n\nreplace new.org/dm => ./new\n",
        ),
        ("old/go.mod", "module old.org/dm\n\ngo 1.22\n"),
        ("old/dm.go", &old),
        ("new/go.mod", "module new.org/dm\n\ngo 1.22\n"),
        ("new/dm.go", &new),
        (
            "app.go",
            "package app\n\nimport \"old.org/dm\"\n\nfunc Name() string { return dm.Name() }\n\nfunc Count() int { return dm.Count() }\n",
        ),
        ("app_test.go", test),
    ])
}

const TEST: &str = "package app\n\nimport \"testing\"\n\nfunc TestName(t *testing.T) {\n\tif Name() != \"x\" {\n\t\tt.Fatal(Name())\n\t}\n}\n\nfunc TestCount(t *testing.T) {\n\tif Count() != 1 {\n\t\tt.Fatal(Count())\n\t}\n}\n\nfunc TestAlwaysFails(t *testing.T) { t.Fatal(\"old\") }\n\nfunc BenchmarkCount(b *testing.B) {\n\tfor i := 0; i < b.N; i++ {\n\t\tCount()\n\t}\n}\n";

const MOVED: &str = "packages: {old: {path: old.org/dm, name: dm}, dm: new.org/dm}\nrules:\n- {id: moved, import: {from: old.org/dm, to: new.org/dm}}\n- {id: raised, gomod: {move: old.org/dm, to: new.org/dm v1.0.0}}\n- {id: named, match: 'old.Name()', rewrite: 'dm.Title()'}\n";

#[test]
fn go_is_asked_by_itself_and_a_patch_that_is_right_passes() {
    let Some(_) = GoToolchain::find() else { return };
    let repository = module(MOVED, TEST);
    let said = verify(&repository, &[]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    for command in
        ["ok      go mod tidy in .", "go build . in .", "go vet . in .", "go test . in ."]
    {
        assert!(said.out.contains(command), "{command}: {}", said.out);
    }
    is_clean(&repository);
}

#[test]
fn a_rule_that_breaks_a_test_is_found_among_rules_that_need_each_other() {
    let Some(_) = GoToolchain::find() else { return };
    let harmful =
        format!("{MOVED}- {{id: harmful, match: 'old.Count()', rewrite: 'dm.Wrong()'}}\n");
    let repository = module(&harmful, TEST);
    let said = verify(&repository, &[]);
    assert_eq!(said.code, 1, "{}{}", said.out, said.err);
    assert!(said.out.contains("--- FAIL: TestCount"), "{}", said.out);
    assert!(!said.out.contains("TestAlwaysFails"), "{}", said.out);
    assert!(said.out.contains("caused by r/harmful ("), "{}", said.out);
    is_clean(&repository);
}

#[test]
fn benchmarks_that_become_slower_fail() {
    let Some(_) = GoToolchain::find() else { return };
    let slow = format!("{MOVED}- {{id: slow, match: 'old.Count()', rewrite: 'dm.Slow()'}}\n");
    let repository = module(&slow, TEST);
    let said = verify(&repository, &["--bench", "--bench-runs", "5", "--", "true"]);
    assert_eq!(said.code, 1, "{}{}", said.out, said.err);
    assert!(said.out.contains("SLOWER"), "{}", said.out);
    assert!(said.err.contains("verify failed: 1 benchmark slower"), "{}", said.err);
    is_clean(&repository);
}

#[test]
fn apply_writes_only_what_is_verified() {
    let repository = repository();
    let apply = |command: &str, more: &[&str]| {
        let args = ["apply", "--rule", "r.yaml", "--verify", command];
        let all: Vec<&str> = args.iter().chain(more).copied().collect();
        repository.dmmigrate(&all).output().expect("runs")
    };
    let refused = apply("! grep -rn Harm q", &[]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(1), "{said}");
    assert!(said.contains("caused by r/rule-7 ("), "{said}");
    assert!(said.contains("nothing was written:"), "{said}");
    assert_eq!(repository.read("q/a.go"), code());
    let done = apply("! grep -rn Harm q", &["--except", "rule-7"]);
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "{said}");
    assert!(said.starts_with("verified: no new failures\n"), "{said}");
    assert!(repository.read("q/a.go").contains("p.Good0()"));
    assert_eq!(repository.git(&["worktree", "list"]).lines().count(), 1);
}

#[test]
fn apply_writes_nothing_where_nothing_could_be_judged() {
    let repository = repository();
    for (command, code, words) in [
        ("no-such-program-here --test", 2, "error: nothing was written: cannot run sh -c"),
        ("./r.yaml", 2, "error: nothing was written: cannot run sh -c"),
        ("exit 3", 1, "nothing was written: nothing could be judged: every command fails without"),
    ] {
        let args = ["apply", "--rule", "r.yaml", "--verify", command];
        let output = repository.dmmigrate(&args).output().expect("runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{command}: {said}");
        assert!(said.contains(words), "{command}: {said}");
        is_clean(&repository);
    }
    // A test that failed before is told apart from others, which is said.
    let args = ["apply", "--rule", "r.yaml", "--verify", OLD_TEST];
    let output = repository.dmmigrate(&args).output().expect("runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("no new failures (1 command fails without the patch too)"), "{said}");
    assert!(repository.read("q/a.go").contains("p.Good0()"));
}
