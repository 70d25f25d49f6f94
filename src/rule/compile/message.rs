//! The text of a finding. Comes in: `report`. Goes out: its parts: text, captures, values.

use super::explain;
use super::rule::Compiler;
use crate::rule::compiled::{MessagePart, Search};
use crate::rule::metavariable::{HoleKind, MetaId, interpolations};
use crate::rule::spec::SpannedStr;
use crate::rule::value::{Value, ValueSource};
use crate::text::{Code, Span};

impl Compiler<'_, '_> {
    /// The same where there is nothing to capture: only parameters can be put in.
    pub(super) fn plain_message(&mut self, text: &SpannedStr) -> String {
        let parts = self.parts(text, None, None).into_iter();
        parts
            .map(|part| match part {
                MessagePart::Text(text) => text,
                MessagePart::Value(value) => match &value.source {
                    ValueSource::Param(param) => value.filtered(param),
                    _ => String::new(),
                },
                MessagePart::Capture(_) => String::new(),
            })
            .collect()
    }

    /// `$x` and `$$$xs` are captures, `${…}` values as in templates; `$${` is `${`, and any other
    /// `$` is itself.
    pub(super) fn message(&mut self, text: &SpannedStr, search: &Search) -> Vec<MessagePart> {
        self.parts(text, Some(search), None)
    }

    /// The same where a metavariable has named groups of its own, which need no `$x.` before them.
    pub(super) fn message_with(
        &mut self,
        text: &SpannedStr,
        search: &Search,
        groups: &(MetaId, Vec<String>),
    ) -> Vec<MessagePart> {
        self.parts(text, Some(search), Some(groups))
    }

    fn parts(
        &mut self,
        text: &SpannedStr,
        search: Option<&Search>,
        groups: Option<&(MetaId, Vec<String>)>,
    ) -> Vec<MessagePart> {
        if search.is_some() {
            self.allow_match(text);
        }
        let written = text.as_str().trim_end();
        let mut parts = Vec::new();
        let mut at = 0;
        for (span, value) in places(written) {
            push_text(&mut parts, &written[at..span.start]);
            at = span.end;
            parts.extend(self.message_part(text, search, (span, value), groups));
        }
        push_text(&mut parts, &written[at..]);
        parts
    }

    fn message_part(
        &mut self,
        text: &SpannedStr,
        search: Option<&Search>,
        (span, value): (Span, Option<String>),
        groups: Option<&(MetaId, Vec<String>)>,
    ) -> Option<MessagePart> {
        let env = self.env;
        if let Some(value) = value {
            let group = |name: &str| {
                let (of, names) = groups?;
                names.iter().any(|n| n == name).then(|| (*of, name.to_owned()))
            };
            if let Some(value) = Value::of_group(&value, &group) {
                return self
                    .keep(value.map_err(|error| {
                        explain::value(env, text, &self.metavariables, span, &error)
                    }))
                    .map(MessagePart::Value);
            }
            let parsed = Value::parse(&value, &self.metavariables, &|name| env.param(name));
            let parsed = parsed
                .map_err(|error| explain::value(env, text, &self.metavariables, span, &error));
            let value = self.keep(parsed)?;
            if let Some(search) = search {
                self.check_group(text, search, &value);
            }
            return Some(MessagePart::Value(value));
        }
        let written = span.of(text.as_str());
        let name = written.trim_start_matches('$');
        if let Some(id) = self.metavariables.get(name) {
            return Some(MessagePart::Capture(id));
        }
        let help = explain::bind_it(&self.metavariables, name);
        let message = format!("no pattern binds `{written}`");
        self.error(Code::UnboundMetavariable, text.map_span(span), message, help);
        None
    }
}

fn push_text(parts: &mut Vec<MessagePart>, text: &str) {
    if !text.is_empty() {
        parts.push(MessagePart::Text(text.replace("$${", "${")));
    }
}

/// Where something is put in, ascending: for `${…}` with what stands between the braces.
fn places(text: &str) -> Vec<(Span, Option<String>)> {
    let mut found: Vec<(Span, Option<String>)> = interpolations(text)
        .into_iter()
        .filter_map(|hole| match hole.kind {
            HoleKind::Value(inner) => Some((hole.span, Some(inner))),
            _ => None,
        })
        .collect();
    let values: Vec<Span> = found.iter().map(|(span, _)| *span).collect();
    let mut at = 0;
    while let Some(start) = text[at..].find('$').map(|s| s + at) {
        let sigils = text[start..].bytes().take_while(|&b| b == b'$').count();
        let rest = &text[start + sigils..];
        let is_part = |c: char| c == '_' || c.is_ascii_alphanumeric();
        let name = &rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())];
        at = start + sigils + name.len();
        let is_name = name.starts_with(|c: char| !c.is_ascii_digit());
        let span = Span::new(start, at);
        if is_name && matches!(sigils, 1 | 3) && !values.iter().any(|v| v.overlaps(span)) {
            found.push((span, None));
        }
    }
    found.sort_by_key(|(span, _)| *span);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_that_name_nothing_are_text() {
        let texts = |text: &str| {
            places(text).into_iter().map(|(s, _)| s.of(text).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(
            texts("$x costs $5, $$$ys, ${a|quote} and $${b} $"),
            ["$x", "$$$ys", "${a|quote}"]
        );
    }
}
