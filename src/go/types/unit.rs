//! A file as the types see it: its package, when it is built, and what was worked out already.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::model::{NodeKey, Type};
use crate::go::packages::{Constraint, Package};
use crate::go::source::{Part, SourceFile};
use crate::go::syntax::{Kind, Node, NodeId};

/// A file's place in the table of [`super::Types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct UnitId(pub(super) u32);

impl UnitId {
    /// The file that is asked about. It is in no table: what is worked out for it goes when nobody
    /// asks about it any more. Nothing that is kept longer refers to it, since what other files
    /// see of it are its package's declarations.
    pub(super) const ASKED: Self = Self(u32::MAX);
}

/// A node of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Place {
    pub(super) unit: UnitId,
    pub(super) decl: usize,
    pub(super) node: NodeId,
}

/// Which question about a node an answer belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Facet {
    /// The type of an expression as it stands, untyped constants unconverted.
    Expr,
    /// The type that a type expression denotes.
    TypeExpr,
    /// What stands under the type that an identifier declares.
    Underlying,
    /// The type of the object that an identifier declares.
    Object,
}

/// A file.
pub(super) struct Unit {
    pub(super) id: UnitId,
    pub(super) source: Arc<SourceFile>,
    pub(super) package: Arc<Package>,
    pub(super) constraint: Constraint,
    memo: Mutex<HashMap<(NodeKey, Facet), Type>>,
    /// Of files with syntax errors: which declarations are free of them.
    sound: Mutex<HashMap<NodeKey, bool>>,
}

impl std::fmt::Debug for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Unit({})", self.source.path())
    }
}

impl Unit {
    pub(super) fn new(
        id: UnitId,
        source: Arc<SourceFile>,
        package: Arc<Package>,
        constraint: Constraint,
    ) -> Self {
        let (memo, sound) = (Mutex::default(), Mutex::default());
        Self { id, source, package, constraint, memo, sound }
    }

    pub(super) fn remembered(&self, key: (NodeKey, Facet)) -> Option<Type> {
        self.memo.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned()
    }

    pub(super) fn remember(&self, key: (NodeKey, Facet), ty: Type) {
        self.memo.lock().unwrap_or_else(PoisonError::into_inner).insert(key, ty);
    }
}

/// A declaration of a file, in work.
#[derive(Clone, Copy)]
pub(super) struct Cx<'u> {
    pub(super) unit: &'u Arc<Unit>,
    pub(super) decl: usize,
    pub(super) part: &'u Part,
}

impl<'u> Cx<'u> {
    pub(super) fn new(unit: &'u Arc<Unit>, decl: usize) -> Self {
        Self { unit, decl, part: unit.source.declaration(decl) }
    }

    pub(super) fn node(self, id: NodeId) -> Node<'u> {
        self.part.syntax().node(id)
    }

    /// Whether `node` stands in a declaration without syntax errors. Where there is one, what is
    /// read of the code around it may be anything: the beginning of the next function, say.
    pub(super) fn is_sound(self, node: Node<'_>) -> bool {
        let syntax = self.part.syntax();
        if syntax.errors() == 0 {
            return true;
        }
        let root = syntax.root();
        let top = std::iter::successors(Some(node), |n| n.parent());
        let Some(top) = top.take_while(|n| n.id() != root.id()).last() else { return false };
        let mut known = self.unit.sound.lock().unwrap_or_else(PoisonError::into_inner);
        *known.entry((self.decl, top.id())).or_insert_with(|| {
            let before = root.children().take_while(|c| c.id() != top.id()).last();
            let after_error = before.is_some_and(|b| b.kind() == Kind::Error);
            let is_error = |n: Node<'_>| n.kind() == Kind::Error;
            // An error without a place may be anywhere.
            let placed = root.subtree().any(is_error);
            placed && !after_error && !top.subtree().any(is_error)
        })
    }

    pub(super) fn place(self, node: Node<'_>) -> Place {
        Place { unit: self.unit.id, decl: self.decl, node: node.id() }
    }
}
