//! The documentation of the rule language: every example in it is run.
//!
//! A YAML block is a rule file, a `pack.yaml` or a `dmmigrate.yaml`. The diff blocks behind a rule
//! file are what its rules make of the files that their lines without `+` are; a diff without a
//! file name is Go code, put into a function unless it declares something. `sh` blocks are command
//! lines of the program.

use std::path::Path;

use clap::Parser as _;
use dmmigrate::app::cases::{lay_out, promises::run_and_check};
use dmmigrate::app::cli::Cli;
use dmmigrate::app::config::{Asked, Dependencies, LoadedRules, Request, load};
use dmmigrate::app::output::diagnostics::render;
use dmmigrate::app::txtar::Archive;

use super::spec::{Kind, read};
use super::support::packs::project;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Block {
    /// What stands behind the fence.
    info: String,
    text: String,
    /// From 1.
    line: usize,
}

fn blocks(file: &str) -> Vec<Block> {
    let text = std::fs::read_to_string(project().join("docs").join(file)).expect("a file");
    let mut found: Vec<Block> = Vec::new();
    let mut open = false;
    for (index, line) in text.lines().enumerate() {
        match (line.strip_prefix("```"), open) {
            (Some(info), false) => {
                open = true;
                found.push(Block { info: info.into(), text: String::new(), line: index + 1 });
            }
            (Some(_), true) => open = false,
            (None, true) => {
                let block = found.last_mut().expect("it is open");
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, false) => {}
        }
    }
    assert!(!open, "{file}: a block has no end");
    found
}

/// Loads a rule file, which may be a patch; its packages need not exist.
fn rules(text: &str) -> LoadedRules {
    let folder = tempfile::tempdir().expect("a folder");
    let is_patch = text.lines().any(|line| line == "@@");
    let name = if is_patch { "rules.patch" } else { "rules.yaml" };
    std::fs::write(folder.path().join(name), text).expect("written");
    let request = Request {
        sources: vec![Asked::Rule(name.into())],
        from: folder.path().to_path_buf(),
        ..Request::default()
    };
    load(folder.path(), &request, &Dependencies::default)
}

/// The text before the diff, or after it.
fn side(diff: &str, dropped: char) -> String {
    let lines = diff.lines().filter(|line| !line.starts_with(dropped));
    lines.flat_map(|line| [line.get(1..).unwrap_or_default(), "\n"]).collect()
}

/// A piece of Go as a file: imports first, then the rest, in a function unless it declares.
fn go_file(piece: &str) -> String {
    let of_imports =
        |l: &&str| l.is_empty() || l.starts_with("import") || l.starts_with("\t\"") || *l == ")";
    let end = piece.lines().take_while(of_imports).count();
    let lines: Vec<&str> = piece.lines().collect();
    let (imports, code) = lines.split_at(end);
    let declares = code
        .first()
        .is_some_and(|l| ["func ", "var ", "type ", "const "].iter().any(|k| l.starts_with(k)));
    let code = code.join("\n");
    let code = if declares { code } else { format!("func _() {{\n{code}\n}}") };
    let imports = imports.iter().flat_map(|l| [*l, "\n"]).collect::<String>();
    let imports = imports.trim_end();
    // As gofmt would have it: layout follows edits only in files that were clean before.
    let imports = if imports.is_empty() { String::new() } else { format!("{imports}\n\n") };
    format!("package p\n\n{imports}{code}\n")
}

/// The same without empty lines, whose number around imports is not what an example is about.
fn lines(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.trim().is_empty()).collect()
}

/// What examples that ask for types have around them.
const API: [(&str, &str); 2] = [
    ("go.mod", "module example.com\n\ngo 1.22\n"),
    (
        "api/api.go",
        "package api\n\ntype Profile struct{ Username, DisplayName string }\n\nfunc NewStmt(p Profile) {}\n",
    ),
];

fn run_example(file: &str, rule_block: &Block, diffs: &[&Block]) {
    let loaded = rules(&rule_block.text);
    let place = format!("docs/{file}:{}", rule_block.line);
    let errors = render(&loaded.diagnostics, &loaded.sources, false);
    assert!(!loaded.has_errors(), "{place}\n{errors}");
    let mut archive = Archive::default();
    let mut after = Vec::new();
    for diff in diffs {
        let name = diff.info.strip_prefix("diff").unwrap_or_default().trim();
        let (before, expected) = (side(&diff.text, '+'), side(&diff.text, '-'));
        let (name, before, expected) = match name {
            "" => (format!("a{}.go", diff.line), go_file(&before), go_file(&expected)),
            name => (name.to_owned(), before, expected),
        };
        after.push((name.clone(), expected));
        archive.files.push((name, before));
    }
    if rule_block.text.contains("example.com/api") {
        let known = API.map(|(name, text)| (name.to_owned(), text.to_owned()));
        archive.files.extend(known);
    }
    let folder = tempfile::tempdir().expect("a folder");
    lay_out(&archive.files, folder.path()).expect("files");
    let kept = run_and_check(folder.path(), &loaded).expect("a run");
    assert_eq!(kept.broken, Vec::<String>::new(), "{place}");
    for (name, expected) in &after {
        let found = std::fs::read_to_string(folder.path().join(name)).expect("a file");
        assert_eq!(lines(&found), lines(expected), "{place}: {name}\n{found}");
    }
}

