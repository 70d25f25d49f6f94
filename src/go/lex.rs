//! Go's tokens (Go specification, "Lexical elements"), semicolons inserted as the specification
//! says. Comes in: text, whole or a part that begins at a token. Goes out: tokens and comments
//! with their spans; nothing is dropped but white space.

use crate::text::Span;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A name, predeclared ones included.
    Ident,
    /// A reserved word.
    Keyword,
    /// An integer, floating-point or imaginary literal.
    Number,
    /// A rune literal.
    Rune,
    /// An interpreted or raw string literal.
    String,
    /// An operator or a piece of punctuation other than a semicolon.
    Operator,
    /// A semicolon; one that the line end stands for has an empty span.
    Semicolon,
    /// A comment, without the line end after it.
    Comment,
    /// A byte that begins no token, or a literal that does not end.
    Invalid,
}

/// A token and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands; empty for a semicolon that a line end stands for.
    pub span: Span,
}

/// Whether `word` is a reserved word (Go specification, "Keywords").
pub fn is_keyword(word: &str) -> bool {
    matches!(
        word,
        "break"
            | "case"
            | "chan"
            | "const"
            | "continue"
            | "default"
            | "defer"
            | "else"
            | "fallthrough"
            | "for"
            | "func"
            | "go"
            | "goto"
            | "if"
            | "import"
            | "interface"
            | "map"
            | "package"
            | "range"
            | "return"
            | "select"
            | "struct"
            | "switch"
            | "type"
            | "var"
    )
}

/// Whether `word` is an identifier: a letter or `_`, then letters and digits, and no keyword.
pub fn is_identifier(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(is_letter)
        && chars.all(|c| is_letter(c) || c.is_numeric())
        && !is_keyword(word)
}

fn is_letter(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

/// The length of the operator at the start of `bytes`, the longest that fits; `None` where none is.
fn operator_len(bytes: &[u8]) -> Option<usize> {
    let at = |nth: usize| bytes.get(nth).copied().unwrap_or(0);
    let one_or_with = |more: &[u8]| if more.contains(&at(1)) { 2 } else { 1 };
    Some(match at(0) {
        b'(' | b')' | b'[' | b']' | b'{' | b'}' | b',' | b'~' => 1,
        b'.' if at(1) == b'.' && at(2) == b'.' => 3,
        b'.' => 1,
        b'&' if at(1) == b'^' && at(2) == b'=' => 3,
        b'&' => one_or_with(b"&=^"),
        b'|' => one_or_with(b"|="),
        b'<' if at(1) == b'<' && at(2) == b'=' => 3,
        b'<' => one_or_with(b"<-="),
        b'>' if at(1) == b'>' && at(2) == b'=' => 3,
        b'>' => one_or_with(b">="),
        b'+' => one_or_with(b"+="),
        b'-' => one_or_with(b"-="),
        b'=' | b'!' | b':' | b'*' | b'/' | b'%' | b'^' => one_or_with(b"="),
        _ => return None,
    })
}

/// Reads tokens one after the other.
#[derive(Clone, Debug)]
pub struct Lexer<'t> {
    text: &'t str,
    at: usize,
    end: usize,
    /// Whether a line end here stands for a semicolon.
    ends_statement: bool,
}

impl<'t> Lexer<'t> {
    /// Reads the tokens of `within`, which begins outside of any token and comment.
    pub fn new(text: &'t str, within: Span) -> Self {
        Self { text, at: within.start, end: within.end, ends_statement: false }
    }

    /// Reads the tokens of all of `text`.
    pub fn all(text: &'t str) -> Self {
        Self::new(text, Span::new(0, text.len()))
    }

    /// The same lexer behind `skipped`, an operand that it need not look into.
    #[must_use]
    pub fn resume_after(&self, skipped: Span) -> Self {
        Self { at: skipped.end, ends_statement: true, ..*self }
    }

