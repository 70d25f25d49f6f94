//! The code of a diff. Comes in: its lines, the metavariables of the change and the packages that
//! its imports name. Goes out: the same lines as a rule's `patch` has them: `$x` for a
//! metavariable, `$$$` for `...`.

use std::collections::BTreeMap;

use super::elision::Dots;
use super::header::DiffLine;
use super::variables::Variable;
use crate::go::lex::{Lexer, Token, TokenKind};
use crate::rule::spec::patch::{Line, Piece, Sign};
use crate::text::Span;

/// What names before a dot stand for: the name in the diff, and the key of the package in the
/// rule file.
pub(super) type Keys = BTreeMap<String, String>;

/// What the code of a diff is read with.
pub(super) struct Reading<'a> {
    pub text: &'a str,
    pub variables: &'a [Variable],
    pub dots: &'a [Dots],
    /// Before.
    pub minus: &'a Keys,
    /// After.
    pub plus: &'a Keys,
}

impl Reading<'_> {
    /// The lines, each as often as the two sides need it.
    pub fn lines(&self, lines: &[DiffLine]) -> Vec<Line> {
        lines.iter().flat_map(|line| self.line(*line)).collect()
    }

    fn line(&self, line: DiffLine) -> Vec<Line> {
        let made = |sign: Sign, keys: &Keys| {
            let pieces = self.pieces(line.code, keys);
            Line { sign, pieces, span: line.code }
        };
        match line.sign {
            Sign::Minus => vec![made(Sign::Minus, self.minus)],
            Sign::Plus => vec![made(Sign::Plus, self.plus)],
            Sign::Context => {
                let (before, after) =
                    (made(Sign::Context, self.minus), made(Sign::Context, self.plus));
                if before == after {
                    return vec![before];
                }
                // The line stays, but a name in it means another package.
                vec![Line { sign: Sign::Minus, ..before }, Line { sign: Sign::Plus, ..after }]
            }
        }
    }

    fn pieces(&self, code: Span, keys: &Keys) -> Vec<Piece> {
        let tokens: Vec<Token> = Lexer::new(self.text, code).collect();
        let mut pieces = Vec::new();
        let mut at = code.start;
        for (nth, token) in tokens.iter().enumerate() {
            let Some(said) = self.said(&tokens, nth, keys) else { continue };
            pieces.push((
                Span::new(at, token.span.start).of(self.text).to_owned(),
                Span::new(at, token.span.start),
            ));
            pieces.push((said, token.span));
            at = token.span.end;
        }
        let rest = Span::new(at, code.end);
        pieces.push((rest.of(self.text).to_owned(), rest));
        pieces.retain(|(text, _)| !text.is_empty());
        pieces
    }

    /// What a token is called in a rule, if it is called something else there.
    fn said(&self, tokens: &[Token], nth: usize, keys: &Keys) -> Option<String> {
        let token = tokens[nth];
        let text = token.span.of(self.text);
        if text == "..." {
            let dots = self.dots.iter().find(|dots| dots.span == token.span)?;
            return Some(format!("$$$_{}", dots.number));
        }
        if token.kind != TokenKind::Ident {
            return None;
        }
        let beside =
            |at: Option<usize>| at.and_then(|at| tokens.get(at)).map(|t| t.span.of(self.text));
        let selects = beside(Some(nth + 1)) == Some(".");
        let selected = beside(nth.checked_sub(1)) == Some(".");
        if let Some(key) = keys.get(text).filter(|_| selects && !selected) {
            return Some(key.clone());
        }
        let is_variable = self.variables.iter().any(|v| v.name == text);
        (is_variable && !keys.contains_key(text)).then(|| format!("${}", variable(text)))
    }
}

/// The name of a metavariable in a rule: `$match` is taken there.
pub(super) fn variable(name: &str) -> String {
    if name == "match" { "match_".to_owned() } else { name.to_owned() }
}

/// The names before a dot in the code of one side, in order.
pub(super) fn qualifiers<'t>(text: &'t str, lines: &[DiffLine], other: Sign) -> Vec<&'t str> {
    let mut found = Vec::new();
    for line in lines.iter().filter(|line| line.sign != other) {
        let tokens: Vec<Token> = Lexer::new(text, line.code).collect();
        for (nth, token) in tokens.iter().enumerate() {
            let beside =
                |at: Option<usize>| at.and_then(|at| tokens.get(at)).map(|t| t.span.of(text));
            let is_qualifier = token.kind == TokenKind::Ident
                && beside(Some(nth + 1)) == Some(".")
                && beside(nth.checked_sub(1)) != Some(".");
            if is_qualifier {
                found.push(token.span.of(text));
            }
        }
    }
    found
}
