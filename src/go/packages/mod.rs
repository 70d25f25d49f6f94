//! Packages, found lazily. Comes in: folders of files and the import paths they write. Goes out:
//! the package meant, its name, and what it declares, read from sources through a [`FileSystem`]:
//! the repository's modules, `go.work`, `replace`, `vendor`, the module cache, GOROOT, and last
//! the packs' own declarations. Everything is loaded when first asked for, once, and never
//! changes; what is not there is a value that says why.

mod clause;
mod closure;
mod constraint;
mod context;
mod experiments;
mod files;
mod filesystem;
mod folder;
mod memo;
mod missing;
mod modfile;
mod names;
mod package;
mod reach;
mod requirements;
mod standard;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use closure::{Closures, Constrained, Linked, Program, Way};
pub use constraint::{Constraint, file_version};
pub use filesystem::{Entry, FileSystem, MemoryFileSystem};
pub use missing::{Missing, Resolution};
pub use modfile::escape;
pub use names::default_name;
pub use package::{NameKind, Package, PackageFile, Site};
pub use reach::Reach;
pub use standard::{declared_names, standard_api, standard_paths};

use context::{Home, Resolver, SharedContext};
use experiments::Experiments;
use files::Files;
use folder::{Folder, imported, packages};
pub(in crate::go) use memo::Memo;

use super::source::SourceFile;
use super::version::{Version, VersionRange};

/// Where Go's files are on this machine. None of the folders needs to exist.
#[derive(Clone, Debug, Default)]
pub struct GoEnv {
    /// The repository.
    pub root: PathBuf,
    /// The folder that holds the standard library's `src`.
    pub goroot: Option<PathBuf>,
    /// `GOMODCACHE`.
    pub module_cache: Option<PathBuf>,
}

/// Declarations of a package that stand for its source where that cannot be found.
#[derive(Clone, Debug)]
pub struct ApiFile {
    /// The import path that they describe.
    pub import_path: String,
    /// The versions of its module that they describe; none: all.
    pub versions: Option<VersionRange<Version>>,
    /// A name for messages.
    pub name: String,
    /// The Go text.
    pub text: String,
}

/// A package, or why there is none.
pub type Lookup = Result<Arc<Package>, Missing>;

/// All packages that can be reached from a repository.
pub struct PackageIndex {
    files: Files,
    env: GoEnv,
    api: Vec<ApiFile>,
    /// By folder, and by where that belongs.
    contexts: Memo<PathBuf, SharedContext>,
    homes: Memo<Home, SharedContext>,
    /// By root of the importing context, then by import path.
    imported: Memo<PathBuf, Arc<Memo<String, Lookup>>>,
    /// By folder of the importing context, then by the imported folder.
    folders: Memo<(PathBuf, PathBuf), Arc<Folder>>,
    tests: Memo<(PathBuf, PathBuf), Arc<Vec<Arc<PackageFile>>>>,
    /// Packages together with their tests.
    whole: Memo<(PathBuf, PathBuf, Box<str>), Lookup>,
    /// By folder of the importing context, then by import path.
    stubs: Memo<(PathBuf, String), Lookup>,
    /// Names that somebody said of packages whose sources may be missing.
    said: HashMap<String, String>,
    experiments: Experiments,
    /// What the files of a folder import.
    imports: Memo<PathBuf, reach::Imports>,
    /// By folder of the package, whether its tests count, and the path wanted.
    reached: Memo<(PathBuf, bool, Box<str>), Reach>,
}

impl PackageIndex {
    /// An index over the files of `fs`.
    pub fn new(fs: Arc<dyn FileSystem>, env: GoEnv) -> Self {
        Self {
            files: Files { fs, listings: Memo::default() },
            env,
            api: Vec::new(),
            contexts: Memo::default(),
            homes: Memo::default(),
            imported: Memo::default(),
            folders: Memo::default(),
            tests: Memo::default(),
            whole: Memo::default(),
            stubs: Memo::default(),
            said: HashMap::new(),
            experiments: Experiments::default(),
            imports: Memo::default(),
            reached: Memo::default(),
        }
    }

    /// The same index with declarations for packages that cannot be found.
    #[must_use]
    pub fn with_api(mut self, api: Vec<ApiFile>) -> Self {
        self.api = api;
        self
    }

    /// The same index with the names of packages, by import path, for where no source tells.
    #[must_use]
    pub fn with_names(mut self, names: impl IntoIterator<Item = (String, String)>) -> Self {
        self.said = names.into_iter().collect();
        self
    }

    /// The name of a package whose source is not at hand: what was said, or what its path suggests.
    pub fn likely_name(&self, import_path: &str) -> String {
        self.said.get(import_path).cloned().unwrap_or_else(|| default_name(import_path))
    }

