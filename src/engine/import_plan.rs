//! The imports that a file will have. Comes in: a file's imports, the import rules in force and
//! the packages that fixes need. Goes out: by which name a package is known at a site, the edits
//! of uses whose name changes, and at last the changes to the imports themselves.

mod by_rule;
mod dots;
mod own_names;
mod uses;

use std::collections::BTreeSet;

use self::uses::{Use, has_word, names_package, qualified_member, qualifiers_in};
use super::fix::Site;
use super::names::{FileNames, ImportForm, clause_name};
use super::render::Qualifier;
use super::suppress::Suppressions;
use crate::go::imports::ImportChange;
use crate::go::lex::is_identifier;
use crate::go::source::SourceFile;
use crate::rule::compiled::{Action, Package, RuleSet};
use crate::rule::pattern::PackageId;
use crate::text::{Edit, Span};

/// An import as it will be.
#[derive(Clone, Debug)]
struct Planned {
    path: String,
    /// The name before the dot, where it is another than the file has now.
    local: Option<String>,
    /// The name before the path.
    name: Option<String>,
    form: ImportForm,
    /// The import becomes one that is there already, and goes.
    merged: bool,
    changed: bool,
}

/// An import that is to come.
#[derive(Clone, Debug)]
struct Added {
    path: String,
    name: Option<String>,
    local: String,
}

/// What will become of the imports of one file.
pub struct ImportPlan<'a, 'n> {
    names: &'a FileNames<'n>,
    rules: &'a RuleSet,
    suppressions: &'a Suppressions,
    planned: Vec<Planned>,
    added: Vec<Added>,
    removed: BTreeSet<usize>,
    /// Uses of packages whose name changes.
    uses: Vec<Edit>,
    /// What import rules did.
    pub sites: Vec<Site>,
}

/// The name of a package cannot be used at a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shadowed(pub String);

impl<'a, 'n> ImportPlan<'a, 'n> {
    /// Applies the import rules among `active`, by index, to the file's imports.
    pub fn new(
        names: &'a FileNames<'n>,
        rules: &'a RuleSet,
        active: &[usize],
        suppressions: &'a Suppressions,
    ) -> Self {
        let imports = names.file().imports().iter().zip(names.bindings());
        let text = names.file().text();
        let planned = imports
            .map(|(import, binding)| Planned {
                path: binding.path.to_string(),
                local: None,
                name: import.explicit_name(text).map(str::to_string),
                form: binding.form,
                merged: false,
                changed: false,
            })
            .collect();
        let mut plan = Self {
            names,
            rules,
            suppressions,
            planned,
            added: Vec::new(),
            removed: BTreeSet::new(),
            uses: Vec::new(),
            sites: Vec::new(),
        };
        for &rule in active {
            if let Action::Import(action) = &rules.rules[rule].action {
                plan.apply(rule, action);
            }
        }
        plan
    }

