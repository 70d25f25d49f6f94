//! What the rest of a repository has to do with a rule about a declared thing. Comes in: files in
//! which names stand that the rule speaks of. Goes out: further names by which it is meant without
//! being named: `list{{"a"}}` makes values of `T` where somewhere stands `type list []T`.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::go::outline::DeclKind;
use crate::go::source::SourceFile;
use crate::go::syntax::{Kind, Node, Role};

/// What is known of other files before a rule looks at one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Elsewhere {
    /// Types in whose literals those of a field's type may stand without their type; sorted.
    pub types: Vec<String>,
    /// Fields and methods that are reached through a field, which is embedded, where it is left
    /// out; sorted.
    pub promoted: Vec<String>,
    /// An interface that a type would no longer implement if its method had another name.
    pub interface: Option<Arc<str>>,
}

impl Elsewhere {
    /// Whether there are names that a file may hold in the place of those of the rule.
    pub fn has_names(&self) -> bool {
        !self.types.is_empty() || !self.promoted.is_empty()
    }
}

/// A type, and one of `names` that it is made of.
pub type MadeOf = (String, String);

/// The types that a file declares in whose literals such may stand without their type that are of a
/// type called like one of `names`: slices, arrays and maps of it, other names of it, and instances
/// of generic types over it.
pub fn made_of(file: &SourceFile, names: &BTreeSet<String>) -> Vec<MadeOf> {
    let may_be = |kind| matches!(kind, DeclKind::Type | DeclKind::Rest);
    let decls = file.code_decls().filter(|(_, found)| may_be(found.kind));
    let mut found = Vec::new();
    for (decl, _) in decls {
        for spec in file.declaration(decl).syntax().iter().filter(|n| n.kind() == Kind::TypeSpec) {
            let (Some(name), Some(ty)) = (spec.child(Role::Name), spec.child(Role::Type)) else {
                continue;
            };
            let mut of = Vec::new();
            elements(ty, &mut of);
            of.retain(|of| names.contains(*of) && *of != name.text());
            found.extend(of.into_iter().map(|of| (name.text().to_owned(), of.to_owned())));
        }
    }
    found
}

/// The names of the types that elements of a literal of type `ty` may have, and its own.
fn elements<'n>(ty: Node<'n>, names: &mut Vec<&'n str>) {
    match ty.kind() {
        Kind::Ident => names.push(ty.text()),
        Kind::Selector => names.extend(ty.child(Role::Sel).map(Node::text)),
        Kind::ArrayType => ty.child(Role::Type).into_iter().for_each(|ty| elements(ty, names)),
        Kind::Paren | Kind::Star | Kind::MapType | Kind::Index | Kind::ExprList => {
            ty.children().for_each(|ty| elements(ty, names));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_made_of_others_are_told_by_their_declarations() {
        let text = "package p\n\ntype list []lib.T\n\ntype (\n\tbyName map[string]*T\n\tbyT map[T]int\n\tfixed [2][]T\n\tother T\n\tsame = lib.T\n\tof G[T]\n\tin struct{ t []T }\n\tf func(T) []T\n\tU []U\n)\n\nvar v T\n";
        let names = BTreeSet::from(["T".to_owned()]);
        let found = made_of(&SourceFile::new("a.go", text), &names);
        let found: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(found, ["list", "byName", "byT", "fixed", "other", "same", "of"]);
    }
}
