//! Rules about strings: what flows to a place is edited, or reported, where it stands. Comes in: a
//! file, and the places in it and in the other files of its package that a rule speaks of. Goes
//! out: a fix or a finding for each text in this file that flows there.
//!
//! A text has one owner, the file that its literal stands in; a run looks at a file again for
//! what flows from it to places in others (`reached`). What cannot be edited where it stands needs
//! review: at the text if that is in the package, at the place otherwise.

mod against;
mod edits;
mod told;
mod view;

pub use self::told::{Told, told};

use std::ops::Range;
use std::sync::Arc;

use self::against::{Hit, settled};
use self::edits::changed;
use self::view::{LiteralEdit, Obstacle, View};
use super::conditions;
use super::fix::{ReviewReason, Unsure};
use super::names::FileNames;
use super::prefilter::{Hits, Prefilter};
use super::render::Rendered;
use super::rewrite::Force;
use super::search::{Candidate, Match, search};
use crate::go::outline::DeclKind;
use crate::go::source::SourceFile;
use crate::go::types::{Reach, StringLiteral, StringValue, Through};
use crate::rule::compiled::{Action, RuleSet, StringAction, StringChange};
use crate::text::Span;

/// A text that a rule has to do with.
pub(super) struct StringUse {
    pub(super) span: Span,
    pub(super) change: StringUseChange,
}

/// What becomes of it.
pub(super) enum StringUseChange {
    /// An edit, with what is against it, if anything is.
    Edit(Rendered, Option<ReviewReason>),
    /// A finding, unless that is not known for certain.
    Finding(String, Option<Unsure>),
}

/// A rule about strings, and where it is looked for.
#[derive(Clone, Copy)]
pub(super) struct StringRule<'a> {
    pub(super) rules: &'a RuleSet,
    pub(super) prefilter: &'a Prefilter,
    pub(super) rule: usize,
    pub(super) action: &'a StringAction,
    /// Which rules are in force, by index.
    pub(super) force: &'a [Force],
}

/// A place that a string flows to.
struct Sink {
    file: Arc<str>,
    /// The string there.
    span: Span,
    unsure: Option<Unsure>,
    values: Vec<StringValue>,
    /// Findings, by value.
    messages: Vec<Vec<(Range<usize>, String)>>,
}

impl<'a> StringRule<'a> {
    /// The rule, if it is about strings.
    pub(super) fn new(
        rules: &'a RuleSet,
        prefilter: &'a Prefilter,
        rule: usize,
        force: &'a [Force],
    ) -> Option<Self> {
        match &rules.rules[rule].action {
            Action::String(action) => Some(Self { rules, prefilter, rule, action, force }),
            _ => None,
        }
    }

    /// What the rule has to do in the file of `names`.
    pub(super) fn uses(self, names: &FileNames<'_>, hits: &Hits<'_>) -> Vec<StringUse> {
        let mut sinks = self.sinks(names, names, hits);
        if holds_texts(names.file()) {
            self.sinks_elsewhere(names, &mut sinks);
        }
        match &self.action.change {
            StringChange::Replace(_) => settled(self.hits(sinks, names), names.file()),
            StringChange::Report(_) => findings(sinks, names),
        }
    }

    /// The other files of the package in which text stands that flows to places in this one.
    pub(super) fn reaches(self, names: &FileNames<'_>, hits: &Hits<'_>) -> Vec<Arc<str>> {
        let mut found = Vec::new();
        for sink in self.sinks(names, names, hits) {
            for value in sink.values {
                let view = View::new(value);
                if !self.finds(&view) {
                    continue;
                }
                for (literal, through) in view.literals() {
                    let owner = owner(literal, through, &sink.file);
                    if owner != *names.file().path() && !found.contains(&owner) {
                        found.push(owner);
                    }
                }
            }
        }
        found
    }

    fn finds(self, view: &View) -> bool {
        let excluded = |unless: &regex::Regex| unless.is_match(&view.text);
        self.action.find.is_match(&view.text) && !self.action.unless.as_ref().is_some_and(excluded)
    }

    /// The places in the file of `names`, for texts in the file of `current`.
    fn sinks(self, names: &FileNames<'_>, current: &FileNames<'_>, hits: &Hits<'_>) -> Vec<Sink> {
        let candidate = Candidate { rule: self.rule, search: &self.action.search };
        let found = search(names.file(), names, self.rules, &[candidate], hits, &|_| true);
        found.iter().filter_map(|found| self.sink(found, names, current)).collect()
    }

    fn sinks_elsewhere(self, current: &FileNames<'_>, sinks: &mut Vec<Sink>) {
        let Some(types) = current.types() else { return };
        for source in types.package_sources() {
            if source.path() == current.file().path() {
                continue;
            }
            if !self.rules.rules[self.rule].places.admit(source.path())
                || self.force[self.rule] == Force::Off
            {
                continue;
            }
            let hits = self.prefilter.hits(source.text());
            if hits.rules.has(self.rule) {
                let names = FileNames::new(&source, self.rules, current.facts());
                sinks.extend(self.sinks(&names, current, &hits));
            }
        }
    }

    fn sink(self, found: &Match, names: &FileNames<'_>, current: &FileNames<'_>) -> Option<Sink> {
        let capture = found.bindings.get(self.action.of)?;
        let [node] = capture.nodes[..] else { return None };
        let (types, current) = (names.types()?, current.types()?);
        let values = types.string_values(current, found.decl, node);
        let messages = match &self.action.change {
            StringChange::Replace(_) => Vec::new(),
            StringChange::Report(message) => values
                .iter()
                .map(|value| self.messages(&View::new(value.clone()), found, names, message))
                .collect(),
        };
        let (file, span) = (names.file().path().clone(), capture.span);
        Some(Sink { file, span, unsure: found.unsure.clone(), values, messages })
    }

