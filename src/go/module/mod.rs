//! go.mod and go.work as text with structure.
//!
//! Comes in: the text of such a file, valid or not. Goes out: what its directives say, with spans,
//! and changes as edits of that same text: requirements raised, moved and dropped the way
//! `go mod edit` would, with every other byte left alone. A file that `go mod edit -fmt` would not
//! touch stays one. Nothing is read from disk and no version is looked up.

mod add;
mod change;
mod directive;
mod draft;
mod follow;
mod syntax;
#[cfg(test)]
mod tests;
mod vendor;

use crate::go::version::{GoVersion, Version};
use crate::text::Span;
use directive::{Directives, FileKind};
use syntax::Syntax;

pub use change::{Change, IfAbsent, Outcome};
pub use vendor::vendor_problems;

/// A line, or a part of one, that Go would refuse. The line is kept as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The wrong part, in bytes of the file.
    pub span: Span,
    /// The cause, in one sentence without a final stop.
    pub message: String,
}

/// `require PATH VERSION`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Require {
    /// The module path, without quotes.
    pub path: String,
    /// The token of the path, quotes included.
    pub path_span: Span,
    /// The version, in canonical form.
    pub version: Version,
    /// The token of the version, quotes included.
    pub version_span: Span,
    /// Whether a `// indirect` comment marks it.
    pub indirect: bool,
    /// The whole line with its line end.
    pub line: Span,
    at: usize,
}

/// `replace PATH [VERSION] => TARGET`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replace {
    /// The module that is replaced.
    pub path: String,
    /// The token of that path, quotes included.
    pub path_span: Span,
    /// The only version that is replaced; all of them without it.
    pub version: Option<Version>,
    /// What stands in.
    pub target: ReplaceTarget,
    /// The whole line with its line end.
    pub line: Span,
    at: usize,
}

/// What a module is replaced by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplaceTarget {
    /// A folder, relative to the file's own or absolute, as written.
    Directory(String),
    /// Another module, or the same at another version.
    Module {
        /// Its path.
        path: String,
        /// Its version.
        version: Version,
    },
}

/// `exclude PATH VERSION`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclude {
    /// The module path, without quotes.
    pub path: String,
    /// The token of the path, quotes included.
    pub path_span: Span,
    /// The version that may not be chosen.
    pub version: Version,
    /// The token of the version, quotes included.
    pub version_span: Span,
    /// The whole line with its line end.
    pub line: Span,
    at: usize,
}

/// `tool PATH`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tool {
    /// The path of the tool's package.
    pub path: String,
    /// The token of the path, quotes included.
    pub path_span: Span,
    /// The whole line with its line end.
    pub line: Span,
    at: usize,
}

/// `use DIRECTORY` in a go.work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The folder of a module, relative to the go.work, as written.
    pub path: String,
    /// The token of the path, quotes included.
    pub path_span: Span,
    /// The whole line with its line end.
    pub line: Span,
}

/// The version of a module that a build takes code from, as far as one go.mod tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EffectiveVersion {
    /// The go.mod does not require the module.
    NotRequired,
    /// The required version, or that of the module which replaces it.
    Version(Version),
    /// A folder replaces the module, and folders have no version.
    Directory(String),
}

/// A go.mod file.
#[derive(Clone, Debug)]
pub struct ModFile {
    syntax: Syntax,
    directives: Directives,
}

impl ModFile {
    /// Reads a go.mod. Never fails: see [`ModFile::problems`].
    pub fn parse(text: &str) -> Self {
        let mut syntax = Syntax::parse(text);
        let directives = Directives::read(&mut syntax, FileKind::Mod);
        Self { syntax, directives }
    }

    /// The text that was parsed.
    pub fn text(&self) -> &str {
        &self.syntax.text
    }

    /// The path of the `module` directive.
    pub fn module_path(&self) -> Option<&str> {
        self.directives.module.as_deref()
    }

    /// The version of the `go` directive; see [`GoVersion::without_directive`].
    pub fn go_version(&self) -> Option<&GoVersion> {
        self.directives.go.as_ref()
    }

    /// The name of the `toolchain` directive.
    pub fn toolchain(&self) -> Option<&str> {
        self.directives.toolchain.as_deref()
    }

    /// The requirements, in the order of the file.
    pub fn requires(&self) -> &[Require] {
        &self.directives.requires
    }

    /// The replacements, in the order of the file.
    pub fn replaces(&self) -> &[Replace] {
        &self.directives.replaces
    }

    /// The exclusions, in the order of the file.
    pub fn excludes(&self) -> &[Exclude] {
        &self.directives.excludes
    }

    /// The tools, in the order of the file.
    pub fn tools(&self) -> &[Tool] {
        &self.directives.tools
    }

    /// What Go would refuse, in the order of the file. A byte-order mark, which Go refuses too, is
    /// not among it.
    pub fn problems(&self) -> &[Problem] {
        &self.syntax.problems
    }

    /// The highest required version of `path`.
    pub fn required_version(&self, path: &str) -> Option<&Version> {
        self.requires().iter().filter(|r| r.path == path).map(|r| &r.version).max()
    }

    /// The required version of `path`, or that of the module which replaces it; a replacement in
    /// the go.work wins over one in the go.mod (Go modules reference, "Workspaces").
    pub fn effective_version(&self, path: &str, work: Option<&WorkFile>) -> EffectiveVersion {
        let Some(required) = self.required_version(path) else {
            return EffectiveVersion::NotRequired;
        };
        match self.replacement(path, required, work).map(|r| &r.target) {
            None => EffectiveVersion::Version(required.clone()),
            Some(ReplaceTarget::Module { version, .. }) => {
                EffectiveVersion::Version(version.clone())
            }
            Some(ReplaceTarget::Directory(path)) => EffectiveVersion::Directory(path.clone()),
        }
    }

    /// The replacement that is in force for `version` of `path`.
    pub fn replacement<'a>(
        &'a self,
        path: &str,
        version: &Version,
        work: Option<&'a WorkFile>,
    ) -> Option<&'a Replace> {
        work.and_then(|work| in_force(work.replaces(), path, version))
            .or_else(|| in_force(self.replaces(), path, version))
    }
}

/// The replacement of `path` at `version`: one for that very version goes before one for all.
fn in_force<'a>(replaces: &'a [Replace], path: &str, version: &Version) -> Option<&'a Replace> {
    let of_path = || replaces.iter().rev().filter(|r| r.path == path);
    of_path()
        .find(|r| r.version.as_ref() == Some(version))
        .or_else(|| of_path().find(|r| r.version.is_none()))
}

/// A go.work file.
#[derive(Clone, Debug)]
pub struct WorkFile {
    syntax: Syntax,
    directives: Directives,
}

impl WorkFile {
    /// Reads a go.work. Never fails: see [`WorkFile::problems`].
    pub fn parse(text: &str) -> Self {
        let mut syntax = Syntax::parse(text);
        let directives = Directives::read(&mut syntax, FileKind::Work);
        Self { syntax, directives }
    }

    /// The text that was parsed.
    pub fn text(&self) -> &str {
        &self.syntax.text
    }

    /// The version of the `go` directive.
    pub fn go_version(&self) -> Option<&GoVersion> {
        self.directives.go.as_ref()
    }

    /// The folders of the workspace's modules, in the order of the file.
    pub fn uses(&self) -> &[Use] {
        &self.directives.uses
    }

    /// The replacements, in the order of the file.
    pub fn replaces(&self) -> &[Replace] {
        &self.directives.replaces
    }

    /// What Go would refuse, in the order of the file.
    pub fn problems(&self) -> &[Problem] {
        &self.syntax.problems
    }
}
