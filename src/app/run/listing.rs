//! Which files a run looks at. Comes in: the options and what the rules ask for. Goes out: the files
//! by path, those read on the walk with what was found in them, and the modules.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::result::RunResult;
use super::{RunOptions, edits_go_mod};
use crate::app::discover::{
    Candidate, DiscoverOptions, Discovery, FileKind, TextGlobs, discover_and,
};
use crate::app::modules::Modules;
use crate::app::scan::{Scan, Scanner};
use crate::rule::compiled::RuleSet;
use crate::text::as_text;

/// The files of a run, and which of them are looked at only because a go.mod depends on them: those
/// of the same module beside the paths that were named.
pub(super) fn list(
    options: &RunOptions,
    rules: &RuleSet,
    scanner: &Scanner<'_>,
    others: bool,
) -> Result<(Discovery, BTreeSet<PathBuf>)> {
    let texts = TextGlobs::new(options.texts.iter().map(String::as_str))?;
    let texts = if others { texts.and_others() } else { texts };
    let asked = DiscoverOptions {
        root: &options.root,
        paths: &options.paths,
        texts: &texts,
        include_vendor: options.include_vendor,
        no_ignore: options.no_ignore,
        not: &options.not,
    };
    let mut found = discover_and(&asked, &|path, kind, buffer| {
        options.progress.step(1);
        scanner.found(path, kind, buffer)
    })?;
    let go_mods = found.files.iter().filter(|f| f.kind == FileKind::Module);
    let modules: Vec<PathBuf> =
        go_mods.filter_map(|f| Some(options.root.join(f.path.parent()?))).collect();
    if options.paths.is_empty() || modules.is_empty() || !edits_go_mod(rules) {
        return Ok((found, BTreeSet::new()));
    }
    let known: BTreeSet<&Path> = found.files.iter().map(|f| f.path.as_path()).collect();
    let mut wider =
        discover_and(&DiscoverOptions { paths: &modules, ..asked }, &|_, _, _| Scan::NotRead)?
            .files;
    wider.retain(|f| {
        matches!(f.kind, FileKind::Go | FileKind::Text)
            && !known.contains(f.path.as_path())
            && !is_in_another_module(&options.root, &f.path, &modules)
    });
    let beside = wider.iter().map(|f| f.path.clone()).collect();
    found.files.extend(wider);
    found.files.sort_by(|a, b| a.path.as_os_str().cmp(b.path.as_os_str()));
    Ok((found, beside))
}

/// All Go files of the repository, also where a run looks at a part.
pub(super) fn all_files(options: &RunOptions, scanner: &Scanner<'_>) -> Result<Vec<Candidate>> {
    let asked = DiscoverOptions {
        root: &options.root,
        paths: &[],
        texts: &TextGlobs::default(),
        include_vendor: options.include_vendor,
        no_ignore: options.no_ignore,
        not: &options.not,
    };
    let found = discover_and(&asked, &|path, kind, buffer| scanner.found(path, kind, buffer))?;
    Ok(found.files)
}

/// Whether a module that is none of `modules` is nearest to the file.
fn is_in_another_module(root: &Path, path: &Path, modules: &[PathBuf]) -> bool {
    let whole = root.join(path);
    let mut folders = whole.ancestors().skip(1).take_while(|folder| folder.starts_with(root));
    let nearest = folders.find(|folder| folder.join("go.mod").is_file());
    nearest.is_some_and(|nearest| !modules.iter().any(|module| module == nearest))
}

/// The modules and workspaces, by their go.mod and go.work files.
pub(super) fn read_modules(
    options: &RunOptions,
    found: &Discovery,
    rules: &RuleSet,
    result: &mut RunResult,
) -> Modules {
    let mut of_kind = |kind: FileKind| -> Vec<(PathBuf, Option<String>)> {
        let files = found.files.iter().filter(|f| f.kind == kind);
        files
            .map(|file| {
                result.files_read += 1;
                let read = match &file.scan {
                    Scan::Bytes(bytes) => Ok(bytes.clone()),
                    _ => std::fs::read(options.root.join(&file.path)),
                };
                let text = match read {
                    Ok(bytes) => {
                        let text = as_text(&bytes).map(str::to_string);
                        if text.is_none() {
                            result.not_utf8.push(file.path.clone());
                        }
                        text
                    }
                    Err(error) => {
                        result.unreadable.push(format!("{}: {error}", file.path.display()));
                        None
                    }
                };
                (file.path.parent().unwrap_or(Path::new("")).to_path_buf(), text)
            })
            .collect()
    };
    let (go_mods, go_works) = (of_kind(FileKind::Module), of_kind(FileKind::Workspace));
    Modules::new(go_mods, go_works, rules)
}
