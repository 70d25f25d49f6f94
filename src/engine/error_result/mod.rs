//! Calls that gained an error result. Comes in: the matches of a file. Goes out: for each statement
//! with such calls a fix, in which the error of each is taken and checked; or why somebody has to look.
//!
//! `place` says where a call stands, `order` what its statement does before it, `naming` what the
//! value and the error are called, `zeros` what the function gives where there is an error, `write`
//! what the fix edits; `work` puts these together.

mod naming;
mod order;
mod place;
mod work;
mod write;
mod zeros;

use std::collections::BTreeMap;

use self::place::{Form, Place, Stays, place};
use self::work::Work;
use self::write::Statement;
use self::zeros::Results;
use super::fix::{FixStatus, ReviewReason, Site};
use super::import_plan::ImportPlan;
use super::kept_names;
use super::resolve;
use super::rewrite::{Look, Round};
use super::search::Match;
use super::typed::{Answer, Typed};
use crate::go::scope::ObjectId;
use crate::go::source::Part;
use crate::go::syntax::{Kind, Node, NodeId, Role};
use crate::rule::compiled::{Action, ErrorResult};
use crate::text::Span;

/// A call that can be given a check, as far as its own place goes.
struct Gained<'a, 'f> {
    found: Match,
    call: Node<'f>,
    form: Form<'f>,
    action: &'a ErrorResult,
}

/// Names that the fixes of a file have declared so far.
#[derive(Default)]
struct Issued {
    /// Those of values: the declaration, the block, the name.
    values: Vec<(usize, Option<NodeId>, String)>,
    /// Those of errors.
    errors: Vec<(usize, Option<NodeId>, String)>,
}

impl Issued {
    fn count(&self) -> (usize, usize) {
        (self.values.len(), self.errors.len())
    }

    /// Forgets the names that came after these.
    fn back_to(&mut self, (values, errors): (usize, usize)) {
        self.values.truncate(values);
        self.errors.truncate(errors);
    }
}

/// The calls in one statement, of whatever rules, in the order in which they are evaluated.
struct Group<'a, 'f> {
    decl: usize,
    stmt: Node<'f>,
    calls: Vec<Gained<'a, 'f>>,
}

/// What can be done in a statement, and the calls in which nothing can.
struct Tried<'f> {
    statement: Statement<'f>,
    taken_over: Vec<ObjectId>,
    refused: Vec<Site>,
}

/// The code that decides about a call: its statement, or what of it comes before a block.
pub(super) fn around(part: &Part, found: &Match) -> Span {
    let node = part.syntax().node(found.node);
    let mut inner = node;
    for outer in node.ancestors() {
        let ends = outer.kind().holds_statements()
            || outer.children().any(|child| matches!(child.role(), Role::Body | Role::Clauses));
        if ends {
            break;
        }
        inner = outer;
    }
    inner.span()
}

