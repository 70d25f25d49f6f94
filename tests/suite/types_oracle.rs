//! Types and objects against Go's own type checker, which a small Go program under `tests/oracle`
//! runs.
//!
//! By default a few packages of the standard library are compared. For more, set
//! `DMMIGRATE_ORACLE_PACKAGES` to patterns of `go list`, separated by commas,
//! `DMMIGRATE_ORACLE_DIR` to the module they stand in, `DMMIGRATE_ORACLE_TESTS=1` for their
//! tests, too, and `DMMIGRATE_ORACLE_ALONE=1` to do without GOROOT and module cache.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the oracle prints its figures")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use dmmigrate::app::fs::OsFileSystem;
use dmmigrate::go::packages::{GoEnv, PackageIndex};
use dmmigrate::go::source::SourceFile;
use dmmigrate::go::syntax::{Kind, NodeId};
use dmmigrate::go::types::{FileTypes, Object, TypeAnswer, Types};

/// What the oracle says of a node.
enum Fact {
    Type {
        plain: String,
        aliased: String,
    },
    /// Any of these.
    Object(Vec<String>),
}

#[derive(Default)]
struct Count {
    asked: usize,
    known: usize,
    wrong: usize,
    /// Of what is unknown, by reason.
    unknown: BTreeMap<String, usize>,
    examples: BTreeMap<String, Vec<String>>,
    not_in_tree: BTreeMap<String, usize>,
}

impl Count {
    fn unknown(&mut self, reason: &str, example: impl FnOnce() -> String) {
        *self.unknown.entry(reason.into()).or_default() += 1;
        let examples = self.examples.entry(reason.into()).or_default();
        if examples.len() < examples_shown() {
            examples.push(example());
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "a share for people")]
    fn share(&self) -> f64 {
        100.0 * self.known as f64 / self.asked.max(1) as f64
    }

    #[allow(clippy::print_stdout, reason = "the report of a test")]
    fn print(&self, what: &str) {
        println!(
            "{what}: {} asked, {} known ({:.2} %), {} wrong",
            self.asked,
            self.known,
            self.share(),
            self.wrong
        );
        for (reason, n) in &self.unknown {
            println!("    {n:7} {reason}");
            for example in self.examples.get(reason).into_iter().flatten() {
                println!("            {example}");
            }
        }
        for (what, n) in &self.not_in_tree {
            println!("    {n:7} without a node: {what}");
        }
    }
}

fn examples_shown() -> usize {
    std::env::var("DMMIGRATE_ORACLE_EXAMPLES").ok().and_then(|n| n.parse().ok()).unwrap_or(0)
}

fn go(args: &[&str]) -> Option<String> {
    let out = Command::new("go").args(args).output().ok()?;
    out.status.success().then(|| String::from_utf8_lossy(&out.stdout).trim().to_string())
}

