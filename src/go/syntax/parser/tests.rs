//! The parser against the general one.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use super::parse;
use crate::go::outline::{DeclKind, outline};
use crate::go::syntax::{NodeData, Syntax, build};
use crate::text::Span;

/// What there is to compare in a node.
fn line(n: &NodeData) -> String {
    let (kind, role, op) = (n.kind, n.role, n.op);
    format!("{kind:?} {role:?} {op:?} {}..{} in {} to {}", n.start, n.end, n.parent, n.after)
}

/// Correct code that tree-sitter-go 0.25 reads wrongly.
fn is_known_fault(code: &str) -> bool {
    // `chan<- chan T` is a `chan<- (chan T)` (Go specification, "Channel types").
    code.contains("chan<- chan")
        // The star of `*(*T)(x).f` is an operator on all the rest.
        || code.contains("*(*struct")
        // A block behind a loop, taken for the elements of a literal that the loop ranges over.
        || code.contains("}\n\t{\n")
}

#[derive(Default)]
struct Tally {
    declarations: usize,
    parsed: usize,
    faults: usize,
    differences: Vec<String>,
}

impl Tally {
    fn compare(&mut self, name: &str, text: &Arc<str>, span: Span) {
        self.declarations += 1;
        let Ok((ours, mut comments)) = parse(text, span) else { return };
        self.parsed += 1;
        let general = build::parse(text, span);
        if general.errors() > 0 {
            // What only one of them can read proves nothing about it.
            return;
        }
        let theirs: Vec<String> = general.nodes.iter().map(line).collect();
        let ours: Vec<String> = ours.iter().map(line).collect();
        let mut others = general.comments().to_vec();
        others.sort();
        comments.sort();
        if ours == theirs && comments == others {
            return;
        }
        if is_known_fault(span.of(text)) {
            self.faults += 1;
            return;
        }
        let at = ours.iter().zip(&theirs).position(|(a, b)| a != b).unwrap_or(0);
        let (us, them) = (ours.get(at), theirs.get(at));
        self.differences.push(format!("{name}:{}: {us:?}, but {them:?}", span.start));
    }

    fn file(&mut self, path: &Path) {
        let Ok(text) = std::fs::read_to_string(path) else { return };
        let text: Arc<str> = text.into();
        for decl in outline(&text).decls {
            if !matches!(decl.kind, DeclKind::Import | DeclKind::Rest) {
                self.compare(&path.to_string_lossy(), &text, decl.span);
            }
        }
    }
}

fn go_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if entry.file_type().is_ok_and(|t| t.is_dir()) {
            go_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "go") {
            found.push(path);
        }
    }
}

/// The folders to compare on: those of `DMMIGRATE_PARSE_ROOT`, else some of the standard library.
fn roots() -> Vec<PathBuf> {
    if let Some(root) = std::env::var_os("DMMIGRATE_PARSE_ROOT") {
        return vec![root.into()];
    }
    let goroot = Command::new("go").args(["env", "GOROOT"]).output().ok();
    let goroot = goroot.and_then(|o| String::from_utf8(o.stdout).ok()).unwrap_or_default();
    let src = Path::new(goroot.trim()).join("src");
    ["net", "go", "encoding", "slices", "maps", "iter", "sync", "database", "reflect"]
        .iter()
        .map(|folder| src.join(folder))
        .filter(|folder| folder.is_dir())
        .collect()
}

#[test]
#[allow(clippy::print_stderr, reason = "what was left out is said")]
fn both_parsers_make_the_same_of_real_code() {
    let mut files = Vec::new();
    for root in roots() {
        go_files(&root, &mut files);
    }
    if files.is_empty() {
        assert!(std::env::var_os("DMMIGRATE_REQUIRE_GO").is_none(), "no Go toolchain");
        eprintln!("skipped: no Go toolchain, so no code to compare on");
        return;
    }
    let mut tally = Tally::default();
    for path in &files {
        tally.file(path);
    }
    let Tally { declarations, parsed, faults, differences } = tally;
    eprintln!("{declarations} declarations, {parsed} parsed here, {faults} faults of the other");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(parsed * 1000 >= declarations * 995, "only {parsed} of {declarations} parsed here");
}

/// Every construct of the language, one declaration each.
const CONSTRUCTS: &str = include_str!("../../../../tests/data/constructs.go");

#[test]
fn every_construct_is_parsed_and_parsed_alike() {
    let text: Arc<str> = CONSTRUCTS.into();
    let mut tally = Tally::default();
    for decl in outline(&text).decls {
        if decl.kind != DeclKind::Import {
            assert!(parse(&text, decl.span).is_ok(), "{}", decl.span.of(&text));
            assert_eq!(build::parse(&text, decl.span).errors(), 0, "{}", decl.span.of(&text));
            tally.compare("constructs.go", &text, decl.span);
        }
    }
    assert!(tally.declarations >= 10 && tally.differences.is_empty(), "{:#?}", tally.differences);
}

#[test]
fn a_broken_declaration_is_for_the_other_parser() {
    for broken in [
        "func f() { x := }",
        "func f() { goto }",
        "func f() { if x = 1 {} }",
        "func f() { if x\n{} }",
        "func f( { }",
        "func f() { a, b }",
        "func f(a int, b) {}",
        "func f() { for i := 0; i < 3 {} }",
        "var x",
        "const c int",
        "type t[] int x",
        "func f() { return 1 2 }",
        "func f() { x[1, 2:3] }",
        "func f() { case 1: }",
        "var s = \"open",
        "import \"x\"",
        "package p",
        "x := 1",
        "func f() {} func g() {}",
    ] {
        let text: Arc<str> = broken.into();
        assert!(parse(&text, Span::new(0, text.len())).is_err(), "{broken}");
    }
}

#[test]
fn deep_nesting_is_for_the_other_parser_and_long_chains_are_not() {
    let of = |code: String| {
        let text: Arc<str> = code.into();
        parse(&text, Span::new(0, text.len())).map(|(nodes, _)| nodes.len())
    };
    assert!(of(format!("var x = {}1{}", "(".repeat(5000), ")".repeat(5000))).is_err());
    assert!(of(format!("var x = {}", "-".repeat(5000) + "1")).is_err());
    assert!(of(format!("var x = a{}", ".b()".repeat(3000))).is_ok());
    assert!(of(format!("var x = 1{}", " + 1".repeat(10_000))).is_ok());
    assert!(of(format!("var x = []int{{{}}}", "1, ".repeat(100_000))).is_ok());
}

#[test]
fn two_trees_print_alike() {
    let text: Arc<str> = "func f[T any](x *T) (n int, err error) { return g(x)[0].y, nil }".into();
    let syntax = Syntax::parse(&text, Span::new(0, text.len()));
    let general = build::parse(&text, Span::new(0, text.len()));
    assert_eq!(format!("{:?}", syntax.root()), format!("{:?}", general.root()));
}
