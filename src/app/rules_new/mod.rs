//! The command `rules new`. Comes in: a name, and what the rule is about, from flags or from the
//! three questions that a person is asked. Goes out: a pack that passes its own test and `rules
//! check`, to be edited from there.

mod call;
mod sample;

use std::io::{BufRead, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use self::sample::sample;
use super::apply::{Talk, say_diagnostics};
use super::cases::snapshot::accept;
use super::cases::{Case, FOLDER};
use super::cli::NewArgs;
use super::config::{Asked, Dependencies, LoadedRules, Request, load};
use super::exit::Exit;
use super::output::summary::shown;
use super::rules_check::{coverage, doubts, not_shown};
use super::schema::schema;
use super::test_command::PackFolder;
use crate::go::import_path::guess_name;
use crate::text::{Code, SourceMap};

/// What a person says about the first rule of a pack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Answers {
    /// Import paths, each perhaps with the name that patterns use for it.
    packages: Vec<(Option<String>, String)>,
    pattern: String,
    /// Nothing: the rule reports.
    template: Option<String>,
    report: Option<String>,
}

/// Runs `rules new`.
///
/// # Errors
/// Wrong use, and what cannot be written.
pub fn new(args: &NewArgs, talk: Talk, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit> {
    let here = std::env::current_dir()?;
    let folder = here.join(&args.name);
    let name = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
    if !name.chars().all(is_plain) || !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        bail!(
            "{} cannot name a pack: write lower-case letters, digits, hyphens and dots, as in \
             errors-to-std",
            shown(&name)
        );
    }
    if folder.exists() {
        bail!("{} exists already: choose another name, or take it away", shown(&args.name));
    }
    let mut answers = from_flags(args);
    let asks = answers.pattern.is_empty() && std::io::stdin().is_terminal();
    if answers.pattern.is_empty() && !asks {
        bail!(
            "say what the first rule is about: --package PATH --match PATTERN and --rewrite \
             TEMPLATE or --report TEXT (on a terminal you are asked)"
        );
    }
    loop {
        if asks {
            ask(&mut answers, &mut std::io::stdin().lock(), err)?;
        }
        let draft = tempfile::tempdir().context("cannot make a folder")?;
        let target = draft.path().join(&name);
        let (mut loaded, written) = write_rules(&name, &answers, &target)?;
        not_written(&mut loaded);
        if say_diagnostics(&loaded, talk, err)? {
            let complaints = finish(&target, &loaded, &written)?;
            move_into_place(&target, &folder)?;
            tell(&args.name, &written, &complaints, out)?;
            return Ok(if complaints.is_empty() { Exit::Done } else { Exit::Failed });
        }
        if !asks {
            return Ok(Exit::Unable);
        }
    }
}

fn from_flags(args: &NewArgs) -> Answers {
    Answers {
        packages: args.packages.iter().map(|said| package(said)).collect(),
        pattern: args.pattern.clone().unwrap_or_default(),
        template: args.rewrite.clone(),
        report: args.report.clone(),
    }
}

/// `PATH` or `NAME=PATH`.
fn package(said: &str) -> (Option<String>, String) {
    match said.split_once('=') {
        Some((name, path)) => (Some(name.trim().to_owned()), path.trim().to_owned()),
        None => (None, said.trim().to_owned()),
    }
}

fn said((name, path): &(Option<String>, String)) -> String {
    name.as_ref().map_or_else(|| path.clone(), |name| format!("{name}={path}"))
}

/// The three questions. Where they were asked before, an empty line is the answer from then.
fn ask(answers: &mut Answers, input: &mut dyn BufRead, err: &mut dyn Write) -> Result<()> {
    let mut question = |text: &str, example: &str, before: &str| -> Result<String> {
        let hint = match before {
            "" => format!("as in {example}"),
            before => format!("Enter: {before}"),
        };
        write!(err, "{text}\n  ({hint})\n> ")?;
        err.flush()?;
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            bail!("nothing was written: there was no answer");
        }
        let answer = if line.trim().is_empty() { before } else { line.trim() };
        Ok(answer.to_owned())
    };
    let packages = question(
        "Which package changes? Its import path; several with spaces between.",
        "github.com/pkg/errors; NAME=PATH where its name is not the end of the path",
        &answers.packages.iter().map(said).collect::<Vec<_>>().join(" "),
    )?;
    answers.packages = packages.split_whitespace().map(package).collect();
    answers.pattern = question(
        "What code is meant? Go, with $x for one expression and $$$xs for any number.",
        "errors.Wrap($err, $text)",
        &answers.pattern,
    )?;
    let template = question(
        "What does it become? Nothing: it is only reported.",
        "fmt.Errorf(\"%s: %w\", $text, $err)",
        "",
    )?;
    answers.report = template.is_empty().then(|| "This is to be changed by hand.".to_owned());
    answers.template = (!template.is_empty()).then_some(template);
    Ok(())
}

