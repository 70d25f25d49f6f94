//! Versions of modules: semantic versions with a leading `v`, as `golang.org/x/mod/semver` reads
//! and orders them.

use super::{Decimal, VersionError, without_v};
use crate::text::Span;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

/// The version of a module, in canonical form: `v1.2` is `v1.2.0`, and of the build metadata only
/// `+incompatible` stays (`module.CanonicalVersion`).
///
/// Ordered by semantic-version precedence, so a pseudo-version such as
/// `v1.4.0-0.20230102030405-0123456789ab` is below `v1.4.0`. Build metadata does not count, neither
/// for the order nor for equality: `v2.0.0+incompatible` equals `v2.0.0`.
#[derive(Clone)]
pub struct Version {
    major: Decimal,
    minor: Decimal,
    patch: Decimal,
    /// Without its hyphen; empty for a release.
    prerelease: String,
    incompatible: bool,
}

impl Version {
    /// Reads a version as go.mod files write it, with its `v`.
    pub fn parse(text: &str) -> Result<Self, VersionError> {
        if !text.starts_with('v') {
            let message = "a module version begins with `v`, as in v1.2.3";
            return Err(VersionError::new(Span::new(0, text.len()), message));
        }
        text.parse()
    }

    /// The major version as paths write it: `v2`.
    pub fn major(&self) -> String {
        format!("v{}", self.major.0)
    }

    /// Whether the version is of a module without a go.mod of its own major version
    /// (`+incompatible`).
    pub fn is_incompatible(&self) -> bool {
        self.incompatible
    }

    /// Whether the version is below the release of the same number; pseudo-versions are.
    pub fn is_prerelease(&self) -> bool {
        !self.prerelease.is_empty()
    }

    /// Whether this is `v0.0.0-…`, the pseudo-version of a module without a tag.
    pub(super) fn is_untagged(&self) -> bool {
        [&self.major, &self.minor, &self.patch].iter().all(|n| n.0 == "0") && self.is_prerelease()
    }
}

/// Takes the `v` as optional: `1.2.3` is `v1.2.3`. Rules are written that way.
impl FromStr for Version {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        let (numbers, skipped) = without_v(text);
        let at = |rest: &str| text.len() - rest.len();
        let bad = |rest: &str, message: &str| {
            Err(VersionError::new(Span::new(at(rest).min(text.len()), text.len()), message))
        };
        debug_assert_eq!(at(numbers), skipped);
        let mut rest = numbers;
        let mut parts: Vec<Decimal> = Vec::with_capacity(3);
        loop {
            let Some((number, after)) = Decimal::cut(rest) else {
                return bad(rest, "expected a number without leading zeros, as in v1.2.3");
            };
            parts.push(number);
            rest = after;
            match rest.strip_prefix('.') {
                Some(after) if parts.len() < 3 => rest = after,
                _ => break,
            }
        }
        let complete = parts.len() == 3;
        parts.resize_with(3, Decimal::zero);
        let [major, minor, patch] = <[Decimal; 3]>::try_from(parts).expect("resized to three");
        let mut version =
            Self { major, minor, patch, prerelease: String::new(), incompatible: false };
        if complete && let Some(after) = rest.strip_prefix('-') {
            let end = after.find('+').unwrap_or(after.len());
            let (prerelease, build) = after.split_at(end);
            if !prerelease.split('.').all(|id| is_identifier(id) && !has_leading_zero(id)) {
                return bad(after, "expected dot-separated letters, digits and hyphens");
            }
            prerelease.clone_into(&mut version.prerelease);
            rest = build;
        }
        if complete && let Some(build) = rest.strip_prefix('+') {
            if !build.split('.').all(is_identifier) {
                return bad(build, "expected dot-separated letters, digits and hyphens");
            }
            version.incompatible = build == "incompatible";
            rest = "";
        }
        if rest.is_empty() { Ok(version) } else { bad(rest, "a version ends here, as in v1.2.3") }
    }
}

fn is_identifier(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

fn is_number(id: &str) -> bool {
    id.bytes().all(|b| b.is_ascii_digit())
}

fn has_leading_zero(id: &str) -> bool {
    is_number(id) && id.len() > 1 && id.starts_with('0')
}

/// Semantic versioning 2.0.0, section 11.
fn compare_prereleases(a: &str, b: &str) -> Ordering {
    if a.is_empty() || b.is_empty() {
        return a.is_empty().cmp(&b.is_empty());
    }
    let key = |id: &'_ str| (!is_number(id), if is_number(id) { id.len() } else { 0 });
    a.split('.').map(|id| (key(id), id)).cmp(b.split('.').map(|id| (key(id), id)))
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let numbers = |v: &'_ Self| (v.major.clone(), v.minor.clone(), v.patch.clone());
        numbers(self)
            .cmp(&numbers(other))
            .then_with(|| compare_prereleases(&self.prerelease, &other.prerelease))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Version {}

impl Hash for Version {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.major, &self.minor, &self.patch, &self.prerelease).hash(state);
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}.{}.{}", self.major.0, self.minor.0, self.patch.0)?;
        if self.is_prerelease() {
            write!(f, "-{}", self.prerelease)?;
        }
        f.write_str(if self.incompatible { "+incompatible" } else { "" })
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
    }

    #[test]
    fn the_order_is_that_of_semantic_versions() {
        let ascending = [
            "v0.0.0-20200101000000-000000000000",
            "v1.0.0-alpha",
            "v1.0.0-alpha.1",
            "v1.0.0-alpha.beta",
            "v1.0.0-beta",
            "v1.0.0-beta.2",
            "v1.0.0-beta.11",
            "v1.0.0-rc.1",
            "v1.0.0",
            "v1.4.0-0.20230102030405-0123456789ab",
            "v1.4.0",
            "v1.10.0",
            "v2.0.0+incompatible",
            "v99999999999999999999999.0.0",
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(version(a).cmp(&version(b)), i.cmp(&j), "{a} against {b}");
            }
        }
    }

    #[test]
    fn the_text_is_canonical() {
        for (written, canonical) in [
            ("1.2", "v1.2.0"),
            ("v3", "v3.0.0"),
            ("v1.2.3+meta", "v1.2.3"),
            ("v2.0.0+incompatible", "v2.0.0+incompatible"),
            ("v1.0.0-0.20230102030405-ab", "v1.0.0-0.20230102030405-ab"),
        ] {
            assert_eq!(version(written).to_string(), canonical);
        }
        assert_eq!(version("v2.0.0+incompatible"), version("v2"));
    }

    #[test]
    fn mistakes_have_a_place() {
        for (text, start) in [
            ("", 0),
            ("v", 1),
            ("v1.", 3),
            ("v01.2.3", 1),
            ("v1.2.3.4", 6),
            ("v1.2-rc", 4),
            ("v1.2.3-", 7),
            ("v1.2.3-a.01", 7),
            ("v1.2.3+", 7),
            ("master", 0),
        ] {
            let error = text.parse::<Version>().expect_err(text);
            assert_eq!(error.span, Span::new(start, text.len()), "{text}: {error}");
        }
        assert!(Version::parse("1.2.3").is_err(), "go.mod files want the v");
    }
}
