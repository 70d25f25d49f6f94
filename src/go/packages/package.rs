//! A package: the files of one folder that have one package clause, and the names that they
//! declare. Comes in: the texts. Goes out: for each name the places that declare it, read from
//! tokens alone; nothing is parsed for it.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use super::constraint::Constraint;
use super::context::Context;
use crate::go::lex::{Lexer, Token, TokenKind};
use crate::go::outline::DeclKind;
use crate::go::source::SourceFile;
use crate::go::syntax::{Kind, Node, Op, Role};
use crate::text::Span;

/// A folder of Go files, loaded.
pub struct Folder {
    pub(super) dir: PathBuf,
    pub(super) import_path: Arc<str>,
    pub(super) context: Arc<Context>,
    /// The packages of the folder's files but tests, in the order of their first files.
    pub(super) packages: Vec<Arc<Package>>,
}

/// A file of a package.
#[derive(Debug)]
pub struct PackageFile {
    /// The file.
    pub source: Arc<SourceFile>,
    /// When it is built.
    pub constraint: Constraint,
}

/// The files of one folder with one package clause.
pub struct Package {
    pub(super) import_path: Arc<str>,
    pub(super) clause: Arc<str>,
    pub(super) dir: PathBuf,
    pub(super) context: Arc<Context>,
    /// Files that are no tests come first.
    pub(super) files: Vec<Arc<PackageFile>>,
    pub(super) names: OnceLock<Names>,
}

impl std::fmt::Debug for Package {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Package({} in {})", self.clause, self.dir.display())
    }
}

/// Which sort of declaration a package-level name has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameKind {
    /// A constant.
    Const,
    /// A type.
    Type,
    /// A variable.
    Var,
    /// A function.
    Func,
}

/// Where a package declares a name, or a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Site {
    /// Index among the files of the package.
    pub file: usize,
    /// Index of the declaration in the file's outline.
    pub decl: usize,
    /// The name.
    pub name: Span,
    /// What sort of declaration it is.
    pub kind: NameKind,
}

/// The names of a package.
#[derive(Debug, Default)]
pub(super) struct Names {
    declared: HashMap<Box<str>, Vec<Site>>,
    /// By the name of the receiver's type, then by the method's.
    methods: HashMap<Box<str>, HashMap<Box<str>, Vec<Site>>>,
    /// `type A = B`.
    aliases: HashSet<Box<str>>,
    /// By the name of a method, the aliases that it is declared for.
    alias_receivers: HashMap<Box<str>, Vec<Box<str>>>,
}

impl Package {
    /// The path by which it is imported. An external test package has `_test` after it.
    pub fn import_path(&self) -> &Arc<str> {
        &self.import_path
    }

    /// The name in the package clauses.
    pub fn clause(&self) -> &Arc<str> {
        &self.clause
    }

    /// The folder.
    pub fn dir(&self) -> &PathBuf {
        &self.dir
    }

    /// The files, tests last.
    pub fn files(&self) -> &[Arc<PackageFile>] {
        &self.files
    }

    /// From where its imports are resolved.
    pub(super) fn context(&self) -> &Arc<Context> {
        &self.context
    }

    fn names(&self) -> &Names {
        self.names.get_or_init(|| Names::read(&self.files))
    }

    /// Where the package declares `name` at package level.
    pub fn sites(&self, name: &str) -> &[Site] {
        self.names().declared.get(name).map_or(&[], Vec::as_slice)
    }

    /// Where the package declares a method `name` whose receiver's type is called `receiver`.
    pub fn method_sites(&self, receiver: &str, name: &str) -> &[Site] {
        let methods = self.names().methods.get(receiver);
        methods.and_then(|m| m.get(name)).map_or(&[], Vec::as_slice)
    }

    /// The aliases that have a method `name` declared for them: it belongs to the types that they
    /// stand for.
    pub fn alias_receivers(&self, name: &str) -> &[Box<str>] {
        self.names().alias_receivers.get(name).map_or(&[], Vec::as_slice)
    }

    /// The methods of the type called `receiver`, by name.
    pub fn methods(&self, receiver: &str) -> Vec<(&str, &[Site])> {
        let methods = self.names().methods.get(receiver).into_iter().flatten();
        let mut methods: Vec<_> = methods.map(|(n, s)| (&**n, s.as_slice())).collect();
        methods.sort_unstable_by_key(|m| m.0);
        methods
    }

    /// All names declared at package level, sorted.
    pub fn declared(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.names().declared.keys().map(|n| &**n).collect();
        names.sort_unstable();
        names
    }
}

impl Names {
    fn read(files: &[Arc<PackageFile>]) -> Self {
        let mut names = Self::default();
        for (file, package_file) in files.iter().enumerate() {
            let source = &package_file.source;
            for (decl, part) in source.outline().decls.iter().enumerate() {
                let mut reader = SpecReader { names: &mut names, file, decl, text: source.text() };
                match part.kind {
                    DeclKind::Import => {}
                    DeclKind::Func => reader.func(part.span),
                    DeclKind::Const => reader.specs(part.span, NameKind::Const),
                    DeclKind::Type => reader.specs(part.span, NameKind::Type),
                    DeclKind::Var => reader.specs(part.span, NameKind::Var),
                    DeclKind::Rest => reader.odd(source.declaration(decl).syntax().root()),
                }
            }
        }
        for (receiver, methods) in names.methods.iter().filter(|m| names.aliases.contains(m.0)) {
            for method in methods.keys() {
                let receivers = names.alias_receivers.entry(method.clone()).or_default();
                receivers.push(receiver.clone());
            }
        }
        names.alias_receivers.values_mut().for_each(|r| r.sort_unstable());
        names
    }
}

