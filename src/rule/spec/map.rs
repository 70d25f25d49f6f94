//! Maps: which keys they have, which they must have, and which were probably meant.
//!
//! Comes in: nodes. Goes out: [`Fields`] with known keys only, each there once; unknown, doubled
//! and missing keys are reported.

use std::collections::BTreeMap;

use super::decode::{Decoder, Field, subject};
use super::syntax::quote_it;
use super::tree::{Collection, Node, Value};
use super::words::{list, nearest};
use crate::text::{Code, Diagnostic, Span};

/// A kind of map in the rule language.
pub(super) struct Shape {
    /// As in "NAME has no key …".
    pub name: &'static str,
    /// The keys that it may have.
    pub keys: &'static [&'static str],
    /// What to do about keys that people look for here in vain.
    pub hints: &'static [(&'static str, &'static str)],
}

/// A map whose keys have been checked.
pub(super) struct Fields<'n> {
    /// Where to point when something is missing: the first key, or the map.
    pub head: Span,
    /// Whether a key that is not here is really missing.
    pub complete: bool,
    list: Vec<Field<'n>>,
}

impl<'n> Fields<'n> {
    /// The value under `key`.
    pub fn get(&self, key: &str) -> Option<Field<'n>> {
        self.list.iter().find(|f| f.key == key).copied()
    }

    /// All, as they stand.
    pub fn iter(&self) -> impl Iterator<Item = Field<'n>> + '_ {
        self.list.iter().copied()
    }
}

impl Decoder<'_> {
    /// The document's map. A file without any is reported with what it `needs`.
    pub fn document<'n>(
        &mut self,
        root: Option<&'n Node>,
        shape: &Shape,
        needs: &str,
    ) -> Option<Fields<'n>> {
        match root {
            Some(root) if !root.is_null() => {
                let field =
                    Field { key: shape.name, key_span: root.span, value: root, is_item: true };
                self.fields(field, shape, needs)
            }
            // A text that is not YAML has its own message.
            _ if self.is_clean() => {
                let span = Span::at(0);
                self.error(
                    Code::MissingKey,
                    span,
                    format!("{} is empty", shape.name),
                    format!("write {needs}"),
                );
                None
            }
            _ => None,
        }
    }

    /// A map with the keys of `shape`. `example` says how to write one.
    pub fn fields<'n>(
        &mut self,
        field: Field<'n>,
        shape: &Shape,
        example: &str,
    ) -> Option<Fields<'n>> {
        let fields = self.entries(field, shape.name, example)?;
        let Fields { head, complete, list: fields } = fields;
        let mut known: Vec<Field<'n>> = Vec::new();
        for mut field in fields {
            if !shape.keys.contains(&field.key) {
                let meant = self.unknown_key(&field, shape);
                let free = |key: &&str| known.iter().all(|f| f.key != *key);
                let Some(key) = meant.filter(free) else { continue };
                field.key = key;
            }
            known.push(field);
        }
        Some(Fields { head, complete, list: known })
    }

    /// A map with keys of any name, each there once.
    pub fn entries<'n>(
        &mut self,
        field: Field<'n>,
        name: &str,
        example: &str,
    ) -> Option<Fields<'n>> {
        let Value::Map(map) = &field.value.value else {
            let subject = if field.is_item { name.to_owned() } else { subject(field) };
            self.wrong_kind(field, &format!("{subject} is a map"), example);
            return None;
        };
        if let Some(prefix) = field.value.prefix {
            self.no_anchors(prefix);
        }
        let mut fields: Vec<Field<'n>> = Vec::new();
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for (index, (key, value)) in map.items.iter().enumerate() {
            let Value::Scalar(text, _) = &key.value else {
                if !matches!(key.value, Value::Broken) {
                    let help = "write the key as text; a key that begins with a bracket or `*` needs quotes";
                    self.error(Code::BadValue, key.span, "a key has to be text", help);
                }
                continue;
            };
            if map.flow && self.split_by_comma(map, index) {
                continue;
            }
            if let Some(first) = seen.get(text.as_str()) {
                let message = format!("the key `{text}` stands twice in one map");
                self.push(
                    Diagnostic::error(Code::DuplicateKey, message)
                        .at(self.file, key.span, "")
                        .at(self.file, *first, "the first one")
                        .help("keep one of the two"),
                );
                continue;
            }
            seen.insert(text, key.span);
            fields.push(Field { key: text, key_span: key.span, value, is_item: false });
        }
        let head = map.items.first().map_or(field.value.span, |(key, _)| key.span);
        Some(Fields { head, complete: map.complete, list: fields })
    }

    /// Reports an entry of a map in braces that is the rest of the value before it: the key has no
    /// colon, because it is what came behind a comma in `{match: f($x, $y)}`.
    fn split_by_comma(&mut self, map: &Collection<(Node, Node)>, index: usize) -> bool {
        let (key, value) = &map.items[index];
        let colon = self.text[key.span.end..].trim_start().starts_with(':');
        let Some((before, whole)) = index.checked_sub(1).map(|before| &map.items[before]) else {
            return false;
        };
        let code_like = key.span.of(self.text).contains(|c: char| !c.is_alphanumeric() && c != '-');
        let plain = matches!(whole.value, Value::Scalar(..)) && before.span.end < whole.span.start;
        if colon || !value.is_null() || !code_like || !plain {
            return false;
        }
        let span = whole.span.cover(key.span);
        let help = quote_it(Some(before.span.of(self.text)), span.of(self.text));
        self.error(Code::UnquotedValue, span, "a comma ends a value inside braces", help);
        true
    }

    /// Reports a key that `shape` does not have; returns the one that was probably meant.
    fn unknown_key(&mut self, field: &Field, shape: &Shape) -> Option<&'static str> {
        let key = field.key;
        let hint = shape.hints.iter().find(|(name, _)| *name == key);
        let near = nearest(key, shape.keys);
        let help = match (hint, near) {
            (Some((_, hint)), _) => (*hint).to_owned(),
            (None, Some(near)) => format!("did you mean `{near}`?"),
            (None, None) => format!("it may have {}", list(shape.keys)),
        };
        let message = format!("{} has no key `{key}`", shape.name);
        self.error(Code::UnknownKey, field.key_span, message, help);
        near.filter(|_| hint.is_none())
    }

    /// The value under `key`, which has to be there.
    pub fn required<'n>(
        &mut self,
        fields: &Fields<'n>,
        key: &str,
        name: &str,
        example: &str,
    ) -> Option<Field<'n>> {
        let found = fields.get(key);
        if found.is_none() && fields.complete {
            let message = format!("{name} needs the key `{key}`");
            self.error(Code::MissingKey, fields.head, message, format!("add `{example}`"));
        }
        found
    }
}
