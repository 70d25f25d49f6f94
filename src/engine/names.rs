//! What the names of one file stand for, imports included. Comes in: a source file and what is
//! known about packages. Goes out: for a name before a dot the import path, for a bare name
//! whether it is predeclared or comes from a dot import.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use crate::go::packages::default_name;
use crate::go::scope::NameUse;
use crate::go::source::{Part, SourceFile};
use crate::go::syntax::{Kind, Node, Role};
use crate::go::types::{FileTypes, Types};
use crate::rule::compiled::{OWN_MODULE, RuleSet};

/// The name in a package's clause, and how it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClauseName {
    /// The name.
    pub name: String,
    /// Whether it was read or said, and not guessed from the path.
    pub certain: bool,
}

/// Where the files of a folder belong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The path of the module.
    pub module: String,
    /// The import path of the package.
    pub package: String,
}

/// What the engine asks about packages. The answers come from source files, if there are any.
pub trait PackageFacts: Sync {
    /// The name in the clause of the package that `path` means in a file of `folder`.
    fn clause_name(&self, folder: &str, path: &str) -> ClauseName;

    /// Whether the package of `file` declares `name` at its top level, in any of its files.
    fn declares(&self, file: &SourceFile, name: &str) -> bool;

    /// Where the files of a folder belong.
    fn place(&self, _folder: &str) -> Option<Place> {
        None
    }

    /// The path of the module that provides the package at `path` to files of a folder, as far as
    /// go.mod names it.
    fn module_of(&self, _folder: &str, _path: &str) -> Option<String> {
        None
    }

    /// Whether the package at `path`, as `file` imports it, surely exports `name`.
    fn exports(&self, _file: &SourceFile, _path: &str, _name: &str) -> bool {
        false
    }

    /// The types, where sources can be read.
    fn types(&self) -> Option<&Types> {
        None
    }
}

/// An import and how its file imports it. The name by which the file knows the package is worked
/// out when somebody asks: it may take reading other files.
#[derive(Clone, Debug)]
pub struct Binding {
    /// Import path.
    pub path: Arc<str>,
    /// How the file imports it.
    pub form: ImportForm,
    name: OnceCell<ClauseName>,
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
    file: &'a Arc<SourceFile>,
    rules: &'a RuleSet,
    facts: &'a dyn PackageFacts,
    /// One for each import, in the same order.
    bindings: Vec<Binding>,
    declared: RefCell<HashMap<String, bool>>,
    types: OnceCell<Option<FileTypes<'a>>>,
    /// Where the file belongs; known where rules speak of packages of its own module.
    place: Option<Place>,
}

impl<'a> FileNames<'a> {
    /// The names of the imports of `file`; what `rules` say about packages goes first.
    pub fn new(file: &'a Arc<SourceFile>, rules: &'a RuleSet, facts: &'a dyn PackageFacts) -> Self {
        let place = rules.speaks_of_own_module().then(|| facts.place(file.folder())).flatten();
        let bindings = file
            .imports()
            .iter()
            .map(|import| {
                let said = |name: &str| ClauseName { name: name.to_string(), certain: true };
                let (name, form) = match import.explicit_name(file.text()) {
                    Some("_") => (said("").into(), ImportForm::Blank),
                    Some(".") => (said("").into(), ImportForm::Dot),
                    Some(name) => (said(name).into(), ImportForm::Alias),
                    None => (OnceCell::new(), ImportForm::Plain),
                };
                let own = place.as_ref().and_then(|place| in_rules(&import.path, place, rules));
                Binding { path: own.unwrap_or_else(|| import.path.clone()), form, name }
            })
            .collect();
        let (declared, types) = (RefCell::default(), OnceCell::new());
        Self { file, rules, facts, bindings, declared, types, place }
    }

    /// The import path that rules call `path`; `None` where it is one of the file's own module and
    /// there is no module.
    pub fn real_path(&self, path: &str) -> Option<String> {
        match path.strip_prefix(OWN_MODULE) {
            Some(below) => Some(format!("{}{below}", self.place.as_ref()?.module)),
            None => Some(path.to_owned()),
        }
    }

