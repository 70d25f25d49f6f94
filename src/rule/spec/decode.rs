//! From YAML nodes to typed values.
//!
//! Comes in: nodes. Goes out: values of the kinds that specs are made of, and a diagnostic for
//! every node that is not one. A mistake never ends the reading: what could not be read is left
//! out, and nothing that follows from a mistake is reported as another one.

use super::string::{Spanned, SpannedStr};
use super::syntax::{quote_it, quoted, unquoted_message};
use super::tree::{Collection, Node, Value};
use super::words::{either, is_kebab, kebab, nearest};
use crate::text::{Code, Diagnostic, FileId, Span};

/// A value together with the key or the list that it stands under.
#[derive(Clone, Copy)]
pub(super) struct Field<'n> {
    /// The key; for list items, that of the list.
    pub key: &'n str,
    /// Where the key stands; for list items, the item.
    pub key_span: Span,
    /// The value.
    pub value: &'n Node,
    /// Whether the value is an item of the list under the key.
    pub is_item: bool,
}

/// Reads nodes of one file and keeps what is wrong with them.
pub(super) struct Decoder<'t> {
    pub file: FileId,
    pub text: &'t str,
    diagnostics: Vec<Diagnostic>,
}

impl<'t> Decoder<'t> {
    pub fn new(file: FileId, text: &'t str, diagnostics: Vec<Diagnostic>) -> Self {
        Self { file, text, diagnostics }
    }

    /// The diagnostics, in the order of their places.
    pub fn finish(mut self) -> Vec<Diagnostic> {
        self.diagnostics.sort_by_key(|d| d.labels.first().map(|label| label.span));
        self.diagnostics
    }

