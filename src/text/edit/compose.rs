//! Composition: the edits of a text and the edits of what they make of it become one set.
//!
//! Comes in: two sorted lists of edits. Goes out: one. Each list is read as a sequence of steps
//! over the text that it edits (keep bytes, drop bytes, add bytes). The steps of the first list
//! write the middle text piece by piece, and the steps of the second read it in the same pieces,
//! so that every byte is looked at once and none is ever compared.

use super::{Edit, Span};
use std::collections::BTreeSet;

/// What `first` and then `second` do, as one list in which no two edits touch.
pub(super) fn compose(first: &BTreeSet<Edit>, second: &BTreeSet<Edit>) -> BTreeSet<Edit> {
    let (mut writer, mut reader) = (Steps::new(first), Steps::new(second));
    let mut out = Output::default();
    loop {
        match (writer.next, reader.next) {
            // What never reaches the middle text, and what was never in it.
            (Step::Drop(n), _) => {
                out.drop(n);
                writer.consume(n);
            }
            (_, Step::Add(new)) => {
                out.add(new);
                reader.consume(new.len());
            }
            // Behind the last edits of both everything is kept.
            (END, END) => return out.finish(),
            // A piece of the middle text that is one thing to both sides.
            (written, read) => {
                let n = written.len().min(read.len());
                match (written, read) {
                    (Step::Keep(_), Step::Keep(_)) => out.keep(n),
                    (Step::Keep(_), _) => out.drop(n),
                    (Step::Add(new), Step::Keep(_)) => out.add(&new[..n]),
                    _ => {}
                }
                writer.consume(n);
                reader.consume(n);
            }
        }
    }
}

/// Behind the last edit everything stays.
const END: Step<'static> = Step::Keep(usize::MAX);

/// One step over a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step<'a> {
    /// So many bytes stay; `usize::MAX`: all that are left.
    Keep(usize),
    /// So many bytes go.
    Drop(usize),
    /// These bytes come.
    Add(&'a str),
}

impl Step<'_> {
    fn len(self) -> usize {
        match self {
            Step::Keep(n) | Step::Drop(n) => n,
            Step::Add(new) => new.len(),
        }
    }
}

/// The steps that are still to be done; the first of them is `next` and never empty.
struct Steps<'a> {
    next: Step<'a>,
    rest: std::vec::IntoIter<Step<'a>>,
}

impl<'a> Steps<'a> {
    fn new(edits: &'a BTreeSet<Edit>) -> Self {
        let mut steps = Vec::with_capacity(3 * edits.len());
        let mut at = 0;
        for edit in edits {
            steps.push(Step::Keep(edit.span.start - at));
            steps.push(Step::Drop(edit.span.len()));
            steps.push(Step::Add(&edit.new));
            at = edit.span.end;
        }
        steps.retain(|step| step.len() > 0);
        let mut steps = Self { next: END, rest: steps.into_iter() };
        steps.advance();
        steps
    }

    /// Goes on by `n` bytes of the current step, which has at least as many.
    fn consume(&mut self, n: usize) {
        self.next = match self.next {
            END => END,
            Step::Keep(len) => Step::Keep(len - n),
            Step::Drop(len) => Step::Drop(len - n),
            Step::Add(new) => Step::Add(&new[n..]),
        };
        if self.next.len() == 0 {
            self.advance();
        }
    }

    fn advance(&mut self) {
        self.next = self.rest.next().unwrap_or(END);
    }
}

/// The list that comes out: drops and additions collect in one edit until a byte is kept.
#[derive(Default)]
struct Output {
    edits: Vec<Edit>,
    /// The edit that collects, if any.
    open: Option<Edit>,
    /// Offset in the first text.
    at: usize,
}

impl Output {
    fn open(&mut self) -> &mut Edit {
        self.open.get_or_insert_with(|| Edit::delete(Span::at(self.at)))
    }

    fn keep(&mut self, n: usize) {
        self.edits.extend(self.open.take());
        self.at += n;
    }

    fn drop(&mut self, n: usize) {
        self.open().span.end += n;
        self.at += n;
    }

    fn add(&mut self, new: &str) {
        self.open().new.push_str(new);
    }

    fn finish(mut self) -> BTreeSet<Edit> {
        self.keep(0);
        self.edits.into_iter().collect()
    }
}
