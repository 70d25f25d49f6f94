//! What gofmt changes because of an edit. Comes in: the text of a file and the edits of a rewrite.
//! Goes out: those edits and the changes of white space that they bring about: columns, blanks
//! around operators, one-line bodies that became too long, surplus blank lines.
//!
//! A model of gofmt's printer (`layout`, `render` and the walks over the tree in `expr`, `list`,
//! `stmt` and `decl`) says where a text differs from what gofmt would print. It validates itself: a
//! section of the new text is changed only where the model reproduces the old text of that section
//! byte for byte. So what was not formatted, or is not modelled, stays as it stands. Nothing but
//! white space is ever changed, and a semicolon that a line end takes the place of.
//!
//! Import declarations are left to the import editor, and comments and indentation are kept.

mod columns;
mod decl;
mod expr;
mod inert;
mod layout;
mod list;
mod offsets;
mod render;
mod stmt;

use std::sync::Arc;

use self::layout::Layout;
use self::offsets::Offsets;
use self::render::Rendered;
use crate::go::lex::Lexer;
use crate::go::outline::{Decl, DeclKind, outline};
use crate::go::syntax::Syntax;
use crate::text::{Edit, EditSet, Span};

/// Rounds in which lines that were split or joined are looked at again. Each splits one level of
/// what is nested on one line; what nests deeper stays.
const MAX_ROUNDS: usize = 6;

/// Adds to `edits` what gofmt would change in `old` because of them, if it was formatted. The edits
/// must be such that they neither begin nor end inside a token.
///
/// The cost is that of the lines that are touched, and, only if one of them could need it, that of
/// an outline of the file and of the touched declarations.
#[must_use]
pub fn settle(old: &str, edits: &EditSet) -> EditSet {
    let active: Vec<Span> = inert::active_edits(old, edits);
    if active.is_empty() {
        return edits.clone();
    }
    let parts = Parts::of(old);
    let Some(parts) = parts else { return edits.clone() };
    let old = OldText { text: old.into(), parts, models: Vec::new() };
    old.settle(edits, &active)
}

/// A piece of a file that stands by itself: declarations without a blank line between them, with
/// the comments at the ends of their lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Part {
    span: Span,
    imports: bool,
}

/// All pieces of a file, by ascending offset.
struct Parts(Vec<Part>);

impl Parts {
    /// None for a file that could not be told apart into declarations.
    fn of(text: &str) -> Option<Self> {
        let outline = outline(text);
        if outline.odd {
            return None;
        }
        let mut parts: Vec<Part> = Vec::new();
        for Decl { kind, span } in outline.decls {
            let rest = &text[span.end..];
            let line = &rest[..memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len())];
            // A comment that goes on below the line is not part of it.
            let open = line.rfind("/*").is_some_and(|at| !line[at..].contains("*/"));
            let end = span.end + if open { 0 } else { line.len() };
            let span = Span::new(span.start, end.max(span.end));
            let imports = kind == DeclKind::Import;
            match parts.last_mut() {
                Some(last) if last.span.end > span.start => {
                    last.span = last.span.cover(span);
                    last.imports |= imports;
                }
                Some(last)
                    if !last.imports
                        && !imports
                        && !has_blank_line(text, last.span.end, span.start) =>
                {
                    last.span.end = span.end;
                }
                _ => parts.push(Part { span, imports }),
            }
        }
        Some(Self(parts))
    }

    /// The pieces that share a byte with `span` or touch it.
    fn touching(&self, span: Span) -> impl Iterator<Item = Part> + '_ {
        let first = self.0.partition_point(|p| p.span.end < span.start);
        self.0[first..].iter().take_while(move |p| p.span.start <= span.end).copied()
    }

    /// The texts between the pieces that share a byte with `span` or touch it.
    fn gaps_touching(&self, span: Span, text: &str) -> Vec<Span> {
        let ends = std::iter::once(0).chain(self.0.iter().map(|p| p.span.end));
        let starts = self.0.iter().map(|p| p.span.start).chain([text.len()]);
        ends.zip(starts)
            .filter(|&(end, start)| end <= span.end && span.start <= start)
            .map(|(end, start)| Span::new(end.min(start), start))
            .collect()
    }
}

fn has_blank_line(text: &str, from: usize, to: usize) -> bool {
    text[from..to].split('\n').skip(1).any(|line| line.trim().is_empty() && !line.is_empty())
        || text[from..to].contains("\n\n")
}

