//! Near misses: why a rule does not match at a place. Comes in: what a rule looks for and a place in
//! a file. Goes out: every piece of code there that the pattern could have meant, each with what
//! did not fit, the nearest first.

use std::cmp::Reverse;

use super::matcher::{Miss, MissReason};
use super::names::{Binding, FileNames, ImportForm};
use super::search::{begins_like, match_at, run_span};
use crate::go::scope::NameUse;
use crate::go::source::Part;
use crate::go::syntax::{Kind, Node, Role};
use crate::go::types::TypeAnswer;
use crate::rule::compiled::{RuleSet, Search};
use crate::rule::pattern::Atom;
use crate::text::Span;

/// A piece of code that a pattern was tried on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The declaration, as an index into the file's outline.
    pub decl: usize,
    /// The piece.
    pub span: Span,
    /// What did not fit; nothing, where the pattern matches.
    pub miss: Option<Miss>,
    /// Whether every name of the pattern stands in the piece, so that it looks like what was meant.
    pub is_near: bool,
}

/// Tries `search` on every piece of code that shares a byte with `place`, the nearest first.
pub fn attempts(
    search: &Search,
    names: &FileNames<'_>,
    rules: &RuleSet,
    place: Span,
) -> Vec<Attempt> {
    let file = names.file();
    let alone = Alone::of(search, names, rules);
    let mut found: Vec<(Attempt, usize)> = Vec::new();
    for (decl, outlined) in file.code_decls() {
        if !touches(outlined.span, place) {
            continue;
        }
        let part = file.part(decl);
        let here = |n: &Node<'_>| {
            touches(n.span(), place)
                && begins_like(&search.pattern, *n)
                && alone.admits(names, part, *n)
        };
        for node in part.syntax().iter().filter(here) {
            let (span, miss) = match match_at(search, names, (decl, part), rules, node) {
                Ok((0, ..)) => continue,
                Ok((count, ..)) => (run_span(node, count), None),
                Err(miss) => (node.span(), Some(miss)),
            };
            let (words, all) = words_in(search, node);
            let is_near = match miss {
                None => true,
                // Of a pattern without names, the beginning at least.
                Some(Miss { why: MissReason::Different, pattern, .. }) if all == 0 => {
                    pattern.start > 0
                }
                Some(_) => words == all,
            };
            found.push((Attempt { decl, span, miss, is_near }, words));
        }
    }
    found.sort_by_key(|(attempt, words)| {
        let begins_here = attempt.span.start >= place.start;
        let matched = attempt.miss.is_none();
        let miss = attempt.miss.map(|m| (weight(m.why), m.pattern.start));
        Reverse((matched, attempt.is_near, *words, begins_here, miss, Reverse(attempt.span.len())))
    });
    found.into_iter().map(|(attempt, _)| attempt).collect()
}

/// Which names without a package before them are worth an attempt.
enum Alone {
    /// It makes no difference: the pattern is not a name of a package.
    Unasked,
    /// Any, as the file has all names of the package by a dot import.
    Any,
    /// This one.
    Called(String),
    /// None.
    None,
}

impl Alone {
    fn of(search: &Search, names: &FileNames<'_>, rules: &RuleSet) -> Self {
        let pattern = &search.pattern;
        let first = pattern.first().unparenthesized();
        let parts = (first.child(Role::X), first.child(Role::Sel));
        let (Kind::Selector, (Some(package), Some(member))) = (first.kind(), parts) else {
            return Self::Unasked;
        };
        let (Atom::Package(id) | Atom::PackageOrName(id)) = pattern.atom(package) else {
            return Self::Unasked;
        };
        let path = &rules.package(id).path;
        let is_dot = |b: &Binding| b.form == ImportForm::Dot && *b.path == **path;
        match pattern.atom(member) {
            Atom::Plain => Self::Called(member.text().to_owned()),
            _ if names.bindings().iter().any(is_dot) => Self::Any,
            _ => Self::None,
        }
    }

    /// Whether the node is worth an attempt. What belongs to another name is tried with it.
    fn admits(&self, names: &FileNames<'_>, part: &Part, node: Node<'_>) -> bool {
        if matches!(self, Self::Unasked) || node.kind() != Kind::Ident {
            return true;
        }
        let is_part = node.role() == Role::Sel || names.import_of(part, node).is_some();
        !is_part
            && match self {
                Self::Unasked | Self::Any => true,
                Self::Called(name) => node.text() == name,
                Self::None => false,
            }
    }
}

fn touches(span: Span, place: Span) -> bool {
    span.start <= place.end && place.start < span.end.max(span.start + 1)
}

/// How much fitted before this did not.
fn weight(why: MissReason) -> u8 {
    match why {
        MissReason::Condition(_) | MissReason::TooManyWays => 3,
        MissReason::NotThatPackage
        | MissReason::Redeclared
        | MissReason::Unequal
        | MissReason::Package => 2,
        MissReason::List | MissReason::Missing | MissReason::Extra => 1,
        MissReason::Different => 0,
    }
}

/// How many of the pattern's names stand in the piece, and how many there are.
fn words_in(search: &Search, node: Node<'_>) -> (usize, usize) {
    let names = || node.subtree().filter(|n| n.kind() == Kind::Ident);
    let words = search.pattern.words();
    words.fold((0, 0), |(here, all), word| {
        (here + usize::from(names().any(|n| n.text() == word)), all + 1)
    })
}

/// What a name stands for, where it is not the package that a pattern means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Something that this identifier declares, in the same function.
    Local(Span),
    /// Another package, at that import path.
    Import(String),
    /// Something that the file's own package declares.
    Declared,
    /// Nothing that the file says.
    Unknown,
    /// It is no name.
    NoName,
}

/// What the code at `at` stands for.
pub fn meaning(names: &FileNames<'_>, part: &Part, at: Span) -> Meaning {
    let Some(node) = part.syntax().iter().find(|n| n.span() == at && n.kind() == Kind::Ident)
    else {
        return Meaning::NoName;
    };
    let scopes = part.scopes();
    if let NameUse::Refers(id) | NameUse::Declares(id) | NameUse::Key(Some(id)) =
        scopes.name_use(node.id())
    {
        return Meaning::Local(part.syntax().node(scopes.object(id).ident).span());
    }
    if let Some(import) = names.import_of(part, node) {
        return Meaning::Import(names.bindings()[import].path.to_string());
    }
    if names.package_declares(node.text()) { Meaning::Declared } else { Meaning::Unknown }
}

/// The type of the expression at `at`, as Go writes it, if it is known.
pub fn type_of(names: &FileNames<'_>, decl: usize, at: Span) -> Option<String> {
    let part = names.file().part(decl);
    let node = part.syntax().iter().find(|n| n.span() == at)?;
    let types = names.types()?;
    match types.type_of(decl, node.id()) {
        TypeAnswer::Known(found) => Some(types.show(&found)),
        TypeAnswer::Unknown(_) => None,
    }
}
