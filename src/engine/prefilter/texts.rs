//! Texts of which one stands in every string literal that a rule asks for, in either case. Comes in:
//! all rules, once; then files. Goes out: where these texts stand.

use aho_corasick::AhoCorasick;

use super::of_regex::{shortest, texts_of};
use crate::rule::compiled::{Rule, Search};
use crate::rule::constraint::{Sort, Test};

/// The texts of all rules.
#[derive(Debug, Default)]
pub(super) struct Texts {
    all: Vec<String>,
    /// By rule, which of them.
    by_rule: Vec<Option<Vec<usize>>>,
    automaton: Option<AhoCorasick>,
}

impl Texts {
    pub(super) fn new(rules: &[Rule]) -> Self {
        let mut all: Vec<String> = Vec::new();
        let mut index = |text: String| {
            all.iter().position(|known| *known == text).unwrap_or_else(|| {
                all.push(text);
                all.len() - 1
            })
        };
        let by_rule = rules
            .iter()
            .map(|rule| of_values(rule.action.search()?))
            .map(|texts| Some(texts?.into_iter().map(&mut index).collect()))
            .collect();
        let build = || AhoCorasick::builder().ascii_case_insensitive(true).build(&all).ok();
        let automaton = if all.is_empty() { None } else { build() };
        Self { all, by_rule, automaton }
    }

    /// Which texts the rule asks for, as indices.
    pub(super) fn of(&self, rule: usize) -> Option<&[usize]> {
        self.automaton.as_ref()?;
        self.by_rule.get(rule)?.as_deref()
    }

    /// Whether any of them stands there.
    pub(super) fn any(&self, bytes: &[u8]) -> bool {
        self.automaton.as_ref().is_some_and(|all| all.is_match(bytes))
    }

    /// Where each of them stands, ascending.
    pub(super) fn places(&self, text: &str) -> Vec<Vec<usize>> {
        let mut places = vec![Vec::new(); self.all.len()];
        for found in self.automaton.iter().flat_map(|all| all.find_overlapping_iter(text)) {
            places[found.pattern().as_usize()].push(found.start());
        }
        places
    }
}

/// Texts of which one stands in all code that the search asks for: where it asks for the value of
/// what can only be a string literal, or for source text. A literal that writes letters as escapes
/// is not thought of.
pub(super) fn of_values(search: &Search) -> Option<Vec<String>> {
    let texts = search.constraints.iter().filter_map(|constraint| match &constraint.test {
        Test::Value(value) if search.is_literal(constraint.on) => texts_of(value.as_str()),
        Test::Text(text) => texts_of(text.as_str()),
        _ => None,
    });
    texts.max_by_key(|texts| shortest(texts))
}

impl Search {
    /// Whether what a condition is about can only be a string literal.
    pub(in crate::engine) fn is_literal(
        &self,
        on: Option<crate::rule::metavariable::MetaId>,
    ) -> bool {
        self.constraints.iter().any(|constraint| {
            constraint.on == on
                && matches!(&constraint.test, Test::Kind(sorts) if sorts[..] == [Sort::String])
        })
    }
}
