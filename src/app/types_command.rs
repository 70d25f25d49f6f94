//! The command `types`. Comes in: a Go file. Goes out: each of its expressions with its type, or
//! where knowledge of it ended and why.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use serde::Serialize;

use super::apply::Talk;
use super::cli::{Format, TypesArgs};
use super::exit::Exit;
use super::fs::OsFileSystem;
use super::go_env::go_env;
use super::output::summary::{many, shown};
use super::root::find_root;
use super::run::on_threads;
use crate::go::packages::PackageIndex;
use crate::go::source::SourceFile;
use crate::go::syntax::{Kind, Node};
use crate::go::types::{Constant, FileTypes, Reason, TypeAnswer, Types, Unknown};
use crate::text::layout::on_one_line;
use crate::text::{LineCol, LineIndex, Span, masked};

/// Longer code is cut off in the text form.
const SHOWN_CHARS: usize = 48;

/// What is known of an expression.
#[derive(Debug, Serialize)]
struct Expression {
    start: Place,
    end: Place,
    code: String,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    ty: Option<String>,
    /// The value of a constant: a string, an integer or a boolean.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<Gap>,
}

/// Line and column in bytes, from 1.
#[derive(Clone, Copy, Debug, Serialize)]
struct Place {
    line: usize,
    column: usize,
}

/// Why a type is not known.
#[derive(Debug, Serialize)]
struct Gap {
    reason: String,
    /// The expression at which knowledge ended.
    file: String,
    #[serde(flatten)]
    at: Option<Place>,
}

#[derive(Debug, Serialize)]
struct Document {
    version: u32,
    file: String,
    expressions: Vec<Expression>,
}

/// Runs `types`.
///
/// # Errors
/// Where the file cannot be read, or is no Go file.
pub fn types(
    args: &TypesArgs,
    talk: Talk,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    let said = args.file.display();
    if args.file.extension().is_none_or(|e| e != "go") {
        bail!("{said} is no Go file: `types` wants a file whose name ends in .go");
    }
    let bytes = std::fs::read(&args.file)
        .with_context(|| format!("cannot read {said}: check the path and its permissions"))?;
    let Ok(text) = String::from_utf8(bytes) else {
        bail!("{said} is not UTF-8, and Go source is");
    };
    let root = find_root(&args.file)?.folder;
    let full = args.file.canonicalize().with_context(|| format!("cannot read {said}"))?;
    let path = full.strip_prefix(&root).unwrap_or(&full).to_path_buf();
    // Deeply nested code needs a deep stack.
    let document = on_threads(Some(1), || document(&root, &path, text))?;
    let unknown = document.expressions.iter().filter(|e| e.unknown.is_some()).count();
    let count = document.expressions.len();
    match args.format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, &document)?;
            writeln!(out)?;
        }
        Format::Text => write_text(&document, out)?,
    }
    if !talk.quiet {
        writeln!(err, "{}, {unknown} of unknown type", many(count, "expression"))?;
    }
    Ok(Exit::Done)
}

fn document(root: &Path, path: &Path, text: String) -> Document {
    let shown = path.components().filter_map(|c| c.as_os_str().to_str());
    let shown = shown.collect::<Vec<_>>().join("/");
    let source = Arc::new(SourceFile::new(shown.as_str(), text));
    let index = PackageIndex::new(Arc::new(OsFileSystem), go_env(root));
    let types = Types::new(Arc::new(index));
    let file = types.file(&source);
    let mut lines = Lines { root: root.to_path_buf(), of_files: HashMap::new() };
    lines.of_files.insert(shown.clone(), Some(LineIndex::new(source.text())));
    let mut expressions = Vec::new();
    for (decl, _) in source.code_decls() {
        let nodes = source.part(decl).syntax().iter().filter(is_asked);
        expressions.extend(nodes.filter_map(|node| expression(&file, (decl, node), &mut lines)));
    }
    Document { version: 1, file: shown, expressions }
}

