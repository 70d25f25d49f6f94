//! Questions with three answers. Comes in: a node and what somebody wants to be true of it. Goes
//! out: yes, no, or the place where knowledge ended.

use super::FileTypes;
use super::checker::Checker;
use super::model::{Reason, Type};
use super::names::Entity;
use super::shape::{Fit, Shape};
use super::unit::Cx;
use crate::go::packages::Reach;
use crate::go::syntax::{Kind, Node, NodeId, Op, Role};

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

    /// Whether the type of the expression implements the interface that `shape` names.
    pub fn implements(&self, decl: usize, node: NodeId, shape: &Shape) -> Fit {
        self.ask(decl, node, |checker, cx, node| {
            let ty = checker.value_type(cx, node);
            checker.implements(cx, node, &ty, shape)
        })
    }

    /// Whether the expression has a method of that name without parameters, of which the only result
    /// has the shape.
    pub fn method_gives(&self, decl: usize, node: NodeId, method: &str, shape: &Shape) -> Fit {
        self.ask(decl, node, |checker, cx, node| {
            let ty = checker.value_type(cx, node);
            match checker.select(cx, node, &ty, method).ty {
                Type::Func(signature) => match &signature.results[..] {
                    [only] if signature.params.is_empty() => {
                        checker.fits(cx, node, &only.ty, shape)
                    }
                    _ => Fit::No,
                },
                Type::Unknown(why) => Fit::Unknown(why),
                _ => Fit::No,
            }
        })
    }

    /// Whether the place of the expression wants a type of the shape: as an argument, an element,
    /// a field, a result, an assigned value.
    pub fn wants(&self, decl: usize, node: NodeId, shape: &Shape) -> Fit {
        self.ask(decl, node, |checker, cx, node| checker.wants(cx, node, shape))
    }

    /// Whether what the place wants is declared by the package at `path`.
    pub fn wanted_by(&self, decl: usize, node: NodeId, path: &str) -> Fit {
        self.ask(decl, node, |checker, cx, node| checker.wanted_by(cx, node, path))
    }

    /// Whether evaluating the expression twice is the same as once.
    pub fn is_pure(&self, decl: usize, node: NodeId) -> Fit {
        let cx = Cx::new(&self.unit, decl);
        self.checker().is_pure(cx, cx.node(node))
    }

    /// What stands under the type that `node`, a type or an expression, has.
    pub fn underlying_of(&self, decl: usize, node: NodeId) -> Type {
        self.ask(decl, node, |checker, cx, node| {
            let ty = checker.value_type(cx, node);
            checker.underlying(cx, node, &ty)
        })
    }

    /// Whether what is called takes that many arguments, no more and no fewer.
    pub fn takes_exactly(&self, decl: usize, fun: NodeId, count: usize) -> Fit {
        self.ask(decl, fun, |checker, cx, fun| {
            if checker.builtin_of(cx, fun).is_some() || checker.is_type(cx, fun) == Some(true) {
                return Fit::No;
            }
            match checker.type_at(cx, fun) {
                Type::Func(signature) => {
                    Fit::from_bool(!signature.variadic && signature.params.len() == count)
                }
                Type::Unknown(why) => Fit::Unknown(why),
                _ => Fit::No,
            }
        })
    }

    /// Whether the expression is constant.
    pub fn is_constant(&self, decl: usize, node: NodeId) -> Fit {
        let cx = Cx::new(&self.unit, decl);
        self.checker().constancy(cx, cx.node(node))
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
        question(&self.checker(), cx, cx.node(node))
    }
}

impl Checker<'_> {
    fn constancy(&self, cx: Cx<'_>, node: Node<'_>) -> Fit {
        if self.is_constant(cx, node) {
            return Fit::Yes;
        }
        let unread = |reason| match self.unknown(cx, node, reason) {
            Type::Unknown(why) => Fit::Unknown(why),
            _ => Fit::No,
        };
        match node.kind() {
            Kind::Ident | Kind::Selector => match self.denoted(cx, node) {
                Some(Entity::External(path, why)) => unread(Reason::Package(path, why)),
                Some(Entity::Unknown(reason)) => unread(reason),
                _ => Fit::No,
            },
            Kind::Unary if matches!(node.op(), Op::And | Op::Arrow) => Fit::No,
            Kind::Paren | Kind::Unary | Kind::Binary => {
                node.children().fold(Fit::Yes, |fit, x| fit.and(|| self.constancy(cx, x)))
            }
            Kind::Call => {
                let Some(fun) = node.child(Role::Fun) else { return Fit::No };
                if self.builtin_of(cx, fun).is_some() || self.is_type(cx, fun) == Some(false) {
                    return Fit::No;
                }
                // A conversion, to a type that may be one that constants have.
                let under = match self.is_type(cx, fun) {
                    Some(_) => self.underlying(cx, fun, &self.type_expr(cx, fun)),
                    None => self.expr(cx, node),
                };
                let args = super::calls::args(node);
                let args = args.fold(Fit::Yes, |fit, arg| fit.and(|| self.constancy(cx, arg)));
                args.and(|| match under {
                    Type::Unknown(why) => Fit::Unknown(why),
                    Type::Named(_) => unread(Reason::Constant),
                    _ => Fit::No,
                })
            }
            _ => Fit::No,
        }
    }

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
