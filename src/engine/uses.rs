//! Rules about one declared thing, `rename` and `field`, in one look at a file. Comes in: where its
//! name stands. Goes out: a fix or a status for each use.

use super::directive::{self, DirectiveUse};
use super::field::{self, Change, FieldUse, implied};
use super::fix::{Finding, FixStatus, ReviewReason, Site, Unsure};
use super::import_plan::ImportPlan;
use super::kept_names;
use super::prefilter::Hits;
use super::rename::{self, Renamed};
use super::render::{Chunk, Rendered, Replacement};
use super::resolve;
use super::rewrite::{Earlier, Look, Round};
use super::search::Match;
use super::shape::{captured, computed};
use super::strings::{StringRule, StringUse, StringUseChange};
use super::tag::{self, TagUse};
use super::unkeyed::unkeyed;
use crate::rule::compiled::{Action, FieldRule};
use crate::rule::template::Template;
use crate::text::Span;

/// A use that a rule has to do with.
pub(super) struct Use<'r> {
    /// The rule, as an index into the rule set.
    rule: usize,
    span: Span,
    change: UseChange<'r>,
}

enum UseChange<'r> {
    Renamed(Rendered, Option<ReviewReason>),
    Field(Change<'r>, Option<ReviewReason>),
    Finding(String, Option<Unsure>),
}

impl UseChange<'_> {
    /// Whether it hangs on a type that is not known.
    fn is_unsure(&self) -> bool {
        match self {
            Self::Renamed(_, against) | Self::Field(_, against) => {
                matches!(against, Some(ReviewReason::UnknownType(_)))
            }
            Self::Finding(_, unsure) => unsure.is_some(),
        }
    }
}

