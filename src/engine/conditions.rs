//! Conditions: what `where` asks of a match. Comes in: a match by form. Goes out: whether all
//! conditions hold, with what they bind.

use super::bindings::{Bindings, Capture};
use super::fix::Unsure;
use super::locals;
use super::matcher::{Matcher, Miss, MissReason};
use super::names::{FileNames, may_be_package};
use super::search::Match;
use super::surroundings::{around, in_file, in_function, within};
use super::typed::{Answer, Typed};
use regex::Regex;

use crate::go::literal::unquote;
use crate::go::source::Part;
use crate::go::syntax::{Kind, Node, Op, Role};
use crate::rule::compiled::{MessagePart, RuleSet, Search};
use crate::rule::constraint::{Constraint, Test};
use crate::rule::metavariable::MetaId;
use crate::rule::value::{Value, ValueSource};
use crate::text::{COVER, Message, Span, is_secret};

/// Where conditions are tested.
#[derive(Clone, Copy)]
pub struct Site<'a, 't> {
    /// The names of the file.
    pub names: &'a FileNames<'t>,
    /// The declaration.
    pub part: &'a Part,
    /// The declaration, as an index into the file's outline.
    pub decl: usize,
    /// The rules.
    pub rules: &'a RuleSet,
}

/// Tests the conditions of `search` on the match of `count` nodes that begins at `node`. Gives
/// what is not known, if that could make one of them fail.
///
/// # Errors
/// The first condition that does not hold.
pub fn hold(
    search: &Search,
    site: Site<'_, '_>,
    node: Node<'_>,
    count: usize,
    bindings: &mut Bindings,
) -> Result<Option<Unsure>, Miss> {
    let whole = Capture::one(node);
    let whole = if count > 1 { Capture { is_run: true, ..whole } } else { whole };
    let all = super::search::run_span(node, count);
    let mut unsure = None;
    for (index, constraint) in search.constraints.iter().enumerate() {
        let tested = match constraint.on {
            Some(id) => bindings.get(id).cloned(),
            None => Some(whole.clone()),
        };
        // A metavariable that the match left unbound fails any test.
        let Some(tested) = tested else { return Err(miss(search, index, node.span())) };
        match site.answer(constraint, &tested, all, bindings) {
            Answer::Yes => {}
            Answer::No => return Err(miss(search, index, tested.span)),
            Answer::Unknown(why) => unsure = unsure.or(Some(why)),
        }
    }
    Ok(unsure)
}

fn miss(search: &Search, condition: usize, found: Span) -> Miss {
    let pattern = search.pattern.span_in_text(search.pattern.first());
    Miss { pattern, found, why: MissReason::Condition(condition) }
}

impl<'a, 't> Site<'a, 't> {
    fn answer(
        self,
        constraint: &Constraint,
        tested: &Capture,
        whole: Span,
        bindings: &mut Bindings,
    ) -> Answer {
        let syntax = self.part.syntax();
        match &constraint.test {
            Test::Text(regex) => return regex.is_match(tested.text(syntax)).into(),
            Test::Contains(pattern) => {
                let mut nodes = tested.nodes.iter().map(|&id| syntax.node(id));
                let found = nodes.find_map(|root| within(self, pattern, root, bindings));
                return keep(found, bindings);
            }
            _ => {}
        }
        if constraint.on.is_none()
            && let Some(answer) = self.around(&constraint.test, tested, whole, bindings)
        {
            return answer;
        }
        match tested.nodes.as_slice() {
            [only] => self.answer_of_one(constraint, syntax.node(*only), whole, bindings),
            // Of several elements only the text and what is in them can be tested.
            _ => matches!(constraint.test, Test::IsNot(_)).into(),
        }
    }

