//! Any bytes in, no panic and no broken output. Comes in: the Go files of all cases, rule files and
//! go.mod files, mutated at random. Goes out: a failure with the input that shows it.
//!
//! As a test it runs for two seconds, each time the same inputs. `DMMIGRATE_FUZZ_SECONDS=1800`
//! makes it a long run, `DMMIGRATE_FUZZ_SEED=N` another one, and `DMMIGRATE_FUZZ_OUT=DIR` keeps every
//! input that fails as a file there instead of ending at the first. What long runs have found is in
//! tests/data/fuzz, and must never fail again.

mod mutate;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use dmmigrate::app::cases::cases_of;
use dmmigrate::app::config::LoadedRules;
use dmmigrate::app::run::on_threads;
use dmmigrate::app::txtar::Archive;
use dmmigrate::engine::date::Date;
use dmmigrate::engine::endless::endless;
use dmmigrate::engine::facts::IndexedFacts;
use dmmigrate::engine::module::{ModuleCode, rewrite_go_mod};
use dmmigrate::engine::prefilter::Prefilter;
use dmmigrate::engine::programs::ProgramFindings;
use dmmigrate::engine::rewrite::{FileOutcome, Force, Rewriter};
use dmmigrate::engine::unbroken;
use dmmigrate::go::module::ModFile;
use dmmigrate::go::packages::{GoEnv, MemoryFileSystem, PackageIndex};
use dmmigrate::go::source::SourceFile;
use dmmigrate::rule::compile::{Settings, compile};
use dmmigrate::rule::compiled::RuleSet;
use dmmigrate::rule::pack::{NotFound, PackLibrary, PackSource};
use dmmigrate::text::{FileChange, FilePatch, Severity, SourceMap};

use self::mutate::Mutator;
use super::support::packs::{load_pack, packs_in, project};

/// Longer than this for one small input is a defect of its own, whatever the machine does beside.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is mutated.
struct Seeds {
    packs: Vec<LoadedRules>,
    /// Go files, each with the pack of its case.
    go: Vec<(usize, String)>,
    rules: Vec<String>,
    go_mods: Vec<(usize, String)>,
}

impl Seeds {
    fn gather() -> Self {
        let mut seeds =
            Seeds { packs: Vec::new(), go: Vec::new(), rules: Vec::new(), go_mods: Vec::new() };
        for folder in packs_in("rules").into_iter().chain(packs_in("tests/cases")) {
            for case in cases_of(&folder).expect("cases") {
                let text = std::fs::read_to_string(&case.path).expect("a case");
                for (name, content) in Archive::parse(&text).files {
                    let pack = seeds.packs.len();
                    match Path::new(&name).extension().and_then(|e| e.to_str()) {
                        Some("go") => seeds.go.push((pack, content)),
                        Some("mod") => seeds.go_mods.push((pack, content)),
                        _ => {}
                    }
                }
            }
            seeds.rules.extend(rule_files(&folder));
            seeds.packs.push(load_pack(&folder));
        }
        let constructs = std::fs::read_to_string(project().join("tests/data/constructs.go"));
        let constructs = constructs.expect("a file of all constructs");
        seeds.go.extend((0..seeds.packs.len()).map(|pack| (pack, constructs.clone())));
        seeds
    }
}

fn rule_files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a pack").map(|e| e.expect("an entry").path());
    let mut files: Vec<PathBuf> =
        entries.filter(|p| p.extension().is_some_and(|e| e == "yaml")).collect();
    files.sort();
    files.into_iter().map(|p| std::fs::read_to_string(p).expect("a rule file")).collect()
}

/// What the rules make of `text`, which stands in no module.
fn outcome(rules: &RuleSet, text: &str) -> FileOutcome {
    let index = PackageIndex::new(Arc::new(MemoryFileSystem::default()), GoEnv::default());
    let rewriter = Rewriter {
        rules,
        prefilter: &Prefilter::new(rules),
        elsewhere: &[],
        facts: &IndexedFacts::new(index),
        programs: &ProgramFindings::default(),
        include_review: true,
        include_unknown_type: true,
        include_generated: true,
        today: Date::of_unix_days(0),
    };
    let file = Arc::new(SourceFile::new("a/a.go", text));
    rewriter.rewrite(&file, &vec![Force::On; rules.rules.len()])
}

