//! What to say where a pattern or a template is wrong. Comes in: the error, with its place in the
//! pattern. Goes out: a diagnostic with its place in the rule file and the way to mend it.

use super::env::Env;
use crate::go::lex::{Lexer, TokenKind};
use crate::rule::metavariable::{Metavariables, pattern_stencil, template_stencil};
use crate::rule::pattern::{Context, PatternError};
use crate::rule::spec::{SpannedStr, nearest};
use crate::rule::template::TemplateError;
use crate::rule::value::{Filter, ValueError};
use crate::text::{Code, Diagnostic, Span};

/// "`a`, `b`, `c`".
pub(super) fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// Names of the standard library that more than one package has.
const AMBIGUOUS: [(&str, [&str; 2]); 4] = [
    ("pprof", ["net/http/pprof", "runtime/pprof"]),
    ("rand", ["crypto/rand", "math/rand"]),
    ("scanner", ["text/scanner", "go/scanner"]),
    ("template", ["text/template", "html/template"]),
];

/// What is wrong with a pattern.
pub(super) fn pattern(
    env: &Env<'_>,
    text: &SpannedStr,
    error: &PatternError,
    is_type: bool,
) -> Diagnostic {
    match error {
        // A metavariable with a name keeps something, and a type test keeps nothing.
        PatternError::UnknownPackage { name, .. } if is_type => {
            explained(env, text, error, false).help(declare_it(env, name, true))
        }
        _ => explained(env, text, error, false),
    }
}

fn explained(env: &Env<'_>, text: &SpannedStr, error: &PatternError, template: bool) -> Diagnostic {
    let code = if template { Code::TemplateSyntax } else { Code::PatternSyntax };
    let file = env.file();
    match error {
        PatternError::Hole { span, message } => {
            let written = &text.as_str()[span.start..];
            let help = if !template && written.starts_with("${") {
                "`${…}` stands in templates; a pattern has `$name`"
            } else if message.contains("cannot stand") {
                "it stands for a whole expression, type, name or statement, not for a part of one"
            } else {
                "write `$name` for one piece, `$$$names` for any number, `$_` to keep nothing"
            };
            Diagnostic::error(code, message.clone()).at(file, text.map_span(*span), "").help(help)
        }
        PatternError::Syntax { tried } => syntax(env, text, tried, template),
        PatternError::UnknownPackage { span, name } => Diagnostic::error(
            Code::UnknownPackage,
            format!("nothing declares the package `{name}`"),
        )
        .at(file, text.map_span(*span), "")
        .help(declare_it(env, name, template)),
    }
}

fn declare_it(env: &Env<'_>, name: &str, only: bool) -> String {
    if let Some((_, paths)) = AMBIGUOUS.iter().find(|(other, _)| *other == name) {
        let [one, other] = paths.map(|path| format!("`packages: {{{name}: {path}}}`"));
        return format!("say which one: {one} or {other}");
    }
    let declare = format!("declare it: `packages: {{{name}: IMPORT/PATH}}`");
    match nearest(name, &env.package_names()) {
        Some(near) => format!("did you mean `{near}`? If not, {declare}"),
        None if only => declare,
        None => format!("{declare}, or write `${name}` for any expression"),
    }
}

/// Shows the contexts that get furthest, and then what the others said.
fn syntax(
    env: &Env<'_>,
    text: &SpannedStr,
    tried: &[(Context, Span)],
    template: bool,
) -> Diagnostic {
    let mut places: Vec<(Span, Vec<&str>)> = Vec::new();
    for (context, span) in tried {
        match places.iter_mut().find(|(place, _)| place.start == span.start) {
            Some((_, contexts)) => contexts.push(context.as_str()),
            None => places.push((*span, vec![context.as_str()])),
        }
    }
    places.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    let what = if template { "template" } else { "pattern" };
    let message = match tried {
        [] => format!("the {what} is not Go"),
        [(only, _)] => format!("the {what} is not Go of the kind `{}`", only.as_str()),
        _ => format!("the {what} is not Go of any kind"),
    };
    let code = if template { Code::TemplateSyntax } else { Code::PatternSyntax };
    let (bracket, help) = mend(text, template);
    let mut diagnostic = Diagnostic::error(code, message);
    if let Some(bracket) = bracket {
        diagnostic = diagnostic.at(env.file(), text.map_span(bracket), "");
    }
    let Some(((span, best), others)) = places.split_first() else { return diagnostic.help(help) };
    // A bracket explains it better than where each reading of the rest ends.
    if bracket.is_none() {
        let label = match (tried.len(), others) {
            (1, _) => "unexpected here".to_owned(),
            (_, []) => "whatever it is read as, it goes wrong here".to_owned(),
            _ => format!("read furthest as {}", best.join(", ")),
        };
        diagnostic = diagnostic.at(env.file(), text.map_span(first_line(text, *span)), label);
        if let Some((span, _)) = others.first() {
            let contexts: Vec<&str> = others.iter().flat_map(|(_, all)| all).copied().collect();
            let label = format!("not further than here as {}", contexts.join(", "));
            let place = text.map_span(Span::at(span.start));
            diagnostic = diagnostic.at(env.file(), place, label);
        }
    }
    diagnostic.help(help)
}

/// A syntax error often reaches to the end: a caret below the first line says enough.
fn first_line(text: &SpannedStr, span: Span) -> Span {
    let line = span.of(text.as_str()).lines().next().unwrap_or_default();
    Span::new(span.start, span.start + line.len())
}

