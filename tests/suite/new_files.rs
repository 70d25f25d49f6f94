//! Files that rules create, by the program as people call it.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const RULES: &str = "packages: {lib: example.org/lib, compat: '${module}/internal/compat'}
rules:
- {id: text, match: lib.Text($s), rewrite: compat.Text($s)}
- {id: file, file: {path: internal/compat/compat.go, content: package compat}}
";
const CODE: &str = "package app\n\nimport \"example.org/lib\"\n\nvar a = lib.Text(1)\n";

fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text);
    write("go.mod", "module example.com/app\n\ngo 1.22\n").expect("written");
    write("a.go", CODE).expect("written");
    write("rules.yaml", RULES).expect("written");
    folder
}

fn run(folder: &Path, args: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_dmmigrate"));
    program.current_dir(folder).args(args).env("GIT_CEILING_DIRECTORIES", folder);
    let output = program.output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {said}");
    output
}

#[test]
fn a_new_file_is_written_and_taken_back() {
    let folder = repository();
    let file = folder.path().join("internal/compat/compat.go");
    let apply = ["apply", "--rule", "rules.yaml", "--only", "text"];
    let dry = run(folder.path(), &[&apply[..], &["--dry-run"]].concat());
    let patch = String::from_utf8_lossy(&dry.stdout).into_owned();
    let header = "new file mode 100644\n--- /dev/null\n+++ b/internal/compat/compat.go\n";
    assert!(patch.contains(header) && !file.exists(), "{patch}");
    let json = run(folder.path(), &[&apply[..], &["--dry-run", "--format", "json"]].concat());
    let json: Value = serde_json::from_slice(&json.stdout).expect("JSON");
    let created = |f: &&Value| f["created"] == Value::Bool(true);
    let files = json["files"].as_array().expect("files");
    let created: Vec<_> = files.iter().filter(created).map(|f| &f["path"]).collect();
    assert_eq!(created, ["internal/compat/compat.go"]);
    run(folder.path(), &apply);
    assert_eq!(std::fs::read_to_string(&file).expect("a file"), "package compat\n");
    let again = run(folder.path(), &[&apply[..], &["--dry-run"]].concat());
    assert!(again.stdout.is_empty(), "{}", String::from_utf8_lossy(&again.stdout));
    run(folder.path(), &["undo"]);
    assert!(!file.exists());
    assert_eq!(std::fs::read_to_string(folder.path().join("a.go")).expect("a file"), CODE);
}

#[cfg(unix)]
#[test]
fn nothing_is_created_through_a_link() {
    let folder = repository();
    let outside = tempfile::tempdir().expect("a folder");
    std::os::unix::fs::symlink(outside.path(), folder.path().join("internal")).expect("a link");
    let output = run(folder.path(), &["apply", "--rule", "rules.yaml", "--verbose"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("cannot be created"), "{said}");
    assert_eq!(std::fs::read_to_string(folder.path().join("a.go")).expect("a file"), CODE);
    assert_eq!(std::fs::read_dir(outside.path()).expect("a folder").count(), 0);
}
