//! Hunks: changed lines with the lines around them.
//!
//! Comes in: a text and the edits of it. Goes out: the hunks of a unified diff. Edits first widen
//! to whole lines (a region), a region narrows to the lines that really change, and changes that
//! lie close together share a hunk. Apart from counting newlines, only lines in or near a region
//! are looked at.

use super::line_diff::line_diff;
use crate::text::layout::{line_start, next_line_start};
use crate::text::{Edit, EditSet, Span};
use std::borrow::Cow;
use std::fmt::Write as _;

/// Lines of context before and behind a change, as git has it.
const CONTEXT: usize = 3;

/// The longest heading that git prints, in bytes.
const MAX_HEADING: usize = 80;

/// A run of old lines that becomes a run of new lines; either may be empty, not both.
#[derive(Debug)]
pub(super) struct Change<'a> {
    /// The old lines, from the start of a line to the start of another or the end of the text.
    old: Span,
    /// The new lines.
    new: Cow<'a, str>,
}

impl<'a> Change<'a> {
    /// All of a new file.
    pub(super) fn create(new: &'a str) -> Self {
        Self { old: Span::at(0), new: Cow::Borrowed(new) }
    }

    /// All of a file that goes.
    pub(super) fn delete(old: &'a str) -> Self {
        Self { old: Span::new(0, old.len()), new: Cow::Borrowed("") }
    }
}

/// The lines of `old` that `edits` really change, in order.
pub(super) fn changes(old: &str, edits: &EditSet) -> Vec<Change<'static>> {
    let edits = edits.trimmed(old);
    let mut changes = Vec::with_capacity(edits.len());
    for region in regions(old, &edits) {
        let new = edits.apply_within(old, region);
        narrow(region, region.of(old), &new, &mut changes);
    }
    changes
}

/// The whole lines that `edits` touch, before and after; regions neither overlap nor touch.
///
/// `edits` must be trimmed, so that an untouched byte lies between any two.
fn regions(old: &str, edits: &EditSet) -> Vec<Span> {
    let mut regions: Vec<Span> = Vec::with_capacity(edits.len());
    for edit in edits {
        let floor = regions.last().map_or(0, |last| last.end);
        if edit.span.end < floor {
            continue;
        }
        // Looking no further back than the last region keeps a long line with many edits cheap.
        let start = if edit.span.start < floor {
            floor
        } else {
            floor + line_start(&old[floor..], edit.span.start - floor)
        };
        let end = if ends_a_line(old, edit) {
            edit.span.end
        } else {
            next_line_start(old, edit.span.end)
        };
        match regions.last_mut() {
            Some(last) if start == floor => last.end = end.max(last.end),
            _ => regions.push(Span::new(start, end)),
        }
    }
    regions
}

/// Whether what follows the edit begins a line before the edit and after it.
fn ends_a_line(old: &str, edit: &Edit) -> bool {
    let at_line_start = |offset: usize| offset == 0 || old.as_bytes()[offset - 1] == b'\n';
    let after = match edit.new.as_bytes().last() {
        Some(&last) => last == b'\n',
        None => at_line_start(edit.span.start),
    };
    after && at_line_start(edit.span.end)
}

/// Adds the lines that differ between `old`, the lines at `region`, and `new`.
fn narrow(region: Span, old: &str, new: &str, changes: &mut Vec<Change<'static>>) {
    let old_lines: Vec<&str> = old.split_inclusive('\n').collect();
    let new_lines: Vec<&str> = new.split_inclusive('\n').collect();
    let mut at = (0, region.start);
    for change in line_diff(&old_lines, &new_lines) {
        let length = |lines: &[&str]| lines.iter().map(|line| line.len()).sum::<usize>();
        let start = at.1 + length(&old_lines[at.0..change.old.start]);
        let end = start + length(&old_lines[change.old.clone()]);
        at = (change.old.end, end);
        let new = Cow::Owned(new_lines[change.new].concat());
        changes.push(Change { old: Span::new(start, end), new });
    }
}

