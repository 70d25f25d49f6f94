//! Names that a piece of code declares and uses by itself, as `err` in `v, err := f()` with
//! `return err` behind it: another name would do as well.

use super::{Atom, Pattern};
use crate::go::scope::{NameUse, Scopes};
use crate::go::syntax::{Kind, Node, NodeId};

/// A name that a pattern declares and uses.
#[derive(Clone, Debug)]
pub(in crate::rule) struct LocalName {
    pub name: String,
    /// Where the pattern says it.
    pub nodes: Vec<NodeId>,
}

impl Pattern {
    /// The names that the pattern declares and uses. What a declaration declares that the pattern is
    /// as a whole is what it is about.
    pub(in crate::rule) fn locals(&self) -> Vec<LocalName> {
        let scopes = Scopes::new(&self.syntax);
        let idents = self.nodes().flat_map(Node::subtree).filter(|n| n.kind() == Kind::Ident);
        let idents: Vec<Node<'_>> = idents.filter(|n| self.atom(*n) == Atom::Plain).collect();
        let mut found: Vec<(LocalName, bool)> = Vec::new();
        for id in scopes.objects() {
            let declared = self.syntax.node(scopes.object(id).ident);
            let is_own = idents.contains(&declared) && !self.is_about(declared);
            let is_key =
                |n: &Node<'_>| matches!(scopes.name_use(n.id()), NameUse::Key(Some(o)) if o == id);
            // A key may be a field.
            if !is_own || idents.iter().any(is_key) {
                continue;
            }
            let name = scopes.name(id);
            let place = found.iter().position(|(local, _)| local.name == name);
            let place = place.unwrap_or_else(|| {
                found.push((LocalName { name: name.to_owned(), nodes: Vec::new() }, false));
                found.len() - 1
            });
            let (local, is_used) = &mut found[place];
            for node in &idents {
                let refers = scopes.name_use(node.id()) == NameUse::Refers(id);
                *is_used |= refers;
                if refers || scopes.name_use(node.id()) == NameUse::Declares(id) {
                    local.nodes.push(node.id());
                }
            }
        }
        found.into_iter().filter(|(_, is_used)| *is_used).map(|(local, _)| local).collect()
    }

    /// Whether the name is declared by a spec of the declaration that the pattern is.
    fn is_about(&self, name: Node<'_>) -> bool {
        let whole = self.first();
        let is_scope = |n: &Node<'_>| {
            matches!(n.kind(), Kind::ValueSpec | Kind::TypeSpec | Kind::FuncLit | Kind::Assign)
        };
        let spec = name.ancestors().find(is_scope);
        self.nodes.len() == 1
            && whole.kind() == Kind::GenDecl
            && spec.is_some_and(|spec| {
                matches!(spec.kind(), Kind::ValueSpec | Kind::TypeSpec)
                    && spec.ancestors().find(|a| a.kind() == Kind::GenDecl) == Some(whole)
            })
    }
}
