//! What the documentation points at exists: links to files, and paths of the project in backquotes.

use std::path::{Path, PathBuf};

use regex::Regex;

use super::support::packs::project;

/// Every Markdown file of the project that people read.
fn documents() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in ["", "docs", "docs/packs"] {
        let entries = std::fs::read_dir(project().join(folder)).expect("a folder");
        let paths = entries.map(|entry| entry.expect("an entry").path());
        found.extend(paths.filter(|path| path.extension().is_some_and(|e| e == "md")));
    }
    found.sort();
    found
}

/// Links in Markdown, from the document's folder.
fn links(document: &Path, text: &str) -> Vec<PathBuf> {
    let link = Regex::new(r"\]\(([^)#\s]+)").expect("a regex");
    let targets = link.captures_iter(text).map(|c| c[1].to_owned());
    let targets = targets.filter(|target| !target.contains("://"));
    targets.map(|target| document.parent().expect("a folder").join(target)).collect()
}

/// Paths below a folder of the project, in backquotes; those with globs are left out.
fn paths(text: &str) -> Vec<PathBuf> {
    let path = Regex::new(
        "`((?:src|tests|docs|rules|examples|schemas|benches|tools|snapshots)/[\\w./-]+)`",
    )
    .expect("a regex");
    path.captures_iter(text).map(|c| project().join(&c[1])).collect()
}

#[test]
fn what_documents_point_at_exists() {
    let mut looked_at = 0;
    let mut missing = Vec::new();
    for document in documents() {
        let text = std::fs::read_to_string(&document).expect("UTF-8");
        for target in links(&document, &text).into_iter().chain(paths(&text)) {
            looked_at += 1;
            if !target.exists() {
                missing.push(format!("{}: {}", document.display(), target.display()));
            }
        }
    }
    assert!(looked_at > 50, "only {looked_at} links and paths were found");
    assert_eq!(missing, [] as [String; 0]);
}
