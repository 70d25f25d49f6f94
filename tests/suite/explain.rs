//! `explain`: what a person reads about a place, for every reason that a rule can have.

use std::path::Path;
use std::process::Command;

use insta_cmd::get_cargo_bin;

const RULES: &str = r#"packages:
  errors: github.com/pkg/errors
  dm: example.com/dm
rules:
- id: wrap
  match: errors.Wrap($e, $m)
  where:
    $m: {kind: string, text: "^.f"}
  rewrite: errors.WithMessage($e, $m)
- id: open
  match: $c := dm.Open($d)
  rewrite: $c := dm.Dial($d)
- id: twice
  match: same($x, $x)
  rewrite: once($x)
- id: literal
  match: "dm.Conf{A: $a}"
  safety: review
  rewrite: "dm.Config{A: $a}"
- id: plain-return
  match: |
    if $e != nil {
      return $e
    }
  report: "$e is returned as it is"
- {id: close, match: $o.Close(), report: closed}
- {id: of-type, match: $t.Exec($q), where: {$t: {type: "*dm.Tx"}}, report: executed}
- {id: length, match: len($s) == 0, rewrite: empty($s)}
- {id: module, gomod: {require: example.com/dm v1.2.0}}
- {id: import, import: {from: example.com/old, to: example.com/new}}
"#;

const CODE: &str = r#"package p

import (
	"errors"

	db "example.com/dm"
	"os"
)

func f(err error, dm local) error {
	c := dm.Open(1)
	x = db.Open(1)
	c := db.Open(1)
	same(a, b)
	same(a)
	if err := g(); err != nil {
		return err
	}
	if err != nil {
		log()
		return err
	}
	os.Close()
	var d = db.Conf{A: 1, B: 2}
	var e = db.Conf{A: 1}
	if len(c) == 0 {
	}
	return errors.Wrap(err, "f")
}

type conn struct{}

func k(c *conn, u *unknown.T) {
	c.Exec(1)
	u.Exec(1)
}

func g(len int) bool { return len(1) == 0 }

var h = nothing
"#;

const OTHER: &str = r#"package p

import . "github.com/pkg/errors"

var a = Wrap(err, "g")

var b = Wrap(err, f)

var c = Wrap(err, "f")

var dm = Open(1)
"#;

/// What the program says about `place`, with places in the folder only.
fn explain(folder: &Path, args: &[&str]) -> String {
    let mut command = Command::new(get_cargo_bin("dmmigrate"));
    command.current_dir(folder).arg("explain").args(args).env("NO_COLOR", "1");
    let output = command.output().expect("the program runs");
    let (out, err) = (output.stdout, output.stderr);
    String::from_utf8(out).expect("text") + &String::from_utf8(err).expect("text")
}

fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let newer = "- {id: newer, when: {go: '>=1.22'}, match: dm.New(), rewrite: dm.Make()}\n";
    let old = "- {id: v0, when: {module: 'example.com/dm <1.0.0'}, match: dm.Old(), report: old}\n";
    let tests = "- {id: in-tests, files: '**/*_test.go', match: dm.Mock(), report: mock}\n";
    for (name, text) in [
        ("go.mod", "module m\n\ngo 1.20\n\nrequire example.com/dm v1.1.0\n"),
        ("a.go", CODE),
        ("other.go", OTHER),
        ("vendor/v/v.go", "package v\n"),
        ("testdata/t.go", "package t\n"),
        ("rules.yaml", RULES),
        ("force.yaml", &format!("packages: {{dm: example.com/dm}}\nrules:\n{newer}{old}{tests}")),
        ("pack/pack.yaml", "pack: pack\n"),
        ("pack/rules.yaml", RULES),
        ("pack/cases/wrap.txtar", &format!("A case.\n-- go.mod --\nmodule m\n-- a.go --\n{OTHER}")),
    ] {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }
    folder
}

/// The line of `text` that holds `code`, from 1.
fn line(text: &str, code: &str) -> usize {
    text.lines().position(|l| l.contains(code)).expect("the code") + 1
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots/explain");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn every_reason_has_its_words() {
    let folder = repository();
    let mut told = String::new();
    for (rule, code) in [
        ("open", "c := dm.Open(1)"),
        ("open", "x = db.Open"),
        ("open", "c := db.Open"),
        ("twice", "same(a, b)"),
        ("twice", "same(a)"),
        ("plain-return", "if err := g()"),
        ("plain-return", "if err != nil"),
        ("close", "os.Close()"),
        ("literal", "B: 2"),
        ("literal", "var e ="),
        ("length", "if len(c)"),
        ("length", "func g("),
        ("of-type", "c.Exec"),
        ("of-type", "u.Exec"),
        ("wrap", "errors.Wrap"),
        ("wrap", "nothing"),
        ("module", "nothing"),
        ("import", "nothing"),
    ] {
        let place = format!("a.go:{}", line(CODE, code));
        let text = explain(folder.path(), &[&place, "--rule", "rules.yaml", "--rule", rule]);
        told.push_str(&format!("### {rule} at {code}\n{text}\n"));
    }
    for code in ["var a", "var b", "var c", "var dm"] {
        let place = format!("other.go:{}", line(OTHER, code));
        let text = explain(folder.path(), &[&place, "--rule", "rules.yaml", "--rule", "wrap"]);
        told.push_str(&format!("### wrap at {code}\n{text}\n"));
    }
    snapshot("reasons", &told);
}

const NAMED_RULES: &str = r"packages: {lib: example.com/lib}
rules:
- {id: field, field: {of: lib.T, from: Name, read: $x.Full()}}
- {id: method, rename: {from: lib.T.Do, to: lib.T.Run}}
- {id: function, rename: {from: lib.New, to: lib.Make}}
";

