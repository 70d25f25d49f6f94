//! Behaviour of single changes, each read as what a careful person would have done.

use super::*;
use crate::text::EditSet;

fn version(text: &str) -> Version {
    text.parse().expect("a version")
}

/// The text after a change, which must be done when asked for again.
fn after(text: &str, change: impl Fn(&ModFile) -> Change) -> (String, Change) {
    let first = change(&ModFile::parse(text));
    let new = first.edits.apply(text);
    let second = change(&ModFile::parse(&new));
    assert_eq!(second.edits, EditSet::new(), "not idempotent:\n{new}");
    (new, first)
}

fn require(text: &str, path: &str, to: &str) -> (String, Change) {
    after(text, |f| f.require(path, &version(to), IfAbsent::Add, None))
}

fn move_to(text: &str, old: &str, new: &str, to: &str) -> (String, Change) {
    after(text, |f| f.move_module(old, new, &version(to)))
}

const FILE: &str = "module example.com/app\n\ngo 1.21\n\nrequire (\n\ta.org/a v1.0.0\n\td.org/d v1.3.0 // keep\n)\n\nrequire (\n\tb.org/b v1.0.0 // indirect\n\tc.org/c v1.0.0 // indirect\n)\n";

#[test]
fn directives_are_read_with_their_spans() {
    let text = "\u{feff}module \"example.com/a\"\r\n\r\ngo 1.22rc1\r\ntoolchain go1.22.3\r\n\
        require b.org/b/v2 v2.1 // indirect; why\r\nreplace (\r\n\tb.org/b/v2 => ../b\r\n\
        \tb.org/b/v2 v2.1.0 => c.org/c v1.0.0 // c\r\n)\r\nexclude b.org/b/v2 v2.0.0\r\n\
        retract [v1.0.0, v1.1.0]\r\ntool (\r\n\tb.org/b/v2/cmd\r\n)\r\nignore ./x\r\n\
        godebug default=go1.21";
    let file = ModFile::parse(text);
    assert_eq!(file.problems(), []);
    assert_eq!(file.module_path(), Some("example.com/a"));
    assert_eq!(file.go_version().map(ToString::to_string).as_deref(), Some("1.22rc1"));
    assert_eq!(file.toolchain(), Some("go1.22.3"));
    let [require] = file.requires() else { panic!("{:?}", file.requires()) };
    assert_eq!(
        (require.path_span.of(text), require.version_span.of(text), require.line.of(text)),
        ("b.org/b/v2", "v2.1", "require b.org/b/v2 v2.1 // indirect; why\r\n")
    );
    assert!(require.indirect);
    assert_eq!(require.version.to_string(), "v2.1.0");
    assert_eq!(file.replaces()[0].target, ReplaceTarget::Directory("../b".into()));
    assert_eq!(file.replaces()[1].version, Some(version("v2.1.0")));
    assert_eq!(file.excludes()[0].version_span.of(text), "v2.0.0");
    assert_eq!(file.tools()[0].path, "b.org/b/v2/cmd");
}

#[test]
fn a_line_that_is_not_understood_is_named_and_kept() {
    for (text, wrong) in [
        ("requires a.org/a v1.0.0\n", "requires a.org/a v1.0.0"),
        ("require a.org/a master\n", "master"),
        ("require a.org/a v2.0.0\n", "v2.0.0"),
        ("require a.org/a\n", "require a.org/a"),
        ("require (\n\ta.org/a v1.0.0\n", "require ("),
        ("require (\n) x\n", ") x\n"),
        ("module a /* b */\n", "/*"),
        ("module \"a\n", "\"a"),
        ("module `a`\n", "`a`"),
        ("module a\nmodule b\n", "module b"),
        ("go v1.21\n", "v1.21"),
        ("replace a.org/a => b\n", "b"),
        ("replace a.org/a => ./b v1.0.0\n", "./b"),
        ("retract [v1.0.0]\n", "retract [v1.0.0]"),
    ] {
        let file = ModFile::parse(text);
        let spans: Vec<&str> = file.problems().iter().map(|p| p.span.of(text)).collect();
        assert_eq!(spans, [wrong], "{text}");
        assert_eq!(file.text(), text);
    }
}

