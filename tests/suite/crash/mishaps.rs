//! One thing that can go wrong with a file, or with a repository, a test. On the real disk, with
//! the real program where a person would meet it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use dmmigrate::app::digest::Digest;
use dmmigrate::app::disk::{Disk, OsDisk};
use dmmigrate::app::journal::Sites;
use dmmigrate::app::transaction::{About, Transaction, Write};
use insta_cmd::get_cargo_bin;

const SOURCE: &str = "package p\n\nimport \"github.com/pkg/errors\"\n\nfunc f(err error) error {\n\treturn errors.Wrap(err, \"f\")\n}\n";

const RULE: &str = "packages: {errors: github.com/pkg/errors}\nrules:\n- id: wrap\n  match: errors.Wrap($e, $m)\n  rewrite: errors.WithMessage($e, $m)\n";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[&str]) -> Self {
        let folder = Folder(tempfile::tempdir().expect("a folder"));
        fs::write(folder.path("rule.yaml"), RULE).expect("written");
        for file in files {
            folder.write(Path::new(file), SOURCE);
        }
        folder
    }

    fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &Path, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }

    fn run(&self, args: &[&str]) -> (i32, String) {
        let mut command = Command::new(get_cargo_bin("dmmigrate"));
        let Output { status, stderr, .. } =
            command.current_dir(self.0.path()).args(args).output().expect("it runs");
        (status.code().expect("a code"), String::from_utf8_lossy(&stderr).into_owned())
    }

    fn apply(&self) -> (i32, String) {
        self.run(&["apply", "--rule", "rule.yaml"])
    }

    fn is_old(&self, name: impl AsRef<Path>) -> bool {
        fs::read_to_string(self.path(name)).expect("a file") == SOURCE
    }

    fn is_new(&self, name: impl AsRef<Path>) -> bool {
        let now = fs::read_to_string(self.path(name)).expect("a file");
        now == SOURCE.replace("errors.Wrap(", "errors.WithMessage(")
    }
}

fn about() -> About {
    let (command, packs, detected) = (Vec::new(), Vec::new(), Vec::new());
    About { command, folder: PathBuf::new(), rules: Digest::of(b""), packs, detected }
}

#[test]
fn a_read_only_file_is_named_and_the_others_are_written() {
    let folder = Folder::new(&["a.go", "b.go"]);
    let mut permissions = fs::metadata(folder.path("a.go")).expect("there").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(folder.path("a.go"), permissions).expect("own file");
    let (code, said) = folder.apply();
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("error: a.go is read-only: make it writable (chmod u+w)"), "{said}");
    assert!(folder.is_old("a.go") && folder.is_new("b.go"));
    assert_eq!(folder.run(&["undo"]).0, 0);
    assert!(folder.is_old("a.go") && folder.is_old("b.go"));
}

#[test]
fn of_a_module_whose_go_mod_changes_all_is_written_or_nothing() {
    let folder = Folder::new(&["m/a.go", "m/b.go", "n/c.go"]);
    let rule = format!("{RULE}- {{id: raise, gomod: {{require: example.com/dm v1.5.0}}}}\n");
    folder.write(Path::new("rule.yaml"), &rule);
    let go_mod = "module example.com/m\n\ngo 1.22\n\nrequire example.com/dm v1.4.0\n";
    folder.write(Path::new("m/go.mod"), go_mod);
    let mut permissions = fs::metadata(folder.path("m/a.go")).expect("there").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(folder.path("m/a.go"), permissions).expect("own file");
    let (code, said) = folder.apply();
    assert_eq!(code, 2, "{said}");
    assert!(
        said.contains("m/go.mod was left as it was: its module is changed as a whole"),
        "{said}"
    );
    assert!(folder.is_old("m/a.go") && folder.is_old("m/b.go") && folder.is_new("n/c.go"));
    assert_eq!(fs::read_to_string(folder.path("m/go.mod")).expect("there"), go_mod);
}

