//! Residue: mentions of what the rules move or drop that are still there after a run.
//!
//! Comes in: the rules, once, then the text of each file as the run leaves it. Goes out: where an
//! old module or import path still stands, and what kind of place that is. Go files are asked only
//! where the run has looked anyway: an old path in a file is a reason for it to look.

use std::path::Path;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::go::lex::{Lexer, TokenKind};
use crate::go::source::SourceFile;
use crate::rule::compiled::{Action, GoModAction, ImportAction, RuleSet};
use crate::text::LineIndex;

/// What kind of place a mention stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MentionKind {
    /// An import of a Go file.
    Import,
    /// A string of a Go file.
    String,
    /// A comment of a Go file.
    Comment,
    /// A go.mod or go.work.
    GoMod,
    /// A go.sum.
    GoSum,
    /// The list of vendored modules.
    Vendor,
    /// How an image is built.
    Docker,
    /// What a CI service runs.
    Ci,
    /// A text for people.
    Docs,
    /// Another file.
    Other,
}

impl MentionKind {
    /// The kind in a word or two.
    pub fn as_str(self) -> &'static str {
        match self {
            MentionKind::Import => "import",
            MentionKind::String => "string",
            MentionKind::Comment => "comment",
            MentionKind::GoMod => "go.mod",
            MentionKind::GoSum => "go.sum",
            MentionKind::Vendor => "vendor/modules.txt",
            MentionKind::Docker => "Dockerfile",
            MentionKind::Ci => "CI",
            MentionKind::Docs => "docs",
            MentionKind::Other => "other",
        }
    }
}

/// An old name that is still there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mention {
    /// Path from the root, with `/`.
    pub path: String,
    /// Its line, from 1, after the run.
    pub line: usize,
    /// Its column in bytes, from 1.
    pub column: usize,
    /// The old path.
    pub name: String,
    /// What kind of place it is.
    pub kind: MentionKind,
    /// The line, shortened.
    pub text: String,
    /// Who owns the file.
    pub owners: Vec<String>,
}

/// The module and import paths that rules take away.
#[derive(Debug)]
pub struct OldNames {
    names: Vec<String>,
    /// Paths that rules bring, so that a longer one is not taken for an old one.
    new: Vec<String>,
    automaton: AhoCorasick,
}

/// The longest line that is shown whole, in characters.
const MAX_LINE: usize = 160;

impl OldNames {
    /// The old names that the rules speak of; nothing where there are none. A path without a dot,
    /// such as `dm`, is a word that texts are full of: it is left out.
    pub fn of(rules: &RuleSet) -> Option<Self> {
        let path = |id| rules.package(id).path.clone();
        let (mut names, mut new) = (Vec::new(), Vec::new());
        for rule in &rules.rules {
            match &rule.action {
                Action::Import(ImportAction::Move { from, to, symbols, .. }) => {
                    // Of a package that loses some names only the rest may stay.
                    if symbols.is_empty() {
                        names.push(path(*from));
                    }
                    new.push(path(*to));
                }
                Action::Import(ImportAction::Replace { from, to, .. }) => {
                    names.push(path(*from));
                    new.push(path(*to));
                }
                Action::Import(ImportAction::Remove { package }) => names.push(path(*package)),
                Action::GoMod(GoModAction::Move { from, to, .. }) => {
                    names.push(from.clone());
                    new.push(to.clone());
                }
                Action::GoMod(GoModAction::Drop { path }) => names.push(path.clone()),
                _ => {}
            }
        }
        names.retain(|name| name.contains('.') && !new.contains(name));
        names.sort_unstable();
        names.dedup();
        let mut builder = AhoCorasick::builder();
        let automaton = builder.match_kind(MatchKind::LeftmostLongest).build(&names).ok()?;
        (!names.is_empty()).then_some(Self { names, new, automaton })
    }

    /// Where old names stand: offset and name.
    fn places<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = (usize, &'a str)> {
        let found = self.automaton.find_iter(bytes).map(|m| (m.start(), m.end(), m.pattern()));
        found
            .filter(|(start, end, _)| self.is_whole(bytes, *start, *end))
            .map(|(start, _, name)| (start, self.names[name.as_usize()].as_str()))
    }

