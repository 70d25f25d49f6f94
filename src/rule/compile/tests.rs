use std::collections::BTreeMap;

use super::*;
use crate::rule::compiled::{Action, GoModAction, ImportAction, Required, TextChange};
use crate::rule::constraint::Test;
use crate::rule::pack::NotFound;
use crate::text::Code;

/// Packs in memory, by name: their files by name.
#[derive(Default)]
struct Memory(BTreeMap<String, PackSource>);

impl PackLibrary for Memory {
    fn find(&self, name: &str) -> Result<PackSource, NotFound> {
        self.0.get(name).cloned().ok_or(NotFound::Unknown)
    }

    fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
}

fn pack(name: &str, manifest: &str, rules: &str) -> PackSource {
    let manifest = format!("pack: {name}\n{manifest}");
    let files = vec![
        (format!("{name}/pack.yaml"), manifest),
        (format!("{name}/rules.yaml"), format!("rules:\n{rules}")),
    ];
    PackSource { name: name.to_owned(), files }
}

struct Outcome {
    compiled: Compiled,
    diagnostics: Vec<Diagnostic>,
    sources: SourceMap,
}

impl Outcome {
    /// Code and written text of each diagnostic's first place.
    fn mistakes(&self) -> Vec<(Code, &str)> {
        let written = |d: &Diagnostic| d.labels.first().map(|l| (l.file, l.span));
        let text = |d| written(d).map_or("", |(file, span)| span.of(self.sources.text(file)));
        self.diagnostics.iter().map(|d| (d.code, text(d))).collect()
    }

    fn help(&self) -> &str {
        self.diagnostics[0].help.as_deref().unwrap_or_default()
    }

    fn ids(&self) -> Vec<String> {
        let rules = &self.compiled.rules;
        rules.rules.iter().map(|r| format!("{}/{}", rules.packs[r.pack].name, r.id)).collect()
    }
}

fn run(packs: &[PackSource], library: Vec<PackSource>, settings: &Settings) -> Outcome {
    let library = Memory(library.into_iter().map(|p| (p.name.clone(), p)).collect());
    let mut sources = SourceMap::default();
    let (compiled, diagnostics) = compile(packs, &library, settings, &mut sources);
    Outcome { compiled, diagnostics, sources }
}

/// One rule of the given lines in a pack that knows `dm`.
fn rule(lines: &str) -> Outcome {
    let manifest = "packages: {dm: example.com/go-dm, legacy: example.com/legacy}\nparams: {size: {default: 20}, none: {}}\n";
    run(&[pack("p", manifest, &format!("- id: r\n{lines}"))], Vec::new(), &Settings::default())
}

#[track_caller]
fn mistake(lines: &str, code: Code, written: &str, help: &str) {
    let outcome = rule(lines);
    assert_eq!(outcome.mistakes(), [(code, written)], "{:?}", outcome.diagnostics);
    assert!(outcome.help().contains(help), "{}", outcome.help());
    assert!(outcome.compiled.rules.rules.is_empty());
}

#[test]
fn patterns_are_wrong_where_the_caret_says() {
    mistake("  match: f($x, $1)\n  report: a\n", Code::PatternSyntax, "$", "$name");
    mistake("  match: f($x, ((\n  report: a\n", Code::PatternSyntax, "(", "close the `(`");
    mistake("  match: 'f(...)'\n  report: a\n", Code::PatternSyntax, "...", "$$$");
    mistake("  match: f($match)\n  report: a\n", Code::PatternSyntax, "$match", "another name");
    mistake("  match: legcy.F()\n  report: a\n", Code::UnknownPackage, "legcy", "mean `legacy`?");
    mistake(
        "  match: conn.F()\n  report: a\n",
        Code::UnknownPackage,
        "conn",
        "{conn: IMPORT/PATH}",
    );
    mistake("  match: rand.Int()\n  report: a\n", Code::UnknownPackage, "rand", "crypto/rand");
}

