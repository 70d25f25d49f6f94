//! What the main modules of a context require, and what stands for a required module: the versions
//! chosen and the replacements (<https://go.dev/ref/mod#minimal-version-selection>,
//! <https://go.dev/ref/mod#go-mod-file-replace>).

use std::collections::HashMap;
use std::path::PathBuf;

use super::context::clean;
use super::modfile::{Replace, is_newer};

#[derive(Debug, Default)]
pub(super) struct Modules {
    /// Path and folder of the main modules.
    pub(super) main: Vec<(String, PathBuf)>,
    /// Path and version of everything required.
    pub(super) versions: HashMap<String, String>,
    /// With the folder that relative targets start from.
    pub(super) replaces: Vec<(PathBuf, Replace)>,
    /// A `vendor` folder with a `modules.txt`.
    pub(super) vendor: Option<PathBuf>,
    /// Whether everything is required that packages of the main modules need: from Go 1.17 on
    /// (<https://go.dev/ref/mod#graph-pruning>).
    pub(super) lists_all: bool,
}

/// What stands for a module.
pub(super) enum Target {
    Folder(PathBuf),
    Cache(String, String),
}

impl Modules {
    /// Requires at least `version`; whether that is news.
    pub(super) fn raise(&mut self, path: String, version: String) -> bool {
        match self.versions.get_mut(&path) {
            Some(known) if is_newer(&version, known) => *known = version,
            Some(_) => return false,
            None => {
                self.versions.insert(path, version);
            }
        }
        true
    }

    /// Whether a package can come from a module that is known here, from beside the standard library
    /// or from one that nothing says.
    pub(super) fn may_provide(&self, import_path: &str) -> bool {
        is_plain(import_path) || self.may_be_asked_for(import_path)
    }

    /// Whether a package can come from a module that is known here, or from one that nothing says.
    pub(super) fn may_be_asked_for(&self, import_path: &str) -> bool {
        let mut above = Some(import_path);
        let mut modules = std::iter::from_fn(|| {
            let module = above?;
            above = module.rfind('/').map(|at| &module[..at]);
            Some(module)
        });
        let is_known = |module: &str| {
            self.main.iter().any(|(path, _)| path == module)
                || self.replaced_or_required(module).is_some()
        };
        let from_any = !self.lists_all && !is_plain(import_path);
        from_any || modules.any(is_known)
    }

    pub(super) fn replaced_or_required(&self, module: &str) -> Option<(&str, &str)> {
        self.versions.get_key_value(module).map(|(p, v)| (p.as_str(), v.as_str())).or_else(|| {
            // A replacement without a version stands for the module even if nothing requires it.
            let mut replaced = self.replaces.iter().filter(|(_, r)| r.from.path == module);
            replaced.next().map(|(_, r)| (r.from.path.as_str(), ""))
        })
    }

    /// What stands for a module after replacements.
    pub(super) fn target(&self, path: &str, version: &str) -> Target {
        let applies = |(_, r): &&(PathBuf, Replace)| {
            r.from.path == path && r.from.version.as_deref().is_none_or(|v| v == version)
        };
        // A replacement of one version goes before that of all.
        let chosen = self.replaces.iter().filter(applies);
        match chosen.max_by_key(|(_, r)| r.from.version.is_some()) {
            Some((base, Replace { to, .. })) => match &to.version {
                Some(version) => Target::Cache(to.path.clone(), version.clone()),
                None => Target::Folder(clean(&base.join(&to.path))),
            },
            None => Target::Cache(path.into(), version.into()),
        }
    }
}

/// Whether no module of others can have the package: the first element of their paths has a dot
/// (<https://go.dev/ref/mod#module-path>).
fn is_plain(import_path: &str) -> bool {
    !import_path.split('/').next().unwrap_or_default().contains('.')
}
