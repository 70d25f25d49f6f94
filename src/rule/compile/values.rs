//! The small languages inside of values: regular expressions, globs, versions. Comes in: a text of
//! a rule file. Goes out: it compiled, or a diagnostic whose caret stands inside the value.

use globset::{GlobBuilder, GlobMatcher, GlobSet, GlobSetBuilder};
use regex::{Regex, RegexBuilder};

use crate::go::version::{Version, VersionError, VersionRange};
use crate::rule::spec::SpannedStr;
use crate::text::{Code, Diagnostic, FileId, Span};

/// How large a compiled expression may become, in bytes.
const REGEX_LIMIT: usize = 4 << 20;

/// Compiles a regular expression; it runs in linear time.
pub(super) fn regex(file: FileId, text: &SpannedStr) -> Result<Regex, Diagnostic> {
    let built = RegexBuilder::new(text.as_str()).size_limit(REGEX_LIMIT).build();
    built.map_err(|error| {
        let (span, message, help) = match &error {
            regex::Error::CompiledTooBig(_) => {
                let message = "the regular expression becomes too large".to_owned();
                (text.span(), message, "repeat less: `x{1,1000}` is a thousand copies".to_owned())
            }
            error => syntax_error(text, &error.to_string()),
        };
        Diagnostic::error(Code::BadRegex, message).at(file, span, "").help(help)
    })
}

/// Compiles a regular expression of a condition, which puts nothing back.
pub(super) fn tested(file: FileId, text: &SpannedStr) -> Result<Regex, Diagnostic> {
    regex(file, text).map_err(|diagnostic| {
        if diagnostic.message.contains("look-around") {
            diagnostic.help(
                "say what is not meant with `is-not`, as in `{text: '^Read', is-not: ReadDir}`, \
                 or write out what is: `^(ReadAll|ReadFile)$`",
            )
        } else {
            diagnostic
        }
    })
}

/// Reads the text that the `regex` crate has for people: the expression, a line of carets below it
/// and the cause. Where it has another form, the whole value is meant.
fn syntax_error(text: &SpannedStr, shown: &str) -> (Span, String, String) {
    let lines: Vec<&str> = shown.lines().collect();
    let cause = lines.iter().find_map(|line| line.strip_prefix("error: "));
    let cause = cause.unwrap_or("it does not parse");
    let carets = lines.windows(2).find_map(|pair| {
        let is_expression = pair[0].strip_prefix("    ") == Some(text.as_str());
        let carets = pair[1].strip_prefix("    ").filter(|_| is_expression)?;
        let first = carets.find('^')?;
        Some((first, first + carets.matches('^').count()))
    });
    let span = carets.map_or(text.span(), |(from, to)| {
        let offset = |nth| {
            let mut chars = text.as_str().char_indices();
            chars.nth(nth).map_or(text.as_str().len(), |(at, _)| at)
        };
        text.map_span(Span::new(offset(from), offset(to)))
    });
    let help = if cause.contains("look-around") {
        "match more and put it back with a group: `(...)` and `$1`"
    } else if cause.contains("unclosed") || cause.contains("unopened") {
        "close it, or write a backslash before a bracket that is meant as itself"
    } else {
        "a backslash before a character such as `(`, `[`, `*` or `?` takes it as itself"
    };
    (span, format!("bad regular expression: {cause}"), help.to_owned())
}

/// Compiles globs on paths that are relative to the repository's root; `None` where there are
/// none, or none is good.
pub(super) fn globs(
    file: FileId,
    texts: &[SpannedStr],
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<GlobSet> {
    let mut set = GlobSetBuilder::new();
    let before = diagnostics.len();
    for text in texts {
        match glob(file, text) {
            Ok(glob) => {
                set.add(glob);
            }
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    if texts.is_empty() || diagnostics.len() > before {
        return None;
    }
    match set.build() {
        Ok(set) => Some(set),
        Err(error) => {
            let message = format!("the globs are too much together: {error}");
            let span = texts[0].span();
            let help = "write fewer or simpler ones";
            diagnostics
                .push(Diagnostic::error(Code::BadGlob, message).at(file, span, "").help(help));
            None
        }
    }
}

fn glob(file: FileId, text: &SpannedStr) -> Result<globset::Glob, Diagnostic> {
    let bad = |span, message: String, help: &str| {
        Err(Diagnostic::error(Code::BadGlob, message).at(file, span, "").help(help))
    };
    let written = text.as_str();
    if written.starts_with('!') {
        let span = text.map_span(Span::new(0, 1));
        let help = "name the files that are meant; `unless-files` leaves files out";
        return bad(span, "a glob says which files are meant, not which are not".into(), help);
    }
    if let Some(root) = ["/", "./", "../"].iter().find(|prefix| written.starts_with(**prefix)) {
        let span = text.map_span(Span::new(0, root.len()));
        let help = "begin with a folder of the repository, or with `**/` for any folder";
        let message = format!("paths are relative to the root, they do not begin with `{root}`");
        return bad(span, message, help);
    }
    let built = GlobBuilder::new(written).literal_separator(true).backslash_escape(true).build();
    built.or_else(|error| {
        let help = "`*` is part of a name, `**/` any folder, `{a,b}` either, `[ab]` a character";
        bad(text.span(), format!("bad glob: {}", error.kind()), help)
    })
}

/// Compiles a glob of the name of a folder.
pub(super) fn name_glob(file: FileId, text: &SpannedStr) -> Result<GlobMatcher, Diagnostic> {
    if let Some(at) = text.as_str().find('/') {
        let span = text.map_span(Span::new(at, at + 1));
        let help = "write the name alone, such as `mysql` or `{mysql,postgres*}`";
        let message = "this is a glob of a folder's name, not of a path";
        return Err(Diagnostic::error(Code::BadGlob, message).at(file, span, "").help(help));
    }
    glob(file, text).map(|glob| glob.compile_matcher())
}

/// A version of a module, as go.mod has it.
pub(super) fn version(file: FileId, text: &SpannedStr) -> Result<Version, Diagnostic> {
    Version::parse(text.as_str()).map_err(|error| {
        let help = "write a version as go.mod has it: v1.2.3";
        version_error(file, text, &error, help)
    })
}

/// A range of versions.
pub(super) fn range<V>(file: FileId, text: &SpannedStr) -> Result<VersionRange<V>, Diagnostic>
where
    V: Ord + std::str::FromStr<Err = VersionError>,
{
    VersionRange::parse(text.as_str()).map_err(|error| {
        let word = error.span.of(text.as_str());
        let version = word.trim_matches(|c: char| !c.is_alphanumeric());
        let is_version = version.parse::<V>().is_ok();
        let help = match word.chars().next() {
            Some('^' | '~') if is_version => {
                format!("say where it ends: `>={version} <…`, comparators that must all hold")
            }
            _ if is_version => {
                format!("write `>={version}` for that and newer, `={version}` for that alone")
            }
            _ => "write comparators that must all hold: `>=1.2 <2`".to_owned(),
        };
        version_error(file, text, &error, &help)
    })
}

fn version_error(file: FileId, text: &SpannedStr, error: &VersionError, help: &str) -> Diagnostic {
    Diagnostic::error(Code::BadVersion, error.message.clone())
        .at(file, text.map_span(error.span), "")
        .help(help)
}
