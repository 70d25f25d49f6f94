//! What stands in every text that a regular expression finds: files without it need not be parsed.
//! Comes in: an expression. Goes out: texts of which one is in each match, whatever the case of its
//! letters. Nothing is said where no text is certain; what is said may be less than is known.

use regex_syntax::hir::{Class, Hir, HirKind};

/// Shorter texts stand in every file.
const SHORTEST: usize = 2;

/// Texts in lower case; every match holds one of them. `None` where that is not known.
pub(super) fn texts_of(regex: &str) -> Option<Vec<String>> {
    let found = match known(&regex_syntax::parse(regex).ok()?) {
        Known::All(text) => vec![text],
        Known::OneOf(texts) => texts,
        Known::Nothing => return None,
    };
    let mut found: Vec<String> = found.into_iter().collect();
    found.sort_unstable();
    found.dedup();
    (shortest(&found) >= SHORTEST).then_some(found)
}

/// What is known of the matches of a part of an expression.
enum Known {
    /// Each is this text.
    All(String),
    /// Each holds one of these.
    OneOf(Vec<String>),
    Nothing,
}

fn known(part: &Hir) -> Known {
    match part.kind() {
        HirKind::Empty | HirKind::Look(_) => Known::All(String::new()),
        HirKind::Literal(literal) => of_literal(&literal.0),
        HirKind::Class(class) => letter(class).map_or(Known::Nothing, |c| Known::All(c.into())),
        HirKind::Capture(capture) => known(&capture.sub),
        HirKind::Repetition(repeated) => match known(&repeated.sub) {
            Known::All(text) if repeated.min > 0 => Known::OneOf(vec![text]),
            one @ Known::OneOf(_) if repeated.min > 0 => one,
            _ => Known::Nothing,
        },
        HirKind::Concat(parts) => in_a_row(parts.iter().map(known)),
        HirKind::Alternation(parts) => {
            let mut all = Vec::new();
            for part in parts {
                match known(part) {
                    Known::All(text) => all.push(text),
                    Known::OneOf(texts) => all.extend(texts),
                    Known::Nothing => return Known::Nothing,
                }
            }
            Known::OneOf(all)
        }
    }
}

/// What is known of parts that follow each other: the longest text, of several the shortest of which
/// is the longest.
fn in_a_row(parts: impl Iterator<Item = Known>) -> Known {
    let (mut row, mut best, mut is_whole) = (String::new(), Vec::new(), true);
    let mut offer = |texts: Vec<String>| {
        if shortest(&texts) > shortest(&best) {
            best = texts;
        }
    };
    for part in parts {
        match part {
            Known::All(text) => {
                row.push_str(&text);
                continue;
            }
            Known::OneOf(texts) => offer(texts),
            Known::Nothing => {}
        }
        is_whole = false;
        offer(vec![std::mem::take(&mut row)]);
    }
    if is_whole {
        return Known::All(row);
    }
    offer(vec![row]);
    if best.is_empty() { Known::Nothing } else { Known::OneOf(best) }
}

/// The length of the shortest text; 0 without any.
pub(super) fn shortest(texts: &[String]) -> usize {
    texts.iter().map(String::len).min().unwrap_or_default()
}

/// A literal as source code spells it in either quoting; a backquote is in one of them alone.
fn of_literal(bytes: &[u8]) -> Known {
    let is_plain = |b: &u8| (b.is_ascii_graphic() || *b == b' ') && !b"\"\\".contains(b);
    if bytes.iter().all(is_plain) {
        return Known::All(bytes.iter().map(|b| char::from(b.to_ascii_lowercase())).collect());
    }
    let rows = bytes.split(|b| !is_plain(b)).filter_map(|row| std::str::from_utf8(row).ok());
    let longest = rows.max_by_key(|row| row.len()).filter(|row| !row.is_empty());
    longest.map_or(Known::Nothing, |row| Known::OneOf(vec![row.to_ascii_lowercase()]))
}

/// A class that is a letter in either case.
fn letter(class: &Class) -> Option<char> {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class.ranges().iter().map(|r| (r.start(), r.end())).collect(),
        Class::Bytes(class) => {
            class.ranges().iter().map(|r| (r.start().into(), r.end().into())).collect()
        }
    };
    let [upper, lower] = ranges[..] else { return None };
    let single = upper.0 == upper.1 && lower.0 == lower.1;
    let same = upper.0.is_ascii_uppercase() && upper.0.to_ascii_lowercase() == lower.0;
    (single && same).then_some(lower.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_match_holds_one_of_the_texts() {
        let texts = |regex: &str| texts_of(regex).unwrap_or_default().join("|");
        assert_eq!(texts(r"(?i)\bgroup_concat\s*\("), "group_concat");
        assert_eq!(texts(r"(?i)\bon\s+duplicate\s+key\b"), "duplicate");
        assert_eq!(texts("ab|cde+"), "ab|cd");
        assert_eq!(texts("(one|other) thing"), " thing");
        assert_eq!(texts("(other|than) x"), "other|than");
        assert_eq!(texts("^DM://"), "dm://");
        // `k` and `s` have a third form in Unicode.
        assert_eq!(texts("(?i)skate"), "ate");
        assert_eq!(texts("(?i-u:skate)"), "skate");
        assert_eq!(texts("line\nbehind"), "behind");
        assert_eq!(texts("from `[a-z]"), "from `");
        for nothing in ["", "a", ".*", "(abc)?", "abc|", r"\d+", "abc|."] {
            assert_eq!(texts_of(nothing), None, "{nothing}");
        }
    }
}
