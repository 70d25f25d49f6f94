//! What a rule looks for. Comes in: `match`, `as` and `where`. Goes out: the pattern, its
//! constraints in an order in which each finds bound what it tests, and the texts without which a
//! file cannot match.

use super::explain;
use super::first_word::first_word;
use super::rule::Compiler;
use super::values;
use crate::go::types::Shape;
use crate::rule::compiled::{OWN_MODULE, Required, Search};
use crate::rule::constraint::{Constraint, Sort, Test};
use crate::rule::metavariable::{MetaId, Metavariables, WHOLE_MATCH};
use crate::rule::pattern::{Context, PackageId, PackageNames, Pattern, PatternError, Reading};
use crate::rule::shape::shape;
use crate::rule::spec::{As, ConditionSpec, MatchSpec, SpannedStr, WhereSpec, nearest};
use crate::text::{Code, Diagnostic, Span};

/// A constraint, and the name in `where` that it stands under.
struct Named<'s> {
    name: &'s SpannedStr,
    constraint: Constraint,
}

impl Compiler<'_, '_> {
    /// `None` where the pattern or a condition is wrong.
    pub(super) fn search(&mut self, spec: &MatchSpec) -> Option<Search> {
        let context = spec.context.map(|c| context(c.value));
        self.search_in(&spec.pattern, context, &spec.conditions)
    }

    /// The same for a pattern that is read in a certain context.
    pub(super) fn search_in(
        &mut self,
        pattern: &SpannedStr,
        context: Option<Context>,
        conditions: &[WhereSpec],
    ) -> Option<Search> {
        let written = pattern;
        let pattern = self.pattern(written, context);
        if let Some(pattern) = &pattern {
            self.mention_variables(written, pattern);
        }
        let constraints = self.constraints(conditions, pattern.as_ref());
        let pattern = pattern?;
        let required = required(&pattern, &constraints, self.table);
        Some(Search { pattern, constraints, required })
    }

    /// A pattern that binds in the rule's own names.
    pub(super) fn pattern(
        &mut self,
        text: &SpannedStr,
        wanted: Option<Context>,
    ) -> Option<Pattern> {
        let mut metavariables = std::mem::take(&mut self.metavariables);
        let pattern = self.pattern_in(text, wanted, &mut metavariables);
        self.metavariables = metavariables;
        pattern
    }

    fn pattern_in(
        &mut self,
        text: &SpannedStr,
        wanted: Option<Context>,
        metavariables: &mut Metavariables,
    ) -> Option<Pattern> {
        if !self.has_no_path(text, Code::PatternSyntax) {
            return None;
        }
        let parsed = self
            .reading(text, wanted)
            .and_then(|reading| reading.into_pattern(metavariables, &mut self.names()));
        let (env, is_type) = (self.env, self.reads_type);
        let pattern =
            self.keep(parsed.map_err(|error| explain::pattern(env, text, &error, is_type)))?;
        let part = pattern.binds().find(|id| metavariables.name(*id) == WHOLE_MATCH);
        if let Some(part) = part.filter(|_| self.reads_around) {
            self.mention_packages(text, &pattern);
            return Some(pattern.with_part_of_match(part));
        }
        if part.is_some() {
            let at = text.as_str().find("$match").unwrap_or_default();
            let span = text.map_span(Span::new(at, (at + 6).min(text.as_str().len())));
            let message = "`$match` is the whole match, no part of the pattern";
            self.error(Code::PatternSyntax, span, message, "give the metavariable another name");
            return None;
        }
        self.mention_packages(text, &pattern);
        Some(pattern)
    }

    /// The pattern's text as Go; what is asked of all rules of a file is read once.
    fn reading(
        &mut self,
        text: &SpannedStr,
        wanted: Option<Context>,
    ) -> Result<Reading, PatternError> {
        let asked = (text.as_str().to_owned(), wanted);
        if let Some(known) = self.shared.readings.get(&asked) {
            return Ok(known.clone());
        }
        let reading = Reading::of(text.as_str(), wanted)?;
        self.shared.readings.insert(asked, reading.clone());
        Ok(reading)
    }