#[test]
fn templates_are_wrong_where_the_caret_says() {
    let template = |text: &str| format!("  match: 'f($dsn, $$$rest)'\n  rewrite: '{text}'\n");
    let case = |text: &str, code, written, help| mistake(&template(text), code, written, help);
    case("g($dns)", Code::UnboundMetavariable, "$dns", "mean `$dsn`?");
    case("g($_)", Code::UnboundMetavariable, "$_", "a name");
    case("g(${sise})", Code::UnknownParameter, "sise", "mean `size`?");
    case("g(${none})", Code::UnknownParameter, "none", "--set none=VALUE");
    case("g(${dsn|qoute})", Code::UnknownFilter, "qoute", "mean `quote`?");
    case("g(${dsn.user})", Code::UnboundMetavariable, "dsn.user", "(?P<user>");
    case("g(${dsn})", Code::TemplateSyntax, "${dsn}", "write `$dsn`");
    case("g($dsn", Code::TemplateSyntax, "(", "close the `(`");
    case("x := f($dsn)", Code::TemplateSyntax, "x :=", "as: statements");
    case("nosuch.G($dsn)", Code::UnknownPackage, "nosuch", "declare it");
}

#[test]
fn conditions_are_wrong_where_the_caret_says() {
    let on = |text: &str| format!("  match: f($x)\n  report: a\n  where: {{{text}}}\n");
    let case = |text: &str, code, written, help| mistake(&on(text), code, written, help);
    case("$y: {text: a}", Code::UnboundMetavariable, "$y", "");
    case("$x: {text: 'ab(c'}", Code::BadRegex, "(", "close it");
    case("$x: {value: 'a(?=b)'}", Code::BadRegex, "(?=", "is-not: ReadDir");
    case("$x: {kind: 'call, identifer'}", Code::BadValue, "identifer", "mean `identifier`?");
    case("$x: {is: 'g('}", Code::PatternSyntax, "(", "close the `(`");
    case("$x: {is-not: nosuch.F()}", Code::UnknownPackage, "nosuch", "declare it");
    case("$x: {is-not: g($y)}, $y: {text: a}", Code::UnboundMetavariable, "$y", "$x");
    case("$x: {text: '(a{1000}){1000}'}", Code::BadRegex, "'(a{1000}){1000}'", "repeat less");
}

#[test]
fn versions_globs_and_paths_are_wrong_where_the_caret_says() {
    let when = |text: &str| format!("  match: f($x)\n  report: a\n  when: {{{text}}}\n");
    mistake(&when("module: 'a.b/c 1.4.0'"), Code::BadVersion, "1.4.0", ">=");
    mistake(&when("go: '>=1.x'"), Code::BadVersion, "x", ">=");
    let files = |text: &str| format!("  match: f($x)\n  report: a\n  files: '{text}'\n");
    mistake(&files("a/{b"), Code::BadGlob, "'a/{b'", "");
    mistake(&files("!vendor/**"), Code::BadGlob, "!", "unless-files");
    mistake(&files("/etc/*"), Code::BadGlob, "/", "**/");
    mistake("  gomod: {require: a.b/c v2.0.0}\n", Code::BadVersion, "v2.0.0", "a.b/c/v2");
    mistake("  gomod: {require: a.b/c 1.2}\n", Code::BadVersion, "1.2", "v1.2.3");
    mistake("  gomod: {move: x, to: a.b/c/v3 v1.0.0}\n", Code::BadVersion, "v1.0.0", "`a.b/c`");
    mistake("  import: {remove: 'a b'}\n", Code::BadValue, "'a b'", "as Go imports it");
    mistake("  import: {from: a, to: a}\n", Code::BadValue, "a", "from now on");
    mistake("  import: {add: a, name: '1'}\n", Code::BadValue, "'1'", "`_`");
}

#[test]
fn replacements_in_text_speak_of_groups_that_exist() {
    let text = |find: &str, replace: &str| {
        format!("  text: {{files: '*.md', find: '{find}', replace: '{replace}'}}\n")
    };
    mistake(&text("a(b)", "$2"), Code::BadRegex, "$2", "one group, `$1`");
    mistake(&text("a(b)", "$1x"), Code::BadRegex, "$1x", "`${1}x`");
    mistake(&text("a(?P<user>b)", "${usr}"), Code::BadRegex, "${usr}", "${user}");
    let fine = rule(&text("a(b)", "${1}x $$2 ${size} $0"));
    let Action::Text(action) = &fine.compiled.rules.rules[0].action else { panic!("text") };
    let TextChange::Replace(replace) = &action.change else { panic!("a replacement") };
    let captures = action.find.captures("ab").expect("found");
    assert_eq!(replace.expand(&captures), "bx $2 20 ab");
    let filtered = rule(&text("a(b)", "${1|upper-first} ${size|quote}"));
    let Action::Text(action) = &filtered.compiled.rules.rules[0].action else { panic!("text") };
    let TextChange::Replace(replace) = &action.change else { panic!("a replacement") };
    assert_eq!(replace.expand(&captures), "B \"20\"");
    mistake(&text("a(b)", "${1|uper-first}"), Code::UnknownFilter, "uper-first", "upper-first");
}