fn oracle(dir: &Path, patterns: &[&str], tests: bool) -> String {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle");
    let work = tempfile::tempdir().expect("a temporary folder");
    let program = work.path().join("oracle");
    let mut build = Command::new("go");
    build.arg("build").arg("-o").arg(&program).arg(".").current_dir(source);
    assert!(build.status().expect("go runs").success(), "the oracle builds");
    let mut run = Command::new(program);
    if tests {
        run.arg("-tests");
    }
    let out = run.arg(dir).args(patterns).output().expect("the oracle runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).expect("text")
}

struct Comparison {
    types: Types,
    root: PathBuf,
    expressions: Count,
    objects: Count,
}

impl Comparison {
    fn file(&mut self, path: &str, facts: &[(usize, usize, Fact)]) {
        let Ok(text) = std::fs::read_to_string(path) else { return };
        let shown = Path::new(path).strip_prefix(&self.root).unwrap_or(Path::new(path));
        let source = Arc::new(SourceFile::new(shown.to_str().expect("text"), text));
        let types = std::mem::replace(&mut self.types, empty());
        let file = types.file(&source);
        for (start, end, fact) in facts {
            self.fact(&types, &file, &source, (*start, *end), fact);
        }
        self.types = types;
    }

    fn fact(
        &mut self,
        types: &Types,
        file: &FileTypes<'_>,
        source: &Arc<SourceFile>,
        (start, end): (usize, usize),
        fact: &Fact,
    ) {
        let count = match fact {
            Fact::Type { .. } => &mut self.expressions,
            Fact::Object(_) => &mut self.objects,
        };
        let text = source.text();
        let Some((decl, node)) = node_at(source, start, end) else {
            let package_or_import = source.decl_at(start).is_none_or(|decl| {
                source.outline().decls[decl].kind == dmmigrate::go::outline::DeclKind::Import
            });
            if !package_or_import {
                let word = text[start..end].split(|c: char| !c.is_alphabetic()).next();
                *count.not_in_tree.entry(word.unwrap_or_default().into()).or_default() += 1;
            }
            return;
        };
        count.asked += 1;
        let place = || {
            let line = text[..start].matches('\n').count() + 1;
            let code: String = text[start..end].chars().take(60).collect();
            format!("{}:{line}: {}", source.path(), code.replace('\n', " "))
        };
        match fact {
            Fact::Type { plain, aliased } => match file.type_of(decl, node) {
                TypeAnswer::Known(ty) => {
                    let ours = types.canonical(&ty);
                    count.known += 1;
                    // The name of a type whose definition is not at hand may be an alias.
                    if ours != *plain && ours != *aliased {
                        count.wrong += 1;
                        if count.wrong <= 40 {
                            eprintln!("WRONG {}\n  ours   {ours}\n  theirs {plain}", place());
                        }
                    }
                }
                TypeAnswer::Unknown(why) => {
                    count.unknown(why.reason.sort(), || {
                        format!("{} [{} at {}:{:?}]", place(), why.reason, why.file, why.span)
                    });
                }
            },
            Fact::Object(theirs) => match file.object_of(decl, node) {
                Ok(object) => {
                    count.known += 1;
                    let ours = shown_object(&self.root, &object);
                    let same = ours.iter().any(|o| theirs.contains(o));
                    if !same && !is_stand_in(&object) {
                        count.wrong += 1;
                        if count.wrong <= 40 {
                            eprintln!("WRONG {}\n  ours   {ours:?}\n  theirs {theirs:?}", place());
                        }
                    }
                }
                Err(why) => count.unknown(why.reason.sort(), || {
                    format!("{} [{} at {}:{:?}]", place(), why.reason, why.file, why.span)
                }),
            },
        }
    }
}

fn empty() -> Types {
    let fs = Arc::new(OsFileSystem);
    Types::new(Arc::new(PackageIndex::new(fs, GoEnv::default())))
}

/// The ways in which the oracle may spell an object.
fn shown_object(root: &Path, object: &Object) -> Vec<String> {
    let at = |d: &dmmigrate::go::types::Declared| {
        format!("at {}:{}", root.join(&*d.file).display(), d.span.start)
    };
    match object {
        Object::Local(declared)
        | Object::Label(declared)
        | Object::SwitchVariable { name: declared, .. } => vec![at(declared)],
        Object::Package(path) => vec![
            format!("package {path}"),
            format!("package vendor/{path}"),
            format!("package cmd/vendor/{path}"),
        ],
        Object::Global(path, name) => vec![format!("global {path} {name}")],
        Object::Member(all) => all.iter().map(at).collect(),
        Object::Predeclared(name) => vec![format!("predeclared {name}")],
        Object::None => vec!["none".into()],
    }
}

/// Whether the object is declared where the standard library would be, if it were there.
fn is_stand_in(object: &Object) -> bool {
    matches!(object, Object::Member(all) if all.iter().all(|d| d.file.starts_with("standard/")))
}

/// The expression or identifier with exactly this span.
fn node_at(source: &SourceFile, start: usize, end: usize) -> Option<(usize, NodeId)> {
    let decl = source.decl_at(start)?;
    let mut node = source.part(decl).syntax().root();
    let wanted = dmmigrate::text::Span::new(start, end);
    let mut found = None;
    loop {
        if node.span() == wanted && node.kind().is_expr() && node.kind() != Kind::KeyValue {
            found = found.or(Some((decl, node.id())));
        }
        match node.children().find(|c| c.span().contains(wanted)) {
            Some(child) => node = child,
            None => return found,
        }
    }
}

/// Reads the oracle's lines and compares file by file.
fn compare(output: &str, comparison: &mut Comparison) {
    let mut path = "";
    let mut facts: Vec<(usize, usize, Fact)> = Vec::new();
    for line in output.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        if let ["F", file] = fields[..] {
            comparison.file(path, &std::mem::take(&mut facts));
            path = file;
            continue;
        }
        let number = |i: usize| fields.get(i).and_then(|f: &&str| f.parse().ok());
        let (Some(start), Some(end)) = (number(1), number(2)) else { continue };
        let fact = match fields[..] {
            ["E" | "D", _, _, plain, aliased] => {
                Fact::Type { plain: plain.into(), aliased: aliased.into() }
            }
            ["O", _, _, object] => {
                // An embedded field is named by its type: both are right.
                if let Some((from, to, Fact::Object(objects))) = facts.last_mut()
                    && (*from, *to) == (start, end)
                {
                    objects.push(object.to_string());
                    continue;
                }
                Fact::Object(vec![object.into()])
            }
            _ => continue,
        };
        facts.push((start, end, fact));
    }
    comparison.file(path, &facts);
}

