//! Which rules the cases of a pack show. Comes in: rules, and what became of the cases. Goes out: for
//! each rule whether a case shows it at work, and whether one shows code that looks like it and is
//! left alone.

use std::path::Path;

use crate::app::run::RunResult;
use crate::app::txtar::Archive;
use crate::engine::prefilter::required;
use crate::go::lex::{Lexer, TokenKind};
use crate::go::source::SourceFile;
use crate::rule::compiled::{Action, Required, Rule, RuleSet};
use crate::text::Span;

/// What the cases show of one rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// It has a site or a finding.
    pub at_work: bool,
    /// Code that looks like what it is for is left alone.
    pub at_rest: bool,
}

/// By rule, what the cases seen so far show.
#[derive(Clone, Debug)]
pub struct Coverage {
    shown: Vec<Shown>,
    cases: usize,
}

impl Coverage {
    /// Of no case.
    pub fn new(rules: &RuleSet) -> Self {
        Self { shown: vec![Shown::default(); rules.rules.len()], cases: 0 }
    }

    /// What the cases show of the rule.
    pub fn of(&self, rule: usize) -> Shown {
        self.shown[rule]
    }

    /// How many cases were seen so far.
    pub fn cases(&self) -> usize {
        self.cases
    }

    /// Adds a case.
    pub fn add(&mut self, archive: &Archive, result: &RunResult, rules: &RuleSet) {
        self.cases += 1;
        for (index, rule) in rules.rules.iter().enumerate() {
            let here: Vec<(&str, Vec<Span>)> = archive
                .files
                .iter()
                .map(|(name, _)| (name.as_str(), spans(result, name, index)))
                .collect();
            let shown = &mut self.shown[index];
            let mut all = result.files.iter().flat_map(|f| &f.outcome.sites);
            shown.at_work |= here.iter().any(|(_, spans)| !spans.is_empty())
                || matches!(rule.action, Action::File(_)) && all.any(|s| s.rule == index);
            for ((name, text), (_, spans)) in archive.files.iter().zip(&here) {
                shown.at_rest |= looks_alike(rule, rules, name, text, spans);
            }
        }
    }
}

/// Where the rule had something to say in the file.
fn spans(result: &RunResult, name: &str, rule: usize) -> Vec<Span> {
    let file = result.files.iter().find(|f| f.path.to_string_lossy() == name);
    file.map_or(Vec::new(), |file| {
        let sites = file.outcome.sites.iter().filter(|s| s.rule == rule).map(|s| s.span);
        let findings = file.outcome.findings.iter().filter(|f| f.rule == rule).map(|f| f.span);
        sites.chain(findings).collect()
    })
}

/// Whether something in the file looks like what the rule is for, outside of `spans`.
fn looks_alike(rule: &Rule, rules: &RuleSet, name: &str, text: &str, spans: &[Span]) -> bool {
    let is_go = Path::new(name).extension().is_some_and(|e| e == "go");
    let is_module = name.rsplit('/').next() == Some("go.mod");
    match &rule.action {
        Action::GoMod(_) => is_module && spans.is_empty(),
        Action::Text(_) => !is_go && !is_module && spans.is_empty(),
        _ if !is_go => false,
        Action::Import(_) => spans.is_empty() && names_alike(rule, rules, name, text),
        // Where no fix uses it there is no file; code that is changed otherwise shows that.
        Action::File(_) => is_go && spans.is_empty(),
        Action::Binary(binary) => {
            let imports = SourceFile::new(name, text).imports().to_vec();
            let mut paths = binary.imports.iter().map(|&id| rules.package(id).path.as_str());
            spans.is_empty() && paths.any(|path| imports.iter().any(|i| &*i.path == path))
        }
        Action::Tag(tag) => Lexer::all(text).any(|token| {
            token.kind == TokenKind::String
                && token.span.of(text).contains(&tag.key)
                && !spans.iter().any(|span| span.contains(token.span))
        }),
        Action::Directive(action) => text.lines().any(|line| {
            let at = line.as_ptr() as usize - text.as_ptr() as usize;
            line.starts_with("//")
                && line.contains(action.word())
                && !spans.iter().any(|s| s.start >= at && s.end <= at + line.len())
        }),
        action => {
            let texts = required(action, rules).unwrap_or_default();
            let words = texts.iter().filter_map(|text| match text {
                Required::Word(word) => Some(word.as_str()),
                Required::Import(_) => None,
            });
            match words.max_by_key(|word| word.len()) {
                Some(word) => mentions(text, word, spans),
                None if texts.is_empty() => spans.is_empty(),
                None => spans.is_empty() && names_alike(rule, rules, name, text),
            }
        }
    }
}

/// Whether the identifier `word` stands in the code, outside of `spans`.
fn mentions(text: &str, word: &str, spans: &[Span]) -> bool {
    Lexer::all(text).any(|token| {
        token.kind == TokenKind::Ident
            && token.span.of(text) == word
            && !spans.iter().any(|span| span.contains(token.span))
    })
}

/// Whether the file imports a package with a path that is like the one that the rule is for, or
/// has its name for something else.
fn names_alike(rule: &Rule, rules: &RuleSet, name: &str, text: &str) -> bool {
    let file = SourceFile::new(name, text);
    let paths = required(&rule.action, rules).unwrap_or_default();
    paths.iter().any(|path| {
        let path = path.text();
        let last = path.rsplit('/').next().unwrap_or(path);
        let package = rules.package_at(path).map_or(last, |package| package.name.as_str());
        let like =
            |import: &str| import != path && (import.ends_with(last) || import.starts_with(path));
        file.imports().iter().any(|import| like(&import.path)) || mentions(text, package, &[])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_outside_of_every_site_is_a_look_alike() {
        let text = "package p\n\nvar a, b = x.Open, y.Open // Open\n";
        let first = text.find("Open").map(|at| Span::new(at - 2, at + 4)).expect("there");
        assert!(mentions(text, "Open", &[first]));
        let whole = Span::new(0, text.len());
        assert!(!mentions(text, "Open", &[whole]) && !mentions(text, "Ope", &[]));
    }
}
