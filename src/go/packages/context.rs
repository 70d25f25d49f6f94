//! Which folder an import path means. Comes in: the folder that imports, and the path. Goes out:
//! the folder imported, or why there is none. Follows `go help importpath`, the reference of Go
//! modules (<https://go.dev/ref/mod>) and, for vendored packages of the standard library,
//! `go/build`.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::missing::{Missing, Resolution};
use super::modfile::{ModuleFile, Replace, escape};
use super::requirements::{Modules, Target};
use super::{Files, GoEnv};
use crate::go::version::Version;

/// From where imports are resolved: everything below one main module or workspace shares one.
#[derive(Debug)]
pub(in crate::go) struct Context {
    pub(super) kind: ContextKind,
    /// Tells contexts apart: the folder of `go.mod` or `go.work`, or of the standard library.
    pub(super) root: PathBuf,
}

/// Where a context comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Home {
    /// The standard library in this folder.
    Standard(PathBuf),
    /// The module in this folder.
    Module(PathBuf),
    /// No module.
    Loose,
}

#[derive(Debug)]
pub(super) enum ContextKind {
    /// The standard library.
    Standard,
    /// Main modules and what they require.
    Modules(Modules),
    /// No module: a tree as Go had it before modules. The folder that holds `src`-relative
    /// packages, where the root's path tells.
    Loose(Option<PathBuf>),
}

/// Removes `.` and `..` by the names alone.
pub(super) fn clean(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

/// Finds packages.
pub(super) struct Resolver<'a> {
    pub(super) files: &'a Files,
    pub(super) env: &'a GoEnv,
}

