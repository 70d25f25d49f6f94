//! Which rule is to blame. Comes in: the rules of a run, and somebody who can try some of them.
//! Goes out: the fewest rules that make the difference between what works and what fails.
//!
//! That is delta debugging between a set that passes and one that fails (Zeller and Hildebrandt,
//! "Simplifying and Isolating Failure-Inducing Input", 2002, `dd`): halves first, so that one rule
//! of n is found in about log n trials; a set that fails in another way decides nothing.

use std::collections::BTreeSet;

/// How a trial ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trial {
    /// Without the failure.
    Passes,
    /// With it.
    Fails,
    /// With another failure, behind which this one may hide.
    Unclear,
}

/// The fewest rules of `all` that separate passing from failing. Without any rule it passes, with
/// all it fails. `attempt` is asked at most `limit` times; what is left then comes out.
///
/// # Errors
/// Those of `attempt`.
pub fn isolate<E>(
    all: &BTreeSet<usize>,
    limit: usize,
    attempt: &mut dyn FnMut(&BTreeSet<usize>) -> Result<Trial, E>,
) -> Result<BTreeSet<usize>, E> {
    let (mut passing, mut failing) = (BTreeSet::new(), all.clone());
    let mut parts = 2;
    let mut trials = 0;
    'again: loop {
        let between: Vec<usize> = failing.difference(&passing).copied().collect();
        if between.len() <= 1 {
            return Ok(between.into_iter().collect());
        }
        parts = parts.min(between.len());
        let chunks = chunks(&between, parts);
        for chunk in &chunks {
            let more: BTreeSet<usize> = passing.union(chunk).copied().collect();
            let fewer: BTreeSet<usize> = failing.difference(chunk).copied().collect();
            for set in [more, fewer] {
                if trials == limit {
                    return Ok(between.into_iter().collect());
                }
                trials += 1;
                match attempt(&set)? {
                    Trial::Fails => failing = set,
                    Trial::Passes => passing = set,
                    Trial::Unclear => continue,
                }
                parts = 2;
                continue 'again;
            }
        }
        if parts == between.len() {
            return Ok(between.into_iter().collect());
        }
        parts *= 2;
    }
}

/// `items` in so many parts of nearly the same size.
fn chunks(items: &[usize], parts: usize) -> Vec<BTreeSet<usize>> {
    let at = |nth: usize| nth * items.len() / parts;
    (0..parts).map(|nth| items[at(nth)..at(nth + 1)].iter().copied().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    fn blamed(count: usize, judge: impl Fn(&BTreeSet<usize>) -> Trial) -> (Vec<usize>, usize) {
        let all: BTreeSet<usize> = (0..count).collect();
        let mut trials = 0;
        let found = isolate::<Infallible>(&all, 1000, &mut |set| {
            trials += 1;
            Ok(judge(set))
        });
        let Ok(found) = found;
        (found.into_iter().collect(), trials)
    }

    fn fails_if(fails: bool) -> Trial {
        if fails { Trial::Fails } else { Trial::Passes }
    }

    #[test]
    fn one_of_many_is_found_in_few_trials() {
        for bad in 0..100 {
            let (found, trials) = blamed(100, |set| fails_if(set.contains(&bad)));
            assert_eq!(found, [bad]);
            assert!(trials <= 8, "{trials}");
        }
        assert_eq!(blamed(1, |set| fails_if(!set.is_empty())).0, [0]);
    }

    #[test]
    fn of_two_that_fail_together_one_is_named() {
        let (found, _) = blamed(20, |set| fails_if(set.contains(&3) && set.contains(&17)));
        assert!(found == [3] || found == [17], "{found:?}");
    }

    #[test]
    fn what_fails_in_another_way_decides_nothing() {
        // Rule 0 is needed for anything to build; without it rule 7 cannot be seen to fail.
        let judge = |set: &BTreeSet<usize>| match (set.contains(&0), set.contains(&7)) {
            (true, bad) => fails_if(bad),
            (false, _) if set.is_empty() => Trial::Passes,
            (false, _) => Trial::Unclear,
        };
        assert_eq!(blamed(16, judge).0, [7]);
    }

    #[test]
    fn rules_that_cannot_be_told_apart_are_named_together() {
        let judge = |set: &BTreeSet<usize>| match (set.contains(&1), set.contains(&2)) {
            (true, true) => Trial::Fails,
            (false, false) => Trial::Passes,
            _ => Trial::Unclear,
        };
        assert_eq!(blamed(4, judge).0, [1, 2]);
    }

    #[test]
    fn there_is_an_end() {
        let all: BTreeSet<usize> = (0..64).collect();
        let mut trials = 0;
        let found = isolate::<Infallible>(&all, 10, &mut |_| {
            trials += 1;
            Ok(Trial::Unclear)
        });
        let Ok(found) = found;
        assert_eq!((found.len(), trials), (64, 10));
    }
}
