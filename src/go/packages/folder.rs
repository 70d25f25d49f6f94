//! A folder of Go files. Comes in: its files. Goes out: the packages that they make, and which of them
//! can be imported.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::constraint::Constraint;
use super::context::{Context, SharedContext};
use super::package::{Package, PackageFile};
use crate::go::source::SourceFile;

/// A folder of Go files, loaded.
pub struct Folder {
    pub(super) dir: PathBuf,
    pub(super) import_path: Arc<str>,
    pub(super) context: Arc<Context>,
    /// The packages of the folder's files but tests, in the order of their first files.
    pub(super) packages: Vec<Arc<Package>>,
}

impl PackageFile {
    /// What a file declares; its text is not kept.
    pub(super) fn new(path: String, text: &str) -> Self {
        let source = SourceFile::declarations(path, text);
        let constraint = Constraint::of(&source, text);
        Self { source: Arc::new(source), constraint }
    }
}

/// The packages of a folder's files, one for each clause.
pub(super) fn packages(
    files: &[Arc<PackageFile>],
    dir: &Path,
    import_path: &Arc<str>,
    context: &SharedContext,
) -> Vec<Arc<Package>> {
    let mut clauses: Vec<&str> = Vec::new();
    for clause in files.iter().filter_map(|f| f.source.package()) {
        if !clauses.contains(&clause) {
            clauses.push(clause);
        }
    }
    let package = |clause: &str| {
        let of_clause = files.iter().filter(|f| f.source.package() == Some(clause));
        Arc::new(Package {
            import_path: import_path.clone(),
            clause: clause.into(),
            dir: dir.to_path_buf(),
            context: context.clone(),
            files: of_clause.cloned().collect(),
            names: OnceLock::new(),
        })
    };
    clauses.into_iter().map(package).collect()
}

/// The package of a folder that can be imported: the only one that has a file that is not run by
/// hand. `documentation` is the clause of files that hold only comments.
pub(super) fn imported(packages: &[Arc<Package>]) -> Option<Arc<Package>> {
    let built = |p: &&Arc<Package>| {
        &**p.clause() != "documentation" && p.files.iter().any(|f| !f.constraint.needs_ignore())
    };
    let mut built = packages.iter().filter(built);
    match (built.next(), built.next()) {
        (Some(only), None) => Some(only.clone()),
        _ => None,
    }
}
