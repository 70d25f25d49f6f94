//! Tests that need a Go toolchain: they run where there is one, say so where there is none, and
//! fail there if `DMMIGRATE_REQUIRE_GO=1` is set, as CI does.

use std::path::Path;
use std::process::{Command, Output};

/// Where `go` can be run.
pub struct GoToolchain {
    program: &'static str,
}

impl GoToolchain {
    /// The toolchain on `PATH`. A test returns at once on `None`.
    ///
    /// # Panics
    /// Without a toolchain, where the environment says that there must be one.
    #[allow(clippy::print_stderr, reason = "a skipped test has to say so")]
    pub fn find() -> Option<Self> {
        let program = "go";
        let found = Command::new(program).arg("version").output().is_ok_and(|o| o.status.success());
        if !found {
            let required = std::env::var("DMMIGRATE_REQUIRE_GO").is_ok_and(|v| v == "1");
            assert!(!required, "DMMIGRATE_REQUIRE_GO=1, but there is no Go toolchain");
            eprintln!("skipped: no Go toolchain");
        }
        found.then_some(Self { program })
    }

    /// Runs `go` with `args` in `folder`, without a network and without other toolchains.
    ///
    /// # Panics
    /// Where the program cannot be started.
    pub fn run(&self, folder: &Path, args: &[&str]) -> Output {
        let mut go = Command::new(self.program);
        go.current_dir(folder).args(args);
        go.env("GOTOOLCHAIN", "local").env("GOPROXY", "off").env("GOFLAGS", "-mod=mod");
        go.output().expect("go runs")
    }

    /// The value of `go env NAME`.
    pub fn env(&self, name: &str) -> String {
        let output = self.run(&std::env::temp_dir(), &["env", name]);
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }
}
