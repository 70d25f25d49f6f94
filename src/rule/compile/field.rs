//! `field`: what the uses of a field become. Comes in: templates for reading, writing and literals.
//! Goes out: the same parsed, with the fields that they speak of.

use super::rule::Compiler;
use crate::go::lex::{Lexer, TokenKind, is_identifier};
use crate::go::syntax::{Kind, Node, Role};
use crate::rule::compiled::{FieldRule, FieldWrite, SeveralWrites};
use crate::rule::metavariable::{MetaId, template_stencil};
use crate::rule::pattern::{Atom, Context, PackageId};
use crate::rule::spec::{FieldSpec, SpannedStr};
use crate::rule::template::Template;
use crate::text::{Code, Span};

impl Compiler<'_, '_> {
    pub(super) fn field_rule(&mut self, spec: &FieldSpec) -> Option<FieldRule> {
        let owner = self.type_name(&spec.of);
        let from = self.field_name(&spec.from);
        let (x, v) = (self.metavariables.intern("x"), self.metavariables.intern("v"));
        let before = self.diagnostics.len();
        let read = spec.read.as_ref().and_then(|text| {
            let template = self.template_in(text, Context::Expression)?;
            self.only(text, &template, Some((x, "$x")), "a read has no value to put back");
            Some(template)
        });
        let zero = spec.zero.as_ref().and_then(|text| {
            let template = self.template_in(text, Context::Expression)?;
            self.only(text, &template, None, "the zero value is the same whatever has the field");
            Some(template)
        });
        let write = self.write(&spec.write);
        let literal: Vec<Template> = spec
            .literal
            .iter()
            .flat_map(elements)
            .collect::<Vec<_>>()
            .into_iter()
            .filter_map(|text| {
                let template = self.template_in(&text, Context::Element)?;
                self.only(
                    &text,
                    &template,
                    Some((v, "$v")),
                    "a literal is not selected from anything",
                );
                Some(template)
            })
            .collect();
        if self.diagnostics.len() > before {
            return None;
        }
        let (package, owner) = owner?;
        let mut members: Vec<String> = spec.write.iter().map(ToString::to_string).collect();
        members.extend(read.iter().flat_map(|template| selected(template, x)));
        members.extend(literal.iter().filter_map(key));
        members.sort();
        members.dedup();
        Some(FieldRule { package, owner, from: from?, x, v, read, zero, write, literal, members })
    }

    /// `pkg.Type`.
    pub(super) fn type_name(&mut self, text: &SpannedStr) -> Option<(PackageId, String)> {
        let parts = text.as_str().split_once('.');
        let Some((package, name)) = parts.filter(|(_, name)| is_identifier(name)) else {
            let message = format!("`{text}` is no type of a package");
            let help = "write the type as other packages do: `pkg.Type`";
            self.error(Code::BadValue, text.span(), message, help);
            return None;
        };
        let qualifier = text.slice(Span::new(0, package.len()));
        let package = self.package(&qualifier)?;
        self.mention_of(text, package, name);
        Some((package, name.to_owned()))
    }

    fn field_name(&mut self, text: &SpannedStr) -> Option<String> {
        if is_identifier(text.as_str()) && text.as_str() != "_" {
            return Some(text.as_str().to_owned());
        }
        let message = format!("`{text}` is no name of a field");
        self.error(Code::BadValue, text.span(), message, "write the name alone: `Username`");
        None
    }

    /// Reports a metavariable that means nothing in this template.
    fn only(
        &mut self,
        text: &SpannedStr,
        template: &Template,
        allowed: Option<(MetaId, &str)>,
        why: &str,
    ) {
        let is_wrong = |captured: &MetaId| allowed.is_none_or(|(id, _)| *captured != id);
        let wrong = template.captures().find(is_wrong);
        if let Some(wrong) = wrong {
            let written = format!("${}", self.metavariables.name(wrong));
            let at = text.as_str().find(&written).unwrap_or_default();
            let span = text.map_span(Span::new(at, at + written.len()));
            let help = match allowed {
                Some((_, name)) => format!("only `{name}` stands for something here: {why}"),
                None => why.to_owned(),
            };
            let message = format!("`{written}` means nothing here");
            self.error(Code::UnboundMetavariable, span, message, help);
        }
    }

    fn write(&mut self, fields: &[SpannedStr]) -> Option<FieldWrite> {
        let names: Vec<Option<String>> = fields.iter().map(|f| self.field_name(f)).collect();
        let names: Vec<String> = names.into_iter().collect::<Option<_>>()?;
        let first = names.first()?;
        if names.len() == 1 {
            return Some(FieldWrite::One(first.clone()));
        }
        let lines = |value: &dyn Fn(usize) -> String| {
            let line = |(nth, name)| format!("$x.{name} = {}", value(nth));
            names.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
        };
        let span = fields[0].span();
        let each = SpannedStr::opaque(lines(&|_| "$v".to_owned()), span);
        let chained = |nth| if nth == 0 { "$v".to_owned() } else { format!("$x.{first}") };
        let chained = SpannedStr::opaque(lines(&chained), span);
        let each = self.template_in(&each, Context::Statements)?;
        let chained = self.template_in(&chained, Context::Statements)?;
        Some(FieldWrite::Several(Box::new(SeveralWrites { each, chained })))
    }
}

/// `A: $v, B: $v` in pieces: the elements, each in its place.
fn elements(text: &SpannedStr) -> Vec<SpannedStr> {
    let Ok(stencil) = template_stencil(text.as_str()) else { return vec![text.clone()] };
    let mut pieces = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for token in Lexer::all(&stencil.text).filter(|t| t.kind == TokenKind::Operator) {
        match token.span.of(&stencil.text) {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            "," if depth == 0 => {
                pieces.push(Span::new(start, token.span.start));
                start = token.span.end;
            }
            _ => {}
        }
    }
    pieces.push(Span::new(start, text.as_str().len()));
    let trimmed = |span: Span| {
        let piece = span.of(text.as_str());
        let from = span.start + (piece.len() - piece.trim_start().len());
        Span::new(from, from + piece.trim().len())
    };
    let pieces = pieces.into_iter().map(trimmed).filter(|span| !span.is_empty());
    pieces.map(|span| text.slice(span)).collect()
}

/// The names that a template selects from `x`.
fn selected(template: &Template, x: MetaId) -> Vec<String> {
    let Some(pattern) = template.as_pattern() else { return Vec::new() };
    let selectors = pattern.nodes().flat_map(Node::subtree).filter(|n| n.kind() == Kind::Selector);
    selectors
        .filter(|n| n.child(Role::X).is_some_and(|n| pattern.atom(n) == Atom::One(Some(x))))
        .filter_map(|n| Some(n.child(Role::Sel)?.text().to_owned()))
        .collect()
}

/// The key of an element.
fn key(template: &Template) -> Option<String> {
    let element = template.as_pattern()?.first();
    Some(element.child(Role::Key).filter(|key| key.kind() == Kind::Ident)?.text().to_owned())
}
