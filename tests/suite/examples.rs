//! The bundled example: it compiles and passes its tests before the migration against the old
//! driver, and after it against the new one.

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

#[test]
fn orders_compiles_before_and_after() {
    let folder = tempfile::tempdir().expect("a folder");
    for part in ["orders", "standin"] {
        copy(&project().join("examples").join(part), &folder.path().join(part));
    }
    let orders = folder.path().join("orders");
    let passes = |when: &str| {
        let Some(_) = GoToolchain::find() else { return };
        for command in ["vet", "test"] {
            let output = std::process::Command::new("go")
                .current_dir(&orders)
                .args([command, "./..."])
                .env("GOWORK", folder.path().join("standin/go.work"))
                .env("GOFLAGS", "")
                .env("GOTOOLCHAIN", "local")
                .env("GOPROXY", "off")
                .output()
                .expect("go runs");
            let errors = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "go {command} {when}: {errors}");
        }
    };
    passes("before");
    let loaded = load_pack(&project().join("rules/dm-godriver-1.5"));
    let result = run_and_check(&orders, &loaded, "orders");
    assert_eq!(result.changed_modules.len(), 1, "go.mod follows");
    passes("after");
}