#[test]
fn a_requirement_is_raised_and_never_lowered() {
    let (new, change) = require(FILE, "d.org/d", "v1.4.0");
    assert_eq!(new, FILE.replace("d.org/d v1.3.0", "d.org/d v1.4.0"));
    assert_eq!(change.outcome, Outcome::Raised { from: version("v1.3.0") });
    let (new, change) = require(FILE, "d.org/d", "v1.3.0-rc1");
    assert_eq!((new.as_str(), change.edits.len()), (FILE, 0));
    assert_eq!(change.outcome, Outcome::AlreadyThere { version: version("v1.3.0") });
}

#[test]
fn a_new_requirement_joins_the_direct_ones_in_order() {
    let (new, change) = require(FILE, "c.org/x", "v1.0.0");
    assert_eq!(new, FILE.replace("\td.org/d", "\tc.org/x v1.0.0\n\td.org/d"));
    assert_eq!(change.outcome, Outcome::Added);
    let absent = ModFile::parse(FILE).require("x.org/x", &version("v1"), IfAbsent::Leave, None);
    assert_eq!((absent.outcome, absent.edits.len()), (Outcome::Absent, 0));
}

#[test]
fn a_new_requirement_finds_its_place_in_every_layout() {
    for (text, expected) in [
        ("module m", "module m\n\nrequire c.org/c v1.0.0"),
        ("module m\r\n", "module m\r\n\r\nrequire c.org/c v1.0.0\r\n"),
        ("", "require c.org/c v1.0.0\n"),
        // One line becomes a block.
        (
            "require a.org/a v1.0.0 // x\n",
            "require (\n\ta.org/a v1.0.0 // x\n\tc.org/c v1.0.0\n)\n",
        ),
        ("require d.org/d v1.0.0", "require (\n\tc.org/c v1.0.0\n\td.org/d v1.0.0\n)"),
        // Lines stay lines.
        (
            "require a.org/a v1.0.0\nrequire d.org/d v1.0.0\n",
            "require a.org/a v1.0.0\nrequire c.org/c v1.0.0\nrequire d.org/d v1.0.0\n",
        ),
        // A comment above says what the line is for.
        (
            "// because\nrequire a.org/a v1.0.0\n",
            "// because\nrequire a.org/a v1.0.0\n\nrequire c.org/c v1.0.0\n",
        ),
        // Direct requirements stand before indirect ones.
        (
            "// deep\nrequire a.org/a v1.0.0 // indirect\n",
            "require c.org/c v1.0.0\n\n// deep\nrequire a.org/a v1.0.0 // indirect\n",
        ),
        // Without an order, the end.
        (
            "require (\n  d.org/d v1.0.0\n  a.org/a v1.0.0\n)\n",
            "require (\n  d.org/d v1.0.0\n  a.org/a v1.0.0\n  c.org/c v1.0.0\n)\n",
        ),
    ] {
        assert_eq!(require(text, "c.org/c", "v1.0.0").0, expected);
    }
}

#[test]
fn a_replacement_that_decides_is_a_finding() {
    let pinned = |replace: &str| {
        let (new, change) =
            require(&format!("{FILE}\nreplace d.org/d {replace}\n"), "d.org/d", "v1.4.0");
        (new.contains("d.org/d v1.4.0"), change.outcome)
    };
    for replace in ["=> ../d", "=> d.org/d v1.2.0", "v1.3.0 => fork.org/d v1.3.1"] {
        let (raised, outcome) = pinned(replace);
        assert!(!raised && matches!(outcome, Outcome::PinnedByReplace(_)), "{replace}");
    }
    let (raised, outcome) = pinned("=> d.org/d v1.5.0");
    assert_eq!((raised, outcome), (false, Outcome::AlreadyThere { version: version("v1.5.0") }));
    assert!(pinned("v1.0.0 => ../d").0, "another version is replaced");

    let work = WorkFile::parse("go 1.21\n\nuse .\n\nreplace d.org/d => ../d\n");
    let file = ModFile::parse(FILE);
    let change = file.require("d.org/d", &version("v1.4.0"), IfAbsent::Add, Some(&work));
    assert!(matches!(change.outcome, Outcome::PinnedByReplace(_)));
    assert_eq!(
        file.effective_version("d.org/d", Some(&work)),
        EffectiveVersion::Directory("../d".into())
    );
    assert_eq!(file.effective_version("x.org/x", None), EffectiveVersion::NotRequired);
}

