//! The modules of a repository. Comes in: the go.mod and go.work files that discovery found. Goes
//! out: for every file the module that governs it, and which rules are in force there.

use std::path::{Path, PathBuf};

use crate::engine::force::force;
use crate::engine::rewrite::Force;
use crate::go::module::{ModFile, WorkFile};
use crate::rule::compiled::RuleSet;

/// A go.mod and what it decides.
#[derive(Debug)]
pub struct Module {
    /// Its folder, relative to the root; empty for the root.
    pub folder: PathBuf,
    /// Its module path; empty where the go.mod does not say.
    pub path: String,
    /// The text of its go.mod.
    pub text: String,
    /// By rule.
    pub force: Vec<Force>,
    /// The go.work that uses it, as an index into [`Modules::workspaces`].
    pub workspace: Option<usize>,
}

/// A go.work.
#[derive(Debug)]
pub struct Workspace {
    /// Its folder, relative to the root; empty for the root.
    pub folder: PathBuf,
    /// Its text.
    pub text: String,
    /// The same, with structure.
    pub file: WorkFile,
}

/// All modules of a repository.
#[derive(Debug)]
pub struct Modules {
    /// Deepest folders first.
    all: Vec<Module>,
    /// The go.work files.
    pub workspaces: Vec<Workspace>,
    outside: Vec<Force>,
}

impl Modules {
    /// Works out what the files with these folders and texts decide.
    pub fn new(
        go_mods: Vec<(PathBuf, String)>,
        go_works: Vec<(PathBuf, String)>,
        rules: &RuleSet,
    ) -> Self {
        let workspaces: Vec<Workspace> = go_works
            .into_iter()
            .map(|(folder, text)| Workspace { folder, file: WorkFile::parse(&text), text })
            .collect();
        let mut modules: Vec<Module> = go_mods
            .into_iter()
            .map(|(folder, text)| {
                let workspace = workspaces.iter().position(|w| uses(w, &folder));
                let work_file = workspace.map(|w| &workspaces[w].file);
                let file = ModFile::parse(&text);
                let force = force(rules, Some(&file), work_file);
                let path = file.module_path().unwrap_or_default().to_owned();
                Module { folder, path, text, force, workspace }
            })
            .collect();
        modules.sort_by(|a, b| {
            let depth = |m: &Module| std::cmp::Reverse(m.folder.components().count());
            (depth(a), &a.folder).cmp(&(depth(b), &b.folder))
        });
        Self { all: modules, workspaces, outside: force(rules, None, None) }
    }

    /// The module that governs the file at `path`, as an index for [`Modules::get`].
    pub fn of(&self, path: &Path) -> Option<usize> {
        self.all.iter().position(|m| path.starts_with(&m.folder))
    }

    /// The module.
    pub fn get(&self, index: usize) -> &Module {
        &self.all[index]
    }

    /// How many modules there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is no module.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Which rules are in force for files of the module, or of none.
    pub fn force(&self, module: Option<usize>) -> &[Force] {
        module.map_or(&self.outside, |m| &self.all[m].force)
    }
}

/// Whether the workspace uses the module in `folder`.
fn uses(workspace: &Workspace, folder: &Path) -> bool {
    workspace.file.uses().iter().any(|used| {
        let used = Path::new(&used.path);
        let parts = used.components().filter(|c| !matches!(c, std::path::Component::CurDir));
        workspace.folder.join(parts.collect::<PathBuf>()) == folder
    })
}
