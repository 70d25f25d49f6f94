//! The directives of formats, as package fmt reads them. Comes in: the value of a format. Goes out:
//! where each directive stands and how many arguments it takes; `%%` is text.

use crate::text::Span;

/// A directive of a format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Directive {
    pub(super) span: Span,
    /// `%s` or `%v`: prints a string as it is.
    pub(super) is_plain: bool,
    /// How many arguments it takes; none where it says which.
    pub(super) takes: Option<usize>,
}

pub(super) fn directives(format: &str) -> Vec<Directive> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = format[at..].find('%').map(|s| s + at) {
        let rest = &format[start + 1..];
        let Some(len) = rest.find(|c: char| !"+-# 0123456789.*[]".contains(c)) else {
            // `%!(NOVERB)`: text, as far as this goes.
            break;
        };
        let verb = rest[len..].chars().next().unwrap_or_default();
        let flags = &rest[..len];
        at = start + 1 + len + verb.len_utf8();
        if verb == '%' {
            continue;
        }
        let takes = (!flags.contains('[')).then(|| 1 + flags.matches('*').count());
        let is_plain = flags.is_empty() && matches!(verb, 's' | 'v');
        found.push(Directive { span: Span::new(start, at), is_plain, takes });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_are_found_with_their_flags() {
        let text = "a%s%%b%-*d%[2]v%q%5%%";
        let found: Vec<(&str, bool, Option<usize>)> =
            directives(text).iter().map(|d| (d.span.of(text), d.is_plain, d.takes)).collect();
        let expected = [
            ("%s", true, Some(1)),
            ("%-*d", false, Some(2)),
            ("%[2]v", false, None),
            ("%q", false, Some(1)),
        ];
        assert_eq!(found, expected);
    }
}
