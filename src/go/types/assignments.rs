//! What is assigned to a variable, and who uses it. Comes in: a local variable, or a name of the
//! package. Goes out: the values that it is given and every other mention, in a function or in all
//! files of the package, tests included.

use std::sync::Arc;

use super::objects::Declared;
use super::origins::{Tracer, spot};
use super::unit::{Cx, Unit};
use crate::go::scope::{NameUse, ObjectId};
use crate::go::source::SourceFile;
use crate::go::syntax::{Kind, Node, NodeId, Op, Role};

/// A value that a variable is given.
#[derive(Clone, Copy)]
pub(super) enum Assigned<'n> {
    Value(Node<'n>),
    /// By `+=`.
    Appended(Node<'n>),
    /// One of several results, an element of a range.
    Other,
}

/// What is done with a variable.
#[derive(Default)]
pub(super) struct Assignments<'n> {
    pub(super) values: Vec<Assigned<'n>>,
    pub(super) uses: Vec<Declared>,
    pub(super) is_exposed: bool,
}

/// The same for a name of the package.
#[derive(Default)]
pub(super) struct PackageAssignments {
    pub(super) values: Vec<AssignedAt>,
    pub(super) uses: Vec<Declared>,
    pub(super) is_exposed: bool,
}

/// A value in some file.
pub(super) struct AssignedAt {
    pub(super) unit: Arc<Unit>,
    pub(super) decl: usize,
    value: Option<NodeId>,
    appends: bool,
}

impl AssignedAt {
    pub(super) fn value<'u>(&self, cx: Cx<'u>) -> Assigned<'u> {
        match self.value.map(|id| cx.node(id)) {
            Some(value) if self.appends => Assigned::Appended(value),
            Some(value) => Assigned::Value(value),
            None => Assigned::Other,
        }
    }
}

/// What a mention of a name does.
enum Mention<'n> {
    /// Declares it without a value.
    Declares,
    Assigns(Assigned<'n>),
    /// Takes its address.
    Exposes,
    Uses,
}

impl Tracer<'_> {
    pub(super) fn local_assignments<'u>(&self, cx: Cx<'u>, id: ObjectId) -> Assignments<'u> {
        let mut found = Assignments::default();
        let nodes: Vec<Node<'u>> = cx.part.syntax().iter().collect();
        let scopes = cx.part.scopes();
        for ident in scopes.mentions(id).filter_map(|index| nodes.get(index)) {
            let is_key = matches!(scopes.name_use(ident.id()), NameUse::Key(_));
            if is_key && self.checker(cx).key_is_field(cx, *ident) == Some(true) {
                continue;
            }
            match mention(*ident) {
                Mention::Declares => {}
                Mention::Assigns(value) => found.values.push(value),
                Mention::Exposes => found.is_exposed = true,
                Mention::Uses => found.uses.push(spot(cx, *ident)),
            }
        }
        found
    }

    /// The uses of a local constant.
    pub(super) fn local_uses(&self, cx: Cx<'_>, ident: Node<'_>) -> Vec<Declared> {
        match cx.part.scopes().object_of(ident.id()) {
            Some(id) => self.local_assignments(cx, id).uses,
            None => Vec::new(),
        }
    }

    /// What the files of the package of `unit` do with `name`.
    pub(super) fn package_assignments(&self, name: &str, unit: &Arc<Unit>) -> PackageAssignments {
        let mut found = PackageAssignments::default();
        for unit in self.package_units(unit) {
            let source = unit.source.clone();
            if memchr::memmem::find(source.text().as_bytes(), name.as_bytes()).is_none() {
                continue;
            }
            for (decl, part) in source.code_decls() {
                if part.span.of(source.text()).contains(name) {
                    self.in_declaration(Cx::new(&unit, decl), name, &mut found);
                }
            }
        }
        found
    }

    fn in_declaration(&self, cx: Cx<'_>, name: &str, found: &mut PackageAssignments) {
        let scopes = cx.part.scopes();
        for ident in cx.part.syntax().iter() {
            if ident.kind() != Kind::Ident || ident.text() != name {
                continue;
            }
            let is_meant = match scopes.name_use(ident.id()) {
                NameUse::DeclaresGlobal | NameUse::Free => true,
                NameUse::Key(None) => self.checker(cx).key_is_field(cx, ident) != Some(true),
                _ => false,
            };
            if !is_meant {
                continue;
            }
            let at = |value, appends| AssignedAt {
                unit: cx.unit.clone(),
                decl: cx.decl,
                value,
                appends,
            };
            match mention(ident) {
                Mention::Declares => {}
                Mention::Assigns(Assigned::Value(value)) => {
                    found.values.push(at(Some(value.id()), false));
                }
                Mention::Assigns(Assigned::Appended(value)) => {
                    found.values.push(at(Some(value.id()), true));
                }
                Mention::Assigns(Assigned::Other) => found.values.push(at(None, false)),
                Mention::Exposes => found.is_exposed = true,
                Mention::Uses => found.uses.push(spot(cx, ident)),
            }
        }
    }

    /// The files of the package of `unit`, the current one as it is now.
    fn package_units(&self, unit: &Arc<Unit>) -> Vec<Arc<Unit>> {
        let types = self.types;
        let package = types.index.with_tests(&unit.package).unwrap_or(unit.package.clone());
        let is_current = |source: &Arc<SourceFile>| source.path() == self.current.source.path();
        let mut units = Vec::new();
        for (nth, file) in package.files().iter().enumerate() {
            units.push(if is_current(&file.source) {
                self.current.clone()
            } else {
                types.whole_unit(&package, nth)
            });
        }
        if !units.iter().any(|u| is_current(&u.source))
            && self.current.package.dir() == unit.package.dir()
        {
            units.push(self.current.clone());
        }
        units
    }
}

