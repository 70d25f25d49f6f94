//! What takes the place of what a regular expression found, and the rules about strings. Comes in:
//! `find`, `replace` and `report` as written. Goes out: their parts, in which groups and parameters
//! are told apart; every mistake has its place.

use regex::Regex;

use super::explain;
use super::rule::Compiler;
use super::values;
use crate::rule::compiled::{Search, StringAction, StringChange};
use crate::rule::found::{Substitution, SubstitutionPart};
use crate::rule::metavariable::{MetaId, Metavariables};
use crate::rule::spec::{ChangeSpec, SpannedStr, StringSpec, nearest};
use crate::rule::value::{Filter, ValueError, filtered};
use crate::text::{Code, Span};

impl Compiler<'_, '_> {
    pub(super) fn string(&mut self, spec: &StringSpec) -> Option<StringAction> {
        let search = self.search(&spec.target);
        let find = self.keep(values::regex(self.file, &spec.find));
        let unless = self.unless(spec.unless.as_ref());
        let (search, find) = (search?, find?);
        let of = self.string_of(spec, &search)?;
        let change = match &spec.change {
            ChangeSpec::Replace(text) => StringChange::Replace(self.substitution(text, &find)),
            ChangeSpec::Report(text) => {
                let groups = (of, find.capture_names().flatten().map(str::to_owned).collect());
                StringChange::Report(self.message_with(text, &search, &groups))
            }
        };
        Some(StringAction { search, of, find, unless: unless?, change })
    }

    /// The expression under `unless`: none if it is left out, `None` if it is wrong.
    #[allow(clippy::option_option, reason = "left out and wrong are different things")]
    pub(super) fn unless(&mut self, text: Option<&SpannedStr>) -> Option<Option<Regex>> {
        let Some(text) = text else { return Some(None) };
        self.keep(values::regex(self.file, text)).map(Some)
    }

    /// The metavariable that stands for the string: the one that is named, or the only one.
    fn string_of(&mut self, spec: &StringSpec, search: &Search) -> Option<MetaId> {
        let mut bound: Vec<MetaId> = search.pattern.binds().collect();
        bound.dedup();
        let Some(of) = &spec.of else {
            let [only] = bound[..] else {
                let place = spec.target.pattern.span();
                let (message, help) = match bound.first() {
                    None => (
                        "the pattern has no metavariable for the string".to_owned(),
                        "write `$dsn` where the string stands".to_owned(),
                    ),
                    Some(&first) => (
                        "the pattern does not say which metavariable is the string".to_owned(),
                        format!("add `of: ${}`", self.metavariables.name(first)),
                    ),
                };
                self.error(Code::RuleKind, place, message, help);
                return None;
            };
            return Some(only);
        };
        let name = of.as_str().trim_start_matches('$');
        let named = self.metavariables.get(name).filter(|id| bound.contains(id));
        if named.is_none() {
            let help = explain::bind_it(&self.metavariables, name);
            let message = format!("the pattern does not bind `{of}`");
            self.error(Code::UnboundMetavariable, of.span(), message, help);
        }
        named
    }

    /// A replacement: `$1` and `${name}` are groups, `${name}` may be a parameter, both may have
    /// filters, `$$` is a `$`.
    pub(super) fn substitution(&mut self, text: &SpannedStr, find: &Regex) -> Substitution {
        let written = text.as_str();
        let mut out = Substitution::default();
        let mut at = 0;
        for reference in references(written) {
            out.push_text(&written[at..reference.span.start]);
            at = reference.span.end;
            self.reference(text, find, &reference, &mut out);
        }
        out.push_text(&written[at..]);
        self.other_groups(text, find);
        out
    }

    fn reference(
        &mut self,
        text: &SpannedStr,
        find: &Regex,
        reference: &Reference,
        out: &mut Substitution,
    ) {
        let written = text.as_str();
        if reference.name.is_empty() && !reference.braced {
            out.push_text("$");
            return;
        }
        let name = reference.name.of(written);
        let index = match name.parse::<usize>() {
            Ok(number) => (number < find.captures_len()).then_some(number),
            Err(_) => find.capture_names().position(|n| n == Some(name)),
        };
        let param = if index.is_some() || !reference.braced { None } else { self.env.param(name) };
        if index.is_none() && param.is_none() {
            self.no_group(text, find, reference);
        }
        let Some(filters) = self.filters(text, reference) else { return };
        match (index, param) {
            (Some(index), _) => {
                out.shown.push_str(reference.span.of(written));
                out.parts.push(SubstitutionPart::Group { index, filters });
            }
            (None, Some(value)) => out.push_text(&filtered(&filters, &value)),
            (None, None) => {}
        }
    }

