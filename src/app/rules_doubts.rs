//! Doubts about the names in rules. Comes in: compiled rules, and which of them a case shows at work.
//! Goes out: names that their package does not have, paths that no package has, and names that were
//! probably meant as metavariables.

use std::collections::HashMap;

use crate::go::import_path::standard_name;
use crate::go::packages::{declared_names, standard_api, standard_paths};
use crate::go::predeclared::standard_package;
use crate::rule::compile::Compiled;
use crate::rule::mention::{Mention, Mentioned};
use crate::rule::spec::nearest_name;
use crate::text::{Code, Diagnostic};

/// What is to be said about names. A rule that is `at_work` in a case finds what it looks for.
pub fn doubts_of_names(compiled: &Compiled, at_work: &dyn Fn(usize) -> bool) -> Vec<Diagnostic> {
    let mut known = Known { compiled, names: HashMap::new() };
    let mut found: Vec<Diagnostic> = Vec::new();
    let all = compiled.mentions.iter().enumerate();
    let of_rules = all.flat_map(|(rule, mentions)| {
        mentions.iter().filter(move |mention| mention.written || !at_work(rule))
    });
    for mention in of_rules.chain(&compiled.paths) {
        let doubt = match &mention.name {
            Mentioned::Path(path) => path_without_package(path),
            Mentioned::Of { package, name } => {
                known.lacks(&compiled.rules.package(*package).path, name)
            }
            Mentioned::Variable(name) => Some((
                Code::UnknownName,
                format!("`{name}` matches only a variable of that name"),
                format!("write `${name}` for any expression"),
            )),
            Mentioned::InTheStead { name, lost } => Some((
                Code::UnknownName,
                format!("`{name}` is printed as it is, and `{lost}` is lost"),
                format!("write `{lost}`, or leave it as it is if that is meant"),
            )),
        };
        let Some((code, message, help)) = doubt else { continue };
        let Mention { file, span, .. } = mention;
        let doubt = Diagnostic::warning(code, message).at(*file, *span, "").help(help);
        if !found.contains(&doubt) {
            found.push(doubt);
        }
    }
    found.sort_by_key(|doubt| doubt.labels.first().map(|label| (label.file, label.span)));
    found
}

type Doubt = (Code, String, String);

/// A path of one word that no standard package has, and that is like one. Others may be packages of
/// a module with such a name, or lie in GOROOT.
fn path_without_package(path: &str) -> Option<Doubt> {
    let is_word = !path.is_empty() && path.chars().all(|c| c == '_' || c.is_alphanumeric());
    if !is_word || standard_name(path).is_some() || path == "C" {
        return None;
    }
    let tops: Vec<&str> = standard_paths().filter(|p| !p.contains('/')).collect();
    let last = |p: &&str| p.rsplit('/').next() == Some(path);
    let mut below: Vec<&str> = standard_paths().filter(last).collect();
    below.sort_unstable();
    let help = match (standard_package(path), below.as_slice()) {
        (Some(meant), _) => format!("did you mean `{meant}`?"),
        (None, [one]) => format!("did you mean `{one}`?"),
        (None, [one, .., other]) => format!("did you mean `{one}` or `{other}`?"),
        (None, []) => format!("did you mean `{}`?", nearest_name(path, &tops)?),
    };
    Some((Code::UnknownPackage, format!("the standard library has no package `{path}`"), help))
}

/// The names of packages, as far as they were asked for.
struct Known<'a> {
    compiled: &'a Compiled,
    names: HashMap<String, Vec<String>>,
}

impl Known<'_> {
    /// What is to be said where the package at `path` has no `name`.
    fn lacks(&mut self, path: &str, name: &str) -> Option<Doubt> {
        let api = &self.compiled.rules.api;
        // What it has differs from platform to platform.
        let standard = standard_api(path).filter(|_| path != "syscall");
        let names = self.names.entry(path.to_owned()).or_insert_with(|| {
            let files = api.iter().filter(|f| f.import_path == path).map(|f| f.text.as_str());
            files.chain(standard).flat_map(declared_names).collect()
        });
        if names.is_empty() || names.iter().any(|known| known == name) {
            return None;
        }
        let all: Vec<&str> = names.iter().map(String::as_str).collect();
        let near = nearest_name(name, &all);
        // A pack's declarations need not be all that a library has.
        if standard.is_none() && near.is_none() {
            return None;
        }
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write a name that the package has".to_owned(),
        };
        Some((Code::UnknownName, format!("{path} has no `{name}`"), help))
    }
}
