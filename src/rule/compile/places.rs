//! The files that a rule looks at. Comes in: what a rule says about them. Goes out: the globs,
//! compiled; rules of one file for which the same is said share what was compiled.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::rule::Compiler;
use super::values;
use crate::rule::compiled::{Places, UnlessFolder};
use crate::rule::spec::{PlacesSpec, UnlessFolderSpec};
use crate::text::{FileId, Span};

/// The folders that rules leave out, by the place where that is written; `None` where it is wrong.
pub(super) type Folders = BTreeMap<(FileId, Span), Option<Arc<UnlessFolder>>>;

impl Compiler<'_, '_> {
    pub(super) fn places(&mut self, spec: &PlacesSpec) -> Places {
        Places {
            files: values::globs(self.file, &spec.files, self.diagnostics),
            unless_files: values::globs(self.file, &spec.unless_files, self.diagnostics),
            unless_folder: spec.unless_folder.as_ref().and_then(|f| self.unless_folder(f)),
        }
    }

    fn unless_folder(&mut self, spec: &UnlessFolderSpec) -> Option<Arc<UnlessFolder>> {
        let written = (self.file, spec.named.span());
        if let Some(known) = self.folders.get(&written) {
            return known.clone();
        }
        let named = self.keep(values::name_glob(self.file, &spec.named));
        let beside = self.keep(values::name_glob(self.file, &spec.beside));
        let above = spec.above.map_or(0, |above| above.value);
        let file_names = spec.file_names.is_some_and(|names| names.value);
        let folder = named.zip(beside).map(|(named, beside)| {
            let folder = UnlessFolder { named, beside, above, file_names };
            Arc::new(folder)
        });
        self.folders.insert(written, folder.clone());
        folder
    }
}
