//! What `$$$` needs around it where Go has no room for a bare name. Comes in: a stencil. Goes out:
//! its text with what the parser asks for added: a type behind `$$$` among named parameters, a
//! value behind one that is a line of a group, `case` and a colon around one between clauses.

use std::ops::Range;

use crate::go::lex::{Lexer, Token, TokenKind};
use crate::rule::metavariable::{Hole, HoleKind, Stencil};
use crate::text::layout::indentation_at;

/// Where something was added to a text, ascending, and how much.
#[derive(Clone, Debug, Default)]
pub(in crate::rule) struct Added(Vec<(usize, usize)>);

impl Added {
    /// Where a place of the text as it is written stands now.
    pub(in crate::rule) fn shift(&self, offset: usize) -> usize {
        let before = self.0.iter().take_while(|(at, _)| *at <= offset);
        offset + before.map(|(_, len)| len).sum::<usize>()
    }

    /// The place as it is written; what was added stands where it was added.
    pub(super) fn unshift(&self, offset: usize) -> usize {
        let mut before = 0;
        for (at, len) in &self.0 {
            let start = at + before;
            if offset < start + len {
                return offset.min(start) - before;
            }
            before += len;
        }
        offset - before
    }
}

/// A text for the parser.
pub(super) struct Spelled {
    pub(super) text: String,
    pub(super) added: Added,
}

/// The texts to try, one after the other.
pub(super) fn spelled_out(stencil: &Stencil) -> Vec<Spelled> {
    let code = &stencil.text;
    let tokens: Vec<Token> = Lexer::all(code).filter(|t| t.kind != TokenKind::Comment).collect();
    let is_run = |hole: &&Hole| matches!(hole.kind, HoleKind::Many(_));
    let list = List {
        code,
        tokens: &tokens,
        runs: stencil.holes.iter().filter(is_run).map(|hole| hole.span.start).collect(),
    };
    let mut insertions = in_lists(&list);
    let mut spellings = vec![spelled(stencil, &insertions)];
    let clauses = between_clauses(&list);
    if !clauses.is_empty() {
        insertions.extend(clauses);
        insertions.sort_by_key(|(at, _)| *at);
        spellings.insert(0, spelled(stencil, &insertions));
    }
    spellings
}

fn spelled(stencil: &Stencil, insertions: &[(usize, &str)]) -> Spelled {
    let mut text = String::new();
    let mut at = 0;
    for (next, what) in insertions {
        text.push_str(&stencil.text[at..*next]);
        text.push_str(what);
        at = *next;
    }
    text.push_str(&stencil.text[at..]);
    let added = insertions.iter().map(|(at, what)| (*at, what.len())).collect();
    Spelled { text, added: Added(added) }
}

/// What is added around each `$$$` that stands for clauses of a `switch` or `select`: before the
/// first one, and in lines that are no deeper than the clause above.
fn between_clauses(list: &List<'_>) -> Vec<(usize, &'static str)> {
    let mut open: Vec<Option<Option<&str>>> = Vec::new();
    let mut header = None;
    let mut found = Vec::new();
    for (at, token) in list.tokens.iter().enumerate() {
        let depth = open.len();
        match list.text(at) {
            "switch" | "select" => header = Some(depth),
            "{" if header == Some(depth) => {
                header = None;
                open.push(Some(None));
            }
            "(" | "[" | "{" => open.push(None),
            ")" | "]" | "}" => drop(open.pop()),
            "case" | "default" => {
                if let Some(Some(label)) = open.last_mut() {
                    *label = Some(list.indentation(at));
                }
            }
            _ if list.is_run(at) && list.is_alone(at) => {
                let Some(Some(label)) = open.last() else { continue };
                if label.is_none_or(|label| list.indentation(at).len() <= label.len()) {
                    found.extend([(token.span.start, "case "), (token.span.end, ":")]);
                }
            }
            _ => {}
        }
    }
    found
}

