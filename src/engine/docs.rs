//! Names in documentation. Comes in: a declaration, or the places where a name stands in a file.
//! Goes out: where its doc comment mentions the name, and the doc links to it
//! (<https://go.dev/doc/comment#doclinks>) in any comment.

use super::names::FileNames;
use crate::go::lex::{Lexer, TokenKind};
use crate::go::syntax::{Kind, Node};
use crate::rule::compiled::Rename;
use crate::text::Span;
use crate::text::layout::line_start;

/// Where the doc comment of what `ident` declares mentions `name`. Directives are left alone.
pub fn mentions(text: &str, ident: Node<'_>, name: &str) -> Vec<Span> {
    let comments: Vec<Span> = comments(text).collect();
    let documented = |n: &Node<'_>| {
        matches!(n.kind(), Kind::FuncDecl | Kind::Field | Kind::GenDecl)
            || matches!(n.kind(), Kind::TypeSpec | Kind::ValueSpec)
    };
    for node in ident.ancestors().filter(documented) {
        let doc = above(text, node.span().start, &comments);
        let is_spec = matches!(node.kind(), Kind::TypeSpec | Kind::ValueSpec);
        if doc.is_empty() && is_spec {
            continue;
        }
        let lines = doc.into_iter().filter(|c| !is_directive(c.of(text)));
        return lines.flat_map(|comment| words(text, comment, name)).collect();
    }
    Vec::new()
}

/// Where a doc link in a comment names what is renamed, among `places`. The path of its package is
/// given as rules have it, and as code does.
pub fn links(
    names: &FileNames<'_>,
    rename: &Rename,
    paths: (&str, &str),
    places: &[usize],
) -> Vec<Span> {
    let text = names.file().text();
    let linked = places.iter().copied().filter_map(|at| Link::around(text, at, rename.from.len()));
    let linked: Vec<Link<'_>> = linked.filter(|link| link.names(names, rename, paths)).collect();
    if linked.is_empty() {
        return Vec::new();
    }
    let comments: Vec<Span> = comments(text).collect();
    let in_comment = |span: Span| comments.iter().any(|c| c.contains(span));
    linked.into_iter().map(|link| link.name).filter(|name| in_comment(*name)).collect()
}

fn comments(text: &str) -> impl Iterator<Item = Span> {
    Lexer::all(text).filter(|t| t.kind == TokenKind::Comment).map(|t| t.span)
}

/// The comments that stand directly above the line of `offset`, each alone on its lines.
fn above(text: &str, offset: usize, comments: &[Span]) -> Vec<Span> {
    let mut found = Vec::new();
    let mut below = line_start(text, offset);
    for comment in comments.iter().rev().filter(|c| c.end <= offset) {
        let between = text.get(comment.end..below).unwrap_or("x");
        let start = line_start(text, comment.start);
        let alone = text[start..comment.start].trim().is_empty();
        if !alone || between.trim_matches([' ', '\t', '\r']) != "\n" {
            break;
        }
        found.push(*comment);
        below = start;
    }
    found.reverse();
    found
}

/// Whether a comment is for tools: `//go:embed`, `//line`, `//export`.
fn is_directive(comment: &str) -> bool {
    let Some(rest) = comment.strip_prefix("//") else { return false };
    if ["line ", "extern ", "export "].iter().any(|word| rest.starts_with(word)) {
        return true;
    }
    let Some((tool, rest)) = rest.split_once(':') else { return false };
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    !tool.is_empty() && tool.chars().all(plain) && rest.starts_with(plain)
}

/// Where `name` stands in `within` as a whole word.
fn words(text: &str, within: Span, name: &str) -> Vec<Span> {
    let part = |c: Option<char>| c.is_some_and(|c| c == '_' || c.is_ascii_alphanumeric());
    let found = memchr::memmem::find_iter(within.of(text).as_bytes(), name);
    let spans = found.map(|at| Span::new(within.start + at, within.start + at + name.len()));
    spans
        .filter(|span| {
            !part(text[..span.start].chars().next_back()) && !part(text[span.end..].chars().next())
        })
        .collect()
}

/// `[Name]`, `[pkg.Name]`, `[Type.Method]`, `[pkg.Type.Method]`, each perhaps with a `*`.
struct Link<'t> {
    name: Span,
    before: Vec<&'t str>,
    after: Vec<&'t str>,
}

impl<'t> Link<'t> {
    fn around(text: &'t str, at: usize, len: usize) -> Option<Self> {
        let part = |c: char| c == '_' || c == '.' || c.is_alphanumeric();
        let head = text[..at].trim_end_matches(part);
        let before = &text[head.len()..at];
        head.strip_suffix('*').unwrap_or(head).ends_with('[').then_some(())?;
        let tail = text[at + len..].trim_start_matches(part);
        let after = &text[at + len..text.len() - tail.len()];
        tail.starts_with(']').then_some(())?;
        let (before, after) = (before.strip_suffix('.'), after.strip_prefix('.'));
        let split = |names: Option<&'t str>| names.map_or(Vec::new(), |n| n.split('.').collect());
        Some(Self { name: Span::new(at, at + len), before: split(before), after: split(after) })
    }

    fn names(&self, names: &FileNames<'_>, rename: &Rename, (said, path): (&str, &str)) -> bool {
        let mut before = self.before.as_slice();
        if let Some(owner) = &rename.owner {
            match before.split_last() {
                Some((last, rest)) if last == owner && self.after.is_empty() => before = rest,
                _ => return false,
            }
        }
        let own = || names.types().is_some_and(|types| &**types.import_path() == path);
        match before {
            [] => own(),
            [qualifier] => {
                let bindings = names.bindings();
                let imported =
                    |i: usize| &*bindings[i].path == said && names.local(i).name == *qualifier;
                (0..bindings.len()).any(imported)
                    || (names.file().package() == Some(qualifier) && own())
            }
            _ => false,
        }
    }
}