    /// Whether nothing was wrong so far.
    pub fn is_clean(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// Reports `diagnostic`.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports an error at one place.
    pub fn error(
        &mut self,
        code: Code,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(Diagnostic::error(code, message).at(self.file, span, "").help(help));
    }

    /// Text. Numbers and the like are taken as they are written.
    pub fn string(&mut self, field: Field) -> Option<SpannedStr> {
        let node = field.value;
        let value = match &node.value {
            Value::Broken => return None,
            Value::Scalar(value, style) if node.prefix.is_none() => {
                if node.is_null() {
                    self.no_value(field);
                    return None;
                }
                return Some(SpannedStr::of_scalar(self.text, node.span, value, *style));
            }
            value => value,
        };
        let block = match value {
            Value::Seq(Collection { flow: false, .. }) => Some("a list"),
            Value::Map(Collection { flow: false, .. }) => Some("a map"),
            _ => None,
        };
        if let Some(kind) = block {
            let message = format!("{} is text, not {kind}", subject(field));
            let help = format!("write `{}: …` on one line", field.key);
            self.error(Code::BadValue, first_line(self.text, node.span), message, help);
        } else {
            self.unquoted(field);
        }
        None
    }

    fn no_value(&mut self, field: Field) {
        let (span, message) = if field.value.span.is_empty() {
            (field.key_span, format!("{} has no value", subject(field)))
        } else {
            let written = field.value.span.of(self.text);
            (field.value.span, format!("YAML reads `{written}` as no value"))
        };
        let help = if field.value.span.is_empty() {
            "write one behind the colon".to_owned()
        } else {
            quote_it((!field.is_item).then_some(field.key), field.value.span.of(self.text))
        };
        self.error(Code::BadValue, span, message, help);
    }

    /// Reports a value that YAML does not read as text, where text was meant.
    fn unquoted(&mut self, field: Field) {
        let written = field.value.span.of(self.text);
        let first = written.chars().next().unwrap_or('&');
        let help = quote_it((!field.is_item).then_some(field.key), written);
        self.error(Code::UnquotedValue, field.value.span, unquoted_message(first), help);
    }

    pub(super) fn no_anchors(&mut self, span: Span) {
        let message = "rule files have no anchors, aliases or tags";
        self.error(Code::BadValue, span, message, "write the value out where it is wanted");
    }

    /// Reports a value that is not what `wanted` says; says nothing about broken ones.
    pub(super) fn wrong_kind(&mut self, field: Field, wanted: &str, example: &str) {
        let node = field.value;
        let help = format!("write {example}");
        let found = match &node.value {
            Value::Broken => return,
            Value::Alias => return self.no_anchors(node.span),
            Value::Scalar(..) if node.is_null() => {
                let span = if node.span.is_empty() { field.key_span } else { node.span };
                let message = format!("{} has no value", subject(field));
                return self.error(Code::BadValue, span, message, help);
            }
            Value::Scalar(..) => "text",
            Value::Seq(_) => "a list",
            Value::Map(_) => "a map",
        };
        let span = first_line(self.text, node.span);
        self.error(Code::BadValue, span, format!("{wanted}, not {found}"), help);
    }

    /// The items of a list. `example` says how to write one.
    pub fn list<'n>(&mut self, field: Field<'n>, example: &str) -> Vec<Field<'n>> {
        let Value::Seq(list) = &field.value.value else {
            self.wrong_kind(field, &format!("{} is a list", subject(field)), example);
            return Vec::new();
        };
        if let Some(prefix) = field.value.prefix {
            self.no_anchors(prefix);
        }
        let item = |value| Field { value, is_item: true, ..field };
        list.items.iter().map(item).collect()
    }

    /// The items of a list of names or the like; `item` stands for one of them.
    pub fn names<'n>(&mut self, field: Field<'n>, item: &str) -> Vec<Field<'n>> {
        let written = field.value.span.of(self.text);
        let is_short = !written.is_empty() && !written.contains(['\n', ' ', ',']);
        let item = if is_short { written } else { item };
        self.list(field, &format!("`{}: [{item}]`", field.key))
    }

    /// A list of texts; `item` stands for one of them.
    pub fn strings(&mut self, field: Field, item: &str) -> Vec<SpannedStr> {
        self.names(field, item).into_iter().filter_map(|item| self.string(item)).collect()
    }

    /// A list of texts, or one text.
    pub fn one_or_more(&mut self, field: Field) -> Vec<SpannedStr> {
        match field.value.value {
            Value::Seq(_) => self.strings(field, "TEXT"),
            _ => self.string(field).into_iter().collect(),
        }
    }

    /// One of a few words.
    pub fn word<T: Copy>(
        &mut self,
        field: Field,
        words: &[(&'static str, T)],
    ) -> Option<Spanned<T>> {
        let text = self.string(field)?;
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text.as_str()) {
            return Some(Spanned { value: *value, span: text.span() });
        }
        let names: Vec<&'static str> = words.iter().map(|(word, _)| *word).collect();
        let help = match nearest(text.as_str(), &names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write {}", either(&names)),
        };
        let message = format!("{} cannot be `{text}`", subject(field));
        self.error(Code::BadValue, text.span(), message, help);
        None
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, field: Field) -> Option<Spanned<bool>> {
        self.word(field, &[("true", true), ("false", false)])
    }

    /// A number that counts something; `help` says what to write.
    pub fn count(&mut self, field: Field, help: &str) -> Option<Spanned<usize>> {
        let text = self.string(field)?;
        let number = text.as_str().parse().ok();
        if number.is_none() {
            let message = format!("`{text}` is no whole number from 0 up");
            self.error(Code::BadValue, text.span(), message, help);
        }
        number.map(|value| Spanned { value, span: text.span() })
    }

    /// Text in kebab case. A bad one is reported and still returned.
    pub fn id(&mut self, field: Field) -> Option<SpannedStr> {
        let id = self.string(field)?;
        if !is_kebab(id.as_str()) {
            let help = match kebab(id.as_str()) {
                Some(kebab) => format!("write `{}: {kebab}`", field.key),
                None => format!("write `{}: words-with-hyphens`", field.key),
            };
            let message = "an id is lower-case words, joined by hyphens";
            self.error(Code::BadId, id.span(), message, help);
        }
        Some(id)
    }

    /// Two words: a first without a space, and the rest. `what` names them; `second` is an example
    /// of the rest.
    pub fn two_words(&mut self, field: Field, what: &str, second: &str) -> Option<[SpannedStr; 2]> {
        let text = self.string(field)?;
        let value = text.as_str();
        let start = value.len() - value.trim_start().len();
        let end = start + value.trim().len();
        let Some(split) = value[start..end].find(char::is_whitespace).map(|at| at + start) else {
            let first = if start < end { &value[start..end] } else { "example.com/lib" };
            // `go get` has an `@` between the two.
            let both = match first.split_once('@') {
                Some((path, version)) => format!("{path} {version}"),
                None => format!("{first} {second}"),
            };
            // Ranges begin with characters that are safer in quotes.
            let both = if second.starts_with('v') { both } else { quoted(&both) };
            let message = format!("{} is {what}", subject(field));
            let help = format!("write `{}: {both}`", field.key);
            self.error(Code::BadValue, text.span(), message, help);
            return None;
        };
        let rest = end - value[split..end].trim_start().len();
        Some([text.slice(Span::new(start, split)), text.slice(Span::new(rest, end))])
    }
}

/// The field in a message.
pub(super) fn subject(field: Field) -> String {
    if field.is_item { format!("an item of `{}`", field.key) } else { format!("`{}`", field.key) }
}

/// `span` up to the end of its first line.
fn first_line(text: &str, span: Span) -> Span {
    let first = span.of(text).lines().next().unwrap_or_default();
    Span::new(span.start, span.start + first.len())
}
