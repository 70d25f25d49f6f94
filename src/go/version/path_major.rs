//! The major version that a module path promises by its last element: `/v2`, or `.v2` on
//! gopkg.in.

use super::Version;

/// A module path, split at its major-version suffix (`module.SplitPathVersion`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathMajor<'a> {
    /// The path without the suffix.
    pub prefix: &'a str,
    /// The suffix with its separator: `/v2`, `.v3`; empty for major versions 0 and 1.
    pub suffix: &'a str,
}

/// A version that a module path cannot have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MajorMismatch {
    /// What the path asks for: `v2`, or `v0 or v1`; `None` where the path itself is not valid, as
    /// with `/v1` or a gopkg.in path without `.vN`.
    pub expected: Option<String>,
    /// The major version that was given.
    pub found: String,
}

impl std::fmt::Display for MajorMismatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.expected {
            Some(expected) => write!(f, "the path asks for {expected}, not {}", self.found),
            None => f.write_str("the path does not end in a valid major version"),
        }
    }
}

impl<'a> PathMajor<'a> {
    /// Splits `path`; `None` where its suffix is not valid, as in `example.com/v1`, `x/v02`,
    /// `x/v1.2` or `gopkg.in/yaml`.
    pub fn split(path: &'a str) -> Option<Self> {
        let gopkg = path.starts_with("gopkg.in/");
        let numbered = if gopkg { path.strip_suffix("-unstable").unwrap_or(path) } else { path };
        let is_number = |b: u8| b.is_ascii_digit() || (!gopkg && b == b'.');
        let digits = numbered.len() - numbered.bytes().rev().take_while(|&b| is_number(b)).count();
        let separator = if gopkg { ".v" } else { "/v" };
        let prefix = numbered[..digits].strip_suffix(separator);
        let number = &numbered[digits..];
        match prefix {
            // A path that merely ends in digits has no suffix; only gopkg.in requires one.
            None => (!gopkg).then_some(Self { prefix: path, suffix: "" }),
            Some(_) if number.is_empty() => (!gopkg).then_some(Self { prefix: path, suffix: "" }),
            Some(_) if number.contains('.') => None,
            Some(_) if number.starts_with('0') && !(gopkg && number == "0") => None,
            Some(_) if number == "1" && !gopkg => None,
            Some(prefix) => Some(Self { prefix, suffix: &path[prefix.len()..] }),
        }
    }
}

/// Whether a module `path` can have `version` (`module.CheckPathMajor`): `/v2` needs v2, no suffix
/// needs v0, v1 or `+incompatible`.
pub fn check_path_major(path: &str, version: &Version) -> Result<(), MajorMismatch> {
    let found = version.major();
    let Some(PathMajor { suffix, .. }) = PathMajor::split(path) else {
        return Err(MajorMismatch { expected: None, found });
    };
    let stable = suffix.strip_suffix("-unstable").unwrap_or(suffix);
    let expected = stable.trim_start_matches(['/', '.']);
    // gopkg.in once gave untagged versions of .v1 the number v0.0.0.
    let old_gopkg = stable == ".v1" && version.is_untagged();
    let agrees = if suffix.is_empty() {
        found == "v0" || found == "v1" || version.is_incompatible()
    } else {
        found == expected || old_gopkg
    };
    let expected = if suffix.is_empty() { "v0 or v1" } else { expected };
    if agrees { Ok(()) } else { Err(MajorMismatch { expected: Some(expected.to_owned()), found }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_are_split_as_go_splits_them() {
        for (path, suffix) in [
            ("example.com/a", Some("")),
            ("example.com/a/v2", Some("/v2")),
            ("example.com/a/v10", Some("/v10")),
            ("example.com/a/v1", None),
            ("example.com/a/v02", None),
            ("example.com/a/v1.2", None),
            ("example.com/a/v", Some("")),
            ("example.com/rev2", Some("")),
            ("gopkg.in/yaml.v3", Some(".v3")),
            ("gopkg.in/yaml.v0", Some(".v0")),
            ("gopkg.in/yaml.v2-unstable", Some(".v2-unstable")),
            ("gopkg.in/yaml", None),
            ("gopkg.in/yaml.v02", None),
            ("gopkg.in/a/v2", None),
        ] {
            assert_eq!(PathMajor::split(path).map(|p| p.suffix), suffix, "{path}");
        }
    }

    #[test]
    fn a_version_agrees_with_its_path_or_not() {
        for (path, version, agrees) in [
            ("example.com/a", "v1.2.3", true),
            ("example.com/a", "v0.1.0", true),
            ("example.com/a", "v2.0.0", false),
            ("example.com/a", "v2.0.0+incompatible", true),
            ("example.com/a/v2", "v2.0.0", true),
            ("example.com/a/v2", "v1.0.0", false),
            ("gopkg.in/yaml.v2", "v2.4.0", true),
            ("gopkg.in/check.v1", "v0.0.0-20161208181325-20d25e280405", true),
            ("gopkg.in/check.v1-unstable", "v0.0.0-20161208181325-20d25e280405", true),
            ("gopkg.in/check.v1", "v0.0.0", false),
            ("gopkg.in/yaml.v2-unstable", "v2.0.0", true),
            ("gopkg.in/yaml", "v1.0.0", false),
        ] {
            let version = version.parse().expect("a version");
            assert_eq!(check_path_major(path, &version).is_ok(), agrees, "{path} {version}");
        }
    }
}
