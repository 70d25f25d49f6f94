//! Bridges over what tree-sitter-go 0.25 does not know. Comes in: the text of a declaration that
//! did not parse. Goes out: bytes that the grammar takes and that mean the same tree, with a way
//! back to the original offsets.
//!
//! Known gaps: `new(expression)` (Go 1.26); groups of constants or variables whose last spec is on
//! the line of the closing parenthesis.

use crate::go::lex::{Lexer, Token, TokenKind};
use crate::text::Span;

/// Bytes for the parser.
#[derive(Debug)]
pub(super) struct Bridged {
    pub(super) bytes: Vec<u8>,
    /// Where bytes were added, in offsets of `bytes`, ascending; one byte each.
    added: Vec<usize>,
}

impl Bridged {
    /// The text as it is. A line end is added: the grammar asks for one after the last statement.
    pub(super) fn plain(text: &str) -> Self {
        let mut bytes = Vec::with_capacity(text.len() + 1);
        bytes.extend_from_slice(text.as_bytes());
        bytes.push(b'\n');
        Self { bytes, added: Vec::new() }
    }

    /// The offset in the original text; for an added byte, where it was added.
    pub(super) fn original_offset(&self, offset: usize) -> usize {
        offset - self.added.partition_point(|&at| at < offset)
    }
}

/// Rewrites what the grammar does not know. Equal to [`Bridged::plain`] where there is nothing.
pub(super) fn bridge(text: &str) -> Bridged {
    let tokens: Vec<Token> = Lexer::all(text).filter(|t| t.kind != TokenKind::Comment).collect();
    let mut bridged = Bridged::plain(text);
    for at in new_of_expression(text, &tokens) {
        // Any name that the grammar does not treat specially, of the same length.
        bridged.bytes[at..at + 3].copy_from_slice(b"neW");
    }
    for at in unfinished_groups(text, &tokens).into_iter().rev() {
        bridged.bytes.insert(at, b'\n');
        bridged.added.push(at);
    }
    bridged.added.reverse();
    for (nth, at) in bridged.added.iter_mut().enumerate() {
        *at += nth;
    }
    bridged
}

/// Offsets of `new` before an argument that is no type by its first token.
fn new_of_expression(text: &str, tokens: &[Token]) -> Vec<usize> {
    let is = |t: Option<&Token>, what: &str| t.is_some_and(|t| t.span.of(text) == what);
    let mut found = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        let called = token.span.of(text) == "new" && is(tokens.get(i + 1), "(");
        if !called || (i > 0 && is(tokens.get(i - 1), ".")) {
            continue;
        }
        let first = tokens.get(i + 2).map_or("", |t| t.span.of(text));
        let type_only =
            matches!(first, "[" | "struct" | "map" | "chan" | "func" | "interface" | "<-");
        if !type_only {
            found.push(token.span.start);
        }
    }
    found
}

/// Offsets of the closing parentheses of `const (` and `var (` groups with a spec before them on
/// the same line.
fn unfinished_groups(text: &str, tokens: &[Token]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut open: Vec<bool> = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        match token.span.of(text) {
            "(" => {
                let before = i.checked_sub(1).map(|i| tokens[i].span);
                open.push(before.is_some_and(|s: Span| matches!(s.of(text), "const" | "var")));
            }
            ")" => {
                let group = open.pop().unwrap_or(false);
                let last = i.checked_sub(1).map(|i| tokens[i]);
                let finished =
                    last.is_none_or(|t| t.kind == TokenKind::Semicolon || t.span.of(text) == "(");
                if group && !finished {
                    found.push(token.span.start);
                }
            }
            _ => {}
        }
    }
    found
}