    fn constraints(&mut self, specs: &[WhereSpec], pattern: Option<&Pattern>) -> Vec<Constraint> {
        let mut found: Vec<(usize, &SpannedStr, Test)> = Vec::new();
        let mut negated = Vec::new();
        let all = specs.iter().flat_map(|w| w.conditions.iter().map(move |c| (&w.name, c)));
        for (order, (name, condition)) in all.enumerate() {
            match binding_nothing(condition) {
                Some((text, test)) => {
                    let is_around = matches!(condition, ConditionSpec::UnlessInside(_));
                    negated.push((order, name, text, test, is_around));
                }
                None => found.extend(self.test(condition).map(|test| (order, name, test))),
            }
        }
        // What these bind is bound only there: their own names come behind all of the rule's.
        for (order, name, text, test, is_around) in negated {
            let mut own = self.metavariables.clone();
            self.reads_around = is_around;
            let pattern = self.pattern_in(text, None, &mut own);
            self.reads_around = false;
            found.extend(pattern.map(|p| (order, name, test(p))));
        }
        found.sort_by_key(|(order, ..)| *order);
        let Some(pattern) = pattern else { return Vec::new() };
        for spec in specs {
            self.check_name(&spec.name);
        }
        let named = found.into_iter().filter_map(|(_, name, test)| {
            let on = self.on(name);
            let constraint = Constraint { on, test };
            (on.is_some() || is_whole_match(name)).then_some(Named { name, constraint })
        });
        let named = named.collect();
        self.in_order(named, pattern)
    }

    /// The metavariable that a name of `where` stands for.
    fn on(&self, name: &SpannedStr) -> Option<MetaId> {
        self.metavariables.get(name.as_str().trim_start_matches('$'))
    }

    fn check_name(&mut self, name: &SpannedStr) {
        if self.on(name).is_none() && !is_whole_match(name) {
            let help = explain::bind_it(&self.metavariables, name.as_str().trim_start_matches('$'));
            let message = format!("no pattern binds `{name}`");
            self.error(Code::UnboundMetavariable, name.span(), message, help);
        }
    }

    /// Puts a test of something that an `is` binds behind that `is`.
    fn in_order(&mut self, mut waiting: Vec<Named<'_>>, pattern: &Pattern) -> Vec<Constraint> {
        let mut bound: Vec<MetaId> = pattern.binds().collect();
        let mut ordered = Vec::new();
        let ready =
            |bound: &[MetaId], n: &Named<'_>| n.constraint.on.is_none_or(|id| bound.contains(&id));
        while let Some(at) = waiting.iter().position(|n| ready(&bound, n)) {
            let next = waiting.remove(at).constraint;
            bound.extend(next.test.binding_pattern().into_iter().flat_map(Pattern::binds));
            ordered.push(next);
        }
        // What may take reading other files is asked last, and of code that passed all else.
        ordered.sort_by_key(|constraint| constraint.test.asks_for_types());
        for left in waiting {
            let message = format!("no pattern binds `{}` before it is tested", left.name);
            let help = "bind it in `match`, or in an `is` on something that `match` binds";
            self.error(Code::UnboundMetavariable, left.name.span(), message, help);
        }
        ordered
    }