    fn file(&self) -> &'a SourceFile {
        self.names.file()
    }

    /// The name before the dot of the import `index`, as planned.
    fn local(&self, index: usize) -> &str {
        let planned = self.planned[index].local.as_deref();
        planned.unwrap_or_else(|| &self.names.local(index).name)
    }

    /// Whether the import has a name, and it is known for certain.
    fn is_certain(&self, index: usize) -> bool {
        let name = self.names.local(index);
        name.certain && !name.name.is_empty()
    }

    /// Whether what has the import's name before a dot is surely of this import: its name is
    /// known, or that of every other one is.
    fn owns_its_name(&self, index: usize) -> bool {
        let is_known = |other: usize| other == index || self.names.local(other).certain;
        self.is_certain(index) || (0..self.planned.len()).all(is_known)
    }

    /// The import of `path` that has a name before the dot.
    fn named_import(&self, path: &str) -> Option<usize> {
        (0..self.planned.len()).find(|&index| {
            let planned = &self.planned[index];
            planned.path == path
                && !planned.merged
                && matches!(planned.form, ImportForm::Plain | ImportForm::Alias)
        })
    }

    /// All uses of the import called `local`.
    fn uses_of(&self, local: &str) -> Vec<Use> {
        let file = self.file();
        let text = file.text();
        let mut uses = Vec::new();
        for (decl, outline) in file.code_decls() {
            if local.is_empty() || !has_word(outline.span.of(text), local) {
                continue;
            }
            let part = file.part(decl);
            for node in part.syntax().iter() {
                if let Some(member) = qualified_member(part, node, local) {
                    uses.push(Use { decl, span: node.span(), member: member.to_string() });
                }
            }
        }
        uses
    }

    fn rename_uses(&mut self, uses: &[Use], name: &str) {
        self.uses.extend(uses.iter().map(|u| Edit::replace(u.span, name)));
    }

    /// The first of the uses at which `name` means something local.
    fn first_shadow(&self, name: &str, uses: &[Use]) -> Option<String> {
        let shadowed = |u: &Use| self.file().part(u.decl).scopes().declares_within(name, u.span);
        uses.iter().any(shadowed).then(|| name.to_string())
    }

    /// Whether an import may be called `name`, given where it is used.
    fn is_free(&self, name: &str, uses: &[Use]) -> bool {
        let mut others = (0..self.planned.len()).filter(|&index| !self.planned[index].merged);
        let taken = others.any(|index| self.local(index) == name)
            || self.added.iter().any(|a| a.local == name);
        !taken && self.first_shadow(name, uses).is_none() && !self.names.package_declares(name)
    }

    /// How to name the package at a site. A package that the file does not import is imported, if
    /// the fix is applied: see [`ImportPlan::finish`].
    ///
    /// # Errors
    /// Where the file's name for the package means something else at the site.
    pub fn qualifier(
        &mut self,
        id: PackageId,
        decl: usize,
        site: Span,
    ) -> Result<Qualifier, Shadowed> {
        let Package { path, .. } = self.rules.package(id);
        if self.names.is_own_package(path) {
            return Ok(Qualifier::Dot);
        }
        let usable = |p: &&Planned| p.path == *path && !p.merged;
        if let Some(index) = self.named_import(path) {
            let name = self.local(index).to_string();
            let scopes = self.file().part(decl).scopes();
            if scopes.declares_within(&name, site) {
                return Err(Shadowed(name));
            }
            return Ok(Qualifier::Name(name));
        }
        if self.planned.iter().any(|p| usable(&p) && p.form == ImportForm::Dot) {
            return Ok(Qualifier::Dot);
        }
        let here = Use { decl, span: site, member: String::new() };
        self.add_package_path(path, &[here]).map(Qualifier::Name)
    }

    /// Imports `path` under a name that is free everywhere in the file, or uses the import that is
    /// planned.
    fn add_package_path(&mut self, path: &str, uses: &[Use]) -> Result<String, Shadowed> {
        if let Some(index) = self.named_import(path) {
            let local = self.local(index).to_string();
            return match self.first_shadow(&local, uses) {
                Some(name) => Err(Shadowed(name)),
                None => Ok(local),
            };
        }
        if let Some(added) = self.added.iter().find(|a| a.path == path && !a.local.is_empty()) {
            let local = added.local.clone();
            return match self.first_shadow(&local, uses) {
                Some(name) => Err(Shadowed(name)),
                None => Ok(local),
            };
        }
        let clause = clause_name(self.file().folder(), path, self.rules, self.names.facts());
        let candidates = local_names(path, &clause.name);
        let text = self.file().text().clone();
        let free = |name: &&String| {
            self.is_free(name, uses) && !self.may_be_shadowed_elsewhere(name, &text)
        };
        let local = candidates.iter().find(free).cloned();
        let Some(local) = local else { return Err(Shadowed(clause.name)) };
        let plain = local == clause.name && clause.certain;
        let name = (!plain).then(|| local.clone());
        let blank = self
            .planned
            .iter()
            .position(|p| p.path == path && p.form == ImportForm::Blank && !p.merged);
        if let Some(blank) = blank {
            let form = if plain { ImportForm::Plain } else { ImportForm::Alias };
            let planned = &mut self.planned[blank];
            *planned = Planned {
                local: Some(local.clone()),
                name,
                form,
                changed: true,
                ..planned.clone()
            };
        } else {
            self.added.push(Added { path: path.to_string(), name, local: local.clone() });
        }
        Ok(local)
    }

    /// Whether any function of the file declares `name`: then the import gets another one, so that
    /// it can be used at every site. Only asked for imports that the file does not have yet.
    fn may_be_shadowed_elsewhere(&self, name: &str, text: &str) -> bool {
        has_word(text, name) && {
            let file = self.file();
            file.code_decls().any(|(decl, outline)| {
                let part_text = outline.span.of(text);
                has_word(part_text, name)
                    && file.part(decl).scopes().declares_within(name, outline.span)
            })
        }
    }

    /// The edits of uses whose name changes.
    pub fn use_edits(&self) -> &[Edit] {
        &self.uses
    }

    /// Whether importing the package has an effect of its own.
    fn registers(&self, path: &str) -> bool {
        self.rules.package_at(path).is_some_and(|p| p.registers)
    }

    /// The changes to the imports, once the other edits are known. Packages that no inserted text
    /// names are not added; imports whose last use an edit removed go, or become blank if the
    /// package registers itself.
    pub fn finish(mut self, edits: &[Edit]) -> (Vec<ImportChange>, Vec<Site>) {
        let mut changes = Vec::new();
        let mut unused = self.left_unused(edits);
        unused.extend(self.dots_left_unused(edits));
        for (index, planned) in self.planned.iter_mut().enumerate() {
            if planned.merged || self.removed.contains(&index) {
                changes.push(ImportChange::Remove { index });
            } else if unused.contains(&index) {
                let registers = self.rules.package_at(&planned.path).is_some_and(|p| p.registers);
                changes.push(if registers {
                    let name = Some("_".to_string());
                    let path = real(self.names, &planned.path);
                    ImportChange::Set { index, path, name }
                } else {
                    ImportChange::Remove { index }
                });
            } else if planned.changed {
                let name = planned.name.clone();
                let path = real(self.names, &planned.path);
                changes.push(ImportChange::Set { index, path, name });
            }
        }
        for added in self.added {
            let named = added.local.is_empty()
                || edits.iter().any(|e| names_package(&e.new, &added.local))
                || added.name.as_deref() == Some(".");
            if named {
                let path = real(self.names, &added.path);
                changes.push(ImportChange::Add { path, name: added.name });
            }
        }
        (changes, self.sites)
    }

    /// Imports that were used, by a name that is certain, and are not after the edits.
    fn left_unused(&self, edits: &[Edit]) -> BTreeSet<usize> {
        let text = self.file().text();
        let touched: BTreeSet<&str> =
            edits.iter().flat_map(|e| qualifiers_in(text, e.span)).collect();
        let mut unused = BTreeSet::new();
        if touched.is_empty() {
            return unused;
        }
        for index in 0..self.planned.len() {
            let old_name = &self.names.local(index).name;
            let is_candidate = touched.contains(old_name.as_str())
                && self.is_certain(index)
                && !self.planned[index].merged;
            if !is_candidate || edits.iter().any(|e| names_package(&e.new, self.local(index))) {
                continue;
            }
            let uses = self.uses_of(old_name);
            let survives = |u: &Use| !edits.iter().any(|e| e.span.overlaps(u.span));
            if !uses.is_empty() && !uses.iter().any(survives) {
                unused.insert(index);
            }
        }
        unused
    }
}

/// Names for an import of `path`, best first: the package's own, one that says where it comes
/// from, then numbered ones.
fn local_names(path: &str, clause: &str) -> Vec<String> {
    let mut names = vec![clause.to_string()];
    let elements: Vec<&str> = path.split('/').rev().skip(1).collect();
    let before = elements.first().copied().unwrap_or_default();
    let prefix: String = before.chars().filter(char::is_ascii_alphanumeric).collect();
    let joined = format!("{}{clause}", prefix.to_lowercase());
    if is_identifier(&joined) && !prefix.is_empty() {
        names.push(joined);
    }
    names.extend((2..10).map(|n| format!("{clause}{n}")));
    names
}

/// The import path that rules call `path`. Where there is none, no fix needs it.
fn real(names: &FileNames<'_>, path: &str) -> String {
    names.real_path(path).unwrap_or_else(|| path.to_owned())
}
