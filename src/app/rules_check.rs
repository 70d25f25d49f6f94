//! The command `rules check`. Comes in: packs or rule files. Goes out: what is wrong with their
//! rules although each of them is well written: cases that are missing, rules that can never
//! match, that another one hides, or that every file is searched for.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Component, Path, PathBuf};

use anyhow::Result;

use super::apply::Talk;
use super::cases::coverage::Coverage;
use super::cases::{Case, cases_of, misplaced};
use super::config::{Asked, Dependencies, LoadedRules, Request, load};
use super::exit::Exit;
use super::output::diagnostics::render;
use super::output::summary::{many, shown};
use super::rules_doubts::doubts_of_names;
use super::run::RunResult;
use super::test_command::{PackFolder, load_alone, pack_folders};
use super::txtar::Archive;
use crate::engine::lint;
use crate::rule::compile::Compiled;
use crate::rule::compiled::Action;
use crate::rule::spec::RuleKindSpec;
use crate::text::{Code, Diagnostic, FileId, Severity, SourceMap, Span};

/// Runs `rules check`.
///
/// # Errors
/// Wrong use, and what cannot be read.
pub fn check(
    named: &[String],
    talk: Talk,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    let here = std::env::current_dir()?;
    let is_file = |name: &&String| {
        [".yaml", ".yml", ".patch"].iter().any(|e| name.ends_with(e)) && here.join(name).is_file()
    };
    let files: Vec<&String> = named.iter().filter(is_file).collect();
    let folders: Vec<String> = named.iter().filter(|n| !is_file(n)).cloned().collect();
    let mut exit = Exit::Done;
    for file in &files {
        let sources = vec![Asked::Rule((*file).clone())];
        let request = Request { sources, from: here.clone(), ..Request::default() };
        let nowhere = tempfile::tempdir()?;
        let mut loaded = load(nowhere.path(), &request, &Dependencies::default);
        if !loaded.has_errors() {
            loaded.diagnostics.extend(doubts(&loaded.compiled));
            loaded.diagnostics.extend(doubts_of_names(&loaded.compiled, &|_| false));
        }
        exit = exit.max(tell(file, &loaded, talk, out, err)?);
    }
    if folders.is_empty() && !files.is_empty() {
        return Ok(exit);
    }
    for pack in pack_folders(&folders, &here)? {
        let mut loaded = load_alone(&pack, &here)?;
        if !loaded.has_errors() {
            let (coverage, unparsed) = coverage(&pack, &loaded)?;
            let doubts = doubts(&loaded.compiled);
            let names = of_names(&pack, &loaded, &coverage);
            let missing = not_shown(&pack, &loaded, &coverage);
            let all = doubts.into_iter().chain(names).chain(unparsed).chain(missing);
            loaded.diagnostics.extend(all);
        }
        exit = exit.max(tell(&pack.shown, &loaded, talk, out, err)?);
    }
    Ok(exit)
}

