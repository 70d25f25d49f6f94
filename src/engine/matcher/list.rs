//! Lists with `$$$` in them: the shortest run that lets the rest match, by backtracking.

use super::variable::{Variable, many};
use super::{Matcher, Outcome};
use crate::engine::bindings::{Bindings, Capture};
use crate::engine::matcher::{Miss, MissReason};
use crate::go::syntax::Node;
use crate::rule::metavariable::MetaId;
use crate::rule::pattern::Pattern;

/// What `$$$xs` stands for already where it is met again.
#[derive(Clone, Copy)]
enum BoundRun {
    /// Nothing.
    Free,
    /// As many elements, the same as here.
    Same(usize),
    /// Other elements than stand here.
    Other,
}

impl<'a> Matcher<'a, '_> {
    /// Elements one after the other; `accept` says whether so many of `found` may be taken.
    /// `lists` is the miss of lists that differ in length.
    pub(super) fn list(
        &mut self,
        pattern: &Pattern,
        lists: Miss,
        wanted: &[Node<'_>],
        found: &[Node<'_>],
        b: &mut Bindings,
        accept: &mut dyn FnMut(usize) -> bool,
    ) -> Outcome {
        let Some((first, rest)) = wanted.split_first() else {
            return if accept(0) { Ok(()) } else { Err(lists) };
        };
        let Some(Variable(id)) = many(pattern, *first) else {
            let Some((next, others)) = found.split_first() else { return Err(lists) };
            self.node(pattern, *first, *next, b)?;
            return self.list(pattern, lists, rest, others, b, &mut |n| accept(n + 1));
        };
        match id.map_or(BoundRun::Free, |id| self.bound_run(id, found, b)) {
            BoundRun::Free => {}
            BoundRun::Other => return Err(lists),
            BoundRun::Same(taken) => {
                let rest_found = &found[taken..];
                return self.list(pattern, lists, rest, rest_found, b, &mut |n| accept(n + taken));
            }
        }
        let mut last = lists;
        for taken in 0..=found.len() {
            let mut tried = b.clone();
            if let Some(id) = id {
                tried.bind(id, Capture::run(&found[..taken], found.get(taken).copied()));
            }
            let result = self.list(pattern, lists, rest, &found[taken..], &mut tried, &mut |n| {
                accept(n + taken)
            });
            match result {
                Ok(()) => {
                    *b = tried;
                    return Ok(());
                }
                Err(miss) if miss.why == MissReason::TooManyWays => return Err(miss),
                Err(miss) => last = miss,
            }
        }
        Err(last)
    }

    /// Whether the metavariable stands for elements already, and if so how many of `found` are the
    /// same ones.
    fn bound_run(&self, id: MetaId, found: &[Node<'_>], b: &Bindings) -> BoundRun {
        let same = |len: usize, nth: &dyn Fn(usize) -> bool| {
            if len <= found.len() && (0..len).all(nth) {
                BoundRun::Same(len)
            } else {
                BoundRun::Other
            }
        };
        if let Some(beside) = self.bound_beside(id) {
            return same(beside.len(), &|n| self.same(beside[n], found[n]));
        }
        let Some(bound) = b.get(id) else { return BoundRun::Free };
        let node = |n: usize| found[n].syntax().node(bound.nodes[n]);
        same(bound.nodes.len(), &|n| self.same(node(n), found[n]))
    }

    /// What the metavariable stands for in the other declaration.
    pub(super) fn bound_beside(&self, id: MetaId) -> Option<Vec<Node<'a>>> {
        let (bindings, part) = self.beside?;
        let nodes = &bindings.get(id)?.nodes;
        Some(nodes.iter().map(|&node| part.syntax().node(node)).collect())
    }
}
