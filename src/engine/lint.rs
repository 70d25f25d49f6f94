//! Rules that are well written and still of no use. Comes in: compiled rules. Goes out: those that
//! can never match, those whose matches an earlier rule always takes, and those that every file is
//! searched for.

use std::sync::Arc;

use super::conditions;
use super::done::is_done;
use super::names::FileNames;
use super::prefilter::{Prefilter, required, required_of_values};
use super::search::{Candidate, begins_like, match_at, run_span, search};
use super::stand_in::{NothingElse, implies, stand_in_of, written_out};
use crate::go::source::SourceFile;
use crate::go::version::VersionRange;
use crate::rule::compiled::{Action, ImportAction, Rewrite, Rule, RuleSet, Safety, Search};
use crate::rule::constraint::{Constraint, Sort, Test};
use crate::rule::metavariable::MetaId;
use crate::rule::pattern::{Atom, Pattern};
use crate::text::Span;

/// Rules that require no text of a file, so that every Go file is parsed for them.
pub fn slow(rules: &RuleSet) -> Vec<usize> {
    let is_slow = |rule: &Rule| {
        required(&rule.action, rules).is_some_and(|texts| texts.is_empty())
            && rule.action.search().and_then(required_of_values).is_none()
    };
    with_indices(rules, is_slow)
}

fn with_indices(rules: &RuleSet, holds: impl Fn(&Rule) -> bool) -> Vec<usize> {
    rules.rules.iter().enumerate().filter(|(_, r)| holds(r)).map(|(index, _)| index).collect()
}

/// Why a rule that matches, but changes nothing, never has a site.
pub const CHANGES_NOTHING: &str = "what it becomes is what it was";

/// Rules that can never match, with the reason.
pub fn never(rules: &RuleSet) -> Vec<(usize, String)> {
    let prefilter = Prefilter::new(rules);
    let reason = |index: usize, rule: &Rule| {
        if rule.when.go.as_ref().is_some_and(VersionRange::is_empty)
            || rule.when.module.as_ref().is_some_and(|(_, range)| range.is_empty())
        {
            return Some("no version is in the range of `when`".to_owned());
        }
        let search = rule.action.search()?;
        let never = contradiction(rule, search).or_else(|| contradicts_itself(search, rules));
        let Action::Rewrite(rewrite) = &rule.action else { return never };
        never.or_else(|| changes_nothing(index, rewrite, rules, &prefilter))
    };
    let all = rules.rules.iter().enumerate();
    all.filter_map(|(index, rule)| Some((index, reason(index, rule)?))).collect()
}

/// A template that says what the pattern says: each match is done before it begins.
fn changes_nothing(
    rule: usize,
    rewrite: &Rewrite,
    rules: &RuleSet,
    prefilter: &Prefilter,
) -> Option<String> {
    let Search { pattern, required, .. } = &rewrite.search;
    let file = Arc::new(SourceFile::new("pattern.go", written_out(pattern, rules)));
    let names = FileNames::new(&file, rules, &NothingElse);
    let (pattern, required) = (pattern.clone(), required.clone());
    let bare = Search { pattern, constraints: Vec::new(), required };
    let candidates = [Candidate { rule, search: &bare }];
    let hits = prefilter.hits(file.text()).bare();
    let found = search(&file, &names, rules, &candidates, &hits, &|_| true);
    let mut done = found.iter().map(|m| is_done(m, rewrite, &names, file.part(m.decl), rules));
    done.any(|done| done).then(|| CHANGES_NOTHING.to_owned())
}

/// Conditions on one metavariable that exclude each other.
fn contradiction(rule: &Rule, search: &Search) -> Option<String> {
    let name = |on: Option<MetaId>| {
        on.map_or("$match".to_owned(), |id| format!("${}", rule.metavariables.name(id)))
    };
    for first in &search.constraints {
        if let Test::IsNot(pattern) = &first.test
            && matches!(pattern.atom(pattern.first()), Atom::One(None) | Atom::Many(None))
        {
            return Some(format!("`is-not` of `{}` excludes everything", name(first.on)));
        }
        let same = search.constraints.iter().filter(|c| c.on == first.on);
        for second in same {
            if excludes(&first.test, &second.test) {
                return Some(format!(
                    "`{}` and `{}` of `{}` exclude each other",
                    first.test.key(),
                    second.test.key(),
                    name(first.on)
                ));
            }
        }
    }
    None
}

fn excludes(first: &Test, second: &Test) -> bool {
    let Test::Kind(sorts) = first else { return false };
    match second {
        Test::Value(_) => {
            let may_be_string = [Sort::Literal, Sort::String, Sort::Binary, Sort::Identifier];
            let may = |sort: &Sort| may_be_string.contains(sort) || *sort == Sort::Selector;
            !sorts.iter().any(may)
        }
        Test::Is(pattern) => {
            let first = pattern.first().unparenthesized();
            let variable = matches!(pattern.atom(first), Atom::One(_) | Atom::Many(_));
            !variable
                && !sorts.iter().any(|sort| *sort == Sort::Package || sort.holds(first, false))
        }
        _ => false,
    }
}

