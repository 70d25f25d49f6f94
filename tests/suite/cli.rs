//! The program as people call it: output, exit codes, refusals.

use insta_cmd::assert_cmd_snapshot;

use dmmigrate::app::packs::built_in_names;

use crate::support::repository::{Repository, snapshot};

const SOURCE: &str = "package p\n\nimport \"github.com/pkg/errors\"\n\nfunc f(err error) error {\n\treturn errors.Wrap(err, \"f\")\n}\n";

const RULE: &str = "packages:\n  errors: github.com/pkg/errors\nrules:\n- id: wrap\n  match: errors.Wrap($e, $m)\n  rewrite: errors.WithMessage($e, $m)\n";

fn wrap() -> Repository {
    Repository::new(&[("a.go", SOURCE), ("rule.yaml", RULE)])
}

#[test]
fn dry_run_prints_the_patch_and_writes_nothing() {
    let repository = wrap();
    snapshot(|| {
        assert_cmd_snapshot!(
            "dry_run",
            repository.dmmigrate(&["apply", "--dry-run", "--rule", "rule.yaml"])
        );
    });
    assert_eq!(repository.read("a.go"), SOURCE);
}

#[test]
fn apply_writes_what_the_patch_says_and_a_second_run_nothing() {
    let repository = wrap();
    let patch =
        repository.dmmigrate(&["apply", "-n", "-q", "--rule", "rule.yaml"]).output().expect("runs");
    snapshot(|| {
        assert_cmd_snapshot!("apply", repository.dmmigrate(&["apply", "--rule", "rule.yaml"]));
    });
    assert_eq!(
        repository
            .git(&["diff", "--no-color"])
            .lines()
            .filter(|l| !l.starts_with("index"))
            .collect::<Vec<_>>(),
        String::from_utf8_lossy(&patch.stdout).lines().collect::<Vec<_>>()
    );
    repository.commit();
    snapshot(|| {
        assert_cmd_snapshot!(
            "apply_again",
            repository.dmmigrate(&["apply", "--rule", "rule.yaml"])
        );
    });
}

#[test]
fn files_with_uncommitted_changes_are_refused() {
    let repository = wrap();
    let dirty = SOURCE.replace("func f", "// dirty\nfunc f");
    repository.write("a.go", &dirty);
    snapshot(|| {
        assert_cmd_snapshot!("dirty", repository.dmmigrate(&["apply", "--rule", "rule.yaml"]));
    });
    assert_eq!(repository.read("a.go"), dirty);
    let allowed = repository.dmmigrate(&["apply", "--rule", "rule.yaml", "--allow-dirty"]).status();
    assert!(allowed.is_ok_and(|s| s.success()));
    assert!(repository.read("a.go").contains("WithMessage"));
}

#[test]
fn broken_rules_stop_the_run() {
    let repository = wrap();
    repository.write("rule.yaml", &RULE.replace("$e, $m)\n  rewrite", "$e, $n)\n  rewrite"));
    snapshot(|| {
        assert_cmd_snapshot!(
            "broken_rule",
            repository.dmmigrate(&["apply", "--rule", "rule.yaml"])
        );
    });
    assert_eq!(repository.read("a.go"), SOURCE);
}

#[test]
fn what_cannot_be_used_is_said() {
    let repository = wrap();
    snapshot(|| assert_cmd_snapshot!("no_rules", repository.dmmigrate(&["apply"])));
    snapshot(|| {
        assert_cmd_snapshot!(
            "no_such_path",
            repository.dmmigrate(&["apply", "--rule", "rule.yaml", "nowhere"])
        );
    });
    snapshot(|| {
        assert_cmd_snapshot!(
            "no_such_pack",
            repository.dmmigrate(&["apply", "--pack", "dm-godriver-1.6"])
        );
    });
    snapshot(|| {
        assert_cmd_snapshot!(
            "no_such_rule",
            repository.dmmigrate(&["apply", "--rule", "rule.yaml", "--only", "warp"])
        );
    });
    snapshot(|| {
        assert_cmd_snapshot!(
            "no_such_param",
            repository.dmmigrate(&["apply", "--rule", "rule.yaml", "--set", "x=1"])
        );
    });
}

#[test]
fn json_says_everything() {
    let repository = wrap();
    repository.write("b.go", "package p\n\nimport \"github.com/pkg/errors\"\n\nvar x = errors.Wrap(nil, \"x\" /* why */)\n");
    snapshot(|| {
        assert_cmd_snapshot!(
            "json",
            repository.dmmigrate(&["apply", "-n", "-q", "--format", "json", "--rule", "rule.yaml"])
        );
    });
}

#[test]
fn files_that_are_no_text_are_named_and_the_rest_is_done() {
    let repository = wrap();
    std::fs::write(
        repository.path().join("bad.go"),
        b"package p // github.com/pkg/errors Wrap \xff\n",
    )
    .expect("written");
    snapshot(|| {
        assert_cmd_snapshot!(
            "not_utf8",
            repository.dmmigrate(&["apply", "-n", "--rule", "rule.yaml"])
        );
    });
}