    /// The findings in a value, with the part of it that each is about.
    fn messages(
        self,
        view: &View,
        found: &Match,
        names: &FileNames<'_>,
        message: &[crate::rule::compiled::MessagePart],
    ) -> Vec<(Range<usize>, String)> {
        if !self.finds(view) {
            return Vec::new();
        }
        let part = names.file().part(found.decl);
        let find = &self.action.find;
        let matches = find.captures_iter(&view.text).filter_map(|captures| {
            let whole = captures.get(0)?;
            let mut found = found.clone();
            for name in find.capture_names().flatten() {
                let group = captures.name(name).map_or("", |group| group.as_str());
                found.bindings.add_group(self.action.of, name, group);
            }
            Some((whole.range(), conditions::message(message, &found, part)))
        });
        matches.collect()
    }

    /// What is to be edited in the file of `names`.
    fn hits(self, sinks: Vec<Sink>, names: &FileNames<'_>) -> Vec<Hit> {
        let StringChange::Replace(replace) = &self.action.change else { return Vec::new() };
        let mut found = Vec::new();
        for sink in sinks {
            let values: Vec<View> = sink.values.into_iter().map(View::new).collect();
            let several = values.len() > 1;
            let results: Vec<Option<Result<Vec<LiteralEdit>, ReviewReason>>> =
                values.iter().map(|view| self.result(view, replace)).collect();
            let agreed = agree(&results);
            for (view, result) in values.iter().zip(results) {
                let Some(result) = result else { continue };
                let unsure = sink.unsure.clone().map(ReviewReason::UnknownType);
                let mut hit = Hit::new(view, &self.action.find, result, (&sink.file, sink.span));
                if several && !agreed {
                    let why = match view.several() {
                        Some((name, count)) => format!("{name} is given {count} values"),
                        None => "its declarations differ by build tags".to_owned(),
                    };
                    hit.refuse(ReviewReason::Origin(why));
                }
                hit.against = hit.against.or(unsure);
                found.push(hit);
            }
        }
        let here = names.file().path();
        found.retain(|hit| hit.owner == *here);
        found
    }

    /// The edits of a value; none where the rule finds nothing in it.
    fn result(
        self,
        view: &View,
        replace: &crate::rule::found::Substitution,
    ) -> Option<Result<Vec<LiteralEdit>, ReviewReason>> {
        if !self.finds(view) {
            return None;
        }
        let changed = match changed(view, self.action, replace) {
            Ok(changed) => changed,
            Err(Obstacle::Moves(code)) => {
                let why = format!("{code} would be lost or moved: put it in a group");
                return Some(Err(ReviewReason::Origin(why)));
            }
            Err(Obstacle::NoLiteral) => {
                let why = "no literal stands where text has to go".to_owned();
                return Some(Err(ReviewReason::Origin(why)));
            }
        };
        if changed.text == view.text {
            return None;
        }
        let excluded = |unless: &regex::Regex| unless.is_match(&changed.text);
        let found_again = self.action.find.is_match(&changed.text)
            && !self.action.unless.as_ref().is_some_and(excluded);
        Some(if found_again { Err(ReviewReason::FoundAgain) } else { Ok(changed.edits) })
    }
}

/// One finding for each text in the file of `names`.
fn findings(sinks: Vec<Sink>, names: &FileNames<'_>) -> Vec<StringUse> {
    let here = names.file().path();
    let mut found: Vec<StringUse> = Vec::new();
    for sink in sinks {
        for (value, messages) in sink.values.into_iter().zip(sink.messages) {
            let view = View::new(value);
            for (place, message) in messages {
                let (owner, span) = match view.literal_at(&place) {
                    Some((literal, through)) => {
                        let owner = owner(literal, through, &sink.file);
                        let foreign = owner != *literal.file.path();
                        (owner, if foreign { sink.span } else { literal.span })
                    }
                    None => (sink.file.clone(), sink.span),
                };
                let is_known = |use_: &StringUse| {
                    use_.span == span
                        && matches!(&use_.change, StringUseChange::Finding(m, _) if *m == message)
                };
                if owner == *here && !found.iter().any(is_known) {
                    let change = StringUseChange::Finding(message, sink.unsure.clone());
                    found.push(StringUse { span, change });
                }
            }
        }
    }
    found.sort_by_key(|found| found.span);
    found
}

/// Whether all values of a string become something, and by the same edits.
fn agree(results: &[Option<Result<Vec<LiteralEdit>, ReviewReason>>]) -> bool {
    let same = |one: &[LiteralEdit], other: &[LiteralEdit]| {
        one.len() == other.len() && one.iter().zip(other).all(|(a, b)| a.is_same(b))
    };
    let Some(Some(Ok(first))) = results.first() else { return false };
    results.iter().all(|result| matches!(result, Some(Ok(edits)) if same(first, edits)))
}

/// The file that has to say what becomes of a literal: its own, if that is one of the package.
fn owner(literal: &StringLiteral, through: &[Arc<Through>], sink: &Arc<str>) -> Arc<str> {
    let is_foreign = through.iter().any(|through| through.reach == Reach::Foreign);
    if is_foreign { sink.clone() } else { literal.file.path().clone() }
}

/// Whether something outside of functions holds a string that other files may use.
fn holds_texts(file: &SourceFile) -> bool {
    let holds = |kind: DeclKind, text: &str| {
        matches!(kind, DeclKind::Const | DeclKind::Var | DeclKind::Rest)
            && text.contains(['"', '`'])
    };
    file.code_decls().any(|(_, decl)| holds(decl.kind, decl.span.of(file.text())))
}
