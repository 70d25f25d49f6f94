//! The rules of a run. Comes in: what the command line asks for, the repository's
//! `dmmigrate.yaml`, and what the repository uses. Goes out: compiled rules and every mistake in
//! the files that they come from.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::packs::{self, Library};
use super::without_end::without_end;
use crate::rule::compile::{Compiled, Said, Setting, Settings, compile};
use crate::rule::pack::PackSource;
use crate::rule::spec::{ConfigSpec, SpannedStr, read_config};
use crate::text::{Code, Diagnostic, FileId, LineIndex, Severity, SourceMap};

/// The file at the root of a repository that says which packs it uses.
pub const CONFIG: &str = "dmmigrate.yaml";

/// What the command line asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// `--pack NAME|DIR` and `--rule FILE`, in the order in which they were given.
    pub sources: Vec<Asked>,
    /// `--set name=value`.
    pub set: Vec<String>,
    /// `--only ID`.
    pub only: Vec<String>,
    /// `--except ID`.
    pub except: Vec<String>,
    /// The folder that folders and files are relative to.
    pub from: PathBuf,
}

/// A pack or a rule file that the command line names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// `--pack`.
    Pack(String),
    /// `--rule`.
    Rule(String),
}

/// The rules of a run.
#[derive(Debug, Default)]
pub struct LoadedRules {
    /// The rules, and what they were compiled from.
    pub compiled: Compiled,
    /// The texts that they come from.
    pub sources: SourceMap,
    /// What is wrong with them. With an error among them nothing may be rewritten.
    pub diagnostics: Vec<Diagnostic>,
    /// The packs that nobody named and that the repository's dependencies asked for.
    pub detected: Vec<String>,
    /// For each pack that was read, by whom it was asked for.
    pub asked_by: Vec<String>,
    /// The folders and files on disk that the rules come from, in no order: no subject of the run.
    pub places: Vec<PathBuf>,
}

impl LoadedRules {
    /// The places of the rules that lie below `root`, as paths from there.
    pub fn places_below(&self, root: &Path) -> Vec<PathBuf> {
        let Ok(root) = fs::canonicalize(root) else { return Vec::new() };
        let below = |place: &PathBuf| {
            let path = fs::canonicalize(place).ok()?.strip_prefix(&root).ok()?.to_owned();
            (!path.as_os_str().is_empty()).then_some(path)
        };
        self.places.iter().filter_map(below).collect()
    }

    /// Whether a mistake forbids to rewrite anything.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|d| d.severity == Severity::Error)
    }
}

/// Modules that a repository requires, and packages that it imports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dependencies {
    /// Module paths of all go.mod files.
    pub required: BTreeSet<String>,
    /// Import paths of all Go files.
    pub imports: BTreeSet<String>,
}

/// Loads the rules for the repository at `root`: packs of the command line, then those of
/// `dmmigrate.yaml`; where neither names any, built-in ones that fit. `dependencies` is asked only
/// then.
pub fn load(
    root: &Path,
    request: &Request,
    dependencies: &dyn Fn() -> Dependencies,
) -> LoadedRules {
    let mut loader = Loader::default();
    for asked in &request.sources {
        loader.asked(asked, &request.from);
    }
    let config = loader.config(root);
    for said in &request.set {
        loader.set(said);
    }
    let said = |ids: &[String]| ids.iter().map(Said::on_command_line).collect::<Vec<_>>();
    loader.settings.only = said(&request.only);
    loader.settings.except.extend(said(&request.except));
    let mut detected = Vec::new();
    let names_packs = config.is_some_and(|config| !config.packs.is_empty());
    if request.sources.is_empty() && !names_packs {
        let dependencies = dependencies();
        detected = packs::detect(&dependencies.required, &dependencies.imports);
        for pack in detected.iter().filter_map(|name| packs::built_in(name)) {
            loader.take(pack, "the repository uses its library".to_owned());
        }
    }
    LoadedRules { detected, ..loader.finish() }
}

