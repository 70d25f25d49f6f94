//! Why a rule about strings has nothing to do at a place that its pattern matches. Comes in: the
//! place. Goes out: for each value of the string there the reason.

use super::StringRule;
use super::view::View;
use crate::engine::names::FileNames;
use crate::engine::prefilter::Prefilter;
use crate::rule::compiled::{RuleSet, StringAction};
use crate::text::Span;

/// What is said of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// No literal says any of it: its code, and why.
    Unknown(String, &'static str),
    /// The expression does not find anything in this text.
    NothingFound(String),
    /// The text matches what excludes it.
    Excluded(String),
    /// It stands in that file, and is edited or reported there.
    Elsewhere(String),
    /// It is what it should become.
    Unchanged(String),
}

/// The strings at places that overlap `place`, where the rule finds nothing in them.
pub fn told(rules: &RuleSet, rule: usize, names: &FileNames<'_>, place: Span) -> Vec<(Span, Told)> {
    let prefilter = Prefilter::new(rules);
    let Some(string) = StringRule::new(rules, &prefilter, rule, &[]) else { return Vec::new() };
    let hits = prefilter.hits(names.file().text());
    let mut found = Vec::new();
    for sink in string.sinks(names, names, &hits) {
        if sink.span.start <= place.end && place.start <= sink.span.end {
            let here = names.file().path();
            let values = sink.values.into_iter().map(View::new);
            found.extend(values.map(|view| (sink.span, of(&view, string.action, here))));
        }
    }
    found.dedup();
    found
}

fn of(view: &View, action: &StringAction, here: &str) -> Told {
    let text = view.text.clone();
    if let Some((code, why)) = view.unknown() {
        Told::Unknown(code.to_owned(), why)
    } else if !action.find.is_match(&text) {
        Told::NothingFound(text)
    } else if action.unless.as_ref().is_some_and(|unless| unless.is_match(&text)) {
        Told::Excluded(text)
    } else {
        let mut files = view.literals().map(|(literal, _)| literal.file.path());
        match files.find(|path| ***path != *here) {
            Some(path) => Told::Elsewhere(path.to_string()),
            None => Told::Unchanged(text),
        }
    }
}
