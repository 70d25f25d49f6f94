//! What has to be in order before a patch is applied. Comes in: the repository as the run saw it.
//! Goes out: one line for each thing that was looked at, and whether it is as it should be. Go is
//! not started for it.

use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::Serialize;

use crate::app::changes::changed;
use crate::app::check::problem::slashed;
use crate::app::git::dirty_files;
use crate::app::go_env::go_env;
use crate::app::look::Look;
use crate::app::output::summary::many;
use crate::app::root::is_git_top;
use crate::app::run::GoMod;
use crate::go::module::{ModFile, vendor_problems};
use crate::go::version::GoVersion;

/// How a thing was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// As it should be.
    Ok,
    /// Good to know.
    Note,
    /// Likely to be in the way.
    Warning,
    /// Has to be mended first.
    Problem,
}

impl Outcome {
    /// The word in outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Ok => "ok",
            Outcome::Note => "note",
            Outcome::Warning => "warning",
            Outcome::Problem => "problem",
        }
    }
}

/// A thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// In a word.
    pub about: &'static str,
    /// How it was found.
    pub outcome: Outcome,
    /// What was seen, in a sentence.
    pub text: String,
}

/// The most modules that are named although nothing is wrong with them.
const MODULES: usize = 8;

/// The most names that a sentence holds.
const NAMES: usize = 3;

/// Looks.
///
/// # Errors
/// Git refuses to look at the repository.
pub fn preflight(look: &Look) -> Result<Vec<Check>> {
    let mut checks = Vec::new();
    let root = &look.options.root;
    let files: Vec<ModFile> = look.result.go_mods.iter().map(|m| ModFile::parse(&m.text)).collect();
    let mut well = 0;
    for (go_mod, file) in look.result.go_mods.iter().zip(&files) {
        let language = language(go_mod, file);
        well += usize::from(language.outcome == Outcome::Ok);
        if language.outcome != Outcome::Ok || well <= MODULES {
            checks.push(language);
        }
        checks.extend(not_in_force(look, go_mod, file));
    }
    if well > MODULES {
        let text = format!("{} more with a go directive", many(well - MODULES, "module"));
        checks.push(Check { about: "go directive", outcome: Outcome::Ok, text });
    }
    checks.push(toolchain(root, &files));
    checks.push(git(look)?);
    checks.extend(unfinished(root));
    for vendor in &look.result.skipped_vendor {
        checks.extend(vendored(root, vendor, &look.result.go_mods));
    }
    for unreadable in &look.result.unreadable {
        checks.push(Check { about: "files", outcome: Outcome::Problem, text: unreadable.clone() });
    }
    Ok(checks)
}

fn name(go_mod: &GoMod, file: &ModFile) -> String {
    let path = go_mod.folder.join("go.mod");
    file.module_path().map_or_else(|| slashed(&path), str::to_string)
}

fn language(go_mod: &GoMod, file: &ModFile) -> Check {
    let name = name(go_mod, file);
    let about = "go directive";
    if let Some(problem) = file.problems().first() {
        let text = format!("{name}: Go would refuse the go.mod: {}", problem.message);
        return Check { about, outcome: Outcome::Problem, text };
    }
    let toolchain = file.toolchain().map(|t| format!(", toolchain {t}")).unwrap_or_default();
    match file.go_version() {
        Some(version) => {
            Check { about, outcome: Outcome::Ok, text: format!("{name}: go {version}{toolchain}") }
        }
        None => Check {
            about,
            outcome: Outcome::Warning,
            text: format!("{name}: no go directive, so Go takes 1.16{toolchain}"),
        },
    }
}

/// Rules that ask for a newer language than the module has.
fn not_in_force(look: &Look, go_mod: &GoMod, file: &ModFile) -> Option<Check> {
    let none = GoVersion::without_directive();
    let version = file.go_version().unwrap_or(&none);
    let rules = look.loaded.compiled.rules.rules.iter();
    let out = rules.filter(|rule| rule.when.go.as_ref().is_some_and(|go| !go.contains(version)));
    let out: Vec<&str> = out.map(|rule| rule.id.as_str()).collect();
    let text = format!("{}: by its go directive {}", name(go_mod, file), says_off(&out));
    (!out.is_empty()).then_some(Check { about: "rules", outcome: Outcome::Note, text })
}