#[derive(Default)]
struct Loader {
    packs: Vec<PackSource>,
    asked_by: Vec<String>,
    places: Vec<PathBuf>,
    library: Library,
    settings: Settings,
    sources: SourceMap,
    diagnostics: Vec<Diagnostic>,
}

impl Loader {
    fn take(&mut self, pack: PackSource, asked_by: String) {
        self.packs.push(pack);
        self.asked_by.push(asked_by);
    }

    fn asked(&mut self, asked: &Asked, from: &Path) {
        let asked_by = match asked {
            Asked::Pack(name) => format!("--pack {name}"),
            Asked::Rule(file) => format!("--rule {file}"),
        };
        let read = match asked {
            Asked::Pack(name) => {
                self.library.look_beside(&from.join(name), name);
                self.places.push(from.join(name));
                packs::named(name, from)
            }
            Asked::Rule(file) => {
                self.places.push(from.join(file));
                packs::read_rule_file(&from.join(file), file)
            }
        };
        match read {
            Ok(pack) => self.take(pack, asked_by),
            Err(diagnostic) => self.diagnostics.push(diagnostic),
        }
    }

    fn config(&mut self, root: &Path) -> Option<ConfigSpec> {
        let path = root.join(CONFIG);
        let text = match fs::read(&path).map(String::from_utf8) {
            Ok(Ok(text)) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
            Ok(Err(_)) => {
                self.unreadable("it is not UTF-8");
                return None;
            }
            Err(error) => {
                self.unreadable(&error.to_string());
                return None;
            }
        };
        self.places.push(path);
        let file = self.sources.add(CONFIG, text.as_str());
        let (config, mut diagnostics) = read_config(file, &text);
        self.diagnostics.append(&mut diagnostics);
        for name in &config.packs {
            self.library.look_beside(&root.join(name.as_str()), name.as_str());
            self.places.push(root.join(name.as_str()));
            match packs::named(name.as_str(), root) {
                Ok(pack) => {
                    let line = LineIndex::new(&text).line_col(name.span().start).line;
                    self.take(pack, format!("{CONFIG}:{line}"));
                }
                Err(diagnostic) => self.diagnostics.push(diagnostic.at(file, name.span(), "")),
            }
        }
        let params = config.params.iter().map(|setting| Setting {
            name: said(file, &setting.name),
            value: setting.value.as_str().to_owned(),
        });
        self.settings.params.extend(params);
        self.settings.except.extend(config.disable.iter().map(|id| said(file, id)));
        Some(config)
    }

    fn unreadable(&mut self, why: &str) {
        let message = format!("{CONFIG} cannot be read: {why}");
        let help = "make it readable, or take it away";
        self.diagnostics.push(Diagnostic::error(Code::PackUnreadable, message).help(help));
    }

    fn set(&mut self, said: &str) {
        let Some((name, value)) = said.split_once('=') else {
            let message = format!("`--set {said}` has no value");
            let help = format!("write `--set {said}=VALUE`");
            self.diagnostics.push(Diagnostic::error(Code::BadValue, message).help(help));
            return;
        };
        let name = Said::on_command_line(name);
        self.settings.params.push(Setting { name, value: value.to_owned() });
    }

    fn finish(mut self) -> LoadedRules {
        let (compiled, mut diagnostics) =
            compile(&self.packs, &self.library, &self.settings, &mut self.sources);
        self.diagnostics.append(&mut diagnostics);
        self.diagnostics.extend(without_end(&compiled));
        let Loader { sources, diagnostics, mut places, library, asked_by, .. } = self;
        places.extend(library.extended());
        LoadedRules { compiled, sources, diagnostics, detected: Vec::new(), asked_by, places }
    }
}

