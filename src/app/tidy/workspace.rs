//! Vendoring of workspaces. Comes in: the modules whose go.mod changes, and what they are tidied to.
//! Goes out: what `go work vendor` makes of the vendor folder beside a go.work, and of go.work.sum.
//!
//! `go work vendor` takes no other go.mod than those in place, so it runs in a copy of the workspace
//! as it will be. Files that stay are linked, not copied, where the file system can.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use super::{TidiedFile, TidyFailure, contents, read};
use crate::app::changes::changed;
use crate::app::run::RunResult;

/// What files shall hold, by path from the root; nothing where there shall be none.
type Planned = BTreeMap<PathBuf, Option<Vec<u8>>>;

/// The folders above these modules in which a go.work is vendored.
pub fn vendored_workspaces(root: &Path, modules: &[PathBuf]) -> BTreeSet<PathBuf> {
    let is_vendored = |folder: &&Path| {
        let folder = root.join(folder);
        folder.join("go.work").is_file() && folder.join("vendor/modules.txt").is_file()
    };
    let nearest = |module: &PathBuf| module.ancestors().find(is_vendored).map(Path::to_path_buf);
    modules.iter().filter_map(nearest).collect()
}

/// Vendors the workspace in `folder`. Its modules are tidied to `tidied` already.
pub(super) fn vendor(
    root: &Path,
    folder: &Path,
    (result, tidied): (&RunResult, &[TidiedFile]),
    scratch: &Path,
) -> Result<Result<Vec<TidiedFile>, TidyFailure>> {
    let copy = scratch.join("workspace");
    let mut planned = Planned::new();
    for file in changed(result) {
        let new = file.outcome.edits.apply(&file.text).into_bytes();
        planned.insert(file.path.clone(), Some(new));
    }
    planned.extend(tidied.iter().map(|file| (file.path.clone(), file.new.clone())));
    mirror(root, folder, &planned, &copy)?;
    let new_vendor = scratch.join("vendor");
    let mut go = Command::new("go");
    go.current_dir(&copy).args(["work", "vendor", "-o"]).arg(&new_vendor).env_remove("GOWORK");
    let output = go.output().context("the go command cannot be run")?;
    if !output.status.success() {
        let output = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Ok(Err(TidyFailure {
            module: folder.to_owned(),
            command: "go work vendor",
            output,
        }));
    }
    let mut files = Vec::new();
    let mut add = |path: PathBuf, old: Option<Vec<u8>>, new: Option<Vec<u8>>| {
        if old != new {
            files.push(TidiedFile { path, module: folder.to_owned(), old, new });
        }
    };
    let sum = folder.join("go.work.sum");
    add(sum.clone(), read(&root.join(&sum))?, read(&copy.join("go.work.sum"))?);
    let vendor = folder.join("vendor");
    let (old, new) = (contents(&root.join(&vendor))?, contents(&new_vendor)?);
    for name in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
        add(vendor.join(name), old.get(name).cloned(), new.get(name).cloned());
    }
    Ok(Ok(files))
}

/// Makes `copy` what stands below `folder`, a path from the root, once the planned files are there.
fn mirror(root: &Path, folder: &Path, planned: &Planned, copy: &Path) -> Result<()> {
    fs::create_dir_all(copy)?;
    let mut folders = vec![folder.to_path_buf()];
    while let Some(inside) = folders.pop() {
        let there = root.join(&inside);
        let entries =
            fs::read_dir(&there).with_context(|| format!("cannot read {}", there.display()))?;
        for entry in entries {
            let entry = entry?;
            let (path, kind) = (inside.join(entry.file_name()), entry.file_type()?);
            let to = copy.join(path.strip_prefix(folder).unwrap_or(&path));
            if kind.is_dir() && entry.file_name() != "vendor" && entry.file_name() != ".git" {
                fs::create_dir_all(&to)?;
                folders.push(path);
            } else if kind.is_file() && !planned.contains_key(&path) {
                put(&entry.path(), &to)?;
            }
        }
    }
    for (path, new) in planned {
        let (Ok(below), Some(new)) = (path.strip_prefix(folder), new) else { continue };
        let to = copy.join(below);
        if let Some(above) = to.parent() {
            fs::create_dir_all(above)?;
        }
        fs::write(&to, new)?;
    }
    Ok(())
}

/// Puts a file there. What the go command may write to is a file of its own.
fn put(from: &Path, to: &Path) -> Result<()> {
    let extension = from.extension().and_then(|extension| extension.to_str());
    let is_written = matches!(extension, Some("sum" | "mod" | "work"));
    if is_written || fs::hard_link(from, to).is_err() {
        let copied = fs::copy(from, to);
        copied.with_context(|| format!("cannot copy {}", from.display()))?;
    }
    Ok(())
}
