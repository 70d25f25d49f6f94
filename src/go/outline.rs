//! The outline of a file: package clause and top-level declarations, found by a scan of the bytes
//! that looks at nesting, strings and comments only. Comes in: the text of a file. Goes out: where
//! each declaration stands, so that only those of interest are ever parsed.
//!
//! The scan follows the lexical part of the Go specification exactly. Where a file has anything
//! that a correct one has not (an unbalanced bracket, a literal that does not end, a declaration
//! that no keyword begins), the outline is *odd* and has a single part: the whole file.

use super::lex::quoted_len;
use crate::text::Span;

/// What a top-level declaration declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeclKind {
    /// `import`, single or grouped.
    Import,
    /// `const`, single or grouped.
    Const,
    /// `type`, single or grouped.
    Type,
    /// `var`, single or grouped.
    Var,
    /// A function or a method.
    Func,
    /// All of an odd file after its package clause.
    Rest,
}

/// A top-level declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decl {
    /// What it declares.
    pub kind: DeclKind,
    /// From its keyword to its last token; doc comments and trailing comments are outside.
    pub span: Span,
}

/// Where the parts of a file are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// The name in the package clause.
    pub package: Option<Span>,
    /// The declarations, in order.
    pub decls: Vec<Decl>,
    /// Whether the file could not be told apart into declarations.
    pub odd: bool,
}

/// Finds the declarations of `text`.
pub fn outline(text: &str) -> Outline {
    let mut scan = Scan { bytes: text.as_bytes(), at: 0 };
    if text.starts_with('\u{feff}') {
        scan.at = 3;
    }
    scan.file().unwrap_or_else(|| odd(text))
}

/// The package clause and the imports as far as they can be told, and the rest of the file in one
/// piece.
fn odd(text: &str) -> Outline {
    let mut scan = Scan { bytes: text.as_bytes(), at: 0 };
    if text.starts_with('\u{feff}') {
        scan.at = 3;
    }
    let package = scan.package_clause();
    let start = package.map_or(0, |p| p.end);
    let mut decls = if package.is_some() { scan.leading_imports() } else { Vec::new() };
    let start = decls.last().map_or(start, |d| d.span.end);
    decls.push(Decl { kind: DeclKind::Rest, span: Span::new(start, text.len()) });
    Outline { package, decls, odd: true }
}

/// What a byte means to the scan.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Nothing: part of a token that needs no look.
    Plain,
    /// White space but line ends.
    Blank,
    Newline,
    Open,
    Close,
    Quote,
    Slash,
    Semicolon,
}

const CLASSES: [Class; 256] = {
    let mut table = [Class::Plain; 256];
    table[b' ' as usize] = Class::Blank;
    table[b'\t' as usize] = Class::Blank;
    table[b'\r' as usize] = Class::Blank;
    table[b'\n' as usize] = Class::Newline;
    table[b'(' as usize] = Class::Open;
    table[b'[' as usize] = Class::Open;
    table[b'{' as usize] = Class::Open;
    table[b')' as usize] = Class::Close;
    table[b']' as usize] = Class::Close;
    table[b'}' as usize] = Class::Close;
    table[b'"' as usize] = Class::Quote;
    table[b'\'' as usize] = Class::Quote;
    table[b'`' as usize] = Class::Quote;
    table[b'/' as usize] = Class::Slash;
    table[b';' as usize] = Class::Semicolon;
    table
};

/// How many bytes from the start of `bytes` say nothing inside of brackets: there, neither line ends
/// nor semicolons end a declaration, so that only brackets, quotes and slashes count.
fn inert_len(bytes: &[u8]) -> usize {
    bytes.iter().position(|b| COUNTS[*b as usize]).unwrap_or(bytes.len())
}

const COUNTS: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] =
            matches!(CLASSES[byte], Class::Open | Class::Close | Class::Quote | Class::Slash);
        byte += 1;
    }
    table
};

struct Scan<'t> {
    bytes: &'t [u8],
    at: usize,
}

