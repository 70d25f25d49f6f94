//! Fields that became others. Comes in: a file, a rule and the places where the field's name stands.
//! Goes out: for each use of the field a match with the template for this kind of use, or why
//! somebody has to look: reading, writing, counting up and taking an address are different things.

use super::bindings::{Bindings, Capture};
use super::done::says;
use super::fix::{ReviewReason, Unsure};
use super::member_uses::{ident_at, is_member};
use super::names::FileNames;
use super::search::Match;
use super::typed::{Answer, Typed};
use crate::go::source::Part;
use crate::go::syntax::{Kind, Node, Op, Role};
use crate::go::types::{Declaration, Fit, Member, Type, TypeAnswer};
use crate::rule::compiled::{FieldRule, FieldWrite, RuleSet};
use crate::rule::metavariable::MetaId;
use crate::rule::template::Template;
use crate::text::Span;

/// A use of a field.
pub struct FieldUse<'r> {
    /// The use: the selector, the element, the assignment.
    pub span: Span,
    /// What becomes of it.
    pub change: Change<'r>,
    /// What would have to be known to be sure that it is a use.
    pub unsure: Option<Unsure>,
}

impl<'r> FieldUse<'r> {
    pub(super) fn new(span: Span, change: Change<'r>) -> Self {
        Self { span, change, unsure: None }
    }
}

/// What becomes of a use.
pub enum Change<'r> {
    /// It is rewritten, by one template or for elements by several.
    Render(Box<Match>, Vec<&'r Template>),
    /// Only the name changes.
    Name(&'r str),
    /// It was rewritten before.
    Done,
    /// Somebody has to look.
    Review(ReviewReason),
}

/// Finds the uses among `places`, where the field's name stands in the text.
pub fn uses<'r>(
    names: &FileNames<'_>,
    rules: &RuleSet,
    rule: &'r FieldRule,
    index: usize,
    places: &[usize],
) -> Vec<FieldUse<'r>> {
    let path = rules.package(rule.package).path.as_str();
    let member = |name| Member { path, owner: &rule.owner, name };
    let declared = names.types().map(|types| types.declaration(member(&rule.from)));
    let at = match declared {
        Some(Ok(Some(Declaration { at, .. }))) => at,
        Some(Ok(None)) => return Vec::new(),
        // Not known where: then only that it is something else can be known.
        Some(Err(_)) | None => Vec::new(),
    };
    let search = Search { names, rules, rule, index, path };
    places
        .iter()
        .filter_map(|&offset| {
            let (decl, part, node) = ident_at(names, offset, rule.from.len())?;
            let place = Place { decl, part };
            match is_member(names, (decl, part), node, (path, &rule.owner), &at) {
                Answer::No => None,
                Answer::Yes => search.use_at(place, node, None),
                Answer::Unknown(unsure) => search.use_at(place, node, Some(unsure)),
            }
        })
        .collect()
}

#[derive(Clone, Copy)]
struct Place<'p> {
    decl: usize,
    part: &'p Part,
}

struct Search<'a, 't, 'r> {
    names: &'a FileNames<'t>,
    rules: &'a RuleSet,
    rule: &'r FieldRule,
    index: usize,
    path: &'a str,
}

