//! Templates: what a match is rewritten to. Comes in: the text of a template. Goes out: its
//! tokens, in which captures, packages and values are marked, and the template as a pattern, by
//! which a site that was rewritten before is known.

mod any_value;
mod locals;
mod results;

use std::collections::HashMap;

use self::any_value::any_string;
pub use self::locals::Local;
use self::locals::locals;
pub use self::results::Results;
use self::results::results;
use super::layout;
use super::metavariable::{HoleKind, MetaId, Metavariables, interpolations, template_stencil};
use super::pattern::{
    Atom, Context, Framed, PackageId, PackageNames, Pattern, PatternError, Shift,
};
use super::value::{Value, ValueError, ValueSource};
use crate::go::lex::{Lexer, Token, TokenKind};
use crate::go::precedence::{Tightness, in_statement_header};
use crate::go::syntax::Node;
use crate::text::Span;

/// What a match is rewritten to.
#[derive(Clone, Debug, Default)]
pub struct Template {
    tokens: Vec<TemplateToken>,
    pattern: Option<Pattern>,
    results: Vec<Results>,
    locals: Vec<Local>,
}

/// A token of a template and the white space before it.
#[derive(Clone, Debug)]
pub struct TemplateToken {
    /// White space between the token before and this one; lines are indented from the margin of
    /// the template.
    pub lead: String,
    /// What is printed.
    pub piece: Piece,
    /// Offset in the text of the template.
    pub at: usize,
}

/// What a token of a template prints.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Itself.
    Text(String),
    /// A semicolon or the line end that stands for it.
    Semicolon,
    /// What a metavariable captured.
    Capture {
        /// Which.
        id: MetaId,
        /// How tightly it must hold together there, or parentheses are added.
        asked: Tightness,
        /// Whether it stands in a statement's header, where a bare composite literal needs
        /// parentheses.
        in_header: bool,
    },
    /// The file's own name for a package.
    Package(PackageId),
    /// A computed value, printed as it is.
    Value(Value),
    /// A string literal with values in it: its quote, and its parts.
    Literal(char, Vec<LiteralPart>),
}

/// A part of a string literal in a template.
#[derive(Clone, Debug, PartialEq)]
pub enum LiteralPart {
    /// Text as the literal spells it.
    Text(String),
    /// A value, quoted for the literal.
    Value(Value),
}

/// Why a text is no template.
#[derive(Clone, Debug, PartialEq)]
pub enum TemplateError {
    /// As for patterns; contexts other than the pattern's are not tried.
    Pattern(PatternError),
    /// A metavariable that no pattern of the rule binds.
    Unbound {
        /// Where, in the text of the template.
        span: Span,
        /// The name without `$`.
        name: String,
    },
    /// `$_` or `$$$`, which keep nothing.
    Anonymous {
        /// Where, in the text of the template.
        span: Span,
    },
    /// A `${…}` that means nothing.
    Value {
        /// Where, in the text of the template.
        span: Span,
        /// What is wrong with it.
        error: ValueError,
    },
}

/// What a template may speak of.
pub struct TemplateScope<'a> {
    /// The metavariables that the rule's patterns bind.
    pub metavariables: &'a Metavariables,
    /// Parameters with their values.
    pub params: &'a dyn Fn(&str) -> Option<String>,
    /// Declared packages.
    pub packages: &'a mut dyn PackageNames,
}

impl Template {
    /// Reads the template of a pattern that was understood as `context`. An empty template removes
    /// what matched.
    ///
    /// # Errors
    /// Where the text is no Go in that context or speaks of something that nothing declares.
    pub fn parse(
        text: &str,
        context: Context,
        scope: &mut TemplateScope<'_>,
    ) -> Result<Template, TemplateError> {
        if text.trim().is_empty() {
            return Ok(Template::default());
        }
        let stencil = template_stencil(text).map_err(|bad| {
            TemplateError::Pattern(PatternError::Hole { span: bad.span, message: bad.message })
        })?;
        let framed = contexts_for(context)
            .iter()
            .map(|&c| Framed::in_context(&stencil, c).map_err(|span| (c, span)))
            .reduce(|first, next| first.or_else(|e| next.map_err(|_| e)))
            .unwrap_or(Err((context, Span::new(0, text.len()))))
            .map_err(|error| TemplateError::Pattern(PatternError::Syntax { tried: vec![error] }))?;
        let mut metavariables = scope.metavariables.clone();
        let shift = framed.shift();
        let pattern = framed
            .into_pattern(&stencil, &mut metavariables, scope.packages)
            .map_err(TemplateError::Pattern)?;
        let mut reader = Reader {
            text,
            shift: shift.clone(),
            metavariables: scope.metavariables,
            params: scope.params,
            places: Reader::places(&pattern),
        };
        for hole in &stencil.holes {
            reader.check(&hole.kind, hole.span)?;
        }
        let tokens = reader.tokens(&stencil.text)?;
        let results = results(&pattern, &tokens, &shift);
        let any_value =
            any_string(text, &tokens).and_then(|text| pattern_of(&text, context, scope));
        let locals = locals(&pattern, any_value.as_ref().unwrap_or(&pattern), &tokens, &shift);
        Ok(Template { tokens, pattern: Some(any_value.unwrap_or(pattern)), results, locals })
    }

