//! Rules that are written as a diff. Comes in: the code before and after. Goes out: a pattern, a
//! template, and which of their tokens are the same piece of context, which is never printed again.

use super::rule::Compiler;
use super::search::context;
use crate::rule::compiled::{Diff, Rewrite};
use crate::rule::layout;
use crate::rule::metavariable::{pattern_stencil, template_stencil};
use crate::rule::pattern::{Context, Framed};
use crate::rule::spec::{PatchSpec, Side};
use crate::rule::template::{Piece, Template, TemplateToken, contexts_for};

impl Compiler<'_, '_> {
    pub(super) fn patch(&mut self, spec: &PatchSpec) -> Option<Rewrite> {
        let wanted = spec.context.map(|c| context(c.value)).or_else(|| common_context(spec));
        let mut search = self.search_in(&spec.before.text, wanted, &spec.conditions)?;
        let mut template = self.template(&spec.after.text, &search)?;
        let mut before = self.template(&spec.before.text, &search)?;
        self.mention_written(&spec.after.text, &template, &search);
        if let Some(after) = template.as_pattern() {
            search.pattern.agree_on_declarations(after);
        }
        drop_context_comments(&mut before, &spec.before);
        drop_context_comments(&mut template, &spec.after);
        layout::indent(template.tokens_mut());
        let context = shared(&before, &spec.before, &template, &spec.after);
        let adds_only = adds_only(&before, &template);
        let diff = Some(Diff { before, context, adds_only });
        let drops_comments = spec.drop_comments.is_some();
        Some(Rewrite { search, template, scope: None, drops_comments, diff })
    }
}

/// The first context in which both sides are Go. What only goes is statements, if it can be.
fn common_context(spec: &PatchSpec) -> Option<Context> {
    let before = pattern_stencil(spec.before.text.as_str()).ok()?;
    let after = template_stencil(spec.after.text.as_str()).ok()?;
    let only_goes = spec.after.is_empty();
    let first = only_goes.then_some(Context::Statements);
    first.into_iter().chain(Context::ALL).find(|&context| {
        Framed::in_context(&before, context).is_ok()
            && (only_goes
                || contexts_for(context).iter().any(|&c| Framed::in_context(&after, c).is_ok()))
    })
}

/// Comments in context speak to the reader of the diff.
fn drop_context_comments(template: &mut Template, side: &Side) {
    let is_comment = |piece: &Piece| matches!(piece, Piece::Text(t) if t.starts_with("//") || t.starts_with("/*"));
    template.retain(|token| !is_comment(&token.piece) || side.context_at(token.at).is_none());
}

/// Pairs of tokens, ascending, that are the same piece of context.
fn shared(
    before: &Template,
    before_side: &Side,
    after: &Template,
    after_side: &Side,
) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let mut next = 0;
    for (at, token) in before.tokens().iter().enumerate() {
        let Some(place) = before_side.context_at(token.at) else { continue };
        let found = after.tokens()[next..].iter().position(|t| {
            after_side.context_at(t.at) == Some(place) && same(&t.piece, &token.piece)
        });
        if let Some(found) = found {
            pairs.push((at, next + found));
            next += found + 1;
        }
    }
    pairs
}

/// Whether the tokens of `before` all stand in `after`, in their order.
fn adds_only(before: &Template, after: &Template) -> bool {
    let said = |token: &&TemplateToken| token.piece != Piece::Semicolon;
    let mut rest = after.tokens().iter().filter(said);
    before.tokens().iter().filter(said).all(|token| {
        rest.any(|other| match (&token.piece, &other.piece) {
            (Piece::Capture { id: one, .. }, Piece::Capture { id: other, .. }) => one == other,
            (one, other) => one == other,
        })
    })
}

/// At one place, a line end and the token before it may both begin.
fn same(one: &Piece, other: &Piece) -> bool {
    (*one == Piece::Semicolon) == (*other == Piece::Semicolon)
}
