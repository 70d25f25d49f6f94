//! Decisions about a run as a whole: exit codes, what is refused, what is chosen.

use std::process::Output;

use super::support::repository::Repository;

const SOURCE: &str = "package p\n\nvar a = old(1)\n";
const RULE: &str = "rules:\n- id: renamed\n  match: old($x)\n  rewrite: new1($x)\n";

fn repository(rule: &str) -> Repository {
    Repository::new(&[("a.go", SOURCE), ("b.go", "package p\n"), ("rule.yaml", rule)])
}

fn apply(repository: &Repository, more: &[&str]) -> Output {
    let args = [&["apply", "--rule", "rule.yaml"], more].concat();
    repository.dmmigrate(&args).output().expect("the program runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Two rules that undo each other: the file is left alone, both are named, and the run failed.
#[test]
fn a_file_that_does_not_settle_is_left_alone_and_its_rules_are_named() {
    let back = "- id: back\n  match: new1($x)\n  rewrite: old($x)\n";
    let repository = repository(&format!("{RULE}{back}"));
    let output = apply(&repository, &[]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("a.go does not settle after 4 rounds"), "{}", said(&output));
    assert!(said(&output).contains("renamed") || said(&output).contains("back"));
    assert_eq!(repository.read("a.go"), SOURCE);
}

#[test]
fn sites_that_need_review_do_not_change_the_exit_code() {
    let repository = repository(&RULE.replace("  match", "  safety: review\n  match"));
    let output = apply(&repository, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("1 site needs review"), "{}", said(&output));
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_fails_the_run_after_the_rest_is_done() {
    let repository = repository(RULE);
    // A link that leads to itself cannot be read by anybody, root included.
    std::os::unix::fs::symlink("loop.go", repository.path().join("loop.go")).expect("a link");
    let output = apply(&repository, &[".", "loop.go"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
}

#[test]
fn a_staged_or_untracked_file_that_would_be_written_is_refused_with_all_others() {
    for staged in [false, true] {
        let repository = repository(RULE);
        repository.write("c.go", SOURCE);
        if staged {
            repository.git(&["add", "c.go"]);
        }
        let output = apply(&repository, &[]);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains("c.go"), "{}", said(&output));
        assert_eq!(repository.read("a.go"), SOURCE, "nothing is written");
        assert_eq!(apply(&repository, &["--dry-run"]).status.code(), Some(0));
    }
}

#[test]
fn other_files_may_be_dirty() {
    let repository = repository(RULE);
    repository.write("b.go", "package p\n\n// dirty\n");
    let output = apply(&repository, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(repository.read("a.go").contains("new1(1)"));
}

#[test]
fn without_git_nothing_is_dirty() {
    let repository = repository(RULE);
    std::fs::remove_dir_all(repository.path().join(".git")).expect("removed");
    repository.write("go.mod", "module example.com/p\n\ngo 1.22\n");
    let output = apply(&repository, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(repository.read("a.go").contains("new1(1)"));
}

/// A swap never comes to rest: no command goes on with it.
#[test]
fn a_template_without_end_stops_every_command() {
    let repository =
        repository("rules:\n- id: swap\n  match: old($a, $b)\n  rewrite: old($b, $a)\n");
    repository.write("pack/pack.yaml", "pack: pack\n");
    repository.write("pack/rules.yaml", &repository.read("rule.yaml"));
    for args in [&["apply", "--rule", "rule.yaml"][..], &["rules", "check", "pack"]] {
        let output = repository.dmmigrate(args).output().expect("the program runs");
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", said(&output));
        assert!(said(&output).contains("error[endless-rewrite]"), "{}", said(&output));
    }
}

#[test]
fn packs_come_in_the_order_in_which_they_are_named() {
    let repository = repository(RULE);
    for (pack, to) in [("one", "first"), ("two", "second")] {
        repository.write(&format!("{pack}/pack.yaml"), &format!("pack: {pack}\n"));
        let rule = format!("rules:\n- {{id: {to}, match: old($x), rewrite: {to}($x)}}\n");
        repository.write(&format!("{pack}/rules.yaml"), &rule);
    }
    for (named, wins) in [(["./one", "./two"], "first"), (["./two", "./one"], "second")] {
        let packs = named.map(|pack| ["--pack", pack]).concat();
        let args = [&["apply", "--dry-run"], packs.as_slice()].concat();
        let output = repository.dmmigrate(&args).output().expect("the program runs");
        let patch = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(patch.contains(&format!("+var a = {wins}(1)")), "{patch}{}", said(&output));
        repository.write("dmmigrate.yaml", &format!("packs: [{}]\n", named.join(", ")));
        let output = repository.dmmigrate(&["apply", "--dry-run"]).output().expect("it runs");
        assert_eq!(String::from_utf8_lossy(&output.stdout), patch, "{}", said(&output));
    }
}

/// `--include review` is what the author marked, `--include unknown-type` what could not be known.
#[test]
fn what_is_included_is_applied_and_nothing_else() {
    let unknown = "- id: typed\n  match: $x.Close()\n  where: {$x: {type: '*sql.Rows'}}\n  rewrite: close($x)\n";
    let rules = RULE.replace("  match", "  safety: review\n  match") + unknown;
    let repository = repository(&rules);
    repository.write(
        "a.go",
        "package p\n\nimport \"example.com/gone\"\n\nvar a = old(1)\n\nvar b = gone.X.Close()\n",
    );
    repository.commit();
    for (include, review, typed) in [
        (&[][..], false, false),
        (&["--include", "review"], true, false),
        (&["--include", "unknown-type"], false, true),
        (&["--include", "review", "--include", "unknown-type"], true, true),
    ] {
        let output = apply(&repository, &[&["--dry-run"], include].concat());
        let patch = String::from_utf8_lossy(&output.stdout);
        assert_eq!(patch.contains("+var a = new1(1)"), review, "{include:?}: {patch}");
        assert_eq!(patch.contains("+var b = close(gone.X)"), typed, "{include:?}: {patch}");
    }
}

/// A pack without cases is wrong for its author, not for who applies it.
#[test]
fn missing_cases_do_not_stop_apply() {
    let repository = repository(RULE);
    repository.write("pack/pack.yaml", "pack: pack\n");
    repository.write("pack/rules.yaml", RULE);
    let run = |args: &[&str]| repository.dmmigrate(args).output().expect("the program runs");
    let applied = run(&["apply", "--dry-run", "--pack", "./pack"]);
    assert_eq!(applied.status.code(), Some(0), "{}", said(&applied));
    assert!(!applied.stdout.is_empty());
    for command in [&["rules", "check", "pack"][..], &["test", "pack"]] {
        let output = run(command);
        assert_eq!(output.status.code(), Some(1), "{command:?}: {}", said(&output));
        assert!(said(&output).contains("missing-case"), "{command:?}: {}", said(&output));
    }
}

#[test]
fn of_many_dirty_files_some_are_named_and_all_are_counted() {
    let repository = repository(RULE);
    for nth in 0..1_025 {
        repository.write(&format!("many/f{nth:04}.go"), SOURCE);
    }
    let output = apply(&repository, &[]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    let text = said(&output);
    assert!(text.contains("  many/f0019.go (untracked)\n  and 1,005 more (git status"), "{text}");
    assert!(!text.contains("f0020"), "{text}");
    assert_eq!(repository.read("many/f0000.go"), SOURCE);
}
