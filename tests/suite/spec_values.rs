//! What the specs of valid files hold.

use dmmigrate::rule::spec::{
    As, ConditionSpec, GoModSpec, ImportSpec, RuleKindSpec, RuleSpec, Safety, SpannedStr,
    read_config, read_pack, read_rules,
};
use dmmigrate::text::{Severity, SourceMap, Span};

const EVERY_KEY: &str = include_str!("../data/every-key.yaml");

fn rules() -> Vec<RuleSpec> {
    let file = SourceMap::default().add("rules.yaml", EVERY_KEY);
    read_rules(file, EVERY_KEY).0.rules
}

fn strings(list: &[SpannedStr]) -> Vec<&str> {
    list.iter().map(SpannedStr::as_str).collect()
}

fn text(value: Option<&SpannedStr>) -> &str {
    value.map_or("absent", SpannedStr::as_str)
}

#[test]
fn a_rewrite_has_all_its_parts() {
    let rule = &rules()[0];
    assert_eq!(rule.id.as_str(), "open-connector");
    assert_eq!(text(rule.title.as_ref()), "Open through the standard driver.Connector");
    assert!(text(rule.why.as_ref()).ends_with("\n\nGröße and 日本 are not ASCII.\n"));
    assert_eq!(rule.safety.map(|s| s.value), Some(Safety::Review));
    assert_eq!(rule.severity.map(|s| s.value), Some(Severity::Warning));
    let module = rule.when.module.as_ref().expect("when.module");
    assert_eq!(module.path.as_str(), "github.com/dm-database/godriver");
    assert_eq!(
        (module.version.as_str(), module.version.span().of(EVERY_KEY)),
        ("<1.4.0", "<1.4.0")
    );
    assert_eq!(text(rule.when.go.as_ref()), ">=1.21");
    assert_eq!(strings(&rule.when.requires), ["example.com/lib"]);
    assert_eq!(strings(&rule.when.unless_requires), ["example.com/a", "example.com/b"]);
    assert_eq!(strings(&rule.places.files), ["**/*.go", "!vendor/**"]);
    assert_eq!(strings(&rule.places.unless_files), ["**/*_test.go"]);
    let folder = rule.places.unless_folder.as_ref().expect("unless-folder");
    assert_eq!((folder.named.as_str(), folder.beside.as_str()), ("{mysql,pg}*", "dm"));
    assert_eq!(folder.above.map(|above| above.value), Some(1));
    assert_eq!(folder.file_names.map(|names| names.value), Some(true));
    let RuleKindSpec::Rewrite { target, template, drop_comments, .. } = &rule.kind else {
        panic!("{:?}", rule.kind)
    };
    assert_eq!(template.as_str(), "$c, $err := dm.NewConnector(\"tcp\", $dsn)");
    assert_eq!(drop_comments.map(|span| span.of(EVERY_KEY)), Some("drop"));
    assert_eq!(target.context.map(|context| context.value), Some(As::Statements));
    let at = target.pattern.as_str().find("$$$handle").expect("in the pattern");
    assert_eq!(target.pattern.map_span(Span::new(at, at + 9)).of(EVERY_KEY), "$$$handle");
    let names: Vec<&str> = target.conditions.iter().map(|w| w.name.as_str()).collect();
    assert_eq!(names, ["$drv", "$dsn"]);
    let [ConditionSpec::Value(regex), ConditionSpec::Is(_), ConditionSpec::IsNot(is_not)] =
        &target.conditions[1].conditions[..]
    else {
        panic!("{:?}", target.conditions[1])
    };
    assert_eq!(regex.as_str(), "dm://(?P<user>[^:]+)");
    assert_eq!(is_not.as_str(), "\"x\" + $b");
}

