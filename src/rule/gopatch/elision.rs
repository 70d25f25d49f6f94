//! `...` in a diff. Comes in: the lines of the code. Goes out: where `...` leaves code out, each
//! with a number that is the same on both sides where both leave out the same.

use super::header::DiffLine;
use crate::go::lex::{Lexer, Token, TokenKind};
use crate::rule::spec::patch::Sign;
use crate::text::Span;

/// A `...` that leaves code out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dots {
    /// Where it stands.
    pub span: Span,
    /// What it stands for.
    pub number: usize,
}

/// A `...` in a `+` line that no `...` in a `-` line is the other side of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unpaired(pub Span);

/// Finds every `...`, line by line.
pub(super) fn elisions(text: &str, lines: &[DiffLine]) -> Result<Vec<Dots>, Unpaired> {
    let mut found = Vec::new();
    let mut number = 0;
    let mut next = || {
        number += 1;
        number
    };
    let mut at = 0;
    while at < lines.len() {
        if lines[at].sign == Sign::Context {
            let here = dots(text, lines[at].code).into_iter();
            found.extend(here.map(|span| Dots { span, number: next() }));
            at += 1;
            continue;
        }
        // The sides of one change: lines with a sign that stand together.
        let changed = lines[at..].iter().take_while(|l| l.sign != Sign::Context).count();
        let hunk = &lines[at..at + changed];
        let side = |sign: Sign| -> Vec<Vec<Span>> {
            let of_sign = hunk.iter().filter(|line| line.sign == sign);
            of_sign.map(|line| dots(text, line.code)).filter(|d| !d.is_empty()).collect()
        };
        let minus: Vec<Vec<Dots>> = side(Sign::Minus)
            .into_iter()
            .map(|line| line.into_iter().map(|span| Dots { span, number: next() }).collect())
            .collect();
        found.extend(paired(&minus, &side(Sign::Plus))?);
        found.extend(minus.into_iter().flatten());
        at += changed;
    }
    found.sort_by_key(|dots| dots.span);
    Ok(found)
}

/// The numbers of the `+` side: those of the `-` side in its order, or else of its lines that have
/// as many; lines that are left over go.
fn paired(minus: &[Vec<Dots>], plus: &[Vec<Span>]) -> Result<Vec<Dots>, Unpaired> {
    let all: Vec<Dots> = minus.iter().flatten().copied().collect();
    let wanted: Vec<Span> = plus.iter().flatten().copied().collect();
    if all.len() == wanted.len() {
        let pairs = wanted.iter().zip(&all);
        return Ok(pairs.map(|(&span, dots)| Dots { span, number: dots.number }).collect());
    }
    let mut lines = minus.iter();
    let mut found = Vec::new();
    for line in plus {
        let same = lines.find(|other| other.len() == line.len());
        let Some(same) = same else { return Err(Unpaired(line[0])) };
        let pairs = line.iter().zip(same);
        found.extend(pairs.map(|(&span, dots)| Dots { span, number: dots.number }));
    }
    Ok(found)
}

/// The `...` of a line that are no part of Go: not the one of a variadic parameter or call.
fn dots(text: &str, line: Span) -> Vec<Span> {
    let is_code = |t: &Token| {
        t.kind != TokenKind::Comment && (t.kind != TokenKind::Semicolon || !t.span.is_empty())
    };
    let tokens: Vec<Span> = Lexer::new(text, line).filter(is_code).map(|t| t.span).collect();
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate().filter(|(_, t)| t.of(text) == "...") {
        let before = at.checked_sub(1).map(|at| tokens[at]);
        let behind = tokens.get(at + 1).map_or("", |t| t.of(text));
        let ends = matches!(behind, "" | "," | ")" | "]" | "}" | "{" | ":=" | "=" | ":" | ";");
        // `f(xs...)`: it holds on to what it spreads.
        let spreads = before.is_some_and(|b| {
            b.end == token.start && ends_expression(b.of(text)) && matches!(behind, ")" | "," | "")
        });
        if ends && !spreads {
            found.push(*token);
        }
    }
    found
}

fn ends_expression(token: &str) -> bool {
    let word = |c: char| c == '_' || c.is_alphanumeric();
    token.ends_with([')', ']', '}'])
        || (token.ends_with(word) && !crate::go::lex::is_keyword(token))
}
