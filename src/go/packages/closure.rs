//! Programs and what they are linked with. Comes in: a folder, and import paths that somebody looks
//! for. Goes out: the programs and test binaries that are built of the folder's files, and for each
//! the ways along imports that lead from it to these paths, with the build constraints on the way.
//! Where packages cannot be read the answer says so, and which of the paths may be behind them.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use super::constraint::Constraint;
use super::context::{ContextKind, SharedContext};
use super::missing::Missing;
use super::{PackageIndex, Resolution};
use crate::go::source::{Head, Import, head};
use crate::text::Span;

/// So many ways to one package are kept, the shortest: they differ by their build constraints.
const MOST_WAYS: usize = 3;

/// A file of a program, as far as it decides what is linked.
#[derive(Clone, Debug)]
pub struct Linked {
    /// Path from the root, with `/` between its parts.
    pub path: Arc<str>,
    /// When it is built.
    pub constraint: Constraint,
    /// Its package clause: the keyword and the name.
    pub clause: Span,
    /// Its imports.
    pub imports: Vec<Import>,
    /// Whether it is a test.
    pub is_test: bool,
}

/// What one call of the linker is given: the files of a folder that make a program, or a test
/// binary.
#[derive(Clone, Debug)]
pub struct Program {
    /// Its files, tests last.
    pub files: Vec<Linked>,
    /// Whether it is a test binary.
    pub is_test: bool,
    /// Whether the package has a `main` of its own.
    pub is_main: bool,
    dir: PathBuf,
    context: SharedContext,
}

impl Program {
    /// The folder of the `go.mod` or `go.work` by which its imports are resolved.
    pub fn home(&self) -> &Path {
        &self.context.root
    }
}

/// A way from a program to a package that somebody looks for.
#[derive(Clone, Debug)]
pub struct Way {
    /// The package, as an index into the paths that are looked for.
    pub wanted: usize,
    /// When all files on the way are built.
    pub condition: Constraint,
    /// The file of the program that the way begins in.
    pub file: usize,
    /// The import there.
    pub import: usize,
    /// The import paths on the way, that of the package last.
    pub path: Vec<Arc<str>>,
}

/// A way from a folder's files.
#[derive(Clone, Debug)]
struct Below {
    wanted: usize,
    condition: Constraint,
    path: Rc<Link>,
    len: usize,
}

/// The paths of a way, the first in front.
#[derive(Debug)]
struct Link {
    import: Arc<str>,
    next: Option<Rc<Link>>,
}

/// Follows imports, each folder once.
pub struct Closures<'i> {
    index: &'i PackageIndex,
    wanted: Vec<String>,
    /// By context and folder; empty while a folder is looked at: imports make no circle in Go.
    known: HashMap<(PathBuf, PathBuf), Rc<[Below]>>,
}

impl PackageIndex {
    /// The programs and test binaries of a folder, relative to the root: `package main`, each file
    /// that is run by hand, and the package with its tests.
    pub fn programs(&self, folder: &str) -> Vec<Program> {
        let dir = self.absolute(folder);
        let context = self.context(&dir);
        let files = self.linked(&dir);
        let program = |files: Vec<Linked>, is_test: bool, is_main: bool| Program {
            files,
            is_test,
            is_main,
            dir: dir.clone(),
            context: context.clone(),
        };
        let mut found = Vec::new();
        let mut together = Vec::new();
        for (name, file) in files {
            match name == "main" && !file.is_test {
                true if file.constraint.needs_ignore() => {
                    found.push(program(vec![file], false, true));
                }
                is_main => together.push((is_main, file)),
            }
        }
        together.retain(|(_, file)| !file.constraint.needs_ignore());
        together.sort_by_key(|(_, file)| file.is_test);
        let is_main = together.iter().any(|(is_main, _)| *is_main);
        let is_test = together.last().is_some_and(|(_, file)| file.is_test);
        let files: Vec<Linked> = together.into_iter().map(|(_, file)| file).collect();
        if is_main {
            let code = files.iter().filter(|f| !f.is_test).cloned().collect();
            found.push(program(code, false, true));
        }
        if is_test {
            found.push(program(files, true, is_main));
        }
        found
    }

