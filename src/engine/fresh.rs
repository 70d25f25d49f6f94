//! Names for what a fix declares. Comes in: a wish, and the code that would see the name. Goes out: a
//! name near the wish that means nothing else there, so that nothing is redeclared and nothing that
//! stands there comes to mean another thing.

use super::names::FileNames;
use crate::go::lex::is_identifier;
use crate::go::predeclared::is_predeclared;
use crate::go::scope::NameUse;
use crate::go::source::Part;
use crate::go::syntax::{Kind, Node};
use crate::text::Span;

/// The names that are free at one place.
pub struct Fresh<'a, 'n> {
    names: &'a FileNames<'n>,
    part: &'a Part,
    seen: Span,
    taken: Vec<String>,
}

impl<'a, 'n> Fresh<'a, 'n> {
    /// Names for what `seen` would see, in a part of the file: see [`seen_from`].
    pub fn new(names: &'a FileNames<'n>, part: &'a Part, seen: Span) -> Self {
        Self { names, part, seen, taken: Vec::new() }
    }

    /// Whether nothing at the place is called `name`: neither the file's imports nor its package,
    /// nothing local, nothing that is predeclared, and none of the names given out before.
    pub fn is_free(&self, name: &str) -> bool {
        let is_import = |index| self.names.local(index).name == name;
        is_identifier(name)
            && name != "_"
            && !is_predeclared(name)
            && !self.taken.iter().any(|taken| taken == name)
            && !self.part.scopes().declares_within(name, self.seen)
            && !self.is_mentioned(name)
            && !(0..self.names.bindings().len()).any(is_import)
            && !self.names.package_declares(name)
    }

    /// The name nearest to `wish` that is free: itself, or with a number behind it. It is given out
    /// once.
    pub fn name(&mut self, wish: &str) -> String {
        self.first_free(&[wish])
    }

    /// The first of the wishes that is free, or the first of them with a number behind it. It is
    /// given out once. What cannot be a name is taken for `value`.
    pub fn first_free(&mut self, wishes: &[&str]) -> String {
        let possible = |wish: &str| if is_identifier(wish) { wish } else { "value" }.to_owned();
        let wished: Vec<String> = wishes.iter().map(|wish| possible(wish)).collect();
        let first = wished.first().cloned().unwrap_or_else(|| possible(""));
        let mut all = wished.into_iter().chain((2..).map(|nth: usize| format!("{first}{nth}")));
        let name = all.find(|name| self.is_free(name)).unwrap_or_default();
        self.take(&name);
        name
    }

    /// Counts a name as given out.
    pub fn take(&mut self, name: &str) {
        self.taken.push(name.to_owned());
    }

    /// Whether code at the place says the name, and means something that has a scope.
    fn is_mentioned(&self, name: &str) -> bool {
        let has_scope = |node: Node<'_>| {
            let name_use = self.part.scopes().name_use(node.id());
            !matches!(name_use, NameUse::Member | NameUse::Label(_) | NameUse::Blank)
        };
        let mut names = self.part.syntax().iter().filter(|node| node.kind() == Kind::Ident);
        names.any(|n| n.text() == name && self.seen.contains(n.span()) && has_scope(n))
    }
}

/// What sees a name that is declared before the statement `node`: the statement, and what follows in
/// its block.
pub fn seen_from(node: Node<'_>) -> Span {
    let block = node.ancestors().find(|a| a.kind().holds_statements());
    let end = block.map_or(node.span().end, |block| block.span().end);
    Span::new(node.span().start, end.max(node.span().end))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::engine::stand_in::NothingElse;
    use crate::go::source::SourceFile;
    use crate::rule::compiled::RuleSet;

    /// The names given out for the wishes before the first statement that calls `here`.
    fn named(code: &str, wishes: &[&str]) -> Vec<String> {
        let file =
            Arc::new(SourceFile::new("a.go", format!("package p\n\nimport \"x/lib\"\n\n{code}")));
        let rules = RuleSet::default();
        let names = FileNames::new(&file, &rules, &NothingElse);
        let decl = file.code_decls().map(|(decl, _)| decl).last().expect("a function");
        let part = file.part(decl);
        let is_here = |n: &Node<'_>| n.kind() == Kind::ExprStmt && n.text().starts_with("here(");
        let stmt = part.syntax().iter().find(is_here).expect("a place");
        let mut fresh = Fresh::new(&names, part, seen_from(stmt));
        wishes.iter().map(|wish| fresh.name(wish)).collect()
    }

    #[test]
    fn what_means_something_at_the_place_is_not_free() {
        let code = "func f(a int) (b int) {\n\tc := 1\n\t{\n\t\tgone := 1\n\t\t_ = gone\n\t}\n\there(free)\n\tlater := lib.F(x.field, c)\n\tgoto label\nlabel:\n\treturn later\n}\n";
        let wishes =
            ["a", "b", "c", "later", "free", "lib", "len", "type", "gone", "field", "label"];
        let names = named(code, &wishes);
        let expected = [
            "a2", "b2", "c2", "later2", "free2", "lib2", "len2", "value", "gone", "field", "label",
        ];
        assert_eq!(names, expected);
    }

    #[test]
    fn a_name_is_given_out_once() {
        assert_eq!(named("func f() {\n\there()\n}\n", &["v", "v", "v"]), ["v", "v2", "v3"]);
        assert_eq!(named("func f(v, v3 int) {\n\there()\n}\n", &["v", "v"]), ["v2", "v4"]);
    }

    #[test]
    fn what_stands_behind_the_block_does_not_count() {
        let code = "func f() {\n\tif ok {\n\t\there()\n\t}\n\tv := 1\n\t_ = v\n}\n";
        assert_eq!(named(code, &["v"]), ["v"]);
    }
}
