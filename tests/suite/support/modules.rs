//! Modules as the Go module proxy has them, for tests on real code.

use std::path::Path;
use std::process::Command;

/// Puts a copy of the module `PATH@VERSION` into `root`, and what it needs into the module cache.
///
/// # Panics
/// Where `go` cannot get it.
pub fn download(module: &str, root: &Path) {
    let go = |dir: &Path, args: &[&str]| {
        let out = Command::new("go").current_dir(dir).args(args).output().expect("go runs");
        assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).expect("text")
    };
    let json = go(&std::env::temp_dir(), &["mod", "download", "-json", module]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    copy(Path::new(json["Dir"].as_str().expect("a folder")), root);
    go(root, &["mod", "download"]);
}

/// Copies a folder.
///
/// # Panics
/// Where a file cannot be read or written.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("made");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &target);
        } else {
            // Not with the modes of the module cache, which are read-only.
            std::fs::write(target, std::fs::read(entry.path()).expect("read")).expect("written");
        }
    }
}
