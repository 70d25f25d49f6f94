//! Shapes: what a change looks like once the particulars are taken out. Comes in: a fix and what
//! its metavariables captured. Goes out: the code before and after with each capture as its
//! metavariable, and the kind of code that it stands for. Sites of one shape need one look.

use super::bindings::Capture;
use super::render::{Chunk, Rendered, evaluate, literal};
use super::resolve::Candidate;
use super::search::Match;
use crate::go::lex::{Lexer, TokenKind};
use crate::go::source::Part;
use crate::go::syntax::{Kind, Node};
use crate::rule::compiled::{Action, GoModAction, ImportAction, RuleSet, StringChange, TextChange};
use crate::rule::metavariable::{MetaId, Metavariables};
use crate::rule::template::{LiteralPart, Piece, Template};
use crate::rule::value::{Value, ValueSource};
use crate::text::layout::indentation;
use crate::text::{Span, masked};

/// A change with its captures replaced by their kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The code before, with metavariables for captures, laid out as at the site.
    pub before: String,
    /// The code after.
    pub after: String,
    /// What each metavariable stands for, by its name without `$`: `call`, `literal`, …
    pub kinds: Vec<(String, &'static str)>,
    /// The tokens of both and the kinds.
    key: String,
}

impl Shape {
    /// Equal for all sites of the shape, whatever their layout.
    pub fn key(&self) -> &str {
        &self.key
    }

    fn new(before: &str, after: &str, kinds: Vec<(String, &'static str)>) -> Self {
        let (before, after) = (normalize(&masked(before)), normalize(&masked(after)));
        let mut key = format!("{}\u{1e}{}", before.key, after.key);
        for (name, kind) in &kinds {
            key.extend(["\u{1e}", name, "\u{1f}", kind]);
        }
        Self { before: before.display, after: after.display, kinds, key }
    }

    /// What a rule says of itself: no code of the repository.
    fn plain(before: String, after: String) -> Self {
        let key = format!("{before}\u{1e}{after}");
        Self { before, after, kinds: Vec::new(), key }
    }
}

/// A capture of a fix, for its shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captured {
    /// Where it stands.
    pub span: Span,
    /// Its metavariable.
    pub id: MetaId,
    /// Whether it is a run of list elements.
    pub is_run: bool,
    /// What it is.
    pub kind: &'static str,
}

/// A token that a fix prints and that the rule computes of what a metavariable captured, for its
/// shape: otherwise every text of a repository would be a shape of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Computed {
    /// As it is printed.
    printed: String,
    /// As the template has it.
    written: String,
}

/// The computed tokens that `template` prints for a match. What a parameter of the pack says is the
/// same everywhere, and no such token.
pub fn computed(
    found: &Match,
    part: &Part,
    template: &Template,
    metavariables: &Metavariables,
) -> Vec<Computed> {
    let computed = |piece: &Piece| {
        let (printed, written) = match piece {
            Piece::Value(value) => (evaluate(value, found, part), as_asked(value, metavariables)?),
            Piece::Literal(quote, parts) => {
                let asked: Vec<LiteralPart> = parts
                    .iter()
                    .map(|part| match part {
                        LiteralPart::Value(value) => as_asked(value, metavariables)
                            .map_or_else(|| part.clone(), LiteralPart::Text),
                        LiteralPart::Text(_) => part.clone(),
                    })
                    .collect();
                (literal(*quote, parts, found, part), literal(*quote, &asked, found, part))
            }
            _ => return None,
        };
        (printed != written).then_some(Computed { printed, written })
    };
    template.tokens().iter().filter_map(|token| computed(&token.piece)).collect()
}

/// The value as a template asks for it; none for a parameter.
fn as_asked(value: &Value, metavariables: &Metavariables) -> Option<String> {
    match &value.source {
        ValueSource::Param(_) => None,
        ValueSource::Capture(id) => Some(format!("${{{}}}", metavariables.name(*id))),
        ValueSource::Group(id, group) => Some(format!("${{{}.{group}}}", metavariables.name(*id))),
    }
}

/// What the metavariables of a match captured, by ascending place, without captures in others.
pub fn captured(found: &Match, part: &Part, metavariables: &Metavariables) -> Vec<Captured> {
    let ids = metavariables.names().filter_map(|name| metavariables.get(name));
    let bound = ids.filter_map(|id| Some((id, found.bindings.get(id)?)));
    let inside = bound.filter(|(_, c)| !c.nodes.is_empty() && found.span.contains(c.span));
    let mut all: Vec<Captured> = inside
        .map(|(id, capture)| {
            let node = |c: &Capture| c.nodes.first().map(|&id| part.syntax().node(id));
            let kind = if capture.is_run { "list" } else { node(capture).map_or("code", kind_of) };
            Captured { span: capture.span, id, is_run: capture.is_run, kind }
        })
        .collect();
    all.sort_by_key(|c| (c.span.start, std::cmp::Reverse(c.span.end)));
    let mut end = 0;
    all.retain(|c| {
        let outside = c.span.start >= end;
        end = end.max(c.span.end);
        outside
    });
    all
}

