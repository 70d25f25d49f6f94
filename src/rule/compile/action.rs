//! Rules that are no patterns: imports, go.mod and other files. Comes in: what the rule file says.
//! Goes out: the action, its paths, versions and replacement checked.

use super::names::bad_import_path;
use super::rule::Compiler;
use super::values;
use crate::go::lex::is_identifier;
use crate::go::version::{MajorMismatch, PathMajor, Version, check_path_major};
use crate::rule::compiled::{
    BinaryAction, DirectiveAction, GoModAction, Guard, ImportAction, ImportGuard, ImportName,
    TagAction, TagOwner, TextAction, TextChange,
};
use crate::rule::mention::Mentioned;
use crate::rule::pattern::PackageId;
use crate::rule::spec::{
    BinarySpec, ChangeSpec, DirectiveSpec, GoModSpec, GuardSpec, HeaderEditSpec, ImportNameSpec,
    ImportSpec, ModuleSpec, RuleKindSpec, SpannedStr, TagSpec, TextSpec,
};
use crate::text::Code;

impl Compiler<'_, '_> {
    pub(super) fn import(&mut self, spec: &ImportSpec) -> Option<ImportAction> {
        match spec {
            ImportSpec::Move { from, to, subpackages, symbols } => {
                let said_alike = from.as_str() == to.as_str();
                let (from, to) = (&self.filled(from)?, &self.filled(to)?);
                let (old, new) = (self.import_path(from), self.import_path(to));
                if from.as_str() == to.as_str() && !said_alike {
                    return None; // a parameter names the old path: it is the one to keep
                }
                if said_alike {
                    let help = "write the path that it has from now on under `to`";
                    self.error(Code::BadValue, to.span(), "the path stays what it was", help);
                }
                for symbol in symbols {
                    self.check_symbol(symbol);
                    let moved = [(old, false), (new, true)];
                    for (package, written) in moved.into_iter().filter_map(|(p, w)| Some((p?, w))) {
                        let name = symbol.as_str().to_owned();
                        self.mention(Mentioned::Of { package, name }, symbol.span(), written);
                    }
                }
                Some(ImportAction::Move {
                    from: old?,
                    to: new?,
                    subpackages: subpackages.is_some_and(|s| s.value),
                    symbols: symbols.iter().map(|s| s.as_str().to_owned()).collect(),
                })
            }
            ImportSpec::Add { path, name, when_in_file } => {
                let package = self.import_path(path);
                if let Some(name) = name {
                    self.check_import_name(name);
                }
                let when_in_file = when_in_file.as_ref();
                let when_in_file =
                    when_in_file.and_then(|target| self.search(target)).map(Box::new);
                let name = name.as_ref().map(|name| name.as_str().to_owned());
                Some(ImportAction::Add { package: package?, name, when_in_file })
            }
            ImportSpec::Remove(path) => {
                Some(ImportAction::Remove { package: self.import_path(path)? })
            }
        }
    }

    /// What a patch file changes in the header of a file.
    pub(super) fn header(&mut self, spec: &HeaderEditSpec) -> Option<ImportAction> {
        match spec {
            HeaderEditSpec::Import(import) => self.import(import),
            HeaderEditSpec::ReplaceImport { from, to, name } => {
                let name = name.as_ref().map(|name| name.as_str().to_owned());
                let (old, new) = (self.import_path(from), self.import_path(to));
                Some(ImportAction::Replace { from: old?, to: new?, name })
            }
            HeaderEditSpec::Package(name) => {
                Some(ImportAction::PackageClause { name: name.as_str().to_owned() })
            }
        }
    }

    /// What a file must say for the rule to look at it.
    pub(super) fn guard(&mut self, spec: &GuardSpec, kind: &RuleKindSpec) -> Guard {
        let package = spec.package.as_ref().map(|name| name.as_str().to_owned());
        let mut imports = Vec::new();
        for import in &spec.imports {
            let name = match &import.name {
                ImportNameSpec::Any => ImportName::Any,
                ImportNameSpec::None => ImportName::None,
                ImportNameSpec::Is(name) => ImportName::Is(name.as_str().to_owned()),
            };
            let package = self.import_path(&import.path);
            imports.extend(package.map(|package| ImportGuard { package, name }));
        }
        let wanted = match kind {
            RuleKindSpec::Header(header) => header.when_in_file.as_ref(),
            _ => None,
        };
        let contains = wanted.and_then(|target| self.search(target)).map(Box::new);
        Guard { package, imports, contains }
    }

