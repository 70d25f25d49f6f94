//! The names that rules speak of. Comes in: patterns and templates with the texts that they were read
//! from. Goes out: names of packages, and names that may have been meant as metavariables.

use super::rule::Compiler;
use crate::go::syntax::{Kind, Node, Role};
use crate::rule::compiled::Search;
use crate::rule::mention::{Mention, Mentioned};
use crate::rule::metavariable::MetaId;
use crate::rule::pattern::{Atom, PackageId, Pattern};
use crate::rule::spec::{Dialect, SpannedStr};
use crate::rule::template::{Piece, Template, TemplateToken};
use crate::text::Span;

impl Compiler<'_, '_> {
    /// Keeps a name that stands at `span`; what a diff says on both sides is one.
    pub(super) fn mention(&mut self, name: Mentioned, span: Span, written: bool) {
        let file = self.file;
        if !self.mentions.iter().any(|known| known.span == span && known.name == name) {
            self.mentions.push(Mention { name, file, span, written });
        }
    }

    /// `pkg.Name` as a value of its own.
    pub(super) fn mention_of(&mut self, text: &SpannedStr, package: PackageId, name: &str) {
        let at = text.as_str().find('.').map_or(0, |dot| dot + 1);
        let span = text.map_span(Span::new(at, at + name.len()));
        self.mention(Mentioned::Of { package, name: name.to_owned() }, span, false);
    }

    /// The names of packages in a pattern.
    pub(super) fn mention_packages(&mut self, text: &SpannedStr, pattern: &Pattern) {
        for node in pattern.nodes().flat_map(Node::subtree) {
            let (Some(x), Some(sel)) = (node.child(Role::X), node.child(Role::Sel)) else {
                continue;
            };
            let (Atom::Package(package) | Atom::PackageOrName(package)) = pattern.atom(x) else {
                continue;
            };
            if pattern.atom(sel) == Atom::Plain {
                let name = Mentioned::Of { package, name: sel.text().to_owned() };
                self.mention(name, text.map_span(pattern.span_in_text(sel)), false);
            }
        }
    }

    /// Names that a pattern uses as values, and that nothing in it declares.
    pub(super) fn mention_variables(&mut self, text: &SpannedStr, pattern: &Pattern) {
        // In patch files every name that is no metavariable is itself.
        if self.dialect == Dialect::Gopatch {
            return;
        }
        for node in variables(pattern) {
            let name = Mentioned::Variable(node.text().to_owned());
            self.mention(name, text.map_span(pattern.span_in_text(node)), false);
        }
    }

    /// What a template writes: the names of packages, and names that stand where a metavariable of
    /// the pattern is missed.
    pub(super) fn mention_written(
        &mut self,
        text: &SpannedStr,
        template: &Template,
        search: &Search,
    ) {
        let tokens = template.tokens();
        for three in tokens.windows(3) {
            let [of, dot, named] = three else { continue };
            let (Piece::Package(package), Piece::Text(name)) = (&of.piece, &named.piece) else {
                continue;
            };
            if dot.piece == Piece::Text(".".to_owned()) {
                let what = Mentioned::Of { package: *package, name: name.clone() };
                self.mention(what, text.map_span(place(named, name)), true);
            }
        }
        let Some(lost) = self.lost(template, search) else { return };
        let Some(pattern) = template.as_pattern() else { return };
        let known: Vec<&str> = search.pattern.words().collect();
        for node in variables(pattern).filter(|node| !known.contains(&node.text())) {
            let name = node.text().to_owned();
            let is_it = |token: &&TemplateToken| token.piece == Piece::Text(name.clone());
            if let Some(token) = tokens.iter().find(is_it) {
                let span = text.map_span(place(token, &name));
                self.mention(Mentioned::InTheStead { name, lost: lost.clone() }, span, true);
            }
        }
    }

    /// A metavariable of the pattern that is neither printed nor asked for anything nor repeated.
    fn lost(&self, template: &Template, search: &Search) -> Option<String> {
        let printed: Vec<MetaId> = template.captures().collect();
        let mut bound: Vec<MetaId> = search.pattern.binds().collect();
        let all = bound.clone();
        let asked = |id: &MetaId| search.constraints.iter().any(|c| c.on == Some(*id));
        bound.retain(|id| !printed.contains(id) && !asked(id));
        bound.retain(|id| all.iter().filter(|other| *other == id).count() == 1);
        let mut names = bound.iter().map(|id| self.metavariables.name(*id));
        let name = names.find(|name| name.starts_with(char::is_alphabetic))?;
        let sign = if self.dialect == Dialect::Gopatch { "" } else { "$" };
        Some(format!("{sign}{name}"))
    }
}

fn place(token: &TemplateToken, name: &str) -> Span {
    Span::new(token.at, token.at + name.len())
}

/// Names in lower case that are used as values wherever they stand; `err` is meant as it is.
fn variables(pattern: &Pattern) -> impl Iterator<Item = Node<'_>> {
    let all = || pattern.nodes().flat_map(Node::subtree).filter(|n| n.kind() == Kind::Ident);
    all().filter(move |node| {
        let text = node.text();
        let plain = text.starts_with(|c: char| c.is_ascii_lowercase()) && text != "err";
        plain
            && all()
                .filter(|other| other.text() == text)
                .all(|other| pattern.atom(other) == Atom::Plain && is_value(other))
    })
}

/// Whether the name stands where a value does.
fn is_value(node: Node<'_>) -> bool {
    let Some(parent) = node.parent() else { return false };
    match (node.role(), parent.kind()) {
        (_, Kind::Args) => {
            let call = parent.parent().and_then(|call| call.child(Role::Fun));
            !call.is_some_and(|fun| matches!(fun.text(), "make" | "new"))
        }
        (Role::X | Role::Y, Kind::Binary)
        | (Role::X, Kind::Unary | Kind::Paren | Kind::TypeAssert | Kind::Ellipsis)
        | (Role::Rhs, Kind::Assign)
        | (Role::Value, Kind::KeyValue)
        | (_, Kind::Return) => true,
        (_, Kind::ExprList) => {
            parent.role() == Role::Rhs
                || parent.parent().is_some_and(|above| above.kind() == Kind::Return)
        }
        _ => false,
    }
}
