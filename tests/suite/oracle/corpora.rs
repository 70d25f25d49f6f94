//! The comparison at full size: the standard library, Go's own single-file tests, and modules from
//! the Go module proxy.

use std::path::{Path, PathBuf};

use super::facts::Oracle;
use super::report::HEAD;
use super::{Disk, Run};
use crate::support::go_toolchain::GoToolchain;
use crate::support::modules::download;

/// Modules of different style, at versions that stay.
const MODULES: &[&str] = &[
    // Generics.
    "github.com/samber/lo@v1.53.0",
    // Build tags.
    "golang.org/x/sys@v0.50.0",
    "github.com/fsnotify/fsnotify@v1.10.1",
    // Generated code.
    "google.golang.org/protobuf@v1.36.12",
    // Databases.
    "gorm.io/gorm@v1.31.2",
    "github.com/jmoiron/sqlx@v1.4.0",
    // What services are made of.
    "github.com/spf13/cobra@v1.10.2",
    "go.uber.org/zap@v1.28.0",
];

/// Folders of `GOROOT/test` whose files are programs of their own.
const PROGRAMS: &[&str] = &[".", "chan", "fixedbugs", "interface", "ken", "typeparam"];

/// Compares `full`, `programs`, or the modules that `wanted` names.
pub fn compare(go: &GoToolchain, oracle: &Oracle, wanted: &str) {
    println!("{HEAD}");
    let mut failed: Vec<String> = Vec::new();
    let mut check = |run: &Run<'_>| failed.extend(run.check(go, oracle).err());
    let modules: Vec<&str> = match wanted {
        "full" => MODULES.to_vec(),
        "programs" => Vec::new(),
        _ => wanted.split(',').collect(),
    };
    let goroot = PathBuf::from(go.env("GOROOT"));
    if wanted == "full" {
        let standard = goroot.join("src");
        check(&Run {
            name: "standard library",
            root: &standard,
            patterns: &["std"],
            flags: &["-tests"],
            disk: Disk::Everything,
        });
    }
    if wanted == "full" || wanted == "programs" {
        programs(&goroot.join("test"), &mut check);
    }
    for module in modules {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().join("module");
        download(module, &root);
        for (disk, name) in [
            (Disk::Everything, module.to_string()),
            (Disk::RepositoryOnly, format!("{module}, repository only")),
        ] {
            let patterns = &["./..."];
            check(&Run { name: &name, root: &root, patterns, flags: &["-tests"], disk });
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// Each file as a package of its own.
fn programs(tests: &Path, check: &mut dyn FnMut(&Run<'_>)) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    std::fs::write(root.join("go.mod"), "module programs\ngo 1.26\n").expect("written");
    let mut count = 0;
    for sub in PROGRAMS {
        let Ok(entries) = std::fs::read_dir(tests.join(sub)) else { continue };
        let mut files: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
        files.sort();
        for file in files.iter().filter(|f| f.extension().is_some_and(|x| x == "go")) {
            let name = file.file_name().expect("a name").to_str().expect("text");
            let target = root.join(format!("p{count}"));
            std::fs::create_dir(&target).expect("made");
            std::fs::copy(file, target.join(name)).expect("copied");
            count += 1;
        }
    }
    if count > 0 {
        let patterns = &["./..."];
        let (name, disk) = ("programs of GOROOT/test", Disk::Everything);
        check(&Run { name, root, patterns, flags: &[], disk });
    }
}
