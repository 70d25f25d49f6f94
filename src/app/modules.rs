//! The modules of a repository. Comes in: the go.mod and go.work files that discovery found. Goes
//! out: for every file the module that governs it, and which rules are in force there.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use crate::engine::force::{force, held};
use crate::engine::rewrite::Force;
use crate::go::module::{ModFile, WorkFile};
use crate::go::version::GoVersion;
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
    /// Whether it could be read. Code that would have to move together with it stays if not.
    pub is_readable: bool,
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
    /// Works out what the files with these folders and texts decide; without a text the file could
    /// not be read.
    pub fn new(
        go_mods: Vec<(PathBuf, Option<String>)>,
        go_works: Vec<(PathBuf, Option<String>)>,
        rules: &RuleSet,
    ) -> Self {
        let workspaces: Vec<Workspace> = go_works
            .into_iter()
            .filter_map(|(folder, text)| Some((folder, text?)))
            .map(|(folder, text)| Workspace { folder, file: WorkFile::parse(&text), text })
            .collect();
        let mut modules: Vec<Module> = go_mods
            .into_iter()
            .map(|(folder, text)| {
                let workspace = workspaces.iter().position(|w| uses(w, &folder));
                let work_file = workspace.map(|w| &workspaces[w].file);
                let is_readable = text.is_some();
                let text = text.unwrap_or_default();
                let file = ModFile::parse(&text);
                let force = if is_readable {
                    force(rules, Some(&file), work_file, None)
                } else {
                    held(&force(rules, None, None, None), rules, &rules.packs_with_go_mod())
                };
                let path = file.module_path().unwrap_or_default().to_owned();
                Module { folder, path, text, is_readable, force, workspace }
            })
            .collect();
        modules.sort_by(|a, b| {
            let depth = |m: &Module| std::cmp::Reverse(m.folder.components().count());
            (depth(a), &a.folder).cmp(&(depth(b), &b.folder))
        });
        Self { all: modules, workspaces, outside: force(rules, None, None, None) }
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

    /// Which rules are in force for a file of the module, or of none, that asks for the language
    /// version `tag` itself.
    pub fn force(
        &self,
        module: Option<usize>,
        tag: Option<&GoVersion>,
        rules: &RuleSet,
    ) -> Cow<'_, [Force]> {
        let module = module.map(|m| &self.all[m]);
        let asks = rules.rules.iter().any(|rule| rule.when.go.is_some());
        match (module, tag) {
            (Some(module), Some(tag)) if asks && module.is_readable => {
                let work = module.workspace.map(|w| &self.workspaces[w].file);
                force(rules, Some(&ModFile::parse(&module.text)), work, Some(tag)).into()
            }
            (None, Some(tag)) if asks => force(rules, None, None, Some(tag)).into(),
            _ => module.map_or(&self.outside, |m| &m.force).into(),
        }
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
