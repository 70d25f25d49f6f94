//! Imports that got another name than their package's, since that was taken. Comes in: a file
//! after all rounds. Goes out: the package's own name for those of them for which it is free by now,
//! as it is where the import that had it went.

use super::{ImportPlan, local_names};
use crate::engine::names::{ImportForm, clause_name};

impl ImportPlan<'_, '_> {
    /// Gives imports their packages' own names, if the name that they have is one that
    /// [`local_names`] made up and `is_new` says that the run added them.
    pub fn take_own_names(&mut self, is_new: impl Fn(&str) -> bool) {
        for index in 0..self.planned.len() {
            let planned = &self.planned[index];
            if planned.form != ImportForm::Alias || !is_new(&planned.path) {
                continue;
            }
            let path = planned.path.clone();
            let clause = clause_name(self.file().folder(), &path, self.rules, self.names.facts());
            let local = self.local(index).to_string();
            let made_up = local_names(&path, &clause.name).into_iter().skip(1).any(|n| n == local);
            if !made_up || !clause.certain {
                continue;
            }
            let uses = self.uses_of(&local);
            if self.is_free(&clause.name, &uses) {
                self.rename_uses(&uses, &clause.name);
                let planned = &mut self.planned[index];
                planned.local = Some(clause.name);
                planned.name = None;
                planned.form = ImportForm::Plain;
                planned.changed = true;
            }
        }
    }
}
