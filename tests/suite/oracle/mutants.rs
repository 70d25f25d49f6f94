//! Broken code. Real packages are broken in a few declarations each, by tokens that are dropped,
//! doubled, swapped or replaced; all their expressions are asked for. No answer in the declarations
//! that were left alone may be wrong: where only bodies of functions were broken it is what the
//! type checker says of the package as it was, or unknown; elsewhere it may also be what it says
//! of the broken package, where it says anything. And most of it must still be known.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use dmmigrate::app::fs::OsFileSystem;
use dmmigrate::go::lex::{Lexer, TokenKind};
use dmmigrate::go::packages::{GoEnv, PackageIndex};
use dmmigrate::go::source::SourceFile;
use dmmigrate::go::syntax::Role;
use dmmigrate::go::types::{TypeAnswer, Types};

use super::compare::nodes_by_span;
use super::facts::{Oracle, Says};
use crate::support::go_toolchain::GoToolchain;

/// Packages of the standard library that need nothing internal.
const PACKAGES: &[&str] =
    &["bufio", "container/list", "encoding/csv", "flag", "go/scanner", "text/template/parse"];

/// What a token is replaced by.
const ODD: &[&str] = &[
    "(", ")", "{", "}", "[", "]", ",", ";", ":=", "=", ".", "func", "var", "type", "x", "\"", "`",
    "*", "<-", "case", "return", "0", "/*", "\n", "é", "struct{",
];

/// Pseudo-random numbers: the same on every machine.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % n.max(1)
    }
}

/// A file, and what was done to it.
struct Mutant {
    text: String,
    /// By declaration of the original: its new start, if it was left alone.
    starts: Vec<Option<usize>>,
    /// Whether nothing but bodies of functions was broken.
    bodies: bool,
}

/// Breaks `count` declarations of `source`; of functions, if `bodies`, the bodies.
fn mutate(source: &SourceFile, count: usize, bodies: bool, numbers: &mut Numbers) -> Mutant {
    let decls = &source.outline().decls;
    let body = |decl: usize| {
        let root = source.part(decl).syntax().root();
        let body = root.children().find_map(|f| f.child(Role::Body));
        body.map(dmmigrate::go::syntax::Node::span)
    };
    let code = source.code_decls().map(|(d, _)| d);
    let code: Vec<usize> = code.filter(|d| !bodies || body(*d).is_some()).collect();
    if code.is_empty() {
        return mutate(source, count, false, numbers);
    }
    let broken: Vec<usize> = (0..count).map(|_| code[numbers.below(code.len())]).collect();
    let (mut text, mut starts, mut copied) = (String::new(), Vec::new(), 0);
    for (nth, decl) in decls.iter().enumerate() {
        text.push_str(&source.text()[copied..decl.span.start]);
        copied = decl.span.end;
        starts.push((!broken.contains(&nth)).then_some(text.len()));
        if !broken.contains(&nth) {
            text.push_str(decl.span.of(source.text()));
            continue;
        }
        let within = body(nth).filter(|_| bodies).unwrap_or(decl.span);
        let tokens: Vec<_> = Lexer::new(source.text(), within)
            .filter(|t| t.kind != TokenKind::Comment && !t.span.is_empty())
            .collect();
        let at = numbers.below(tokens.len());
        let (token, next) = (tokens[at].span, tokens[(at + 1).min(tokens.len() - 1)].span);
        let of = |from: usize, to: usize| &source.text()[from..to];
        text.push_str(of(decl.span.start, token.start));
        let (word, end) = (of(token.start, token.end), token.end);
        match numbers.below(4) {
            0 => {}
            1 => write!(text, "{word} {word}").expect("written"),
            2 if next.start > end => {
                write!(text, "{} {word}", of(next.start, next.end)).expect("written");
                text.push_str(of(next.end, decl.span.end));
                continue;
            }
            _ => write!(text, " {} ", ODD[numbers.below(ODD.len())]).expect("written"),
        }
        text.push_str(of(end, decl.span.end));
    }
    text.push_str(&source.text()[copied..]);
    Mutant { text, starts, bodies }
}

/// The type of each expression, by file, start and end.
type TypesBySpan = HashMap<(String, usize, usize), String>;

fn types_of(oracle: &Oracle, root: &Path, flags: &[&str]) -> TypesBySpan {
    let mut types = TypesBySpan::new();
    oracle.ask(root, &["./..."], flags, |path, facts| {
        let path = Path::new(path).strip_prefix(root).expect("below the root");
        for fact in facts {
            if let Says::Type { plain, .. } = &fact.says {
                let key = (path.to_str().expect("text").to_string(), fact.start, fact.end);
                types.insert(key, plain.clone());
            }
        }
    });
    types
}

