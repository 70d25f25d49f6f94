//! Resolving: the fixes of a file to the set that is applied. Comes in: rendered fixes that each
//! would be right alone. Goes out: which are applied together, and their edits, the inner ones
//! printed inside the outer ones.
//!
//! The larger match wins, of equal ones the earlier rule. A fix inside another is applied if it
//! lies in a capture that the other prints.

use super::render::{Chunk, Rendered, Replacement};
use crate::text::{Edit, EditSet, Span};

/// A fix that could be applied.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The rule, as an index into the rule set.
    pub rule: usize,
    /// The match.
    pub span: Span,
    /// What it turns into.
    pub rendered: Rendered,
}

/// What was decided about the candidates.
#[derive(Clone, Debug, Default)]
pub struct Resolution {
    /// For each candidate `None` if it is applied, or else the rule that won over it.
    pub lost_to: Vec<Option<usize>>,
    /// All edits.
    pub edits: Vec<Edit>,
    /// The texts that rules inserted, each with its rule, in offsets before the edits: the
    /// positions of their edits.
    pub inserted_by: Vec<(Span, usize)>,
}

/// Chooses among `candidates` and writes their edits. `leaves` are edits of single names that
/// everything else must include: they give way to fixes that replace their place.
pub fn resolve(text: &str, candidates: &[Candidate], leaves: &[Edit]) -> Resolution {
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    order.sort_by_key(|&i| {
        let c = &candidates[i];
        (std::cmp::Reverse(c.span.len()), c.rule, c.span.start)
    });
    let mut accepted: Vec<usize> = Vec::new();
    let mut lost_to = vec![None; candidates.len()];
    for i in order {
        let conflict = accepted.iter().find(|&&a| conflicts(&candidates[a], &candidates[i]));
        match conflict {
            Some(&winner) => lost_to[i] = Some(candidates[winner].rule),
            None => accepted.push(i),
        }
    }
    let mut fixes: Vec<&Candidate> = accepted.iter().map(|&i| &candidates[i]).collect();
    fixes.sort_by_key(|c| (c.span.start, std::cmp::Reverse(c.span.end)));
    let mut composer = Composer { text, leaves, inserted_by: Vec::new() };
    let edits = composer.compose(&fixes, None);
    Resolution { lost_to, edits, inserted_by: composer.inserted_by }
}

/// Whether `smaller` cannot be applied beside `accepted`, which is at least as large.
fn conflicts(accepted: &Candidate, smaller: &Candidate) -> bool {
    let (a, b) = (accepted.span, smaller.span);
    let apart = a.end <= b.start || b.end <= a.start;
    if apart && !(a.is_empty() || b.is_empty()) {
        return false;
    }
    let rendered = &accepted.rendered;
    let mut captures = rendered.kept.iter().chain(&rendered.moved);
    !(a.contains(b) && a != b && captures.any(|c| c.contains(b)))
}

struct Composer<'a> {
    text: &'a str,
    leaves: &'a [Edit],
    inserted_by: Vec<(Span, usize)>,
}