/// What is compared, and how much of it has to be known.
struct Run<'a> {
    root: &'a Path,
    patterns: &'a [&'a str],
    tests: bool,
    /// Without GOROOT and module cache.
    alone: bool,
    types_known: f64,
    objects_known: f64,
}

impl Run<'_> {
    fn compare(&self, goroot: &str) {
        let output = oracle(self.root, self.patterns, self.tests);
        let cache = go(&["env", "GOMODCACHE"]).map(PathBuf::from);
        let env = GoEnv {
            root: self.root.to_path_buf(),
            goroot: (!self.alone).then(|| goroot.into()),
            module_cache: cache.filter(|_| !self.alone),
        };
        let index = PackageIndex::new(Arc::new(OsFileSystem), env);
        let mut comparison = Comparison {
            types: Types::new(Arc::new(index)),
            root: self.root.to_path_buf(),
            expressions: Count::default(),
            objects: Count::default(),
        };
        let started = std::time::Instant::now();
        compare(&output, &mut comparison);
        let alone = if self.alone { ", nothing else on the disk" } else { "" };
        println!("{} {:?}{alone}", self.root.display(), self.patterns);
        println!("compared in {:.1} s", started.elapsed().as_secs_f64());
        comparison.expressions.print("expressions");
        comparison.objects.print("identifiers");
        assert!(comparison.expressions.asked > 0, "the oracle says something");
        assert_eq!(comparison.expressions.wrong, 0, "wrong types");
        assert_eq!(comparison.objects.wrong, 0, "wrong objects");
        assert!(comparison.expressions.share() >= self.types_known, "types known");
        assert!(comparison.objects.share() >= self.objects_known, "objects known");
    }
}

/// GOROOT, or none and a note where there is no toolchain.
fn goroot() -> Option<String> {
    let goroot = go(&["env", "GOROOT"]);
    if goroot.is_none() {
        assert!(
            std::env::var_os("DMMIGRATE_REQUIRE_GO").is_none(),
            "DMMIGRATE_REQUIRE_GO is set, and there is no go"
        );
        println!("skipped: there is no Go toolchain");
    }
    goroot
}

#[test]
fn types_and_objects_are_those_of_the_type_checker() {
    let Some(goroot) = goroot() else { return };
    let set = |name: &str| std::env::var_os(name).is_some();
    let packages = std::env::var("DMMIGRATE_ORACLE_PACKAGES")
        .unwrap_or_else(|_| "database/sql,encoding/json,slices,maps,iter,sort,errors".into());
    let root = std::env::var_os("DMMIGRATE_ORACLE_DIR")
        .map_or_else(|| Path::new(&goroot).join("src"), PathBuf::from);
    let alone = set("DMMIGRATE_ORACLE_ALONE");
    Run {
        root: &root,
        patterns: &packages.split(',').collect::<Vec<_>>(),
        tests: set("DMMIGRATE_ORACLE_TESTS"),
        alone,
        types_known: if alone { 85.0 } else { 97.0 },
        objects_known: if alone { 0.0 } else { 99.0 },
    }
    .compare(&goroot);
}

#[test]
fn a_repository_alone_is_enough_for_most_types() {
    let Some(goroot) = goroot() else { return };
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    for module in ["tests/oracle", "tools/standard-api"] {
        Run {
            root: &project.join(module),
            patterns: &["./..."],
            tests: false,
            alone: true,
            types_known: 97.0,
            objects_known: 99.0,
        }
        .compare(&goroot);
    }
}
