//! Giving a field a value, in an assignment or in a literal. Comes in: the use. Goes out: what the rule
//! says of writing, or why a person has to look.

use super::{Change, FieldUse, Place, Search, is_place};
use crate::engine::bindings::Capture;
use crate::engine::done::says;
use crate::engine::fix::ReviewReason;
use crate::engine::typed::{Answer, Typed};
use crate::go::syntax::{Kind, Node, Role};
use crate::rule::compiled::{FieldRule, FieldWrite};
use crate::rule::template::Template;

impl<'r> Search<'_, '_, 'r> {
    /// `x.Field = v`.
    pub(super) fn write(
        &self,
        place: Place<'_>,
        name: Node<'_>,
        selector: Node<'_>,
        assign: Node<'_>,
    ) -> FieldUse<'r> {
        let here = |change| FieldUse::new(selector.span(), change);
        let review = |why| here(Change::Review(ReviewReason::FieldUse(why)));
        let (each, chained) = match &self.rule.write {
            None => return review("the rule does not say how to write"),
            Some(FieldWrite::One(new)) => {
                return FieldUse::new(name.span(), Change::Name(new));
            }
            Some(FieldWrite::Several(writes)) => (&writes.each, &writes.chained),
        };
        let count = |role| assign.child(role).map_or(0, |list| list.children().count());
        let value = assign.child(Role::Rhs).and_then(|list| list.children().next());
        let x = selector.child(Role::X);
        let found = self.found(place, assign, x, self.rule.x);
        let said =
            |template| says(&found, template, (&[], &[]), self.names, place.part, self.rules);
        if said(each) || said(chained) {
            return here(Change::Done);
        }
        let (Some(value), 1, 1) = (value, count(Role::Lhs), count(Role::Rhs)) else {
            return review("several values are assigned at once");
        };
        if !assign.parent().is_some_and(|p| p.kind().holds_statements()) {
            return review("the assignment is part of another statement");
        }
        if flows_from(self.rule, place, Some(value), self) {
            return review("the field flows into the same field");
        }
        if let Some(reason) = self.twice(place, x, each, self.rule.x) {
            return here(Change::Review(reason));
        }
        let mut found = found;
        found.bindings.bind(self.rule.v, Capture::one(value));
        let pure = Typed { names: self.names, decl: place.decl }.is_pure(value) == Answer::Yes;
        let template = if pure { each } else { chained };
        FieldUse::new(assign.span(), Change::Render(Box::new(found), vec![template]))
    }

    /// `Field: v` in a literal.
    pub(super) fn element(
        &self,
        place: Place<'_>,
        name: Node<'_>,
        element: Node<'_>,
    ) -> FieldUse<'r> {
        let span = element.span();
        let review = |reason| FieldUse::new(span, Change::Review(reason));
        if self.rule.literal.is_empty() {
            return review(ReviewReason::FieldUse("the rule does not say what a literal becomes"));
        }
        let value = element.child(Role::Value);
        // Where another of the new keys stands already the literal says it all.
        let others = element.parent().into_iter().flat_map(Node::children);
        let others = others.filter(|other| other.id() != element.id());
        let keys: Vec<&str> = others.filter_map(|o| Some(o.child(Role::Key)?.text())).collect();
        let new = self.rule.literal.iter().filter_map(|t| t.as_pattern()?.first().child(Role::Key));
        let mut new = new.filter(|key| key.text() != name.text());
        if new.any(|key| keys.contains(&key.text())) {
            return FieldUse::new(span, Change::Done);
        }
        let found = self.found(place, element, value, self.rule.v);
        let printed = self.rule.literal.iter().flat_map(Template::captures);
        let times = printed.filter(|id| *id == self.rule.v).count();
        if let Some(reason) = self.pure_if(place, value, times > 1) {
            return review(reason);
        }
        if flows_from(self.rule, place, value, self) {
            return review(ReviewReason::FieldUse("the field flows into the same field"));
        }
        let templates = self.rule.literal.iter().collect();
        FieldUse::new(span, Change::Render(Box::new(found), templates))
    }
}

/// Whether a value that is written into the field is itself read from it: it keeps its meaning only
/// without a default.
fn flows_from(
    rule: &FieldRule,
    place: Place<'_>,
    value: Option<Node<'_>>,
    search: &Search<'_, '_, '_>,
) -> bool {
    let read = rule.read.as_ref().filter(|read| !is_place(read, rule.x));
    let Some(value) = value.filter(|_| read.is_some()) else { return false };
    value.subtree().any(|n| {
        n.kind() == Kind::Ident
            && n.role() == Role::Sel
            && n.text() == rule.from
            && n.parent().is_some_and(|selector| search.flows_back(place, selector))
    })
}
