//! Choosing by hand: answers are piped in, as they would be typed.

use std::io::Write as _;
use std::process::{Output, Stdio};

use super::support::repository::{Repository, snapshot};

const RULES: &str = "\
packages: {fmt: fmt}
rules:
- id: print
  title: A line each
  why: Logs are read line by line.
  match: fmt.Print($x)
  rewrite: fmt.Println($x)
- id: outer
  match: fmt.Sprint(fmt.Sprint($x))
  rewrite: fmt.Sprintln($x)
- id: sprint
  match: fmt.Sprint($x)
  rewrite: fmt.Sprintf(\"%v\", $x)
";

/// Three sites of `print` in two shapes, one of `outer` that hides one of `sprint`.
const A: &str = "package p\n\nimport \"fmt\"\n\nfunc f(v int) {\n\tfmt.Print(1)\n\tfmt.Print(v)\n\tfmt.Print(2)\n}\n\nfunc g() string { return fmt.Sprint(fmt.Sprint(3)) }\n";

fn repository() -> Repository {
    Repository::new(&[("rules.yaml", RULES), ("a.go", A)])
}

fn answer(repository: &Repository, args: &[&str], answers: &str) -> Output {
    let mut command =
        repository.dmmigrate(&[&["apply", "-i", "--rule", "rules.yaml"], args].concat());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // It may end before it has read all of them.
    let _ = stdin.write_all(answers.replace(' ', "\n").as_bytes());
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

/// The lines of `a.go` that differ afterwards.
fn changed(answers: &str) -> (String, Vec<String>) {
    let repository = repository();
    let output = answer(&repository, &[], answers);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    let now = repository.read("a.go");
    let differ = now.lines().zip(A.lines()).filter(|(now, old)| now != old);
    (said, differ.map(|(now, _)| now.trim().to_owned()).collect())
}

#[test]
fn each_answer_does_what_it_says() {
    let (one, two, v) = ("fmt.Println(1)", "fmt.Println(2)", "fmt.Println(v)");
    let all = "func g() string { return fmt.Sprintln(3) }";
    for (answers, expected) in [
        ("y y y y ", vec![one, v, two, all]),
        ("y n n n ", vec![one]),
        // The two literals are a shape.
        ("a n n ", vec![one, two]),
        ("d y y ", vec![v, all]),
        // Taken back: one answer, then an answer for a shape.
        ("y u n n n n ", vec![]),
        ("a u d y n ", vec![v]),
        ("n y q ", vec![two]),
        ("y ", vec![one]),
        ("", vec![]),
        ("u x ? y q ", vec![one]),
        ("e y q ", vec![two]),
        // What would stand in the place of a change that is refused was not asked about.
        ("d d n ", vec![]),
    ] {
        let (said, lines) = changed(answers);
        assert_eq!(lines, expected, "{answers:?}: {said}");
    }
}

#[test]
fn a_conversation_reads_well() {
    let repository = repository();
    let output = answer(&repository, &["-v"], "y ? u n e a n ");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    snapshot(|| insta::assert_snapshot!("interactive", said));
}

#[test]
fn a_dry_run_prints_what_was_chosen() {
    let repository = repository();
    let output = answer(&repository, &["-n"], "a q ");
    let patch = String::from_utf8_lossy(&output.stdout);
    assert_eq!(patch.matches("\n+\tfmt.Println").count(), 2, "{patch}");
    assert_eq!(repository.read("a.go"), A);
}

#[test]
fn go_mod_waits_for_what_was_not_chosen() {
    let rules = "packages: {old: example.com/old}\nrules:\n- {id: call, match: old.A($x), rewrite: old.B($x)}\n- {id: raise, gomod: {require: example.com/old v1.1.0}}\n";
    let go_mod = "module example.com/m\n\ngo 1.22\n\nrequire example.com/old v1.0.0\n";
    let go = "package p\n\nimport \"example.com/old\"\n\nvar a, b = old.A(1), old.A(2)\n";
    let files = [("rules.yaml", rules), ("go.mod", go_mod), ("a.go", go)];
    let repository = Repository::new(&files);
    let output = answer(&repository, &[], "y n y ");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("held back: a go.mod has to follow"), "{said}");
    assert!(said.contains("1 not selected") && said.contains("held back"), "{said}");
    assert_eq!(repository.read("go.mod"), go_mod);
    assert_eq!(repository.read("a.go"), go);
    let output = answer(&repository, &[], "a y ");
    assert!(output.status.success());
    assert!(repository.read("go.mod").contains("v1.1.0"));
    assert!(repository.read("a.go").contains("old.B(1), old.B(2)"));
}

#[test]
fn what_was_chosen_is_committed() {
    let repository = repository();
    repository.git(&["config", "user.name", "t"]);
    repository.git(&["config", "user.email", "t@example.com"]);
    let output = answer(&repository, &["--commit", "rule"], "a n y ");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let log = repository.git(&["log", "--reverse", "--format=%s", "HEAD~2.."]);
    assert_eq!(log, "rules/print: A line each\nrules/outer\n");
    assert_eq!(repository.git(&["status", "--porcelain"]), "");
}
