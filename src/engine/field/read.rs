//! Reading a field, by its name or through it. Comes in: a selector. Goes out: what the rule says of
//! reading, or why that would change what the code does.

use super::position::{assigned_by, changed_in_place, is_zero};
use super::{Change, FieldUse, Place, Search, is_place};
use crate::engine::done::says;
use crate::engine::fix::ReviewReason;
use crate::go::syntax::{Kind, Node, Op, Role};
use crate::go::types::{Fit, Member, Type, TypeAnswer};

const OWN_METHOD: &str = "the method that the rule reads with reads the field itself";

impl<'r> Search<'_, '_, 'r> {
    /// `x.Field`.
    pub(super) fn selected(
        &self,
        place: Place<'_>,
        name: Node<'_>,
        selector: Node<'_>,
    ) -> FieldUse<'r> {
        let outer = selector.parenthesized();
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
        if says(&found, read, (&[], &[]), self.names, place.part, self.rules) {
            return here(Change::Done);
        }
        if self.in_own_method(selector) {
            return review(OWN_METHOD);
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
        let change = if says(&found, zero, (&[], &[]), self.names, place.part, self.rules) {
            Change::Done
        } else {
            Change::Render(Box::new(found), vec![zero])
        };
        Some(FieldUse::new(other.span(), change))
    }

    /// `x.Name`, where the way from `x` to the name leads through the field and the code leaves it out.
    pub(super) fn left_out(
        &self,
        place: Place<'_>,
        x: Node<'_>,
        selector: Node<'_>,
    ) -> FieldUse<'r> {
        let review =
            |why| FieldUse::new(selector.span(), Change::Review(ReviewReason::FieldUse(why)));
        if let Some(why) = changed_in_place(x) {
            return review(why);
        }
        let Some(read) = &self.rule.read else {
            return review("the field is left out here, and the rule does not say how to read");
        };
        if self.in_own_method(selector) {
            return review(OWN_METHOD);
        }
        if !is_place(read, self.rule.x)
            && let Some(why) = self.meaning_changes(place, x, selector, Role::X)
        {
            return review(why);
        }
        let found = self.found(place, x, Some(x), self.rule.x);
        match self.twice(place, Some(x), read, self.rule.x) {
            Some(reason) => FieldUse::new(selector.span(), Change::Review(reason)),
            None => FieldUse::new(x.span(), Change::Render(Box::new(found), vec![read])),
        }
    }

    /// Whether the code stands in a method of the field's type that the rule reads with: it would
    /// call itself without end.
    fn in_own_method(&self, node: Node<'_>) -> bool {
        let method = node.ancestors().find(|n| n.kind() == Kind::FuncDecl);
        let name = method.and_then(|method| method.child(Role::Name));
        let receiver = method.and_then(|method| method.child(Role::Recv));
        let is_owner = |n: Node<'_>| n.kind() == Kind::Ident && n.text() == self.rule.owner;
        name.is_some_and(|name| self.rule.members.iter().any(|member| member == name.text()))
            && receiver.is_some_and(|receiver| receiver.subtree().any(is_owner))
            && self.names.types().is_some_and(|types| **types.import_path() == *self.path)
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
            && owner.parenthesized().parent().is_some_and(|p| p.kind() == Kind::Call)
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
    pub(super) fn flows_back(&self, place: Place<'_>, read: Node<'_>) -> bool {
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
}
