//! Parts of a repository: whatever is selected, the parts make up the whole, and no part breaks what
//! compiled before.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use insta_cmd::get_cargo_bin;
use proptest::prelude::*;

use super::support::go_toolchain::GoToolchain;

const RULES: &str = "packages: {old: example.com/old, wrap: example.com/wrap}\nrules:\n- id: moved\n  import: {from: example.com/old, to: example.com/new, subpackages: true}\n- id: module\n  gomod: {move: example.com/old, to: example.com/new v1.0.0}\n";

const FREE: &str = "packages: {fmt: fmt}\nrules:\n- id: print\n  match: fmt.Sprint($x)\n  rewrite: fmt.Sprintln($x)\n";

/// A repository of modules with packages, each of which uses the old module and `fmt`.
struct Repository(tempfile::TempDir);

impl Repository {
    /// `packages[m]` packages in module `m`; the modules and their workspace replace both modules
    /// by folders.
    fn new(packages: &[usize]) -> Self {
        let repository = Self(tempfile::tempdir().expect("a folder"));
        for name in ["old", "new"] {
            repository.write(
                &format!("{name}/go.mod"),
                &format!("module example.com/{name}\n\ngo 1.22\n"),
            );
            repository.write(&format!("{name}/x.go"), &format!("package {name}\n\nconst X = 1\n"));
        }
        for (module, &count) in packages.iter().enumerate() {
            let go_mod = format!(
                "module example.com/m{module}\n\ngo 1.22\n\nrequire example.com/old v1.0.0\n\nreplace example.com/old => ../old\n\nreplace example.com/new => ../new\n"
            );
            repository.write(&format!("m{module}/go.mod"), &go_mod);
            for package in 0..count {
                let text = format!(
                    "package p{package}\n\nimport (\n\t\"fmt\"\n\n\t\"example.com/old\"\n)\n\nvar P = fmt.Sprint(old.X)\n"
                );
                repository.write(&format!("m{module}/p{package}/a.go"), &text);
            }
        }
        repository.write("rules.yaml", RULES);
        repository.write("free.yaml", FREE);
        repository.git(&["init", "-q"]);
        repository.commit();
        repository
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }

    fn git(&self, args: &[&str]) {
        let mut git = Command::new("git");
        git.current_dir(self.path()).args(["-c", "user.name=t", "-c", "user.email=t@example.com"]);
        assert!(git.args(args).status().is_ok_and(|s| s.success()), "git {args:?}");
    }

    fn commit(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", "x"]);
    }

    fn run(&self, args: &[&str]) -> String {
        let mut command = Command::new(get_cargo_bin("dmmigrate"));
        let output = command.current_dir(self.path()).args(args).output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{args:?}: {said}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// The patch of a dry run with these options, by file.
    fn patch(&self, rules: &str, args: &[&str]) -> BTreeMap<String, String> {
        let text = self.run(&[&["apply", "-n", "-q", "--rule", rules], args].concat());
        let files = text.split("diff --git ").filter(|file| !file.is_empty());
        files.map(|f| (f.split(' ').next().expect("a name").to_owned(), f.to_owned())).collect()
    }

    /// Status and place of every site, by a dry run.
    fn statuses(&self, rules: &str, args: &[&str]) -> BTreeSet<String> {
        let args = [&["apply", "-n", "-q", "--format", "json", "--rule", rules], args].concat();
        let json: serde_json::Value = serde_json::from_str(&self.run(&args)).expect("JSON");
        let files = json["files"].as_array().expect("files");
        let of_file = |file: &serde_json::Value| -> Vec<String> {
            let path = file["path"].as_str().expect("a path").to_owned();
            let sites = file["sites"].as_array().expect("sites").iter();
            let site = |s: &serde_json::Value| {
                let text = |key: &str| s[key].as_str().expect("a text").to_owned();
                format!("{path} {} {}", text("rule"), text("detail"))
            };
            sites.map(site).collect()
        };
        files.iter().flat_map(of_file).collect()
    }
}

fn is_within(part: &BTreeMap<String, String>, whole: &BTreeMap<String, String>) -> bool {
    part.iter().all(|(path, patch)| whole.get(path) == Some(patch))
}

proptest! {
    // Each case starts the program some twenty times.
    #![proptest_config(ProptestConfig { cases: 4, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn parts_make_up_the_whole(
        packages in prop::collection::vec(1..6usize, 1..5),
        shards in 1..5u32,
        first in 1..99u32,
    ) {
        let repository = Repository::new(&packages);
        for rules in ["rules.yaml", "free.yaml"] {
            let whole = repository.patch(rules, &[]);
            prop_assert_eq!(whole.is_empty(), false);
            // Shards: disjoint, and together the whole; by packages all but go.mod.
            for by in ["module", "package"] {
                let mut union = BTreeMap::new();
                for number in 1..=shards {
                    let shard = format!("{number}/{shards}");
                    for (path, patch) in repository.patch(rules, &["--shard", &shard, "--shard-by", by]) {
                        prop_assert!(union.insert(path.clone(), patch).is_none(), "{} is in two shards", path);
                    }
                }
                let mut expected = whole.clone();
                if by == "package" {
                    expected.retain(|path, _| !path.ends_with("go.mod"));
                }
                prop_assert_eq!(union, expected);
            }
            // Shares grow into each other, up to the whole.
            let mut before = BTreeMap::new();
            for percent in [first, first.midpoint(100), 100] {
                let share = repository.patch(rules, &["--percent", &percent.to_string()]);
                prop_assert!(is_within(&before, &share), "a share of {percent} % lost something");
                before = share;
            }
            prop_assert_eq!(before, whole);
        }
    }
}

