//! A git repository in a temporary folder, and the program run in it.

use std::path::Path;
use std::process::Command;

use insta_cmd::get_cargo_bin;

/// A git repository; all files are committed.
pub struct Repository(tempfile::TempDir);

impl Repository {
    pub fn new(files: &[(&str, &str)]) -> Self {
        let repository = Self(tempfile::tempdir().expect("a folder"));
        for (name, text) in files {
            repository.write(name, text);
        }
        repository.git(&["init", "-q"]);
        repository.commit();
        repository
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("it is made");
        std::fs::write(path, text).expect("it is written");
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).expect("a file")
    }

    pub fn git(&self, args: &[&str]) -> String {
        let output = Command::new("git")
            .current_dir(self.path())
            .args(["-c", "user.name=t", "-c", "user.email=t@example.com"])
            .args(args)
            .output()
            .expect("git runs");
        assert!(
            output.status.success(),
            "git {args:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    pub fn commit(&self) {
        self.git(&["add", "-A", "-f"]);
        self.git(&["commit", "-q", "-m", "x"]);
    }

    pub fn dmmigrate(&self, args: &[&str]) -> Command {
        let mut command = Command::new(get_cargo_bin("dmmigrate"));
        command.current_dir(self.path()).args(args).env("NO_COLOR", "1");
        command
    }
}

/// Runs `check` with the settings that all snapshots of the program have.
pub fn snapshot(check: impl FnOnce()) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots/cli");
    settings.set_prepend_module_to_snapshot(false);
    settings.add_filter(r"\(\d+\.\d\d s, ", "([TIME] s, ");
    settings.add_filter(r"program: .*", "program: dmmigrate");
    settings.bind(check);
}
