//! A package: the files of one folder that have one package clause, and the names that they
//! declare. Comes in: the texts. Goes out: for each name the places that declare it, read from
//! tokens alone; nothing is parsed for it.

use std::cmp::Ordering;
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

/// The names of a package. A package has many and few are asked for, so there is nothing but places,
/// sorted by what stands there.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// By name.
    declared: Box<[Site]>,
    /// By the name of the receiver's type, then by the method's.
    methods: Box<[Site]>,
    /// The receivers' types of `methods`.
    receivers: Box<[Span]>,
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

    /// What stands at a place that belongs to `site`.
    fn text(&self, site: &Site, span: Span) -> &str {
        text(&self.files, site, span)
    }

    /// Where the package declares `name` at package level.
    pub fn sites(&self, name: &str) -> &[Site] {
        let declared = &self.names().declared;
        equal(declared, |nth| self.text(&declared[nth], declared[nth].name).cmp(name))
    }

    /// Where the package declares a method `name` whose receiver's type is called `receiver`.
    pub fn method_sites(&self, receiver: &str, name: &str) -> &[Site] {
        let names = self.names();
        equal(&names.methods, |nth| {
            let site = &names.methods[nth];
            let of_receiver = self.text(site, names.receivers[nth]).cmp(receiver);
            of_receiver.then_with(|| self.text(site, site.name).cmp(name))
        })
    }

    /// The aliases that have a method `name` declared for them: it belongs to the types that they
    /// stand for.
    pub fn alias_receivers(&self, name: &str) -> &[Box<str>] {
        self.names().alias_receivers.get(name).map_or(&[], Vec::as_slice)
    }

    /// The methods of the type called `receiver`, by name.
    pub fn methods(&self, receiver: &str) -> Vec<(&str, &[Site])> {
        let names = self.names();
        let of_receiver = |nth: usize| self.text(&names.methods[nth], names.receivers[nth]);
        let sites = equal(&names.methods, |nth| of_receiver(nth).cmp(receiver));
        let by_name = sites.chunk_by(|a, b| self.text(a, a.name) == self.text(b, b.name));
        by_name.map(|sites| (self.text(&sites[0], sites[0].name), sites)).collect()
    }

    /// All names declared at package level, sorted.
    pub fn declared(&self) -> Vec<&str> {
        let sites = self.names().declared.iter();
        let mut names: Vec<&str> = sites.map(|site| self.text(site, site.name)).collect();
        names.dedup();
        names
    }
}

fn text<'f>(files: &'f [Arc<PackageFile>], site: &Site, span: Span) -> &'f str {
    files[site.file].source.text_in(site.decl, span)
}

/// The part of the sorted `sites` that is equal to what `compare` compares with.
fn equal(sites: &[Site], compare: impl Fn(usize) -> Ordering) -> &[Site] {
    let bound = |past: &dyn Fn(Ordering) -> bool| {
        let (mut low, mut high) = (0, sites.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if past(compare(middle)) { low = middle + 1 } else { high = middle }
        }
        low
    };
    let first = bound(&|order| order == Ordering::Less);
    let behind = bound(&|order| order != Ordering::Greater);
    &sites[first..behind]
}

/// The names of a package while they are read.
#[derive(Default)]
struct Found {
    declared: Vec<Site>,
    /// With the receiver's type.
    methods: Vec<(Span, Site)>,
    /// `type A = B`.
    aliases: HashSet<Box<str>>,
}

