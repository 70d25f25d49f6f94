//! The prefilter: bytes of a file to the rules that could match in it. Comes in: all rules, once;
//! then files. Goes out: for most files nothing, after a single pass of one automaton; for the
//! others which texts that rules require stand where.

mod hits;
mod of_regex;
mod texts;

use std::ops::Range;

pub use self::hits::Hits;
use self::texts::Texts;
use aho_corasick::{AhoCorasick, MatchKind};
use memchr::memmem;

use super::elsewhere::Elsewhere;
use crate::go::source::import_paths;
use crate::rule::compiled::{Action, ImportAction, Required, Rule, RuleSet, Search};

/// A set of rules, by index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleMask(Vec<bool>);

impl RuleMask {
    /// Whether the rule is in the set.
    pub fn has(&self, rule: usize) -> bool {
        self.0.get(rule).copied().unwrap_or(false)
    }

    /// Puts a rule into the set.
    pub fn add(&mut self, rule: usize) {
        if let Some(has) = self.0.get_mut(rule) {
            *has = true;
        }
    }

    /// Takes rules out of the set.
    pub fn retain(&mut self, keep: impl Fn(usize) -> bool) {
        for (rule, has) in self.0.iter_mut().enumerate() {
            *has = *has && keep(rule);
        }
    }

    /// Whether no rule is in the set.
    pub fn is_empty(&self) -> bool {
        !self.0.contains(&true)
    }

    /// The rules in the set.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().filter(|(_, has)| **has).map(|(rule, _)| rule)
    }
}

/// All texts that the rules for Go files require.
#[derive(Debug)]
pub struct Prefilter {
    /// By rule: the texts of which all must stand in a file, as indices; `None` where the rule does
    /// not look at Go files.
    required: Vec<Option<Vec<usize>>>,
    /// By rule: the texts each of which is enough in the place of those, for a part of its sites.
    instead: Vec<Instead>,
    texts: Vec<Required>,
    /// What string literals hold whose values rules ask for.
    values: Texts,
    /// One text of each rule; finds whether a file is of interest at all.
    triggers: Option<AhoCorasick>,
    /// The texts that are words.
    words: Vec<Words>,
    /// Finds comments that suppress: those that no rule has any use for are to be noticed. Apart
    /// from `triggers`: two texts with little in common are searched for slower than one by one.
    suppression: memmem::Finder<'static>,
    /// Whether a rule requires nothing.
    unfiltered: bool,
    /// Whether a rule requires nothing but such values.
    only_values: bool,
    /// Module paths that go.mod rules speak of.
    watched: Vec<String>,
}

/// Words that let a rule find something where its own do not stand, as indices of texts.
#[derive(Clone, Debug, Default)]
struct Instead {
    /// Types in whose literals values of a field's type may stand.
    types: Vec<usize>,
    /// What is reached through a field that is left out.
    promoted: Vec<usize>,
}

impl Instead {
    fn all(&self) -> impl Iterator<Item = &usize> {
        self.types.iter().chain(&self.promoted)
    }
}

impl Prefilter {
    /// Builds the automata from the rules alone.
    pub fn new(rules: &RuleSet) -> Self {
        Self::with(rules, &[])
    }

    /// Builds the automata, with what is known of other files, by rule.
    pub fn with(rules: &RuleSet, elsewhere: &[Elsewhere]) -> Self {
        let mut texts: Vec<Required> = Vec::new();
        let mut index = |text: Required| {
            texts.iter().position(|t| *t == text).unwrap_or_else(|| {
                texts.push(text);
                texts.len() - 1
            })
        };
        let required: Vec<Option<Vec<usize>>> = rules
            .rules
            .iter()
            .map(|rule| required_by(rule, rules))
            .map(|texts| Some(texts?.into_iter().map(&mut index).collect()))
            .collect();
        let instead: Vec<Instead> = rules
            .rules
            .iter()
            .enumerate()
            .map(|(nth, rule)| required_instead(&rule.action, elsewhere.get(nth), &mut index))
            .collect();
        let values = Texts::new(&rules.rules);
        let wordless = |(rule, words): (usize, &Option<Vec<usize>>)| {
            words.as_ref()?.is_empty().then_some(rule)
        };
        let wordless = || required.iter().enumerate().filter_map(wordless);
        let unfiltered = wordless().any(|rule| values.of(rule).is_none());
        let only_values = wordless().next().is_some();
        let watched: Vec<String> =
            super::module::watched_modules(rules).into_iter().map(str::to_string).collect();
        let mut triggers = triggers(&required, &instead, &texts);
        triggers.extend(watched.iter().map(String::as_str));
        triggers.sort_unstable();
        triggers.dedup();
        let mut word_ids = words_by_import(&required, &texts);
        word_ids.extend(instead.iter().flat_map(Instead::all));
        let mut seen = vec![false; texts.len()];
        word_ids.retain(|&id| !std::mem::replace(&mut seen[id], true));
        Self {
            triggers: automaton(&triggers, MatchKind::LeftmostFirst),
            words: word_ids.chunks(Words::MOST).filter_map(|ids| Words::new(ids, &texts)).collect(),
            suppression: memmem::Finder::new(super::suppress::MARKER),
            required,
            instead,
            texts,
            values,
            unfiltered,
            only_values,
            watched,
        }
    }

