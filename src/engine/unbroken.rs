//! The last look at a file that was broken before. Comes in: a file and its edits. Goes out:
//! whether the result parses worse. Where the code was correct every edit is correct by its making;
//! beside an error nothing is certain, so there it is counted.

use std::sync::Arc;

use crate::go::source::SourceFile;
use crate::go::syntax::Syntax;
use crate::text::{EditSet, Span};

/// Whether the edits, which touch something that did not parse, leave more errors than there were.
pub fn parses_worse(file: &SourceFile, edits: &EditSet) -> bool {
    if !near_errors(file, edits) {
        return false;
    }
    let after: Arc<str> = edits.apply(file.text()).into();
    errors(&after) > errors(file.text())
}

/// Whether the file cannot be told apart into declarations, or a declaration that is edited has an
/// error.
fn near_errors(file: &SourceFile, edits: &EditSet) -> bool {
    let outline = file.outline();
    let decls = outline.decls.iter().enumerate();
    let mut touched = decls.filter(|(_, decl)| edits.iter().any(|e| e.span.overlaps(decl.span)));
    outline.odd || touched.any(|(index, _)| file.part(index).syntax().errors() > 0)
}

fn errors(text: &Arc<str>) -> usize {
    Syntax::parse(text, Span::new(0, text.len())).errors()
}