    /// The files of a folder, with the names in their package clauses.
    fn linked(&self, dir: &Path) -> Vec<(String, Linked)> {
        let names = self.files.go_files(dir);
        let read = |name: &String| {
            let path = dir.join(name);
            let text = self.files.read(&path)?;
            let Head { clause, name: package, imports } = head(&text)?;
            let constraint = Constraint::of_file(name, &text[..clause.start]);
            let shown = path.strip_prefix(&self.env.root).unwrap_or(&path);
            let path = shown.to_str()?.replace('\\', "/").into();
            let is_test = name.ends_with("_test.go");
            let file = Linked { path, constraint, clause, imports, is_test };
            Some((package.of(&text).to_owned(), file))
        };
        names.iter().filter_map(read).collect()
    }
}

impl<'i> Closures<'i> {
    /// Looks for the packages at these paths.
    pub fn new(index: &'i PackageIndex, wanted: Vec<String>) -> Self {
        Self { index, wanted, known: HashMap::new() }
    }

    /// For each path whether a program of the folder, relative to the root, can be linked with it,
    /// by what go.mod, `go.work` and `vendor` say.
    pub fn possible(&self, folder: &str) -> Vec<bool> {
        let context = self.index.context(&self.index.absolute(folder));
        let provides = |path: &String| match &context.kind {
            ContextKind::Standard => false,
            ContextKind::Modules(modules) => modules.may_provide(path),
            ContextKind::Loose(_) => true,
        };
        self.wanted.iter().map(provides).collect()
    }

    /// Whether a package that cannot be read may import that path. A path without a dot, such as
    /// `dm`, is none that a module can be asked for: it would have to stand beside the standard
    /// library.
    pub fn may_be_hidden(&self, program: &Program, wanted: usize) -> bool {
        let ContextKind::Modules(modules) = &program.context.kind else { return true };
        let path = &self.wanted[wanted];
        let goroot = self.index.env.goroot.as_ref();
        let beside = |g: &PathBuf| self.index.files.go_files(&g.join("src").join(path));
        modules.may_be_asked_for(path) || goroot.is_some_and(|g| !beside(g).is_empty())
    }

    /// The ways from a program; from its tests, too, where `tests`.
    pub fn of(&mut self, program: &Program, tests: bool) -> Vec<Way> {
        let mut ways: Vec<(usize, Way)> = Vec::new();
        let files = program.files.iter().enumerate().filter(|(_, f)| tests || !f.is_test);
        for (file, linked) in files {
            for (at, import) in linked.imports.iter().enumerate() {
                for below in self.of_import(&program.context, &program.dir, &import.path) {
                    let condition = and(&linked.constraint, &below.condition);
                    if !condition.can_hold() {
                        continue;
                    }
                    let path = below.path.paths();
                    let way = Way { wanted: below.wanted, condition, file, import: at, path };
                    ways.push((below.len, way));
                }
            }
        }
        shortest(ways, |(len, way)| (way.wanted, *len), |(_, way)| &way.condition)
            .into_iter()
            .map(|(_, way)| way)
            .collect()
    }

    /// The ways from a package of the repository that the program imports and that has tests of its
    /// own; one list for each such import.
    pub fn of_tested_imports(&mut self, program: &Program) -> Vec<Vec<Constrained>> {
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        for import in program.files.iter().flat_map(|f| &f.imports) {
            let from = (&program.context, program.dir.as_path());
            let resolved = self.index.resolver().resolve(from.0, from.1, &import.path);
            let Resolution::Found { dir, .. } = resolved else { continue };
            if dir == program.dir || !self.has_own_tests(&dir) || !seen.insert(dir.clone()) {
                continue;
            }
            let below = self.of_folder(&program.context, &dir);
            found.push(below.iter().map(|b| (b.wanted, b.condition.clone())).collect());
        }
        found
    }

    fn has_own_tests(&self, dir: &Path) -> bool {
        let below = dir.strip_prefix(&self.index.env.root);
        let own = below.is_ok_and(|b| b.components().all(|part| part.as_os_str() != "vendor"));
        own && self.index.files.go_files(dir).iter().any(|name| name.ends_with("_test.go"))
    }

