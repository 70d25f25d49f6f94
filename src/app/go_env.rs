//! Where Go keeps its files on this machine, found without running Go.

use std::env;
use std::path::{Path, PathBuf};

use crate::go::packages::GoEnv;

/// The folders, from the environment and the places where Go is usually installed. What is not
/// there is left out.
pub fn go_env(root: &Path) -> GoEnv {
    let from_variable = |name: &str| env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let goroot = from_variable("GOROOT").or_else(installed_goroot);
    let gopath = from_variable("GOPATH").or_else(|| Some(from_variable("HOME")?.join("go")));
    let module_cache = from_variable("GOMODCACHE").or_else(|| Some(gopath?.join("pkg/mod")));
    GoEnv {
        root: root.to_path_buf(),
        goroot: goroot.filter(|g| g.join("src").is_dir()),
        module_cache: module_cache.filter(|m| m.is_dir()),
    }
}

/// No folders but the repository itself: what is known is the same on every machine.
pub fn alone(root: &Path) -> GoEnv {
    GoEnv { root: root.to_path_buf(), ..GoEnv::default() }
}

/// The folder above the one that holds the `go` command.
fn installed_goroot() -> Option<PathBuf> {
    let command = env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(if cfg!(windows) { "go.exe" } else { "go" }))
        .find(|path| path.is_file())?;
    let command = command.canonicalize().ok()?;
    let goroot = command.parent()?.parent()?;
    goroot.join("src").is_dir().then(|| goroot.to_path_buf())
}
