//! Every case of every pack: its snapshot, which `dmmigrate test` reads as well, and what every
//! case is held to.

use std::panic::{AssertUnwindSafe, catch_unwind};

use dmmigrate::app::cases::{cases_of, orphans};
use dmmigrate::app::output::diagnostics::render;
use dmmigrate::app::rules_check::{coverage, doubts, not_shown, of_names};
use dmmigrate::app::test_command::PackFolder;
use dmmigrate::text::Severity;

use super::support::invariants::formatting_is_no_worse;
use super::support::packs::{load_pack, packs_in, project};

/// Runs every case before it fails, so that one run names all that went wrong.
fn run_shelf(shelf: &str) {
    let mut failed = Vec::new();
    for pack in packs_in(shelf) {
        let loaded = load_pack(&pack);
        let pack_name = pack.file_name().expect("a name").to_string_lossy().into_owned();
        for case in cases_of(&pack).expect("the cases") {
            let title = format!("{pack_name}/{}", case.name);
            let mut settings = insta::Settings::clone_current();
            settings.set_snapshot_path(case.path.parent().expect("a folder"));
            settings.set_prepend_module_to_snapshot(false);
            settings.set_omit_expression(true);
            let run = AssertUnwindSafe(|| {
                let ran = case.run(&loaded).expect("a run");
                assert!(ran.broken.is_empty(), "{title}: {}", ran.broken.join("\n"));
                formatting_is_no_worse(&ran.result, &title);
                settings.set_description(ran.archive.comment.trim());
                settings.bind(|| insta::assert_snapshot!(case.name.as_str(), ran.report));
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
fn shipped_packs_pass_rules_check() {
    for path in packs_in("rules") {
        let loaded = load_pack(&path);
        let pack = PackFolder { shown: path.display().to_string(), path };
        let mut found = doubts(&loaded.compiled);
        let (coverage, unparsed) = coverage(&pack, &loaded).expect("the cases run");
        found.extend(not_shown(&pack, &loaded, &coverage));
        found.extend(of_names(&pack, &loaded, &coverage));
        found.extend(unparsed);
        assert!(found.is_empty(), "{}", render(&found, &loaded.sources, false));
    }
}

/// These packs are there to show what rules can do, odd ones included; none is without effect.
#[test]
fn no_rule_of_a_pack_under_tests_is_in_vain() {
    for path in packs_in("tests/cases") {
        let loaded = load_pack(&path);
        let found = doubts(&loaded.compiled);
        let vain: Vec<_> = found.into_iter().filter(|d| d.severity == Severity::Error).collect();
        assert!(vain.is_empty(), "{}", render(&vain, &loaded.sources, false));
    }
}

#[test]
fn every_snapshot_of_a_case_lies_beside_it() {
    for pack in packs_in("rules").into_iter().chain(packs_in("tests/cases")) {
        let cases = cases_of(&pack).expect("cases");
        assert_eq!(orphans(&pack, &cases).expect("snapshots"), Vec::<std::path::PathBuf>::new());
        let name = pack.file_name().expect("a name").to_string_lossy().into_owned();
        let elsewhere = project().join("snapshots").join(&name);
        let is_snapshot = |e: std::io::Result<std::fs::DirEntry>| {
            e.is_ok_and(|e| e.path().extension().is_some_and(|e| e == "snap"))
        };
        assert!(
            !std::fs::read_dir(&elsewhere).is_ok_and(|mut all| all.any(is_snapshot)),
            "snapshots of cases lie beside them: git mv snapshots/{name}/*.snap {}/cases/",
            pack.display()
        );
    }
}
