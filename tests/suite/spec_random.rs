//! Whatever a file says: no panic, and every caret is inside the text.

use proptest::prelude::*;

use crate::spec::{Kind, read};
use dmmigrate::app::output::diagnostics::render;

const VALID: &str = include_str!("../data/every-key.yaml");

/// Bits that break YAML, and bits that break the shape of a rule file.
const BITS: &[&str] = &[
    "\n", "\r\n", "\t", " ", "  ", ": ", ":", "- ", "-", "&a ", "*a", "!t ", "[", "]", "{", "}",
    "\"", "'", "|\n", ">-\n", "#", " # ", "%", "@", "`", "?", ",", "é", "日本", "\u{feff}", "\0",
    "\u{1b}", "---\n", "...\n", "<<: ", "match", "id", "null", "\\x", "\\", "\u{2028}", "𝄞",
];

#[derive(Clone, Debug)]
enum Change {
    Insert(prop::sample::Index, &'static str),
    Remove(prop::sample::Index, usize),
    Double(prop::sample::Index, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let place = any::<prop::sample::Index>;
    prop_oneof![
        (place(), prop::sample::select(BITS)).prop_map(|(at, bit)| Change::Insert(at, bit)),
        (place(), 1..40usize).prop_map(|(at, length)| Change::Remove(at, length)),
        (place(), 1..80usize).prop_map(|(at, length)| Change::Double(at, length)),
    ]
}

fn mutate(text: &str, changes: &[Change]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for change in changes {
        let (Change::Insert(at, _) | Change::Remove(at, _) | Change::Double(at, _)) = change;
        let start = at.index(chars.len() + 1);
        match change {
            Change::Insert(_, bit) => drop(chars.splice(start..start, bit.chars())),
            Change::Remove(_, length) => {
                drop(chars.drain(start..(start + length).min(chars.len())));
            }
            Change::Double(_, length) => {
                let copy = chars[start..(start + length).min(chars.len())].to_vec();
                drop(chars.splice(start..start, copy));
            }
        }
    }
    chars.into_iter().collect()
}

fn check(text: &str) {
    for kind in [Kind::Rules, Kind::Pack, Kind::Config] {
        let (diagnostics, sources) = read(kind, text);
        for diagnostic in &diagnostics {
            assert!(!diagnostic.labels.is_empty() && diagnostic.help.is_some(), "{diagnostic:?}");
            for label in &diagnostic.labels {
                assert!(text.get(label.span.range()).is_some(), "{diagnostic:?}");
            }
        }
        let shown = render(&diagnostics, &sources, false);
        assert!(!shown.contains(['\u{1b}', '\0', '\r']), "{shown:?}");
    }
}

#[test]
fn the_file_that_is_mutated_is_valid() {
    let (diagnostics, sources) = read(Kind::Rules, VALID);
    assert_eq!(render(&diagnostics, &sources, false), "");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(600) })]

    #[test]
    fn a_mutated_rule_file_is_read_without_panic(changes in prop::collection::vec(change(), 1..6)) {
        check(&mutate(VALID, &changes));
    }

    #[test]
    fn any_text_is_read_without_panic(text in "\\PC{0,80}") {
        check(&text);
    }
}
