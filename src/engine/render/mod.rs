//! Rendering: a match and its template to replacements. Comes in: a match and the file's names for
//! packages. Goes out: the smallest replacements that turn the match's tokens into the template's:
//! what both have in common is not printed again, so its comments and layout stay.

mod align;
mod brackets;
mod diff;
mod flattened;
mod gaps;
mod inserted;
mod items;
mod target;
mod values;

pub(super) use values::{evaluate, literal};

use self::target::target_items;
use super::search::Match;
use super::shape::{Captured, Computed};
use crate::go::precedence::{Tightness, has_bare_composite, in_statement_header};
use crate::go::source::Part;
use crate::go::syntax::{Kind, Node, Role};
use crate::rule::compiled::Diff;
use crate::rule::metavariable::MetaId;
use crate::rule::pattern::PackageId;
use crate::rule::template::Template;
use crate::text::Span;
use crate::text::layout::{begins_line, indentation_at, line_start};

/// How a file names a package at a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Qualifier {
    /// By this name and a dot.
    Name(String),
    /// Not at all: the package is dot-imported.
    Dot,
}

/// A piece of replacement text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chunk {
    /// Itself.
    Text(String),
    /// What stands at `span` of the file, edits inside it included.
    Source {
        /// Where it is copied from.
        span: Span,
        /// The indentation of the line that it comes from.
        from: String,
        /// The indentation of the line that it goes to.
        to: String,
    },
}

/// Replaces `span` by the chunks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// What is replaced.
    pub span: Span,
    /// By what.
    pub chunks: Vec<Chunk>,
}

/// What a match turns into.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// The replacements, ascending and disjoint.
    pub replacements: Vec<Replacement>,
    /// Captures that stay where they are. Other matches inside them are edited in place.
    pub kept: Vec<Span>,
    /// Captures that are printed somewhere else.
    pub moved: Vec<Span>,
    /// Comments that would be lost.
    pub lost_comments: Vec<Span>,
    /// Whether new code would stand behind a comment that goes to the end of its line.
    pub is_swallowed: bool,
    /// What the match's metavariables captured, for the shape of the change.
    pub captures: Vec<Captured>,
    /// The tokens that the rule computes of these, for the shape as well.
    pub computed: Vec<Computed>,
}

impl Rendered {
    /// Where code is removed that comments are about, removes these as well.
    pub fn drop_comments(&mut self, text: &str) {
        let [Replacement { span, chunks }] = self.replacements.as_mut_slice() else { return };
        if !chunks.is_empty() {
            return;
        }
        for comment in &self.lost_comments {
            if comment.end <= span.start {
                *span = Span::new(line_start(text, comment.start), span.end);
            } else if comment.start >= span.end {
                *span = with_line(text, Span::new(span.start, comment.end));
            }
        }
    }
}

/// A match that cannot be removed: the code around it needs something to stand there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotRemovable;

/// Renders `template` for the match; where the rule is written as a diff, context stays.
///
/// # Errors
/// Where the template is empty and the match cannot be left out.
pub fn render(
    found: &Match,
    part: &Part,
    template: &Template,
    diff: Option<&Diff>,
    qualifier: &dyn Fn(PackageId) -> Qualifier,
) -> Result<Rendered, NotRemovable> {
    let node = part.syntax().node(found.node);
    if template.is_empty() {
        return remove(found, node);
    }
    let text = part.syntax().text();
    let wrapped = needs_parentheses(node, found, template);
    let mut target = target_items(found, part, template, wrapped, qualifier);
    if stands_on_one_line(node) {
        join_statements(&mut target);
    }
    if let Some(diff) = diff {
        let before = target_items(found, part, &diff.before, false, qualifier);
        let anchored = diff::anchor(found, part, template, diff, &before, target);
        let diff::Anchored { source, target, kept } = anchored;
        return Ok(gaps::Writer::new(text, found.span, &source, &target).write(&kept));
    }
    let source = items::source_items(found, part, template.captures());
    let kept = align::align(&source.items, &target, text);
    Ok(gaps::Writer::new(text, found.span, &source, &target).write(&kept))
}