    /// Whether what stands there is the path itself or one below it, and no other module.
    fn is_whole(&self, bytes: &[u8], start: usize, end: usize) -> bool {
        let is_part = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'~');
        let before = start.checked_sub(1).map(|at| bytes[at]);
        let rest = &bytes[end..];
        // A dot ends a sentence, or goes on with the path.
        let goes_on = match rest {
            [b'.', next, ..] => is_part(*next),
            [next, ..] => is_part(*next),
            [] => false,
        };
        let version = rest.strip_prefix(b"/v").is_some_and(|digits| {
            let len = digits.iter().take_while(|b| b.is_ascii_digit()).count();
            len > 0 && !digits.get(len).is_some_and(|b| is_part(*b))
        });
        let here = &bytes[start..];
        let is_new = self.new.iter().any(|new| {
            new.len() > end - start
                && here
                    .strip_prefix(new.as_bytes())
                    .is_some_and(|r| !r.first().is_some_and(|b| is_part(*b)))
        });
        !before.is_some_and(|b| is_part(b) || b == b'.') && !goes_on && !version && !is_new
    }

    /// Whether there may be a mention in the bytes.
    pub fn any(&self, bytes: &[u8]) -> bool {
        self.places(bytes).next().is_some()
    }

    /// The mentions in the file at `path`, whose text after the run is `text`.
    pub fn mentions(&self, path: &str, text: &str) -> Vec<Mention> {
        let places: Vec<(usize, &str)> = self.places(text.as_bytes()).collect();
        if places.is_empty() {
            return Vec::new();
        }
        let lines = LineIndex::new(text);
        let is_go = Path::new(path).extension().is_some_and(|e| e == "go");
        let go = is_go.then(|| GoPlaces::new(text));
        let mention = |(offset, name): (usize, &str)| {
            let at = lines.line_col(offset);
            let line = lines.span(at.line - 1).of(text).trim();
            Mention {
                path: path.to_string(),
                line: at.line,
                column: at.column,
                name: name.to_string(),
                kind: go.as_ref().map_or_else(|| kind_of(path), |go| go.kind(offset)),
                text: line.chars().take(MAX_LINE).collect(),
                owners: Vec::new(),
            }
        };
        let mut all: Vec<Mention> = places.into_iter().map(mention).collect();
        // A line says it once.
        all.dedup_by(|b, a| (a.line, &a.name) == (b.line, &b.name));
        all
    }
}

/// What stands where in a Go file.
struct GoPlaces {
    imports: Vec<crate::text::Span>,
    comments: Vec<crate::text::Span>,
}

impl GoPlaces {
    fn new(text: &str) -> Self {
        let file = SourceFile::new("", text);
        let imports = file.imports().iter().map(|import| import.span).collect();
        let tokens = Lexer::all(text).filter(|t| t.kind == TokenKind::Comment);
        Self { imports, comments: tokens.map(|t| t.span).collect() }
    }

    fn kind(&self, offset: usize) -> MentionKind {
        if self.imports.iter().any(|span| span.contains_offset(offset)) {
            MentionKind::Import
        } else if self.comments.iter().any(|span| span.contains_offset(offset)) {
            MentionKind::Comment
        } else {
            MentionKind::String
        }
    }
}

/// The folders of CI services. Go skips them, and mentions in them break builds.
pub const CI_FOLDERS: [&str; 8] = [
    ".github",
    ".gitlab",
    ".gitea",
    ".circleci",
    ".buildkite",
    ".woodpecker",
    ".azure-pipelines",
    ".devcontainer",
];

/// The largest file that is asked for mentions, in bytes: more is data.
pub const MAX_FILE: u64 = 1 << 20;

/// Whether a file that no rule asks for may hold a mention that matters: by its name.
pub fn may_mention(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return false };
    if matches!(name, "go.sum" | "go.work.sum") || name.contains("Dockerfile") || is_ci_file(name) {
        return true;
    }
    if matches!(name, "Makefile" | "makefile" | "GNUmakefile" | "BUILD" | "WORKSPACE" | "README") {
        return true;
    }
    let extension = Path::new(name).extension().and_then(|e| e.to_str());
    extension.is_some_and(|extension| {
        let known = [
            "md",
            "markdown",
            "mdx",
            "rst",
            "adoc",
            "txt",
            "yaml",
            "yml",
            "json",
            "toml",
            "ini",
            "cfg",
            "conf",
            "properties",
            "env",
            "sh",
            "bash",
            "ps1",
            "mk",
            "bazel",
            "bzl",
            "nix",
            "tf",
            "hcl",
            "tmpl",
            "tpl",
            "html",
        ];
        known.contains(&extension)
    })
}

fn is_ci_file(name: &str) -> bool {
    matches!(
        name,
        ".gitlab-ci.yml"
            | ".travis.yml"
            | ".drone.yml"
            | "Jenkinsfile"
            | "azure-pipelines.yml"
            | ".golangci.yml"
    )
}

/// The kind of a place in a file that is not Go.
fn kind_of(path: &str) -> MentionKind {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let first = path.split('/').next().unwrap_or("");
    match name {
        "go.mod" | "go.work" => MentionKind::GoMod,
        "go.sum" | "go.work.sum" => MentionKind::GoSum,
        "modules.txt" if path.ends_with("vendor/modules.txt") => MentionKind::Vendor,
        _ if name.contains("Dockerfile") => MentionKind::Docker,
        _ if CI_FOLDERS.contains(&first) || is_ci_file(name) => MentionKind::Ci,
        _ if matches!(extension, "md" | "markdown" | "mdx" | "rst" | "adoc" | "txt" | "html") => {
            MentionKind::Docs
        }
        "README" => MentionKind::Docs,
        _ => MentionKind::Other,
    }
}
