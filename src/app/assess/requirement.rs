//! Which modules of the repository use which version of the library, and how. Comes in: go.mod
//! files, packages, what the packs know of versions. Goes out: one line for each module and
//! library, with what the version belongs to and what the rules make of it.

use std::path::Path;

use serde::Serialize;

use super::subject::Subject;
use super::survey::Survey;
use super::through::Carriers;
use crate::app::check::problem::slashed;
use crate::app::run::RunResult;
use crate::go::module::{ModFile, ReplaceTarget, Require};
use crate::go::version::Version;
use crate::rule::compiled::{Action, GoModAction, RuleSet};

/// A library in use by a module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Requirement {
    /// The module of the repository.
    pub module: String,
    /// Its go.mod, as an index into those of the run.
    #[serde(skip)]
    pub go_mod: usize,
    /// The path of the module that is required, or of the package that no module is required for.
    pub library: String,
    /// The version in go.mod.
    pub version: Option<String>,
    /// What the version belongs to, such as `DM database 8.1.3.12`.
    pub belongs_to: Option<String>,
    /// Whether it is there only for other modules' sake.
    pub indirect: bool,
    /// The modules that it is there for, as far as their go.mod files are on this machine.
    pub through: Vec<String>,
    /// What replaces it.
    pub replaced_by: Option<String>,
    /// How many packages of the module import it.
    pub packages: usize,
    /// Whether another module requires a newer version.
    pub behind: bool,
    /// What the rules make of it: a module with a version.
    pub becomes: Option<String>,
    /// What that version belongs to.
    pub becomes_belongs_to: Option<String>,
}

/// The libraries in use, by module. `root` is that of the repository, `cache` Go's module cache.
pub fn requirements(
    (result, rules): (&RunResult, &RuleSet),
    survey: &Survey,
    subject: &Subject,
    (root, cache): (&Path, Option<&Path>),
) -> Vec<Requirement> {
    let mut all = Vec::new();
    for (nth, go_mod) in result.go_mods.iter().enumerate() {
        let file = ModFile::parse(&go_mod.text);
        let own = file.module_path().unwrap_or_default();
        let module =
            if own.is_empty() { slashed(&go_mod.folder.join("go.mod")) } else { own.to_owned() };
        let folder = root.join(&go_mod.folder);
        let carriers = Carriers { file: &file, folder: &folder, cache };
        let packages = |library: &str| users(survey, nth, library);
        let mut known: Vec<&str> = vec![own];
        for require in file.requires().iter().filter(|r| subject.is_module(&r.path)) {
            known.push(&require.path);
            all.push(Requirement {
                module: module.clone(),
                go_mod: nth,
                packages: packages(&require.path),
                ..of_directive(require, &carriers, rules)
            });
        }
        // Unpacked into GOROOT, vendored by hand, or forgotten.
        let required = |path: &str| known.iter().any(|module| is_below(path, module));
        let others = subject.library.iter().filter(|path| !required(path));
        for library in others.filter(|path| packages(path) > 0) {
            all.push(Requirement {
                module: module.clone(),
                go_mod: nth,
                library: library.clone(),
                packages: packages(library),
                ..Requirement::default()
            });
        }
    }
    mark_behind(&mut all);
    all.sort_by(|a, b| (&a.library, &a.module).cmp(&(&b.library, &b.module)));
    all
}

/// What a `require` says of its library.
fn of_directive(require: &Require, carriers: &Carriers<'_>, rules: &RuleSet) -> Requirement {
    let becomes = becomes(rules, &require.path);
    let through = if require.indirect { carriers.of(&require.path) } else { Vec::new() };
    Requirement {
        library: require.path.clone(),
        version: Some(require.version.to_string()),
        belongs_to: belongs_to(rules, &require.path, &require.version),
        indirect: require.indirect,
        through,
        replaced_by: replaced_by(carriers.file, &require.path, &require.version),
        becomes_belongs_to: becomes.and_then(|(path, v)| belongs_to(rules, path, v)),
        becomes: becomes.map(|(path, version)| format!("{path} {version}")),
        ..Requirement::default()
    }
}

fn is_below(path: &str, module: &str) -> bool {
    path.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// How many packages of a module import the library or what is below it.
fn users(survey: &Survey, go_mod: usize, library: &str) -> usize {
    let of_module = survey.packages.iter().filter(|p| p.go_mod == Some(go_mod));
    let imports = of_module.filter(|p| {
        let mut imports = p.imports.iter().chain(&p.test_imports);
        imports.any(|import| is_below(import, library))
    });
    imports.count()
}

fn belongs_to(rules: &RuleSet, module: &str, version: &Version) -> Option<String> {
    let table = rules.versions.get(module)?;
    Some(format!("{} {}", table.about, table.map.get(version)?))
}

fn replaced_by(file: &ModFile, path: &str, version: &Version) -> Option<String> {
    let replacement = file.replacement(path, version, None)?;
    Some(match &replacement.target {
        ReplaceTarget::Directory(folder) => folder.clone(),
        ReplaceTarget::Module { path, version } => format!("{path} {version}"),
    })
}

/// The module and version that the rules put in its place.
fn becomes<'r>(rules: &'r RuleSet, module: &str) -> Option<(&'r str, &'r Version)> {
    rules.rules.iter().find_map(|rule| match &rule.action {
        Action::GoMod(GoModAction::Require { path, version, raises: true }) if path == module => {
            Some((path.as_str(), version))
        }
        Action::GoMod(GoModAction::Move { from, to, version }) if from == module => {
            Some((to.as_str(), version))
        }
        _ => None,
    })
}

fn mark_behind(all: &mut [Requirement]) {
    let version = |r: &Requirement| r.version.as_deref().and_then(|v| Version::parse(v).ok());
    for nth in 0..all.len() {
        let Some(own) = version(&all[nth]) else { continue };
        let newer = |other: &Requirement| {
            other.library == all[nth].library && version(other).is_some_and(|v| own < v)
        };
        all[nth].behind = all.iter().any(newer);
    }
}