impl Resolver<'_> {
    fn standard_root(&self) -> Option<PathBuf> {
        self.env.goroot.as_ref().map(|goroot| goroot.join("src"))
    }

    /// What decides the context of a folder: the nearest folder above it with a `go.mod`.
    pub(super) fn home_of(&self, dir: &Path) -> Home {
        if let Some(root) = self.standard_root().filter(|root| dir.starts_with(root)) {
            return Home::Standard(root);
        }
        // A vendored package belongs to the module that vendors it.
        let outside = dir.ancestors().filter(|a| a.file_name().is_some_and(|n| n == "vendor"));
        let start = outside.last().and_then(Path::parent).unwrap_or(dir);
        self.above(start, "go.mod").map_or(Home::Loose, Home::Module)
    }

    /// The nearest folder that holds a file `name`, no further up than the root.
    fn above(&self, from: &Path, name: &str) -> Option<PathBuf> {
        from.ancestors()
            .take_while(|a| a.starts_with(&self.env.root) || !from.starts_with(&self.env.root))
            .find(|a| self.files.has(a, name))
            .map(Path::to_path_buf)
    }

    /// The context of all folders with the same home.
    pub(super) fn context(&self, home: &Home) -> Context {
        let module = match home {
            Home::Standard(root) => {
                return Context { kind: ContextKind::Standard, root: root.clone() };
            }
            Home::Loose => {
                let root = self.env.root.clone();
                return Context { kind: ContextKind::Loose(loose_source(&root)), root };
            }
            Home::Module(dir) => dir.clone(),
        };
        let work = self.above(&module, "go.work").and_then(|work| {
            let file = ModuleFile::read(&self.files.read(&work.join("go.work"))?);
            let used: Vec<PathBuf> = file.uses.iter().map(|u| clean(&work.join(u))).collect();
            used.contains(&module).then_some((work, file, used))
        });
        let (root, used, replaces) = match work {
            Some((root, file, used)) => {
                let replaces = file.replaces.into_iter().map(|r| (root.clone(), r)).collect();
                (root, used, replaces)
            }
            None => (module.clone(), vec![module], Vec::new()),
        };
        Context { kind: ContextKind::Modules(self.modules(&root, used, replaces)), root }
    }

    /// What the main modules in the folders `mains` require.
    fn modules(
        &self,
        root: &Path,
        mains: Vec<PathBuf>,
        replaces: Vec<(PathBuf, Replace)>,
    ) -> Modules {
        let mut modules = Modules { replaces, ..Modules::default() };
        let mut walk = false;
        for dir in mains {
            let Some(text) = self.files.read(&dir.join("go.mod")) else { continue };
            let file = ModuleFile::read(&text);
            // From Go 1.17 on a go.mod names all that its packages need.
            walk |= file.go.is_none_or(|minor| minor < 17);
            for (path, version) in file.requires {
                modules.raise(path, version);
            }
            modules.replaces.extend(file.replaces.into_iter().map(|r| (dir.clone(), r)));
            modules.main.extend(file.module.map(|path| (path, dir.clone())));
        }
        let vendor = root.join("vendor");
        modules.vendor = self.files.has(&vendor, "modules.txt").then_some(vendor);
        modules.lists_all = !walk;
        if walk && modules.vendor.is_none() {
            self.select_versions(&mut modules);
        }
        modules
    }

    /// Minimal version selection over the `go.mod` files that are on this machine.
    fn select_versions(&self, modules: &mut Modules) {
        let mut todo: Vec<(String, String)> =
            modules.versions.iter().map(|(p, v)| (p.clone(), v.clone())).collect();
        while let Some((path, version)) = todo.pop() {
            if modules.main.iter().any(|(main, _)| *main == path) {
                continue;
            }
            let Some(text) = self.module_file(modules, &path, &version) else { continue };
            for (path, version) in ModuleFile::read(&text).requires {
                if modules.raise(path.clone(), version.clone()) {
                    todo.push((path, version));
                }
            }
        }
    }

    /// The `go.mod` of a required module.
    fn module_file(&self, modules: &Modules, path: &str, version: &str) -> Option<String> {
        let (path, version) = match modules.target(path, version) {
            Target::Folder(dir) => return self.files.read(&dir.join("go.mod")),
            Target::Cache(path, version) => (path, version),
        };
        let cache = self.env.module_cache.as_ref()?;
        let folder = cache.join("cache/download").join(escape(&path)).join("@v");
        self.files.read(&folder.join(format!("{}.mod", escape(&version))))
    }

    /// Which folder `import_path` means in a file of `context`.
    pub(super) fn resolve(&self, context: &Context, from: &Path, import_path: &str) -> Resolution {
        if let "C" | "unsafe" = import_path {
            let cgo = import_path == "C";
            return Resolution::Missing(if cgo { Missing::Cgo } else { Missing::Unsafe });
        }
        let found = |dir: PathBuf| Resolution::Found { dir, import_path: import_path.into() };
        if import_path.starts_with("./") || import_path.starts_with("../") {
            let dir = clean(&from.join(import_path));
            let import_path = context.path_of(&dir);
            return Resolution::Found { dir, import_path };
        }
        if let Some(standard) = self.in_standard(context, from, import_path) {
            return standard;
        }
        match &context.kind {
            ContextKind::Standard => Resolution::Missing(Missing::NoSuchFolder),
            ContextKind::Modules(modules) => match self.in_modules(modules, import_path) {
                Ok(dir) => found(dir),
                Err(why) => Resolution::Missing(why),
            },
            ContextKind::Loose(source) => {
                let vendors = from.ancestors().map(|a| a.join("vendor"));
                let inside = vendors.take_while(|v| v.starts_with(&context.root));
                let mut dirs = inside.chain(source.clone()).map(|base| base.join(import_path));
                match dirs.find(|dir| self.files.has_go(dir)) {
                    Some(dir) => found(dir),
                    None if is_standard(import_path) => {
                        Resolution::Missing(Missing::NoStandardLibrary)
                    }
                    None => Resolution::Missing(Missing::NotRequired),
                }
            }
        }
    }

    fn in_standard(&self, context: &Context, from: &Path, import_path: &str) -> Option<Resolution> {
        let root = self.standard_root()?;
        let of_standard = matches!(context.kind, ContextKind::Standard);
        if of_standard {
            let command = from.starts_with(root.join("cmd"));
            let vendor = if command { "cmd/vendor/" } else { "vendor/" };
            let import_path = format!("{vendor}{import_path}");
            let dir = root.join(&import_path);
            if self.files.has_go(&dir) {
                return Some(Resolution::Found { dir, import_path });
            }
        }
        let dir = root.join(import_path);
        ((of_standard || is_standard(import_path)) && self.files.has_go(&dir))
            .then(|| Resolution::Found { dir, import_path: import_path.into() })
    }

    fn in_modules(&self, modules: &Modules, import_path: &str) -> Result<PathBuf, Missing> {
        let mut why = None;
        let mut module = import_path;
        loop {
            let rest = import_path[module.len()..].trim_start_matches('/');
            let main = modules.main.iter().find(|(path, _)| path == module).map(|(_, dir)| dir);
            let base = match main {
                Some(dir) => Some(dir.clone()),
                None => modules.replaced_or_required(module).and_then(|(path, version)| {
                    let base = self.base_of(modules, path, version);
                    if base.is_none() && why.is_none() {
                        let (module, version) = (path.to_string(), version.to_string());
                        why = Some(Missing::ModuleNotOnDisk { module, version });
                    }
                    base
                }),
            };
            if let Some(dir) = base.map(|base| self.below(&base, rest)) {
                match dir {
                    Some(dir) => return Ok(dir),
                    None => why = why.or(Some(Missing::NoSuchFolder)),
                }
            }
            match module.rfind('/') {
                Some(at) => module = &module[..at],
                None => break,
            }
        }
        let vendored = modules.vendor.as_ref().map(|v| v.join(import_path));
        match vendored.filter(|dir| self.files.has_go(dir)) {
            Some(dir) => Ok(dir),
            None if why.is_none() && is_standard(import_path) => Err(Missing::NoStandardLibrary),
            None => Err(why.unwrap_or(Missing::NotRequired)),
        }
    }

    /// The folder of a required module, if it is on this machine. Where a `vendor` folder stands
    /// the packages in it are the ones that are built.
    fn base_of(&self, modules: &Modules, path: &str, version: &str) -> Option<PathBuf> {
        if let Some(vendor) = &modules.vendor {
            let dir = vendor.join(path);
            return self.files.exists(&dir).then_some(dir);
        }
        let dir = match modules.target(path, version) {
            Target::Folder(dir) => dir,
            Target::Cache(path, version) => {
                let cache = self.env.module_cache.as_ref()?;
                cache.join(format!("{}@{}", escape(&path), escape(&version)))
            }
        };
        self.files.exists(&dir).then_some(dir)
    }

    /// The folder `rest` below a module's, if it has Go files and belongs to no nested module.
    fn below(&self, base: &Path, rest: &str) -> Option<PathBuf> {
        let dir = if rest.is_empty() { base.to_path_buf() } else { base.join(rest) };
        let mut between = dir.ancestors().take_while(|a| *a != base);
        (self.files.has_go(&dir) && !between.any(|a| self.files.has(a, "go.mod"))).then_some(dir)
    }
}

