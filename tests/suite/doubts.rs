//! What `rules check` says of rules that can be used and still match nothing: names that their
//! package does not have, names that were meant as metavariables, cases that nobody looks for.

use std::process::Output;

use dmmigrate::app::config::{Asked, Dependencies, LoadedRules, Request, load};
use dmmigrate::app::output::diagnostics::render;
use dmmigrate::app::rules_doubts::doubts_of_names;
use dmmigrate::text::Severity;

use super::support::go_toolchain::GoToolchain;
use super::support::repository::Repository;

fn loaded(name: &str, text: &str) -> LoadedRules {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join(name), text).expect("written");
    let sources = vec![Asked::Rule(name.into())];
    let request = Request { sources, from: folder.path().into(), ..Request::default() };
    let loaded = load(folder.path(), &request, &Dependencies::default);
    let said = render(&loaded.diagnostics, &loaded.sources, false);
    assert!(!loaded.has_errors(), "{text}\n{said}");
    loaded
}

/// A rule or, from `packages` on, a file, the place of the caret in «», and a part of the help.
const DOUBTS: [(&str, &str); 20] = [
    ("match: ioutil.ReadFile(«name»)\n  rewrite: os.ReadFile(name)", "write `$name` for any"),
    ("match: ioutil.ReadFile(«name»)\n  report: a", "write `$name` for any"),
    ("match: $x == «limit»\n  report: a", "`$limit`"),
    ("match: $x = «value»\n  report: a", "`$value`"),
    ("match: 'dump(T{Name: «name»})'\n  report: a", "`$name`"),
    ("match: ioutil.«ReadFil»($x)\n  report: a", "did you mean `ReadFile`?"),
    ("match: ioutil.«Readfile»($x)\n  report: a", "did you mean `ReadFile`?"),
    ("match: ioutil.ReadFile($x)\n  rewrite: os.«ReadFil»($x)", "did you mean `ReadFile`?"),
    ("match: os.«Nonsense»($x)\n  report: a", "a name that the package has"),
    (
        "match: $r.Close()\n  where: {$r: {type: \"*os.«Fil»\"}}\n  report: a",
        "did you mean `File`?",
    ),
    ("match: f($x)\n  where: {$x: {is: os.«Getnv»($_)}}\n  report: a", "did you mean `Getenv`?"),
    ("rename: {from: os.«Getnv», to: Getenv}", "did you mean `Getenv`?"),
    ("rename: {from: os.«Fil».Close, to: Shut}", "did you mean `File`?"),
    ("import: {from: io/ioutil, to: os, symbols: [«ReadFil»]}", "did you mean `ReadFile`?"),
    ("import: {from: «ioutil», to: os, symbols: [ReadFile]}", "did you mean `io/ioutil`?"),
    ("match: f($x, $y)\n  rewrite: g(«z», $y)", "write `$x`"),
    ("patch: |\n    -f($x)\n    +g(«y»)", "write `$x`"),
    (
        "packages: {ioutil: «ioutil»}\nrules:\n- {id: a, match: ioutil.ReadFile($x), report: a}\n",
        "did you mean `io/ioutil`?",
    ),
    (
        "packages: {rand: «rand»}\nrules:\n- {id: a, match: rand.Int(), report: a}\n",
        "did you mean `crypto/rand` or `math/rand`?",
    ),
    (
        "packages: {fmt: «fmd»}\nrules:\n- {id: a, match: fmt.F(), report: a}\n",
        "did you mean `fmt`?",
    ),
];

#[test]
fn each_doubt_is_shown_where_it_is() {
    for (lines, help) in DOUBTS {
        let marked = if lines.starts_with("packages") {
            lines.to_owned()
        } else {
            format!("rules:\n- id: a\n  {lines}\n")
        };
        let start = marked.find('«').expect("a mark");
        let end = marked.find('»').expect("a mark") - '«'.len_utf8();
        let text = marked.replace(['«', '»'], "");
        let loaded = loaded("r.yaml", &text);
        let found = doubts_of_names(&loaded.compiled, &|_| false);
        let said = render(&found, &loaded.sources, false);
        assert!(found.iter().all(|doubt| doubt.severity == Severity::Warning), "{said}");
        let fits = found.iter().any(|doubt| {
            doubt.labels[0].span.range() == (start..end)
                && doubt.help.as_ref().is_some_and(|said| said.contains(help))
        });
        assert!(fits, "{marked}wanted {help:?} at {start}..{end}\n{said}");
    }
}

