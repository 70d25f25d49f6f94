//! What a repository depends on. Comes in: its files. Goes out: the modules that go.mod files
//! require, and those packages among the asked-for ones that Go files import.

use std::collections::BTreeSet;
use std::path::PathBuf;

use aho_corasick::AhoCorasick;
use rayon::prelude::*;

use super::config::Dependencies;
use super::discover::{DiscoverOptions, FileKind, TextGlobs, discover};
use super::packs::detectable;
use super::root::Root;
use crate::go::module::ModFile;
use crate::go::source::SourceFile;

/// Looks for the modules and packages that built-in packs are an offer for. Go files are read only
/// if no go.mod tells.
pub fn dependencies(root: &Root, paths: &[PathBuf]) -> Dependencies {
    let mut found = Dependencies::default();
    let texts = TextGlobs::default();
    let options = DiscoverOptions {
        not: &[],
        root: &root.folder,
        paths,
        texts: &texts,
        include_vendor: false,
        no_ignore: false,
    };
    // What is wrong with a path is said when the run itself looks at it.
    let Ok(files) = discover(&options) else { return found };
    for file in files.files.iter().filter(|f| f.kind == FileKind::Module) {
        if let Ok(text) = std::fs::read_to_string(root.folder.join(&file.path)) {
            let file = ModFile::parse(&text);
            found.required.extend(file.requires().iter().map(|r| r.path.clone()));
        }
    }
    let wanted: BTreeSet<String> = detectable().into_values().flatten().collect();
    if wanted.iter().any(|path| found.required.contains(path)) {
        return found;
    }
    let Ok(automaton) = AhoCorasick::new(&wanted) else { return found };
    let go = files.files.par_iter().filter(|f| f.kind == FileKind::Go);
    let imports = go.flat_map_iter(|file| {
        let bytes = std::fs::read(root.folder.join(&file.path)).unwrap_or_default();
        let text = if automaton.is_match(&bytes) { String::from_utf8(bytes).ok() } else { None };
        let source = text.map(|text| SourceFile::new("", text));
        let paths = source
            .iter()
            .flat_map(super::super::go::source::SourceFile::imports)
            .map(|i| i.path.to_string());
        paths.collect::<Vec<_>>()
    });
    found.imports = imports.collect();
    found
}
