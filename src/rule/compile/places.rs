//! The files that a rule looks at. Comes in: what a rule says about them. Goes out: the globs,
//! compiled; rules of one file for which the same is said share what was compiled.

use std::sync::Arc;

use globset::GlobSet;

use super::rule::Compiler;
use super::values;
use crate::rule::compiled::{Places, UnlessFolder};
use crate::rule::spec::{PlacesSpec, SpannedStr, UnlessFolderSpec};

impl Compiler<'_, '_> {
    pub(super) fn places(&mut self, spec: &PlacesSpec) -> Places {
        Places {
            files: self.globs(&spec.files),
            unless_files: self.globs(&spec.unless_files),
            unless_folder: spec.unless_folder.as_ref().and_then(|f| self.unless_folder(f)),
        }
    }

    fn globs(&mut self, texts: &[SpannedStr]) -> Option<Arc<GlobSet>> {
        let written = (self.file, texts.iter().map(SpannedStr::span).collect());
        if let Some(known) = self.shared.globs.get(&written) {
            return known.clone();
        }
        let globs = values::globs(self.file, texts, self.diagnostics).map(Arc::new);
        self.shared.globs.insert(written, globs.clone());
        globs
    }

    fn unless_folder(&mut self, spec: &UnlessFolderSpec) -> Option<Arc<UnlessFolder>> {
        let written = (self.file, spec.named.span());
        if let Some(known) = self.shared.folders.get(&written) {
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
        self.shared.folders.insert(written, folder.clone());
        folder
    }
}
