//! Items that come where none go. Comes in: the gap between two kept items. Goes out: where in it
//! they are written, and on which lines: a comment stays with what it stands behind.

use super::gaps::{Blank, Gap, Writer, push_text};
use super::items::{Key, TargetItem};
use super::{Chunk, Replacement};
use crate::text::Span;
use crate::text::layout::indentation;

impl Writer<'_> {
    /// Items come where none go.
    pub(super) fn inserted(&self, gap: &Gap<'_>) -> Replacement {
        let blank = self.blank(gap.from, gap.to);
        let first_lead = gap.come[0].lead.as_str();
        let last_of_lines = gap.behind == Some(&Key::TrailingComma) && gap.come[0].key.is(",");
        let own_line = self.line_of_previous_element(gap);
        let beside_comma = self.before_comma(gap, blank, own_line.as_deref());
        if let Some(new) = beside_comma.or_else(|| self.behind_comments(gap)) {
            return new;
        }
        if !blank.any() && !last_of_lines {
            let lead = if gap.before.is_none() { "" } else { first_lead };
            let chunks = self.chunks(&gap.come, Some(lead), Some(gap.lead_behind));
            return Replacement { span: Span::new(gap.from, gap.to), chunks };
        }
        let last = gap.come.last().map(|i| &i.key);
        let separated = last.is_some_and(|k| k.is(",") || *k == Key::Semicolon);
        let ends_block = blank.lines
            && first_lead.contains('\n')
            && gap.behind.is_some_and(|k| k.is("}"))
            && !last.is_some_and(|k| k.is(","));
        // A line end behind the new items must not become a semicolon.
        let would_end = blank.lines
            && !separated
            && last.is_some_and(Key::ends_statement)
            && gap.behind != Some(&Key::Semicolon)
            && !ends_block;
        // Comments behind the last clause are its own.
        let is_clause = gap.come[0].key.is("case") || gap.come[0].key.is("default");
        if gap.before.is_none_or(Key::opens) || would_end || (is_clause && ends_block) {
            return self.before_next(gap, ends_block || (separated && blank.lines));
        }
        // Behind the item before; where the list has one element a line, on a line of its own.
        let mut come = gap.come.as_slice();
        let mut chunks = Vec::new();
        // The statements of a clause are deeper than what stands before them.
        let in_clause = gap.before.is_some_and(|k| k.is(":")) && first_lead.contains('\n');
        let own_line = own_line.filter(|_| !in_clause);
        if let Some(lead) = own_line.as_deref().filter(|_| separated && blank.lines) {
            push_text(&mut chunks, lead);
            chunks.extend(self.chunks(come, None, None));
            come = &[];
        }
        if let (Some(lead), Some(rest)) = (own_line, come.strip_prefix_comma()) {
            push_text(&mut chunks, ",");
            push_text(&mut chunks, &lead);
            chunks.extend(self.chunks(rest, None, None));
            come = &[];
        }
        if !come.is_empty() {
            let lead = if come[0].key.is(",") { "" } else { first_lead };
            chunks.extend(self.chunks(come, Some(lead), None));
        }
        Replacement { span: Span::at(gap.from), chunks }
    }

    /// Before the next item; where the list has one element a line, on a line of its own.
    fn before_next(&self, gap: &Gap<'_>, has_own_line: bool) -> Replacement {
        let line = self.text[..gap.to].rfind('\n').map_or("", |at| &self.text[at..gap.to]);
        let line = if has_own_line { line } else { "" };
        if line.is_empty() {
            let chunks = self.chunks(&gap.come, None, Some(gap.lead_behind));
            return Replacement { span: Span::at(gap.to), chunks };
        }
        let mut chunks = self.chunks(without_last_semicolon(&gap.come), None, Some(""));
        // A blank line behind what comes.
        if gap.lead_behind.matches('\n').count() > 1 {
            push_text(&mut chunks, self.line_end);
        }
        push_text(&mut chunks, line);
        Replacement { span: Span::at(gap.to), chunks }
    }

    /// An element that comes with a comma before it, where a comment or a line end belongs to the
    /// element before.
    fn before_comma(
        &self,
        gap: &Gap<'_>,
        blank: Blank,
        own_line: Option<&str>,
    ) -> Option<Replacement> {
        let rest = gap.come.strip_prefix_comma().filter(|_| !blank.lines)?;
        let has_comma = gap.behind.is_some_and(|k| k.is(",") || *k == Key::TrailingComma);
        let commented = has_comma.then(|| self.line_comments(gap.to + 1)).flatten();
        let behind = self.text[gap.to..].get(1..).unwrap_or_default();
        let ends_line = behind.trim_start_matches([' ', '\t']).starts_with(['\r', '\n']);
        match (commented, own_line) {
            (Some(at), own_line) => {
                let mut chunks = Vec::new();
                let line = own_line.map(str::to_owned).or_else(|| self.line_of(gap.from));
                push_text(&mut chunks, &line.unwrap_or_else(|| self.next_line(at)));
                chunks.extend(self.chunks(rest, None, None));
                push_text(&mut chunks, ",");
                Some(Replacement { span: Span::at(at), chunks })
            }
            (None, Some(lead)) if has_comma && ends_line => {
                let mut chunks = vec![Chunk::Text(format!(",{lead}"))];
                chunks.extend(self.chunks(rest, None, None));
                Some(Replacement { span: Span::at(gap.to), chunks })
            }
            _ if blank.comments && (has_comma || gap.behind.is_some_and(Key::closes)) => {
                let chunks = self.chunks(&gap.come, None, None);
                Some(Replacement { span: Span::at(gap.to), chunks })
            }
            _ => None,
        }
    }

    /// An element or link of a chain behind a line that ends with a comment: on the line below.
    fn behind_comments(&self, gap: &Gap<'_>) -> Option<Replacement> {
        let separates = |key: &Key| key.is(",") || key.is(".");
        let last = gap.come.last().filter(|last| separates(&last.key));
        last.and(gap.before.filter(|before| separates(before)))?;
        let at = self.line_comments(gap.from)?;
        let mut chunks = Vec::new();
        push_text(&mut chunks, &self.next_line(at));
        chunks.extend(self.chunks(&gap.come, None, None));
        Some(Replacement { span: Span::at(at), chunks })
    }

    /// The end of the comments that a line goes on with and ends with.
    fn line_comments(&self, from: usize) -> Option<usize> {
        let line = self.text[from..].find('\n').map(|end| from + end)?;
        let mut at = from;
        for comment in self.comments().filter(|c| c.start >= from && c.start < line) {
            if comment.end > line || !self.text[at..comment.start].trim().is_empty() {
                return None;
            }
            at = comment.end;
        }
        (at > from && self.text[at..line].trim().is_empty()).then_some(at)
    }

    /// The end of the line, and what the next one begins with.
    fn next_line(&self, at: usize) -> String {
        let below = self.text[at..].find('\n').map_or("", |end| &self.text[at + end + 1..]);
        let indent = indentation(below);
        let deeper = if below[indent.len()..].starts_with([')', ']', '}']) { "\t" } else { "" };
        format!("{}{indent}{deeper}", self.line_end)
    }

    /// In a list with one element a line: line end and indentation of the element before the gap.
    fn line_of_previous_element(&self, gap: &Gap<'_>) -> Option<String> {
        let line = self.text[self.whole.start..gap.from].rfind('\n')? + self.whole.start;
        let mut above = self.text[..line].trim_end();
        while let Some(comment) = self.comments().find(|c| c.end == above.len()) {
            above = self.text[..comment.start].trim_end();
        }
        let behind_comma = above.len() > self.whole.start && above.ends_with([',', '(', '{']);
        behind_comma.then(|| self.line_of(gap.from)).flatten()
    }

    /// Line end and indentation of the line of a place, if it begins in the match.
    fn line_of(&self, at: usize) -> Option<String> {
        let line = self.text[self.whole.start..at].rfind('\n')? + self.whole.start;
        let indent = indentation(&self.text[line + 1..at]);
        Some(format!("{}{indent}", self.line_end))
    }
}

/// The line end behind it stands for the semicolon.
fn without_last_semicolon<'i, 'a>(come: &'i [&'a TargetItem]) -> &'i [&'a TargetItem] {
    match come.split_last() {
        Some((last, rest)) if last.key == Key::Semicolon => rest,
        _ => come,
    }
}

trait StripPrefixComma {
    fn strip_prefix_comma(&self) -> Option<&Self>;
}

impl StripPrefixComma for [&TargetItem] {
    fn strip_prefix_comma(&self) -> Option<&Self> {
        self.split_first().filter(|(first, _)| first.key.is(",")).map(|(_, rest)| rest)
    }
}
