//! Rules that never come to rest. Comes in: compiled rules. Goes out: an error for each that would
//! change at every run what it wrote at the one before, with a way to except that.

use crate::engine::endless::endless;
use crate::rule::compile::Compiled;
use crate::rule::metavariable::{HoleKind, pattern_stencil};
use crate::rule::spec::{Dialect, RuleKindSpec, RuleSpec};
use crate::text::{Code, Diagnostic};

/// Rules that would change at every run what they wrote at the one before.
pub fn without_end(compiled: &Compiled) -> Vec<Diagnostic> {
    let diagnostic = |rule: usize| {
        let file = compiled.rules.rules[rule].origin.file;
        let (again, first) = match &compiled.specs[rule].kind {
            RuleKindSpec::Rewrite { target, template, .. } => {
                (template.span(), Some(target.pattern.span()))
            }
            RuleKindSpec::Patch(patch) => (patch.diff.span(), None),
            _ => return None,
        };
        let message = "the pattern matches what the template makes of it, without end";
        let help = come_to_rest(&compiled.specs[rule]);
        let diagnostic =
            Diagnostic::error(Code::EndlessRewrite, message).at(file, again, "matches again");
        let diagnostic = match first {
            Some(first) => diagnostic.at(file, first, ""),
            None => diagnostic,
        };
        Some(diagnostic.help(help))
    };
    endless(&compiled.rules).into_iter().filter_map(diagnostic).collect()
}

/// How a rule that matches its own result can come to rest.
fn come_to_rest(spec: &RuleSpec) -> String {
    if spec.dialect == Dialect::Gopatch {
        return "make the `-` lines narrower, or write the rule in a YAML file, where `where` and \
                `is-not` except what is done already"
            .to_owned();
    }
    let is_part = |c: char| c == '_' || c == '.' || c.is_alphanumeric();
    let (pattern, template) = match &spec.kind {
        RuleKindSpec::Rewrite { target, template, .. } => {
            (target.pattern.as_str(), template.as_str())
        }
        RuleKindSpec::Patch(patch) => (patch.before.text.as_str(), patch.after.text.as_str()),
        _ => ("", ""),
    };
    let holes = pattern_stencil(pattern).map(|stencil| stencil.holes).unwrap_or_default();
    let names: Vec<String> = holes
        .into_iter()
        .filter_map(|hole| match hole.kind {
            HoleKind::One(Some(name)) => Some(name),
            _ => None,
        })
        .collect();
    let wrapped = names.iter().find_map(|name| {
        let at = template.find(&format!("(${name})"))?;
        let before = &template[..at];
        let from = before.rfind(|c| !is_part(c)).map_or(0, |at| at + 1);
        (from < at).then(|| (name, &before[from..]))
    });
    let advice = "except what is done already, with `where` and `is-not`";
    match (wrapped, names.first()) {
        // Whatever is excepted, the names inside of the result are matched again.
        (_, Some(name)) if pattern.trim() == format!("${name}") => {
            format!("say in the pattern what stands around `${name}`: alone it is any code")
        }
        (Some((name, call)), _) => format!(
            "{advice}, as in `where: {{${name}: {{is-not: {call}($_)}}}}`, or make the pattern \
             narrower"
        ),
        (None, Some(name)) => format!(
            "{advice}, or make the pattern narrower, as in `where: {{${name}: {{kind: string}}}}`"
        ),
        (None, None) => format!("{advice}, or make the pattern narrower"),
    }
}
