//! Searching: all rules over one file. Comes in: a file and the rules that could match in it. Goes
//! out: every match, by one traversal of each declaration that holds what a rule requires, in
//! which each node is shown only to the rules whose patterns begin with its kind.

use super::bindings::{Bindings, Capture};
use super::conditions;
use super::fix::Unsure;
use super::matcher::{Matcher, Miss, loop_variable};
use super::names::FileNames;
use super::prefilter::Hits;
use crate::go::source::{Part, SourceFile};
use crate::go::syntax::{Kind, Node, NodeId, Op, Role};
use crate::rule::compiled::{RuleSet, Search};
use crate::rule::constraint::{Sort, Test};
use crate::rule::metavariable::{MetaId, WHOLE_MATCH};
use crate::rule::pattern::{Atom, Pattern, SpecPlace};
use crate::text::Span;

/// A place that a rule's pattern matches.
#[derive(Clone, Debug)]
pub struct Match {
    /// The rule, as an index into the rule set.
    pub rule: usize,
    /// The declaration, as an index into the file's outline.
    pub decl: usize,
    /// The matched node, or the first of a run of statements.
    pub node: NodeId,
    /// How many nodes: more than one for a run of statements.
    pub count: usize,
    /// All of it.
    pub span: Span,
    /// What was captured.
    pub bindings: Bindings,
    /// What would have to be known to be sure of it.
    pub unsure: Option<Unsure>,
}

/// A rule that takes part in a search.
#[derive(Clone, Copy)]
pub struct Candidate<'r> {
    /// The rule, as an index into the rule set.
    pub rule: usize,
    /// What it looks for.
    pub search: &'r Search,
}

