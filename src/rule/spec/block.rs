//! Lines below `key: |` that YAML does not take for the text of the key. Comes in: a file and the
//! place where YAML gave up. Goes out: what is wrong with the lines, and how to mend them.

use crate::text::Span;

/// A message, where the caret goes, and the help.
pub(super) type Found = (String, Span, String);

/// A line of the file.
#[derive(Clone, Copy)]
struct Line<'t> {
    start: usize,
    text: &'t str,
}

impl Line<'_> {
    fn indent(self) -> usize {
        self.text.len() - self.text.trim_start_matches(' ').len()
    }

    fn code(self) -> Span {
        Span::new(self.start + self.indent(), self.start + self.text.trim_end().len())
    }
}

/// The mistake at `at`, if it is one of lines below `key: |`.
pub(super) fn explain(text: &str, at: usize) -> Option<Found> {
    let mut start = 0;
    let mut lines: Vec<Line<'_>> = Vec::new();
    for line in text.split_inclusive('\n') {
        if start > at {
            break;
        }
        if !line.trim().is_empty() {
            lines.push(Line { start, text: line });
        }
        start += line.len();
    }
    let (last, above) = lines.split_last()?;
    let head = above.iter().rposition(|line| key(*line).is_some())?;
    let (key, column) = key(above[head])?;
    let block = &above[head + 1..];
    let first = block.first().unwrap_or(last);
    if first.indent() <= column {
        let message = format!("the lines below `{key}: |` do not stand further in than `{key}`");
        let help = format!("indent the lines below `{key}: |`");
        return (!begins_with_key(*first)).then_some((message, first.code(), help));
    }
    let deeper = |line: &Line<'_>| line.indent() > last.indent();
    if last.indent() <= column || block.is_empty() || !block.iter().all(deeper) {
        return None;
    }
    let message = format!("the lines of `{key}` begin further in than this one");
    let help = if key == "patch" && first.indent() == last.indent() + 1 {
        "put a line `@@` above the first line of the patch: YAML takes the blank before a line that \
         stays for indentation"
            .to_owned()
    } else {
        format!("begin the first line of `{key}` in the column of the others")
    };
    Some((message, last.code(), help))
}

/// Whether the line is a key of its own, or an item: then the text above it is empty.
fn begins_with_key(line: Line<'_>) -> bool {
    let code = line.text.trim();
    let word = code.find(|c: char| c != '-' && !c.is_ascii_lowercase()).unwrap_or(code.len());
    let is_key = word > 0 && code[word..].starts_with(':');
    is_key || code.starts_with("- ") || code.starts_with('#')
}

/// The key of a line `key: |`, and its column.
fn key(line: Line<'_>) -> Option<(&str, usize)> {
    let written = line.text.trim_end();
    let head = written.trim_start_matches([' ', '-']);
    let column = written.len() - head.len();
    let (key, rest) = head.split_once(':')?;
    let is_key = !key.is_empty() && key.chars().all(|c| c == '-' || c.is_ascii_lowercase());
    let is_block = matches!(rest.trim_start(), "|" | "|-" | "|+") && rest.starts_with(' ');
    (is_key && is_block).then_some((key, column))
}