#[test]
fn what_go_would_refuse_is_not_written() {
    let outcome = |text: &str, path: &str, to: &str| require(text, path, to).1.outcome;
    assert!(matches!(outcome(FILE, "d.org/d", "v2.0.0"), Outcome::Major(_)));
    assert!(matches!(outcome(FILE, "d.org/d/v3", "v2.0.0"), Outcome::Major(_)));
    let excluded = format!("{FILE}\nexclude d.org/d v1.4.0\n");
    assert!(matches!(outcome(&excluded, "d.org/d", "v1.4.0"), Outcome::Excluded(_)));
    let unclear = "require d.org/d master\n";
    assert!(matches!(outcome(unclear, "d.org/d", "v1.4.0"), Outcome::Unclear { .. }));
}

#[test]
fn a_moved_line_keeps_its_comments_and_the_order() {
    let text = FILE.replace("\ta.org/a", "\t// pinned\n\ta.org/a");
    let (new, change) = move_to(&text, "a.org/a", "e.org/e", "v1.5.0");
    let expected = text
        .replace("\t// pinned\n\ta.org/a v1.0.0\n", "")
        .replace("// keep\n", "// keep\n\t// pinned\n\te.org/e v1.5.0\n");
    assert_eq!(new, expected);
    assert_eq!((change.outcome, change.lost_comments), (Outcome::Moved, vec![]));
    let (new, _) = move_to(FILE, "c.org/c", "a.org/z/v2", "v2.0.0");
    assert!(new.contains("(\n\ta.org/z/v2 v2.0.0 // indirect\n\tb.org/b v1.0.0 // indirect\n)"));
}

#[test]
fn everything_about_a_module_follows_it() {
    let rest = "\nreplace old.org/o => ../o\n\nexclude (\n\told.org/o v1.1.0\n\told.org/o v1.5.0\n\tp.org/p v1.0.0\n)\n\ntool (\n\told.org/o/cmd/x\n\told.org/other/cmd\n)\n";
    let text = format!("{FILE}\nrequire old.org/o v1.0.0\n{rest}");
    let (new, change) = move_to(&text, "old.org/o", "z.org/n", "v1.5.0");
    assert!(new.contains("require z.org/n v1.5.0\n"), "{new}");
    assert!(new.contains("replace z.org/n => ../o\n"), "{new}");
    assert!(new.contains("exclude (\n\tp.org/p v1.0.0\n\tz.org/n v1.1.0\n)\n"), "{new}");
    assert!(new.contains("tool (\n\told.org/other/cmd\n\tz.org/n/cmd/x\n)\n"), "{new}");
    let removed: Vec<&str> = change.removed.iter().map(|span| span.of(&text)).collect();
    assert_eq!(removed, ["\told.org/o v1.5.0\n"], "it would exclude what is required");
    assert_eq!(change.replaced_by.map(|r| r.target), Some(ReplaceTarget::Directory("../o".into())));
}

