//! Bytes to text. Comes in: the bytes of a file. Goes out: its text, if it is UTF-8.

/// Whether the bytes are UTF-8. UTF-16 is told by its byte-order mark, or by the zero in one half
/// of its first character where that is ASCII: those bytes could pass for UTF-8 otherwise.
pub fn is_utf8(bytes: &[u8]) -> bool {
    let is_utf16 = matches!(
        bytes,
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, 1..=0xff, ..] | [1..=0xff, 0, ..]
    );
    !is_utf16 && std::str::from_utf8(bytes).is_ok()
}

/// The text of the bytes, if they are UTF-8.
pub fn text(bytes: Vec<u8>) -> Option<String> {
    if is_utf8(&bytes) { String::from_utf8(bytes).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf16_is_told_with_and_without_its_mark() {
        let (le, be) = (|u: u16| u.to_le_bytes(), |u: u16| u.to_be_bytes());
        for text in ["package p", "\u{feff}package p", "\u{feff}// 达梦"] {
            assert!(is_utf8(text.as_bytes()));
            for order in [le, be] {
                let bytes: Vec<u8> = text.encode_utf16().flat_map(order).collect();
                assert!(!is_utf8(&bytes), "{bytes:?}");
            }
        }
    }

    #[test]
    fn other_encodings_are_no_text() {
        assert!(!is_utf8(b"package p // \xb4\xef\xc3\xce\n"), "GBK");
        assert!(!is_utf8(b"package p // caf\xe9\n"), "Latin 1");
        assert_eq!(text(b"package p\n".to_vec()).as_deref(), Some("package p\n"));
        assert_eq!(text(Vec::new()).as_deref(), Some(""));
    }
}