impl<'r> Search<'_, '_, 'r> {
    /// The use that the identifier `node` is part of; none for the declaration.
    fn use_at(
        &self,
        place: Place<'_>,
        node: Node<'_>,
        unsure: Option<Unsure>,
    ) -> Option<FieldUse<'r>> {
        let parent = node.parent()?;
        let mut found = match (parent.kind(), node.role()) {
            (Kind::Selector, Role::Sel) => self.selected(place, node, parent),
            (Kind::KeyValue, Role::Key) => self.element(place, node, parent),
            _ => return None,
        };
        if let Change::Done = found.change {
            return Some(found);
        }
        if let Some(reason) = self.ambiguous(place, node) {
            found.change = Change::Review(reason);
        }
        found.unsure = unsure;
        Some(found)
    }

    /// A field that the templates speak of, and that means another one here: a promoted use whose
    /// outer type has one of that name.
    fn ambiguous(&self, place: Place<'_>, node: Node<'_>) -> Option<ReviewReason> {
        let types = self.names.types()?;
        let clash =
            self.rule.members.iter().filter(|name| **name != self.rule.from).find(|name| {
                let member = Member { path: self.path, owner: &self.rule.owner, name };
                let own =
                    types.declaration(member).ok().flatten().map(|d| d.at).unwrap_or_default();
                let beside = types.beside(place.decl, node.id(), name);
                beside.iter().any(|declared| !own.contains(declared))
            })?;
        Some(ReviewReason::Clash(clash.clone()))
    }

    /// `x.Field`.
    fn selected(&self, place: Place<'_>, name: Node<'_>, selector: Node<'_>) -> FieldUse<'r> {
        let outer = outermost(selector);
        let (owner, role) = (outer.parent(), outer.role());
        let here = |change| FieldUse::new(selector.span(), change);
        let review = |why| here(Change::Review(ReviewReason::FieldUse(why)));
        if let Some(why) = changed_in_place(outer) {
            return review(why);
        }
        if let Some(assign) = assigned_by(outer) {
            return match assign.op() {
                Op::Assign => self.write(place, name, selector, assign),
                _ => review("the field is read and written at once"),
            };
        }
        if let Some(compared) = owner.and_then(|owner| self.compared(place, outer, owner)) {
            return compared;
        }
        let Some(read) = &self.rule.read else {
            return review("the rule does not say how to read");
        };
        let found = self.found(place, selector, selector.child(Role::X), self.rule.x);
        if says(&found, read, &[], self.names, place.part, self.rules) {
            return here(Change::Done);
        }
        if !is_place(read, self.rule.x)
            && let Some(why) =
                owner.and_then(|owner| self.meaning_changes(place, outer, owner, role))
        {
            return review(why);
        }
        let change = match self.twice(place, selector.child(Role::X), read, self.rule.x) {
            Some(reason) => Change::Review(reason),
            None => Change::Render(Box::new(found), vec![read]),
        };
        here(change)
    }

    /// `x.Field == 0`, where the rule says what stands for the zero value: the other side changes.
    fn compared(&self, place: Place<'_>, outer: Node<'_>, owner: Node<'_>) -> Option<FieldUse<'r>> {
        let zero = self.rule.zero.as_ref()?;
        if owner.kind() != Kind::Binary || !matches!(owner.op(), Op::Eql | Op::Neq) {
            return None;
        }
        let other = owner.children().find(|c| c.id() != outer.id()).filter(|c| is_zero(*c))?;
        let found = self.found(place, other, None, self.rule.v);
        let change = if says(&found, zero, &[], self.names, place.part, self.rules) {
            Change::Done
        } else {
            Change::Render(Box::new(found), vec![zero])
        };
        Some(FieldUse::new(other.span(), change))
    }

    /// Why a read that becomes something else than a field would change what the code does.
    fn meaning_changes(
        &self,
        place: Place<'_>,
        outer: Node<'_>,
        owner: Node<'_>,
        role: Role,
    ) -> Option<&'static str> {
        let compared = |n: Node<'_>| {
            let other = n.children().find(|c| c.id() != outer.id());
            let equality =
                matches!(n.op(), Op::Eql | Op::Neq | Op::Lss | Op::Leq | Op::Gtr | Op::Geq);
            n.kind() == Kind::Binary && equality && other.is_some_and(is_zero)
        };
        let in_len = owner.kind() == Kind::Args
            && owner
                .parent()
                .and_then(|call| call.child(Role::Fun))
                .is_some_and(|f| f.text() == "len");
        if compared(owner) || in_len || (owner.kind() == Kind::Switch && role == Role::Tag) {
            return Some("the field is compared, and its zero value may mean something");
        }
        let in_brackets = owner.kind() == Kind::ExprList
            && owner.parent().is_some_and(|p| p.kind() == Kind::Index);
        let in_delete = owner.kind() == Kind::Args
            && owner
                .parent()
                .and_then(|c| c.child(Role::Fun))
                .is_some_and(|f| f.text() == "delete");
        if in_brackets || in_delete || (owner.kind() == Kind::KeyValue && role == Role::Key) {
            return Some("the field is a key");
        }
        if owner.kind() == Kind::Selector
            && outermost(owner).parent().is_some_and(|p| p.kind() == Kind::Call)
        {
            return Some("a method of the field is called");
        }
        if owner.kind() == Kind::Selector && self.is_func(place, owner) {
            return Some("a method of the field is taken as a value");
        }
        self.flows_back(place, outer).then_some("the field flows into the same field")
    }

    /// Whether the expression is a function, or may be one.
    fn is_func(&self, place: Place<'_>, node: Node<'_>) -> bool {
        let ty = self.names.types().map(|types| types.type_of(place.decl, node.id()));
        !matches!(ty, Some(TypeAnswer::Known(ty)) if !matches!(ty, Type::Func(_)))
    }

    /// Whether the value goes into a write of the same field.
    fn flows_back(&self, place: Place<'_>, read: Node<'_>) -> bool {
        let is_same = |name: Node<'_>| {
            let types = self.names.types();
            let here = (self.path, self.rule.owner.as_str());
            name.text() == self.rule.from
                && types.is_some_and(|types| {
                    let member = Member { path: here.0, owner: here.1, name: &self.rule.from };
                    let at = types.declaration(member).ok().flatten().map(|d| d.at);
                    let at = at.unwrap_or_default();
                    !matches!(types.names_one_of(place.decl, name.id(), &at), Fit::No)
                })
        };
        let mut inner = read;
        for outer in read.ancestors() {
            let target = match (outer.kind(), inner.role()) {
                (Kind::FuncLit, _) => return false,
                (Kind::KeyValue, Role::Value) => outer.child(Role::Key).filter(|k| is_same(*k)),
                (Kind::Assign, Role::Rhs) => outer
                    .child(Role::Lhs)
                    .into_iter()
                    .flat_map(Node::children)
                    .filter_map(|lhs| lhs.unparenthesized().child(Role::Sel))
                    .find(|name| is_same(*name)),
                (kind, _) if kind.is_stmt() => return false,
                _ => None,
            };
            if target.is_some() {
                return true;
            }
            inner = outer;
        }
        false
    }

    /// `x.Field = v`.
    fn write(
        &self,
        place: Place<'_>,
        name: Node<'_>,
        selector: Node<'_>,
        assign: Node<'_>,
    ) -> FieldUse<'r> {
        let here = |change| FieldUse::new(selector.span(), change);
        let review = |why| here(Change::Review(ReviewReason::FieldUse(why)));
        let (each, chained) = match &self.rule.write {
            None => return review("the rule does not say how to write"),
            Some(FieldWrite::One(new)) => {
                return FieldUse::new(name.span(), Change::Name(new));
            }
            Some(FieldWrite::Several(writes)) => (&writes.each, &writes.chained),
        };
        let count = |role| assign.child(role).map_or(0, |list| list.children().count());
        let value = assign.child(Role::Rhs).and_then(|list| list.children().next());
        let x = selector.child(Role::X);
        let found = self.found(place, assign, x, self.rule.x);
        let said = |template| says(&found, template, &[], self.names, place.part, self.rules);
        if said(each) || said(chained) {
            return here(Change::Done);
        }
        let (Some(value), 1, 1) = (value, count(Role::Lhs), count(Role::Rhs)) else {
            return review("several values are assigned at once");
        };
        if !assign.parent().is_some_and(|p| p.kind().holds_statements()) {
            return review("the assignment is part of another statement");
        }
        if flows_from(self.rule, place, Some(value), self) {
            return review("the field flows into the same field");
        }
        if let Some(reason) = self.twice(place, x, each, self.rule.x) {
            return here(Change::Review(reason));
        }
        let mut found = found;
        found.bindings.bind(self.rule.v, Capture::one(value));
        let pure = Typed { names: self.names, decl: place.decl }.is_pure(value) == Answer::Yes;
        let template = if pure { each } else { chained };
        FieldUse::new(assign.span(), Change::Render(Box::new(found), vec![template]))
    }

    /// `Field: v` in a literal.
    fn element(&self, place: Place<'_>, name: Node<'_>, element: Node<'_>) -> FieldUse<'r> {
        let span = element.span();
        let review = |reason| FieldUse::new(span, Change::Review(reason));
        if self.rule.literal.is_empty() {
            return review(ReviewReason::FieldUse("the rule does not say what a literal becomes"));
        }
        let value = element.child(Role::Value);
        // Where another of the new keys stands already the literal says it all.
        let others = element.parent().into_iter().flat_map(Node::children);
        let others = others.filter(|other| other.id() != element.id());
        let keys: Vec<&str> = others.filter_map(|o| Some(o.child(Role::Key)?.text())).collect();
        let new = self.rule.literal.iter().filter_map(|t| t.as_pattern()?.first().child(Role::Key));
        let mut new = new.filter(|key| key.text() != name.text());
        if new.any(|key| keys.contains(&key.text())) {
            return FieldUse::new(span, Change::Done);
        }
        let found = self.found(place, element, value, self.rule.v);
        let printed = self.rule.literal.iter().flat_map(Template::captures);
        let times = printed.filter(|id| *id == self.rule.v).count();
        if let Some(reason) = self.pure_if(place, value, times > 1) {
            return review(reason);
        }
        if flows_from(self.rule, place, value, self) {
            return review(ReviewReason::FieldUse("the field flows into the same field"));
        }
        let templates = self.rule.literal.iter().collect();
        FieldUse::new(span, Change::Render(Box::new(found), templates))
    }

    /// A match on `node` in which `id` stands for `captured`.
    fn found(
        &self,
        place: Place<'_>,
        node: Node<'_>,
        captured: Option<Node<'_>>,
        id: MetaId,
    ) -> Match {
        let mut bindings = Bindings::default();
        if let Some(captured) = captured {
            bindings.bind(id, Capture::one(captured));
        }
        Match {
            rule: self.index,
            decl: place.decl,
            node: node.id(),
            count: 1,
            span: node.span(),
            bindings,
            unsure: None,
        }
    }

    /// What is against a template that prints `captured` more than once.
    fn twice(
        &self,
        place: Place<'_>,
        captured: Option<Node<'_>>,
        template: &Template,
        id: MetaId,
    ) -> Option<ReviewReason> {
        let times = template.captures().filter(|captured| *captured == id).count();
        self.pure_if(place, captured, times > 1)
    }

    fn pure_if(
        &self,
        place: Place<'_>,
        node: Option<Node<'_>>,
        needed: bool,
    ) -> Option<ReviewReason> {
        let node = node.filter(|_| needed)?;
        match (Typed { names: self.names, decl: place.decl }).is_pure(node) {
            Answer::Yes => None,
            Answer::No => {
                Some(ReviewReason::FieldUse("evaluating it twice is not the same as once"))
            }
            Answer::Unknown(unsure) => Some(ReviewReason::UnknownType(unsure)),
        }
    }
}

