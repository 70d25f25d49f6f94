//! Patches against the programs that take them: `git apply` forwards and backwards, GNU `patch`,
//! the `diffy` library; and against `git diff`, which should print the same.

use dmmigrate::text::{Edit, EditSet, FileChange, FileMode, FilePatch, Span};
use proptest::prelude::*;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// One file of a patch; a side that is `None` does not exist.
#[derive(Clone, Debug)]
struct Case {
    name: String,
    old: Option<String>,
    new: Option<String>,
    edits: EditSet,
}

/// One side of a file.
type Side = fn(&Case) -> &Option<String>;

impl Case {
    fn edit(name: &str, old: &str, edits: EditSet) -> Self {
        let new = edits.apply(old);
        Self { name: name.to_owned(), old: Some(old.to_owned()), new: Some(new), edits }
    }

    /// Replaces each first occurrence of a text by another.
    fn replace(name: &str, old: &str, replacements: &[(&str, &str)]) -> Self {
        let edit = |&(from, to): &(&str, &str)| {
            let at = old.find(from).expect("the text to replace is there");
            Edit::replace(Span::new(at, at + from.len()), to)
        };
        let edits = replacements.iter().map(edit).collect();
        Self::edit(name, old, EditSet::from_edits(edits).expect("disjoint"))
    }

    fn create(name: &str, new: &str) -> Self {
        let edits = EditSet::new();
        Self { name: name.to_owned(), old: None, new: Some(new.to_owned()), edits }
    }

    fn delete(name: &str, old: &str) -> Self {
        let edits = EditSet::new();
        Self { name: name.to_owned(), old: Some(old.to_owned()), new: None, edits }
    }

    fn patch(&self) -> String {
        let mode = FileMode::Regular;
        let change = match (&self.old, &self.new) {
            (Some(old), Some(_)) => FileChange::Edit { old, edits: &self.edits },
            (None, Some(new)) => FileChange::Create { new, mode },
            (Some(old), None) => FileChange::Delete { old, mode },
            (None, None) => unreachable!("a file is there before or after"),
        };
        let mut out = String::new();
        FilePatch { path: self.name.as_bytes(), change }.write_to(&mut out);
        out
    }
}

fn patch_of(cases: &[Case]) -> String {
    cases.iter().map(Case::patch).collect()
}

/// Makes `folder` hold the given side of each case.
fn write_side(folder: &Path, cases: &[Case], side: Side) {
    for case in cases {
        let path = folder.join(&case.name);
        match side(case) {
            Some(text) => fs::write(path, text).expect("write"),
            None => drop(fs::remove_file(path)),
        }
    }
}

/// What differs between `folder` and the given side of the cases.
fn differences(folder: &Path, cases: &[Case], side: Side) -> Vec<String> {
    let differs = |case: &&Case| fs::read_to_string(folder.join(&case.name)).ok() != *side(case);
    cases.iter().filter(differs).map(|case| format!("{case:?}\n{}", case.patch())).collect()
}

/// Runs a program in `folder`, with nothing of the user's configuration.
fn run(folder: &Path, program: &str, args: &[&str], input: &str) -> Output {
    let mut child = Command::new(program)
        .args(args)
        .current_dir(folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CEILING_DIRECTORIES", folder.parent().expect("has a parent"))
        .env_remove("GIT_DIR")
        .env_remove("GIT_INDEX_FILE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program}: {error}"));
    let mut stdin = child.stdin.take().expect("piped");
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("runs to its end");
    drop(writer.join());
    output
}

fn succeeded(output: &Output) -> Result<(), TestCaseError> {
    let talk = |bytes| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (talk(&output.stdout), talk(&output.stderr));
    prop_assert!(output.status.success(), "{}\n{out}\n{err}", output.status);
    Ok(())
}

fn has_gnu_patch() -> bool {
    let found = Command::new("patch").arg("--version").output();
    found.is_ok_and(|out| String::from_utf8_lossy(&out.stdout).contains("GNU patch"))
}

