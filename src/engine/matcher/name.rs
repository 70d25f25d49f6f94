//! Names that stand for something certain: packages and what is predeclared.

use super::{Matcher, MissReason, Outcome};
use crate::engine::bindings::Bindings;
use crate::go::syntax::{Kind, Node, Role};
use crate::rule::pattern::{Atom, Pattern};

impl<'a> Matcher<'a, '_> {
    /// `any`, unless it was redeclared.
    pub(super) fn is_any(&self, s: Node<'_>) -> bool {
        s.kind() == Kind::Ident && s.text() == "any" && self.names.is_predeclared(self.part, s)
    }

    pub(super) fn predeclared(&self, pattern: &Pattern, p: Node<'_>, s: Node<'_>) -> Outcome {
        if p.text() == "any" && is_empty_interface(s) && !self.to_the_letter {
            return Ok(());
        }
        if s.kind() != Kind::Ident || s.text() != p.text() {
            return Self::miss(pattern, p, s, MissReason::Different);
        }
        if !self.names.is_predeclared(self.part, s) {
            return Self::miss(pattern, p, s, MissReason::Redeclared);
        }
        Ok(())
    }

    /// The path of the package that a qualifier of a pattern stands for in this file.
    pub(super) fn package_named(&self, qualifier: Atom) -> Option<&'a str> {
        match qualifier {
            Atom::Package(id) => Some(&self.rules.package(id).path),
            Atom::PackageOrName(id) => {
                let path = &self.rules.package(id).path;
                self.names.imports(path).then_some(path)
            }
            _ => None,
        }
    }

    /// `pkg.Name`, however the file imports the package.
    pub(super) fn package_member(
        &mut self,
        pattern: &Pattern,
        p: Node<'_>,
        path: &str,
        s: Node<'_>,
        b: &mut Bindings,
    ) -> Outcome {
        let Some(member) = p.child(Role::Sel) else { return Ok(()) };
        let different = |found| Self::miss(pattern, p, found, MissReason::Different);
        match s.kind() {
            Kind::Selector => {
                let (Some(x), Some(sel)) = (s.child(Role::X), s.child(Role::Sel)) else {
                    return different(s);
                };
                self.node(pattern, member, sel, b)?;
                if self.names.is_package(self.part, x, path) {
                    Ok(())
                } else {
                    Self::miss(pattern, p, x, MissReason::NotThatPackage)
                }
            }
            Kind::Ident => {
                if matches!(pattern.atom(member), Atom::Plain) && member.text() != s.text() {
                    return different(s);
                }
                if self.names.is_dot_imported(self.part, s, path) {
                    self.node(pattern, member, s, b)
                } else {
                    Self::miss(pattern, p, s, MissReason::NotThatPackage)
                }
            }
            _ => different(s),
        }
    }
}

/// `interface{}`.
pub(super) fn is_empty_interface(node: Node<'_>) -> bool {
    node.kind() == Kind::InterfaceType && node.children().next().is_none()
}
