//! `rules list` and `rules show`. Comes in: loaded rules. Goes out: what a person reads about
//! them, as text.

mod action;

use self::action::action;
use super::config::LoadedRules;
use crate::engine::prefilter::required_of_values;
use crate::rule::compile::{Compiled, Replaced, SwitchedOff};
use crate::rule::compiled::{Origin, Required, Rule, Search};
use crate::rule::spec::{PlacesSpec, RuleSpec, SpannedStr, nearest};
use crate::text::{LineIndex, SourceMap};

/// All packs with their rules: id, what it does, safety and title, in columns.
pub fn list(compiled: &Compiled) -> String {
    let mut out = String::new();
    let all = &compiled.rules;
    let width = |text: fn(&Rule) -> &str| {
        all.rules.iter().map(|rule| text(rule).chars().count()).max().unwrap_or_default()
    };
    let (ids, actions) = (width(|r| &r.id), width(|r| r.action.as_str()));
    let safeties = width(|r| r.safety.as_str());
    for (index, pack) in all.packs.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        let title = if pack.title == pack.name { "" } else { &pack.title };
        line(&mut out, &format!("{}  {title}", pack.name));
        for rule in all.rules.iter().filter(|rule| rule.pack == index) {
            let (id, action) = (&rule.id, rule.action.as_str());
            let safety = rule.safety.as_str();
            let title = &rule.title;
            let from = match rule.packs.as_slice() {
                [.., written_in] if *written_in != pack.name => format!("  (from {written_in})"),
                _ => String::new(),
            };
            let text = format!("  {id:ids$}  {action:actions$}  {safety:safeties$}  {title}{from}");
            line(&mut out, &text);
        }
        let of_pack = |off: &&SwitchedOff| off.packs.first() == Some(&pack.name);
        let off: Vec<&str> =
            compiled.off.iter().filter(of_pack).map(|off| off.id.as_str()).collect();
        if !off.is_empty() {
            line(&mut out, &format!("  off: {}", off.join(", ")));
        }
    }
    out
}

fn line(out: &mut String, text: &str) {
    out.push_str(text.trim_end());
    out.push('\n');
}

/// The rules that `name`, an `ID` or `PACK/ID`, means, as they were understood.
///
/// # Errors
/// Where there is none; the text says which one could have been meant.
pub fn show(loaded: &LoadedRules, name: &str) -> Result<String, String> {
    let LoadedRules { compiled, sources, .. } = loaded;
    let all = &compiled.rules;
    let full = |rule: &Rule| format!("{}/{}", all.packs[rule.pack].name, rule.id);
    let rules = all.rules.iter().zip(&compiled.specs).zip(&compiled.replaced);
    let shown: Vec<String> = rules
        .filter(|((rule, _), _)| rule.id == name || full(rule) == name)
        .map(|((rule, spec), replaced)| one(&full(rule), rule, spec, replaced, loaded))
        .collect();
    if !shown.is_empty() {
        return Ok(shown.join("\n"));
    }
    let is_named = |off: &&SwitchedOff| {
        off.id == name || off.packs.iter().any(|pack| format!("{pack}/{}", off.id) == name)
    };
    if let Some(off) = compiled.off.iter().find(is_named) {
        let by = match &off.by.place {
            Some((file, span)) => place(Origin { file: *file, span: *span }, sources),
            None => format!("--except {}", off.by.text),
        };
        return Err(format!("the rule `{name}` is switched off ({by})"));
    }
    let name_of = |rule: &Rule| if name.contains('/') { full(rule) } else { rule.id.clone() };
    let names: Vec<String> = all.rules.iter().map(name_of).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let hint = match nearest(name, &names) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`dmmigrate rules list` shows the rules".to_owned(),
    };
    Err(format!("there is no rule `{name}`; {hint}"))
}

fn one(
    name: &str,
    rule: &Rule,
    spec: &RuleSpec,
    replaced: &[Replaced],
    loaded: &LoadedRules,
) -> String {
    let sources = &loaded.sources;
    let mut out = String::new();
    line(&mut out, &format!("{name}  {}", rule.title));
    field(&mut out, "from", &place(rule.origin, sources));
    // Where a pack could not be read, they are not told apart.
    if loaded.asked_by.len() == loaded.compiled.rules.packs.len() {
        field(&mut out, "asked by", &loaded.asked_by[rule.pack]);
    }
    if rule.packs.len() > 1 {
        field(&mut out, "through", &rule.packs.join(" extends "));
    }
    for Replaced { pack, origin } in replaced {
        field(&mut out, "replaces", &format!("{pack}/{}, {}", rule.id, place(*origin, sources)));
    }
    field(&mut out, "safety", rule.safety.as_str());
    for (key, text) in when(spec) {
        field(&mut out, key, &text);
    }
    for (key, text) in places(&spec.places) {
        field(&mut out, key, &text);
    }
    action(&mut out, spec);
    if let Some(search) = rule.action.search() {
        search_fields(&mut out, search);
    }
    if !rule.why.is_empty() {
        field(&mut out, "why", &rule.why);
    }
    out
}