fn said(file: FileId, text: &SpannedStr) -> Said {
    Said { text: text.as_str().to_owned(), place: Some((file, text.span())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: &str = "params: {n: {default: 1}}\nrules:\n- {id: a, match: f(), rewrite: 'g(${n})'}\n- {id: b, match: h(), report: old}\n";

    fn write(root: &Path, files: &[(&str, &str)]) {
        for (path, text) in files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, text).expect("written");
        }
    }

    fn nothing() -> Dependencies {
        Dependencies::default()
    }

    fn ids(loaded: &LoadedRules) -> Vec<String> {
        let rules = &loaded.compiled.rules;
        rules.rules.iter().map(|r| format!("{}/{}", rules.packs[r.pack].name, r.id)).collect()
    }

    #[test]
    fn the_command_line_comes_before_the_file() {
        let root = tempfile::tempdir().expect("a folder");
        let config = "packs: [./team]\nparams: {n: 5}\ndisable: [team/b]\n";
        write(
            root.path(),
            &[
                (CONFIG, config),
                ("team/pack.yaml", "pack: team\n"),
                ("team/r.yaml", RULE),
                ("one.yaml", RULE),
            ],
        );
        let from = root.path().to_owned();
        let sources = vec![Asked::Rule("one.yaml".into())];
        let request = Request { sources, set: vec!["n=9".into()], from, ..Request::default() };
        let loaded = load(root.path(), &request, &nothing);
        assert!(!loaded.has_errors(), "{:?}", loaded.diagnostics);
        assert_eq!(ids(&loaded), ["one/a", "one/b", "team/a"]);
        let crate::rule::compiled::Action::Rewrite(rewrite) =
            &loaded.compiled.rules.rules[0].action
        else {
            panic!("a rewrite")
        };
        assert!(format!("{:?}", rewrite.template.tokens()).contains("Param(\"9\")"));
    }

    #[test]
    fn packs_are_detected_only_where_nobody_names_any() {
        let root = tempfile::tempdir().expect("a folder");
        let uses = || Dependencies {
            required: ["github.com/dm-go-driver".to_owned()].into(),
            imports: BTreeSet::new(),
        };
        let loaded = load(root.path(), &Request::default(), &uses);
        assert_eq!(loaded.detected, ["dm-godriver-1.5"]);
        assert!(!loaded.has_errors(), "{:?}", loaded.diagnostics);
        assert!(ids(&loaded).contains(&"dm-godriver-1.5/import-moved".to_owned()));
        write(root.path(), &[("one.yaml", RULE)]);
        let sources = vec![Asked::Rule("one.yaml".into())];
        let from = root.path().to_owned();
        let request = Request { sources, from, ..Request::default() };
        let loaded = load(root.path(), &request, &uses);
        assert_eq!((loaded.detected.len(), ids(&loaded).len()), (0, 2));
    }

    #[test]
    fn what_is_wrong_in_the_file_is_shown_there() {
        let root = tempfile::tempdir().expect("a folder");
        let config = "packs: [dm-godriver-1.6]\ndisable: [nosuch]\nparams: {size: 1}\n";
        write(root.path(), &[(CONFIG, config)]);
        let request = Request { set: vec!["x".into()], ..Request::default() };
        let loaded = load(root.path(), &request, &nothing);
        let seen: Vec<(Code, &str)> = loaded
            .diagnostics
            .iter()
            .map(|d| (d.code, d.labels.first().map_or("", |l| l.span.of(config))))
            .collect();
        let expected = [
            (Code::PackUnreadable, "dm-godriver-1.6"),
            (Code::BadValue, ""),
            (Code::UnknownRule, "nosuch"),
            (Code::UnknownParameter, "size"),
        ];
        assert_eq!(seen, expected);
    }

    #[test]
    fn a_rewrite_without_end_is_an_error_at_its_template() {
        let root = tempfile::tempdir().expect("a folder");
        let text = "rules:\n- {id: swap, match: 'f($a, $b)', rewrite: 'f($b, $a)'}\n";
        write(root.path(), &[("swap.yaml", text)]);
        let sources = vec![Asked::Rule("swap.yaml".into())];
        let from = root.path().to_owned();
        let loaded = load(root.path(), &Request { sources, from, ..Request::default() }, &nothing);
        let [only] = loaded.diagnostics.as_slice() else { panic!("{:?}", loaded.diagnostics) };
        assert_eq!(only.code, Code::EndlessRewrite);
        assert_eq!(only.labels[0].span.of(text), "'f($b, $a)'");
    }
}
