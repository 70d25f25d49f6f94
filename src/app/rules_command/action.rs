//! What `rules show` prints of a rule's action. Comes in: a rule as it was read. Goes out: its keys
//! and values, in the words of its file.

use super::field;
use crate::rule::spec::{
    ChangeSpec, ErrorResultSpec, FieldSpec, GoModSpec, HeaderEditSpec, HeaderSpec, ImportSpec,
    MatchSpec, Per, RuleKindSpec, RuleSpec, ScopeSpec, SpannedStr,
};

/// What a rule does, in the words of its file.
pub(super) fn action(out: &mut String, spec: &RuleSpec) {
    match &spec.kind {
        RuleKindSpec::Rewrite { target, template, scope, drop_comments } => {
            pattern(out, "match", target);
            if let Some(scope) = scope {
                field(out, "scope", &scope_text(scope));
            }
            let deleted = template.as_str().trim().is_empty();
            field(out, "rewrite", if deleted { "(nothing)" } else { template.as_str() });
            comments(out, drop_comments.is_some());
        }
        RuleKindSpec::Patch(patch) => {
            field(out, "patch", patch.diff.as_str());
            comments(out, patch.drop_comments.is_some());
        }
        RuleKindSpec::Report { target, text } => {
            pattern(out, "match", target);
            field(out, "report", text.as_str());
        }
        RuleKindSpec::Rename(rename) => {
            field(out, "rename", &format!("{} to {}", rename.from, rename.to));
        }
        RuleKindSpec::Field(spec) => of_field(out, spec),
        RuleKindSpec::Import(import) => {
            field(out, "import", &import_text(import));
            if let ImportSpec::Add { when_in_file: Some(target), .. } = import {
                pattern(out, "in files with", target);
            }
        }
        RuleKindSpec::GoMod(gomod) => field(out, "gomod", &gomod_text(gomod)),
        RuleKindSpec::Header(header) => header_edit(out, header),
        RuleKindSpec::ErrorResult(spec) => error_result(out, spec),
        RuleKindSpec::File(file) => {
            let per = if file.per == Per::Module { "module" } else { "package" };
            field(out, "file", &format!("{}, once per {per}, where code uses it", file.path));
            field(out, "content", file.content.as_str());
        }
        RuleKindSpec::Binary(binary) => {
            let imports: Vec<&str> = binary.imports.iter().map(SpannedStr::as_str).collect();
            let at_least = binary.at_least.map_or(1, |n| n.value);
            field(out, "binary", &format!("{at_least} or more of {}", imports.join(", ")));
            field(out, "report", binary.report.as_str());
        }
        RuleKindSpec::Tag(_)
        | RuleKindSpec::Directive(_)
        | RuleKindSpec::String(_)
        | RuleKindSpec::Text(_) => of_text(out, &spec.kind),
    }
}

/// What rules do that look for text with a regular expression.
fn of_text(out: &mut String, kind: &RuleKindSpec) {
    match kind {
        RuleKindSpec::Tag(tag) => {
            let of = tag.of.as_ref().map_or_else(String::new, |of| format!(" of {of}"));
            field(out, "tag", &format!("{}{of}", tag.key));
            field(out, "find", tag.find.as_str());
            field(out, "replace", tag.replace.as_str());
        }
        RuleKindSpec::Directive(spec) => {
            field(out, "directive", spec.name.as_str());
            field(out, "find", spec.find.as_str());
            field(out, "replace", spec.replace.as_str());
        }
        RuleKindSpec::String(string) => {
            pattern(out, "string", &string.target);
            if let Some(of) = &string.of {
                field(out, "of", of.as_str());
            }
            found(out, &string.find, string.unless.as_ref(), &string.change);
        }
        RuleKindSpec::Text(text) => {
            let files: Vec<&str> = text.files.iter().map(SpannedStr::as_str).collect();
            field(out, "text", &files.join(", "));
            found(out, &text.find, text.unless.as_ref(), &text.change);
        }
        _ => {}
    }
}

fn comments(out: &mut String, drop: bool) {
    if drop {
        field(out, "comments", "drop");
    }
}