#[test]
fn packs_are_chosen_by_the_configuration_or_by_what_is_used() {
    let repository = Repository::new(&[
        ("go.mod", "module example.com/app\n\ngo 1.22\n\nrequire github.com/dm-go-driver v1.3.0\n"),
        ("a.go", "package app\n\nimport _ \"github.com/dm-go-driver\"\n"),
    ]);
    snapshot(|| assert_cmd_snapshot!("detected", repository.dmmigrate(&["apply", "-n"])));
    repository.write("dmmigrate.yaml", "packs: [dm-godriver-1.5]\ndisable: [module-moved]\n");
    snapshot(|| assert_cmd_snapshot!("configured", repository.dmmigrate(&["apply", "-n"])));
}

#[test]
fn rules_are_listed_and_shown() {
    let repository = wrap();
    let all = repository.dmmigrate(&["rules", "list"]).output().expect("it runs");
    let all = String::from_utf8(all.stdout).expect("text");
    for pack in built_in_names() {
        let line = format!("{pack}  ");
        assert!(all.lines().any(|l| l.starts_with(&line)), "{pack} is not listed:\n{all}");
    }
    let two = ["rules", "list", "--pack", "dm-godriver-1.5", "--pack", "ioutil"];
    snapshot(|| assert_cmd_snapshot!("rules_list", repository.dmmigrate(&two)));
    snapshot(|| {
        assert_cmd_snapshot!(
            "rules_show",
            repository.dmmigrate(&["rules", "show", "connector-type"])
        );
    });
    snapshot(|| {
        assert_cmd_snapshot!(
            "rules_show_unknown",
            repository.dmmigrate(&["rules", "show", "conector-type"])
        );
    });
}

#[test]
fn control_characters_from_a_repository_do_not_reach_the_terminal() {
    let repository = wrap();
    repository.write("a\u{1b}[31m.go", SOURCE);
    repository.write("rule.yaml", &RULE.replace("  match", "  safety: review\n  match"));
    let output =
        repository.dmmigrate(&["apply", "-n", "-v", "--rule", "rule.yaml"]).output().expect("runs");
    assert!(!output.stderr.contains(&0x1b), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("needs review"), "{said}");
}

#[test]
fn a_pack_is_tested_against_its_snapshots() {
    let case = "What it shows.\n-- a.go --\npackage p\n\nimport \"github.com/pkg/errors\"\n\nvar a = errors.Wrap(err, \"a\")\n\nvar b = other.Wrap(err, \"a\")\n";
    let repository = Repository::new(&[
        ("team/pack.yaml", "pack: team\n"),
        ("team/rules.yaml", RULE),
        ("team/cases/wrap.txtar", case),
        ("team/cases/silent.txtar", "-- a.go --\npackage p\n"),
        ("team/cases/gone.snap", ""),
    ]);
    let test = |args: &[&str]| {
        let mut all = vec!["test"];
        all.extend(args);
        repository.dmmigrate(&all)
    };
    snapshot(|| assert_cmd_snapshot!("test_new", test(&["team"])));
    repository.write("team/cases/silent.txtar", "Nothing.\n-- a.go --\npackage p\n");
    snapshot(|| assert_cmd_snapshot!("test_accept", test(&["team", "--update"])));
    snapshot(|| assert_cmd_snapshot!("test_same", test(&["team", "-v"])));
    repository.write("team/rules.yaml", &RULE.replace("WithMessage(", "WithStack("));
    snapshot(|| assert_cmd_snapshot!("test_differs", test(&["team"])));
    repository.write("team/rules.yaml", &RULE.replace("errors.WithMessage($e", "WithMessage($x"));
    snapshot(|| assert_cmd_snapshot!("test_broken_rule", test(&["team"])));
    snapshot(|| assert_cmd_snapshot!("test_no_pack", test(&[])));
}

#[test]
fn rules_are_checked_for_what_is_wrong_although_they_are_well_written() {
    let rules = r#"packages: {dm: example.com/dm}
rules:
- {id: wide, match: dm.F($$$a), rewrite: dm.G($$$a)}
- {id: narrow, match: "dm.F($x, 1)", rewrite: dm.H($x)}
- {id: never, match: "dm.G($x)", where: {$x: {kind: call, value: a}}, report: never}
- {id: empty, when: {go: ">=1.22 <1.20"}, match: dm.K(), report: k}
- {id: elsewhere, files: "**/*.yaml", match: dm.L(), report: l}
- {id: slow, match: $x == nil, report: slow}
- {id: moved, import: {from: example.com/old, to: example.com/dm}}
- {id: raised, gomod: {require: example.com/dm v1.2.0}}
- {id: text, text: {files: "*.sh", find: old, replace: dm}}
"#;
    let case = "Wide.\n-- a.go --\npackage p\n\nimport \"example.com/dm\"\n\nvar a = dm.F(1)\n\nvar b = other.F(1)\n";
    let repository = Repository::new(&[
        ("team/pack.yaml", "pack: team\n"),
        ("team/rules.yaml", rules),
        ("team/cases/wide.txtar", case),
        ("one.yaml", RULE),
    ]);
    snapshot(|| {
        assert_cmd_snapshot!("rules_check", repository.dmmigrate(&["rules", "check", "team"]));
    });
    snapshot(|| {
        assert_cmd_snapshot!(
            "rules_check_file",
            repository.dmmigrate(&["rules", "check", "one.yaml"])
        );
    });
}