/// The kind of a piece of code, in the words that rules use for `kind`, coarser where a reviewer
/// would not tell them apart.
fn kind_of(node: Node<'_>) -> &'static str {
    match node.kind() {
        Kind::Ident | Kind::Selector => "name",
        Kind::BasicLit => "literal",
        Kind::CompositeLit => "composite",
        Kind::FuncLit => "func",
        Kind::Call => "call",
        kind if kind.is_stmt() => "statement",
        kind if kind.is_expr() => "expression",
        _ => "code",
    }
}

/// The shape of a fix in `text`.
pub fn shape_of(text: &str, fix: &Candidate, metavariables: &Metavariables) -> Shape {
    let holes = holes(&fix.rendered, metavariables);
    let named = fix.rendered.captures.iter();
    let kinds = named.map(|c| (metavariables.name(c.id).to_string(), c.kind)).collect();
    let mut before = String::new();
    punch(text, fix.span, &holes, &mut before);
    let mut after = String::new();
    let mut at = fix.span.start;
    // A rename also changes what documentation says, which is no part of the site.
    let inside = fix.rendered.replacements.iter().filter(|r| r.span.end >= fix.span.start);
    for replacement in inside {
        let (from, to) = (replacement.span.start.max(at), replacement.span.end.min(fix.span.end));
        if at < from && from <= fix.span.end {
            punch(text, Span::new(at, from), &holes, &mut after);
        }
        for chunk in &replacement.chunks {
            match chunk {
                Chunk::Text(new) => after.push_str(&as_written(new, &fix.rendered.computed)),
                Chunk::Source { span, .. } => punch(text, *span, &holes, &mut after),
            }
        }
        at = to.max(at);
    }
    punch(text, Span::new(at, fix.span.end.max(at)), &holes, &mut after);
    Shape::new(&before, &after, kinds)
}

/// The text with computed tokens as the template has them.
fn as_written(text: &str, computed: &[Computed]) -> String {
    if computed.is_empty() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for token in Lexer::all(text) {
        if let Some(known) = computed.iter().find(|c| c.printed == token.span.of(text)) {
            out.push_str(&text[at..token.span.start]);
            out.push_str(&known.written);
            at = token.span.end;
        }
    }
    out.push_str(&text[at..]);
    out
}

/// Where captures stand, and what stands for them; those without a name are told by number.
fn holes(rendered: &Rendered, metavariables: &Metavariables) -> Vec<(Span, String)> {
    let named = rendered.captures.iter().map(|c| {
        let dollars = if c.is_run { "$$$" } else { "$" };
        (c.span, format!("{dollars}{}", metavariables.name(c.id)))
    });
    let mut holes: Vec<(Span, String)> = named.collect();
    if holes.is_empty() {
        let mut spans: Vec<Span> = rendered
            .kept
            .iter()
            .chain(&rendered.moved)
            .copied()
            .filter(|s| !s.is_empty())
            .collect();
        spans.sort_unstable();
        spans.dedup();
        let numbered = spans.into_iter().enumerate();
        holes = numbered.map(|(nth, span)| (span, format!("${}", nth + 1))).collect();
    }
    holes
}

/// Appends what stands at `span`, with `holes` in it replaced.
fn punch(text: &str, span: Span, holes: &[(Span, String)], out: &mut String) {
    let mut at = span.start;
    for (hole, name) in holes.iter().filter(|(hole, _)| span.contains(*hole)) {
        if hole.start >= at {
            out.push_str(&text[at..hole.start]);
            out.push_str(name);
            at = hole.end;
        }
    }
    out.push_str(&text[at..span.end.max(at)]);
}

/// A piece of code without comments.
#[derive(Default)]
struct Normal {
    /// As it is laid out, without the indentation of the site.
    display: String,
    /// Its tokens.
    key: String,
}

fn normalize(code: &str) -> Normal {
    let mut normal = Normal::default();
    let mut end = 0;
    let indentation = outer_indentation(code);
    for token in Lexer::all(code) {
        if token.kind == TokenKind::Comment {
            continue;
        }
        let word = token.span.of(code);
        if token.kind == TokenKind::Semicolon {
            normal.key.push_str("\u{1f};");
        } else {
            let closes = matches!(word, ")" | "]" | "}");
            if closes && normal.key.ends_with("\u{1f},") {
                normal.key.truncate(normal.key.len() - 2);
            }
            normal.key.push('\u{1f}');
            normal.key.push_str(word);
        }
        if !normal.display.is_empty() {
            space(&code[end..token.span.start], indentation, &mut normal.display);
        }
        normal.display.push_str(word);
        end = token.span.end;
    }
    while let Some(shorter) = normal.key.strip_suffix("\u{1f};") {
        normal.key.truncate(shorter.len());
    }
    normal.display.truncate(normal.display.trim_end().len());
    normal
}

/// Appends the white space for what stands between two tokens, comments included.
fn space(between: &str, indentation: usize, out: &mut String) {
    match between.rfind('\n') {
        Some(line) => {
            let deeper = between[line + 1..].chars().take_while(|c| matches!(c, ' ' | '\t'));
            out.push('\n');
            out.extend(deeper.skip(indentation));
        }
        None if between.is_empty() => {}
        None => out.push(' '),
    }
}

/// The least indentation of the lines behind the first: that of the site.
fn outer_indentation(code: &str) -> usize {
    let lines = code.lines().skip(1).filter(|line| !line.trim().is_empty());
    lines.map(|line| indentation(line).len()).min().unwrap_or(0)
}

/// The shape of a change that was not made by a pattern: `before` is what stands at the site.
pub fn shape_without_pattern(rules: &RuleSet, rule: usize, before: &str) -> Shape {
    let rule = &rules.rules[rule];
    match &rule.action {
        Action::Import(import) => import_shape(rules, import, before),
        Action::GoMod(GoModAction::Require { path, version, .. }) => {
            Shape::plain(format!("require {path}"), format!("require {path} {version}"))
        }
        Action::GoMod(GoModAction::Move { from, to, version }) => {
            Shape::plain(format!("require {from}"), format!("require {to} {version}"))
        }
        Action::GoMod(GoModAction::Drop { path }) => {
            Shape::plain(format!("require {path}"), String::new())
        }
        Action::Tag(tag) => Shape::plain(tag.find.as_str().to_string(), tag.replace.shown.clone()),
        Action::Directive(action) => {
            Shape::plain(action.find.as_str().to_string(), action.replace.shown.clone())
        }
        Action::String(string) => match &string.change {
            StringChange::Replace(replace) => {
                Shape::plain(string.find.as_str().to_string(), replace.shown.clone())
            }
            StringChange::Report(_) => Shape::new(before, before, Vec::new()),
        },
        Action::ErrorResult(found) => Shape::plain(found.call.clone(), found.becomes()),
        Action::Text(text) => match &text.change {
            TextChange::Replace(replace) | TextChange::Report(replace) => {
                Shape::plain(text.find.as_str().to_string(), replace.shown.clone())
            }
        },
        Action::File(file) => Shape::plain(String::new(), file.path.clone()),
        Action::Rename(rename) => Shape::plain(rename.from.clone(), rename.to.clone()),
        Action::Rewrite(_) | Action::Report(_) | Action::Field(_) | Action::Binary(_) => {
            Shape::new(before, before, Vec::new())
        }
    }
}

/// Imports of one package are one shape for each form in which they are written; packages below it
/// are another, all of them together.
fn import_shape(rules: &RuleSet, import: &ImportAction, before: &str) -> Shape {
    let path = |id| rules.package(id).path.as_str();
    let alias = before.split(['"', '`']).next().unwrap_or("").trim();
    let form = match alias.trim_start_matches("import").trim() {
        "" => "",
        "_" => "_ ",
        "." => ". ",
        _ => "$alias ",
    };
    match import {
        ImportAction::Move { from, to, symbols, .. } => {
            let (from, to) = (path(*from), path(*to));
            let below = if before.contains(&format!("{from}/")) { "/…" } else { "" };
            let names =
                if symbols.is_empty() { String::new() } else { symbols.join(", ") + " of " };
            Shape::plain(
                format!("import {form}\"{from}{below}\""),
                format!("{names}import {form}\"{to}{below}\""),
            )
        }
        ImportAction::Add { package, name, .. } => {
            let name = name.as_ref().map(|name| format!("{name} ")).unwrap_or_default();
            Shape::plain(String::new(), format!("import {name}\"{}\"", path(*package)))
        }
        ImportAction::Replace { from, to, name } => {
            let name = name.as_ref().map(|name| format!("{name} ")).unwrap_or_default();
            let (from, to) = (path(*from), path(*to));
            Shape::plain(format!("import {form}\"{from}\""), format!("import {name}\"{to}\""))
        }
        ImportAction::PackageClause { name } => {
            Shape::plain("package".to_owned(), format!("package {name}"))
        }
        ImportAction::Remove { package } => {
            Shape::plain(format!("import {form}\"{}\"", path(*package)), String::new())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_and_comments_are_no_part_of_a_shape() {
        let one = Shape::new("f($a, $b)", "g($b)", Vec::new());
        let other = Shape::new("f(\n\t\t$a, // why\n\t\t$b,\n\t)", "g($b)", Vec::new());
        assert_eq!(one.key(), other.key());
        assert_eq!(other.before, "f(\n\t$a,\n\t$b,\n)");
        assert_ne!(one.key(), Shape::new("f($b, $a)", "g($b)", Vec::new()).key());
    }

    #[test]
    fn a_line_end_is_a_semicolon_and_the_last_one_is_none() {
        assert_eq!(normalize("a()\nb()").key, normalize("a(); b();\n").key);
        assert_ne!(normalize("a()\nb()").key, normalize("a() b()").key);
    }
}