const NAMED: &str = "package m

import (
	\"example.com/gone\"
	\"example.com/lib\"
)

type other struct{ Name string }

func (o *other) Do() {}

func New() *other { return nil }

func f(t *lib.T, o *other) {
	_ = t.Name
	_ = o.Name + t.Name
	Name := \"a local\"
	_ = New().Name + Name
	// New or Name
	lib.New().Do()
	o.Do()
	_ = gone.Get().Name
}
";

#[test]
fn a_name_that_means_something_else_is_told_what_it_means() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [
        ("go.mod", "module example.com/m\n\ngo 1.20\n\nrequire example.com/lib v1.1.0\n"),
        ("vendor/modules.txt", "# example.com/lib v1.1.0\n## explicit\nexample.com/lib\n"),
        (
            "vendor/example.com/lib/lib.go",
            "package lib\n\ntype T struct{ Name string }\n\nfunc (t *T) Do() {}\n\nfunc (t *T) Full() string { return t.Name }\n\nfunc New() *T { return nil }\n",
        ),
        ("a.go", NAMED),
        ("rules.yaml", NAMED_RULES),
    ] {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }
    let mut told = String::new();
    for (code, verbose) in [
        ("type other", false),
        ("_ = t.Name", false),
        ("_ = o.Name", true),
        ("Name :=", false),
        ("_ = New()", true),
        ("// New", false),
        ("lib.New()", false),
        ("o.Do()", false),
        ("gone.Get()", false),
    ] {
        let place = format!("a.go:{}", line(NAMED, code));
        let mut args = vec![place.as_str(), "--rule", "rules.yaml"];
        args.extend(verbose.then_some("--verbose"));
        told.push_str(&format!("### {code}\n{}\n", explain(folder.path(), &args)));
    }
    snapshot("named", &told);
}

#[test]
fn rules_that_do_not_look_at_the_file_say_why() {
    let folder = repository();
    snapshot("force", &explain(folder.path(), &["a.go:3", "--rule", "force.yaml"]));
    snapshot("go_mod", &explain(folder.path(), &["go.mod:5", "--rule", "rules.yaml"]));
    for (name, place) in [("vendor", "vendor/v/v.go:1"), ("testdata", "testdata/t.go:1")] {
        snapshot(name, &explain(folder.path(), &[place, "--rule", "rules.yaml"]));
    }
}

#[test]
fn a_column_and_verbose_choose_among_the_pieces_of_a_line() {
    let folder = repository();
    let at = line(CODE, "return len(1)");
    let place = format!("a.go:{at}:31");
    snapshot("column", &explain(folder.path(), &[&place, "--rule", "rules.yaml", "-v"]));
}

const ANY_NAME: &str = "packages: {dm: example.com/dm}
rules:
- {id: moved, match: ioutil.$name, where: {$name: {text: ^ReadF}}, rewrite: os.$name}
- {id: open, match: dm.Open, report: opened}
";

const CALLS: &str = "package p

import (
	\"example.com/dm\"
	\"io/ioutil\"
	\"log\"
)

func f(x string) {
	ioutil.ReadFile(x)
	ioutil.ReadAll(x)
	log.Print(x)
	log.Open(x)
}
";

const DOT: &str = "package p

import (
	. \"io/ioutil\"
	\"log\"
)

func f(x string) {
	log.Print(ReadAll(x))
}
";

/// A name is asked about once: with its package, alone only where it may come from a dot import.
#[test]
fn a_name_of_a_package_is_told_of_once() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in
        [("go.mod", "module m\n"), ("a.go", CALLS), ("dot.go", DOT), ("rules.yaml", ANY_NAME)]
    {
        std::fs::write(folder.path().join(name), text).expect("written");
    }
    let mut told = String::new();
    for (file, rule, code, name) in [
        ("a.go", "moved", "ioutil.ReadFile(x)", "ReadFile"),
        ("a.go", "moved", "ioutil.ReadAll(x)", "ioutil"),
        ("a.go", "moved", "ioutil.ReadAll(x)", "ReadAll"),
        ("a.go", "moved", "log.Print(x)", "Print"),
        ("a.go", "moved", "log.Print(x)", "x)"),
        ("a.go", "open", "log.Open(x)", "Open"),
        ("dot.go", "moved", "log.Print(ReadAll", "log"),
        ("dot.go", "moved", "log.Print(ReadAll", "ReadAll"),
    ] {
        let text = if file == "dot.go" { DOT } else { CALLS };
        let at = line(text, code);
        let column = text.lines().nth(at - 1).and_then(|l| l.find(name)).expect("the name") + 1;
        let place = format!("{file}:{at}:{column}");
        let args = [place.as_str(), "-v", "--rule", "rules.yaml", "--rule", rule];
        told.push_str(&format!("### {rule} at {name} of {code}\n"));
        told.push_str(&format!("{}\n", explain(folder.path(), &args)));
    }
    snapshot("any_name", &told);
}

#[test]
fn a_case_is_asked_about_with_its_own_pack() {
    let folder = repository();
    let case =
        std::fs::read_to_string(folder.path().join("pack/cases/wrap.txtar")).expect("a case");
    let place = format!("pack/cases/wrap.txtar:{}", line(&case, "var b"));
    snapshot("case", &explain(folder.path(), &[&place]));
}

#[test]
fn what_is_no_place_is_said() {
    let folder = repository();
    let places = ["a.go", "a.go:99", "none.go:1", "pack/cases/wrap.txtar:1", "a.go:1"];
    let told: Vec<String> = places.iter().map(|place| explain(folder.path(), &[place])).collect();
    snapshot("no_place", &told.concat());
}
