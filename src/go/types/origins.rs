//! Where the text of a string stands. Comes in: an expression. Goes out: for each value that it may
//! have, the literals that make it up, in order, with what no literal says between them. Followed
//! are constants and variables, also those of the package, `+`, conversions to `string` and the
//! formats of `fmt.Sprintf` with their arguments.

use std::cell::Cell;
use std::ops::Range;
use std::sync::Arc;

use super::assignments::{Assigned, declared_value};
use super::calls::args;
use super::checker::Checker;
use super::consts::is_shadowed;
use super::decls::repeated_spec;
use super::names::Entity;
use super::objects::Declared;
use super::printf::{Directive, directives};
use super::unit::{Cx, Unit};
use super::universe::Universe;
use super::{FileTypes, Types, model::Basic};
use crate::go::literal::unquote;
use crate::go::packages::{NameKind, Package, Site};
use crate::go::scope::ObjectKind;
use crate::go::source::SourceFile;
use crate::go::syntax::{Kind, Node, NodeId, Op, Role};
use crate::text::Span;

/// More values than this of one expression are not told apart.
const MAX_VALUES: usize = 12;
/// No more expressions than this are looked at for one string.
const MAX_STEPS: usize = 10_000;
/// Names are followed no further than this.
const MAX_DEPTH: usize = 20;

/// One value that a string may have, from left to right.
pub type StringValue = Vec<StringPiece>;

/// A piece of a string.
#[derive(Clone, Debug)]
pub enum StringPiece {
    /// A stretch of the value of a literal; it may be empty.
    Text {
        /// The literal.
        literal: StringLiteral,
        /// Which bytes of its value.
        range: Range<usize>,
        /// Whether it is part of a format, in which `%%` stands for `%`.
        is_format: bool,
        /// How deep in arguments of formats it stands.
        depth: usize,
        /// The names that it has come through, the nearest to the string first.
        through: Vec<Arc<Through>>,
    },
    /// Something that no literal says.
    Hole {
        /// The directive of the format that it is put in by; `%v` elsewhere.
        shown: String,
        /// Its code.
        code: String,
        /// Why it is not known.
        why: &'static str,
        /// Where it stands, if it is an operand of `+`: text may be put before or behind it.
        operand: Option<StringLiteral>,
    },
}

/// A string literal, or an operand beside which one may be put.
#[derive(Clone, Debug)]
pub struct StringLiteral {
    /// Its file.
    pub file: Arc<SourceFile>,
    /// The declaration that it stands in, as an index into the file's outline.
    pub decl: usize,
    /// Where, quotes included.
    pub span: Span,
}

impl StringLiteral {
    /// As it is written.
    pub fn text(&self) -> &str {
        self.span.of(self.file.text())
    }
}

/// A constant or variable that a string comes through.
#[derive(Clone, Debug)]
pub struct Through {
    /// Its name.
    pub name: String,
    /// Where it is declared.
    pub declared: Declared,
    /// Where it is mentioned on the way.
    pub mention: Declared,
    /// Who may use it.
    pub reach: Reach,
    /// How many values it is given.
    pub values: usize,
    /// Every place that uses it, as far as its package goes.
    pub uses: Vec<Declared>,
    /// Whether something may change it that is no assignment: its address is taken.
    pub is_exposed: bool,
    /// Whether the value is that of a constant above, which it repeats.
    pub is_repeated: bool,
}

