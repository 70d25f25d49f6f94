//! A Go source file. Comes in: its path and text. Goes out: package clause, imports and
//! declarations, each declaration parsed only when somebody asks for it, and once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use super::kept::Kept;
use super::lex::{Lexer, TokenKind};
use super::outline::{Decl, DeclKind, Outline, outline};
use super::scope::Scopes;
use super::syntax::Syntax;
use crate::text::Span;

/// A file of Go, looked at as far as anybody asked.
#[derive(Debug)]
pub struct SourceFile {
    path: Arc<str>,
    text: Arc<str>,
    /// Where only the declarations are kept of the text.
    kept: Option<Kept>,
    contents: OnceLock<Contents>,
}

/// What a scan of a file finds.
#[derive(Debug)]
struct Contents {
    outline: Outline,
    imports: Vec<Import>,
    /// One for each declaration of the outline.
    parts: Vec<OnceLock<Box<Part>>>,
    /// Whether [`SourceFile::part`] was asked for it.
    looked_into: Vec<AtomicBool>,
}

impl Contents {
    fn read(text: &str) -> Self {
        let mut outline = outline(text);
        outline.decls.shrink_to_fit();
        let imports = imports(text, &outline);
        let parts = outline.decls.iter().map(|_| OnceLock::new()).collect();
        let looked_into = outline.decls.iter().map(|_| AtomicBool::new(false)).collect();
        Self { outline, imports, parts, looked_into }
    }
}

/// A declaration that has been parsed.
#[derive(Debug)]
pub struct Part {
    syntax: Syntax,
    scopes: OnceLock<Scopes>,
}

impl Part {
    /// Parses `within`.
    pub fn parse(text: &Arc<str>, within: Span) -> Self {
        Self::of(Syntax::parse(text, within))
    }

    fn of(syntax: Syntax) -> Self {
        Self { syntax, scopes: OnceLock::new() }
    }

    /// The tree.
    pub fn syntax(&self) -> &Syntax {
        &self.syntax
    }

    /// What the names in it refer to.
    pub fn scopes(&self) -> &Scopes {
        self.scopes.get_or_init(|| Scopes::new(&self.syntax))
    }
}

/// An import as a file spells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Name and path, without comments.
    pub span: Span,
    /// The name before the path: an identifier, `_` or `.`.
    pub name: Option<Span>,
    /// The path with its quotes.
    pub path_span: Span,
    /// The import path.
    pub path: Arc<str>,
    /// Which declaration of the outline it stands in.
    pub decl: usize,
}

impl Import {
    /// The name before the path, if there is one.
    pub fn explicit_name<'t>(&self, text: &'t str) -> Option<&'t str> {
        self.name.map(|span| span.of(text))
    }
}

impl SourceFile {
    /// Takes a file's text. `path` is relative to the root, with `/` between its parts.
    pub fn new(path: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self { path: path.into(), text: text.into(), kept: None, contents: OnceLock::new() }
    }

    /// What the file declares, for whoever asks about it from other files: its declarations stand
    /// where they stand in `text`, but functions have no bodies, and [`Self::text`] is what is
    /// left. That is a fraction of the file.
    pub fn declarations(path: impl Into<Arc<str>>, text: &str) -> Self {
        let contents = Contents::read(text);
        let (path, kept) = (path.into(), Kept::of(text, &contents.outline));
        let (text, kept) = match kept {
            Some((text, kept)) => (text.into(), Some(kept)),
            None => (text.into(), None),
        };
        Self { path, text, kept, contents: contents.into() }
    }

    fn contents(&self) -> &Contents {
        self.contents.get_or_init(|| Contents::read(&self.text))
    }

    /// Path relative to the root, with `/` between its parts.
    pub fn path(&self) -> &Arc<str> {
        &self.path
    }

    /// The folder of the file relative to the root; empty for the root itself.
    pub fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Whether only tests see the file's declarations.
    pub fn is_test(&self) -> bool {
        self.path.ends_with("_test.go")
    }

    /// The text, or what is left of it.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The name in the package clause.
    pub fn package(&self) -> Option<&str> {
        let span = self.outline().package?;
        Some(self.kept.as_ref().map_or_else(|| span.of(&self.text), |kept| &kept.package))
    }

    /// The text of `span`, which lies in the declaration `decl` and outside of functions' bodies.
    pub fn text_in(&self, decl: usize, span: Span) -> &str {
        let shift = self.kept.as_ref().map_or(0, |kept| kept.shifts[decl]);
        &self.text[span.start - shift..span.end - shift]
    }

