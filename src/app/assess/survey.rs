//! The packages of a repository and what they import. Comes in: the root and what was looked at.
//! Goes out: each folder of Go files with its import path, its imports and whether it has tests.
//! Only the heads of files are read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use rayon::prelude::*;

use crate::app::discover::{Candidate, DiscoverOptions, FileKind, TextGlobs, discover};
use crate::app::run::{GoMod, RunOptions};
use crate::go::module::ModFile;
use crate::go::source::import_paths;

/// A folder of Go files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surveyed {
    /// The folder from the root.
    pub folder: PathBuf,
    /// The import path; outside of modules the folder.
    pub path: String,
    /// The go.mod that governs it, as an index into those of the run.
    pub go_mod: Option<usize>,
    /// What its files import, tests apart.
    pub imports: BTreeSet<Arc<str>>,
    /// What only its tests import.
    pub test_imports: BTreeSet<Arc<str>>,
    /// How many Go files there are that are no tests.
    pub files: usize,
    /// How many test files there are.
    pub tests: usize,
}

/// All packages of a repository.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// By folder.
    pub packages: Vec<Surveyed>,
    by_path: BTreeMap<String, usize>,
    by_folder: BTreeMap<PathBuf, usize>,
}

impl Survey {
    /// Reads the packages that a run has looked at, and those beside them.
    ///
    /// # Errors
    /// Never where the run itself could be made.
    pub fn read(options: &RunOptions, go_mods: &[GoMod]) -> Result<Self> {
        let texts = TextGlobs::default();
        let found = discover(&DiscoverOptions {
            root: &options.root,
            paths: &[],
            texts: &texts,
            include_vendor: options.include_vendor,
            no_ignore: options.no_ignore,
            not: &options.not,
        })?;
        let go: Vec<&Candidate> = found.files.iter().filter(|f| f.kind == FileKind::Go).collect();
        let imports = |file: &&Candidate| {
            let text = std::fs::read(options.root.join(&file.path)).unwrap_or_default();
            import_paths(&String::from_utf8_lossy(&text))
        };
        let imports: Vec<Vec<Arc<str>>> = go.par_iter().map(imports).collect();
        let mut packages: BTreeMap<PathBuf, Surveyed> = BTreeMap::new();
        for (file, imports) in go.iter().zip(imports) {
            let folder = file.path.parent().unwrap_or(Path::new(""));
            let package = packages.entry(folder.to_path_buf()).or_default();
            if file.path.to_string_lossy().ends_with("_test.go") {
                package.tests += 1;
                package.test_imports.extend(imports);
            } else {
                package.files += 1;
                package.imports.extend(imports);
            }
        }
        let mut survey = Self::default();
        let paths: Vec<ModFile> = go_mods.iter().map(|m| ModFile::parse(&m.text)).collect();
        for (folder, mut package) in packages {
            let go_mod = go_mods.iter().position(|m| folder.starts_with(&m.folder));
            let module = go_mod.map(|m| (&go_mods[m].folder, paths[m].module_path().unwrap_or("")));
            package.path = import_path(&folder, module);
            package.test_imports.retain(|path| !package.imports.contains(path));
            package.go_mod = go_mod;
            package.folder.clone_from(&folder);
            survey.by_path.insert(package.path.clone(), survey.packages.len());
            survey.by_folder.insert(folder, survey.packages.len());
            survey.packages.push(package);
        }
        Ok(survey)
    }

    /// The package with the import path.
    pub fn by_path(&self, path: &str) -> Option<usize> {
        self.by_path.get(path).copied()
    }

    /// The package in the folder.
    pub fn by_folder(&self, folder: &Path) -> Option<usize> {
        self.by_folder.get(folder).copied()
    }
}

fn import_path(folder: &Path, module: Option<(&PathBuf, &str)>) -> String {
    let slashed = |path: &Path| path.to_string_lossy().replace('\\', "/");
    let Some((root, module)) = module else { return slashed(folder) };
    match slashed(folder.strip_prefix(root).unwrap_or(folder)) {
        below if below.is_empty() => module.to_string(),
        below => format!("{module}/{below}"),
    }
}