    fn test(&mut self, condition: &ConditionSpec) -> Option<Test> {
        match condition {
            ConditionSpec::Text(text) => self.keep(values::tested(self.file, text)).map(Test::Text),
            ConditionSpec::Value(text) => {
                self.keep(values::tested(self.file, text)).map(Test::Value)
            }
            ConditionSpec::Kind(texts) => {
                let sorts: Vec<_> = texts.iter().map(|text| self.sorts(text)).collect();
                let sorts: Option<Vec<_>> = sorts.into_iter().collect();
                sorts.map(|sorts| Test::Kind(sorts.concat()))
            }
            ConditionSpec::Is(text) => self.pattern(text, None).map(Test::Is),
            ConditionSpec::Contains(text) => self.pattern(text, None).map(Test::Contains),
            ConditionSpec::Inside(text) => {
                self.reads_around = true;
                let pattern = self.pattern(text, None);
                self.reads_around = false;
                pattern.map(Test::Inside)
            }
            ConditionSpec::InFunction(text) => self.pattern(text, None).map(Test::InFunction),
            // They bind names of their own: see `constraints`.
            ConditionSpec::IsNot(_)
            | ConditionSpec::UnlessInside(_)
            | ConditionSpec::UnlessInFunction(_)
            | ConditionSpec::InFile(_)
            | ConditionSpec::UnlessInFile(_) => None,
            ConditionSpec::Type(texts) => self.shapes(texts).map(Test::Type),
            ConditionSpec::Underlying(texts) => self.shapes(texts).map(Test::Underlying),
            ConditionSpec::Implements(text) => self.interface(text).map(Test::Implements),
            ConditionSpec::Expected { types, by } => {
                let by = by.as_ref().map(|by| self.package(by));
                let types = self.shapes(types);
                let by = match by {
                    Some(by) => Some(by?),
                    None => None,
                };
                Some(Test::Expected(types?, by))
            }
            ConditionSpec::Constant(is) => Some(Test::Constant(*is)),
            ConditionSpec::Pure(is) => Some(Test::Pure(*is)),
            ConditionSpec::NonNil(is) => Some(Test::NonNil(*is)),
            ConditionSpec::Uses(count) => Some(Test::Uses(*count)),
        }
    }

    /// The types of a test, all of which must be types.
    fn shapes(&mut self, texts: &[SpannedStr]) -> Option<Vec<Shape>> {
        let shapes: Vec<Option<Shape>> = texts.iter().map(|text| self.shape(text)).collect();
        shapes.into_iter().collect()
    }

    /// A type in Go's syntax.
    pub(super) fn shape(&mut self, text: &SpannedStr) -> Option<Shape> {
        let mut own = Metavariables::default();
        self.reads_type = true;
        let pattern = self.pattern_in(text, Some(Context::Expression), &mut own);
        self.reads_type = false;
        let pattern = pattern?;
        let table = &*self.table;
        let read = shape(&pattern, &|id| table.path(id).into());
        let file = self.file;
        self.keep(read.map_err(|bad| {
            let span = text.map_span(bad.span);
            Diagnostic::error(Code::BadValue, bad.message).at(file, span, "").help(bad.help)
        }))
    }

    /// An interface by its name, or `any`.
    fn interface(&mut self, text: &SpannedStr) -> Option<Shape> {
        let shape = self.shape(text)?;
        if matches!(shape, Shape::Named { name: Some(_), .. } | Shape::EmptyInterface) {
            return Some(shape);
        }
        let message = format!("`{text}` is no name of an interface");
        let help = "write the interface as code names it: `io.Reader`, `error`";
        self.error(Code::BadValue, text.span(), message, help);
        None
    }

    /// A package by its name in rules, or by its import path.
    pub(super) fn package(&mut self, text: &SpannedStr) -> Option<PackageId> {
        let name = text.as_str();
        if let Some(id) = self.names().package(name) {
            return Some(id);
        }
        if name.contains(['.', '/']) {
            return Some(self.table.by_path(name));
        }
        let message = format!("nothing declares the package `{name}`");
        let help = format!("declare it: `packages: {{{name}: IMPORT/PATH}}`, or write its path");
        self.error(Code::UnknownPackage, text.span(), message, help);
        None
    }

