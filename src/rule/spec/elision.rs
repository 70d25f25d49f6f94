//! What `$$$` stands for between the clauses of a `switch` or `select`.
//!
//! Comes in: the lines of a diff. Goes out: the same lines, and before each `$$$` that may be the
//! rest of the clause above as well, a line that says so.

use super::patch::{Line, Sign};
use crate::go::lex::{Lexer, TokenKind};
use crate::text::Span;
use crate::text::layout::indentation;

/// Puts a `$$$` of its own into the clause above each `$$$` that is a line of context between clauses,
/// no deeper than that clause, if that is one clause before and after: of one that goes or comes the
/// diff says it all.
pub(super) fn with_rest(lines: &[Line]) -> Vec<Line> {
    let mut blocks = Blocks::default();
    let mut out = Vec::new();
    for line in lines {
        let text = line.text();
        let clauses = blocks.clauses();
        blocks.count_clause(&text, line.sign);
        if line.sign != Sign::Plus {
            blocks.read(&text);
        }
        if line.sign == Sign::Context
            && is_elision(&text)
            && let Some(Clauses { label: Some(label), more: 0 }) = clauses
            && indentation(&text).len() <= label.len()
        {
            let indentation = (format!("{label}\t"), Span::at(line.span.start));
            let rest = (format!("$$$_rest{}", line.span.start), line.span);
            out.push(Line { pieces: vec![indentation, rest], ..line.clone() });
        }
        out.push(line.clone());
    }
    out
}

/// Whether a line is `$$$` or `$$$name` and nothing else.
fn is_elision(text: &str) -> bool {
    text.trim().strip_prefix("$$$").is_some_and(is_name)
}

fn is_name(text: &str) -> bool {
    text.chars().all(|c| c == '_' || c.is_ascii_alphanumeric())
}

/// The clauses of a `switch` or `select`.
#[derive(Clone, Debug, Default)]
struct Clauses {
    /// The indentation of the last clause that has begun.
    label: Option<String>,
    /// How many more there are after than before since the last one that stays.
    more: isize,
}

/// Which brackets are open.
#[derive(Default)]
struct Blocks {
    /// Of a `switch` or `select`, its clauses.
    open: Vec<Option<Clauses>>,
    /// A `switch` or `select` whose brace has not come yet, and how many brackets are open there.
    pending: Option<usize>,
}

impl Blocks {
    fn read(&mut self, line: &str) {
        let indentation = indentation(line).to_owned();
        let line = line.replace('$', "_");
        for token in Lexer::all(&line) {
            let text = token.span.of(&line);
            match (token.kind, text) {
                (TokenKind::Keyword, "switch" | "select") => self.pending = Some(self.open.len()),
                (TokenKind::Keyword, "case" | "default") => {
                    if let Some(Some(Clauses { label, .. })) = self.open.last_mut() {
                        *label = Some(indentation.clone());
                    }
                }
                (_, "{") if self.pending == Some(self.open.len()) => {
                    self.pending = None;
                    self.open.push(Some(Clauses::default()));
                }
                (_, "{" | "(" | "[") => self.open.push(None),
                (_, "}" | ")" | "]") => drop(self.open.pop()),
                _ => {}
            }
        }
    }

    /// Takes note of a line that begins a clause.
    fn count_clause(&mut self, line: &str, sign: Sign) {
        let Some(Some(Clauses { more, .. })) = self.open.last_mut() else { return };
        let first = line.trim_start().split(|c: char| !c.is_alphanumeric()).next();
        if matches!(first, Some("case" | "default")) {
            *more = match sign {
                Sign::Context => 0,
                Sign::Minus => *more - 1,
                Sign::Plus => *more + 1,
            };
        }
    }

    fn clauses(&self) -> Option<Clauses> {
        self.open.last().cloned().flatten()
    }
}
