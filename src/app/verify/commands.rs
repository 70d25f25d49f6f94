//! Which commands are run where the user names none: with Go at hand, build, vet and test of the
//! packages that the patch changes, module by module.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::running::Task;
use crate::app::changes::changed;
use crate::app::check::problem::slashed;
use crate::app::run::RunResult;

/// More packages of a module than these are named as `./...`.
const MAX_PACKAGES: usize = 200;

/// The packages that a patch changes, as `go` takes them, by the folder of their module.
pub type Packages = BTreeMap<PathBuf, BTreeSet<String>>;

/// Whether there is a `go` command. It is asked outside of any repository, which could name another
/// toolchain.
pub fn go_is_at_hand() -> bool {
    let mut go = Command::new("go");
    let asked = go.arg("version").current_dir(std::env::temp_dir()).output();
    asked.is_ok_and(|output| output.status.success())
}

/// The packages with changed Go files; those of a module whose go.mod alone changes are all.
pub fn packages(result: &RunResult) -> Packages {
    let mut all = Packages::new();
    for file in changed(result) {
        let folder = file.path.parent().unwrap_or(Path::new(""));
        let module = result.go_mods.iter().find(|m| folder.starts_with(&m.folder));
        let Some(module) = module.map(|m| &m.folder) else { continue };
        let packages = all.entry(module.clone()).or_default();
        if file.path.extension().is_some_and(|e| e == "go") {
            let below = slashed(folder.strip_prefix(module).unwrap_or(folder));
            packages.insert(if below.is_empty() { ".".to_string() } else { format!("./{below}") });
        }
    }
    for packages in all.values_mut() {
        if packages.is_empty() || packages.len() > MAX_PACKAGES {
            *packages = BTreeSet::from(["./...".to_string()]);
        }
    }
    all
}

/// `go ARGS PACKAGES` in each module.
pub fn go(packages: &Packages, args: &[&str]) -> Vec<Task> {
    let task = |(folder, packages): (&PathBuf, &BTreeSet<String>)| {
        let words = ["go"].iter().chain(args).map(|word| (*word).to_string());
        Task { command: words.chain(packages.iter().cloned()).collect(), folder: folder.clone() }
    };
    packages.iter().map(task).collect()
}

/// Build, vet and test.
pub fn usual(packages: &Packages) -> Vec<Task> {
    [&["build"][..], &["vet"], &["test"]].iter().flat_map(|args| go(packages, args)).collect()
}
