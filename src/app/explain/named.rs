//! A name that a rule speaks of and that means something else. Comes in: a rule of the kind `rename`
//! or `field`, and a place. Goes out: for each such name there what it stands for instead.

use super::subject::Subject;
use super::words::full_id;
use crate::app::output::diagnostics::Note;
use crate::app::output::summary::shown;
use crate::engine::names::FileNames;
use crate::go::syntax::{Kind, Node, Role};
use crate::go::types::{Declared, FileTypes, Object, TypeAnswer};
use crate::rule::compiled::{Action, Required, Rule, RuleSet};
use crate::rule::pattern::PackageId;
use crate::text::{FileId, Label, Span};

/// What a rule is about.
struct Wanted<'r> {
    package: PackageId,
    owner: Option<&'r str>,
    name: &'r str,
}

impl<'r> Wanted<'r> {
    fn of(rule: &'r Rule) -> Option<Self> {
        match &rule.action {
            Action::Rename(rename) => Some(Self {
                package: rename.package,
                owner: rename.owner.as_deref(),
                name: &rename.from,
            }),
            Action::Field(field) => {
                Some(Self { package: field.package, owner: Some(&field.owner), name: &field.from })
            }
            _ => None,
        }
    }

    fn words(&self, rules: &RuleSet) -> String {
        let package = &rules.package(self.package).name;
        let owner = self.owner.map(|owner| format!("{owner}.")).unwrap_or_default();
        format!("{package}.{owner}{}", self.name)
    }
}

/// The names at the place that are called like what the rule is about, but for those in its `sites`.
pub fn named(
    (rule, rules): (&Rule, &RuleSet),
    names: &FileNames<'_>,
    (subject, file): (&Subject, FileId),
    sites: &[Span],
) -> Vec<Note> {
    let (Some(wanted), Some(types)) = (Wanted::of(rule), names.types()) else { return Vec::new() };
    let id = full_id(rule, rules);
    let message = |why: &str| format!("{id} does not match: {}", shown(why));
    let label =
        |span: Span, text: &str| Label { file, span: subject.seen(span), text: text.to_owned() };
    let source = names.file();
    let here = |span: Span| span.start <= subject.place.end && subject.place.start <= span.end;
    let mut found = Vec::new();
    for (decl, _) in source.code_decls().filter(|(_, decl)| here(decl.span)) {
        let nodes = source.part(decl).syntax().iter();
        let called = |n: &Node<'_>| n.kind() == Kind::Ident && n.text() == wanted.name;
        let is_new = |n: &Node<'_>| here(n.span()) && !sites.iter().any(|s| s.contains(n.span()));
        for node in nodes.filter(called).filter(is_new) {
            let meant = Meant::of(types, decl, node);
            let why =
                format!("`{}` is {} here, not {}", wanted.name, meant.words, wanted.words(rules));
            let mut labels = vec![label(node.span(), "")];
            let declared =
                meant.at.filter(|at| at.file == *source.path() && at.span != node.span());
            labels.extend(declared.map(|at| label(at.span, "declared here")));
            found.push(Note { message: message(&why), labels, help: None });
        }
    }
    let line = subject.place.of(&subject.text);
    if found.is_empty()
        && !sites.iter().any(|site| here(*site))
        && Required::Word(wanted.name.to_owned()).stands_in(line)
    {
        let why = format!("`{}` stands in a comment or a string here", wanted.name);
        let labels = vec![label(subject.place, "")];
        found.push(Note { message: message(&why), labels, help: None });
    }
    found
}

/// What a name stands for.
struct Meant {
    words: String,
    at: Option<Declared>,
}

impl Meant {
    fn of(types: &FileTypes<'_>, decl: usize, node: Node<'_>) -> Self {
        let (words, at) = match types.object_of(decl, node.id()) {
            Ok(Object::Local(at) | Object::SwitchVariable { name: at, .. }) => {
                ("a local name".to_owned(), Some(at))
            }
            Ok(Object::Label(at)) => ("a label".to_owned(), Some(at)),
            Ok(Object::Package(path)) => (format!("the package {path}"), None),
            Ok(Object::Global(path, name)) => (format!("{name} of the package {path}"), None),
            Ok(Object::Predeclared(_)) => ("predeclared".to_owned(), None),
            Ok(Object::Member(at)) => (member(types, decl, node), at.into_iter().next()),
            Ok(Object::None) => ("nothing that code refers to".to_owned(), None),
            Err(why) => (format!("something unknown ({})", why.reason), None),
        };
        Self { words, at }
    }
}

/// A field or method, with the type of what it is selected from.
fn member(types: &FileTypes<'_>, decl: usize, node: Node<'_>) -> String {
    let selector = node.parent().filter(|p| p.kind() == Kind::Selector);
    let from = selector.and_then(|selector| selector.child(Role::X));
    match from.map(|x| types.type_of(decl, x.id())) {
        Some(TypeAnswer::Known(ty)) => format!("selected from a {}", types.show(&ty)),
        _ => "a field or method of another type".to_owned(),
    }
}
