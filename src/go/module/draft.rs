//! A changed file in the making.
//!
//! Comes in: lines to delete, to add and to move, tokens to replace. Goes out: edits, after the
//! layout was mended as `go mod edit` mends it: an empty block disappears, a block that shrank to
//! one line becomes that line, and no blank line is left over.

use super::syntax::{LineKind, Statement, Syntax};
use crate::text::{Edit, EditSet, Span};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

pub(super) struct Draft<'a> {
    syntax: &'a Syntax,
    deleted: BTreeSet<usize>,
    /// Lines to add before the line of that number, without their line ends.
    added: BTreeMap<usize, Vec<String>>,
    /// Edits inside of lines.
    inner: Vec<Edit>,
    /// Lines whose comments live on elsewhere.
    carried: BTreeSet<usize>,
    /// Lines that were given the comment of another one.
    commented: BTreeSet<usize>,
}

impl<'a> Draft<'a> {
    pub fn new(syntax: &'a Syntax) -> Self {
        Self {
            syntax,
            deleted: BTreeSet::new(),
            added: BTreeMap::new(),
            inner: Vec::new(),
            carried: BTreeSet::new(),
            commented: BTreeSet::new(),
        }
    }

    /// Replaces a part of a line, if that changes it.
    pub fn replace(&mut self, span: Span, new: &str) {
        if span.of(&self.syntax.text) != new {
            self.inner.push(Edit::replace(span, new));
        }
    }

    /// Adds a line before the line of that number; at the end of the file for their count.
    pub fn add_before(&mut self, line: usize, text: String) {
        self.added.entry(line).or_default().push(text);
    }

    /// Deletes a line together with the comment lines directly above it, as `modfile` does.
    pub fn delete(&mut self, line: usize) {
        self.deleted.extend(self.syntax.with_comments_above(line)..=line);
    }

    /// Deletes a line that says the same as `kept` will, and lets its comments live on there.
    pub fn merge_into(&mut self, line: usize, kept: usize) {
        self.delete(line);
        let indentation = self.syntax.indentation(kept).to_owned();
        for above in self.syntax.with_comments_above(line)..line {
            let comment = self.syntax.content(above).of(&self.syntax.text);
            self.carried.insert(above);
            self.add_before(kept, format!("{indentation}{comment}"));
        }
        let Some(comment) = self.syntax.lines[line].comment else { return };
        let text = match self.syntax.comment_beside_indirect(line) {
            Some("") => return,
            Some(rest) => format!("// {rest}"),
            None => comment.of(&self.syntax.text).trim_end().to_owned(),
        };
        self.carried.insert(line);
        let target = &self.syntax.lines[kept];
        match target.tokens.last() {
            Some(last) if target.comment.is_none() && self.commented.insert(kept) => {
                let last = last.end;
                match self.inner.iter_mut().find(|edit| edit.span.end == last) {
                    Some(edit) => edit.new = format!("{} {text}", edit.new),
                    None => self.inner.push(Edit::insert(last, format!(" {text}"))),
                }
            }
            _ => self.add_before(kept, format!("{indentation}{text}")),
        }
    }

    /// Puts the entries of a block that changed where the block's order wants them. `key` gives
    /// the tokens that an entry will have. A block that was not in order keeps its lines in place.
    pub fn sort_changed(
        &mut self,
        block: &Statement,
        changed: &BTreeSet<usize>,
        key: impl Fn(usize) -> Vec<String>,
        order: fn(&[String], &[String]) -> Ordering,
    ) {
        let entries: Vec<usize> = self.syntax.entries(block).collect();
        let old: Vec<Vec<String>> = entries.iter().map(|&line| tokens(self.syntax, line)).collect();
        if !old.is_sorted_by(|a, b| order(a, b).is_le()) {
            return;
        }
        let is_other = |line: &usize| !changed.contains(line) && !self.deleted.contains(line);
        let others: Vec<usize> = entries.iter().copied().filter(is_other).collect();
        let other_keys: Vec<_> = others.iter().map(|&line| tokens(self.syntax, line)).collect();
        let mut moves: Vec<(Vec<String>, usize, usize)> = Vec::new();
        for &line in entries.iter().filter(|line| changed.contains(line)) {
            let new = key(line);
            let gap = other_keys.partition_point(|other| order(other, &new).is_le());
            moves.push((new, gap, line));
        }
        if moves.iter().all(|&(_, gap, line)| gap == others.partition_point(|&o| o < line)) {
            return;
        }
        moves.sort_by(|a, b| order(&a.0, &b.0).then(a.2.cmp(&b.2)));
        for (_, gap, line) in moves {
            let before = match gap.checked_sub(1) {
                Some(previous) => others[previous] + 1,
                None => self.syntax.with_comments_above(others[0]),
            };
            self.relocate(line, before);
        }
    }

