//! Why a rule does not even look at a place. Comes in: a rule, the file and its go.mod. Goes out:
//! the first test that the file as a whole does not pass, in words.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::subject::Subject;
use crate::app::apply::text_globs;
use crate::app::config::LoadedRules;
use crate::app::discover::{DiscoverOptions, TextGlobs, discover};
use crate::app::modules::Modules;
use crate::app::neighbours::Neighbours;
use crate::engine::prefilter::required;
use crate::engine::rewrite::Force;
use crate::go::module::{EffectiveVersion, ModFile};
use crate::go::packages::file_version;
use crate::go::version::GoVersion;
use crate::rule::compiled::{Action, ImportAction, Required, Rule, RuleSet};
use crate::rule::spec::{RuleKindSpec, RuleSpec, SpannedStr};

/// What decides about a file before anybody looks into it.
pub struct Surroundings {
    modules: Modules,
}

impl Surroundings {
    /// Reads the go.mod and go.work files from the file up to the root.
    pub fn new(subject: &Subject, rules: &RuleSet) -> Self {
        let read = |name: &str| -> Vec<(PathBuf, Option<String>)> {
            let folders = subject.path.ancestors().skip(1);
            let files = folders.map(|f| (f.to_path_buf(), subject.root.join(f).join(name)));
            files
                .filter(|(_, file)| file.is_file())
                .map(|(folder, file)| (folder, std::fs::read_to_string(file).ok()))
                .collect()
        };
        Self { modules: Modules::new(read("go.mod"), read("go.work"), rules) }
    }

    /// The first test that the file does not pass, of those that come before looking at its code.
    pub fn before_looking(
        &self,
        rule: usize,
        loaded: &LoadedRules,
        subject: &Subject,
    ) -> Option<String> {
        let compiled = &loaded.compiled;
        let (spec, rule_of) = (&compiled.specs[rule], &compiled.rules.rules[rule]);
        let module = self.modules.of(&subject.path);
        let tag = file_version(&subject.text);
        if self.modules.force(module, tag.as_ref(), &compiled.rules)[rule] == Force::Off {
            return Some(self.not_in_force(module, tag.as_ref(), (rule_of, spec)));
        }
        let shown = subject.path.to_string_lossy().replace('\\', "/");
        let is_go = subject.path.extension().is_some_and(|e| e == "go");
        let is_module = matches!(shown.rsplit('/').next(), Some("go.mod" | "go.work"));
        match &rule_of.action {
            Action::GoMod(_) if !is_module => return Some("it looks at go.mod only".into()),
            Action::GoMod(_) => return None,
            Action::Text(text) if !text.files.is_match(&shown) => {
                let RuleKindSpec::Text(text) = &spec.kind else { return None };
                return Some(format!("it looks at other files: {}", list(&text.files)));
            }
            Action::Text(_) => {}
            _ if !is_go => return Some("it looks at Go files only".into()),
            _ => {}
        }
        let (places, said) = (&rule_of.places, &spec.places);
        if places.files.as_ref().is_some_and(|globs| !globs.is_match(&shown)) {
            return Some(format!("it looks at {} only (`files`)", list(&said.files)));
        }
        if !places.admit(&shown) {
            return Some(format!("it leaves out {} (`unless-files`)", list(&said.unless_files)));
        }
        if let Some(unless) = &places.unless_folder
            && let Some((folder, other)) =
                Neighbours::new(&subject.root).leave_out(&subject.path, unless)
        {
            let what = if subject.path.starts_with(&folder) { "" } else { "what stands above " };
            let folder = folder.display();
            return Some(format!(
                "it leaves out {what}{folder}, which stands beside {other} (`unless-folder`)"
            ));
        }
        None
    }

