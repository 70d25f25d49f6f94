//! What `$$$` stands for where Go has no room for a bare name.
//!
//! Comes in: the lines of a diff. Goes out: the same lines with `$$$` spelled out between the
//! clauses of a `switch` or `select`, between the specs of a group, and between named parameters.
//! What is added for the parser is context that no code has, so that it is never printed.

use super::patch::{Line, Piece, Sign};
use crate::go::lex::{Lexer, Token, TokenKind};
use crate::text::Span;

/// Metavariables whose names begin so are added for the parser, and never bound.
pub(in crate::rule) const FILLER: &str = "_filler";

/// Spells out what `$$$` stands for.
pub(super) fn spelled_out(lines: &[Line]) -> Vec<Line> {
    let mut lines = between_clauses_and_specs(lines);
    between_named(&mut lines);
    lines
}

/// `$$$` alone on a line of context. Between clauses it is clauses, and the rest of the clause
/// above, if that is one clause before and after: of one that goes or comes the diff says it all.
fn between_clauses_and_specs(lines: &[Line]) -> Vec<Line> {
    let mut blocks = Blocks::default();
    let mut out = Vec::new();
    for line in lines {
        let text = line.text();
        let place = blocks.place();
        blocks.count_clause(&text, line.sign);
        if line.sign != Sign::Plus {
            blocks.read(&text);
        }
        let elides = line.sign == Sign::Context && is_elision(&text);
        let generated = |text: &str| (text.to_owned(), Span::at(line.span.start));
        let mut pieces = line.pieces.clone();
        match place {
            Place::Clauses { begun, more } if elides => {
                if begun && more == 0 {
                    let hidden = format!("$$$_{}", line.span.start);
                    out.push(Line { pieces: vec![(hidden, line.span)], ..line.clone() });
                }
                pieces.insert(0, generated("case "));
                pieces.push(generated(":"));
            }
            Place::Specs if elides => pieces.push(generated(" = 0")),
            _ => {}
        }
        out.push(Line { pieces, ..line.clone() });
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

/// What stands inside of a bracket.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The clauses of a `switch` or `select`; whether one has begun, and how many more there are
    /// after than before since the last one that stays.
    Clauses { begun: bool, more: isize },
    /// The specs of a `const` or `var`.
    Specs,
    /// Anything else.
    Other,
}

/// Which brackets are open.
#[derive(Default)]
struct Blocks {
    open: Vec<Place>,
    /// A `switch` or `select` whose brace has not come yet.
    pending: bool,
}

impl Blocks {
    fn read(&mut self, line: &str) {
        let line = line.replace('$', "_");
        let mut before = "";
        for token in Lexer::all(&line) {
            let text = token.span.of(&line);
            match (token.kind, text) {
                (TokenKind::Keyword, "switch" | "select") => self.pending = true,
                (TokenKind::Keyword, "case" | "default") => {
                    if let Some(Place::Clauses { begun, .. }) = self.open.last_mut() {
                        *begun = true;
                    }
                }
                (_, "{") if std::mem::take(&mut self.pending) => {
                    self.open.push(Place::Clauses { begun: false, more: 0 });
                }
                (_, "(") if matches!(before, "const" | "var") => self.open.push(Place::Specs),
                (_, "{" | "(") => self.open.push(Place::Other),
                (_, "}" | ")") => drop(self.open.pop()),
                _ => {}
            }
            before = text;
        }
    }

    /// Takes note of a line that begins a clause.
    fn count_clause(&mut self, line: &str, sign: Sign) {
        let Some(Place::Clauses { more, .. }) = self.open.last_mut() else { return };
        let first = line.trim_start().split(|c: char| !c.is_alphanumeric()).next();
        if matches!(first, Some("case" | "default")) {
            *more = match sign {
                Sign::Context => 0,
                Sign::Minus => *more - 1,
                Sign::Plus => *more + 1,
            };
        }
    }

    fn place(&self) -> Place {
        self.open.last().copied().unwrap_or(Place::Other)
    }
}

/// Gives `$$$` among named parameters a type, without which Go takes it for another name of the
/// parameter behind it.
fn between_named(lines: &mut [Line]) {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for other in [Sign::Plus, Sign::Minus] {
        let mut text = String::new();
        let mut places = Vec::new();
        for (nth, line) in lines.iter().enumerate().filter(|(_, l)| l.sign != other) {
            for (piece, (code, _)) in line.pieces.iter().enumerate() {
                places.push((text.len(), (nth, piece)));
                text.push_str(code);
            }
            text.push('\n');
        }
        let holes = elisions_among_named(&text.replace('$', "_"), &text);
        found.extend(holes.iter().filter_map(|at| {
            let piece = places.iter().find(|(start, _)| start == at);
            piece.map(|(_, place)| *place)
        }));
    }
    found.sort_unstable();
    found.dedup();
    for &(line, piece) in found.iter().rev() {
        let written = Span::at(lines[line].pieces[piece].1.end);
        let filler: Piece = (format!(" ${FILLER}{line}x{piece}"), written);
        lines[line].pieces.insert(piece + 1, filler);
    }
}

/// Offsets of each `$$$` of `written` that is an element of a parameter list with names in it.
fn elisions_among_named(code: &str, written: &str) -> Vec<usize> {
    let tokens: Vec<Token> = Lexer::all(code).collect();
    let mut found = Vec::new();
    for open in 0..tokens.len() {
        if tokens[open].span.of(code) != "(" || !is_parameter_list(&tokens[..open], code) {
            continue;
        }
        let elements = elements(&tokens[open + 1..], code);
        let elides = |element: &&&[Token]| {
            element.len() == 1 && element[0].span.of(written).starts_with("$$$")
        };
        if elements.iter().any(|element| is_named(element, code)) {
            found.extend(elements.iter().filter(elides).map(|element| element[0].span.start));
        }
    }
    found
}

/// Whether a parenthesis behind `before` opens parameters or results.
fn is_parameter_list(before: &[Token], code: &str) -> bool {
    let text =
        |back: usize| before.len().checked_sub(back).map_or("", |at| before[at].span.of(code));
    let behind_name = |back: usize| {
        let receiver = text(back + 1) == ")" && {
            let open = matching_open(&before[..before.len() - back], code);
            open > 0 && before[open - 1].span.of(code) == "func"
        };
        text(back + 1) == "func" || receiver
    };
    match text(1) {
        "func" => true,
        ")" => {
            let open = matching_open(before, code);
            is_parameter_list(&before[..open], code)
        }
        name if name.starts_with(|c: char| c == '_' || c.is_alphabetic()) => behind_name(1),
        _ => false,
    }
}

/// The index of the parenthesis that the last of `tokens` closes.
fn matching_open(tokens: &[Token], code: &str) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().rev() {
        match token.span.of(code) {
            ")" => depth += 1,
            "(" if depth == 1 => return at,
            "(" => depth -= 1,
            _ => {}
        }
    }
    0
}

/// The elements of a list up to the bracket that closes it.
fn elements<'t>(tokens: &'t [Token], code: &str) -> Vec<&'t [Token]> {
    let mut depth = 0;
    let mut out = Vec::new();
    let mut from = 0;
    for (at, token) in tokens.iter().enumerate() {
        match token.span.of(code) {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" if depth == 0 => {
                out.push(&tokens[from..at]);
                return out;
            }
            ")" | "]" | "}" => depth -= 1,
            "," if depth == 0 => {
                out.push(&tokens[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    out
}

/// Whether an element is a name and a type.
fn is_named(element: &[Token], code: &str) -> bool {
    let [first, second, ..] = element else { return false };
    first.kind == TokenKind::Ident
        && !matches!(second.span.of(code), "." | "[")
        && second.kind != TokenKind::Semicolon
}
