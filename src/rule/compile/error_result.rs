//! Calls that gained an error result. Comes in: `error-result`. Goes out: the pattern of the call, and
//! what is to be done with the error, in which `$err` and `${zeros}` are metavariables that the
//! engine fills in.

use super::rule::Compiler;
use crate::go::lex::is_identifier;
use crate::go::scope::{NameUse, Scopes};
use crate::go::syntax::{Kind, Node, Role};
use crate::rule::compiled::{ErrorResult, OnError, Returned};
use crate::rule::metavariable::{HoleKind, MetaId, template_stencil};
use crate::rule::pattern::{Atom, Context, Pattern};
use crate::rule::spec::{Dialect, ErrorResultSpec, SpannedStr, nearest};
use crate::rule::template::{LiteralPart, Piece, Template};
use crate::rule::value::ValueSource;
use crate::text::{Code, Span};

/// The metavariable that stands for the error.
const ERR: &str = "err";

/// `${zeros}` is read as [`ZEROS_RUN`], which is as long, so that every place stays what it is.
const ZEROS: &str = "zeros";
const ZEROS_RUN: &str = "$$$_zer,";
/// The name of the metavariable in it.
const ZEROS_NAME: &str = "_zer";

const EXAMPLE: &str = "return ${zeros}$err";

impl Compiler<'_, '_> {
    pub(super) fn error_result(&mut self, spec: &ErrorResultSpec) -> Option<ErrorResult> {
        let search = self.search(&spec.target);
        if let Some(search) = &search {
            self.check_call(&spec.target.pattern, &search.pattern);
        }
        let value = spec.value.as_ref();
        if let Some(value) = value.filter(|value| !is_identifier(value.as_str())) {
            let message = format!("`{value}` is no name of a variable");
            let help = "write what a careful person would call the value: `value: clob`";
            self.error(Code::BadValue, value.span(), message, help);
        }
        let on_error = self.on_error(&spec.on_error);
        Some(ErrorResult {
            search: search?,
            values: spec.values.map_or(1, |values| values.value),
            value: value.map(|value| value.as_str().to_owned()),
            on_error: on_error?,
            call: spec.target.pattern.as_str().trim().to_owned(),
        })
    }

    /// Reports a pattern that is no call, and one that has the name of the error.
    fn check_call(&mut self, text: &SpannedStr, pattern: &Pattern) {
        let is_call = pattern.context() == Context::Expression
            && pattern.first().unparenthesized().kind() == Kind::Call;
        if !is_call {
            let message = format!("`{}` is no call", text.as_str().trim());
            let help = "write the call with its arguments, and nothing around it: `pkg.New($x)`";
            self.error(Code::PatternSyntax, text.span(), message, help);
        }
        if pattern.binds().any(|id| self.metavariables.name(id) == ERR) {
            let at = text.as_str().find("$err").unwrap_or_default();
            let span = text.map_span(Span::new(at, (at + 4).min(text.as_str().len())));
            let help = "give the metavariable another name";
            self.error(Code::BadValue, span, "`$err` is the error that the call gives", help);
        }
    }

    fn on_error(&mut self, text: &SpannedStr) -> Option<OnError> {
        let err = self.metavariables.intern(ERR);
        let zeros = self.metavariables.intern(ZEROS_NAME);
        let read = self.with_zeros(text)?;
        // `t.Fatal($err)`: what is called so is known at each site.
        let dialect = std::mem::replace(&mut self.dialect, Dialect::Site);
        let template = self.template_in(&read, Context::Statements);
        self.dialect = dialect;
        let template = template?;
        let Some(pattern) = template.as_pattern() else {
            let help = format!("write what happens with the error: `on-error: \"{EXAMPLE}\"`");
            self.error(Code::TemplateSyntax, text.span(), "`on-error` does nothing", help);
            return None;
        };
        self.check_error(text, &template, err)?;
        let (names, declares) = names(pattern);
        let returns = returns(pattern, err, zeros);
        let written = text.as_str().trim().to_owned();
        Some(OnError { template, err, zeros, returns, names, declares, written })
    }

    /// The statements with each `${zeros}` as a metavariable for any number of values.
    fn with_zeros(&mut self, text: &SpannedStr) -> Option<SpannedStr> {
        let written = text.as_str();
        // What is wrong with a `$` otherwise is said where the template is read.
        let Ok(stencil) = template_stencil(written) else { return Some(text.clone()) };
        let before = self.diagnostics.len();
        let mut pieces = Vec::new();
        let mut at = 0;
        for hole in stencil.holes {
            let HoleKind::Value(name) = &hole.kind else {
                self.check_spelling(text, hole.span, &hole.kind);
                continue;
            };
            if name == ZEROS {
                self.check_place(text, hole.span);
                pieces.push(text.slice(Span::new(at, hole.span.start)));
                pieces.push(SpannedStr::opaque(ZEROS_RUN, text.map_span(hole.span)));
                at = hole.span.end;
            } else if nearest(name, &[ZEROS]).is_some() {
                let message = format!("`${{{name}}}` stands for nothing");
                let help = format!("did you mean `${{{ZEROS}}}`?");
                self.error(Code::UnknownParameter, text.map_span(hole.span), message, help);
            }
        }
        pieces.push(text.slice(Span::new(at, written.len())));
        let joined = SpannedStr::joined(&pieces, text.span());
        (self.diagnostics.len() == before).then_some(joined)
    }