#[test]
fn examples_do_what_the_reference_says() {
    for file in ["rules.md", "rules.zh-CN.md"] {
        let blocks = blocks(file);
        let mut ran = 0;
        for (index, block) in blocks.iter().enumerate().filter(|(_, b)| b.info == "yaml") {
            let text = &block.text;
            let place = format!("docs/{file}:{}", block.line);
            if text.contains("\nrules:\n") || text.starts_with("rules:\n") {
                let diffs = blocks[index + 1..].iter().take_while(|b| b.info.starts_with("diff"));
                run_example(file, block, &diffs.collect::<Vec<_>>());
                ran += 1;
                continue;
            }
            let kind = match text.split(':').next() {
                Some("pack") => Kind::Pack,
                Some("packs") => Kind::Config,
                // A part of a rule file.
                _ => Kind::Rules,
            };
            let rest = if matches!(kind, Kind::Rules) { "rules: []\n" } else { "" };
            let (diagnostics, sources) = read(kind, &format!("{text}{rest}"));
            assert!(diagnostics.is_empty(), "{place}\n{}", render(&diagnostics, &sources, false));
        }
        assert!(ran >= 9, "docs/{file}: {ran} examples");
    }
}

#[test]
fn patch_files_do_what_their_page_says() {
    for file in ["gopatch.md", "gopatch.zh-CN.md"] {
        let blocks = blocks(file);
        let is_patch = |block: &Block| block.text.lines().any(|line| line == "@@");
        let at = blocks.iter().position(is_patch).expect("a patch");
        let diffs: Vec<&Block> =
            blocks[at + 1..].iter().take_while(|b| b.info.starts_with("diff")).collect();
        assert!(!diffs.is_empty(), "docs/{file}");
        run_example(file, &blocks[at], &diffs);
    }
}

/// The rule of README.md, and the message about the same rule with a mistake in it.
#[test]
fn the_rule_of_the_front_page_is_one_and_its_mistake_is_shown_as_there() {
    for file in ["../README.md", "../README.zh-CN.md"] {
        let blocks = blocks(file);
        let rule = blocks.iter().find(|b| b.info == "yaml" && b.text.contains("\nrules:\n"));
        let rule = &rule.expect("a rule").text;
        let errors = |text: &str| {
            let loaded = rules(text);
            let shown = render(&loaded.diagnostics, &loaded.sources, false);
            shown.replace("rules.yaml", "errors.yaml")
        };
        assert_eq!(errors(rule), "", "{file}");
        let is_message = |b: &&Block| b.info == "text" && b.text.starts_with("error[");
        let message = blocks.iter().find(is_message).expect("a message");
        let broken = rule.replace("WithMessage($err, $text)", "WithMessage($err, $txt)");
        assert_eq!(errors(&broken).trim_end(), message.text.trim_end(), "{file}");
    }
}

#[test]
fn commands_of_the_documentation_exist() {
    for file in ["rules.md", "rules.zh-CN.md", "gopatch.md", "gopatch.zh-CN.md", "../README.md"] {
        for block in blocks(file).iter().filter(|b| b.info == "sh") {
            for line in block.text.lines().filter(|l| l.starts_with("dmmigrate ")) {
                let parsed = Cli::try_parse_from(line.split_whitespace());
                assert!(parsed.is_ok(), "docs/{file}: {line}: {:?}", parsed.err());
            }
        }
    }
}

#[test]
fn both_languages_have_the_same_examples() {
    let code = |file| -> Vec<(String, String)> {
        let all = blocks(file).into_iter();
        all.filter(|b| b.info != "text").map(|b| (b.info, b.text)).collect()
    };
    assert_eq!(code("rules.md"), code("rules.zh-CN.md"));
}

#[test]
fn links_lead_somewhere() {
    for file in ["rules.md", "rules.zh-CN.md"] {
        let folder = project().join("docs");
        let text = std::fs::read_to_string(folder.join(file)).expect("a file");
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = folder.join(Path::new(target.split('#').next().unwrap_or_default()));
            assert!(target.starts_with("http") || path.exists(), "docs/{file}: {target}");
        }
    }
}