/// Finds all matches of `candidates` in the declarations that `within` lets through, ordered by
/// declaration and then by place.
pub fn search(
    file: &SourceFile,
    names: &FileNames<'_>,
    rules: &RuleSet,
    candidates: &[Candidate<'_>],
    hits: &Hits<'_>,
    within: &dyn Fn(Span) -> bool,
) -> Vec<Match> {
    let candidates: Vec<Candidate<'_>> = candidates
        .iter()
        .filter(|c| imports_what_it_names(c.search, names, rules))
        .copied()
        .collect();
    let mut found = Vec::new();
    for (decl, part) in file.code_decls().filter(|(_, part)| within(part.span)) {
        let here = |c: &&Candidate<'_>| hits.stand_in(c.rule, part.span);
        let active: Vec<Candidate<'_>> = candidates.iter().filter(here).copied().collect();
        if !active.is_empty() {
            DeclSearch::new(names, file.part(decl), rules, decl).run(&active, &mut found);
        }
    }
    found
}

/// Whether the file imports every package that the pattern names.
fn imports_what_it_names(search: &Search, names: &FileNames<'_>, rules: &RuleSet) -> bool {
    search.pattern.packages().all(|id| {
        let path = &rules.package(id).path;
        names.imports(path)
    })
}

/// Whether a match of the pattern could begin with `node`, by the look of it.
pub fn begins_like(pattern: &Pattern, node: Node<'_>) -> bool {
    Start::of(pattern).fits(node)
}

/// The metavariables that may stand for a package.
fn packages_allowed(search: &Search) -> Vec<MetaId> {
    let allows = |test: &Test| matches!(test, Test::Kind(sorts) if sorts.contains(&Sort::Package));
    search.constraints.iter().filter(|c| allows(&c.test)).filter_map(|c| c.on).collect()
}

/// Tries one search on one place.
///
/// # Errors
/// The first thing that did not match.
pub fn match_at(
    search: &Search,
    names: &FileNames<'_>,
    (decl, part): (usize, &Part),
    rules: &RuleSet,
    node: Node<'_>,
) -> Result<(usize, Bindings, Option<Unsure>), Miss> {
    let packages = packages_allowed(search);
    let mut bindings = Bindings::default();
    let mut matcher = Matcher::new(names, part, rules).allowing_packages(&packages);
    let count = matcher.run(&search.pattern, node, &mut bindings)?;
    let at = conditions::Site { names, part, decl, rules };
    let unsure = conditions::hold(search, at, node, count, &mut bindings)?;
    Ok((count, bindings, unsure))
}

struct DeclSearch<'a, 't> {
    names: &'a FileNames<'t>,
    part: &'a Part,
    rules: &'a RuleSet,
    decl: usize,
}

impl<'a, 't> DeclSearch<'a, 't> {
    fn new(names: &'a FileNames<'t>, part: &'a Part, rules: &'a RuleSet, decl: usize) -> Self {
        Self { names, part, rules, decl }
    }

    fn run(&self, candidates: &[Candidate<'_>], found: &mut Vec<Match>) {
        let starts: Vec<Start> = candidates.iter().map(|c| Start::of_search(c.search)).collect();
        // Runs of statements do not overlap: by candidate those that have begun, by index, the
        // innermost last.
        let mut runs: Vec<Vec<usize>> = vec![Vec::new(); candidates.len()];
        for node in self.part.syntax().iter() {
            for (at, candidate) in candidates.iter().enumerate() {
                if !starts[at].fits(node) {
                    continue;
                }
                if starts[at].in_list() {
                    let begin = node.span().start;
                    while runs[at].pop_if(|&mut run| found[run].span.end <= begin).is_some() {}
                }
                let place = (self.decl, self.part);
                let tried = match_at(candidate.search, self.names, place, self.rules, node);
                let Ok((count, bindings, unsure)) = tried else { continue };
                if count == 0 {
                    continue;
                }
                let span = match_span(&candidate.search.pattern, node, count);
                let around = runs[at].last().map(|&run| &found[run]);
                if around.is_some_and(|run| !run.bindings.hold(span)) {
                    continue;
                }
                if count > 1 {
                    runs[at].push(found.len());
                }
                let rule = candidate.rule;
                let bindings = self.with_match(rule, node, (count, span), bindings);
                let node = node.id();
                let decl = self.decl;
                found.push(Match { rule, decl, node, count, span, bindings, unsure });
            }
        }
    }
}

impl DeclSearch<'_, '_> {
    /// The bindings and, where the rule's template prints it, the match itself as `$match`.
    fn with_match(
        &self,
        rule: usize,
        node: Node<'_>,
        (count, span): (usize, Span),
        mut bindings: Bindings,
    ) -> Bindings {
        if let Some(id) = self.rules.rules[rule].metavariables.get(WHOLE_MATCH) {
            let siblings = node.parent().into_iter().flat_map(Node::children);
            let run = siblings.skip_while(|n| n.id() != node.id()).take(count);
            let nodes = if count > 1 { run.map(Node::id).collect() } else { vec![node.id()] };
            bindings.bind(id, Capture { span, nodes, is_run: count > 1 });
        }
        bindings
    }
}

/// What a match covers: of a function whose body the pattern leaves out, all up to the body.
fn match_span(pattern: &Pattern, node: Node<'_>, count: usize) -> Span {
    let whole = run_span(node, count);
    let free_body = node.kind() == Kind::FuncDecl && pattern.first().child(Role::Body).is_none();
    match node.child(Role::Type).filter(|_| free_body) {
        Some(signature) => Span::new(whole.start, signature.span().end),
        None => whole,
    }
}

/// The span of `count` siblings from `node` on. Of a single one it is known without a look at its
/// siblings, of which a table of numbers has very many.
pub fn run_span(node: Node<'_>, count: usize) -> Span {
    if count <= 1 {
        return node.span();
    }
    let siblings = node.parent().into_iter().flat_map(Node::children);
    let last = siblings.skip_while(|n| n.id() != node.id()).nth(count.saturating_sub(1));
    last.map_or(node.span(), |last| node.span().cover(last.span()))
}

/// The spec of a declaration that has one.
pub fn only_spec(decl: Node<'_>) -> Option<Node<'_>> {
    let mut specs = decl.child(Role::Specs)?.children();
    let only = specs.next()?;
    specs.next().is_none().then_some(only)
}

/// Whether the specs of a declaration stand in parentheses.
pub fn is_grouped(decl: Node<'_>) -> bool {
    let behind_keyword = decl.text().get(decl.op().as_str().len()..).unwrap_or_default();
    decl.kind() == Kind::GenDecl && behind_keyword.trim_start().starts_with('(')
}

/// What the first node of a match looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    /// A node of that kind.
    Node(Kind),
    /// A name of a package: with a qualifier, or bare after a dot import.
    Member,
    /// A predeclared name.
    Predeclared,
    /// Any expression.
    AnyExpr,
    /// A string literal.
    StringLiteral,
    /// A declaration with one spec: alone, or a spec of a group.
    Spec(Op, SpecPlace),
    /// A statement of that kind in a list.
    Stmt(Kind),
    /// A loop of any form in a list.
    Loop,
    /// Any statement in a list.
    AnyStmt,
}

impl Start {
    fn of_search(search: &Search) -> Start {
        let start = Start::of(&search.pattern);
        let bound = match search.pattern.atom(search.pattern.first()) {
            Atom::One(bound) => bound,
            _ => None,
        };
        let is_literal =
            search.is_literal(None) || bound.is_some_and(|id| search.is_literal(Some(id)));
        if start == Start::AnyExpr && is_literal { Start::StringLiteral } else { start }
    }

    fn of(pattern: &Pattern) -> Start {
        let first = pattern.first().unparenthesized();
        let alone = pattern.nodes().len() == 1;
        let variable = |n: Node<'_>| matches!(pattern.atom(n), Atom::One(_) | Atom::Many(_));
        let stmt_variable = !pattern.is_exact()
            && first.kind() == Kind::ExprStmt
            && first.children().next().is_some_and(variable);
        match first.kind() {
            _ if stmt_variable => Start::AnyStmt,
            Kind::For if loop_variable(pattern, first).is_some() => Start::Loop,
            kind if !alone => Start::Stmt(kind),
            _ if variable(first) => Start::AnyExpr,
            Kind::Ident if pattern.atom(first) == Atom::Predeclared => Start::Predeclared,
            Kind::GenDecl if only_spec(first).is_some() => {
                Start::Spec(first.op(), pattern.spec_place())
            }
            Kind::Selector => {
                let qualifier = first.children().next();
                let package = |n: Node<'_>| {
                    matches!(pattern.atom(n), Atom::Package(_) | Atom::PackageOrName(_))
                };
                if qualifier.is_some_and(package) {
                    Start::Member
                } else {
                    Start::Node(Kind::Selector)
                }
            }
            kind => Start::Node(kind),
        }
    }

    fn in_list(self) -> bool {
        matches!(self, Start::Stmt(_) | Start::AnyStmt | Start::Loop)
    }

    fn fits(self, node: Node<'_>) -> bool {
        let kind = node.kind();
        if node.role() == Role::FieldTag {
            return false; // no expression, whatever it is written as
        }
        let listed = || node.parent().is_some_and(|p| p.kind().holds_statements());
        match self {
            Start::Node(wanted) => kind == wanted,
            Start::Member => matches!(kind, Kind::Selector | Kind::Ident),
            Start::Spec(op, SpecPlace::Alone) => {
                kind == Kind::GenDecl && node.op() == op && only_spec(node).is_some()
            }
            Start::Spec(op, SpecPlace::Statement) => {
                kind == Kind::GenDecl
                    && node.op() == op
                    && only_spec(node).is_some()
                    && node.parent().is_some_and(|p| p.kind() == Kind::DeclStmt)
            }
            Start::Spec(op, SpecPlace::Anywhere) => match kind {
                Kind::GenDecl => node.op() == op && !is_grouped(node),
                Kind::ValueSpec | Kind::TypeSpec => {
                    let decl = node.parent().and_then(Node::parent);
                    decl.is_some_and(|d| d.op() == op && is_grouped(d))
                }
                _ => false,
            },
            Start::Predeclared => matches!(kind, Kind::Ident | Kind::InterfaceType),
            Start::AnyExpr => kind.is_expr() && kind != Kind::Paren,
            Start::StringLiteral => kind == Kind::BasicLit && node.op() == Op::String,
            Start::Stmt(wanted) => kind == wanted && listed(),
            Start::Loop => matches!(kind, Kind::For | Kind::Range) && listed(),
            Start::AnyStmt => kind.is_stmt() && listed(),
        }
    }
}
