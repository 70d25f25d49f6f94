//! What to say where a text is not YAML.
//!
//! Comes in: the parser's error and the events before it. Goes out: a diagnostic in the words of
//! a person who writes Go patterns, and, where the mistake is one value on one line, that value's
//! bytes, so that the rest of the file can be read.

use serde_saphyr::granit_parser::{self, ErrorKind, Event, ScalarStyle, ScanError};

use super::block;
use super::tree::bytes;
use crate::text::layout::{indentation, line_end, line_start};
use crate::text::{Code, Diagnostic, FileId, Span};

/// Keys whose value is text that can begin with a bracket.
const TEXT_KEYS: &[&str] =
    &["match", "rewrite", "report", "is", "is-not", "find", "replace", "title", "why", "about"];

/// Why YAML gave up, and the bytes to blank out to go on.
pub(super) struct Problem {
    pub diagnostic: Diagnostic,
    pub repair: Option<Span>,
}

/// Explains `error`, which came after `events`.
pub(super) fn explain(
    file: FileId,
    text: &str,
    error: &ScanError,
    events: &[(Event, granit_parser::Span)],
) -> Problem {
    let mut at = error.marker().byte_offset().unwrap_or(0).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let case = Case { file, text, at, kind: error.kind() };
    let last = events.last().and_then(|(event, span)| match event {
        Event::Scalar(_, ScalarStyle::Plain, ..) => Some(bytes(text, *span)),
        _ => None,
    });
    let in_flow = flow_depth(events) > 0;
    case.tab()
        .or_else(|| case.block())
        .or_else(|| case.crooked_key(last))
        .or_else(|| case.escape())
        .or_else(|| case.open_quote())
        .or_else(|| case.value_on_line(in_flow))
        .unwrap_or_else(|| case.anything_else())
}

fn flow_depth(events: &[(Event, granit_parser::Span)]) -> usize {
    use granit_parser::StructureStyle::Flow;
    let mut open = Vec::new();
    for (event, _) in events {
        match event {
            Event::SequenceStart(style, ..) | Event::MappingStart(style, ..) => {
                open.push(*style == Flow);
            }
            Event::SequenceEnd | Event::MappingEnd => drop(open.pop()),
            _ => {}
        }
    }
    open.iter().filter(|&&flow| flow).count()
}

/// A syntax error and where it came up.
struct Case<'a> {
    file: FileId,
    text: &'a str,
    at: usize,
    kind: &'a ErrorKind,
}

