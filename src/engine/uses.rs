//! Rules about one declared thing, `rename` and `field`, in one look at a file. Comes in: where its
//! name stands. Goes out: a fix or a status for each use.

use super::fix::{FixStatus, ReviewReason, Site};
use super::prefilter::Hits;
use super::rename::{self, Renamed};
use super::resolve;
use super::rewrite::{Earlier, Look, Round};
use crate::rule::compiled::Action;

/// A use that a rule has to do with.
pub(super) struct Use {
    /// The rule, as an index into the rule set.
    rule: usize,
    renamed: Renamed,
}

impl Look<'_, '_, '_> {
    /// The uses in the file that the rules `active` speak of. After the first time only what
    /// touches something new counts.
    pub(super) fn uses(
        &self,
        active: &[usize],
        hits: &Hits<'_>,
        earlier: Option<&Earlier>,
    ) -> Vec<Use> {
        let rules = self.rewriter.rules;
        let mut found = Vec::new();
        for &rule in active {
            let places = || hits.words(rule).next().unwrap_or_default();
            if let Action::Rename(rename) = &rules.rules[rule].action {
                let uses = rename::uses(self.names, rules, rename, places());
                found.extend(uses.into_iter().map(|renamed| Use { rule, renamed }));
            }
        }
        if let Some(earlier) = earlier {
            found.retain(|used| {
                let span = used.renamed.span;
                earlier.touches(span) && !earlier.is_own_text(used.rule, span)
            });
        }
        found
    }

    /// The fixes of uses; the others get their status.
    pub(super) fn fix_uses(
        &self,
        uses: Vec<Use>,
        generated: bool,
        round: &mut Round,
    ) -> Vec<resolve::Candidate> {
        let mut candidates = Vec::new();
        for Use { rule, renamed: Renamed { span, rendered, against } } in uses {
            let refused = generated.then_some(FixStatus::GeneratedFile);
            let refused = refused.or_else(|| self.verdict(rule));
            let status = refused.or_else(|| self.weigh(against?));
            match status {
                Some(status) => round.sites.push(Site { rule, span, status }),
                None => candidates.push(resolve::Candidate { rule, span, rendered }),
            }
        }
        candidates
    }

    /// A reason against a fix, unless it was asked for all the same.
    fn weigh(&self, against: ReviewReason) -> Option<FixStatus> {
        let included =
            matches!(against, ReviewReason::UnknownType(_)) && self.rewriter.include_unknown_type;
        (!included).then_some(FixStatus::NeedsReview(against))
    }
}
