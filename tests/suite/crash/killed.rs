//! The real program, ended by `kill -9` at random moments of a run: then `undo`, or a second
//! `apply` and `undo`.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use insta_cmd::get_cargo_bin;

use super::number;

const RULE: &str = "packages: {errors: github.com/pkg/errors}\nrules:\n- id: wrap\n  match: errors.Wrap($e, $m)\n  rewrite: errors.WithMessage($e, $m)\n";

fn old(nth: usize) -> String {
    let bodies = "\treturn errors.Wrap(err, \"f\")\n".repeat(1 + nth % 7);
    format!(
        "package p\n\nimport \"github.com/pkg/errors\"\n\nfunc f{nth}(err error) error {{\n{bodies}}}\n"
    )
}

fn new(nth: usize) -> String {
    old(nth).replace("Wrap", "WithMessage")
}

fn file(nth: usize) -> String {
    format!("p{}/f{nth}.go", nth / 20)
}

fn repository(folder: &Path, files: usize) {
    for nth in 0..files {
        let path = folder.join(file(nth));
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, old(nth)).expect("written");
    }
    std::fs::write(folder.join("rule.yaml"), RULE).expect("written");
    for args in [&["init", "-q"][..], &["add", "-A"], &["commit", "-q", "-m", "x"]] {
        let mut git = Command::new("git");
        git.current_dir(folder).args(["-c", "user.name=t", "-c", "user.email=t@example.com"]);
        assert!(git.args(args).status().is_ok_and(|s| s.success()), "git {args:?}");
    }
}

fn dmmigrate(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(get_cargo_bin("dmmigrate"));
    command.current_dir(folder).args(args).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn check(folder: &Path, files: usize, whole: fn(usize) -> String, when: &str) {
    for nth in 0..files {
        let now = std::fs::read_to_string(folder.join(file(nth))).expect("a file");
        assert_eq!(now, whole(nth), "{when}: {}", file(nth));
    }
}

fn temporaries(folder: &Path) -> Vec<String> {
    let git = |args: &[&str]| {
        let output = Command::new("git").current_dir(folder).args(args).output().expect("git");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let untracked = git(&["ls-files", "--others"]);
    untracked.lines().map(str::to_owned).collect()
}

#[test]
fn a_killed_run_is_taken_back_or_gone_on_with() {
    let (kills, files) = (number("DMMIGRATE_KILLS", 12), number("DMMIGRATE_CRASH_FILES", 100));
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    repository(folder, files);
    let apply = ["apply", "-q", "--rule", "rule.yaml"];
    let begun = Instant::now();
    assert!(dmmigrate(folder, &apply).status().is_ok_and(|s| s.success()));
    let whole_run = begun.elapsed();
    assert!(dmmigrate(folder, &["undo", "-q"]).status().is_ok_and(|s| s.success()));
    check(folder, files, old, "undo");
    let mut random = 0x2026_1125_u64;
    let mut in_the_middle = 0;
    for nth in 0..kills {
        random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let share = u32::try_from(random >> 40).expect("24 bits") % 1000;
        let mut run = dmmigrate(folder, &apply).spawn().expect("it starts");
        std::thread::sleep(whole_run * share / 1000);
        run.kill().expect("it is killed");
        run.wait().expect("it has ended");
        let when = format!("kill {nth} after {share}/1000 of {whole_run:?}");
        let mut written = 0;
        for nth in 0..files {
            let now = std::fs::read_to_string(folder.join(file(nth))).expect("a file");
            assert!(now == old(nth) || now == new(nth), "{when}: {} is half", file(nth));
            written += usize::from(now == new(nth));
        }
        in_the_middle += usize::from(written > 0 && written < files);
        if nth % 2 == 0 {
            assert!(dmmigrate(folder, &apply).status().is_ok_and(|s| s.success()), "{when}");
            check(folder, files, new, &format!("second run after {when}"));
        }
        // Where nothing was written there is nothing to undo, which is an error.
        let undo = dmmigrate(folder, &["undo", "-q"]).status().expect("it runs");
        assert!(undo.success() || written == 0, "{when}");
        check(folder, files, old, &format!("undo after {when}"));
        assert_eq!(temporaries(folder), Vec::<String>::new(), "{when}");
        let status = Command::new("git").current_dir(folder).args(["status", "--short"]).output();
        assert!(status.expect("git").stdout.is_empty(), "{when}: git status is not clean");
    }
    // Only with many kills is it sure that some hit the writing itself.
    assert!(in_the_middle > 0 || kills < 50, "no kill of {kills} hit the middle of the writing");
}
