//! The values of literals, from their text (Go specification, "Integer literals", "Rune literals",
//! "String literals").

use super::consts::Constant;
use crate::go::syntax::Op;

pub(super) fn literal(op: Op, text: &str) -> Option<Constant> {
    Some(match op {
        Op::Int => Constant::Int(integer(text)?),
        Op::Rune => {
            let inner = unquoted(text.strip_prefix('\'')?.strip_suffix('\'')?)?;
            Constant::Int(i128::from(u32::from(inner.chars().next()?)))
        }
        Op::String => Constant::String(string_value(text)?.into()),
        _ => return None,
    })
}

fn integer(text: &str) -> Option<i128> {
    let digits: String = text.chars().filter(|c| *c != '_').collect();
    let lower = digits.to_ascii_lowercase();
    let (radix, rest) = match lower.get(..2) {
        Some("0x") => (16, &lower[2..]),
        Some("0b") => (2, &lower[2..]),
        Some("0o") => (8, &lower[2..]),
        _ if lower.len() > 1 && lower.starts_with('0') => (8, &lower[1..]),
        _ => (10, &lower[..]),
    };
    i128::from_str_radix(rest, radix).ok()
}

/// The value of a string literal; none if it is not valid UTF-8 or not a literal.
pub fn string_value(literal: &str) -> Option<String> {
    if let Some(raw) = literal.strip_prefix('`') {
        return Some(raw.strip_suffix('`')?.replace('\r', ""));
    }
    unquoted(literal.strip_prefix('"')?.strip_suffix('"')?)
}

/// The text between quotes with its escapes resolved (Go specification, "Rune literals").
fn unquoted(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        rest = &rest[at + 1..];
        let escape = rest.chars().next()?;
        let simple = match escape {
            'a' => 7,
            'b' => 8,
            'f' => 12,
            'n' => 10,
            'r' => 13,
            't' => 9,
            'v' => 11,
            '\\' | '\'' | '"' => u8::try_from(escape).ok()?,
            _ => {
                let (radix, skip, len) = match escape {
                    'x' => (16, 1, 2),
                    'u' => (16, 1, 4),
                    'U' => (16, 1, 8),
                    '0'..='7' => (8, 0, 3),
                    _ => return None,
                };
                let code = u32::from_str_radix(rest.get(skip..skip + len)?, radix).ok()?;
                rest = &rest[skip + len..];
                if skip == 1 && len > 2 {
                    let mut bytes = [0; 4];
                    let c = char::from_u32(code)?;
                    out.extend_from_slice(c.encode_utf8(&mut bytes).as_bytes());
                } else {
                    out.push(u8::try_from(code).ok()?);
                }
                continue;
            }
        };
        out.push(simple);
        rest = &rest[1..];
    }
    out.extend_from_slice(rest.as_bytes());
    String::from_utf8(out).ok()
}
