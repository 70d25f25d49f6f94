//! What is true of every change to every go.mod.

use crate::support::go_mod_files::{Operation, go_mod, operation, version_of};
use dmmigrate::go::module::{ModFile, Outcome};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Lines without layout: a directive reads the same as an entry of a block and as a statement.
fn content(text: &str) -> impl Iterator<Item = &str> {
    text.trim_start_matches('\u{feff}').lines().map(|line| {
        let line = line.trim();
        let verbs = ["require ", "replace ", "exclude ", "tool "];
        verbs.iter().find_map(|verb| line.strip_prefix(verb)).unwrap_or(line)
    })
}

/// The directives that name none of the operation's modules, in order.
fn others<'a>(text: &'a str, operation: &Operation) -> Vec<&'a str> {
    let names = |line: &str| {
        let path = line.split(' ').next().unwrap_or(line);
        let path = path.strip_suffix("/cmd").unwrap_or(path);
        operation.paths().contains(&path)
    };
    content(text)
        .filter(|line| !line.is_empty() && !line.starts_with("//") && !["(", ")"].contains(line))
        .filter(|line| !names(line))
        .collect()
}

/// Every comment but `// indirect`, sorted.
fn comments(text: &str) -> Vec<String> {
    let comment = |line: &str| {
        let (_, comment) = line.split_once("//")?;
        let comment = comment.trim();
        let comment = comment.strip_prefix("indirect;").unwrap_or(comment).trim();
        (comment != "indirect").then(|| comment.to_owned())
    };
    let mut comments: Vec<String> = text.lines().filter_map(comment).collect();
    comments.sort();
    comments
}

/// The highest version that is required of each module.
fn required(file: &ModFile) -> BTreeMap<String, String> {
    let paths = file.requires().iter().map(|r| r.path.clone());
    paths
        .map(|p| {
            (p.clone(), file.required_version(&p).map(ToString::to_string).unwrap_or_default())
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_change_is_done_once_and_touches_nothing_else(
        (text, layout) in go_mod(),
        operation in operation(),
    ) {
        let before = ModFile::parse(&text);
        prop_assert_eq!(before.problems(), &[], "{}", text);
        let change = operation.change(&text);
        let new = change.edits.apply(&text);
        let after = ModFile::parse(&new);
        prop_assert_eq!(after.problems(), &[], "{}\n{}", text, new);
        prop_assert!(operation.change(&new).edits.is_empty(), "{}\n{}", text, new);
        prop_assert_eq!(others(&text, &operation), others(&new, &operation), "{}\n{}", text, new);

        let mut kept = comments(&new);
        kept.extend(change.lost_comments.iter().flat_map(|span| comments(span.of(&text))));
        kept.sort();
        prop_assert_eq!(comments(&text), kept, "{}\n{}", text, new);

        prop_assert_eq!(new.starts_with('\u{feff}'), layout.byte_order_mark);
        let line_ends = new.matches('\n').count();
        prop_assert_eq!(new.matches("\r\n").count(), if layout.crlf { line_ends } else { 0 });
        if layout.final_newline {
            prop_assert!(new.ends_with('\n') && !new.ends_with("\n\n"), "{:?}", new);
        }
    }

    #[test]
    fn the_requirements_are_what_was_asked_for(
        (text, _) in go_mod(),
        operation in operation(),
    ) {
        let before = ModFile::parse(&text);
        let change = operation.change(&text);
        let after = ModFile::parse(&change.edits.apply(&text));
        let mut expected = required(&before);
        match (&operation, &change.outcome) {
            (Operation::Require { path, minor }, Outcome::Raised { .. } | Outcome::Added) => {
                expected.insert((*path).to_owned(), version_of(path, *minor).to_string());
            }
            (Operation::Move { old, new, .. }, Outcome::Raised { .. }) => {
                prop_assert_eq!(old, new);
                return Ok(());
            }
            (Operation::Move { old, new, minor }, Outcome::Moved | Outcome::Merged { .. }) => {
                let wanted = version_of(new, *minor);
                let present = before.required_version(new).filter(|v| **v > wanted);
                expected.remove(*old);
                expected.insert((*new).to_owned(), present.unwrap_or(&wanted).to_string());
                let lines = after.requires().iter().filter(|r| r.path == *new);
                prop_assert_eq!(lines.clone().count(), 1);
                let indirect = |r: &&dmmigrate::go::module::Require| {
                    r.path == *old || r.path == *new
                };
                let was = before.requires().iter().filter(indirect).all(|r| r.indirect);
                prop_assert!(lines.clone().all(|r| r.indirect == was));
                prop_assert!(after.replaces().iter().all(|r| r.path != *old));
                prop_assert!(after.excludes().iter().all(|e| e.path != *old));
            }
            (Operation::Drop { path }, Outcome::Dropped) => {
                expected.remove(*path);
            }
            _ => prop_assert!(change.edits.is_empty()),
        }
        prop_assert_eq!(required(&after), expected, "{}", text);
    }
}

proptest! {
    #[test]
    fn any_text_is_parsed(text in "[ -~\t\r\n\u{feff}é]{0,200}") {
        let file = ModFile::parse(&text);
        prop_assert_eq!(file.text(), &text);
        for problem in file.problems() {
            prop_assert!(text.get(problem.span.range()).is_some());
        }
    }

    /// Damaged lines among good ones: no panic, and nothing that is left undone.
    #[test]
    fn a_damaged_file_is_changed_or_left(
        (text, _) in go_mod(),
        operation in operation(),
        at in any::<prop::sample::Index>(),
        damage in "[()\"/ =>a-z\n]{1,4}",
    ) {
        let mut text = text;
        let boundaries: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        text.insert_str(*at.get(&boundaries), &damage);
        let new = operation.change(&text).edits.apply(&text);
        prop_assert!(operation.change(&new).edits.is_empty(), "{}\n----\n{}", text, new);
    }
}