    /// The tokens, in order.
    pub fn tokens(&self) -> &[TemplateToken] {
        &self.tokens
    }

    /// The tokens, to lay them out.
    pub(super) fn tokens_mut(&mut self) -> &mut [TemplateToken] {
        &mut self.tokens
    }

    /// Leaves tokens out.
    pub(super) fn retain(&mut self, keep: impl FnMut(&TemplateToken) -> bool) {
        self.tokens.retain(keep);
    }

    /// Whether the template removes what matched.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The template as a pattern; values match anything.
    pub fn as_pattern(&self) -> Option<&Pattern> {
        self.pattern.as_ref()
    }

    /// Results that may turn out to be fewer than two.
    pub fn results(&self) -> &[Results] {
        &self.results
    }

    /// The metavariables whose captures are printed, each as often as it is.
    pub fn captures(&self) -> impl Iterator<Item = MetaId> + '_ {
        self.tokens.iter().filter_map(|t| match &t.piece {
            Piece::Capture { id, .. } => Some(*id),
            _ => None,
        })
    }

    /// Whether one of the names stands in it, and not behind a dot.
    pub fn says_name(&self, names: &[String]) -> bool {
        let dot = |at: usize| {
            let before = at.checked_sub(1).and_then(|at| self.tokens.get(at));
            before.is_some_and(|t| matches!(&t.piece, Piece::Text(text) if text == "."))
        };
        let says = |(at, token): (usize, &TemplateToken)| match &token.piece {
            Piece::Text(text) => names.contains(text) && !dot(at),
            _ => false,
        };
        self.tokens.iter().enumerate().any(says)
    }

    /// Whether code in it is computed, so that it may come out as no Go.
    pub fn computes_code(&self) -> bool {
        self.tokens.iter().any(|token| matches!(token.piece, Piece::Value(_)))
    }

    /// The packages that are named.
    pub fn packages(&self) -> impl Iterator<Item = PackageId> + '_ {
        self.tokens.iter().filter_map(|t| match &t.piece {
            Piece::Package(id) => Some(*id),
            _ => None,
        })
    }
}

/// The pattern that a text is in the place of a template of `context`.
fn pattern_of(text: &str, context: Context, scope: &mut TemplateScope<'_>) -> Option<Pattern> {
    let stencil = template_stencil(text).ok()?;
    let framed =
        contexts_for(context).iter().find_map(|&c| Framed::in_context(&stencil, c).ok())?;
    framed.into_pattern(&stencil, &mut scope.metavariables.clone(), scope.packages).ok()
}

/// The contexts that a template may have beside a pattern of `context`: an expression may become
/// a type and the other way round, one statement many, an expression that is a statement any.
pub(super) fn contexts_for(context: Context) -> &'static [Context] {
    match context {
        Context::Expression => &[Context::Expression, Context::Type],
        Context::Type => &[Context::Type, Context::Expression],
        Context::Statements => &[Context::Statements],
        Context::Declaration => &[Context::Declaration],
        Context::Element => &[Context::Element, Context::Expression],
        Context::Field => &[Context::Field],
        Context::Parameter => &[Context::Parameter],
        Context::Case => &[Context::Case],
    }
}

/// What the tree says of an identifier at some offset.
struct Place {
    atom: Atom,
    asked: Tightness,
    in_header: bool,
}

struct Reader<'a> {
    text: &'a str,
    /// From places in the template's own text to those in the framed one.
    shift: Shift,
    metavariables: &'a Metavariables,
    params: &'a dyn Fn(&str) -> Option<String>,
    places: HashMap<usize, Place>,
}

