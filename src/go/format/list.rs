//! Gaps in lists of expressions, with columns for keyed elements.

use super::layout::{Gap, Layout};
use crate::go::syntax::{Kind, Node, Role};

impl Layout<'_> {
    /// A comma and one blank before an element on the line of the one before it.
    pub(super) fn comma_before(&mut self, element: usize) {
        if element > 0 && self.is(element - 1, ",") {
            self.set(element - 1, Gap::Empty);
        }
        self.set(element, Gap::Blank);
    }

    /// Expressions with commas between (`exprList` of go/printer). `prev` is the token that the
    /// list stands after, `next` the one before which it ends; where the original has no position
    /// there is none. With `closed`, a bracket follows, which may be on a line of its own.
    pub(super) fn list(
        &mut self,
        prev: Option<usize>,
        items: &[Node<'_>],
        depth: usize,
        next: Option<usize>,
        closed: bool,
    ) {
        let (Some(&head), Some(&tail)) = (items.first(), items.last()) else {
            if let (true, Some(next)) = (closed, next) {
                self.set(next, Gap::Joined);
            }
            return;
        };
        let start = self.line(self.first(head));
        let prev_line = prev.map_or(0, |p| self.line(p));
        if prev_line == start && start == self.end_line(self.last(tail)) {
            return self.one_line_list(items, depth);
        }
        let mut breaks = Breaks::new(prev_line);
        if prev_line > 0 && prev_line < start {
            let at = self.first(head);
            self.set(at, Gap::Break { section: true, most: 2 });
            breaks.last = Some(0);
        }
        let measured = prev.is_some() && next.is_some();
        for (nth, &item) in items.iter().enumerate() {
            let size = if measured { self.size(item) } else { 0 };
            let line = self.line(self.first(item));
            let wants_break = 0 < breaks.line && breaks.line < line;
            if nth > 0 {
                self.list_gap(items, nth, size, wants_break, &mut breaks);
            }
            self.expr(item, depth);
            let key = item.child(Role::Key).filter(|_| item.kind() == Kind::KeyValue);
            if let Some(key) = key.filter(|_| items.len() > 1 && wants_break && size > 0) {
                let colon = self.after(key);
                self.set(colon + 1, Gap::Cells(1));
            }
            breaks.done(size, line);
        }
        if let (true, Some(next)) = (closed, next) {
            self.set(next, Gap::Break { section: true, most: 1 });
        }
    }

    fn one_line_list(&mut self, items: &[Node<'_>], depth: usize) {
        for (nth, &item) in items.iter().enumerate() {
            if nth > 0 {
                let at = self.first(item);
                self.comma_before(at);
            }
            self.expr(item, depth);
        }
    }

    /// What stands between the `nth` element of a list and the one before it.
    fn list_gap(
        &mut self,
        items: &[Node<'_>],
        nth: usize,
        size: usize,
        wants_break: bool,
        breaks: &mut Breaks,
    ) {
        let at = self.first(items[nth]);
        let (line, end) = (self.line(at), self.end_line(self.last(items[nth - 1])));
        if wants_break && line > end {
            let alone = breaks.last.is_some_and(|last| last + 1 == nth);
            let section = breaks.ends_section(size) || !alone;
            self.set(at, Gap::Break { section, most: 2 });
            breaks.broke(nth, section || line > end + 1);
        } else {
            self.comma_before(at);
        }
    }

    /// The size of a list element that decides on alignment: that of a pair's key; 0 if the
    /// element does not fit on a line.
    fn size(&mut self, item: Node<'_>) -> usize {
        if self.is_multiline(item) {
            return 0;
        }
        let Some(size) = self.flat(item) else { return 0 };
        match item.child(Role::Key) {
            Some(key) if item.kind() == Kind::KeyValue => self.flat(key).unwrap_or(0),
            _ => size,
        }
    }
}

/// Where a list was broken so far, and the sizes since the last section began.
struct Breaks {
    /// First line of the element before.
    line: usize,
    /// Index of the last element before which there was a line end.
    last: Option<usize>,
    size: usize,
    sum_of_logs: f64,
    count: f64,
}

impl Breaks {
    fn new(line: usize) -> Self {
        Self { line, last: None, size: 0, sum_of_logs: 0.0, count: 0.0 }
    }

    /// Whether the size differs so much from those before that alignment ends.
    #[allow(clippy::cast_precision_loss, reason = "sizes are lengths of lines")]
    fn ends_section(&self, size: usize) -> bool {
        const SMALL: usize = 40;
        const RATIO: f64 = 2.5;
        if self.size == 0 || size == 0 {
            return true;
        }
        if self.count == 0.0 || (self.size <= SMALL && size <= SMALL) {
            return false;
        }
        let ratio = size as f64 / (self.sum_of_logs / self.count).exp();
        RATIO * ratio <= 1.0 || RATIO <= ratio
    }

    fn broke(&mut self, nth: usize, section: bool) {
        self.last = Some(nth);
        if section {
            self.sum_of_logs = 0.0;
            self.count = 0.0;
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "sizes are lengths of lines")]
    fn done(&mut self, size: usize, line: usize) {
        if size > 0 {
            self.sum_of_logs += (size as f64).ln();
            self.count += 1.0;
        }
        self.size = size;
        self.line = line;
    }
}
