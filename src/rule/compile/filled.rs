//! Parameters in import paths, module paths and versions. Comes in: a value with `${name}` in it.
//! Goes out: the value with what the parameters are. What went in is a path or a version after that
//! or an error that stands at the value.

use super::rule::Compiler;
use crate::rule::spec::SpannedStr;
use crate::text::Code;

impl Compiler<'_, '_> {
    /// `None`, and an error, where there is no such parameter or it has no value.
    pub(super) fn filled(&mut self, text: &SpannedStr) -> Option<SpannedStr> {
        if !text.as_str().contains("${") {
            return Some(text.clone());
        }
        let (mut filled, mut rest) = (String::new(), text.as_str());
        while let Some((before, behind)) = rest.split_once("${") {
            filled.push_str(before);
            let Some((name, after)) = behind.split_once('}') else {
                let help = "write `${NAME}` for the value of a parameter";
                self.error(Code::BadValue, text.span(), "a `${` has no `}`", help);
                return None;
            };
            let Some(value) = self.env.param(name) else {
                let message = format!("there is no parameter `{name}` with a value");
                let help = format!("declare it: `params: {{{name}: {{default: VALUE}}}}`");
                self.error(Code::BadValue, text.span(), message, help);
                return None;
            };
            filled.push_str(&value);
            rest = after;
        }
        filled.push_str(rest);
        Some(SpannedStr::opaque(filled, text.span()))
    }
}