    /// The answer of a test of one node.
    fn answer_of_one(
        self,
        constraint: &Constraint,
        node: Node<'_>,
        whole: Span,
        bindings: &mut Bindings,
    ) -> Answer {
        match &constraint.test {
            Test::Value(regex) => self.has_value(node, regex, constraint.on, bindings),
            Test::Kind(sorts) => {
                let is_package =
                    may_be_package(node) && self.names.import_of(self.part, node).is_some();
                sorts.iter().any(|sort| sort.holds(node, is_package)).into()
            }
            Test::Is(pattern) => {
                let mut tried = bindings.clone();
                let matched = self.matcher().run(pattern, node, &mut tried).is_ok();
                keep(matched.then_some(tried), bindings)
            }
            Test::IsNot(pattern) => {
                self.matcher().run(pattern, node, &mut bindings.clone()).is_err().into()
            }
            Test::Type(shapes) => self.typed().has_type(node, shapes),
            Test::Underlying(shapes) => self.typed().stands_on(node, shapes),
            Test::Implements(interface) => self.typed().implements(node, interface),
            Test::Expected(shapes, by) => {
                let by = by.map(|id| self.rules.package(id).path.as_str());
                self.typed().is_wanted_as(node, shapes, by)
            }
            Test::Constant(is) => self.typed().is_constant(node).is(*is),
            Test::Pure(is) => self.typed().is_pure(node).is(*is),
            Test::NonNil(is) => (locals::is_tested(self.part, self.matcher(), node) == *is).into(),
            Test::Uses(count) => {
                (locals::uses_outside(self.part, node, whole) == Some(*count)).into()
            }
            // Answered before, or tests of the whole match that are asked of a part.
            Test::Text(_)
            | Test::Contains(_)
            | Test::Inside(_)
            | Test::UnlessInside(_)
            | Test::InFunction(_)
            | Test::UnlessInFunction(_)
            | Test::InFile(_)
            | Test::UnlessInFile(_) => Answer::No,
        }
    }

    /// Whether the value of a string matches; named groups of the expression are kept.
    fn has_value(
        self,
        node: Node<'_>,
        regex: &Regex,
        on: Option<MetaId>,
        bindings: &mut Bindings,
    ) -> Answer {
        let value = match string_value(node) {
            Some(value) => Ok(value.into()),
            None => self.typed().string(self.part, node),
        };
        match value {
            Ok(value) => value_matches(regex, &value, on, bindings).into(),
            Err(answer) => answer,
        }
    }

    /// The answer of a test of what stands around the match.
    fn around(
        self,
        test: &Test,
        matched: &Capture,
        whole: Span,
        bindings: &mut Bindings,
    ) -> Option<Answer> {
        let node = self.part.syntax().node(*matched.nodes.first()?);
        Some(match test {
            Test::Inside(pattern) => keep(around(self, pattern, node, whole, bindings), bindings),
            Test::UnlessInside(pattern) => {
                around(self, pattern, node, whole, bindings).is_none().into()
            }
            Test::InFunction(pattern) => keep(in_function(self, pattern, node, bindings), bindings),
            Test::UnlessInFunction(pattern) => {
                in_function(self, pattern, node, bindings).is_none().into()
            }
            Test::InFile(pattern) => in_file(self, pattern, bindings).into(),
            Test::UnlessInFile(pattern) => (!in_file(self, pattern, bindings)).into(),
            _ => return None,
        })
    }

    /// A matcher for the declaration.
    pub(super) fn matcher(self) -> Matcher<'a, 't> {
        Matcher::new(self.names, self.part, self.rules)
    }

    fn typed(self) -> Typed<'a, 't> {
        Typed { names: self.names, decl: self.decl }
    }
}

/// Keeps what a pattern that matched binds.
fn keep(found: Option<Bindings>, bindings: &mut Bindings) -> Answer {
    let matched = found.is_some();
    if let Some(found) = found {
        *bindings = found;
    }
    matched.into()
}

/// Whether the expression matches; its named groups are kept.
fn value_matches(regex: &Regex, value: &str, on: Option<MetaId>, bindings: &mut Bindings) -> bool {
    let Some(captures) = regex.captures(value) else { return false };
    if let Some(id) = on {
        for name in regex.capture_names().flatten() {
            let text = captures.name(name).map_or("", |m| m.as_str());
            bindings.add_group(id, name, text);
        }
    }
    true
}

/// The value of a constant string that is written out: a literal, or several with `+` between.
pub fn string_value(node: Node<'_>) -> Option<String> {
    let node = node.unparenthesized();
    match node.kind() {
        Kind::BasicLit if node.op() == Op::String => unquote(node.text()),
        Kind::Binary if node.op() == Op::Add => {
            let left = string_value(node.child(Role::X)?)?;
            Some(left + &string_value(node.child(Role::Y)?)?)
        }
        _ => None,
    }
}

/// The text of a finding at a match, passwords covered.
pub fn message(message: &[MessagePart], found: &Match, part: &Part) -> String {
    let mut text = Message::default();
    for piece in message {
        match piece {
            MessagePart::Text(words) => text.say(words),
            MessagePart::Capture(id) => {
                let capture = found.bindings.get(*id);
                text.quote(capture.map_or("", |c| c.text(part.syntax())));
            }
            MessagePart::Value(Value { source: ValueSource::Group(_, name), .. })
                if is_secret(name) =>
            {
                text.say(COVER);
            }
            MessagePart::Value(value) => {
                text.quote(&super::render::evaluate(value, found, part));
            }
        }
    }
    text.masked()
}
