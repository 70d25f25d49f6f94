//! What the design of the rule language promises, sentence by sentence, and what other tools get
//! wrong: each has a case or a test, and the case still says what it is named for.
//!
//! A table in tests/data/covered has a line `> SENTENCE` for each, and below it lines that say
//! where it is shown:
//!
//! - `case PACK/NAME: TEXT`: the snapshot of that case holds the text; `lacks` is the opposite;
//! - `test FILE::NAME`: that test of this binary; `unit PATH: NAME`: that test of a module;
//! - `broken NAME`: the messages about that file of tests/data/broken are in a snapshot.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::support::packs::project;

struct Row {
    sentence: String,
    shown: Vec<String>,
    line: usize,
}

fn table(name: &str) -> Vec<Row> {
    let path = project().join("tests/data/covered").join(name);
    let text = std::fs::read_to_string(path).expect("a table");
    let mut rows: Vec<Row> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        match (line.strip_prefix("> "), line.strip_prefix("  ")) {
            (Some(sentence), _) => {
                rows.push(Row { sentence: sentence.into(), shown: Vec::new(), line: index + 1 });
            }
            (None, Some(place)) => {
                rows.last_mut().expect("a sentence above").shown.push(place.into());
            }
            _ => assert!(line.is_empty() || line.starts_with('#'), "{name}:{}: {line}", index + 1),
        }
    }
    rows
}

/// The snapshot of a case, which another test holds against what the case does.
fn snapshot(case: &str) -> Option<PathBuf> {
    let (pack, name) = case.split_once('/')?;
    let shelves = ["tests/cases", "rules"];
    let file = |shelf: &str, end: &str| {
        project().join(shelf).join(pack).join("cases").join(format!("{name}.{end}"))
    };
    let shelf = shelves.iter().find(|shelf| file(shelf, "txtar").is_file())?;
    Some(file(shelf, "snap"))
}

fn has_test(file: &Path, name: &str) -> bool {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let function = format!("fn {name}(");
    let place = text.lines().position(|line| line.trim_start().starts_with(&function));
    let above: Vec<&str> = text.lines().take(place.unwrap_or_default()).collect();
    let attributes = above.iter().rev().take_while(|line| line.trim_start().starts_with("#["));
    attributes.into_iter().any(|line| line.trim() == "#[test]")
}

/// Why the place does not show anything, if so.
fn complaint(place: &str) -> Option<String> {
    let (kind, rest) = place.split_once(' ')?;
    let suite = project().join("tests/suite");
    match kind {
        "case" | "lacks" => {
            let (case, text) = rest.split_once(": ").unwrap_or((rest, ""));
            let Some(path) = snapshot(case) else { return Some(format!("no case {case}")) };
            let found = std::fs::read_to_string(path).unwrap_or_default();
            let wrong = found.contains(text) == (kind == "lacks");
            wrong.then(|| format!("`{kind} {case}: {text}` is not so"))
        }
        "test" => {
            let (module, name) = rest.split_once("::")?;
            let files =
                [suite.join(module).with_extension("rs"), suite.join(module).join("mod.rs")];
            let known = files.iter().any(|file| has_test(file, name));
            (!known).then(|| format!("no test {rest}"))
        }
        "unit" => {
            let (path, name) = rest.split_once(": ")?;
            (!has_test(&project().join(path), name)).then(|| format!("no test {name} in {path}"))
        }
        "broken" => {
            let path = project().join(format!("snapshots/broken_{rest}.snap"));
            (!path.is_file()).then(|| format!("no snapshot {}", path.display()))
        }
        _ => Some(format!("`{kind}` says nothing")),
    }
}

/// All rows of the tables that do not hold, in one message.
fn check(names: &[&str]) {
    let mut wrong = Vec::new();
    for name in names {
        for row in table(name) {
            let place = format!("{name}:{}: {}", row.line, row.sentence);
            if row.shown.is_empty() {
                wrong.push(format!("{place}: nothing shows it"));
            }
            let complaints = row.shown.iter().filter_map(|shown| complaint(shown));
            wrong.extend(complaints.map(|why| format!("{place}: {why}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_sentence_of_the_design_has_a_case() {
    check(&["rules.txt", "semantics.txt"]);
}

#[test]
fn every_known_failure_of_other_tools_has_a_case() {
    check(&["failures.txt"]);
    assert!(table("failures.txt").len() >= 18);
}

#[test]
fn a_row_that_does_not_hold_is_a_complaint() {
    for place in [
        "case contexts/absent: a.go:4:2 no-else: held back",
        "case contexts/none",
        "lacks contexts/absent: a.go:4:2 no-else: applied",
        "test covered::nothing",
        "test covered::complaint",
        "unit src/app/root.rs: nothing",
        "broken nothing",
        "guess something",
    ] {
        assert!(complaint(place).is_some(), "{place}");
    }
    let sentences: BTreeSet<String> =
        table("semantics.txt").into_iter().map(|row| row.sentence).collect();
    assert!(sentences.len() > 100, "{}", sentences.len());
}
