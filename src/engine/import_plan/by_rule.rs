//! What import rules do to the imports of a file: move them, some of their names, add, remove.

use super::uses::Use;
use super::{Added, ImportPlan, Planned, Shadowed};
use crate::engine::fix::{FixStatus, ReviewReason, Site};
use crate::engine::names::{ImportForm, clause_name};
use crate::rule::compiled::ImportAction;
use crate::text::{Edit, Span};

impl ImportPlan<'_, '_> {
    pub(super) fn apply(&mut self, rule: usize, action: &ImportAction) {
        match action {
            ImportAction::Move { from, to, subpackages, symbols } => {
                for index in 0..self.planned.len() {
                    let old = &self.rules.package(*from).path;
                    let path = &self.planned[index].path;
                    let Some(rest) = moved_rest(path, old, *subpackages) else { continue };
                    if !rest.is_empty() && self.is_in_nested_module(path, old) {
                        continue;
                    }
                    let path = format!("{}{rest}", self.rules.package(*to).path);
                    if symbols.is_empty() {
                        self.move_import(rule, index, &path);
                    } else if self.planned[index].form == ImportForm::Dot {
                        self.move_dot_symbols(rule, index, &path, symbols);
                    } else {
                        self.move_symbols(rule, index, &path, symbols);
                    }
                }
            }
            ImportAction::Replace { from, to, name } => {
                let from = &self.rules.package(*from).path;
                let at = self.planned.iter().position(|p| p.path == *from && !p.merged);
                if let Some(index) = at {
                    let to = self.rules.package(*to).path.clone();
                    self.replace_import(rule, index, &to, name.as_deref());
                }
            }
            ImportAction::PackageClause { name } => self.rename_package(rule, name),
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

    /// Whether go.mod names a module below `above` that the package at `path` belongs to.
    fn is_in_nested_module(&self, path: &str, above: &str) -> bool {
        let module = self.names.facts().module_of(self.file().folder(), path);
        module.is_some_and(|module| module.len() > above.len())
    }

    /// Whether a comment keeps the rule away from `span`; the site says so.
    pub(super) fn is_suppressed(&mut self, rule: usize, span: Span) -> bool {
        let reason = self.suppressions.reason(rule, span);
        let is_suppressed = reason.is_some();
        if let Some(reason) = reason {
            self.site(rule, span, FixStatus::Suppressed(reason));
        }
        is_suppressed
    }

    pub(super) fn site(&mut self, rule: usize, span: Span, status: FixStatus) {
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
            if self.has_guessed_name(index, path) {
                let reason = ReviewReason::GuessedName(old.path.clone());
                return self.site(rule, span, FixStatus::NeedsReview(reason));
            }
            if let Some(own) = self.own_name(&old, &old_local, path) {
                local = Some(own);
            } else {
                name = Some(old_local.clone());
                local = Some(old_local);
                form = ImportForm::Alias;
            }
        }
        let planned = &mut self.planned[index];
        *planned =
            Planned { path: path.to_string(), local, name, form, changed: true, ..planned.clone() };
        self.site(rule, span, FixStatus::Applied);
    }

    /// Whether nothing tells what the file calls the import, which at `path` would have another
    /// name.
    fn has_guessed_name(&self, index: usize, path: &str) -> bool {
        let local = self.local(index);
        let new = clause_name(self.file().folder(), path, self.rules, self.names.facts());
        new.name != local && !self.is_certain(index) && self.uses_of(local).is_empty()
    }

    /// The name of the package at `path`, where an import without a name of its own can take it;
    /// its uses get it.
    fn own_name(&mut self, old: &Planned, old_local: &str, path: &str) -> Option<String> {
        if old.form != ImportForm::Plain {
            return None;
        }
        let new = clause_name(self.file().folder(), path, self.rules, self.names.facts());
        if new.name == old_local {
            return Some(new.name);
        }
        let uses = self.uses_of(old_local);
        let is_free = new.certain && self.is_free(&new.name, &uses);
        if is_free {
            self.rename_uses(&uses, &new.name);
        }
        is_free.then_some(new.name)
    }

    /// The import goes to a path, which may be its own, under that name or none.
    fn replace_import(&mut self, rule: usize, index: usize, path: &str, name: Option<&str>) {
        let span = self.file().imports()[index].span;
        let old = self.planned[index].clone();
        if (old.path == path && old.name.as_deref() == name) || self.is_suppressed(rule, span) {
            return;
        }
        let there = self.planned.iter().enumerate().position(|(i, p)| {
            i != index && p.path == path && !p.merged && p.form != ImportForm::Dot
        });
        if let Some(target) = there {
            let status = self.merge(index, target);
            return self.site(rule, span, status);
        }
        let status = self.rename_import(index, path, name);
        self.site(rule, span, status);
    }

    /// Gives the import another path and name, and its uses the name.
    fn rename_import(&mut self, index: usize, path: &str, name: Option<&str>) -> FixStatus {
        let old_local = self.local(index).to_string();
        let uses = self.uses_of(&old_local);
        let (form, local) = match name {
            Some("_") => (ImportForm::Blank, String::new()),
            Some(".") => (ImportForm::Dot, String::new()),
            Some(name) => (ImportForm::Alias, name.to_string()),
            None => {
                let folder = self.file().folder();
                let clause = clause_name(folder, path, self.rules, self.names.facts());
                if !clause.certain && clause.name != old_local && !uses.is_empty() {
                    return FixStatus::NeedsReview(ReviewReason::GuessedName(path.to_string()));
                }
                (ImportForm::Plain, clause.name)
            }
        };
        if local != old_local && !uses.is_empty() {
            if local.is_empty() || !self.is_free(&local, &uses) {
                let name = name.map_or(local, str::to_string);
                return FixStatus::NeedsReview(ReviewReason::Shadowed(name));
            }
            self.rename_uses(&uses, &local);
        }
        self.planned[index] = Planned {
            path: path.to_string(),
            local: Some(local),
            name: name.map(str::to_string),
            form,
            merged: false,
            changed: true,
        };
        FixStatus::Applied
    }

    /// The name in the package clause changes.
    fn rename_package(&mut self, rule: usize, name: &str) {
        let Some(clause) = self.file().outline().package else { return };
        if clause.of(self.file().text()) == name || self.is_suppressed(rule, clause) {
            return;
        }
        self.uses.push(Edit::replace(clause, name));
        self.site(rule, clause, FixStatus::Applied);
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
                let (name, form, local) = match self.own_name(&old, &old_local, &new.path) {
                    Some(own) => (None, ImportForm::Plain, own),
                    None => (Some(old_local.clone()), ImportForm::Alias, old_local),
                };
                let local = Some(local);
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
                if moved.len() == uses.len()
                    && self.owns_its_name(index)
                    && !self.registers(&old.path)
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
                ImportForm::Dot => !self.dot_uses(path).is_empty(),
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