    /// Whether the file belongs to the package that rules call `path`.
    pub fn is_own_package(&self, path: &str) -> bool {
        let own = self.place.as_ref().map(|place| &place.package);
        path.starts_with(OWN_MODULE) && self.real_path(path).as_ref() == own
    }

    /// The file.
    pub fn file(&self) -> &'a SourceFile {
        self.file
    }

    /// The types in the file, where sources can be read. They are looked at when first asked for:
    /// most files never are.
    pub fn types(&self) -> Option<&FileTypes<'a>> {
        self.types.get_or_init(|| Some(self.facts.types()?.file(self.file))).as_ref()
    }

    /// The imports, in the order of the file.
    pub fn bindings(&self) -> &[Binding] {
        &self.bindings
    }

    /// Whether the file imports the package at `path`, under whatever name.
    pub fn imports(&self, path: &str) -> bool {
        self.bindings.iter().any(|binding| *binding.path == *path)
    }

    /// The name that stands before the dot for the import `index`; empty for blank and dot
    /// imports. A guessed name is good enough to find uses, never to remove the import.
    pub fn local(&self, index: usize) -> &ClauseName {
        let binding = &self.bindings[index];
        binding
            .name
            .get_or_init(|| clause_name(self.file.folder(), &binding.path, self.rules, self.facts))
    }

    /// The import that the name `node`, which stands before a dot, refers to: an index into
    /// [`FileNames::bindings`]. `None` for local names, which shadow imports.
    pub fn import_of(&self, part: &Part, node: Node<'_>) -> Option<usize> {
        let free = node.kind() == Kind::Ident && part.scopes().name_use(node.id()) == NameUse::Free;
        if !free {
            return None;
        }
        let name = node.text();
        let named = |&index: &usize| self.local(index).name == name;
        // The likely ones first: most names need no look into other files.
        let likely = |index: &usize| {
            let binding = &self.bindings[*index];
            binding.name.get().is_some_and(|n| n.name == name)
                || (binding.form == ImportForm::Plain && default_name(&binding.path) == name)
        };
        let all = 0..self.bindings.len();
        all.clone().filter(likely).find(named).or_else(|| all.clone().find(named))
    }

    /// Whether `node` is a qualifier that stands for the package at `path`.
    pub fn is_package(&self, part: &Part, node: Node<'_>, path: &str) -> bool {
        let here = |&index: &usize| {
            &*self.bindings[index].path == path && self.local(index).name == node.text()
        };
        node.kind() == Kind::Ident
            && part.scopes().name_use(node.id()) == NameUse::Free
            && (0..self.bindings.len()).any(|index| here(&index))
    }

    /// Whether the bare name `node` comes from a dot import of `path`.
    pub fn is_dot_imported(&self, part: &Part, node: Node<'_>, path: &str) -> bool {
        let is_dot = |b: &&Binding| b.form == ImportForm::Dot;
        let dots = || self.bindings.iter().filter(is_dot).map(|b| &*b.path);
        node.kind() == Kind::Ident
            && dots().any(|dot| dot == path)
            && is_exported(node.text())
            && part.scopes().name_use(node.id()) == NameUse::Free
            && !self.package_declares(node.text())
            && !dots().any(|dot| dot != path && self.facts.exports(self.file, dot, node.text()))
    }

    /// Whether the name `node` means what is predeclared.
    pub fn is_predeclared(&self, part: &Part, node: Node<'_>) -> bool {
        matches!(part.scopes().name_use(node.id()), NameUse::Free | NameUse::Key(None))
            && !self.package_declares(node.text())
    }

    /// Whether the file's package declares `name` at its top level.
    pub fn package_declares(&self, name: &str) -> bool {
        if let Some(&answer) = self.declared.borrow().get(name) {
            return answer;
        }
        let answer = self.facts.declares(self.file, name);
        self.declared.borrow_mut().insert(name.to_string(), answer);
        answer
    }

    /// What is known about packages.
    pub fn facts(&self) -> &'a dyn PackageFacts {
        self.facts
    }
}

/// What rules call the package at `path`, if it is one of the module that files at `place` are in.
fn in_rules(path: &str, place: &Place, rules: &RuleSet) -> Option<Arc<str>> {
    let below = path.strip_prefix(place.module.as_str())?;
    let own = format!("{OWN_MODULE}{below}");
    rules.package_at(&own).map(|_| own.into())
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