#[test]
fn what_stands_in_the_way_of_undo_is_named_and_what_waits_for_it_counted() {
    let folder = Folder::new(&["m/a.go", "m/b.go", "m/c.go", "n/d.go"]);
    let rule = format!("{RULE}- {{id: raise, gomod: {{require: example.com/dm v1.5.0}}}}\n");
    folder.write(Path::new("rule.yaml"), &rule);
    let go_mod = "module example.com/m\n\ngo 1.22\n\nrequire example.com/dm v1.4.0\n";
    folder.write(Path::new("m/go.mod"), go_mod);
    assert_eq!(folder.apply().0, 0);
    folder.write(Path::new("m/b.go"), "package edited\n");
    let (code, said) = folder.run(&["undo"]);
    assert_eq!(code, 2, "{said}");
    let lines: Vec<&str> = said.lines().skip(1).collect();
    let expected = [
        "error: m/b.go was edited after the run",
        "3 files wait: their module is undone as a whole, together with m/go.mod (name files to undo them alone)",
        "4 files left as they are: undo or commit what was edited, then undo again",
    ];
    assert_eq!(lines, expected, "{said}");
    assert!(folder.is_new("m/a.go") && folder.is_new("m/c.go") && folder.is_old("n/d.go"));
    // What is named does not wait.
    let (code, said) = folder.run(&["undo", "m"]);
    assert_eq!(code, 2, "{said}");
    assert!(
        said.ends_with("1 file left as it is: undo or commit what was edited, then undo again\n"),
        "{said}"
    );
    assert!(folder.is_old("m/a.go") && folder.is_old("m/c.go"));
}

#[test]
fn a_file_that_changes_during_the_run_keeps_the_change() {
    let folder = Folder::new(&["a.go", "b.go"]);
    let disk: Arc<dyn Disk> = Arc::new(OsDisk);
    let transaction = Transaction::open(disk, folder.0.path()).expect("a transaction");
    let write = |path| Write {
        path,
        old: Some(SOURCE.as_bytes()),
        new: Some(b"new".to_vec()),
        sites: Sites::new(),
    };
    let units = vec![vec![write(Path::new("a.go"))], vec![write(Path::new("b.go"))]];
    folder.write(Path::new("a.go"), "package mine\n");
    let written = transaction.write(&units, about()).expect("it is tried");
    let reasons: Vec<&str> = written.failed.iter().map(|f| f.reason.as_str()).collect();
    assert_eq!(reasons, ["a.go was changed during the run: nothing was written to it, run again"]);
    assert_eq!(fs::read_to_string(folder.path("a.go")).expect("there"), "package mine\n");
    assert_eq!(fs::read_to_string(folder.path("b.go")).expect("there"), "new");
}

