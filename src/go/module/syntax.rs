//! Lines, tokens and blocks of go.mod and go.work.
//!
//! Comes in: the text. Goes out: every line with its tokens and its comment as spans, grouped into
//! statements. What is not understood stays a line and becomes a [`Problem`]. The grammar is that
//! of the Go modules reference ("Lexical elements") as `modfile` implements it; it is line-based.

use super::Problem;
use crate::text::{LineIndex, Span};
use std::ops::Range;

/// What a line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineKind {
    Blank,
    /// Nothing but a comment.
    Comment,
    /// A whole statement, `require path version`.
    Single,
    /// `require (`.
    Open,
    /// A line of a block.
    Entry,
    /// `)`.
    Close,
}

#[derive(Clone, Debug)]
pub(super) struct Line {
    /// The whole line with its line end.
    pub span: Span,
    pub kind: LineKind,
    /// Empty for a line that could not be split into tokens.
    pub tokens: Vec<Span>,
    /// From `//` up to the line end, which is not included.
    pub comment: Option<Span>,
}

/// A directive on one line, or a block of them.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    pub verb: String,
    /// Indices of its lines, from the opening to the closing one.
    pub lines: Range<usize>,
    pub is_block: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Syntax {
    pub text: String,
    pub lines: Vec<Line>,
    pub statements: Vec<Statement>,
    pub problems: Vec<Problem>,
    /// The opening line of a block that never ends.
    pub unclosed: Option<Span>,
}

impl Syntax {
    pub fn parse(text: &str) -> Self {
        let mut syntax = Self {
            text: text.to_owned(),
            lines: Vec::new(),
            statements: Vec::new(),
            problems: Vec::new(),
            unclosed: None,
        };
        let index = LineIndex::new(text);
        // The byte-order mark belongs to no line, so that no edit of a line can move it.
        let start = text.len() - text.trim_start_matches('\u{feff}').len();
        let lines = (0..index.count()).map(|line| index.span(line));
        let lines = lines.map(|line| Span::new(line.start.max(start), line.end.max(start)));
        let mut open = None;
        for line in lines.filter(|line| !line.is_empty()) {
            let (tokens, comment) = match lex(text, line) {
                Ok(parts) => parts,
                Err(problem) => {
                    syntax.problems.push(problem);
                    (Vec::new(), None)
                }
            };
            let kind = syntax.classify(line, &tokens, comment, &mut open);
            syntax.lines.push(Line { span: line, kind, tokens, comment });
        }
        if let Some(at) = open {
            let span = syntax.content(syntax.statements[at].lines.start);
            syntax.unclosed = Some(span);
            syntax.problem(span, "the block is not closed");
        }
        syntax
    }

    pub fn problem(&mut self, span: Span, message: impl Into<String>) {
        self.problems.push(Problem { span, message: message.into() });
    }

    /// What the line that comes next is; opens and closes statements.
    fn classify(
        &mut self,
        line: Span,
        tokens: &[Span],
        comment: Option<Span>,
        open: &mut Option<usize>,
    ) -> LineKind {
        let number = self.lines.len();
        let token = |at: Option<&Span>| at.map(|span| span.of(&self.text));
        let (first, last) = (token(tokens.first()), token(tokens.last()));
        match (first, *open) {
            (None, _) if comment.is_some() => LineKind::Comment,
            (None, _) if line.of(&self.text).trim().is_empty() => LineKind::Blank,
            (Some(")"), Some(at)) => {
                let is_alone = tokens.len() == 1;
                self.statements[at].lines.end = number + 1;
                *open = None;
                if !is_alone {
                    self.problem(line, "expected the line to end after the closing parenthesis");
                }
                LineKind::Close
            }
            (_, Some(at)) => {
                self.statements[at].lines.end = number + 1;
                LineKind::Entry
            }
            (first, None) => {
                let verb = first.unwrap_or_default().to_owned();
                let is_block = last == Some("(") && tokens.len() > 1;
                if is_block {
                    *open = Some(self.statements.len());
                }
                let lines = number..number + 1;
                self.statements.push(Statement { verb, lines, is_block });
                if is_block { LineKind::Open } else { LineKind::Single }
            }
        }
    }

    /// The part of a line that is neither indentation nor line end.
    pub fn content(&self, line: usize) -> Span {
        let span = self.lines[line].span;
        let text = span.of(&self.text);
        let end = text.trim_end().len();
        let start = text.len() - text.trim_start().len();
        let start = start.min(end);
        Span::new(span.start + start, span.start + end)
    }

    /// The white space that a line begins with.
    pub fn indentation(&self, line: usize) -> &str {
        let span = self.lines[line].span;
        Span::new(span.start, self.content(line).start).of(&self.text)
    }

