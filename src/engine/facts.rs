//! What is known about packages, from source files where there are any. Comes in: questions about
//! names. Goes out: answers, each marked as certain or as a guess.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use super::names::{ClauseName, PackageFacts, Place};
use crate::go::packages::{PackageIndex, default_name};
use crate::go::predeclared::standard_package;
use crate::go::source::SourceFile;
use crate::go::types::Types;

/// Answers from a package index, each worked out once.
pub struct IndexedFacts {
    index: Arc<PackageIndex>,
    /// Knows nothing until it is asked.
    types: Types,
    /// By folder, then by import path.
    clauses: Mutex<HashMap<String, HashMap<String, ClauseName>>>,
}

impl IndexedFacts {
    /// Answers from `index`.
    pub fn new(index: PackageIndex) -> Self {
        let index = Arc::new(index);
        Self { types: Types::new(index.clone()), index, clauses: Mutex::default() }
    }

    /// What the answers come from.
    pub fn index(&self) -> &PackageIndex {
        &self.index
    }

    fn look_up(&self, folder: &str, path: &str) -> ClauseName {
        let guess = default_name(path);
        if standard_package(&guess) == Some(path) {
            return ClauseName { name: guess, certain: true };
        }
        match self.index.clause_name(folder, path) {
            Some(name) => ClauseName { name: name.to_string(), certain: true },
            None => ClauseName { name: guess, certain: false },
        }
    }
}

impl PackageFacts for IndexedFacts {
    fn place(&self, folder: &str) -> Option<Place> {
        let (module, package) = self.index.place(folder)?;
        Some(Place { module, package })
    }

    fn module_of(&self, folder: &str, path: &str) -> Option<String> {
        self.index.module_of(folder, path)
    }

    fn types(&self) -> Option<&Types> {
        Some(&self.types)
    }

    fn clause_name(&self, folder: &str, path: &str) -> ClauseName {
        let known = |clauses: &HashMap<String, HashMap<String, ClauseName>>| {
            clauses.get(folder)?.get(path).cloned()
        };
        // A poisoned lock only means that another worker panicked between two whole entries.
        let lock = || self.clauses.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(name) = known(&lock()) {
            return name;
        }
        let name = self.look_up(folder, path);
        lock().entry(folder.into()).or_default().insert(path.into(), name.clone());
        name
    }

    fn exports(&self, file: &SourceFile, path: &str, name: &str) -> bool {
        let package = self.index.import(file.folder(), path);
        package.is_ok_and(|package| !package.sites(name).is_empty())
    }

    fn declares(&self, file: &SourceFile, name: &str) -> bool {
        self.index.package_declares(file, name)
    }
}
