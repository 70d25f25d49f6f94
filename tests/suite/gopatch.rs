//! Rules in gopatch's syntax: every case of tests/gopatch, held to what all cases are held to, and
//! beside gopatch itself where `DMMIGRATE_GOPATCH` names its program.
//!
//! A case is a txtar archive: prose, a patch file, and code. Where gopatch makes something else of
//! the code, its last line of prose begins with `Differs:` and says why.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use dmmigrate::app::cases::{lay_out, promises::run_and_check, report};
use dmmigrate::app::config::{Asked, Dependencies, LoadedRules, Request, load};
use dmmigrate::app::output::diagnostics::render;
use dmmigrate::app::txtar::Archive;

use super::support::invariants::formatting_is_no_worse;
use super::support::packs::project;

struct Case {
    name: String,
    archive: Archive,
}

impl Case {
    fn all() -> Vec<Case> {
        let folder = project().join("tests/gopatch");
        let entries = std::fs::read_dir(&folder).expect("the cases").flatten();
        let paths = entries.map(|entry| entry.path());
        let mut paths: Vec<PathBuf> =
            paths.filter(|p| p.extension().is_some_and(|e| e == "txtar")).collect();
        paths.sort();
        let read = |path: PathBuf| {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let text = std::fs::read_to_string(path).expect("a case");
            Case { name, archive: Archive::parse(&text) }
        };
        paths.into_iter().map(read).collect()
    }

    /// The patch: its name and text.
    fn patch(&self) -> &(String, String) {
        let is_patch = |name: &str| Path::new(name).extension().is_some_and(|e| e == "patch");
        let patch = self.archive.files.iter().find(|(name, _)| is_patch(name));
        patch.expect("a patch file")
    }

    /// The code and go.mod.
    fn files(&self) -> Vec<(String, String)> {
        let (patch, _) = self.patch();
        let mut files = self.archive.files.clone();
        files.retain(|(name, _)| name != patch);
        if files.iter().all(|(name, _)| name != "go.mod") {
            files.push(("go.mod".into(), "module example.com/app\n\ngo 1.22\n".into()));
        }
        files
    }

    /// The rules, by the option `--rule`.
    fn rules(&self) -> LoadedRules {
        let folder = tempfile::tempdir().expect("a folder");
        let (name, text) = self.patch();
        std::fs::write(folder.path().join(name), text).expect("written");
        let request = Request {
            sources: vec![Asked::Rule(name.clone())],
            from: folder.path().to_path_buf(),
            ..Request::default()
        };
        load(folder.path(), &request, &Dependencies::default)
    }

    /// Why gopatch makes something else of it.
    fn differs(&self) -> Option<&str> {
        self.archive.comment.split("Differs:").nth(1).map(str::trim)
    }
}

/// The patch files of all cases.
pub fn patch_files() -> Vec<String> {
    Case::all().iter().map(|case| case.patch().1.clone()).collect()
}

/// Runs every case before it fails, so that one run names all that went wrong.
fn for_all(check: impl Fn(&Case)) {
    let mut failed = Vec::new();
    for case in Case::all() {
        if catch_unwind(AssertUnwindSafe(|| check(&case))).is_err() {
            failed.push(case.name);
        }
    }
    assert!(failed.is_empty(), "cases that failed: {failed:#?}");
}

/// The files as they are after a run of ours, and what a snapshot keeps of it.
fn run(case: &Case) -> (BTreeMap<String, String>, String) {
    let loaded = case.rules();
    if loaded.has_errors() {
        let errors = render(&loaded.diagnostics, &loaded.sources, false);
        return (case.files().into_iter().collect(), errors);
    }
    let folder = tempfile::tempdir().expect("a folder");
    lay_out(&case.files(), folder.path()).expect("files");
    let kept = run_and_check(folder.path(), &loaded).expect("a run");
    assert_eq!(kept.broken, Vec::<String>::new(), "{}", case.name);
    formatting_is_no_worse(&kept.result, &case.name);
    (read(case, folder.path()), report(&kept.result, &loaded.compiled.rules))
}

fn is_go(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|e| e == "go")
}

/// The Go files of a case as they lie in `folder`.
fn read(case: &Case, folder: &Path) -> BTreeMap<String, String> {
    let files = case.files().into_iter().filter(|(name, _)| is_go(name));
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).expect("a file");
    files.map(|(name, _)| (name.clone(), text(&name))).collect()
}

#[test]
fn cases() {
    for_all(|case| {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(project().join("tests/gopatch"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_description(case.archive.comment.trim());
        let (_, report) = run(case);
        settings.bind(|| insta::assert_snapshot!(case.name.as_str(), report));
    });
}

#[test]
fn no_snapshot_without_a_case() {
    let cases = Case::all();
    for entry in std::fs::read_dir(project().join("tests/gopatch")).expect("the cases").flatten() {
        let path = entry.path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let known = cases.iter().any(|case| case.name == name);
        assert!(known || path.extension().is_none_or(|e| e != "snap"), "{}", path.display());
    }
}

/// Beside gopatch itself: the files are the same after gofmt, or the case says why they are not.
#[test]
#[allow(clippy::print_stderr, reason = "a skipped test has to say so")]
fn beside_gopatch() {
    let Some(program) = std::env::var_os("DMMIGRATE_GOPATCH") else {
        eprintln!("skipped: DMMIGRATE_GOPATCH names no gopatch");
        return;
    };
    for_all(|case| {
        // gopatch passes over folders whose names begin with a dot.
        let folder = tempfile::Builder::new().prefix("case").tempdir().expect("a folder");
        lay_out(&case.files(), folder.path()).expect("files");
        let (name, text) = case.patch();
        let patch = folder.path().join(name);
        std::fs::write(&patch, text).expect("written");
        let mut command = Command::new(&program);
        let errors = what_it_says(command.arg("-p").arg(&patch).arg(folder.path()));
        let theirs = formatted(read(case, folder.path()));
        let ours = formatted(run(case).0.into_iter().filter(|(n, _)| is_go(n)).collect());
        match case.differs() {
            None => assert_eq!(ours, theirs, "{}: ours, theirs\n{errors}", case.name),
            Some(why) => assert_ne!(ours, theirs, "{}: no longer differs: {why}", case.name),
        }
    });
}

/// Runs the program; it is stopped where it comes to no end.
fn what_it_says(command: &mut Command) -> String {
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = quiet.spawn().expect("gopatch runs");
    let begun = Instant::now();
    while child.try_wait().expect("a status").is_none() {
        if begun.elapsed() > Duration::from_secs(30) {
            child.kill().expect("it is stopped");
            return "it does not end".to_owned();
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let output = child.wait_with_output().expect("it has ended");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The files as gofmt writes them; as they are where it cannot.
fn formatted(files: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let format = |text: String| {
        let path = folder.path().join("a.go");
        std::fs::write(&path, &text).expect("written");
        let output = Command::new("gofmt").arg(&path).output().expect("gofmt runs");
        if output.status.success() { String::from_utf8(output.stdout).expect("text") } else { text }
    };
    files.into_iter().map(|(name, text)| (name, format(text))).collect()
}
