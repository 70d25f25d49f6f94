//! The first case of a new pack. Comes in: its one rule. Goes out: a txtar archive with code that
//! the pattern matches, every metavariable written as a name, and code that only looks like it, in
//! a module.

use std::borrow::Cow;

use super::call::Call;
use crate::go::import_path::guess_name;
use crate::go::syntax::{Kind, Node, Role};
use crate::rule::compiled::RuleSet;
use crate::rule::metavariable::{HoleKind, pattern_stencil};
use crate::rule::pattern::{Atom, Context, Pattern};

/// The case for the first rule; `written` is its pattern as its author wrote it.
pub fn sample(rules: &RuleSet, written: &str) -> String {
    let Some(rule) = rules.rules.first() else { return String::new() };
    let Some(search) = rule.action.search() else { return String::new() };
    let pattern = &search.pattern;
    let own = imports(pattern, rules, str::to_owned);
    let (matching, alike) = match Call::of(pattern, rule, rules) {
        Some(call) => {
            let needed: Vec<String> =
                call.imports.iter().map(|path| format!("import {path:?}\n")).collect();
            let needed = needed.concat();
            let both = format!("{own}{needed}");
            // A parameter's type is the package's, whatever the parameters are called.
            let beside = if call.has_own_types() { &both } else { &needed };
            let alike = file(beside, &call.shadowed());
            (file(&both, &call.function("example", "")), alike)
        }
        None => with_names(pattern, rules, &own, written),
    };
    let about = "Code that the rule changes, and code that only looks like it.";
    format!("{about}\n{GO_MOD}-- matches.go --\n{matching}-- looks_alike.go --\n{alike}")
}

const GO_MOD: &str = "-- go.mod --\nmodule example.com/example\n\ngo 1.22\n";

/// The pattern with names in the places of its metavariables, and code that looks like it.
fn with_names(
    pattern: &Pattern,
    rules: &RuleSet,
    imports: &str,
    written: &str,
) -> (String, String) {
    let instance = instance(written);
    let matching = match method_call(&instance, pattern) {
        Some(code) => code,
        None => placed(pattern.context(), &instance, &params(written)),
    };
    let alike = if pattern.packages().next().is_some() {
        // The same code, of other packages.
        let other = |path: &str| format!("example.com/other/{}", last(path));
        file(&self::imports(pattern, rules, other), &matching)
    } else {
        let name = pattern.words().next().unwrap_or("other");
        file("", &format!("// The name alone is not meant.\nvar {name} = 1\n"))
    };
    (file(imports, &matching), alike)
}

/// `x.Name(a, b)` with metavariables for `x` and all arguments: a function that has them.
fn method_call(instance: &str, pattern: &Pattern) -> Option<String> {
    let call = Some(pattern.first()).filter(|node| node.kind() == Kind::Call)?;
    let fun = call.child(Role::Fun)?;
    let is_one = |node: Node<'_>| matches!(pattern.atom(node), Atom::One(_));
    let (x, args) = (fun.child(Role::X)?, call.child(Role::Args)?);
    if pattern.nodes().len() > 1 || !is_one(x) || !args.children().all(is_one) {
        return None;
    }
    let receiver = instance.split('.').next()?;
    let listed = instance.split_once('(')?.1.trim_end_matches(')');
    let method = fun.child(Role::Sel).filter(|sel| pattern.atom(*sel) == Atom::Plain)?.text();
    let types = vec!["any"; args.children().count()].join(", ");
    let more = if listed.is_empty() { String::new() } else { format!(", {listed} any") };
    let ty = format!("interface{{ {method}({types}) any }}");
    Some(format!("func example({receiver} {ty}{more}) {{\n\t_ = {instance}\n}}\n"))
}

fn file(imports: &str, code: &str) -> String {
    let imports = if imports.is_empty() { String::new() } else { format!("{imports}\n") };
    format!("package example\n\n{imports}{code}")
}

/// The pattern with names in the places of its metavariables.
fn instance(written: &str) -> String {
    let Ok(stencil) = pattern_stencil(written) else { return written.to_owned() };
    let mut out = String::new();
    let mut at = 0;
    for (index, hole) in stencil.holes.iter().enumerate() {
        out.push_str(&written[at..hole.span.start]);
        at = hole.span.end;
        out.push_str(&name(index, &hole.kind));
    }
    out.push_str(&written[at..]);
    out.trim_end().to_owned()
}

/// What the `nth` metavariable is called: its own name, if it has one.
fn name(nth: usize, kind: &HoleKind) -> Cow<'_, str> {
    match kind {
        HoleKind::One(Some(name)) | HoleKind::Many(Some(name)) => name.as_str().into(),
        _ => format!("any{nth}").into(),
    }
}

/// The metavariables as parameters.
fn params(written: &str) -> String {
    let holes = pattern_stencil(written).map(|stencil| stencil.holes).unwrap_or_default();
    let mut names: Vec<Cow<'_, str>> = Vec::new();
    for (index, hole) in holes.iter().enumerate() {
        let name = name(index, &hole.kind);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() { String::new() } else { format!("{} any", names.join(", ")) }
}

/// The piece of code in something that holds it.
fn placed(context: Context, code: &str, params: &str) -> String {
    let indented = |depth: usize| -> String {
        let tabs = "\t".repeat(depth);
        code.lines()
            .map(|l| if l.is_empty() { "\n".into() } else { format!("{tabs}{l}\n") })
            .collect()
    };
    match context {
        Context::Expression => {
            format!("func example({params}) {{\n\t_ = {}\n}}\n", code.replace('\n', "\n\t"))
        }
        Context::Type => format!("var example {code}\n"),
        Context::Statements => format!("func example() {{\n{}}}\n", indented(1)),
        Context::Declaration => format!("{code}\n"),
        Context::Element => format!("var example = T{{\n\t{code},\n}}\n"),
        Context::Field => format!("type example struct {{\n{}}}\n", indented(1)),
        Context::Parameter => format!("func example({code}) {{\n}}\n"),
        Context::Case => format!("func example() {{\n\tswitch {{\n{}\t}}\n}}\n", indented(1)),
    }
}

fn imports(pattern: &Pattern, rules: &RuleSet, path_of: impl Fn(&str) -> String) -> String {
    let mut ids: Vec<_> = pattern.packages().collect();
    ids.sort();
    ids.dedup();
    let spec = |id| {
        let package = rules.package(id);
        let path = path_of(&package.path);
        if guess_name(&path) == package.name {
            format!("import {path:?}\n")
        } else {
            format!("import {} {path:?}\n", package.name)
        }
    };
    ids.into_iter().map(spec).collect()
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