    fn resolver(&self) -> Resolver<'_> {
        Resolver { files: &self.files, env: &self.env }
    }

    /// A folder relative to the root as a path; absolute ones stay.
    fn absolute(&self, folder: &str) -> PathBuf {
        if folder.is_empty() { self.env.root.clone() } else { self.env.root.join(folder) }
    }

    fn context(&self, dir: &Path) -> SharedContext {
        self.contexts.get(dir, || {
            let home = self.resolver().home_of(dir);
            self.homes.get(&home, || Arc::new(self.resolver().context(&home)))
        })
    }

    /// The path of the module that a folder, relative to the root, belongs to, and the import path of
    /// the folder.
    pub fn place(&self, folder: &str) -> Option<(String, String)> {
        let dir = self.absolute(folder);
        let context = self.context(&dir);
        let module = context.main_module_of(&dir)?.to_owned();
        Some((module, context.path_of(&dir)))
    }

    /// The path of the module that provides `import_path` to the files of `from_folder` (relative
    /// to the root), as far as their go.mod names it.
    pub fn module_of(&self, from_folder: &str, import_path: &str) -> Option<String> {
        let context = self.context(&self.absolute(from_folder));
        context.module_of(import_path).map(str::to_owned)
    }

    /// Which folder `import_path` means in the files of `from_folder`, relative to the root.
    pub fn resolve(&self, from_folder: &str, import_path: &str) -> Resolution {
        let from = self.absolute(from_folder);
        self.resolver().resolve(&self.context(&from), &from, import_path)
    }

    /// The package that the files of `from_folder` (relative to the root) import as
    /// `import_path`.
    pub fn import(&self, from_folder: &str, import_path: &str) -> Lookup {
        let from = self.absolute(from_folder);
        self.import_in(&self.context(&from), &from, import_path)
    }

    /// The package that the files of `package` import as `import_path`.
    pub fn import_from(&self, package: &Package, import_path: &str) -> Lookup {
        self.import_in(package.context(), package.dir(), import_path)
    }

    fn import_in(&self, context: &SharedContext, from: &Path, import_path: &str) -> Lookup {
        if !context.is_one_for_all() || import_path.starts_with('.') {
            return self.find(context, from, import_path);
        }
        let of_context = self.imported.get(context.root.as_path(), Arc::default);
        of_context.get(import_path, || self.find(context, from, import_path))
    }

    fn find(&self, context: &SharedContext, from: &Path, import_path: &str) -> Lookup {
        let why = match self.resolver().resolve(context, from, import_path) {
            Resolution::Found { dir, import_path } => {
                let folder = self.folder(context, &dir, &import_path);
                match imported(&folder.packages) {
                    Some(package) => return Ok(package),
                    None => Missing::NoSuchFolder,
                }
            }
            Resolution::Missing(why) => why,
        };
        let key = (context.root.clone(), import_path.to_string());
        self.stubs.get(&key, || self.stub(context, import_path, why))
    }

    /// A package made of declarations that stand for its source: a pack's, or for the standard
    /// library our own.
    fn stub(&self, context: &SharedContext, import_path: &str, why: Missing) -> Lookup {
        let required = context.required_version(import_path);
        let of_package = self.api.iter().filter(|f| {
            let fits =
                |required: &Version| f.versions.as_ref().is_none_or(|v| v.contains(required));
            f.import_path == import_path && required.as_ref().is_none_or(fits)
        });
        let mut files: Vec<_> =
            of_package.map(|f| Arc::new(PackageFile::new(f.name.clone(), &f.text))).collect();
        if files.is_empty() && why == Missing::NoStandardLibrary {
            let api = standard::standard_api(import_path)
                .map(|text| Arc::new(PackageFile::new(format!("standard/{import_path}"), text)));
            files.extend(api);
        }
        let Some(clause) = files.first().and_then(|f| f.source.package()) else { return Err(why) };
        Ok(Arc::new(Package {
            import_path: import_path.into(),
            clause: clause.into(),
            // No folder, and not that of any other package.
            dir: Path::new("api").join(import_path),
            context: context.clone(),
            files,
            names: std::sync::OnceLock::new(),
        }))
    }

    /// The files of a folder but tests.
    fn folder(&self, context: &SharedContext, dir: &Path, import_path: &str) -> Arc<Folder> {
        // What the standard library imports is the same for everybody.
        let context =
            if self.standard_root_of(dir).is_some() { self.context(dir) } else { context.clone() };
        self.folders.get(&(context.root.clone(), dir.to_path_buf()), || {
            let files = self.load(dir, false);
            let (dir, import_path) = (dir.to_path_buf(), Arc::from(import_path));
            let packages = packages(&files, &dir, &import_path, &context);
            Arc::new(Folder { dir, import_path, context: context.clone(), packages })
        })
    }

    /// The `src` of the standard library, for a folder in it.
    fn standard_root_of(&self, dir: &Path) -> Option<PathBuf> {
        let root = self.env.goroot.as_ref()?.join("src");
        dir.starts_with(&root).then_some(root)
    }

    /// A file of a package with the bodies of its functions, of which packages themselves keep only
    /// the declarations. `None` where it cannot be read, as with declarations of a pack's own.
    pub(in crate::go) fn whole_file(&self, package: &Package, file: usize) -> Option<SourceFile> {
        let path = package.files()[file].source.path();
        let name = path.rsplit('/').next()?;
        let text = self.files.read(&package.dir().join(name))?;
        Some(SourceFile::new(path.clone(), text))
    }

    fn load(&self, dir: &Path, tests: bool) -> Vec<Arc<PackageFile>> {
        let names = self.files.go_files(dir);
        let chosen = names.iter().filter(|n| n.ends_with("_test.go") == tests);
        let load = |name: &String| {
            let path = dir.join(name);
            let shown = path.strip_prefix(&self.env.root).unwrap_or(&path);
            let shown = shown.to_str()?.replace('\\', "/");
            Some(Arc::new(PackageFile::new(shown, &self.files.read(&path)?)))
        };
        let mut loaded: Vec<_> = chosen.filter_map(load).collect();
        if let Some(root) = self.standard_root_of(dir) {
            self.experiments.settle(&self.files, &root, &mut loaded);
        }
        loaded
    }

    /// The package that the files of `folder` (relative to the root) with the package clause
    /// `clause` belong to; with its tests where `tests`.
    pub fn package(&self, folder: &str, clause: &str, tests: bool) -> Lookup {
        let dir = self.absolute(folder);
        let context = self.context(&dir);
        let import_path = context.path_of(&dir);
        self.package_in(&self.folder(&context, &dir, &import_path), clause, tests)
    }

    /// The package `package`, with its own tests.
    pub fn with_tests(&self, package: &Package) -> Lookup {
        let folder = self.folder(package.context(), package.dir(), package.import_path());
        self.package_in(&folder, package.clause(), true)
    }

    fn package_in(&self, folder: &Folder, clause: &str, tests: bool) -> Lookup {
        let plain = folder.packages.iter().find(|p| &**p.clause() == clause);
        if !tests {
            return plain.cloned().ok_or(Missing::NoSuchFolder);
        }
        let place = (folder.context.root.clone(), folder.dir.clone());
        let key = (place.0.clone(), place.1.clone(), Box::from(clause));
        self.whole.get(&key, || {
            let tests = self.tests.get(&place, || Arc::new(self.load(&folder.dir, true)));
            let of_clause = tests.iter().filter(|f| f.source.package() == Some(clause)).cloned();
            let mut files: Vec<_> = plain.iter().flat_map(|p| p.files.clone()).collect();
            files.extend(of_clause);
            let import_path = match plain {
                None if clause.ends_with("_test") => format!("{}_test", folder.import_path).into(),
                _ => folder.import_path.clone(),
            };
            if files.is_empty() {
                return Err(Missing::NoSuchFolder);
            }
            Ok(Arc::new(Package {
                import_path,
                clause: clause.into(),
                dir: folder.dir.clone(),
                context: folder.context.clone(),
                files,
                names: std::sync::OnceLock::new(),
            }))
        })
    }

    /// Whether the package belongs to the repository, so that somebody may change it: it lies
    /// below the root and is not vendored.
    pub fn is_in_repository(&self, package: &Package) -> bool {
        package
            .dir()
            .strip_prefix(&self.env.root)
            .is_ok_and(|below| below.components().all(|part| part.as_os_str() != "vendor"))
    }

    /// The package of a file, which need not be on the disk.
    pub fn package_of(&self, source: &Arc<SourceFile>) -> Arc<Package> {
        let clause = source.package().unwrap_or_default();
        if let Ok(package) = self.package(source.folder(), clause, source.is_test()) {
            return package;
        }
        let dir = self.absolute(source.folder());
        let context = self.context(&dir);
        let constraint = Constraint::of_source(source);
        Arc::new(Package {
            import_path: context.path_of(&dir).into(),
            clause: clause.into(),
            dir,
            context,
            files: vec![Arc::new(PackageFile { source: source.clone(), constraint })],
            names: std::sync::OnceLock::new(),
        })
    }

    /// The name in the package clause of what the files of `from_folder` import as `import_path`,
    /// read from source; none where the source is not there or does not tell.
    pub fn package_name(&self, from_folder: &str, import_path: &str) -> Option<Arc<str>> {
        match import_path {
            "C" | "unsafe" => Some(import_path.into()),
            _ => self.import(from_folder, import_path).ok().map(|p| p.clause().clone()),
        }
    }

    /// Whether a file of the package of `file`, which lies below the root, declares `name` where it
    /// can be built together with `file`. Declarations of tests count for tests only.
    pub fn package_declares(&self, file: &SourceFile, name: &str) -> bool {
        let Some(clause) = file.package() else { return false };
        let Ok(package) = self.package(file.folder(), clause, file.is_test()) else { return false };
        let sites = package.sites(name);
        if sites.is_empty() {
            return false;
        }
        let own = Constraint::of_source(file);
        sites.iter().any(|site| own.compatible(&package.files()[site.file].constraint))
    }
}

#[cfg(test)]
mod tests;