    fn import_path(&mut self, path: &SpannedStr) -> Option<PackageId> {
        let path = &self.filled(path)?;
        if let Some(why) = bad_import_path(path.as_str()) {
            let help = "write the path as Go imports it, without quotes of its own";
            self.error(Code::BadValue, path.span(), why, help);
            return None;
        }
        if self.is_name_of_package(path) {
            return None;
        }
        self.mention(Mentioned::Path(path.as_str().to_owned()), path.span(), false);
        Some(self.table.by_path(path.as_str()))
    }

    fn check_symbol(&mut self, symbol: &SpannedStr) {
        let name = symbol.as_str();
        let exported = name.starts_with(char::is_uppercase) && is_identifier(name);
        if !exported {
            let message = format!("`{name}` is no exported name");
            let help = "write the names as they stand behind the dot: `symbols: [New, Is]`";
            self.error(Code::BadValue, symbol.span(), message, help);
        }
    }

    fn check_import_name(&mut self, name: &SpannedStr) {
        if !matches!(name.as_str(), "_" | ".") && !is_identifier(name.as_str()) {
            let message = format!("`{name}` cannot stand before an import path");
            self.error(Code::BadValue, name.span(), message, "write `_`, `.` or a name");
        }
    }

    pub(super) fn gomod(&mut self, spec: &GoModSpec) -> Option<GoModAction> {
        match spec {
            GoModSpec::Require(module) => {
                let (path, version) = self.module(module)?;
                Some(GoModAction::Require { path, version, raises: true })
            }
            GoModSpec::Add(module) => {
                let (path, version) = self.module(module)?;
                Some(GoModAction::Require { path, version, raises: false })
            }
            GoModSpec::Move { from, to } => {
                let (path, version) = self.module(to)?;
                let from = self.filled(from)?.as_str().to_owned();
                // A parameter names the old path: it is the one to keep.
                (from != path).then_some(GoModAction::Move { from, to: path, version })
            }
            GoModSpec::Drop(path) => Some(GoModAction::Drop { path: path.as_str().to_owned() }),
        }
    }

    /// The path of a module that go.mod may require.
    pub(super) fn module_path(&mut self, path: &SpannedStr) -> Option<String> {
        let path = self.filled(path)?;
        if let Some(why) = bad_import_path(path.as_str()) {
            let help =
                "write the module's path alone, as go.mod has it: `requires: example.com/lib`";
            self.error(Code::BadValue, path.span(), why, help);
            return None;
        }
        (!self.is_name_of_package(&path)).then(|| path.as_str().to_owned())
    }

    /// Reports a name of `packages` where a path is wanted.
    fn is_name_of_package(&mut self, path: &SpannedStr) -> bool {
        let Some(meant) = self.env.path_meant_by(path.as_str()) else { return false };
        let message = format!("`{path}` is a name of `packages`, and a path is wanted here");
        let help = format!(
            "write `{meant}`; if the import path is `{path}`, give it a name in `packages`, too"
        );
        self.error(Code::BadValue, path.span(), message, help);
        true
    }

    /// The path and the version, if the path can have it.
    fn module(&mut self, spec: &ModuleSpec) -> Option<(String, Version)> {
        let version = &self.filled(&spec.version)?;
        let version = self.keep(values::version(self.file, version))?;
        let path = self.filled(&spec.path)?.as_str().to_owned();
        let Err(mismatch) = check_path_major(&path, &version) else { return Some((path, version)) };
        let help = mend_major(&path, &mismatch);
        let message = format!("`{path}` cannot have the version {version}: {mismatch}");
        self.error(Code::BadVersion, spec.version.span(), message, help);
        None
    }

