//! Single rules on single files.

use std::sync::Arc;

use super::date::Date;
use super::fix::FixStatus;
use super::names::{ClauseName, PackageFacts};
use super::prefilter::Prefilter;
use super::programs::ProgramFindings;
use super::rewrite::{FileOutcome, Force, Rewriter};
use crate::go::packages::default_name;
use crate::go::predeclared::standard_package;
use crate::go::source::SourceFile;
use crate::rule::compiled::{
    Action, Origin, PackInfo, Package, Required, Rewrite, Rule, RuleSet, Safety, Search, When,
};
use crate::rule::metavariable::Metavariables;
use crate::rule::pattern::{PackageId, PackageNames, Pattern};
use crate::rule::template::{Template, TemplateScope};
use crate::text::{Severity, SourceMap, Span};

/// Guesses names, and declares `declared`.
struct Facts;

impl PackageFacts for Facts {
    fn clause_name(&self, _: &str, path: &str) -> ClauseName {
        ClauseName { name: default_name(path), certain: true }
    }

    fn declares(&self, file: &SourceFile, name: &str) -> bool {
        file.text().contains(&format!("func {name}("))
    }
}

struct Table<'a>(&'a mut Vec<Package>);

impl PackageNames for Table<'_> {
    fn package(&mut self, name: &str) -> Option<PackageId> {
        let path = match name {
            "dm" => "example.com/dm",
            "pkgerr" => "github.com/pkg/errors",
            _ => standard_package(name)?,
        };
        let at = self.0.iter().position(|p| p.path == path).unwrap_or_else(|| {
            self.0.push(Package {
                path: path.into(),
                name: default_name(path),
                named: true,
                registers: false,
            });
            self.0.len() - 1
        });
        Some(PackageId(at))
    }
}

/// A rule set of `pattern -> template` rules.
fn rules(list: &[(&str, &str)]) -> RuleSet {
    let mut set = RuleSet {
        packs: vec![PackInfo { name: "test".into(), title: String::new() }],
        ..RuleSet::default()
    };
    let mut sources = SourceMap::default();
    let file = sources.add("test", "");
    for (nth, (pattern, template)) in list.iter().enumerate() {
        let mut metavariables = Metavariables::default();
        let mut table = Table(&mut set.packages);
        let pattern = Pattern::parse(pattern, None, &mut metavariables, &mut table)
            .unwrap_or_else(|e| panic!("{pattern}: {e:?}"));
        let mut scope = TemplateScope {
            metavariables: &metavariables,
            params: &|_| None,
            packages: &mut table,
        };
        let template = Template::parse(template, pattern.context(), &mut scope)
            .unwrap_or_else(|e| panic!("{template}: {e:?}"));
        let required = pattern.words().map(|w| Required::Word(w.into())).collect();
        let search = Search { pattern, constraints: Vec::new(), required };
        set.rules.push(Rule {
            id: format!("rule-{nth}"),
            pack: 0,
            packs: Vec::new(),
            title: String::new(),
            why: String::new(),
            safety: Safety::Safe,
            severity: Severity::Warning,
            when: When::default(),
            places: crate::rule::compiled::Places::default(),
            guard: crate::rule::compiled::Guard::default(),
            metavariables,
            action: Action::Rewrite(Box::new(Rewrite {
                scope: None,
                search,
                template,
                drops_comments: false,
                diff: None,
            })),
            origin: Origin { file, span: Span::at(0) },
        });
    }
    set
}

fn outcome(list: &[(&str, &str)], text: &str) -> FileOutcome {
    let rules = rules(list);
    let prefilter = Prefilter::new(&rules);
    let rewriter = Rewriter {
        rules: &rules,
        prefilter: &prefilter,
        elsewhere: &[],
        facts: &Facts,
        programs: &ProgramFindings::default(),
        include_review: false,
        include_unknown_type: false,
        include_generated: false,
        today: Date::of_unix_days(0),
    };
    rewriter.rewrite(&Arc::new(SourceFile::new("a.go", text)), &vec![Force::On; list.len()])
}

/// The file after the rules. A second run must change nothing.
fn rewritten(list: &[(&str, &str)], text: &str) -> String {
    let after = outcome(list, text).edits.apply(text);
    let again = outcome(list, &after);
    assert!(
        again.edits.is_empty(),
        "a second run changes\n{after}\nto\n{}",
        again.edits.apply(&after)
    );
    after
}

/// A function with `body` as its only statements, rewritten.
fn body(pattern: &str, template: &str, body: &str) -> String {
    let text = format!("package p\n\nfunc f() {{\n{body}\n}}\n");
    let after = rewritten(&[(pattern, template)], &text);
    after
        .strip_prefix("package p\n\nfunc f() {\n")
        .and_then(|t| t.strip_suffix("\n}\n"))
        .unwrap_or(&after)
        .to_string()
}