/// The name of the one rule that is written.
struct Written {
    id: String,
}

/// Writes `pack.yaml` and `rules.yaml`, and reads them again.
fn write_rules(name: &str, answers: &Answers, folder: &Path) -> Result<(LoadedRules, Written)> {
    std::fs::create_dir_all(folder.join(FOLDER)).context("cannot make a folder")?;
    let id = id_of(&answers.pattern).unwrap_or_else(|| name.replace('.', "-"));
    let mut packages = answers.packages.clone();
    let mut pack = pack_yaml(name, &packages);
    let rules = rules_yaml(&id, answers);
    let read = |pack: &str| -> Result<LoadedRules> {
        std::fs::write(folder.join("pack.yaml"), pack)?;
        std::fs::write(folder.join("rules.yaml"), &rules)?;
        let sources = vec![Asked::Pack(format!("./{name}"))];
        let from = folder.parent().unwrap_or(folder).to_path_buf();
        let request = Request { sources, from, ..Request::default() };
        Ok(load(folder, &request, &Dependencies::default))
    };
    let mut loaded = read(&pack)?;
    // A package whose path does not tell its name is the one that the pattern names.
    let unknown = loaded.diagnostics.iter().find(|d| d.code == Code::UnknownPackage);
    let named = unknown.map(|d| d.labels[0].span.of(loaded.sources.text(d.labels[0].file)));
    if let (Some(named), [(given @ None, _)]) = (named, packages.as_mut_slice()) {
        *given = Some(named.to_owned());
        pack = pack_yaml(name, &packages);
        loaded = read(&pack)?;
    }
    Ok((loaded, Written { id }))
}

/// Says of mistakes that their place is in a file that is not there, and of a package that nobody
/// named with which option to name it.
fn not_written(loaded: &mut LoadedRules) {
    if !loaded.has_errors() {
        return;
    }
    let mut sources = SourceMap::default();
    for (path, text) in loaded.sources.iter() {
        sources.add(format!("{path} (not written)"), text);
    }
    for diagnostic in &mut loaded.diagnostics {
        if diagnostic.code == Code::UnknownPackage
            && let Some(label) = diagnostic.labels.first()
        {
            let name = label.span.of(loaded.sources.text(label.file)).to_owned();
            diagnostic.help = Some(format!("say which one: `--package {name}=IMPORT/PATH`"));
            diagnostic.labels.clear();
        }
    }
    loaded.sources = sources;
}

fn pack_yaml(name: &str, packages: &[(Option<String>, String)]) -> String {
    let mut out = format!(
        "# yaml-language-server: $schema=schema/pack.json\npack: {name}\ntitle: {name}\nabout: |\n  \
         Why the change exists, for the person who reviews the patch.\n"
    );
    if !packages.is_empty() {
        out.push_str("packages:\n");
        for (name, path) in packages {
            let name = name.clone().unwrap_or_else(|| guess_name(path));
            out.push_str(&format!("  {name}: {}\n", scalar(path)));
        }
        out.push_str("# A repository that requires or imports one of these is offered the pack.\n");
        let first = packages.first().map(|(_, path)| scalar(path)).unwrap_or_default();
        out.push_str(&format!("detect:\n  - {first}\n"));
    }
    out
}

fn rules_yaml(id: &str, answers: &Answers) -> String {
    let mut out = format!(
        "# yaml-language-server: $schema=schema/rules.json\nrules:\n- id: {id}\n  title: One line for \
         the person who reviews the patch\n  why: |\n    The reason, in a few lines.\n  match: {}\n",
        scalar(&answers.pattern)
    );
    if let Some(template) = &answers.template {
        out.push_str(&format!("  rewrite: {}\n", scalar(template)));
    }
    if let Some(report) = &answers.report {
        out.push_str(&format!("  report: {}\n", scalar(report)));
    }
    out
}

/// A text as YAML reads it back: plain where that is safe.
fn scalar(text: &str) -> String {
    if text.contains('\n') {
        let lines: Vec<String> = text.trim_end().lines().map(|l| format!("    {l}")).collect();
        return format!("|\n{}", lines.join("\n"));
    }
    let safe = text.starts_with(|c: char| c.is_alphanumeric() || c == '$' || c == '/')
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with(':')
        && !text.ends_with(' ');
    if safe { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) }
}

/// A name for the rule: the last exported name of the pattern, in kebab case.
fn id_of(pattern: &str) -> Option<String> {
    let mut words = pattern.split(|c: char| !c.is_ascii_alphanumeric() && c != '$');
    let last = words.rfind(|w| w.starts_with(|c: char| c.is_ascii_uppercase()))?;
    let mut id = String::new();
    let mut after_lower = false;
    for c in last.chars() {
        if c.is_ascii_uppercase() && after_lower {
            id.push('-');
        }
        after_lower = !c.is_ascii_uppercase();
        id.push(c.to_ascii_lowercase());
    }
    Some(id)
}

