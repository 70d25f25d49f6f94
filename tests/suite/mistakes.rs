//! Deliberately broken rule files: for each the kind of mistake, the place under the caret, and
//! the mend in the help. Then files that are right, with bits taken out and put in: whatever stands
//! there, there is no panic, and every caret is inside of the text.

use dmmigrate::app::config::{Asked, Dependencies, LoadedRules, Request, load};
use dmmigrate::app::output::diagnostics::render;

use super::gopatch::patch_files;
use super::support::packs::{packs_in, project};

fn loaded(name: &str, text: &str) -> LoadedRules {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join(name), text).expect("written");
    let request = Request {
        sources: vec![Asked::Rule(name.into())],
        from: folder.path().to_path_buf(),
        ..Request::default()
    };
    load(folder.path(), &request, &Dependencies::default)
}

/// Lines of one rule (the place of the caret in «»), the code, and a part of the help.
type Mistake = (&'static str, &'static str, &'static str);

/// What people get wrong most: here the help has to contain the mend itself.
const LIKELY: [Mistake; 14] = [
    // A pointer, a dereference or a slice is YAML, too.
    ("match: f($x)\n  rewrite: «&g($x)»", "unquoted-value", "\"&g($x)\""),
    ("match: «*f.T»\n  report: a", "unquoted-value", "\"*f.T\""),
    ("match: «[]f.T»\n  report: a", "unquoted-value", "\"[]f.T\""),
    // A colon and a blank inside of a value.
    ("match: T{a«:» $x}\n  report: a", "yaml-syntax", "\"T{a: $x}\""),
    // A word that is almost right.
    ("match: f($x)\n  «rewite»: g($x)", "unknown-key", "`rewrite`"),
    ("«pattern»: f($x)\n  rewrite: g($x)", "unknown-key", "`match`"),
    ("match: f($x)\n  «replace»: g($x)", "unknown-key", "`rewrite`"),
    ("match: f($x)\n  safety: «manaul»\n  report: a", "bad-value", "`manual`"),
    // A name that nothing binds or declares.
    ("match: f($text)\n  rewrite: g(«$txt»)", "unbound-metavariable", "`$text`"),
    ("match: «lib».F($x)\n  report: a", "unknown-package", "packages: {lib: IMPORT/PATH}"),
    ("match: f($x)\n  where: {«x»: {text: a}}\n  report: a", "bad-value", "`$x`"),
    // The ellipsis of other tools.
    ("match: f(«...»)\n  report: a", "pattern-syntax", "`$$$`"),
    // A swap never comes to rest.
    ("match: f($a, $b)\n  rewrite: «f($b, $a)»", "endless-rewrite", "`where` and `is-not`"),
    // No version, or a version without what to do with it.
    ("gomod: {require: «example.com/lib»}", "bad-value", "example.com/lib v1.2.3"),
];

/// What a first-time user got wrong in an hour, beside what is above.
const FIRST_HOUR: [Mistake; 18] = [
    ("match: $x\n  rewrite: «must($x)»", "endless-rewrite", "what stands around `$x`"),
    ("match: «io/ioutil».ReadFile($x)\n  report: a", "pattern-syntax", "write `ioutil.ReadFile`"),
    ("match: «math/rand».Int()\n  report: a", "pattern-syntax", "packages: {rand: math/rand}"),
    (
        "match: f($x)\n  rewrite: «github.com/pkg/errors».New($x)",
        "template-syntax",
        "declare `packages: {errors: github.com/pkg/errors}`, and write `errors.New`",
    ),
    (
        "match: f($x)\n  where: {$x: {type: «gopkg.in/yaml.v2».Node}}\n  report: a",
        "pattern-syntax",
        "packages: {yaml: gopkg.in/yaml.v2}",
    ),
    ("match: f($x)\n  safety: «unsafe»\n  report: a", "bad-value", "`safe`, `review` or `manual`"),
    (
        "match: f($x)\n  where: {$x: {type: '*«foo».File'}}\n  report: a",
        "unknown-package",
        "packages: {foo: IMPORT/PATH}",
    ),
    ("«patch»:\n    -f($x)\n    +g($x)", "yaml-syntax", "write `patch: |`"),
    ("«patch»: >\n    -f($x)\n    +g($x)", "yaml-syntax", "write `patch: |`"),
    ("patch: |\n  «-f($x)»\n  +g($x)", "yaml-syntax", "indent the lines below `patch: |`"),
    (
        "match: |\n  «f($x)»\n  g($x)\n  report: a",
        "yaml-syntax",
        "indent the lines below `match: |`",
    ),
    ("patch: |\n     h()\n    «-f($x)»\n    +g($x)", "yaml-syntax", "put a line `@@` above"),
    (
        "match: |\n      f($x)\n    «g($x)»\n  report: a",
        "yaml-syntax",
        "begin the first line of `match` in the column",
    ),
    ("match: «$d := f()\n    use($d)»\n  report: a", "pattern-syntax", "write `match: |`"),
    ("match: f($x)\n  rewrite: «g($x)\n    h($x)»", "template-syntax", "write `rewrite: |`"),
    (
        "match: f($x)\n  rewrite: «f(traced($x))»",
        "endless-rewrite",
        "where: {$x: {is-not: traced($_)}}",
    ),
    (
        "rename: {from: ioutil.TempFile, to: «os.CreateTemp»}",
        "bad-value",
        "write `match: ioutil.TempFile` and `rewrite: os.CreateTemp`",
    ),
    (
        "rename: {from: ioutil.ReadAll, to: «io.ReadAll»}",
        "bad-value",
        "import: {from: io/ioutil, to: io, symbols: [ReadAll]}",
    ),
];

const OTHERS: [Mistake; 58] = [
    ("title: a", "rule-kind", "match"),
    ("«match»: f($x)", "rule-kind", "rewrite: CODE"),
    ("«rewrite»: f($x)", "rule-kind", "match: PATTERN"),
    ("match: f($x)\n  rewrite: g($x)\n  «report»: a", "rule-kind", "a rule of its own"),
    ("match: f($x)\n  report: a\n  «import»: {remove: a}", "rule-kind", "a rule of its own"),
    ("match: f($x)\n  report: a\n  «match»: g($x)", "duplicate-key", "keep one"),
    ("match: f($x)\n  «rewrite»:", "bad-value", "rewrite: \"\""),
    ("«match»:\n  report: a", "bad-value", "behind the colon"),
    ("match: «~»\n  report: a", "bad-value", "\"~\""),
    ("match: «{f: 1}»\n  report: a", "unquoted-value", "\"{f: 1}\""),
    ("match: f«(»$x\n  report: a", "pattern-syntax", "close the `(`"),
    ("match: f($x«]»\n  report: a", "pattern-syntax", "nothing opens"),
    ("match: f($x)«)»\n  report: a", "pattern-syntax", "nothing opens"),
    ("match: f(«$»)\n  report: a", "pattern-syntax", "`$name`"),
    ("match: f(«$»1)\n  report: a", "pattern-syntax", "`$name`"),
    ("match: f(«$»{x})\n  report: a", "pattern-syntax", "`$name`"),
    ("match: f(«$match»)\n  report: a", "pattern-syntax", "another name"),
    ("match: f(«1» 2)\n  report: a", "pattern-syntax", "a pattern is"),
    ("match: f($x)\n  as: «expresion»\n  report: a", "bad-value", "`expression`"),
    ("match: \"«return» $x\"\n  as: expression\n  report: a", "pattern-syntax", "pattern is"),
    ("match: f($x)\n  rewrite: g«(»$x", "template-syntax", "close the `(`"),
    ("match: f($x)\n  rewrite: g(«$»)", "template-syntax", "`$name`"),
    ("match: f($x)\n  rewrite: g(«$_»)", "unbound-metavariable", "name"),
    ("match: f($x)\n  rewrite: g(«$$$xs»)", "unbound-metavariable", "`$x`"),
    ("match: f($x)\n  rewrite: g(\"${«size»}\")", "unknown-parameter", "params: {size"),
    ("match: f($x)\n  rewrite: g(\"${x|«quot»}\")", "unknown-filter", "`quote`"),
    ("match: f($x)\n  rewrite: «lib».F($x)", "unknown-package", "packages: {lib"),
    ("match: f($x)\n  report: «$y» is old", "unbound-metavariable", "`$x`"),
    ("match: «rand».F($x)\n  report: a", "unknown-package", "crypto/rand"),
    ("match: f($x)\n  where: {«$y»: {text: a}}\n  report: a", "unbound-metavariable", "`$x`"),
    ("match: f($x)\n  where: {$x: {«txt»: a}}\n  report: a", "unknown-key", "`text`"),
    ("match: f($x)\n  where: {$x: {text: 'a«(»'}}\n  report: a", "bad-regex", "close it"),
    ("match: f($x)\n  where: {$x: {text: '«(?=»a)'}}\n  report: a", "bad-regex", "is-not: ReadDir"),
    ("match: f($x)\n  where: {$x: {value: 'a«(?!»b)'}}\n  report: a", "bad-regex", "is-not"),
    ("text: {files: a, find: 'a«(?!»b)', replace: c}", "bad-regex", "put it back with a group"),
    ("match: f($x)\n  where: {$x: {kind: «cal»}}\n  report: a", "bad-value", "`call`"),
    ("match: f($x)\n  where: {$x: {is: 'g«(»'}}\n  report: a", "pattern-syntax", "close the `(`"),
    ("match: f($x)\n  where: {$x: «text»}\n  report: a", "bad-value", "{text: REGEX}"),
    ("match: f($x)\n  when: {go: \"«1.22»\"}\n  report: a", "bad-version", ">="),
    ("match: f($x)\n  when: {module: «lib»}\n  report: a", "bad-value", "<1.4.0"),
    ("match: f($x)\n  files: «/»a/*.go\n  report: a", "bad-glob", "`**/`"),
    ("match: f($x)\n  files: «\"a[\"»\n  report: a", "bad-glob", "`[ab]`"),
    ("import: {«from»: a}", "missing-key", "to: "),
    ("import: {add: a, «remove»: b}", "rule-kind", "rule of its own"),
    ("import: {from: a, to: b, symbols: [«new»]}", "bad-value", "[New, Is]"),
    ("import: {remove: «a b»}", "bad-value", "as Go imports it"),
    ("gomod: {require: lib «1.5»}", "bad-version", "v1.2.3"),
    ("text: {files: a, find: b, replace: «$1»}", "bad-regex", "parentheses"),
    // What only keeps code away binds nothing.
    ("match: f($x)\n  unless-inside: g($y)\n  rewrite: h(«$y»)", "unbound-metavariable", "`$x`"),
    (
        "match: f($x)\n  where: {$x: {is-not: g($y)}}\n  rewrite: h(«$y»)",
        "unbound-metavariable",
        "`$x`",
    ),
    ("gomod: {require: example.com/lib/v2 «v1.0.0»}", "bad-version", "`example.com/lib`"),
    ("patch: |\n    -f($x)\n    +g(«$y»)", "unbound-metavariable", "`$x`"),
    ("patch: |\n    -f«(»$x\n    +g($x)", "pattern-syntax", "close the `(`"),
    ("patch: |\n    «f($x)»\n    +g($x)", "patch-syntax", "`@@`"),
    ("match: f(«$»$x)\n  report: a", "pattern-syntax", "`$$$names`"),
    ("match: f($x)\n  scope: {$c: {«typ»: int}}\n  rewrite: g($c, $x)", "unknown-key", "`type`"),
    (
        "match: f($x)\n  scope: {«$c»: {type: int}}\n  rewrite: g($x)",
        "unbound-metavariable",
        "`$c`",
    ),
    ("«field»: {of: error, from: A}", "rule-kind", "read: $x.New"),
];

/// The text without the marks, and the place between them.
fn marked(lines: &str) -> (String, std::ops::Range<usize>) {
    // Without a mark the rule as a whole is wrong: the caret is at its first key.
    let head = if lines.contains('«') { "id" } else { "«id»" };
    let text = format!("rules:\n- {head}: broken\n  {lines}\n");
    let start = text.find('«').expect("a mark");
    let end = text.find('»').expect("a mark") - '«'.len_utf8();
    (text.replace(['«', '»'], ""), start..end)
}

#[test]
fn every_mistake_is_shown_where_it_is_and_with_its_mend() {
    let mut wrong = Vec::new();
    for (lines, code, help) in LIKELY.iter().chain(&FIRST_HOUR).chain(&OTHERS) {
        let (text, place) = marked(lines);
        let loaded = loaded("r.yaml", &text);
        let shown = || render(&loaded.diagnostics, &loaded.sources, false);
        let fits = loaded.diagnostics.iter().any(|d| {
            d.code.as_str() == *code
                && d.labels.first().is_some_and(|l| l.span.range() == place)
                && d.help.as_ref().is_some_and(|h| h.contains(help))
        });
        if !fits {
            let of: Vec<_> = loaded.diagnostics.iter().map(|d| d.labels[0].span).collect();
            wrong.push(format!(
                "{text}wanted {code} at {place:?} with {help:?}, found {of:?}\n{}",
                shown()
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n\n{}",
        wrong.len(),
        LIKELY.len() + FIRST_HOUR.len() + OTHERS.len(),
        wrong.join("\n\n")
    );
}

#[test]
fn what_does_not_help_is_not_proposed() {
    for (lines, not) in [
        ("match: f($x)\n  safety: unsafe\n  report: a", "did you mean"),
        ("match: f($x)\n  where: {$x: {type: foo.T}}\n  report: a", "any expression"),
        ("match: f($x)\n  where: {$x: {text: '(?=a)'}}\n  report: a", "put it back"),
    ] {
        let loaded = loaded("r.yaml", &format!("rules:\n- id: broken\n  {lines}\n"));
        let shown = render(&loaded.diagnostics, &loaded.sources, false);
        assert!(loaded.has_errors() && !shown.contains(not), "{shown}");
    }
}

/// The example in the help of a rule that never comes to rest lets it come to rest.
#[test]
fn a_rule_without_end_rests_with_what_its_help_says() {
    for (lines, help) in [
        ("match: f($x)\n  rewrite: f(traced($x))", "where: {$x: {is-not: traced($_)}}"),
        ("match: f($a, $b)\n  rewrite: f($b, $a)", "where: {$a: {kind: string}}"),
    ] {
        let text = format!("rules:\n- id: broken\n  {lines}\n");
        let broken = loaded("r.yaml", &text);
        let shown = render(&broken.diagnostics, &broken.sources, false);
        assert!(shown.contains(help), "{shown}");
        let mended = loaded("r.yaml", &format!("{text}  {help}\n"));
        assert!(!mended.has_errors(), "{}", render(&mended.diagnostics, &mended.sources, false));
    }
}

/// Bits that break YAML, Go, or the rule language.
const BITS: [&str; 16] =
    ["", "\"", "'", "(", "}", ": ", "&", "$", "${", "\n", "\t", "$$$", "é", "- ", "|\n", "..."];

/// The text with bits taken out and put in. Places and bits are spread over it, the same in each run.
fn mutants(text: &str, nth: usize) -> impl Iterator<Item = String> {
    let chars: Vec<char> = text.chars().collect();
    (0..24).map(move |step| {
        let at = (step * 7919 + nth * 104_729) % chars.len();
        let cut = step % 5;
        let bit = BITS[(step * 3 + nth) % BITS.len()];
        let mut mutant: String = chars[..at].iter().collect();
        mutant.push_str(bit);
        mutant.extend(&chars[(at + cut).min(chars.len())..]);
        mutant
    })
}

/// Whether there is a mistake. Whatever there is, it is inside of the text and says what to do.
fn is_broken(loaded: &LoadedRules, mutant: &str) -> bool {
    for diagnostic in &loaded.diagnostics {
        assert!(diagnostic.help.is_some(), "{diagnostic:?}\n{mutant}");
        assert!(!diagnostic.labels.is_empty(), "{diagnostic:?}\n{mutant}");
        for label in &diagnostic.labels {
            let source = loaded.sources.text(label.file);
            assert!(source.get(label.span.range()).is_some(), "{diagnostic:?}\n{mutant}");
        }
    }
    render(&loaded.diagnostics, &loaded.sources, false);
    loaded.has_errors()
}

#[test]
fn a_mutated_pack_never_panics_and_every_caret_is_inside() {
    let mut texts = vec![project().join("tests/data/every-key.yaml")];
    for pack in packs_in("rules").into_iter().chain(packs_in("tests/cases")) {
        let entries = std::fs::read_dir(&pack).expect("a pack").flatten().map(|e| e.path());
        texts.extend(entries.filter(|p| p.extension().is_some_and(|e| e == "yaml")));
    }
    texts.sort();
    let mut broken = 0;
    for (nth, file) in texts.iter().enumerate() {
        let text = std::fs::read_to_string(file).expect("a file");
        for mutant in mutants(&text, nth) {
            broken += usize::from(is_broken(&loaded("r.yaml", &mutant), &mutant));
        }
    }
    assert!(broken > 100, "only {broken} of the mutants are broken");
}

#[test]
fn a_mutated_patch_file_never_panics_and_every_caret_is_inside() {
    let mut broken = 0;
    for (nth, text) in patch_files().iter().enumerate() {
        for mutant in mutants(text, nth) {
            broken += usize::from(is_broken(&loaded("r.patch", &mutant), &mutant));
        }
    }
    assert!(broken > 100, "only {broken} of the mutants are broken");
}
