//! Fields that became others. Comes in: a file, a rule and the places where the field's name stands.
//! Goes out: for each use of the field a match with the template for this kind of use, or why
//! somebody has to look: reading, writing, counting up and taking an address are different things.
//!
//! `read` is about selectors, those included that leave an embedded field out, `write` about
//! assignments and literals, `position` about where an expression stands.

mod position;
mod read;
mod write;

use super::bindings::{Bindings, Capture};
use super::fix::{ReviewReason, Unsure};
use super::member_uses::{ask_unless_out_of_reach, ident_at, is_member};
use super::names::FileNames;
use super::search::Match;
use super::typed::{Answer, Typed};
use crate::go::scope::NameUse;
use crate::go::source::Part;
use crate::go::syntax::{Kind, Node, Role};
use crate::go::types::{Declaration, Declared, FileTypes, Member};
use crate::rule::compiled::{FieldRule, RuleSet};
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
    let path = names.real_path(&rules.package(rule.package).path);
    let Some(path) = path.as_deref() else { return Vec::new() };
    let search = Search { names, rules, rule, index, path };
    let Some(meant) = search.meant() else { return Vec::new() };
    places
        .iter()
        .filter_map(|&offset| {
            let (decl, part, node) = ident_at(names, offset, rule.from.len())?;
            let place = Place { decl, part };
            let of_field = is_member(names, (decl, part), node, (path, &rule.owner), &meant.at);
            match of_field.and(|| search.is_through_owner(place, node, &meant)) {
                Answer::No => None,
                Answer::Yes => search.use_at(place, node, None),
                Answer::Unknown(unsure) => search.use_at(place, node, Some(unsure)),
            }
        })
        .collect()
}

/// Finds the uses of an embedded field that do not name it, among `places`, where the names stand that
/// it promotes.
pub fn implied<'r>(
    names: &FileNames<'_>,
    rules: &RuleSet,
    rule: &'r FieldRule,
    index: usize,
    places: &[Span],
) -> Vec<FieldUse<'r>> {
    let path = names.real_path(&rules.package(rule.package).path);
    let Some(path) = path.as_deref() else { return Vec::new() };
    let search = Search { names, rules, rule, index, path };
    if places.is_empty() {
        return Vec::new();
    }
    let Some(Meant { at, promoted: false }) = search.meant() else { return Vec::new() };
    let leads = |&span: &Span| {
        let (decl, part, node) = ident_at(names, span.start, span.len())?;
        let selector = node.parent().filter(|p| p.kind() == Kind::Selector)?;
        let x = selector.child(Role::X).filter(|_| node.role() == Role::Sel)?;
        let is_package = x.kind() == Kind::Ident && names.import_of(part, x).is_some();
        if part.scopes().name_use(node.id()) != NameUse::Member || is_package {
            return None;
        }
        let ask = |types: &FileTypes<'_>| types.leads_through(decl, node.id(), &at);
        let unsure = match ask_unless_out_of_reach(names, decl, node, (path, &rule.owner), &ask) {
            Answer::No => return None,
            Answer::Yes => None,
            Answer::Unknown(unsure) => Some(unsure),
        };
        let place = Place { decl, part };
        let mut found = search.left_out(place, x, selector);
        if let Some(reason) = search.ambiguous(place, node) {
            found.change = Change::Review(reason);
        }
        Some(FieldUse { unsure, ..found })
    };
    places.iter().filter_map(leads).collect()
}

/// Which field a rule means.
struct Meant {
    /// Where it is declared; empty where that is not known.
    at: Vec<Declared>,
    /// Whether the rule's type has it from what it embeds.
    promoted: bool,
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
    /// The field; none where its type has none of that name.
    fn meant(&self) -> Option<Meant> {
        let member = Member { path: self.path, owner: &self.rule.owner, name: &self.rule.from };
        let types = self.names.types();
        match types.map(|types| types.declaration(member)) {
            Some(Ok(Some(Declaration { at, .. }))) => Some(Meant { at, promoted: false }),
            Some(Ok(None)) => {
                let at = types.map(|types| types.promoted_field(member)).unwrap_or_default();
                (!at.is_empty()).then_some(Meant { at, promoted: true })
            }
            // Not known where: then only that it is something else can be known.
            Some(Err(_)) | None => Some(Meant { at: Vec::new(), promoted: false }),
        }
    }

    /// Whether a field that the rule's type has from what it embeds is selected from that type.
    fn is_through_owner(&self, place: Place<'_>, node: Node<'_>, meant: &Meant) -> Answer {
        if !meant.promoted {
            return Answer::Yes;
        }
        let owner = (self.path, self.rule.owner.as_str());
        let ask = |types: &FileTypes<'_>| {
            types.is_selected_through(place.decl, node.id(), owner.0, owner.1)
        };
        ask_unless_out_of_reach(self.names, place.decl, node, owner, &ask)
    }

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
                let own = types.declaration(member).ok().flatten().map(|d| d.at);
                let own = own.unwrap_or_else(|| types.promoted_field(member));
                let beside = types.beside(place.decl, node.id(), name);
                beside.iter().any(|declared| !own.contains(declared))
            })?;
        Some(ReviewReason::Clash(clash.clone()))
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
