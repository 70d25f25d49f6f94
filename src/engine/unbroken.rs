//! The last look at a file that was broken before. Comes in: a file and its edits. Goes out:
//! whether the result parses worse. Where the code was correct every edit is correct by its making;
//! beside an error nothing is certain, so there it is counted.

use crate::go::source::SourceFile;
use crate::go::syntax::Syntax;
use crate::text::{EditSet, Span};

/// Whether the edits, which touch something that did not parse, leave more errors than there were.
pub(super) fn parses_worse(file: &SourceFile, edits: &EditSet) -> bool {
    if !near_errors(file, edits) {
        return false;
    }
    let after = SourceFile::new(file.path().clone(), edits.apply(file.text()));
    errors(&after) > errors(file)
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
/// how another is read.
pub fn errors(file: &SourceFile) -> usize {
    if file.outline().odd {
        return Syntax::parse(file.text(), Span::new(0, file.text().len())).errors();
    }
    (0..file.outline().decls.len()).map(|index| file.part(index).syntax().errors()).sum()
}
