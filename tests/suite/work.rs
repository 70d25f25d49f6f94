//! The regression guard for speed: work is counted, not timed. What a run parses is a matter of its
//! input alone, so these figures are exact.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use insta_cmd::get_cargo_bin;

const SITES: usize = 3;
const DECLARATIONS: usize = 40;

/// A repository of `files` files with 40 functions each, in three of which `errors.Wrap` is called;
/// beside each of them two files that only import the package, and mention the word in a comment.
fn repository(files: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for nth in 0..files {
        let mut text = String::from("package p\n\nimport \"github.com/pkg/errors\"\n\n");
        for function in 0..DECLARATIONS {
            let body = if function % (DECLARATIONS / SITES) == 1 {
                format!("return errors.Wrap(err, \"f{function}\")")
            } else {
                "return errors.New(err.Error())".to_string()
            };
            let _ = write!(text, "func f{nth}x{function}(err error) error {{\n\t{body}\n}}\n\n");
        }
        write(folder.path(), &format!("a{nth}.go"), &text);
        write(
            folder.path(),
            &format!("b{nth}.go"),
            "package p\n\nimport \"fmt\"\n\nvar _ = fmt.Sprint\n",
        );
    }
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).expect("it is written");
}

fn rules(folder: &Path, count: usize) {
    let mut text = String::from("packages:\n  errors: github.com/pkg/errors\nrules:\n");
    let wrap = "- id: wrap\n  match: errors.Wrap($e, $m)\n  rewrite: errors.WithMessage($e, $m)\n";
    text.push_str(wrap);
    for nth in 1..count {
        let _ = write!(
            text,
            "- id: r{nth}\n  match: errors.Gone{nth}($e)\n  rewrite: errors.Here{nth}($e)\n"
        );
    }
    write(folder, "rule.yaml", &text);
}

/// The counts of a dry run: files read, files parsed, declarations parsed, bytes parsed.
fn work(folder: &Path) -> [usize; 4] {
    let output = Command::new(get_cargo_bin("dmmigrate"))
        .current_dir(folder)
        .args(["apply", "--dry-run", "--rule", "rule.yaml", "--format", "json"])
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    ["filesRead", "filesParsed", "declarationsParsed", "bytesParsed"].map(|key| {
        let count = json["summary"][key].as_u64().expect("a count");
        usize::try_from(count).expect("it fits")
    })
}

#[test]
fn only_declarations_with_a_site_are_parsed() {
    let folder = repository(5);
    rules(folder.path(), 1);
    let [read, files, declarations, bytes] = work(folder.path());
    assert_eq!(read, 10);
    assert_eq!(files, 5, "files without the words are not parsed");
    assert_eq!(declarations, 5 * SITES, "nor are declarations without them");
    let function = "func f0x1(err error) error {\n\treturn errors.Wrap(err, \"f1\")\n}".len();
    assert!(bytes <= declarations * (function + 2), "{bytes} bytes");
}

#[test]
fn a_hundred_rules_parse_no_more_than_one() {
    let folder = repository(5);
    rules(folder.path(), 1);
    let one = work(folder.path());
    rules(folder.path(), 100);
    assert_eq!(work(folder.path()), one);
}

#[test]
fn work_grows_with_the_files_and_not_faster() {
    let counts = [4, 8, 16].map(|files| {
        let folder = repository(files);
        rules(folder.path(), 1);
        let [_, parsed, declarations, _] = work(folder.path());
        (parsed, declarations)
    });
    assert_eq!(counts, [(4, 12), (8, 24), (16, 48)]);
}

/// Types make files ask each other: whose question had a declaration parsed is a matter of luck, and
/// no part of what a run reports.
#[test]
fn reports_of_typed_rules_are_the_same_for_any_number_of_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "go.mod", "module example.com/m\n\ngo 1.22\n");
    for nth in 0..60 {
        let next = (nth + 1) % 60;
        let text = format!(
            "package p\n\ntype T{nth} struct{{ next *T{next} }}\n\n\
             func (t *T{nth}) Shut() *T{next} {{ return t.next }}\n\n\
             func f{nth}() {{\n\tnew(T{nth}).Shut().Shut().Shut()\n}}\n"
        );
        write(folder.path(), &format!("f{nth}.go"), &text);
    }
    let rule = "packages:\n  p: {path: example.com/m, name: p}\nrules:\n- id: shut\n  match: $x.Shut()\n  where:\n    $x: {type: \"*p.T7\"}\n  rewrite: $x.Close()\n";
    write(folder.path(), "rule.yaml", rule);
    let report = |jobs: &str| {
        let output = Command::new(get_cargo_bin("dmmigrate"))
            .current_dir(folder.path())
            .args(["apply", "--dry-run", "--rule", "rule.yaml", "--format", "json", "--jobs", jobs])
            .output()
            .expect("the program runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    };
    let one = report("1");
    assert!(one.contains("\"applied\": 3"), "{one}");
    for _ in 0..5 {
        assert_eq!(report("8"), one);
    }
}
