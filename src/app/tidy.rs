//! Tidying of modules. Comes in: the result of a run, before it is written. Goes out: what `go mod
//! tidy`, and `go mod vendor` where there is a vendor folder, make of go.mod, go.sum and vendor;
//! `workspace` does the same for a go.work that is vendored, `by_hand` says what is left to a person.
//!
//! The go command sees the new code through an overlay and writes into a scratch folder. So it never
//! writes in the repository itself, and its changes are part of the run like all others: written
//! with the code or not at all, in the journal before that, and undone with it.

mod by_hand;
mod workspace;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use super::changes::changed;
use super::run::RunResult;
pub use by_hand::{ByHand, by_hand};
pub use workspace::vendored_workspaces;

/// A file that changes because its module is tidied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TidiedFile {
    /// Path from the root.
    pub path: PathBuf,
    /// The folder of its module.
    pub module: PathBuf,
    /// What stands there; `None`: no file.
    pub old: Option<Vec<u8>>,
    /// What shall stand there.
    pub new: Option<Vec<u8>>,
}

/// A command that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TidyFailure {
    /// The folder of the module.
    pub module: PathBuf,
    /// The command.
    pub command: &'static str,
    /// What it said.
    pub output: String,
}

/// What came of tidying.
#[derive(Clone, Debug, Default)]
pub struct Tidied {
    /// What changes.
    pub files: Vec<TidiedFile>,
    /// The modules that are tidy then.
    pub modules: Vec<PathBuf>,
    /// The folders of workspaces that are vendored anew.
    pub workspaces: Vec<PathBuf>,
    /// The others.
    pub failed: Vec<TidyFailure>,
}

/// Looks for the go command, before anything is done.
///
/// # Errors
/// It is not there.
pub fn find_go() -> Result<()> {
    match Command::new("go").arg("version").output() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!("--tidy needs the go command: install Go, or leave --tidy out and tidy later")
        }
        Err(error) => Err(error).context("the go command cannot be run"),
        Ok(_) => Ok(()),
    }
}

/// Whether there is a vendor folder of this module. Beside a go.work it is the workspace's.
pub fn is_vendored(root: &Path, module: &Path) -> bool {
    let folder = root.join(module);
    folder.join("vendor/modules.txt").is_file() && !folder.join("go.work").is_file()
}

/// Tidies the modules whose go.mod changes.
///
/// # Errors
/// The scratch folder cannot be used, or a file of a module cannot be read.
pub fn tidy(root: &Path, result: &RunResult) -> Result<Tidied> {
    let mut tidied = Tidied::default();
    if result.changed_modules.is_empty() {
        return Ok(tidied);
    }
    let scratch = tempfile::tempdir().context("no scratch folder can be made")?;
    let overlay = overlay(root, result, scratch.path())?;
    for (nth, module) in result.changed_modules.iter().enumerate() {
        let scratch = scratch.path().join(format!("module{nth}"));
        fs::create_dir(&scratch)?;
        let go = Go { folder: root.join(module), overlay: &overlay, scratch };
        match tidy_module(&go, module, result)? {
            Ok(files) => {
                tidied.files.extend(files);
                tidied.modules.push(module.clone());
            }
            Err(failure) => tidied.failed.push(failure),
        }
    }
    for (nth, folder) in vendored_workspaces(root, &tidied.modules).into_iter().enumerate() {
        let scratch = scratch.path().join(format!("workspace{nth}"));
        fs::create_dir(&scratch)?;
        match workspace::vendor(root, &folder, (result, &tidied.files), &scratch)? {
            Ok(files) => {
                tidied.files.extend(files);
                tidied.workspaces.push(folder);
            }
            Err(failure) => tidied.failed.push(failure),
        }
    }
    Ok(tidied)
}

/// Where the go command runs, and what it sees.
struct Go<'a> {
    folder: PathBuf,
    overlay: &'a Path,
    scratch: PathBuf,
}

