//! The packages of a run. Comes in: what packs and their files say about packages. Goes out: the
//! table of all packages, in which each path stands once, and for a name in a pattern its package.

use super::env::Env;
use crate::go::import_path::{guess_name, standard_name};
use crate::rule::compiled::{OWN_MODULE, Package};
use crate::rule::pack::Pack;
use crate::rule::pattern::{PackageId, PackageNames, Qualified};
use crate::rule::spec::{Dialect, PackageSpec};
use crate::text::{Code, Diagnostic, FileId, Span};

/// The packages of a run.
#[derive(Debug, Default)]
pub(super) struct PackageTable {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    package: Package,
    /// Where a pack says its name.
    said: Option<(FileId, Span)>,
}

impl PackageTable {
    /// Takes what a pack says about packages.
    pub fn declare_all(&mut self, pack: &Pack, diagnostics: &mut Vec<Diagnostic>) {
        let own = pack.spec.iter().map(|spec| (spec.file, &spec.packages));
        let files = pack.files.iter().map(|file| (file.file, &file.packages));
        for (file, packages) in own.chain(files) {
            for spec in packages {
                diagnostics.extend(self.declare(file, spec).err());
            }
        }
    }

    fn declare(&mut self, file: FileId, spec: &PackageSpec) -> Result<(), Diagnostic> {
        let path = spec.path.as_str();
        let below = path.strip_prefix(OWN_MODULE).filter(|rest| rest.starts_with('/'));
        let plain = if path == OWN_MODULE { "module" } else { below.unwrap_or(path) };
        if let Some(why) = bad_import_path(plain) {
            let help = "write the path as Go imports it, without quotes of its own";
            return Err(Diagnostic::error(Code::BadValue, why)
                .at(file, spec.path.span(), "")
                .help(help));
        }
        let id = self.by_path(path);
        if spec.guessed {
            return Ok(());
        }
        let name = spec.name.as_ref().unwrap_or(&spec.key);
        let entry = &mut self.entries[id.0];
        entry.package.registers |= spec.registers.is_some_and(|r| r.value);
        if let Some((other_file, other)) = entry.said {
            if entry.package.name == name.as_str() {
                return Ok(());
            }
            let known = &entry.package.name;
            let message = format!("`{path}` has two names: `{name}` and `{known}`");
            let help = format!(
                "a package has one name, that of its package clause: write `{{path: {path}, name: {known}}}` in one of the two places"
            );
            return Err(Diagnostic::error(Code::BadValue, message)
                .at(file, name.span(), "")
                .at(other_file, other, format!("`{known}` here"))
                .help(help));
        }
        name.as_str().clone_into(&mut entry.package.name);
        entry.package.named = true;
        entry.said = Some((file, name.span()));
        Ok(())
    }

    /// The package at `path`; one that no pack speaks of has a guessed name.
    pub fn by_path(&mut self, path: &str) -> PackageId {
        if let Some(known) = self.entries.iter().position(|e| e.package.path == path) {
            return PackageId(known);
        }
        let standard = standard_name(path);
        let package = Package {
            path: path.to_owned(),
            name: standard.map_or_else(|| guess_name(path), str::to_owned),
            named: standard.is_some(),
            registers: false,
        };
        self.entries.push(Entry { package, said: None });
        PackageId(self.entries.len() - 1)
    }

    /// The import path of a package.
    pub fn path(&self, id: PackageId) -> &str {
        &self.entries[id.0].package.path
    }

    /// The name in the clause of a package.
    pub fn name(&self, id: PackageId) -> &str {
        &self.entries[id.0].package.name
    }

    /// All packages, at the indices that their ids are.
    pub fn into_packages(self) -> Vec<Package> {
        self.entries.into_iter().map(|entry| entry.package).collect()
    }
}

/// Why `path` is no import path (Go specification, "Import declarations", the characters that a
/// compiler may refuse).
pub(super) fn bad_import_path(path: &str) -> Option<String> {
    let bad =
        |c: char| c.is_whitespace() || c.is_control() || "!\"#$%&'()*,:;<=>?[\\]^`{|}".contains(c);
    if path.is_empty() {
        return Some("an import path cannot be empty".to_owned());
    }
    let found = path.chars().find(|&c| bad(c))?;
    Some(format!("an import path cannot have {found:?} in it"))
}

/// The packages of one rule, for patterns and templates.
pub(super) struct Names<'a, 'e> {
    pub env: &'a Env<'e>,
    pub table: &'a mut PackageTable,
    pub dialect: Dialect,
}

impl PackageNames for Names<'_, '_> {
    fn package(&mut self, name: &str) -> Option<PackageId> {
        Some(self.table.by_path(&self.env.path_of(name)?))
    }

    fn exact(&self) -> bool {
        self.dialect == Dialect::Gopatch
    }

    fn qualifier(&mut self, name: &str) -> Qualified {
        let declared = self.env.declares(name);
        match (self.dialect, self.package(name)) {
            (Dialect::Gopatch, Some(id)) if !declared => Qualified::PackageOrName(id),
            (_, Some(id)) => Qualified::Package(id),
            (Dialect::Gopatch | Dialect::Site, None) => Qualified::Name,
            (Dialect::Rules, None) => Qualified::Unknown,
        }
    }
}
