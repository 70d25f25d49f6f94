//! The fix for a match. Comes in: a match, its rule, and the fixes for the matches before it. Goes
//! out: what it turns into, or the reason why it is not touched. Where a name that the template
//! declares is taken, the template is tried with another one.

use std::borrow::Cow;

use super::look::Look;
use crate::engine::done::is_done;
use crate::engine::fix::{FixStatus, ReviewReason};
use crate::engine::fresh::{Fresh, seen_from};
use crate::engine::import_plan::ImportPlan;
use crate::engine::kept_names;
use crate::engine::render::{Chunk, Rendered};
use crate::engine::resolve::Candidate;
use crate::engine::scoped;
use crate::engine::search::Match;
use crate::engine::shape::{captured, computed};
use crate::engine::standing;
use crate::engine::typed::{Answer, Typed};
use crate::go::lex::{Lexer, TokenKind};
use crate::go::syntax::Node;
use crate::rule::compiled::Rewrite;
use crate::rule::template::Template;
use crate::text::Span;

/// What a fix is made of.
#[derive(Clone, Copy)]
struct Making<'a> {
    found: &'a Match,
    rewrite: &'a Rewrite,
    /// The fixes of the declaration that stand beside the match.
    beside: &'a [&'a Rendered],
}

impl Look<'_, '_, '_> {
    /// The fix for a match, or why there is none; `earlier` are those for matches before it.
    pub(super) fn fix(
        &self,
        found: &Match,
        rewrite: &Rewrite,
        earlier: &[Candidate],
        generated: bool,
        plan: &mut ImportPlan<'_, '_>,
    ) -> Result<Candidate, FixStatus> {
        let rules = self.rewriter.rules;
        let part = self.file.part(found.decl);
        if is_done(found, rewrite, self.names, part, rules) {
            return Err(FixStatus::AlreadyDone);
        }
        if !self.asked.takes(found.rule, found.span) {
            return Err(FixStatus::NotSelected);
        }
        if generated {
            return Err(FixStatus::GeneratedFile);
        }
        let status = self.suppressed(found.rule, found.span).or_else(|| self.verdict(found.rule));
        if let Some(status) = status.or_else(|| self.unsure_of(found)) {
            return Err(status);
        }
        let mut found = Cow::Borrowed(found);
        let mut template = &rewrite.template;
        if rewrite.scope.is_some() {
            let unknown = self.rewriter.include_unknown_type;
            template = scoped::template(found.to_mut(), rewrite, self.names, part, unknown)?;
        }
        let beside = self.beside(&found, template, earlier);
        let making = Making { found: &found, rewrite, beside: &beside };
        match self.made(making, template, plan) {
            Err(FixStatus::NeedsReview(reason)) if !template.locals().is_empty() => {
                self.made_with_other_names(making, template, reason, plan)
            }
            made => made,
        }
    }

    /// The fixes before a match that declare names in its block, if its template does, too.
    fn beside<'e>(
        &self,
        found: &Match,
        template: &Template,
        earlier: &'e [Candidate],
    ) -> Vec<&'e Rendered> {
        if !template.names_said().any(|word| matches!(word, ":=" | "var" | "const" | "type")) {
            return Vec::new();
        }
        let syntax = self.file.part(found.decl).syntax();
        let block_of = |span: Span| {
            let inner = syntax.covering(span);
            let mut around = std::iter::once(inner).chain(inner.ancestors());
            around.find(|n| n.kind().holds_statements()).map(Node::id)
        };
        let block = block_of(found.span);
        let declares = |rendered: &Rendered| {
            texts(rendered).any(|text| text.contains(":=") || text.contains("var "))
        };
        let mut beside: Vec<&Candidate> = Vec::new();
        let whole = syntax.root().span();
        for candidate in earlier.iter().filter(|c| whole.contains(c.span)) {
            // Of fixes for one place one is applied.
            let others = beside.iter().map(|c| c.span).chain([found.span]);
            let is_apart = !others.into_iter().any(|span| span.overlaps(candidate.span));
            if is_apart && declares(&candidate.rendered) && block_of(candidate.span) == block {
                beside.push(candidate);
            }
        }
        beside.into_iter().map(|c| &c.rendered).collect()
    }

    fn made(
        &self,
        Making { found, rewrite, beside }: Making<'_>,
        template: &Template,
        plan: &mut ImportPlan<'_, '_>,
    ) -> Result<Candidate, FixStatus> {
        let part = self.file.part(found.decl);
        let mut rendered = self.rendered(found, template, rewrite.diff.as_ref(), plan)?;
        let may_break = rewrite.diff.is_some() || template.computes_code();
        if may_break && kept_names::breaks(part, &rendered) {
            return Err(FixStatus::WouldNotParse);
        }
        let loses = !rewrite.drops_comments && !rendered.lost_comments.is_empty();
        if loses || rendered.is_swallowed {
            return Err(FixStatus::NeedsReview(ReviewReason::CommentAtRisk));
        }
        if rewrite.drops_comments {
            rendered.drop_comments(part.syntax().text());
        }
        let pure = |node: Node<'_>| {
            let typed = Typed { names: self.names, decl: found.decl };
            typed.is_pure(node) == Answer::Yes
        };
        let reason = standing::against(found, part, (rewrite, template), &pure)
            .or_else(|| kept_names::against(part, self.names, &rendered, found.span))
            .or_else(|| kept_names::against_together(part, &rendered, beside));
        if let Some(reason) = reason {
            return Err(FixStatus::NeedsReview(reason));
        }
        let metavariables = &self.rewriter.rules.rules[found.rule].metavariables;
        rendered.captures = captured(found, part, metavariables);
        rendered.computed = computed(found, part, template, metavariables);
        Ok(Candidate::new(found.rule, found.span, rendered))
    }

    /// The fix with other names than those of the template that are taken. Names that the pattern
    /// says are meant as they are, and so are those that the template declares for others to use.
    fn made_with_other_names(
        &self,
        making: Making<'_>,
        template: &Template,
        first: ReviewReason,
        plan: &mut ImportPlan<'_, '_>,
    ) -> Result<Candidate, FixStatus> {
        let part = self.file.part(making.found.decl);
        let node = part.syntax().node(making.found.node);
        let seen = seen_from(node);
        let seen = Span::new(seen.start.min(making.found.span.start), seen.end);
        let mut fresh = Fresh::new(self.names, part, seen);
        template.names_said().for_each(|name| fresh.take(name));
        for text in making.beside.iter().flat_map(|rendered| texts(rendered)) {
            let names = Lexer::all(text).filter(|token| token.kind == TokenKind::Ident);
            names.for_each(|token| fresh.take(token.span.of(text)));
        }
        let meant: Vec<&str> = making.rewrite.search.pattern.words().collect();
        let mut names: Vec<(String, String)> = Vec::new();
        let mut reason = first.clone();
        loop {
            let taken = match &reason {
                ReviewReason::NameCaptured(name)
                | ReviewReason::Reassigned(name)
                | ReviewReason::Clash(name) => Some(name),
                ReviewReason::NothingDeclared => None,
                _ => return Err(FixStatus::NeedsReview(first)),
            };
            let next = template.locals().iter().map(|local| &local.name).find(|name| {
                taken.is_none_or(|taken| taken == *name)
                    && !meant.contains(&name.as_str())
                    && !names.iter().any(|(old, _)| old == *name)
            });
            let Some(next) = next else { return Err(FixStatus::NeedsReview(first)) };
            names.push((next.clone(), fresh.name(next)));
            match self.made(making, &template.with_names(&names), plan) {
                Err(FixStatus::NeedsReview(other)) => reason = other,
                made => return made,
            }
        }
    }
}

/// What a fix writes itself.
fn texts(rendered: &Rendered) -> impl Iterator<Item = &str> {
    let chunks = rendered.replacements.iter().flat_map(|replacement| &replacement.chunks);
    chunks.filter_map(|chunk| match chunk {
        Chunk::Text(text) => Some(text.as_str()),
        Chunk::Source { .. } => None,
    })
}
