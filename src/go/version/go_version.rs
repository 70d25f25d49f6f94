//! Versions of Go itself, as the `go` directive names them and as `go/version` orders them.

use super::{Decimal, VersionError, without_v};
use crate::text::Span;
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// A version of Go: `1.21`, `1.21.3`, `1.22rc1`.
///
/// From Go 1.21 on, `1.21` is the language version, below `1.21rc1` and `1.21.0`; before that,
/// `1.20` is the release `1.20.0`, above its release candidates (`internal/gover`).
#[derive(Clone, Debug)]
pub struct GoVersion {
    text: String,
    key: Key,
}

/// Ordered field by field: a missing patch is below any number, no kind is below `alpha`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key {
    major: Decimal,
    minor: Decimal,
    patch: Option<Decimal>,
    kind: String,
    prerelease: Option<Decimal>,
}

impl GoVersion {
    /// What a module without a `go` directive is held to: Go 1.16 (Go modules reference, "go
    /// directive").
    pub fn without_directive() -> Self {
        let sixteen = Decimal("16".to_owned());
        let key = Key {
            major: Decimal("1".to_owned()),
            minor: sixteen,
            patch: Some(Decimal::zero()),
            kind: String::new(),
            prerelease: None,
        };
        Self { text: "1.16".to_owned(), key }
    }

    /// The language version of a file whose build tag asks for this one, in a module whose go.mod
    /// says `directive`. A tag lowers the version of a newer module to Go 1.21 at most (`go/types`:
    /// before that release, tags had no such meaning).
    #[must_use]
    pub fn in_module(&self, directive: &GoVersion) -> GoVersion {
        let oldest = Self {
            text: "1.21".to_owned(),
            key: Key {
                minor: Decimal("21".to_owned()),
                patch: None,
                ..Self::without_directive().key
            },
        };
        let floor = if *directive < oldest { directive.clone() } else { oldest };
        if *self < floor { floor } else { self.clone() }
    }
}

/// Takes a leading `v` as written by habit.
impl FromStr for GoVersion {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        let (written, _) = without_v(text);
        let bad = |rest: &str, message: &str| {
            Err(VersionError::new(Span::new(text.len() - rest.len(), text.len()), message))
        };
        let number = "expected a number without leading zeros, as in 1.21.3";
        let Some((major, rest)) = Decimal::cut(written) else { return bad(written, number) };
        let done = |minor, patch, kind: &str, prerelease| {
            let kind = kind.to_owned();
            let key = Key { major: major.clone(), minor, patch, kind, prerelease };
            Ok(Self { text: written.to_owned(), key })
        };
        if rest.is_empty() {
            return done(Decimal::zero(), Some(Decimal::zero()), "", None);
        }
        let Some(rest) = rest.strip_prefix('.') else {
            return bad(rest, "expected a dot, as in 1.21");
        };
        let Some((minor, rest)) = Decimal::cut(rest) else { return bad(rest, number) };
        if rest.is_empty() {
            let is_release = minor < Decimal("21".to_owned());
            return done(minor, is_release.then(Decimal::zero), "", None);
        }
        if let Some(patch) = rest.strip_prefix('.') {
            return match Decimal::cut(patch) {
                Some((patch, "")) => done(minor, Some(patch), "", None),
                Some((_, rest)) => bad(rest, "a Go version ends here, as in 1.21.3"),
                None => bad(patch, number),
            };
        }
        let end = rest.bytes().position(|b| !b.is_ascii_lowercase()).unwrap_or(rest.len());
        let (kind, prerelease) = rest.split_at(end);
        match Decimal::cut(prerelease) {
            _ if kind.is_empty() => bad(rest, "expected a dot or rc1, as in 1.21.3 or 1.22rc1"),
            Some((prerelease, "")) => done(minor, None, kind, Some(prerelease)),
            None if prerelease.is_empty() => done(minor, None, kind, None),
            _ => bad(prerelease, number),
        }
    }
}

impl Ord for GoVersion {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}

impl PartialOrd for GoVersion {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for GoVersion {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for GoVersion {}

impl std::hash::Hash for GoVersion {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

impl fmt::Display for GoVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> GoVersion {
        text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
    }

    #[test]
    fn the_order_is_that_of_go_version() {
        let ascending = [
            "1",
            "1.2",
            "1.10",
            "1.16rc1",
            "1.16",
            "1.20",
            "1.21",
            "1.21alpha",
            "1.21beta2",
            "1.21rc1",
            "1.21rc10",
            "1.21.0",
            "1.21.3",
            "1.22rc1",
            "2",
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(version(a).cmp(&version(b)), i.cmp(&j), "{a} against {b}");
            }
        }
        assert_eq!(version("1.20"), version("v1.20.0"));
        assert_eq!(GoVersion::without_directive(), version("1.16"));
    }

    #[test]
    fn mistakes_have_a_place() {
        for (text, start) in
            [("", 0), ("go1.21", 0), ("1.", 2), ("1.021", 2), ("1.21.3rc1", 6), ("1.21-x", 4)]
        {
            let error = text.parse::<GoVersion>().expect_err(text);
            assert_eq!(error.span, Span::new(start, text.len()), "{text}: {error}");
        }
    }
}