fn statuses(list: &[(&str, &str)], text: &str) -> Vec<&'static str> {
    outcome(list, text).sites.iter().map(|s| s.status.label()).collect()
}

#[test]
fn only_what_differs_is_printed() {
    assert_eq!(
        body("old($a, $b)", "new($a, $b)", "\told(x /* c */, // d\n\t\ty)"),
        "\tnew(x /* c */, // d\n\t\ty)"
    );
    assert_eq!(body("f($a, $b)", "f($b, nil, $a)", "\tf(x+1, y)"), "\tf(y, nil, x+1)");
    assert_eq!(
        body("f($$$a)", "g(ctx, $$$a)", "\tf()\n\tf(1)\n\tf(\n\t\t1,\n\t\t2,\n\t)"),
        "\tg(ctx)\n\tg(ctx, 1)\n\tg(\n\t\tctx,\n\t\t1,\n\t\t2,\n\t)"
    );
    assert_eq!(
        body("f($a, $b)", "f($a)", "\tf(1, 2)\n\tf(\n\t\t1,\n\t\t2,\n\t)"),
        "\tf(1)\n\tf(\n\t\t1,\n\t)"
    );
    assert_eq!(
        body("f($a)", "f($a, nil)", "\tf(1)\n\tf(\n\t\t1,\n\t)\n\tf(g(\n\t\t1,\n\t))"),
        "\tf(1, nil)\n\tf(\n\t\t1,\n\t\tnil,\n\t)\n\tf(g(\n\t\t1,\n\t), nil)"
    );
}

#[test]
fn nested_matches_compose() {
    assert_eq!(body("f($x)", "g($x)", "\tf(f(f(1)))"), "\tg(g(g(1)))");
    assert_eq!(body("f($x, $y)", "g($y, $x)", "\tf(f(1, 2), 3)"), "\tg(3, g(2, 1))");
    assert_eq!(body("f($x)", "g(f($x))", "\tf(f(1))"), "\tg(f(g(f(1))))");
}

#[test]
fn precedence_asks_for_parentheses() {
    assert_eq!(
        body("f($x)", "$x.g()", "\tf(a + b)\n\tf(a)\n\tf(&a)\n\tf(a.b)"),
        "\t(a + b).g()\n\ta.g()\n\t(&a).g()\n\ta.b.g()"
    );
    assert_eq!(
        body("f($x)", "$x + 1", "\t_ = f(a) * 2\n\t_ = f(b)"),
        "\t_ = (a + 1) * 2\n\t_ = b + 1"
    );
    assert_eq!(
        body("not($x)", "!$x", "\t_ = not(a == b)\n\t_ = not((a))"),
        "\t_ = !(a == b)\n\t_ = !(a)"
    );
    assert_eq!(body("$x.g()", "f($x)", "\t(a + b).g()"), "\tf(a + b)");
    assert_eq!(body("f()", "T{}", "\tif f() == x {\n\t}"), "\tif (T{}) == x {\n\t}");
}

#[test]
fn statements_are_rewritten_as_a_run() {
    assert_eq!(
        body("$x := f()\nclose($x)", "$x := g()", "\tbefore()\n\ta := f()\n\tclose(a)\n\tafter(a)"),
        "\tbefore()\n\ta := g()\n\tafter(a)"
    );
    assert_eq!(
        body(
            "$x, err := open()",
            "$x, err := open()\ndefer $x.Close()",
            "\tif y {\n\t\ta, err := open()\n\t\tuse(a)\n\t}"
        ),
        "\tif y {\n\t\ta, err := open()\n\t\tdefer a.Close()\n\t\tuse(a)\n\t}"
    );
}

#[test]
fn an_empty_template_removes_whole_lines() {
    assert_eq!(body("gone($$$)", "", "\ta()\n\tgone(1)\n\tb()"), "\ta()\n\tb()");
    assert_eq!(body("$x = gone()\n", "", "\ta()\n\tx = gone()\n\tb()"), "\ta()\n\tb()");
}

#[test]
fn names_are_those_of_the_file() {
    let list = [("dm.Old($x)", "dm.New(fmt.Sprint($x))")];
    assert_eq!(
        rewritten(&list, "package p\n\nimport d \"example.com/dm\"\n\nvar x = d.Old(1)\n"),
        "package p\n\nimport (\n\t\"fmt\"\n\n\td \"example.com/dm\"\n)\n\nvar x = d.New(fmt.Sprint(1))\n"
    );
    let shadowed =
        "package p\n\nimport \"example.com/dm\"\n\nfunc f(dm T) { dm.Old(1) }\n\nvar _ = dm.X\n";
    assert_eq!(rewritten(&list, shadowed), shadowed);
    assert_eq!(
        rewritten(&list, "package p\n\nimport . \"example.com/dm\"\n\nvar x = Old(1)\n"),
        "package p\n\nimport (\n\t\"fmt\"\n\n\t. \"example.com/dm\"\n)\n\nvar x = New(fmt.Sprint(1))\n"
    );
}

