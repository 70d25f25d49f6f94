//! Changes at random, the same on every run, of the sorts that rewrites make.

use std::sync::Arc;

use dmmigrate::go::lex::{Lexer, TokenKind};
use dmmigrate::go::outline::{DeclKind, outline};
use dmmigrate::go::syntax::{Kind, Node, Role, Syntax};
use dmmigrate::text::{Edit, EditSet, Span};

/// A sort of change.
pub(super) struct Change {
    pub(super) name: &'static str,
    /// The edits of a text; the number seeds the choice.
    pub(super) edits: fn(&str, u64) -> EditSet,
}

pub(super) const CLASSES: &[Change] = &[
    Change { name: "rename", edits: renames },
    Change { name: "args", edits: |t, s| nodes(t, s, arguments) },
    Change { name: "select", edits: |t, s| nodes(t, s, selectors) },
    Change { name: "wrap", edits: |t, s| nodes(t, s, wrapped) },
    Change { name: "keyed", edits: |t, s| nodes(t, s, keyed) },
    Change { name: "types", edits: |t, s| nodes(t, s, field_types) },
    Change { name: "delete", edits: |t, s| nodes(t, s, deleted) },
];

/// Numbers that look random (xorshift).
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        Self((seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit.max(1)
    }
}

fn name(random: &mut Random) -> String {
    ["q", "it", "another", "someMuchLongerName", "aVeryLongNameThatNobodyWouldLikeToType"]
        [random.below(5)]
    .to_string()
}

/// The declarations but imports.
fn decls(text: &str) -> Vec<Span> {
    let outline = outline(text);
    let decls = outline.decls.iter().filter(|d| d.kind != DeclKind::Import && !outline.odd);
    decls.map(|d| d.span).collect()
}

/// A few names, everywhere.
fn renames(text: &str, seed: u64) -> EditSet {
    let mut random = Random::new(seed);
    // `make` and `new` take types, which the grammar knows in no other call.
    let fixed = |name: &str| matches!(name, "_" | "make" | "new");
    let names = |span: Span| {
        Lexer::new(text, span).filter(|t| t.kind == TokenKind::Ident && !fixed(t.span.of(text)))
    };
    let all: Vec<Span> = decls(text).into_iter().flat_map(names).map(|t| t.span).collect();
    if all.is_empty() {
        return EditSet::new();
    }
    let picked: Vec<(&str, String)> =
        (0..4).map(|_| (all[random.below(all.len())].of(text), name(&mut random))).collect();
    let edits = all.iter().filter_map(|span| {
        let (_, new) = picked.iter().find(|(old, _)| *old == span.of(text))?;
        Some(Edit::replace(*span, new.clone()))
    });
    EditSet::from_edits(edits.collect()).expect("disjoint")
}

