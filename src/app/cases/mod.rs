//! Cases: the examples that are a pack's tests. Comes in: txtar archives and rules. Goes out: what
//! the rules make of the files in them, as text to compare with a snapshot: the patch, the status
//! of every site, every finding; and which of the promises that hold for every case were broken.

pub mod coverage;
pub mod promises;
pub mod snapshot;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use self::promises::{Kept, run_and_check};
use super::apply::text_globs;
use super::config::LoadedRules;
use super::output::patch::write_patch;
use super::output::summary::status_text;
use super::run::{RunOptions, RunResult, run};
use super::txtar::Archive;
use crate::rule::compiled::RuleSet;
use crate::text::LineIndex;

/// The folder of a pack that holds its cases and their snapshots.
pub const FOLDER: &str = "cases";

/// A case of a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The name of its file without the extension.
    pub name: String,
    /// Its file.
    pub path: PathBuf,
}

impl Case {
    /// Where its snapshot lies: beside it.
    pub fn snapshot(&self) -> PathBuf {
        self.path.with_extension("snap")
    }

    /// The archive.
    ///
    /// # Errors
    /// Where the file cannot be read, is no text, or holds no file.
    pub fn read(&self) -> Result<Archive> {
        let shown = self.path.display();
        let text = std::fs::read_to_string(&self.path)
            .with_context(|| format!("cannot read the case {shown}"))?;
        let archive = Archive::parse(&text);
        if archive.files.is_empty() {
            bail!("the case {shown} holds no file: begin each with a line such as `-- a.go --`");
        }
        Ok(archive)
    }

    /// What the rules make of the files of the case, and no more than that.
    ///
    /// # Errors
    /// Where the archive cannot be read or laid out, or the run cannot be made.
    pub fn outcome(&self, loaded: &LoadedRules) -> Result<(Archive, RunResult)> {
        let archive = self.read()?;
        let folder = tempfile::tempdir().context("cannot make a folder for the case")?;
        lay_out(&archive.files, folder.path())?;
        let result = run_case(folder.path(), loaded)?;
        Ok((archive, result))
    }

    /// Runs the rules over the files of the case, and looks whether all promises are kept.
    ///
    /// # Errors
    /// Where the archive cannot be read or laid out, or the run cannot be made.
    pub fn run(&self, loaded: &LoadedRules) -> Result<Ran> {
        let archive = self.read()?;
        let folder = tempfile::tempdir().context("cannot make a folder for the case")?;
        lay_out(&archive.files, folder.path())?;
        let Kept { result, mut broken } = run_and_check(folder.path(), loaded)?;
        if archive.comment.trim().is_empty() {
            broken
                .push("the case does not say what it shows: write it above the first file".into());
        }
        let found = report(&result, &loaded.compiled.rules);
        if found != backwards(&archive, loaded)? {
            broken.push("the order of the files changes what comes out".into());
        }
        Ok(Ran { archive, result, report: found, broken, _folder: folder })
    }
}

/// What a case came to.
pub struct Ran {
    /// The case.
    pub archive: Archive,
    /// What the rules made of its files.
    pub result: RunResult,
    /// The same as a snapshot keeps it.
    pub report: String,
    /// Promises that were broken; none in a case that is right.
    pub broken: Vec<String>,
    /// Holds the files as they are after the run.
    _folder: tempfile::TempDir,
}

/// The report of a case whose files are written in the opposite order.
fn backwards(archive: &Archive, loaded: &LoadedRules) -> Result<String> {
    let folder = tempfile::tempdir().context("cannot make a folder for the case")?;
    lay_out(archive.files.iter().rev(), folder.path())?;
    let result = run_case(folder.path(), loaded)?;
    Ok(report(&result, &loaded.compiled.rules))
}

/// The cases in the pack folder `pack`, by name. A pack without any has none.
///
/// # Errors
/// Where the folder is there and cannot be read.
pub fn cases_of(pack: &Path) -> Result<Vec<Case>> {
    let folder = pack.join(FOLDER);
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => {
            return Err(error).with_context(|| format!("cannot read {}", folder.display()));
        }
    };
    let mut cases = Vec::new();
    for entry in entries {
        let path = entry.with_context(|| format!("cannot read {}", folder.display()))?.path();
        if path.extension().is_some_and(|e| e == "txtar")
            && let Some(name) = path.file_stem()
        {
            cases.push(Case { name: name.to_string_lossy().into_owned(), path });
        }
    }
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(cases)
}

