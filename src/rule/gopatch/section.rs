//! The parts of a patch file. Comes in: its text. Goes out: its changes, each with the comments
//! above it, its name, and the lines of its metavariables and of its diff, comments left out.

use crate::text::{Code, Diagnostic, FileId, Span};

/// One change of a patch file: `@@`, metavariables, `@@`, a diff.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Change {
    /// The comments right above it, which tell the reviewer what it is for.
    pub comments: Vec<Span>,
    /// The line that opens it.
    pub header: Span,
    /// Its name: `@ name @`.
    pub name: Option<Span>,
    /// The lines between the two `@@`.
    pub metavariables: Vec<Span>,
    /// The lines of the diff.
    pub diff: Vec<Span>,
}

/// Takes a file apart.
pub(super) fn changes(file: FileId, text: &str) -> (Vec<Change>, Vec<Diagnostic>) {
    let mut changes: Vec<Change> = Vec::new();
    let mut diagnostics = Vec::new();
    let mut comments: Vec<Span> = Vec::new();
    let mut in_diff = true;
    for line in lines(text) {
        let written = line.of(text);
        if written.trim_start().starts_with('#') {
            comments.push(line);
            continue;
        }
        let above = std::mem::take(&mut comments);
        let is_fence = written.trim_end() == "@@";
        match changes.last_mut() {
            Some(_) if !in_diff && is_fence => in_diff = true,
            Some(change) if !in_diff => change.metavariables.push(line),
            _ if written.starts_with('@') => {
                let name = name(file, text, line, &mut diagnostics);
                changes.push(Change { comments: above, header: line, name, ..Change::default() });
                in_diff = false;
            }
            Some(change) => change.diff.push(line),
            None if written.trim().is_empty() => {}
            None => {
                let message = "a change begins with a line `@@`";
                let help = "write `@@`, the metavariables, `@@`, and the diff below them";
                diagnostics.push(error(file, line, message, help));
                return (changes, diagnostics);
            }
        }
    }
    if let Some(change) = changes.pop_if(|_| !in_diff) {
        let message = "the metavariables of this change do not end";
        let help = "write a second line `@@` above the diff";
        diagnostics.push(error(file, change.header, message, help));
    } else if changes.is_empty() && diagnostics.is_empty() {
        let message = "the file holds no change";
        let help = "write `@@`, the metavariables, `@@`, and the diff below them";
        diagnostics.push(error(file, Span::at(0), message, help));
    }
    (changes, diagnostics)
}

/// The lines of a text, without their ends.
fn lines(text: &str) -> impl Iterator<Item = Span> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let span = Span::new(at, at + line.trim_end_matches(['\n', '\r']).len());
        at += line.len();
        span
    })
}

/// The name in `@ name @`.
fn name(file: FileId, text: &str, line: Span, diagnostics: &mut Vec<Diagnostic>) -> Option<Span> {
    let written = line.of(text).trim_end();
    if written == "@@" {
        return None;
    }
    let inner = written.strip_prefix('@').and_then(|rest| rest.strip_suffix('@'));
    let name = inner.map(str::trim).filter(|name| crate::go::lex::is_identifier(name));
    let Some(name) = name else {
        let message = "a change begins with `@@`, or with its name: `@ name @`";
        let help = "write `@@`; a name is letters, digits and `_`";
        diagnostics.push(error(file, line, message, help));
        return None;
    };
    let start = line.start + written.find(name).unwrap_or_default();
    Some(Span::new(start, start + name.len()))
}

/// A mistake in a patch file.
pub(super) fn error(
    file: FileId,
    span: Span,
    message: impl Into<String>,
    help: impl Into<String>,
) -> Diagnostic {
    Diagnostic::error(Code::PatchSyntax, message).at(file, span, "").help(help)
}
