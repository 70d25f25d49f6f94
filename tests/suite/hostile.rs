//! Packs and repositories that mean no good: bounded time and memory, a clear message, and exit code
//! 2 where nothing could be done. Other tests hold that no output steers a terminal (`cli`), that
//! nothing is written outside of the root (`crash`), and which patterns and globs are refused
//! (`broken_rules`).

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use insta_cmd::get_cargo_bin;

/// Longer than this is a defect, whatever the machine does beside.
const PATIENCE: Duration = Duration::from_secs(60);

/// The most memory, in kibibytes, by the limit that the shell sets.
const MEMORY: u64 = 2 << 20;

const PRINT: &str =
    "packages: {fmt: fmt}\nrules:\n- {id: print, match: fmt.Print($x), rewrite: fmt.Println($x)}\n";

fn go(rest: &str) -> String {
    format!("package p\n\nimport \"fmt\"\n\n{rest}\n")
}

/// Runs `apply` with a rule file over one file; gives the exit code and what was said.
fn apply(rule: &str, name: &str, text: &str) -> (i32, String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("rule.yaml"), rule).expect("written");
    std::fs::write(folder.path().join(name), text).expect("written");
    let begun = Instant::now();
    let output = limited(folder.path()).output().expect("it runs");
    assert!(begun.elapsed() < PATIENCE, "{name}: {:?}", begun.elapsed());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let now = std::fs::read_to_string(folder.path().join(name)).expect("there");
    (output.status.code().unwrap_or(-1), said, now)
}

