//! Packs of a team in a folder of the repository: what they extend, what is switched off, where
//! each rule comes from.

use std::path::Path;
use std::process::Command;

use insta_cmd::get_cargo_bin;

use super::support::packs::project;
use super::support::repository::snapshot;

/// A repository with the packs `inherit` and `inherit-base` of tests/cases in `rules/`.
fn repository(config: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for pack in ["inherit", "inherit-base"] {
        let to = folder.path().join("rules").join(pack);
        std::fs::create_dir_all(&to).expect("made");
        for name in ["pack.yaml", "rules.yaml"] {
            let from = project().join("tests/cases").join(pack).join(name);
            std::fs::copy(from, to.join(name)).expect("copied");
        }
    }
    std::fs::write(folder.path().join("dmmigrate.yaml"), config).expect("written");
    std::fs::write(folder.path().join("go.mod"), "module m\n").expect("written");
    folder
}

fn says(root: &Path, args: &[&str]) -> (String, String) {
    let output = Command::new(get_cargo_bin("dmmigrate"))
        .current_dir(root)
        .args(args)
        .output()
        .expect("ran");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

#[test]
fn rules_say_where_they_come_from() {
    let root = repository("packs: [./rules/inherit]\ndisable: [inherit/added]\n");
    let (list, _) = says(root.path(), &["rules", "list"]);
    assert!(list.contains("  open   rewrite  safe    (from inherit-base)\n"), "{list}");
    assert!(list.ends_with("  close  rewrite  safe\n  off: added\n"), "{list}");
    let (open, _) = says(root.path(), &["rules", "show", "open"]);
    assert!(open.contains("from:     ./rules/inherit-base/rules.yaml:2\n"), "{open}");
    assert!(open.contains("asked by: dmmigrate.yaml:1\n"), "{open}");
    assert!(open.contains("through:  inherit extends inherit-base\n"), "{open}");
    let (close, _) = says(root.path(), &["rules", "show", "inherit/close"]);
    assert!(close.contains("from:     ./rules/inherit/rules.yaml:5\n"), "{close}");
    let replaced = "replaces: inherit-base/close, ./rules/inherit-base/rules.yaml:5\n";
    assert!(close.contains(replaced), "{close}");
    let (_, off) = says(root.path(), &["rules", "show", "added"]);
    assert!(off.contains("`added` is switched off (dmmigrate.yaml:2)"), "{off}");
}

#[test]
fn a_parameter_is_what_the_command_line_says_before_the_file_before_the_pack() {
    let source = "package a\n\nimport \"example.com/fork/lib\"\n\nfunc f() { lib.Open() }\n";
    for (config, args, size) in [
        ("", vec![], "lib.OpenN(20, \"base\")"),
        ("params: {size: 7}\n", vec![], "lib.OpenN(7, \"base\")"),
        (
            "params: {size: 7}\n",
            vec!["--set", "size=9", "--set", "name=a\"b"],
            r#"lib.OpenN(9, "a\"b")"#,
        ),
    ] {
        let root = repository(&format!("packs: [./rules/inherit]\n{config}"));
        std::fs::write(root.path().join("a.go"), source).expect("written");
        let args: Vec<&str> = ["apply", "--dry-run"].into_iter().chain(args).collect();
        let (patch, err) = says(root.path(), &args);
        assert!(patch.contains(size), "{patch}{err}");
    }
}

#[test]
fn packs_in_use_are_no_subject_of_their_own_rules() {
    let root = repository("packs: [./rules/inherit]\n");
    let rule = "rules:\n- {id: moved, text: {files: ['**/*.yaml'], find: example.com/, replace: example.org/}}\n";
    std::fs::write(root.path().join("rules/inherit/text.yaml"), rule).expect("written");
    std::fs::write(root.path().join("deploy.yaml"), "lib: example.com/base/lib\n")
        .expect("written");
    let (patch, err) = says(root.path(), &["apply", "--dry-run"]);
    assert_eq!(patch.matches("diff --git").count(), 1, "{patch}{err}");
    assert!(patch.contains("+lib: example.org/base/lib\n"), "{patch}{err}");
}

#[test]
fn packs_that_disagree_about_a_name_are_shown_where_they_are_extended() {
    let root = repository("packs: [./rules/both]\n");
    let folder = root.path().join("rules/both");
    std::fs::create_dir_all(&folder).expect("made");
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("written");
    write("pack.yaml", "pack: both\nextends: [inherit-base, inherit]\n");
    write(
        "rules.yaml",
        "rules:\n- id: late\n  match: lib.Late()\n  rewrite: lib.LateN(${size}, \"${name}\")\n\
         - id: later\n  match: lib.Later()\n  report: a\n",
    );
    let (_, err) = says(root.path(), &["apply", "--dry-run"]);
    snapshot(|| insta::assert_snapshot!("packs_disagree", err));
    // A value that is set, or a package of the pack's own, and there is nothing to disagree about.
    write(
        "pack.yaml",
        "pack: both\nextends: [inherit-base, inherit]\npackages: {lib: example.com/fork/lib}\n",
    );
    let source = "package a\n\nimport \"example.com/fork/lib\"\n\nfunc f() { lib.Late() }\n";
    std::fs::write(root.path().join("a.go"), source).expect("written");
    let (patch, err) = says(root.path(), &["apply", "--dry-run", "--set", "size=9"]);
    assert!(patch.contains("lib.LateN(9, \"base\")"), "{patch}{err}");
}
