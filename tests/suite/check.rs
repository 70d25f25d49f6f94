//! The command `check`: what it says in each format, and with which exit code.

use serde_json::Value;

use crate::support::repository::Repository;

const RULES: &str = "packages:\n  errors: github.com/pkg/errors\n  old: old.org/x\n  new: new.org/x\nrules:\n- {id: wrap, title: 'Wrap, 100 %: no stack', match: 'errors.Wrap($e, $m)', rewrite: 'errors.WithMessage($e, $m)'}\n- {id: careful, safety: review, match: 'errors.Cause($e)', rewrite: 'errors.Unwrap($e)'}\n- {id: hand, safety: manual, match: 'errors.New($m)', rewrite: 'errors.Errorf($m)'}\n- {id: seen, match: 'errors.WithStack($e)', report: 'a stack: $e'}\n- {id: noted, severity: note, match: 'errors.Is($e, $f)', report: 'fine'}\n- {id: moved, import: {from: old.org/x, to: new.org/x}}\n";

fn go(body: &str) -> String {
    format!(
        "package p\n\nimport \"github.com/pkg/errors\"\n\nfunc f(err error) {{\n\t_ = errors.As\n{body}}}\n"
    )
}

struct Said {
    code: i32,
    out: String,
    err: String,
}

fn check(repository: &Repository, args: &[&str]) -> Said {
    let all: Vec<&str> = ["check", "--rule", "rule.yaml"].iter().chain(args).copied().collect();
    let output = repository.dmmigrate(&all).output().expect("runs");
    Said {
        code: output.status.code().expect("an exit code"),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

fn document(repository: &Repository, format: &str) -> Value {
    let said = check(repository, &["-q", "--format", format]);
    serde_json::from_str(&said.out).expect("JSON")
}

fn with(body: &str) -> Repository {
    Repository::new(&[("a.go", &go(body)), ("rule.yaml", RULES)])
}

/// Everything that a check can say, in a folder and in columns that need care.
fn every_kind() -> Repository {
    let body = "\t_ = \"😀\"; errors.Wrap(err, \"a\")\n\terrors.Cause(err)\n\terrors.New(\"x\")\n\terrors.WithStack(err)\n\terrors.Is(err, nil)\n";
    Repository::new(&[
        ("a b/c,d.go", &go(body)),
        (
            "moved.go",
            "package p\n\nimport (\n\t\"fmt\"\n\t\"old.org/x\"\n)\n\nvar _ = fmt.Sprint(x.A)\n",
        ),
        ("rule.yaml", RULES),
    ])
}

#[test]
fn each_kind_of_problem_decides_the_exit_code_alone() {
    let cases = [
        ("", 0),
        ("\terrors.Wrap(err, \"a\")\n", 1),
        ("\terrors.Cause(err)\n", 1),
        ("\terrors.New(\"x\")\n", 1),
        ("\terrors.WithStack(err)\n", 1),
        ("\terrors.Is(err, nil)\n", 0),
        ("\terrors.Wrap(err, \"a\") //dmmigrate:ignore wrap the log wants it\n", 0),
        ("\t_ = 1 //dmmigrate:ignore wrap it was here once\n", 1),
    ];
    for (body, code) in cases {
        let repository = with(body);
        let said = check(&repository, &[]);
        assert_eq!(said.code, code, "{body}{}{}", said.out, said.err);
        assert_eq!(said.err.contains("check failed: 1 problem\n"), code == 1, "{}", said.err);
        assert_eq!(repository.read("a.go"), go(body), "nothing is written");
    }
}

#[test]
fn lines_name_place_severity_and_rule() {
    let said = check(&every_kind(), &["-q"]);
    let lines: Vec<&str> = said.out.lines().collect();
    let expected = [
        "a b/c,d.go:7:14: warning: would change: Wrap, 100 %: no stack [rule/wrap]",
        "a b/c,d.go:8:2: warning: careful (needs review: rule says so) [rule/careful]",
        "a b/c,d.go:9:2: warning: needs a person: hand (manual) [rule/hand]",
        "a b/c,d.go:10:2: warning: a stack: err [rule/seen]",
        "a b/c,d.go:11:2: note: fine [rule/noted]",
        "moved.go:5:2: warning: would change: moved [rule/moved]",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn annotations_escape_what_would_end_them() {
    let said = check(&every_kind(), &["-q", "--format", "github"]);
    let first = said.out.lines().next().expect("a line");
    assert_eq!(
        first,
        "::warning file=a b/c%2Cd.go,line=7,endLine=7,col=12,endColumn=33,title=rule/wrap::Wrap, 100 %25: no stack"
    );
    assert!(said.out.contains("::notice file="), "{}", said.out);
}

#[test]
fn json_is_what_its_schema_says() {
    let schema: Value = serde_json::from_str(include_str!("../../schemas/run.json")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let repository = every_kind();
    let checked = document(&repository, "json");
    let args = ["apply", "-n", "--format", "json", "--rule", "rule.yaml"];
    let applied = repository.dmmigrate(&args).output().expect("runs").stdout;
    let applied: Value = serde_json::from_slice(&applied).expect("JSON");
    for document in [&checked, &applied] {
        let errors: Vec<String> = validator
            .iter_errors(document)
            .map(|e| format!("{e} at {}", e.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
    let kinds = checked["problems"].as_array().expect("problems").iter().map(|p| &p["kind"]);
    let kinds: Vec<&str> = kinds.filter_map(Value::as_str).collect();
    assert_eq!(kinds, ["change", "review", "manual", "finding", "finding", "change"]);
    assert_eq!(applied.get("problems"), None);
}

/// The schema in the tests describes what is written and nothing else. The official one, which is
/// not ours to keep here, is tried where `DMMIGRATE_SARIF_SCHEMA` names it.
#[test]
fn sarif_is_what_the_standard_says() {
    let part: Value =
        serde_json::from_str(include_str!("../data/sarif-written.schema.json")).expect("JSON");
    let mut schemas = vec![part];
    if let Some(file) = std::env::var_os("DMMIGRATE_SARIF_SCHEMA") {
        let text = std::fs::read_to_string(file).expect("the official schema");
        schemas.push(serde_json::from_str(&text).expect("JSON"));
    }
    let repository = every_kind();
    let document = document(&repository, "sarif");
    for schema in schemas {
        for document in [&document, &self::document(&creates(), "sarif")] {
            let validator = jsonschema::validator_for(&schema).expect("a schema");
            let errors: Vec<String> = validator
                .iter_errors(document)
                .map(|e| format!("{e} at {}", e.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{errors:#?}");
        }
    }
    let run = &document["runs"][0];
    for result in run["results"].as_array().expect("results") {
        let index =
            usize::try_from(result["ruleIndex"].as_u64().expect("a number")).expect("small");
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
    assert_eq!(
        run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        "a%20b/c%2Cd.go"
    );
}

/// A text with the replacements of a SARIF fix.
fn fixed(text: &str, fix: &Value) -> String {
    let offset = |line: &Value, column: &Value| {
        let number = |v: &Value| usize::try_from(v.as_u64().expect("a number")).expect("small");
        let before: usize = text.split_inclusive('\n').take(number(line) - 1).map(str::len).sum();
        let mut units = number(column) - 1;
        let within = text[before..].chars().take_while(|c| {
            let here = units > 0;
            units = units.saturating_sub(c.len_utf16());
            here
        });
        before + within.map(char::len_utf8).sum::<usize>()
    };
    let mut out = text.to_string();
    let replacements = fix["artifactChanges"][0]["replacements"].as_array().expect("some");
    for replacement in replacements.iter().rev() {
        let region = &replacement["deletedRegion"];
        let start = offset(&region["startLine"], &region["startColumn"]);
        let end = offset(&region["endLine"], &region["endColumn"]);
        out.replace_range(
            start..end,
            replacement["insertedContent"]["text"].as_str().unwrap_or(""),
        );
    }
    out
}

#[test]
fn sarif_fixes_do_what_apply_does() {
    let repository = every_kind();
    let document = document(&repository, "sarif");
    let results = document["runs"][0]["results"].as_array().expect("results").clone();
    let applied = repository.dmmigrate(&["apply", "-q", "--rule", "rule.yaml"]).status();
    assert!(applied.is_ok_and(|s| s.success()));
    let mut seen = 0;
    for result in results.iter().filter(|r| r["properties"]["kind"] == "change") {
        let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str();
        let path = uri.expect("a URI").replace("%20", " ").replace("%2C", ",");
        let before = repository.git(&["show", &format!("HEAD:{path}")]);
        assert_eq!(fixed(&before, &result["fixes"][0]), repository.read(&path));
        seen += 1;
    }
    assert_eq!(seen, 2);
    assert!(results.iter().all(|r| r["properties"]["kind"] == "change" || r["fixes"].is_null()));
}

#[test]
fn a_baseline_lets_known_problems_pass_and_only_ever_shrinks() {
    let baseline = ["--baseline", "known.json"];
    let update = ["--baseline", "known.json", "--update-baseline"];
    let two = "\terrors.Wrap(err, \"a\")\n\terrors.Wrap(err, \"b\")\n";
    let repository = with(two);
    let made = check(&repository, &update);
    assert_eq!((made.code, made.out.as_str()), (0, ""), "{}", made.err);
    let first = repository.read("known.json");

    // Other lines may move; a new problem fails and is never added.
    repository.write("a.go", &go(&format!("\t_ = 1\n\n{two}\terrors.Wrap(err, \"c\")\n")));
    let said = check(&repository, &update);
    assert_eq!(said.code, 1);
    assert_eq!(said.out.lines().count(), 1, "{}", said.out);
    assert!(said.err.contains("2 problems known from the baseline"), "{}", said.err);
    assert!(said.err.contains("check failed: 1 problem not in the baseline"), "{}", said.err);
    assert_eq!(repository.read("known.json"), first);

    // What is gone is told, and taken out when asked for; back again it is new.
    repository.write("a.go", &go("\terrors.Wrap(err, \"b\")\n"));
    let said = check(&repository, &baseline);
    assert!(said.err.contains("1 problem of the baseline gone"), "{}", said.err);
    assert_eq!((said.code, repository.read("known.json")), (0, first.clone()));
    assert_eq!(check(&repository, &update).code, 0);
    assert_ne!(repository.read("known.json"), first);
    repository.write("a.go", &go(two));
    assert_eq!(check(&repository, &baseline).code, 1);

    // The same code twice is two problems.
    repository.write("a.go", &go("\terrors.Wrap(err, \"b\")\n\terrors.Wrap(err, \"b\")\n"));
    assert_eq!(check(&repository, &baseline).code, 1);

    repository.write("known.json", "{}");
    let said = check(&repository, &baseline);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("known.json is no baseline"), "{}", said.err);
}

#[test]
fn a_look_at_a_part_takes_nothing_else_out_of_the_baseline() {
    let repository = with("\terrors.Wrap(err, \"a\")\n");
    repository.write("b.go", &go("\terrors.Wrap(err, \"b\")\n"));
    let baseline = ["--baseline", "known.json"];
    let said = check(&repository, &baseline);
    assert!(said.err.contains("there is no baseline known.json yet"), "{}", said.err);
    let update = ["--baseline", "known.json", "--update-baseline"];
    assert_eq!(check(&repository, &update).code, 0);
    let first = repository.read("known.json");
    repository.write("a.go", &go(""));
    for part in [&["--files", "b.go"][..], &["b.go"], &["--exclude", "a.go"]] {
        let said = check(&repository, &[part, &baseline].concat());
        assert!(!said.err.contains("gone"), "{part:?}: {}", said.err);
        assert_eq!(check(&repository, &[part, &update].concat()).code, 0);
        assert_eq!(repository.read("known.json"), first, "{part:?}");
    }
    let said = check(&repository, &[&["--files", "a.go"][..], &update].concat());
    assert!(said.err.contains("1 problem taken out of the baseline"), "{}", said.err);
    assert_eq!(check(&repository, &baseline).code, 0);
    assert!(repository.read("known.json").contains("b.go"));
    // What another share of the packages has is not known.
    for part in [["--percent", "50"], ["--shard", "1/2"], ["--since", "HEAD"]] {
        assert_eq!(check(&repository, &[&part[..], &update].concat()).code, 2, "{part:?}");
        assert!(!check(&repository, &[&part[..], &baseline].concat()).err.contains("gone"));
    }
}

#[test]
fn a_new_problem_that_looks_like_a_known_one_is_new_on_changed_lines_alone() {
    let one = "\terrors.Wrap(err, \"a\")\n";
    let repository = with(one);
    let update = ["--baseline", "known.json", "--update-baseline"];
    assert_eq!(check(&repository, &update).code, 0);
    repository.write("a.go", &go(&format!("{one}{one}")));
    let lines = ["--baseline", "known.json", "--since-lines", "HEAD"];
    let said = check(&repository, &lines);
    assert_eq!((said.code, said.out.lines().count()), (1, 1), "{}{}", said.out, said.err);
    assert!(said.err.contains("1 problem not in the baseline"), "{}", said.err);
    repository.write("a.go", &go(one));
    assert_eq!(check(&repository, &lines).code, 0);
}

#[test]
fn modules_that_lag_behind_each_other_or_the_pack_are_told() {
    let rule = "rules:\n- {id: raise, when: {module: 'a.org/a >=v1.4.0'}, gomod: {require: a.org/a v1.5.0}}\n";
    let go_mod = |name: &str, version: &str, more: &str| {
        format!("module m.org/{name}\n\ngo 1.21\n\nrequire a.org/a {version}\n{more}")
    };
    let repository = Repository::new(&[
        ("rule.yaml", rule),
        ("new/go.mod", &go_mod("new", "v1.6.0", "")),
        ("old/go.mod", &go_mod("old", "v1.3.0", "")),
        ("raised/go.mod", &go_mod("raised", "v1.4.0", "")),
    ]);
    let said = check(&repository, &["-q"]);
    let expected = [
        "old/go.mod:5:17: warning: a.org/a v1.3.0 is older than v1.5.0, which the pack asks for [dmmigrate/version-drift]",
        "raised/go.mod:5:9: warning: would change: raise [rule/raise]",
        "raised/go.mod:5:17: warning: a.org/a v1.4.0 is older than v1.6.0, which m.org/new requires [dmmigrate/version-drift]",
    ];
    assert_eq!(said.out.lines().collect::<Vec<_>>(), expected);
    let same = Repository::new(&[
        ("rule.yaml", rule),
        ("a/go.mod", &go_mod("a", "v1.6.0", "")),
        ("b/go.mod", &go_mod("b", "v1.6.0", "")),
    ]);
    assert_eq!(check(&same, &["-q"]).code, 0);
}

#[test]
fn what_cannot_be_read_and_wrong_use_are_two() {
    let repository = with("");
    assert_eq!(check(&repository, &["nowhere"]).code, 2);
    assert_eq!(check(&repository, &["--update-baseline"]).code, 2);
}

/// Every call of the program in the examples for CI is one that it takes, with the exit code that
/// the example counts on.
#[test]
fn the_examples_for_ci_call_the_program_as_it_is() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = "packs: [./pack]\n";
    let pack =
        [("dmmigrate.yaml", config), ("pack/pack.yaml", "pack: p\n"), ("pack/r.yaml", RULES)];
    let source = go("\terrors.Wrap(err, \"a\")\n");
    let mut calls = 0;
    for name in
        ["examples/ci/github-workflow.yml", "examples/ci/gitlab-ci.yml", ".pre-commit-hooks.yaml"]
    {
        let text = std::fs::read_to_string(root.join(name)).expect("an example");
        for line in text.lines() {
            let Some((_, call)) = line
                .split_once("run: dmmigrate ")
                .or_else(|| line.split_once("entry: dmmigrate "))
                .or_else(|| line.split_once("- dmmigrate "))
            else {
                continue;
            };
            calls += 1;
            let tolerant = call.contains("|| [ $? -eq 1 ]");
            for (source, code) in [(go(""), 0), (source.clone(), i32::from(!tolerant))] {
                let files: Vec<(&str, &str)> =
                    pack.iter().copied().chain([("a.go", source.as_str())]).collect();
                let repository = Repository::new(&files);
                let program = insta_cmd::get_cargo_bin("dmmigrate");
                let script = format!("'{}' {call}", program.display());
                let mut shell = std::process::Command::new("sh");
                let output = shell
                    .args(["-ec", &script])
                    .current_dir(repository.path())
                    .output()
                    .expect("runs");
                let said = String::from_utf8_lossy(&output.stderr);
                assert_eq!(output.status.code(), Some(code), "{name}: {call}\n{said}");
            }
        }
    }
    assert_eq!(calls, 6);
}

/// A repository in which a rule creates a file.
fn creates() -> Repository {
    let rules = "packages: {lib: example.org/lib, compat: '${module}/internal/compat'}\nrules:\n- {id: text, match: lib.Text($s), rewrite: compat.Text($s)}\n- {id: file, title: The helper, why: Old code needs it., file: {path: internal/compat/compat.go, content: package compat}}\n";
    Repository::new(&[
        ("rule.yaml", rules),
        ("go.mod", "module example.com/app\n\ngo 1.22\n"),
        ("a.go", "package app\n\nimport \"example.org/lib\"\n\nvar a = lib.Text(1)\n"),
    ])
}

#[test]
fn a_file_that_would_be_created_is_a_problem_with_its_fix_and_part_of_reports() {
    let repository = creates();
    let sarif = document(&repository, "sarif");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    let created = results.iter().find(|r| r["ruleId"] == "rule/file").expect("a result");
    let place = &created["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(place, "internal/compat/compat.go");
    let change = &created["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["artifactLocation"]["uri"], "internal/compat/compat.go");
    assert_eq!(fixed("", &created["fixes"][0]), "package compat\n");
    let said =
        check(&repository, &["--report", "r.md", "--report", "r.html", "--report", "r.json"]);
    assert_eq!(said.code, 1, "{}", said.err);
    let line = "internal/compat/compat.go:1:1: warning: would change: The helper [rule/file]\n";
    assert!(said.out.contains(line), "{}", said.out);
    let markdown = repository.read("r.md");
    assert!(
        markdown.contains("### The helper\n") && markdown.contains("+package compat\n"),
        "{markdown}"
    );
    let page = repository.read("r.html");
    assert!(page.contains("The helper") && page.contains("package compat"), "{page}");
    let data: Value = serde_json::from_str(&repository.read("r.json")).expect("JSON");
    let rules = data["rules"].as_array().expect("rules");
    let file = rules.iter().find(|r| r["id"] == "file").expect("the rule");
    assert_eq!((&file["sites"], &file["why"]), (&1.into(), &"Old code needs it.".into()));
    assert_eq!(file["shapes"][0]["examples"][0]["path"], "internal/compat/compat.go");
    assert!(!repository.path().join("internal").exists());
}

#[test]
fn a_dry_run_prints_what_a_check_prints_and_a_run_what_is_left_of_it() {
    let repository = every_kind();
    let apply = |args: &[&str], format: &str| {
        let args = [&["apply", "-q", "--rule", "rule.yaml", "--format", format], args].concat();
        let output = repository.dmmigrate(&args).output().expect("runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    };
    for format in ["sarif", "github"] {
        let checked = check(&repository, &["-q", "--format", format]).out;
        assert_eq!(apply(&["-n"], format), checked);
    }
    let titles = |annotations: &str| -> Vec<String> {
        let title = |line: &str| Some(line.split_once("title=")?.1.split_once("::")?.0.to_owned());
        annotations.lines().filter_map(title).collect()
    };
    let left = titles(&apply(&[], "github"));
    assert_eq!(left, ["rule/careful", "rule/hand", "rule/seen", "rule/noted"]);
}

#[test]
fn a_check_of_a_part_speaks_of_that_part_alone() {
    let repository = Repository::new(&[
        ("a/a.go", &go("\terrors.Wrap(err, \"a\")\n")),
        ("b/b.go", &go("\terrors.WithStack(err)\n")),
        ("CODEOWNERS", "/b/ @b\n"),
        ("rule.yaml", RULES),
    ]);
    for (part, path) in [
        (&["--files", "a/**"][..], "a/a.go:"),
        (&["--exclude", "a/**"], "b/b.go:"),
        (&["--owner", "@b"], "b/b.go:"),
    ] {
        let said = check(&repository, part);
        assert_eq!(said.code, 1, "{part:?}: {}", said.err);
        assert!(said.out.lines().all(|line| line.starts_with(path)), "{part:?}: {}", said.out);
    }
    assert_eq!(check(&repository, &["--since", "HEAD"]).code, 0);
}
