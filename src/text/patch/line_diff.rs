//! A small line diff, for the lines of one edited region.
//!
//! Comes in: the lines of a region before and after. Goes out: the fewest lines that change, as
//! runs; or one run, where the two differ so much that the search for the fewest is not worth it.
//! The algorithm is E. Myers' greedy one, "An O(ND) Difference Algorithm and Its Variations"
//! (1986).

use std::ops::Range;

/// Above this many added and removed lines the whole region counts as changed. Bounds the work to
/// the square of this number, and the memory to half of that.
const MAX_DISTANCE: usize = 1_000;

/// A run of old lines that becomes a run of new lines; line numbers of the region, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LineChange {
    pub(super) old: Range<usize>,
    pub(super) new: Range<usize>,
}

/// The changes that make `new` of `old`, in order; none touches another.
pub(super) fn line_diff(old: &[&str], new: &[&str]) -> Vec<LineChange> {
    let prefix = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old[prefix..], &new[prefix..]);
    let suffix =
        old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let old_rest = &old_rest[..old_rest.len() - suffix];
    let new_rest = &new_rest[..new_rest.len() - suffix];

    let common = common_lines(old_rest, new_rest).unwrap_or_default();
    let end = (old_rest.len(), new_rest.len());
    let mut changes = Vec::new();
    let mut at = (0, 0);
    for (a, b) in common.into_iter().chain([end]) {
        if at != (a, b) {
            changes.push(LineChange {
                old: prefix + at.0..prefix + a,
                new: prefix + at.1..prefix + b,
            });
        }
        at = (a + 1, b + 1);
    }
    changes
}

/// A longest common subsequence, as pairs of line numbers; `None` above [`MAX_DISTANCE`].
///
/// `rows[d][j]` is how many old lines the furthest path with `d` changes has passed on diagonal
/// `k = 2j - d`, where a path that has passed `x` old and `y` new lines is on diagonal `x - y`.
fn common_lines(old: &[&str], new: &[&str]) -> Option<Vec<(usize, usize)>> {
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for d in 0..=MAX_DISTANCE.min(old.len() + new.len()) {
        let mut row = Vec::with_capacity(d + 1);
        for j in 0..=d {
            let mut x = if d == 0 { 0 } else { step(&rows[d - 1], j).1 };
            let mut y = x + d - 2 * j;
            while x < old.len() && y < new.len() && old[x] == new[y] {
                (x, y) = (x + 1, y + 1);
            }
            row.push(x);
            if x >= old.len() && y >= new.len() {
                rows.push(row);
                return Some(trace_back(&rows, j));
            }
        }
        rows.push(row);
    }
    None
}

/// How the furthest path to position `j` of the row after `before` takes its last change: the
/// position in `before` that it comes from, and the old lines passed behind the change.
fn step(before: &[usize], j: usize) -> (usize, usize) {
    let adds = j == 0 || (j < before.len() && before[j - 1] < before[j]);
    if adds { (j, before[j]) } else { (j - 1, before[j - 1] + 1) }
}

/// The common lines of the path that ends at position `j` of the last row.
fn trace_back(rows: &[Vec<usize>], mut j: usize) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for d in (0..rows.len()).rev() {
        let (from, start) = if d == 0 { (0, 0) } else { step(&rows[d - 1], j) };
        pairs.extend((start..rows[d][j]).rev().map(|x| (x, x + d - 2 * j)));
        j = from;
    }
    pairs.reverse();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The length of a longest common subsequence, by the definition.
    fn longest_common(a: &[&str], b: &[&str]) -> usize {
        let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..a.len() {
            for j in 0..b.len() {
                table[i + 1][j + 1] = if a[i] == b[j] {
                    table[i][j] + 1
                } else {
                    table[i][j + 1].max(table[i + 1][j])
                };
            }
        }
        table[a.len()][b.len()]
    }

    fn lines() -> impl Strategy<Value = Vec<&'static str>> {
        prop::collection::vec(prop::sample::select(vec!["a", "b", "c", "d"]), 0..14)
    }

    proptest! {
        #[test]
        fn changes_are_right_and_as_few_as_can_be(old in lines(), new in lines()) {
            let changes = line_diff(&old, &new);
            let mut rebuilt: Vec<&str> = Vec::new();
            let mut at = 0;
            let mut changed = 0;
            for change in &changes {
                prop_assert!(change.old.start > at || at == 0, "runs touch: {changes:?}");
                rebuilt.extend(&old[at..change.old.start]);
                rebuilt.extend(&new[change.new.clone()]);
                at = change.old.end;
                changed += change.old.len() + change.new.len();
            }
            rebuilt.extend(&old[at..]);
            prop_assert_eq!(&rebuilt, &new);
            prop_assert_eq!(changed, old.len() + new.len() - 2 * longest_common(&old, &new));
        }
    }

    #[test]
    fn regions_that_differ_too_much_change_as_a_whole() {
        let old: Vec<String> = (0..2_000).map(|n| format!("old {n}")).collect();
        let mut new: Vec<String> = (0..2_000).map(|n| format!("new {n}")).collect();
        new[1_000].clone_from(&old[1_000]);
        let old: Vec<&str> = old.iter().map(String::as_str).collect();
        let new: Vec<&str> = new.iter().map(String::as_str).collect();
        assert_eq!(line_diff(&old, &new), [LineChange { old: 0..2_000, new: 0..2_000 }]);
    }
}