impl<'a, 'f> Look<'a, 'f, '_> {
    /// The fixes for the matches of `error-result` rules; the others get their status.
    pub(super) fn error_results(
        &self,
        matches: Vec<Match>,
        generated: bool,
        plan: &mut ImportPlan<'_, '_>,
        round: &mut Round,
    ) -> Vec<resolve::Candidate> {
        let mut groups: BTreeMap<(usize, usize), Group<'a, 'f>> = BTreeMap::new();
        for found in matches {
            let (rule, span, decl) = (found.rule, found.span, found.decl);
            let Action::ErrorResult(action) = &self.rewriter.rules.rules[rule].action else {
                continue;
            };
            match self.gained(found, action, generated) {
                Ok((stmt, gained)) => {
                    let key = (decl, stmt.span().start);
                    let new = || Group { decl, stmt, calls: Vec::new() };
                    groups.entry(key).or_insert_with(new).calls.push(gained);
                }
                Err(FixStatus::AlreadyDone) if self.later => {}
                Err(status) => round.sites.push(Site::new(rule, span, status)),
            }
        }
        let mut candidates = Vec::new();
        let mut issued = Issued::default();
        for mut group in groups.into_values() {
            group.calls.sort_by_key(|gained| gained.call.span().end);
            candidates.extend(self.statement(group, &mut issued, (plan, round)));
        }
        candidates
    }

    /// The call of a match and its statement, if a check can stand there.
    fn gained(
        &self,
        found: Match,
        action: &'a ErrorResult,
        generated: bool,
    ) -> Result<(Node<'f>, Gained<'a, 'f>), FixStatus> {
        let part: &'f Part = self.names.file().part(found.decl);
        let call = part.syntax().node(found.node).unparenthesized();
        let values = action.values;
        let placed = place(part, call, values);
        let given_on = self.is_given_on(found.decl, call, values);
        if matches!(placed, Err(Stays::Done)) || matches!(given_on, Answer::Yes) {
            return Err(FixStatus::AlreadyDone);
        }
        let generated = generated.then_some(FixStatus::GeneratedFile);
        let refused = generated.or_else(|| self.suppressed(found.rule, found.span));
        let refused = refused.or_else(|| self.verdict(found.rule));
        if let Some(status) = refused.or_else(|| self.unsure_of(&found)) {
            return Err(status);
        }
        match (placed, given_on) {
            (Ok(_), Answer::Unknown(unsure)) if !self.rewriter.include_unknown_type => {
                Err(FixStatus::NeedsReview(ReviewReason::UnknownType(unsure)))
            }
            (Ok(Place { stmt, form }), _) => {
                match self.suppressed(found.rule, Span::at(stmt.span().start)) {
                    Some(status) => Err(status),
                    None => Ok((stmt, Gained { found, call, form, action })),
                }
            }
            (Err(Stays::Review(why)), _) => {
                Err(FixStatus::NeedsReview(ReviewReason::ErrorResult(why)))
            }
            (Err(Stays::Done), _) => Err(FixStatus::AlreadyDone),
        }
    }

    /// Whether the error goes on with the values: all that the function returns, or all arguments of
    /// a function that takes it.
    fn is_given_on(&self, decl: usize, call: Node<'f>, values: usize) -> Answer {
        let outer = call.parenthesized();
        let Some(list) = outer.parent().filter(|list| list.children().nth(1).is_none()) else {
            return Answer::No;
        };
        let Some(owner) = list.parent() else { return Answer::No };
        match (list.kind(), owner.kind()) {
            (Kind::ExprList, Kind::Return) => {
                let results = Results::around(self.names, decl, owner);
                (results.count() == values + 1 && results.end_with_error()).into()
            }
            (Kind::Args, Kind::Call) => {
                let Some(fun) = owner.child(Role::Fun) else { return Answer::No };
                let typed = Typed { names: self.names, decl };
                typed.asked(fun, &|types| types.takes_exactly(decl, fun.id(), values + 1))
            }
            _ => Answer::No,
        }
    }

    /// The fix for the calls of one statement.
    fn statement(
        &self,
        mut group: Group<'a, 'f>,
        issued: &mut Issued,
        (plan, round): (&mut ImportPlan<'_, '_>, &mut Round),
    ) -> Option<resolve::Candidate> {
        let before = issued.count();
        let mut tried = self.tried(&group, issued, plan);
        // A site is the same one whether or not the other rules of the statement are chosen.
        let span = tried.statement.span();
        let takes = |rule| self.asked.takes(rule, span);
        if !tried.statement.rules().into_iter().all(takes) {
            let (left, refused) = (tried.statement.rules(), tried.refused);
            let left = left.into_iter().filter(|&rule| !takes(rule));
            round.sites.extend(left.map(|rule| Site::new(rule, span, FixStatus::NotSelected)));
            round.sites.extend(refused.into_iter().filter(|site| !takes(site.rule)));
            group.calls.retain(|gained| takes(gained.found.rule));
            issued.back_to(before);
            tried = self.tried(&group, issued, plan);
        }
        let Tried { statement, taken_over, refused } = tried;
        round.sites.extend(refused);
        let rules = statement.rules();
        let (&rule, also) = rules.split_first()?;
        let rendered = statement.rendered();
        let own = statement.span();
        let against =
            kept_names::against_apart(statement.part, self.names, &rendered, own, &taken_over);
        if let Some(reason) = against {
            let site = |rule| Site::new(rule, span, FixStatus::NeedsReview(reason.clone()));
            round.sites.extend(rules.into_iter().map(site));
            return None;
        }
        Some(resolve::Candidate { rule, also: also.to_vec(), span, rendered })
    }

    fn tried(
        &self,
        group: &Group<'a, 'f>,
        issued: &mut Issued,
        plan: &mut ImportPlan<'_, '_>,
    ) -> Tried<'f> {
        let mut work = Work::new(self, group, issued);
        let mut refused = Vec::new();
        for gained in &group.calls {
            if let Err(status) = work.add(gained, plan) {
                refused.push(Site::new(gained.found.rule, gained.found.span, status));
            }
        }
        Tried { statement: work.statement, taken_over: work.taken_over, refused }
    }
}