/// Whether a statement stands on one line with the braces of its block.
fn stands_on_one_line(node: Node<'_>) -> bool {
    let block = node.parent().filter(|p| node.kind().is_stmt() && p.kind() == Kind::Block);
    block.is_some_and(|block| !block.text().contains('\n'))
}

/// Writes semicolons where the template has line ends between statements, if none of them has a
/// block: so gofmt keeps them on one line.
fn join_statements(items: &mut [items::TargetItem]) {
    if items.iter().any(|item| item.key.is("{")) {
        return;
    }
    for nth in 1..items.len() {
        if matches!(items[nth - 1].key, items::Key::Semicolon) && items[nth].lead.contains('\n') {
            items[nth - 1].out = items::Out::Text(";".to_owned());
            " ".clone_into(&mut items[nth].lead);
        }
    }
}

/// All that `template` prints for the match, the captures as copies.
pub fn written_out(
    found: &Match,
    part: &Part,
    template: &Template,
    qualifier: &dyn Fn(PackageId) -> Qualifier,
) -> Vec<Chunk> {
    let to = indentation_at(part.syntax().text(), found.span.start);
    let mut chunks = Vec::new();
    for item in target_items(found, part, template, false, qualifier) {
        if item.optional {
            continue;
        }
        chunks.push(Chunk::Text(item.lead));
        chunks.push(match item.out {
            items::Out::Text(text) => Chunk::Text(text),
            items::Out::Source { span, from } => Chunk::Source { span, from, to: to.to_owned() },
        });
    }
    chunks
}

/// All that `template`, which is statements, prints for the match. What `instead` says stands for
/// captures in their place; each line begins with `line`.
pub fn statements(
    found: &Match,
    part: &Part,
    template: &Template,
    qualifier: &dyn Fn(PackageId) -> Qualifier,
    instead: &dyn Fn(MetaId) -> Option<Vec<Chunk>>,
    line: &str,
) -> Vec<Chunk> {
    let to = line.trim_start_matches(['\r', '\n']);
    let mut chunks = Vec::new();
    for item in target_items(found, part, template, false, qualifier) {
        if item.optional {
            continue;
        }
        chunks.push(Chunk::Text(item.lead.replace('\n', line)));
        let own = match item.key {
            items::Key::Capture(id) => instead(id),
            _ => None,
        };
        match (own, item.out) {
            (Some(own), _) => chunks.extend(own),
            (None, items::Out::Text(text)) => chunks.push(Chunk::Text(text)),
            (None, items::Out::Source { span, from }) => {
                chunks.push(Chunk::Source { span, from, to: to.to_owned() });
            }
        }
    }
    chunks
}

/// Whether what the template makes must stand in parentheses where the match stands.
fn needs_parentheses(node: Node<'_>, found: &Match, template: &Template) -> bool {
    let Some(pattern) = template.as_pattern().filter(|_| node.kind().is_expr()) else {
        return false;
    };
    let root = pattern.first();
    let captured = match pattern.atom(root) {
        crate::rule::pattern::Atom::One(Some(id)) => found.bindings.get(id),
        _ => None,
    };
    let captured = captured.and_then(|c| c.nodes.first()).map(|&id| node.syntax().node(id));
    let root = captured.unwrap_or(root);
    // A match that is already in parentheses keeps them.
    Tightness::of(root) < Tightness::asked_at(node)
        || (has_bare_composite(root) && in_statement_header(node) && !has_bare_composite(node))
}