/// Rewrites `text` and holds the result to what every result is held to.
fn rewrite(rules: &RuleSet, text: &str) {
    let edits = outcome(rules, text).edits;
    if edits.is_empty() {
        return;
    }
    let after = edits.apply(text);
    let (was, is) = (errors(text), errors(&after));
    assert!(is <= was, "{is} errors where {was} were:\n{after}");
    let mut patch = String::new();
    let change = FileChange::Edit { old: text, edits: &edits };
    FilePatch { path: b"a/a.go", change }.write_to(&mut patch);
    if let Some(at) = patch.find("\n--- ") {
        let parsed = diffy::Patch::from_str(&patch[at + 1..]).expect("a patch");
        let patched = diffy::apply(text, &parsed).expect("the patch applies");
        assert!(patched == after, "the patch is not the edits:\n{patch}");
    }
    if was == 0 {
        let again = outcome(rules, &after).edits;
        let twice = again.apply(&after);
        assert!(again.is_empty(), "a second run changes\n{after}\nto\n{twice}");
    }
}

fn errors(text: &str) -> usize {
    unbroken::errors(&SourceFile::new("a/a.go", text))
}

/// Reads a rule file; what is a rule set then is let loose on `go`.
fn read_rules(text: &str, go: &str) {
    struct Nothing;
    impl PackLibrary for Nothing {
        fn find(&self, _: &str) -> Result<PackSource, NotFound> {
            Err(NotFound::Unknown)
        }

        fn names(&self) -> Vec<String> {
            Vec::new()
        }
    }
    let mut sources = SourceMap::default();
    let packs = [PackSource::of_rule_file("rule.yaml", text)];
    let (compiled, diagnostics) = compile(&packs, &Nothing, &Settings::default(), &mut sources);
    dmmigrate::app::output::diagnostics::render(&diagnostics, &sources, false);
    let broken = diagnostics.iter().any(|d| d.severity == Severity::Error);
    if !broken && endless(&compiled.rules).is_empty() {
        let after = outcome(&compiled.rules, go).edits.apply(go);
        assert!(errors(&after) <= errors(go), "broken by\n{text}\nto\n{after}");
    }
}

fn edit_go_mod(rules: &RuleSet, text: &str) {
    let force = in_force(rules, text);
    let code = ModuleCode::new(rules.packs.len());
    let outcome = rewrite_go_mod(text, rules, &force, &code, None, true, Date::of_unix_days(0));
    let after = outcome.edits.apply(text);
    let again = rewrite_go_mod(
        &after,
        rules,
        &in_force(rules, &after),
        &code,
        None,
        true,
        Date::of_unix_days(0),
    );
    assert!(again.edits.is_empty(), "a second run changes\n{after}");
}

fn in_force(rules: &RuleSet, go_mod: &str) -> Vec<Force> {
    dmmigrate::engine::force::force(rules, Some(&ModFile::parse(go_mod)), None, None)
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default)
}

/// What becomes of the kept inputs in a folder of tests/data: each with why it fails, if it does.
/// The first line of a Go file names the pack for it.
fn kept(folder: &str) -> Vec<(PathBuf, Option<String>)> {
    let packs = packs_in("rules").into_iter().chain(packs_in("tests/cases"));
    let by_name = |name: &str| packs.clone().find(|p| p.file_name().is_some_and(|n| n == name));
    let entries = std::fs::read_dir(project().join("tests/data").join(folder)).expect("a folder");
    let paths: BTreeSet<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
    let run = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("UTF-8");
        let result = catch_unwind(AssertUnwindSafe(|| {
            if path.extension().is_some_and(|e| e == "yaml") {
                return read_rules(&text, "package p\n");
            }
            let (first, input) = text.split_once('\n').expect("two lines");
            let name = first.strip_prefix("// pack ").expect("the name of a pack");
            let pack = load_pack(&by_name(name).expect("a pack"));
            rewrite(&pack.compiled.rules, input);
        }));
        (path, failure(result, false))
    };
    let files = paths.into_iter().filter(|path| path.is_file());
    on_threads(Some(1), || files.map(run).collect()).expect("a thread")
}