/// Writes the case, its snapshot and the schemas. Gives what the pack's own check complains about.
fn finish(folder: &Path, loaded: &LoadedRules, written: &Written) -> Result<Vec<String>> {
    let path = folder.join(FOLDER).join(format!("{}.txtar", written.id));
    let pattern = loaded.compiled.specs[0].kind.target().map_or("", |t| t.pattern.as_str());
    std::fs::write(&path, sample(&loaded.compiled.rules, pattern))?;
    let case = Case { name: written.id.clone(), path };
    let ran = case.run(loaded)?;
    accept(&case.snapshot(), &ran.archive.comment, &ran.report)?;
    schema(None, Some(&folder.join("schema")), &mut std::io::sink())?;
    // The rules were read as `./NAME`, from the folder above.
    let name = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let pack = PackFolder { shown: format!("./{name}"), path: folder.to_path_buf() };
    let found = doubts(&loaded.compiled).into_iter().chain(not_shown(
        &pack,
        loaded,
        &coverage(&pack, loaded)?.0,
    ));
    let found = found.filter(|d| d.severity == crate::text::Severity::Error);
    Ok(ran.broken.into_iter().chain(found.map(|d| d.message)).collect())
}

fn move_into_place(draft: &Path, folder: &Path) -> Result<()> {
    let mut open = vec![PathBuf::new()];
    while let Some(below) = open.pop() {
        std::fs::create_dir_all(folder.join(&below))
            .with_context(|| format!("cannot make {}", folder.join(&below).display()))?;
        for entry in std::fs::read_dir(draft.join(&below))? {
            let path = below.join(entry?.file_name());
            if draft.join(&path).is_dir() {
                open.push(path);
            } else {
                std::fs::copy(draft.join(&path), folder.join(&path))
                    .with_context(|| format!("cannot write {}", folder.join(&path).display()))?;
            }
        }
    }
    Ok(())
}

fn tell(name: &str, written: &Written, complaints: &[String], out: &mut dyn Write) -> Result<()> {
    let (name, id) = (shown(name.trim_end_matches('/')), &written.id);
    let files = [
        ("pack.yaml".to_owned(), "what the pack is, and the packages it speaks of"),
        ("rules.yaml".to_owned(), "its first rule"),
        (format!("cases/{id}.txtar"), "code that the rule changes, and code that it leaves alone"),
        (format!("cases/{id}.snap"), "what it makes of them"),
        ("schema/".to_owned(), "for editors: they complete and check the YAML files"),
    ];
    let width = files.iter().map(|(file, _)| file.len()).max().unwrap_or_default();
    for (file, what) in files {
        writeln!(out, "{name}/{file:width$}  {what}")?;
    }
    for complaint in complaints {
        writeln!(out, "still to do: {complaint}")?;
    }
    writeln!(out, "next: edit them, then")?;
    writeln!(out, "  dmmigrate test {name}  (--update accepts what the cases come to)")?;
    writeln!(out, "  dmmigrate rules check {name}")?;
    writeln!(out, "  dmmigrate explain {name}/cases/{id}.txtar:LINE")?;
    writeln!(out, "  dmmigrate apply --dry-run --pack ./{name}")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_from_names() {
        for (pattern, id) in [
            ("errors.Wrap($e, $m)", Some("wrap")),
            ("ioutil.ReadAll($r)", Some("read-all")),
            ("dm.OpenDB($x)", Some("open-db")),
            ("$x == nil", None),
            ("f($X)", None),
        ] {
            assert_eq!(id_of(pattern).as_deref(), id, "{pattern}");
        }
    }

    #[test]
    fn scalars_are_read_back() {
        for text in ["f($x)", "&dm.T{A: $a}", "it's # odd", "*x", "a: b", "[]int", "x\ny", "\"a\""]
        {
            let yaml = format!("rules:\n- id: a\n  match: {}\n  report: b\n", scalar(text));
            let file = crate::text::SourceMap::default().add("r.yaml", yaml.as_str());
            let (spec, found) = crate::rule::spec::read_rules(file, &yaml);
            assert!(found.is_empty(), "{yaml}: {found:?}");
            let read = spec.rules[0].kind.target().expect("a pattern").pattern.as_str();
            assert_eq!(read.trim_end(), text);
        }
    }

    #[test]
    fn the_questions_are_answered_line_by_line() {
        let mut answers = Answers::default();
        let mut input = "a.org/x n=b.org/y\nx.F($a)\n\n".as_bytes();
        let mut said = Vec::new();
        ask(&mut answers, &mut input, &mut said).expect("answers");
        assert_eq!(answers.packages.len(), 2);
        assert_eq!(answers.packages[1], (Some("n".into()), "b.org/y".into()));
        assert_eq!((answers.pattern.as_str(), answers.template), ("x.F($a)", None));
        assert!(answers.report.is_some());
        assert_eq!(String::from_utf8(said).expect("text").matches("> ").count(), 3);
    }
}