impl Reader<'_> {
    fn places(pattern: &Pattern) -> HashMap<usize, Place> {
        let root: Vec<Node<'_>> = pattern.nodes().collect();
        let marked = root.iter().flat_map(|n| n.subtree());
        marked
            .filter(|n| !matches!(pattern.atom(*n), Atom::Plain | Atom::Predeclared))
            .map(|n| {
                let place = Place {
                    atom: pattern.atom(n),
                    asked: Tightness::asked_at(n),
                    in_header: in_statement_header(n),
                };
                (n.span().start, place)
            })
            .collect()
    }

    fn check(&self, kind: &HoleKind, span: Span) -> Result<(), TemplateError> {
        match kind {
            HoleKind::One(Some(name)) | HoleKind::Many(Some(name)) => {
                if self.metavariables.get(name).is_none() {
                    return Err(TemplateError::Unbound { span, name: name.clone() });
                }
                Ok(())
            }
            HoleKind::One(None) | HoleKind::Many(None) => Err(TemplateError::Anonymous { span }),
            HoleKind::Value(_) => Ok(()),
        }
    }

    fn value(&self, text: &str, span: Span) -> Result<Value, TemplateError> {
        Value::parse(text, self.metavariables, self.params)
            .map_err(|error| TemplateError::Value { span, error })
    }

    /// A value that is written as code. What a metavariable captured is code as it is: its text,
    /// which is a string's without the quotes, is hardly ever meant.
    fn computed(&self, text: &str, span: Span) -> Result<Value, TemplateError> {
        let value = self.value(text, span)?;
        if matches!(value.source, ValueSource::Capture(_)) && value.filters.is_empty() {
            let error = ValueError::IsCode(text.trim().to_owned());
            return Err(TemplateError::Value { span, error });
        }
        Ok(value)
    }

    /// The tokens of the stencil, with the template's text in the holes.
    fn tokens(&mut self, stencil: &str) -> Result<Vec<TemplateToken>, TemplateError> {
        let margin = layout::margin(self.text);
        let mut tokens = Vec::new();
        let mut at = 0;
        let mut lexed: Vec<Token> = Lexer::all(stencil).collect();
        while lexed.last().is_some_and(|t| t.kind == TokenKind::Semicolon) {
            lexed.pop();
        }
        for token in lexed {
            let piece = self.piece(token)?;
            let lead = if at == 0 { "" } else { &self.text[at..token.span.start] };
            let lead = layout::without_margin(lead, margin);
            tokens.push(TemplateToken { lead, piece, at: token.span.start });
            at = token.span.end.max(at);
        }
        // YAML makes people indent with spaces; Go has tabs.
        let indent =
            |token: &TemplateToken| token.lead.rsplit_once('\n').map(|(_, i)| i.contains(' '));
        if tokens.iter().any(|token| indent(token) == Some(true)) {
            layout::indent(&mut tokens);
        }
        Ok(tokens)
    }

    fn piece(&self, token: Token) -> Result<Piece, TemplateError> {
        let text = token.span.of(self.text);
        if token.kind == TokenKind::Semicolon {
            return Ok(Piece::Semicolon);
        }
        if let Some(value) = text.strip_prefix("${").and_then(|t| t.strip_suffix('}')) {
            return self.computed(value, token.span).map(Piece::Value);
        }
        if token.kind == TokenKind::String {
            return self.literal(text, token.span);
        }
        Ok(match self.places.get(&self.shift.of(token.span.start)) {
            Some(Place { atom: Atom::One(Some(id)) | Atom::Many(Some(id)), asked, in_header }) => {
                Piece::Capture { id: *id, asked: *asked, in_header: *in_header }
            }
            Some(Place { atom: Atom::Package(id) | Atom::PackageOrName(id), .. }) => {
                Piece::Package(*id)
            }
            _ => self.capture_by_name(text),
        })
    }

    /// A metavariable that the tree has no mark for at that offset.
    fn capture_by_name(&self, text: &str) -> Piece {
        let name = text.strip_prefix("$$$").or_else(|| text.strip_prefix('$'));
        match name.and_then(|n| self.metavariables.get(n)) {
            Some(id) => Piece::Capture { id, asked: Tightness::LOOSE, in_header: false },
            None => Piece::Text(text.to_string()),
        }
    }

    fn literal(&self, text: &str, span: Span) -> Result<Piece, TemplateError> {
        let holes = interpolations(text);
        if holes.is_empty() {
            return Ok(Piece::Text(text.replace("$${", "${")));
        }
        let quote = if text.starts_with('`') { '`' } else { '"' };
        let mut parts = Vec::new();
        let mut at = 0;
        for hole in holes {
            let HoleKind::Value(inner) = &hole.kind else { continue };
            parts.push(LiteralPart::Text(text[at..hole.span.start].replace("$${", "${")));
            let place = Span::new(span.start + hole.span.start, span.start + hole.span.end);
            parts.push(LiteralPart::Value(self.value(inner, place)?));
            at = hole.span.end;
        }
        parts.push(LiteralPart::Text(text[at..].replace("$${", "${")));
        Ok(Piece::Literal(quote, parts))
    }
}
