//! Cases: the examples that are a pack's tests. Comes in: a txtar archive and rules. Goes out: what
//! the rules make of its files, as text to compare with a snapshot: the patch, the status of every
//! site, every finding.

use std::path::Path;

use anyhow::{Context as _, Result, bail};

use super::output::patch::write_patch;
use super::output::summary::status_text;
use super::run::{RunOptions, RunResult, run};
use super::txtar::Archive;
use crate::rule::compiled::RuleSet;
use crate::text::LineIndex;

/// Writes the files of a case below `folder`.
///
/// # Errors
/// Where a name leads out of the folder, or a file cannot be written.
pub fn lay_out(archive: &Archive, folder: &Path) -> Result<()> {
    for (name, content) in &archive.files {
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

/// Runs the rules over the files below `folder` the way a case does: vendor folders included,
/// nothing ignored.
///
/// # Errors
/// As for [`run`].
pub fn run_case(folder: &Path, rules: &RuleSet, texts: &[String]) -> Result<RunResult> {
    let options = RunOptions {
        root: folder.to_path_buf(),
        paths: Vec::new(),
        texts: texts.to_vec(),
        include_vendor: true,
        no_ignore: true,
        include_review: false,
        include_unknown_type: false,
        include_generated: false,
    };
    run(&options, rules, &mut |_| Ok(()))
}

/// What a run made, as a snapshot keeps it.
pub fn report(result: &RunResult, rules: &RuleSet) -> String {
    let mut patch = String::new();
    let mut sites = String::new();
    let mut findings = String::new();
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
    }
    let section = |name: &str, text: String| (!text.is_empty()).then(|| (name.to_string(), text));
    let sections = [("patch", patch), ("sites", sites), ("findings", findings)];
    let files = sections.into_iter().filter_map(|(name, text)| section(name, text)).collect();
    Archive { comment: String::new(), files }.to_string()
}