    /// Module paths that go.mod rules speak of: files that import them are looked at, too.
    pub fn watched(&self) -> impl Iterator<Item = &str> {
        self.watched.iter().map(String::as_str)
    }

    /// Whether no rule looks at Go files.
    pub fn is_idle(&self) -> bool {
        self.required.iter().all(Option::is_none) && self.watched.is_empty()
    }

    /// Whether the file may be of interest to any rule: one pass, at the speed of memory.
    pub fn triggers(&self, bytes: &[u8]) -> bool {
        self.unfiltered
            || self.triggers.as_ref().is_some_and(|ac| ac.is_match(bytes))
            || self.only_values && self.values.any(bytes)
            || self.suppression.find(bytes).is_some()
    }

    /// The rules whose texts all stand in the file, and where they stand. Imports come first: they
    /// stand at the head of a file, and mostly decide.
    pub fn hits(&self, text: &str) -> Hits<'_> {
        let mut places = vec![Vec::new(); self.texts.len()];
        let imported = self.imported(text);
        let importing = |ids: &Option<Vec<usize>>| {
            ids.as_ref().is_some_and(|ids| ids.iter().all(|&id| imported[id]))
        };
        let mut rules = RuleMask(self.required.iter().map(importing).collect());
        if rules.is_empty() {
            return Hits { prefilter: self, rules, places, values: Vec::new(), is_bare: false };
        }
        let mut wanted = vec![false; self.texts.len()];
        for rule in rules.iter() {
            let texts = self.required[rule].iter().flatten().chain(self.instead[rule].all());
            texts.for_each(|&id| wanted[id] = true);
        }
        for words in self.words.iter().filter(|words| words.ids.iter().any(|&id| wanted[id])) {
            words.find(text, |id, at| places[id].push(at));
        }
        let stands =
            |&id: &usize| matches!(self.texts[id], Required::Import(_)) || !places[id].is_empty();
        rules.retain(|rule| {
            self.required[rule].iter().flatten().all(stands) || self.instead[rule].all().any(stands)
        });
        let asked = rules.iter().any(|rule| self.values.of(rule).is_some());
        let values = if asked { self.values.places(text) } else { Vec::new() };
        rules.retain(|rule| {
            self.values.of(rule).is_none_or(|ids| ids.iter().any(|&id| !values[id].is_empty()))
        });
        Hits { prefilter: self, rules, places, values, is_bare: false }
    }

    /// For each text whether the file's imports leave it possible: words always are.
    fn imported(&self, text: &str) -> Vec<bool> {
        let is_import = |required: &Required| matches!(required, Required::Import(_));
        let asks = self.texts.iter().any(is_import);
        let imports = if asks { import_paths(text) } else { Vec::new() };
        let possible = |required: &Required| match required {
            Required::Word(_) => true,
            Required::Import(path) => imports.iter().any(|import| is_at_or_below(import, path)),
        };
        self.texts.iter().map(possible).collect()
    }
}

/// Whether the import path is `root` or one of a package below it.
fn is_at_or_below(path: &str, root: &str) -> bool {
    path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The texts that make a file worth a look: of each rule the rarest, and all that may stand in the
/// places of others.
fn triggers<'t>(
    required: &[Option<Vec<usize>>],
    instead: &[Instead],
    texts: &'t [Required],
) -> Vec<&'t str> {
    let rarest = |ids: &Vec<usize>| ids.iter().copied().max_by_key(|&id| rarity(&texts[id]));
    let rarest = required.iter().flatten().filter_map(rarest);
    let ids = rarest.chain(instead.iter().flat_map(Instead::all).copied());
    ids.map(|id| texts[id].text()).collect()
}

/// The words that rules require, those that go with one import side by side: a file that lacks the
/// import need not be searched for them.
fn words_by_import(required: &[Option<Vec<usize>>], texts: &[Required]) -> Vec<usize> {
    let mut words: Vec<(Option<usize>, usize)> = Vec::new();
    for ids in required.iter().flatten() {
        let is_import = |&&id: &&usize| matches!(texts[id], Required::Import(_));
        let import = ids.iter().find(is_import).copied();
        for &id in ids.iter().filter(|id| !is_import(id)) {
            if words.iter().all(|&(_, known)| known != id) {
                words.push((import, id));
            }
        }
    }
    words.sort_unstable();
    words.into_iter().map(|(_, id)| id).collect()
}

/// Some of the words that rules require.
#[derive(Debug)]
struct Words {
    /// The longest at a place wins. That finds every whole word: none begins inside of another.
    automaton: AhoCorasick,
    /// For each pattern of the automaton, its index among the texts.
    ids: Vec<usize>,
}

impl Words {
    /// So many words are searched for at once. A packed search, which several bytes at a time are
    /// shown to, knows only a few patterns; several of them are faster than one automaton for all.
    const MOST: usize = 32;

