//! What names refer to inside a declaration. Comes in: the tree of a top-level declaration. Goes
//! out: for every identifier the local object it stands for, or that it is free, and for any
//! place what a name would mean there. Free names belong to the file and package blocks.
//!
//! Follows the Go specification, "Declarations and scope": a constant's or variable's scope
//! begins after its spec, a type's at its name, a short declaration's after its statement, that
//! of parameters and results is the body. Labels are names of their own: a label's scope is the
//! body of the function that declares it, without the functions nested in it.

mod declare;
mod resolve;

use super::syntax::{NodeId, Syntax};
use crate::text::Span;
use resolve::Resolver;

/// A local object, in the table of its declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(u32);

/// A label, in the table of its declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelId(u32);

/// What sort of thing a local name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ObjectKind {
    /// A local constant.
    Const,
    /// A local type.
    Type,
    /// A local variable.
    Var,
    /// A parameter or a receiver.
    Param,
    /// A named result.
    Result,
    /// A type parameter.
    TypeParam,
}

/// Something that a local name stands for.
#[derive(Clone, Debug)]
pub struct Object {
    /// What sort of thing it is.
    pub kind: ObjectKind,
    /// The identifier that declares it. For the variable of a type switch, which each clause
    /// declares anew, the one in the header.
    pub ident: NodeId,
    /// For the variable of a type switch, the clause that it belongs to.
    pub clause: Option<NodeId>,
    /// Where the name means this object, inner redeclarations aside.
    pub scope: Span,
}

/// What an identifier is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameUse {
    /// No identifier, or one in a part that could not be parsed.
    None,
    /// Declares a local object, or declares it again in a short declaration.
    Declares(ObjectId),
    /// Refers to a local object.
    Refers(ObjectId),
    /// Not a local name: of the file, the package, or predeclared.
    Free,
    /// Declares a name of the package: a function, type, constant or variable.
    DeclaresGlobal,
    /// A field or method: after a dot, or where a struct or interface declares it.
    Member,
    /// The key of an element in a composite literal whose type is not written as a map or array:
    /// a field, or else the object of that name, local if one is given.
    Key(Option<ObjectId>),
    /// A label: one that the function around declares, or none.
    Label(Option<LabelId>),
    /// A name that nothing can refer to: `_`, or a parameter of a type.
    Blank,
}

/// The names of a declaration.
#[derive(Debug)]
pub struct Scopes {
    objects: Vec<Object>,
    names: Vec<Box<str>>,
    /// The identifiers that declare labels.
    labels: Vec<NodeId>,
    /// By node.
    uses: Vec<NameUse>,
}

impl Scopes {
    /// Resolves the names in `syntax`.
    pub fn new(syntax: &Syntax) -> Self {
        let mut resolver = Resolver::new(syntax.len());
        for decl in syntax.root().children() {
            resolver.top_level(decl);
        }
        resolver.finish()
    }

    /// What the identifier `node` is.
    pub fn name_use(&self, node: NodeId) -> NameUse {
        self.uses[node.index()]
    }

    /// The local object that the identifier `node` stands for, declared there or not.
    pub fn object_of(&self, node: NodeId) -> Option<ObjectId> {
        match self.name_use(node) {
            NameUse::Declares(id) | NameUse::Refers(id) => Some(id),
            _ => None,
        }
    }

    /// The identifier that declares the label.
    pub fn label(&self, id: LabelId) -> NodeId {
        self.labels[id.0 as usize]
    }

    /// The object.
    pub fn object(&self, id: ObjectId) -> &Object {
        &self.objects[id.0 as usize]
    }

    /// The name of the object.
    pub fn name(&self, id: ObjectId) -> &str {
        &self.names[id.0 as usize]
    }

    /// All objects.
    pub fn objects(&self) -> impl Iterator<Item = ObjectId> + use<> {
        (0..u32::try_from(self.objects.len()).unwrap_or(u32::MAX)).map(ObjectId)
    }

    /// What `name` means at `offset`, as far as local names go.
    pub fn lookup(&self, name: &str, offset: usize) -> Option<ObjectId> {
        self.objects()
            .filter(|&id| self.name(id) == name)
            .filter(|&id| self.object(id).scope.contains_offset(offset))
            .max_by_key(|&id| self.object(id).scope.start)
    }

    /// Whether any local object inside or around `span` is called `name`.
    pub fn declares_within(&self, name: &str, span: Span) -> bool {
        self.objects().any(|id| self.name(id) == name && self.object(id).scope.overlaps(span))
    }

    /// The identifiers that declare or refer to `id`, in the order of the text.
    pub fn mentions(&self, id: ObjectId) -> impl Iterator<Item = usize> + '_ {
        self.uses.iter().enumerate().filter_map(move |(index, &name_use)| {
            let same = matches!(
                name_use,
                NameUse::Declares(o) | NameUse::Refers(o) | NameUse::Key(Some(o)) if o == id
            );
            same.then_some(index)
        })
    }
}

#[cfg(test)]
mod tests;