/// Files of the pack that look like cases and are none, for where they lie or what they are called;
/// each with the place that it should have, both from the pack's folder.
pub fn misplaced(pack: &Path) -> Vec<(PathBuf, PathBuf)> {
    let mut found = Vec::new();
    for folder in ["", "case", "Cases", "tests", "test", "testdata", FOLDER] {
        for entry in std::fs::read_dir(pack.join(folder)).into_iter().flatten().flatten() {
            let name = PathBuf::from(entry.file_name());
            let extension = name.extension().unwrap_or_default().to_ascii_lowercase();
            let is_archive = extension == "txtar";
            let may_be = is_archive || extension == "txt";
            let place = Path::new(folder).join(&name);
            let meant = Path::new(FOLDER).join(&name).with_extension("txtar");
            if !may_be || place == meant || !entry.path().is_file() || pack.join(&meant).exists() {
                continue;
            }
            let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
            if is_archive || !Archive::parse(&text).files.is_empty() {
                found.push((place, meant));
            }
        }
    }
    found.sort();
    found
}

/// Snapshots beside `cases` that belong to none of them.
///
/// # Errors
/// Where the folder is there and cannot be read.
pub fn orphans(pack: &Path, cases: &[Case]) -> Result<Vec<PathBuf>> {
    let folder = pack.join(FOLDER);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut orphans = Vec::new();
    for entry in std::fs::read_dir(&folder)? {
        let path = entry?.path();
        let is_snapshot = path.extension().is_some_and(|e| e == "snap");
        if is_snapshot && !cases.iter().any(|case| case.snapshot() == path) {
            orphans.push(path);
        }
    }
    orphans.sort();
    Ok(orphans)
}

/// Writes the files of a case below `folder`.
///
/// # Errors
/// Where a name leads out of the folder, or a file cannot be written.
pub fn lay_out<'a>(
    files: impl IntoIterator<Item = &'a (String, String)>,
    folder: &Path,
) -> Result<()> {
    for (name, content) in files {
        let path = Path::new(name);
        let plain = path.components().all(|c| matches!(c, std::path::Component::Normal(_)));
        if !plain {
            bail!("the file name {name:?} of a case must be a plain relative path");
        }
        let path = folder.join(path);
        let parent = path.parent().unwrap_or(folder);
        std::fs::create_dir_all(parent)
            .and_then(|()| std::fs::write(&path, content))
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// Runs the rules over the files below `folder` the way a case does.
///
/// # Errors
/// As for [`run`].
pub fn run_case(folder: &Path, loaded: &LoadedRules) -> Result<RunResult> {
    run(&case_options(folder, loaded), &loaded.compiled.rules, &mut |_| Ok(()))
}

/// How a case is run: vendor folders included, nothing ignored, and the same on every machine,
/// whatever modules lie on it.
pub fn case_options(folder: &Path, loaded: &LoadedRules) -> RunOptions {
    RunOptions {
        root: folder.to_path_buf(),
        texts: text_globs(loaded),
        include_vendor: true,
        no_ignore: true,
        alone: true,
        ..RunOptions::default()
    }
}

/// What a run made, as a snapshot keeps it.
pub fn report(result: &RunResult, rules: &RuleSet) -> String {
    let mut patch = String::new();
    let mut sites = String::new();
    let mut findings = String::new();
    let mut suppressions = String::new();
    for file in &result.files {
        write_patch(file, &mut patch);
        let lines = LineIndex::new(&file.text);
        let path = file.path.display();
        let place = |offset: usize| {
            let at = lines.line_col(offset);
            format!("{path}:{}:{}", at.line, at.column)
        };
        for site in &file.outcome.sites {
            let id = &rules.rules[site.rule].id;
            let status = status_text(site, rules);
            sites.push_str(&format!("{} {id}: {status}\n", place(site.span.start)));
        }
        for finding in &file.outcome.findings {
            let id = &rules.rules[finding.rule].id;
            let message = finding.message.trim();
            findings.push_str(&format!("{} {id}: {message}\n", place(finding.span.start)));
        }
        for idle in &file.outcome.idle_suppressions {
            let (at, rule, why) = (place(idle.span.start), &idle.rule, idle.why.label());
            suppressions.push_str(&format!("{at} {rule}: {why}\n"));
        }
    }
    let section = |name: &str, text: String| (!text.is_empty()).then(|| (name.to_string(), text));
    let sections = [
        ("patch", patch),
        ("sites", sites),
        ("findings", findings),
        ("suppressions", suppressions),
    ];
    let files = sections.into_iter().filter_map(|(name, text)| section(name, text)).collect();
    Archive { comment: String::new(), files }.to_string()
}