#[test]
fn every_other_kind_is_told_apart() {
    let rules = rules();
    let kind = |id: &str| &rules.iter().find(|r| r.id.as_str() == id).expect(id).kind;
    let RuleKindSpec::Report { text: finding, .. } = kind("no-ping") else { panic!() };
    assert_eq!(finding.as_str(), "Ping tells nothing about the next query");
    let RuleKindSpec::Import(ImportSpec::Move { to, subpackages, symbols, .. }) =
        kind("move-import")
    else {
        panic!()
    };
    assert_eq!(to.as_str(), "github.com/dm-database/godriver");
    assert_eq!(subpackages.map(|s| s.value), Some(true));
    assert_eq!(strings(symbols), ["New", "Is"]);
    let RuleKindSpec::Import(ImportSpec::Add { name, when_in_file, .. }) = kind("add-import")
    else {
        panic!()
    };
    let pattern = when_in_file.as_ref().map(|target| &target.pattern);
    assert_eq!((text(name.as_ref()), text(pattern)), ("_", "sql.Open(\"dm\", $_)"));
    assert!(matches!(kind("remove-import"), RuleKindSpec::Import(ImportSpec::Remove(_))));
    let RuleKindSpec::GoMod(GoModSpec::Require(module)) = kind("raise") else { panic!() };
    assert_eq!(module.version.as_str(), "v1.5.0");
    let RuleKindSpec::GoMod(GoModSpec::Move { from, to }) = kind("move-module") else { panic!() };
    assert_eq!((from.as_str(), to.version.as_str()), ("github.com/dm-go-driver", "v1.5.0"));
    assert!(matches!(kind("drop-module"), RuleKindSpec::GoMod(GoModSpec::Drop(_))));
    let RuleKindSpec::Text(edit) = kind("dsn") else { panic!() };
    assert_eq!(strings(&edit.files), ["**/*.yaml", "**/Dockerfile*"]);
    assert_eq!((edit.find.as_str(), edit.change.said().1.as_str()), ("dm://(\\w+)", "dm://$1"));
}

#[test]
fn a_pack_holds_what_it_says() {
    let yaml = "\
pack: dm-godriver-1.5
title: Dameng Go driver 1.5
about: |
  Why.
extends: [dm-base, {pack: dm-dsn, without: [a, b]}]
packages:
  dm: github.com/dm-database/godriver          # a comment
  dmold: {path: github.com/dm-go-driver, name: dm, registers: true}
detect: [github.com/dm-go-driver]
params:
  max-open: {default: 20, about: upper bound}
";
    let (pack, diagnostics) = read_pack(SourceMap::default().add("pack.yaml", yaml), yaml);
    assert_eq!(diagnostics, []);
    assert_eq!(text(pack.pack.as_ref()), "dm-godriver-1.5");
    assert_eq!(text(pack.about.as_ref()), "Why.\n");
    assert_eq!(pack.extends[0].pack.as_str(), "dm-base");
    assert_eq!(strings(&pack.extends[1].without), ["a", "b"]);
    let [dm, old] = &pack.packages[..] else { panic!("{:?}", pack.packages) };
    assert_eq!((dm.key.as_str(), dm.path.as_str()), ("dm", "github.com/dm-database/godriver"));
    assert_eq!((dm.name.as_ref(), dm.registers), (None, None));
    assert_eq!((text(old.name.as_ref()), old.registers.map(|r| r.value)), ("dm", Some(true)));
    assert_eq!(strings(&pack.detect), ["github.com/dm-go-driver"]);
    assert_eq!(text(pack.params[0].default.as_ref()), "20");
}

#[test]
fn a_configuration_holds_what_it_says() {
    let yaml = "packs: [dm, ./rules]\nset: {a: 1}\nparams: {b: yes}\ndisable: [x, dm/y]\n";
    let (config, diagnostics) = read_config(SourceMap::default().add("c.yaml", yaml), yaml);
    assert_eq!(diagnostics, []);
    assert_eq!(strings(&config.packs), ["dm", "./rules"]);
    assert_eq!(strings(&config.disable), ["x", "dm/y"]);
    let settings = config.params.iter().map(|s| (s.name.as_str(), s.value.as_str()));
    assert_eq!(settings.collect::<Vec<_>>(), [("a", "1"), ("b", "yes")]);
}

#[test]
fn a_rule_without_an_id_is_still_read() {
    let yaml = "rules:\n- {id: a, import: {remove: x}}\n- import: {remove: y}\n";
    let file = SourceMap::default().add("rules.yaml", yaml);
    let (spec, diagnostics) = read_rules(file, yaml);
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(spec.rules[1].id.as_str(), "rule-2");
}
