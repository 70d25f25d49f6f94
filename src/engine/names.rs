//! What the names of one file stand for, imports included. Comes in: a source file and what is
//! known about packages. Goes out: for a name before a dot the import path, for a bare name
//! whether it is predeclared or comes from a dot import.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::Arc;

use crate::go::scope::NameUse;
use crate::go::source::{Part, SourceFile};
use crate::go::syntax::{Kind, Node, Role};
use crate::rule::compiled::RuleSet;

/// The name in a package's clause, and how it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClauseName {
    /// The name.
    pub name: String,
    /// Whether it was read or said, and not guessed from the path.
    pub certain: bool,
}

/// What the engine asks about packages. The answers come from source files, if there are any.
pub trait PackageFacts: Sync {
    /// The name in the clause of the package that `path` means in a file of `folder`.
    fn clause_name(&self, folder: &str, path: &str) -> ClauseName;

    /// Whether the package of `file` declares `name` at its top level, in any of its files.
    fn declares(&self, file: &SourceFile, name: &str) -> bool;
}

/// An import and the name by which its file knows the package.
#[derive(Clone, Debug)]
pub struct Binding {
    /// Import path.
    pub path: Arc<str>,
    /// The name that stands before the dot; empty for blank and dot imports.
    pub local: String,
    /// How the file imports it.
    pub form: ImportForm,
    /// Whether the name is certain. A guessed name is good enough to find uses, never to remove
    /// the import.
    pub certain: bool,
}

/// How a file imports a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportForm {
    /// By the name in its clause.
    Plain,
    /// By another name.
    Alias,
    /// `_`.
    Blank,
    /// `.`.
    Dot,
}

/// The names of one file.
pub struct FileNames<'a> {
    file: &'a SourceFile,
    facts: &'a dyn PackageFacts,
    /// One for each import, in the same order.
    bindings: Vec<Binding>,
    declared: OnceCell<std::cell::RefCell<HashMap<String, bool>>>,
}

impl<'a> FileNames<'a> {
    /// Looks up the names of the imports of `file`.
    pub fn new(file: &'a SourceFile, rules: &RuleSet, facts: &'a dyn PackageFacts) -> Self {
        let bindings = file
            .imports()
            .iter()
            .map(|import| {
                let explicit = import.explicit_name(file.text());
                let clause = || clause_name(file.folder(), &import.path, rules, facts);
                let (local, form, certain) = match explicit {
                    Some("_") => (String::new(), ImportForm::Blank, true),
                    Some(".") => (String::new(), ImportForm::Dot, true),
                    Some(name) => (name.to_string(), ImportForm::Alias, true),
                    None => {
                        let clause = clause();
                        (clause.name, ImportForm::Plain, clause.certain)
                    }
                };
                Binding { path: import.path.clone(), local, form, certain }
            })
            .collect();
        Self { file, facts, bindings, declared: OnceCell::new() }
    }

    /// The file.
    pub fn file(&self) -> &'a SourceFile {
        self.file
    }

    /// The imports with their names, in the order of the file.
    pub fn bindings(&self) -> &[Binding] {
        &self.bindings
    }

    /// The import that the name `node`, which stands before a dot, refers to: an index into
    /// [`FileNames::bindings`]. `None` for local names, which shadow imports.
    pub fn import_of(&self, part: &Part, node: Node<'_>) -> Option<usize> {
        let named = |b: &Binding| !b.local.is_empty() && b.local == node.text();
        // Most names are no import's: the cheap test goes first.
        let index = self.bindings.iter().position(named)?;
        (node.kind() == Kind::Ident && part.scopes().name_use(node.id()) == NameUse::Free)
            .then_some(index)
    }

    /// Whether `node` is a qualifier that stands for the package at `path`.
    pub fn is_package(&self, part: &Part, node: Node<'_>, path: &str) -> bool {
        // Two imports of one path may both be used; two of one name are no valid Go.
        self.import_of(part, node).is_some_and(|index| &*self.bindings[index].path == path)
    }

    /// Whether the bare name `node` comes from a dot import of `path`.
    pub fn is_dot_imported(&self, part: &Part, node: Node<'_>, path: &str) -> bool {
        let dot = |b: &Binding| b.form == ImportForm::Dot && &*b.path == path;
        node.kind() == Kind::Ident
            && self.bindings.iter().any(dot)
            && is_exported(node.text())
            && part.scopes().name_use(node.id()) == NameUse::Free
            && !self.package_declares(node.text())
    }

    /// Whether the name `node` means what is predeclared.
    pub fn is_predeclared(&self, part: &Part, node: Node<'_>) -> bool {
        matches!(part.scopes().name_use(node.id()), NameUse::Free | NameUse::Key(None))
            && !self.package_declares(node.text())
    }

    /// Whether the file's package declares `name` at its top level.
    pub fn package_declares(&self, name: &str) -> bool {
        let known = self.declared.get_or_init(Default::default);
        if let Some(&answer) = known.borrow().get(name) {
            return answer;
        }
        let answer = self.facts.declares(self.file, name);
        known.borrow_mut().insert(name.to_string(), answer);
        answer
    }

    /// What is known about packages.
    pub fn facts(&self) -> &'a dyn PackageFacts {
        self.facts
    }
}

/// The name in the clause of the package at `path`: what a pack says goes first.
pub fn clause_name(
    folder: &str,
    path: &str,
    rules: &RuleSet,
    facts: &dyn PackageFacts,
) -> ClauseName {
    match rules.package_at(path) {
        Some(package) if package.named => ClauseName { name: package.name.clone(), certain: true },
        _ => facts.clause_name(folder, path),
    }
}

/// Whether other packages see the name (Go specification, "Exported identifiers").
pub fn is_exported(name: &str) -> bool {
    name.chars().next().is_some_and(char::is_uppercase)
}

/// Whether an identifier can be the name of a package at all: not a selector's second half, nor
/// the key of an element.
pub fn may_be_package(node: Node<'_>) -> bool {
    node.kind() == Kind::Ident
        && node.role() == Role::X
        && node.parent().is_some_and(|p| p.kind() == Kind::Selector)
}