/// What gofmt would change in a part; none where that is not known.
fn drifts(text: &Arc<str>, part: Part) -> Option<Rendered> {
    if part.imports {
        return None;
    }
    // The tokens come first: they tell what is nested too deep to be parsed at all.
    let mut layout = Layout::new(text, part.span)?;
    let syntax = Syntax::parse(text, part.span);
    if syntax.errors() > 0 {
        return None;
    }
    layout.decls(syntax.root());
    layout.render()
}

/// The text before the edits, and what of it was looked at.
struct OldText {
    text: Arc<str>,
    parts: Parts,
    models: Vec<(Part, Option<Rendered>)>,
}

impl OldText {
    fn settle(mut self, edits: &EditSet, active: &[Span]) -> EditSet {
        let mut all = edits.clone();
        let mut active = active.to_vec();
        for _ in 0..MAX_ROUNDS {
            let new: Arc<str> = all.apply(&self.text).into();
            let Some(parts) = Parts::of(&new) else { break };
            let offsets = Offsets::new(&all);
            let (later, again) = self.round(&new, &parts, &offsets, &active);
            let Ok(later) = EditSet::from_edits(later) else { break };
            if later.is_empty() {
                break;
            }
            active = later.inserted_spans().collect();
            all = all.then(&later);
            if !again {
                break;
            }
        }
        all
    }

    /// The changes that the new text needs, and whether their result needs another look.
    fn round(
        &mut self,
        new: &Arc<str>,
        parts: &Parts,
        offsets: &Offsets,
        active: &[Span],
    ) -> (Vec<Edit>, bool) {
        let mut later = Vec::new();
        let mut again = false;
        let mut done = 0;
        let mut gap_done = None;
        for &span in active {
            for part in parts.touching(span) {
                if part.span.start < done {
                    continue;
                }
                done = part.span.end;
                let Some(rendered) = drifts(new, part) else { continue };
                for drift in &rendered.drifts {
                    let section = rendered.sections[drift.section];
                    if self.was_clean(offsets.old_span(section)) {
                        later.push(drift.edit.clone());
                    }
                }
                again |= rendered.reflowed;
            }
            for gap in parts.gaps_touching(span, new) {
                if gap_done.is_none_or(|at| at < gap.start) {
                    gap_done = Some(gap.start);
                    self.blank_lines(new, gap, offsets, &mut later);
                }
            }
        }
        (later, again)
    }
}

impl OldText {
    /// Whether the model reproduces all sections of the old text that share a byte with `span`.
    fn was_clean(&mut self, span: Span) -> bool {
        let touched: Vec<Part> = self.parts.touching(span).collect();
        touched.into_iter().all(|part| match self.model(part) {
            Some(rendered) => rendered.drifts.iter().all(|drift| {
                let section = rendered.sections[drift.section];
                !section.overlaps(span)
            }),
            None => false,
        })
    }

    fn model(&mut self, part: Part) -> Option<&Rendered> {
        let known = self.models.iter().position(|(p, _)| *p == part);
        let at = known.unwrap_or_else(|| {
            self.models.push((part, drifts(&self.text, part)));
            self.models.len() - 1
        });
        self.models[at].1.as_ref()
    }

    /// Surplus blank lines between declarations, unless there were some before.
    fn blank_lines(&self, new: &str, gap: Span, offsets: &Offsets, later: &mut Vec<Edit>) {
        let surplus = surplus_lines(new, gap);
        if surplus.is_empty() {
            return;
        }
        let old = self.parts.gaps_touching(offsets.old_span(gap), &self.text);
        if old.iter().all(|gap| surplus_lines(&self.text, *gap).is_empty()) {
            later.extend(surplus);
        }
    }
}

/// What is too much in the white space between the comments of a gap between declarations.
fn surplus_lines(text: &str, gap: Span) -> Vec<Edit> {
    let mut found = Vec::new();
    let mut at = gap.start;
    let tokens = Lexer::new(text, gap).filter(|t| !t.span.is_empty()).map(|t| t.span);
    for token in tokens.chain([Span::at(gap.end)]) {
        let space = Span::new(at, token.start.max(at));
        at = token.end;
        let is = space.of(text);
        let lines = is.bytes().filter(|b| *b == b'\n').count();
        let at_end = space.end == text.len() && space.start > 0;
        let most = if at_end { 1 } else { 2 };
        if lines > most && is.bytes().all(|b| b.is_ascii_whitespace()) {
            found.push(Edit::replace(space, "\n".repeat(most)));
        }
    }
    found
}

#[cfg(test)]
mod tests;