#[test]
fn what_is_meant_as_it_is_written_is_no_doubt() {
    for lines in [
        "match: ioutil.ReadFile($name)\n  rewrite: os.ReadFile($name)",
        "match: swap($a, $b)\n  report: a",
        "match: f(nil, true, len($x), \"a\", 1, make(kind, 1))\n  report: a",
        "match: return nil, err\n  report: a",
        "match: 'func $f(name string) { use(name) }'\n  report: a",
        "match: |\n    data := load()\n    use(data)\n  report: a",
        "match: f($x)\n  rewrite: g()",
        "match: f($x)\n  rewrite: 'g(func(y int) int { return y })'",
        "match: f($x, $y)\n  where: {$x: {is: nil}}\n  rewrite: g(todo, $y)",
        "match: f(limit)\n  where: {$match: {kind: call}}\n  rewrite: g(limit)",
        "match: syscall.Nowhere()\n  report: a",
        "import: {from: example.com/a, to: b.org/c, symbols: [X]}",
        "rename: {from: os.Getenv, to: GetVariable}",
        "import: {from: dm, to: example.com/dm}",
    ] {
        let loaded = loaded("r.yaml", &format!("rules:\n- id: a\n  {lines}\n"));
        let mut found = doubts_of_names(&loaded.compiled, &|_| false);
        // That one pattern names a variable on purpose.
        found.retain(|doubt| !lines.contains("f(limit)") || !doubt.message.contains("`limit`"));
        assert!(found.is_empty(), "{lines}\n{}", render(&found, &loaded.sources, false));
    }
}

#[test]
fn a_name_in_a_patch_file_that_is_no_metavariable_is_a_doubt_beside_one_that_is_lost() {
    let patch = |after: &str| {
        format!("@@\nvar x expression\n@@\n-ioutil.ReadFile(x)\n+os.ReadFile({after})\n")
    };
    let loaded_y = loaded("r.patch", &patch("y"));
    let found = doubts_of_names(&loaded_y.compiled, &|_| false);
    let said = render(&found, &loaded_y.sources, false);
    assert!(said.contains("`y` is printed as it is, and `x` is lost"), "{said}");
    assert!(said.contains("r.patch:5:14"), "{said}");
    for after in ["x", "\"name\"", "nil"] {
        let loaded = loaded("r.patch", &patch(after));
        assert_eq!(doubts_of_names(&loaded.compiled, &|_| false), [], "{after}");
    }
}

const PACK: &str = "pack: pk\ntitle: t\n";

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

fn run(repository: &Repository, args: &[&str]) -> String {
    said(&repository.dmmigrate(args).output().expect("the program runs"))
}

const RULES: &str = "rules:\n- id: a\n  match: ioutil.ReadFile(name)\n  rewrite: os.ReadFile(name)\n\
                     - id: b\n  match: ioutil.ReadAll($x)\n  rewrite: io.ReadAll($x)\n";

fn case(name: &str) -> String {
    format!(
        "A file is read.\n-- a.go --\npackage app\n\nimport \"io/ioutil\"\n\nfunc f({name} string) {{ \
         ioutil.ReadFile({name}) }}\n"
    )
}

#[test]
fn a_rule_that_a_case_shows_at_work_is_not_doubted() {
    for (name, doubted) in [("path", true), ("name", false)] {
        let text = case(name);
        let files =
            [("pk/pack.yaml", PACK), ("pk/rules.yaml", RULES), ("pk/cases/a.txtar", text.as_str())];
        let repository = Repository::new(&files);
        let shown = run(&repository, &["rules", "check", "pk"]);
        assert_eq!(shown.contains("matches only a variable"), doubted, "{shown}");
        let tested = run(&repository, &["test", "pk"]);
        assert_eq!(tested.contains("matches only a variable"), doubted, "{tested}");
    }
}

#[test]
fn missing_cases_say_once_what_to_do_and_where_to_ask_why() {
    let text = case("path");
    let with_case =
        [("pk/pack.yaml", PACK), ("pk/rules.yaml", RULES), ("pk/cases/a.txtar", text.as_str())];
    let why = "it matches nothing in any case: `dmmigrate explain CASE:LINE` says why";
    let shown = run(&Repository::new(&with_case), &["rules", "check", "pk"]);
    assert!(shown.contains(why), "{shown}");
    let none = run(&Repository::new(&with_case[..2]), &["rules", "check", "pk"]);
    assert!(!none.contains(why), "{none}");
    assert_eq!(none.matches("error[missing-case]").count(), 2, "{none}");
    assert_eq!(none.matches("a file `cases/NAME.txtar`").count(), 1, "{none}");
}

