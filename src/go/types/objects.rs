//! Which object an identifier stands for, so that two of them can be told to be the same one.

use std::sync::Arc;

use super::checker::Checker;
use super::model::{Reason, Type, Unknown};
use super::names::{Entity, ImportTarget};
use super::select::Selected;
use super::unit::{Cx, Place};
use super::universe::Universe;
use crate::go::scope::NameUse;
use crate::go::syntax::{Kind, Node, Op, Role};
use crate::text::Span;

/// Where something is declared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Declared {
    /// The file, by its path relative to the root (absolute outside of it).
    pub file: Arc<str>,
    /// The declaring identifier.
    pub span: Span,
}

/// What an identifier stands for. Two identifiers stand for the same object exactly if these are
/// equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Object {
    /// A local object, by the identifier that declares it.
    Local(Declared),
    /// The variable of a type switch in one of its clauses.
    SwitchVariable {
        /// The name in the header.
        name: Declared,
        /// The clause.
        clause: Span,
    },
    /// An imported package, by its import path.
    Package(Arc<str>),
    /// A name of a package: import path and name.
    Global(Arc<str>, Arc<str>),
    /// A field or method, by the identifiers that declare it: one, or one for each of the files
    /// that exclude each other.
    Member(Vec<Declared>),
    /// A predeclared name.
    Predeclared(Arc<str>),
    /// A label, by the identifier that declares it.
    Label(Declared),
    /// `_`, or nothing that has an object.
    None,
}

/// What an identifier stands for, if it is known.
pub type ObjectAnswer = Result<Object, Arc<Unknown>>;

