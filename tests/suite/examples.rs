//! The examples: each compiles and passes its tests before its packs are applied, against the old
//! libraries, and after, against the new ones. `examples/standin` holds what stands in for them.

use std::path::Path;

use super::support::go_toolchain::GoToolchain;
use super::support::invariants::run_and_check;
use super::support::packs::{load_pack, project};

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder of the example") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("a copy");
        }
    }
}

/// `go vet` and `go test` in a module, with the workspace file that names the stand-ins.
fn passes(module: &Path, work: &Path, when: &str) {
    let Some(_) = GoToolchain::find() else { return };
    for command in ["vet", "test"] {
        let output = std::process::Command::new("go")
            .current_dir(module)
            .args([command, "./..."])
            .env("GOWORK", work)
            .env("GOFLAGS", "")
            .env("GOTOOLCHAIN", "local")
            .env("GOPROXY", "off")
            .output()
            .expect("go runs");
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (out, errors) = (said(&output.stdout), said(&output.stderr));
        assert!(output.status.success(), "go {command} {when}: {out}{errors}");
    }
}

/// Applies a pack to a copy of an example, whose go.mod has to follow, and looks whether it works
/// before and after.
fn works_before_and_after(example: &str, work: &str, pack: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    for part in [example, "standin"] {
        copy(&project().join("examples").join(part), &folder.path().join(part));
    }
    let module = folder.path().join(example);
    let work = folder.path().join("standin").join(work);
    passes(&module, &work, "before");
    let loaded = load_pack(&project().join("rules").join(pack));
    let result = run_and_check(&module, &loaded, example);
    assert_eq!(result.changed_modules.len(), 1, "go.mod follows");
    passes(&module, &work, "after");
}

#[test]
fn orders_compiles_before_and_after() {
    works_before_and_after("orders", "go.work", "dm-godriver-1.5");
}

#[test]
fn connectors_in_all_shapes_compile_before_and_after() {
    works_before_and_after("connectors", "connectors.work", "dm-godriver-1.5");
}

/// The same for a pack whose changes have to be asked for.
#[test]
fn the_driver_is_raised_when_it_is_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    for part in ["upgrade", "standin"] {
        copy(&project().join("examples").join(part), &folder.path().join(part));
    }
    let module = folder.path().join("upgrade");
    let work = folder.path().join("standin/upgrade.work");
    passes(&module, &work, "before");
    let apply = |args: &[&str]| {
        let mut command = std::process::Command::new(insta_cmd::get_cargo_bin("dmmigrate"));
        command.current_dir(&module).args(["apply", "--pack", "dm-upgrade"]).args(args);
        let output = command.output().expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let required = || std::fs::read_to_string(module.join("go.mod")).expect("a go.mod");
    apply(&[]);
    assert!(required().contains("v1.8.14"), "nothing is raised unasked");
    apply(&["--include", "review"]);
    assert!(required().contains("v1.8.23"), "{}", required());
    passes(&module, &work, "after");
}
