//! One change as a diff: the lines of a site before and after, with two lines around them.

use serde::Serialize;

use crate::app::run::FileResult;
use crate::text::{LineIndex, Span};

/// Lines of context before and behind.
const CONTEXT: usize = 2;

/// The most lines of an example; what is longer is cut.
const MAX_LINES: usize = 40;

/// A change as it stands in a file.
#[derive(Clone, Debug, Serialize)]
pub struct Example {
    /// Path from the root.
    pub path: String,
    /// The first line of the site, from 1.
    pub line: usize,
    /// The lines of the diff.
    pub diff: Vec<DiffLine>,
}

/// A line of a diff.
#[derive(Clone, Debug, Serialize)]
pub struct DiffLine {
    /// ` `, `-` or `+`.
    pub sign: &'static str,
    /// The line without its end.
    pub text: String,
}

/// The change at `span` of a file; without edits there, just its lines.
pub fn example(file: &FileResult, lines: &LineIndex, span: Span) -> Example {
    let (first, last) = (lines.line_of(span.start), lines.line_of(span.end));
    let start = lines.span(first).start;
    let end = lines.span(last).end;
    // Edits that reach beyond the lines would be cut in two.
    let region = file
        .outcome
        .edits
        .iter()
        .filter(|e| e.span.start <= end && start <= e.span.end)
        .fold(Span::new(start, end), |all, e| all.cover(e.span));
    let first = lines.line_of(region.start);
    let last = lines.line_of(region.end);
    let region = Span::new(lines.span(first).start, lines.span(last).end);
    let old = region.of(&file.text);
    let new = file.outcome.edits.apply_within(&file.text, region);
    let mut diff = Vec::new();
    for line in first.saturating_sub(CONTEXT)..first {
        diff.push(DiffLine::new(" ", lines.span(line).of(&file.text)));
    }
    changed(old, &new, &mut diff);
    for line in (last + 1)..(last + 1 + CONTEXT).min(lines.count()) {
        diff.push(DiffLine::new(" ", lines.span(line).of(&file.text)));
    }
    if diff.last().is_some_and(|line| line.text.is_empty() && line.sign == " ") {
        diff.pop();
    }
    if diff.len() > MAX_LINES {
        diff.truncate(MAX_LINES);
        diff.push(DiffLine::new(" ", "…"));
    }
    let path = crate::app::check::problem::slashed(&file.path);
    Example { path, line: lines.line_of(span.start) + 1, diff }
}

impl DiffLine {
    fn new(sign: &'static str, text: &str) -> Self {
        Self { sign, text: text.trim_end_matches(['\n', '\r']).to_string() }
    }
}

/// The old and new lines, without those at both ends that stay.
fn changed(old: &str, new: &str, diff: &mut Vec<DiffLine>) {
    let old: Vec<&str> = old.lines().collect();
    let new: Vec<&str> = new.lines().collect();
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old[head..], &new[head..]);
    let same = old_rest.iter().rev().zip(new_rest.iter().rev());
    let tail = same.take_while(|(a, b)| a == b).count();
    let push = |diff: &mut Vec<DiffLine>, sign, lines: &[&str]| {
        diff.extend(lines.iter().map(|line| DiffLine::new(sign, line)));
    };
    push(diff, " ", &old[..head]);
    push(diff, "-", &old_rest[..old_rest.len() - tail]);
    push(diff, "+", &new_rest[..new_rest.len() - tail]);
    push(diff, " ", &old_rest[old_rest.len() - tail..]);
}
