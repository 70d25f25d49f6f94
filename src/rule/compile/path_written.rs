//! Import paths in code: `io/ioutil.ReadFile($x)` is a division for Go, and matches nothing. Comes in:
//! the text of a pattern or template. Goes out: the path, and how to write what was meant.

use super::rule::Compiler;
use crate::go::import_path::guess_name;
use crate::go::lex::{Lexer, TokenKind};
use crate::go::packages::standard_api;
use crate::go::predeclared::standard_package;
use crate::rule::pattern::PackageNames as _;
use crate::rule::spec::{Dialect, SpannedStr};
use crate::text::{Code, Span};

impl Compiler<'_, '_> {
    /// Whether no import path stands in the code; reports one that does.
    pub(super) fn has_no_path(&mut self, text: &SpannedStr, code: Code) -> bool {
        let runs = runs(text.as_str());
        let found = runs.into_iter().find_map(|run| {
            let (path, rest) = split(run.of(text.as_str()))?;
            let host = path.split('/').next().unwrap_or_default();
            let is_host = host.split_once('.').is_some_and(|(name, _)| {
                path.matches('/').count() > 1
                    || self.dialect == Dialect::Rules && self.names().package(name).is_none()
            });
            let known = standard_api(path).is_some() || self.env.package_at(path).is_some();
            (known || is_host).then_some((Span::new(run.start, run.start + path.len()), path, rest))
        });
        let Some((span, path, rest)) = found else { return true };
        let help = match self.env.package_at(path) {
            Some(name) => format!("write `{name}{rest}`"),
            None if standard_package(&guess_name(path)) == Some(path) => {
                format!("write `{}{rest}`", guess_name(path))
            }
            None => {
                let name = guess_name(path);
                format!("declare `packages: {{{name}: {path}}}`, and write `{name}{rest}`")
            }
        };
        let message = format!("`{path}` is an import path, and code has the name of the package");
        self.error(code, text.map_span(span), message, help);
        false
    }
}

/// Names with dots, slashes and hyphens between them, and nothing else.
fn runs(text: &str) -> Vec<Span> {
    let mut runs: Vec<Span> = Vec::new();
    let mut open = false;
    for token in Lexer::all(text) {
        let joins = match token.kind {
            TokenKind::Ident | TokenKind::Keyword => true,
            TokenKind::Operator => matches!(token.span.of(text), "." | "/" | "-"),
            _ => false,
        };
        match runs.last_mut() {
            Some(last) if open && joins && last.end == token.span.start => {
                last.end = token.span.end;
            }
            _ if joins && token.kind == TokenKind::Ident => runs.push(token.span),
            _ => {
                open = false;
                continue;
            }
        }
        open = true;
    }
    let before = |run: &Span| text[..run.start].chars().next_back();
    runs.retain(|run| before(run).is_none_or(|c| !"$)]}.\"'`/-".contains(c)));
    runs
}

/// The path, and what stands behind it from the dot on.
fn split(run: &str) -> Option<(&str, &str)> {
    let last = run.rfind('/')? + 1;
    let mut dot = last + run[last..].find('.')?;
    let version = run[dot + 1..].split('.').next().unwrap_or_default();
    let is_version = version
        .strip_prefix('v')
        .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    if is_version && run.len() > dot + 1 + version.len() {
        dot += 1 + version.len();
    }
    let (path, rest) = run.split_at(dot);
    (rest.len() > 1 && !path.ends_with('/')).then_some((path, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_from_divisions() {
        let found = |text: &str| -> Vec<String> {
            let all = runs(text).into_iter().filter_map(|run| split(run.of(text)));
            all.map(|(path, rest)| format!("{path} {rest}")).collect()
        };
        assert_eq!(found("io/ioutil.ReadFile($x)"), ["io/ioutil .ReadFile"]);
        assert_eq!(found("*gopkg.in/yaml.v2.Node"), ["gopkg.in/yaml.v2 .Node"]);
        assert_eq!(
            found("f(github.com/go-sql-driver/mysql.Open)"),
            ["github.com/go-sql-driver/mysql .Open"]
        );
        for other in ["$a/io.F", "\"io/fs.F\"", "a / io.F", "(x)/io.F", "io.F // a/b.c", "a/b"] {
            assert_eq!(found(other), [""; 0], "{other}");
        }
    }
}