    fn rest(&self) -> &'t [u8] {
        &self.text.as_bytes()[self.at..self.end]
    }

    fn token(&mut self, kind: TokenKind, len: usize) -> Token {
        let span = Span::new(self.at, self.at + len);
        self.at = span.end;
        self.ends_statement = match kind {
            TokenKind::Ident | TokenKind::Number | TokenKind::Rune | TokenKind::String => true,
            TokenKind::Comment => self.ends_statement,
            TokenKind::Keyword => {
                matches!(span.of(self.text), "break" | "continue" | "fallthrough" | "return")
            }
            TokenKind::Operator => {
                matches!(span.of(self.text), ")" | "]" | "}" | "++" | "--")
            }
            TokenKind::Semicolon | TokenKind::Invalid => false,
        };
        Token { kind, span }
    }

    fn word(&mut self) -> Token {
        let text = &self.text[self.at..self.end];
        let is_ascii_part = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
        let bytes = text.as_bytes();
        let mut len = bytes.iter().position(|b| !is_ascii_part(b)).unwrap_or(bytes.len());
        if bytes.get(len).is_some_and(|b| !b.is_ascii()) {
            len = text.find(|c: char| !is_letter(c) && !c.is_numeric()).unwrap_or(text.len());
        }
        let kind = if is_keyword(&text[..len]) { TokenKind::Keyword } else { TokenKind::Ident };
        self.token(kind, len)
    }

    fn number(&mut self) -> Token {
        let bytes = self.rest();
        let hex = bytes.len() > 1 && bytes[0] == b'0' && bytes[1] | 0x20 == b'x';
        let mut len = 0;
        while let Some(&b) = bytes.get(len) {
            let sign_of_exponent = (b == b'+' || b == b'-')
                && len > 0
                && bytes[len - 1] | 0x20 == if hex { b'p' } else { b'e' };
            if !(b.is_ascii_alphanumeric() || b == b'_' || b == b'.' || sign_of_exponent) {
                break;
            }
            len += 1;
        }
        self.token(TokenKind::Number, len)
    }

    fn quoted(&mut self, kind: TokenKind) -> Token {
        let bytes = self.rest();
        match quoted_len(bytes) {
            Ok(len) => self.token(kind, len),
            Err(len) => self.token(TokenKind::Invalid, len),
        }
    }

    fn comment(&mut self) -> Option<Token> {
        let bytes = self.rest();
        match bytes.get(1)? {
            b'/' => {
                let len = memchr::memchr(b'\n', bytes).unwrap_or(bytes.len());
                let len = if len > 0 && bytes[len - 1] == b'\r' { len - 1 } else { len };
                Some(self.token(TokenKind::Comment, len))
            }
            b'*' => match memchr::memmem::find(&bytes[2..], b"*/") {
                Some(at) if self.ends_statement && bytes[..at].contains(&b'\n') => {
                    // "A general comment containing one or more newlines acts like a newline."
                    self.ends_statement = false;
                    Some(Token { kind: TokenKind::Semicolon, span: Span::at(self.at) })
                }
                Some(at) => Some(self.token(TokenKind::Comment, at + 4)),
                None => Some(self.token(TokenKind::Invalid, bytes.len())),
            },
            _ => None,
        }
    }

    fn operator_or_invalid(&mut self) -> Token {
        let bytes = self.rest();
        if let Some(len) = operator_len(bytes) {
            return self.token(TokenKind::Operator, len);
        }
        let len = self.text[self.at..self.end].chars().next().map_or(1, char::len_utf8);
        self.token(TokenKind::Invalid, len)
    }
}