    /// Moves a line, as changed so far, with the comments above it.
    fn relocate(&mut self, line: usize, before: usize) {
        let syntax = self.syntax;
        let bare = |line: usize| {
            let span = syntax.lines[line].span;
            let text = span.of(&syntax.text);
            Span::new(span.start, span.start + text.trim_end_matches(['\n', '\r']).len())
        };
        let mut texts: Vec<String> = Vec::new();
        for above in syntax.with_comments_above(line)..line {
            self.carried.insert(above);
            texts.push(bare(above).of(&syntax.text).to_owned());
        }
        texts.extend(self.added.remove(&line).unwrap_or_default());
        let span = bare(line);
        let (own, rest) = std::mem::take(&mut self.inner)
            .into_iter()
            .partition(|edit: &Edit| span.contains(edit.span));
        self.inner = rest;
        texts.push(disjoint(own).apply_within(&syntax.text, span));
        self.carried.insert(line);
        self.delete(line);
        self.added.entry(before).or_default().extend(texts);
    }

    /// The edits, and the comments that they lose.
    pub fn finish(mut self) -> (EditSet, Vec<Span>) {
        for statement in &self.syntax.statements {
            if statement.is_block && statement.lines.clone().any(|l| self.deleted.contains(&l)) {
                self.mend_block(statement);
            }
        }
        self.mend_blank_lines();
        let lost = self.lost_comments();
        (self.edits(), lost)
    }

    /// Removes a block without entries; makes a line of a block that is left with one.
    fn mend_block(&mut self, block: &Statement) {
        let added = self.added.range(block.lines.start + 1..block.lines.end);
        let is_entry = |text: &&String| !text.trim_start().starts_with("//");
        let added = added.flat_map(|(_, lines)| lines).filter(is_entry).count();
        let left: Vec<usize> =
            self.syntax.entries(block).filter(|line| !self.deleted.contains(line)).collect();
        match (added, &left[..]) {
            (0, []) => {
                self.delete(block.lines.start);
                self.deleted.extend(block.lines.clone());
            }
            (0, &[line]) => self.collapse(block, line),
            _ => {}
        }
    }

    /// Makes `require PATH VERSION` of a block with one entry, unless a comment would be without a
    /// place.
    fn collapse(&mut self, block: &Statement, entry: usize) {
        let syntax = self.syntax;
        let (open, close) = (block.lines.start, block.lines.end - 1);
        let is_closed = syntax.lines[close].kind == LineKind::Close;
        let comment_after = (entry + 1..close)
            .any(|l| syntax.lines[l].kind == LineKind::Comment && !self.deleted.contains(&l));
        let has_comment = [open, close].iter().any(|&l| syntax.lines[l].comment.is_some());
        if !is_closed || comment_after || has_comment {
            return;
        }
        self.deleted.extend([open, close]);
        for (_, texts) in self.added.range_mut(open + 1..=close) {
            for text in texts {
                *text = text.trim_start().to_owned();
            }
        }
        for line in open + 1..close {
            let start = syntax.lines[line].span.start;
            let indentation = Span::new(start, syntax.content(line).start);
            match syntax.lines[line].kind {
                LineKind::Blank => {
                    self.deleted.insert(line);
                }
                LineKind::Comment => self.replace(indentation, ""),
                _ if line == entry => self.replace(indentation, &format!("{} ", block.verb)),
                _ => {}
            }
        }
    }