fn says_off(ids: &[&str]) -> String {
    let verb = if ids.len() == 1 { "is" } else { "are" };
    format!("{} {verb} not in force: {}", many(ids.len(), "rule"), named(ids))
}

/// The first names, and how many more there are.
fn named(names: &[&str]) -> String {
    let shown = names.iter().take(NAMES).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

fn toolchain(root: &Path, files: &[ModFile]) -> Check {
    let about = "toolchain";
    let goroot = go_env(root).goroot;
    let installed = goroot.and_then(|goroot| std::fs::read_to_string(goroot.join("VERSION")).ok());
    let installed = installed.as_deref().and_then(|text| text.lines().next()).map(str::trim);
    let Some(installed) = installed else {
        let text = "no Go on this machine: `go mod tidy` and tests have to run elsewhere";
        return Check { about, outcome: Outcome::Note, text: text.to_string() };
    };
    let newest = files.iter().filter_map(ModFile::go_version).max();
    let version = installed.strip_prefix("go").and_then(|v| v.parse::<GoVersion>().ok());
    match (newest, version) {
        (Some(newest), Some(version)) if version < *newest => Check {
            about,
            outcome: Outcome::Warning,
            text: format!("{installed} on this machine is older than go {newest} of a go.mod"),
        },
        _ => Check { about, outcome: Outcome::Ok, text: format!("{installed} on this machine") },
    }
}

fn git(look: &Look) -> Result<Check> {
    let about = "git";
    let root = &look.options.root;
    let paths: Vec<PathBuf> = changed(&look.result).map(|f| f.path.clone()).collect();
    let files = many(paths.len(), "file");
    let Some(dirty) = dirty_files(root, &paths)? else {
        let text = "no git repository: nothing tells what is not committed, only `undo` goes back";
        return Ok(Check { about, outcome: Outcome::Warning, text: text.to_string() });
    };
    if dirty.is_empty() {
        let text = format!("{files} to change, none with uncommitted work");
        return Ok(Check { about, outcome: Outcome::Ok, text });
    }
    let names: Vec<String> = dirty.iter().map(|f| f.path.display().to_string()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let text =
        format!("of {files} to change {} with uncommitted work: {}", dirty.len(), named(&names));
    Ok(Check { about, outcome: Outcome::Problem, text })
}

/// A merge or a rebase that waits for somebody.
fn unfinished(root: &Path) -> Option<Check> {
    if !is_git_top(root) {
        return None;
    }
    let states = [
        ("MERGE_HEAD", "a merge"),
        ("rebase-merge", "a rebase"),
        ("rebase-apply", "a rebase or `git am`"),
        ("CHERRY_PICK_HEAD", "a cherry-pick"),
        ("BISECT_LOG", "a bisection"),
    ];
    let found = states.iter().find(|(file, _)| root.join(".git").join(file).exists());
    found.map(|(_, what)| Check {
        about: "git",
        outcome: Outcome::Warning,
        text: format!("{what} is under way"),
    })
}

/// A vendor folder against its go.mod.
fn vendored(root: &Path, vendor: &Path, go_mods: &[GoMod]) -> Option<Check> {
    let about = "vendor";
    let go_mod = go_mods.iter().find(|m| vendor.parent() == Some(&m.folder))?;
    let shown = slashed(vendor);
    let Ok(modules) = std::fs::read_to_string(root.join(vendor).join("modules.txt")) else {
        let text = format!("{shown} has no modules.txt: Go does not use it");
        return Some(Check { about, outcome: Outcome::Note, text });
    };
    let problems = vendor_problems(&ModFile::parse(&go_mod.text), &modules);
    Some(match problems.first() {
        None => {
            let text = format!("{shown}/modules.txt agrees with go.mod; vendor again afterwards");
            Check { about, outcome: Outcome::Ok, text }
        }
        Some(first) => {
            let more = match problems.len() - 1 {
                0 => String::new(),
                more => format!(" (and {more} more)"),
            };
            let text = format!("{shown}/modules.txt does not fit go.mod: {first}{more}");
            Check { about, outcome: Outcome::Problem, text }
        }
    })
}