#[test]
fn an_import_goes_with_its_last_use_and_gets_an_alias_where_its_name_is_taken() {
    assert_eq!(
        rewritten(
            &[("dm.Old($x)", "fmt.Sprint($x)")],
            "package p\n\nimport \"example.com/dm\"\n\nvar x = dm.Old(1)\n"
        ),
        "package p\n\nimport \"fmt\"\n\nvar x = fmt.Sprint(1)\n"
    );
    assert_eq!(
        rewritten(
            &[("pkgerr.New($x)", "errors.New($x)")],
            "package p\n\nimport \"github.com/pkg/errors\"\n\nvar x = errors.New(1)\nvar y = errors.Wrap(x)\n"
        ),
        "package p\n\nimport (\n\terrors2 \"errors\"\n\n\t\"github.com/pkg/errors\"\n)\n\nvar x = errors2.New(1)\nvar y = errors.Wrap(x)\n"
    );
}

#[test]
fn a_comment_that_would_be_lost_needs_review() {
    let text = "package p\n\nfunc f() { old(1 /* one */, 2) }\n";
    assert_eq!(statuses(&[("old($a, $b)", "new($b)")], text), ["needs review"]);
    assert_eq!(statuses(&[("old($a, $b)", "new($b, $a)")], text), ["needs review"]);
    assert_eq!(statuses(&[("old($a, $b)", "new($a, $b)")], text), ["applied"]);
}

#[test]
fn overlaps_are_decided_and_reported() {
    let list = [("f(g($x))", "h($x)"), ("g($x)", "k($x)")];
    let outcome = outcome(&list, "package p\n\nvar x = f(g(1))\n");
    let statuses: Vec<_> = outcome.sites.iter().map(|s| (s.rule, s.status.clone())).collect();
    assert_eq!(statuses, [(0, FixStatus::Applied), (1, FixStatus::Overlaps { rule: 0 })]);
}

#[test]
fn one_rule_builds_on_another() {
    assert_eq!(
        rewritten(&[("a($x)", "b($x)"), ("b($x)", "c($x)")], "package p\n\nvar x = a(1)\n"),
        "package p\n\nvar x = c(1)\n"
    );
}

#[test]
fn a_file_that_does_not_settle_is_left_alone() {
    let list = [("a($x)", "b($x)"), ("b($x)", "a($x)")];
    let outcome = outcome(&list, "package p\n\nvar x = a(1)\n");
    assert!(outcome.edits.is_empty());
    assert_eq!(outcome.unsettled.len(), 1);
}

#[test]
fn repeated_metavariables_are_the_same_code_and_objects() {
    let same = |text: &str| !rewritten(&[("$x == $x", "true")], text).contains("==");
    assert!(same("package p\n\nfunc f(a T) bool { return a.b == a.\n\tb }\n"));
    assert!(!same("package p\n\nfunc f(a, b T) bool { return a == b }\n"));
}

#[test]
fn predeclared_names_must_not_be_redeclared() {
    let list = [("len($x)", "size($x)")];
    assert!(rewritten(&list, "package p\n\nvar x = len(y)\n").contains("size"));
    assert!(!rewritten(&list, "package p\n\nfunc f(len T) { len(y) }\n").contains("size"));
    assert!(
        !rewritten(&list, "package p\n\nfunc len(x T) {}\n\nvar x = len(y)\n").contains("size")
    );
}

#[test]
fn declarations_match_grouped_or_single() {
    let list = [("var $x Old = $v", "var $x New = $v")];
    assert_eq!(
        rewritten(&list, "package p\n\nvar a Old = 1\n\nvar (\n\tb Old = 2\n\tc     = 3\n)\n"),
        "package p\n\nvar a New = 1\n\nvar (\n\tb New = 2\n\tc     = 3\n)\n"
    );
    let list = [("func $f($$$p) error", "func $f($$$p) (bool, error)")];
    assert_eq!(
        rewritten(&list, "package p\n\n// doc\nfunc a(x int) error { return nil }\n"),
        "package p\n\n// doc\nfunc a(x int) (bool, error) { return nil }\n"
    );
}

#[test]
fn line_ends_and_indentation_are_those_of_the_file() {
    let text = "package p\r\n\r\nfunc f() {\r\n\tx, err := open()\r\n}\r\n";
    assert_eq!(
        rewritten(&[("$x, err := open()", "$x, err := open()\ndefer $x.Close()")], text),
        "package p\r\n\r\nfunc f() {\r\n\tx, err := open()\r\n\tdefer x.Close()\r\n}\r\n"
    );
}

#[test]
fn generated_files_are_left_alone_and_counted() {
    let text = "// Code generated by x. DO NOT EDIT.\n\npackage p\n\nvar x = old(1)\n";
    assert_eq!(statuses(&[("old($x)", "new($x)")], text), ["generated file"]);
}
