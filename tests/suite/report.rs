//! What is left over after a run, and the reports that people read.

use serde_json::Value;

use crate::support::repository::Repository;

const RULES: &str = "packages:\n  old: old.org/x\n  new: new.org/x\nrules:\n- {id: moved, title: 'Moved <b>', why: 'Because `x` & <script>.', import: {from: old.org/x, to: new.org/x, subpackages: true}}\n- {id: hand, safety: manual, match: 'old.Gone($e)', rewrite: 'new.Here($e)'}\n";

fn repository() -> Repository {
    let go = "package p\n\nimport \"old.org/x\" // see old.org/x/y\n\nvar _ = x.A\n\nvar _ = \"old.org/x\"\n";
    Repository::new(&[
        ("rules/r.yaml", RULES),
        ("a.go", go),
        ("tagged.go", "//go:build never\n\npackage p\n\n// old.org/x is old.\nvar B = 1\n"),
        ("go.sum", "old.org/x v1.0.0 h1:a=\nold.org/x/v2 v2.0.0 h1:b=\nold.org/xy v1.0.0 h1:c=\n"),
        ("vendor/modules.txt", "# old.org/x v1.0.0\n"),
        (".github/workflows/ci.yml", "run: go get old.org/x@latest\n"),
        ("build/Dockerfile.dev", "RUN go install old.org/x/cmd@v1\n"),
        ("docs/a.md", "Use old.org/x. Not my-old.org/x, not old.org/x-y.\n"),
        ("CODEOWNERS", "* @all\n/docs/ @writers\n"),
        ("photo.png", "old.org/x"),
    ])
}