    pub(super) fn text(&mut self, spec: &TextSpec) -> Option<TextAction> {
        if spec.files.is_empty() {
            let help = "name them: `files: [\"**/*.yaml\"]`";
            let message = "a `text` rule has to say which files";
            self.error(Code::MissingKey, spec.find.span(), message, help);
        }
        for glob in spec.files.iter().filter(|glob| is_for_go(glob.as_str())) {
            let message = format!("`text` never edits Go files: `{glob}` names nothing else");
            let help = "write `match` and `rewrite` for code, `gomod` for go.mod";
            self.error(Code::BadGlob, glob.span(), message, help);
        }
        let files = values::globs(self.file, &spec.files, self.diagnostics);
        let unless = self.unless(spec.unless.as_ref());
        let find = self.keep(values::regex(self.file, &spec.find))?;
        let change = match &spec.change {
            ChangeSpec::Replace(text) => TextChange::Replace(self.substitution(text, &find)),
            ChangeSpec::Report(text) => TextChange::Report(self.substitution(text, &find)),
        };
        Some(TextAction { files: files?, find, unless: unless?, change })
    }

    pub(super) fn binary(&mut self, spec: &BinarySpec) -> Option<BinaryAction> {
        let imports: Vec<_> = spec.imports.iter().map(|path| self.package(path)).collect();
        let imports: Vec<PackageId> = imports.into_iter().collect::<Option<_>>()?;
        for (at, path) in spec.imports.iter().enumerate() {
            if imports[..at].contains(&imports[at]) {
                let help = "leave one of the two out";
                self.error(Code::BadValue, path.span(), format!("`{path}` stands twice"), help);
            }
        }
        let report = self.plain_message(&spec.report);
        let at_least = spec.at_least.map_or(1, |n| n.value);
        Some(BinaryAction { imports, at_least, report })
    }

    pub(super) fn tag(&mut self, spec: &TagSpec) -> Option<TagAction> {
        let key = spec.key.as_str();
        let is_key = |c: char| !c.is_whitespace() && !c.is_control() && !"\":`".contains(c);
        if key.is_empty() || !key.chars().all(is_key) {
            let help = "write what stands before the colon: `key: json`";
            self.error(
                Code::BadValue,
                spec.key.span(),
                format!("`{key}` is no key of a tag"),
                help,
            );
        }
        let owner = match &spec.of {
            Some(of) if of.as_str() != "$_" => {
                self.type_name(of).map(|(package, name)| TagOwner::Type { package, name })
            }
            _ => Some(TagOwner::Any),
        };
        let find = self.keep(values::regex(self.file, &spec.find))?;
        let replace = self.substitution(&spec.replace, &find);
        Some(TagAction { owner: owner?, key: key.to_owned(), find, replace })
    }

    pub(super) fn directive(&mut self, spec: &DirectiveSpec) -> Option<DirectiveAction> {
        let name = spec.name.as_str();
        let mut parts = name.split(':');
        // The word behind the last colon is looked for as a Go identifier is.
        if !parts.next_back().is_some_and(is_identifier)
            || !parts
                .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric()))
        {
            let message = format!("`{name}` is no directive");
            let help = "write what follows the slashes, up to the first space: `go:generate`";
            self.error(Code::BadValue, spec.name.span(), message, help);
        }
        let find = self.keep(values::regex(self.file, &spec.find))?;
        let replace = self.substitution(&spec.replace, &find);
        Some(DirectiveAction { name: name.to_owned(), find, replace })
    }
}

fn mend_major(path: &str, mismatch: &MajorMismatch) -> String {
    match PathMajor::split(path) {
        Some(PathMajor { prefix, .. }) if matches!(mismatch.found.as_str(), "v0" | "v1") => {
            format!("write the path `{prefix}`, or a version that the path allows")
        }
        Some(PathMajor { prefix, .. }) if !path.starts_with("gopkg.in/") => {
            format!(
                "write the path `{prefix}/{}`, or a version that the path allows",
                mismatch.found
            )
        }
        _ => format!("end the path in {}, as its go.mod does", mismatch.found),
    }
}

/// Whether a glob can only match what `text` rules leave alone.
fn is_for_go(glob: &str) -> bool {
    let name = glob.rsplit('/').next().unwrap_or(glob);
    let extension = std::path::Path::new(name).extension();
    extension.is_some_and(|e| e == "go")
        || matches!(name, "go.mod" | "go.sum" | "go.work" | "go.work.sum")
}