#[test]
fn of_two_runs_at_once_one_is_told_to_wait() {
    let folder = Folder::new(&["a.go"]);
    let disk: Arc<dyn Disk> = Arc::new(OsDisk);
    let transaction = Transaction::open(disk, folder.0.path()).expect("a transaction");
    for args in [&["apply", "--rule", "rule.yaml"][..], &["undo"]] {
        let (code, said) = folder.run(args);
        assert_eq!(code, 2, "{said}");
        let process =
            format!("another run is at work in this repository (process {})", std::process::id());
        assert!(said.contains(&process) || said.contains("no run to undo"), "{said}");
        assert!(folder.is_old("a.go"));
    }
    assert_eq!(folder.run(&["apply", "-n", "--rule", "rule.yaml"]).0, 0, "a dry run does not wait");
    drop(transaction);
    assert_eq!(folder.apply().0, 0);
    assert!(folder.is_new("a.go"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_every_file_as_it_was() {
    // A limit on the size of files stands for the disk: writing fails with the same kind of error.
    let folder = Folder::new(&["a.go", "b.go"]);
    let program = get_cargo_bin("dmmigrate");
    let shell =
        format!("trap '' XFSZ; ulimit -f 0; exec {} apply --rule rule.yaml", program.display());
    let mut command = Command::new("sh");
    let output =
        command.current_dir(folder.0.path()).args(["-c", &shell]).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("nothing was written"), "{said}");
    assert!(folder.is_old("a.go") && folder.is_old("b.go"));
    assert_eq!(folder.apply().0, 0, "once there is space again");
    assert!(folder.is_new("a.go") && folder.is_new("b.go"));
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn a_folder_without_permission_is_named_and_nothing_is_left_behind() {
        let folder = Folder::new(&["locked/a.go", "b.go"]);
        let locked = folder.path("locked");
        let set = |mode| fs::set_permissions(&locked, fs::Permissions::from_mode(mode));
        set(0o500).expect("own folder");
        let superuser = fs::write(locked.join("probe"), "").is_ok();
        let (code, said) = folder.apply();
        set(0o700).expect("own folder");
        let _ = fs::remove_file(locked.join("probe"));
        if superuser {
            assert_eq!(code, 0, "{said}");
            assert!(folder.is_new("locked/a.go"));
        } else {
            assert_eq!(code, 2, "{said}");
            assert!(
                said.contains("cannot write the new locked/a.go: check the permissions"),
                "{said}"
            );
            assert!(folder.is_old("locked/a.go"));
        }
        assert!(folder.is_new("b.go"));
        assert_eq!(fs::read_dir(&locked).expect("a folder").count(), 1);
    }

    #[test]
    fn links_out_of_the_root_and_in_circles_are_not_followed() {
        let (folder, other) = (Folder::new(&["a.go"]), Folder::new(&["secret.go"]));
        symlink(other.0.path(), folder.path("out")).expect("link");
        symlink(other.path("secret.go"), folder.path("linked.go")).expect("link");
        symlink(folder.0.path(), folder.path("circle")).expect("link");
        symlink(folder.path("self.go"), folder.path("self.go")).expect("link");
        let (code, said) = folder.apply();
        assert_eq!(code, 0, "{said}");
        assert!(folder.is_new("a.go") && other.is_old("secret.go"));
    }

    #[test]
    fn a_journal_is_not_led_elsewhere_by_a_link() {
        let (folder, other) = (Folder::new(&["a.go"]), Folder::new(&[]));
        symlink(other.0.path(), folder.path(".dmmigrate")).expect("link");
        let (code, said) = folder.apply();
        assert_eq!(code, 2, "{said}");
        assert!(said.contains(".dmmigrate is not a folder"), "{said}");
        assert!(folder.is_old("a.go"));
        assert!(!other.path("lock").exists());
    }

    #[test]
    fn a_journal_from_a_stranger_writes_nothing_outside_of_the_root() {
        let (folder, other) = (Folder::new(&["in/a.go"]), Folder::new(&["b.go"]));
        assert_eq!(folder.run(&["apply", "in", "--rule", "rule.yaml"]).0, 0);
        let runs = folder.path("in/.dmmigrate/runs");
        let runs = if runs.is_dir() { runs } else { folder.path(".dmmigrate/runs") };
        let run = fs::read_dir(&runs).expect("runs").next().expect("a run").expect("it").path();
        let plan = fs::read_to_string(run.join("plan.json")).expect("a plan");
        let outside = other.path("b.go");
        for path in [outside.display().to_string(), "../b.go".to_owned()] {
            let forged = plan.replacen("\"path\":\"in/a.go\"", &format!("\"path\":\"{path}\""), 1);
            let forged = forged.replacen("\"path\":\"a.go\"", &format!("\"path\":\"{path}\""), 1);
            assert_ne!(forged, plan);
            fs::write(run.join("plan.json"), forged).expect("written");
            let inside = runs.parent().and_then(Path::parent).expect("the root");
            let mut command = Command::new(get_cargo_bin("dmmigrate"));
            let output = command.current_dir(inside).arg("undo").output().expect("it runs");
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{said}");
            assert!(said.contains("is not a path below the root"), "{said}");
            assert!(other.is_old("b.go"));
        }
    }

    #[test]
    fn odd_file_names_are_written_logged_and_undone() {
        let folder = Folder::new(&[]);
        let names: [&[u8]; 5] = [
            b"with space.go",
            b"new\nline.go",
            b"quote\"'.go",
            b"not utf8 \xff\xfe.go",
            "é.go".as_bytes(),
        ];
        // Some file systems take UTF-8 names only.
        let paths: Vec<PathBuf> =
            names.iter().map(|n| PathBuf::from(OsStr::from_bytes(n))).collect();
        let write = |p: &&PathBuf| fs::write(folder.path(p), SOURCE).is_ok();
        let paths: Vec<&PathBuf> = paths.iter().filter(write).collect();
        let (code, said) = folder.apply();
        assert_eq!(code, 0, "{said}");
        assert!(paths.iter().all(|path| folder.is_new(path)));
        let mut log = Command::new(get_cargo_bin("dmmigrate"));
        let log = log.current_dir(folder.0.path()).args(["log", "-v"]).output().expect("it runs");
        let log = String::from_utf8_lossy(&log.stdout).into_owned();
        assert!(log.contains("new\\nline.go") && log.contains("with space.go"), "{log}");
        assert_eq!(folder.run(&["undo"]).0, 0);
        assert!(paths.iter().all(|path| folder.is_old(path)));
    }

    #[test]
    fn undo_gives_back_modes_as_well_as_bytes() {
        let folder = Folder::new(&["a.go"]);
        let path = folder.path("a.go");
        let mode = || fs::metadata(&path).expect("there").permissions().mode() & 0o777;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o750)).expect("own file");
        assert_eq!(folder.apply().0, 0);
        assert_eq!(mode(), 0o750);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("own file");
        assert_eq!(folder.run(&["undo"]).0, 0);
        assert_eq!(mode(), 0o750);
    }
}
