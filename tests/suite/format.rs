//! What gofmt says of rewritten files: real Go files that it accepts are changed at random, and the
//! result, settled, must be accepted too. The changes are the same on every run.
//!
//! `DMMIGRATE_FORMAT_ROOT` and `DMMIGRATE_FORMAT_STRIDE` run the same over other files and more of
//! them; what fails is then printed and kept in the folder of `DMMIGRATE_FORMAT_KEEP`.

mod changes;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use dmmigrate::go::format::settle;
use dmmigrate::go::lex::{Lexer, TokenKind};
use dmmigrate::text::EditSet;

use self::changes::{CLASSES, Change};
use super::support::go_toolchain::GoToolchain;

/// Where Go is installed; none, unless that is required, where it is not.
fn goroot() -> Option<PathBuf> {
    GoToolchain::find().map(|go| PathBuf::from(go.env("GOROOT")))
}

/// Every Go file below `root`, in byte order of the paths, but for test data.
fn go_files(root: &Path) -> Vec<PathBuf> {
    let walk = ignore::WalkBuilder::new(root)
        .standard_filters(false)
        .filter_entry(|e| !matches!(e.file_name().to_str(), Some("testdata" | ".git")))
        .sort_by_file_path(Path::cmp)
        .build();
    walk.filter_map(Result::ok)
        .filter(|e| e.file_type().is_some_and(|t| t.is_file()))
        .map(ignore::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|e| e == "go"))
        .collect()
}

/// The numbers of the files that gofmt would change or does not take.
fn unclean(dir: &Path) -> BTreeSet<String> {
    let out = Command::new("gofmt").arg("-l").arg(dir).output().expect("gofmt runs");
    let name = |line: &str| -> Option<String> {
        let path = line.split(".go").next()?;
        Some(Path::new(path).file_name()?.to_str()?.to_string())
    };
    let (listed, refused) =
        (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    listed.lines().chain(refused.lines()).filter_map(name).collect()
}

/// The tokens and comments of a text; semicolons may be written or not.
fn tokens(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    for token in Lexer::all(text) {
        let token = if token.kind == TokenKind::Semicolon { ";" } else { token.span.of(text) };
        // The specification lets a semicolon be left out before a closing brace.
        if token == "}" && out.last() == Some(&";") {
            out.pop();
        }
        out.push(token);
    }
    out
}

#[derive(Default)]
struct Outcome {
    files: usize,
    edits: usize,
    spent: Duration,
    /// Unclean without the settling, to show that it has something to do.
    raw_unclean: usize,
    failed: Vec<String>,
}

fn run(class: &Change, root: &Path, files: &[PathBuf]) -> Outcome {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let sub = |name: &str| {
        let path = dir.path().join(name);
        fs::create_dir(&path).expect("a folder is made");
        path
    };
    let (before, raw, after) = (sub("before"), sub("raw"), sub("after"));
    let mut outcome = Outcome::default();
    let mut counts = vec![0; files.len()];
    for (nth, path) in files.iter().enumerate() {
        let Ok(old) = fs::read_to_string(path) else { continue };
        let edits = (class.edits)(&old, nth as u64);
        if edits.is_empty() {
            continue;
        }
        counts[nth] = edits.len();
        let start = Instant::now();
        let settled = settle(&old, &edits);
        outcome.spent += start.elapsed();
        let (plain, new) = (edits.apply(&old), settled.apply(&old));
        assert!(tokens(&plain) == tokens(&new), "{}: more than white space", path.display());
        let name = format!("{nth}.go");
        fs::write(before.join(&name), &old).expect("written");
        fs::write(raw.join(&name), plain).expect("written");
        fs::write(after.join(&name), new).expect("written");
    }
    let dirty = unclean(&before);
    let is_clean = |name: &String| !dirty.contains(name);
    outcome.raw_unclean = unclean(&raw).iter().filter(|n| is_clean(n)).count();
    for (nth, count) in counts.into_iter().enumerate() {
        if count > 0 && is_clean(&nth.to_string()) {
            outcome.files += 1;
            outcome.edits += count;
        }
    }
    for name in unclean(&after).iter().filter(|n| is_clean(n)) {
        let nth: usize = name.parse().expect("a number");
        let path = files[nth].strip_prefix(root).unwrap_or(&files[nth]);
        outcome.failed.push(path.display().to_string());
        if let Some(keep) = std::env::var_os("DMMIGRATE_FORMAT_KEEP") {
            let kept = Path::new(&keep).join(format!("{}-{name}.go", class.name));
            fs::copy(after.join(format!("{name}.go")), kept).expect("copied");
        }
    }
    outcome
}

#[test]
fn what_gofmt_accepted_it_accepts_after_any_change() {
    let Some(goroot) = goroot() else { return };
    let root =
        std::env::var_os("DMMIGRATE_FORMAT_ROOT").map_or_else(|| goroot.join("src"), PathBuf::from);
    let stride = std::env::var("DMMIGRATE_FORMAT_STRIDE").ok().and_then(|s| s.parse().ok());
    let only = std::env::var("DMMIGRATE_FORMAT_CLASS").ok();
    let files: Vec<_> = go_files(&root).into_iter().step_by(stride.unwrap_or(40)).collect();
    assert!(!files.is_empty(), "no files under {}", root.display());
    let mut unexpected = Vec::new();
    for class in CLASSES.iter().filter(|c| only.as_ref().is_none_or(|only| only == c.name)) {
        let outcome = run(class, &root, &files);
        let Outcome { files, edits, spent, raw_unclean, failed } = outcome;
        #[allow(clippy::print_stderr, reason = "figures for whoever runs this by hand")]
        {
            eprintln!(
                "{:>8}: {edits} edits in {files} clean files, {raw_unclean} unclean without settling, \
             {} after, {spent:?}",
                class.name,
                failed.len()
            );
        }
        unexpected.extend(failed.into_iter().map(|path| format!("{}: {path}", class.name)));
    }
    assert!(unexpected.is_empty(), "gofmt would change\n{}", unexpected.join("\n"));
}

#[test]
fn no_edits_ask_for_nothing() {
    let text = "package p\n\nvar x =   1 // c\n";
    assert_eq!(settle(text, &EditSet::new()), EditSet::new());
}