/// Expressions, types and declaring names; what stands after a dot is part of its selector, a
/// signature part of its function.
fn is_asked(node: &Node<'_>) -> bool {
    let part = node.parent().is_some_and(|p| match p.kind() {
        Kind::Selector => p.children().next() != Some(*node),
        Kind::FuncDecl | Kind::FuncLit => node.kind() == Kind::FuncType,
        _ => false,
    });
    node.kind().is_expr() && node.kind() != Kind::KeyValue && !part
}

fn expression(
    file: &FileTypes<'_>,
    (decl, node): (usize, Node<'_>),
    lines: &mut Lines,
) -> Option<Expression> {
    let path = file.source().path().to_string();
    let (ty, unknown) = match file.type_of(decl, node.id()) {
        TypeAnswer::Known(ty) => (Some(file.show(&ty)), None),
        // Packages, labels, predeclared functions: no expressions.
        TypeAnswer::Unknown(why) if why.reason == Reason::NoType => return None,
        TypeAnswer::Unknown(why) => (None, Some(lines.gap(&why))),
    };
    let value = file.constant_of(decl, node.id()).map(|value| match value {
        Constant::Int(n) => match i64::try_from(n) {
            Ok(n) => n.into(),
            Err(_) => n.to_string().into(),
        },
        Constant::String(s) => (*s).into(),
        Constant::Bool(b) => b.into(),
    });
    let span = node.span();
    Some(Expression {
        start: lines.place(&path, span.start)?,
        end: lines.place(&path, span.end)?,
        code: masked(node.text()).into_owned(),
        value: value.filter(|_| ty.is_some()),
        ty,
        unknown,
    })
}

/// The lines of the files in which knowledge ended.
struct Lines {
    root: PathBuf,
    of_files: HashMap<String, Option<LineIndex>>,
}

impl Lines {
    fn place(&mut self, file: &str, offset: usize) -> Option<Place> {
        if !self.of_files.contains_key(file) {
            let text = std::fs::read_to_string(self.root.join(file)).ok();
            self.of_files.insert(file.to_string(), text.map(|text| LineIndex::new(&text)));
        }
        let LineCol { line, column } = self.of_files.get(file)?.as_ref()?.line_col(offset);
        Some(Place { line, column })
    }

    fn gap(&mut self, why: &Unknown) -> Gap {
        let Span { start, .. } = why.span;
        Gap {
            reason: why.reason.to_string(),
            file: why.file.to_string(),
            at: self.place(&why.file, start),
        }
    }
}

fn write_text(document: &Document, out: &mut dyn Write) -> Result<()> {
    let rows: Vec<[String; 3]> = document
        .expressions
        .iter()
        .map(|e| {
            let range =
                format!("{}:{}-{}:{}", e.start.line, e.start.column, e.end.line, e.end.column);
            [range, shortened(&e.code), said(document, e)]
        })
        .collect();
    let width = |i: usize| rows.iter().map(|r| r[i].chars().count()).max().unwrap_or(0);
    let (ranges, codes) = (width(0), width(1));
    for [range, code, said] in &rows {
        writeln!(out, "{range:ranges$}  {code:codes$}  {said}")?;
    }
    Ok(())
}

/// The type, with the value of a constant; or why it is not known.
fn said(document: &Document, expression: &Expression) -> String {
    if let Some(gap) = &expression.unknown {
        let at = match gap.at {
            Some(Place { line, column }) if gap.file == document.file => format!("{line}:{column}"),
            Some(Place { line, column }) => format!("{}:{line}:{column}", gap.file),
            None => gap.file.clone(),
        };
        return shown(&format!("unknown: {} (at {at})", gap.reason));
    }
    let ty = expression.ty.as_deref().unwrap_or_default();
    match &expression.value {
        Some(value) => shown(&masked(&format!("{ty} = {value}"))),
        None => shown(ty),
    }
}

/// The code in one line.
fn shortened(code: &str) -> String {
    let line = on_one_line(code);
    let mut chars = line.chars();
    let short: String = chars.by_ref().take(SHOWN_CHARS).collect();
    shown(&if chars.next().is_some() { short + "…" } else { short })
}
