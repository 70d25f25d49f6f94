//! File names in patches, as git writes them with `core.quotePath` on.
//!
//! Comes in: a name of any bytes. Goes out: the name as it is, or in double quotes with C escapes
//! where it holds a byte outside of printable ASCII, a quote or a backslash.

use std::fmt::Write as _;

/// When a name stands in quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quoting {
    /// Where git would quote it.
    AsNeeded,
    /// Always; every reader takes that.
    Always,
}

/// Appends `prefix` and `name`, quoted as one.
pub(super) fn write(out: &mut String, prefix: &str, name: &[u8], quoting: Quoting) {
    let plain = |&b: &u8| matches!(b, b' '..=b'~') && b != b'"' && b != b'\\';
    if quoting == Quoting::Always || !name.iter().all(plain) {
        out.push('"');
        out.push_str(prefix);
        for &byte in name {
            write_escaped(out, byte);
        }
        out.push('"');
        return;
    }
    out.push_str(prefix);
    out.extend(name.iter().map(|&b| char::from(b)));
}

fn write_escaped(out: &mut String, byte: u8) {
    let letter = match byte {
        0x07 => 'a',
        0x08 => 'b',
        b'\t' => 't',
        b'\n' => 'n',
        0x0b => 'v',
        0x0c => 'f',
        b'\r' => 'r',
        b'"' | b'\\' => char::from(byte),
        b' '..=b'~' => return out.push(char::from(byte)),
        _ => {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\{byte:03o}");
            return;
        }
    };
    out.push('\\');
    out.push(letter);
}

#[cfg(test)]
mod tests {
    use super::Quoting;

    fn quoted(name: &[u8]) -> String {
        let mut out = String::new();
        super::write(&mut out, "a/", name, Quoting::AsNeeded);
        out
    }

    #[test]
    fn only_names_that_need_it_are_quoted() {
        assert_eq!(quoted(b"cmd/my file's.go"), "a/cmd/my file's.go");
        assert_eq!(quoted("é.go".as_bytes()), r#""a/\303\251.go""#);
        assert_eq!(quoted(b"a\"\\\t\n\x01\x7f\xff b"), r#""a/a\"\\\t\n\001\177\377 b""#);
    }
}
