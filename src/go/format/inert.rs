//! The quick look that spares most edits the slow one. Comes in: the old text and the edits. Goes
//! out: the edits that could change the white space of anything. Looks at the touched lines only.
//!
//! An edit within a line is inert if the line is, before and after it, plainly a statement or the
//! beginning of one: it has no column, no comment, no operator whose blanks depend on what is
//! around it, and no body on one line. Whatever is not plain is looked at closely.

use crate::go::lex::{Lexer, Token, TokenKind};
use crate::text::layout::{line_end, line_start};
use crate::text::{Edit, EditSet, Span};

/// The spans in the new text of the edits that are not inert, or of groups of them.
pub(super) fn active_edits(old: &str, edits: &EditSet) -> Vec<Span> {
    let mut active = Vec::new();
    let mut inserted = edits.inserted_spans();
    let edits: Vec<&Edit> = edits.iter().collect();
    let mut rest = &edits[..];
    while let Some(first) = rest.first() {
        let start = line_start(old, first.span.start);
        let mut end = line_end(old, first.span.end);
        let mut count = 1;
        while let Some(next) = rest.get(count).filter(|next| next.span.start <= end) {
            end = line_end(old, next.span.end);
            count += 1;
        }
        let line = Span::new(start, end);
        let (group, later) = rest.split_at(count);
        rest = later;
        let span = (0..count).filter_map(|_| inserted.next()).reduce(Span::cover);
        let multiline = line.of(old).contains('\n') || group.iter().any(|e| e.new.contains('\n'));
        if multiline || !is_inert(old, line, &apply(old, line, group)) {
            active.extend(span);
        }
    }
    active
}

fn apply(old: &str, line: Span, edits: &[&Edit]) -> String {
    let mut out = String::with_capacity(line.len() + 32);
    let mut at = line.start;
    for edit in edits {
        out.push_str(&old[at..edit.span.start]);
        out.push_str(&edit.new);
        at = edit.span.end;
    }
    out.push_str(&old[at..line.end]);
    out
}

fn is_inert(old: &str, line: Span, new: &str) -> bool {
    let is_comment = |line: &str| line.trim_start().starts_with("//");
    if is_comment(line.of(old)) && is_comment(new) {
        return true;
    }
    let (Some(before), Some(after)) = (Shape::of(line.of(old)), Shape::of(new)) else {
        return false;
    };
    // An expression that goes on beyond the line has the depth that the number of its elements
    // gives it.
    if (before.open || after.open) && before.commas != after.commas {
        return false;
    }
    let plain = before.plain && after.plain;
    plain || !in_group(&old[..line.start], indent_of(line.of(old)))
}

fn indent_of(line: &str) -> usize {
    line.bytes().take_while(|b| *b == b'\t').count()
}

/// What there is to know of a line without anything that needs a closer look.
struct Shape {
    commas: usize,
    /// Whether brackets go beyond the line, but for a brace that begins or ends a block.
    open: bool,
    /// Whether the line can only be a statement, or a part of one.
    plain: bool,
}

impl Shape {
    /// None for a line that needs a closer look.
    fn of(line: &str) -> Option<Self> {
        // A line of a general comment or of a raw string is not told from code, and is looked at
        // as code. The look may then be a close one that finds nothing; nothing else can happen.
        let mut commas = 0;
        let mut depth = 0isize;
        let mut open = false;
        let mut has_func = false;
        let mut before: Option<Token> = None;
        let mut head = Head::default();
        for token in Lexer::all(line).filter(|t| !t.span.is_empty()) {
            let text = token.span.of(line);
            let last = line[token.span.end..].trim_end().is_empty();
            match (token.kind, text) {
                (TokenKind::Comment | TokenKind::Invalid | TokenKind::Semicolon, _)
                | (TokenKind::Keyword, "struct" | "interface") => return None,
                (TokenKind::String, _) if text.starts_with('`') => return None,
                (TokenKind::Keyword, "func") => has_func = true,
                (_, "}") if has_func => return None,
                (_, ":" | ",") if text == "," || !last => {
                    if last || text == ":" {
                        return None;
                    }
                    commas += 1;
                }
                (_, "(" | "[") => depth += 1,
                (_, "{") => depth += isize::from(!last),
                (_, "}") => depth -= isize::from(before.is_some()),
                (_, ")" | "]") => depth -= 1,
                (_, "+" | "-" | "*" | "/" | "%" | "<<" | ">>" | "&" | "&^" | "|" | "^")
                    if last || before.is_some_and(|b| is_operand(b, line)) =>
                {
                    return None;
                }
                (TokenKind::Operator, "||" | "&&" | "." | "==" | "!=" | "=" | ":=") if last => {
                    return None;
                }
                _ => {}
            }
            open |= depth < 0;
            head.token(token.kind, text);
            before = Some(token);
        }
        Some(Self { commas, open: open || depth != 0, plain: head.plain? })
    }
}

/// Whether an operator after the token is a binary one.
fn is_operand(token: Token, line: &str) -> bool {
    match token.kind {
        TokenKind::Operator => matches!(token.span.of(line), ")" | "]" | "}"),
        TokenKind::Keyword => false,
        _ => true,
    }
}

/// What the first tokens of a line make of it.
#[derive(Default)]
struct Head {
    /// Tokens so far.
    count: usize,
    dotted: bool,
    /// Whether the last token was a name: two names in a row are a name and its type.
    after_name: bool,
    /// Whether the line is plainly a statement. None until it is known, and where it cannot be.
    plain: Option<bool>,
    settled: bool,
}

impl Head {
    fn token(&mut self, kind: TokenKind, text: &str) {
        self.count += 1;
        if self.settled {
            return;
        }
        let is_name = kind == TokenKind::Ident;
        let declares = is_name && std::mem::replace(&mut self.after_name, is_name);
        self.settled = true;
        self.plain = match (kind, text) {
            // No field and no grouped constant, variable or type begins like this.
            (TokenKind::Keyword, _) | (TokenKind::Operator, "}" | ")" | "*" | "<-" | "(")
                if self.count == 1 =>
            {
                Some(true)
            }
            (_, ":=" | "++" | "--" | "(") if self.count > 1 => Some(true),
            _ if declares => Some(false),
            // `a.b = c` is a statement, `a = b` could be a grouped variable.
            (_, "=") if self.count > 1 => Some(self.dotted),
            (TokenKind::Ident, _) | (TokenKind::Operator, "," | "[" | ".")
                if self.count > 1 || kind == TokenKind::Ident =>
            {
                self.settled = false;
                self.dotted |= text == ".";
                Some(false)
            }
            _ if self.count == 1 => None,
            _ => Some(false),
        };
    }
}

/// Whether a line with `indent` tabs that follows `above` stands in a group or a list of fields or
/// elements, judged by the nearest line above that is indented less.
fn in_group(above: &str, indent: usize) -> bool {
    const FAR: usize = 60;
    for line in above.lines().rev().take(FAR) {
        let line_indent = indent_of(line);
        if line.len() == line_indent || line_indent >= indent {
            continue;
        }
        // What a statement stands in ends with a brace or a colon.
        let is_block = line.ends_with('{') && line.ends_with(" {") || line.ends_with(':');
        return !is_block || line.contains("struct {") || line.contains("interface {");
    }
    true
}
