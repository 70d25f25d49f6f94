//! Imports and the package clause of a diff. Comes in: the lines of its header, and the names that
//! its code has before dots. Goes out: which package each name is, before and after; what a file
//! must import; and what changes in a file's header.

use super::code::{Keys, qualifiers};
use super::header::{DiffLine, Header, ImportLine, PackageLine};
use super::variables::{Sort, Variable};
use crate::go::import_path::{guess_name, standard_name};
use crate::go::predeclared::standard_package;
use crate::rule::spec::patch::Sign;
use crate::rule::spec::{
    GuardSpec, HeaderEditSpec, ImportGuardSpec, ImportNameSpec, ImportSpec, PackageSpec, SpannedStr,
};
use crate::text::Span;

/// The packages that the changes of a file name.
pub(super) struct Packages {
    specs: Vec<PackageSpec>,
    /// Whether names need a mark by which changes do not take those of others.
    several: bool,
    change: usize,
}

impl Packages {
    pub fn new(several: bool) -> Self {
        Self { specs: Vec::new(), several, change: 0 }
    }

    /// What follows is said in the change of that number.
    pub fn begin(&mut self, change: usize) {
        self.change = change;
    }

    pub fn into_specs(self) -> Vec<PackageSpec> {
        self.specs
    }

    /// The key of the package at `path`, which the change calls `name`; `known` where that is the
    /// name in its package clause, `is_path` where the change has the name as a path as well.
    fn key(&mut self, name: &str, path: &str, span: Span, known: bool, is_path: bool) -> String {
        if standard_package(name) == Some(path) {
            return name.to_owned();
        }
        let is_marked = self.several || is_path;
        let mark = if is_marked { format!("_{}", self.change) } else { String::new() };
        let mut key = format!("{name}{mark}");
        while self.specs.iter().any(|spec| spec.key.as_str() == key && spec.path.as_str() != path) {
            key.push('_');
        }
        if self.specs.iter().any(|spec| spec.key.as_str() == key) {
            return key;
        }
        let said = self.specs.iter().any(|spec| spec.path.as_str() == path && !spec.guessed);
        self.specs.push(PackageSpec {
            key: SpannedStr::opaque(key.clone(), span),
            path: SpannedStr::opaque(path, span),
            name: (known && !said).then(|| SpannedStr::opaque(name, span)),
            registers: None,
            guessed: !known || said,
        });
        key
    }
}

/// The imports of a change.
pub(super) struct Imports<'h> {
    header: &'h Header,
    /// For each import of the header what the code calls it.
    names: Vec<String>,
    /// Which of them are named by a metavariable.
    free: Vec<bool>,
    pub minus: Keys,
    pub plus: Keys,
    /// The names that stand before dots, before.
    used_before: Vec<String>,
    /// After.
    used_after: Vec<String>,
}

impl<'h> Imports<'h> {
    pub fn of(
        text: &str,
        header: &'h Header,
        code: &[DiffLine],
        variables: &[Variable],
        packages: &mut Packages,
    ) -> Self {
        let used = |other| -> Vec<String> {
            qualifiers(text, code, other).into_iter().map(str::to_owned).collect()
        };
        let (used_before, used_after) = (used(Sign::Plus), used(Sign::Minus));
        let is_free = |import: &ImportLine| {
            let name = import.name.map(|name| name.of(text));
            let named = |v: &Variable| Some(v.name.as_str()) == name && v.sort == Sort::Identifier;
            variables.iter().any(named)
        };
        let free: Vec<bool> = header.imports.iter().map(is_free).collect();
        let unknown: Vec<&str> = used_before
            .iter()
            .chain(&used_after)
            .map(String::as_str)
            .filter(|name| !variables.iter().any(|v| v.name == **name))
            .filter(|name| standard_package(name).is_none())
            .collect();
        let names: Vec<String> =
            header.imports.iter().map(|import| name(text, header, import, &unknown)).collect();
        let mut keys: Vec<String> = Vec::new();
        for (nth, import) in header.imports.iter().enumerate() {
            let same = header.imports[..nth].iter().position(|other| other.path == import.path);
            let known = free[nth] || import.name.is_none();
            let key = if let Some(same) = same {
                keys[same].clone()
            } else {
                let is_path = header.imports.iter().any(|other| other.path == names[nth]);
                packages.key(&names[nth], &import.path, import.path_span, known, is_path)
            };
            keys.push(key);
        }
        let side = |other: Sign| -> Keys {
            // What only the other side imports is meant where this side has nothing of the name.
            let own = |import: &ImportLine| import.sign != other;
            let all = header.imports.iter().zip(names.iter().zip(&keys));
            let (own, others): (Vec<_>, Vec<_>) = all.partition(|(import, _)| own(import));
            let pairs = others.into_iter().chain(own);
            pairs.map(|(_, (name, key))| (name.clone(), key.clone())).collect()
        };
        let (minus, plus) = (side(Sign::Plus), side(Sign::Minus));
        Self { header, names, free, minus, plus, used_before, used_after }
    }