#[test]
fn findings_speak_of_what_was_captured() {
    mistake("  match: f($x)\n  report: about $y\n", Code::UnboundMetavariable, "$y", "$x");
    let fine = rule("  match: f($x)\n  report: at $x, $5 and ${x|quote}\n");
    let Action::Report(report) = &fine.compiled.rules.rules[0].action else { panic!("report") };
    assert_eq!(report.message.len(), 4);
}

#[test]
fn what_a_file_must_hold_is_known() {
    let outcome = rule(
        "  match: dm.Open(err, $x, $y.Close, dm.Open)\n  report: a\n  where: {$x: {is: sql.Named($z)}, $z: {text: a}}\n",
    );
    assert!(outcome.diagnostics.is_empty(), "{:?}", outcome.diagnostics);
    let search = outcome.compiled.rules.rules[0].action.search().expect("a search");
    let texts: Vec<&str> = search.required.iter().map(Required::text).collect();
    assert_eq!(texts, ["example.com/go-dm", "Open", "err", "Close", "database/sql", "Named"]);
    let dm = outcome.compiled.rules.package_at("example.com/go-dm").expect("declared");
    assert_eq!((dm.name.as_str(), dm.named), ("dm", true));
}

#[test]
fn a_test_stands_behind_the_one_that_binds_what_it_tests() {
    let outcome = rule(
        "  match: f($x)\n  report: a\n  where: {$z: {text: a}, $x: {is: g($z), is-not: h($q)}}\n",
    );
    let search = outcome.compiled.rules.rules[0].action.search().expect("a search");
    let keys: Vec<_> = search.constraints.iter().map(|c| c.test.key()).collect();
    assert_eq!(keys, ["is", "text", "is-not"]);
    let Test::IsNot(pattern) = &search.constraints[2].test else { panic!("is-not") };
    let own = pattern.binds().next().expect("a name of its own");
    assert_eq!(own.index(), 2, "behind $x and $z, so that it meets none of them");
}

#[test]
fn import_paths_have_names_that_are_said_known_or_guessed() {
    let outcome = rule("  import: {from: x.org/go-old, to: database/sql}\n");
    let Action::Import(ImportAction::Move { from, to, .. }) =
        outcome.compiled.rules.rules[0].action
    else {
        panic!("an import")
    };
    let package = |id| outcome.compiled.rules.package(id);
    assert_eq!((package(from).name.as_str(), package(from).named), ("old", false));
    assert_eq!((package(to).name.as_str(), package(to).named), ("sql", true));
}

#[test]
fn two_names_for_one_path_are_an_error() {
    let packs = [
        pack("a", "packages: {dm: x.org/dm}\n", "- {id: r, import: {remove: x}}\n"),
        pack("b", "packages: {dmold: x.org/dm}\n", "- {id: r, import: {remove: x}}\n"),
        pack(
            "c",
            "packages: {old: {path: x.org/dm, name: dm}}\n",
            "- {id: r, import: {remove: x}}\n",
        ),
    ];
    let outcome = run(&packs, Vec::new(), &Settings::default());
    assert_eq!(outcome.mistakes(), [(Code::BadValue, "dmold")]);
    assert_eq!(outcome.diagnostics[0].labels.len(), 2);
}

#[test]
fn inherited_rules_come_first_and_see_the_extending_pack() {
    let base = pack(
        "base",
        "packages: {dm: x.org/base}\nparams: {n: {default: 1}}\n",
        "- {id: one, match: dm.A(), rewrite: 'dm.B(${n})'}\n- {id: two, match: f(), report: a}\n- {id: three, match: g(), report: a}\n",
    );
    let manifest = "extends: [{pack: base, without: [three]}]\npackages: {dm: x.org/own}\n";
    let own = pack(
        "own",
        manifest,
        "- {id: four, match: h(), report: a}\n- {id: two, match: f2(), report: a}\n",
    );
    let setting = Setting { name: Said::on_command_line("n"), value: "7".into() };
    let settings = Settings { params: vec![setting], ..Settings::default() };
    let outcome = run(&[own], vec![base], &settings);
    assert!(outcome.diagnostics.is_empty(), "{:?}", outcome.diagnostics);
    assert_eq!(outcome.ids(), ["own/one", "own/two", "own/four"]);
    let Action::Rewrite(one) = &outcome.compiled.rules.rules[0].action else { panic!("rewrite") };
    let package = one.search.pattern.packages().next().expect("dm");
    assert_eq!(outcome.compiled.rules.package(package).path, "x.org/own");
    let two = outcome.compiled.rules.rules[1].action.search().expect("a search");
    assert_eq!(two.pattern.words().collect::<Vec<_>>(), ["f2"], "replaced in its place");
    assert_eq!(outcome.compiled.specs[1].id.as_str(), "two");
}