/// Whether a value that is written into the field is itself read from it: it keeps its meaning only
/// without a default.
fn flows_from(
    rule: &FieldRule,
    place: Place<'_>,
    value: Option<Node<'_>>,
    search: &Search<'_, '_, '_>,
) -> bool {
    let read = rule.read.as_ref().filter(|read| !is_place(read, rule.x));
    let Some(value) = value.filter(|_| read.is_some()) else { return false };
    value.subtree().any(|n| {
        n.kind() == Kind::Ident
            && n.role() == Role::Sel
            && n.text() == rule.from
            && n.parent().is_some_and(|selector| search.flows_back(place, selector))
    })
}

/// Whether a template is a field again, so that what can be done with the old one can be done with
/// the new one.
fn is_place(template: &Template, x: MetaId) -> bool {
    use crate::rule::pattern::Atom;
    template.as_pattern().is_some_and(|pattern| {
        let first = pattern.first();
        first.kind() == Kind::Selector
            && first.child(Role::X).is_some_and(|n| pattern.atom(n) == Atom::One(Some(x)))
    })
}

/// The node with the parentheses around it.
fn outermost(node: Node<'_>) -> Node<'_> {
    let mut outer = node;
    while let Some(paren) = outer.parent().filter(|p| p.kind() == Kind::Paren) {
        outer = paren;
    }
    outer
}

/// The assignment that sets the expression itself.
fn assigned_by(outer: Node<'_>) -> Option<Node<'_>> {
    let list = outer.parent().filter(|list| list.role() == Role::Lhs)?;
    list.parent().filter(|assign| assign.kind() == Kind::Assign)
}

/// What changes the field, or a part of it, where it is: `++`, `&`, a loop variable.
fn changed_in_place(outer: Node<'_>) -> Option<&'static str> {
    let mut whole = outer;
    let mut in_part = false;
    // `x.F.g[i] = v` changes a part of `x.F`.
    while let Some(parent) = whole.parent() {
        let part = matches!(parent.kind(), Kind::Selector | Kind::Index | Kind::Slice)
            && whole.role() == Role::X;
        if !part && parent.kind() != Kind::Paren {
            break;
        }
        in_part |= part;
        whole = parent;
    }
    let parent = whole.parent()?;
    match parent.kind() {
        Kind::IncDec => Some("the field is counted up or down"),
        Kind::Unary if parent.op() == Op::And => Some("the address of the field is taken"),
        Kind::ExprList if parent.role() == Role::Lhs => match parent.parent()?.kind() {
            Kind::Range => Some("the field is the variable of a loop"),
            _ if in_part => Some("a part of the field is assigned"),
            _ => None,
        },
        _ => None,
    }
}

/// Whether the expression is a zero value as code writes it.
fn is_zero(node: Node<'_>) -> bool {
    let node = node.unparenthesized();
    matches!(node.text(), "\"\"" | "``" | "0" | "nil" | "false" | "0.0")
        || (node.kind() == Kind::CompositeLit
            && node.child(Role::Elements).is_some_and(|e| e.children().next().is_none()))
}