/// A pattern that does not even match itself, as `$x := f($x)`: the two are never the same object.
fn contradicts_itself(search: &Search, rules: &RuleSet) -> Option<String> {
    let sample = Sample::new(&search.pattern, rules);
    sample.match_of(search, &search.constraints, false).is_none().then(|| {
        "the names that the pattern repeats cannot stand for the same thing in both places"
            .to_owned()
    })
}

/// Pairs of a rule and an earlier one that takes all of its matches.
pub fn hidden(rules: &RuleSet) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (index, later) in rules.rules.iter().enumerate() {
        let hides = |earlier: &&(usize, &Rule)| hides(earlier.1, later, rules);
        let earlier: Vec<(usize, &Rule)> = rules.rules[..index].iter().enumerate().collect();
        if let Some((by, _)) = earlier.iter().find(hides) {
            found.push((index, *by));
        }
    }
    found
}

/// Whether `earlier` is applied wherever `later` could be.
fn hides(earlier: &Rule, later: &Rule, rules: &RuleSet) -> bool {
    let everywhere = |rule: &Rule| rule.when.is_always() && rule.places.are_all();
    if earlier.safety != Safety::Safe || !everywhere(earlier) {
        return false;
    }
    match (&earlier.action, &later.action) {
        (Action::Rewrite(first), Action::Rewrite(second)) => {
            let (first, second) = (&first.search, &second.search);
            let sample = Sample::new(&second.pattern, rules);
            let Some(own) = sample.match_of(second, &second.constraints, false) else {
                return false;
            };
            // A larger match wins, and of two that are equal the earlier rule.
            sample.match_of(first, &second.constraints, true).is_some_and(|s| s.contains(own))
        }
        (
            Action::Import(ImportAction::Move { from: first, symbols, subpackages, .. }),
            Action::Import(ImportAction::Move { from: second, subpackages: below, .. }),
        ) => first == second && symbols.is_empty() && (*subpackages || !below),
        _ => false,
    }
}

/// A pattern written out as a file.
struct Sample<'r> {
    file: Arc<SourceFile>,
    rules: &'r RuleSet,
}

impl<'r> Sample<'r> {
    fn new(pattern: &Pattern, rules: &'r RuleSet) -> Self {
        let file = Arc::new(SourceFile::new("pattern.go", written_out(pattern, rules)));
        Self { file, rules }
    }

