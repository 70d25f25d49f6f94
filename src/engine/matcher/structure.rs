//! Nodes of one kind, part by part: children with roles, lists, literals, loops of any form.

use super::name::is_empty_interface;
use super::variable::{Variable, many, ranges_without_names};
use super::{Matcher, Miss, MissReason, Outcome};
use crate::engine::bindings::{Bindings, Capture};
use crate::go::literal::unquote;
use crate::go::syntax::{Kind, Node, Op, Role};
use crate::rule::pattern::Pattern;
use crate::text::Span;

impl Matcher<'_, '_> {
    pub(super) fn structure(
        &mut self,
        pattern: &Pattern,
        p: Node<'_>,
        s: Node<'_>,
        b: &mut Bindings,
    ) -> Outcome {
        let other_op = s.op() != p.op() && !ranges_without_names(pattern, p, s);
        if s.kind() != p.kind() || other_op {
            if !self.to_the_letter && is_empty_interface(p) && self.is_any(s) {
                return Ok(());
            }
            return Self::miss(pattern, p, s, MissReason::Different);
        }
        match p.kind() {
            Kind::Ident if p.text() == s.text() => Ok(()),
            Kind::BasicLit if p.text() == s.text() => Ok(()),
            Kind::BasicLit if !self.to_the_letter && same_literal(p, s) => Ok(()),
            Kind::Ident | Kind::BasicLit | Kind::Error => {
                Self::miss(pattern, p, s, MissReason::Different)
            }
            kind if kind.is_list() || kind == Kind::InterfaceType => {
                let wanted: Vec<_> = p.children().collect();
                let found: Vec<_> = s.children().collect();
                let len = found.len();
                let lists = Miss {
                    pattern: pattern.span_in_text(p),
                    found: s.span(),
                    why: MissReason::List,
                };
                self.list(pattern, lists, &wanted, &found, b, &mut |taken| taken == len)
            }
            _ => self.parts(pattern, p, s, b),
        }
    }

    /// `for $$$x { … }` stands for a loop of any form.
    pub(super) fn any_loop(
        &mut self,
        pattern: &Pattern,
        (p, Variable(id)): (Node<'_>, Variable),
        s: Node<'_>,
        b: &mut Bindings,
    ) -> Outcome {
        let header: Vec<Node<'_>> = s.children().filter(|c| c.role() != Role::Body).collect();
        let (Some(wanted), Some(body)) = (p.child(Role::Body), s.child(Role::Body)) else {
            return Self::miss(pattern, p, s, MissReason::Missing);
        };
        if let Some(id) = id {
            let keyword = s.span().start + "for".len();
            let between = &s.syntax().text()[keyword..body.span().start];
            let start = keyword + (between.len() - between.trim_start().len());
            let span = Span::new(start, start.max(keyword + between.trim_end().len()));
            let capture = Capture { span, ..Capture::run(&header, None) };
            let nothing = Capture::nothing(Span::at(body.span().start));
            b.bind(id, if header.is_empty() { nothing } else { capture });
        }
        self.node(pattern, wanted, body, b)
    }

    /// Children with roles: each part of the pattern against the part of the same role.
    pub(super) fn parts(
        &mut self,
        pattern: &Pattern,
        p: Node<'_>,
        s: Node<'_>,
        b: &mut Bindings,
    ) -> Outcome {
        let free_body = p.kind() == Kind::FuncDecl && p.child(Role::Body).is_none();
        let mut found = s.children().filter(|c| !(free_body && c.role() == Role::Body)).peekable();
        for wanted in p.children() {
            let next = found.next_if(|f| f.role() == wanted.role());
            match next {
                // `(…)` around results may hold a single one, which code has without them.
                Some(next)
                    if wanted.role() == Role::Results
                        && wanted.kind() == Kind::Params
                        && next.kind() != Kind::Params =>
                {
                    let elements: Vec<_> = wanted.children().collect();
                    let lists = Miss {
                        pattern: pattern.span_in_text(wanted),
                        found: next.span(),
                        why: MissReason::List,
                    };
                    self.list(pattern, lists, &elements, &[next], b, &mut |taken| taken == 1)?;
                }
                Some(next) => self.node(pattern, wanted, next, b)?,
                None if Self::capture_nothing(pattern, wanted, s, b) => {}
                None => return Self::other_parts(pattern, p, wanted, s, found.next()),
            }
        }
        match found.next() {
            Some(extra) => Self::miss(pattern, p, extra, MissReason::Extra),
            None => Ok(()),
        }
    }

    /// The part `wanted` is not there, or `next` stands before it.
    pub(super) fn other_parts(
        pattern: &Pattern,
        p: Node<'_>,
        wanted: Node<'_>,
        s: Node<'_>,
        next: Option<Node<'_>>,
    ) -> Outcome {
        match next.filter(|_| s.child(wanted.role()).is_some()) {
            Some(extra) => Self::miss(pattern, p, extra, MissReason::Extra),
            None => Self::miss(pattern, wanted, s, MissReason::Missing),
        }
    }

    /// `return $$$x` and `func f() $$$r` match also where there is nothing. A function without a body
    /// is not one with an empty body.
    pub(super) fn capture_nothing(
        pattern: &Pattern,
        wanted: Node<'_>,
        s: Node<'_>,
        b: &mut Bindings,
    ) -> bool {
        let mut only = wanted.children();
        let variable = match (many(pattern, wanted), only.next(), only.next()) {
            (Some(variable), ..) => Some(variable),
            (None, Some(child), None) if wanted.kind().is_list() && wanted.role() != Role::Body => {
                many(pattern, child)
            }
            _ => None,
        };
        match variable {
            Some(Variable(Some(id))) => b.bind(id, Capture::nothing(Span::at(s.span().end))),
            Some(Variable(None)) => true,
            None => false,
        }
    }
}

/// Strings of the same value.
fn same_literal(p: Node<'_>, s: Node<'_>) -> bool {
    p.op() == Op::String
        && unquote(p.text()).is_some_and(|v| unquote(s.text()).is_some_and(|w| v == w))
}
