//! Bytes to text. Comes in: the bytes of a file. Goes out: its text, if it is UTF-8.

/// The text of the bytes, if they are UTF-8. UTF-16 is told by its byte-order mark, or by the zero
/// in one half of its first character where that is ASCII: such bytes could pass for UTF-8.
pub fn as_text(bytes: &[u8]) -> Option<&str> {
    let is_utf16 = matches!(
        bytes,
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, 1..=0xff, ..] | [1..=0xff, 0, ..]
    );
    if is_utf16 { None } else { std::str::from_utf8(bytes).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf16_is_told_with_and_without_its_mark() {
        let (le, be) = (|u: u16| u.to_le_bytes(), |u: u16| u.to_be_bytes());
        for text in ["package p", "\u{feff}package p", "\u{feff}// 达梦"] {
            assert!(as_text(text.as_bytes()).is_some());
            for order in [le, be] {
                let bytes: Vec<u8> = text.encode_utf16().flat_map(order).collect();
                assert!(as_text(&bytes).is_none(), "{bytes:?}");
            }
        }
    }

    #[test]
    fn other_encodings_are_no_text() {
        assert!(as_text(b"package p // \xb4\xef\xc3\xce\n").is_none(), "GBK");
        assert!(as_text(b"package p // caf\xe9\n").is_none(), "Latin 1");
        assert_eq!(as_text(b"package p\n"), Some("package p\n"));
        assert_eq!(as_text(b""), Some(""));
    }
}
