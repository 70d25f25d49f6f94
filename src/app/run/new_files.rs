//! Files that fixes use and that are not there yet. Comes in: what became of the code. Goes out:
//! the files, as results with one edit of an empty text; where another file stands in the place, it
//! is left alone, and a site says so. A fix whose file cannot be created is held back.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;

use super::result::{Emit, FileResult, RunResult};
use super::worker::{Worker, shown};
use crate::app::modules::Modules;
use crate::engine::fix::{FixStatus, ReviewReason, Site};
use crate::engine::rewrite::{FileOutcome, Force};
use crate::go::source::{SourceFile, head};
use crate::rule::compiled::{Action, NewFile, RuleSet, UsedBy};
use crate::text::{Edit, EditSet, Span};

/// The rules for files, and which rules use them.
#[derive(Debug, Default)]
pub(super) struct NewFiles {
    /// By rule: the rules for files that its code uses.
    used: Vec<Vec<usize>>,
}

/// Files that applied fixes use: by path from the root the rule and the text.
pub(super) type Wanted = BTreeMap<PathBuf, (usize, String)>;

/// What stands where a file is to be created.
enum There {
    Nothing,
    /// The file, as it would be made.
    Same,
    /// Another one, with this text.
    Other(String),
    /// Something that is no file of the repository, or a link on the way.
    Blocked,
}

impl NewFiles {
    pub(super) fn new(rules: &RuleSet) -> Self {
        let any = rules.rules.iter().any(|rule| matches!(rule.action, Action::File(_)));
        Self { used: if any { rules.files_used() } else { Vec::new() } }
    }

    /// What a rule for files makes for the code at `path`; `None` where that is in no module.
    fn made_for(
        rule: usize,
        path: &Path,
        text: &str,
        rules: &RuleSet,
        modules: &Modules,
    ) -> Option<(PathBuf, String)> {
        let Action::File(file) = &rules.rules[rule].action else { return None };
        let module = modules.of(path).map(|m| modules.get(m));
        let module_path = module.map_or("", |m| m.path.as_str());
        match &file.used_by {
            UsedBy::Importers(package) => {
                let name = &rules.package(*package).name;
                Some((module?.folder.join(&file.path), file.text(module_path, name)))
            }
            UsedBy::Names(_) => {
                let clause = head(text)?.name.of(text).to_owned();
                let folder = path.parent().unwrap_or(Path::new(""));
                Some((folder.join(&file.path), file.text(module_path, &clause)))
            }
        }
    }

    /// Holds the rules back whose files cannot be created for the code at `path`.
    pub(super) fn hold(&self, force: &mut [Force], path: &Path, text: &str, worker: &Worker<'_>) {
        let rules = worker.rewriter.rules;
        for (rule, files) in self.used.iter().enumerate() {
            let stuck = |&file: &usize| {
                let Some((target, new)) = Self::made_for(file, path, text, rules, worker.modules)
                else {
                    return false;
                };
                let blocked = match worker.there(&target, &new) {
                    There::Blocked => true,
                    There::Nothing => is_taken(file, path, text, worker),
                    There::Same | There::Other(_) => false,
                };
                blocked || is_external_test(file, path, text, rules)
            };
            if matches!(force[rule], Force::On | Force::Unsure) && files.iter().any(stuck) {
                force[rule] = Force::NoFile;
            }
        }
    }

    /// Notes the files that the applied fixes of a file use.
    pub(super) fn note(
        &self,
        file: &FileResult,
        rules: &RuleSet,
        modules: &Modules,
        wanted: &mut Wanted,
    ) {
        if self.used.is_empty() {
            return;
        }
        let applied = file.outcome.sites.iter().filter(|s| s.status == FixStatus::Applied);
        for &new in applied.flat_map(|site| &self.used[site.rule]) {
            let made = Self::made_for(new, &file.path, &file.text, rules, modules);
            if let Some((path, text)) = made {
                wanted.entry(path).or_insert((new, text));
            }
        }
    }
}

impl Worker<'_> {
    /// What stands at `path`, or stood there at the time that the run is about.
    fn there(&self, path: &Path, new: &str) -> There {
        match self.part.earlier.and_then(|earlier| earlier.get(path)) {
            Some(None) => There::Nothing,
            _ => there(&self.options.root, path, new),
        }
    }

    /// Creates the files that fixes use.
    pub(super) fn new_files(&self, result: &mut RunResult, emit: Emit<'_>) -> Result<()> {
        for (path, (rule, text)) in std::mem::take(&mut result.wanted) {
            let site = |status| Site::new(rule, Span::at(0), status);
            match self.there(&path, &text) {
                There::Same | There::Blocked => {}
                There::Other(old) => {
                    let site = site(FixStatus::NeedsReview(ReviewReason::OtherFile));
                    if let Some(known) = result.files.iter_mut().find(|f| f.path == path) {
                        known.outcome.sites.insert(0, site);
                    } else {
                        let outcome = FileOutcome { sites: vec![site], ..Default::default() };
                        self.keep(self.whole(&path, &old, outcome), result, emit)?;
                    }
                }
                There::Nothing => {
                    let edits = EditSet::from_edits(vec![Edit::insert(0, text)]);
                    let outcome = FileOutcome {
                        edits: edits.unwrap_or_default(),
                        sites: vec![site(FixStatus::Applied)],
                        ..Default::default()
                    };
                    let empty: Arc<str> = "".into();
                    let mentions = Vec::new();
                    let new = FileResult { path, text: empty, outcome, is_new: true, mentions };
                    self.keep(new, result, emit)?;
                }
            }
        }
        Ok(())
    }
}

/// Whether the package of the code declares a name already that the file would declare for it.
fn is_taken(rule: usize, path: &Path, text: &str, worker: &Worker<'_>) -> bool {
    let Action::File(file) = &worker.rewriter.rules.rules[rule].action else { return false };
    let UsedBy::Names(names) = &file.used_by else { return false };
    let source = SourceFile::new(shown(path), text);
    names.iter().any(|name| worker.rewriter.facts.declares(&source, name))
}

/// Whether the code is an external test, which does not see what its package declares.
fn is_external_test(rule: usize, path: &Path, text: &str, rules: &RuleSet) -> bool {
    let Action::File(NewFile { used_by: UsedBy::Names(_), .. }) = &rules.rules[rule].action else {
        return false;
    };
    let is_test = path.to_string_lossy().ends_with("_test.go");
    is_test && head(text).is_some_and(|head| head.name.of(text).ends_with("_test"))
}

/// What stands at `path` below `root`. Links are not followed.
fn there(root: &Path, path: &Path, new: &str) -> There {
    let mut at = root.to_path_buf();
    let folders = path.parent().unwrap_or(Path::new(""));
    for part in folders.components() {
        at.push(part);
        match fs::symlink_metadata(&at) {
            Ok(meta) if meta.is_dir() => {}
            Ok(_) => return There::Blocked,
            Err(error) if error.kind() == ErrorKind::NotFound => return There::Nothing,
            Err(_) => return There::Blocked,
        }
    }
    let target = root.join(path);
    match fs::symlink_metadata(&target) {
        Ok(meta) if meta.is_file() => match fs::read_to_string(&target) {
            // A checkout may have other line ends.
            Ok(old) if old.replace("\r\n", "\n") == new => There::Same,
            Ok(old) => There::Other(old),
            Err(_) => There::Blocked,
        },
        Err(error) if error.kind() == ErrorKind::NotFound => There::Nothing,
        _ => There::Blocked,
    }
}
