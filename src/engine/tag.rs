//! Struct tags: a rule edits the value of one key. Comes in: where the key stands in a file. Goes
//! out: for each tag of a struct field whose value the rule finds, what it becomes.
//!
//! A tag is read as `reflect.StructTag` says: `key:"value"` pairs with spaces between, the values in
//! the form of Go strings. In a raw literal only the value is replaced; where the new one cannot
//! stand there, and in interpreted literals, the literal is written anew.

use regex::Captures;

use super::fix::{ReviewReason, Unsure};
use super::names::FileNames;
use super::render::{Chunk, Rendered, Replacement};
use crate::go::literal::{quote, unquote};
use crate::go::outline::DeclKind;
use crate::go::syntax::{Kind, Node, Role};
use crate::rule::compiled::{RuleSet, TagAction, TagOwner};
use crate::text::Span;

/// A tag that a rule has to do with.
pub struct TagUse {
    /// The literal.
    pub span: Span,
    /// What becomes of it.
    pub rendered: Rendered,
    /// What is against it, if anything is.
    pub against: Option<ReviewReason>,
}

/// The tags with the rule's key at one of `places`, the offsets at which its key stands.
pub fn uses(
    names: &FileNames<'_>,
    rules: &RuleSet,
    action: &TagAction,
    places: &[usize],
) -> Vec<TagUse> {
    let file = names.file();
    let mut found: Vec<TagUse> = Vec::new();
    for &offset in places {
        let Some(decl) = file.decl_at(offset) else { continue };
        if file.outline().decls[decl].kind == DeclKind::Import {
            continue;
        }
        let span = Span::new(offset, offset + action.key.len());
        let literal = file.part(decl).syntax().covering(span);
        let is_tag = literal.kind() == Kind::BasicLit && literal.role() == Role::FieldTag;
        if !is_tag || found.last().is_some_and(|last| last.span == literal.span()) {
            continue;
        }
        let Some((replacement, found_again)) = changed(literal, action) else { continue };
        let unsure = match owned(names, rules, literal, &action.owner) {
            Owned::Yes => None,
            Owned::No => continue,
            Owned::Unknown(unsure) => Some(ReviewReason::UnknownType(unsure)),
        };
        let against = found_again.then_some(ReviewReason::FoundAgain).or(unsure);
        let rendered = Rendered { replacements: vec![replacement], ..Rendered::default() };
        found.push(TagUse { span: literal.span(), rendered, against });
    }
    found
}

enum Owned {
    Yes,
    No,
    Unknown(Unsure),
}

/// Whether the field with the tag is one of the rule's type.
fn owned(names: &FileNames<'_>, rules: &RuleSet, literal: Node<'_>, owner: &TagOwner) -> Owned {
    let TagOwner::Type { package, name } = owner else { return Owned::Yes };
    let spec = literal.ancestors().skip_while(|n| n.kind() != Kind::StructType).nth(1);
    let declared = spec.filter(|n| n.kind() == Kind::TypeSpec).and_then(|n| n.child(Role::Name));
    if declared.is_none_or(|declared| declared.text() != name) {
        return Owned::No;
    }
    let path = names.real_path(&rules.package(*package).path);
    match names.types() {
        Some(types) if path.as_deref() == Some(&**types.import_path()) => Owned::Yes,
        Some(_) => Owned::No,
        None => {
            let why = "the package of the file is not known".to_owned();
            Owned::Unknown(Unsure { expression: name.clone(), why })
        }
    }
}

/// What the literal becomes, and whether the rule would find something in that again; `None` where
/// it stays as it is.
fn changed(literal: Node<'_>, action: &TagAction) -> Option<(Replacement, bool)> {
    let (text, whole) = (literal.text(), literal.span());
    let raw = text.strip_prefix('`').and_then(|t| t.strip_suffix('`'));
    let tag = unquote(text)?;
    let (place, value) = value_of(&tag, &action.key)?;
    let new = action.find.replace_all(&value, |found: &Captures<'_>| action.replace.expand(found));
    if new == value {
        return None;
    }
    let quoted = quote(&new);
    // Offsets in a raw literal are those of its value, but for carriage returns.
    let in_place = raw.is_some_and(|raw| raw.len() == tag.len()) && !quoted.contains('`');
    let (span, code) = if in_place {
        let start = whole.start + 1;
        (Span::new(start + place.start, start + place.end), quoted)
    } else {
        (whole, quote(&format!("{}{quoted}{}", &tag[..place.start], &tag[place.end..])))
    };
    let replacement = Replacement { span, chunks: vec![Chunk::Text(code)] };
    Some((replacement, action.find.is_match(&new)))
}

/// The value of `key` in a tag, and where it stands there, quotes included.
fn value_of(tag: &str, key: &str) -> Option<(Span, String)> {
    let mut at = 0;
    loop {
        at += tag[at..].len() - tag[at..].trim_start_matches(' ').len();
        let colon = at + tag[at..].find(':')?;
        let quoted = &tag[colon + 1..];
        let len = quoted_end(quoted)?;
        if &tag[at..colon] == key {
            let place = Span::new(colon + 1, colon + 1 + len);
            return Some((place, unquote(&quoted[..len])?));
        }
        at = colon + 1 + len;
    }
}

/// The length of the interpreted string that the text begins with.
fn quoted_end(text: &str) -> Option<usize> {
    let mut escaped = false;
    let mut bytes = text.bytes().enumerate();
    if bytes.next()?.1 != b'"' {
        return None;
    }
    for (at, byte) in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_reflect_reads_them() {
        let value =
            |tag: &str, key| value_of(tag, key).map(|(place, v)| (place.of(tag).to_owned(), v));
        let found = |quoted: &str, v: &str| Some((quoted.to_owned(), v.to_owned()));
        let tag = r#"json:"a,omitempty"  gorm:"type:x;comment:\"c\"" db:"" "#;
        assert_eq!(value(tag, "json"), found("\"a,omitempty\"", "a,omitempty"));
        assert_eq!(value(tag, "gorm"), found(r#""type:x;comment:\"c\"""#, "type:x;comment:\"c\""));
        assert_eq!(value(tag, "db"), found("\"\"", ""));
        for broken in ["gorm", "gorm:x", "gorm:\"x", "json:\"gorm:x\""] {
            assert_eq!(value(broken, "gorm"), None, "{broken}");
        }
    }
}
