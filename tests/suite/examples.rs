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
    passes_with(module, work, when, &[]);
}

/// The same with flags for the go command, such as build tags.
fn passes_with(module: &Path, work: &Path, when: &str, flags: &[&str]) {
    let Some(_) = GoToolchain::find() else { return };
    for command in ["vet", "test"] {
        let output = std::process::Command::new("go")
            .current_dir(module)
            .arg(command)
            .args(flags)
            .arg("./...")
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

/// The same for packs whose changes have to be asked for, as people call the program.
fn works_when_asked_for(example: &str, packs: &[&str], changed: &str, text: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    for part in [example, "standin"] {
        copy(&project().join("examples").join(part), &folder.path().join(part));
    }
    let module = folder.path().join(example);
    let work = folder.path().join("standin").join(format!("{example}.work"));
    passes(&module, &work, "before");
    let apply = |args: &[&str]| {
        let mut command = std::process::Command::new(insta_cmd::get_cargo_bin("dmmigrate"));
        let packs = packs.iter().flat_map(|pack| ["--pack", *pack]);
        command.current_dir(&module).arg("apply").args(packs).args(args);
        let output = command.output().expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        std::fs::read_to_string(module.join(changed)).expect("a file")
    };
    assert!(!apply(&[]).contains(text), "{packs:?}: nothing of that unasked");
    let after = apply(&["--include", "review"]);
    assert!(after.contains(text), "{packs:?}: {after}");
    passes(&module, &work, "after");
}

#[test]
fn copies_of_the_driver_become_one() {
    works_before_and_after("modules", "modules.work", "dm-module");
}

#[test]
fn the_driver_is_raised_when_it_is_asked_for() {
    works_when_asked_for("upgrade", &["dm-upgrade"], "go.mod", "v1.8.23");
}

#[test]
fn the_pool_gets_limits_when_it_is_asked_for() {
    works_when_asked_for("hardening", &["dm-hardening"], "store.go", "SetMaxOpenConns(20)");
}

#[test]
fn a_build_tag_chooses_the_driver() {
    let folder = tempfile::tempdir().expect("a folder");
    for part in ["switch", "standin"] {
        copy(&project().join("examples").join(part), &folder.path().join(part));
    }
    let (module, work) = (folder.path().join("switch"), folder.path().join("standin/switch.work"));
    passes(&module, &work, "before");
    let output = std::process::Command::new(insta_cmd::get_cargo_bin("dmmigrate"))
        .current_dir(&module)
        .args(["apply", "--pack", "dm-switch", "--include", "review"])
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for file in ["driver_dameng.go", "driver_mysql.go"] {
        assert!(module.join(file).exists(), "{file}");
    }
    passes(&module, &work, "after");
    passes_with(&module, &work, "with the tag", &["-tags=dameng"]);
}

/// Connection strings follow the driver that reads them in another way.
#[test]
fn connection_strings_are_read_alike_by_the_old_and_the_new_driver() {
    works_when_asked_for("dsn", &["dm-dsn", "dm-upgrade"], "store.go", "rwSeparate=1&timeZone=480");
}

#[test]
fn dameng_is_opened_in_the_place_of_mysql() {
    let dsn = r#"sql.Open("dm", "dm://orders:secret@127.0.0.1:3306?schema=orders")"#;
    works_when_asked_for("from-mysql", &["mysql-to-dm"], "store.go", dsn);
}

#[test]
fn profiles_are_read_with_a_fallback() {
    let folder = tempfile::tempdir().expect("a folder");
    for part in ["profile", "standin"] {
        copy(&project().join("examples").join(part), &folder.path().join(part));
    }
    let (module, work) =
        (folder.path().join("profile"), folder.path().join("standin/profile.work"));
    passes(&module, &work, "before");
    let loaded = load_pack(&project().join("rules/dm-field-fallback"));
    run_and_check(&module, &loaded, "profile");
    passes(&module, &work, "after");
}

/// Every command of a guide runs in the example that the guide names. `check` may find something.
#[test]
fn commands_of_the_guides_run_in_their_examples() {
    let folder = tempfile::tempdir().expect("a folder");
    copy(&project().join("examples"), folder.path());
    let mut run = 0;
    for entry in std::fs::read_dir(project().join("docs/packs")).expect("the guides") {
        let path = entry.expect("a guide").path();
        let text = std::fs::read_to_string(&path).expect("a text");
        let Some((_, named)) = text.split_once("[examples/") else { continue };
        let example = named.split(']').next().expect("a name");
        let is_dry = |line: &&str| line.contains("--dry-run") || !line.contains(" apply ");
        let commands = text.lines().filter(|l| l.starts_with("dmmigrate ")).filter(is_dry);
        for line in commands {
            let output = std::process::Command::new(insta_cmd::get_cargo_bin("dmmigrate"))
                .current_dir(folder.path().join(example))
                .args(line.split_whitespace().skip(1))
                .output()
                .expect("it runs");
            let good = output.status.success()
                || line.starts_with("dmmigrate check") && output.status.code() == Some(1);
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(good, "{}: {line}: {said}", path.display());
            run += 1;
        }
    }
    assert!(run >= 28, "only {run} commands");
}