/// How far the reading of a spec has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SpecPart {
    Name,
    AfterName,
    Rest,
}

/// Reads the names of one declaration.
struct SpecReader<'n, 't> {
    names: &'n mut Names,
    file: usize,
    decl: usize,
    text: &'t str,
}

impl<'t> SpecReader<'_, 't> {
    fn declare(&mut self, name: Span, kind: NameKind) {
        let site = Site { file: self.file, decl: self.decl, name, kind };
        self.names.declared.entry(name.of(self.text).into()).or_default().push(site);
    }

    fn method(&mut self, receiver: &str, name: Span) {
        let site = Site { file: self.file, decl: self.decl, name, kind: NameKind::Func };
        let methods = self.names.methods.entry(receiver.into()).or_default();
        methods.entry(name.of(self.text).into()).or_default().push(site);
    }

    fn tokens(&self, span: Span) -> impl Iterator<Item = Token> + use<'t> {
        Lexer::new(self.text, span).skip(1).filter(|t| t.kind != TokenKind::Comment)
    }

    /// `func name` or `func (r *T[P]) name`: the receiver's type is the last name before a bracket.
    fn func(&mut self, span: Span) {
        let mut receiver: Option<&'t str> = None;
        let (mut open, mut type_args) = (false, false);
        for token in self.tokens(span) {
            match (token.kind, token.span.of(self.text)) {
                (TokenKind::Operator, "(") => open = true,
                (TokenKind::Operator, ")") => open = false,
                (TokenKind::Operator, "[") => type_args = true,
                (TokenKind::Ident, name) if open => {
                    if !type_args {
                        receiver = Some(name);
                    }
                }
                (TokenKind::Ident, _) => {
                    match receiver {
                        Some(receiver) => self.method(receiver, token.span),
                        None => self.declare(token.span, NameKind::Func),
                    }
                    return;
                }
                (TokenKind::Operator, _) if open => {}
                _ => return,
            }
        }
    }

    /// The names at the beginning of each spec.
    fn specs(&mut self, span: Span, kind: NameKind) {
        let mut depth = 0;
        let mut grouped = false;
        let mut at = SpecPart::Name;
        let mut name = None;
        for (nth, token) in self.tokens(span).enumerate() {
            at = match (token.kind, token.span.of(self.text)) {
                (TokenKind::Operator, "(") if nth == 0 => {
                    grouped = true;
                    SpecPart::Name
                }
                (TokenKind::Operator, "(" | "[" | "{") => {
                    depth += 1;
                    SpecPart::Rest
                }
                (TokenKind::Operator, ")" | "]" | "}") => {
                    depth -= 1;
                    SpecPart::Rest
                }
                (TokenKind::Semicolon, _) if depth == 0 => {
                    if !grouped {
                        return;
                    }
                    SpecPart::Name
                }
                (TokenKind::Ident, ident) if at == SpecPart::Name => {
                    name = Some(ident);
                    self.declare(token.span, kind);
                    SpecPart::AfterName
                }
                (TokenKind::Operator, ",") if at == SpecPart::AfterName => SpecPart::Name,
                (TokenKind::Operator, "=") if kind == NameKind::Type && depth == 0 => {
                    self.names.aliases.extend(name.take().map(Box::from));
                    SpecPart::Rest
                }
                _ => SpecPart::Rest,
            };
        }
    }

    /// The declarations of a file that had to be parsed whole.
    fn odd(&mut self, root: Node<'t>) {
        for node in root.children() {
            match node.kind() {
                Kind::FuncDecl => self.odd_func(node),
                Kind::GenDecl => {
                    let kind = match node.op().as_str() {
                        "const" => NameKind::Const,
                        "type" => NameKind::Type,
                        _ => NameKind::Var,
                    };
                    for spec in node.child(Role::Specs).into_iter().flat_map(Node::children) {
                        let Some(name) = spec.child(Role::Name) else { continue };
                        if name.kind() == Kind::Ident {
                            self.declare(name.span(), kind);
                            if spec.op() == Op::Assign {
                                self.names.aliases.insert(name.text().into());
                            }
                        } else {
                            name.children().for_each(|n| self.declare(n.span(), kind));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn odd_func(&mut self, node: Node<'t>) {
        let Some(name) = node.child(Role::Name) else { return };
        let Some(recv) = node.child(Role::Recv) else {
            self.declare(name.span(), NameKind::Func);
            return;
        };
        let ty = recv.children().find_map(|f| f.child(Role::Type));
        let receiver = ty.and_then(|ty| ty.subtree().find(|n| n.kind() == Kind::Ident));
        if let Some(receiver) = receiver {
            self.method(receiver.text(), name.span());
        }
    }
}
