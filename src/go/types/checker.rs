//! The state of one question: how deep it is, and which declarations it is in the middle of.
//! Comes in: a question about a node. Goes out: the answer, from the file's memory if it is there.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use super::Types;
use super::model::{Reason, Type, Unknown};
use super::unit::{Cx, Facet, Place, Unit, UnitId};
use crate::go::syntax::Node;

/// Questions nest no deeper than this. One of them takes a few hundred bytes to a few kilobytes
/// of stack; threads have two megabytes.
const MAX_DEPTH: usize = 250;

/// Works out the answer to one question.
pub(super) struct Checker<'a> {
    pub(super) types: &'a Types,
    asked: &'a Arc<Unit>,
    in_work: RefCell<Vec<(Place, Facet)>>,
    depth: Cell<usize>,
    /// Steps left for constants, which may refer to each other many times over.
    steps: Cell<usize>,
    /// The outermost question in work that an answer had to do without.
    open: Cell<usize>,
}

impl<'a> Checker<'a> {
    /// About the file `asked`.
    pub(super) fn new(types: &'a Types, asked: &'a Arc<Unit>) -> Self {
        Self {
            types,
            asked,
            in_work: RefCell::default(),
            depth: Cell::new(0),
            steps: Cell::new(100_000),
            open: Cell::new(usize::MAX),
        }
    }

    pub(super) fn unit(&self, id: UnitId) -> Arc<Unit> {
        if id == UnitId::ASKED { self.asked.clone() } else { self.types.unit(id) }
    }

    /// Takes one step of computing constants, if there is one left.
    pub(super) fn spend(&self) -> bool {
        let left = self.steps.get();
        self.steps.set(left.saturating_sub(1));
        left > 0
    }

    /// An unknown that ends at `node`.
    #[allow(clippy::unused_self, reason = "reads like the other answers")]
    pub(super) fn unknown(&self, cx: Cx<'_>, node: Node<'_>, reason: Reason) -> Type {
        let (file, span) = (cx.unit.source.path().clone(), node.span());
        Type::Unknown(Arc::new(Unknown { file, span, reason }))
    }

    /// What there is to say of a node in code with syntax errors.
    #[allow(clippy::unused_self, reason = "reads like the other answers")]
    pub(super) fn unsound(&self, cx: Cx<'_>, node: Node<'_>) -> Arc<Unknown> {
        let (file, span) = (cx.unit.source.path().clone(), node.span());
        Arc::new(Unknown { file, span, reason: Reason::Syntax })
    }

    /// Answers through the file's memory; a question inside itself is a cycle.
    pub(super) fn remembered<'u>(
        &self,
        cx: Cx<'u>,
        node: Node<'u>,
        facet: Facet,
        work: impl FnOnce() -> Type,
    ) -> Type {
        let key = ((cx.decl, node.id()), facet);
        if let Some(known) = cx.unit.remembered(key) {
            return known;
        }
        let question = (cx.place(node), facet);
        let level = self.in_work.borrow().iter().position(|q| *q == question);
        if let Some(level) = level {
            self.open.set(self.open.get().min(level));
            return self.unknown(cx, node, Reason::Cycle);
        }
        let level = self.in_work.borrow().len();
        self.in_work.borrow_mut().push(question);
        let answer = self.nested(cx, node, work);
        self.in_work.borrow_mut().pop();
        // An answer that lacks one still in work is not the last word.
        if self.open.get() >= level {
            self.open.set(usize::MAX);
            cx.unit.remember(key, answer.clone());
        }
        answer
    }

    /// Answers one level deeper, if there is one.
    pub(super) fn nested<'u>(
        &self,
        cx: Cx<'u>,
        node: Node<'u>,
        work: impl FnOnce() -> Type,
    ) -> Type {
        if self.depth.get() >= MAX_DEPTH {
            // Asked for by itself it may have an answer.
            self.open.set(0);
            return self.unknown(cx, node, Reason::TooDeep);
        }
        self.depth.set(self.depth.get() + 1);
        let answer = work();
        self.depth.set(self.depth.get() - 1);
        answer
    }

    /// Does `work` at the node of `place`.
    pub(super) fn at<R>(
        &self,
        place: Place,
        work: impl for<'u> FnOnce(Cx<'u>, Node<'u>) -> R,
    ) -> R {
        let unit = self.unit(place.unit);
        let cx = Cx::new(&unit, place.decl);
        work(cx, cx.node(place.node))
    }
}