/// The program with bounded memory, where the system has such a thing.
fn limited(folder: &Path) -> Command {
    let program = get_cargo_bin("dmmigrate");
    let args = ["apply", "--jobs", "1", "--rule", "rule.yaml"];
    let mut command = if cfg!(target_os = "linux") {
        let shell = format!("ulimit -v {MEMORY}; exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        command.args(["-c", &shell]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir(folder).args(args);
    command
}

/// The one site of a file is changed, and nothing else.
fn changes_its_site(text: &str) {
    let (code, said, now) = apply(PRINT, "a.go", text);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("1 file changed, 1 site by 1 rule"), "{said}");
    assert!(now == text.replace("fmt.Print(", "fmt.Println("), "something else was changed");
}

/// The rules are refused, and the message says this.
fn is_refused(rule: &str, message: &str) {
    let (code, said, now) = apply(rule, "a.go", &go("func f() { fmt.Print(1) }"));
    assert_eq!(code, 2, "{said}");
    assert!(said.contains(message), "{said}");
    assert!(said.contains("help: "), "{said}");
    assert_eq!(now, go("func f() { fmt.Print(1) }"));
}

#[test]
fn a_file_of_50_megabytes_is_changed_where_it_has_to_be() {
    let lines = ("x".repeat(79) + "\n").repeat(625_000);
    changes_its_site(&go(&format!("var s = `{lines}`\n\nfunc f() {{ fmt.Print(1) }}")));
}

#[test]
fn a_line_of_10_megabytes_is_a_line() {
    let line = "x".repeat(10_000_000);
    changes_its_site(&go(&format!("var s = \"{line}\"; func f() {{ fmt.Print(1) }}")));
}

#[test]
fn ten_thousand_nested_parentheses_are_code() {
    let (open, close) = ("(".repeat(10_000), ")".repeat(10_000));
    // Around an argument gofmt leaves one pair of them.
    let (code, said, now) =
        apply(PRINT, "a.go", &go(&format!("func f() {{ fmt.Print({open}1{close}) }}")));
    assert_eq!(code, 0, "{said}");
    assert_eq!(now, go("func f() { fmt.Println((1)) }"));
    changes_its_site(&go(&format!("var n = {open}1{close}\n\nfunc f() {{ fmt.Print(1) }}")));
    // Without their ends they are no Go: the file is left, or changed where it is.
    let (code, said, _) = apply(PRINT, "a.go", &go(&format!("func f() {{ fmt.Print({open}1) }}")));
    assert_eq!(code, 0, "{said}");
}

#[test]
fn code_that_is_nested_too_deeply_is_named() {
    let nested = |open: &str, close: &str, depth: usize| {
        let (open, close) = (open.repeat(depth), close.repeat(depth));
        go(&format!("func f() {{ {open}fmt.Print(1){close} }}"))
    };
    for (open, close) in [("{\n", "\n}"), ("if x {\n", "\n}"), ("f(func() {\n", "\n})")] {
        changes_its_site(&nested(open, close, 2_000));
        let text = nested(open, close, 10_000);
        // What stands beside it is changed all the same.
        let other = format!("{text}\nfunc g() {{ fmt.Print(2) }}\n");
        let (code, said, now) = apply(PRINT, "a.go", &other);
        assert_eq!(code, 2, "{said}");
        assert!(said.contains("1 file changed, 1 site by 1 rule"), "{said}");
        assert!(said.contains("error: a.go:"), "{said}");
        assert!(said.contains(": code is nested too deeply to be looked at"), "{said}");
        assert!(now == other.replace("fmt.Print(2)", "fmt.Println(2)"), "{open}");
    }
}

#[test]
fn code_with_syntax_errors_is_named_and_counted() {
    let broken = "func f() {\n\tx := )\n\tfmt.Print(1)\n}";
    let (code, said, _) = apply(PRINT, "a.go", &go(broken));
    assert_eq!(code, 0, "{said}");
    let wanted = "1 declaration with syntax errors, where rules see only a part: a.go:6:7\n";
    assert!(said.contains(wanted), "{said}");
    // What no rule has to look into is nobody's business.
    let (code, said, _) = apply(PRINT, "a.go", &go("func f() {\n\tx := )\n}\n"));
    assert_eq!(code, 0, "{said}");
    assert!(!said.contains("syntax errors"), "{said}");
    let many = (0..5).map(|n| format!("func f{n}() {{\n\tfmt.Print({n}\n\tx := )\n}}\n\n"));
    let (_, said, _) = apply(PRINT, "a.go", &go(&many.collect::<String>()));
    assert!(said.contains(" with syntax errors, where rules see only a part: a.go:"), "{said}");
}

#[test]
fn a_yaml_bomb_does_not_go_off() {
    let mut bomb = String::from("a: &a [x,x,x,x,x,x,x,x,x]\n");
    for (name, last) in ('b'..='m').zip('a'..='l') {
        let all = vec![format!("*{last}"); 9].join(",");
        bomb.push_str(&format!("{name}: &{name} [{all}]\n"));
    }
    is_refused(&(bomb + "rules: *m\n"), "rule files have no anchors, aliases or tags");
    let deep = format!("rules: {}{}\n", "[".repeat(100_000), "]".repeat(100_000));
    is_refused(&deep, "the values are nested too deep");
}

#[test]
fn expressions_that_would_run_for_ever_run_in_linear_time() {
    let text = "packages: {fmt: fmt}\nrules:\n- {id: text, text: {files: ['*.md'], find: '(a+)+$', replace: b}}\n";
    let (code, said, _) = apply(text, "a.md", &("a".repeat(200_000) + "!\n"));
    assert_eq!(code, 0, "{said}");
    let code_text = "packages: {fmt: fmt}\nrules:\n- {id: print, match: fmt.Print($x), where: {$x: {text: '(x+x+)+y'}}, rewrite: fmt.Println($x)}\n";
    let source = go(&format!("func f() {{ fmt.Print(\"{}\") }}", "x".repeat(200_000)));
    let (code, said, now) = apply(code_text, "a.go", &source);
    assert_eq!((code, now == source), (0, true), "{said}");
    let large = PRINT.replace(
        "match:",
        "files: ['*.go'], where: {$x: {text: '((a{1000}){1000}){1000}'}}, match:",
    );
    is_refused(&large, "the regular expression becomes too large");
}

#[test]
fn a_pack_reaches_for_nothing_outside_of_the_root() {
    for glob in ["../**/*", "/etc/**"] {
        let rule =
            format!("rules:\n- {{id: text, text: {{files: ['{glob}'], find: a, replace: b}}}}\n");
        is_refused(&rule, "error[bad-glob]");
    }
}

#[cfg(unix)]
#[test]
fn names_and_code_that_would_steer_a_terminal_are_shown_escaped() {
    use std::io::Write as _;
    use std::process::Stdio;
    let folder = tempfile::tempdir().expect("a folder");
    let name = "a\u{1b}]0;owned\u{7}.go";
    let source = go("func f() { fmt.Print(\"\u{1b}[2J\") }");
    std::fs::write(folder.path().join(name), &source).expect("written");
    let rule = PRINT.replace("id: print", "id: print, title: \"t\\e[31m\", why: \"w\\e[31m\"");
    std::fs::write(folder.path().join("rule.yaml"), rule).expect("written");
    for (args, answers) in [
        (&["apply", "-n", "-v", "--color", "never", "--rule", "rule.yaml"][..], ""),
        (&["apply", "-i", "-v", "--color", "never", "--rule", "rule.yaml"], "y\n"),
        (&["log", "-v"], ""),
        (&["undo"], ""),
    ] {
        let mut command = Command::new(get_cargo_bin("dmmigrate"));
        command.current_dir(folder.path()).args(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        stdin.write_all(answers.as_bytes()).expect("it is read");
        drop(stdin);
        let output = child.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{args:?}: {said}");
        assert!(!output.stderr.contains(&0x1b), "{args:?}: {said}");
        // The patch itself has the bytes of the file; nothing else has.
        assert!(args.contains(&"-n") || !output.stdout.contains(&0x1b), "{args:?}");
    }
}

#[test]
fn who_stops_reading_has_seen_enough() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("rule.yaml"), PRINT).expect("written");
    // More than a pipe holds.
    let sites = "func f() { fmt.Print(1) }\n\n".repeat(3000);
    std::fs::write(folder.path().join("a.go"), go(&sites)).expect("written");
    let mut command = Command::new(get_cargo_bin("dmmigrate"));
    command.current_dir(folder.path()).args(["apply", "-n", "-q", "--rule", "rule.yaml"]);
    command.stdout(std::process::Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}
