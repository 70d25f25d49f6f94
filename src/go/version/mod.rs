//! Versions as Go orders them: of modules and of Go itself, ranges of both, and the major version
//! that a module path promises.
//!
//! Comes in: the text of a rule or of a go.mod. Goes out: values that compare as
//! `golang.org/x/mod/semver` and `go/version` compare, or an error with the place of the mistake.
//! The `semver` crate does not fit: it orders build metadata, knows no `v1.2`, and limits numbers
//! to 64 bits, which Go does not.

mod go_version;
mod module_version;
mod path_major;
mod range;

pub use go_version::GoVersion;
pub use module_version::Version;
pub use path_major::{MajorMismatch, PathMajor, check_path_major};
pub use range::VersionRange;

use crate::text::Span;
use std::cmp::Ordering;

/// Why a text is not a version or not a range of versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionError {
    /// The wrong part, in bytes of the text that was given; empty where something is missing.
    pub span: Span,
    /// The cause, in one sentence without a final stop.
    pub message: String,
}

impl VersionError {
    fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into() }
    }

    /// The same error for a text that this one begins at `offset` of.
    #[must_use]
    pub fn shifted(mut self, offset: usize) -> Self {
        self.span = Span::new(self.span.start + offset, self.span.end + offset);
        self
    }
}

impl std::fmt::Display for VersionError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for VersionError {}

/// A decimal number of any length without leading zeros, ordered by value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Decimal(String);

impl Decimal {
    /// The number at the start of `text`, and the rest. `None` without a digit, or with a zero
    /// before another digit.
    fn cut(text: &str) -> Option<(Self, &str)> {
        let end = text.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(text.len());
        let (digits, rest) = text.split_at(end);
        let fits = !digits.is_empty() && (digits == "0" || !digits.starts_with('0'));
        fits.then(|| (Self(digits.to_owned()), rest))
    }

    fn zero() -> Self {
        Self("0".to_owned())
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.0.len(), &self.0).cmp(&(other.0.len(), &other.0))
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// `text` without the `v` that a person may write before a version, and the bytes it took.
fn without_v(text: &str) -> (&str, usize) {
    text.strip_prefix('v').map_or((text, 0), |rest| (rest, 1))
}
