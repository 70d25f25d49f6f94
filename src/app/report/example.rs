//! One change as a diff: the lines of a site before and after, with two lines around them.

use serde::Serialize;

use crate::app::run::FileResult;
use crate::text::{LineIndex, Span, masked};

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
    /// The line without its end, passwords covered.
    pub text: String,
    /// Where it differs from the line of the other side, in bytes; nothing where all of it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<(usize, usize)>,
}

/// The change at `span` of a file; without edits there, just its lines.
pub fn example(file: &FileResult, lines: &LineIndex, span: Span) -> Example {
    let (first, last) = (lines.line_of(span.start), lines.line_of(span.end));
    let start = lines.span(first).start;
    // Without the line break: behind it is the next line, whose edits are another site's.
    let end = lines.span(last).of(&file.text).trim_end_matches(['\n', '\r']).len()
        + lines.span(last).start;
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
        let text = masked(text.trim_end_matches(['\n', '\r'])).into_owned();
        Self { sign, text, change: None }
    }
}

/// What a text becomes, line by line.
pub fn form(before: &str, after: &str) -> Vec<DiffLine> {
    let mut diff = Vec::new();
    changed(before, after, &mut diff);
    diff
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
    let (gone, come) = (&old_rest[..old_rest.len() - tail], &new_rest[..new_rest.len() - tail]);
    push(diff, "-", gone);
    push(diff, "+", come);
    if gone.len() == come.len() {
        let first = diff.len() - 2 * gone.len();
        let (minus, plus) = diff[first..].split_at_mut(gone.len());
        minus.iter_mut().zip(plus).for_each(|(minus, plus)| mark(minus, plus));
    }
    push(diff, " ", &old_rest[old_rest.len() - tail..]);
}

/// Marks where two lines differ, if they have something in common.
fn mark(minus: &mut DiffLine, plus: &mut DiffLine) {
    let (old, new) = (minus.text.as_str(), plus.text.as_str());
    let same = |(a, b): &(char, char)| a == b;
    let length = |common: usize, (c, _): (char, char)| common + c.len_utf8();
    let head = old.chars().zip(new.chars()).take_while(same).fold(0, length);
    let (old_rest, new_rest) = (&old[head..], &new[head..]);
    let tail = old_rest.chars().rev().zip(new_rest.chars().rev()).take_while(same).fold(0, length);
    let common = old[..head].trim_start().len() + old[old.len() - tail..].trim_end().len();
    if common > 0 {
        minus.change = Some((head, old.len() - tail));
        plus.change = Some((head, new.len() - tail));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(before: &str, after: &str) -> Vec<String> {
        let part = |line: DiffLine| match line.change {
            Some((start, end)) => format!("{}{}", line.sign, &line.text[start..end]),
            None => format!("{}|{}", line.sign, line.text),
        };
        form(before, after).into_iter().map(part).collect()
    }

    #[test]
    fn the_part_of_a_line_that_differs_is_marked() {
        assert_eq!(marked("f(a, b)", "f(a, c, b)"), ["-", "+c, "]);
        assert_eq!(marked("x := \"é\"", "x := \"è\""), ["-é", "+è"]);
        assert_eq!(marked("aa", "aaa"), ["-", "+a"]);
        assert_eq!(marked("\ta", "\tb"), ["-|\ta", "+|\tb"]);
        assert_eq!(marked("a(1)\nb", "a(2)\nb"), ["-1", "+2", " |b"]);
        assert_eq!(marked("a", "b\nc"), ["-|a", "+|b", "+|c"]);
    }
}