    /// The largest match of `search` in the file whose metavariables are known to obey `asked`.
    /// With `strict`, the conditions of `search` have to follow from those; otherwise they do not
    /// count.
    fn match_of(&self, search: &Search, asked: &[Constraint], strict: bool) -> Option<Span> {
        let names = FileNames::new(&self.file, self.rules, &NothingElse);
        let bare = Search {
            pattern: search.pattern.clone(),
            // A metavariable of `kind: package` stands for one only with its condition.
            constraints: Vec::new(),
            required: Vec::new(),
        };
        let mut best: Option<Span> = None;
        for (decl, _) in self.file.code_decls() {
            let part = self.file.part(decl);
            for node in part.syntax().iter().filter(|n| begins_like(&bare.pattern, *n)) {
                let tried = match_at(&bare, &names, (decl, part), self.rules, node);
                let Ok((count, mut bindings, _)) = tried else { continue };
                if count == 0 {
                    continue;
                }
                let mut tested = Vec::new();
                let mut follows = true;
                for constraint in search.constraints.iter().filter(|_| strict) {
                    let stand_in =
                        constraint.on.and_then(|on| stand_in_of(bindings.get(on)?, part));
                    let implied = |c: &&Constraint| {
                        stand_in.is_some_and(|index| c.on.is_some_and(|on| on.index() == index))
                            && implies(&c.test, &constraint.test)
                    };
                    match stand_in {
                        _ if asked.iter().any(|c| implied(&c)) => {}
                        Some(_) => follows = false,
                        None => tested.push(constraint.clone()),
                    }
                }
                let with_tests = Search {
                    pattern: bare.pattern.clone(),
                    constraints: tested,
                    required: Vec::new(),
                };
                let at = conditions::Site { names: &names, part, decl, rules: self.rules };
                let held = conditions::hold(&with_tests, at, node, count, &mut bindings);
                if follows && matches!(held, Ok(None)) {
                    let span = run_span(node, count);
                    best = Some(best.filter(|b| b.len() >= span.len()).unwrap_or(span));
                }
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::compile::{Settings, compile};
    use crate::rule::pack::{NotFound, PackLibrary, PackSource};
    use crate::text::SourceMap;

    struct NoPacks;

    impl PackLibrary for NoPacks {
        fn find(&self, _: &str) -> Result<PackSource, NotFound> {
            Err(NotFound::Unknown)
        }

        fn names(&self) -> Vec<String> {
            Vec::new()
        }
    }

    fn rules(rules: &[&str]) -> RuleSet {
        let mut text = "packages: {dm: example.com/dm, old: example.com/old}\nrules:\n".to_owned();
        for (index, rule) in rules.iter().enumerate() {
            text.push_str(&format!("- {{id: r{index}, {rule}}}\n"));
        }
        let source = PackSource::of_rule_file("r.yaml", text.as_str());
        let (compiled, diagnostics) =
            compile(&[source], &NoPacks, &Settings::default(), &mut SourceMap::default());
        assert!(diagnostics.is_empty(), "{text}: {diagnostics:?}");
        compiled.rules
    }

    #[test]
    fn rules_that_contradict_themselves_or_change_nothing_never_match() {
        for (rule, why) in [
            ("match: '$x := f($x)', report: a", "repeats"),
            ("match: f($x), where: {$x: {kind: call, value: a}}, report: a", "`kind` and `value`"),
            ("match: f($x), where: {$x: {kind: string, is: g($y)}}, report: a", "`kind` and `is`"),
            ("match: f($x), where: {$x: {is-not: $_}}, report: a", "everything"),
            ("match: f($x), when: {go: '>=1.22 <1.20'}, report: a", "range"),
            ("match: 'dm.F($x, $$$a)', rewrite: 'dm.F($x, $$$a)'", "what it was"),
            (r#"patch: "-f($x)\n+f($x)\n""#, "what it was"),
        ] {
            let never = never(&rules(&[rule]));
            assert!(never.len() == 1 && never[0].1.contains(why), "{rule}: {never:?}");
        }
    }

    #[test]
    fn rules_of_every_context_can_match() {
        for rule in [
            "match: 'dm.F($x, $$$a)', report: a",
            "match: '$x = append($x, $$$a)', report: a",
            "match: 'func $f($$$p) error { $$$b }', report: a",
            "match: 'case $x: $$$b', report: a",
            "match: '$k: $v', as: element, report: a",
            "match: '$n $t', as: field, report: a",
            "match: 'type $t struct { $$$f }', report: a",
            "match: '[]$t', report: a",
            "match: 'x.(dm.T)', report: a",
            "match: 'for $k, $v := range $m { $$$b }', report: a",
            "match: $p.Open(), where: {$p: {kind: package}}, report: a",
            "match: f($x), where: {$x: {kind: 'string, call', is: g($y)}}, report: a",
            "match: f($x), when: {go: '>=1.20 <=1.20'}, report: a",
            "match: 'if $e != nil { return $$$r }', report: a",
            "match: 'import_($x)', report: a",
            "match: 'var $x $t = $v', report: a",
            "match: 'dm.F($x, $$$a)', rewrite: 'old.F($x, $$$a)'",
            "match: 'f($x)', rewrite: 'g(f($x))'",
            "match: 'interface{}', rewrite: any",
            r#"patch: "@@\n func f() {\n+g()\n $$$\n }\n""#,
        ] {
            assert_eq!(never(&rules(&[rule])), [], "{rule}");
        }
    }

    #[test]
    fn a_rule_behind_a_wider_one_is_hidden() {
        let pair = |first: &str, second: &str| hidden(&rules(&[first, second]));
        for (first, second) in [
            ("match: dm.F($$$a), rewrite: dm.G()", "match: 'dm.F($x, 1)', rewrite: dm.H()"),
            ("match: f(g($x)), rewrite: h($x)", "match: g($x), rewrite: i($x)"),
            ("import: {from: a, to: b}", "import: {from: a, to: c}"),
            (
                "match: f($x), where: {$x: {kind: call}}, rewrite: g($x)",
                "match: f($y), where: {$y: {kind: call}}, rewrite: h($y)",
            ),
        ] {
            let expected: &[(usize, usize)] = if first.contains("f(g(") { &[] } else { &[(1, 0)] };
            assert_eq!(pair(first, second), expected, "{first} before {second}");
        }
        for (first, second) in [
            ("match: 'dm.F($x, 1)', rewrite: dm.H()", "match: dm.F($$$a), rewrite: dm.G()"),
            ("match: f($x), safety: review, rewrite: g($x)", "match: f($x), rewrite: h($x)"),
            ("match: f($x), report: a", "match: f($x), rewrite: h($x)"),
            ("match: f($x), when: {go: '>=1.20'}, rewrite: g($x)", "match: f($x), rewrite: h($x)"),
            (
                "match: f($x), where: {$x: {kind: call}}, rewrite: g($x)",
                "match: f($x), rewrite: h($x)",
            ),
            ("import: {from: a, to: b, symbols: [X]}", "import: {from: a, to: c}"),
        ] {
            assert_eq!(pair(first, second), [], "{first} before {second}");
        }
    }

    #[test]
    fn rules_without_a_name_are_slow() {
        let set = rules(&["match: $x == nil, report: a", "match: $x.F(), report: b"]);
        assert_eq!(slow(&set), [0]);
    }
}