    fn of_import(&mut self, context: &SharedContext, from: &Path, import: &Arc<str>) -> Vec<Below> {
        let link = |next: Option<Rc<Link>>| Rc::new(Link { import: import.clone(), next });
        let wanted = self.wanted.iter().position(|path| **path == **import);
        let here =
            |wanted| Below { wanted, condition: Constraint::Always, path: link(None), len: 1 };
        let mut found: Vec<Below> = wanted.map(here).into_iter().collect();
        let Resolution::Found { dir, .. } = self.index.resolver().resolve(context, from, import)
        else {
            return found;
        };
        // The standard library reaches nothing but itself.
        if self.index.is_of_standard_library(&dir, import) {
            return found;
        }
        let context = self.index.context_for(context, &dir);
        found.extend(self.of_folder(&context, &dir).iter().map(|below| Below {
            wanted: below.wanted,
            condition: below.condition.clone(),
            path: link(Some(below.path.clone())),
            len: below.len + 1,
        }));
        found
    }

    /// The ways from the files of a folder, but its tests.
    fn of_folder(&mut self, context: &SharedContext, dir: &Path) -> Rc<[Below]> {
        let key = (context.root.clone(), dir.to_path_buf());
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        self.known.insert(key.clone(), Rc::from([]));
        let mut found = Vec::new();
        for (_, file) in self.index.linked(dir) {
            if file.is_test || file.constraint.needs_ignore() {
                continue;
            }
            for import in &file.imports {
                for mut below in self.of_import(context, dir, &import.path) {
                    below.condition = and(&file.constraint, &below.condition);
                    if below.condition.can_hold() {
                        found.push(below);
                    }
                }
            }
        }
        let found = shortest(found, |b| (b.wanted, b.len), |b| &b.condition);
        let found: Rc<[Below]> = found.into();
        self.known.insert(key, found.clone());
        found
    }

    /// Packages that a program is linked with and that cannot be read, sorted.
    pub fn not_found(&self, program: &Program) -> Vec<Arc<str>> {
        let mut seen: HashSet<PathBuf> = HashSet::new();
        let mut missing: Vec<Arc<str>> = Vec::new();
        let mut todo: Vec<(SharedContext, PathBuf, Arc<str>)> = Vec::new();
        for import in program.files.iter().flat_map(|f| &f.imports) {
            todo.push((program.context.clone(), program.dir.clone(), import.path.clone()));
        }
        while let Some((context, from, import)) = todo.pop() {
            match self.index.resolver().resolve(&context, &from, &import) {
                Resolution::Found { dir, .. } => {
                    let enter = !self.index.is_of_standard_library(&dir, &import);
                    if enter && seen.insert(dir.clone()) {
                        let context = self.index.context_for(&context, &dir);
                        let imports = self.index.imports_of(&dir);
                        let next =
                            imports.iter().map(|i| (context.clone(), dir.clone(), i.clone()));
                        todo.extend(next);
                    }
                }
                Resolution::Missing(
                    Missing::Cgo | Missing::Unsafe | Missing::NoStandardLibrary,
                ) => {}
                Resolution::Missing(_) if self.wanted.iter().any(|w| **w == *import) => {}
                Resolution::Missing(_) => missing.push(import),
            }
        }
        missing.sort_unstable();
        missing.dedup();
        missing
    }
}

/// A package that is looked for, and when it is linked.
pub type Constrained = (usize, Constraint);

impl Link {
    fn paths(&self) -> Vec<Arc<str>> {
        let links = std::iter::successors(Some(self), |link| link.next.as_deref());
        links.map(|link| link.import.clone()).collect()
    }
}

fn and(a: &Constraint, b: &Constraint) -> Constraint {
    match (a, b) {
        (Constraint::Always, other) | (other, Constraint::Always) => other.clone(),
        (a, b) if a == b => a.clone(),
        _ => Constraint::All(vec![a.clone(), b.clone()]),
    }
}

/// Of ways to the same package those that are the shortest under some choice of platform and tags.
fn shortest<T>(
    mut ways: Vec<T>,
    order: impl Fn(&T) -> (usize, usize),
    condition: impl Fn(&T) -> &Constraint,
) -> Vec<T> {
    ways.sort_by_key(&order);
    let mut kept: Vec<T> = Vec::new();
    for way in ways {
        let same = kept.iter().filter(|k| order(k).0 == order(&way).0);
        let known: Vec<&Constraint> = same.map(&condition).collect();
        if known.len() < MOST_WAYS && !condition(&way).is_covered_by(known) {
            kept.push(way);
        }
    }
    kept
}
