//! Names as a rule sees them. Comes in: what rule files, packs and a person say. Goes out: for a
//! name in a pattern the path of its package, for one in a template the parameter's value, and what
//! packs say that disagree about a name that the rule uses.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::Settings;
use super::inherit::{Inherited, Loaded, Placed};
use crate::go::predeclared::standard_package;
use crate::rule::pack::Pack;
use crate::rule::spec::{PackageSpec, ParamSpec, RuleFileSpec};
use crate::text::{Code, Diagnostic, FileId};

/// What the names in one rule stand for: what its own file says goes first, then what the packs
/// say from the one that was asked for to the one that the rule is written in, then what that one
/// extends.
pub(super) struct Env<'a> {
    loaded: &'a Loaded,
    file: &'a RuleFileSpec,
    /// The pack that the rule is written in.
    pack: usize,
    /// From the one that was asked for to the one that the rule is written in.
    chain: Vec<&'a Pack>,
    /// What that one extends.
    extended: Vec<&'a Pack>,
    settings: &'a Settings,
    /// What was looked up, and what it was.
    used: RefCell<BTreeMap<String, String>>,
    /// What was looked up, and packs disagree about it.
    disputes: RefCell<Vec<Diagnostic>>,
}

impl<'a> Env<'a> {
    pub fn new(loaded: &'a Loaded, placed: &Placed, settings: &'a Settings) -> Self {
        let packs = |all: &[usize]| all.iter().map(|&pack| &loaded.packs[pack]).collect();
        let pack = placed.pack();
        Self {
            loaded,
            file: &loaded.packs[pack].files[placed.file],
            pack,
            chain: packs(&placed.chain),
            extended: packs(&loaded.extended_by(pack)),
            settings,
            used: RefCell::default(),
            disputes: RefCell::default(),
        }
    }

    /// The file that the rule is written in.
    pub fn file(&self) -> FileId {
        self.file.file
    }

    /// The packs that the rule came through, the one that was asked for first.
    pub fn pack_names(&self) -> Vec<String> {
        self.chain.iter().map(|pack| pack.name.clone()).collect()
    }

    /// What is wrong with the names that were looked up by now.
    pub fn disputes(&self) -> Vec<Diagnostic> {
        self.disputes.borrow().clone()
    }

    /// What was looked up by now: with it, the same text is the same rule.
    pub fn into_used(self) -> BTreeMap<String, String> {
        self.used.into_inner()
    }

