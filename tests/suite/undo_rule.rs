//! `undo --rule`: what one rule has done goes, the rest stays.

use std::process::Output;

use super::support::repository::Repository;

const RULES: &str = "packages: {fmt: fmt, errors: errors, old: example.com/old}\nrules:\n- {id: print, match: fmt.Print($x), rewrite: fmt.Println($x)}\n- {id: wrap, match: old.Wrap($e), rewrite: errors.Join($e)}\n- {id: word, text: {files: ['*.md'], find: 'old', replace: new}}\n";

const A: &str = "package p\n\nimport (\n\t\"fmt\"\n\n\t\"example.com/old\"\n)\n\nfunc f(err error) error {\n\tfmt.Print(1)\n\treturn old.Wrap(err)\n}\n";

const B: &str = "package p\n\nimport \"fmt\"\n\nfunc g() { fmt.Print(2) }\n";

fn repository() -> Repository {
    Repository::new(&[("rules.yaml", RULES), ("a.go", A), ("b.go", B), ("x.md", "the old one\n")])
}

fn run(repository: &Repository, args: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = repository.dmmigrate(args).output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (status.code().expect("a code"), text(stdout), text(stderr))
}

fn apply(repository: &Repository) {
    let (code, _, said) = run(repository, &["apply", "--rule", "rules.yaml"]);
    assert_eq!(code, 0, "{said}");
}

/// What the rules but one make of the repository.
fn without(rule: &str) -> Vec<String> {
    let other = repository();
    let (code, _, said) = run(&other, &["apply", "--rule", "rules.yaml", "--except", rule]);
    assert_eq!(code, 0, "{said}");
    contents(&other)
}

fn contents(repository: &Repository) -> Vec<String> {
    ["a.go", "b.go", "x.md"].map(|name| repository.read(name)).into()
}

#[test]
fn the_files_are_as_if_the_rule_had_not_been_there() {
    for rule in ["print", "wrap", "word", "rules/print"] {
        let repository = repository();
        apply(&repository);
        let (code, _, said) = run(&repository, &["undo", "--rule", rule]);
        assert_eq!(code, 0, "{rule}: {said}");
        let id = rule.trim_start_matches("rules/");
        assert_eq!(contents(&repository), without(id), "{rule}");
        // Doing it again does nothing; all of the run can still be undone.
        let (code, _, said) = run(&repository, &["undo", "--rule", rule]);
        assert_eq!(code, 0, "{rule}: {said}");
        assert_eq!(contents(&repository), without(id), "{rule}");
        assert_eq!(run(&repository, &["undo"]).0, 0);
        assert_eq!(repository.git(&["status", "--porcelain"]), "");
    }
}

#[test]
fn rules_go_one_after_the_other_until_nothing_is_left() {
    let repository = repository();
    apply(&repository);
    let (_, log, _) = run(&repository, &["log"]);
    assert!(log.contains("\n    rules/print: 2 sites\n    rules/word: 1 site\n"), "{log}");
    for rule in ["wrap", "print", "word"] {
        assert_eq!(run(&repository, &["undo", "--rule", rule]).0, 0, "{rule}");
    }
    assert_eq!(repository.git(&["status", "--porcelain"]), "");
    let (_, log, _) = run(&repository, &["log"]);
    assert!(log.contains("rules/print: 2 sites (undone)"), "{log}");
}

