//! Every case of every pack: its snapshot, and what every case is held to.

use std::panic::{AssertUnwindSafe, catch_unwind};

use dmmigrate::app::cases::{lay_out, report};
use dmmigrate::app::txtar::Archive;

use super::support::invariants::run_and_check;
use super::support::packs::{cases_of, load_pack, packs_in};

/// Runs every case before it fails, so that one run names all that went wrong.
fn run_shelf(shelf: &str) {
    let mut failed = Vec::new();
    for pack in packs_in(shelf) {
        let loaded = load_pack(&pack);
        let pack_name = pack.file_name().expect("a name").to_string_lossy().into_owned();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(format!("../../snapshots/{pack_name}"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        for case in cases_of(&pack) {
            let name = case.file_stem().expect("a name").to_string_lossy().into_owned();
            let title = format!("{pack_name}/{name}");
            let run = AssertUnwindSafe(|| {
                let archive = Archive::parse(&std::fs::read_to_string(&case).expect("a case"));
                assert!(!archive.comment.trim().is_empty(), "{title} does not say what it shows");
                let folder = tempfile::tempdir().expect("a folder");
                lay_out(&archive, folder.path()).expect("the files of the case");
                let result = run_and_check(folder.path(), &loaded, &title);
                settings.set_description(archive.comment.trim());
                settings.bind(|| {
                    insta::assert_snapshot!(name, report(&result, &loaded.compiled.rules));
                });
            });
            if catch_unwind(run).is_err() {
                failed.push(title);
            }
        }
    }
    assert!(failed.is_empty(), "cases that failed: {failed:#?}");
}

#[test]
fn shipped_packs() {
    run_shelf("rules");
}

#[test]
fn semantics() {
    run_shelf("tests/cases");
}

#[test]
fn every_shipped_pack_has_cases() {
    for pack in packs_in("rules") {
        assert!(!cases_of(&pack).is_empty(), "{} has no cases", pack.display());
    }
}
