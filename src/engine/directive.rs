//! Comments that tools read, such as `//go:generate`: a rule edits what they say. Comes in: a text
//! and where the directive's name stands in it. Goes out: for each directive in which the rule finds
//! something, what it becomes.
//!
//! A directive is what `go generate` takes for one: a line that begins with two slashes and the
//! name, without a space between and with one behind it, wherever it stands in the file.

use super::fix::ReviewReason;
use super::render::{Chunk, Rendered, Replacement};
use crate::rule::found::DirectiveAction;
use crate::text::Span;
use crate::text::layout::{line_end, line_start};

/// A directive that a rule has to do with.
pub struct DirectiveUse {
    /// What stands behind the name.
    pub span: Span,
    /// What becomes of it.
    pub rendered: Rendered,
    /// What is against it, if anything is.
    pub against: Option<ReviewReason>,
}

/// The directives of that name at one of `places`, the offsets at which its last word stands.
pub fn uses(text: &str, action: &DirectiveAction, places: &[usize]) -> Vec<DirectiveUse> {
    let mut found: Vec<DirectiveUse> = Vec::new();
    for &offset in places {
        let Some(span) = arguments(text, action, offset) else { continue };
        let replacements = replacements(text, action, span);
        if replacements.is_empty() || found.last().is_some_and(|last| last.span == span) {
            continue;
        }
        let new = action.edited(span.of(text));
        let against = action.find.is_match(&new).then_some(ReviewReason::FoundAgain);
        let rendered = Rendered { replacements, ..Rendered::default() };
        found.push(DirectiveUse { span, rendered, against });
    }
    found
}

/// What stands behind the name of the directive on the line of `offset`.
fn arguments(text: &str, action: &DirectiveAction, offset: usize) -> Option<Span> {
    let start = line_start(text, offset);
    let line = text[start..line_end(text, offset)].trim_end_matches('\r');
    let rest = action.arguments(line)?;
    let end = start + line.len();
    (offset < end - rest.len()).then(|| Span::new(end - rest.len(), end))
}

/// What is put in place of each thing that the rule finds there.
fn replacements(text: &str, action: &DirectiveAction, span: Span) -> Vec<Replacement> {
    let found = action.find.captures_iter(span.of(text)).filter_map(|captures| {
        let whole = captures.get(0)?;
        let new = action.replace.expand(&captures);
        let place = Span::new(span.start + whole.start(), span.start + whole.end());
        let chunks = vec![Chunk::Text(new)];
        (place.of(text) != action.replace.expand(&captures))
            .then_some(Replacement { span: place, chunks })
    });
    found.collect()
}