    fn packs(&self) -> impl Iterator<Item = &'a Pack> {
        self.chain.iter().chain(&self.extended).copied()
    }

    fn packages(&self) -> impl Iterator<Item = &'a PackageSpec> {
        self.file.packages.iter().chain(self.packs().flat_map(Pack::packages))
    }

    fn declaration(&self, name: &str) -> Option<&'a PackageSpec> {
        self.packages().find(|spec| spec.key.as_str() == name)
    }

    /// The names of packages that the rule could have meant.
    pub fn package_names(&self) -> Vec<&str> {
        self.packages().map(|spec| spec.key.as_str()).collect()
    }

    /// Whether a file or a pack says which package the name is.
    pub fn declares(&self, name: &str) -> bool {
        self.declaration(name).is_some()
    }

    /// The path of the package that is called `written`, where that is no path itself.
    pub fn path_meant_by(&self, written: &str) -> Option<&str> {
        let is_path = written.contains(['/', '.'])
            || self.packages().any(|spec| spec.path.as_str() == written);
        let called = self.declaration(written).filter(|_| !is_path);
        called.map(|spec| spec.path.as_str())
    }

    /// The name in rules of the package that is declared at `path`.
    pub fn package_at(&self, path: &str) -> Option<String> {
        let names = self.packages().filter(|spec| spec.path.as_str() == path);
        let mut names = names.map(|spec| spec.key.as_str());
        let means_it =
            |name: &&str| self.declaration(name).is_some_and(|s| s.path.as_str() == path);
        names.find(means_it).map(str::to_owned)
    }

    /// The path of the package that a name in the rule stands for.
    pub fn path_of(&self, name: &str) -> Option<String> {
        let path = match self.declaration(name) {
            Some(spec) => spec.path.as_str().to_owned(),
            None => standard_package(name)?.to_owned(),
        };
        self.check_package(name);
        self.used.borrow_mut().insert(format!("{name}."), path.clone());
        Some(path)
    }

    fn params(&self) -> impl Iterator<Item = &'a ParamSpec> {
        self.file.params.iter().chain(self.packs().flat_map(Pack::params))
    }

    /// The parameters that the rule could have meant.
    pub fn param_names(&self) -> Vec<&str> {
        self.params().map(|spec| spec.name.as_str()).collect()
    }

    /// The value of a parameter: what was set, or else the first default.
    pub fn param(&self, name: &str) -> Option<String> {
        let declared = self.params().any(|spec| spec.name.as_str() == name);
        let set = || self.settings.params.iter().rev().find(|s| s.name.text == name);
        let set = declared.then(set).flatten().map(|setting| setting.value.clone());
        let value = set.or_else(|| {
            self.check_param(name);
            let default = self.params().find_map(|spec| default_of(spec, name));
            default.map(str::to_owned)
        })?;
        self.used.borrow_mut().insert(name.to_owned(), value.clone());
        Some(value)
    }

    /// Finds packs that disagree about a package, where neither the file nor the packs that the
    /// rule came through say which it is.
    fn check_package(&self, name: &str) {
        let of = |specs: &'a [PackageSpec]| specs.iter().find(|spec| spec.key.as_str() == name);
        let all =
            self.only_inherited(of(&self.file.packages).is_some(), &|pack| of(pack.packages()));
        let Some(first) = all.first().map(|said| said.value) else { return };
        let path = first.path.as_str();
        let entry = match &first.name {
            Some(clause) => format!("{name}: {{path: {path}, name: {clause}}}"),
            None => format!("{name}: {path}"),
        };
        let said = all.into_iter().map(|said| Inherited {
            place: said.place,
            pack: said.pack,
            value: said.value.path.as_str(),
        });
        let help = format!("`packages: {{{entry}}}`");
        self.check(Code::UnknownPackage, ("package", name), said.collect(), &help);
    }

    /// Finds packs that disagree about a default, where neither the file nor the packs that the
    /// rule came through have one.
    fn check_param(&self, name: &str) {
        let of = |specs: &'a [ParamSpec]| specs.iter().find_map(|spec| default_of(spec, name));
        let all = self.only_inherited(of(&self.file.params).is_some(), &|pack| of(pack.params()));
        let Some(default) = all.first().map(|said| said.value) else { return };
        let help = format!("`params: {{{name}: {{default: {default}}}}}`");
        self.check(Code::UnknownParameter, ("parameter", name), all, &help);
    }

    /// What the packs say that the rule's pack extends, where neither its file nor the packs that it
    /// came through say it.
    fn only_inherited<T>(
        &self,
        in_file: bool,
        says: &dyn Fn(&'a Pack) -> Option<T>,
    ) -> Vec<Inherited<'a, T>> {
        if in_file || self.chain.iter().any(|pack| says(pack).is_some()) {
            return Vec::new();
        }
        self.loaded.inherited(self.pack, says)
    }

    /// Reports values that are not the same, at `extends`.
    fn check(
        &self,
        code: Code,
        (kind, name): (&str, &str),
        all: Vec<Inherited<'a, &'a str>>,
        declare: &str,
    ) {
        let mut different: Vec<Inherited<'a, &'a str>> = Vec::new();
        for said in all {
            if !different.iter().any(|other| other.value == said.value) {
                different.push(said);
            }
        }
        let pack = &self.loaded.packs[self.pack];
        let Some(spec) = pack.spec.as_ref().filter(|_| different.len() > 1) else { return };
        let message = format!(
            "the packs that `{}` extends disagree about the {kind} `{name}`, which its rules use",
            pack.name
        );
        let mut dispute = Diagnostic::error(code, message);
        for said in different {
            let label = format!("`{}` is `{}` in `{}`", name, said.value, said.pack.name);
            dispute = dispute.at(spec.file, said.place, label);
        }
        let help = format!("say which one in this file: {declare}");
        self.disputes.borrow_mut().push(dispute.help(help));
    }
}

fn default_of<'a>(spec: &'a ParamSpec, name: &str) -> Option<&'a str> {
    let default = spec.default.as_ref().filter(|_| spec.name.as_str() == name)?;
    Some(default.as_str())
}