#[test]
fn an_edited_file_is_left_and_named_and_a_path_is_enough() {
    let repository = repository();
    apply(&repository);
    let edited = repository.read("b.go") + "// mine\n";
    repository.write("b.go", &edited);
    let (code, _, said) = run(&repository, &["undo", "--rule", "print"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("error: b.go was edited after the run"), "{said}");
    assert_eq!(repository.read("b.go"), edited);
    assert_eq!(repository.read("a.go"), without("print")[0]);
    let (code, _, said) = run(&repository, &["undo", "--rule", "wrap", "a.go"]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(repository.read("a.go"), A);
}

#[test]
fn rules_that_changed_since_and_rules_that_did_nothing_are_refused() {
    let repository = repository();
    apply(&repository);
    let before = contents(&repository);
    let (code, _, said) = run(&repository, &["undo", "--rule", "prnt"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("its rules are rules/print, rules/word, rules/wrap"), "{said}");
    repository.write("rules.yaml", &RULES.replace("Println", "Printf"));
    let (code, _, said) = run(&repository, &["undo", "--rule", "print"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("the rules are not those of the run"), "{said}");
    assert_eq!(contents(&repository), before);
}

#[test]
fn a_choice_by_hand_is_kept() {
    use std::io::Write as _;
    let repository = repository();
    let mut command = repository.dmmigrate(&["apply", "-q", "-i", "--rule", "rules.yaml"]);
    let mut child = command
        .stdin(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("it starts");
    // The first `fmt.Print` and all after the second.
    child.stdin.take().expect("a pipe").write_all(b"y\nn\ny\ny\ny\n").expect("read");
    assert!(child.wait().expect("it ends").success());
    assert_eq!(repository.read("b.go"), B);
    assert_eq!(run(&repository, &["undo", "--rule", "word"]).0, 0);
    assert_eq!(repository.read("x.md"), "the old one\n");
    assert!(repository.read("a.go").contains("fmt.Println(1)"));
    assert_eq!(repository.read("b.go"), B);
}

/// A fix may be of several rules: without one of them, the rest of it is done anew.
#[test]
fn a_rule_that_shares_a_fix_with_others_goes_alone() {
    let rule = |name: &str| {
        let id = name.to_lowercase();
        format!("- id: {id}\n  error-result: {{call: dm.{name}($s), on-error: \"return $err\"}}\n")
    };
    let rules: String = ["Open", "Read", "Send"].map(rule).concat();
    let rules = format!("packages: {{dm: example.com/dm}}\nrules:\n{rules}");
    let code = "package p\n\nimport \"example.com/dm\"\n\nfunc f(s string) error {\n\tuse(dm.Open(s), dm.Read(s), dm.Send(s))\n\treturn nil\n}\n\nfunc use(...any) {}\n";
    for (rule, left) in [
        ("open", "use(dm.Open(s), dm.Read(s), dm.Send(s))"),
        ("read", "use(open, dm.Read(s), dm.Send(s))"),
        ("send", "use(open, read, dm.Send(s))"),
    ] {
        let repository = Repository::new(&[("rules.yaml", &rules), ("a.go", code)]);
        apply(&repository);
        let all = repository.read("a.go");
        assert!(all.contains("use(open, read, send)"), "{all}");
        let (code, _, said) = run(&repository, &["undo", "--rule", rule]);
        assert_eq!(code, 0, "{rule}: {said}");
        let now = repository.read("a.go");
        assert!(now.contains(left), "{rule}: {now}");
    }
}

#[test]
fn a_pack_that_was_found_by_what_the_repository_used_is_found_again() {
    let go_mod = "module example.com/m\n\ngo 1.22\n\nrequire github.com/dm-go-driver v1.2.0\n";
    let go = "package m\n\nimport (\n\t\"database/sql\"\n\n\t_ \"github.com/dm-go-driver\"\n)\n\nvar db, err = sql.Open(\"dm\", \"\")\n";
    let repository = Repository::new(&[("go.mod", go_mod), ("a.go", go)]);
    let (code, _, said) = run(&repository, &["apply"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("using pack dm-godriver-1.5"), "{said}");
    assert!(!repository.read("a.go").contains("dm-go-driver"));
    let (_, log, _) = run(&repository, &["log"]);
    let rule = log.lines().find(|line| line.contains("import")).expect("a rule that moves imports");
    let rule = rule.trim().split(':').next().expect("its name");
    let (code, _, said) = run(&repository, &["undo", "--rule", rule]);
    assert_eq!(code, 0, "{said}");
    assert!(repository.read("a.go").contains("dm-go-driver"));
    assert_ne!(repository.read("go.mod"), go_mod);
}

const CREATES: &str = "packages: {lib: example.org/lib, compat: '${module}/internal/compat'}\nrules:\n- {id: text, match: lib.Text($s), rewrite: compat.Text($s)}\n- {id: number, match: lib.Number($s), rewrite: compat.Number($s)}\n- {id: file, file: {path: internal/compat/compat.go, content: package compat}}\n";

#[test]
fn a_file_that_was_created_goes_with_the_last_rule_that_uses_it() {
    let go = |call: &str| {
        format!("package app\n\nimport \"example.org/lib\"\n\nvar {call} = lib.{call}(1)\n")
    };
    let repository = Repository::new(&[
        ("rules.yaml", CREATES),
        ("go.mod", "module example.com/app\n\ngo 1.22\n"),
        ("a.go", &go("Text")),
        ("b.go", &go("Number")),
    ]);
    apply(&repository);
    let created = repository.path().join("internal/compat/compat.go");
    assert!(created.exists());
    let (code, _, said) = run(&repository, &["undo", "--rule", "file"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("compat.go is used by what other rules have changed"), "{said}");
    let (code, _, said) = run(&repository, &["undo", "--rule", "text"]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(repository.read("a.go"), go("Text"));
    assert!(repository.read("b.go").contains("compat.Number(1)") && created.exists());
    let (code, _, said) = run(&repository, &["undo", "--rule", "number"]);
    assert_eq!(code, 0, "{said}");
    assert!(!created.exists(), "{said}");
    assert_eq!(repository.git(&["status", "--porcelain"]), "");
}

#[test]
fn what_was_made_of_a_created_file_since_is_left_and_named() {
    let go = "package app\n\nimport \"example.org/lib\"\n\nvar a = lib.Text(1)\n";
    let repository = Repository::new(&[
        ("rules.yaml", CREATES),
        ("go.mod", "module example.com/app\n\ngo 1.22\n"),
        ("a.go", go),
    ]);
    apply(&repository);
    repository.write("internal/compat/compat.go", "package compat\n\n// Mine.\n");
    let (code, _, said) = run(&repository, &["undo", "--rule", "text"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("compat.go was edited after the run"), "{said}");
    assert_eq!(repository.read("a.go"), go);
    assert!(repository.read("internal/compat/compat.go").contains("Mine"));
}
