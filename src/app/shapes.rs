//! The changes of a run by shape. Comes in: the result of a run. Goes out: for each rule the shapes
//! of its applied sites, the most frequent first, and which of them are so rare that each of their
//! sites deserves a look. The summary, reports and the interactive mode show the same ones.

use std::borrow::Cow;
use std::collections::HashMap;

use super::run::RunResult;
use crate::engine::fix::FixStatus;
use crate::engine::shape::{Shape, shape_without_pattern};
use crate::rule::compiled::RuleSet;

/// A shape is an outlier where it has less than one in so many of its rule's sites.
const OUTLIER: usize = 100;

/// A site of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SiteId {
    /// Index into [`RunResult::files`].
    pub file: usize,
    /// Index into the sites of the file.
    pub site: usize,
}

/// All applied sites of a rule with the same change.
#[derive(Clone, Debug)]
pub struct ShapeGroup {
    /// The rule, as an index into the rule set.
    pub rule: usize,
    /// What the change looks like, laid out as at the first site.
    pub shape: Shape,
    /// Where, in the order of the run; never empty.
    pub sites: Vec<SiteId>,
    /// Whether it has less than 1 % of its rule's sites.
    pub is_outlier: bool,
}

/// The shapes of a run.
#[derive(Clone, Debug, Default)]
pub struct Shapes {
    /// By rule; in a rule the most frequent first.
    groups: Vec<ShapeGroup>,
    by_site: HashMap<SiteId, usize>,
}

impl Shapes {
    /// Groups the applied sites of a run.
    pub fn of(result: &RunResult, rules: &RuleSet) -> Self {
        let mut groups: Vec<ShapeGroup> = Vec::new();
        let mut known: Vec<HashMap<String, usize>> = vec![HashMap::new(); rules.rules.len()];
        let mut totals = vec![0; rules.rules.len()];
        for (file, outcome) in result.files.iter().enumerate() {
            for (site, found) in outcome.outcome.sites.iter().enumerate() {
                if found.status != FixStatus::Applied {
                    continue;
                }
                totals[found.rule] += 1;
                let plain = || {
                    let before = found.span.of(&outcome.text);
                    Cow::Owned(shape_without_pattern(rules, found.rule, before))
                };
                let shape = found.shape.as_deref().map_or_else(plain, Cow::Borrowed);
                let of_rule = &mut known[found.rule];
                let group = of_rule.get(shape.key()).copied().unwrap_or_else(|| {
                    of_rule.insert(shape.key().to_string(), groups.len());
                    let (rule, shape, sites) = (found.rule, shape.into_owned(), Vec::new());
                    groups.push(ShapeGroup { rule, shape, sites, is_outlier: false });
                    groups.len() - 1
                });
                groups[group].sites.push(SiteId { file, site });
            }
        }
        for group in &mut groups {
            group.is_outlier = group.sites.len() * OUTLIER < totals[group.rule];
        }
        groups.sort_by_key(|g| (g.rule, std::cmp::Reverse(g.sites.len()), g.sites[0]));
        let numbered = groups.iter().enumerate();
        let by_site = numbered.flat_map(|(n, g)| g.sites.iter().map(move |s| (*s, n))).collect();
        Self { groups, by_site }
    }

    /// All of them, by rule; in a rule the most frequent first.
    pub fn all(&self) -> &[ShapeGroup] {
        &self.groups
    }

    /// Those of a rule.
    pub fn of_rule(&self, rule: usize) -> impl Iterator<Item = &ShapeGroup> {
        self.groups.iter().filter(move |g| g.rule == rule)
    }

    /// The shape of an applied site, as an index into [`Shapes::all`].
    pub fn of_site(&self, site: SiteId) -> Option<usize> {
        self.by_site.get(&site).copied()
    }

    /// How many shapes there are that are no outliers.
    pub fn common(&self) -> usize {
        self.groups.iter().filter(|g| !g.is_outlier).count()
    }

    /// How many sites are outliers.
    pub fn outliers(&self) -> usize {
        self.groups.iter().filter(|g| g.is_outlier).map(|g| g.sites.len()).sum()
    }
}
