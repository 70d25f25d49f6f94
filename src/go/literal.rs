//! String literals and their values (Go specification, "String literals").

use super::lex::quoted_len;

/// The value of a string literal with its quotes, interpreted or raw; `None` where it is none, or
/// where its bytes are no UTF-8.
pub fn unquote(literal: &str) -> Option<String> {
    if let Some(raw) = literal.strip_prefix('`') {
        // Carriage returns are discarded from the value of a raw string.
        return Some(raw.strip_suffix('`')?.replace('\r', ""));
    }
    let inner = literal.strip_prefix('"')?.strip_suffix('"')?;
    if !inner.contains('\\') {
        return Some(inner.to_string());
    }
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        rest = escape(&rest[at + 1..], &mut bytes)?;
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8(bytes).ok()
}

/// The value of a string literal as [`unquote`] has it, and where in the literal each of its bytes
/// is spelled: one offset more than the value has bytes, the last that of the closing quote.
pub fn unquote_with_places(literal: &str) -> Option<(String, Vec<usize>)> {
    let value = unquote(literal)?;
    let mut places = Vec::with_capacity(value.len() + 1);
    let inner = literal.get(1..literal.len().checked_sub(1)?)?;
    let is_raw = literal.starts_with('`');
    let mut rest = inner;
    while let Some(first) = rest.chars().next() {
        let at = 1 + inner.len() - rest.len();
        let mut bytes = Vec::new();
        rest = match first {
            '\r' if is_raw => &rest[1..],
            '\\' if !is_raw => escape(&rest[1..], &mut bytes)?,
            plain => {
                bytes.extend_from_slice(plain.encode_utf8(&mut [0; 4]).as_bytes());
                &rest[plain.len_utf8()..]
            }
        };
        places.extend(bytes.iter().map(|_| at));
    }
    places.push(literal.len() - 1);
    (places.len() == value.len() + 1).then_some((value, places))
}

/// Reads what stands after a backslash; gives the rest.
fn escape<'t>(text: &'t str, out: &mut Vec<u8>) -> Option<&'t str> {
    let first = text.chars().next()?;
    let digits = |radix: u32, from: usize, len: usize| {
        u32::from_str_radix(text.get(from..from + len)?, radix).ok()
    };
    let simple = match first {
        'a' => Some(7),
        'b' => Some(8),
        'f' => Some(12),
        'n' => Some(b'\n'),
        'r' => Some(b'\r'),
        't' => Some(b'\t'),
        'v' => Some(11),
        '\\' | '\'' | '"' => u8::try_from(first).ok(),
        _ => None,
    };
    if let Some(byte) = simple {
        out.push(byte);
        return Some(&text[1..]);
    }
    let (value, len) = match first {
        'x' => (digits(16, 1, 2)?, 3),
        '0'..='7' => (digits(8, 0, 3)?, 3),
        'u' => (digits(16, 1, 4)?, 5),
        'U' => (digits(16, 1, 8)?, 9),
        _ => return None,
    };
    if matches!(first, 'u' | 'U') {
        out.extend_from_slice(char::from_u32(value)?.encode_utf8(&mut [0; 4]).as_bytes());
    } else {
        out.push(u8::try_from(value).ok()?);
    }
    Some(&text[len..])
}

/// An interpreted string literal with that value.
pub fn quote(value: &str) -> String {
    format!("\"{}\"", quote_into(value, '"'))
}

/// `value` as it is spelled inside a literal with that quote. In a raw string, which cannot hold
/// a backquote, one is left out of the raw part and added as an interpreted one.
pub fn quote_into(value: &str, quote: char) -> String {
    if quote == '`' {
        return value.replace('`', "` + \"`\" + `");
    }
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

/// Splits a list at its commas, those inside brackets and literals aside; parts are trimmed, empty
/// ones left out.
pub fn split_list(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let (mut depth, mut start, mut at) = (0usize, 0, 0);
    let mut parts = Vec::new();
    while at < bytes.len() {
        match bytes[at] {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'"' | b'\'' | b'`' => {
                at += quoted_len(&bytes[at..]).unwrap_or(bytes.len() - at);
                continue;
            }
            b',' if depth == 0 => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    parts.push(text[start.min(text.len())..].trim());
    parts.retain(|p| !p.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_have_the_values_that_the_specification_gives() {
        assert_eq!(unquote(r#""a\tb\x41\101\u65e5\"""#).as_deref(), Some("a\tbAA日\""));
        assert_eq!(unquote("`a\\n\r\n`").as_deref(), Some("a\\n\n"));
        assert_eq!(unquote(r#""\xff""#), None, "no UTF-8");
        assert_eq!(unquote(r#""\q""#), None);
        for value in ["", "a\"b\\c\n\t\u{1}日"] {
            assert_eq!(unquote(&quote(value)).as_deref(), Some(value));
        }
    }

    #[test]
    fn each_byte_of_a_value_has_its_place_in_the_literal() {
        let places = |literal: &str| unquote_with_places(literal).expect("a literal");
        assert_eq!(places(r#""a\tb""#), ("a\tb".into(), vec![1, 2, 4, 5]));
        assert_eq!(places("`a\r\nb`"), ("a\nb".into(), vec![1, 3, 4, 5]));
        assert_eq!(places(r#""\u65e5é""#).1, [1, 1, 1, 7, 7, 9]);
        assert_eq!(places(r#""""#), (String::new(), vec![1]));
        assert_eq!(unquote_with_places(r#""\xff""#), None);
    }

    #[test]
    fn lists_are_split_at_their_own_commas() {
        assert_eq!(
            split_list("a, f(b, c), \"d,\", [2]int{1, 2},"),
            ["a", "f(b, c)", "\"d,\"", "[2]int{1, 2}"]
        );
    }
}
