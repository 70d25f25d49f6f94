//! Diagnostics for people: message, place with carets, help.
//!
//! Comes in: diagnostics and the texts that they point into. Goes out: a text for a terminal.
//! Nothing that stands in those texts reaches the terminal as a control character.

use std::collections::BTreeMap;

use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str,
};

use crate::text::{
    Diagnostic, FileId, Label, LineIndex, Severity, SourceMap, Span, masked, masked_in_place,
};

/// The diagnostics, in the order given, an empty line between two. Ends with a line end, or is
/// empty. With `color`, ANSI escapes mark the parts.
pub fn render(diagnostics: &[Diagnostic], sources: &SourceMap, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut lines = BTreeMap::new();
    for label in diagnostics.iter().flat_map(|diagnostic| &diagnostic.labels) {
        let index = || LineIndex::new(sources.text(label.file));
        lines.entry(label.file).or_insert_with(index);
    }
    let one =
        |diagnostic: &Diagnostic| renderer.render(&[group(diagnostic, sources, &lines)]) + "\n";
    diagnostics.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// Something to say about places that is no mistake.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// What there is to say, in one sentence.
    pub message: String,
    /// The places, the first one first.
    pub labels: Vec<Label>,
    /// What can be done about it.
    pub help: Option<String>,
}

/// The note, as [`render`] shows diagnostics.
pub fn render_note(note: &Note, sources: &SourceMap, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let files = note.labels.iter().map(|label| label.file);
    let lines = files.map(|file| (file, LineIndex::new(sources.text(file)))).collect();
    let message = masked(&note.message);
    let title = Level::NOTE.primary_title(normalize_untrusted_str(&message));
    let group = Group::with_title(title).elements(snippets(&note.labels, sources, &lines));
    renderer.render(&[with_help(group, note.help.as_deref())]) + "\n"
}

fn group<'a>(
    diagnostic: &'a Diagnostic,
    sources: &'a SourceMap,
    lines: &BTreeMap<FileId, LineIndex>,
) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level
        .primary_title(normalize_untrusted_str(&diagnostic.message))
        .id(diagnostic.code.as_str());
    let group = Group::with_title(title).elements(snippets(&diagnostic.labels, sources, lines));
    with_help(group, diagnostic.help.as_deref())
}

fn with_help<'a>(group: Group<'a>, help: Option<&'a str>) -> Group<'a> {
    match help {
        Some(help) => group.element(Level::HELP.message(normalize_untrusted_str(help))),
        None => group,
    }
}

/// The labels by file, in the order in which the files come up.
fn snippets<'a>(
    labels: &'a [Label],
    sources: &'a SourceMap,
    lines: &BTreeMap<FileId, LineIndex>,
) -> Vec<Snippet<'a, Annotation<'a>>> {
    let mut files: Vec<FileId> = Vec::new();
    for label in labels {
        if !files.contains(&label.file) {
            files.push(label.file);
        }
    }
    let of_file = |file: FileId| {
        let labels = labels.iter().enumerate().filter(|(_, label)| label.file == file);
        snippet(labels.collect(), sources.path(file), sources.text(file), &lines[&file])
    };
    files.into_iter().map(of_file).collect()
}

/// The lines that `labels`, which are never empty, are on; the first label of all has number 0.
fn snippet<'a>(
    labels: Vec<(usize, &'a Label)>,
    path: &str,
    text: &'a str,
    lines: &LineIndex,
) -> Snippet<'a, Annotation<'a>> {
    // Only the lines from the first label to the last are given away: a file with many mistakes
    // would otherwise be read as a whole for each.
    let covered = labels.iter().map(|(_, label)| label.span).reduce(Span::cover);
    let covered = covered.unwrap_or_default();
    let first = lines.line_of(covered.start);
    let start = lines.span(first).start;
    let end = lines.span(lines.line_of(covered.end)).end;
    let annotations = labels.into_iter().map(|(number, label)| {
        let kind = if number == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let annotation = kind.span(label.span.start - start..label.span.end - start);
        if label.text.is_empty() {
            annotation
        } else {
            annotation.label(normalize_untrusted_str(&label.text))
        }
    });
    Snippet::source(masked_in_place(&text[start..end]))
        .line_start(first + 1)
        .path(normalize_untrusted_str(path))
        .annotations(annotations)
}
