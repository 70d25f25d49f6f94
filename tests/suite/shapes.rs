//! Shapes of changes: what is the same change, and which ones are rare.

use serde_json::{Value, json};

use crate::support::repository::Repository;

const RULE: &str = "packages:\n  errors: github.com/pkg/errors\nrules:\n- id: wrap\n  match: errors.Wrap($e, $m)\n  rewrite: errors.WithMessage($e, $m)\n- {id: moved, import: {from: old.org/x, to: new.org/x, subpackages: true}}\n- {id: pause, match: f($$$a), rewrite: g($$$a)}\n";

fn code(body: &str) -> String {
    format!("package p\n\nimport \"github.com/pkg/errors\"\n\nfunc p(err error) {{\n{body}}}\n")
}

/// What JSON says of a run, without what is no shape.
fn shapes(repository: &Repository) -> Vec<Value> {
    let args = ["apply", "-n", "-q", "--format", "json", "--rule", "rule.yaml"];
    let output = repository.dmmigrate(&args).output().expect("runs");
    let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let sites = document["files"].as_array().expect("files").iter();
    let with_shape = sites.flat_map(|file| file["sites"].as_array().expect("sites"));
    let known = with_shape.filter(|site| site["status"] == "applied");
    let shapes = document["shapes"].as_array().expect("shapes").clone();
    let mut counted = vec![0; shapes.len()];
    for site in known {
        let index = site["shape"].as_u64().expect("an applied site has a shape");
        counted[usize::try_from(index).expect("small")] += 1;
    }
    let said: Vec<Value> = shapes.iter().map(|shape| shape["sites"].clone()).collect();
    assert_eq!(counted.into_iter().map(Value::from).collect::<Vec<_>>(), said);
    shapes
}

#[test]
fn layout_comments_and_what_is_captured_make_no_new_shape_but_its_kind_does() {
    let body = "\terrors.Wrap(err, \"a\")\n\terrors.Wrap(\n\t\terr,\n\t\t\"b\", /* why */\n\t)\n\terrors.Wrap(x.err, `c`)\n\terrors.Wrap(p(), \"d\")\n";
    let repository = Repository::new(&[("a.go", &code(body)), ("rule.yaml", RULE)]);
    let shape = |kind: &str, sites: usize| {
        json!({
            "rule": "wrap", "pack": "rule", "sites": sites, "outlier": false,
            "before": "errors.Wrap($e, $m)", "after": "errors.WithMessage($e, $m)",
            "captures": {"e": kind, "m": "literal"},
        })
    };
    assert_eq!(shapes(&repository), [shape("name", 3), shape("call", 1)]);
}

#[test]
fn imports_are_one_shape_for_each_form_and_lists_with_elements_are_one() {
    let go = "package p\n\nimport (\n\t_ \"old.org/x\"\n\ta \"old.org/x/a\"\n\t\"old.org/x/b\"\n\t\"old.org/x/c\"\n)\n\nfunc g(...any) {}\n\nfunc h() {\n\tf(a.A)\n\tf(b.B, c.C)\n\tf()\n}\n";
    let repository = Repository::new(&[("a.go", go), ("rule.yaml", RULE)]);
    let seen: Vec<String> = shapes(&repository)
        .iter()
        .map(|s| format!("{} x {} => {}", s["sites"], s["before"], s["after"]))
        .collect();
    let expected = [
        r#"2 x "import \"old.org/x/…\"" => "import \"new.org/x/…\"""#,
        r#"1 x "import _ \"old.org/x\"" => "import _ \"new.org/x\"""#,
        r#"1 x "import $alias \"old.org/x/…\"" => "import $alias \"new.org/x/…\"""#,
        r#"2 x "f($$$a)" => "g($$$a)""#,
        r#"1 x "f()" => "g()""#,
    ];
    assert_eq!(seen, expected);
}

#[test]
fn what_a_template_computes_of_a_capture_makes_no_new_shape() {
    const RULE: &str = "packages:\n  errors: github.com/pkg/errors\nrules:\n- id: wrap\n  match: errors.Wrap($e, $m)\n  where: {$m: {value: '(?P<all>.*)'}}\n  rewrite: 'fmt.Errorf(\"${m.all|printf}: %w\", $e)'\n";
    let body = "\terrors.Wrap(err, \"a\")\n\terrors.Wrap(err, \"100 %\")\n";
    let repository = Repository::new(&[("a.go", &code(body)), ("rule.yaml", RULE)]);
    let shape = json!({
        "rule": "wrap", "pack": "rule", "sites": 2, "outlier": false,
        "before": "errors.Wrap($e, $m)", "after": "fmt.Errorf(\"${m.all}: %w\", $e)",
        "captures": {"e": "name", "m": "literal"},
    });
    assert_eq!(shapes(&repository), [shape]);
}

#[test]
fn a_shape_with_less_than_one_in_a_hundred_sites_of_its_rule_is_an_outlier() {
    for (common, outlier) in [(98, false), (99, false), (100, true)] {
        let body = "\terrors.Wrap(err, \"a\")\n".repeat(common) + "\terrors.Wrap(p(), \"d\")\n";
        let repository = Repository::new(&[("a.go", &code(&body)), ("rule.yaml", RULE)]);
        let seen = shapes(&repository);
        assert_eq!(seen[1]["outlier"], outlier, "{common} others");
        let output =
            repository.dmmigrate(&["apply", "-n", "--rule", "rule.yaml"]).output().expect("runs");
        let summary = String::from_utf8_lossy(&output.stderr).into_owned();
        let said = if outlier { " in 1 shape and 1 outlier (" } else { " in 2 shapes (" };
        assert!(summary.contains(said), "{summary}");
    }
}
