//! Whether a site was rewritten before. Comes in: a match. Goes out: whether it stands in a node
//! that the rule's template matches with the same captures; decided from the source alone.

use super::matcher::Matcher;
use super::names::FileNames;
use super::search::{Match, run_span};
use crate::go::source::Part;
use crate::go::syntax::Node;
use crate::rule::compiled::{Rewrite, RuleSet};
use crate::rule::constraint::{Sort, Test};
use crate::rule::metavariable::MetaId;
use crate::rule::pattern::{Context, Pattern};
use crate::rule::template::Template;

/// Whether the match lies in something that the template already says.
pub fn is_done(
    found: &Match,
    rewrite: &Rewrite,
    names: &FileNames<'_>,
    part: &Part,
    rules: &RuleSet,
) -> bool {
    let packages: Vec<MetaId> = rewrite
        .search
        .constraints
        .iter()
        .filter(|c| matches!(&c.test, Test::Kind(sorts) if sorts.contains(&Sort::Package)))
        .filter_map(|c| c.on)
        .collect();
    let mut found = found.clone();
    if rewrite.diff.as_ref().is_some_and(|diff| diff.adds_only)
        && let Some(pattern) = rewrite.template.as_pattern()
    {
        pattern.runs().for_each(|id| found.bindings.release(id));
    }
    let meant: Vec<String> = match rewrite.template.locals() {
        [] => Vec::new(),
        _ => rewrite.search.pattern.words().map(str::to_owned).collect(),
    };
    says(&found, &rewrite.template, (&packages, &meant), names, part, rules)
}

/// Whether the match lies in something that `template` says, with the same captures. `packages` are
/// the metavariables that may stand for packages, `meant` names that the rule looks for.
pub fn says(
    found: &Match,
    template: &Template,
    (packages, meant): (&[MetaId], &[String]),
    names: &FileNames<'_>,
    part: &Part,
    rules: &RuleSet,
) -> bool {
    let Some(pattern) = template.as_pattern() else { return false };
    let node = part.syntax().node(found.node);
    let says = |holder: Node<'_>| {
        let mut matcher = Matcher::new(names, part, rules).allowing_packages(packages);
        matcher = matcher.with_other_names(template, meant);
        if holder.id() == node.id() {
            // From `interface{}` to `any` is a change, though one stands for the other.
            matcher = matcher.to_the_letter();
        }
        let count = matcher.run(pattern, holder, &mut found.bindings.clone());
        count.is_ok_and(|count| count > 0 && run_span(holder, count).contains(found.span))
    };
    std::iter::once(node).chain(node.ancestors()).any(|holder| {
        if is_run(pattern) && holder.parent().is_some_and(|p| p.kind().holds_statements()) {
            let siblings = holder.parent().into_iter().flat_map(Node::children);
            siblings.take_while(|s| s.span().start <= holder.span().start).any(says)
        } else {
            says(holder)
        }
    })
}

/// Whether the pattern is a run of statements, which may begin before the match.
fn is_run(pattern: &Pattern) -> bool {
    pattern.context() == Context::Statements
}