fn tell(
    name: &str,
    loaded: &LoadedRules,
    talk: Talk,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    err.write_all(render(&loaded.diagnostics, &loaded.sources, talk.color).as_bytes())?;
    let count = |severity| loaded.diagnostics.iter().filter(|d| d.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    if !talk.quiet {
        let rules = many(loaded.compiled.rules.rules.len(), "rule");
        let found = match (errors, warnings) {
            (0, 0) => "nothing to say against them".to_owned(),
            (0, warnings) => many(warnings, "warning"),
            (errors, 0) => many(errors, "error"),
            (errors, warnings) => {
                format!("{}, {}", many(errors, "error"), many(warnings, "warning"))
            }
        };
        writeln!(out, "{}: {rules}, {found}", shown(name))?;
    }
    let broken = |d: &Diagnostic| d.severity == Severity::Error && !is_doubt(d.code);
    Ok(match errors {
        0 => Exit::Done,
        _ if loaded.diagnostics.iter().any(broken) => Exit::Unable,
        _ => Exit::Failed,
    })
}

/// What only `rules check` and `test` say: the rules can be used.
fn is_doubt(code: Code) -> bool {
    matches!(code, Code::MissingCase | Code::NeverMatches | Code::HiddenRule | Code::SlowRule)
}

/// What is to be said about the rules themselves, in their order.
pub fn doubts(compiled: &Compiled) -> Vec<Diagnostic> {
    let rules = &compiled.rules;
    let at = |diagnostic: Diagnostic, rule: usize, text: &str| {
        let origin = rules.rules[rule].origin;
        diagnostic.at(origin.file, origin.span, text)
    };
    let mut found: Vec<(usize, Diagnostic)> = Vec::new();
    for (rule, why) in lint::never(rules) {
        let id = &rules.rules[rule].id;
        let (message, help) = match why.as_str() {
            lint::CHANGES_NOTHING => (
                format!("`{id}` changes nothing: {why}"),
                "write another `rewrite`; to find the code and leave it, write `report: TEXT` \
                 in its place",
            ),
            _ => (
                format!("`{id}` can never match: {why}"),
                "ask for less, or for the one of the two that is meant",
            ),
        };
        found.push((rule, at(Diagnostic::error(Code::NeverMatches, message), rule, "").help(help)));
    }
    for rule in never_reached(compiled) {
        let message =
            format!("`{}` looks at Go files, and its `files` are others", rules.rules[rule].id);
        let help = "name Go files, as in `**/*_test.go`; other files are for `text` rules";
        found.push((rule, at(Diagnostic::error(Code::NeverMatches, message), rule, "").help(help)));
    }
    for (rule, by) in lint::hidden(rules) {
        let (id, by_id) = (&rules.rules[rule].id, &rules.rules[by].id);
        let message = format!("`{id}` never gets a match: `{by_id}` before it takes all of them");
        let diagnostic = at(Diagnostic::error(Code::HiddenRule, message), rule, "");
        let help = "put the narrower rule first, or take one of the two out";
        found.push((rule, at(diagnostic, by, "takes them").help(help)));
    }
    for rule in lint::slow(rules) {
        let message = format!("every Go file is parsed for `{}`", rules.rules[rule].id);
        let help = "a name in the pattern, of a package, function, method or field, lets other files be passed over";
        found.push((rule, at(Diagnostic::warning(Code::SlowRule, message), rule, "").help(help)));
    }
    found.sort_by_key(|(rule, _)| *rule);
    found.into_iter().map(|(_, diagnostic)| diagnostic).collect()
}

/// Rules for code whose `files` are all of another kind, and `text` rules whose files are Go.
fn never_reached(compiled: &Compiled) -> Vec<usize> {
    let extension = |glob: &str| {
        let last = glob.rsplit('/').next().unwrap_or(glob);
        Some(last.rsplit_once('.')?.1.to_owned()).filter(|e| e.chars().all(char::is_alphanumeric))
    };
    let specs = compiled.specs.iter().enumerate();
    let never = specs.filter(|(_, spec)| {
        let is_text = matches!(spec.kind, RuleKindSpec::Text(_) | RuleKindSpec::GoMod(_));
        let other = |glob: &str| extension(glob).is_some_and(|e| e != "go");
        !is_text
            && !spec.places.files.is_empty()
            && spec.places.files.iter().all(|glob| other(glob.as_str()))
    });
    never.map(|(rule, _)| rule).collect()
}

/// What the cases of the pack show, and what of them is no Go.
///
/// # Errors
/// Where a case cannot be read or run.
pub fn coverage(pack: &PackFolder, loaded: &LoadedRules) -> Result<(Coverage, Vec<Diagnostic>)> {
    let rules = &loaded.compiled.rules;
    let mut coverage = Coverage::new(rules);
    let mut unparsed = Vec::new();
    for case in cases_of(&pack.path)? {
        let (archive, result) = case.outcome(loaded)?;
        coverage.add(&archive, &result, rules);
        unparsed.extend(not_go(&case, &archive, &result));
    }
    Ok((coverage, unparsed))
}

/// A syntax error in a case that does not say that it is about one.
fn not_go(case: &Case, archive: &Archive, result: &RunResult) -> Option<Diagnostic> {
    let first = result.unparsed.first()?;
    if archive.comment.to_lowercase().contains("syntax error") {
        return None;
    }
    let message = format!(
        "{}:{}:{} of the case `{}` has a syntax error, and rules see only a part of the code there",
        shown(&first.path.display().to_string()),
        first.at.line,
        first.at.column,
        shown(&case.name)
    );
    let help = "mend it; where the case is about a syntax error, say `syntax error` in its text";
    Some(Diagnostic::warning(Code::BrokenCase, message).help(help))
}

/// Doubts about names in the pack's own files.
pub fn of_names(pack: &PackFolder, loaded: &LoadedRules, coverage: &Coverage) -> Vec<Diagnostic> {
    let mut found = doubts_of_names(&loaded.compiled, &|rule| coverage.of(rule).at_work);
    found.retain(|doubt| is_own(pack, &loaded.sources, doubt.labels[0].file));
    found
}

/// What the cases of the pack do not show. Rules that come from another pack are shown there.
pub fn not_shown(pack: &PackFolder, loaded: &LoadedRules, coverage: &Coverage) -> Vec<Diagnostic> {
    let rules = &loaded.compiled.rules;
    let (mut found, mut said) = (Vec::new(), BTreeSet::new());
    // A rule that can never match needs no case.
    let vain: Vec<Span> = doubts(&loaded.compiled)
        .iter()
        .filter(|doubt| doubt.severity == Severity::Error)
        .map(|doubt| doubt.labels[0].span)
        .collect();
    for (index, rule) in rules.rules.iter().enumerate() {
        let is_vain = vain.contains(&rule.origin.span);
        if is_vain || !is_own(pack, &loaded.sources, rule.origin.file) {
            continue;
        }
        let id = &rule.id;
        let shown = coverage.of(index);
        let message = match (shown.at_work, shown.at_rest) {
            (true, true) => continue,
            (false, true) => format!("no case shows `{id}` at work"),
            (true, false) => format!("no case shows what `{id}` must leave alone"),
            (false, false) => {
                format!("no case shows `{id}`, neither at work nor what it must leave alone")
            }
        };
        let help = [
            (!shown.at_work).then_some(AT_WORK),
            (!shown.at_work && coverage.cases() > 0).then_some(IN_NO_CASE),
            (!shown.at_rest).then(|| look_alike(&rule.action)),
        ];
        // What is to be done about the next rule is the same: once is enough to read.
        let new: Vec<&str> = help.into_iter().flatten().filter(|part| said.insert(*part)).collect();
        let mut diagnostic = Diagnostic::error(Code::MissingCase, message);
        diagnostic.help = (!new.is_empty()).then(|| new.join("; "));
        found.push(diagnostic.at(rule.origin.file, rule.origin.span, ""));
    }
    found.extend(misplaced(&pack.path).iter().map(|(there, meant)| {
        let (there, meant) = (there.display().to_string(), meant.display().to_string());
        let message = format!("no case is looked for at `{}`", shown(&there));
        let help = format!("move it to `{}`", shown(&meant));
        Diagnostic::error(Code::MissingCase, message).help(help)
    }));
    found
}

const AT_WORK: &str = "add what it changes to a case, a file `cases/NAME.txtar`";

/// Where there are cases, and a rule has nothing to say about them.
const IN_NO_CASE: &str = "it matches nothing in any case: `dmmigrate explain CASE:LINE` says why";

/// What a look-alike could be.
fn look_alike(action: &Action) -> &'static str {
    match action {
        Action::GoMod(_) => "add a case with a go.mod that it must not change",
        Action::Text(_) => "add a file that is almost meant: by its name, or by what stands in it",
        Action::Tag(_) => {
            "add a field with another value of the key, or the value under another key"
        }
        Action::Directive(_) => {
            "add a line that is almost meant: another directive, or one that says something else"
        }
        Action::File(_) => "add a case in which no fix uses the file",
        Action::Binary(_) => "add a program that has one of the packages, and not too many of them",
        Action::Import(_) => {
            "add a Go file that imports a path almost like it, or has the package's name for \
             something else"
        }
        _ => {
            "add code that looks like it and is not meant: another package of that name, a local \
             that shadows it, another method of that name, a condition that fails"
        }
    }
}

/// Whether the file lies in the pack's own folder.
fn is_own(pack: &PackFolder, sources: &SourceMap, file: FileId) -> bool {
    let parent = Path::new(sources.path(file)).parent().map(Path::to_path_buf);
    let plain = |path: &Path| -> PathBuf {
        path.components().filter(|c| !matches!(c, Component::CurDir)).collect()
    };
    parent.is_some_and(|parent| plain(&parent) == plain(Path::new(&pack.shown)))
}