impl Go<'_> {
    /// The copy of go.mod that it writes to; its go.sum stands beside it.
    fn mod_file(&self) -> PathBuf {
        self.scratch.join("go.mod")
    }

    /// Runs a command of `go mod`; `Err` is what it said.
    fn run(&self, args: &[&str]) -> Result<std::result::Result<(), String>> {
        let mut go = Command::new("go");
        go.current_dir(&self.folder).arg("mod").args(args);
        go.arg(joined("-modfile=", &self.mod_file())).arg(joined("-overlay=", self.overlay));
        // A module is tidied by itself, and a workspace does not go with another go.mod.
        go.env("GOWORK", "off");
        let output = go.output().context("the go command cannot be run")?;
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Ok(if output.status.success() { Ok(()) } else { Err(said) })
    }
}

fn joined(option: &str, path: &Path) -> std::ffi::OsString {
    let mut whole = std::ffi::OsString::from(option);
    whole.push(path);
    whole
}

fn tidy_module(
    go: &Go<'_>,
    module: &Path,
    result: &RunResult,
) -> Result<std::result::Result<Vec<TidiedFile>, TidyFailure>> {
    let path = module.join("go.mod");
    let Some(go_mod) = changed(result).find(|file| file.path == path) else {
        return Ok(Ok(Vec::new()));
    };
    let failure = |command, output| TidyFailure { module: module.to_owned(), command, output };
    fs::write(go.mod_file(), go_mod.outcome.edits.apply(&go_mod.text))?;
    let go_sum = read(&go.folder.join("go.sum"))?;
    let scratch_sum = go.scratch.join("go.sum");
    if let Some(sum) = &go_sum {
        fs::write(&scratch_sum, sum)?;
    }
    if let Err(output) = go.run(&["tidy"])? {
        return Ok(Err(failure("go mod tidy", output)));
    }
    let file = |path: PathBuf, old, new| {
        let module = module.to_owned();
        (old != new).then_some(TidiedFile { path, module, old, new })
    };
    let old = Some(go_mod.text.as_bytes().to_vec());
    let mut files = Vec::new();
    files.extend(file(path, old, read(&go.mod_file())?));
    files.extend(file(module.join("go.sum"), go_sum, read(&scratch_sum)?));
    let vendor = go.folder.join("vendor");
    if !is_vendored(&go.folder, Path::new("")) {
        return Ok(Ok(files));
    }
    let new_vendor = go.scratch.join("vendor");
    let out = new_vendor.to_string_lossy().into_owned();
    if let Err(output) = go.run(&["vendor", "-o", &out])? {
        return Ok(Err(failure("go mod vendor", output)));
    }
    let (old, new) = (contents(&vendor)?, contents(&new_vendor)?);
    for name in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
        let path = module.join("vendor").join(name);
        files.extend(file(path, old.get(name).cloned(), new.get(name).cloned()));
    }
    Ok(Ok(files))
}

/// Writes the new code into the scratch folder, and the file that says where it stands
/// ("go help build", -overlay).
fn overlay(root: &Path, result: &RunResult, scratch: &Path) -> Result<PathBuf> {
    let mut replace = BTreeMap::new();
    let code = changed(result).filter(|f| f.path.extension().is_some_and(|e| e == "go"));
    for (nth, file) in code.enumerate() {
        let new = scratch.join(format!("code{nth}"));
        fs::write(&new, file.outcome.edits.apply(&file.text))?;
        let old = root.join(&file.path).to_string_lossy().into_owned();
        replace.insert(old, new.to_string_lossy().into_owned());
    }
    let path = scratch.join("overlay.json");
    fs::write(&path, serde_json::to_vec(&serde_json::json!({ "Replace": replace }))?)?;
    Ok(path)
}

/// A file's bytes; `None` where there is none.
fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// All files below a folder, by their paths from there. Links are no part of a vendor folder.
fn contents(folder: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(inner) = folders.pop() {
        let entries = match fs::read_dir(&inner) {
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            entries => entries.with_context(|| format!("cannot read {}", inner.display()))?,
        };
        for entry in entries {
            let entry = entry?;
            let (path, kind) = (entry.path(), entry.file_type()?);
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() {
                let bytes = read(&path)?.unwrap_or_default();
                let name = path.strip_prefix(folder).unwrap_or(&path).to_path_buf();
                files.insert(name, bytes);
            }
        }
    }
    Ok(files)
}
