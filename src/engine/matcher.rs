//! Matching: a pattern against a node of a file. Comes in: a compiled search and a place in a
//! tree. Goes out: what its metavariables captured, or the first reason why it does not match.
//!
//! Parentheses, layout, comments and trailing commas do not matter; what a pattern leaves out must
//! be absent, bodies of declarations aside. Names are compared by what they stand for.

mod capture;
mod list;
mod miss;
mod name;
mod structure;
mod variable;

pub use self::miss::{Miss, MissReason};
use self::variable::{field_variable, many, statement_variable, unnamed};
pub use self::variable::{loop_variable, run_variable};
use super::bindings::Bindings;
use super::names::FileNames;
use super::search::only_spec;
use crate::go::source::Part;
use crate::go::syntax::{Kind, Node, Role};
use crate::rule::compiled::RuleSet;
use crate::rule::metavariable::MetaId;
use crate::rule::pattern::{Atom, Pattern};
use crate::rule::template::Template;

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
    /// A template that is the pattern, whose own names may be others, and those that may not.
    template: Option<(&'a Template, &'a [String])>,
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
            template: None,
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

    /// Lets the names that `template`, whose pattern is tried, declares and uses be others, but for
    /// those that the rule speaks of.
    #[must_use]
    pub fn with_other_names(mut self, template: &'a Template, meant: &'a [String]) -> Self {
        self.template = Some((template, meant));
        self
    }

    /// Which of the template's own names a node of the pattern is.
    fn own_name(&self, p: Node<'_>) -> Option<usize> {
        let (template, meant) = self.template?;
        let nth = template.local_at(p.id())?;
        (!meant.contains(&template.locals()[nth].name)).then_some(nth)
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
        if let Some(local) = self.own_name(p) {
            let s = s.unparenthesized();
            let same = s.kind() == Kind::Ident && b.bind_local(local, s.text());
            return if same { Ok(()) } else { Self::miss(pattern, p, s, MissReason::Unequal) };
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
}

/// The statements from `node` to the end of its list.
fn following(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    node.parent().into_iter().flat_map(Node::children).skip_while(move |n| n.id() != node.id())
}
