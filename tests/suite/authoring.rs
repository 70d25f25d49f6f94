//! `rules new`, `rules schema`, `completions` and `man`: what a person begins with.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output};

use insta_cmd::get_cargo_bin;

fn dmmigrate(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(get_cargo_bin("dmmigrate"));
    command.current_dir(folder).args(args).env("NO_COLOR", "1").stdin(std::process::Stdio::null());
    command.output().expect("the program runs")
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

/// Every kind of pattern, with what its rule does.
const NEW: [(&str, &[&str]); 12] = [
    (
        "call",
        &[
            "--package",
            "github.com/pkg/errors",
            "--match",
            "errors.Wrap($e, $t)",
            "--rewrite",
            "fmt.Errorf(\"%s: %w\", $t, $e)",
        ],
    ),
    (
        "standard",
        &["--package", "io/ioutil", "--match", "ioutil.ReadAll($r)", "--rewrite", "io.ReadAll($r)"],
    ),
    (
        "versioned",
        &[
            "--package",
            "gopkg.in/yaml.v2",
            "--match",
            "yaml.Unmarshal($b, &$x)",
            "--rewrite",
            "yaml.UnmarshalStrict($b, &$x)",
        ],
    ),
    (
        "other-name",
        &[
            "--package",
            "gitee.com/chunanyong/dm-go",
            "--match",
            "dm.F($$$a)",
            "--rewrite",
            "dm.G($$$a)",
        ],
    ),
    (
        "named",
        &["--package", "db=example.com/dm", "--match", "*db.Conn", "--rewrite", "*db.Session"],
    ),
    ("method", &["--match", "$x.Close()", "--report", "it's: closed"]),
    (
        "statements",
        &[
            "--package",
            "example.com/dm",
            "--match",
            "$c, $err := dm.Open($d)\nif $err != nil {\n\t$$$b\n}\n",
            "--rewrite",
            "$c := dm.Must($d)",
        ],
    ),
    ("declaration", &["--match", "func $f($$$p) error { $$$b }", "--report", "a function"]),
    ("no-name", &["--match", "$x == nil", "--report", "compared"]),
    ("type", &["--match", "[]$t", "--report", "a slice"]),
    ("clause", &["--match", "case $x: Foo()", "--report", "a clause"]),
    ("element", &["--match", "Name: $v", "--report", "an element"]),
];

#[test]
fn a_new_pack_passes_its_own_test_and_check() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, flags) in NEW {
        let mut args = vec!["rules", "new", name];
        args.extend(flags);
        let made = dmmigrate(folder.path(), &args);
        assert!(made.status.success(), "{name}: {}", said(&made));
        let case = std::fs::read_dir(folder.path().join(name).join("cases")).expect("a case");
        assert_eq!(case.count(), 2, "{name}: a case and its snapshot");
        for args in [["test", "-q", name].as_slice(), &["rules", "check", "-q", name]] {
            let output = dmmigrate(folder.path(), args);
            assert!(output.status.success(), "{name}: {args:?}: {}", said(&output));
        }
    }
}

/// On a terminal three questions are asked; what is wrong is shown, and asked again.
#[cfg(target_os = "linux")]
#[test]
#[allow(clippy::print_stderr, reason = "a skipped test has to say so")]
fn on_a_terminal_three_questions_make_a_pack() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = get_cargo_bin("dmmigrate");
    // `script` runs the program on a terminal of its own.
    let mut command = Command::new("script");
    command.args(["-qec", &format!("'{}' rules new to-io", program.display()), "/dev/null"]);
    command.current_dir(folder.path()).env("NO_COLOR", "1");
    command.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
    let Ok(mut child) = command.spawn() else {
        eprintln!("skipped: there is no `script` to make a terminal");
        return;
    };
    let wrong = "io/ioutil\nioutil.ReadAll($r\nio.ReadAll($r)\n";
    let right = "\nioutil.ReadAll($r)\nio.ReadAll($r)\n";
    let mut input = child.stdin.take().expect("piped");
    input.write_all(format!("{wrong}{right}").as_bytes()).expect("written");
    let output = child.wait_with_output().expect("it ends");
    drop(input);
    let told = said(&output);
    assert!(output.status.success(), "{told}");
    assert_eq!(told.matches("Which package changes?").count(), 2, "{told}");
    assert!(told.contains("close the `(`") && told.contains("(Enter: io/ioutil)"), "{told}");
    for args in [&["test", "-q", "to-io"][..], &["rules", "check", "-q", "to-io"]] {
        let output = dmmigrate(folder.path(), args);
        assert!(output.status.success(), "{args:?}: {}", said(&output));
    }
}

#[test]
fn a_new_pack_is_shown_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut args = vec!["rules", "new", "tools/errors-to-std"];
    args.extend(NEW[0].1);
    let mut told = said(&dmmigrate(folder.path(), &args));
    for file in ["pack.yaml", "rules.yaml", "cases/wrap.txtar", "cases/wrap.snap"] {
        let path = folder.path().join("tools/errors-to-std").join(file);
        let text = std::fs::read_to_string(path).expect("a file");
        told.push_str(&format!("### {file}\n{text}"));
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_snapshot!("rules_new", told));
}

#[test]
fn what_makes_no_pack_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    for (args, why) in [
        (
            &["rules", "new", "a", "--match", "f($x)", "--rewrite", "g($y)"][..],
            "no pattern binds `$y`",
        ),
        (&["rules", "new", "a"], "on a terminal you are asked"),
        (&["rules", "new", "A"], "cannot name a pack"),
        (&["rules", "new", "a", "--match", "f($x)"], "does not say what to do"),
        (&["rules", "new", ".", "--match", "f()", "--report", "b"], "cannot name a pack"),
    ] {
        let output = dmmigrate(folder.path(), args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", said(&output));
        assert!(said(&output).contains(why), "{args:?}: {}", said(&output));
        assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 0, "{args:?}");
    }
    std::fs::create_dir(folder.path().join("a")).expect("made");
    let output =
        dmmigrate(folder.path(), &["rules", "new", "a", "--match", "f()", "--report", "b"]);
    assert!(said(&output).contains("exists already"), "{}", said(&output));
}

#[test]
fn schemas_are_printed_and_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let one = dmmigrate(folder.path(), &["rules", "schema", "rules"]);
    let parsed: serde_json::Value = serde_json::from_slice(&one.stdout).expect("JSON");
    assert_eq!(parsed["title"], "a rule file");
    let all = dmmigrate(folder.path(), &["rules", "schema"]);
    let all: serde_json::Value = serde_json::from_slice(&all.stdout).expect("JSON");
    assert_eq!(all["rules.json"], parsed);
    assert!(dmmigrate(folder.path(), &["rules", "schema", "--write", "s"]).status.success());
    let written = std::fs::read(folder.path().join("s/rules.json")).expect("a file");
    assert_eq!(written, one.stdout);
}

#[test]
fn completions_and_the_manual_know_every_command() {
    let folder = tempfile::tempdir().expect("a folder");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = said(&dmmigrate(folder.path(), &["completions", shell]));
        for word in ["apply", "explain", "test", "dry-run"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    let page = said(&dmmigrate(folder.path(), &["man"]));
    assert!(page.contains(".TH dmmigrate 1"), "{page}");
    assert!(page.contains("explain"), "{page}");
    assert!(dmmigrate(folder.path(), &["man", "--write", "pages"]).status.success());
    for page in ["dmmigrate.1", "dmmigrate-apply.1", "dmmigrate-rules-new.1"] {
        assert!(folder.path().join("pages").join(page).is_file(), "{page}");
    }
}
