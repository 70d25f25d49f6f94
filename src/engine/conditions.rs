//! Conditions: what `where` asks of a match. Comes in: a match by form. Goes out: whether all
//! conditions hold, with what they bind.

use super::bindings::{Bindings, Capture};
use super::matcher::{Matcher, Miss, MissReason};
use super::names::{FileNames, may_be_package};
use super::search::Match;
use crate::go::literal::unquote;
use crate::go::source::Part;
use crate::go::syntax::{Kind, Node, Op, Role};
use crate::rule::compiled::{MessagePart, Report, RuleSet, Search};
use crate::rule::constraint::{Constraint, Test};
use crate::text::Span;

/// Tests the conditions of `search` on the match of `count` nodes that begins at `node`.
///
/// # Errors
/// The first condition that does not hold.
pub fn hold(
    search: &Search,
    names: &FileNames<'_>,
    part: &Part,
    rules: &RuleSet,
    node: Node<'_>,
    count: usize,
    bindings: &mut Bindings,
) -> Result<(), Miss> {
    let whole = Capture::one(node);
    let whole = if count > 1 { Capture { is_run: true, ..whole } } else { whole };
    for (index, constraint) in search.constraints.iter().enumerate() {
        let tested = match constraint.on {
            Some(id) => bindings.get(id).cloned(),
            None => Some(whole.clone()),
        };
        // A metavariable that the match left unbound fails any test.
        let Some(tested) = tested else { return Err(miss(search, index, node.span())) };
        let place = Place { names, part, rules };
        if !place.holds(constraint, &tested, bindings) {
            return Err(miss(search, index, tested.span));
        }
    }
    Ok(())
}

fn miss(search: &Search, condition: usize, found: Span) -> Miss {
    let pattern = search.pattern.span_in_text(search.pattern.first());
    Miss { pattern, found, why: MissReason::Condition(condition) }
}

struct Place<'a, 't> {
    names: &'a FileNames<'t>,
    part: &'a Part,
    rules: &'a RuleSet,
}

impl Place<'_, '_> {
    fn holds(&self, constraint: &Constraint, tested: &Capture, bindings: &mut Bindings) -> bool {
        let syntax = self.part.syntax();
        let node = match tested.nodes.as_slice() {
            [only] => Some(syntax.node(*only)),
            _ => None,
        };
        match &constraint.test {
            Test::Text(regex) => regex.is_match(tested.text(syntax)),
            Test::Value(regex) => {
                let Some(value) = node.and_then(string_value) else { return false };
                let Some(captures) = regex.captures(&value) else { return false };
                if let Some(id) = constraint.on {
                    for name in regex.capture_names().flatten() {
                        let text = captures.name(name).map_or("", |m| m.as_str());
                        bindings.add_group(id, name, text);
                    }
                }
                true
            }
            Test::Kind(sorts) => node.is_some_and(|n| {
                let is_package = may_be_package(n) && self.names.import_of(self.part, n).is_some();
                sorts.iter().any(|sort| sort.holds(n, is_package))
            }),
            Test::Is(pattern) => node.is_some_and(|n| {
                let mut tried = bindings.clone();
                let matched = self.matcher().run(pattern, n, &mut tried).is_ok();
                if matched {
                    *bindings = tried;
                }
                matched
            }),
            Test::IsNot(pattern) => {
                node.is_none_or(|n| self.matcher().run(pattern, n, &mut bindings.clone()).is_err())
            }
        }
    }

    fn matcher(&self) -> Matcher<'_, '_> {
        Matcher::new(self.names, self.part, self.rules)
    }
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

/// The text of a finding at a match.
pub fn message(report: &Report, found: &Match, part: &Part) -> String {
    report
        .message
        .iter()
        .map(|piece| match piece {
            MessagePart::Text(text) => text.clone(),
            MessagePart::Capture(id) => {
                let capture = found.bindings.get(*id);
                capture.map_or_else(String::new, |c| c.text(part.syntax()).to_string())
            }
            MessagePart::Value(value) => super::render::evaluate(value, found, part),
        })
        .collect()
}
