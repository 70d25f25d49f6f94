//! Writing what stands between kept items. Each gap has items that go and items that come; white
//! space is the source's where it has line ends or comments, and the template's elsewhere.

use super::items::{Key, Out, Source, SourceItem, TargetItem};
use super::{Chunk, Rendered, Replacement};
use crate::go::lex::{Lexer, TokenKind};
use crate::text::Span;
use crate::text::layout::{begins_line, indentation_at, line_ending, line_start};

pub(super) struct Writer<'a> {
    pub(super) text: &'a str,
    pub(super) whole: Span,
    source: &'a Source,
    target: &'a [TargetItem],
    /// The indentation of the line on which the match begins.
    indent: &'a str,
    pub(super) line_end: &'static str,
}

/// What changes between two kept items.
pub(super) struct Gap<'a> {
    /// The end of the kept item before, or the start of the match.
    pub(super) from: usize,
    /// The start of the kept item behind, or the end of the match.
    pub(super) to: usize,
    pub(super) before: Option<&'a Key>,
    pub(super) behind: Option<&'a Key>,
    gone: &'a [SourceItem],
    pub(super) come: Vec<&'a TargetItem>,
    /// What the template has before the kept item behind.
    pub(super) lead_behind: &'a str,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        text: &'a str,
        whole: Span,
        source: &'a Source,
        target: &'a [TargetItem],
    ) -> Self {
        let (indent, line_end) = (indentation_at(text, whole.start), line_ending(text));
        Self { text, whole, source, target, indent, line_end }
    }

    pub(super) fn write(&self, kept: &[(usize, usize)]) -> Rendered {
        let mut rendered = Rendered::default();
        let ends = kept.iter().map(|&(s, t)| Some((s, t))).chain([None]);
        let mut before: Option<(usize, usize)> = None;
        for behind in ends {
            let gap = self.gap(before, behind);
            if let Some(replacement) = self.replacement(&gap) {
                // What comes behind a comment may meet what changes behind that.
                let last = rendered.replacements.last().map_or(0, |last| last.span.end);
                rendered.is_swallowed |= last > replacement.span.start;
                rendered.replacements.push(replacement);
            }
            if let Some((s, _)) = behind
                && matches!(self.source.items[s].key, Key::Capture(_))
            {
                rendered.kept.push(self.source.items[s].span);
            }
            before = behind;
        }
        for replacement in &rendered.replacements {
            for chunk in &replacement.chunks {
                if let Chunk::Source { span, .. } = chunk {
                    rendered.moved.push(*span);
                }
            }
        }
        let replaced = |c: &&Span| rendered.replacements.iter().any(|r| r.span.overlaps(**c));
        rendered.lost_comments = self.source.comments.iter().filter(replaced).copied().collect();
        rendered.lost_comments.extend(self.orphans(&rendered));
        let swallows = |r: &Replacement| self.is_swallowed(r) || self.swallows(r);
        rendered.is_swallowed |= rendered.replacements.iter().any(swallows);
        rendered
    }

    /// Whether a replacement begins on the line of a comment that goes to its end.
    fn is_swallowed(&self, replacement: &Replacement) -> bool {
        let start = replacement.span.start;
        let line_comment = |c: &&Span| c.end == start && c.of(self.text).starts_with("//");
        let first = replacement.chunks.iter().find_map(|chunk| match chunk {
            Chunk::Text(text) => text.trim_start_matches([' ', '\t', '\r']).chars().next(),
            Chunk::Source { .. } => Some('x'),
        });
        first.is_some_and(|c| c != '\n') && self.source.comments.iter().any(|c| line_comment(&c))
    }

    /// Whether a replacement ends with a comment that goes to the end of its line, where there is
    /// something on that line already.
    fn swallows(&self, replacement: &Replacement) -> bool {
        let Some(Chunk::Text(new)) = replacement.chunks.last() else { return false };
        let tokens = Lexer::all(new).filter(|token| token.kind != TokenKind::Semicolon);
        let ends_with_comment = tokens.last().is_some_and(|token| {
            token.kind == TokenKind::Comment && token.span.of(new).starts_with("//")
        });
        let behind = &self.text[replacement.span.end..];
        ends_with_comment && !behind.lines().next().unwrap_or_default().trim().is_empty()
    }

    /// Comments that stay although the statement that they speak of goes: behind it on its line,
    /// or on the lines above it.
    fn orphans(&self, rendered: &Rendered) -> Vec<Span> {
        let mut found = Vec::new();
        let removals = rendered.replacements.iter().filter(|r| r.chunks.is_empty());
        for removal in removals {
            let gone = self.text[removal.span.range()].trim();
            let starts_line = begins_line(self.text, removal.span.start)
                || self.text[removal.span.range()].contains('\n');
            if gone.is_empty() || !starts_line {
                continue;
            }
            let behind = |c: &&Span| {
                c.start >= removal.span.end && !self.text[removal.span.end..c.start].contains('\n')
            };
            let above = |c: &&Span| {
                c.end <= removal.span.start
                    && self.text[c.end..removal.span.start].trim().is_empty()
                    && begins_line(self.text, c.start)
            };
            found.extend(self.source.comments.iter().filter(|c| behind(c) || above(c)));
        }
        found
    }

    fn gap(&self, before: Option<(usize, usize)>, behind: Option<(usize, usize)>) -> Gap<'a> {
        let items = &self.source.items;
        let (s0, t0) = before.map_or((0, 0), |(s, t)| (s + 1, t + 1));
        let (s1, t1) = behind.unwrap_or((items.len(), self.target.len()));
        Gap {
            from: before.map_or(self.whole.start, |(s, _)| items[s].span.end),
            to: behind.map_or(self.whole.end, |(s, _)| items[s].span.start),
            before: before.map(|(s, _)| &items[s].key),
            behind: behind.map(|(s, _)| &items[s].key),
            gone: &items[s0..s1],
            come: self.target[t0..t1].iter().filter(|i| !i.optional).collect(),
            lead_behind: behind.map_or("", |(_, t)| self.target[t].lead.as_str()),
        }
    }

    fn replacement(&self, gap: &Gap<'_>) -> Option<Replacement> {
        let replacement = match (gap.gone, gap.come.as_slice()) {
            ([], []) => return None,
            ([], _) => self.inserted(gap),
            (_, []) => self.removed(gap),
            _ => self.replaced(gap),
        };
        let unchanged = match replacement.chunks.as_slice() {
            [] => replacement.span.is_empty(),
            [Chunk::Text(text)] => text == replacement.span.of(self.text),
            _ => false,
        };
        (!unchanged).then_some(replacement)
    }

    /// Comments outside of captures.
    pub(super) fn comments(&self) -> impl Iterator<Item = Span> + '_ {
        self.source.comments.iter().copied()
    }

    pub(super) fn blank(&self, from: usize, to: usize) -> Blank {
        let text = &self.text[from..to];
        Blank { lines: text.contains('\n'), comments: !text.trim().is_empty() }
    }

    /// Items go and none come.
    fn removed(&self, gap: &Gap<'_>) -> Replacement {
        // The line end before a statement at the end of the match goes with the statement's line.
        let gone = match gap.gone {
            [line_end, rest @ ..] if line_end.span.is_empty() && !rest.is_empty() => rest,
            gone => gone,
        };
        let first = gone[0].span.start;
        let last = gone[gone.len() - 1].span.end;
        let (lead, mut trail) = (self.blank(gap.from, first), self.blank(last, gap.to));
        let rest_of_line = self.text[last..].trim_start_matches([' ', '\t', '\r']);
        trail.lines |= gap.behind.is_none() && lead.lines && rest_of_line.starts_with('\n');
        let at_edge = gap.before.is_none() || gap.behind.is_none();
        let joins = gap.before.is_some_and(Key::ends_statement)
            && gap.behind.is_some_and(|k| *k != Key::Semicolon);
        // A line end that goes with what stood behind it, where the template goes on in the line.
        let joins_lines =
            joins && !lead.comments && !trail.any() && !gap.lead_behind.contains('\n');
        if joins_lines || (!lead.any() && (!trail.any() || (joins && !trail.comments))) {
            let lead_behind = if at_edge { "" } else { gap.lead_behind };
            let mut chunks = Vec::new();
            push_text(&mut chunks, &self.lines(lead_behind));
            return Replacement { span: Span::new(gap.from, gap.to), chunks };
        }
        let span = match (lead, trail) {
            (l, t) if l.comments || t.comments => Span::new(first, last),
            (_, t) if t.lines => Span::new(self.line_end_before(gap.from, first, last), last),
            _ => Span::new(first, gap.to),
        };
        Replacement { span, chunks: Vec::new() }
    }

    /// Where a removal of whole lines begins: a blank line above stays, unless another one or the
    /// end of the block follows.
    fn line_end_before(&self, from: usize, first: usize, last: usize) -> usize {
        let above = &self.text[from..first];
        let next = self.text[last..].trim_start();
        let below = &self.text[last..self.text.len() - next.len()];
        if below.matches('\n').count() > 1 || next.starts_with(['}', ')']) {
            return from;
        }
        above.rfind('\n').map_or(from, |at| from + at - usize::from(above[..at].ends_with('\r')))
    }

    /// Items go and others come.
    fn replaced(&self, gap: &Gap<'_>) -> Replacement {
        let first = gap.gone[0].span.start;
        let last = gap.gone[gap.gone.len() - 1].span.end;
        let (lead, trail) = (self.blank(gap.from, first), self.blank(last, gap.to));
        let mut span = Span::new(first, last);
        let mut first_lead = None;
        let mut lead_behind = None;
        let indents_anew = lead.lines && !lead.comments && self.indents_anew(gap.come[0], first);
        if gap.before.is_some() && (!lead.any() || indents_anew) {
            span.start = gap.from;
            first_lead = Some(gap.come[0].lead.as_str());
        }
        let ends = gap.come.last().is_some_and(|i| i.key.ends_statement());
        // A line end that goes, where the template goes on in the line.
        let goes = gap.gone.last().is_some_and(|i| i.key == Key::Semicolon && i.span.is_empty())
            && !gap.lead_behind.contains('\n')
            && gap.come.last().is_some_and(|i| i.key != Key::Semicolon);
        let joins =
            (ends && trail.lines && gap.behind.is_some_and(|k| *k != Key::Semicolon)) || goes;
        if gap.behind.is_some() && !trail.comments && (!trail.lines || joins) {
            span.end = gap.to;
            lead_behind = Some(gap.lead_behind);
        }
        Replacement { span, chunks: self.chunks(&gap.come, first_lead, lead_behind) }
    }

    /// Whether the template has the item on a line of another depth than the line of `at`.
    fn indents_anew(&self, item: &TargetItem, at: usize) -> bool {
        let Some((_, depth)) = item.lead.rsplit_once('\n') else { return false };
        let found = &self.text[line_start(self.text, at)..at];
        let is_indent = found.bytes().all(|b| b == b'\t');
        is_indent && found.strip_prefix(self.indent).is_some_and(|found| found != depth)
    }

    /// The items as text, with these leads before the first and behind the last.
    pub(super) fn chunks(
        &self,
        come: &[&TargetItem],
        first_lead: Option<&str>,
        lead_behind: Option<&str>,
    ) -> Vec<Chunk> {
        let mut chunks = Vec::new();
        // The indentation, from the margin of the template, of the line that is being written.
        let mut relative = String::new();
        for (nth, item) in come.iter().enumerate() {
            let lead = if nth == 0 { first_lead.unwrap_or("") } else { item.lead.as_str() };
            if let Some(at) = item.lead.rfind('\n') {
                relative = item.lead[at + 1..].to_string();
            }
            push_text(&mut chunks, &self.lines(lead));
            match &item.out {
                Out::Text(_) if item.key == Key::Semicolon => {
                    let next = come.get(nth + 1).map(|i| i.lead.as_str()).or(lead_behind);
                    let written = next.is_some_and(|lead| !lead.contains('\n'));
                    push_text(&mut chunks, if written { ";" } else { "" });
                }
                Out::Text(text) => push_text(&mut chunks, text),
                Out::Source { span, from } => {
                    let to = format!("{}{relative}", self.indent);
                    chunks.push(Chunk::Source { span: *span, from: from.clone(), to });
                }
            }
        }
        push_text(&mut chunks, &self.lines(lead_behind.unwrap_or("")));
        chunks
    }

    /// White space of the template at this site: its lines begin with the site's indentation.
    fn lines(&self, lead: &str) -> String {
        let mut out = String::new();
        let mut parts = lead.split('\n').peekable();
        out.push_str(parts.next().unwrap_or_default());
        while let Some(line) = parts.next() {
            out.push_str(self.line_end);
            // Lines without anything on them get no indentation.
            if parts.peek().is_none() {
                out.push_str(self.indent);
                out.push_str(line);
            }
        }
        out
    }
}

/// What a stretch without items holds.
#[derive(Clone, Copy)]
pub(super) struct Blank {
    pub(super) lines: bool,
    pub(super) comments: bool,
}

impl Blank {
    pub(super) fn any(self) -> bool {
        self.lines || self.comments
    }
}

pub(super) fn push_text(chunks: &mut Vec<Chunk>, text: &str) {
    if text.is_empty() {
        return;
    }
    match chunks.last_mut() {
        Some(Chunk::Text(last)) => last.push_str(text),
        _ => chunks.push(Chunk::Text(text.to_string())),
    }
}
