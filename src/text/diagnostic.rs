//! What can be wrong with what a person wrote, as a value: a code, spans, one cause, one help.
//!
//! Comes in: a mistake that a parser or a check found. Goes out: something that the app renders
//! with a caret, and that machine formats carry as it is.

use super::Span;

/// How serious a diagnostic or a finding is. The order is by weight, lightest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Severity {
    /// For information.
    Note,
    /// Something to look at.
    #[default]
    Warning,
    /// Nothing is done as long as it stands.
    Error,
}

/// A text that diagnostics point into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(usize);

/// The texts that diagnostics point into, with the paths under which people know them.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<(String, String)>,
}

impl SourceMap {
    /// Adds a text under the path that messages show.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        self.files.push((path.into(), text.into()));
        FileId(self.files.len() - 1)
    }

    /// Paths and texts, in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The path under which the file is known.
    pub fn path(&self, id: FileId) -> &str {
        &self.files[id.0].0
    }

    /// The text of the file.
    pub fn text(&self, id: FileId) -> &str {
        &self.files[id.0].1
    }
}

/// A span of a file and what is to be said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub file: FileId,
    /// Where in it.
    pub span: Span,
    /// A few words beside the caret; may be empty.
    pub text: String,
}

/// A mistake, with the place that it was made at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of mistake; stable, for documentation and for tests.
    pub code: Code,
    /// Errors stop the run before anything is rewritten.
    pub severity: Severity,
    /// The cause, in one sentence without a final stop.
    pub message: String,
    /// The place, and other places that explain it. The first is the primary one.
    pub labels: Vec<Label>,
    /// What to do about it, in one sentence without a final stop.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error without a place; add one with [`Diagnostic::at`].
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels: Vec::new(),
            help: None,
        }
    }

    /// A warning without a place; add one with [`Diagnostic::at`].
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// Adds a place. The first one added is where the caret goes.
    #[must_use]
    pub fn at(mut self, file: FileId, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { file, span, text: text.into() });
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal),+ $(,)?) => {
        /// The kinds of mistakes. The text is what people see and what tests and documentation
        /// name; it never changes once released.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[$doc])* $name),+ }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Code] = &[$(Code::$name),+];

            /// The code as people see it, in kebab case.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text),+ }
            }
        }
    };
}

codes! {
    /// The file is not YAML.
    YamlSyntax = "yaml-syntax",
    /// A key that the rule language does not have.
    UnknownKey = "unknown-key",
    /// A key that must be there is not.
    MissingKey = "missing-key",
    /// A key that stands twice in one map.
    DuplicateKey = "duplicate-key",
    /// A value of the wrong kind, or not one of the allowed ones.
    BadValue = "bad-value",
    /// A plain YAML value that begins with a character that YAML reads as syntax.
    UnquotedValue = "unquoted-value",
    /// A rule without a key that says what it does, or with two.
    RuleKind = "rule-kind",
    /// A rule id that is not kebab case.
    BadId = "bad-id",
    /// Two rules with one id.
    DuplicateId = "duplicate-id",
    /// A pattern that is not Go in any context.
    PatternSyntax = "pattern-syntax",
    /// A diff that is none: a line without a sign, nothing that goes or comes, a construct that is
    /// not supported.
    PatchSyntax = "patch-syntax",
    /// A template that is not Go in the context of its pattern.
    TemplateSyntax = "template-syntax",
    /// A metavariable in a template or a condition that no pattern binds.
    UnboundMetavariable = "unbound-metavariable",
    /// A package name that nothing declares.
    UnknownPackage = "unknown-package",
    /// A name that its package does not have, or that is probably no name but a metavariable.
    UnknownName = "unknown-name",
    /// A parameter that nothing declares.
    UnknownParameter = "unknown-parameter",
    /// A template filter that does not exist.
    UnknownFilter = "unknown-filter",
    /// A regular expression that does not compile.
    BadRegex = "bad-regex",
    /// A glob that does not compile.
    BadGlob = "bad-glob",
    /// A version or version range that is not one.
    BadVersion = "bad-version",
    /// A template that its own pattern matches without end.
    EndlessRewrite = "endless-rewrite",
    /// A rule that no case shows, at work or at rest.
    MissingCase = "missing-case",
    /// A case whose Go does not parse.
    BrokenCase = "broken-case",
    /// A rule that matches nothing, whatever the code.
    NeverMatches = "never-matches",
    /// A rule whose matches an earlier one always takes.
    HiddenRule = "hidden-rule",
    /// A rule that every Go file is searched for.
    SlowRule = "slow-rule",
    /// A pack that cannot be read or found.
    PackUnreadable = "pack-unreadable",
    /// Packs that extend each other in a circle.
    PackCycle = "pack-cycle",
    /// A rule named on the command line or in a configuration that no pack has.
    UnknownRule = "unknown-rule",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_kebab_case_and_distinct() {
        let mut seen = std::collections::BTreeSet::new();
        for code in Code::ALL {
            let text = code.as_str();
            assert!(text.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{text}");
            assert!(seen.insert(text), "{text} stands twice");
        }
    }
}
