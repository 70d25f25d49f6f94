//! How risky a migration is. Comes in: counts. Goes out: a score from 0 to 100 with the numbers
//! that it is made of, so that a reader can check it and disagree.

use serde::Serialize;

/// What the score is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// Sites and findings that a person has to look at.
    pub attention: usize,
    /// Those, and the sites that the run changes.
    pub all: usize,
    /// Sites of which the type is not known.
    pub unknown_types: usize,
    /// Those, and the other sites of rules that ask for types.
    pub typed: usize,
    /// Affected packages without tests.
    pub untested: usize,
    /// Affected packages.
    pub packages: usize,
    /// Modules that require an older version of a library than another one does.
    pub behind: usize,
    /// Requirements of libraries.
    pub requirements: usize,
    /// Things of the preflight that have to be mended.
    pub problems: usize,
    /// Things of the preflight.
    pub checks: usize,
    /// Findings of severity `error`.
    pub errors: usize,
    /// Findings of severity `warning`.
    pub warnings: usize,
    /// Binaries that link what may be linked only once.
    pub clashes: usize,
}

/// A part of the score.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Factor {
    /// What is looked at.
    pub name: &'static str,
    /// How many.
    pub count: usize,
    /// Of how many.
    pub of: usize,
    /// The share, from 0 to 1.
    pub share: f64,
    /// The points for a share of 1.
    pub weight: u32,
    /// Weight times share.
    pub points: f64,
}

/// The score with its parts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Risk {
    /// From 0 to 100.
    pub score: u32,
    /// In a word.
    pub level: &'static str,
    /// How the score is made of the factors.
    pub formula: String,
    /// Its parts.
    pub factors: Vec<Factor>,
    /// Binaries that link what may be linked only once: then the score is 100.
    pub clashes: usize,
}

/// Weighs what was measured.
pub fn risk(measured: &Measured) -> Risk {
    let m = measured;
    let findings = if m.errors > 0 { (1, 1) } else { (usize::from(m.warnings > 0), 2) };
    let factors = vec![
        factor("sites and findings for a person, of all", m.attention, m.all, 30),
        factor("affected packages without tests", m.untested, m.packages, 25),
        factor("sites of unknown type, of those where a rule asks", m.unknown_types, m.typed, 15),
        factor("findings: error 1 of 1, warning 1 of 2", findings.0, findings.1, 15),
        factor("preflight: problems, of what was looked at", m.problems, m.checks, 10),
        factor("modules behind the newest version in use", m.behind, m.requirements, 5),
    ];
    let sum: f64 = factors.iter().map(|f| f.points).sum();
    let score = if m.clashes > 0 { 100 } else { rounded(sum) };
    Risk { score, level: level(score), formula: FORMULA.to_string(), factors, clashes: m.clashes }
}

const FORMULA: &str = "score = sum of weight × share over the table, rounded; share = count / of, \
                       0 where there is nothing; 100 where two drivers that may be linked only once \
                       meet in one binary. Up to 19 low, to 39 moderate, to 69 high, above that very \
                       high.";

fn factor(name: &'static str, count: usize, of: usize, weight: u32) -> Factor {
    // Counts of sites and packages are far below what a float cannot hold.
    #[allow(clippy::cast_precision_loss, reason = "counts are small")]
    let share = if of == 0 { 0.0 } else { count as f64 / of as f64 };
    Factor { name, count, of, share, weight, points: f64::from(weight) * share }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 100")]
fn rounded(points: f64) -> u32 {
    points.clamp(0.0, 100.0).round() as u32
}

fn level(score: u32) -> &'static str {
    match score {
        0..20 => "low",
        20..40 => "moderate",
        40..70 => "high",
        _ => "very high",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_to_do_is_no_risk_and_everything_wrong_is_100() {
        assert_eq!(risk(&Measured::default()).score, 0);
        let all = Measured {
            attention: 3,
            all: 3,
            unknown_types: 1,
            typed: 1,
            untested: 2,
            packages: 2,
            behind: 1,
            requirements: 1,
            problems: 1,
            checks: 1,
            errors: 1,
            ..Measured::default()
        };
        assert_eq!(risk(&all).score, 100);
        assert_eq!(risk(&all).factors.iter().map(|f| f.weight).sum::<u32>(), 100);
    }

    #[test]
    fn two_drivers_in_one_binary_are_the_highest_risk_whatever_else_is_well() {
        let risk = risk(&Measured { clashes: 1, ..Measured::default() });
        assert_eq!((risk.score, risk.level), (100, "very high"));
    }

    #[test]
    fn a_warning_is_half_an_error() {
        let points = |m: Measured| risk(&m).factors[3].points;
        let warning = points(Measured { warnings: 9, ..Measured::default() });
        let error = points(Measured { errors: 1, warnings: 9, ..Measured::default() });
        assert!((warning * 2.0 - error).abs() < 1e-9 && error > 0.0);
    }
}
