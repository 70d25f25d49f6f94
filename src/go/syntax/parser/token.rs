//! The tokens as the parser wants them. Comes in: text. Goes out: tokens that compare by a byte or
//! two, and the comments beside them.

use super::Unparsed;
use crate::go::lex::{Lexer, TokenKind};
use crate::go::syntax::Op;
use crate::text::Span;

/// What a token is to the parser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tok {
    Ident,
    /// A literal; the operator names its sort.
    Lit(Op),
    /// An operator that [`Op`] knows.
    Op(Op),
    LParen,
    RParen,
    LBrack,
    RBrack,
    LBrace,
    RBrace,
    Comma,
    Dot,
    Colon,
    Semicolon,
    Break,
    Case,
    Chan,
    Const,
    Continue,
    Default,
    Defer,
    Else,
    Fallthrough,
    For,
    Func,
    Go,
    Goto,
    If,
    Interface,
    Map,
    Range,
    Return,
    Select,
    Struct,
    Switch,
    Type,
    Var,
    /// `import` and `package`, which no declaration of code begins with.
    Head,
    /// Behind the last token.
    End,
}

/// A token and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) tok: Tok,
    pub(super) span: Span,
}

/// All tokens of `within`, and its comments.
///
/// # Errors
/// Where something is no token.
pub(super) fn tokens(text: &str, within: Span) -> Result<(Vec<Token>, Vec<Span>), Unparsed> {
    let mut tokens = Vec::with_capacity(within.len() / 4 + 2);
    let mut comments = Vec::new();
    for token in Lexer::new(text, within) {
        let of = token.span.of(text);
        let tok = match token.kind {
            TokenKind::Comment => {
                comments.push(token.span);
                continue;
            }
            TokenKind::Ident => Tok::Ident,
            TokenKind::Keyword => keyword(of),
            TokenKind::Number => Tok::Lit(number(of)),
            TokenKind::Rune => Tok::Lit(Op::Rune),
            TokenKind::String => Tok::Lit(Op::String),
            TokenKind::Operator => operator(of),
            TokenKind::Semicolon => Tok::Semicolon,
            TokenKind::Invalid => return Err(Unparsed),
        };
        tokens.push(Token { tok, span: token.span });
    }
    tokens.push(Token { tok: Tok::End, span: Span::at(within.end) });
    Ok((tokens, comments))
}

fn number(of: &str) -> Op {
    let bytes = of.as_bytes();
    let hex = bytes.len() > 1 && bytes[1] | 0x20 == b'x';
    let marks: &[u8] = if hex { b".pP" } else { b".eE" };
    if bytes.ends_with(b"i") {
        Op::Imag
    } else if bytes.iter().any(|b| marks.contains(b)) {
        Op::Float
    } else {
        Op::Int
    }
}

fn operator(of: &str) -> Tok {
    match of {
        "(" => Tok::LParen,
        ")" => Tok::RParen,
        "[" => Tok::LBrack,
        "]" => Tok::RBrack,
        "{" => Tok::LBrace,
        "}" => Tok::RBrace,
        "," => Tok::Comma,
        "." => Tok::Dot,
        ":" => Tok::Colon,
        _ => Tok::Op(Op::from_text(of)),
    }
}

fn keyword(of: &str) -> Tok {
    match of {
        "break" => Tok::Break,
        "case" => Tok::Case,
        "chan" => Tok::Chan,
        "const" => Tok::Const,
        "continue" => Tok::Continue,
        "default" => Tok::Default,
        "defer" => Tok::Defer,
        "else" => Tok::Else,
        "fallthrough" => Tok::Fallthrough,
        "for" => Tok::For,
        "func" => Tok::Func,
        "go" => Tok::Go,
        "goto" => Tok::Goto,
        "if" => Tok::If,
        "interface" => Tok::Interface,
        "map" => Tok::Map,
        "range" => Tok::Range,
        "return" => Tok::Return,
        "select" => Tok::Select,
        "struct" => Tok::Struct,
        "switch" => Tok::Switch,
        "type" => Tok::Type,
        "var" => Tok::Var,
        _ => Tok::Head,
    }
}