impl Checker<'_> {
    /// The type of `node`: an expression where it stands, or the object that it declares.
    pub(super) fn type_at(&self, cx: Cx<'_>, node: Node<'_>) -> Type {
        if node.kind() == Kind::ArrayType && node.op() == Op::Ellipsis {
            // `[...]T` has the length of its literal.
            let literal = node.parent().filter(|p| p.kind() == Kind::CompositeLit);
            return self.expr(cx, literal.unwrap_or(node));
        }
        if node.kind() != Kind::Ident {
            // A name of a package that cannot be read is a type where only types stand.
            if stands_for_type(node) && self.is_type(cx, node).is_none() {
                return self.type_expr(cx, node);
            }
            return self.final_type(cx, node);
        }
        match cx.part.scopes().name_use(node.id()) {
            NameUse::Declares(id) => self.local(cx, id),
            NameUse::DeclaresGlobal | NameUse::Blank => self.declared(cx, node),
            NameUse::Member => match self.member_of(cx, node) {
                Some(selected) => selected,
                None => self.declared(cx, node),
            },
            NameUse::Key(_) if self.key_is_field(cx, node) == Some(true) => self.key_type(cx, node),
            _ => self.final_type(cx, node),
        }
    }

    /// The type of the name after a dot is that of the selector.
    fn member_of(&self, cx: Cx<'_>, node: Node<'_>) -> Option<Type> {
        let selector = node.parent().filter(|p| p.kind() == Kind::Selector)?;
        (node.role() == Role::Sel).then(|| self.final_type(cx, selector))
    }

    fn key_type(&self, cx: Cx<'_>, key: Node<'_>) -> Type {
        self.key_field(cx, key).ty
    }

    /// The field that a key of a composite literal names.
    pub(super) fn key_field(&self, cx: Cx<'_>, key: Node<'_>) -> Selected {
        let literal = key.ancestors().find(|a| a.kind() == Kind::CompositeLit);
        match literal.map(|literal| self.expr(cx, literal)) {
            // A literal of a type parameter has the fields that its types share.
            Some(ty @ Type::Param(_)) => {
                let core = self.core(cx, key, &ty);
                self.select(cx, key, &core, key.text())
            }
            Some(ty) => self.select(cx, key, &ty, key.text()),
            None => Selected { ty: self.unknown(cx, key, Reason::Invalid), places: Vec::new() },
        }
    }

    /// What the identifier `node` stands for.
    pub(super) fn object(&self, cx: Cx<'_>, node: Node<'_>) -> ObjectAnswer {
        match cx.part.scopes().name_use(node.id()) {
            NameUse::Member => self.member_object(cx, node),
            NameUse::Key(_) => match self.key_is_field(cx, node) {
                Some(true) => self.selected_object(self.key_field(cx, node), node),
                Some(false) => self.entity_object(cx, node, &self.entity(cx, node)),
                None => Err(why(self.key_field(cx, node).ty)),
            },
            NameUse::Declares(_) | NameUse::Refers(_) | NameUse::Free | NameUse::DeclaresGlobal => {
                self.entity_object(cx, node, &self.entity(cx, node))
            }
            // A parameter of a function type: an object that nothing refers to.
            NameUse::Blank if node.text() != "_" => {
                Ok(Object::Local(self.place_declared(cx.place(node))))
            }
            NameUse::Label(Some(id)) => {
                let ident = cx.node(cx.part.scopes().label(id));
                Ok(Object::Label(self.place_declared(cx.place(ident))))
            }
            NameUse::Label(None) => {
                Err(why(self.unknown(cx, node, Reason::NotDeclared(node.text().into()))))
            }
            NameUse::Blank | NameUse::None => Ok(Object::None),
        }
    }

    fn entity_object(&self, cx: Cx<'_>, node: Node<'_>, entity: &Entity) -> ObjectAnswer {
        Ok(match entity {
            Entity::Local(id) => {
                let object = cx.part.scopes().object(*id);
                let file = cx.unit.source.path().clone();
                let name = Declared { file, span: cx.node(object.ident).span() };
                match object.clause {
                    Some(clause) => Object::SwitchVariable { name, clause: cx.node(clause).span() },
                    None => Object::Local(name),
                }
            }
            Entity::Package(ImportTarget { path, .. }) => Object::Package(path.clone()),
            Entity::Global(package, _) => {
                Object::Global(package.import_path().clone(), node.text().into())
            }
            Entity::External(path, _) => Object::Global(path.clone(), node.text().into()),
            Entity::Universe(Universe::Type(super::model::Basic::UnsafePointer)) => {
                Object::Global("unsafe".into(), "Pointer".into())
            }
            Entity::Universe(Universe::Builtin(b)) if b.is_unsafe() => {
                Object::Global("unsafe".into(), node.text().into())
            }
            Entity::Universe(_) => Object::Predeclared(node.text().into()),
            Entity::Unknown(reason) => return Err(why(self.unknown(cx, node, reason.clone()))),
        })
    }

    pub(super) fn place_declared(&self, place: Place) -> Declared {
        self.at(place, |cx, ident| Declared {
            file: cx.unit.source.path().clone(),
            span: ident.span(),
        })
    }

    fn member_object(&self, cx: Cx<'_>, node: Node<'_>) -> ObjectAnswer {
        let here = || Object::Member(vec![self.place_declared(cx.place(node))]);
        let selector = node.parent().filter(|p| p.kind() == Kind::Selector);
        let Some(selector) = selector.filter(|_| node.role() == Role::Sel) else {
            return Ok(here());
        };
        if let Some(entity) = self.denoted(cx, selector) {
            return self.entity_object(cx, node, &entity);
        }
        let Some(x) = selector.child(Role::X) else {
            return Err(why(self.unknown(cx, node, Reason::Invalid)));
        };
        let ty = self.expr(cx, x);
        if ty.is_unknown() {
            return Err(why(ty));
        }
        self.selected_object(self.select(cx, node, &ty, node.text()), node)
    }

    fn selected_object(&self, selected: Selected, node: Node<'_>) -> ObjectAnswer {
        if selected.places.is_empty() {
            if selected.ty.is_unknown() {
                return Err(why(selected.ty));
            }
            // The method of the predeclared `error` is declared nowhere.
            return Ok(Object::Predeclared(format!("error.{}", node.text()).into()));
        }
        let mut declared: Vec<Declared> =
            selected.places.into_iter().map(|p| self.place_declared(p)).collect();
        declared.sort();
        declared.dedup();
        Ok(Object::Member(declared))
    }
}

/// Whether `node` stands where nothing but a type can stand.
fn stands_for_type(node: Node<'_>) -> bool {
    if !matches!(node.kind(), Kind::Selector | Kind::Star | Kind::Paren | Kind::Index) {
        return false;
    }
    let mut node = node;
    while let Some(parent) = node.parent() {
        match (parent.kind(), node.role()) {
            (Kind::Star | Kind::Paren, _) => node = parent,
            (
                Kind::Field
                | Kind::ValueSpec
                | Kind::TypeSpec
                | Kind::CompositeLit
                | Kind::TypeAssert
                | Kind::ArrayType,
                Role::Type,
            )
            | (Kind::MapType | Kind::ChanType, _)
            | (Kind::FuncType, Role::Results) => return true,
            _ => return false,
        }
    }
    false
}

fn why(ty: Type) -> Arc<Unknown> {
    match ty {
        Type::Unknown(why) => why,
        _ => Arc::new(Unknown { file: "".into(), span: Span::at(0), reason: Reason::Invalid }),
    }
}