    /// The text of the declaration, and where it begins in the file.
    pub(super) fn declaration_text(&self, decl: usize) -> (&str, usize) {
        let span = self.outline().decls[decl].span;
        match &self.kept {
            None => (span.of(&self.text), span.start),
            Some(kept) => (&self.text[span.start - kept.shifts[decl]..kept.ends[decl]], span.start),
        }
    }

    /// The name before the path of `import`, if there is one.
    pub fn explicit_name(&self, import: &Import) -> Option<&str> {
        import.name.map(|name| self.text_in(import.decl, name))
    }

    /// Package clause and declarations.
    pub fn outline(&self) -> &Outline {
        &self.contents().outline
    }

    /// The imports, in the order of the file.
    pub fn imports(&self) -> &[Import] {
        &self.contents().imports
    }

    /// The declaration `index` of the outline, parsed now if it was not yet.
    ///
    /// # Panics
    /// Where the outline has no such declaration.
    pub fn part(&self, index: usize) -> &Part {
        self.contents().looked_into[index].store(true, Ordering::Relaxed);
        self.declaration(index)
    }

    /// The same for whoever wants to know what is declared here: other files' questions, at any
    /// time, which [`Self::looked_into`] is not about.
    ///
    /// # Panics
    /// Where the outline has no such declaration.
    pub fn declaration(&self, index: usize) -> &Part {
        let contents = self.contents();
        let span = contents.outline.decls[index].span;
        contents.parts[index].get_or_init(|| {
            Box::new(match &self.kept {
                None => Part::parse(&self.text, span),
                Some(kept) => {
                    let shift = kept.shifts[index];
                    let end = kept.ends[index];
                    Part::of(Syntax::parse_shifted(
                        &self.text,
                        Span::new(span.start - shift, end),
                        shift,
                    ))
                }
            })
        })
    }

    /// The declarations that [`Self::part`] was asked for so far, as indices of the outline.
    pub fn looked_into(&self) -> impl Iterator<Item = usize> {
        let contents = self.contents.get().into_iter();
        let decls = contents.flat_map(|c| c.looked_into.iter().enumerate());
        decls.filter(|(_, looked)| looked.load(Ordering::Relaxed)).map(|(index, _)| index)
    }

    /// The index of the declaration that holds the byte at `offset`.
    pub fn decl_at(&self, offset: usize) -> Option<usize> {
        let decls = &self.outline().decls;
        let index = decls.partition_point(|d| d.span.end <= offset);
        decls.get(index).filter(|d| d.span.start <= offset).map(|_| index)
    }

    /// The declarations that can hold code: all but imports.
    pub fn code_decls(&self) -> impl Iterator<Item = (usize, &Decl)> {
        self.outline().decls.iter().enumerate().filter(|(_, d)| d.kind != DeclKind::Import)
    }

    /// Whether the file says of itself that it is generated: a line
    /// `^// Code generated .* DO NOT EDIT\.$` before the package clause.
    pub fn is_generated(&self) -> bool {
        let end = self.outline().package.map_or(self.text.len(), |p| p.start);
        is_generated(&self.text[..end])
    }
}

/// Whether a line of `head` marks a generated file (<https://go.dev/s/generatedcode>).
fn is_generated(head: &str) -> bool {
    head.lines().any(|line| {
        line.strip_prefix("// Code generated ").is_some_and(|rest| rest.ends_with(" DO NOT EDIT."))
            || line == "// Code generated DO NOT EDIT."
    })
}

/// The head of a file, read without the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The package clause: the keyword and the name.
    pub clause: Span,
    /// The name in it.
    pub name: Span,
    /// The imports.
    pub imports: Vec<Import>,
}

/// Reads the head of a file; `None` without a package clause.
pub fn head(text: &str) -> Option<Head> {
    let clause = package_clause(text)?;
    let mut imports = Vec::new();
    let rest = Decl { kind: DeclKind::Rest, span: Span::new(clause.1.end, text.len()) };
    imports_in(text, &rest, 0, &mut imports);
    Some(Head { clause: clause.0.cover(clause.1), name: clause.1, imports })
}

