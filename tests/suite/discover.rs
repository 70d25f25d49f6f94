//! Discovery against git: the files that it lists are those that git does not exclude.

use dmmigrate::app::discover::{DiscoverOptions, Discovery, TextGlobs, discover};
use dmmigrate::app::root::find_root;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs git without the user's configuration; its standard output.
fn git(folder: &Path, args: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgSign=false"])
        .args(args)
        .current_dir(folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env_remove("GIT_DIR")
        .env_remove("GIT_INDEX_FILE")
        .output()
        .expect("git runs");
    assert!(output.status.success(), "git {args:?}: {output:?}");
    String::from_utf8(output.stdout).expect("names are UTF-8 here")
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("inside")).expect("create");
    fs::write(path, text).expect("write");
}

fn find(folder: &Path, paths: &[PathBuf]) -> Discovery {
    let root = find_root(folder).expect("exists").folder;
    let texts = TextGlobs::default();
    let options = DiscoverOptions {
        not: &[],
        root: &root,
        paths,
        texts: &texts,
        include_vendor: true,
        no_ignore: false,
    };
    discover(&options).expect("the root can be read")
}

fn found(folder: &Path, paths: &[PathBuf]) -> BTreeSet<String> {
    let files = find(folder, paths).files.into_iter();
    files.map(|file| file.path.to_str().expect("names are UTF-8 here").to_owned()).collect()
}

/// Names of folders and files; few, so that rules meet them.
fn name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a", "b", "ab", "vendor", "gen"])
}

fn folder() -> impl Strategy<Value = String> {
    prop::collection::vec(name(), 0..3)
        .prop_map(|names| names.iter().fold(String::new(), |path, name| path + name + "/"))
}

/// A line of a .gitignore.
fn rule() -> impl Strategy<Value = String> {
    let not = prop::sample::select(vec!["", "", "!"]);
    let before = prop::sample::select(vec!["", "/", "**/", "a/", "*/"]);
    let part =
        prop::sample::select(vec!["a", "b*", "gen", "?", "[ab]", "a.go", "*.go", "# x", "*"]);
    let behind = prop::sample::select(vec!["", "", "/", "/*", "/**", " "]);
    (not, before, part, behind)
        .prop_map(|(not, before, part, behind)| format!("{not}{before}{part}{behind}"))
}

fn ignore_file() -> impl Strategy<Value = (String, String)> {
    (folder(), prop::collection::vec(rule(), 1..4), prop::sample::select(vec!["\n", "\r\n"]))
        .prop_map(|(folder, rules, end)| (folder, rules.join(end) + end))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn lists_what_git_does_not_exclude(
        files in prop::collection::vec((folder(), name()), 1..12),
        ignores in prop::collection::vec(ignore_file(), 0..3),
        exclude in prop::option::of(rule()),
    ) {
        let tree = tempfile::tempdir().expect("temporary folder");
        let top = tree.path();
        git(top, &["init", "-q"]);
        for (folder, name) in &files {
            write(top, &format!("{folder}{name}.go"), "");
        }
        for (folder, rules) in &ignores {
            write(top, &format!("{folder}.gitignore"), rules);
        }
        if let Some(exclude) = &exclude {
            write(top, ".git/info/exclude", exclude);
        }
        let listed = git(top, &["ls-files", "-z", "--others", "--exclude-standard"]);
        let go = |path: &&str| Path::new(path).extension().is_some_and(|end| end == "go");
        let expected: BTreeSet<String> =
            listed.split('\0').filter(go).map(str::to_owned).collect();
        prop_assert_eq!(found(top, &[]), expected, "{:?}", ignores);
    }
}

#[test]
fn a_linked_work_tree_shares_the_exclude_file() {
    let tree = tempfile::tempdir().expect("temporary folder");
    let (main, linked) = (tree.path().join("main"), tree.path().join("linked"));
    write(&main, "a.go", "");
    git(&main, &["init", "-q"]);
    git(&main, &["add", "a.go"]);
    git(&main, &["commit", "-qm", "a"]);
    git(&main, &["worktree", "add", "-q", linked.to_str().expect("UTF-8")]);
    write(&main, ".git/info/exclude", "local.go\n");
    write(&linked, "local.go", "");
    write(&linked, "b.go", "");
    assert_eq!(found(&linked, &[]), BTreeSet::from(["a.go".to_owned(), "b.go".to_owned()]));
}

#[test]
fn a_repository_below_has_rules_of_its_own() {
    let tree = tempfile::tempdir().expect("temporary folder");
    let top = tree.path();
    write(top, ".gitignore", "gen.go\n");
    write(top, "below/gen.go", "");
    write(top, "below/local.go", "");
    git(top, &["init", "-q"]);
    assert_eq!(found(top, &[]), BTreeSet::from(["below/local.go".to_owned()]));
    git(&top.join("below"), &["init", "-q"]);
    write(top, "below/.gitignore", "local.go\n");
    assert_eq!(found(top, &[]), BTreeSet::from(["below/gen.go".to_owned()]));
}

#[test]
fn a_named_folder_that_git_excludes_is_listed_and_one_that_it_keeps_stays_under_its_rules() {
    let tree = tempfile::tempdir().expect("temporary folder");
    let top = tree.path();
    write(top, ".gitignore", "gen/**\n*_gen.go\n");
    write(top, "gen/deep/x.go", "");
    write(top, "kept/a.go", "");
    write(top, "kept/a_gen.go", "");
    git(top, &["init", "-q"]);
    let named = |path: &str| found(top, &[top.join(path)]);
    assert_eq!(named("gen/deep"), BTreeSet::from(["gen/deep/x.go".to_owned()]));
    assert_eq!(named("kept"), BTreeSet::from(["kept/a.go".to_owned()]));
    assert_eq!(named("kept/a_gen.go"), BTreeSet::from(["kept/a_gen.go".to_owned()]));
}

#[test]
fn one_thread_and_many_find_the_same_in_the_same_order() {
    let tree = tempfile::tempdir().expect("temporary folder");
    for folder in 0..40 {
        for file in 0..5 {
            write(tree.path(), &format!("{}/d{folder}/f{file}.go", folder % 7), "");
        }
    }
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| find(tree.path(), &[]))
    };
    let one = with(1);
    assert_eq!(one.files.len(), 200);
    for _ in 0..5 {
        assert_eq!(with(4), one);
    }
}
