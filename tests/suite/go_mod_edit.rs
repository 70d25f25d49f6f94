//! go.mod files against `go mod edit`: the same reading, and the same changes where it makes them.

use crate::support::go_mod_files::{Operation, go_mod, operation};
use crate::support::go_toolchain::GoToolchain;
use dmmigrate::go::module::{IfAbsent, ModFile, Outcome, ReplaceTarget, WorkFile};
use dmmigrate::go::version::Version;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

/// `go mod edit ARGS` on `text`: the new text, or `None` where Go refuses the file.
fn edited(go: &GoToolchain, folder: &Path, text: &str, args: &[&str]) -> Option<String> {
    let file = folder.join("go.mod");
    fs::write(&file, text).expect("written");
    let output = go.run(folder, &[&["mod", "edit"], args].concat());
    let new = fs::read_to_string(&file).expect("read");
    output.status.success().then_some(new)
}

/// Every go.mod below the folders, `.mod` files of the module cache included.
fn go_mod_files(folders: &[PathBuf]) -> Vec<PathBuf> {
    let is_go_mod = |path: &Path| {
        let is = |name: &str| path.file_name().is_some_and(|n| n == name);
        is("go.mod") || is("go.work") || path.extension().is_some_and(|e| e == "mod")
    };
    let walk = |folder: &PathBuf| {
        let walk = ignore::WalkBuilder::new(folder).standard_filters(false).build();
        walk.filter_map(Result::ok).map(ignore::DirEntry::into_path).collect::<Vec<_>>()
    };
    let mut files: Vec<PathBuf> =
        folders.iter().flat_map(walk).filter(|p| is_go_mod(p) && p.is_file()).collect();
    files.sort();
    files
}

/// The files of the Go distribution and of the module cache, and of `DMMIGRATE_CORPUS` if set.
fn real_files(go: &GoToolchain) -> Vec<PathBuf> {
    let corpus = std::env::var_os("DMMIGRATE_CORPUS").map(PathBuf::from);
    let mut folders = vec![Path::new(&go.env("GOROOT")).join("src"), go.env("GOMODCACHE").into()];
    folders.extend(corpus);
    go_mod_files(&folders)
}

fn module(path: &str, version: Option<&Version>) -> Value {
    match version {
        Some(version) => json!({"Path": path, "Version": version.to_string()}),
        None => json!({"Path": path}),
    }
}

fn replaces(replaces: &[dmmigrate::go::module::Replace]) -> Value {
    let target = |target: &ReplaceTarget| match target {
        ReplaceTarget::Directory(path) => module(path, None),
        ReplaceTarget::Module { path, version } => module(path, Some(version)),
    };
    replaces
        .iter()
        .map(|r| json!({"Old": module(&r.path, r.version.as_ref()), "New": target(&r.target)}))
        .collect()
}

/// The file as `go mod edit -json` prints it, as far as this crate reads it.
fn as_json(file: &ModFile) -> Value {
    let requires = file.requires().iter().map(|r| {
        let mut require = module(&r.path, Some(&r.version));
        if r.indirect {
            require["Indirect"] = json!(true);
        }
        require
    });
    json!({
        "Module": file.module_path(),
        "Go": file.go_version().map(ToString::to_string),
        "Toolchain": file.toolchain(),
        "Require": requires.collect::<Value>(),
        "Replace": replaces(file.replaces()),
        "Exclude": file.excludes().iter().map(|e| module(&e.path, Some(&e.version))).collect::<Value>(),
        "Tool": file.tools().iter().map(|t| json!({"Path": t.path})).collect::<Value>(),
    })
}

fn list(go: &Value, key: &str) -> Value {
    if go[key].is_null() { json!([]) } else { go[key].clone() }
}

/// The same selection from what Go printed; a list that is left out is empty.
fn selected(go: &Value) -> Value {
    let list = |key: &str| list(go, key);
    // Where there is no module line, Go prints an empty path.
    let module = go["Module"]["Path"].as_str().filter(|path| !path.is_empty());
    json!({
        "Module": module,
        "Go": go["Go"],
        "Toolchain": go["Toolchain"],
        "Require": list("Require"),
        "Replace": list("Replace"),
        "Exclude": list("Exclude"),
        "Tool": list("Tool"),
    })
}

