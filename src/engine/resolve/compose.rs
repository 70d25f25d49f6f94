//! Composition: the edits of fixes that stand in each other. Comes in: fixes, the inner ones first.
//! Goes out: one list of edits, in which what an outer fix copies has the edits of the inner ones.

use std::collections::BTreeMap;

use super::{Candidate, Resolution};
use crate::engine::render::{Chunk, Rendered, Replacement};
use crate::text::{Edit, Span};

/// An edit that was placed.
struct Placed {
    new: String,
    /// The match whose fix it belongs to; of a single name, its span.
    owner: Span,
    /// The rules whose text it inserts, the innermost first.
    rules: Vec<usize>,
}

pub(super) struct Composer<'a> {
    text: &'a str,
    /// By start and end.
    placed: BTreeMap<(usize, usize), Placed>,
    /// Edits that found their place taken by a fix beside them: the set of all edits is then none.
    clashes: Vec<Edit>,
    looked: usize,
}

impl<'a> Composer<'a> {
    /// Begins with edits of single names.
    pub(super) fn new(text: &'a str, leaves: &[Edit]) -> Self {
        let place = |leaf: &Edit| {
            let placed = Placed { new: leaf.new.clone(), owner: leaf.span, rules: Vec::new() };
            ((leaf.span.start, leaf.span.end), placed)
        };
        let placed = leaves.iter().map(place).collect();
        Self { text, placed, clashes: Vec::new(), looked: 0 }
    }

    /// Adds a fix. All fixes inside it were added before.
    pub(super) fn add(&mut self, fix: &Candidate) {
        let replacements = &fix.rendered.replacements;
        let own: Vec<String> = replacements.iter().map(|r| self.written(r)).collect();
        for replacement in replacements {
            self.forget(replacement.span);
        }
        for (replacement, new) in replacements.iter().zip(own) {
            self.place(fix, replacement.span, new);
        }
    }

    /// All edits, and which rule inserted what.
    pub(super) fn finish(self) -> Resolution {
        let mut resolution = Resolution { looked: self.looked, ..Resolution::default() };
        for ((start, end), placed) in self.placed {
            let span = Span::new(start, end);
            resolution.inserted_by.extend(placed.rules.iter().map(|&rule| (span, rule)));
            resolution.edits.push(Edit::replace(span, placed.new));
        }
        resolution.edits.extend(self.clashes);
        resolution
    }

    /// The text of a replacement, with the edits that lie in what it copies.
    fn written(&mut self, replacement: &Replacement) -> String {
        let mut new = String::new();
        for chunk in &replacement.chunks {
            match chunk {
                Chunk::Text(text) => new.push_str(text),
                Chunk::Source { span, from, to } => {
                    new.push_str(&reindent(&self.copied(*span), from, to));
                }
            }
        }
        apart(self.text, replacement.span, new)
    }

    fn copied(&mut self, span: Span) -> String {
        let mut out = String::with_capacity(span.len());
        let mut at = span.start;
        for (&(start, end), edit) in self.placed.range((span.start, 0)..=(span.end, span.end)) {
            self.looked += 1;
            if span.contains(edit.owner) {
                out.push_str(&self.text[at..start]);
                out.push_str(&edit.new);
                at = end;
            }
        }
        out.push_str(&self.text[at..span.end]);
        out
    }

    /// What was to be done to code that is replaced is done to its copies alone.
    fn forget(&mut self, replaced: Span) {
        let inside = self.placed.range((replaced.start, 0)..=(replaced.end, replaced.end));
        let gone: Vec<(usize, usize)> = inside
            .filter(|(_, edit)| !replaced.is_empty() && replaced.contains(edit.owner))
            .map(|(&place, _)| place)
            .collect();
        for place in gone {
            self.looked += 1;
            self.placed.remove(&place);
        }
    }

    fn place(&mut self, fix: &Candidate, span: Span, new: String) {
        self.looked += 1;
        let place = (span.start, span.end);
        match self.placed.get_mut(&place) {
            None => {
                let rules = fix.rules().collect();
                self.placed.insert(place, Placed { new, owner: fix.span, rules });
            }
            // Two insertions at one place: the outer one stands outside.
            Some(inner) if span.is_empty() && fix.span.contains(inner.owner) => {
                if starts_capture(&fix.rendered, span.start) {
                    inner.new.insert_str(0, &new);
                } else {
                    inner.new.push_str(&new);
                }
                inner.owner = fix.span;
                inner.rules.extend(fix.rules());
            }
            Some(_) => self.clashes.push(Edit::replace(span, new)),
        }
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
