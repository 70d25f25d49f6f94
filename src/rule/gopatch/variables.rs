//! The metavariables of a change: `var x, y expression`. Comes in: the lines between its two `@@`.
//! Goes out: each name with what it stands for.

use super::section::error;
use crate::go::lex::is_identifier;
use crate::rule::spec::nearest;
use crate::text::{Diagnostic, FileId, Span};

/// What a metavariable stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// Any expression, types included.
    Expression,
    /// A single name.
    Identifier,
}

/// A metavariable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Variable {
    /// Its name, which code in the diff has in its place.
    pub name: String,
    /// Where it is declared.
    pub span: Span,
    /// What it stands for.
    pub sort: Sort,
}

/// Reads the declarations.
pub(super) fn variables(
    file: FileId,
    text: &str,
    lines: &[Span],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Variable> {
    let mut found: Vec<Variable> = Vec::new();
    for &line in lines {
        let (declarations, problem) = declared(text, line);
        if let Some((span, message, help)) = problem {
            diagnostics.push(error(file, span, message, help));
        }
        for variable in declarations {
            if found.iter().any(|known| known.name == variable.name) {
                let message = format!("`{}` is declared twice", variable.name);
                let help = "give one of the two another name";
                diagnostics.push(error(file, variable.span, message, help));
                continue;
            }
            found.push(variable);
        }
    }
    found
}

type Problem = (Span, String, String);

const FORM: &str = "write `var NAME expression` or `var NAME identifier`";

/// The metavariables that one line declares, and what is wrong with it.
fn declared(text: &str, line: Span) -> (Vec<Variable>, Option<Problem>) {
    let mut found = Vec::new();
    let mut at = line.start;
    for declaration in line.of(text).split(';') {
        let span = trimmed(text, Span::new(at, at + declaration.len()));
        at += declaration.len() + 1;
        if span.is_empty() {
            continue;
        }
        let words: Vec<Span> = words(text, span);
        let is_var = words.first().is_some_and(|word| word.of(text) == "var");
        let Some((sort, names)) = words.split_last().filter(|_| is_var && words.len() > 2) else {
            let message = "this is no declaration of a metavariable".to_owned();
            return (found, Some((span, message, FORM.to_owned())));
        };
        let Some(meant) = sort_of(sort.of(text)) else {
            let help = match nearest(sort.of(text), &["expression", "identifier"]) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "a metavariable is an `expression` or an `identifier`".to_owned(),
            };
            let message = format!("there are no metavariables of the sort `{}`", sort.of(text));
            return (found, Some((*sort, message, help)));
        };
        for name in &names[1..] {
            if !is_identifier(name.of(text)) {
                let message = format!("`{}` is no name", name.of(text));
                return (found, Some((*name, message, FORM.to_owned())));
            }
            let variable = Variable { name: name.of(text).to_owned(), span: *name, sort: meant };
            found.push(variable);
        }
    }
    (found, None)
}

fn sort_of(word: &str) -> Option<Sort> {
    match word {
        "expression" => Some(Sort::Expression),
        "identifier" => Some(Sort::Identifier),
        _ => None,
    }
}

/// What stands between white space and commas.
fn words(text: &str, within: Span) -> Vec<Span> {
    let mut found = Vec::new();
    let mut at = within.start;
    for word in within.of(text).split([' ', '\t', ',']) {
        if !word.is_empty() {
            found.push(Span::new(at, at + word.len()));
        }
        at += word.len() + 1;
    }
    found
}

/// The span without white space at its ends.
pub(super) fn trimmed(text: &str, span: Span) -> Span {
    let written = span.of(text);
    let start = span.start + (written.len() - written.trim_start().len());
    Span::new(start, start + written.trim().len())
}