/// One node in about forty, changed as `change` says.
fn nodes(text: &str, seed: u64, change: fn(Node<'_>, &mut Random) -> Option<Edit>) -> EditSet {
    let shared: Arc<str> = text.into();
    let mut random = Random::new(seed);
    let mut edits = EditSet::new();
    for span in decls(text) {
        let syntax = Syntax::parse(&shared, span);
        if syntax.errors() > 0 {
            continue;
        }
        for node in syntax.iter() {
            if let Some(edit) = change(node, &mut random)
                && random.below(8) == 0
            {
                // What overlaps is left out.
                let _ = edits.try_add(&[edit]);
            }
        }
    }
    edits
}

fn arguments(node: Node<'_>, random: &mut Random) -> Option<Edit> {
    if node.kind() != Kind::Args {
        return None;
    }
    // A conversion takes one value, and the grammar knows types among arguments only in these.
    let fun = node.parent()?.child(Role::Fun)?;
    let is_plain = matches!(fun.kind(), Kind::Ident | Kind::Selector);
    if !is_plain || matches!(fun.text(), "new" | "make") {
        return None;
    }
    let args: Vec<_> = node.children().collect();
    let last = args.last().filter(|a| a.kind() != Kind::Ellipsis)?;
    if args.len() > 1 && random.below(2) == 0 {
        let from = args[args.len() - 2].span().end;
        let gone = Span::new(from, last.span().end);
        // A comment or a comma that ends the line is not left alone.
        let one_line = !node.text()[gone.start - node.span().start..].contains('\n');
        let has_comment = node.syntax().comments().iter().any(|c| gone.overlaps(*c));
        return (!has_comment && one_line).then(|| Edit::delete(gone));
    }
    Some(Edit::insert(last.span().end, format!(", {}", name(random))))
}

fn selectors(node: Node<'_>, random: &mut Random) -> Option<Edit> {
    (node.role() == Role::Sel).then(|| Edit::replace(node.span(), name(random)))
}

/// `x` becomes `errors.Wrap(x, "a")`, `f(x)` or `a + x`.
fn wrapped(node: Node<'_>, random: &mut Random) -> Option<Edit> {
    let is_arg = node.parent().is_some_and(|p| p.kind() == Kind::Args) && node.role() == Role::None;
    let x = node.text();
    let is_value = matches!(
        node.kind(),
        Kind::Ident | Kind::Selector | Kind::Call | Kind::BasicLit | Kind::Binary
    );
    if !is_arg || !is_value || x.contains('\n') {
        return None;
    }
    Some(Edit::replace(
        node.span(),
        match random.below(3) {
            0 => format!("errors.Wrap({x}, \"a message\")"),
            1 if !matches!(node.kind(), Kind::Binary | Kind::BasicLit) => format!("{x}.And()"),
            _ => format!("f({x})"),
        },
    ))
}

/// The lines of a node, if nothing else is on them but a comma and a comment after it.
fn own_lines(node: Node<'_>) -> Option<Span> {
    let text = node.syntax().text();
    let span = node.span();
    let start = text[..span.start].rfind('\n')? + 1;
    let end = span.end + text[span.end..].find('\n')? + 1;
    let rest = text[span.end..end].trim_start_matches(',').trim();
    let alone =
        text[start..span.start].trim().is_empty() && (rest.is_empty() || rest.starts_with("//"));
    (alone && start > node.parent()?.span().start && !span.is_empty())
        .then(|| Span::new(start, end))
}

fn keyed(node: Node<'_>, random: &mut Random) -> Option<Edit> {
    let in_list = node.parent().is_some_and(|p| p.kind() == Kind::Elements);
    if node.kind() != Kind::KeyValue || !in_list {
        return None;
    }
    let lines = own_lines(node)?;
    // An element on the line of the brace would keep a comma that ends a line.
    let list = node.parent()?;
    let first = list.children().next()?.span().start;
    if !list.text()[..first - list.span().start].contains('\n') {
        return None;
    }
    if random.below(2) == 0 {
        return Some(Edit::delete(lines));
    }
    let text = node.syntax().text();
    let indent = &text[lines.start..node.span().start];
    // Behind the comma: the last element may have none.
    text[node.span().end..]
        .starts_with(',')
        .then(|| Edit::insert(lines.end, format!("{indent}{}: {},\n", name(random), name(random))))
}

fn field_types(node: Node<'_>, random: &mut Random) -> Option<Edit> {
    let parent = node.parent()?;
    let in_struct = parent.parent().is_some_and(|p| p.kind() == Kind::FieldList);
    if parent.kind() != Kind::Field || node.role() != Role::Type || !in_struct {
        return None;
    }
    let embedded = parent.child(Role::Name).is_none();
    let ty = if embedded || random.below(2) == 0 {
        name(random)
    } else {
        "map[string]*another.Type".to_string()
    };
    (!node.text().contains('\n')).then(|| Edit::replace(node.span(), ty))
}

fn deleted(node: Node<'_>, _: &mut Random) -> Option<Edit> {
    let in_list = node.parent().is_some_and(|p| p.kind().holds_statements());
    if !in_list || !node.kind().is_stmt() {
        return None;
    }
    Some(Edit::delete(own_lines(node)?))
}
