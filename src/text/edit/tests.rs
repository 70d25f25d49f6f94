use super::*;
use proptest::prelude::*;

fn set(edits: &[(usize, usize, &str)]) -> EditSet {
    let edits = edits.iter().map(|&(s, e, new)| Edit::replace(Span::new(s, e), new)).collect();
    EditSet::from_edits(edits).expect("disjoint")
}

#[test]
fn applies_in_order_whatever_order_they_came_in() {
    assert_eq!(set(&[(4, 5, "E"), (0, 1, "A"), (2, 2, "+")]).apply("abcde"), "Ab+cdE");
}

#[test]
fn refuses_overlaps_and_two_insertions_at_one_place() {
    let edit = |s, e, n: &str| Edit::replace(Span::new(s, e), n);
    assert!(EditSet::from_edits(vec![edit(0, 3, "x"), edit(2, 4, "y")]).is_err());
    assert!(EditSet::from_edits(vec![edit(1, 1, "x"), edit(1, 1, "y")]).is_err());
    assert!(EditSet::from_edits(vec![edit(0, 4, "x"), edit(2, 2, "y")]).is_err());
    assert!(EditSet::from_edits(vec![edit(0, 2, "x"), edit(2, 2, "y")]).is_ok());
    assert_eq!(EditSet::from_edits(vec![edit(1, 1, "x"); 2]).map(|s| s.len()), Ok(1));
}

#[test]
fn unmaps_spans_to_what_they_were_made_of() {
    let edits = set(&[(2, 4, "XYZ"), (6, 6, "++")]);
    assert_eq!(edits.apply("abcdefgh"), "abXYZef++gh");
    let unmap = |s, e| edits.unmap(Span::new(s, e));
    assert_eq!(unmap(0, 2), Span::new(0, 2));
    assert_eq!(unmap(3, 4), Span::new(2, 4), "inside a replacement");
    assert_eq!(unmap(5, 7), Span::new(4, 6));
    assert_eq!(unmap(9, 11), Span::new(6, 8));
}

#[test]
fn maps_offsets_through_growth() {
    let edits = set(&[(1, 1, "++"), (3, 5, "")]);
    let mapped: Vec<usize> = (0..7).map(|o| edits.map_offset(o)).collect();
    assert_eq!(mapped, [0, 3, 4, 5, 5, 5, 6]);
}

#[test]
fn an_edit_inside_an_insertion_composes_with_it() {
    let first = set(&[(1, 2, "hello")]);
    let later = set(&[(2, 4, "E")]);
    let both = first.then(&later);
    assert_eq!(both.apply("abc"), later.apply(&first.apply("abc")));
    assert_eq!(both, set(&[(1, 2, "hElo")]));
}

#[test]
fn try_add_is_all_or_nothing() {
    let mut edits = set(&[(4, 6, "x")]);
    let before = edits.clone();
    let refused = edits.try_add(&[
        Edit::insert(0, "new"),
        Edit::replace(Span::new(4, 6), "x"),
        Edit::insert(5, "inside"),
    ]);
    let overlap = refused.expect_err("5 lies inside 4..6");
    assert_eq!((overlap.kept.span, overlap.refused.span), (Span::new(4, 6), Span::at(5)));
    assert_eq!(edits, before);
    assert_eq!(edits.try_add(&[Edit::insert(6, "y"), Edit::insert(4, "z")]), Ok(()));
    assert_eq!(edits.len(), 3);
}

#[test]
fn trimmed_joins_what_touches_and_drops_what_changes_nothing() {
    let text = "one é two";
    let edits = set(&[(0, 3, "one"), (4, 6, "è"), (6, 6, "!"), (7, 10, "too")]);
    let trimmed = edits.trimmed(text);
    assert_eq!(trimmed, set(&[(4, 6, "è!"), (8, 9, "o")]));
    assert_eq!(trimmed.apply(text), edits.apply(text));
}

/// Text of a small alphabet (so that repeats are common), with characters of one to four bytes.
fn text() -> impl Strategy<Value = String> {
    "[ab\n\u{e9}\u{4e2d}\u{1f600}]{0,24}"
}

/// Places and replacements that [`place`] turns into edits of any text.
type Wishes = Vec<(u8, u8, String)>;

fn wishes() -> impl Strategy<Value = Wishes> {
    prop::collection::vec((any::<u8>(), 0u8..4, "[ab\u{e9}\u{4e2d}]{0,4}"), 0..6)
}

/// Edits of `text` on character boundaries; those that do not fit beside earlier ones are left
/// out.
fn place(text: &str, wishes: &Wishes) -> EditSet {
    let bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let mut edits = EditSet::new();
    for (start, len, new) in wishes {
        let start = usize::from(*start) % bounds.len();
        let end = (start + usize::from(*len)).min(bounds.len() - 1);
        let _ = edits.try_add(&[Edit::replace(Span::new(bounds[start], bounds[end]), new)]);
    }
    edits
}

fn holds_invariant(edits: &EditSet) -> bool {
    EditSet::from_edits(edits.clone().into_vec()).as_ref() == Ok(edits)
}

proptest! {
    #[test]
    fn then_is_one_set_for_two(text in text(), one in wishes(), two in wishes()) {
        let first = place(&text, &one);
        let middle = first.apply(&text);
        let later = place(&middle, &two);
        let both = first.then(&later);
        prop_assert!(holds_invariant(&both), "{both:?}");
        prop_assert_eq!(both.apply(&text), later.apply(&middle));
    }

    #[test]
    fn trimmed_does_the_same_with_no_character_too_many(text in text(), some in wishes()) {
        let edits = place(&text, &some);
        let trimmed = edits.trimmed(&text);
        prop_assert!(holds_invariant(&trimmed), "{trimmed:?}");
        prop_assert_eq!(trimmed.apply(&text), edits.apply(&text));
        for edit in &trimmed {
            let old = edit.span.of(&text);
            let both = !old.is_empty() && !edit.new.is_empty();
            prop_assert!(!both || old.chars().next() != edit.new.chars().next());
            prop_assert!(!both || old.chars().last() != edit.new.chars().last());
        }
        prop_assert_eq!(trimmed.trimmed(&text), trimmed);
    }

    #[test]
    fn adding_one_by_one_is_adding_at_once(text in text(), some in wishes()) {
        let edits = place(&text, &some);
        prop_assert!(holds_invariant(&edits), "{edits:?}");
        let mut backwards = EditSet::new();
        for edit in edits.iter().rev() {
            prop_assert_eq!(backwards.try_add(std::slice::from_ref(edit)), Ok(()));
        }
        prop_assert_eq!(backwards, edits);
    }

    #[test]
    fn try_add_refuses_what_from_edits_refuses(text in text(), one in wishes(), two in wishes()) {
        let (mut edits, other) = (place(&text, &one), place(&text, &two).into_vec());
        let at_once = EditSet::from_edits([edits.clone().into_vec(), other.clone()].concat());
        let before = edits.clone();
        match edits.try_add(&other) {
            Ok(()) => prop_assert_eq!(at_once, Ok(edits)),
            Err(_) => prop_assert!(at_once.is_err() && edits == before),
        }
    }
}