/// Where a rule is written.
fn place(origin: Origin, sources: &SourceMap) -> String {
    let lines = LineIndex::new(sources.text(origin.file));
    let at = lines.line_col(origin.span.start);
    format!("{}:{}", sources.path(origin.file), at.line)
}

/// A key and its value; a value of several lines stands below the key.
fn field(out: &mut String, key: &str, value: &str) {
    let value = value.trim_end();
    if value.contains('\n') {
        line(out, &format!("  {key}:"));
        for text in value.lines() {
            line(out, &format!("    {text}"));
        }
    } else {
        line(out, &format!("  {:<9} {value}", format!("{key}:")));
    }
}

fn when(spec: &RuleSpec) -> Vec<(&'static str, String)> {
    let module = spec.when.module.as_ref().map(|m| ("module", format!("{} {}", m.path, m.version)));
    let go = spec.when.go.as_ref().map(|go| ("go", go.to_string()));
    let paths =
        [("requires", &spec.when.requires), ("unless-requires", &spec.when.unless_requires)];
    let paths = paths.into_iter().filter(|(_, paths)| !paths.is_empty());
    let paths = paths.map(|(key, paths)| (key, list_of(paths, " or ")));
    module.into_iter().chain(go).chain(paths).collect()
}

fn list_of(texts: &[SpannedStr], separator: &str) -> String {
    texts.iter().map(SpannedStr::as_str).collect::<Vec<_>>().join(separator)
}

fn places(spec: &PlacesSpec) -> Vec<(&'static str, String)> {
    let globs = [("files", &spec.files), ("unless-files", &spec.unless_files)];
    let globs = globs.into_iter().filter(|(_, globs)| !globs.is_empty());
    let folder = spec.unless_folder.as_ref().map(|folder| {
        let above = folder.above.map_or(String::new(), |above| format!(", above: {}", above.value));
        let names = folder
            .file_names
            .map_or("", |names| if names.value { ", file-names: true" } else { "" });
        let said = format!("named: {}, beside: {}{above}{names}", folder.named, folder.beside);
        ("unless-folder", said)
    });
    globs.map(|(key, globs)| (key, list_of(globs, ", "))).chain(folder).collect()
}

fn search_fields(out: &mut String, search: &Search) {
    field(out, "as", search.pattern.context().as_str());
    let words = search.required.iter().map(Required::text).map(str::to_owned);
    let values = required_of_values(search).map(|texts| format!("`{}`", texts.join("` or `")));
    let texts: Vec<String> = words.chain(values).collect();
    let every_file = "nothing: every Go file is searched";
    let texts = if texts.is_empty() { every_file.to_owned() } else { texts.join(", ") };
    field(out, "needs", &texts);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::packs::Library;
    use crate::rule::compile::{Settings, compile};
    use crate::rule::pack::PackSource;

    fn compiled() -> (Compiled, SourceMap) {
        let text = "packages: {dm: x.org/dm}\nrules:\n- id: open\n  title: Open it\n  when: {go: '>=1.21'}\n  match: |\n    $c := dm.Open($d)\n    $$$rest\n  where: {$d: {kind: string}}\n  rewrite: ''\n- id: raise-module\n  safety: review\n  gomod: {require: x.org/dm v1.5.0}\n";
        let mut sources = SourceMap::default();
        let source = PackSource::of_rule_file("dm.yaml", text);
        let (compiled, diagnostics) =
            compile(&[source], &Library::default(), &Settings::default(), &mut sources);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        (compiled, sources)
    }

    #[test]
    fn rules_are_listed_in_columns() {
        let expected =
            "dm\n  open          rewrite  safe    Open it\n  raise-module  gomod    review\n";
        assert_eq!(list(&compiled().0), expected);
    }

    #[test]
    fn a_rule_is_shown_as_it_was_understood() {
        let (compiled, sources) = compiled();
        let asked_by = vec!["dmmigrate.yaml:1".to_owned()];
        let loaded = LoadedRules { compiled, sources, asked_by, ..LoadedRules::default() };
        let shown = show(&loaded, "open").expect("a rule");
        for part in [
            "dm/open  Open it\n",
            "from:     dm.yaml:3\n",
            "asked by: dmmigrate.yaml:1\n",
            "go:       >=1.21\n",
            "  match:\n    $c := dm.Open($d)\n    $$$rest\n",
            "where:    $d kind string\n",
            "rewrite:  (nothing)\n",
            "as:       statements\n",
            "needs:    x.org/dm, Open\n",
        ] {
            assert!(shown.contains(part), "{part:?} in\n{shown}");
        }
        let gomod = show(&loaded, "dm/raise-module").expect("a rule");
        assert!(gomod.contains("gomod:    require x.org/dm v1.5.0\n"), "{gomod}");
        let error = show(&loaded, "raise-modul").expect_err("no rule");
        assert!(error.contains("`raise-module`"), "{error}");
    }
}