#[test]
fn names_of_extended_packs_are_known_unless_these_disagree() {
    let of = |name: &str, path: &str| {
        pack(name, &format!("packages: {{dm: {path}}}\n"), "- {id: r, match: dm.A(), report: a}\n")
    };
    let library = |other: &str| {
        let far = pack("far", "extends: [one]\n", "- {id: far, match: g(), report: a}\n");
        vec![of("one", "x.org/one"), of("two", other), far]
    };
    let rules = "- {id: own, match: dm.B(), report: a}\n";
    let path = |manifest: &str, other: &str| {
        let top = pack("top", manifest, rules);
        let outcome = run(&[top], library(other), &Settings::default());
        let own = outcome.compiled.rules.rules.iter().find(|rule| rule.id == "own");
        let id = own.and_then(|own| own.action.search()?.pattern.packages().next());
        let found = id.map(|id| outcome.compiled.rules.package(id).path.clone());
        let written: Vec<_> = outcome.mistakes().iter().map(|(_, w)| (*w).to_owned()).collect();
        (found, written)
    };
    let known = |path: &str| (Some(path.to_owned()), Vec::new());
    assert_eq!(path("extends: [far]\n", "x.org/two"), known("x.org/one"));
    assert_eq!(path("extends: [far, two]\n", "x.org/one"), known("x.org/one"));
    let disputed = path("extends: [far, two]\n", "x.org/two");
    assert_eq!(disputed, (None, vec!["far".to_owned()]));
    let own = "extends: [far, two]\npackages: {dm: x.org/own}\n";
    assert_eq!(path(own, "x.org/two"), known("x.org/own"));
}

#[test]
fn a_pack_that_is_extended_twice_comes_once() {
    let base = pack("base", "", "- {id: a, match: f(), report: a}\n");
    let middle = pack("middle", "extends: [base]\n", "- {id: b, match: g(), report: a}\n");
    let top = pack("top", "extends: [middle, base]\n", "- {id: c, match: h(), report: a}\n");
    let library = vec![base.clone(), middle];
    let outcome = run(std::slice::from_ref(&top), library.clone(), &Settings::default());
    assert_eq!(outcome.ids(), ["top/a", "top/b", "top/c"]);
    // Asked for by itself as well, the same rule with the same meaning runs once.
    let outcome = run(&[base, top], library, &Settings::default());
    assert_eq!(outcome.ids(), ["base/a", "top/b", "top/c"]);
}

#[test]
fn circles_and_missing_packs_are_shown_where_they_are_named() {
    let rules = "- {id: r, import: {remove: x}}\n";
    let a = pack("a", "extends: [b]\n", rules);
    let b = pack("b", "extends: [a]\n", rules);
    let outcome = run(std::slice::from_ref(&a), vec![a.clone(), b], &Settings::default());
    assert_eq!(outcome.mistakes(), [(Code::PackCycle, "a")]);
    assert!(outcome.diagnostics[0].message.contains("`a` → `b` → `a`"));
    assert_eq!(outcome.diagnostics[0].labels.len(), 2);
    let base = pack("base", "", rules);
    let outcome = run(&[pack("c", "extends: [bass]\n", rules)], vec![base], &Settings::default());
    assert_eq!(outcome.mistakes(), [(Code::PackUnreadable, "bass")]);
    assert!(outcome.help().contains("`base`"));
}