/// The import paths of a file, read from its head alone: far less than an outline costs. What an
/// odd file imports is read as [`SourceFile::imports`] reads it.
pub fn import_paths(text: &str) -> Vec<Arc<str>> {
    let mut found = Vec::new();
    let start = package_clause(text).map_or(0, |(_, name)| name.end);
    let head = Decl { kind: DeclKind::Rest, span: Span::new(start, text.len()) };
    imports_in(text, &head, 0, &mut found);
    found.into_iter().map(|import| import.path).collect()
}

/// The keyword and the name of the package clause.
fn package_clause(text: &str) -> Option<(Span, Span)> {
    let mut tokens = Lexer::all(text).filter(|t| t.kind != TokenKind::Comment);
    let keyword = tokens.next()?;
    let name = tokens.next()?;
    let is_clause = keyword.span.of(text) == "package" && name.kind == TokenKind::Ident;
    is_clause.then_some((keyword.span, name.span))
}

fn imports(text: &str, outline: &Outline) -> Vec<Import> {
    let mut found = Vec::new();
    for (decl, part) in outline.decls.iter().enumerate() {
        if matches!(part.kind, DeclKind::Import | DeclKind::Rest) {
            imports_in(text, part, decl, &mut found);
        }
    }
    found
}

/// Reads the specs of an import declaration; of an odd file, the import declarations it begins
/// with.
fn imports_in(text: &str, part: &Decl, decl: usize, found: &mut Vec<Import>) {
    let mut name: Option<Span> = None;
    // Whether a path may follow, and whether any number of them.
    let (mut awaited, mut grouped) = (false, false);
    let tokens = Lexer::new(text, part.span).filter(|t| t.kind != TokenKind::Comment);
    for token in tokens {
        match (token.kind, token.span.of(text)) {
            (TokenKind::Keyword, "import") => (awaited, grouped) = (true, false),
            (TokenKind::Operator, "(") if awaited => (awaited, grouped) = (false, true),
            (TokenKind::Operator, ")") => grouped = false,
            (TokenKind::Ident, _) | (TokenKind::Operator, ".") => name = Some(token.span),
            (TokenKind::Semicolon, _) => name = None,
            (TokenKind::String, quoted) if awaited || grouped => {
                awaited = false;
                let path_span = token.span;
                let name = name.take();
                let span = name.map_or(path_span, |n| n.cover(path_span));
                let path = quoted[1..quoted.len() - 1].into();
                found.push(Import { span, name, path_span, path, decl });
            }
            // The first thing that is no import ends the imports of an odd file.
            _ if part.kind == DeclKind::Rest && !grouped => return,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_read_with_their_names() {
        let text = "package p\n\nimport \"a\"\nimport (\n\tx \"b/c\" // c\n\t_ `d`\n\t. \"e\"\n)\n";
        let file = SourceFile::new("p/a.go", text);
        let seen: Vec<_> =
            file.imports().iter().map(|i| (i.explicit_name(text), &*i.path)).collect();
        assert_eq!(seen, [(None, "a"), (Some("x"), "b/c"), (Some("_"), "d"), (Some("."), "e")]);
        assert_eq!(file.folder(), "p");
        let paths = import_paths(text);
        assert_eq!(paths.iter().map(|p| &**p).collect::<Vec<_>>(), ["a", "b/c", "d", "e"]);
    }

    #[test]
    fn odd_files_have_their_imports_too() {
        let text = "package p\nimport (\n\t\"a\"\n)\nimport x \"b\"\nfunc f() { \"no\"; (";
        let file = SourceFile::new("a.go", text);
        assert!(file.outline().odd);
        let seen: Vec<_> = file.imports().iter().map(|i| &*i.path).collect();
        assert_eq!(seen, ["a", "b"]);
        assert_eq!(import_paths(text).iter().map(|p| &**p).collect::<Vec<_>>(), ["a", "b"]);
        // A string without the keyword is none.
        let text = "package p\n\n\"a\"\n\nvar x = a.B\n";
        assert!(SourceFile::new("a.go", text).imports().is_empty());
        assert!(import_paths(text).is_empty());
    }

    #[test]
    fn generated_files_say_so_before_the_package_clause() {
        let generated = |text: &str| SourceFile::new("a.go", text).is_generated();
        assert!(generated("// x\n// Code generated by y. DO NOT EDIT.\n\npackage p\n"));
        assert!(!generated("package p\n// Code generated by y. DO NOT EDIT.\n"));
        assert!(!generated("// Code generated by y. DO NOT EDIT\npackage p\n"));
    }
}