    /// The directives of a statement: the entries of a block, or the line itself.
    pub fn entries(&self, statement: &Statement) -> impl Iterator<Item = usize> + use<'_> {
        let is_entry =
            |line: &usize| matches!(self.lines[*line].kind, LineKind::Entry | LineKind::Single);
        statement.lines.clone().filter(is_entry)
    }

    /// The block that a line is an entry of.
    pub fn block_of(&self, line: usize) -> Option<&Statement> {
        self.statements.iter().find(|s| s.is_block && s.lines.contains(&line))
    }

    /// The first of the comment lines that stand directly above a line, or the line itself:
    /// `modfile` takes these comments as the line's own.
    pub fn with_comments_above(&self, line: usize) -> usize {
        let is_comment = |above: &usize| self.lines[*above].kind == LineKind::Comment;
        (0..line).rev().take_while(is_comment).last().unwrap_or(line)
    }

    /// The token's value, without quotes.
    ///
    /// # Errors
    /// A message where the quotes are not those of an interpreted Go string. `modfile` takes no raw
    /// strings, although the reference has them.
    pub fn value(&self, token: Span) -> Result<String, String> {
        let raw = token.of(&self.text);
        if let Some(inner) = raw.strip_prefix('"') {
            let inner = inner.strip_suffix('"').unwrap_or(inner);
            return unquote(inner).ok_or_else(|| "the string has a bad escape".to_owned());
        }
        if raw.contains(['"', '\'', '`']) {
            return Err("expected a string in double quotes, or none at all".to_owned());
        }
        Ok(raw.to_owned())
    }

    /// The line end that the file uses.
    pub fn line_end(&self) -> &'static str {
        let first = self.lines.first().map_or("", |line| line.span.of(&self.text));
        if first.ends_with("\r\n") { "\r\n" } else { "\n" }
    }

    /// Whether the line's comment marks an indirect requirement (`modfile.isIndirect`).
    pub fn is_indirect(&self, line: usize) -> bool {
        self.comment_beside_indirect(line).is_some()
    }

    /// What the line's comment says beside `indirect`, where it says that; empty for nothing else.
    pub fn comment_beside_indirect(&self, line: usize) -> Option<&str> {
        let comment = self.lines[line].comment?.of(&self.text).strip_prefix("//")?.trim();
        if comment == "indirect" {
            return Some("");
        }
        comment
            .strip_prefix("indirect;")
            .filter(|rest| rest.starts_with([' ', '\t']))
            .map(str::trim)
    }
}

/// Splits a line into tokens and a comment.
fn lex(text: &str, line: Span) -> Result<(Vec<Span>, Option<Span>), Problem> {
    let mut tokens = Vec::new();
    let end = line.start + line.of(text).trim_end_matches(['\n', '\r']).len();
    let mut at = line.start;
    while at < end {
        let rest = &text[at..end];
        let first = rest.chars().next().unwrap_or(' ');
        let len = match first {
            ' ' | '\t' | '\r' => {
                at += 1;
                continue;
            }
            _ if rest.starts_with("//") => return Ok((tokens, Some(Span::new(at, end)))),
            '(' | ')' | '[' | ']' | '{' | '}' | ',' => 1,
            '"' | '`' => string_len(rest).ok_or_else(|| Problem {
                span: Span::new(at, end),
                message: "the string is not closed".to_owned(),
            })?,
            _ => word_len(rest),
        };
        let wrong = if len == 0 { first.len_utf8() } else { len };
        if len == 0 || rest[..len].contains("/*") && !matches!(first, '"' | '`') {
            let message = if rest.starts_with("/*") || len > 0 {
                "comments begin with `//` here".to_owned()
            } else {
                format!("unexpected character {first:?}")
            };
            return Err(Problem { span: Span::new(at, at + wrong), message });
        }
        tokens.push(Span::new(at, at + len));
        at += len;
    }
    Ok((tokens, None))
}

/// Bytes of the quoted string at the start of `rest`, quotes included.
fn string_len(rest: &str) -> Option<usize> {
    let quote = rest.chars().next()?;
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        if c == quote {
            return Some(at + c.len_utf8());
        }
        if c == '\\' && quote == '"' {
            chars.next();
        }
    }
    None
}

/// Bytes of the word at the start of `rest`; nothing where there is none.
fn word_len(rest: &str) -> usize {
    let is_end = |c: char| {
        matches!(c, '(' | ')' | '[' | ']' | '{' | '}' | ',' | '\u{feff}')
            || c.is_whitespace()
            || c.is_control()
    };
    let end = rest.find(is_end).unwrap_or(rest.len());
    rest[..end].find("//").unwrap_or(end)
}

/// The value of an interpreted string (Go specification, "String literals"), quotes left out;
/// `None` for a bad escape, and for bytes that are not UTF-8.
fn unquote(inner: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        rest = &rest[at + 1..];
        let escape = rest.chars().next()?;
        let simple = "abfnrtv\\\"".find(escape).map(|i| b"\x07\x08\x0c\n\r\t\x0b\\\""[i]);
        let (digits, radix, skip) = match escape {
            'x' => (2, 16, 1),
            'u' => (4, 16, 1),
            'U' => (8, 16, 1),
            '0'..='7' => (3, 8, 0),
            _ => {
                bytes.push(simple?);
                rest = &rest[1..];
                continue;
            }
        };
        let number = rest.get(skip..skip + digits)?;
        let value = u32::from_str_radix(number, radix).ok()?;
        if digits < 4 {
            bytes.push(u8::try_from(value).ok()?);
        } else {
            let c = char::from_u32(value)?;
            bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        rest = &rest[skip + digits..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8(bytes).ok()
}

/// `value` as one token: in quotes where it needs them (`modfile.AutoQuote`).
pub(super) fn quoted(value: &str) -> String {
    let needs = value.is_empty()
        || value.contains("//")
        || value.contains("/*")
        || value.contains([' ', '"', '\'', '`', '(', ')', '[', ']', '{', '}', ','])
        || value.contains(|c: char| c.is_control() || c.is_whitespace());
    if !needs {
        return value.to_owned();
    }
    let mut out = String::from("\"");
    for c in value.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