impl Context {
    /// Whether an import path means the same in all of its folders.
    pub(super) fn is_one_for_all(&self) -> bool {
        matches!(self.kind, ContextKind::Modules(_))
    }

    /// The version required of the module that provides a package.
    pub(super) fn required_version(&self, import_path: &str) -> Option<Version> {
        let ContextKind::Modules(modules) = &self.kind else { return None };
        let mut module = import_path;
        loop {
            if let Some((_, version)) = modules.replaced_or_required(module) {
                return Version::parse(version).ok();
            }
            module = &module[..module.rfind('/')?];
        }
    }

    /// The module that provides a package, as far as one that is named here does.
    pub(super) fn module_of<'p>(&self, import_path: &'p str) -> Option<&'p str> {
        let ContextKind::Modules(modules) = &self.kind else { return None };
        let mut module = import_path;
        loop {
            let is_main = modules.main.iter().any(|(path, _)| path == module);
            if is_main || modules.replaced_or_required(module).is_some() {
                return Some(module);
            }
            module = &module[..module.rfind('/')?];
        }
    }

    /// The main module that a folder belongs to.
    fn main_of(&self, dir: &Path) -> Option<&(String, PathBuf)> {
        let ContextKind::Modules(modules) = &self.kind else { return None };
        let holds = |(_, base): &&(String, PathBuf)| dir.starts_with(base);
        modules.main.iter().filter(holds).max_by_key(|(_, base)| base.as_os_str().len())
    }

    /// The path of the main module that a folder belongs to.
    pub(super) fn main_module_of(&self, dir: &Path) -> Option<&str> {
        self.main_of(dir).map(|(path, _)| path.as_str())
    }

    /// The import path of a folder of the repository; where nothing tells, its path from the root.
    pub(super) fn path_of(&self, dir: &Path) -> String {
        let slashed = |path: &Path| {
            let parts = path.components().filter_map(|c| c.as_os_str().to_str());
            parts.collect::<Vec<_>>().join("/")
        };
        // What is vendored is imported by the path inside the innermost vendor folder.
        let of_standard = matches!(self.kind, ContextKind::Standard);
        let vendor = dir.ancestors().find(|a| a.file_name().is_some_and(|n| n == "vendor"));
        if let Some(inside) = vendor.filter(|_| !of_standard).and_then(|v| dir.strip_prefix(v).ok())
        {
            return slashed(inside);
        }
        let main = self.main_of(dir).and_then(|(p, b)| Some((p, dir.strip_prefix(b).ok()?)));
        if let Some((path, rest)) = main {
            let rest = slashed(rest);
            return if rest.is_empty() { path.clone() } else { format!("{path}/{rest}") };
        }
        let base = match &self.kind {
            ContextKind::Loose(Some(source)) => source,
            _ => &self.root,
        };
        slashed(dir.strip_prefix(base).unwrap_or(dir))
    }
}

/// Whether the path can be one of the standard library: no dot in its first element.
fn is_standard(import_path: &str) -> bool {
    !import_path.split('/').next().unwrap_or_default().contains('.')
}

/// In a tree without modules, the folder that import paths start from: the last `src` above.
fn loose_source(root: &Path) -> Option<PathBuf> {
    root.ancestors().find(|a| a.file_name().is_some_and(|n| n == "src")).map(Path::to_path_buf)
}

/// Shared handles keep contexts apart by their roots.
pub(super) type SharedContext = Arc<Context>;
