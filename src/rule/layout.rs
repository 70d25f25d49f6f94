//! The layout of templates that are written as a diff or indented with spaces. Comes in: a template's tokens. Goes out: the
//! same tokens, each line indented with tabs as gofmt would, from the margin of the first: the
//! lines of a diff are seldom indented like the code that they change.

use super::template::{Piece, TemplateToken};
use crate::text::layout::indentation;

/// Indents every line but the first, which stands where the match stands.
pub(super) fn indent(tokens: &mut [TemplateToken]) {
    let mut open: Vec<Bracket> = Vec::new();
    let mut line = 0;
    let mut before = Before::Start;
    for at in 0..tokens.len() {
        let (rest, begins_line) = match tokens[at].lead.rfind('\n') {
            Some(end) => (end + 1, true),
            None => (0, false),
        };
        if begins_line {
            line += 1;
            let closing = tokens[at..].iter().take_while(|t| closes(t)).count();
            let outer = &open[..open.len().saturating_sub(closing)];
            let depth = outer.iter().filter(|bracket| bracket.indents).count();
            let is_label =
                matches!(&tokens[at].piece, Piece::Text(t) if t == "case" || t == "default");
            let continued = before == Before::Unfinished && closing == 0 && !is_label;
            let tabs = (depth + usize::from(continued)).saturating_sub(usize::from(is_label));
            tokens[at].lead.truncate(rest);
            tokens[at].lead.push_str(&"\t".repeat(tabs));
        }
        if opens(&tokens[at]) {
            let indents = !open.iter().any(|bracket| bracket.line == line && bracket.indents);
            open.push(Bracket { line, indents });
        } else if closes(&tokens[at]) {
            open.pop();
        }
        before = Before::of(&tokens[at], before);
    }
}

struct Bracket {
    line: usize,
    /// Of several that open on one line only the first indents what follows.
    indents: bool,
}

/// What stands before a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// Nothing.
    Start,
    /// Something that is complete, or the beginning or a part of a list.
    Complete,
    /// An expression that goes on.
    Unfinished,
}

impl Before {
    fn of(token: &TemplateToken, before: Before) -> Before {
        let Piece::Text(text) = &token.piece else {
            return if token.piece == Piece::Semicolon {
                Before::Complete
            } else {
                Before::Unfinished
            };
        };
        match text.as_str() {
            "{" | "(" | "[" | "," | ":" | "}" => Before::Complete,
            text if text.starts_with("//") || text.starts_with("/*") => before,
            _ => Before::Unfinished,
        }
    }
}

fn opens(token: &TemplateToken) -> bool {
    matches!(&token.piece, Piece::Text(t) if matches!(t.as_str(), "{" | "(" | "["))
}

fn closes(token: &TemplateToken) -> bool {
    matches!(&token.piece, Piece::Text(t) if matches!(t.as_str(), "}" | ")" | "]"))
}

/// The white space that all lines but the first begin with.
pub(super) fn margin(text: &str) -> &str {
    let indents = text.lines().skip(1).filter(|l| !l.trim().is_empty()).map(indentation);
    let first = indentation(text.lines().next().unwrap_or_default());
    let shortest = indents.min_by_key(|i| i.len()).unwrap_or_default();
    if first.is_empty() && !shortest.is_empty() { "" } else { shortest }
}

/// A lead without what all lines begin with.
pub(super) fn without_margin(lead: &str, margin: &str) -> String {
    if margin.is_empty() { lead.to_string() } else { lead.replace(&format!("\n{margin}"), "\n") }
}
