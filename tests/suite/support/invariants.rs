//! What every case is held to: what the program promises (`app::cases::promises`), and what only a
//! Go toolchain can tell.

use std::path::Path;
use std::process::Command;

use dmmigrate::app::cases::promises;
use dmmigrate::app::config::LoadedRules;
use dmmigrate::app::run::RunResult;

use super::go_toolchain::GoToolchain;

/// Runs the rules over the files in `folder` and asserts all promises. The folder holds the
/// result afterwards.
pub fn run_and_check(folder: &Path, loaded: &LoadedRules, name: &str) -> RunResult {
    let kept = promises::run_and_check(folder, loaded).expect("a run");
    assert!(kept.broken.is_empty(), "{name}: {}", kept.broken.join("\n"));
    formatting_is_no_worse(&kept.result, name);
    kept.result
}

/// Where there is gofmt: what it would have left alone before, it leaves alone after.
pub fn formatting_is_no_worse(result: &RunResult, name: &str) {
    if GoToolchain::find().is_none() {
        return;
    }
    for file in result.files.iter().filter(|f| f.path.extension().is_some_and(|e| e == "go")) {
        let after = file.outcome.edits.apply(&file.text);
        if file.is_new || is_formatted(&file.text) {
            assert!(
                is_formatted(&after),
                "{name}: {} is not gofmt-clean\n{after}",
                file.path.display()
            );
        }
    }
}

fn is_formatted(text: &str) -> bool {
    let file = tempfile::Builder::new().suffix(".go").tempfile().expect("a file");
    std::fs::write(file.path(), text).expect("it is written");
    let output = Command::new("gofmt").arg("-l").arg(file.path()).output().expect("gofmt runs");
    output.status.success() && output.stdout.is_empty()
}
