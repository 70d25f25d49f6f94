//! Where the text of a string stands. Comes in: an expression. Goes out: for each value that it may
//! have, the literals that make it up, in order, with what no literal says between them. Followed
//! are constants and variables, also those of the package, `+`, conversions to `string` and the
//! formats of `fmt.Sprintf` with their arguments.

//!
//! `value` says what comes out; `named` follows constants and variables, `formats` formats.

mod formats;
mod named;
mod value;

use std::cell::Cell;
use std::sync::Arc;

pub use self::value::{Reach, StringLiteral, StringPiece, StringValue, Through};
use super::calls::args;
use super::checker::Checker;
use super::names::Entity;
use super::objects::Declared;
use super::unit::{Cx, Unit};
use super::universe::Universe;
use super::{FileTypes, Types, model::Basic};
use crate::go::literal::unquote;
use crate::go::syntax::{Kind, Node, NodeId, Op, Role};

/// More values than this of one expression are not told apart.
const MAX_VALUES: usize = 12;
/// No more expressions than this are looked at for one string.
const MAX_STEPS: usize = 10_000;
/// Names are followed no further than this.
const MAX_DEPTH: usize = 20;

impl FileTypes<'_> {
    /// The values that the string `node` of declaration `decl` may have. `current` is the file whose
    /// text may be newer than what its package knows.
    pub fn string_values(
        &self,
        current: &FileTypes<'_>,
        decl: usize,
        node: NodeId,
    ) -> Vec<StringValue> {
        let cx = Cx::new(&self.unit, decl);
        let (types, current) = (self.types, current.unit.clone());
        let tracer = Tracer { types, current, steps: Cell::new(MAX_STEPS) };
        tracer.values(cx, cx.node(node), &Route::default())
    }
}

/// How a tracer got to a node.
#[derive(Clone, Default)]
struct Route {
    through: Vec<Arc<Through>>,
    depth: usize,
}

impl Route {
    fn by(&self, through: Through) -> Route {
        let mut all = self.through.clone();
        all.push(Arc::new(through));
        Route { through: all, depth: self.depth }
    }

    fn has(&self, declared: &Declared) -> bool {
        self.through.iter().any(|t| t.declared == *declared)
    }
}

pub(super) struct Tracer<'a> {
    pub(super) types: &'a Types,
    pub(super) current: Arc<Unit>,
    /// Expressions that may still be looked at.
    steps: Cell<usize>,
}

impl Tracer<'_> {
    /// Answers questions about the file of `cx`: there are several on the way.
    pub(super) fn checker<'c>(&'c self, cx: Cx<'c>) -> Checker<'c> {
        Checker::new(self.types, cx.unit)
    }

    fn spend(&self) -> bool {
        let left = self.steps.get();
        self.steps.set(left.saturating_sub(1));
        left > 0
    }

    fn values(&self, cx: Cx<'_>, node: Node<'_>, route: &Route) -> Vec<StringValue> {
        let node = node.unparenthesized();
        if route.through.len() > MAX_DEPTH || !self.spend() {
            return hole(node, "it comes from too far away");
        }
        match node.kind() {
            Kind::BasicLit if node.op() == Op::String => match unquote(node.text()) {
                Some(value) => vec![vec![text(cx, node, value.len(), route)]],
                None => hole(node, "it is no UTF-8"),
            },
            Kind::Binary if node.op() == Op::Add => self.sum(cx, node, route),
            Kind::Ident | Kind::Selector => self.named(cx, node, route),
            Kind::Call => self.call(cx, node, route),
            _ => hole(node, "it is no literal, constant, variable, `+` or fmt.Sprintf"),
        }
    }

    /// Chains are followed to the left without nesting.
    fn sum(&self, cx: Cx<'_>, node: Node<'_>, route: &Route) -> Vec<StringValue> {
        let mut operands = Vec::new();
        let mut left = node;
        while left.unparenthesized().kind() == Kind::Binary
            && left.unparenthesized().op() == Op::Add
        {
            let sum = left.unparenthesized();
            operands.extend(sum.child(Role::Y));
            match sum.child(Role::X) {
                Some(x) => left = x,
                None => return hole(node, "it is incomplete"),
            }
        }
        operands.push(left);
        let first = vec![Vec::new()];
        operands.iter().rev().fold(first, |before, operand| {
            joined(&before, || {
                let mut values = self.values(cx, *operand, route);
                for value in &mut values {
                    if let [StringPiece::Hole { operand: place, .. }] = value.as_mut_slice() {
                        let (file, decl) = (cx.unit.source.clone(), cx.decl);
                        *place = Some(StringLiteral { file, decl, span: operand.span() });
                    }
                }
                values
            })
        })
    }

    fn call(&self, cx: Cx<'_>, node: Node<'_>, route: &Route) -> Vec<StringValue> {
        let Some(fun) = node.child(Role::Fun) else { return hole(node, "it is incomplete") };
        let mut arguments = args(node);
        match self.checker(cx).denoted(cx, fun) {
            Some(Entity::Universe(Universe::Type(Basic::String))) => match arguments.next() {
                Some(arg) => self.values(cx, arg, route),
                None => hole(node, "it is incomplete"),
            },
            Some(Entity::Global(package, _)) if is_sprintf(package.import_path(), fun) => {
                self.format(cx, node, route)
            }
            Some(Entity::External(path, _)) if is_sprintf(&path, fun) => {
                self.format(cx, node, route)
            }
            _ => hole(node, "it is the result of a call"),
        }
    }
}

fn is_sprintf(path: &str, fun: Node<'_>) -> bool {
    let name = fun.child(Role::Sel).map_or(fun.text(), |sel| sel.text());
    path == "fmt" && name == "Sprintf"
}

fn text(cx: Cx<'_>, node: Node<'_>, len: usize, route: &Route) -> StringPiece {
    let (file, decl, span) = (cx.unit.source.clone(), cx.decl, node.span());
    let literal = StringLiteral { file, decl, span };
    let (depth, through) = (route.depth, route.through.clone());
    StringPiece::Text { literal, range: 0..len, is_format: false, depth, through }
}

fn hole(node: Node<'_>, why: &'static str) -> Vec<StringValue> {
    let code = node.text().to_owned();
    let shown = "%v".to_owned();
    vec![vec![StringPiece::Hole { shown, code, why, operand: None }]]
}

/// Each value of `before` with each of `behind` behind it.
fn joined(before: &[StringValue], behind: impl FnOnce() -> Vec<StringValue>) -> Vec<StringValue> {
    let behind = behind();
    let mut found = Vec::with_capacity(before.len() * behind.len());
    for first in before {
        for second in behind.iter().take(MAX_VALUES.saturating_sub(found.len()).max(1)) {
            found.push(first.iter().chain(second).cloned().collect());
        }
    }
    found.truncate(MAX_VALUES);
    found
}

pub(super) fn spot(cx: Cx<'_>, node: Node<'_>) -> Declared {
    let name = match node.kind() {
        Kind::Selector => node.child(Role::Sel).unwrap_or(node),
        _ => node,
    };
    Declared { file: cx.unit.source.path().clone(), span: name.span() }
}