/// What an identifier is declared with.
pub(super) fn declared_value(ident: Node<'_>) -> Option<Assigned<'_>> {
    match mention(ident) {
        Mention::Assigns(value) => Some(value),
        _ => None,
    }
}

/// What the mention `ident` of a constant or variable does.
fn mention(ident: Node<'_>) -> Mention<'_> {
    let node = ident.parenthesized();
    let Some(parent) = node.parent() else { return Mention::Uses };
    let nth = parent.children().take_while(|n| *n != node).count();
    let owner = parent.parent();
    match (parent.kind(), owner.map(|o| (o, o.kind()))) {
        (Kind::Unary, _) if parent.op() == Op::And => Mention::Exposes,
        (Kind::IncDec, _) => Mention::Assigns(Assigned::Other),
        (Kind::NameList, Some((spec, Kind::ValueSpec))) => match spec.child(Role::Value) {
            None => Mention::Declares,
            Some(values) => Mention::Assigns(nth_of(values, nth, parent)),
        },
        (Kind::NameList, _) => Mention::Declares,
        (Kind::ExprList, Some((assign, Kind::Assign))) if parent.role() == Role::Lhs => {
            let value = assign.child(Role::Rhs).map(|values| nth_of(values, nth, parent));
            match (assign.op(), value) {
                (Op::Assign | Op::Define, Some(value)) => Mention::Assigns(value),
                (Op::AddAssign, Some(Assigned::Value(value))) => {
                    Mention::Assigns(Assigned::Appended(value))
                }
                _ => Mention::Assigns(Assigned::Other),
            }
        }
        (Kind::ExprList, Some((_, Kind::Range))) if parent.role() == Role::Lhs => {
            Mention::Assigns(Assigned::Other)
        }
        _ => Mention::Uses,
    }
}

/// The `nth` of several values for as many names.
fn nth_of<'n>(values: Node<'n>, nth: usize, names: Node<'_>) -> Assigned<'n> {
    let fits = values.children().count() == names.children().count();
    values.children().nth(nth).filter(|_| fits).map_or(Assigned::Other, Assigned::Value)
}
