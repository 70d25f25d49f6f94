//! Messages as a rule author sees them.

use crate::spec::{Kind, read};
use dmmigrate::app::output::diagnostics::render;

fn rendered(kind: Kind, text: &str) -> String {
    let (diagnostics, sources) = read(kind, text);
    render(&diagnostics, &sources, false)
}

#[test]
fn messages() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    let rule = |lines: &str| format!("rules:\n- id: close-rows\n{lines}");
    let cases = [
        ("unknown_key", Kind::Rules, rule("  match: $x.Close()\n  rewite: $x.End()\n")),
        ("unknown_key_far", Kind::Rules, rule("  import: {remove: dm}\n  colour: blue\n")),
        ("unquoted_pointer", Kind::Rules, rule("  match: cli.Flag{}\n  rewrite: &cli.Flag{}\n")),
        ("unquoted_star", Kind::Rules, rule("  match: *dm.Conn  # a type\n  report: old\n")),
        ("second_colon", Kind::Rules, rule("  match: $x\n  rewrite: map[string]int{\"a\": $x}\n")),
        ("two_kinds", Kind::Rules, rule("  match: $x\n  rewrite: $x\n  import: {remove: dm}\n")),
        ("no_kind", Kind::Rules, rule("  title: Close rows\n")),
        (
            "regex_escape",
            Kind::Rules,
            rule("  text: {files: a, find: b, replace: c}\n  why: \"\\d+\"\n"),
        ),
        ("deeper_key", Kind::Rules, rule("  match: $x\n    rewrite: $y\n")),
        ("line_without_key", Kind::Rules, rule("  match:$x\n  rewrite: $y\n")),
        (
            "braces_and_comma",
            Kind::Rules,
            "rules:\n- {id: a, match: f($x, $y), report: b}\n".into(),
        ),
        ("bare_rules", Kind::Rules, "- id: a\n  match: $x\n  report: b\n".into()),
        ("no_version", Kind::Rules, rule("  gomod: {require: gitee.com/chunanyong/dm}\n")),
        ("param_shorthand", Kind::Pack, "pack: dm\nparams: {max-open: 20}\n".into()),
        ("duplicate_key", Kind::Pack, "pack: dm\npackages:\n  dm: a\n  sql: b\n  dm: c\n".into()),
        ("bad_id", Kind::Rules, "rules:\n- id: OpenDB_Now\n  import: {remove: dm}\n".into()),
        ("not_a_list", Kind::Config, "packs: dm\n".into()),
        ("bad_word", Kind::Rules, rule("  match: $x\n  report: y\n  severity: info\n")),
    ];
    settings.bind(|| {
        for (name, kind, text) in cases {
            insta::assert_snapshot!(format!("spec_{name}"), rendered(kind, &text));
        }
    });
}

#[test]
fn control_characters_of_a_file_do_not_reach_the_terminal() {
    let text = "rules:\n- id: a\n  \"b\\e[31m\u{1b}[2J\": c\n  import: {remove: \u{202e}x}\n";
    let shown = rendered(Kind::Rules, text);
    assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown:?}");
}

#[test]
fn colour_only_when_asked_for() {
    let (diagnostics, sources) = read(Kind::Config, "packs: dm\n");
    let plain = render(&diagnostics, &sources, false);
    let colored = render(&diagnostics, &sources, true);
    assert!(!plain.contains('\u{1b}') && colored.contains("\u{1b}["));
    assert!(plain.starts_with("error[bad-value]: "));
    assert!(plain.contains("--> dmmigrate.yaml:1:8"), "{plain}");
}

#[test]
fn messages_stand_apart_and_none_is_nothing() {
    let (diagnostics, sources) = read(Kind::Config, "a: b\nc: d\n");
    let shown = render(&diagnostics, &sources, false);
    assert_eq!(shown.matches("\n\nerror[").count(), 1, "{shown}");
    assert!(shown.ends_with('\n') && !shown.ends_with("\n\n"));
    assert_eq!(render(&[], &sources, true), "");
}

#[test]
fn an_empty_file_and_the_end_of_a_file_have_a_place() {
    assert!(rendered(Kind::Rules, "").contains("--> rules.yaml:1:1"));
    let two_lines = rendered(Kind::Pack, "title: a\nabout: b");
    assert!(two_lines.contains("--> pack.yaml:1:1"), "{two_lines}");
}

#[test]
fn many_mistakes_cost_as_much_each_as_one() {
    let lines: Vec<String> = (0..20_000).map(|n| format!("key{n}: [x]\n")).collect();
    let text = lines.concat();
    assert_eq!(rendered(Kind::Config, &text).matches("error[").count(), 20_000);
}