impl Case<'_> {
    fn problem(&self, message: &str, span: Span, label: &str, help: &str) -> Problem {
        let diagnostic =
            Diagnostic::error(Code::YamlSyntax, message).at(self.file, span, label).help(help);
        Problem { diagnostic, repair: None }
    }

    /// A tab that indents.
    fn tab(&self) -> Option<Problem> {
        use ErrorKind as K;
        if !matches!(
            self.kind,
            K::TabNotAllowed | K::TabInBlockIndentation | K::TabInIndentation | K::TabInPlainScalar
        ) && !matches!(self.kind, K::TabAtBlockScalarStart)
        {
            return None;
        }
        let mut start = line_start(self.text, self.at);
        for line in self.text[start..].split_inclusive('\n').take(3) {
            if let Some(tab) = indentation(line).find('\t') {
                let span = Span::new(start + tab, start + tab + 1);
                let message = "a tab indents this line";
                return Some(self.problem(
                    message,
                    span,
                    "",
                    "put spaces in its place; YAML indents with nothing else",
                ));
            }
            start += line.len();
        }
        None
    }

    /// Lines below `key: |` that are not in line.
    fn block(&self) -> Option<Problem> {
        let (message, span, help) = block::explain(self.text, self.at)?;
        Some(self.problem(&message, span, "", &help))
    }

    /// A key that is indented deeper than the keys above it, which makes it part of their text, or
    /// a key without a space behind its colon. `last`: the plain scalar before the error.
    fn crooked_key(&self, last: Option<Span>) -> Option<Problem> {
        if *self.kind != ErrorKind::MappingValueNotAllowed {
            return None;
        }
        let last = last.filter(|last| last.end == self.at)?;
        let written = last.of(self.text);
        let key_start = last.start + written.rfind('\n')? + 1;
        let key = self.text[key_start..last.end].trim_start();
        let first = written.lines().next().unwrap_or_default();
        let before =
            self.text[line_start(self.text, last.start)..last.start].trim_start_matches([' ', '-']);
        if let (true, Some((name, value))) = (before.is_empty(), first.split_once(':')) {
            let span = Span::at(last.start + name.len());
            let span = Span::new(span.start, span.start + 1);
            let help = format!("write `{name}: {value}`");
            return Some(self.problem("no space after this colon", span, "", &help));
        }
        let message = format!("`{key}` is indented deeper than the key above it");
        let help = format!("begin `{key}` in the same column as the key above it");
        let span = Span::new(last.end - key.len(), last.end);
        let label = "read as more of the value above";
        Some(self.problem(&message, span, label, &help))
    }

    /// A backslash in double quotes that YAML does not read: most often, a regular expression.
    fn escape(&self) -> Option<Problem> {
        if *self.kind != ErrorKind::UnknownQuotedScalarEscape {
            return None;
        }
        let (value, escape) = bad_escape(self.text, self.at)?;
        let message = format!("double quotes have no escape `{}`", escape.of(self.text));
        let inner = value.of(self.text).trim_matches('"').replace('\'', "''");
        let help = format!("write it in single quotes: '{inner}'");
        Some(Problem { repair: Some(value), ..self.problem(&message, escape, "", &help) })
    }

    /// A quote without an end, on a line that can be left out.
    fn open_quote(&self) -> Option<Problem> {
        if *self.kind != ErrorKind::UnclosedQuotedScalar {
            return None;
        }
        let value = LineValue::find(self.text, self.at)?.value;
        let span = Span::new(self.at, self.at + 1);
        let help = "add the closing quote, or put other quotes around a value that has one in it";
        let problem = self.problem("this quote is never closed", span, "", help);
        (value.start == self.at).then_some(Problem { repair: Some(value), ..problem })
    }

    /// A value on the error's line that has to be quoted.
    fn value_on_line(&self, in_flow: bool) -> Option<Problem> {
        if in_flow && !matches!(self.kind, ErrorKind::UnclosedFlowCollection { .. }) {
            return None;
        }
        let line = LineValue::find(self.text, self.at)?;
        let (code, span, message) = match line.value.of(self.text).chars().next()? {
            '"' | '\'' => {
                let message = "a value that begins with a quote ends at the next one".to_owned();
                (Code::UnquotedValue, line.value, message)
            }
            '[' | '{' if !TEXT_KEYS.contains(&line.key(self.text)) => return None,
            first if what_yaml_reads(first).is_some() => {
                (Code::UnquotedValue, line.value, unquoted_message(first))
            }
            _ if *self.kind == ErrorKind::MappingValueNotAllowed && self.at < line.value.end => {
                let span = Span::new(self.at, self.at + 1);
                (Code::YamlSyntax, span, "a second `: ` on one line".to_owned())
            }
            _ => return None,
        };
        let help = line.mended(self.text);
        let diagnostic = Diagnostic::error(code, message).at(self.file, span, "").help(help);
        Some(Problem { diagnostic, repair: Some(line.value) })
    }

    fn anything_else(&self) -> Problem {
        use ErrorKind as K;
        let rest = &self.text[self.at..];
        let first = rest.chars().next().unwrap_or('\n');
        let width = if matches!(first, '\n' | '\r') { 0 } else { first.len_utf8() };
        let span = Span::new(self.at, self.at + width);
        match self.kind {
            K::UnclosedFlowCollection { open } => {
                let message = format!("this `{open}` is never closed");
                self.problem(&message, span, "", "close it, or quote the value that it begins")
            }
            K::UnclosedQuotedScalar => {
                self.problem("this quote is never closed", span, "", "add the closing quote")
            }
            K::ExpectedBlockMappingKey | K::InvalidIndentation | K::ExpectedBlockSequenceEntry => {
                let message = "this line is not in line with the keys above it";
                let help = "keys of one map begin in one column, items of one list too";
                self.problem(message, span, "", help)
            }
            K::RecursionLimitExceeded => self.problem(
                "the values are nested too deep",
                span,
                "",
                "write fewer than 32 lists and maps inside each other",
            ),
            K::SimpleKeyExpected => {
                let line = rest.lines().next().unwrap_or_default().trim_end();
                let span = Span::new(self.at, self.at + line.len());
                let help = match line.split_once([':', ' ']) {
                    Some((key, value)) if key.chars().all(is_key) && !value.is_empty() => {
                        format!("write `{key}: {}`", value.trim_start())
                    }
                    _ => "write `key: value`, with a space after the colon".to_owned(),
                };
                self.problem("a line without `key: `", span, "", &help)
            }
            K::UnexpectedCharacter { character } => {
                let message = format!("YAML does not let a value begin with `{character}`");
                self.problem(&message, span, "", "write the value in quotes")
            }
            kind => {
                let message = format!("not YAML: {kind}");
                let help = "a value with `: `, ` #`, quotes or brackets in it is safe in quotes";
                self.problem(&message, span, "", help)
            }
        }
    }
}

