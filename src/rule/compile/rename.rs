//! `rename`: names that became others. Comes in: the old name and the new one, as code outside of
//! the package writes them. Goes out: the package, the type and both names.

use super::rule::Compiler;
use crate::go::lex::is_identifier;
use crate::go::predeclared::is_predeclared;
use crate::rule::compiled::Rename;
use crate::rule::pattern::PackageId;
use crate::rule::spec::{RenameSpec, SpannedStr};
use crate::text::{Code, Span};

/// `pkg.Name` or `pkg.Type.Member`.
struct Path {
    package: PackageId,
    owner: Option<String>,
    name: String,
}

impl Compiler<'_, '_> {
    pub(super) fn rename(&mut self, spec: &RenameSpec) -> Option<Rename> {
        let from = self.declared_name(&spec.from);
        if let Some(Path { package, owner, name }) = &from {
            self.mention_of(&spec.from, *package, owner.as_ref().unwrap_or(name));
        }
        let name = self.new_name(&spec.to, &spec.from, from.as_ref());
        let (from, to) = (from?, name?);
        let exported = |name: &str| name.starts_with(char::is_uppercase);
        if to == from.name {
            let help = "write the name that it has from now on under `to`";
            self.error(Code::BadValue, spec.to.span(), "the name stays what it was", help);
            return None;
        }
        if exported(&from.name) && !exported(&to) {
            let message = format!("other packages cannot use `{to}`");
            let help = "begin the new name with an upper-case letter, as the old one does";
            self.error(Code::BadValue, spec.to.span(), message, help);
            return None;
        }
        if from.owner.is_none() && is_predeclared(&to) {
            let message = format!("`{to}` is predeclared");
            let help = "a package that declares it would hide what it means in Go: take another";
            self.error(Code::BadValue, spec.to.span(), message, help);
            return None;
        }
        Some(Rename { package: from.package, owner: from.owner, from: from.name, to })
    }

    /// A name behind the name of its package.
    fn declared_name(&mut self, text: &SpannedStr) -> Option<Path> {
        let mut names = text.as_str().split('.');
        let parts = [names.next(), names.next(), names.next(), names.next()];
        let good = |name: Option<&str>| name.is_none_or(|n| is_identifier(n) && n != "_");
        let (Some(package), Some(first), second, None) = parts.into() else {
            let message = format!("`{text}` does not name something of a package");
            let help = "write `pkg.Name`, or `pkg.Type.Member` for a field or method";
            self.error(Code::BadValue, text.span(), message, help);
            return None;
        };
        if let Some(bad) = [Some(first), second].into_iter().find(|name| !good(*name)) {
            let bad = bad.unwrap_or_default();
            let message = format!("`{bad}` is no name");
            let help = "write `pkg.Name`, or `pkg.Type.Member` for a field or method";
            self.error(Code::BadValue, text.span(), message, help);
            return None;
        }
        let qualifier = text.slice(Span::new(0, package.len()));
        let package = self.package(&qualifier)?;
        let (owner, name) = match second {
            Some(member) => (Some(first.to_owned()), member),
            None => (None, first),
        };
        Some(Path { package, owner, name: name.to_owned() })
    }

    /// The last name of `to`; what stands before it must be what it is in `from`.
    fn new_name(
        &mut self,
        text: &SpannedStr,
        old: &SpannedStr,
        from: Option<&Path>,
    ) -> Option<String> {
        if is_identifier(text.as_str()) && text.as_str() != "_" {
            return Some(text.as_str().to_owned());
        }
        let to = self.declared_name(text)?;
        let from = from?;
        if to.package != from.package || to.owner != from.owner {
            let message = format!("`{text}` is not beside the old name");
            let is_moved = to.package != from.package && to.owner.is_none() && from.owner.is_none();
            let help = match (is_moved, to.name == from.name) {
                (true, true) => {
                    let (old, new) = (self.table.path(from.package), self.table.path(to.package));
                    format!(
                        "a rename stays in its package; write `import: {{from: {old}, to: {new}, \
                         symbols: [{}]}}`",
                        to.name
                    )
                }
                (true, false) => format!(
                    "a rename stays in its package; write `match: {old}` and `rewrite: {text}`"
                ),
                _ => "a rename changes the last name only".to_owned(),
            };
            self.error(Code::BadValue, text.span(), message, help);
            return None;
        }
        Some(to.name)
    }
}
