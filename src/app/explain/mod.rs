//! The command `explain`. Comes in: a place in a file and rules. Goes out: for each rule in force
//! what became of the place, or the first thing that did not fit and what was found instead.

mod elsewhere;
mod named;
mod subject;
mod words;

use std::io::Write;
use std::sync::Arc;

use anyhow::Result;

use self::elsewhere::{Surroundings, not_here, passed_over};
use self::named::named;
use self::subject::Subject;
use self::words::{Telling, first_line, full_id, short};
use super::apply::{Talk, say_diagnostics, text_globs};
use super::cases::case_options;
use super::cli::ExplainArgs;
use super::config::{Asked, LoadedRules, Request, load};
use super::dependencies::dependencies;
use super::exit::Exit;
use super::fs::OsFileSystem;
use super::output::diagnostics::{Note, render_note};
use super::output::summary::{shown, status_text};
use super::root::find_root;
use super::run::{FileResult, RunOptions, run};
use crate::engine::facts::IndexedFacts;
use crate::engine::fix::{FixStatus, ReviewReason};
use crate::engine::names::FileNames;
use crate::engine::near_miss::attempts;
use crate::engine::strings::{Told, told};
use crate::go::packages::{GoEnv, PackageIndex};
use crate::go::source::SourceFile;
use crate::text::{FileId, Label, SourceMap, Span};

/// Runs `explain`.
///
/// # Errors
/// Wrong use, and what cannot be read.
pub fn explain(
    args: &ExplainArgs,
    talk: Talk,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    let here = std::env::current_dir()?;
    let subject = Subject::find(&args.place, &here)?;
    let loaded = load_for(args, &subject, &here)?;
    if !say_diagnostics(&loaded, talk, err)? {
        return Ok(Exit::Unable);
    }
    if loaded.compiled.rules.rules.is_empty() {
        anyhow::bail!("there are no rules in force here: name a pack with --pack, or a rule file");
    }
    let options = options(&subject, &loaded);
    let result = run(&options, &loaded.compiled.rules, &mut |_| Ok(()))?;
    let file = result.files.into_iter().find(|file| file.path == subject.path);
    let mut sources = loaded.sources.clone();
    let id = sources.add(subject.shown.as_str(), subject.shown_text.as_str());
    let place = Explained { subject: &subject, loaded: &loaded, sources: &sources, id, talk };
    place.tell(file.as_ref(), options.go_env(), out)?;
    Ok(Exit::Done)
}

/// The rules that are asked about: by default those that are in force where the file is.
fn load_for(args: &ExplainArgs, subject: &Subject, here: &std::path::Path) -> Result<LoadedRules> {
    let is_file = |rule: &&String| {
        [".yaml", ".yml", ".patch"].iter().any(|extension| rule.ends_with(extension))
    };
    let mut sources: Vec<Asked> = args.packs.iter().cloned().map(Asked::Pack).collect();
    sources.extend(args.rules.iter().filter(is_file).cloned().map(Asked::Rule));
    if let (true, Some(pack)) = (sources.is_empty(), &subject.pack) {
        sources.push(Asked::Pack(pack.display().to_string()));
    }
    let only = args.rules.iter().filter(|rule| !is_file(rule)).cloned().collect();
    let from = here.to_path_buf();
    let set = args.params.clone();
    let request = Request { sources, set, only, except: Vec::new(), from };
    let root = find_root(&subject.root.join(&subject.path))?;
    Ok(load(&subject.root, &request, &|| dependencies(&root, &[])))
}

/// The run that shows what becomes of the file.
fn options(subject: &Subject, loaded: &LoadedRules) -> RunOptions {
    if subject.laid_out.is_some() {
        return case_options(&subject.root, loaded);
    }
    // What becomes of a go.mod is decided by the code around it.
    let is_module = subject.path.file_name().is_some_and(|n| n == "go.mod" || n == "go.work");
    let folder = subject.path.parent().filter(|_| is_module);
    RunOptions {
        not: loaded.places_below(&subject.root),
        root: subject.root.clone(),
        paths: vec![subject.root.join(folder.unwrap_or(&subject.path))],
        texts: text_globs(loaded),
        include_vendor: true,
        no_ignore: true,
        ..RunOptions::default()
    }
}

