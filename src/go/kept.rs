//! What is kept of a file that others only ask what it declares. Comes in: its text and outline.
//! Goes out: the text of its declarations without comments around them and without the bodies of
//! functions, and by how much each of them has moved.

use super::lex::{Lexer, TokenKind};
use super::outline::{DeclKind, Outline};
use crate::text::Span;

/// How what is left of a text relates to the whole. One entry for each declaration.
#[derive(Debug)]
pub(super) struct Kept {
    /// The name in the package clause.
    pub(super) package: Box<str>,
    /// By how much a declaration has moved towards the beginning.
    pub(super) shifts: Box<[usize]>,
    /// Where it ends in what is left.
    pub(super) ends: Box<[usize]>,
}

impl Kept {
    /// What is left, unless the file is odd: then all of it may be needed.
    pub(super) fn of(text: &str, outline: &Outline) -> Option<(String, Self)> {
        let package = outline.package.filter(|_| !outline.odd)?.of(text).into();
        let mut left = String::new();
        let mut place = |decl: &super::outline::Decl| {
            let span = match decl.kind {
                DeclKind::Func => without_body(text, decl.span),
                _ => decl.span,
            };
            let shift = span.start - left.len();
            left.push_str(span.of(text));
            (shift, left.len())
        };
        let (shifts, ends): (Vec<_>, Vec<_>) = outline.decls.iter().map(&mut place).unzip();
        Some((left, Self { package, shifts: shifts.into(), ends: ends.into() }))
    }
}

/// The declaration of a function up to its body. A brace outside of all brackets begins the body,
/// unless it follows `struct` or `interface` in a result's type.
fn without_body(text: &str, decl: Span) -> Span {
    let (mut depth, mut end) = (0usize, decl.start);
    let mut of_type = false;
    for token in Lexer::new(text, decl) {
        match (token.kind, token.span.of(text)) {
            (TokenKind::Comment | TokenKind::Semicolon, _) => continue,
            (TokenKind::Operator, "{") if depth == 0 && !of_type => {
                return Span::new(decl.start, end);
            }
            (TokenKind::Operator, "(" | "[" | "{") => depth += 1,
            (TokenKind::Operator, ")" | "]" | "}") => depth = depth.saturating_sub(1),
            _ => {}
        }
        of_type = matches!(token.span.of(text), "struct" | "interface");
        end = token.span.end;
    }
    decl
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::go::outline::outline;

    #[test]
    fn bodies_go_and_declarations_stay_where_they_were() {
        let text = "// a\npackage p // b\n\nimport \"x\"\n\nfunc f() struct{ a int } {\n\treturn g\n}\n\n\
                    // c\nvar v = func() { h() }\n\nfunc (t *T[A]) m(i interface{ n() }) (r struct{}) /* d */ { r() }\n\
                    func asm()\n\nfunc last() map[string]interface{ o() } { { } }\n";
        let (left, kept) = Kept::of(text, &outline(text)).expect("it is not odd");
        assert_eq!(
            left,
            "import \"x\"func f() struct{ a int }var v = func() { h() }\
             func (t *T[A]) m(i interface{ n() }) (r struct{})func asm()\
             func last() map[string]interface{ o() }"
        );
        let moved = outline(text)
            .decls
            .into_iter()
            .enumerate()
            .map(|(nth, decl)| &left[decl.span.start - kept.shifts[nth]..kept.ends[nth]]);
        let firsts: Vec<&str> =
            moved.map(|d| d.split([' ', '(']).next().unwrap_or_default()).collect();
        assert_eq!(firsts, ["import", "func", "var", "func", "func", "func"]);
        assert_eq!(&*kept.package, "p");
    }

    #[test]
    fn an_odd_file_is_kept_whole() {
        let text = "package p\nfunc f( {\n";
        assert!(Kept::of(text, &outline(text)).is_none());
    }
}