/// What to do about it, and the bracket that is to blame, if one is.
fn mend(text: &SpannedStr, template: bool) -> (Option<Span>, String) {
    let stencil = if template { template_stencil } else { pattern_stencil };
    let stencil = stencil(text.as_str()).map(|s| s.text).unwrap_or_default();
    let mut open: Vec<Span> = Vec::new();
    for token in Lexer::all(&stencil).filter(|t| t.kind == TokenKind::Operator) {
        match token.span.of(&stencil) {
            "(" | "[" | "{" => open.push(token.span),
            bracket @ (")" | "]" | "}") => {
                let closes = open.pop().map(|span| closing(span.of(&stencil)));
                if closes != Some(bracket) {
                    let help = format!("nothing opens this `{bracket}`: take it out, or open it");
                    return (Some(token.span), help);
                }
            }
            _ => {}
        }
    }
    if let Some(&bracket) = open.last() {
        let help = format!("close the `{}`", bracket.of(&stencil));
        return (Some(bracket), help);
    }
    let help = if text.as_str().trim().is_empty() {
        "write the code to look for"
    } else if text.as_str().lines().any(|line| line.trim_start().starts_with("import ")) {
        "leave the import out: a package is found, and imported, by its name; `packages` declares it"
    } else if text.is_folded() {
        let key = if template { "rewrite" } else { "match" };
        let help =
            format!("YAML folds these lines into one: write `{key}: |`, and the lines below it");
        return (None, help);
    } else if text.as_str().contains("...") {
        "write `$$$` for any number of arguments, statements or fields"
    } else if template {
        "a template is code of the same kind as what its pattern matches"
    } else {
        "a pattern is an expression, a type, statements, a declaration, `key: value`, a field, a parameter or a case"
    };
    (None, help.to_owned())
}

fn closing(bracket: &str) -> &'static str {
    match bracket {
        "(" => ")",
        "[" => "]",
        _ => "}",
    }
}

/// What is wrong with a template.
pub(super) fn template(
    env: &Env<'_>,
    text: &SpannedStr,
    metavariables: &Metavariables,
    error: &TemplateError,
) -> Diagnostic {
    let at = |code, message: String, span: Span| {
        Diagnostic::error(code, message).at(env.file(), text.map_span(span), "")
    };
    match error {
        TemplateError::Pattern(error) => explained(env, text, error, true),
        TemplateError::Unbound { span, name } => {
            let written = span.of(text.as_str());
            at(Code::UnboundMetavariable, format!("no pattern binds `{written}`"), *span)
                .help(bind_it(metavariables, name))
        }
        TemplateError::Anonymous { span } => {
            let written = span.of(text.as_str());
            let message = format!("`{written}` keeps nothing that could be put back");
            at(Code::UnboundMetavariable, message, *span)
                .help("give it a name, in the pattern and here")
        }
        TemplateError::Value { span, error } => value(env, text, metavariables, *span, error),
    }
}

/// What to do about a metavariable that no pattern binds.
pub(super) fn bind_it(metavariables: &Metavariables, name: &str) -> String {
    if name == "match" {
        return "write out what the pattern matches, with the metavariables that it has".to_owned();
    }
    // Names that begin with `_` stand for what the author left without one.
    let bound: Vec<&str> = metavariables.names().filter(|n| !n.starts_with('_')).collect();
    match nearest(name, &bound) {
        Some(near) => format!("did you mean `${near}`?"),
        None if bound.is_empty() => format!("write `${name}` in `match`"),
        None => {
            let bound: Vec<String> = bound.iter().map(|name| format!("${name}")).collect();
            let bound: Vec<&str> = bound.iter().map(String::as_str).collect();
            format!("the rule's patterns bind {}", list(&bound))
        }
    }
}

/// What is wrong with the `${…}` at `span`.
pub(super) fn value(
    env: &Env<'_>,
    text: &SpannedStr,
    metavariables: &Metavariables,
    span: Span,
    error: &ValueError,
) -> Diagnostic {
    let word = match error {
        ValueError::UnknownName(name) | ValueError::UnknownFilter(name) => name,
        ValueError::IsCode(_) => "",
    };
    let within = span.of(text.as_str()).find(word).filter(|_| !word.is_empty());
    let place = within.map_or(span, |at| Span::new(span.start + at, span.start + at + word.len()));
    let (code, message, help) = match error {
        ValueError::UnknownFilter(name) => {
            let names = Filter::NAMES.map(|name| name.split(':').next().unwrap_or(name));
            let help = match nearest(name.split(':').next().unwrap_or_default(), &names) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the filters are {}", list(&Filter::NAMES)),
            };
            (Code::UnknownFilter, format!("there is no filter `{name}`"), help)
        }
        ValueError::IsCode(name) => {
            let message =
                format!("`${{{name}}}` is the text of `${name}`, of a string without its quotes");
            (Code::TemplateSyntax, message, format!("write `${name}` for the code itself"))
        }
        ValueError::UnknownName(name) if env.param_names().contains(&name.as_str()) => {
            let message = format!("the parameter `{name}` has no value");
            let help = format!("give it a `default`, or set it with `--set {name}=VALUE`");
            (Code::UnknownParameter, message, help)
        }
        ValueError::UnknownName(name) => {
            let message = format!("`{name}` is neither a parameter nor bound by a pattern");
            let known: Vec<&str> =
                env.param_names().into_iter().chain(metavariables.names()).collect();
            let help = match nearest(name, &known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!(
                    "write `${name}` in the pattern to capture it, or declare `params: {{{name}: {{default: VALUE}}}}`"
                ),
            };
            (Code::UnknownParameter, message, help)
        }
    };
    Diagnostic::error(code, message).at(env.file(), text.map_span(place), "").help(help)
}