    /// `when` does not hold.
    fn not_in_force(
        &self,
        module: Option<usize>,
        tag: Option<&GoVersion>,
        (rule, spec): (&Rule, &RuleSpec),
    ) -> String {
        let Some(module) = module.map(|m| self.modules.get(m)) else {
            return "`when` does not hold: there is no go.mod".into();
        };
        let go_mod = ModFile::parse(&module.text);
        if !rule.when.has_required(&go_mod) {
            let asked = rule.when.requires.join(" or ");
            return format!("it is for modules that require {asked} (`when`)");
        }
        if let Some(unwanted) = rule.when.unwanted(&go_mod) {
            return format!("it is for modules that do not require {unwanted} (`when`)");
        }
        if let Some(asked) = &spec.when.module
            && let work = module.workspace.map(|w| &self.modules.workspaces[w].file)
            && let EffectiveVersion::Version(found) =
                go_mod.effective_version(asked.path.as_str(), work)
        {
            let (path, range) = (&asked.path, &asked.version);
            return format!("it is for {path} {range}, go.mod has {found} (`when`)");
        }
        let range = spec.when.go.as_ref().map_or("", |go| go.as_str());
        match go_mod.go_version() {
            _ if tag.is_some() => {
                let tag = tag.map(ToString::to_string).unwrap_or_default();
                format!("it is for go {range}, the file's build tag says go {tag} (`when`)")
            }
            Some(found) => format!("it is for go {range}, go.mod says go {found} (`when`)"),
            None => format!("it is for go {range}, go.mod says nothing, which is go 1.16 (`when`)"),
        }
    }
}

/// Why nothing at the place is even near: the file lacks something, or only the place does.
pub fn not_here(rule: usize, loaded: &LoadedRules, subject: &Subject) -> String {
    let compiled = &loaded.compiled;
    let action = &compiled.rules.rules[rule].action;
    if matches!(action, Action::File(_)) {
        return "it creates a file where fixes of other rules use it".into();
    }
    if matches!(action, Action::Binary(_)) {
        return "no program that is built of this folder has that many of its packages".into();
    }
    let texts = required(action, &compiled.rules).unwrap_or_default();
    match texts.iter().find(|text| !text.stands_in(&subject.text)) {
        Some(Required::Import(path)) => format!("the file does not import {path}"),
        Some(Required::Word(word)) => format!("the file does not contain `{word}`"),
        None if action.search().is_some() => "nothing here looks like its pattern".into(),
        None => match action {
            Action::Rename(rename) => format!("`{}` does not stand here", rename.from),
            Action::Field(field) => format!("`{}` does not stand here", field.from),
            Action::Import(ImportAction::Move { symbols, .. }) if !symbols.is_empty() => {
                format!("it moves each use of {}, and none of them stands here", symbols.join(", "))
            }
            Action::Import(_) => "no import that it speaks of stands here".into(),
            Action::Tag(tag) => {
                format!("no tag with the key `{}` that it changes is here", tag.key)
            }
            _ => "it has nothing to do at this place".into(),
        },
    }
}

/// Why `apply` passes the file over, unless it is named.
pub fn passed_over(subject: &Subject, loaded: &LoadedRules) -> Result<Option<String>> {
    if subject.laid_out.is_some() {
        return Ok(None);
    }
    let texts = text_globs(loaded);
    let texts = TextGlobs::new(texts.iter().map(String::as_str))?;
    let listed = |include_vendor, no_ignore| -> Result<bool> {
        let options = DiscoverOptions {
            not: &[],
            root: &subject.root,
            paths: &[],
            texts: &texts,
            include_vendor,
            no_ignore,
        };
        Ok(discover(&options)?.files.iter().any(|f| f.path == subject.path))
    };
    let is_source = |path: &Path| path.extension().is_some_and(|e| e == "go");
    if !is_source(&subject.path) || listed(false, false)? {
        return Ok(None);
    }
    let why = if listed(true, false)? {
        "it is in a vendor folder (--include-vendor)"
    } else if listed(true, true)? {
        ".gitignore excludes it (--no-ignore)"
    } else {
        "Go does not build what is in testdata, or begins with `.` or `_`"
    };
    Ok(Some(format!("apply passes this file over unless it is named: {why}\n")))
}

fn list(texts: &[SpannedStr]) -> String {
    texts.iter().map(SpannedStr::as_str).collect::<Vec<_>>().join(", ")
}