    /// `$zeros`, without its braces.
    fn check_spelling(&mut self, text: &SpannedStr, span: Span, kind: &HoleKind) {
        if matches!(kind, HoleKind::One(Some(name)) | HoleKind::Many(Some(name)) if name == ZEROS) {
            let message = format!("`{}` stands for nothing", span.of(text.as_str()));
            let help = format!("write `${{{ZEROS}}}`: `{EXAMPLE}`");
            self.error(Code::UnboundMetavariable, text.map_span(span), message, help);
        }
    }

    /// `${zeros}` brings the commas behind its values, and something has to follow.
    fn check_place(&mut self, text: &SpannedStr, zeros: Span) {
        let behind = &text.as_str()[zeros.end..];
        let next = behind.trim_start_matches([' ', '\t']);
        let at = zeros.end + (behind.len() - next.len());
        let (span, message) = match next.chars().next() {
            Some(',') => (Span::new(at, at + 1), "`${zeros}` brings its commas along"),
            None | Some('\n' | ';' | '}' | ')') => (zeros, "nothing follows `${zeros}`"),
            Some(_) => return,
        };
        let help = format!("write the error directly behind it: `{EXAMPLE}`");
        self.error(Code::TemplateSyntax, text.map_span(span), message, help);
    }

    /// The error has to be used, and as a value.
    fn check_error(&mut self, text: &SpannedStr, template: &Template, err: MetaId) -> Option<()> {
        let is_err =
            |source: &ValueSource| matches!(source, ValueSource::Capture(id) if *id == err);
        let in_text = template.tokens().iter().find(|token| match &token.piece {
            Piece::Value(value) => is_err(&value.source),
            Piece::Literal(_, parts) => parts.iter().any(|part| match part {
                LiteralPart::Value(value) => is_err(&value.source),
                LiteralPart::Text(_) => false,
            }),
            _ => false,
        });
        if let Some(token) = in_text {
            let said = text.as_str()[token.at..].find("${err").map_or(token.at, |at| token.at + at);
            let span =
                text.map_span(Span::new(said, (said + "${err}".len()).min(text.as_str().len())));
            let message = "`${err}` is text, and the error is a value";
            let help = "give it as an argument: `fmt.Errorf(\"…: %w\", $err)`";
            self.error(Code::BadValue, span, message, help);
            return None;
        }
        if !template.captures().any(|id| id == err) {
            let message = "`on-error` loses the error: it does not speak of `$err`";
            let help = format!("write `{EXAMPLE}`, or hand `$err` to what reports it");
            self.error(Code::UnboundMetavariable, text.span(), message, help);
            return None;
        }
        Some(())
    }
}

/// What the statements return, functions in them aside.
fn returns(pattern: &Pattern, err: MetaId, zeros: MetaId) -> Vec<Returned> {
    let own = |node: &Node<'_>| {
        node.kind() == Kind::Return && !node.ancestors().any(|a| a.kind() == Kind::FuncLit)
    };
    let speaks_of = |node: Node<'_>, wanted: MetaId| {
        node.subtree().any(
            |n| matches!(pattern.atom(n), Atom::One(Some(id)) | Atom::Many(Some(id)) if id == wanted),
        )
    };
    let all = pattern.nodes().flat_map(Node::subtree).filter(own);
    all.map(|stmt| {
        let given: Vec<Node<'_>> =
            stmt.child(Role::Value).into_iter().flat_map(Node::children).collect();
        let has_zeros = given.first().is_some_and(|first| speaks_of(*first, zeros));
        Returned {
            zeros: has_zeros,
            values: given.len() - usize::from(has_zeros),
            gives_error: given.last().is_some_and(|last| speaks_of(*last, err)),
        }
    })
    .collect()
}

/// The names that the statements take from around them, and those that they declare.
fn names(pattern: &Pattern) -> (Vec<String>, Vec<String>) {
    let scopes = Scopes::new(pattern.first().syntax());
    let (mut free, mut declared) = (Vec::new(), Vec::new());
    for node in pattern.nodes().flat_map(Node::subtree) {
        let is_plain = pattern.atom(node) == Atom::Plain && node.text() != "_";
        if node.kind() != Kind::Ident || !is_plain {
            continue;
        }
        let list = match scopes.name_use(node.id()) {
            NameUse::Free => &mut free,
            NameUse::Declares(_) => &mut declared,
            _ => continue,
        };
        if !list.iter().any(|name| name == node.text()) {
            list.push(node.text().to_owned());
        }
    }
    (free, declared)
}
