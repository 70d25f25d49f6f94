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
use self::zeros::Results;
use super::fix::{FixStatus, ReviewReason, Site};
use super::import_plan::ImportPlan;
use super::kept_names;
use super::resolve;
use super::rewrite::{Look, Round};
use super::search::Match;
use super::typed::{Answer, Typed};
use crate::go::source::Part;
use crate::go::syntax::{Kind, Node, NodeId, Role};
use crate::rule::compiled::{Action, ErrorResult};
use crate::text::Span;

/// A call that can be given a check, as far as its own place goes.
struct Gained<'f> {
    found: Match,
    call: Node<'f>,
    form: Form<'f>,
}

/// Names that the fixes of a file have declared so far.
#[derive(Default)]
struct Issued {
    /// Those of values: the declaration, the block, the name.
    values: Vec<(usize, Option<NodeId>, String)>,
    /// Those of errors.
    errors: Vec<(usize, Option<NodeId>, String)>,
}

/// The calls of a rule in one statement.
struct Group<'f> {
    decl: usize,
    stmt: Node<'f>,
    calls: Vec<Gained<'f>>,
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
        let mut groups: BTreeMap<(usize, usize, usize), Group<'f>> = BTreeMap::new();
        for found in matches {
            let (rule, span, decl) = (found.rule, found.span, found.decl);
            match self.gained(found, generated) {
                Ok((stmt, gained)) => {
                    let key = (rule, decl, stmt.span().start);
                    let new = || Group { decl, stmt, calls: Vec::new() };
                    groups.entry(key).or_insert_with(new).calls.push(gained);
                }
                Err(FixStatus::AlreadyDone) if self.later => {}
                Err(status) => round.sites.push(Site::new(rule, span, status)),
            }
        }
        let mut candidates = Vec::new();
        let mut issued = Issued::default();
        for ((rule, ..), group) in groups {
            candidates.extend(self.statement(rule, group, &mut issued, (plan, round)));
        }
        candidates
    }

    fn action(&self, rule: usize) -> Option<&'a ErrorResult> {
        match &self.rewriter.rules.rules[rule].action {
            Action::ErrorResult(action) => Some(action),
            _ => None,
        }
    }

    /// The call of a match and its statement, if a check can stand there.
    fn gained(&self, found: Match, generated: bool) -> Result<(Node<'f>, Gained<'f>), FixStatus> {
        let part: &'f Part = self.names.file().part(found.decl);
        let call = part.syntax().node(found.node).unparenthesized();
        let values = self.action(found.rule).map_or(1, |action| action.values);
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
                    None => Ok((stmt, Gained { found, call, form })),
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
        rule: usize,
        group: Group<'f>,
        issued: &mut Issued,
        (plan, round): (&mut ImportPlan<'_, '_>, &mut Round),
    ) -> Option<resolve::Candidate> {
        let action = self.action(rule)?;
        let Group { decl, stmt, mut calls } = group;
        calls.sort_by_key(|gained| gained.call.span().end);
        let mut work = Work::new(self, decl, stmt, action, issued);
        for gained in calls {
            let span = gained.found.span;
            if let Err(status) = work.add(&gained, plan) {
                round.sites.push(Site::new(rule, span, status));
            }
        }
        if work.statement.calls.is_empty() {
            return None;
        }
        let span = work.statement.span();
        let rendered = work.statement.rendered();
        let part = self.names.file().part(decl);
        let against =
            kept_names::against_apart(part, self.names, &rendered, span, &work.taken_over);
        let status = against.map(FixStatus::NeedsReview);
        let chosen = self.asked.takes(rule, span);
        match status.or((!chosen).then_some(FixStatus::NotSelected)) {
            None => Some(resolve::Candidate { rule, span, rendered }),
            Some(status) => {
                round.sites.push(Site::new(rule, span, status));
                None
            }
        }
    }
}
