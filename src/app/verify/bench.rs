//! Benchmarks before and after. Comes in: what `go test -bench` has printed, several times from
//! either tree in turn. Goes out: for each benchmark the medians, how far runs of the same code lie
//! apart, and whether the difference is more than chance.
//!
//! The test is that of Mann and Whitney, exact and two-sided: of all ways to deal the measured times
//! to the two sides, how many have ranks as uneven as these. It asks for no distribution.

use std::collections::BTreeMap;

use serde::Serialize;

/// Less than this probability is not taken for chance.
const CHANCE: f64 = 0.05;

/// What became of a benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// Slower by more than the threshold.
    Slower,
    /// Faster by more than the threshold.
    Faster,
    /// No difference that matters.
    Same,
    /// Runs of the same code lie further apart than the threshold: nothing can be said.
    TooNoisy,
}

/// A benchmark on both sides.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// The package and the name.
    pub name: String,
    /// The median before, in nanoseconds.
    pub before: f64,
    /// The median after, in nanoseconds.
    pub after: f64,
    /// After by before, less 1.
    pub change: f64,
    /// The larger of both sides' ranges, by the median.
    pub spread: f64,
    /// How likely chance alone makes such a difference.
    pub chance: f64,
    /// What became of it.
    pub verdict: Verdict,
}

/// Times by benchmark, in nanoseconds.
pub type Times = BTreeMap<String, Vec<f64>>;

/// Adds the times that `go test -bench` has printed.
pub fn read(printed: &str, times: &mut Times) {
    let mut package = "";
    for line in printed.lines() {
        if let Some(path) = line.strip_prefix("pkg: ") {
            package = path.trim();
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        let [name, _, rest @ ..] = words.as_slice() else { continue };
        let Some(at) = rest.iter().position(|word| *word == "ns/op") else { continue };
        let time = at.checked_sub(1).and_then(|at| rest[at].parse::<f64>().ok());
        if let Some(time) = time.filter(|_| name.starts_with("Benchmark")) {
            // Behind the last hyphen stands the number of threads.
            let plain = name.rsplit_once('-').filter(|(_, n)| n.parse::<u32>().is_ok());
            let name = plain.map_or(*name, |(name, _)| name);
            times.entry(format!("{package} {name}")).or_default().push(time);
        }
    }
}

/// Compares the benchmarks that both sides have. `threshold` is a share: 0.1 for 10 %.
pub fn compare(before: &Times, after: &Times, threshold: f64) -> Vec<Comparison> {
    let both = before.iter().filter_map(|(name, a)| Some((name, a, after.get(name)?)));
    both.map(|(name, a, b)| one(name, a, b, threshold)).collect()
}

fn one(name: &str, a: &[f64], b: &[f64], threshold: f64) -> Comparison {
    let (before, after) = (median(a), median(b));
    let change = if before > 0.0 { after / before - 1.0 } else { 0.0 };
    let spread = spread(a).max(self::spread(b));
    let chance = chance(a, b);
    let verdict = if chance < CHANCE && change > threshold {
        Verdict::Slower
    } else if chance < CHANCE && change < -threshold {
        Verdict::Faster
    } else if spread > threshold {
        Verdict::TooNoisy
    } else {
        Verdict::Same
    };
    Comparison { name: name.to_string(), before, after, change, spread, chance, verdict }
}

fn median(times: &[f64]) -> f64 {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    match times.len() {
        0 => 0.0,
        n if n % 2 == 1 => times[n / 2],
        n => times[n / 2 - 1].midpoint(times[n / 2]),
    }
}

/// The range by the median.
fn spread(times: &[f64]) -> f64 {
    let largest = times.iter().copied().fold(f64::MIN, f64::max);
    let smallest = times.iter().copied().fold(f64::MAX, f64::min);
    let median = median(times);
    if median > 0.0 { (largest - smallest) / median } else { 0.0 }
}

/// The exact two-sided probability of the ranks of `a` among all, ties with their mean rank.
#[allow(clippy::cast_precision_loss, reason = "ranks and counts are small")]
fn chance(a: &[f64], b: &[f64]) -> f64 {
    let all: Vec<f64> = a.iter().chain(b).copied().collect();
    // Twice the rank, so that a mean of two is a whole number.
    let rank = |x: &f64| {
        let below = all.iter().filter(|y| y.total_cmp(x).is_lt()).count();
        let same = all.iter().filter(|y| y.total_cmp(x).is_eq()).count();
        2 * below + same + 1
    };
    let ranks: Vec<usize> = all.iter().map(rank).collect();
    let total: usize = ranks.iter().sum();
    let observed: usize = ranks[..a.len()].iter().sum();
    // By how many were dealt and the sum of their ranks: how many ways there are.
    let mut ways = vec![vec![0.0_f64; total + 1]; a.len() + 1];
    ways[0][0] = 1.0;
    for &rank in &ranks {
        for dealt in (0..a.len()).rev() {
            for sum in (0..=total - rank).rev() {
                if ways[dealt][sum] > 0.0 {
                    ways[dealt + 1][sum + rank] += ways[dealt][sum];
                }
            }
        }
    }
    // The distance from the mean, times the number of all.
    let far = |sum: usize| (sum * all.len()).abs_diff(total * a.len());
    let count = &ways[a.len()];
    let as_far = count.iter().enumerate().filter(|(sum, _)| far(*sum) >= far(observed));
    as_far.map(|(_, n)| n).sum::<f64>() / count.iter().sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_go_test_are_read() {
        let mut times = Times::new();
        read(
            "goos: linux\npkg: a.b/c\nBenchmarkX-8 \t 100\t 12.5 ns/op\t 3 B/op\nBenchmarkY/z-1-2\t1\t7 ns/op\nBenchmarkX-8 \t 90\t 13.5 ns/op\nPASS\n",
            &mut times,
        );
        assert_eq!(times["a.b/c BenchmarkX"], [12.5, 13.5]);
        assert_eq!(times["a.b/c BenchmarkY/z-1"], [7.0]);
    }

    #[test]
    fn the_probability_is_that_of_the_tables() {
        let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
        // Wholly apart: 2 of all ways to choose.
        assert!(close(chance(&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0]), 2.0 / 20.0));
        let apart: Vec<f64> = (0..6).map(f64::from).collect();
        let other: Vec<f64> = (10..16).map(f64::from).collect();
        assert!(close(chance(&apart, &other), 2.0 / 924.0));
        assert!(close(chance(&[1.0, 1.0], &[1.0, 1.0]), 1.0));
        // U = 1 for 3 and 3: (1 + 1) * 2 of 20.
        assert!(close(chance(&[1.0, 2.0, 4.0], &[3.0, 5.0, 6.0]), 4.0 / 20.0));
    }

    fn verdict(a: &[f64], b: &[f64]) -> Verdict {
        one("x", a, b, 0.1).verdict
    }

    #[test]
    fn slower_needs_size_and_certainty() {
        let quiet = [100.0, 101.0, 102.0, 100.5, 101.5, 100.2];
        let slower = quiet.map(|t| t * 1.3);
        let little = quiet.map(|t| t * 1.04);
        let wild = [60.0, 150.0, 90.0, 200.0, 70.0, 120.0];
        assert_eq!(verdict(&quiet, &slower), Verdict::Slower);
        assert_eq!(verdict(&slower, &quiet), Verdict::Faster);
        assert_eq!(verdict(&quiet, &little), Verdict::Same);
        assert_eq!(verdict(&quiet, &wild), Verdict::TooNoisy);
    }
}
