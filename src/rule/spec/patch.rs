//! Rules that are written as a diff.
//!
//! Comes in: lines that begin with `-`, `+` or a space. Goes out: the code before and the code
//! after, each of which knows where it was written and which of it is context, that is the same
//! piece on both sides.

use super::decode::Decoder;
use super::elision::with_rest;
use super::string::{Spanned, SpannedStr};
use super::target::{As, WhereSpec};
use crate::go::lex::{Lexer, TokenKind};
use crate::rule::metavariable::{HoleKind, pattern_stencil};
use crate::text::{Code, Span};

/// A rule that is written as a diff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatchSpec {
    /// The diff as it is written.
    pub diff: SpannedStr,
    /// What is looked for.
    pub before: Side,
    /// What it becomes.
    pub after: Side,
    /// The context that it is read in, where that is not left to the program.
    pub context: Option<Spanned<As>>,
    /// Conditions on what it captures.
    pub conditions: Vec<WhereSpec>,
    /// `comments: drop`, where a fix may lose comments.
    pub drop_comments: Option<Span>,
}

/// The code on one side of a diff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The code.
    pub text: SpannedStr,
    /// Pieces of context, ascending, each with its number, which it has on both sides.
    context: Vec<(Span, usize)>,
}

impl Side {
    /// The piece of context at `offset`, and how far inside of it that is.
    pub fn context_at(&self, offset: usize) -> Option<(usize, usize)> {
        let next = self.context.partition_point(|(span, _)| span.start <= offset);
        let (span, number) = self.context.get(next.checked_sub(1)?)?;
        (offset < span.end).then(|| (*number, offset - span.start))
    }

    /// Whether there is no code.
    pub fn is_empty(&self) -> bool {
        Lexer::all(self.text.as_str())
            .all(|t| matches!(t.kind, TokenKind::Comment | TokenKind::Semicolon))
    }
}

/// What the first character of a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// The line stays as it is.
    Context,
    /// The line goes.
    Minus,
    /// The line comes.
    Plus,
}

/// A piece of a line: what it says, and where that is written.
pub type Piece = (String, Span);

/// A line of a diff, without its sign and its line end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What becomes of it.
    pub sign: Sign,
    /// Its code.
    pub pieces: Vec<Piece>,
    /// Where all of it is written.
    pub span: Span,
}

impl Line {
    /// Its code.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|(text, _)| text.as_str()).collect()
    }
}

/// Puts lines together to the two sides of a diff that is written at `whole`.
pub fn sides(lines: &[Line], whole: Span) -> (Side, Side) {
    let lines = with_rest(lines);
    let side = |other: Sign| {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut context = Vec::new();
        let mut at = 0;
        let mut number = 0;
        for line in &lines {
            let line_end = ("\n".to_owned(), Span::at(line.span.end));
            for piece in line.pieces.iter().chain([&line_end]) {
                number += 1;
                if line.sign == other {
                    continue;
                }
                let span = Span::new(at, at + piece.0.len());
                if line.sign == Sign::Context {
                    context.push((span, number));
                }
                at = span.end;
                pieces.push(piece.clone());
            }
        }
        Side { text: SpannedStr::assembled(&pieces, whole), context }
    };
    (side(Sign::Plus), side(Sign::Minus))
}

/// Reads the value of `patch`: its two sides.
pub(super) fn read_diff(d: &mut Decoder, diff: &SpannedStr) -> Option<(Side, Side)> {
    let mut lines = Vec::new();
    let mut at = 0;
    let mut hidden = 0;
    let mut signs = 0;
    for written in diff.as_str().split_inclusive('\n') {
        let span = Span::new(at, at + written.trim_end_matches(['\n', '\r']).len());
        at += written.len();
        let text = span.of(diff.as_str());
        let sign = match text.bytes().next() {
            Some(b'-') => Sign::Minus,
            Some(b'+') => Sign::Plus,
            None | Some(b' ' | b'\t') => Sign::Context,
            Some(b'@') if lines.is_empty() && text.starts_with("@@") => continue,
            Some(_) => {
                let message = "a line of a patch begins with `-`, `+` or a space";
                let help = "put a space before a line that stays; where it is the first one, \
                            put a line `@@` above it";
                let place = Span::new(span.start, span.start + text.trim_end().len());
                d.error(Code::PatchSyntax, diff.map_span(place), message, help);
                return None;
            }
        };
        signs += usize::from(sign != Sign::Context);
        let signed = usize::from(!text.is_empty() && !text.starts_with('\t'));
        let code = Span::new(span.start + signed, span.end);
        let pieces = pieces(diff, code, sign, &mut hidden);
        lines.push(Line { sign, pieces, span: diff.map_span(code) });
    }
    let (before, after) = sides(&lines, diff.span());
    let problem = if signs == 0 {
        Some((
            "the patch changes nothing",
            "begin lines that go with `-`, lines that come with `+`",
        ))
    } else if before.is_empty() {
        Some((
            "the patch has no line to look for",
            "write the code that is there before, with `-` or a space before it",
        ))
    } else {
        None
    };
    if let Some((message, help)) = problem {
        d.error(Code::PatchSyntax, diff.span(), message, help);
        return None;
    }
    Some((before, after))
}

/// The pieces of a line, each metavariable one of them. What stays and keeps nothing, `$_` or
/// `$$$`, gets a name, so that both sides speak of the same.
fn pieces(diff: &SpannedStr, code: Span, sign: Sign, hidden: &mut usize) -> Vec<Piece> {
    let text = code.of(diff.as_str());
    let holes = pattern_stencil(text).map(|stencil| stencil.holes).unwrap_or_default();
    let mut pieces = Vec::new();
    let mut at = 0;
    let written = |span: Span| {
        let span = Span::new(code.start + span.start, code.start + span.end);
        (span.of(diff.as_str()).to_owned(), diff.map_span(span))
    };
    for hole in &holes {
        let sigil = match hole.kind {
            HoleKind::One(None) => Some("$"),
            HoleKind::Many(None) => Some("$$$"),
            _ => None,
        };
        pieces.push(written(Span::new(at, hole.span.start)));
        let (name, place) = written(hole.span);
        let sigil = sigil.filter(|_| sign != Sign::Plus);
        *hidden += usize::from(sigil.is_some());
        pieces.push((sigil.map_or(name, |sigil| format!("{sigil}_{hidden}")), place));
        at = hole.span.end;
    }
    pieces.push(written(Span::new(at, text.len())));
    pieces.retain(|(text, _)| !text.is_empty());
    pieces
}