#[test]
fn every_stage_builds() {
    let Some(go) = GoToolchain::find() else { return };
    let repository = Repository::new(&[3, 2]);
    let builds = |stage: &str| {
        for module in ["m0", "m1"] {
            let output = go.run(&repository.path().join(module), &["vet", "./..."]);
            let errors = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{stage}: {errors}");
        }
    };
    builds("before");
    for stage in
        [&["--percent", "40"][..], &["m0/p1"], &["--files", "m1/**"], &["--percent", "100"]]
    {
        repository.run(&[&["apply", "-q", "--rule", "rules.yaml"], stage].concat());
        builds(&stage.join(" "));
        repository.commit();
    }
    assert!(repository.patch("rules.yaml", &[]).is_empty(), "nothing is left");
}

#[test]
fn go_mod_waits_for_code_that_was_not_selected() {
    let repository = Repository::new(&[2]);
    for part in [&["m0/p0"][..], &["--files", "**/p0/*"], &["--exclude", "**/p1/**"]] {
        assert!(repository.patch("rules.yaml", part).is_empty(), "{part:?}");
        let statuses = repository.statuses("rules.yaml", part);
        let code = "m0/p0/a.go moved held back: the go.mod of the module cannot follow yet";
        assert!(statuses.contains(code), "{part:?}: {statuses:#?}");
        let go_mod = statuses.iter().find(|s| s.starts_with("m0/go.mod module ")).expect("a site");
        assert!(
            go_mod.contains("held back: 1 site") || go_mod.ends_with("not selected"),
            "{go_mod}"
        );
        // What no go.mod is needed for goes ahead.
        let free = repository.patch("free.yaml", part);
        assert_eq!(free.keys().collect::<Vec<_>>(), ["a/m0/p0/a.go"], "{part:?}");
    }
}

/// The code moves to a module that go.mod does not require yet.
const ADDED: &str = "packages: {old: example.com/old}\nrules:\n- id: moved\n  import: {from: example.com/old, to: example.com/new}\n- id: added\n  gomod: {require: example.com/new v1.0.0}\n";

#[test]
fn a_requirement_that_selected_code_needs_comes_with_it() {
    let repository = Repository::new(&[3]);
    repository.write("added.yaml", ADDED);
    repository.commit();
    let whole = repository.patch("added.yaml", &[]);
    let mut seen = BTreeSet::new();
    for part in [&["--files", "**/p0/*"][..], &["m0/p1"], &[]] {
        let patch = repository.patch("added.yaml", part);
        assert_eq!(patch.contains_key("a/m0/go.mod"), seen.is_empty(), "{part:?}");
        if let Some(go_mod) = patch.get("a/m0/go.mod") {
            assert_eq!(Some(go_mod), whole.get("a/m0/go.mod"));
        }
        seen.extend(patch.into_keys());
        repository.run(&[&["apply", "-q", "--rule", "added.yaml"], part].concat());
        repository.commit();
        let Some(go) = GoToolchain::find() else { continue };
        let output = go.run(&repository.path().join("m0"), &["vet", "-mod=readonly", "./..."]);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{part:?}: {errors}");
    }
    assert_eq!(seen, whole.into_keys().collect());
}

#[test]
fn owners_decide_by_the_last_line_that_fits() {
    let repository = Repository::new(&[2, 1]);
    repository.write(".github/CODEOWNERS", "* @core\n/m0/p1/ @data @ops\n");
    let files = |owner: &str| {
        let patch = repository.patch("free.yaml", &["--owner", owner]);
        patch.into_keys().collect::<Vec<_>>()
    };
    assert_eq!(files("@core"), ["a/m0/p0/a.go", "a/m1/p0/a.go"]);
    assert_eq!(files("@OPS"), ["a/m0/p1/a.go"]);
    assert_eq!(files("@nobody"), [""; 0]);
}

#[test]
fn since_a_revision_only_what_has_changed_counts() {
    let repository = Repository::new(&[3]);
    repository.git(&["checkout", "-q", "-b", "topic"]);
    let more = "package p0\n\nimport (\n\t\"fmt\"\n\n\t\"example.com/old\"\n)\n\nvar P = fmt.Sprint(old.X)\n\nvar Q = fmt.Sprint(2)\n";
    repository.write("m0/p0/a.go", more);
    repository.commit();
    repository.write("m0/p1/new \"é.go", "package p1\n\nimport \"fmt\"\n\nvar Q = fmt.Sprint(3)\n");
    let files = |option: &str| {
        let patch = repository.run(&["apply", "-n", "-q", "--rule", "free.yaml", option, "HEAD~1"]);
        let added = patch.lines().filter(|l| l.starts_with('+') && !l.starts_with("+++"));
        added.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        files("--since"),
        ["+var P = fmt.Sprintln(old.X)", "+var Q = fmt.Sprintln(2)", "+var Q = fmt.Sprintln(3)"]
    );
    assert_eq!(files("--since-lines"), ["+var Q = fmt.Sprintln(2)", "+var Q = fmt.Sprintln(3)"]);
    let mut command = Command::new(get_cargo_bin("dmmigrate"));
    let output = command
        .current_dir(repository.path())
        .args(["apply", "-n", "--rule", "free.yaml", "--since", "--output=x"])
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(2));
}
