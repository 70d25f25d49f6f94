//! What a diff says before its code: the package clause and imports. Comes in: the lines of a
//! diff. Goes out: what they ask of a file and change in it, and where the code begins.

use super::section::error;
use crate::go::lex::{Lexer, Token, TokenKind, is_identifier};
use crate::go::literal::unquote;
use crate::rule::spec::patch::Sign;
use crate::text::{Diagnostic, FileId, Span};

/// A line of a diff: its sign, and its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DiffLine {
    pub sign: Sign,
    pub code: Span,
}

/// The name in a package clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PackageLine {
    pub sign: Sign,
    pub name: Span,
}

/// An import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ImportLine {
    pub sign: Sign,
    /// The name before the path, `_` and `.` included.
    pub name: Option<Span>,
    pub path: String,
    /// The path without its quotes.
    pub path_span: Span,
}

/// What stands before the code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    pub packages: Vec<PackageLine>,
    pub imports: Vec<ImportLine>,
}

/// Takes the signs off the lines of a diff.
pub(super) fn signed(text: &str, lines: &[Span]) -> Vec<DiffLine> {
    let one = |&line: &Span| {
        let sign = match line.of(text).bytes().next() {
            Some(b'-') => Sign::Minus,
            Some(b'+') => Sign::Plus,
            _ => Sign::Context,
        };
        let taken = usize::from(line.of(text).starts_with(['-', '+', ' ']));
        DiffLine { sign, code: Span::new(line.start + taken, line.end) }
    };
    lines.iter().map(one).collect()
}

/// Reads the package clause and the imports; the rest of the lines is code.
pub(super) fn header<'l>(
    file: FileId,
    text: &str,
    lines: &'l [DiffLine],
    diagnostics: &mut Vec<Diagnostic>,
) -> (Header, &'l [DiffLine]) {
    let mut reader = Reader { file, text, found: Header::default(), in_group: false, diagnostics };
    let end = lines.iter().position(|line| !reader.takes(*line)).unwrap_or(lines.len());
    (reader.found, &lines[end..])
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    found: Header,
    /// Whether an `import (` is open.
    in_group: bool,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    /// Whether the line is part of the header, which it is then added to.
    fn takes(&mut self, line: DiffLine) -> bool {
        let is_code = |t: &Token| !matches!(t.kind, TokenKind::Comment) && !(t.span.is_empty());
        let tokens: Vec<Span> =
            Lexer::new(self.text, line.code).filter(is_code).map(|t| t.span).collect();
        let Some(first) = tokens.first() else { return true };
        match first.of(self.text) {
            _ if self.in_group => self.specs(line, &tokens),
            "package" => self.package(line, &tokens),
            "import" if tokens.get(1).is_some_and(|t| t.of(self.text) == "(") => {
                self.in_group = true;
                self.specs(line, &tokens[2..]);
            }
            "import" => self.specs(line, &tokens[1..]),
            _ => return false,
        }
        true
    }

    fn package(&mut self, line: DiffLine, tokens: &[Span]) {
        match tokens {
            [_, name] if is_identifier(name.of(self.text)) => {
                self.found.packages.push(PackageLine { sign: line.sign, name: *name });
            }
            _ => self.error(line.code, "this is no package clause", "write `package NAME`"),
        }
    }

    /// Imports without the keyword, several with semicolons between them.
    fn specs(&mut self, line: DiffLine, tokens: &[Span]) {
        let text = self.text;
        let mut rest = tokens;
        while let Some(first) = rest.first() {
            if matches!(first.of(text), ")" | ";") {
                self.in_group &= first.of(text) != ")";
                rest = &rest[1..];
                continue;
            }
            let word = first.of(text);
            let named = is_identifier(word) || word == ".";
            let path = rest.get(usize::from(named)).copied();
            let value = path.and_then(|path| unquote(path.of(text)));
            let (Some(path), Some(value)) = (path, value) else {
                let help = "write `import \"PATH\"` or `import NAME \"PATH\"`";
                return self.error(line.code, "this is no import", help);
            };
            self.found.imports.push(ImportLine {
                sign: line.sign,
                name: named.then_some(*first),
                path: value,
                path_span: Span::new(path.start + 1, path.end - 1),
            });
            rest = &rest[1 + usize::from(named)..];
        }
    }

    fn error(&mut self, span: Span, message: &str, help: &str) {
        let span = super::variables::trimmed(self.text, span);
        self.diagnostics.push(error(self.file, span, message, help));
    }
}