fn source(root: &Path, path: &str) -> SourceFile {
    SourceFile::new(path, std::fs::read_to_string(root.join(path)).expect("a file"))
}

#[test]
fn broken_declarations_do_not_make_others_wrong() {
    let Some(go) = GoToolchain::find() else { return };
    let oracle = Oracle::build();
    let rounds = std::env::var("DMMIGRATE_ORACLE_MUTANTS").ok().and_then(|n| n.parse().ok());
    let rounds: usize = rounds.unwrap_or(8);
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().canonicalize().expect("a path");
    std::fs::write(root.join("go.mod"), "module mutants\n\ngo 1.24\n").expect("written");
    let mut numbers = Numbers(20_261_125);
    let mut mutants: Vec<(String, String, Mutant)> = Vec::new();
    for (p, package) in PACKAGES.iter().enumerate() {
        let from = Path::new(&go.env("GOROOT")).join("src").join(package);
        let mut names: Vec<String> = std::fs::read_dir(from.as_path())
            .expect("a package")
            .filter_map(|e| e.ok()?.file_name().into_string().ok())
            .filter(|n| n.strip_suffix(".go").is_some_and(|stem| !stem.ends_with("_test")))
            .collect();
        names.sort();
        for round in 0..=rounds {
            let dir = if round == 0 { format!("p{p}") } else { format!("p{p}m{round}") };
            std::fs::create_dir(root.join(&dir)).expect("made");
            for name in &names {
                std::fs::copy(from.join(name), root.join(&dir).join(name)).expect("copied");
            }
            if round > 0 {
                let name = &names[numbers.below(names.len())];
                let original = source(&root, &format!("p{p}/{name}"));
                let mutant = mutate(&original, 1 + round % 3, round % 2 == 0, &mut numbers);
                std::fs::write(root.join(&dir).join(name), &mutant.text).expect("written");
                mutants.push((dir, format!("p{p}/{name}"), mutant));
            }
        }
    }
    let theirs = types_of(&oracle, &root, &["-broken"]);
    let env =
        GoEnv { root: root.clone(), goroot: Some(go.env("GOROOT").into()), module_cache: None };
    let types = Types::new(Arc::new(PackageIndex::new(Arc::new(OsFileSystem), env)));
    let (mut asked, mut known, mut wrong) = (0, 0, Vec::new());
    for (dir, original, mutant) in &mutants {
        let (base, name) = original.split_once('/').expect("a folder");
        let before = source(&root, original);
        let path = format!("{dir}/{name}");
        let after = Arc::new(source(&root, &path));
        let file = types.file(&after);
        let nodes = nodes_by_span(&after);
        // Whatever else there is: an answer, and an end.
        for &(decl, node) in nodes.values() {
            let _ = (
                file.type_of(decl, node),
                file.object_of(decl, node),
                file.constant_of(decl, node),
            );
        }
        for ((of, start, end), then) in theirs.iter().filter(|((of, ..), _)| of == original) {
            let decl = before.decl_at(*start).expect("a declaration");
            let Some(new) = mutant.starts[decl] else { continue };
            let shift = |at: usize| at - before.outline().decls[decl].span.start + new;
            let (start, end) = (shift(*start), shift(*end));
            asked += 1;
            let Some(&(decl, node)) = nodes.get(&(start, end)) else { continue };
            let TypeAnswer::Known(ty) = file.type_of(decl, node) else { continue };
            known += 1;
            let in_base =
                |ty: &str| ty.replace(&format!("mutants/{dir}."), &format!("mutants/{base}."));
            let ours = in_base(&file.canonical(&ty));
            let now = theirs.get(&(path.clone(), start, end)).map(|ty| in_base(ty));
            let as_now = now.as_ref().is_none_or(|now| *now == ours) && !mutant.bodies;
            if ours != *then && !as_now {
                let line = after.text()[..start].matches('\n').count() + 1;
                let code = &after.text()[start..end];
                wrong.push(format!("{path} ({of}):{line}: {code}: {ours}, was {then}, is {now:?}"));
            }
        }
    }
    println!(
        "{} broken files: {asked} expressions in the rest, {known} known, {} wrong",
        mutants.len(),
        wrong.len()
    );
    if !wrong.is_empty() {
        // For a look at what was broken.
        std::mem::forget(folder);
    }
    assert!(wrong.is_empty(), "in {}:\n{}", root.display(), wrong.join("\n"));
    assert!(known * 10 >= asked * 8, "most of the rest is known still");
}