impl Composer<'_> {
    /// The edits of `fixes`, which are sorted by start and, at one start, outermost first; those
    /// inside others are composed into them. Leaves within `within` come along.
    fn compose(&mut self, fixes: &[&Candidate], within: Option<Span>) -> Vec<Edit> {
        let mut edits = Vec::new();
        let mut at = 0;
        let mut tops: Vec<Span> = Vec::new();
        while at < fixes.len() {
            let outer = fixes[at];
            let inside = fixes[at + 1..].iter().take_while(|f| outer.span.contains(f.span)).count();
            let inner = self.compose(&fixes[at + 1..=at + inside], Some(outer.span));
            edits.extend(self.apply_outer(outer, &inner));
            tops.push(outer.span);
            at += inside + 1;
        }
        let inside = |e: &&Edit| within.is_none_or(|w| w.contains(e.span));
        let free = |e: &&Edit| !tops.iter().any(|t| t.contains(e.span));
        edits.extend(self.leaves.iter().filter(inside).filter(free).cloned());
        edits.sort_by_key(|e| e.span);
        edits
    }

    fn apply_outer(&mut self, outer: &Candidate, inner: &[Edit]) -> Vec<Edit> {
        let rendered = &outer.rendered;
        let own = rendered.replacements.iter().map(|r| self.own_edit(r, inner));
        let mut edits: Vec<Edit> = own.collect();
        self.inserted_by.extend(edits.iter().map(|e| (e.span, outer.rule)));
        // Code between the replacements stays: captures, and tokens that both forms share.
        for edit in inner {
            let replaced = rendered.replacements.iter().any(|r| {
                r.span.contains(edit.span) && !r.span.is_empty() && !touches_edge(r.span, edit.span)
            });
            if replaced {
                continue;
            }
            match edits.iter_mut().find(|e| e.span.is_empty() && e.span == edit.span) {
                // Two insertions at one place: the outer one stands outside.
                Some(own) if starts_capture(rendered, edit.span.start) => {
                    own.new.push_str(&edit.new);
                }
                Some(own) => own.new.insert_str(0, &edit.new),
                None => edits.push(edit.clone()),
            }
        }
        edits
    }

    fn own_edit(&self, replacement: &Replacement, inner: &[Edit]) -> Edit {
        let new: String = replacement
            .chunks
            .iter()
            .map(|chunk| match chunk {
                Chunk::Text(text) => text.clone(),
                Chunk::Source { span, from, to } => {
                    let inside: Vec<Edit> =
                        inner.iter().filter(|e| span.contains(e.span)).cloned().collect();
                    let copied = match EditSet::from_edits(inside) {
                        Ok(edits) => edits.apply_within(self.text, *span),
                        Err(_) => span.of(self.text).to_string(),
                    };
                    reindent(&copied, from, to)
                }
            })
            .collect();
        Edit::replace(replacement.span, apart(self.text, replacement.span, new))
    }
}

/// `new` with a space where words would run together that were apart: `var x*T` without its `*`.
fn apart(text: &str, replaced: Span, mut new: String) -> String {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let (before, after) = (&text[..replaced.start], &text[replaced.end..]);
    let touch = |left: &str, right: &str| {
        is_word(left.chars().next_back()) && is_word(right.chars().next())
    };
    if touch(before, if new.is_empty() { after } else { &new })
        && !touch(before, &text[replaced.start..])
    {
        new.insert(0, ' ');
    }
    if touch(&new, after) && !touch(&text[..replaced.end], after) {
        new.push(' ');
    }
    new
}

/// An insertion at either end of a replacement is not part of what is replaced.
fn touches_edge(replaced: Span, edit: Span) -> bool {
    edit.is_empty() && (edit.start == replaced.start || edit.start == replaced.end)
}

fn starts_capture(rendered: &Rendered, offset: usize) -> bool {
    rendered.kept.iter().any(|k| k.start == offset)
}

/// Moves the lines of copied code from one indentation to another. Raw strings are left alone.
fn reindent(code: &str, from: &str, to: &str) -> String {
    if from == to || !code.contains('\n') {
        return code.to_string();
    }
    let raw: Vec<Span> = crate::go::lex::Lexer::all(code)
        .filter(|t| t.span.of(code).starts_with('`'))
        .map(|t| t.span)
        .collect();
    let mut out = String::with_capacity(code.len());
    let mut at = 0;
    for line in memchr::memchr_iter(b'\n', code.as_bytes()) {
        let next = line + 1;
        out.push_str(&code[at..next]);
        at = next;
        let in_raw = raw.iter().any(|s| s.start < next && next < s.end);
        if !in_raw && code[next..].starts_with(from) && !code[next..].starts_with('\n') {
            out.push_str(to);
            at += from.len();
        }
    }
    out.push_str(&code[at..]);
    out
}
