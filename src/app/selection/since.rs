//! What has changed since a revision. Comes in: the name of a revision. Goes out: files, or lines,
//! that differ in the work tree from where the current branch left it; files that git does not
//! know yet are new.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

/// The files that have changed.
pub(super) fn files(root: &Path, rev: &str) -> Result<BTreeSet<PathBuf>> {
    let base = merge_base(root, rev)?;
    let changed = git(root, &["diff", "--name-only", "-z", "--no-renames", &base, "--"])?;
    Ok(names(&changed).chain(names(&untracked(root)?)).collect())
}

/// The lines that have changed, by file.
pub(super) fn lines(root: &Path, rev: &str) -> Result<BTreeMap<PathBuf, Vec<Range<usize>>>> {
    let base = merge_base(root, rev)?;
    let args = ["diff", "--unified=0", "--no-color", "--no-renames", "--src-prefix=a/"];
    let patch = git(root, &[&args[..], &["--dst-prefix=b/", &base, "--"]].concat())?;
    let mut changed = changed_lines(&patch);
    changed.extend(
        names(&untracked(root)?).map(|path| (path, std::iter::once(1..usize::MAX).collect())),
    );
    Ok(changed)
}

/// Where the current branch and `rev` parted.
fn merge_base(root: &Path, rev: &str) -> Result<String> {
    let commit = format!("{rev}^{{commit}}");
    let found = git(root, &["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]);
    let Ok(found) = found else { bail!("git knows no revision {rev:?}") };
    let commit = String::from_utf8_lossy(&found).trim().to_owned();
    let base = git(root, &["merge-base", &commit, "HEAD"]).with_context(|| {
        format!("{rev} and the current branch have no commit in common (fetch more history)")
    })?;
    Ok(String::from_utf8_lossy(&base).trim().to_owned())
}

fn untracked(root: &Path) -> Result<Vec<u8>> {
    git(root, &["ls-files", "--others", "--exclude-standard", "-z"])
}

/// Asks git; no program that the repository configures is run for it.
fn git(root: &Path, args: &[&str]) -> Result<Vec<u8>> {
    let mut git = Command::new("git");
    git.current_dir(root);
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_EXTERNAL_DIFF"] {
        git.env_remove(name);
    }
    git.args(["-c", "core.fsmonitor=false", "-c", "diff.external=", "--no-optional-locks"]);
    let (command, rest) = args.split_first().unwrap_or((&"version", &[]));
    git.arg(command);
    if *command == "diff" {
        git.args(["--no-ext-diff", "--no-textconv", "--ignore-submodules"]);
    }
    let output = git.args(rest).output().context("cannot run git")?;
    if !output.status.success() {
        bail!("git {command}: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(output.stdout)
}

fn names(output: &[u8]) -> impl Iterator<Item = PathBuf> {
    output.split(|&b| b == 0).filter(|name| !name.is_empty()).map(path)
}

#[cfg(unix)]
fn path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    std::ffi::OsStr::from_bytes(bytes).into()
}

#[cfg(not(unix))]
fn path(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}

/// The lines that a patch without context adds or changes. Where lines only went, the one before
/// them counts.
fn changed_lines(patch: &[u8]) -> BTreeMap<PathBuf, Vec<Range<usize>>> {
    let mut changed: BTreeMap<PathBuf, Vec<Range<usize>>> = BTreeMap::new();
    let mut current: Option<PathBuf> = None;
    // Lines of a hunk that are still to come: they may look like a header.
    let mut hunk = 0;
    for line in patch.split(|&b| b == b'\n') {
        if hunk > 0 {
            hunk -= usize::from(!line.starts_with(b"\\"));
        } else if let Some(name) = line.strip_prefix(b"+++ ") {
            let name = unquoted(name.strip_suffix(b"\t").unwrap_or(name));
            current = name.strip_prefix(b"b/").map(path);
        } else if let Some((old, new)) = hunk_header(line) {
            hunk = old + new.len();
            if let Some(path) = &current {
                let range = new.start..new.end.max(new.start + 1);
                changed.entry(path.clone()).or_default().push(range);
            }
        }
    }
    changed
}

/// `@@ -12,3 +12 @@ …`: how many lines went, and which came.
fn hunk_header(line: &[u8]) -> Option<(usize, Range<usize>)> {
    // Behind the second `@@` stands code, which may be anything.
    let line = String::from_utf8_lossy(&line[..line.len().min(100)]);
    let mut words = line.strip_prefix("@@ -")?.split(' ');
    let (old, new) = (words.next()?, words.next()?.strip_prefix('+')?);
    let range = |text: &str| -> Option<Range<usize>> {
        let (start, count) = text.split_once(',').unwrap_or((text, "1"));
        let start: usize = start.parse().ok()?;
        Some(start..start.checked_add(count.parse().ok()?)?)
    };
    Some((range(old)?.len(), range(new)?))
}

/// A name as git quotes it where it has odd bytes.
fn unquoted(name: &[u8]) -> Vec<u8> {
    let Some(inner) = name.strip_prefix(b"\"").and_then(|n| n.strip_suffix(b"\"")) else {
        return name.to_vec();
    };
    let mut out = Vec::with_capacity(inner.len());
    let mut bytes = inner.iter().copied();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        out.push(match bytes.next() {
            Some(b'n') => b'\n',
            Some(b't') => b'\t',
            Some(b'r') => b'\r',
            Some(b'a') => 7,
            Some(b'b') => 8,
            Some(b'v') => 11,
            Some(b'f') => 12,
            Some(first @ b'0'..=b'3') => {
                let digits = [first, bytes.next().unwrap_or(b'0'), bytes.next().unwrap_or(b'0')];
                digits.iter().fold(0, |value: u8, d| value.wrapping_mul(8) + (d & 7))
            }
            Some(other) => other,
            None => b'\\',
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_lines_are_those_of_the_new_file() {
        let patch = b"diff --git a/a.go b/a.go\n--- a/a.go\n+++ b/a.go\n@@ -1,0 +2,2 @@ func\n+++ b/no.go\n+x\n@@ -9 +11,0 @@\n-@@ -1 +1 @@\n@@ -20 +21 @@\n-a\n+b\n\\ No newline at end of file\ndiff --git a/gone b/gone\n--- a/gone\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n--- \"a/q\\303\\251\\n.go\"\n+++ \"b/q\\303\\251\\n.go\"\n@@ -1 +1 @@\n-x\n+y\n";
        let changed = changed_lines(patch);
        let expected = [
            (PathBuf::from("a.go"), vec![2..4, 11..12, 21..22]),
            (PathBuf::from("q\u{e9}\n.go"), std::iter::once(1..2).collect()),
        ];
        assert_eq!(changed, expected.into());
    }
}