fn run(repository: &Repository, more: &[&str]) -> (Value, String) {
    let args = ["apply", "-n", "--format", "json", "--rule", "rules/r.yaml"];
    let all: Vec<&str> = args.iter().chain(more).copied().collect();
    let output = repository.dmmigrate(&all).output().expect("runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    (serde_json::from_slice(&output.stdout).expect("JSON"), said)
}

#[test]
fn what_is_left_over_is_told_with_its_kind_and_owner() {
    let repository = repository();
    let (document, said) = run(&repository, &[]);
    let mentions = document["residue"].as_array().expect("mentions").iter();
    let seen: Vec<String> = mentions
        .map(|m| {
            let text = |key: &str| m[key].as_str().expect("text").to_string();
            format!("{}:{} {} {}", text("path"), m["line"], text("kind"), m["owners"][0])
        })
        .collect();
    let expected = [
        ".github/workflows/ci.yml:1 CI \"@all\"",
        "a.go:3 comment \"@all\"",
        "a.go:7 string \"@all\"",
        "build/Dockerfile.dev:1 Dockerfile \"@all\"",
        "docs/a.md:1 docs \"@writers\"",
        "go.sum:1 go.sum \"@all\"",
        "tagged.go:5 comment \"@all\"",
        "vendor/modules.txt:1 vendor/modules.txt \"@all\"",
    ];
    assert_eq!(seen, expected);
    assert!(said.contains("left over: 8 mentions of old.org/x: 2 comment, 1 CI,"), "{said}");
    assert!(said.contains("(.github/workflows/ci.yml:1, a.go:3, a.go:7, …)"), "{said}");
}

#[test]
fn a_report_escapes_what_comes_from_the_repository_and_asks_for_nothing() {
    let repository = repository();
    let files = ["--report", "r.html", "--report", "r.md", "--report", "r.json"];
    run(&repository, &files);
    let page = repository.read("r.html");
    assert!(page.contains("Moved &lt;b&gt;") && page.contains("&lt;script&gt;"), "{page}");
    for wish in ["<script", "src=", "url(", "@import", "http://", "https://"] {
        assert!(!page.contains(wish), "the page has {wish}");
    }
    let markdown = repository.read("r.md");
    assert!(markdown.contains("### Moved &lt;b>"), "{markdown}");
    assert!(markdown.contains("-import \"old.org/x\"\n+import \"new.org/x\"\n"), "{markdown}");
    assert!(markdown.contains("| docs/a.md:1 | docs | old.org/x | \\@writers |"), "{markdown}");
    let data: Value = serde_json::from_str(&repository.read("r.json")).expect("JSON");
    assert_eq!(data["totals"]["sites"], 1);
    assert_eq!(data["rules"][0]["shapes"][0]["examples"][0]["line"], 3);
    assert_eq!(data["owners"][0]["name"], "@all");
}

#[test]
fn a_report_of_no_known_kind_is_refused() {
    let repository = repository();
    let args = ["apply", "-n", "--rule", "rules/r.yaml", "--report", "r.pdf"];
    let output = repository.dmmigrate(&args).output().expect("runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("name it .md, .html or .json"));
}

#[test]
fn each_kind_of_place_is_told_with_its_owner() {
    let rules = "packages: {old: old.org/x, new: new.org/x}\nrules:\n- {id: moved, import: {from: old.org/x, to: new.org/x, subpackages: true}}\n- {id: dropped, gomod: {drop: old.org/x}}\n";
    let kept = "package p\n\nimport \"old.org/x\" //dmmigrate:ignore moved later\n\nvar _ = x.A\n";
    let repository = Repository::new(&[
        ("rules/r.yaml", rules),
        ("CODEOWNERS", "* @all\n/a/ @a @b\n/.gitlab-ci.yml @ops\n/deploy/ @ops\n"),
        ("go.mod", "module example.com/p\n\ngo 1.22\n\nrequire old.org/x v1.0.0\n"),
        ("go.sum", "old.org/x v1.0.0 h1:a=\n"),
        ("vendor/modules.txt", "# old.org/x v1.0.0\n## explicit\nold.org/x\n"),
        ("a/kept.go", kept),
        ("a/text.go", "package p\n\n// old.org/x\nvar s = \"old.org/x/y\"\n"),
        (
            "a/tagged_windows.go",
            "//go:build windows && never\n\npackage p\n\nvar t = `old.org/x`\n",
        ),
        (".gitlab-ci.yml", "script: go install old.org/x/cmd@v1\n"),
        ("Jenkinsfile", "sh 'go get old.org/x'\n"),
        ("deploy/Dockerfile", "RUN go install old.org/x/cmd@v1\n"),
        ("deploy/values.yaml", "module: old.org/x\n"),
        ("README.md", "Needs old.org/x.\n"),
        ("Makefile", "tools:\n\tgo install old.org/x/cmd@v1\n"),
    ]);
    let (document, said) = run(&repository, &[]);
    let mentions = document["residue"].as_array().expect("mentions").iter();
    let seen: Vec<String> = mentions
        .map(|m| {
            let text = |key: &str| m[key].as_str().expect("text").to_string();
            let owners = m["owners"].as_array().expect("owners").iter();
            let owners: Vec<&str> = owners.map(|o| o.as_str().expect("text")).collect();
            format!("{}:{} {}: {}", text("path"), m["line"], text("kind"), owners.join(" "))
        })
        .collect();
    let expected = [
        ".gitlab-ci.yml:1 CI: @ops",
        "Jenkinsfile:1 CI: @all",
        "Makefile:2 other: @all",
        "README.md:1 docs: @all",
        "a/kept.go:3 import: @a @b",
        "a/tagged_windows.go:5 string: @a @b",
        "a/text.go:3 comment: @a @b",
        "a/text.go:4 string: @a @b",
        "deploy/Dockerfile:1 Dockerfile: @ops",
        "deploy/values.yaml:1 other: @ops",
        "go.mod:5 go.mod: @all",
        "go.sum:1 go.sum: @all",
        "vendor/modules.txt:1 vendor/modules.txt: @all",
        "vendor/modules.txt:3 vendor/modules.txt: @all",
    ];
    assert_eq!(seen, expected, "{said}");
    // By owner the page says how many there are.
    run(&repository, &["--report", "r.json"]);
    let data: Value = serde_json::from_str(&repository.read("r.json")).expect("JSON");
    let of = |name: &str| {
        let owners = data["owners"].as_array().expect("owners");
        owners.iter().find(|o| o["name"] == name).expect("an owner")["residue"].clone()
    };
    assert_eq!((of("@ops"), of("@a"), of("@b")), (3.into(), 4.into(), 4.into()));
}

#[test]
fn what_another_rule_has_changed_needs_nobody() {
    let rules = "rules:\n- {id: whole, match: 'f(g($x))', rewrite: 'h($x)'}\n- {id: part, match: 'g($x)', rewrite: 'i($x)'}\n- {id: ask, safety: review, match: 'k($x)', rewrite: 'l($x)'}\n";
    let go = "package p\n\nvar a, b, c = f(g(1)), g(2), k(3)\n";
    let repository = Repository::new(&[("rules/r.yaml", rules), ("a/a.go", go)]);
    let (document, _) = run(&repository, &["--report", "r.json"]);
    let sites = document["files"][0]["sites"].as_array().expect("sites").iter();
    let seen: Vec<&str> = sites.map(|s| s["status"].as_str().expect("a status")).collect();
    assert_eq!(seen, ["applied", "overlaps", "applied", "needs review"]);
    let data: Value = serde_json::from_str(&repository.read("r.json")).expect("JSON");
    let asked = data["attention"].as_array().expect("what needs a person").iter();
    let rules: Vec<&Value> = asked.map(|group| &group["rule"]).collect();
    assert_eq!(rules, ["ask"]);
    assert_eq!(
        (&data["packages"][0]["sites"], &data["packages"][0]["attention"]),
        (&2.into(), &1.into())
    );
}

#[test]
fn passwords_of_the_repository_are_in_no_output_and_advice_of_rules_is() {
    const SECRETS: [&str; 3] = ["hunter2", "s3cr3t", "letme1n"];
    let rules = "packages: {sql: database/sql, dm: example.com/dm}\nrules:\n- id: opened\n  title: Open it anew\n  why: 'Write `dm://user:password@host:5236`, never `?password=example`.'\n  match: sql.Open($d, $dsn)\n  rewrite: dm.Open($dsn)\n- id: dsn\n  why: 'The form is `user:password@tcp(host)/db`.'\n  string: {at: 'dm.Connect($dsn)', find: 'tcp[(]', report: 'write `dm://user:password@host:port`, not ${dsn.0} of $dsn'}\n- id: file\n  text: {files: ['*.yaml'], find: '.*letme1n.*', report: 'write `dm://user:password@host`'}\n";
    let rules = rules.replace(", not ${dsn.0} of $dsn", ", not $match");
    let go = "package p\n\nimport (\n\t\"database/sql\"\n\n\t\"example.com/dm\"\n)\n\nvar a, _ = sql.Open(\"dm\", \"dm://root:hunter2@db:5236\")\n\nvar b = dm.Connect(\"root:s3cr3t@tcp(db)/x\")\n";
    let repository = Repository::new(&[
        ("rules/r.yaml", &rules),
        ("a.go", go),
        ("app.yaml", "dsn: dm://root:letme1n@db:5236\n"),
    ]);
    for report in ["r.md", "r.html", "r.json"] {
        let args = ["check", "--rule", "rules/r.yaml", "--verbose", "--report", report];
        for format in ["text", "sarif", "github"] {
            let all = [&args[..], &["--format", format]].concat();
            let output = repository.dmmigrate(&all).output().expect("runs");
            let out = String::from_utf8_lossy(&output.stdout).into_owned();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(1), "{said}");
            // The fixes of SARIF are edits, as a patch is.
            let messages = if format == "sarif" { without_fixes(&out) } else { out };
            for secret in SECRETS {
                assert!(!messages.contains(secret) && !said.contains(secret), "{messages}{said}");
            }
            assert!(messages.contains("dm://user:password@host:port"), "{messages}");
        }
        let written = repository.read(report);
        for secret in SECRETS {
            assert!(!written.contains(secret), "{report} has {secret}");
        }
        for advice in [
            "dm://user:password@host:5236",
            "?password=example",
            "dm://user:password@host:port",
            "user:password@tcp(host)/db",
        ] {
            // Markdown gives the reason of a change, not that of a finding.
            if report == "r.md" && advice.contains("tcp") {
                continue;
            }
            let plain = written.replace("&#x2f;", "/").replace("\\@", "@").replace("\\_", "_");
            assert!(plain.contains(advice), "{report} has no {advice}: {plain}");
        }
    }
}

/// A SARIF document without the edits in it.
fn without_fixes(text: &str) -> String {
    let mut document: Value = serde_json::from_str(text).expect("JSON");
    for result in document["runs"][0]["results"].as_array_mut().expect("results") {
        result.as_object_mut().expect("a result").remove("fixes");
    }
    document.to_string()
}