impl Names {
    fn read(files: &[Arc<PackageFile>]) -> Self {
        let mut found = Found::default();
        for (file, package_file) in files.iter().enumerate() {
            let source = &package_file.source;
            for (decl, part) in source.outline().decls.iter().enumerate() {
                let (text, shift) = source.declaration_text(decl);
                let mut reader = SpecReader { found: &mut found, file, decl, text, shift };
                match part.kind {
                    DeclKind::Import => {}
                    DeclKind::Func => reader.func(),
                    DeclKind::Const => reader.specs(NameKind::Const),
                    DeclKind::Type => reader.specs(NameKind::Type),
                    DeclKind::Var => reader.specs(NameKind::Var),
                    DeclKind::Rest => reader.odd(source.declaration(decl).syntax().root()),
                }
            }
        }
        let Found { mut declared, mut methods, aliases } = found;
        declared.sort_by(|a, b| text(files, a, a.name).cmp(text(files, b, b.name)));
        methods.sort_by(|(a_of, a), (b_of, b)| {
            let of_receiver = text(files, a, *a_of).cmp(text(files, b, *b_of));
            of_receiver.then_with(|| text(files, a, a.name).cmp(text(files, b, b.name)))
        });
        let mut alias_receivers: HashMap<Box<str>, Vec<Box<str>>> = HashMap::new();
        for (receiver, method) in methods.iter().filter(|_| !aliases.is_empty()) {
            let receiver = text(files, method, *receiver);
            if !aliases.contains(receiver) {
                continue;
            }
            let known = alias_receivers.entry(text(files, method, method.name).into()).or_default();
            // They come sorted by the receiver.
            if known.last().is_none_or(|last| **last != *receiver) {
                known.push(receiver.into());
            }
        }
        let (receivers, methods): (Vec<_>, Vec<_>) = methods.into_iter().unzip();
        Self {
            declared: declared.into(),
            methods: methods.into(),
            receivers: receivers.into(),
            alias_receivers,
        }
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
    found: &'n mut Found,
    file: usize,
    decl: usize,
    /// The declaration.
    text: &'t str,
    /// Where it begins in its file.
    shift: usize,
}

impl<'t> SpecReader<'_, 't> {
    fn declare(&mut self, name: Span, kind: NameKind) {
        self.found.declared.push(Site { file: self.file, decl: self.decl, name, kind });
    }

    fn method(&mut self, receiver: Span, name: Span) {
        let site = Site { file: self.file, decl: self.decl, name, kind: NameKind::Func };
        self.found.methods.push((receiver, site));
    }

    /// Where something in the declaration stands in its file.
    fn in_file(&self, span: Span) -> Span {
        Span::new(span.start + self.shift, span.end + self.shift)
    }

    fn tokens(&self) -> impl Iterator<Item = Token> + use<'t> {
        Lexer::all(self.text).skip(1).filter(|t| t.kind != TokenKind::Comment)
    }

    /// `func name` or `func (r *T[P]) name`: the receiver's type is the last name before a bracket.
    fn func(&mut self) {
        let mut receiver: Option<Span> = None;
        let (mut open, mut type_args) = (false, false);
        for token in self.tokens() {
            match (token.kind, token.span.of(self.text)) {
                (TokenKind::Operator, "(") => open = true,
                (TokenKind::Operator, ")") => open = false,
                (TokenKind::Operator, "[") => type_args = true,
                (TokenKind::Ident, _) if open => {
                    if !type_args {
                        receiver = Some(self.in_file(token.span));
                    }
                }
                (TokenKind::Ident, _) => {
                    let name = self.in_file(token.span);
                    match receiver {
                        Some(receiver) => self.method(receiver, name),
                        None => self.declare(name, NameKind::Func),
                    }
                    return;
                }
                (TokenKind::Operator, _) if open => {}
                _ => return,
            }
        }
    }

    /// The names at the beginning of each spec.
    fn specs(&mut self, kind: NameKind) {
        let mut depth = 0;
        let mut grouped = false;
        let mut at = SpecPart::Name;
        let mut name = None;
        for (nth, token) in self.tokens().enumerate() {
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
                    self.declare(self.in_file(token.span), kind);
                    SpecPart::AfterName
                }
                (TokenKind::Operator, ",") if at == SpecPart::AfterName => SpecPart::Name,
                (TokenKind::Operator, "=") if kind == NameKind::Type && depth == 0 => {
                    self.found.aliases.extend(name.take().map(Box::from));
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
                                self.found.aliases.insert(name.text().into());
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
            self.method(receiver.span(), name.span());
        }
    }
}
