//! What a match turns into. Comes in: `rewrite`, and what the rule looks for. Goes out: the
//! template, in which every name stands for something.

use super::explain;
use super::names::Names;
use super::rule::Compiler;
use crate::go::lex::{Lexer, TokenKind};
use crate::rule::compiled::Search;
use crate::rule::constraint::Test;
use crate::rule::metavariable::{MetaId, WHOLE_MATCH};
use crate::rule::pattern::Context;
use crate::rule::spec::{SpannedStr, nearest};
use crate::rule::template::{LiteralPart, Piece, Template, TemplateError, TemplateScope};
use crate::rule::value::{Value, ValueSource};
use crate::text::{Code, Span};

impl Compiler<'_, '_> {
    pub(super) fn template(&mut self, text: &SpannedStr, search: &Search) -> Option<Template> {
        if let Some(at) = self.allow_match(text)
            && search.pattern.nodes().len() > 1
            && !text.as_str()[..at].ends_with("$$")
        {
            let span = text.map_span(Span::new(at, at + 1 + WHOLE_MATCH.len()));
            let message = "`$match` is several statements here";
            self.error(Code::TemplateSyntax, span, message, "write `$$$match`");
            return None;
        }
        if !self.has_no_path(text, Code::TemplateSyntax) {
            return None;
        }
        let context = search.pattern.context();
        let parsed = self.parse(text, context).map_err(|error| {
            let diagnostic = explain::template(self.env, text, &self.metavariables, &error);
            let is_expression = matches!(context, Context::Expression | Context::Type);
            if is_expression && self.parse(text, Context::Statements).is_ok() {
                diagnostic.help("to replace whole statements, add `as: statements` to the rule")
            } else {
                diagnostic
            }
        });
        let template = self.keep(parsed)?;
        let values: Vec<Value> = template.tokens().iter().flat_map(|t| values(&t.piece)).collect();
        for value in &values {
            self.check_group(text, search, value);
        }
        self.check_signs(text, search, &template);
        Some(template)
    }

    /// A template without a pattern of its own: its names are the rule's.
    pub(super) fn template_in(&mut self, text: &SpannedStr, context: Context) -> Option<Template> {
        let parsed = self
            .parse(text, context)
            .map_err(|error| explain::template(self.env, text, &self.metavariables, &error));
        self.keep(parsed)
    }

    /// Where a text speaks of `$match`, it is a metavariable like others; says where.
    pub(super) fn allow_match(&mut self, text: &SpannedStr) -> Option<usize> {
        let is_part = |c: char| c == '_' || c.is_alphanumeric();
        let written = text.as_str();
        let mut places = written.match_indices("$match");
        let (at, _) =
            places.find(|(at, found)| !written[at + found.len()..].starts_with(is_part))?;
        self.metavariables.intern(WHOLE_MATCH);
        Some(at)
    }

    fn parse(&mut self, text: &SpannedStr, context: Context) -> Result<Template, TemplateError> {
        let env = self.env;
        let mut scope = TemplateScope {
            metavariables: &self.metavariables,
            params: &|name| env.param(name),
            packages: &mut Names { env, table: self.table, dialect: self.dialect },
        };
        Template::parse(text.as_str(), context, &mut scope)
    }

    /// `msg` in a template where the pattern binds `$msg`, which the template never prints: the
    /// sign was forgotten.
    fn check_signs(&mut self, text: &SpannedStr, search: &Search, template: &Template) {
        let printed: Vec<MetaId> = template.captures().collect();
        let unused: Vec<MetaId> =
            search.pattern.binds().filter(|id| !printed.contains(id)).collect();
        for id in unused {
            let name = self.metavariables.name(id).to_owned();
            let is_plain = |piece: &Piece| matches!(piece, Piece::Text(text) if *text == name);
            let mut tokens = Lexer::all(text.as_str());
            let at =
                tokens.find(|t| t.kind == TokenKind::Ident && t.span.of(text.as_str()) == name);
            let Some(at) = at.filter(|_| template.tokens().iter().any(|t| is_plain(&t.piece)))
            else {
                continue;
            };
            let message = format!("`{name}` is printed as it is, and `${name}` is lost");
            let help = format!(
                "write `${name}`; if `{name}` is meant, call the metavariable something else"
            );
            self.error(Code::UnboundMetavariable, text.map_span(at.span), message, help);
        }
    }

    /// A group must be one of a `value` condition on its metavariable.
    pub(super) fn check_group(&mut self, text: &SpannedStr, search: &Search, value: &Value) {
        let ValueSource::Group(id, group) = &value.source else { return };
        let groups = groups(search, *id);
        if groups.contains(&group.as_str()) {
            return;
        }
        let name = self.metavariables.name(*id).to_owned();
        let written = format!("{name}.{group}");
        let at = text.as_str().find(&format!("${{{written}"));
        let span =
            at.map_or(text.span(), |at| text.map_span(Span::new(at + 2, at + 2 + written.len())));
        let message = format!("no `value` condition on `${name}` has a group `{group}`");
        let help = match nearest(group, &groups) {
            Some(near) => format!("did you mean `{name}.{near}`?"),
            None => format!("name it in the regular expression: `(?P<{group}>…)`"),
        };
        self.error(Code::UnboundMetavariable, span, message, help);
    }
}

/// The named groups of the `value` conditions on a metavariable.
fn groups(search: &Search, id: MetaId) -> Vec<&str> {
    let on_it = search.constraints.iter().filter(|c| c.on == Some(id));
    on_it
        .filter_map(|c| match &c.test {
            Test::Value(regex) => Some(regex.capture_names().flatten()),
            _ => None,
        })
        .flatten()
        .collect()
}

/// The values that a token prints.
fn values(piece: &Piece) -> Vec<Value> {
    match piece {
        Piece::Value(value) => vec![value.clone()],
        Piece::Literal(_, parts) => parts
            .iter()
            .filter_map(|part| match part {
                LiteralPart::Value(value) => Some(value.clone()),
                LiteralPart::Text(_) => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}