/// What is added behind each `$$$` that is a parameter among named ones, a type parameter, or a line
/// of a group.
fn in_lists(list: &List<'_>) -> Vec<(usize, &'static str)> {
    let mut found = Vec::new();
    for open in 0..list.tokens.len() {
        let (separator, filler) = match list.text(open) {
            "(" if matches!(list.before(open), "const" | "var") => (";", " = _"),
            "(" if list.before(open) == "type" => (";", " _"),
            "(" if list.opens_parameters(open) => (",", " _"),
            "[" if list.opens_type_parameters(open) => (",", " _"),
            _ => continue,
        };
        let elements = list.elements(open, separator);
        let are_named =
            || elements.iter().any(|element| is_named(&list.tokens[element.clone()], list.code));
        if separator == "," && list.text(open) == "(" && !are_named() {
            continue;
        }
        let runs =
            elements.iter().filter(|element| element.len() == 1 && list.is_run(element.start));
        found.extend(runs.map(|element| (list.tokens[element.start].span.end, filler)));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The tokens of a text, and which of its brackets are lists.
struct List<'a> {
    code: &'a str,
    tokens: &'a [Token],
    /// Where each `$$$` stands.
    runs: Vec<usize>,
}

impl<'a> List<'a> {
    fn text(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |token| token.span.of(self.code))
    }

    fn before(&self, at: usize) -> &'a str {
        at.checked_sub(1).map_or("", |at| self.text(at))
    }

    fn is_name(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.kind == TokenKind::Ident)
    }

    fn is_run(&self, at: usize) -> bool {
        self.runs.contains(&self.tokens[at].span.start)
    }

    /// Whether nothing else stands on the line, or between braces and semicolons.
    fn is_alone(&self, at: usize) -> bool {
        let before = self.code[..self.tokens[at].span.start].trim_end_matches([' ', '\t']);
        let after = self.code[self.tokens[at].span.end..].trim_start_matches([' ', '\t']);
        before.ends_with(['\n', '{', ';']) && after.starts_with(['\n', '}', ';'])
    }

    /// What the line of the token begins with.
    fn indentation(&self, at: usize) -> &'a str {
        indentation_at(self.code, self.tokens[at].span.start)
    }

    /// Whether the parenthesis opens parameters or results.
    fn opens_parameters(&self, open: usize) -> bool {
        let Some(last) = open.checked_sub(1) else { return false };
        match self.text(last) {
            "func" => true,
            ")" => self.opened_by(last).is_some_and(|open| self.opens_parameters(open)),
            "]" => self.opened_by(last).is_some_and(|open| self.opens_type_parameters(open)),
            _ => self.is_name(last) && (self.is_function(last) || self.is_method(last)),
        }
    }

    /// Whether the bracket opens type parameters.
    fn opens_type_parameters(&self, open: usize) -> bool {
        let Some(name) = open.checked_sub(1).filter(|&name| self.is_name(name)) else {
            return false;
        };
        let in_group = || self.around(name).is_some_and(|o| self.is_type_group(o));
        self.before(name) == "func"
            || self.before(name) == "type"
            || (self.begins_line(name) && in_group())
    }

    fn is_type_group(&self, open: usize) -> bool {
        self.text(open) == "(" && self.before(open) == "type"
    }

    /// Whether the name stands behind `func`, a receiver between them or not.
    fn is_function(&self, name: usize) -> bool {
        let receiver = || {
            let open = name.checked_sub(1).and_then(|last| self.opened_by(last));
            open.is_some_and(|open| self.before(open) == "func")
        };
        match self.before(name) {
            "func" => true,
            ")" => receiver(),
            _ => false,
        }
    }

    /// Whether the name is that of a method of an interface.
    fn is_method(&self, name: usize) -> bool {
        let around = self.around(name);
        self.begins_line(name) && around.is_some_and(|open| self.before(open) == "interface")
    }

    fn begins_line(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|at| self.tokens.get(at));
        before.is_some_and(|token| {
            token.kind == TokenKind::Semicolon || matches!(token.span.of(self.code), "{" | "(")
        })
    }

    /// The bracket that the one at `close` closes.
    fn opened_by(&self, close: usize) -> Option<usize> {
        matches!(self.text(close), ")" | "]" | "}").then(|| self.around(close)).flatten()
    }

    /// The bracket that is open before the token.
    fn around(&self, at: usize) -> Option<usize> {
        let mut depth = 0;
        (0..at).rev().find(|&at| match self.text(at) {
            ")" | "]" | "}" => {
                depth += 1;
                false
            }
            "(" | "[" | "{" if depth == 0 => true,
            "(" | "[" | "{" => {
                depth -= 1;
                false
            }
            _ => false,
        })
    }

    /// The elements of the bracket, as ranges of tokens; line ends separate as `;` does.
    fn elements(&self, open: usize, separator: &str) -> Vec<Range<usize>> {
        let mut depth = 0;
        let mut out = Vec::new();
        let mut from = open + 1;
        for at in open + 1..self.tokens.len() {
            let is_end = self.tokens[at].kind == TokenKind::Semicolon && separator == ";";
            match self.text(at) {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" if depth == 0 => {
                    out.push(from..at);
                    return out;
                }
                ")" | "]" | "}" => depth -= 1,
                text if depth == 0 && (text == separator || is_end) => {
                    out.push(from..at);
                    from = at + 1;
                }
                _ => {}
            }
        }
        out
    }
}

/// Whether an element is a name and a type.
fn is_named(element: &[Token], code: &str) -> bool {
    let [first, second, rest @ ..] = element else { return false };
    let is_type_behind_bracket = || {
        let mut depth = 1;
        let close = rest.iter().position(|token| {
            match token.span.of(code) {
                "[" => depth += 1,
                "]" => depth -= 1,
                _ => {}
            }
            depth == 0
        });
        close.is_some_and(|close| close + 1 < rest.len())
    };
    first.kind == TokenKind::Ident
        && match second.span.of(code) {
            "." => false,
            // `xs []T`, and not `List[T]`.
            "[" => is_type_behind_bracket(),
            _ => second.kind != TokenKind::Semicolon,
        }
}