#[test]
fn inputs_that_once_failed_do_not_fail_again() {
    let kept = kept("fuzz");
    assert!(!kept.is_empty());
    let failing: Vec<_> = kept.iter().filter(|(_, failure)| failure.is_some()).collect();
    assert!(failing.is_empty(), "{failing:#?}");
}

/// In code that is no Go. One that is mended moves to the folder above.
#[test]
fn known_defects_that_random_inputs_showed() {
    let kept = kept("fuzz/known");
    assert!(!kept.is_empty());
    let mended: Vec<_> = kept.iter().filter(|(_, failure)| failure.is_none()).collect();
    assert!(mended.is_empty(), "{mended:#?}");
}

#[test]
fn any_bytes_in_no_panic_and_no_broken_output() {
    let limit = Duration::from_secs(number("DMMIGRATE_FUZZ_SECONDS", 2));
    let keep = std::env::var_os("DMMIGRATE_FUZZ_OUT").map(PathBuf::from);
    let mut random = Mutator::new(number("DMMIGRATE_FUZZ_SEED", 1));
    let seeds = Seeds::gather();
    let words: Vec<&str> = seeds.go.iter().map(|(_, t)| t.as_str()).collect();
    let started = Instant::now();
    let mut failures: BTreeMap<String, usize> = BTreeMap::new();
    let mut inputs = 0usize;
    on_threads(Some(1), || {
        while started.elapsed() < limit {
            inputs += 1;
            let (kind, pack, input) = next(&seeds, &mut random, &words);
            let rules = &seeds.packs[pack].compiled.rules;
            let begun = Instant::now();
            let result = catch_unwind(AssertUnwindSafe(|| match kind {
                "go" => rewrite(rules, &input),
                "mod" => edit_go_mod(rules, &input),
                _ => read_rules(&input, words[pack % words.len()]),
            }));
            let slow = begun.elapsed() > PATIENCE;
            let Some(message) = failure(result, slow) else { continue };
            let first = message.lines().next().unwrap_or_default().to_owned();
            let Some(folder) = &keep else {
                panic!("{kind} input for pack {pack}: {message}\ninput:\n{input}")
            };
            let nth = failures.entry(first).or_default();
            *nth += 1;
            if *nth <= 20 {
                let name = format!("{inputs}.{kind}");
                let text = format!("// pack {pack}\n{input}\n/* {message} */\n");
                std::fs::write(folder.join(name), text).expect("the input is kept");
            }
        }
    })
    .expect("a thread");
    let mut said = format!("{inputs} inputs");
    for (message, count) in &failures {
        let _ = write!(said, "\n{count} x {message}");
    }
    assert!(failures.is_empty() && inputs > 0, "{said}");
}

fn next(seeds: &Seeds, random: &mut Mutator, words: &[&str]) -> (&'static str, usize, String) {
    match random.below(10) {
        0 => {
            let (pack, text) = &seeds.go_mods[random.below(seeds.go_mods.len())];
            ("mod", *pack, random.mutate(text, words))
        }
        1 | 2 => {
            let text = &seeds.rules[random.below(seeds.rules.len())];
            ("yaml", random.below(seeds.packs.len()), random.mutate(text, words))
        }
        _ => {
            let (pack, text) = &seeds.go[random.below(seeds.go.len())];
            ("go", *pack, random.mutate(text, words))
        }
    }
}

fn failure(result: std::thread::Result<()>, slow: bool) -> Option<String> {
    match result {
        Ok(()) => slow.then(|| "too slow".to_owned()),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()));
            Some(text.unwrap_or_else(|| "a panic".to_owned()))
        }
    }
}