#[test]
fn ids_that_do_not_exist_are_errors_with_the_nearest() {
    let base = pack("base", "", "- {id: close-rows, match: f(), report: a}\n");
    let top = "extends: [{pack: base, without: [close-row]}]\n";
    let outcome = run(
        &[pack("top", top, "- {id: other, match: f(), report: a}\n")],
        vec![base.clone()],
        &Settings::default(),
    );
    assert_eq!(outcome.mistakes(), [(Code::UnknownRule, "close-row")]);
    assert!(outcome.help().contains("`close-rows`"));
    let settings = Settings {
        except: vec![Said::on_command_line("base/close-row")],
        params: vec![Setting { name: Said::on_command_line("size"), value: "1".into() }],
        ..Settings::default()
    };
    let outcome = run(&[base], Vec::new(), &settings);
    assert_eq!(outcome.mistakes(), [(Code::UnknownParameter, ""), (Code::UnknownRule, "")]);
    assert!(
        outcome.diagnostics[1].help.as_deref().is_some_and(|h| h.contains("`base/close-rows`"))
    );
}

#[test]
fn rules_are_chosen_by_id_and_by_pack() {
    let rules = "- {id: a, match: f(), report: a}\n- {id: b, match: g(), report: a}\n";
    let packs = [pack("p", "", rules), pack("q", "", &rules.replace("f()", "f2()"))];
    let chosen = |only: &[&str], except: &[&str]| {
        let said = |ids: &[&str]| ids.iter().copied().map(Said::on_command_line).collect();
        let settings = Settings { only: said(only), except: said(except), ..Settings::default() };
        run(&packs, Vec::new(), &settings).ids()
    };
    assert_eq!(chosen(&["a"], &[]), ["p/a", "q/a"]);
    assert_eq!(chosen(&["q/a", "b"], &["p/b"]), ["q/a", "q/b"]);
}

#[test]
fn two_rules_of_a_pack_with_one_id_are_an_error() {
    let rules = "- {id: a, match: f(), report: a}\n- {id: a, match: g(), report: a}\n";
    let outcome = run(&[pack("p", "", rules)], Vec::new(), &Settings::default());
    assert_eq!(outcome.mistakes(), [(Code::DuplicateId, "a")]);
    let labels = &outcome.diagnostics[0].labels;
    assert!(labels[0].span.start > labels[1].span.start, "the caret is at the later one");
}

#[test]
fn every_mistake_of_a_run_is_said_at_once() {
    let rules = "- {id: a, match: f($x), rewrite: g($y), where: {$x: {text: '('}}, files: '!a'}\n- {id: b, gomod: {require: a.b/c 1}}\n";
    let outcome = run(&[pack("p", "", rules)], Vec::new(), &Settings::default());
    let codes: Vec<_> = outcome.diagnostics.iter().map(|d| d.code).collect();
    let expected = [Code::UnboundMetavariable, Code::BadRegex, Code::BadGlob, Code::BadVersion];
    assert_eq!(codes, expected);
}

#[test]
fn a_raised_requirement_is_read() {
    let outcome = rule("  gomod: {require: a.b/c/v2 v2.1.0}\n  when: {go: '>=1.21'}\n");
    let rule = &outcome.compiled.rules.rules[0];
    let Action::GoMod(GoModAction::Require { path, version, .. }) = &rule.action else {
        panic!("go.mod")
    };
    assert_eq!((path.as_str(), version.to_string().as_str()), ("a.b/c/v2", "v2.1.0"));
    assert!(rule.when.go.is_some());
}

#[test]
fn what_versions_belong_to_is_inherited_and_replaced_by_module() {
    const RULE: &str = "- {id: gone, import: {remove: a.b/c}}\n";
    let base = "versions:\n  a.b/c: {about: DB, map: {v1.0.0: 8.1, v1.1.0: 8.10}}\n  a.b/d: {about: DB, map: {v1.0.0: 1}}\n";
    let own = "extends: [base]\nversions:\n  a.b/d: {about: server, map: {v1.0.0: '2'}}\n";
    let outcome =
        run(&[pack("own", own, RULE)], vec![pack("base", base, RULE)], &Settings::default());
    let tables = &outcome.compiled.rules.versions;
    let version = |text: &str| crate::go::version::Version::parse(text).expect("a version");
    assert_eq!(tables["a.b/c"].map[&version("v1.1.0")], "8.10");
    assert_eq!((tables["a.b/d"].about.as_str(), tables["a.b/d"].map.len()), ("server", 1));
    let bad = pack("bad", "versions: {a.b/c: {about: DB, map: {1.0.0: x}}}\n", RULE);
    let outcome = run(&[bad], Vec::new(), &Settings::default());
    assert_eq!(outcome.mistakes(), [(Code::BadVersion, "1.0.0")]);
    assert!(outcome.help().contains("v1.2.3"));
}
