//! Files that fixes use. Comes in: `file`. Goes out: its path and its text in parts, checked as Go,
//! and which code of the pack uses it.

use std::path::Path;

use super::rule::Compiler;
use crate::go::lex::{Lexer, TokenKind};
use crate::go::source::head;
use crate::go::syntax::{Kind, Node, Role, Syntax};
use crate::rule::compiled::{ContentPart, NewFile, OWN_MODULE, UsedBy};
use crate::rule::metavariable::{HoleKind, interpolations};
use crate::rule::pattern::PackageNames as _;
use crate::rule::spec::{NewFileSpec, Per, SpannedStr};
use crate::text::{Code, Span};

/// Stands for the module and the package where the text is looked at before there is one.
const SAMPLE: (&str, &str) = ("example.com/m", "samplepackage");

impl Compiler<'_, '_> {
    pub(super) fn new_file(&mut self, spec: &NewFileSpec) -> Option<NewFile> {
        let path = self.file_path(spec);
        let content = self.content(&spec.content)?;
        let path = path?;
        let mut file = NewFile { path, content, used_by: UsedBy::Names(Vec::new()) };
        let text = file.text(SAMPLE.0, SAMPLE.1);
        let whole = Span::new(0, text.len());
        let syntax = Syntax::parse(&text.as_str().into(), whole);
        let clause = head(&text).filter(|_| syntax.errors() == 0);
        let Some(clause) = clause else {
            let message = "the content is no Go file";
            let help = "begin it with a package clause, and write what follows as gofmt would";
            self.error(Code::TemplateSyntax, spec.content.span(), message, help);
            return None;
        };
        file.used_by = match spec.per {
            Per::Module => self.importers(spec, &file.path, clause.name.of(&text))?,
            Per::Package => {
                self.check_clause(spec, clause.name.of(&text), SAMPLE.1, "${package}");
                UsedBy::Names(declared(syntax.root()))
            }
        };
        Some(file)
    }

    /// The path with its parameters put in.
    fn file_path(&mut self, spec: &NewFileSpec) -> Option<String> {
        let parts = self.content(&spec.path)?;
        let text = |part: ContentPart| match part {
            ContentPart::Text(text) => Some(text),
            ContentPart::Module | ContentPart::Package => None,
        };
        let path: Option<String> = parts.into_iter().map(text).collect();
        let path = path.map(|path| path.trim_end().to_owned()).unwrap_or_default();
        let plain = |part: &str| {
            let odd = part.starts_with(['.', '_']) || matches!(part, "vendor" | "testdata");
            !part.is_empty() && !odd && !part.contains(['\\', ':', '$'])
        };
        let (message, help) = if !path.split('/').all(plain) {
            let message = format!("`{}` is no path of a file that Go builds", spec.path);
            (message, "write folders below the module's, and a name: `internal/compat/compat.go`")
        } else if Path::new(&path).extension().is_none_or(|e| e != "go")
            || path.ends_with("_test.go")
        {
            let message = format!("`{path}` is no Go file that other code can use");
            (message, "let it end in `.go`: a file is created because code uses it")
        } else if spec.per == Per::Package && path.contains('/') {
            let message = format!("`{path}` leads out of the package");
            (message, "write a name alone: the file lies in the folder of the code that uses it")
        } else {
            return Some(path);
        };
        self.error(Code::BadValue, spec.path.span(), message, help);
        None
    }

    /// Text with `${module}`, `${package}` and parameters in it.
    fn content(&mut self, text: &SpannedStr) -> Option<Vec<ContentPart>> {
        let written = with_tabs(text.as_str());
        let mut parts = Vec::new();
        let mut at = 0;
        let mut complete = true;
        let plain = |text: &str| ContentPart::Text(text.replace("$${", "${"));
        for hole in interpolations(&written) {
            parts.push(plain(&written[at..hole.span.start]));
            at = hole.span.end;
            let HoleKind::Value(name) = &hole.kind else { continue };
            match (name.as_str(), self.env.param(name)) {
                ("module", _) => parts.push(ContentPart::Module),
                ("package", _) => parts.push(ContentPart::Package),
                (_, Some(value)) => parts.push(ContentPart::Text(value)),
                (name, None) => {
                    let sign = format!("${{{name}}}");
                    let at = text.as_str().find(&sign).unwrap_or_default();
                    let span = text.map_span(Span::new(at, at + sign.len()));
                    let message = format!("nothing declares the parameter `{name}`");
                    let help = "a file has `${module}`, `${package}` and the pack's parameters; `$${` is `${`";
                    self.error(Code::UnknownParameter, span, message, help);
                    complete = false;
                }
            }
        }
        let rest = written[at..].trim_end();
        parts.push(plain(&format!("{rest}\n")));
        complete.then_some(parts)
    }

    /// The package by whose name code uses the file.
    fn importers(&mut self, spec: &NewFileSpec, path: &str, clause: &str) -> Option<UsedBy> {
        let folder = path.rsplit_once('/').map_or(String::new(), |(f, _)| format!("/{f}"));
        let import = format!("{OWN_MODULE}{folder}");
        let Some(key) = self.env.package_at(&import) else {
            let message = format!("no code can use the file: nothing declares `{import}`");
            let help = format!(
                "declare it, `packages: {{{clause}: \"{import}\"}}`, and write `{clause}.Name` in \
                 templates; or write `per: package`"
            );
            self.error(Code::UnknownPackage, spec.path.span(), message, help);
            return None;
        };
        let id = self.names().package(&key)?;
        let name = self.table.name(id).to_owned();
        self.check_clause(spec, clause, &name, &name);
        Some(UsedBy::Importers(id))
    }

    fn check_clause(&mut self, spec: &NewFileSpec, found: &str, wanted: &str, shown: &str) {
        if found != wanted {
            let text = spec.content.as_str();
            let message = format!("the package clause says `{found}`");
            let at = text.find(found).map(|at| Span::new(at, at + found.len()));
            let span = at.map_or(spec.content.span(), |at| spec.content.map_span(at));
            self.error(Code::BadValue, span, message, format!("write `package {shown}`"));
        }
    }
}

/// The names that a file declares for its package.
fn declared(root: Node<'_>) -> Vec<String> {
    let mut names = Vec::new();
    for decl in root.children() {
        if decl.kind() == Kind::FuncDecl && decl.child(Role::Recv).is_none() {
            names.extend(decl.child(Role::Name).map(|name| name.text().to_owned()));
        }
        let specs = decl.child(Role::Specs).into_iter().flat_map(Node::children);
        for name in specs.filter_map(|spec| spec.child(Role::Name)) {
            let idents = name.subtree().filter(|n| n.kind() == Kind::Ident);
            names.extend(idents.map(|n| n.text().to_owned()));
        }
    }
    names
}

/// The text with tabs at the beginning of its lines, where it is written with spaces: YAML files
/// mostly are. What stands inside of a comment or a raw string stays.
fn with_tabs(text: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let deep = text.lines().map(indent).filter(|n| *n > 0).min();
    let Some(unit) = deep.filter(|_| !text.contains("\n\t")) else { return text.to_owned() };
    let inside: Vec<Span> = Lexer::all(text)
        .filter(|t| matches!(t.kind, TokenKind::Comment | TokenKind::String))
        .map(|t| t.span)
        .collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let depth = indent(line);
        let stays = inside.iter().any(|span| span.start < at && at < span.end);
        if stays {
            out.push_str(line);
        } else {
            out.push_str(&"\t".repeat(depth / unit));
            out.push_str(&line[depth..]);
        }
        at += line.len();
    }
    out
}