/// `git apply`, `git apply -R` and `patch -p1` turn one side into the other, to the byte.
fn applies_everywhere(cases: &[Case]) -> Result<(), TestCaseError> {
    let (old, new): (Side, Side) = (|case| &case.old, |case| &case.new);
    let none: Vec<String> = Vec::new();
    let patch = patch_of(cases);
    let folder = tempfile::tempdir().expect("temporary folder");
    let folder = folder.path();
    write_side(folder, cases, old);
    if !patch.is_empty() {
        succeeded(&run(folder, "git", &["apply", "--check", "-"], &patch))?;
        succeeded(&run(folder, "git", &["apply", "-"], &patch))?;
        prop_assert_eq!(differences(folder, cases, new), none.clone(), "git apply");
        succeeded(&run(folder, "git", &["apply", "-R", "-"], &patch))?;
        prop_assert_eq!(differences(folder, cases, old), none.clone(), "git apply -R");
        if has_gnu_patch() {
            succeeded(&run(folder, "patch", &["-p1", "--fuzz=0"], &patch))?;
            prop_assert_eq!(differences(folder, cases, new), none, "patch -p1");
        }
    }
    for case in cases {
        applies_with_diffy(case)?;
    }
    Ok(())
}

fn applies_with_diffy(case: &Case) -> Result<(), TestCaseError> {
    let patch = case.patch();
    // The name in the first line may hold dashes, too.
    let Some(start) = patch.find("\n--- ") else { return Ok(()) };
    let parsed = diffy::Patch::from_str(&patch[start + 1..]);
    let parsed = parsed.map_err(|error| TestCaseError::fail(format!("{error}\n{patch}")))?;
    let old = case.old.as_deref().unwrap_or_default();
    let applied = diffy::apply(old, &parsed);
    let applied = applied.map_err(|error| TestCaseError::fail(format!("{error}\n{patch}")))?;
    prop_assert_eq!(applied, case.new.as_deref().unwrap_or_default());
    Ok(())
}

/// Text of few different lines, so that repeats are common, with all that makes lines hard.
fn text() -> impl Strategy<Value = String> {
    let line =
        ("[ab}\\t\\u{e9}\\u{4e2d}\\\\ -]{0,3}", prop::sample::select(vec!["\n", "\n", "\r\n"]));
    let lines = prop::collection::vec(line, 0..40);
    let last = prop::sample::select(vec!["", "", "x", "}", "\r", "\\ No newline at end of file"]);
    (any::<bool>(), lines, last).prop_map(|(mark, lines, last)| {
        let mut text = String::from(if mark { "\u{feff}" } else { "" });
        text.extend(lines.into_iter().map(|(line, end)| line + end));
        text + last
    })
}

fn file_name() -> impl Strategy<Value = String> {
    "[a-z \\t\\n\"'\\\\\\u{e9}\\u{4e2d}#@-]{1,6}"
}

/// A file with some edits; most are on line boundaries or small, as fixes are.
fn case() -> impl Strategy<Value = Case> {
    let wish = (any::<u16>(), 0usize..8, "[ab\\r\\n\\u{e9}-]{0,6}");
    let wishes = prop::collection::vec(wish, 0..5);
    (file_name(), text(), wishes, 0..8).prop_map(|(name, old, wishes, kind)| match kind {
        0 => Case::create(&name, &old),
        1 => Case::delete(&name, &old),
        _ => {
            let bounds: Vec<usize> =
                old.char_indices().map(|(at, _)| at).chain([old.len()]).collect();
            let mut edits = EditSet::new();
            for (start, len, new) in wishes {
                let start = usize::from(start) % bounds.len();
                let span = Span::new(bounds[start], bounds[(start + len).min(bounds.len() - 1)]);
                // One that does not fit beside those before it is left out.
                drop(edits.try_add(&[Edit::replace(span, new)]));
            }
            Case::edit(&name, &old, edits)
        }
    })
}

proptest! {
    // Each of them is a hundred files.
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn patches_apply_and_reverse(cases in prop::collection::vec(case(), 1..150)) {
        let mut cases = cases;
        for (number, case) in cases.iter_mut().enumerate() {
            case.name = format!("{number}{}.go", case.name);
        }
        applies_everywhere(&cases)?;
    }
}

