//! The names of packages at a site.

use super::look::Look;
use crate::engine::fix::{FixStatus, ReviewReason};
use crate::engine::import_plan::{ImportPlan, Shadowed};
use crate::engine::render::{Chunk, Qualifier, statements};
use crate::engine::search::Match;
use crate::rule::metavariable::MetaId;
use crate::rule::pattern::PackageId;
use crate::rule::template::Template;

/// The names of the packages that a template speaks of, at one site.
pub(super) struct Qualifiers(Vec<(PackageId, Qualifier)>);

impl Qualifiers {
    pub(super) fn get(&self, id: PackageId) -> Option<Qualifier> {
        self.0.iter().find(|(i, _)| *i == id).map(|(_, q)| q.clone())
    }

    pub(super) fn name(&self, id: PackageId) -> Qualifier {
        self.get(id).unwrap_or(Qualifier::Dot)
    }
}

impl Look<'_, '_, '_> {
    /// The statements that a template prints for a match: see [`statements`].
    pub(in crate::engine) fn statements(
        &self,
        found: &Match,
        template: &Template,
        instead: &dyn Fn(MetaId) -> Option<Vec<Chunk>>,
        line: &str,
        plan: &mut ImportPlan<'_, '_>,
    ) -> Result<Vec<Chunk>, FixStatus> {
        let qualifiers = self.qualifiers(found, template, plan)?;
        let part = self.names.file().part(found.decl);
        let qualifier = |id| qualifiers.name(id);
        Ok(statements(found, part, template, &qualifier, instead, line))
    }

    pub(super) fn qualifiers(
        &self,
        found: &Match,
        template: &Template,
        plan: &mut ImportPlan<'_, '_>,
    ) -> Result<Qualifiers, FixStatus> {
        let rules = self.rewriter.rules;
        let search = rules.rules[found.rule].action.search();
        let names: Vec<PackageId> =
            search.into_iter().flat_map(|search| search.pattern.packages_or_names()).collect();
        let one = |id: PackageId| {
            let package = rules.package(id);
            if names.contains(&id) && !self.names.imports(&package.path) {
                return Ok((id, Qualifier::Name(package.name.clone())));
            }
            if self.names.real_path(&package.path).is_none() {
                return Err(FixStatus::NeedsReview(ReviewReason::NoModule));
            }
            let named = plan.qualifier(id, found.decl, found.span);
            let shadowed = |Shadowed(name)| FixStatus::NeedsReview(ReviewReason::Shadowed(name));
            named.map(|qualifier| (id, qualifier)).map_err(shadowed)
        };
        template.packages().map(one).collect::<Result<_, _>>().map(Qualifiers)
    }
}
