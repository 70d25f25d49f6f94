//! Spans that were accepted, the larger ones first, of which any two are apart or nested. Comes in:
//! a span that is no larger than those accepted before. Goes out: which of them it would stand in,
//! and which it would cut. Every question takes the logarithm of the number of spans.

use std::collections::BTreeMap;

use crate::text::Span;

/// A span that was accepted, as an index in the order of acceptance.
pub(super) type Nested = usize;

#[derive(Debug, Default)]
pub(super) struct Nesting {
    accepted: Vec<Node>,
    /// The innermost span at each offset from here on.
    innermost: BTreeMap<usize, Option<Nested>>,
    /// How many spans were looked at: what a test holds instead of the time.
    pub(super) looked: usize,
}

#[derive(Debug)]
struct Node {
    span: Span,
    parent: Option<Nested>,
    /// Another ancestor, further out, or itself: jumps of which few lead to any ancestor (E. W.
    /// Myers, "An applicative random-access stack", 1983).
    jump: Nested,
    depth: usize,
}

/// How a span stands to those that were accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The innermost span that holds it.
    pub(super) within: Option<Nested>,
    /// The outermost spans that it would cut, at its start and at its end.
    pub(super) cuts: [Option<Nested>; 2],
}

impl Nesting {
    /// Where `span`, which is no larger than any span so far, stands.
    pub(super) fn place(&mut self, span: Span) -> Place {
        let last = span.end.saturating_sub(1).max(span.start);
        let ends = [self.innermost(span.start), self.innermost(last)];
        let holding = ends.map(|end| self.outwards(end, span));
        Place {
            // A span that holds this one holds both its ends.
            within: holding[0].1,
            cuts: holding.map(|(cut, _)| cut),
        }
    }

    /// Accepts a span whose place cuts nothing.
    pub(super) fn accept(&mut self, span: Span, parent: Option<Nested>) {
        let id = self.accepted.len();
        let depth = parent.map_or(0, |p| self.accepted[p].depth + 1);
        let jump = parent.map_or(id, |parent| {
            let [zero, one, two] = self.jumps(parent);
            let is_even = zero.1 - one.1 == one.1 - two.1;
            if is_even { two.0 } else { parent }
        });
        self.accepted.push(Node { span, parent, jump, depth });
        if span.is_empty() {
            return;
        }
        let behind = self.innermost(span.end);
        self.innermost.entry(span.end).or_insert(behind);
        self.innermost.insert(span.start, Some(id));
    }

    /// A span and where its jump and the next one lead, each with its depth.
    fn jumps(&self, from: Nested) -> [(Nested, usize); 3] {
        let one = self.accepted[from].jump;
        [from, one, self.accepted[one].jump].map(|id| (id, self.accepted[id].depth))
    }

    fn innermost(&mut self, offset: usize) -> Option<Nested> {
        self.looked += 1;
        self.innermost.range(..=offset).next_back().and_then(|(_, &id)| id)
    }

    /// From `inner` outwards: the last span that does not hold `span`, and the first that does.
    fn outwards(&mut self, inner: Option<Nested>, span: Span) -> (Option<Nested>, Option<Nested>) {
        let mut cut = None;
        let mut at = inner;
        while let Some(id) = at {
            self.looked += 1;
            let node = &self.accepted[id];
            if node.span.contains(span) {
                break;
            }
            cut = Some(id);
            // A jump that does not lead past all that is cut saves the way there.
            let far = node.jump;
            let is_cut = far != id && !self.accepted[far].span.contains(span);
            at = if is_cut { Some(far) } else { node.parent };
        }
        (cut, at)
    }
}
