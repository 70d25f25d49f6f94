//! The word that every match of a regular expression begins with: files without it need not be
//! parsed. Comes in: an expression. Goes out: a word, if `^`, the word and something that is no part
//! of a word are what it begins with.

/// The word; a literal that writes its letters as escapes is not thought of.
pub(super) fn first_word(regex: &str) -> Option<String> {
    let rest = regex.strip_prefix('^')?;
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_')?;
    let word = &rest[..end];
    let behind = rest[end..].chars().next()?;
    // What repeats or escapes the last letter, or what a word goes on with.
    let is_whole = !"?*+{\\[(|.".contains(behind);
    (!word.is_empty() && is_whole && !has_alternatives(rest)).then(|| word.to_owned())
}

/// Whether the expression as a whole is one of several.
fn has_alternatives(regex: &str) -> bool {
    let mut depth = 0usize;
    let mut chars = regex.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            '|' if depth == 0 => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_word_that_every_match_begins_with_counts() {
        assert_eq!(first_word("^dm://[^@]*$").as_deref(), Some("dm"));
        assert_eq!(first_word("^dm:(a|b)").as_deref(), Some("dm"));
        assert_eq!(first_word("^dm$").as_deref(), Some("dm"));
        for other in
            ["dm://", "^dm", "^dms?:", "^dm|^x", "^dm:a|b", r"^dm\w", "(?i)^dm:", "^[dD]m:"]
        {
            assert_eq!(first_word(other), None, "{other}");
        }
    }
}
