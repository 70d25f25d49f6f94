use proptest::prelude::*;

use super::*;
use crate::engine::render::{Chunk, Replacement};
use crate::text::EditSet;

/// What [`resolve`] decides, by comparing all pairs.
fn compared_in_pairs(candidates: &[Candidate]) -> Vec<Option<usize>> {
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    order.sort_by_key(|&i| {
        let c = &candidates[i];
        (std::cmp::Reverse(c.span.len()), c.rule, c.span.start)
    });
    let mut accepted: Vec<usize> = Vec::new();
    let mut lost_to = vec![None; candidates.len()];
    for i in order {
        let span = candidates[i].span;
        let conflicts = |&&a: &&usize| {
            let outer = candidates[a].span;
            outer.overlaps(span) && !(outer.contains(span) && keeps(&candidates[a], span))
        };
        match accepted.iter().find(conflicts) {
            Some(&winner) => lost_to[i] = Some(candidates[winner].rule),
            None => accepted.push(i),
        }
    }
    lost_to
}

fn candidate(rule: usize, span: Span, kept: Vec<Span>) -> Candidate {
    Candidate::new(rule, span, Rendered { kept, ..Rendered::default() })
}

fn candidates() -> impl Strategy<Value = Vec<Candidate>> {
    let span = |within: Span, at: u8, len: u8| {
        let start = within.start + usize::from(at) % within.len();
        Span::new(start, (start + 1 + usize::from(len)).min(within.end))
    };
    let one =
        (0..4usize, any::<u8>(), 0..24u8, prop::collection::vec((any::<u8>(), 0..12u8), 0..3));
    let one = one.prop_map(move |(rule, at, len, captures)| {
        let whole = span(Span::new(0, 32), at, len);
        candidate(rule, whole, captures.iter().map(|&(at, len)| span(whole, at, len)).collect())
    });
    prop::collection::vec(one, 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_same_fixes_win_as_when_all_pairs_are_compared(candidates in candidates()) {
        let text = " ".repeat(32);
        prop_assert_eq!(resolve(&text, &candidates, &[]).lost_to, compared_in_pairs(&candidates));
    }
}

/// `f(x)` to `g(x)` at `at`, where `x` is `inner` bytes long and stays, or is printed again.
fn call(at: usize, inner: usize, moved: bool) -> Candidate {
    let capture = Span::new(at + 2, at + 2 + inner);
    let span = Span::new(at, capture.end + 1);
    let text = |text: &str| Chunk::Text(text.to_string());
    let rendered = if moved {
        let copy = Chunk::Source { span: capture, from: String::new(), to: String::new() };
        let chunks = vec![text("g("), copy, text(")")];
        Rendered {
            replacements: vec![Replacement { span, chunks }],
            moved: vec![capture],
            ..Rendered::default()
        }
    } else {
        let name = Replacement { span: Span::new(at, at + 1), chunks: vec![text("g")] };
        Rendered { replacements: vec![name], kept: vec![capture], ..Rendered::default() }
    };
    Candidate::new(0, span, rendered)
}

/// `f(f(…f()…))`, `depth` calls deep.
fn nested(depth: usize, moved: bool) -> (String, Vec<Candidate>) {
    let text = format!("{}{}", "f(".repeat(depth), ")".repeat(depth));
    let inner = |level: usize| text.len() - 3 * level - 3;
    let candidates = (0..depth).map(|level| call(2 * level, inner(level), moved)).collect();
    (text, candidates)
}

/// `f(x)f(x)…`, `count` calls.
fn flat(count: usize) -> (String, Vec<Candidate>) {
    ("f(x)".repeat(count), (0..count).map(|nth| call(4 * nth, 1, nth % 2 == 0)).collect())
}

fn after(text: &str, resolution: &Resolution) -> String {
    EditSet::from_edits(resolution.edits.clone()).expect("disjoint").apply(text)
}

#[test]
fn calls_in_calls_are_all_rewritten() {
    for moved in [false, true] {
        let (text, candidates) = nested(50, moved);
        let resolution = resolve(&text, &candidates, &[]);
        assert!(resolution.lost_to.iter().all(Option::is_none));
        assert_eq!(after(&text, &resolution), text.replace('f', "g"));
    }
}

#[test]
fn the_work_grows_with_the_fixes_and_their_logarithm() {
    let looked = |(text, candidates): (String, Vec<Candidate>)| {
        let resolution = resolve(&text, &candidates, &[]);
        assert!(resolution.lost_to.iter().all(Option::is_none));
        resolution.looked
    };
    for make in [|n| nested(n, false), |n| nested(n, true), flat] {
        let (small, large) = (looked(make(1_000)), looked(make(8_000)));
        assert!(large < 8 * small + 8 * 1_000, "{small} for 1,000, {large} for 8,000");
        assert!(small < 10_000, "{small} for 1,000");
    }
}

/// Fixes that all lose: each cuts the whole chain of accepted ones, and names the outermost.
#[test]
fn the_outermost_winner_is_found_without_walking_the_chain() {
    let depth = 4_000;
    let mut candidates: Vec<Candidate> = (0..depth)
        .map(|level| {
            let span = Span::new(level, 4 * depth - 2 * level);
            let capture = Span::new(level + 1, 4 * depth - 2 * level - 2);
            candidate(level, span, vec![capture])
        })
        .collect();
    let middle = depth - 1;
    for nth in 0..depth {
        candidates.push(candidate(depth + nth, Span::new(middle, 2 * depth + 1), Vec::new()));
    }
    let resolution = resolve(&" ".repeat(4 * depth), &candidates, &[]);
    assert_eq!(resolution.lost_to.iter().flatten().count(), depth);
    assert!(resolution.looked < 100 * depth, "{}", resolution.looked);
}

/// An insertion at the edge of a capture that is copied elsewhere comes with the copy, once.
#[test]
fn an_insertion_at_the_edge_of_a_copied_capture_is_not_made_twice() {
    let text = "s(f(x), b)";
    let insert = |at: usize, new: &str| Replacement {
        span: Span::at(at),
        chunks: vec![Chunk::Text(new.to_string())],
    };
    let inner = Candidate {
        rule: 1,
        also: Vec::new(),
        span: Span::new(2, 6),
        rendered: Rendered {
            replacements: vec![insert(2, "w("), insert(6, ")")],
            kept: vec![Span::new(2, 6)],
            ..Rendered::default()
        },
    };
    let copy = Chunk::Source { span: Span::new(2, 6), from: String::new(), to: String::new() };
    let outer = Candidate {
        rule: 0,
        also: Vec::new(),
        span: Span::new(0, 10),
        rendered: Rendered {
            replacements: vec![
                Replacement { span: Span::new(2, 8), chunks: Vec::new() },
                Replacement {
                    span: Span::at(9),
                    chunks: vec![Chunk::Text(", ".to_string()), copy],
                },
            ],
            kept: vec![Span::new(8, 9)],
            moved: vec![Span::new(2, 6)],
            ..Rendered::default()
        },
    };
    assert_eq!(after(text, &resolve(text, &[outer, inner], &[])), "s(b, w(f(x)))");
}