/// Who may use a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The function around it.
    Local,
    /// Its package.
    Package,
    /// Other packages as well.
    Exported,
    /// It belongs to another package.
    Foreign,
}

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

    fn named(&self, cx: Cx<'_>, node: Node<'_>, route: &Route) -> Vec<StringValue> {
        match self.checker(cx).denoted(cx, node) {
            Some(Entity::Local(id)) => {
                let object = cx.part.scopes().object(id);
                let ident = cx.node(object.ident);
                match object.kind {
                    ObjectKind::Const => self.constant(cx, ident, (cx, node), Reach::Local, route),
                    ObjectKind::Var | ObjectKind::Result => {
                        let assigned = self.local_assignments(cx, id);
                        self.variable(cx, ident, (cx, node), assigned, Reach::Local, route)
                    }
                    ObjectKind::Param => hole(node, "it is a parameter"),
                    _ => hole(node, "it is no value"),
                }
            }
            Some(Entity::Global(package, sites)) => self.global(cx, node, &package, &sites, route),
            Some(Entity::External(..)) => hole(node, "its package cannot be read"),
            Some(Entity::Unknown(_)) => hole(node, "it is not known what declares it"),
            Some(_) => hole(node, "it is no constant or variable"),
            None => hole(node, "it is a field"),
        }
    }

    fn global(
        &self,
        cx: Cx<'_>,
        node: Node<'_>,
        package: &Arc<Package>,
        sites: &[Site],
        route: &Route,
    ) -> Vec<StringValue> {
        let own = package.dir() == self.current.package.dir();
        let name = match node.kind() {
            Kind::Selector => node.child(Role::Sel).map_or("", |sel| sel.text()),
            _ => node.text(),
        };
        let exported = name.chars().next().is_some_and(char::is_uppercase);
        let reach = match (own, exported && &**package.clause() != "main") {
            (false, _) => Reach::Foreign,
            (true, true) => Reach::Exported,
            (true, false) => Reach::Package,
        };
        let mut found = Vec::new();
        for site in sites {
            let Some((unit, decl, at)) = self.placed(package, site, name) else { continue };
            let there = Cx::new(&unit, decl);
            let ident = there.part.syntax().covering(at);
            let values = match site.kind {
                NameKind::Const => self.constant(there, ident, (cx, node), reach, route),
                NameKind::Var if own => {
                    let assigned = self.package_assignments(name, &unit);
                    self.variable_by(there, ident, (cx, node), assigned, reach, route)
                }
                NameKind::Var => self.foreign_variable(there, ident, (cx, node), route),
                _ => hole(node, "it is a function or a type"),
            };
            found.extend(values);
            // What is assigned to a variable was looked for in all files.
            if site.kind == NameKind::Var && own {
                break;
            }
        }
        if found.is_empty() { hole(node, "its declaration is not there any more") } else { found }
    }

    /// The declaration of a site; in the current file as that is now.
    fn placed(
        &self,
        package: &Arc<Package>,
        site: &Site,
        name: &str,
    ) -> Option<(Arc<Unit>, usize, Span)> {
        let known = &package.files()[site.file].source;
        let current = &self.current.source;
        if known.path() != current.path() {
            let unit = self.types.whole_unit(package, site.file);
            return Some((unit, site.decl, site.name));
        }
        let (decl, span) = current.code_decls().find_map(|(decl, _)| {
            let part = current.declaration(decl);
            let is_it = |n: &Node<'_>| {
                n.kind() == Kind::Ident
                    && n.text() == name
                    && part.scopes().name_use(n.id()) == crate::go::scope::NameUse::DeclaresGlobal
            };
            part.syntax().iter().find(is_it).map(|n| (decl, n.span()))
        })?;
        Some((self.current.clone(), decl, span))
    }

    fn constant(
        &self,
        cx: Cx<'_>,
        ident: Node<'_>,
        (from, mention): (Cx<'_>, Node<'_>),
        reach: Reach,
        route: &Route,
    ) -> Vec<StringValue> {
        let declared = spot(cx, ident);
        let names = ident.parent();
        let spec = names.and_then(Node::parent).filter(|s| s.kind() == Kind::ValueSpec);
        let (Some(names), Some(spec)) = (names, spec) else {
            return hole(mention, "its declaration is incomplete");
        };
        let source = repeated_spec(spec);
        let nth = names.children().take_while(|n| *n != ident).count();
        let value = source.child(Role::Value).and_then(|v| v.children().nth(nth));
        let Some(value) = value.filter(|_| !is_shadowed(source, spec) && !route.has(&declared))
        else {
            return hole(mention, "its declaration is incomplete");
        };
        let uses = match reach {
            Reach::Local => self.local_uses(cx, ident),
            Reach::Package => self.package_assignments(ident.text(), cx.unit).uses,
            Reach::Exported | Reach::Foreign => Vec::new(),
        };
        let through = Through {
            name: ident.text().to_owned(),
            declared,
            mention: spot(from, mention),
            reach,
            values: 1,
            uses,
            is_exposed: false,
            is_repeated: source != spec,
        };
        self.values(cx, value, &route.by(through))
    }

    fn variable(
        &self,
        cx: Cx<'_>,
        ident: Node<'_>,
        mention: (Cx<'_>, Node<'_>),
        assigned: super::assignments::Assignments<'_>,
        reach: Reach,
        route: &Route,
    ) -> Vec<StringValue> {
        let values: Vec<(Cx<'_>, Assigned<'_>)> =
            assigned.values.into_iter().map(|value| (cx, value)).collect();
        let uses = (assigned.uses, assigned.is_exposed);
        self.of_values(spot(cx, ident), mention, &values, uses, reach, route)
    }

    fn variable_by(
        &self,
        cx: Cx<'_>,
        ident: Node<'_>,
        mention: (Cx<'_>, Node<'_>),
        assigned: super::assignments::PackageAssignments,
        reach: Reach,
        route: &Route,
    ) -> Vec<StringValue> {
        let contexts: Vec<Cx<'_>> =
            assigned.values.iter().map(|at| Cx::new(&at.unit, at.decl)).collect();
        let values: Vec<(Cx<'_>, Assigned<'_>)> =
            assigned.values.iter().zip(&contexts).map(|(at, cx)| (*cx, at.value(*cx))).collect();
        let uses = (assigned.uses, assigned.is_exposed);
        self.of_values(spot(cx, ident), mention, &values, uses, reach, route)
    }

    /// What a variable of another package is declared with.
    fn foreign_variable(
        &self,
        cx: Cx<'_>,
        ident: Node<'_>,
        mention: (Cx<'_>, Node<'_>),
        route: &Route,
    ) -> Vec<StringValue> {
        let values: Vec<_> = declared_value(ident).map(|value| (cx, value)).into_iter().collect();
        let declared = spot(cx, ident);
        self.of_values(declared, mention, &values, (Vec::new(), false), Reach::Foreign, route)
    }

    fn of_values(
        &self,
        declared: Declared,
        (from, mention): (Cx<'_>, Node<'_>),
        values: &[(Cx<'_>, Assigned<'_>)],
        (uses, is_exposed): (Vec<Declared>, bool),
        reach: Reach,
        route: &Route,
    ) -> Vec<StringValue> {
        if values.is_empty() {
            return hole(mention, "nothing is assigned to it");
        }
        if route.has(&declared) {
            return hole(mention, "it is assigned to itself");
        }
        let through = Through {
            name: mention.text().to_owned(),
            declared,
            mention: spot(from, mention),
            reach,
            values: values.len(),
            uses,
            is_exposed,
            is_repeated: false,
        };
        let route = route.by(through);
        let mut found = Vec::new();
        for (cx, value) in values {
            found.extend(match *value {
                Assigned::Value(value) => self.values(*cx, value, &route),
                Assigned::Appended(value) => {
                    joined(&hole(mention, "it is appended to"), || self.values(*cx, value, &route))
                }
                Assigned::Other => hole(mention, "it is one of several results"),
            });
        }
        found.truncate(MAX_VALUES);
        found
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

    /// A call of `fmt.Sprintf`.
    fn format(&self, cx: Cx<'_>, call: Node<'_>, route: &Route) -> Vec<StringValue> {
        let mut arguments = args(call);
        let Some(format) = arguments.next() else { return hole(call, "it is incomplete") };
        let arguments: Vec<Node<'_>> = arguments.collect();
        let spread = arguments.iter().any(|arg| arg.kind() == Kind::Ellipsis);
        let filling = Filling { cx, arguments: if spread { None } else { Some(&arguments) } };
        let mut found = Vec::new();
        for pieces in self.values(cx, format, route) {
            found.extend(self.filled(&filling, pieces, route));
        }
        found.truncate(MAX_VALUES);
        found
    }

    /// A format with its arguments put in, as far as they are known.
    fn filled(
        &self,
        filling: &Filling<'_, '_>,
        format: StringValue,
        route: &Route,
    ) -> Vec<StringValue> {
        let mut found = vec![Vec::new()];
        let mut next = filling.arguments.map(|_| 0);
        for piece in format {
            let StringPiece::Text { literal, range, is_format: false, depth, through } = piece
            else {
                next = None;
                found = joined(&found, || vec![vec![piece]]);
                continue;
            };
            let value = unquote(literal.text()).unwrap_or_default();
            let stretch = |range| StringPiece::Text {
                literal: literal.clone(),
                range,
                is_format: true,
                depth,
                through: through.clone(),
            };
            let mut at = range.start;
            for Directive { span, is_plain, takes } in directives(&value[range.clone()]) {
                let (start, end) = (range.start + span.start, range.start + span.end);
                found = joined(&found, || vec![vec![stretch(at..start)]]);
                at = end;
                let argument = next.and_then(|nth| filling.arguments?.get(nth)).copied();
                next = takes.and_then(|takes| Some(next? + takes));
                let shown = &value[start..end];
                found =
                    joined(&found, || self.argument(filling.cx, argument, is_plain, shown, route));
            }
            found = joined(&found, || vec![vec![stretch(at..range.end)]]);
        }
        found
    }

    /// What a directive of a format puts in.
    fn argument(
        &self,
        cx: Cx<'_>,
        argument: Option<Node<'_>>,
        is_plain: bool,
        shown: &str,
        route: &Route,
    ) -> Vec<StringValue> {
        let hole = |code: &str, why| {
            let (shown, code) = (shown.to_owned(), code.to_owned());
            vec![StringPiece::Hole { shown, code, why, operand: None }]
        };
        let Some(argument) = argument else {
            return vec![hole(shown, "it is not known which argument it is")];
        };
        if !is_plain {
            return vec![hole(argument.text(), "a format prints it")];
        }
        let deeper = Route { depth: route.depth + 1, ..route.clone() };
        let values = self.values(cx, argument, &deeper);
        let known = |value: StringValue| match value.as_slice() {
            [StringPiece::Hole { code, why, .. }] => hole(code, why),
            _ => value,
        };
        values.into_iter().map(known).collect()
    }
}

/// The arguments of a format; none where they are spread from a slice.
struct Filling<'c, 'n> {
    cx: Cx<'c>,
    arguments: Option<&'n [Node<'c>]>,
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