    fn new(ids: &[usize], texts: &[Required]) -> Option<Self> {
        let words: Vec<&str> = ids.iter().map(|&id| texts[id].text()).collect();
        let automaton = automaton(&words, MatchKind::LeftmostLongest)?;
        Some(Self { automaton, ids: ids.to_vec() })
    }

    /// Shows `see` every whole word with its offset, ascending.
    fn find(&self, text: &str, mut see: impl FnMut(usize, usize)) {
        for found in self.automaton.find_iter(text) {
            if is_whole_word(text, found.range()) {
                see(self.ids[found.pattern().as_usize()], found.start());
            }
        }
    }
}

impl Required {
    /// Whether the text stands in the file `text`: an import among its imports, a word whole.
    pub fn stands_in(&self, text: &str) -> bool {
        match self {
            Required::Import(path) => {
                import_paths(text).iter().any(|import| is_at_or_below(import, path))
            }
            Required::Word(word) => {
                text.match_indices(word).any(|(at, _)| is_whole_word(text, at..at + word.len()))
            }
        }
    }
}

/// Whether what stands at `range` is no part of a longer identifier.
fn is_whole_word(text: &str, range: Range<usize>) -> bool {
    let part = |c: char| c == '_' || c.is_alphanumeric();
    !text[..range.start].ends_with(part) && !text[range.end..].starts_with(part)
}

/// What a file must hold for the rule to have anything to do there.
fn required_by(rule: &Rule, rules: &RuleSet) -> Option<Vec<Required>> {
    let mut texts = required(&rule.action, rules)?;
    let imports = rule.guard.imports.iter().map(|import| import.package);
    let imports = imports.map(|id| Required::Import(rules.package(id).path.clone()));
    // The words of a pattern must stand in the declaration that it matches, which no clause is.
    let is_alone = rule.guard.contains.is_none()
        && matches!(rule.action, Action::Import(ImportAction::PackageClause { .. }));
    let package = rule.guard.package.iter().map(|name| Required::Word(name.clone()));
    let contains = rule.guard.contains.iter().flat_map(|wanted| wanted.required.iter().cloned());
    for text in imports.chain(contains).chain(package.filter(|_| is_alone)) {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    Some(texts)
}

/// Texts of which one stands, in either case, in all code that the search finds, where conditions on
/// its text or on the values of string literals say so.
pub fn required_of_values(search: &Search) -> Option<Vec<String>> {
    texts::of_values(search)
}

/// What a file must hold for the action to have anything to do there; `None` for actions that do
/// not look at Go files.
pub fn required(action: &Action, rules: &RuleSet) -> Option<Vec<Required>> {
    let path = |id| vec![Required::Import(rules.package(id).path.clone())];
    match action {
        Action::Rewrite(rewrite) => Some(rewrite.search.required.clone()),
        Action::Report(report) => Some(report.search.required.clone()),
        Action::String(string) => Some(string.search.required.clone()),
        Action::ErrorResult(found) => Some(found.search.required.clone()),
        Action::Field(field) => Some(vec![Required::Word(field.from.clone())]),
        Action::Rename(rename) => Some(vec![Required::Word(rename.from.clone())]),
        Action::Import(ImportAction::Move { from, .. }) => Some(path(*from)),
        Action::Import(ImportAction::Remove { package }) => Some(path(*package)),
        Action::Import(ImportAction::Replace { from, .. }) => Some(path(*from)),
        Action::Import(ImportAction::PackageClause { .. }) => Some(Vec::new()),
        Action::Import(ImportAction::Add { when_in_file, .. }) => {
            Some(when_in_file.as_ref().map(|s| s.required.clone()).unwrap_or_default())
        }
        Action::Tag(tag) => Some(vec![Required::Word(tag.key.clone())]),
        Action::Directive(action) => Some(vec![Required::Word(action.word().to_owned())]),
        Action::GoMod(_) | Action::Text(_) | Action::Binary(_) | Action::File(_) => None,
    }
}

/// What else lets an action find something in a file: literals without keys name the type, or one
/// that is made of it, and not the field.
fn required_instead(
    action: &Action,
    elsewhere: Option<&Elsewhere>,
    index: &mut dyn FnMut(Required) -> usize,
) -> Instead {
    let Action::Field(field) = action else { return Instead::default() };
    let Elsewhere { types, promoted, .. } = elsewhere.cloned().unwrap_or_default();
    let types = std::iter::once(field.owner.clone()).chain(types);
    Instead {
        types: types.map(|name| index(Required::Word(name))).collect(),
        promoted: promoted.into_iter().map(|name| index(Required::Word(name))).collect(),
    }
}

/// How seldom a text is expected: import paths, then long words.
fn rarity(text: &Required) -> usize {
    match text {
        Required::Import(path) if path.contains('.') => 1000 + path.len(),
        Required::Import(path) | Required::Word(path) => path.len(),
    }
}

fn automaton(texts: &[&str], kind: MatchKind) -> Option<AhoCorasick> {
    if texts.is_empty() {
        return None;
    }
    AhoCorasick::builder().match_kind(kind).build(texts).ok()
}
