//! The imports that a file will have. Comes in: a file's imports, the import rules in force and
//! the packages that fixes need. Goes out: by which name a package is known at a site, the edits
//! of uses whose name changes, and at last the changes to the imports themselves.

use std::collections::BTreeSet;

use super::fix::{FixStatus, ReviewReason, Site};
use super::names::{FileNames, ImportForm, clause_name};
use super::render::Qualifier;
use super::suppress::Suppressions;
use crate::go::imports::ImportChange;
use crate::go::lex::{Lexer, TokenKind, is_identifier};
use crate::go::scope::NameUse;
use crate::go::source::{Part, SourceFile};
use crate::go::syntax::{Kind, Node, Role};
use crate::rule::compiled::{Action, ImportAction, Package, RuleSet};
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
                path: import.path.to_string(),
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

    /// The import of `path` that has a name before the dot.
    fn named_import(&self, path: &str) -> Option<usize> {
        (0..self.planned.len()).find(|&index| {
            let planned = &self.planned[index];
            planned.path == path
                && !planned.merged
                && matches!(planned.form, ImportForm::Plain | ImportForm::Alias)
        })
    }

    fn apply(&mut self, rule: usize, action: &ImportAction) {
        match action {
            ImportAction::Move { from, to, subpackages, symbols } => {
                for index in 0..self.planned.len() {
                    let old = &self.rules.package(*from).path;
                    let Some(rest) = moved_rest(&self.planned[index].path, old, *subpackages)
                    else {
                        continue;
                    };
                    let path = format!("{}{rest}", self.rules.package(*to).path);
                    if symbols.is_empty() {
                        self.move_import(rule, index, &path);
                    } else {
                        self.move_symbols(rule, index, &path, symbols);
                    }
                }
            }
            ImportAction::Add { package, name, .. } => {
                let path = self.rules.package(*package).path.clone();
                self.add_by_rule(rule, &path, name.as_deref());
            }
            ImportAction::Remove { package } => {
                let path = self.rules.package(*package).path.clone();
                self.remove_by_rule(rule, &path);
            }
        }
    }

    /// Whether a comment keeps the rule away from `span`; the site says so.
    fn is_suppressed(&mut self, rule: usize, span: Span) -> bool {
        let reason = self.suppressions.reason(rule, span);
        let is_suppressed = reason.is_some();
        if let Some(reason) = reason {
            self.site(rule, span, FixStatus::Suppressed(reason));
        }
        is_suppressed
    }

    fn site(&mut self, rule: usize, span: Span, status: FixStatus) {
        self.sites.push(Site::new(rule, span, status));
    }

    /// The whole import goes to another path.
    fn move_import(&mut self, rule: usize, index: usize, path: &str) {
        let span = self.file().imports()[index].span;
        if self.is_suppressed(rule, span) {
            return;
        }
        let there = self.planned.iter().enumerate().position(|(i, p)| {
            i != index && p.path == path && !p.merged && p.form != ImportForm::Dot
        });
        if let Some(target) = there {
            let status = self.merge(index, target);
            return self.site(rule, span, status);
        }
        let old = self.planned[index].clone();
        let old_local = self.local(index).to_string();
        let (mut name, mut local) = (old.name.clone(), old.local.clone());
        let mut form = old.form;
        if old.form == ImportForm::Plain {
            let new = clause_name(self.file().folder(), path, self.rules, self.names.facts());
            if new.name == old_local {
                local = Some(new.name);
            } else {
                let uses = self.uses_of(&old_local);
                if uses.is_empty() && !self.is_certain(index) {
                    let reason = ReviewReason::GuessedName(old.path.clone());
                    return self.site(rule, span, FixStatus::NeedsReview(reason));
                }
                if new.certain && self.is_free(&new.name, &uses) {
                    self.rename_uses(&uses, &new.name);
                    local = Some(new.name);
                } else {
                    name = Some(old_local.clone());
                    local = Some(old_local);
                    form = ImportForm::Alias;
                }
            }
        }
        let planned = &mut self.planned[index];
        *planned =
            Planned { path: path.to_string(), local, name, form, changed: true, ..planned.clone() };
        self.site(rule, span, FixStatus::Applied);
    }

    /// The import becomes one that the file has already; a named one wins over a blank one.
    fn merge(&mut self, index: usize, target: usize) -> FixStatus {
        let old = self.planned[index].clone();
        let new = self.planned[target].clone();
        let old_local = self.local(index).to_string();
        match (old.form, new.form) {
            (ImportForm::Dot, _) => {
                // Names without a qualifier cannot be told apart here: both imports stay.
                self.planned[index] = Planned { path: new.path, changed: true, ..old };
                return FixStatus::Applied;
            }
            (ImportForm::Blank, _) => {}
            (_, ImportForm::Blank) => {
                let clause =
                    clause_name(self.file().folder(), &new.path, self.rules, self.names.facts());
                let same = clause.name == old_local && old.form != ImportForm::Alias;
                let name = (!same).then(|| old_local.clone());
                let form = if same { ImportForm::Plain } else { ImportForm::Alias };
                let local = Some(old_local);
                self.planned[target] = Planned { local, name, form, changed: true, ..new };
            }
            _ => {
                let uses = self.uses_of(&old_local);
                let new_local = self.local(target).to_string();
                if let Some(name) = self.first_shadow(&new_local, &uses) {
                    return FixStatus::NeedsReview(ReviewReason::Shadowed(name));
                }
                self.rename_uses(&uses, &new_local);
            }
        }
        self.planned[index].merged = true;
        FixStatus::Applied
    }

    /// Only some names go to another path.
    fn move_symbols(&mut self, rule: usize, index: usize, path: &str, symbols: &[String]) {
        let old = self.planned[index].clone();
        let old_local = self.local(index).to_string();
        let uses = self.uses_of(&old_local);
        let moves = |u: &&Use| symbols.contains(&u.member);
        let mut moved: Vec<Use> = uses.iter().filter(moves).cloned().collect();
        moved.retain(|used| !self.is_suppressed(rule, used.span));
        if moved.is_empty() {
            return;
        }
        match self.add_package_path(path, &moved) {
            Ok(local) => {
                self.rename_uses(&moved, &local);
                if moved.len() == uses.len() && self.is_certain(index) && !self.registers(&old.path)
                {
                    self.removed.insert(index);
                }
                for used in moved {
                    self.site(rule, used.span, FixStatus::Applied);
                }
            }
            Err(Shadowed(name)) => {
                for used in moved {
                    let reason = ReviewReason::Shadowed(name.clone());
                    self.site(rule, used.span, FixStatus::NeedsReview(reason));
                }
            }
        }
    }

    fn add_by_rule(&mut self, rule: usize, path: &str, name: Option<&str>) {
        let blank = name == Some("_");
        let there = self.planned.iter().any(|p| p.path == path && !p.merged)
            || self.added.iter().any(|a| a.path == path);
        let Some(package) = self.file().outline().package.filter(|_| !there) else { return };
        if self.is_suppressed(rule, package) {
            return;
        }
        let clause = clause_name(self.file().folder(), path, self.rules, self.names.facts());
        let local = match name {
            _ if blank => String::new(),
            Some(name) => name.to_string(),
            None => clause.name,
        };
        let name = name.map(str::to_string);
        self.added.push(Added { path: path.to_string(), name, local });
        self.site(rule, package, FixStatus::Applied);
    }

    fn remove_by_rule(&mut self, rule: usize, path: &str) {
        for index in 0..self.planned.len() {
            let planned = &self.planned[index];
            if planned.path != path || planned.merged {
                continue;
            }
            let span = self.file().imports()[index].span;
            let used = match planned.form {
                ImportForm::Blank => false,
                ImportForm::Dot => true,
                ImportForm::Plain | ImportForm::Alias => {
                    !self.is_certain(index) || !self.uses_of(self.local(index)).is_empty()
                }
            };
            if self.is_suppressed(rule, span) {
                continue;
            }
            if used {
                self.site(rule, span, FixStatus::Manual);
            } else {
                self.removed.insert(index);
                self.site(rule, span, FixStatus::Applied);
            }
        }
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
        let unused = self.left_unused(edits);
        for (index, planned) in self.planned.iter_mut().enumerate() {
            if planned.merged || self.removed.contains(&index) {
                changes.push(ImportChange::Remove { index });
            } else if unused.contains(&index) {
                let registers = self.rules.package_at(&planned.path).is_some_and(|p| p.registers);
                changes.push(if registers {
                    let name = Some("_".to_string());
                    ImportChange::Set { index, path: planned.path.clone(), name }
                } else {
                    ImportChange::Remove { index }
                });
            } else if planned.changed {
                let name = planned.name.clone();
                changes.push(ImportChange::Set { index, path: planned.path.clone(), name });
            }
        }
        for added in self.added {
            let named = added.local.is_empty()
                || edits.iter().any(|e| names_package(&e.new, &added.local))
                || added.name.as_deref() == Some(".");
            if named {
                changes.push(ImportChange::Add { path: added.path, name: added.name });
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

/// Names in `span` that stand before a dot and not behind one.
fn qualifiers_in(text: &str, span: Span) -> impl Iterator<Item = &str> {
    let tokens = Lexer::new(text, span).filter(|t| t.kind == TokenKind::Ident);
    tokens.map(|t| t.span).filter_map(|at| {
        let behind = text[at.end..].trim_start().starts_with('.');
        let before = text[..at.start].trim_end().ends_with('.');
        (behind && !before).then(|| at.of(text))
    })
}

/// A place that names a package.
#[derive(Clone, Debug)]
struct Use {
    decl: usize,
    span: Span,
    member: String,
}

/// The member that is selected if `node` is the qualifier `local` of a package.
fn qualified_member<'t>(part: &'t Part, node: Node<'t>, local: &str) -> Option<&'t str> {
    let qualifies = node.kind() == Kind::Ident && node.role() == Role::X && node.text() == local;
    let parent = node.parent().filter(|p| qualifies && p.kind() == Kind::Selector)?;
    let free = part.scopes().name_use(node.id()) == NameUse::Free;
    free.then(|| parent.child(Role::Sel)).flatten().map(Node::text)
}

/// What follows `old` in `path` if the import moves along: nothing, or for subpackages the rest.
/// Another major version is another module and stays.
fn moved_rest<'p>(path: &'p str, old: &str, subpackages: bool) -> Option<&'p str> {
    let rest = path.strip_prefix(old)?;
    if rest.is_empty() {
        return Some(rest);
    }
    let below = rest.strip_prefix('/').filter(|_| subpackages)?;
    let first = below.split('/').next().unwrap_or_default();
    let major = first.strip_prefix('v').is_some_and(|n| {
        !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()) && n != "0" && n != "1"
    });
    (!major).then_some(rest)
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

/// Whether `text` holds `word` with no letter or digit beside it.
fn has_word(text: &str, word: &str) -> bool {
    let part = |c: char| c == '_' || c.is_alphanumeric();
    !word.is_empty()
        && memchr::memmem::find_iter(text.as_bytes(), word)
            .any(|at| !text[..at].ends_with(part) && !text[at + word.len()..].starts_with(part))
}

/// Whether `code` names a member of the package `local`.
fn names_package(code: &str, local: &str) -> bool {
    let part = |c: char| c == '_' || c.is_alphanumeric() || c == '.';
    !local.is_empty()
        && memchr::memmem::find_iter(code.as_bytes(), local).any(|at| {
            let behind = code[at + local.len()..].trim_start();
            let member = behind.strip_prefix('.').is_some_and(|m| {
                let m = m.trim_start();
                m.is_empty() || m.starts_with(|c: char| c == '_' || c.is_alphabetic())
            });
            // An edit may end with the name or its dot, what follows being kept.
            !code[..at].ends_with(part) && (member || behind.is_empty())
        })
}
