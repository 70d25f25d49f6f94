//! The outline scan against the list of declarations that Go's own parser makes, which a small Go
//! program under `tests/oracle/declarations` prints.
//!
//! By default on part of the standard library; `DMMIGRATE_OUTLINE_ROOTS` names other folders,
//! separated by colons.

#![allow(clippy::print_stdout, reason = "the test prints its figures")]

use std::path::Path;
use std::process::Command;

use dmmigrate::go::outline::outline;

use crate::support::go_toolchain::GoToolchain;

#[derive(Default)]
struct Tally {
    files: usize,
    declarations: usize,
    /// Files in which Go's parser finds an error: there, an outline may be odd or not.
    with_errors: usize,
    differences: Vec<String>,
}

impl Tally {
    fn compare(&mut self, line: &str) {
        let mut fields = line.split('\t');
        let path = fields.next().unwrap_or_default();
        let Ok(text) = std::fs::read_to_string(path) else { return };
        let theirs: Vec<String> = fields.map(str::to_string).collect();
        self.files += 1;
        if theirs == ["error"] {
            self.with_errors += 1;
            return;
        }
        let outline = outline(&text);
        let ours: Vec<String> =
            outline.decls.iter().map(|d| format!("{}-{}", d.span.start, d.span.end)).collect();
        self.declarations += theirs.len();
        if outline.odd || ours != theirs {
            let at = ours.iter().zip(&theirs).position(|(a, b)| a != b).unwrap_or(0);
            let (us, them) = (ours.get(at), theirs.get(at));
            self.differences.push(format!("{path}: odd {}, {us:?}, but {them:?}", outline.odd));
        }
    }
}

#[test]
fn outlines_are_the_list_that_gos_parser_makes() {
    let Some(go) = GoToolchain::find() else { return };
    let standard = || {
        let source = go.env("GOROOT") + "/src";
        ["net", "go", "runtime", "internal/types"].map(|f| format!("{source}/{f}")).to_vec()
    };
    let named = std::env::var("DMMIGRATE_OUTLINE_ROOTS").ok();
    let roots = named.map_or_else(standard, |n| n.split(':').map(str::to_string).collect());
    let folder = tempfile::tempdir().expect("a folder");
    let program = folder.path().join("declarations");
    let oracle = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle");
    let arguments = ["build", "-o", program.to_str().expect("text"), "./declarations"];
    let built = go.run(&oracle, &arguments);
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let output = Command::new(program).args(&roots).output().expect("the oracle runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut tally = Tally::default();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        tally.compare(line);
    }
    println!(
        "{} files, {} declarations, {} files with errors, {} differ",
        tally.files,
        tally.declarations,
        tally.with_errors,
        tally.differences.len()
    );
    assert!(tally.files - tally.with_errors > 500, "there is something to compare");
    assert_eq!(tally.differences, Vec::<String>::new());
}
