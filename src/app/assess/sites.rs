//! Sites in numbers. Comes in: the result of a run. Goes out: how many there are by rule and
//! status, by package, for the score, and as work for people.

use serde::Serialize;

use super::plan::{Found, Planned};
use super::preflight::{Check, Outcome};
use super::requirement::Requirement;
use super::risk::Measured;
use super::survey::Survey;
use crate::app::run::RunResult;
use crate::app::shapes::Shapes;
use crate::engine::fix::{FixStatus, ReviewReason, Site};
use crate::rule::compiled::{Action, Rule, RuleSet};
use crate::text::Severity;
use std::path::Path;

/// The sites of a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleSites {
    /// The rule as `PACK/ID`.
    pub rule: String,
    /// What the rule does, as the key of its file says.
    pub kind: &'static str,
    /// Sites that the run changes.
    pub changes: usize,
    /// Sites that need review, but for those of unknown type.
    pub review: usize,
    /// Sites of unknown type.
    pub unknown_type: usize,
    /// Sites that a person has to do.
    pub manual: usize,
    /// Findings.
    pub findings: usize,
    /// Other sites: done already, generated, suppressed, held back.
    pub left: usize,
}

/// How much there is to do, in things that a person looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Work {
    /// Sites that the run changes.
    pub changes: usize,
    /// Files that the run changes.
    pub files: usize,
    /// Shapes of change to look at, each once.
    pub shapes: usize,
    /// Sites that have a shape of their own.
    pub outliers: usize,
    /// Sites to decide about.
    pub review: usize,
    /// Sites and findings to do by hand.
    pub manual: usize,
    /// Packages to try by hand: they have no tests.
    pub untested: usize,
    /// Steps in which packages can follow each other.
    pub steps: usize,
    /// Mentions of the old names outside of what the rules change.
    pub left_over: usize,
}

fn is_unknown(site: &Site) -> bool {
    matches!(site.status, FixStatus::NeedsReview(ReviewReason::UnknownType(_)))
}

fn needs_attention(site: &Site) -> bool {
    matches!(site.status, FixStatus::NeedsReview(_) | FixStatus::Manual | FixStatus::WouldNotParse)
}

/// Sites by rule and status; rules without any are left out.
pub fn rule_sites(result: &RunResult, rules: &RuleSet) -> Vec<RuleSites> {
    let row = |rule: &Rule| RuleSites {
        rule: format!("{}/{}", rules.packs[rule.pack].name, rule.id),
        kind: rule.action.as_str(),
        ..RuleSites::default()
    };
    let mut all: Vec<RuleSites> = rules.rules.iter().map(row).collect();
    for outcome in result.files.iter().map(|f| &f.outcome) {
        for site in &outcome.sites {
            let row = &mut all[site.rule];
            let count = match site.status {
                FixStatus::Applied => &mut row.changes,
                _ if is_unknown(site) => &mut row.unknown_type,
                FixStatus::NeedsReview(_) => &mut row.review,
                FixStatus::Manual => &mut row.manual,
                _ => &mut row.left,
            };
            *count += 1;
        }
        for finding in &outcome.findings {
            all[finding.rule].findings += 1;
        }
    }
    all.retain(|r| r.changes + r.review + r.unknown_type + r.manual + r.findings + r.left > 0);
    all
}

/// What the run finds in each package of the survey.
pub fn found(result: &RunResult, rules: &RuleSet, survey: &Survey) -> Vec<Found> {
    let mut found = vec![Found::default(); survey.packages.len()];
    let go = result.files.iter().filter(|f| f.path.extension().is_some_and(|e| e == "go"));
    for file in go {
        let folder = file.path.parent().unwrap_or(Path::new(""));
        let Some(package) = survey.by_folder(folder) else { continue };
        let sites = &file.outcome.sites;
        let here = &mut found[package];
        here.changes += sites.iter().filter(|s| s.status == FixStatus::Applied).count();
        here.attention += sites.iter().filter(|s| needs_attention(s)).count();
        let counts = |rule: usize| rules.rules[rule].severity >= Severity::Warning;
        here.attention += file.outcome.findings.iter().filter(|f| counts(f.rule)).count();
    }
    found
}

/// Whether the rule looks at types.
fn asks_for_types(rule: &Rule) -> bool {
    match &rule.action {
        Action::Field(_) => true,
        Action::Rename(rename) => rename.owner.is_some(),
        action => action
            .search()
            .is_some_and(|search| search.constraints.iter().any(|c| c.test.asks_for_types())),
    }
}

/// What the score is made of.
pub fn measured(
    result: &RunResult,
    rules: &RuleSet,
    preflight: &[Check],
    requirements: &[Requirement],
    plan: &[Planned],
) -> Measured {
    let mut m = Measured {
        untested: plan.iter().filter(|p| p.tests == 0).count(),
        packages: plan.len(),
        behind: requirements.iter().filter(|r| r.behind).count(),
        requirements: requirements.iter().filter(|r| r.version.is_some()).count(),
        problems: preflight.iter().filter(|c| c.outcome == Outcome::Problem).count(),
        checks: preflight.len(),
        ..Measured::default()
    };
    for outcome in result.files.iter().map(|f| &f.outcome) {
        for site in &outcome.sites {
            let attention = needs_attention(site);
            m.attention += usize::from(attention);
            m.all += usize::from(attention || site.status == FixStatus::Applied);
            m.unknown_types += usize::from(is_unknown(site));
            m.typed += usize::from(is_unknown(site) || asks_for_types(&rules.rules[site.rule]));
        }
        for finding in &outcome.findings {
            let severity = rules.rules[finding.rule].severity;
            let counts = usize::from(severity >= Severity::Warning);
            m.attention += counts;
            m.all += counts;
            m.errors += usize::from(severity == Severity::Error);
            m.warnings += usize::from(severity == Severity::Warning);
            let is_binary = matches!(rules.rules[finding.rule].action, Action::Binary(_));
            m.clashes += usize::from(is_binary);
        }
    }
    m
}

/// The work of people.
pub fn work(result: &RunResult, rules: &RuleSet, plan: &[Planned]) -> Work {
    let shapes = Shapes::of(result, rules);
    let rows = rule_sites(result, rules);
    let sum = |count: fn(&RuleSites) -> usize| rows.iter().map(count).sum();
    Work {
        changes: sum(|r| r.changes),
        files: result.files.iter().filter(|f| !f.outcome.edits.is_empty()).count(),
        shapes: shapes.common(),
        outliers: shapes.outliers(),
        review: sum(|r| r.review + r.unknown_type),
        manual: sum(|r| r.manual + r.findings),
        untested: plan.iter().filter(|p| p.tests == 0).count(),
        steps: plan.iter().map(|p| p.step).max().unwrap_or(0),
        left_over: result.residue.len(),
    }
}