/// What `git diff` prints for the same files, without the `index` lines that name real contents.
fn git_diff(cases: &[Case]) -> String {
    let folder = tempfile::tempdir().expect("temporary folder");
    let folder = folder.path();
    let git = |args: &[&str]| {
        let output = run(folder, "git", args, "");
        assert!(output.status.success(), "git {args:?}: {output:?}");
        String::from_utf8(output.stdout).expect("git's output is UTF-8 here")
    };
    git(&["init", "-q"]);
    write_side(folder, cases, |case| &case.old);
    git(&["add", "-A"]);
    let tree = git(&["write-tree"]);
    write_side(folder, cases, |case| &case.new);
    git(&["add", "-A"]);
    let diff = git(&["diff", "--cached", "--no-renames", tree.trim()]);
    let empty = ["index 0000000..e69de29\n", "index e69de29..0000000\n"];
    let kept = |line: &&str| !line.starts_with("index ") || empty.contains(line);
    diff.split_inclusive('\n').filter(kept).collect()
}

const SOURCE: &str = "package main

import (
\t\"fmt\"
\t\"os\"

\t\"example.com/old/dm\"
)

// Config says where the database is.
type Config struct {
\tHost string
\tPort int
}

func open(c Config) (*dm.Conn, error) {
\tconn, err := dm.Open(c.Host, c.Port)
\tif err != nil {
\t\treturn nil, fmt.Errorf(\"open: %w\", err)
\t}
\treturn conn, nil
}

func main() {
\tconn, err := open(Config{\"localhost\", 5236})
\tif err != nil {
\t\tos.Exit(1)
\t}
\tdefer conn.Close()
\tconn.Ping()
}
";

#[test]
fn prints_what_git_diff_prints() {
    let crlf = SOURCE.replace('\n', "\r\n");
    let open = ("dm.Open(c.Host, c.Port)", "dm.Connect(c.Host)");
    let import = ("\t\"example.com/old/dm\"\n", "\t\"example.com/new/dm\"\n\t\"example.com/x\"\n");
    let long = format!("_{}\n\t1\n\t2\n\t3\n\t4\n\t5\n", "x".repeat(100));
    let mut cases = vec![
        Case::replace("long heading", &long, &[("5", "6")]),
        Case::replace("two hunks.go", SOURCE, &[import, ("conn.Ping()", "conn.PingContext(nil)")]),
        Case::replace("whole \"import\".go", SOURCE, &[import, open]),
        Case::replace("crlf.go", &crlf, &[open]),
        Case::replace("bom.go", &format!("\u{feff}{SOURCE}"), &[("package main", "package cmd")]),
        Case::replace("no newline.go", SOURCE.trim_end(), &[("\tconn.Ping()\n}", "}")]),
        Case::replace("newline added.go", "a\nb", &[("b", "b\n")]),
        Case::replace("newline gone.go", "a\nb\n", &[("b\n", "b")]),
        Case::replace(
            "lines gone.go",
            SOURCE,
            &[("\tif err != nil {\n\t\treturn nil, fmt", "\tfmt")],
        ),
        Case::replace("emptied", "a\n", &[("a\n", "")]),
        Case::edit("filled", "", EditSet::from_edits(vec![Edit::insert(0, "a\n")]).expect("one")),
        Case::replace("数据库\tconfig\\1.yaml", "host: a\nport: 1\n", &[("1", "2")]),
        Case::replace("line\nbreak", "x\n", &[("x", "y")]),
        // Seven lines apart, and six: two hunks and one.
        Case::replace("far", "a\n1\n2\n3\n4\n5\n6\n7\nb\n", &[("a", "A"), ("b", "B")]),
        Case::replace("near", "a\n1\n2\n3\n4\n5\n6\nb\n", &[("a", "A"), ("b", "B")]),
        // One edit over many lines of which few change.
        Case::replace("region", SOURCE, &[(SOURCE, &SOURCE.replace("err", "failure"))]),
        Case::create("new file", "a\nb\n"),
        Case::create("new-empty", ""),
        Case::delete("old.go", SOURCE),
        Case::delete("old-empty", ""),
    ];
    // Git leaves names with spaces as they are here too, and then GNU patch cannot take the patch.
    let bare = [Case::create("new empty", ""), Case::delete("old empty", "")];
    applies_everywhere(&bare).expect("applies");
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    let (ours, theirs) = (patch_of(&cases), git_diff(&cases));
    assert!(ours == theirs, "ours:\n{ours}\ngit's:\n{theirs}");
    applies_everywhere(&cases).expect("applies");
}