    /// Where deleted lines leave two blank lines together, or one at the edge of a block or of the
    /// file, one goes too.
    fn mend_blank_lines(&mut self) {
        let count = self.syntax.lines.len();
        let mut line = 0;
        while line < count {
            if !self.deleted.contains(&line) {
                line += 1;
                continue;
            }
            let start = line;
            while line < count && self.deleted.contains(&line) {
                line += 1;
            }
            let before = (0..start).rev().find(|before| !self.deleted.contains(before));
            if self.added.range(before.map_or(0, |at| at + 1)..=line).next().is_some() {
                continue;
            }
            let kind = |at: &usize| self.syntax.lines.get(*at).map(|line| (*at, line.kind));
            let (before, after) = (before.as_ref().and_then(kind), kind(&line));
            let at_start = matches!(before, None | Some((_, LineKind::Blank | LineKind::Open)));
            let at_end = matches!(after, None | Some((_, LineKind::Close)));
            match (before, after) {
                (_, Some((blank, LineKind::Blank))) if at_start => {
                    self.deleted.insert(blank);
                    line = blank + 1;
                }
                (Some((blank, LineKind::Blank)), _) if at_end => {
                    self.deleted.insert(blank);
                }
                _ => {}
            }
        }
    }

    fn lost_comments(&self) -> Vec<Span> {
        let lost = self.deleted.iter().filter(|line| !self.carried.contains(line));
        lost.filter(|&&line| self.syntax.comment_beside_indirect(line) != Some(""))
            .filter_map(|&line| self.syntax.lines[line].comment)
            .collect()
    }

    fn edits(self) -> EditSet {
        let syntax = self.syntax;
        let line_end = syntax.line_end();
        let mut edits: Vec<Edit> = Vec::new();
        for (at, line) in syntax.lines.iter().enumerate() {
            if let Some(texts) = self.added.get(&at) {
                let new: String = texts.iter().flat_map(|text| [text, line_end]).collect();
                edits.push(Edit::insert(line.span.start, new));
            }
            if self.deleted.contains(&at) {
                match edits.last_mut() {
                    Some(last) if last.new.is_empty() && last.span.end == line.span.start => {
                        last.span.end = line.span.end;
                    }
                    _ => edits.push(Edit::delete(line.span)),
                }
            }
        }
        if let Some(texts) = self.added.get(&syntax.lines.len()) {
            let joined = texts.join(line_end);
            let is_ended =
                syntax.lines.last().is_none_or(|l| l.span.of(&syntax.text).ends_with('\n'));
            let new = if is_ended { joined + line_end } else { format!("{line_end}{joined}") };
            edits.push(Edit::insert(syntax.text.len(), new));
        }
        let gone =
            |span: Span| self.deleted.iter().any(|&line| syntax.lines[line].span.contains(span));
        edits.extend(self.inner.into_iter().filter(|edit| !gone(edit.span)));
        disjoint(edits)
    }
}

/// The edits as a set. They concern different lines or different tokens, so they are disjoint; if
/// that were ever wrong, no edit is better than half of them.
fn disjoint(edits: Vec<Edit>) -> EditSet {
    let set = EditSet::from_edits(edits);
    debug_assert!(set.is_ok(), "{set:?}");
    set.unwrap_or_default()
}

/// The values of a line's tokens, the directive's name left out.
pub(super) fn tokens(syntax: &Syntax, line: usize) -> Vec<String> {
    let line = &syntax.lines[line];
    let skip = usize::from(line.kind == LineKind::Single);
    let value = |&span: &Span| syntax.value(span).unwrap_or_else(|_| span.of(&syntax.text).into());
    line.tokens.iter().skip(skip).map(value).collect()
}
