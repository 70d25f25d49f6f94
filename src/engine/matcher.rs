//! Matching: a pattern against a node of a file. Comes in: a compiled search and a place in a
//! tree. Goes out: what its metavariables captured, or the first reason why it does not match.
//!
//! Parentheses, layout, comments and trailing commas do not matter; what a pattern leaves out must
//! be absent, bodies of declarations aside. Names are compared by what they stand for.

mod list;
mod miss;
mod variable;

pub use self::miss::{Miss, MissReason};
pub use self::variable::loop_variable;
use self::variable::{
    Variable, field_variable, many, ranges_without_names, statement_variable, unnamed,
};
use super::bindings::{Bindings, Capture};
use super::names::{FileNames, may_be_package};
use super::search::only_spec;
use crate::go::literal::unquote;
use crate::go::scope::ObjectId;
use crate::go::source::Part;
use crate::go::syntax::{Kind, Node, Op, Role};
use crate::rule::compiled::RuleSet;
use crate::rule::metavariable::MetaId;
use crate::rule::pattern::{Atom, Pattern};
use crate::text::Span;

type Outcome = Result<(), Miss>;

/// How many steps a single match may take. Ordinary ones take tens.
const MAX_STEPS: u32 = 1_000_000;

/// Tries patterns on the nodes of one declaration.
pub struct Matcher<'a, 't> {
    names: &'a FileNames<'t>,
    part: &'a Part,
    rules: &'a RuleSet,
    /// Metavariables that may stand for a package.
    packages_allowed: &'a [MetaId],
    /// What is bound in another declaration, and that declaration.
    beside: Option<(&'a Bindings, &'a Part)>,
    /// Whether different ways to write the same do not match.
    to_the_letter: bool,
    steps: u32,
}

impl<'a, 't> Matcher<'a, 't> {
    /// A matcher for the nodes of `part`.
    pub fn new(names: &'a FileNames<'t>, part: &'a Part, rules: &'a RuleSet) -> Self {
        Self {
            names,
            part,
            rules,
            packages_allowed: &[],
            beside: None,
            to_the_letter: false,
            steps: 0,
        }
    }

    /// Lets these metavariables stand for packages.
    #[must_use]
    pub fn allowing_packages(mut self, ids: &'a [MetaId]) -> Self {
        self.packages_allowed = ids;
        self
    }

    /// Lets metavariables stand for the same code as in `bindings`, which may be those of another
    /// declaration.
    #[must_use]
    pub fn beside(mut self, bindings: &'a Bindings, part: &'a Part) -> Self {
        self.beside = Some((bindings, part));
        self
    }

    /// Tells `any` from `interface{}`, and the two ways to quote a string.
    #[must_use]
    pub fn to_the_letter(mut self) -> Self {
        self.to_the_letter = true;
        self
    }

    /// Tries the pattern on `node`, or for several statements on the run that begins there, with
    /// what is bound already. Gives the number of nodes matched.
    ///
    /// # Errors
    /// The first thing that does not match; `bindings` is then in an unspecified state.
    pub fn run(
        &mut self,
        pattern: &Pattern,
        node: Node<'_>,
        bindings: &mut Bindings,
    ) -> Result<usize, Miss> {
        self.steps = 0;
        let first = pattern.first();
        if pattern.nodes().len() == 1 && many(pattern, first).is_none() {
            return self.node(pattern, first, node, bindings).map(|()| 1);
        }
        let wanted: Vec<Node<'_>> = pattern.nodes().collect();
        let run: Vec<Node<'_>> = following(node).collect();
        let mut used = 0;
        let lists = Miss {
            pattern: pattern.span_in_text(pattern.first()),
            found: node.span(),
            why: MissReason::List,
        };
        self.list(pattern, lists, &wanted, &run, bindings, &mut |taken| {
            used = taken;
            true
        })?;
        Ok(used)
    }

    fn miss(pattern: &Pattern, p: Node<'_>, found: Node<'_>, why: MissReason) -> Outcome {
        Err(Miss { pattern: pattern.span_in_text(p), found: found.span(), why })
    }

