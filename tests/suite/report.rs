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
