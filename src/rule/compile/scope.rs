//! Values from what is in scope. Comes in: `scope` and the template that uses it. Goes out: the type
//! that is looked for, and the template as it is where there is no such value.

use super::rule::Compiler;
use crate::rule::compiled::{MethodOfScope, ScopeValue, Search};
use crate::rule::spec::{ScopeSpec, SpannedStr};
use crate::text::Code;

impl Compiler<'_, '_> {
    /// Binds the metavariable; has to come before the template is read.
    pub(super) fn scope(
        &mut self,
        spec: &ScopeSpec,
        template: &SpannedStr,
        search: &Search,
    ) -> Option<ScopeValue> {
        let name = spec.name.as_str().trim_start_matches('$');
        if self.metavariables.get(name).is_some() {
            let message = format!("a pattern of the rule binds `{}` already", spec.name);
            let help = "give the value of `scope` another name";
            self.error(Code::BadValue, spec.name.span(), message, help);
            return None;
        }
        if with_value(template.as_str(), name, "") == template.as_str() {
            let message = format!("the template does not use `{}`", spec.name);
            let help = format!("write `{}` where the value goes, or leave `scope` out", spec.name);
            self.error(Code::UnboundMetavariable, spec.name.span(), message, help);
        }
        let id = self.metavariables.intern(name);
        let shapes: Vec<_> = spec.types.iter().map(|ty| self.shape(ty)).collect();
        let shapes = shapes.into_iter().collect::<Option<Vec<_>>>()?;
        let method = match &spec.or {
            Some(or) => Some(self.method(or, template, name, search)?),
            None => None,
        };
        let otherwise = match &spec.otherwise {
            Some(value) => {
                let text = with_value(template.as_str(), name, value.as_str());
                Some(self.template(&SpannedStr::opaque(text, value.span()), search)?)
            }
            None => None,
        };
        let wanted = spec.types.iter().map(SpannedStr::as_str).collect::<Vec<_>>().join(" or ");
        Some(ScopeValue { id, shapes, wanted, method, otherwise })
    }

    /// `$r.Method()`.
    fn method(
        &mut self,
        or: &SpannedStr,
        template: &SpannedStr,
        name: &str,
        search: &Search,
    ) -> Option<MethodOfScope> {
        let parts = or.as_str().strip_prefix('$').and_then(|rest| {
            let (receiver, call) = rest.split_once('.')?;
            let method = call.strip_suffix("()")?;
            let is_name = |s: &str| crate::go::lex::is_identifier(s);
            (is_name(receiver) && is_name(method)).then(|| (receiver.to_owned(), method.to_owned()))
        });
        let free = parts.filter(|(receiver, _)| self.metavariables.get(receiver).is_none());
        let Some((receiver, method)) = free else {
            let message = "`or` is a method of the nearest value that has it";
            let help = "write `$r.Method()`, with a name that no pattern binds";
            self.error(Code::BadValue, or.span(), message, help);
            return None;
        };
        let id = self.metavariables.intern(&receiver);
        let text = with_value(template.as_str(), name, or.as_str());
        let template = self.template(&SpannedStr::opaque(text, or.span()), search)?;
        Some(MethodOfScope { id, name: method, template })
    }
}

/// The template with `value` in the place of `$name`, in parentheses where it could fall apart.
fn with_value(template: &str, name: &str, value: &str) -> String {
    let is_part = |c: char| c == '_' || c.is_ascii_alphanumeric();
    let holds = value.chars().all(|c| is_part(c) || matches!(c, '.' | '(' | ')' | '$'));
    let value = if holds { value.to_owned() } else { format!("({value})") };
    let sign = format!("${name}");
    let mut out = String::new();
    let mut at = 0;
    while let Some(found) = template[at..].find(&sign).map(|found| at + found) {
        let end = found + sign.len();
        let is_whole = !template[end..].starts_with(is_part) && !template[..found].ends_with('$');
        out.push_str(&template[at..found]);
        out.push_str(if is_whole { &value } else { &sign });
        at = end;
    }
    out.push_str(&template[at..]);
    out
}