    /// `kind`: words with commas or bars between them.
    fn sorts(&mut self, text: &SpannedStr) -> Option<Vec<Sort>> {
        let mut sorts = Vec::new();
        let mut start = 0;
        let before = self.diagnostics.len();
        for piece in text.as_str().split([',', '|']) {
            let word = piece.trim();
            let at = start + (piece.len() - piece.trim_start().len());
            start += piece.len() + 1;
            if let Some(sort) = Sort::from_word(word) {
                sorts.push(sort);
                continue;
            }
            let words = Sort::WORDS.map(|(word, _)| word);
            let help = match nearest(word, &words) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the kinds are {}", explain::list(&words)),
            };
            let span = text.map_span(Span::new(at, at + word.len()));
            self.error(Code::BadValue, span, format!("there is no kind `{word}`"), help);
        }
        (self.diagnostics.len() == before).then_some(sorts)
    }
}

/// Makes a test of a pattern.
type ToTest = fn(Pattern) -> Test;

/// The pattern of a condition that binds nothing outward, and the test that it becomes.
fn binding_nothing(condition: &ConditionSpec) -> Option<(&SpannedStr, ToTest)> {
    Some(match condition {
        ConditionSpec::IsNot(text) => (text, Test::IsNot),
        ConditionSpec::UnlessInside(text) => (text, Test::UnlessInside),
        ConditionSpec::UnlessInFunction(text) => (text, Test::UnlessInFunction),
        ConditionSpec::InFile(text) => (text, Test::InFile),
        ConditionSpec::UnlessInFile(text) => (text, Test::UnlessInFile),
        _ => return None,
    })
}

/// Whether a name of `where` stands for the whole match.
fn is_whole_match(name: &SpannedStr) -> bool {
    name.as_str() == "$match"
}

/// The texts that stand in every declaration with a match, around it or inside of it, and the
/// imports of every file with one.
fn required(
    pattern: &Pattern,
    constraints: &[Constraint],
    table: &super::names::PackageTable,
) -> Vec<Required> {
    let asked = constraints.iter().filter_map(|c| c.test.binding_pattern());
    let mut required = Vec::new();
    for pattern in std::iter::once(pattern).chain(asked) {
        let words = pattern.words().map(|word| Required::Word(word.to_owned()));
        let imports = pattern.packages().map(|id| Required::Import(table.path(id).to_owned()));
        for text in imports.chain(words) {
            if !required.contains(&text) {
                required.push(text);
            }
        }
    }
    let in_file = constraints.iter().filter_map(|c| match &c.test {
        Test::InFile(pattern) => Some(pattern),
        _ => None,
    });
    for id in in_file.flat_map(Pattern::packages) {
        let import = Required::Import(table.path(id).to_owned());
        if !required.contains(&import) {
            required.push(import);
        }
    }
    // What a package of the module itself is called differs from module to module.
    required.retain(|text| !text.text().starts_with(OWN_MODULE));
    for word in words_of_values(constraints) {
        let word = Required::Word(word);
        if !required.contains(&word) {
            required.push(word);
        }
    }
    required
}

/// The words that string literals begin with whose values are asked for.
fn words_of_values(constraints: &[Constraint]) -> impl Iterator<Item = String> + '_ {
    let is_literal = |on: Option<MetaId>| {
        constraints.iter().any(|c| {
            c.on == on && matches!(&c.test, Test::Kind(kinds) if kinds[..] == [Sort::String])
        })
    };
    constraints.iter().filter_map(move |c| match &c.test {
        Test::Value(value) if is_literal(c.on) => first_word(value.as_str()),
        _ => None,
    })
}

pub(super) fn context(spec: As) -> Context {
    match spec {
        As::Expression => Context::Expression,
        As::Type => Context::Type,
        As::Statements => Context::Statements,
        As::Declaration => Context::Declaration,
        As::Element => Context::Element,
        As::Field => Context::Field,
        As::Parameter => Context::Parameter,
        As::Case => Context::Case,
    }
}