/// A field by how it is used.
fn of_field(out: &mut String, spec: &FieldSpec) {
    field(out, "field", &format!("{} of {}", spec.from, spec.of));
    let write: Vec<&str> = spec.write.iter().map(SpannedStr::as_str).collect();
    let write = (!write.is_empty()).then(|| write.join(", "));
    let parts = [
        ("read", spec.read.as_ref().map(ToString::to_string)),
        ("write", write),
        ("literal", spec.literal.as_ref().map(ToString::to_string)),
    ];
    for (key, text) in parts {
        field(out, key, &text.unwrap_or_else(|| "(needs review)".to_owned()));
    }
    if let Some(zero) = &spec.zero {
        field(out, "zero", zero.as_str());
    }
}

fn gomod_text(spec: &GoModSpec) -> String {
    match spec {
        GoModSpec::Require(m) => format!("require {} {}", m.path, m.version),
        GoModSpec::Add(m) => format!("add {} {}", m.path, m.version),
        GoModSpec::Move { from, to } => format!("move {from} to {} {}", to.path, to.version),
        GoModSpec::Drop(path) => format!("drop {path}"),
    }
}

/// A call that gained an error result.
fn error_result(out: &mut String, spec: &ErrorResultSpec) {
    pattern(out, "error-result", &spec.target);
    field(out, "on-error", spec.on_error.as_str());
    if let Some(value) = &spec.value {
        field(out, "value", value.as_str());
    }
    if let Some(values) = &spec.values {
        field(out, "values", &values.value.to_string());
    }
}

/// What a patch file changes in the header of files.
fn header_edit(out: &mut String, header: &HeaderSpec) {
    match &header.edit {
        HeaderEditSpec::Import(import) => field(out, "import", &import_text(import)),
        HeaderEditSpec::ReplaceImport { from, to, name } => {
            let name = name.as_ref().map_or_else(String::new, |name| format!("{name} "));
            field(out, "import", &format!("{from} to {name}{to}"));
        }
        HeaderEditSpec::Package(name) => field(out, "package", name.as_str()),
    }
    if let Some(target) = &header.when_in_file {
        pattern(out, "in files with", target);
    }
}

/// What is looked for, and what becomes of it.
fn found(out: &mut String, find: &SpannedStr, unless: Option<&SpannedStr>, change: &ChangeSpec) {
    field(out, "find", find.as_str());
    if let Some(unless) = unless {
        field(out, "unless", unless.as_str());
    }
    let (key, text) = change.said();
    field(out, key, text.as_str());
}

/// `$ctx: context.Context, or $r.Context(), else context.TODO()`.
fn scope_text(scope: &ScopeSpec) -> String {
    let types: Vec<&str> = scope.types.iter().map(SpannedStr::as_str).collect();
    let or = scope.or.as_ref().map_or(String::new(), |or| format!(", or {or}"));
    let otherwise = scope.otherwise.as_ref().map_or(String::new(), |v| format!(", else {v}"));
    format!("{}: {}{or}{otherwise}", scope.name, types.join(" or "))
}

fn import_text(spec: &ImportSpec) -> String {
    match spec {
        ImportSpec::Move { from, to, subpackages, symbols } => {
            let below =
                if subpackages.is_some_and(|s| s.value) { ", with subpackages" } else { "" };
            let symbols: Vec<&str> = symbols.iter().map(SpannedStr::as_str).collect();
            let only = if symbols.is_empty() { "" } else { ", only " };
            format!("{from} to {to}{below}{only}{}", symbols.join(", "))
        }
        ImportSpec::Add { path, name, .. } => {
            let name = name.as_ref().map_or(String::new(), |name| format!("{name} "));
            format!("add {name}{path}")
        }
        ImportSpec::Remove(path) => format!("remove {path}"),
    }
}

fn pattern(out: &mut String, key: &str, target: &MatchSpec) {
    field(out, key, target.pattern.as_str());
    for on in &target.conditions {
        for condition in &on.conditions {
            if condition.is_around() {
                let (key, texts) = condition.said();
                field(out, key, &texts.join(" or "));
            } else {
                field(out, "where", &format!("{} {condition}", on.name));
            }
        }
    }
}