/// The length of the literal at the start of `bytes`, which is a quote of one of the three sorts;
/// `Err` with the bytes that were looked at where it does not end.
pub fn quoted_len(bytes: &[u8]) -> Result<usize, usize> {
    let quote = bytes[0];
    if quote == b'`' {
        return memchr::memchr(b'`', &bytes[1..]).map(|at| at + 2).ok_or(bytes.len());
    }
    let mut at = 1;
    loop {
        let found = memchr::memchr3(quote, b'\\', b'\n', &bytes[at..]).ok_or(bytes.len())?;
        match bytes[at + found] {
            b'\\' => at += found + 2,
            b'\n' => return Err(at + found),
            _ => return Ok(at + found + 1),
        }
        if at > bytes.len() {
            return Err(bytes.len());
        }
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        loop {
            let bytes = self.rest();
            let Some(&first) = bytes.first() else {
                // The end of the text is a line end.
                let at = Span::at(self.at);
                return std::mem::take(&mut self.ends_statement)
                    .then_some(Token { kind: TokenKind::Semicolon, span: at });
            };
            return Some(match first {
                b'\n' if self.ends_statement => {
                    self.ends_statement = false;
                    Token { kind: TokenKind::Semicolon, span: Span::at(self.at) }
                }
                b' ' | b'\t' | b'\r' | b'\n' => {
                    self.at += 1;
                    continue;
                }
                0xEF if self.at == 0 && bytes.starts_with(b"\xEF\xBB\xBF") => {
                    self.at += 3;
                    continue;
                }
                b';' => self.token(TokenKind::Semicolon, 1),
                b'"' | b'`' => self.quoted(TokenKind::String),
                b'\'' => self.quoted(TokenKind::Rune),
                b'0'..=b'9' => self.number(),
                b'.' if bytes.get(1).is_some_and(u8::is_ascii_digit) => self.number(),
                b'/' => match self.comment() {
                    Some(token) => token,
                    None => self.operator_or_invalid(),
                },
                b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.word(),
                0x80.. => match self.text[self.at..self.end].chars().next() {
                    Some(c) if is_letter(c) => self.word(),
                    _ => self.operator_or_invalid(),
                },
                _ => self.operator_or_invalid(),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lex(text: &str) -> Vec<String> {
        Lexer::all(text)
            .map(|t| if t.span.is_empty() { "⏎".into() } else { t.span.of(text).to_string() })
            .collect()
    }

    #[test]
    fn keywords_are_no_identifiers() {
        let words = "break case chan const continue default defer else fallthrough for func go \
                     goto if import interface map package range return select struct switch type var";
        assert!(words.split(' ').all(is_keyword));
        assert!(!is_keyword("nil") && !is_keyword("Func") && is_identifier("funcs"));
    }

    #[test]
    fn operators_are_the_longest_that_fit() {
        let all = "+ & += &= && == != ( ) - | -= |= || < <= [ ] * ^ *= ^= <- > >= { } / << /= <<= \
                   ++ = := , % >> %= >>= -- ! ... . : &^ &^= ~";
        for operator in all.split_ascii_whitespace() {
            assert_eq!(operator_len(operator.as_bytes()), Some(operator.len()), "{operator}");
            let longer = format!("{operator}x");
            assert_eq!(operator_len(longer.as_bytes()), Some(operator.len()), "{operator}");
        }
        assert_eq!(operator_len(b"#"), None);
        assert_eq!(operator_len(b".."), Some(1));
        assert_eq!(operator_len(b"~="), Some(1));
    }

    #[test]
    fn line_ends_stand_for_semicolons_where_the_specification_says() {
        assert_eq!(lex("x\n"), ["x", "⏎"]);
        assert_eq!(lex("x // c\n+ y"), ["x", "// c", "⏎", "+", "y", "⏎"]);
        assert_eq!(lex("f(\na,\n)"), ["f", "(", "a", ",", ")", "⏎"]);
        assert_eq!(lex("return /* a\nb */ 1"), ["return", "⏎", "/* a\nb */", "1", "⏎"]);
    }

    #[test]
    fn literals_and_operators() {
        assert_eq!(lex("a&^=b"), ["a", "&^=", "b", "⏎"]);
        assert_eq!(lex("0x1p-2 1e+3 .5 1..."), ["0x1p-2", "1e+3", ".5", "1...", "⏎"]);
        assert_eq!(lex(r#""a\"b" '\'' `c\`"#), [r#""a\"b""#, r"'\''", r"`c\`", "⏎"]);
        assert_eq!(lex("日本 :="), ["日本", ":="]);
    }

    #[test]
    fn unfinished_literals_are_invalid_and_never_run_past_the_text() {
        for text in ["\"abc", "\"abc\\", "'", "`abc", "/* abc", "\"a\nb"] {
            let last = Lexer::all(text).find(|t| t.kind == TokenKind::Invalid);
            assert!(last.is_some_and(|t| t.span.end <= text.len()), "{text:?}");
        }
    }
}
