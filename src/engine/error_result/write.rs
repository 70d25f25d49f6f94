//! The edits at one statement. Comes in: the calls in it, each with what becomes of it. Goes out: what is
//! put before the statement, in it and behind it.

use crate::engine::render::{Chunk, Rendered, Replacement};
use crate::go::source::Part;
use crate::go::syntax::{Kind, Node, Role};
use crate::text::Span;
use crate::text::layout::{indentation_at, line_ending};

/// What becomes of a call.
pub(super) enum Way {
    /// It is evaluated before the statement, and these names take its place.
    Before {
        /// What stands before the call there.
        head: String,
        /// The names.
        names: String,
    },
    /// It stays where it is.
    InPlace {
        /// What is written where.
        with: Vec<(Span, String)>,
        /// Whether the statement becomes the header of the check.
        in_header: bool,
    },
}

/// A call whose error is checked.
pub(super) struct Checked<'p> {
    /// The rule that the call is of.
    pub(super) rule: usize,
    pub(super) call: Node<'p>,
    pub(super) way: Way,
    /// The name of the error.
    pub(super) err: String,
    /// What happens where there is one.
    pub(super) on_error: Vec<Chunk>,
}

/// The calls of one statement, in the order in which they are evaluated.
pub(super) struct Statement<'p> {
    pub(super) part: &'p Part,
    pub(super) stmt: Node<'p>,
    pub(super) calls: Vec<Checked<'p>>,
}

impl Statement<'_> {
    /// The rules that the calls are of, ascending.
    pub(super) fn rules(&self) -> Vec<usize> {
        let mut rules: Vec<usize> = self.calls.iter().map(|checked| checked.rule).collect();
        rules.sort_unstable();
        rules.dedup();
        rules
    }

    /// What the fix is about: the statement up to where something is done.
    pub(super) fn span(&self) -> Span {
        let start = self.stmt.span().start;
        let parts = self.calls.iter().map(|checked| {
            let within = |n: &Node<'_>| n.span().contains(checked.call.span());
            self.stmt.children().find(within).map_or(self.stmt.span().end, |n| n.span().end)
        });
        let end = if is_compound(self.stmt) {
            parts.max().unwrap_or(self.stmt.span().end)
        } else {
            self.stmt.span().end
        };
        let stays = |c: &Checked<'_>| matches!(c.way, Way::InPlace { .. });
        let behind = self.calls.iter().any(stays).then(|| behind(self.part, self.stmt)).flatten();
        Span::new(start, behind.map_or(end, |behind| behind.max(end)))
    }

    /// The edits.
    pub(super) fn rendered(&self) -> Rendered {
        let margin = self.margin();
        let mut edits: Vec<(Span, Vec<Chunk>)> = Vec::new();
        let mut before = Vec::new();
        for checked in &self.calls {
            match &checked.way {
                Way::Before { head, names } => {
                    before.push(Chunk::Text(head.clone()));
                    before.extend(self.code(checked.call));
                    before.push(Chunk::Text(format!("{}{margin}", self.line_end())));
                    before.push(Chunk::Text(format!("if {} != nil {{", checked.err)));
                    before.extend(self.block(checked));
                    before.push(Chunk::Text(format!("{}{margin}", self.line_end())));
                    if !self.is_in_another(checked.call) {
                        edits.push((whole(checked.call), vec![Chunk::Text(names.clone())]));
                    }
                }
                Way::InPlace { with, in_header } => {
                    let text =
                        |(span, text): &(Span, String)| (*span, vec![Chunk::Text(text.clone())]);
                    edits.extend(with.iter().map(text));
                    edits.extend(self.behind(checked, *in_header));
                }
            }
        }
        if !before.is_empty() {
            edits.insert(0, (Span::at(self.stmt.span().start), before));
        }
        self.put_together(edits)
    }

    /// What stands behind a statement whose call stays where it is.
    fn behind(&self, checked: &Checked<'_>, in_header: bool) -> Vec<(Span, Vec<Chunk>)> {
        let end = self.stmt.span().end;
        let place = behind(self.part, self.stmt).unwrap_or(end);
        let mut edits = Vec::new();
        let head = if in_header {
            format!("; {} != nil {{", checked.err)
        } else {
            format!("{}{}if {} != nil {{", self.line_end(), self.margin(), checked.err)
        };
        let mut lines = vec![Chunk::Text(head)];
        // A comment behind the call is about it, and stays on its line.
        if in_header && place > end {
            edits.push((Span::at(end), std::mem::take(&mut lines)));
        }
        lines.extend(self.block(checked));
        edits.push((Span::at(place), lines));
        edits
    }

    /// What happens with the error, up to the closing brace.
    fn block(&self, checked: &Checked<'_>) -> Vec<Chunk> {
        let (line_end, margin) = (self.line_end(), self.margin());
        let mut chunks = vec![Chunk::Text(format!("{line_end}{margin}{}", deeper(&margin)))];
        chunks.extend(checked.on_error.iter().cloned());
        chunks.push(Chunk::Text(format!("{line_end}{margin}}}")));
        chunks
    }

    /// A call as it stands, with the names of those in it that are evaluated before it.
    fn code(&self, call: Node<'_>) -> Vec<Chunk> {
        let text = self.part.syntax().text();
        let from = indentation_at(text, call.span().start).to_owned();
        let to = self.margin();
        let source = |span| Chunk::Source { span, from: from.clone(), to: to.clone() };
        let mut chunks = Vec::new();
        let mut at = call.span().start;
        let mut inner: Vec<(Span, &String)> = self
            .calls
            .iter()
            .filter(|other| other.call != call && call.holds(other.call))
            .filter_map(|other| match &other.way {
                Way::Before { names, .. } => Some((whole(other.call), names)),
                Way::InPlace { .. } => None,
            })
            .collect();
        inner.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
        for (span, names) in inner {
            if span.start < at {
                continue;
            }
            if at < span.start {
                chunks.push(source(Span::new(at, span.start)));
            }
            chunks.push(Chunk::Text(names.clone()));
            at = span.end;
        }
        chunks.push(source(Span::new(at, call.span().end)));
        chunks
    }

    /// Whether the call is a part of another one that goes before the statement.
    fn is_in_another(&self, call: Node<'_>) -> bool {
        self.calls.iter().any(|other| {
            let goes = matches!(other.way, Way::Before { .. });
            goes && other.call != call && other.call.holds(call)
        })
    }

    fn put_together(&self, mut edits: Vec<(Span, Vec<Chunk>)>) -> Rendered {
        edits.sort_by_key(|(span, _)| (span.start, span.end));
        let mut replacements: Vec<Replacement> = Vec::new();
        for (span, chunks) in edits {
            match replacements.last_mut().filter(|last| last.span == Span::at(span.start)) {
                Some(last) => {
                    last.span = span;
                    last.chunks.extend(chunks);
                }
                None => replacements.push(Replacement { span, chunks }),
            }
        }
        let whole = self.span();
        let mut kept = Vec::new();
        let mut at = whole.start;
        for replacement in &replacements {
            if at < replacement.span.start {
                kept.push(Span::new(at, replacement.span.start));
            }
            at = replacement.span.end.max(at);
        }
        if at < whole.end {
            kept.push(Span::new(at, whole.end));
        }
        let chunks = replacements.iter().flat_map(|replacement| &replacement.chunks);
        let moved = chunks.filter_map(|chunk| match chunk {
            Chunk::Source { span, .. } if whole.contains(*span) => Some(*span),
            _ => None,
        });
        let moved = moved.collect();
        Rendered { replacements, kept, moved, ..Rendered::default() }
    }

    fn margin(&self) -> String {
        indentation_at(self.part.syntax().text(), self.stmt.span().start).to_owned()
    }

    fn line_end(&self) -> &'static str {
        line_ending(self.part.syntax().text())
    }
}