    /// Whether `word` is a metavariable that names an import.
    pub fn is_metavariable(&self, word: &str) -> bool {
        self.names.iter().zip(&self.free).any(|(name, free)| *free && name == word)
    }

    /// What a file must say for the change to look at it.
    pub fn guard(&self, text: &str) -> GuardSpec {
        let kept = |line: &&PackageLine| line.sign != Sign::Plus;
        let package = self.header.packages.iter().find(kept);
        let package = package.map(|line| SpannedStr::opaque(line.name.of(text), line.name));
        let imports = self.header.imports.iter().zip(&self.free);
        let imports = imports.filter(|(import, _)| import.sign != Sign::Plus);
        let imports = imports.map(|(import, free)| ImportGuardSpec {
            path: SpannedStr::opaque(import.path.clone(), import.path_span),
            name: match import.name {
                _ if *free => ImportNameSpec::Any,
                None => ImportNameSpec::None,
                Some(name) => ImportNameSpec::Is(SpannedStr::opaque(name.of(text), name)),
            },
        });
        GuardSpec { package, imports: imports.collect() }
    }

    /// What changes in a file's header; `by_code`: the code says what becomes of its own names.
    pub fn edits(&self, text: &str, by_code: bool) -> Vec<HeaderEditSpec> {
        let mut edits = Vec::new();
        let mut taken = Vec::new();
        for old in self.signed(Sign::Minus) {
            let import = &self.header.imports[old];
            let successor = self
                .signed(Sign::Plus)
                .find(|&new| !taken.contains(&new) && self.succeeds(old, new, by_code));
            if let Some(new) = successor {
                taken.push(new);
                edits.extend(self.change(text, old, new));
            } else if !by_code || !self.used_before.contains(&self.names[old]) {
                edits.push(HeaderEditSpec::Import(ImportSpec::Remove(path(import))));
            }
        }
        for new in self.signed(Sign::Plus).filter(|new| !taken.contains(new)) {
            let import = &self.header.imports[new];
            let name = import.name.filter(|_| !self.free[new]);
            let by_template =
                by_code && name.is_none() && self.used_after.contains(&self.names[new]);
            if !by_template {
                let name = name.map(|name| SpannedStr::opaque(name.of(text), name));
                let add = ImportSpec::Add { path: path(import), name, when_in_file: None };
                edits.push(HeaderEditSpec::Import(add));
            }
        }
        let plus = self.header.packages.iter().find(|line| line.sign == Sign::Plus);
        edits.extend(plus.map(|line| {
            HeaderEditSpec::Package(SpannedStr::opaque(line.name.of(text), line.name))
        }));
        edits
    }

    fn signed(&self, sign: Sign) -> impl Iterator<Item = usize> + '_ {
        (0..self.header.imports.len()).filter(move |&at| self.header.imports[at].sign == sign)
    }

    /// Whether the import `new` takes the place of `old`: it has the same path or the same name,
    /// or no code says what becomes of the old one.
    fn succeeds(&self, old: usize, new: usize, by_code: bool) -> bool {
        let (one, other) = (&self.header.imports[old], &self.header.imports[new]);
        one.path == other.path || self.names[old] == self.names[new] || !by_code
    }

    /// The import `old` becomes `new`.
    fn change(&self, text: &str, old: usize, new: usize) -> Option<HeaderEditSpec> {
        let (one, other) = (&self.header.imports[old], &self.header.imports[new]);
        let (from, to) = (path(one), path(other));
        let written = |at: usize| self.header.imports[at].name.map(|name| name.of(text));
        if written(old) != written(new) {
            let name = other.name.filter(|_| !self.free[new]);
            let name = name.map(|name| SpannedStr::opaque(name.of(text), name));
            return Some(HeaderEditSpec::ReplaceImport { from, to, name });
        }
        (one.path != other.path).then(|| {
            let symbols = Vec::new();
            HeaderEditSpec::Import(ImportSpec::Move { from, to, subpackages: None, symbols })
        })
    }
}

fn path(import: &ImportLine) -> SpannedStr {
    SpannedStr::opaque(import.path.clone(), import.path_span)
}

/// What the code of a change calls an import.
fn name(text: &str, header: &Header, import: &ImportLine, unknown: &[&str]) -> String {
    let written = |import: &ImportLine| {
        import.name.map(|name| name.of(text)).filter(|name| !matches!(*name, "_" | "."))
    };
    if let Some(name) = written(import) {
        return name.to_owned();
    }
    let guess = standard_name(&import.path).map_or_else(|| guess_name(&import.path), str::to_owned);
    if unknown.contains(&guess.as_str()) {
        return guess;
    }
    let mut same_path = header.imports.iter().filter(|other| other.path == import.path);
    if let Some(name) = same_path.find_map(written) {
        return name.to_owned();
    }
    let last = import.path.rsplit('/').next().unwrap_or_default();
    let fits = |name: &&&str| last.split(['-', '.', '_']).any(|word| word == **name);
    unknown.iter().find(fits).map_or(guess, |name| (*name).to_owned())
}
