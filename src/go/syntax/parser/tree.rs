//! The tree while it grows. A parent is made after its first child where that is how Go is
//! written (`a + b`, `f(x)`), so children are linked, and put into preorder at the end.

use crate::go::syntax::{Kind, NodeData, Op, Role};
use crate::text::Span;

/// A node of the growing tree.
pub(super) type Id = u32;

/// No node.
const NONE: Id = Id::MAX;

/// Trees are no deeper than this: what walks them may recurse.
const MAX_DEPTH: usize = 20_000;

#[derive(Clone, Copy)]
struct Linked {
    kind: Kind,
    op: Op,
    role: Role,
    span: Span,
    first: Id,
    last: Id,
    next: Id,
}

/// All nodes made so far, joined or not.
pub(super) struct Tree {
    nodes: Vec<Linked>,
}

impl Tree {
    pub(super) fn with_capacity(nodes: usize) -> Self {
        Self { nodes: Vec::with_capacity(nodes) }
    }

    /// A node without children, yet.
    #[allow(clippy::cast_possible_truncation, reason = "files of 4 GiB and more are not read")]
    pub(super) fn make(&mut self, kind: Kind, op: Op, span: Span) -> Id {
        let role = Role::None;
        self.nodes.push(Linked { kind, op, role, span, first: NONE, last: NONE, next: NONE });
        self.nodes.len() as Id - 1
    }

    /// Makes `child` the last child of `parent`, which then reaches at least to its end.
    pub(super) fn add(&mut self, parent: Id, role: Role, child: Id) {
        self.nodes[child as usize].role = role;
        let end = self.nodes[child as usize].span.end;
        let last = self.nodes[parent as usize].last;
        if last == NONE {
            self.nodes[parent as usize].first = child;
        } else {
            self.nodes[last as usize].next = child;
        }
        let parent = &mut self.nodes[parent as usize];
        parent.last = child;
        parent.span.end = parent.span.end.max(end);
    }

    pub(super) fn end_at(&mut self, node: Id, end: usize) {
        self.nodes[node as usize].span.end = end;
    }

    pub(super) fn start_at(&mut self, node: Id, start: usize) {
        self.nodes[node as usize].span.start = start;
    }

    pub(super) fn set_op(&mut self, node: Id, op: Op) {
        self.nodes[node as usize].op = op;
    }

    pub(super) fn kind(&self, node: Id) -> Kind {
        self.nodes[node as usize].kind
    }

    pub(super) fn span(&self, node: Id) -> Span {
        self.nodes[node as usize].span
    }

    /// The first child.
    pub(super) fn first_child(&self, node: Id) -> Option<Id> {
        Some(self.nodes[node as usize].first).filter(|&first| first != NONE)
    }

    /// The tree below `root` in preorder; none where it is too deep.
    #[allow(clippy::cast_possible_truncation, reason = "files of 4 GiB and more are not read")]
    pub(super) fn preorder(&self, root: Id) -> Option<Vec<NodeData>> {
        let mut out: Vec<NodeData> = Vec::with_capacity(self.nodes.len());
        let mut open: Vec<(Id, u32)> = Vec::new();
        let mut node = root;
        loop {
            let linked = &self.nodes[node as usize];
            let at = out.len() as u32;
            out.push(NodeData {
                kind: linked.kind,
                op: linked.op,
                role: linked.role,
                start: linked.span.start as u32,
                end: linked.span.end as u32,
                parent: open.last().map_or(0, |&(_, parent)| parent),
                after: at + 1,
            });
            if linked.first != NONE {
                if open.len() >= MAX_DEPTH {
                    return None;
                }
                open.push((node, at));
                node = linked.first;
                continue;
            }
            let mut done = node;
            loop {
                let next = self.nodes[done as usize].next;
                if next != NONE && done != root {
                    node = next;
                    break;
                }
                let Some((parent, at)) = open.pop() else { return Some(out) };
                out[at as usize].after = out.len() as u32;
                done = parent;
            }
        }
    }
}
