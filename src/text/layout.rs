//! How a text is laid out in lines: where the line of an offset begins and ends, what it begins with,
//! how lines end; and code on one line. `\n` ends a line, a `\r` before it is a part of the line.

/// Where the line of `offset` begins.
pub fn line_start(text: &str, offset: usize) -> usize {
    memchr::memrchr(b'\n', &text.as_bytes()[..offset]).map_or(0, |at| at + 1)
}

/// Where the line of `offset` ends: at its `\n`, or with the text.
pub fn line_end(text: &str, offset: usize) -> usize {
    memchr::memchr(b'\n', &text.as_bytes()[offset..]).map_or(text.len(), |at| offset + at)
}

/// Where the line behind that of `offset` begins: behind its `\n`, or with the end of the text.
pub fn next_line_start(text: &str, offset: usize) -> usize {
    memchr::memchr(b'\n', &text.as_bytes()[offset..]).map_or(text.len(), |at| offset + at + 1)
}

/// Whether only spaces and tabs stand between a line end and `offset`.
pub fn begins_line(text: &str, offset: usize) -> bool {
    text[..offset].trim_end_matches([' ', '\t']).ends_with('\n')
}

/// The spaces and tabs that a line begins with.
pub fn indentation(line: &str) -> &str {
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// The spaces and tabs that the line of `offset` begins with.
pub fn indentation_at(text: &str, offset: usize) -> &str {
    indentation(&text[line_start(text, offset)..])
}

/// What ends the lines of a text.
pub fn line_ending(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// The code on one line, with a space for all white space between two words.
pub fn on_one_line(code: &str) -> String {
    code.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_from_behind_a_line_end_to_the_next() {
        let text = "a\n\tb c\r\nd";
        assert_eq!((line_start(text, 5), line_end(text, 5), next_line_start(text, 5)), (2, 7, 8));
        assert_eq!((line_start(text, 0), line_end(text, 1), next_line_start(text, 8)), (0, 1, 9));
        assert_eq!(
            (indentation_at(text, 5), indentation("  \n"), indentation("x")),
            ("\t", "  ", "")
        );
        assert!(begins_line(text, 3) && !begins_line(text, 5) && !begins_line(text, 0));
    }

    #[test]
    fn one_carriage_return_is_enough_for_a_line_ending() {
        assert_eq!(
            (line_ending("a\nb\r\n"), line_ending("a\n"), line_ending("")),
            ("\r\n", "\n", "\n")
        );
    }

    #[test]
    fn white_space_becomes_a_space() {
        assert_eq!(on_one_line("\tf(\n\t\ta,  b,\n)\n"), "f( a, b, )");
    }
}
