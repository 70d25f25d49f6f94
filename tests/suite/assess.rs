//! The command `assess`: what it sees of a repository, in each form.

use serde_json::Value;

use crate::support::repository::{Repository, snapshot};

const PACK: &str = "pack: driver\nversions:\n  old.org/dm: {about: DM database, map: {v1.2.0: 8.1.3.12}}\n  new.org/dm: {about: DM database, map: {v1.5.0: 8.1.4.200}}\npackages: {dm: old.org/dm, next: new.org/dm}\n";

const RULES: &str = "rules:\n- {id: moved, import: {from: old.org/dm, to: new.org/dm}}\n- {id: raised, gomod: {move: old.org/dm, to: new.org/dm v1.5.0}}\n- {id: opened, match: 'dm.Open($d)', rewrite: 'dm.Connect($d)'}\n- {id: closed, match: '$c.Close()', where: {$c: {type: '*dm.Conn'}}, rewrite: '$c.End()'}\n- {id: hand, safety: manual, match: 'dm.Gone()', rewrite: 'dm.Here()'}\n- {id: sorted, when: {go: '>=1.30'}, match: 'dm.Sort($x)', rewrite: 'dm.Order($x)'}\n";

/// Three packages in a chain of which the middle one has nothing to change, and a module that
/// requires an older version. The test of `low` imports `top`: a circle if tests counted.
fn repository() -> Repository {
    let uses = |name: &str, imports: &str, body: &str| {
        format!(
            "package {name}\n\nimport (\n\t\"old.org/dm\"\n{imports})\n\nfunc F() {{\n{body}}}\n"
        )
    };
    let low = uses("low", "", "\tdm.Open(\"a\")\n");
    let top = uses("top", "\t_ \"example.com/app/middle\"\n", "\tdm.Open(\"b\")\n\tdm.Gone()\n");
    let side = uses("side", "", "\tvar c = dm.Conn()\n\tc.Close()\n");
    Repository::new(&[
        ("rules/driver/pack.yaml", PACK),
        ("rules/driver/rules.yaml", RULES),
        ("dmmigrate.yaml", "packs: [./rules/driver]\n"),
        (
            "go.mod",
            "module example.com/app\n\ngo 1.21\n\ntoolchain go1.22.3\n\nrequire old.org/dm v1.2.0\n",
        ),
        ("vendor/modules.txt", "# old.org/dm v1.1.0\n## explicit\nold.org/dm\n"),
        ("low/a.go", &low),
        ("low/a_test.go", "package low_test\n\nimport _ \"example.com/app/top\"\n"),
        ("middle/a.go", "package middle\n\nimport _ \"example.com/app/low\"\n"),
        ("top/a.go", &top),
        ("side/go.mod", "module example.com/side\n\nrequire old.org/dm v1.1.0 // indirect\n"),
        ("side/a.go", &side),
    ])
}

