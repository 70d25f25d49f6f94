//! The first case of a new pack. Comes in: its one rule. Goes out: a txtar archive with code that
//! the pattern matches, every metavariable written as a name, and code that only looks like it.

use crate::go::import_path::guess_name;
use crate::rule::compiled::RuleSet;
use crate::rule::metavariable::{HoleKind, pattern_stencil};
use crate::rule::pattern::{Context, Pattern};

/// The case for the first rule; `written` is its pattern as its author wrote it.
pub fn sample(rules: &RuleSet, written: &str) -> String {
    let Some(search) = rules.rules.first().and_then(|rule| rule.action.search()) else {
        return String::new();
    };
    let pattern = &search.pattern;
    let code = placed(pattern.context(), &instance(written));
    let imports = imports(pattern, rules, str::to_owned);
    let about = "Code that the rule changes, and code that only looks like it.";
    let matching = file(&imports, &code);
    let word = pattern.words().next();
    let alike = if pattern.packages().next().is_some() {
        // The same code, of other packages.
        file(
            &self::imports(pattern, rules, |path| format!("example.com/other/{}", last(path))),
            &code,
        )
    } else {
        let name = word.unwrap_or("other");
        file("", &format!("// The name alone is not meant.\nvar {name} = 1\n"))
    };
    format!("{about}\n-- matches.go --\n{matching}-- looks_alike.go --\n{alike}")
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
        match &hole.kind {
            HoleKind::One(Some(name)) | HoleKind::Many(Some(name)) => out.push_str(name),
            _ => out.push_str(&format!("any{index}")),
        }
    }
    out.push_str(&written[at..]);
    out.trim_end().to_owned()
}

/// The piece of code in something that holds it.
fn placed(context: Context, code: &str) -> String {
    let indented = |depth: usize| -> String {
        let tabs = "\t".repeat(depth);
        code.lines()
            .map(|l| if l.is_empty() { "\n".into() } else { format!("{tabs}{l}\n") })
            .collect()
    };
    match context {
        Context::Expression => {
            format!("func example() {{\n\t_ = {}\n}}\n", code.replace('\n', "\n\t"))
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