/// Rules that have nothing to do with the place, a line each.
fn rest(nothing: &[(String, String)]) -> Option<String> {
    let width = nothing.iter().map(|(id, _)| id.chars().count()).max()?;
    let line = |(id, why): &(String, String)| format!("{id:width$}  {}\n", shown(why));
    Some(nothing.iter().map(line).collect())
}

struct Explained<'a> {
    subject: &'a Subject,
    loaded: &'a LoadedRules,
    sources: &'a SourceMap,
    id: FileId,
    talk: Talk,
}

impl Explained<'_> {
    fn tell(&self, file: Option<&FileResult>, go: GoEnv, out: &mut dyn Write) -> Result<()> {
        let rules = &self.loaded.compiled.rules;
        let mut notes: Vec<Note> = Vec::new();
        let mut nothing: Vec<(String, String)> = Vec::new();
        let mut near: Vec<Note> = Vec::new();
        let facts = IndexedFacts::new(rules.teach(PackageIndex::new(Arc::new(OsFileSystem), go)));
        let path = self.subject.path.to_string_lossy().replace('\\', "/");
        let source = Arc::new(SourceFile::new(path, self.subject.text.as_str()));
        let names = FileNames::new(&source, rules, &facts);
        let around = Surroundings::new(self.subject, rules);
        for rule in 0..rules.rules.len() {
            let before = notes.len();
            self.sites(rule, file, &mut notes);
            if notes.len() > before {
                if self.talk.verbose {
                    near.extend(self.named(rule, file, &names));
                }
                continue;
            }
            if let Some(why) = around.before_looking(rule, self.loaded, self.subject) {
                nothing.push((full_id(&rules.rules[rule], rules), why));
                continue;
            }
            let mut missed = self.missed(rule, &names);
            missed.extend(self.named(rule, file, &names));
            if missed.is_empty() {
                let why = not_here(rule, self.loaded, self.subject);
                nothing.push((full_id(&rules.rules[rule], rules), why));
            }
            near.extend(missed);
        }
        let notes = notes.iter().chain(&near);
        let mut said: Vec<String> =
            notes.map(|note| render_note(note, self.sources, self.talk.color)).collect();
        said.extend(passed_over(self.subject, self.loaded)?);
        said.extend(rest(&nothing));
        out.write_all(said.join("\n").as_bytes())?;
        Ok(())
    }

    /// What the rule did, or wanted to do, at the place.
    fn sites(&self, rule: usize, file: Option<&FileResult>, notes: &mut Vec<Note>) {
        let rules = &self.loaded.compiled.rules;
        let Some(file) = file else { return };
        let place = self.subject.place;
        let here = |span: Span| span.start <= place.end && place.start <= span.end;
        let id = full_id(&rules.rules[rule], rules);
        let label = |span: Span| {
            let span = self.subject.seen(first_line(&self.subject.text, span));
            vec![Label { file: self.id, span, text: String::new() }]
        };
        let unsettled = file.outcome.unsettled.contains(&rule);
        for site in file.outcome.sites.iter().filter(|s| s.rule == rule && here(s.span)) {
            let message = format!("{id}: {}", status_text(site, rules));
            let help = if unsettled {
                Some("the rules named for this file want something anew at each round".into())
            } else {
                hint(&site.status).map(str::to_owned)
            };
            notes.push(Note { message, labels: label(site.span), help });
        }
        for finding in file.outcome.findings.iter().filter(|f| f.rule == rule && here(f.span)) {
            let message = format!("{id} reports: {}", finding.message.trim());
            notes.push(Note { message, labels: label(finding.span), help: None });
        }
    }

    /// The nearest miss of the rule, or with `--verbose` all of them.
    fn missed(&self, index: usize, names: &FileNames<'_>) -> Vec<Note> {
        let compiled = &self.loaded.compiled;
        let (rules, spec) = (&compiled.rules, &compiled.specs[index]);
        let rule = &rules.rules[index];
        let Some(search) = rule.action.search() else { return Vec::new() };
        let told = told(rules, index, names, self.subject.place);
        if !told.is_empty() {
            return told.iter().map(|(span, told)| self.of_string(rule, *span, told)).collect();
        }
        let telling =
            Telling { rules, rule, spec, search, names, subject: self.subject, file: self.id };
        let all = attempts(search, names, rules, self.subject.place);
        let wanted = all.iter().filter(|a| a.is_near || self.talk.verbose);
        let notes = wanted.map(|attempt| match attempt.miss {
            Some(miss) => telling.note(attempt, miss),
            None => self.covered(rule, attempt.span),
        });
        notes.take(self.most()).collect()
    }

    /// The names at the place that a rule about names does not mean: the first, or with `--verbose`
    /// all of them.
    fn named(&self, index: usize, file: Option<&FileResult>, names: &FileNames<'_>) -> Vec<Note> {
        let rules = &self.loaded.compiled.rules;
        let sites = file.into_iter().flat_map(|file| &file.outcome.sites);
        let sites: Vec<Span> = sites.filter(|s| s.rule == index).map(|s| s.span).collect();
        let rule = (&rules.rules[index], rules);
        let mut notes = named(rule, names, (self.subject, self.id), &sites);
        notes.truncate(self.most());
        notes
    }

    /// How many near misses of a rule are shown.
    fn most(&self) -> usize {
        if self.talk.verbose { usize::MAX } else { 1 }
    }

    /// A string in which a rule about strings finds nothing.
    fn of_string(&self, rule: &crate::rule::compiled::Rule, span: Span, told: &Told) -> Note {
        let id = full_id(rule, &self.loaded.compiled.rules);
        let (why, help) = match told {
            Told::Unknown(code, why) => {
                (format!("nothing is known of the string {}: {why}", short(code)), None)
            }
            Told::NothingFound(text) => {
                let help = "`find` sees the whole value; what no literal says is `%v` in it";
                (format!("`find` finds nothing in {}", quoted(text)), Some(help.to_owned()))
            }
            Told::Excluded(text) => (format!("`unless` matches {}", quoted(text)), None),
            Told::Elsewhere(path) => {
                let help = format!("ask about the text in {}", shown(path));
                (format!("the text stands in {}", shown(path)), Some(help))
            }
            Told::Unchanged(text) => (format!("{} would stay as it is", quoted(text)), None),
        };
        let span = self.subject.seen(first_line(&self.subject.text, span));
        let labels = vec![Label { file: self.id, span, text: String::new() }];
        Note { message: format!("{id} does not match: {why}"), labels, help }
    }

    /// A match that is no site: matches of statements do not overlap.
    fn covered(&self, rule: &crate::rule::compiled::Rule, span: Span) -> Note {
        let id = full_id(rule, &self.loaded.compiled.rules);
        let span = self.subject.seen(first_line(&self.subject.text, span));
        let labels = vec![Label { file: self.id, span, text: String::new() }];
        let message = format!("{id} matches here, inside of another match of it");
        Note { message, labels, help: None }
    }
}

/// The value of a string in a sentence.
fn quoted(text: &str) -> String {
    format!("\"{}\"", short(&shown(text)))
}

/// What can be done about a site that was not changed.
fn hint(status: &FixStatus) -> Option<&'static str> {
    match status {
        FixStatus::NeedsReview(ReviewReason::RuleSays) => {
            Some("`apply --include review` applies what a rule marks for review")
        }
        FixStatus::NeedsReview(ReviewReason::CommentAtRisk) => Some(
            "a comment here has no place in the result; `comments: drop` in the rule lets it go",
        ),
        FixStatus::NeedsReview(ReviewReason::NoModule) => {
            Some("the rule has a `when`, and no go.mod says whether it holds")
        }
        FixStatus::GeneratedFile => {
            Some("change the generator, or use `apply --include-generated`")
        }
        _ => None,
    }
}
