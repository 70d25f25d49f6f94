//! Code that does not parse. Comes in: a file and its edits. Goes out: where rules could not see what
//! they asked for, and whether the result parses worse than the file did. Where the code was correct
//! every edit is correct by its making; beside an error nothing is certain, so there it is counted.

use crate::go::outline::DeclKind;
use crate::go::source::SourceFile;
use crate::go::syntax::Syntax;
use crate::text::{EditSet, Span};

/// A declaration that rules had to look into, and that could not be parsed as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unparsed {
    /// Where the first thing stands in it that was not understood.
    pub at: usize,
    /// Whether it is Go that is nested too deeply to be looked at; otherwise it is none.
    pub is_too_deep: bool,
}

/// The declarations of the file that were looked into and did not parse.
pub(super) fn unparsed(file: &SourceFile) -> Vec<Unparsed> {
    let broken = |decl| {
        let syntax = file.part(decl).syntax();
        Some(Unparsed { at: syntax.first_error()?, is_too_deep: syntax.is_too_deep() })
    };
    file.looked_into().filter_map(broken).collect()
}

/// Whether the edits, which touch something that did not parse, leave more errors than there were.
pub(super) fn parses_worse(file: &SourceFile, edits: &EditSet) -> bool {
    let near_errors = near_errors(file, edits);
    if !near_errors && !touches_imports(file, edits) {
        return false;
    }
    let after = SourceFile::new(file.path().clone(), edits.apply(file.text()));
    if near_errors {
        return errors(&after) > errors(file);
    }
    after.outline().odd || import_errors(&after) > import_errors(file)
}

/// Whether imports change: their paths and layout are free enough for surprises.
fn touches_imports(file: &SourceFile, edits: &EditSet) -> bool {
    let end = file.imports().last().map(|i| i.span.end);
    let end = end.or(file.outline().package.map(|p| p.end)).unwrap_or(0);
    edits.iter().next().is_some_and(|first| first.span.start <= end + 1)
}

fn import_errors(file: &SourceFile) -> usize {
    let decls = file.outline().decls.iter().enumerate();
    let imports = decls.filter(|(_, decl)| decl.kind == DeclKind::Import);
    imports.map(|(index, _)| file.part(index).syntax().errors()).sum()
}

/// Whether the file cannot be told apart into declarations, or a declaration that is edited has an
/// error.
fn near_errors(file: &SourceFile, edits: &EditSet) -> bool {
    let outline = file.outline();
    let decls = outline.decls.iter().enumerate();
    let mut touched = decls.filter(|(_, decl)| edits.iter().any(|e| e.span.overlaps(decl.span)));
    outline.odd || touched.any(|(index, _)| file.part(index).syntax().errors() > 0)
}

/// How many errors the file has: by declaration, so that an error in one of them does not change
/// how another is read. A missing package clause is one.
pub fn errors(file: &SourceFile) -> usize {
    let outline = file.outline();
    let without_clause = usize::from(outline.package.is_none());
    if outline.odd {
        let whole = Syntax::parse(file.text(), Span::new(0, file.text().len()));
        return without_clause + whole.errors();
    }
    let errors = (0..outline.decls.len()).map(|index| file.part(index).syntax().errors());
    without_clause + errors.sum::<usize>()
}