/// `None` from any method means: odd.
impl Scan<'_> {
    fn file(&mut self) -> Option<Outline> {
        let package = self.package_clause()?;
        let mut decls = Vec::new();
        loop {
            self.skip_blank_and_comments(true)?;
            if self.bytes.get(self.at) == Some(&b';') {
                self.at += 1;
                continue;
            }
            if self.at >= self.bytes.len() {
                return Some(Outline { package: Some(package), decls, odd: false });
            }
            let kind = self.decl_kind()?;
            let start = self.at;
            let end = self.end_of_decl()?;
            decls.push(Decl { kind, span: Span::new(start, end) });
        }
    }

    /// The import declarations up to the first thing that is none.
    fn leading_imports(&mut self) -> Vec<Decl> {
        let mut decls = Vec::new();
        loop {
            let mut next = || {
                self.skip_blank_and_comments(true)?;
                while self.bytes.get(self.at) == Some(&b';') {
                    self.at += 1;
                    self.skip_blank_and_comments(true)?;
                }
                let (kind, start) = (self.decl_kind()?, self.at);
                let span = Span::new(start, self.end_of_decl()?);
                (kind == DeclKind::Import).then_some(Decl { kind, span })
            };
            match next() {
                Some(decl) => decls.push(decl),
                None => return decls,
            }
        }
    }

    fn package_clause(&mut self) -> Option<Span> {
        self.skip_blank_and_comments(true)?;
        if self.word() != b"package" {
            return None;
        }
        self.at += b"package".len();
        self.skip_blank_and_comments(true)?;
        let len = self.word().len();
        let name = (len > 0).then(|| Span::new(self.at, self.at + len))?;
        self.at = name.end;
        // What stands between the name and the end of its line may only be a comment.
        self.skip_blank_and_comments(false)?;
        match self.bytes.get(self.at) {
            None | Some(b'\n' | b';') => Some(name),
            Some(_) => None,
        }
    }

    /// The letters and digits at the current place.
    fn word(&self) -> &[u8] {
        let rest = &self.bytes[self.at.min(self.bytes.len())..];
        let is_word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80;
        &rest[..rest.iter().position(|b| !is_word(b)).unwrap_or(rest.len())]
    }

    fn decl_kind(&self) -> Option<DeclKind> {
        Some(match self.word() {
            b"func" => DeclKind::Func,
            b"type" => DeclKind::Type,
            b"var" => DeclKind::Var,
            b"const" => DeclKind::Const,
            b"import" => DeclKind::Import,
            _ => return None,
        })
    }

    fn skip_blank_and_comments(&mut self, lines_too: bool) -> Option<()> {
        while let Some(&b) = self.bytes.get(self.at) {
            match CLASSES[b as usize] {
                Class::Blank => self.at += 1,
                Class::Newline if lines_too => self.at += 1,
                Class::Slash => {
                    if !self.skip_comment()? {
                        return Some(());
                    }
                }
                _ => return Some(()),
            }
        }
        Some(())
    }

    /// Skips a comment; `false` where the slash is an operator. A line comment's line end is not
    /// skipped.
    fn skip_comment(&mut self) -> Option<bool> {
        let rest = &self.bytes[self.at..];
        match rest.get(1) {
            Some(b'/') => {
                self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                Some(true)
            }
            Some(b'*') => {
                self.at += memchr::memmem::find(&rest[2..], b"*/")? + 4;
                Some(true)
            }
            _ => Some(false),
        }
    }

    /// Scans from a declaration's keyword to the semicolon, written or not, that ends it.
    fn end_of_decl(&mut self) -> Option<usize> {
        let mut depth = 0usize;
        // One past the last byte that belongs to a token.
        let mut last = self.at;
        loop {
            if depth > 0 {
                self.at += inert_len(&self.bytes[self.at..]);
            }
            let Some(&b) = self.bytes.get(self.at) else {
                return (depth == 0).then_some(last);
            };
            match CLASSES[b as usize] {
                Class::Plain => {
                    self.at += 1;
                    last = self.at;
                }
                Class::Blank => self.at += 1,
                Class::Newline => {
                    if depth == 0 && self.ends_statement(last) {
                        return Some(last);
                    }
                    self.at += 1;
                }
                Class::Semicolon => {
                    if depth == 0 {
                        return Some(last);
                    }
                    self.at += 1;
                }
                Class::Open => {
                    depth += 1;
                    self.at += 1;
                    last = self.at;
                }
                Class::Close => {
                    depth = depth.checked_sub(1)?;
                    self.at += 1;
                    last = self.at;
                }
                Class::Quote => {
                    self.at += quoted_len(&self.bytes[self.at..]).ok()?;
                    last = self.at;
                }
                Class::Slash => {
                    let start = self.at;
                    if !self.skip_comment()? {
                        self.at += 1;
                        last = self.at;
                    } else if depth == 0
                        && self.ends_statement(last)
                        && self.bytes[start..self.at].contains(&b'\n')
                    {
                        return Some(last);
                    }
                }
            }
        }
    }

    /// Whether a line end after the token that ends before `last` stands for a semicolon. At the
    /// top level no token but a name, a literal or a closing bracket can end a declaration; `++`
    /// and statement keywords do not occur there.
    fn ends_statement(&self, last: usize) -> bool {
        let Some(&b) = last.checked_sub(1).and_then(|at| self.bytes.get(at)) else { return false };
        match b {
            b')' | b']' | b'}' | b'"' | b'\'' | b'`' | b'_' | 0x80.. => true,
            b'.' => self.ends_with_number(last),
            _ => b.is_ascii_alphanumeric() && !self.ends_with_keyword(last),
        }
    }

    /// `1.` is a number: the point ends it.
    fn ends_with_number(&self, last: usize) -> bool {
        let word = self.word_before(last - 1);
        word.first().is_some_and(u8::is_ascii_digit)
    }

    fn ends_with_keyword(&self, last: usize) -> bool {
        matches!(
            self.word_before(last),
            b"func"
                | b"type"
                | b"var"
                | b"const"
                | b"import"
                | b"struct"
                | b"interface"
                | b"map"
                | b"chan"
        )
    }

    fn word_before(&self, end: usize) -> &[u8] {
        let is_word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80;
        let start = self.bytes[..end].iter().rposition(|b| !is_word(b)).map_or(0, |at| at + 1);
        &self.bytes[start..end]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<&str> {
        outline(text).decls.iter().map(|d| d.span.of(text)).collect()
    }

    #[test]
    fn declarations_end_where_their_semicolon_is() {
        let text = "\u{feff}// c\npackage p // x\n\nimport \"a\"\nvar x = 1 +\n\t2; var y = `}\n`\n\
                    type T struct {\n\ta int // }\n}\n\nfunc asm()\n/* } */\nfunc (t T) f() rune {\n\treturn '}'\n}";
        assert_eq!(
            parts(text),
            [
                "import \"a\"",
                "var x = 1 +\n\t2",
                "var y = `}\n`",
                "type T struct {\n\ta int // }\n}",
                "func asm()",
                "func (t T) f() rune {\n\treturn '}'\n}",
            ]
        );
        assert_eq!(outline(text).package.map(|p| p.of(text)), Some("p"));
    }

    #[test]
    fn keywords_and_operators_carry_a_declaration_on() {
        assert_eq!(parts("package p\nvar f = func\n() {}\nvar g = x.\ny\n").len(), 2);
        assert_eq!(parts("package p\nvar f = 1.\nvar g = 2\n").len(), 2);
    }

    #[test]
    fn odd_files_are_one_part() {
        for text in [
            "package p\nfunc f() {",
            "package p\n}",
            "package p\nx := 1\n",
            "package p\nvar s = \"a\n",
            "func f() {}",
            "package p q\n",
            "package p\n/* a",
        ] {
            let outline = outline(text);
            assert!(outline.odd, "{text:?}");
            assert_eq!(outline.decls.len(), 1, "{text:?}");
        }
        assert!(!outline("package p").odd);
    }
}
