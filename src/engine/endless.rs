//! Rules that never come to rest. Comes in: compiled rules. Goes out: those whose template their
//! own pattern matches again, so that each run would change what the one before it wrote.
//!
//! The template is written out as a Go file in which every metavariable is a name of its own, and
//! that file is searched as any other. A match that is not done (see `done`) is a rewrite without
//! end. Conditions count as far as they can be known: one on `$x` holds for what `$x` itself
//! captured, or for another metavariable of which the rule asks the same.

use std::sync::Arc;

use super::bindings::Bindings;
use super::conditions;
use super::done::is_done;
use super::names::FileNames;
use super::prefilter::Prefilter;
use super::search::{Candidate, Match, search};
use super::stand_in::{NothingElse, implies, stand_in_of, written_out};
use crate::go::source::{Part, SourceFile};
use crate::rule::compiled::{Action, Rewrite, RuleSet, Search};
use crate::rule::constraint::{Constraint, Test};

/// The rules, by index, that rewrite their own result without end.
pub fn endless(rules: &RuleSet) -> Vec<usize> {
    let prefilter = Prefilter::new(rules);
    let is_endless = |rule: usize| match &rules.rules[rule].action {
        Action::Rewrite(rewrite) => Trial { rules, prefilter: &prefilter }.run(rule, rewrite),
        _ => false,
    };
    (0..rules.rules.len()).filter(|&rule| is_endless(rule)).collect()
}

struct Trial<'a> {
    rules: &'a RuleSet,
    prefilter: &'a Prefilter,
}

impl Trial<'_> {
    fn run(&self, rule: usize, rewrite: &Rewrite) -> bool {
        let Some(template) = rewrite.template.as_pattern() else { return false };
        let file = Arc::new(SourceFile::new("template.go", written_out(template, self.rules)));
        let names = FileNames::new(&file, self.rules, &NothingElse);
        // Conditions come later: the search would test them on stand-ins.
        let bare = Search {
            pattern: rewrite.search.pattern.clone(),
            constraints: Vec::new(),
            required: rewrite.search.required.clone(),
        };
        let candidates = [Candidate { rule, search: &bare }];
        let hits = self.prefilter.hits(file.text()).bare();
        search(&file, &names, self.rules, &candidates, &hits, &|_| true).iter().any(|found| {
            let part = file.part(found.decl);
            self.conditions_hold(&rewrite.search, found, &names, part)
                && !is_done(found, rewrite, &names, part, self.rules)
        })
    }

    fn conditions_hold(
        &self,
        search: &Search,
        found: &Match,
        names: &FileNames<'_>,
        part: &Part,
    ) -> bool {
        let mut constraints = Vec::new();
        for constraint in &search.constraints {
            match known(constraint, search, &found.bindings, part) {
                Known::Holds => {}
                Known::Fails => return false,
                Known::ByTest => constraints.push(constraint.clone()),
            }
        }
        let required = Vec::new();
        let tested = Search { pattern: search.pattern.clone(), constraints, required };
        let node = part.syntax().node(found.node);
        let mut bindings = found.bindings.clone();
        let at = conditions::Site { names, part, decl: found.decl, rules: self.rules };
        // Types of stand-ins are not known, and most code is not of the type.
        let held = conditions::hold(&tested, at, node, found.count, &mut bindings);
        matches!(held, Ok(None))
    }
}

enum Known {
    Holds,
    Fails,
    ByTest,
}

/// What is known of a condition without a look at the written-out file.
fn known(constraint: &Constraint, search: &Search, bindings: &Bindings, part: &Part) -> Known {
    // What stands around a template is not written out.
    if matches!(constraint.test, Test::Inside(_) | Test::InFunction(_) | Test::InFile(_)) {
        return Known::Holds;
    }
    let Some(on) = constraint.on else { return Known::ByTest };
    // Bound by an `is` that was taken to hold.
    let Some(capture) = bindings.get(on) else { return Known::Holds };
    let Some(stand_in) = stand_in_of(capture, part) else { return Known::ByTest };
    let asked_of = |c: &&Constraint| c.on.is_some_and(|id| id.index() == stand_in);
    match &constraint.test {
        _ if stand_in == on.index() => Known::Holds,
        // Most code is not the exception.
        Test::IsNot(_) => Known::ByTest,
        test if search.constraints.iter().filter(asked_of).any(|c| implies(&c.test, test)) => {
            Known::Holds
        }
        _ => Known::Fails,
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

    fn is_endless(rule: &str) -> bool {
        let text = format!(
            "packages: {{dm: example.com/dm, old: example.com/old}}\nrules:\n- id: r\n{rule}"
        );
        let source = PackSource::of_rule_file("r.yaml", text);
        let (compiled, diagnostics) =
            compile(&[source], &NoPacks, &Settings::default(), &mut SourceMap::default());
        assert!(diagnostics.is_empty(), "{rule}: {diagnostics:?}");
        endless(&compiled.rules) == [0]
    }

    fn rewrite(pattern: &str, template: &str) -> bool {
        is_endless(&format!("  match: '{pattern}'\n  rewrite: '{template}'\n"))
    }

    #[test]
    fn what_the_template_keeps_changing_is_endless() {
        for (pattern, template) in [
            ("f($a, $b)", "f($b, $a)"),
            ("f($x)", "f(g($x))"),
            ("dm.F($$$a)", "dm.F(1, $$$a)"),
            ("$x.Close()", "$x.inner.Close()"),
            ("f($x, $$$r)", "f($$$r)"),
            ("if $c { $$$b }", "if $c { g(); $$$b }"),
        ] {
            assert!(rewrite(pattern, template), "{pattern} to {template}");
        }
    }

    #[test]
    fn what_stands_in_its_own_form_is_done() {
        for (pattern, template) in [
            ("f($x)", "g(f($x))"),
            ("f($x)", "f($x)"),
            ("old.New($x)", "dm.New($x)"),
            ("sql.Open($d, $$$r)", "dm.Wrap(sql.Open($d, $$$r))"),
            ("$a.Query($q)", "$a.QueryContext(ctx, $q)"),
            ("$x := f()", "$x, err := f()"),
        ] {
            assert!(!rewrite(pattern, template), "{pattern} to {template}");
        }
        let after = "  as: statements\n  match: f()\n  rewrite: f(); g()\n";
        assert!(!is_endless(after), "the run of both is the template's own");
    }

    #[test]
    fn conditions_count_as_far_as_they_are_known() {
        let swap = |conditions: &str| {
            is_endless(&format!(
                "  match: f($a, $b)\n  rewrite: f($b, $a)\n  where: {{{conditions}}}\n"
            ))
        };
        assert!(!swap("$a: {kind: string}"), "only a string there is moved away");
        assert!(swap("$a: {kind: string}, $b: {kind: string}"));
        assert!(swap("$a: {is-not: nil}"));
        let wrap = "  match: f($x)\n  rewrite: f(g($x))\n  where: {$x: {is-not: g($_)}}\n";
        assert!(!is_endless(wrap), "the wrapped form is excepted");
        let kind = "  match: f($x)\n  rewrite: f(g($x))\n  where: {$x: {kind: identifier}}\n";
        assert!(!is_endless(kind), "a call is no identifier");
    }
}
