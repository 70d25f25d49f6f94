//! Diffs have a line for everything; code may have it on one. Comes in: what of a match and of a
//! diff is kept. Goes out: the items of the diff, without the line ends that the code does not have.

use super::items::{Key, Out, SourceItem, TargetItem};

/// Leaves out the line ends that the diff has inside of a list or block which stands on one line
/// here.
pub(super) fn flattened(
    source: &[SourceItem],
    mut target: Vec<TargetItem>,
    kept: &[(usize, usize)],
    blocks: &[BlockOnALine],
    text: &str,
) -> Vec<TargetItem> {
    let ends = |key: &Key| *key == Key::Semicolon;
    let mut dropped = Vec::new();
    for pair in kept.windows(2) {
        let [(s0, t0), (s1, t1)] = [pair[0], pair[1]];
        let here = &text[source[s0].span.end..source[s1].span.start];
        let block = blocks.iter().find(|block| t0 < block.close && block.open < t1);
        let in_block = block.is_some_and(|block| block.stays);
        let lines = target[t0 + 1..t1].iter().any(|i| ends(&i.key))
            || source[s0 + 1..s1].iter().any(|i| ends(&i.key))
            || [s0, s1].iter().any(|&s| ends(&source[s].key));
        let untouched = t1 == t0 + 1 && s1 == s0 + 1;
        let spreads = block.is_some_and(|block| !block.stays);
        if here.contains('\n') || (lines && !in_block) || untouched || spreads {
            continue;
        }
        // In a block what stands beside its braces is the code's own.
        let blank = &here[..here.len() - here.trim_start().len()];
        for at in t0 + 1..=t1 {
            if ends(&target[at].key) && in_block {
                let last = target[at + 1..=t1].iter().all(|i| i.key.closes());
                if last { dropped.push(at) } else { target[at].out = Out::Text(";".to_owned()) }
            }
            if target[at].lead.contains('\n') {
                target[at].lead = lead(&target[at - 1].key, &target[at].key, in_block, blank);
            }
            if target[at].key == Key::TrailingComma && at < t1 {
                dropped.push(at);
            }
        }
    }
    for at in dropped {
        target[at].optional = true;
    }
    target
}

/// What stands between two items of one line.
fn lead(before: &Key, item: &Key, in_block: bool, blank: &str) -> String {
    let beside_bracket = before.opens() || before.is(".") || item.closes();
    match (beside_bracket, in_block && (before.is("{") || item.is("}"))) {
        (true, true) => blank.to_owned(),
        (true, false) => String::new(),
        (false, _) => " ".to_owned(),
    }
}

/// A pair of braces around statements, fields or methods that stand on one line.
pub(super) struct BlockOnALine {
    open: usize,
    close: usize,
    /// Whether it stays on one line: gofmt has one field or method there, or a few statements.
    stays: bool,
}

impl BlockOnALine {
    /// The items that are its braces, if it gets lines: they are written anew.
    pub(super) fn new_braces(&self) -> impl Iterator<Item = usize> + use<> {
        [self.open, self.close].into_iter().take(if self.stays { 0 } else { 2 })
    }
}

/// The blocks that stand on one line here and in which the diff has line ends.
pub(super) fn blocks_on_a_line(
    source: &[SourceItem],
    target: &[TargetItem],
    kept: &[(usize, usize)],
    text: &str,
) -> Vec<BlockOnALine> {
    let mut found = Vec::new();
    for &(s0, open) in kept.iter().filter(|(_, t)| target[*t].key.is("{")) {
        let mut depth = 0;
        let close = (open..target.len()).find(|&at| {
            depth += isize::from(target[at].key.opens()) - isize::from(target[at].key.closes());
            depth == 0
        });
        let close = close.and_then(|close| kept.iter().find(|(_, t)| *t == close));
        let Some(&(s1, close)) = close else { continue };
        let ends = (open..close).filter(|&at| target[at].key == Key::Semicolon);
        let new = ends.filter(|&at| !kept.iter().any(|(_, t)| *t == at)).count();
        if new == 0 || text[source[s0].span.start..source[s1].span.end].contains('\n') {
            continue;
        }
        let is_type = open.checked_sub(1).is_some_and(|before| {
            target[before].key.is("struct") || target[before].key.is("interface")
        });
        let inside = &target[open + 1..close];
        let has_lines = inside.iter().any(|i| i.key.is("{") || is_comment(&i.key));
        let stays = !has_lines && (!is_type || new == 1);
        found.push(BlockOnALine { open, close, stays });
    }
    found
}

fn is_comment(key: &Key) -> bool {
    matches!(key, Key::Token(text) if text.starts_with("//") || text.starts_with("/*"))
}
