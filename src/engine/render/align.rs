//! Which items of a match stay where they are: a heaviest common subsequence of the match's items
//! and the template's.

use super::items::{Key, SourceItem, TargetItem, can_stay};

/// Beyond this many pairs of items only what both begin and end with is kept.
const MAX_PAIRS: usize = 4_000_000;

/// Pairs of positions, ascending in both, of the items that are kept.
pub(super) fn align(
    source: &[SourceItem],
    target: &[TargetItem],
    text: &str,
) -> Vec<(usize, usize)> {
    let same = |s: usize, t: usize| can_stay(&source[s], &target[t]);
    let shorter = source.len().min(target.len());
    let prefix = (0..shorter).take_while(|&i| same(i, i)).count();
    let suffix = (0..shorter - prefix)
        .take_while(|&i| same(source.len() - 1 - i, target.len() - 1 - i))
        .count();
    let (rows, columns) = (source.len() - prefix - suffix, target.len() - prefix - suffix);
    let mut kept: Vec<(usize, usize)> = (0..prefix).map(|i| (i, i)).collect();
    if rows * columns <= MAX_PAIRS {
        kept.extend(middle(source, target, text, prefix, (rows, columns)));
    }
    kept.extend((0..suffix).map(|i| (prefix + rows + i, prefix + columns + i)));
    kept
}

fn middle(
    source: &[SourceItem],
    target: &[TargetItem],
    text: &str,
    from: usize,
    (rows, columns): (usize, usize),
) -> Vec<(usize, usize)> {
    // best[r][c]: the greatest weight of source[from + r..] and target[from + c..].
    let width = columns + 1;
    let mut best = vec![0u64; (rows + 1) * width];
    for r in (0..rows).rev() {
        for c in (0..columns).rev() {
            let (s, t) = (&source[from + r], &target[from + c]);
            let skip = best[(r + 1) * width + c].max(best[r * width + c + 1]);
            let keep =
                if can_stay(s, t) { weight(s, text) + best[(r + 1) * width + c + 1] } else { 0 };
            best[r * width + c] = skip.max(keep);
        }
    }
    let (mut r, mut c) = (0, 0);
    let mut kept = Vec::new();
    while r < rows && c < columns {
        let here = best[r * width + c];
        let s = &source[from + r];
        let diagonal = best[(r + 1) * width + c + 1];
        if can_stay(s, &target[from + c]) && here == weight(s, text) + diagonal {
            kept.push((from + r, from + c));
            (r, c) = (r + 1, c + 1);
        } else if here == best[(r + 1) * width + c] {
            r += 1;
        } else {
            c += 1;
        }
    }
    kept
}

/// Captures weigh most, so that other people's code stays in place; then names, then signs.
fn weight(item: &SourceItem, text: &str) -> u64 {
    match &item.key {
        Key::Capture(_) => 10_000 + item.span.len() as u64,
        Key::Token(token) => {
            let first = item.span.of(text).chars().next();
            let word =
                first.is_some_and(|c| c == '_' || c == '"' || c == '`' || c.is_alphanumeric());
            if word { 20 + token.len() as u64 } else { 4 }
        }
        Key::Semicolon | Key::TrailingComma => 2,
    }
}