/// What a line in a block begins with besides the margin of the block.
pub(super) fn deeper(margin: &str) -> &'static str {
    match margin.len() {
        0 => "\t",
        _ if margin.contains('\t') => "\t",
        len if len.is_multiple_of(4) => "    ",
        _ => "  ",
    }
}

/// Where a check goes that follows the statement: behind a comment on its line. `None` where code
/// follows on the line.
pub(super) fn behind(part: &Part, stmt: Node<'_>) -> Option<usize> {
    let text = part.syntax().text();
    let end = stmt.span().end;
    let mut at = end;
    loop {
        let rest = text[at..].trim_start_matches([' ', '\t']);
        if rest.is_empty() || rest.starts_with(['\n', '\r']) {
            return Some(at);
        }
        let begin = text.len() - rest.len();
        let comment = part.syntax().comments().iter().find(|c| c.start == begin)?;
        if comment.of(text).contains('\n') {
            return None;
        }
        at = comment.end;
    }
}

/// The call with parentheses that hold nothing else.
fn whole(call: Node<'_>) -> Span {
    let outer = call.parenthesized();
    let inside = outer.text().trim_matches(|c: char| matches!(c, '(' | ')') || c.is_whitespace());
    let own = call.text().trim_matches(|c: char| matches!(c, '(' | ')') || c.is_whitespace());
    if inside == own { outer.span() } else { call.span() }
}

fn is_compound(stmt: Node<'_>) -> bool {
    matches!(stmt.kind(), Kind::If | Kind::For | Kind::Range | Kind::Switch | Kind::TypeSwitch)
        && stmt.child(Role::Body).or_else(|| stmt.child(Role::Clauses)).is_some()
}