/// The value of a line `key: value` or `- value`.
struct LineValue {
    /// From the key, or the value where there is none.
    lead: Span,
    value: Span,
}

impl LineValue {
    /// The value of the line that `at` is in, if `at` is in it or right behind.
    fn find(text: &str, at: usize) -> Option<Self> {
        let (start, end) = (line_start(text, at), line_end(text, at));
        let line = &text[start..end];
        let mut rest = line.trim_start_matches(' ');
        while let Some(item) = rest.strip_prefix("- ") {
            rest = item.trim_start_matches(' ');
        }
        let lead = end - rest.len();
        let key = rest.find(|c| !is_key(c)).filter(|&length| length > 0);
        let value = match key.and_then(|length| rest[length..].strip_prefix(": ")) {
            Some(value) => value,
            None if lead > start + (line.len() - line.trim_start().len()) => rest,
            None => return None,
        };
        let value_start = end - value.trim_start().len();
        let value_end = value_start + without_comment(value.trim()).len();
        let value = Span::new(value_start, value_end);
        (value.start <= at && at <= value.end && !value.is_empty())
            .then_some(Self { lead: Span::new(lead, value_start), value })
    }

    /// The key; empty for an item of a list.
    fn key<'t>(&self, text: &'t str) -> &'t str {
        self.lead.of(text).trim_end().trim_end_matches(':')
    }

    /// How to mend the line.
    fn mended(&self, text: &str) -> String {
        let key = Some(self.key(text)).filter(|key| !key.is_empty());
        quote_it(key, self.value.of(text))
    }
}

/// Whether `c` stands in the keys of rule files.
fn is_key(c: char) -> bool {
    c.is_alphanumeric() || "_-$./".contains(c)
}

fn without_comment(value: &str) -> &str {
    value.find(" #").map_or(value, |at| value[..at].trim_end())
}

/// The double-quoted value on one line at `start`, and the first escape in it that YAML does not
/// have.
fn bad_escape(text: &str, start: usize) -> Option<(Span, Span)> {
    let mut bad = None;
    let mut chars = text[start + 1..].char_indices().map(|(at, c)| (start + 1 + at, c));
    while let Some((at, c)) = chars.next() {
        match c {
            '\n' => return None,
            '"' => return Some((Span::new(start, at + 1), bad?)),
            '\\' => {
                let (next_at, next) = chars.next()?;
                if !"0abtnvfre \"/\\N_LPxuU\t\n\r".contains(next) {
                    bad = bad.or(Some(Span::new(at, next_at + next.len_utf8())));
                }
            }
            _ => {}
        }
    }
    None
}

/// What YAML takes an unquoted value for that begins with `first`; `None`: for text.
pub(super) fn what_yaml_reads(first: char) -> Option<&'static str> {
    Some(match first {
        '&' => "an anchor",
        '*' => "an alias",
        '!' => "a tag",
        '[' => "a list",
        '{' => "a map",
        '|' | '>' => "the head of a block of text",
        '-' | '?' => "the start of a list or a key",
        '@' | '`' => "a reserved character",
        '%' => "a directive",
        _ => return None,
    })
}

/// The cause, where a value begins with `first` and is not quoted.
pub(super) fn unquoted_message(first: char) -> String {
    let reads = what_yaml_reads(first).unwrap_or("something else");
    format!("YAML reads a value that begins with `{first}` as {reads}")
}

/// The help for a `value` that has to be quoted: the mended line, where it is short enough to be
/// read. Without a key it is an item of a list.
pub(super) fn quote_it(key: Option<&str>, value: &str) -> String {
    if value.contains('\n') || value.len() > 120 {
        return "write the value in quotes".to_owned();
    }
    let value = quoted(value);
    match key {
        Some(key) => format!("write it in quotes: {key}: {value}"),
        None => format!("write it in quotes: {value}"),
    }
}

/// `value` as a YAML string in quotes, readable first: no escapes if it can be.
pub(super) fn quoted(value: &str) -> String {
    if value.contains(['"', '\\']) {
        format!("'{}'", value.replace('\'', "''"))
    } else {
        format!("\"{value}\"")
    }
}