fn json(repository: &Repository) -> Value {
    let output = repository.dmmigrate(&["assess", "--format", "json"]).output().expect("runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn text() {
    let repository = repository();
    repository.write("low/a.go", &(repository.read("low/a.go") + "\n// not committed\n"));
    let mut command = repository.dmmigrate(&["assess"]);
    command.env("GOROOT", "/nowhere").env("PATH", "/usr/bin:/bin");
    snapshot(|| insta_cmd::assert_cmd_snapshot!("assess", command));
}

#[test]
fn the_plan_has_leaves_first_through_packages_with_nothing_to_change() {
    let document = json(&repository());
    let steps: Vec<(u64, &str, u64)> = document["plan"]
        .as_array()
        .expect("a plan")
        .iter()
        .map(|p| {
            let number = |key: &str| p[key].as_u64().expect("a number");
            (number("step"), p["package"].as_str().expect("a path"), number("tests"))
        })
        .collect();
    assert_eq!(
        steps,
        [(1, "example.com/app/low", 1), (1, "example.com/side", 0), (2, "example.com/app/top", 0),]
    );
}

#[test]
fn a_version_has_what_it_belongs_to_beside_it() {
    let document = json(&repository());
    let required = document["requirements"].as_array().expect("requirements");
    let of = |module: &str| required.iter().find(|r| r["module"] == module).expect("a module");
    let app = of("example.com/app");
    assert_eq!(app["belongsTo"], "DM database 8.1.3.12");
    assert_eq!(app["becomes"], "new.org/dm v1.5.0");
    assert_eq!(app["becomesBelongsTo"], "DM database 8.1.4.200");
    assert_eq!((&app["indirect"], &app["behind"]), (&false.into(), &false.into()));
    let side = of("example.com/side");
    assert_eq!((&side["belongsTo"], &side["behind"]), (&Value::Null, &true.into()));
    assert_eq!((&side["indirect"], &side["packages"]), (&true.into(), &1.into()));
}

#[test]
fn a_driver_that_no_go_mod_requires_is_told() {
    let rules =
        "packages: {dm: dm}\nrules:\n- {id: opened, match: 'dm.Open()', rewrite: 'dm.Connect()'}\n";
    let go = "package p\n\nimport \"dm\"\n\nvar _ = dm.Open()\n";
    let repository = Repository::new(&[
        ("go.mod", "module example.com/app\n\ngo 1.21\n"),
        ("p/a.go", go),
        ("r.yaml", rules),
    ]);
    let args = ["assess", "--rule", "r.yaml"];
    let output = repository.dmmigrate(&args).output().expect("runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("not in go.mod, 1 package"), "{text}");
}

#[test]
fn two_drivers_in_one_binary_are_the_highest_risk() {
    let rules = "packages: {a: {path: a.org/dm, name: dm}, b: {path: b.org/dm, name: dm}}\nrules:\n- {id: two-drivers, severity: error, binary: {imports: [a, b], at-least: 2, report: two of them}}\n";
    let main = "package main\n\nimport (\n\t_ \"a.org/dm\"\n\t_ \"example.com/app/p\"\n)\n\nfunc main() {}\n";
    let repository = Repository::new(&[
        (
            "go.mod",
            "module example.com/app\n\ngo 1.21\n\nrequire (\n\ta.org/dm v1.0.0\n\tb.org/dm v1.0.0\n)\n",
        ),
        ("main.go", main),
        ("p/a.go", "package p\n\nimport _ \"b.org/dm\"\n"),
        ("r.yaml", rules),
    ]);
    let args = ["assess", "--rule", "r.yaml", "--format", "json"];
    let output = repository.dmmigrate(&args).output().expect("runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(document["risk"]["clashes"], 1, "{document}");
    assert_eq!(document["risk"]["score"], 100);
}

#[test]
fn json_is_what_its_schema_says_and_the_score_is_what_its_formula_says() {
    let document = json(&repository());
    let schema = include_str!("../../schemas/assess.json");
    let schema: Value = serde_json::from_str(schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<String> =
        validator.iter_errors(&document).map(|e| format!("{} {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let risk = &document["risk"];
    let number = |value: &Value| value.as_f64().expect("a number");
    let factors = risk["factors"].as_array().expect("factors");
    let sum: f64 = factors.iter().map(|f| number(&f["weight"]) * number(&f["share"])).sum();
    assert!((sum.round() - number(&risk["score"])).abs() < 1e-9, "{risk}");
}

#[test]
fn reports_have_the_assessment_on_the_same_page() {
    let repository = repository();
    let args = ["assess", "-q", "--report", "r.html", "--report", "r.md", "--report", "r.json"];
    let output = repository.dmmigrate(&args).output().expect("runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let (page, markdown) = (repository.read("r.html"), repository.read("r.md"));
    for said in ["DM database 8.1.3.12", "leaves first", "score = sum of weight"] {
        let said = said.to_lowercase();
        assert!(page.to_lowercase().contains(&said), "the page lacks {said}");
        assert!(markdown.to_lowercase().contains(&said), "{markdown}");
    }
    assert!(page.contains("<svg class=\"picture\""), "{page}");
    assert!(markdown.contains("```mermaid\nflowchart LR\n"), "{markdown}");
    assert!(markdown.contains("-. becomes .->"), "{markdown}");
    for wish in ["<script", "src=", "@import", "http://", "https://"] {
        assert!(!page.contains(wish), "the page has {wish}");
    }
    let report: Value = serde_json::from_str(&repository.read("r.json")).expect("JSON");
    assert_eq!(report["assessment"]["plan"][0]["package"], "example.com/app/low");
}

/// An application that has the driver only through other modules: `orm` needs it directly, `kit`
/// through `orm`, `log` not at all.
#[test]
fn an_indirect_requirement_comes_through_a_module_that_is_named_and_drawn() {
    let rules =
        "packages: {dm: old.org/dm}\nrules:\n- {id: raised, gomod: {require: old.org/dm v1.5.0}}\n";
    let go_mod = "module example.com/app\n\ngo 1.22\n\nrequire (\n\tx.org/kit v1.0.0\n\tX.org/log v1.0.0\n)\n\nrequire (\n\told.org/dm v1.2.0 // indirect\n\tx.org/orm v1.0.0 // indirect\n)\n\nreplace x.org/orm => ./orm\n";
    let repository = Repository::new(&[
        ("go.mod", go_mod),
        ("a.go", "package app\n"),
        ("orm/go.mod", "module x.org/orm\n\ngo 1.22\n\nrequire old.org/dm v1.2.0\n"),
        ("r.yaml", rules),
    ]);
    let cache = tempfile::tempdir().expect("a folder");
    let put = |name: &str, text: &str| {
        let path = cache.path().join("cache/download").join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    };
    put("x.org/kit/@v/v1.0.0.mod", "module x.org/kit\n\nrequire x.org/orm v0.9.0\n");
    put("!x.org/log/@v/v1.0.0.mod", "module X.org/log\n\nrequire x.org/other v1.0.0\n");
    let assess = |cache: &std::path::Path, more: &[&str]| {
        let args = [&["assess", "--rule", "r.yaml"], more].concat();
        let output = repository.dmmigrate(&args).env("GOMODCACHE", cache).output().expect("runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    };
    let json =
        assess(cache.path(), &["--format", "json", "--report", "r.md", "--report", "r.html"]);
    let document: Value = serde_json::from_str(&json).expect("JSON");
    let app = |document: &Value| {
        let all = document["requirements"].as_array().expect("requirements");
        all.iter().find(|r| r["module"] == "example.com/app").expect("the app").clone()
    };
    assert_eq!(app(&document)["through"], serde_json::json!(["x.org/kit"]));
    let nodes = document["picture"]["nodes"].as_array().expect("boxes");
    let label = |n: &Value| {
        nodes[usize::try_from(n.as_u64().expect("a number")).expect("small")]["label"].clone()
    };
    let edges = document["picture"]["edges"].as_array().expect("lines");
    let drawn = |from: &str, to: &str| {
        edges.iter().any(|e| label(&e["from"]) == from && label(&e["to"]) == to)
    };
    assert!(drawn("example.com/app", "x.org/kit") && drawn("x.org/kit", "old.org/dm"), "{edges:?}");
    assert!(!drawn("example.com/app", "old.org/dm"), "{edges:?}");
    assert!(assess(cache.path(), &[]).contains("indirect, through x.org/kit"));
    assert!(repository.read("r.md").contains("indirect through x.org/kit"));
    let page = repository.read("r.html");
    assert!(page.contains("through other modules") && page.contains("class=\"through\""));
    // Without a module cache it is only known that it is indirect.
    let json = assess(std::path::Path::new("/nowhere"), &["--format", "json"]);
    let document: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(app(&document)["through"], serde_json::json!([]));
}