impl<'a> Look<'a, '_, '_> {
    /// The uses in the file that the rules `active` speak of. After the first time only what
    /// touches something new counts.
    pub(super) fn uses(
        &self,
        active: &[usize],
        hits: &Hits<'_>,
        earlier: Option<&Earlier>,
    ) -> Vec<Use<'a>> {
        let rules = self.rewriter.rules;
        let mut found = Vec::new();
        for &rule in active {
            match &rules.rules[rule].action {
                Action::Rename(_) | Action::Tag(_) | Action::Directive(_) => {
                    found.extend(self.renamed(rule, hits));
                }
                Action::Field(field) => found.extend(self.field_uses(rule, field, hits)),
                Action::String(_) => found.extend(self.string_uses(rule, hits)),
                _ => {}
            }
        }
        if let Some(earlier) = earlier {
            found.retain(|used| {
                earlier.touches(used.span)
                    && !earlier.is_own_text(used.rule, used.span)
                    && !(earlier.imports_moved && used.change.is_unsure())
            });
        }
        found
    }

    /// What rules give another text where it stands: names, tags, directives.
    fn renamed(&self, rule: usize, hits: &Hits<'_>) -> Vec<Use<'a>> {
        let rules = self.rewriter.rules;
        let places = hits.words(rule).next().unwrap_or_default();
        let used = |(span, rendered, against)| Use {
            rule,
            span,
            change: UseChange::Renamed(rendered, against),
        };
        match &rules.rules[rule].action {
            Action::Rename(rename) => {
                let elsewhere = self.rewriter.elsewhere.get(rule);
                let interface = elsewhere.and_then(|known| known.interface.clone());
                let uses = rename::uses(self.names, rules, rename, places, interface);
                let parts = |of: Renamed| used((of.span, of.rendered, of.against));
                uses.into_iter().map(parts).collect()
            }
            Action::Tag(tag) => {
                let uses = tag::uses(self.names, rules, tag, places);
                let parts = |of: TagUse| used((of.span, of.rendered, of.against));
                uses.into_iter().map(parts).collect()
            }
            Action::Directive(action) => {
                let uses = directive::uses(self.names.file().text(), action, places);
                let parts = |of: DirectiveUse| used((of.span, of.rendered, of.against));
                uses.into_iter().map(parts).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The uses of a field: named, through embedding, and in literals without keys.
    fn field_uses(&self, rule: usize, field: &'a FieldRule, hits: &Hits<'_>) -> Vec<Use<'a>> {
        let rules = self.rewriter.rules;
        let places = hits.words(rule).next().unwrap_or_default();
        let mut uses = field::uses(self.names, rules, field, rule, places);
        uses.extend(implied(self.names, rules, field, rule, &hits.promoted(rule)));
        uses.extend(unkeyed(self.names, rules, field, &hits.types(rule)));
        let used = |FieldUse { span, change, unsure }| {
            let against = unsure.map(ReviewReason::UnknownType);
            Use { rule, span, change: UseChange::Field(change, against) }
        };
        uses.into_iter().map(used).collect()
    }

    /// The strings that flow to where a `string` rule looks.
    fn string_uses(&self, rule: usize, hits: &Hits<'_>) -> Vec<Use<'a>> {
        let (rules, prefilter) = (self.rewriter.rules, self.rewriter.prefilter);
        let Some(string) = StringRule::new(rules, prefilter, rule, self.asked.force) else {
            return Vec::new();
        };
        let change = |change| match change {
            StringUseChange::Edit(rendered, against) => UseChange::Renamed(rendered, against),
            StringUseChange::Finding(message, unsure) => UseChange::Finding(message, unsure),
        };
        let used = |used: StringUse| Use { rule, span: used.span, change: change(used.change) };
        string.uses(self.names, hits).into_iter().map(used).collect()
    }

    /// The fixes of uses; the others get their status.
    pub(super) fn fix_uses(
        &self,
        uses: Vec<Use<'_>>,
        generated: bool,
        plan: &mut ImportPlan<'_, '_>,
        round: &mut Round,
    ) -> Vec<resolve::Candidate> {
        let mut candidates = Vec::new();
        for Use { rule, span, change } in uses {
            let change = match change {
                UseChange::Finding(message, unsure) => {
                    self.report(Finding { rule, span, message }, unsure, round);
                    continue;
                }
                change => change,
            };
            let done = matches!(change, UseChange::Field(Change::Done, _));
            if done && self.later {
                continue;
            }
            let refused = done.then_some(FixStatus::AlreadyDone);
            let chosen = self.asked.takes(rule, span);
            let refused = refused.or((!chosen).then_some(FixStatus::NotSelected));
            let refused = refused.or(generated.then_some(FixStatus::GeneratedFile));
            let refused = refused.or_else(|| self.suppressed(rule, span));
            let refused = refused.or_else(|| self.verdict(rule));
            match refused.map_or_else(|| self.change(change, span, plan), Err) {
                Ok(rendered) => candidates.push(resolve::Candidate::new(rule, span, rendered)),
                Err(status) => round.sites.push(Site::new(rule, span, status)),
            }
        }
        candidates
    }

    /// Files a finding, unless a comment or an unknown type keeps it away.
    fn report(&self, finding: Finding, unsure: Option<Unsure>, round: &mut Round) {
        let (rule, span) = (finding.rule, finding.span);
        if !self.asked.takes(rule, span) {
            return;
        }
        let unsure = || unsure.and_then(|unsure| self.weigh(ReviewReason::UnknownType(unsure)));
        match self.suppressed(rule, span).or_else(unsure) {
            Some(status) => round.sites.push(Site::new(rule, span, status)),
            None => round.findings.push(finding),
        }
    }

    fn change(
        &self,
        change: UseChange<'_>,
        span: Span,
        plan: &mut ImportPlan<'_, '_>,
    ) -> Result<Rendered, FixStatus> {
        let (change, against) = match change {
            UseChange::Renamed(rendered, against) => (Ok(rendered), against),
            UseChange::Field(change, against) => (Err(change), against),
            // Nothing is edited for it.
            UseChange::Finding(..) => return Err(FixStatus::AlreadyDone),
        };
        if let Some(status) = against.and_then(|against| self.weigh(against)) {
            return Err(status);
        }
        match change {
            Ok(rendered) => Ok(rendered),
            Err(Change::Done) => Err(FixStatus::AlreadyDone),
            Err(Change::Review(reason)) => Err(FixStatus::NeedsReview(reason)),
            Err(Change::Name(name)) => {
                let chunks = vec![Chunk::Text(name.to_owned())];
                let replacements = vec![Replacement { span, chunks }];
                Ok(Rendered { replacements, ..Rendered::default() })
            }
            Err(Change::Render(found, templates)) => self.elements(&found, &templates, plan),
        }
    }

    /// The match rewritten by the first template, with the others behind it as further elements.
    fn elements(
        &self,
        found: &Match,
        templates: &[&Template],
        plan: &mut ImportPlan<'_, '_>,
    ) -> Result<Rendered, FixStatus> {
        let Some((first, others)) = templates.split_first() else {
            return Err(FixStatus::WouldNotParse);
        };
        let mut rendered = self.rendered(found, first, None, plan)?;
        if rendered.is_swallowed || !rendered.lost_comments.is_empty() {
            return Err(FixStatus::NeedsReview(ReviewReason::CommentAtRisk));
        }
        let metavariables = &self.rewriter.rules.rules[found.rule].metavariables;
        let part = self.names.file().part(found.decl);
        rendered.captures = captured(found, part, metavariables);
        let computed = |template: &&Template| computed(found, part, template, metavariables);
        rendered.computed = templates.iter().flat_map(computed).collect();
        let mut behind = Vec::new();
        for template in others {
            let text = self.names.file().text();
            let head = &text[..found.span.start];
            let line = head.trim_end_matches([' ', '\t']);
            let separator = if line.ends_with('\n') {
                format!(",\n{}", &head[line.len()..])
            } else {
                ", ".to_owned()
            };
            behind.push(Chunk::Text(separator));
            behind.extend(self.written_out(found, template, plan)?);
        }
        if behind.is_empty() {
            return kept_names::against(part, self.names, &rendered, found.span)
                .map_or(Ok(rendered), |reason| Err(FixStatus::NeedsReview(reason)));
        }
        let printed = behind.iter().filter_map(|chunk| match chunk {
            Chunk::Source { span, .. } => Some(*span),
            Chunk::Text(_) => None,
        });
        rendered.moved.extend(printed);
        let last = rendered.replacements.last_mut();
        if let Some(last) = last.filter(|r| r.span.end == found.span.end) {
            last.chunks.extend(behind);
        } else {
            let span = Span::at(found.span.end);
            rendered.replacements.push(Replacement { span, chunks: behind });
        }
        Ok(rendered)
    }

    /// A reason against a fix, unless it was asked for all the same.
    fn weigh(&self, against: ReviewReason) -> Option<FixStatus> {
        let included =
            matches!(against, ReviewReason::UnknownType(_)) && self.rewriter.include_unknown_type;
        (!included).then_some(FixStatus::NeedsReview(against))
    }
}
