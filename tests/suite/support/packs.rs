//! Packs for tests: those that are shipped, and those under tests/cases.

use std::path::{Path, PathBuf};

use dmmigrate::app::config::{Asked, Dependencies, LoadedRules, Request, load};
use dmmigrate::app::output::diagnostics::render;

/// The folder of the project.
pub fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Loads the pack in `folder`, which must be without mistakes.
pub fn load_pack(folder: &Path) -> LoadedRules {
    let request = Request {
        sources: vec![Asked::Pack(folder.display().to_string())],
        from: project(),
        ..Request::default()
    };
    let loaded = load(&std::env::temp_dir(), &request, &Dependencies::default);
    assert!(!loaded.has_errors(), "{}", render(&loaded.diagnostics, &loaded.sources, false));
    loaded
}

/// The folders of packs in `shelf` (from the project), sorted.
pub fn packs_in(shelf: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(project().join(shelf)).expect("a folder of packs");
    let folders = entries.map(|e| e.expect("an entry").path());
    let mut packs: Vec<PathBuf> = folders.filter(|p| p.join("pack.yaml").is_file()).collect();
    packs.sort();
    packs
}
