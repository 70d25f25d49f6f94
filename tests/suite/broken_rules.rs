//! Rule files with mistakes, and what their author reads about them.

use std::path::{Path, PathBuf};

use dmmigrate::app::config::{Asked, Dependencies, LoadedRules, Request, load};
use dmmigrate::app::output::diagnostics::render;
use dmmigrate::text::Code;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/broken")
}

fn loaded(file: &str) -> LoadedRules {
    let sources = vec![Asked::Rule(file.to_owned())];
    let request = Request { sources, from: folder(), ..Request::default() };
    load(&folder(), &request, &Dependencies::default)
}

fn files() -> Vec<String> {
    let entries = std::fs::read_dir(folder()).expect("the folder of broken rules").flatten();
    let mut names: Vec<String> =
        entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

#[test]
fn messages() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| {
        for file in files() {
            let loaded = loaded(&file);
            let name = format!("broken_{}", file.trim_end_matches(".yaml"));
            insta::assert_snapshot!(name, render(&loaded.diagnostics, &loaded.sources, false));
        }
    });
}

#[test]
fn every_mistake_has_a_place_a_cause_and_a_mend() {
    for file in files() {
        let loaded = loaded(&file);
        assert!(loaded.has_errors(), "{file} is not broken");
        for diagnostic in &loaded.diagnostics {
            assert!(!diagnostic.labels.is_empty(), "{file}: {diagnostic:?}");
            assert!(diagnostic.help.as_ref().is_some_and(|h| !h.is_empty()), "{diagnostic:?}");
        }
    }
}

#[test]
fn the_broken_files_show_every_code_that_a_single_file_can_have() {
    let all: Vec<LoadedRules> = files().iter().map(|file| loaded(file)).collect();
    let seen: Vec<Code> = all.iter().flat_map(|l| &l.diagnostics).map(|d| d.code).collect();
    for code in [
        Code::DuplicateId,
        Code::PatternSyntax,
        Code::TemplateSyntax,
        Code::UnboundMetavariable,
        Code::UnknownPackage,
        Code::UnknownParameter,
        Code::UnknownFilter,
        Code::BadRegex,
        Code::BadGlob,
        Code::BadVersion,
        Code::BadValue,
        Code::EndlessRewrite,
    ] {
        assert!(seen.contains(&code), "no file shows {}", code.as_str());
    }
}

#[test]
fn a_rule_that_wraps_what_it_matches_comes_to_rest() {
    let places: Vec<usize> =
        loaded("endless.yaml").diagnostics.iter().map(|d| d.labels[0].span.start).collect();
    let text = std::fs::read_to_string(folder().join("endless.yaml")).expect("the file");
    let once = text.find("wrapped-once").expect("the rule");
    assert_eq!(places.len(), 2);
    assert!(places.iter().all(|&place| place < once));
}
