//! Ranges of versions, as rules write them: `<1.4.0`, `>=1.2 <2`, `=1.5.0`.

use super::VersionError;
use crate::text::Span;
use std::str::FromStr;

/// Comparators that must all hold. `V` is [`Version`](super::Version) or
/// [`GoVersion`](super::GoVersion).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRange<V> {
    comparators: Vec<(Operator, V)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Less,
    LessOrEqual,
    Equal,
    GreaterOrEqual,
    Greater,
}

/// Longer operators come before their prefixes.
const OPERATORS: [(&str, Operator); 5] = [
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("<", Operator::Less),
    (">", Operator::Greater),
    ("=", Operator::Equal),
];

impl<V: Ord + FromStr<Err = VersionError>> VersionRange<V> {
    /// Reads comparators that commas or spaces separate; the `v` of a version may be left out, and
    /// space may stand behind an operator.
    ///
    /// # Errors
    /// The first mistake, with its place in `text`. A version without an operator is one: people
    /// expect different things of it.
    pub fn parse(text: &str) -> Result<Self, VersionError> {
        let mut comparators = Vec::new();
        let mut rest = text.trim_start();
        loop {
            let start = text.len() - rest.len();
            let (operator, version) = split_comparator(rest, start)?;
            let version_start = text.len() - version.len();
            let end = version.find([' ', '\t', ',', '<', '>', '=']).unwrap_or(version.len());
            let (version, after) = version.split_at(end);
            if version.is_empty() {
                let message = "expected a version after the operator";
                return Err(VersionError::new(Span::at(version_start), message));
            }
            let version = version.parse::<V>().map_err(|e| e.shifted(version_start))?;
            comparators.push((operator, version));
            rest = after.trim_start();
            match rest.strip_prefix(',') {
                Some(after) => rest = after.trim_start(),
                None if rest.is_empty() => break,
                None => {}
            }
        }
        Ok(Self { comparators })
    }

    /// Whether no version can be in the range, as in `>=2 <1`.
    pub fn is_empty(&self) -> bool {
        use Operator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual};
        let from =
            self.comparators.iter().filter(|(o, _)| matches!(o, Greater | GreaterOrEqual | Equal));
        from.clone().any(|(low, bottom)| {
            let to =
                self.comparators.iter().filter(|(o, _)| matches!(o, Less | LessOrEqual | Equal));
            to.clone().any(|(high, top)| {
                let strict = *low == Greater || *high == Less;
                bottom > top || (bottom == top && strict)
            })
        })
    }

    /// Whether all comparators hold for `version`.
    pub fn contains(&self, version: &V) -> bool {
        self.comparators.iter().all(|(operator, bound)| match operator {
            Operator::Less => version < bound,
            Operator::LessOrEqual => version <= bound,
            Operator::Equal => version == bound,
            Operator::GreaterOrEqual => version >= bound,
            Operator::Greater => version > bound,
        })
    }
}

/// The operator at the start of `rest`, which begins at byte `start` of the range, and what stands
/// behind it.
fn split_comparator(rest: &str, start: usize) -> Result<(Operator, &str), VersionError> {
    for (sign, operator) in OPERATORS {
        if let Some(version) = rest.strip_prefix(sign) {
            return Ok((operator, version.trim_start()));
        }
    }
    let end = rest.find([' ', '\t', ',']).unwrap_or(rest.len());
    let message = match &rest[..end] {
        "" => "expected a comparator such as `>=1.2.0`".to_owned(),
        word => format!("expected `<`, `<=`, `=`, `>=` or `>` before `{word}`"),
    };
    Err(VersionError::new(Span::new(start, start + end), message))
}

#[cfg(test)]
mod tests {
    use super::super::{GoVersion, Version};
    use super::*;

    fn holds(range: &str, version: &str) -> bool {
        VersionRange::<Version>::parse(range)
            .unwrap_or_else(|e| panic!("{range}: {e}"))
            .contains(&version.parse().expect("a version"))
    }

    #[test]
    fn comparators_hold_together() {
        assert!(holds("<1.4.0", "v1.3.9"));
        assert!(holds("<1.4.0", "v1.4.0-0.20230102030405-0123456789ab"));
        assert!(!holds("<1.4.0", "v1.4.0"));
        assert!(holds(">=1.2 <2", "v1.2.0") && !holds(">=1.2 <2", "v2.0.0"));
        assert!(holds(" >= v1.2 ,\t<2 ", "v1.9.0"));
        assert!(holds(">1.2<=1.3", "v1.3.0") && !holds(">1.2<=1.3", "v1.2.0"));
        assert!(holds("=1.5.0", "v1.5.0+incompatible") && !holds("=1.5.0", "v1.5.1"));
    }

    #[test]
    fn go_versions_have_ranges_too() {
        let range = VersionRange::<GoVersion>::parse(">=1.21").expect("a range");
        for (version, inside) in [("1.21", true), ("1.21rc1", true), ("1.20.9", false)] {
            assert_eq!(range.contains(&version.parse().expect("a version")), inside, "{version}");
        }
    }

    #[test]
    fn mistakes_have_a_place() {
        for (text, span) in [
            ("", 0..0),
            ("1.5.0", 0..5),
            (">=1.2, ", 7..7),
            (">=1.2,,<2", 6..6),
            (">=", 2..2),
            ("< >2", 2..2),
            (">=1.2 <x", 7..8),
            (">=1.2 || <1", 6..8),
            ("<1.x.0 >2", 3..6),
        ] {
            let error = VersionRange::<Version>::parse(text).expect_err(text);
            assert_eq!(error.span.range(), span, "{text}: {error}");
        }
    }
}
