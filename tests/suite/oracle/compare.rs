//! Our answers beside those of the type checker, file by file.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dmmigrate::go::outline::DeclKind;
use dmmigrate::go::source::SourceFile;
use dmmigrate::go::syntax::{Kind, NodeId};
use dmmigrate::go::types::{Constant, Declared, FileTypes, Object, TypeAnswer, Types};

use super::facts::{Fact, Says};
use super::report::Report;

/// A comparison under way.
pub struct Comparison {
    pub types: Types,
    pub root: PathBuf,
    pub report: Report,
}

/// One file of it.
struct Asked<'f> {
    root: &'f Path,
    file: FileTypes<'f>,
    source: &'f SourceFile,
}

impl Comparison {
    /// Compares what the oracle says of the file at `path`; `wanted` picks by the place of the
    /// declaration in the file.
    pub fn file(
        &mut self,
        path: &str,
        facts: &[Fact],
        wanted: impl Fn(&SourceFile, usize) -> bool,
    ) {
        let Ok(text) = std::fs::read_to_string(path) else { return };
        let shown = Path::new(path).strip_prefix(&self.root).unwrap_or(Path::new(path));
        let source = Arc::new(SourceFile::new(shown.to_str().expect("text"), text));
        self.report.files += 1;
        let asked = Asked { root: &self.root, file: self.types.file(&source), source: &source };
        let nodes = nodes_by_span(&source);
        for fact in facts {
            if let Some(&(decl, node)) = nodes.get(&(fact.start, fact.end)) {
                if wanted(&source, decl) {
                    asked.fact(&mut self.report, fact, decl, node);
                }
            } else if in_code(&source, fact.start) {
                let code = &source.text()[fact.start..fact.end];
                let word = code.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
                *self.report.not_in_tree.entry(word.into()).or_default() += 1;
            }
        }
    }
}

impl Asked<'_> {
    fn fact(&self, report: &mut Report, fact: &Fact, decl: usize, node: NodeId) {
        match &fact.says {
            Says::Type { plain, aliased } => {
                let count = &mut report.types;
                count.asked += 1;
                match self.file.type_of(decl, node) {
                    TypeAnswer::Known(ty) => {
                        count.known += 1;
                        let ours = self.file.canonical(&ty);
                        // The name of a type whose definition is not at hand may be an alias.
                        if ours != *plain && ours != *aliased {
                            count.wrong.push(self.difference(fact, &ours, plain));
                        }
                    }
                    TypeAnswer::Unknown(why) => count.unknown(why.reason.sort(), || {
                        format!("{} [{} at {}:{:?}]", self.at(fact), why.reason, why.file, why.span)
                    }),
                }
            }
            Says::Object(theirs) => {
                let count = &mut report.objects;
                count.asked += 1;
                match self.file.object_of(decl, node) {
                    Ok(object) => {
                        count.known += 1;
                        let ours = shown_object(self.root, &object);
                        let same = ours.iter().any(|o| theirs.contains(o));
                        if !same && !is_stand_in(&object) {
                            let (ours, theirs) = (format!("{ours:?}"), format!("{theirs:?}"));
                            count.wrong.push(self.difference(fact, &ours, &theirs));
                        }
                    }
                    Err(why) => count.unknown(why.reason.sort(), || {
                        format!("{} [{} at {}:{:?}]", self.at(fact), why.reason, why.file, why.span)
                    }),
                }
            }
            Says::Constant(theirs) => {
                let count = &mut report.constants;
                count.asked += 1;
                match self.file.constant_of(decl, node) {
                    Some(ours) => {
                        count.known += 1;
                        let ours = shown_constant(&ours);
                        if ours != *theirs {
                            count.wrong.push(self.difference(fact, &ours, theirs));
                        }
                    }
                    None => count.unknown("not computed", || self.at(fact)),
                }
            }
        }
    }

    fn at(&self, fact: &Fact) -> String {
        let text = self.source.text();
        let line = text[..fact.start].matches('\n').count() + 1;
        let code: String = text[fact.start..fact.end].chars().take(60).collect();
        format!("{}:{line}: {}", self.source.path(), code.replace('\n', " "))
    }

    fn difference(&self, fact: &Fact, ours: &str, theirs: &str) -> String {
        format!("{}\n  ours   {ours}\n  theirs {theirs}", self.at(fact))
    }
}

/// The outermost expression or identifier with a span.
pub fn nodes_by_span(source: &SourceFile) -> HashMap<(usize, usize), (usize, NodeId)> {
    let mut nodes = HashMap::new();
    for (decl, _) in source.code_decls() {
        for node in source.part(decl).syntax().iter() {
            if node.kind().is_expr() && node.kind() != Kind::KeyValue {
                let span = node.span();
                nodes.entry((span.start, span.end)).or_insert((decl, node.id()));
            }
        }
    }
    nodes
}

/// Neither the package clause nor an import.
fn in_code(source: &SourceFile, offset: usize) -> bool {
    source.decl_at(offset).is_some_and(|d| source.outline().decls[d].kind != DeclKind::Import)
}

/// The ways in which the oracle may spell an object.
fn shown_object(root: &Path, object: &Object) -> Vec<String> {
    let at = |d: &Declared| format!("at {}:{}", root.join(&*d.file).display(), d.span.start);
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

/// A constant as the oracle spells it.
fn shown_constant(constant: &Constant) -> String {
    match constant {
        Constant::Int(n) => n.to_string(),
        Constant::Bool(b) => b.to_string(),
        Constant::String(s) => go_quoted(s),
    }
}

/// As `strconv.QuoteToASCII` has it.
fn go_quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            ' '..='~' => out.push(c),
            c if c < '\u{80}' => out.push_str(&format!("\\x{:02x}", c as u32)),
            c if c < '\u{10000}' => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push_str(&format!("\\U{:08x}", c as u32)),
        }
    }
    out.push('"');
    out
}