    fn node(&mut self, pattern: &Pattern, p: Node<'_>, s: Node<'_>, b: &mut Bindings) -> Outcome {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return Self::miss(pattern, p, s, MissReason::TooManyWays);
        }
        let p = p.unparenthesized();
        match pattern.atom(p) {
            // `xs...` is not one argument: another one cannot follow it.
            Atom::One(_) if s.kind() == Kind::Ellipsis && s.role() != Role::Type => {
                return Self::miss(pattern, p, s, MissReason::Different);
            }
            Atom::One(id) | Atom::Many(id) => return self.capture(pattern, p, id, s, b),
            Atom::Predeclared => {
                let s = s.unparenthesized();
                return self.predeclared(pattern, p, s);
            }
            Atom::Package(_) | Atom::PackageOrName(_) | Atom::Plain => {}
        }
        if let Some(variable) = statement_variable(pattern, p).filter(|_| s.kind().is_stmt()) {
            return self.capture(pattern, p, variable.0, s, b);
        }
        if let Some(variable) = loop_variable(pattern, p)
            && matches!(s.kind(), Kind::For | Kind::Range)
        {
            return self.any_loop(pattern, (p, variable), s, b);
        }
        if s.role() == Role::Results
            && s.kind() != Kind::Params
            && let Some(only) = unnamed(p)
        {
            return self.node(pattern, only, s, b);
        }
        if let Some(variable) = field_variable(pattern, p).filter(|_| s.kind() == Kind::Field) {
            return self.capture(pattern, p, variable.0, s, b);
        }
        let s = s.unparenthesized();
        if p.kind() == Kind::GenDecl
            && matches!(s.kind(), Kind::ValueSpec | Kind::TypeSpec)
            && let Some(spec) = only_spec(p)
        {
            return self.structure(pattern, spec, s, b);
        }
        if p.kind() == Kind::Selector
            && let Some(qualifier) = p.child(Role::X)
            && let Some(path) = self.package_named(pattern.atom(qualifier))
        {
            return self.package_member(pattern, p, path, s, b);
        }
        self.structure(pattern, p, s, b)
    }

    fn structure(
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
    fn any_loop(
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
    fn parts(&mut self, pattern: &Pattern, p: Node<'_>, s: Node<'_>, b: &mut Bindings) -> Outcome {
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
    fn other_parts(
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
    fn capture_nothing(pattern: &Pattern, wanted: Node<'_>, s: Node<'_>, b: &mut Bindings) -> bool {
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

    /// `any`, unless it was redeclared.
    fn is_any(&self, s: Node<'_>) -> bool {
        s.kind() == Kind::Ident && s.text() == "any" && self.names.is_predeclared(self.part, s)
    }

    fn predeclared(&self, pattern: &Pattern, p: Node<'_>, s: Node<'_>) -> Outcome {
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
    fn package_named(&self, qualifier: Atom) -> Option<&'a str> {
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
    fn package_member(
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

    fn capture(
        &mut self,
        pattern: &Pattern,
        p: Node<'_>,
        id: Option<MetaId>,
        s: Node<'_>,
        b: &mut Bindings,
    ) -> Outcome {
        if s.kind() == Kind::Error {
            return Self::miss(pattern, p, s, MissReason::Different);
        }
        let may_be = id.is_some_and(|id| self.packages_allowed.contains(&id));
        if !may_be && may_be_package(s) && self.names.import_of(self.part, s).is_some() {
            return Self::miss(pattern, p, s, MissReason::Package);
        }
        let Some(id) = id else { return Ok(()) };
        if let Some(bound) = self.bound_beside(id) {
            let same = matches!(bound[..], [only] if self.same(only, s));
            return if same { Ok(()) } else { Self::miss(pattern, p, s, MissReason::Unequal) };
        }
        if let Some(bound) = b.get(id) {
            let first = bound.nodes.first().map(|&n| s.syntax().node(n));
            let same = bound.nodes.len() == 1 && first.is_some_and(|f| self.same(f, s));
            return if same { Ok(()) } else { Self::miss(pattern, p, s, MissReason::Unequal) };
        }
        b.bind(id, Capture::one(s));
        Ok(())
    }

    /// The local object that a name stands for, and whether it is one of the other declaration.
    fn object(&self, name: Node<'_>) -> Option<(bool, ObjectId)> {
        let elsewhere = self.beside.map(|(_, part)| part).filter(|part| {
            !std::ptr::eq(*part, self.part) && std::ptr::eq(part.syntax(), name.syntax())
        });
        let scopes = elsewhere.unwrap_or(self.part).scopes();
        Some((elsewhere.is_some(), scopes.object_of(name.id())?))
    }

    /// Whether two pieces are the same code: the same tokens, and the same objects.
    pub fn same(&self, a: Node<'_>, b: Node<'_>) -> bool {
        let (a, b) = (a.unparenthesized(), b.unparenthesized());
        let same_node = a.kind() == b.kind() && a.op() == b.op();
        if !same_node {
            return false;
        }
        let mut left = a.children();
        let mut right = b.children();
        let (mut first, mut second) = (left.next(), right.next());
        if first.is_none() && second.is_none() {
            return a.text() == b.text()
                && (a.kind() != Kind::Ident || self.object(a) == self.object(b));
        }
        while let (Some(x), Some(y)) = (first, second) {
            if x.role() != y.role() || !self.same(x, y) {
                return false;
            }
            (first, second) = (left.next(), right.next());
        }
        first.is_none() && second.is_none()
    }
}

/// The statements from `node` to the end of its list.
fn following(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    node.parent().into_iter().flat_map(Node::children).skip_while(move |n| n.id() != node.id())
}

/// `interface{}`.
fn is_empty_interface(node: Node<'_>) -> bool {
    node.kind() == Kind::InterfaceType && node.children().next().is_none()
}

/// Strings of the same value.
fn same_literal(p: Node<'_>, s: Node<'_>) -> bool {
    p.op() == Op::String
        && unquote(p.text()).is_some_and(|v| unquote(s.text()).is_some_and(|w| v == w))
}