#[test]
fn a_version_that_the_new_path_cannot_have_does_not_follow() {
    let text =
        "require o.org/o v1.0.0\n\nreplace o.org/o v1.0.0 => ../o\n\nexclude o.org/o v1.1.0\n";
    let (new, change) = move_to(text, "o.org/o", "o.org/o/v2", "v2.0.0");
    assert_eq!(new, "require o.org/o/v2 v2.0.0\n");
    assert_eq!(change.removed.len(), 2);
    let text = "require o.org/o v2.0.0+incompatible\n";
    let (new, _) = move_to(text, "o.org/o", "o.org/o/v2", "v2.0.0");
    assert_eq!(new, "require o.org/o/v2 v2.0.0\n");
}

#[test]
fn two_requirements_become_one_with_the_higher_version() {
    // Both direct: the line of the new path stays; the block of one line becomes a line.
    let (new, change) = move_to(FILE, "a.org/a", "d.org/d", "v1.2.0");
    assert!(new.contains("\n\nrequire d.org/d v1.3.0 // keep\n\n"), "{new}");
    assert_eq!(change.outcome, Outcome::Merged { version: version("v1.3.0") });
    // The new path only indirect: the direct line stays, where direct lines stand.
    let (new, _) = move_to(FILE, "d.org/d", "c.org/c", "v1.2.0");
    assert!(new.contains("\ta.org/a v1.0.0\n\tc.org/c v1.2.0 // keep\n)"), "{new}");
    assert!(new.ends_with("\nrequire b.org/b v1.0.0 // indirect\n"), "{new}");
    // Comments of the line that goes live on.
    let text = FILE.replace("\td.org/d", "\t// driver\n\td.org/d");
    let (new, change) = move_to(&text, "d.org/d", "a.org/a", "v1.2.0");
    assert!(new.contains("\n// driver\nrequire a.org/a v1.2.0 // keep\n"), "{new}");
    assert_eq!(change.lost_comments, []);
}

#[test]
fn a_dropped_requirement_leaves_no_trace() {
    let drop = |text: &str, path: &str| after(text, |f| f.drop(path));
    let (new, change) = drop(&format!("{FILE}\nreplace d.org/d => ../d\n"), "d.org/d");
    assert_eq!(
        new,
        FILE.replace("(\n\ta.org/a v1.0.0\n\td.org/d v1.3.0 // keep\n)", "a.org/a v1.0.0")
    );
    assert_eq!((change.lost_comments.len(), change.removed.len()), (1, 1));
    assert_eq!(drop(FILE, "c.org/c").1.outcome, Outcome::LeftToTidy);
    let (new, _) = drop("module m\n\nrequire (\n\ta.org/a v1.0.0\n)\n\ngo 1.21\n", "a.org/a");
    assert_eq!(new, "module m\n\ngo 1.21\n");
    let text = "module m\n\nrequire (\n\ta.org/a v1.0.0\n\tb.org/b v1.0.0\n\n\tc.org/c v1.0.0\n)\n";
    assert_eq!(drop(text, "c.org/c").0, text.replace("\n\tc.org/c v1.0.0\n", ""));
    let tool = "require a.org/a v1.0.0\n\ntool a.org/a/cmd\n";
    assert!(matches!(drop(tool, "a.org/a").1.outcome, Outcome::UsedByTool { .. }));
}

#[test]
fn a_workspace_follows_with_its_replacements() {
    let text = "go 1.21\n\nuse (\n\t.\n\t./b\n)\n\nreplace a.org/a v1.0.0 => ../a\n";
    let work = WorkFile::parse(text);
    assert_eq!(work.problems(), []);
    assert_eq!(work.uses().iter().map(|u| u.path.as_str()).collect::<Vec<_>>(), [".", "./b"]);
    let moved = work.move_module("a.org/a", "b.org/b").edits.apply(text);
    assert_eq!(moved, text.replace("a.org/a", "b.org/b"));
    assert_eq!(WorkFile::parse(&moved).move_module("a.org/a", "b.org/b").outcome, Outcome::Absent);
    assert_eq!(
        work.drop("a.org/a").edits.apply(text),
        text.split("\nreplace").next().unwrap_or("")
    );
    assert!(!WorkFile::parse("require a.org/a v1.0.0\n").problems().is_empty());
}
