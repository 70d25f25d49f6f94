//! Files of a pack with one mistake each: the code, and the text under the caret.

use dmmigrate::rule::spec::{read_config, read_pack, read_rules};
use dmmigrate::text::{Diagnostic, SourceMap};

/// Which of the three kinds of files a text is.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Pack,
    Rules,
    Config,
}

/// What is wrong with `text`, and the map that the diagnostics point into.
pub fn read(kind: Kind, text: &str) -> (Vec<Diagnostic>, SourceMap) {
    let mut sources = SourceMap::default();
    let (name, reader): (_, fn(_, &str) -> Vec<Diagnostic>) = match kind {
        Kind::Pack => ("pack.yaml", |file, text| read_pack(file, text).1),
        Kind::Rules => ("rules.yaml", |file, text| read_rules(file, text).1),
        Kind::Config => ("dmmigrate.yaml", |file, text| read_config(file, text).1),
    };
    let file = sources.add(name, text);
    (reader(file, text), sources)
}

/// One line `code: caret` for each diagnostic.
pub fn carets(kind: Kind, text: &str) -> String {
    let line = |d: &Diagnostic| {
        assert!(d.help.is_some(), "no help: {d:?}");
        format!("{}: {}", d.code.as_str(), d.labels[0].span.of(text))
    };
    read(kind, text).0.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A rule file with one rule that ends with `lines`.
fn rule(lines: &str) -> String {
    format!("rules:\n- id: some-rule\n{lines}")
}

#[track_caller]
fn check_all(kind: Kind, cases: &[(&str, &str)]) {
    let mut failures = Vec::new();
    for (text, expected) in cases {
        let found = carets(kind, text);
        if found != *expected {
            failures.push(format!("\n{text}\nwanted {expected}\nfound {found}\n"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.concat());
}

#[track_caller]
fn check_rules(cases: &[(&str, &str)]) {
    let texts: Vec<String> = cases.iter().map(|(lines, _)| rule(lines)).collect();
    let carets = cases.iter().map(|(_, carets)| *carets);
    let cases: Vec<_> = texts.iter().map(String::as_str).zip(carets).collect();
    check_all(Kind::Rules, &cases);
}

#[test]
fn keys_of_a_rule() {
    check_rules(&[
        ("  match: a\n  rewite: b\n", "unknown-key: rewite"),
        ("  pattern: a\n  rewrite: b\n", "unknown-key: pattern"),
        ("  match: a\n  rewrite: b\n  é: c\n", "unknown-key: é"),
        ("  match: a\n  rewrite: b\n  'go': 1.21\n", "unknown-key: 'go'"),
        ("  match: a\n  match: b\n  rewrite: c\n", "duplicate-key: match"),
        ("  match: a\n  rewrite:\n", "bad-value: rewrite"),
        ("  match: ~\n  rewrite: b\n", "bad-value: ~"),
        ("  match: null\n  rewrite: b\n", "bad-value: null"),
        ("  match:\n    a: b\n  rewrite: b\n", "bad-value: a: b"),
        ("  match:\n  - a\n  - b\n  rewrite: b\n", "bad-value: a"),
        ("  match: a\n  rewrite: b\n  safety: sure\n", "bad-value: sure"),
        ("  match: a\n  rewrite: b\n  severity: \"fatal\"\n", "bad-value: \"fatal\""),
        ("  match: a\n  rewrite: b\n  as: expr\n", "bad-value: expr"),
        ("  match: a\n  rewrite: b\n  comments: keep\n", "bad-value: keep"),
        ("  match: a\n  rewrite: b\n  when: 1.21\n", "bad-value: 1.21"),
        ("  match: a\n  rewrite: b\n  when: {module: example.com/x}\n", "bad-value: example.com/x"),
        ("  match: a\n  rewrite: b\n  when: {mod: example.com/x v1}\n", "unknown-key: mod"),
        ("  match: a\n  rewrite: b\n  files: {a: b}\n", "unquoted-value: {a: b}"),
        ("  match: a\n  rewrite: b\n  files: [a, [b]]\n", "unquoted-value: [b]"),
        ("  match: $x\n  rewrite: b\n  where: {x: {text: a}}\n", "bad-value: x"),
        ("  match: $x\n  rewrite: b\n  where: {$$$x: {text: a}}\n", "bad-value: $$$x"),
        ("  match: $x\n  rewrite: b\n  where: {$x: a}\n", "bad-value: a"),
        ("  match: $x\n  rewrite: b\n  where: [$x]\n", "bad-value: [$x]"),
        ("  match: $x\n  rewrite: b\n  where: {$x: {regex: a}}\n", "unknown-key: regex"),
        ("  match: $x\n  rewrite: b\n  where: {$x: {is_not: a}}\n", "unknown-key: is_not"),
        ("  match: $x\n  rewrite: b\n  where: {$x: {is: a, is: b}}\n", "duplicate-key: is"),
    ]);
}

#[test]
fn what_a_rule_does() {
    check_rules(&[
        ("", "rule-kind: id"),
        ("  match: a\n", "rule-kind: match"),
        ("  rewrite: a\n", "rule-kind: rewrite"),
        ("  report: a\n", "rule-kind: report"),
        ("  match: a\n  rewrite: b\n  report: c\n", "rule-kind: report"),
        ("  match: a\n  rewrite: b\n  import: {remove: c}\n", "rule-kind: import"),
        ("  import: {remove: c}\n  report: b\n", "rule-kind: report"),
        ("  import: {remove: c}\n  where: {$x: {text: a}}\n", "unknown-key: where"),
        ("  match: a\n  report: b\n  comments: drop\n", "unknown-key: comments"),
        ("  import: {}\n", "rule-kind: import"),
        ("  import: {from: a}\n", "missing-key: from"),
        ("  import: {from: a, add: b}\n", "rule-kind: add"),
        ("  import: {remove: a, name: b}\n", "unknown-key: name"),
        ("  import: {add: a, nmae: b}\n", "unknown-key: nmae"),
        ("  import: {from: a, to: b, subpackages: yes}\n", "bad-value: yes"),
        ("  import: {from: a, to: b, symbols: New}\n", "bad-value: New"),
        ("  import: a\n", "bad-value: a"),
        ("  gomod: {require: example.com/x}\n", "bad-value: example.com/x"),
        ("  gomod: {move: a}\n", "missing-key: move"),
        ("  gomod: {move: a, to: b}\n", "bad-value: b"),
        ("  gomod: {drop: a, to: b v1}\n", "unknown-key: to"),
        ("  text: {find: a, replace: b}\n", "missing-key: find"),
        ("  text: {files: a, find: b}\n", "missing-key: files"),
        ("  text: x\n", "bad-value: x"),
    ]);
}

#[test]
fn versions_of_modules() {
    let of = |lines: &str| format!("pack: a\nversions: {lines}\n");
    let cases = [
        (of("dm"), "bad-value: dm"),
        (of("{a.b/c: v1.0.0}"), "bad-value: v1.0.0"),
        (of("{a.b/c: {about: DB}}"), "missing-key: about"),
        (of("{a.b/c: {map: {v1.0.0: 8.1}}}"), "missing-key: map"),
        (of("{a.b/c: {about: DB, map: [v1.0.0]}}"), "bad-value: [v1.0.0]"),
        (of("{a.b/c: {about: DB, map: {v1.0.0: [8]}}}"), "unquoted-value: [8]"),
        (of("{a.b/c: {about: DB, versions: {}}}"), "missing-key: about\nunknown-key: versions"),
    ];
    let cases: Vec<_> = cases.iter().map(|(text, wanted)| (text.as_str(), *wanted)).collect();
    check_all(Kind::Pack, &cases);
}

#[test]
fn ids() {
    check_all(
        Kind::Rules,
        &[
            ("rules:\n- id: OpenDB\n  import: {remove: a}\n", "bad-id: OpenDB"),
            ("rules:\n- id: open_db\n  import: {remove: a}\n", "bad-id: open_db"),
            ("rules:\n- id: \"öffne db\"\n  import: {remove: a}\n", "bad-id: \"öffne db\""),
            ("rules:\n- id: a--b\n  import: {remove: a}\n", "bad-id: a--b"),
            ("rules:\n- import: {remove: a}\n", "missing-key: import"),
        ],
    );
    check_all(Kind::Pack, &[("pack: My Pack\n", "bad-id: My Pack")]);
}

#[test]
fn values_that_yaml_does_not_read_as_text() {
    check_rules(&[
        ("  match: a\n  rewrite: &cli.Flag{}\n", "unquoted-value: &cli.Flag{}"),
        ("  match: a\n  rewrite: &x\n", "unquoted-value: &x"),
        ("  match: *dm.Conn\n  rewrite: b\n", "unquoted-value: *dm.Conn"),
        ("  match: *$x.Close($é)  # c\n  rewrite: b\n", "unquoted-value: *$x.Close($é)"),
        ("  match: !ok\n  rewrite: b\n", "unquoted-value: !ok"),
        ("  match: !errors.Is($a, $b)\n  rewrite: b\n", "unquoted-value: !errors.Is($a, $b)"),
        ("  match: \"[]byte($x)\"\n  rewrite: [$x]\n", "unquoted-value: [$x]"),
        ("  match: []byte($x)\n  rewrite: b\n", "unquoted-value: []byte($x)"),
        ("  match: {$x}\n  rewrite: b\n", "unquoted-value: {$x}"),
        ("  match: {$x\n  rewrite: b\n", "unquoted-value: {$x"),
        ("  match: @x\n  rewrite: b\n", "unquoted-value: @x"),
        ("  match: `SELECT 1`\n  rewrite: b\n", "unquoted-value: `SELECT 1`"),
        ("  match: a\n  rewrite: %d # percent\n", "unquoted-value: %d"),
        ("  match: \"a\" + $x\n  rewrite: b\n", "unquoted-value: \"a\" + $x"),
        ("  match: 'a' + $x\n  rewrite: b\n", "unquoted-value: 'a' + $x"),
        ("  match: - $x\n  rewrite: b\n", "unquoted-value: - $x"),
        ("  match: > $x\n  rewrite: b\n", "unquoted-value: > $x"),
        ("  match: $x\n  rewrite: b\n  where: {$x: {is: *a}}\n", "unquoted-value: *a"),
        ("  match: $x\n  rewrite: b\n  files: [*.go]\n", "unquoted-value: *.go"),
        ("  match: $x\n  rewrite: b\n  files:\n  - *.go\n", "unquoted-value: *.go"),
    ]);
    let in_braces = "rules:\n- {id: a, match: f($x, $y), rewrite: g($y)}\n";
    check_all(Kind::Rules, &[(in_braces, "unquoted-value: f($x, $y)")]);
}

#[test]
fn yaml_that_is_none() {
    check_rules(&[
        ("  match: $x\n  rewrite: a: b\n", "yaml-syntax: :"),
        ("  match: map[string]int{\"a\": 1}\n  rewrite: b\n", "yaml-syntax: :"),
        ("  match: \"a\n  rewrite: b\n", "yaml-syntax: \""),
        ("  match: a\n  report: b\n  files: \"\\d\"\n", "yaml-syntax: \\d"),
        ("  match: a\n  report: b\n  where: {$x: {text: \"é\\d\"}}\n", "yaml-syntax: \\d"),
        (
            "  match: \"\\d\"\n  report: \"\\w\"\n  as: x\n",
            "yaml-syntax: \\d\nyaml-syntax: \\w\nbad-value: x",
        ),
        ("  match: a\n    rewrite: b\n", "yaml-syntax: rewrite"),
        ("  match: a\n\trewrite: b\n", "yaml-syntax: \t"),
        (" match: a\n", "yaml-syntax: m"),
        ("  match: a\n  rewrite b\n", "yaml-syntax: rewrite b"),
        ("  match:a\n  rewrite: b\n", "yaml-syntax: match:a"),
        ("  match: a\n  rewrite: b\n---\nrules: []\n", "yaml-syntax: ---"),
        ("  import: {remove: a\n", "yaml-syntax: {"),
    ]);
    let deep = format!("rules: {}\n", "[".repeat(100));
    check_all(Kind::Rules, &[(&deep, "yaml-syntax: [")]);
}

#[test]
fn rule_files() {
    check_all(
        Kind::Rules,
        &[
            ("", "missing-key: "),
            ("# nothing yet\n", "missing-key: "),
            ("packages: {}\n", "missing-key: packages"),
            ("- id: a\n  match: b\n", "missing-key: id"),
            ("id: a\nmatch: b\nrewrite: c\n", "missing-key: id"),
            ("text\n", "bad-value: text"),
            ("rules:\n", "bad-value: rules"),
            ("rules: {id: a}\n", "bad-value: {id: a}"),
            ("rules: [a]\n", "bad-value: a"),
            ("rules: []\npack: x\n", "unknown-key: pack"),
            ("rules: []\nparams: {n: 20}\n", "bad-value: 20"),
            ("rules: []\nparams: &a {}\n", "bad-value: &a"),
            ("rules: []\nparams: *a\n", "bad-value: *a"),
            ("rules: []\n? [a]\n: b\n", "bad-value: [a]"),
        ],
    );
}

#[test]
fn packs() {
    check_all(
        Kind::Pack,
        &[
            ("title: a\n", "missing-key: title"),
            ("pack: a\nrules: []\n", "unknown-key: rules"),
            ("pack: a\nextend: [b]\n", "unknown-key: extend"),
            ("pack: a\nextends: b\n", "bad-value: b"),
            ("pack: a\nextends: [{without: [b]}]\n", "missing-key: without"),
            ("pack: a\nextends: [{pack: b, with: [c]}]\n", "unknown-key: with"),
            ("pack: a\npackages: [dm]\n", "bad-value: [dm]"),
            ("pack: a\npackages: {go-dm: x/y}\n", "bad-value: go-dm"),
            ("pack: a\npackages: {dm: {name: dm}}\n", "missing-key: name"),
            ("pack: a\npackages: {dm: {path: x, registers: 1}}\n", "bad-value: 1"),
            ("pack: a\npackages:\n  dm:\n", "bad-value: dm"),
            ("pack: a\npackages:\n  dm: x\n  dm: y\n", "duplicate-key: dm"),
            ("pack: a\nparams: {n: {defualt: 1}}\n", "unknown-key: defualt"),
            ("pack: a\ndetect: example.com/x\n", "bad-value: example.com/x"),
        ],
    );
}

#[test]
fn configs() {
    check_all(
        Kind::Config,
        &[
            ("packs: dm\n", "bad-value: dm"),
            ("packs: [dm]\ndisabled: [x]\n", "unknown-key: disabled"),
            ("set: {a: [b]}\n", "unquoted-value: [b]"),
            ("set: {a: b}\nparams: {a: c}\n", "duplicate-key: a"),
            ("rules: []\n", "unknown-key: rules"),
        ],
    );
}

#[test]
fn one_run_reports_every_mistake() {
    let text = "\
rules:
- id: First_Rule
  titel: x
  match: *dm.Conn
  rewrite: a: b
- id: second
  safety: sure
  match: @x
  report: \"unclosed
- id: third
  import: {from: a}
";
    let expected = "\
bad-id: First_Rule
unknown-key: titel
unquoted-value: *dm.Conn
yaml-syntax: :
bad-value: sure
unquoted-value: @x
yaml-syntax: \"
missing-key: from";
    assert_eq!(carets(Kind::Rules, text), expected);
}

#[test]
fn a_broken_end_does_not_hide_the_mistakes_before_it() {
    let text = "rules:\n- id: A\n  import: {remove: x}\n- id: b\n match: c\n";
    assert_eq!(carets(Kind::Rules, text), "bad-id: A\nyaml-syntax: m");
}

#[test]
fn line_ends_and_a_byte_order_mark_do_not_move_carets() {
    let text = "\u{feff}rules:\r\n- id: a\r\n  match: é\r\n  rewrit: b\r\n";
    assert_eq!(carets(Kind::Rules, text), "unknown-key: rewrit");
    let text = "rules:\r\n- id: a\r\n  match: *é\r\n  rewrite: @x\r\n";
    assert_eq!(carets(Kind::Rules, text), "unquoted-value: *é\nunquoted-value: @x");
}

#[test]
fn aliases_do_not_grow() {
    let item = |n| format!("- &a{} [*a{n}, *a{n}, *a{n}, *a{n}]\n", n + 1);
    let items: Vec<String> = (0..199).map(item).collect();
    let text = format!("rules:\n- &a0 [x, x]\n{}", items.concat());
    assert_eq!(read(Kind::Rules, &text).0.len(), 200, "each item is reported once, none expanded");
}
