//! Strings with values in them. Comes in: a template. Goes out: the same one for any values.

use super::{LiteralPart, Piece, TemplateToken};
use crate::go::lex::Lexer;

/// The text of a template in which `$_` stands for string literals with values in them: what was
/// written with other values is the same form. `None` where there are none.
pub(super) fn any_string(text: &str, tokens: &[TemplateToken]) -> Option<String> {
    let mut any = text.to_owned();
    let mut found = false;
    for token in tokens.iter().rev() {
        let Piece::Literal(_, parts) = &token.piece else { continue };
        if !parts.iter().any(|part| matches!(part, LiteralPart::Value(_))) {
            continue;
        }
        let literal = Lexer::all(&text[token.at..]).next()?;
        any.replace_range(token.at..token.at + literal.span.end, "$_");
        found = true;
    }
    found.then_some(any)
}