/// Appends the hunks for `changes` of `old`, which are in order and do not touch.
pub(super) fn write(old: &str, changes: &[Change<'_>], out: &mut String) {
    let mut writer = Writer { old, counted: 0, line: 1, growth: 0, heading: "", above: 0 };
    let mut body = String::new();
    let mut rest = changes;
    while !rest.is_empty() {
        let near = |pair: &[Change<'_>]| {
            let between = Span::new(pair[0].old.end, pair[1].old.start);
            lines_forward(between.of(old), 2 * CONTEXT) == between.len()
        };
        let in_hunk = 1 + rest.windows(2).take_while(|pair| near(pair)).count();
        let (hunk, later) = rest.split_at(in_hunk);
        writer.write_hunk(hunk, &mut body, out);
        rest = later;
    }
}

/// Writes hunks from the top of a text to its end.
struct Writer<'a> {
    old: &'a str,
    /// How far newlines are counted, and the line number there, from 1.
    counted: usize,
    line: usize,
    /// Lines that the hunks so far have added less those they removed.
    growth: isize,
    /// The last line found that can head a hunk, and how far down it was looked for.
    heading: &'a str,
    above: usize,
}

impl Writer<'_> {
    fn write_hunk(&mut self, changes: &[Change<'_>], body: &mut String, out: &mut String) {
        let (Some(first), Some(last)) = (changes.first(), changes.last()) else { return };
        let start = lines_backward(&self.old[..first.old.start], CONTEXT);
        let end = last.old.end + lines_forward(&self.old[last.old.end..], CONTEXT);
        body.clear();
        let (mut removed, mut added, mut kept) = (0, 0, 0);
        let mut at = start;
        for change in changes {
            kept += write_lines(body, ' ', &self.old[at..change.old.start]);
            removed += write_lines(body, '-', change.old.of(self.old));
            added += write_lines(body, '+', &change.new);
            at = change.old.end;
        }
        kept += write_lines(body, ' ', &self.old[at..end]);

        self.move_to(start);
        let new_line = self.line.saturating_add_signed(self.growth);
        out.push_str("@@ -");
        write_range(out, self.line, kept + removed);
        out.push_str(" +");
        write_range(out, new_line, kept + added);
        out.push_str(" @@");
        if !self.heading.is_empty() {
            out.push(' ');
            out.push_str(self.heading);
        }
        out.push('\n');
        out.push_str(body);
        self.growth += added.cast_signed() - removed.cast_signed();
    }

    /// Goes down to the line that begins at `start`.
    fn move_to(&mut self, start: usize) {
        let passed = &self.old.as_bytes()[self.counted..start];
        self.line += memchr::memchr_iter(b'\n', passed).count();
        self.counted = start;
        if let Some(heading) = heading(&self.old[self.above..start]) {
            self.heading = heading;
        }
        self.above = start;
    }
}

/// Appends each line of `lines` behind `marker`, and says so where the last has no newline.
fn write_lines(out: &mut String, marker: char, lines: &str) -> usize {
    let mut count = 0;
    for line in lines.split_inclusive('\n') {
        out.push(marker);
        out.push_str(line);
        count += 1;
    }
    if !lines.is_empty() && !lines.ends_with('\n') {
        out.push_str("\n\\ No newline at end of file\n");
    }
    count
}

/// Appends where `count` lines from `line` stand. A range of no lines stands behind the line
/// before it, and a count of one is left out.
fn write_range(out: &mut String, line: usize, count: usize) {
    // Writing to a string cannot fail.
    let _ = match count {
        0 => write!(out, "{},0", line - 1),
        1 => write!(out, "{line}"),
        _ => write!(out, "{line},{count}"),
    };
}

/// The last of `lines` that git would show behind `@@`: one that begins with a letter, `_` or `$`.
fn heading(lines: &str) -> Option<&str> {
    let heads =
        |line: &&str| line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '$');
    let line = lines.split_inclusive('\n').rev().find(heads)?;
    let cut = (0..=line.len().min(MAX_HEADING)).rev().find(|&at| line.is_char_boundary(at))?;
    Some(line[..cut].trim_end_matches([' ', '\t', '\r', '\n']))
}

/// Length of the first `count` lines in bytes, or of all where there are fewer.
fn lines_forward(text: &str, count: usize) -> usize {
    let nth = memchr::memchr_iter(b'\n', text.as_bytes()).take(count).enumerate().last();
    match nth {
        Some((index, at)) if index + 1 == count => at + 1,
        _ => text.len(),
    }
}

/// Offset of the start of the last `count` lines of `text`, which is empty or ends in a newline.
fn lines_backward(text: &str, count: usize) -> usize {
    memchr::memrchr_iter(b'\n', text.as_bytes()).nth(count).map_or(0, |at| at + 1)
}
