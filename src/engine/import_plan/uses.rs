//! Where code names a package: found in trees, and in text that is yet to be parsed.

use crate::go::lex::{Lexer, TokenKind};
use crate::go::scope::NameUse;
use crate::go::source::Part;
use crate::go::syntax::{Kind, Node, Role};
use crate::text::Span;

/// Names in `span` that stand before a dot and not behind one.
pub(super) fn qualifiers_in(text: &str, span: Span) -> impl Iterator<Item = &str> {
    let tokens = Lexer::new(text, span).filter(|t| t.kind == TokenKind::Ident);
    tokens.map(|t| t.span).filter_map(|at| {
        let behind = text[at.end..].trim_start().starts_with('.');
        let before = text[..at.start].trim_end().ends_with('.');
        (behind && !before).then(|| at.of(text))
    })
}

/// A place that names a package.
#[derive(Clone, Debug)]
pub(super) struct Use {
    pub(super) decl: usize,
    pub(super) span: Span,
    pub(super) member: String,
}

/// The member that is selected if `node` is the qualifier `local` of a package.
pub(super) fn qualified_member<'t>(part: &'t Part, node: Node<'t>, local: &str) -> Option<&'t str> {
    let qualifies = node.kind() == Kind::Ident && node.role() == Role::X && node.text() == local;
    let parent = node.parent().filter(|p| qualifies && p.kind() == Kind::Selector)?;
    let free = part.scopes().name_use(node.id()) == NameUse::Free;
    free.then(|| parent.child(Role::Sel)).flatten().map(Node::text)
}

/// Whether `text` holds `word` with no letter or digit beside it.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    let part = |c: char| c == '_' || c.is_alphanumeric();
    !word.is_empty()
        && memchr::memmem::find_iter(text.as_bytes(), word)
            .any(|at| !text[..at].ends_with(part) && !text[at + word.len()..].starts_with(part))
}

/// Whether `code` names a member of the package `local`.
pub(super) fn names_package(code: &str, local: &str) -> bool {
    let part = |c: char| c == '_' || c.is_alphanumeric() || c == '.';
    !local.is_empty()
        && memchr::memmem::find_iter(code.as_bytes(), local).any(|at| {
            let behind = code[at + local.len()..].trim_start();
            let member = behind.strip_prefix('.').is_some_and(|m| {
                let m = m.trim_start();
                m.is_empty() || m.starts_with(|c: char| c == '_' || c.is_alphabetic())
            });
            // An edit may end with the name or its dot, what follows being kept.
            !code[..at].ends_with(part) && (member || behind.is_empty())
        })
}