    fn filters(&mut self, text: &SpannedStr, reference: &Reference) -> Option<Vec<Filter>> {
        let written = reference.filters.of(text.as_str());
        let parsed: Result<Vec<Filter>, ValueError> =
            written.split('|').skip(1).map(|f| Filter::parse(f.trim_start())).collect();
        let span = reference.span;
        let none = Metavariables::default();
        let env = self.env;
        self.keep(parsed.map_err(|error| explain::value(env, text, &none, span, &error)))
    }

    /// Groups as other tools write them, which would stand in the file as they are.
    fn other_groups(&mut self, text: &SpannedStr, find: &Regex) {
        let written = text.as_str();
        for (at, _) in written.match_indices('\\') {
            let digits = written[at + 1..].bytes().take_while(u8::is_ascii_digit).count();
            let number = &written[at + 1..at + 1 + digits];
            if number.parse().is_ok_and(|n: usize| n < find.captures_len()) {
                let span = text.map_span(Span::new(at, at + 1 + digits));
                let message = format!("a group is not written `\\{number}`");
                self.error(Code::BadRegex, span, message, format!("write `${{{number}}}`"));
            }
        }
    }

    fn no_group(&mut self, text: &SpannedStr, find: &Regex, reference: &Reference) {
        let name = reference.name.of(text.as_str());
        let digits = name.bytes().take_while(u8::is_ascii_digit).count();
        let count = find.captures_len() - 1;
        let names: Vec<&str> = find.capture_names().flatten().collect();
        let numbered = name[..digits].parse::<usize>().is_ok_and(|n| n <= count);
        let help = if !reference.braced && digits > 0 && digits < name.len() && numbered {
            let (number, rest) = name.split_at(digits);
            format!("`$` takes all letters and digits behind it: write `${{{number}}}{rest}`")
        } else if let Some(near) = nearest(name, &names) {
            format!("did you mean `${{{near}}}`?")
        } else if digits == name.len() {
            match count {
                0 => "`find` has no group: put parentheses around what is kept".to_owned(),
                1 => "`find` has one group, `$1`".to_owned(),
                count => format!("`find` has {count} groups, up to `${count}`"),
            }
        } else if self.env.param_names().contains(&name) {
            format!("write `${{{name}}}` for the parameter, and give it a value")
        } else if names.is_empty() {
            format!("name a group in `find`: `(?P<{name}>…)`; a `$` as itself is `$$`")
        } else {
            format!("`find` has {}; a `$` as itself is `$$`", explain::list(&names))
        };
        let span = text.map_span(reference.span);
        let message = format!("`find` has no group `{name}`");
        self.error(Code::BadRegex, span, message, help);
    }
}

impl Substitution {
    fn push_text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.shown.push_str(text);
        match self.parts.last_mut() {
            Some(SubstitutionPart::Text(last)) => last.push_str(text),
            _ => self.parts.push(SubstitutionPart::Text(text.to_owned())),
        }
    }
}

/// `$1`, `$name`, `${name}` or `${name|filter}` in a replacement; `$$` has no name.
struct Reference {
    /// All of it.
    span: Span,
    /// The number or name.
    name: Span,
    /// What stands behind the name.
    filters: Span,
    braced: bool,
}

/// Finds the references to groups as the `regex` crate reads them: `$$` is a `$`, a name without
/// braces is as long as it can be, and a `$` before anything else is itself.
fn references(text: &str) -> Vec<Reference> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find('$').map(|s| s + at) {
        at = start + 1;
        let mut push = |name: Span, end: usize, braced: bool| {
            let bar = name.of(text).find('|').map_or(name.end, |bar| name.start + bar);
            let filters = Span::new(bar, name.end);
            let name = Span::new(name.start, bar);
            found.push(Reference { span: Span::new(start, end), name, filters, braced });
        };
        match bytes.get(at) {
            Some(b'$') => {
                at += 1;
                push(Span::at(at), at, false);
            }
            Some(b'{') => {
                let Some(len) = text[at..].find('}') else { continue };
                let name = Span::new(at + 1, at + len);
                at += len + 1;
                push(name, at, true);
            }
            _ => {
                let part = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
                let len = bytes[at..].iter().take_while(|b| part(b)).count();
                let name = Span::new(at, at + len);
                at += len;
                if len > 0 {
                    push(name, at, false);
                }
            }
        }
    }
    found
}