#[test]
fn cases_that_nobody_looks_for_are_named_with_their_place() {
    for (there, meant) in [
        ("moves.txtar", "cases/moves.txtar"),
        ("case/moves.txtar", "cases/moves.txtar"),
        ("cases/moves.txt", "cases/moves.txtar"),
    ] {
        let path = format!("pk/{there}");
        let text = case("path");
        let files =
            [("pk/pack.yaml", PACK), ("pk/rules.yaml", RULES), (path.as_str(), text.as_str())];
        let repository = Repository::new(&files);
        for args in [&["rules", "check", "pk"][..], &["test", "pk"]] {
            let shown = run(&repository, args);
            assert!(shown.contains(&format!("no case is looked for at `{there}`")), "{shown}");
            assert!(shown.contains(&format!("move it to `{meant}`")), "{shown}");
        }
    }
    let notes = [("pk/pack.yaml", PACK), ("pk/rules.yaml", RULES), ("pk/notes.txt", "Read me.\n")];
    let shown = run(&Repository::new(&notes), &["rules", "check", "pk"]);
    assert!(!shown.contains("looked for"), "{shown}");
}

#[test]
fn a_case_that_is_no_go_is_named_unless_it_is_about_that() {
    for (about, named) in [("A file is read.", true), ("Beside a syntax error, nothing.", false)] {
        let text = format!(
            "{about}\n-- a.go --\npackage app\n\nimport \"io/ioutil\"\n\nfunc f( {{ ioutil.ReadAll(r) }}\n"
        );
        let files = [
            ("pk/pack.yaml", PACK),
            ("pk/rules.yaml", RULES),
            ("pk/cases/bad.txtar", text.as_str()),
        ];
        let shown = run(&Repository::new(&files), &["rules", "check", "pk"]);
        assert_eq!(shown.contains("of the case `bad` has a syntax error"), named, "{shown}");
    }
}

#[test]
fn a_rule_that_changes_nothing_says_so() {
    let rule = "rules:\n- {id: a, match: ioutil.ReadAll($x), rewrite: ioutil.ReadAll($x)}\n";
    let repository = Repository::new(&[("r.yaml", rule)]);
    let shown = run(&repository, &["rules", "check", "r.yaml"]);
    assert!(shown.contains("`a` changes nothing: what it becomes is what it was"), "{shown}");
    assert!(shown.contains("write another `rewrite`"), "{shown}");
}

#[test]
fn options_that_were_meant_are_named() {
    let repository = Repository::new(&[("a.go", "package a\n")]);
    let shown = run(&repository, &["apply", "--dry-run", "--rule", "to-io"]);
    assert!(shown.contains("`--only to-io` chooses a rule"), "{shown}");
    let shown = run(&repository, &["apply", "--dry-run", "--rule", "to-io.yaml"]);
    assert!(!shown.contains("--only"), "{shown}");
    let new = ["rules", "new", "pk", "--rewrite", "lib.Bar($x)", "--match"];
    let args: Vec<&str> = new.iter().copied().chain(["lib.Foo($x)"]).collect();
    let shown = run(&repository, &args);
    assert!(shown.contains("`--package lib=IMPORT/PATH`"), "{shown}");
    assert!(!shown.contains("rules.yaml"), "{shown}");
    let args: Vec<&str> = new.iter().copied().chain(["f($x"]).collect();
    let shown = run(&repository, &args);
    assert!(shown.contains("rules.yaml (not written):"), "{shown}");
}

#[test]
fn the_first_case_of_a_new_pack_is_built_by_go() {
    let Some(go) = GoToolchain::find() else { return };
    for (package, pattern) in [
        ("io/ioutil", "ioutil.ReadFile($name)"),
        ("io/ioutil", "ioutil.ReadAll($_)"),
        ("net/http", "http.HandleFunc($path, $f)"),
        ("os", "os.OpenFile($$$all)"),
        ("os", "os.Exit(1)"),
        ("strings", "strings.Replace($s, $old, $new, -1)"),
        ("", "$x.Close()"),
        ("", "$x.Do($a, $b)"),
        ("", "$x == nil"),
    ] {
        let repository = Repository::new(&[("a.txt", "")]);
        let mut args = vec!["rules", "new", "pk", "--match", pattern, "--report", "old"];
        if !package.is_empty() {
            args.extend(["--package", package]);
        }
        let told = run(&repository, &args);
        let cases = std::fs::read_dir(repository.path().join("pk/cases")).expect("cases").flatten();
        let case = cases.map(|e| e.path()).find(|p| p.extension().is_some_and(|e| e == "txtar"));
        let text = std::fs::read_to_string(case.expect("a case")).expect("text");
        let archive = dmmigrate::app::txtar::Archive::parse(&text);
        for (name, content) in &archive.files {
            repository.write(&format!("built/{name}"), content);
        }
        let built = go.run(&repository.path().join("built"), &["build", "./..."]);
        assert!(built.status.success(), "{pattern}: {}\n{told}\n{text}", said(&built));
    }
}
