//! Questions with three answers. Comes in: a node and what somebody wants to be true of it. Goes
//! out: yes, no, or the place where knowledge ended.

use super::FileTypes;
use super::checker::Checker;
use super::model::Type;
use super::shape::{Fit, Shape};
use super::unit::Cx;
use crate::go::packages::Reach;
use crate::go::syntax::{Kind, Node, NodeId};

impl FileTypes<'_> {
    /// Whether the type of the expression `node` of declaration `decl` has the shape. Untyped
    /// constants have the type that their surroundings give them; `v, ok := m[k]` has that of `v`.
    pub fn fits(&self, decl: usize, node: NodeId, shape: &Shape) -> Fit {
        self.ask(decl, node, |checker, cx, node| {
            let ty = checker.value_type(cx, node);
            checker.fits(cx, node, &ty, shape)
        })
    }

    /// The same of what stands under the type.
    pub fn underlying_fits(&self, decl: usize, node: NodeId, shape: &Shape) -> Fit {
        self.ask(decl, node, |checker, cx, node| {
            let ty = checker.value_type(cx, node);
            let under = checker.underlying(cx, node, &ty);
            checker.fits(cx, node, &under, shape)
        })
    }

    /// Whether no value in the file can be of a type of this shape: all packages that the file's
    /// package can reach are known, and none declares a type that the shape needs.
    pub fn rules_out(&self, shape: &Shape) -> bool {
        let mut needed = Vec::new();
        shape.needs(&mut needed);
        needed.iter().any(|(path, name)| self.lacks(path, name.as_deref()))
    }

    /// Whether no package that the file's package can reach is called `path` and declares `name`.
    pub fn lacks(&self, path: &str, name: Option<&str>) -> bool {
        let (index, package) = (&self.types.index, &self.unit.package);
        match index.reach(package, path) {
            Reach::No => true,
            Reach::Unknown => false,
            Reach::Yes => name.is_some_and(|name| {
                let found = index.import_from(package, path);
                let own = &**package.import_path() == path;
                !own && found.is_ok_and(|package| package.sites(name).is_empty())
            }),
        }
    }

    pub(super) fn ask<R>(
        &self,
        decl: usize,
        node: NodeId,
        question: impl FnOnce(&Checker<'_>, Cx<'_>, Node<'_>) -> R,
    ) -> R {
        let cx = Cx::new(&self.unit, decl);
        question(&Checker::new(self.types), cx, cx.node(node))
    }
}

impl Checker<'_> {
    /// The type of `node` where it stands: one value of comma-ok forms, and the default type of an
    /// untyped constant where it is not known what it is converted to.
    pub(super) fn value_type(&self, cx: Cx<'_>, node: Node<'_>) -> Type {
        let ty = self.type_at(cx, node);
        let inner = node.unparenthesized().kind();
        match ty {
            Type::Tuple(values) if inner != Kind::Call => values[0].clone(),
            Type::Unknown(why) => match self.expr(cx, node) {
                Type::Basic(kind) if kind.is_untyped() => Type::Basic(kind).defaulted(),
                _ => Type::Unknown(why),
            },
            ty => ty,
        }
    }
}