#[test]
fn real_files_are_read_as_go_reads_them() {
    let Some(go) = GoToolchain::find() else { return };
    let mut compared = 0;
    for path in real_files(&go) {
        let text = fs::read_to_string(&path).expect("UTF-8");
        let is_work = path.ends_with("go.work");
        let verb = if is_work { "work" } else { "mod" };
        let name = path.to_str().expect("a UTF-8 path");
        let output = go.run(&std::env::temp_dir(), &[verb, "edit", "-json", name]);
        let Ok(json) = serde_json::from_slice::<Value>(&output.stdout) else { continue };
        if is_work {
            let file = WorkFile::parse(&text);
            assert_eq!(file.problems(), [], "{name}");
            assert_eq!(replaces(file.replaces()), list(&json, "Replace"), "{name}");
        } else {
            let file = ModFile::parse(&text);
            assert_eq!(file.problems(), [], "{name}");
            assert_eq!(as_json(&file), selected(&json), "{name}");
        }
        compared += 1;
    }
    assert!(compared > 0, "the Go distribution has go.mod files");
}

#[test]
fn a_real_requirement_is_raised_and_dropped_as_go_does_it() {
    let Some(go) = GoToolchain::find() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (mut raised, mut dropped) = (0, 0);
    for path in real_files(&go).iter().filter(|p| !p.ends_with("go.work")) {
        let text = fs::read_to_string(path).expect("UTF-8");
        let file = ModFile::parse(&text);
        if edited(&go, folder.path(), &text, &["-fmt"]).is_none_or(|new| new != text) {
            continue;
        }
        // A prime, so that direct and indirect ones of large files are met.
        for require in file.requires().iter().step_by(1 + file.requires().len() / 13) {
            let path = &require.path;
            let higher = format!("{}.99999.0", require.version.major()).parse().expect("a version");
            let change = file.require(path, &higher, IfAbsent::Leave, None);
            if let Outcome::Raised { .. } = change.outcome {
                let argument = format!("-require={path}@{higher}");
                let expected = edited(&go, folder.path(), &text, &[&argument]);
                assert_eq!(Some(change.edits.apply(&text)), expected, "{argument}");
                raised += 1;
            }
            let change = file.drop(path);
            if change.outcome == Outcome::Dropped && change.removed.is_empty() {
                let argument = format!("-droprequire={path}");
                let expected = edited(&go, folder.path(), &text, &[&argument]);
                assert_eq!(Some(change.edits.apply(&text)), expected, "{argument}");
                dropped += 1;
            }
        }
    }
    assert!(raised > 0 && dropped > 0, "the Go distribution's own go.mod requires modules");
}

#[test]
fn a_formatted_file_stays_formatted() {
    let Some(go) = GoToolchain::find() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let mut runner = TestRunner::deterministic();
    let cases = (go_mod(), operation());
    let (mut changed, mut agreed) = (0, 0);
    for _ in 0..300 {
        let ((text, _), operation) = cases.new_tree(&mut runner).expect("a case").current();
        // Twice: sorting can leave a blank line that only the next run removes.
        let format = |text: String| edited(&go, folder.path(), &text, &["-fmt"]);
        let Some(text) = format(text).and_then(format) else { continue };
        let change = operation.change(&text);
        if change.edits.is_empty() {
            continue;
        }
        let new = change.edits.apply(&text);
        let formatted = edited(&go, folder.path(), &new, &["-fmt"]);
        assert_eq!(Some(&new), formatted.as_ref(), "{operation:?} of\n{text}");
        changed += 1;

        // Go counts a blank line as a part of the line below it, so it disappears with that line.
        if text.contains("\n\n\t") {
            continue;
        }
        let once = |path: &str| {
            ModFile::parse(&text).requires().iter().filter(|r| r.path == path).count() == 1
        };
        let argument = match (&operation, &change.outcome) {
            (Operation::Require { path, .. }, Outcome::Raised { .. }) if once(path) => {
                let raised = ModFile::parse(&new);
                let version = raised.required_version(path).map(ToString::to_string);
                format!("-require={path}@{}", version.unwrap_or_default())
            }
            (Operation::Drop { path }, Outcome::Dropped) if change.removed.is_empty() => {
                format!("-droprequire={path}")
            }
            _ => continue,
        };
        assert_eq!(Some(new), edited(&go, folder.path(), &text, &[&argument]), "of\n{text}");
        agreed += 1;
    }
    assert!(changed > 50 && agreed > 5, "too few cases: {changed} changed, {agreed} compared");
}