/// Removes statements, fields and clauses with their lines, list elements with their comma.
fn remove(found: &Match, node: Node<'_>) -> Result<Rendered, NotRemovable> {
    let whole_lines = node.kind().is_stmt()
        || matches!(node.kind(), Kind::Field | Kind::CaseClause | Kind::GenDecl | Kind::FuncDecl)
            && node.parent().is_some_and(|p| p.kind() != Kind::Params);
    let alone_in_statement =
        node.role() == Role::X && node.parent().is_some_and(|p| p.kind() == Kind::ExprStmt);
    let in_list = node
        .parent()
        .is_some_and(|p| matches!(p.kind(), Kind::Args | Kind::Elements | Kind::Params));
    let text = node.syntax().text();
    let span = if whole_lines || alone_in_statement {
        with_line(text, found.span)
    } else if in_list {
        with_comma(text, found.span)
    } else {
        return Err(NotRemovable);
    };
    let lost = node.syntax().comments().iter().filter(|c| span.overlaps(**c));
    let lost_comments = lost.copied().chain(dangling_comments(text, node, found.span)).collect();
    let replacements = vec![Replacement { span, chunks: Vec::new() }];
    Ok(Rendered { replacements, lost_comments, ..Rendered::default() })
}

/// The comment behind the removed code on its line, or else those directly above it, are about it.
fn dangling_comments(text: &str, node: Node<'_>, span: Span) -> Vec<Span> {
    let comments = node.syntax().comments();
    let behind =
        comments.iter().find(|c| c.start >= span.end && !text[span.end..c.start].contains('\n'));
    if let Some(behind) = behind {
        return vec![*behind];
    }
    let mut below = span.start;
    let directly_above = |c: &&Span| {
        let between = &text[c.end..below];
        let is_above = between.trim().is_empty() && between.matches('\n').count() <= 1;
        let found = is_above && begins_line(text, c.start);
        if found {
            below = c.start;
        }
        found
    };
    let above = comments.iter().rev().skip_while(|c| c.end > span.start);
    above.take_while(directly_above).copied().collect()
}

/// The span with its whole lines, if nothing else stands on them.
fn with_line(text: &str, span: Span) -> Span {
    let before = text[..span.start].trim_end_matches([' ', '\t']);
    let after = text[span.end..].trim_start_matches([' ', '\t', '\r', ';']);
    let line_end = text.len() - after.len();
    match (before.is_empty() || before.ends_with('\n'), after.starts_with('\n')) {
        (true, true) => Span::new(before.len(), line_end + 1),
        (true, false) if after.is_empty() => Span::new(before.len(), line_end),
        (true, false) => Span::new(span.start, line_end),
        (false, _) => within_line(before, span, &text[span.end..], after),
    }
}

/// The span with a semicolon before or behind it; in a block with nothing else, with the spaces.
fn within_line(before: &str, span: Span, behind: &str, after: &str) -> Span {
    let end = span.end + (behind.len() - after.len());
    let from = before.trim_end_matches(';').len();
    if before.ends_with('{') && after.starts_with('}') {
        Span::new(before.len(), end)
    } else if from < before.len() {
        Span::new(from, span.end)
    } else if behind.trim_start_matches([' ', '\t']).starts_with(';') {
        Span::new(span.start, end)
    } else {
        span
    }
}

/// The span with the comma behind it, and the line if it stands on one of its own, or else with the
/// comma before it.
fn with_comma(text: &str, span: Span) -> Span {
    let after = text[span.end..].trim_start();
    if let Some(rest) = after.strip_prefix(',') {
        let rest = rest.trim_start_matches([' ', '\t']);
        let span = Span::new(span.start, text.len() - rest.len());
        let ends_line = rest.starts_with(['\n', '\r']);
        return if ends_line && begins_line(text, span.start) {
            with_line(text, span)
        } else {
            span
        };
    }
    let before = text[..span.start].trim_end();
    match before.strip_suffix(',') {
        Some(before) if after.starts_with([')', '}']) => Span::new(before.len(), span.end),
        _ => span,
    }
}
