//! Discovery: which files a run looks at.
//!
//! Comes in: the root, the paths that the user named, and the globs of `text` rules. Goes out: the
//! candidate files in a fixed order, with what was passed over. Files are listed, not opened.

mod exclude;
mod walk;

use super::residue::CI_FOLDERS;
use super::scan::Scan;
use anyhow::{Context as _, Result, bail};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use rayon::slice::ParallelSliceMut as _;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What a file is to a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// Go source.
    Go,
    /// A go.mod.
    Module,
    /// A go.work.
    Workspace,
    /// Another file that a `text` rule asks for.
    Text,
    /// A file that no rule asks for, and that may mention an old name.
    Other,
}

/// A file to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Path from the root. Need not be UTF-8.
    pub path: PathBuf,
    /// What it is to the run.
    pub kind: FileKind,
    /// What was seen of it as it was found.
    pub scan: Scan,
}

impl Candidate {
    /// Lets a Go file be read again in which none of the texts stood that were looked for.
    pub fn look_again(&mut self) {
        if self.kind == FileKind::Go && matches!(self.scan, Scan::Nothing(_)) {
            self.scan = Scan::NotRead;
        }
    }
}

/// Sees each file as it is found, on the thread that found it; the buffer serves for many.
pub type Look<'a> = &'a (dyn Fn(&Path, FileKind, &mut Vec<u8>) -> Scan + Sync);

/// The files that `text` rules ask for.
#[derive(Clone, Debug, Default)]
pub struct TextGlobs {
    set: GlobSet,
    /// The parts of the globs that are plain names: folders that are walked although Go would
    /// skip them, as in `.github/**`.
    names: BTreeSet<String>,
    /// Files that may mention old names are listed, too.
    others: bool,
}

impl TextGlobs {
    /// Compiles globs that are matched against paths from the root; `*` does not cross a `/`.
    ///
    /// # Errors
    /// Names the first glob that does not compile.
    pub fn new<'a>(globs: impl IntoIterator<Item = &'a str>) -> Result<Self> {
        let mut set = GlobSetBuilder::new();
        let mut names = BTreeSet::new();
        for text in globs {
            let glob = GlobBuilder::new(text).literal_separator(true).build();
            set.add(glob.with_context(|| format!("the glob {text:?} does not compile"))?);
            let plain = |name: &&str| !name.contains(['*', '?', '[', '{', '\\']);
            names.extend(text.split('/').filter(plain).map(str::to_owned));
        }
        Ok(Self { set: set.build()?, names, others: false })
    }

    /// Lists files that may mention old names as well, those of CI services among them.
    #[must_use]
    pub fn and_others(mut self) -> Self {
        self.names.extend(CI_FOLDERS.map(str::to_owned));
        Self { others: true, ..self }
    }
}

/// Where to look and what to pass over.
#[derive(Clone, Copy, Debug)]
pub struct DiscoverOptions<'a> {
    /// The root, as [`find_root`](super::root::find_root) gives it.
    pub root: &'a Path,
    /// Files and folders that the user named; none: the root. What is named is never skipped.
    pub paths: &'a [PathBuf],
    /// Other files to list.
    pub texts: &'a TextGlobs,
    /// Walk `vendor` folders.
    pub include_vendor: bool,
    /// List what .gitignore excludes, too.
    pub no_ignore: bool,
    /// Files and folders, as paths from the root, that are no subject of the run: the packs in
    /// use, which speak of the old names because they must.
    pub not: &'a [PathBuf],
}

/// The files to look at, and what was passed over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Discovery {
    /// Sorted by the bytes of the path, each once.
    pub files: Vec<Candidate>,
    /// `vendor` folders that were skipped, as paths from the root, sorted.
    pub skipped_vendor: Vec<PathBuf>,
    /// Folders and files that could not be read, each with its cause; sorted.
    pub unreadable: Vec<String>,
}

/// Lists the files of a run.
///
/// Skipped are what .gitignore excludes, `.git`, `vendor`, and what Go skips: files and folders
/// that begin with `.` or `_`, and `testdata`. Symbolic links are not followed. For each named path
/// the go.mod and go.work of the folders above it, up to the root, are listed as well. The work is
/// done on the current rayon thread pool.
///
/// # Errors
/// A named path does not exist, or lies outside of the root.
pub fn discover(options: &DiscoverOptions<'_>) -> Result<Discovery> {
    discover_and(options, &|_, _, _| Scan::NotRead)
}

/// Lists the files of a run, and shows each to `look` while the walk goes on.
///
/// # Errors
/// A named path does not exist, or lies outside of the root.
pub fn discover_and(options: &DiscoverOptions<'_>, look: Look<'_>) -> Result<Discovery> {
    let starts = starting_points(options)?;
    let mut found = walk::walk(options, look, &starts);
    found.files.extend(modules_above(&starts, options.root));
    found.files.par_sort_unstable_by(|a, b| bytes(&a.path).cmp(bytes(&b.path)));
    found.files.dedup_by(|a, b| a.path == b.path);
    found.skipped_vendor.sort_by(|a, b| bytes(a).cmp(bytes(b)));
    found.skipped_vendor.dedup();
    found.unreadable.sort();
    found.unreadable.dedup();
    Ok(found)
}

fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

/// The files and folders to begin at, absolute and without symbolic links.
fn starting_points(options: &DiscoverOptions<'_>) -> Result<Vec<PathBuf>> {
    if options.paths.is_empty() {
        return Ok(vec![options.root.to_owned()]);
    }
    let start = |path: &PathBuf| {
        let real = path.canonicalize().with_context(|| {
            format!("cannot open {}: check the path and its permissions", path.display())
        })?;
        if !real.starts_with(options.root) {
            let (path, root) = (path.display(), options.root.display());
            bail!("{path} lies outside of {root}: run in its own repository instead");
        }
        Ok(real)
    };
    options.paths.iter().map(start).collect()
}

/// The go.mod and go.work files in the folders from the starting points up to the root.
fn modules_above(starts: &[PathBuf], root: &Path) -> Vec<Candidate> {
    let folders = starts
        .iter()
        .flat_map(|start| start.ancestors().skip(1).take_while(|folder| folder.starts_with(root)));
    let folders: BTreeSet<&Path> = folders.collect();
    let names = [("go.mod", FileKind::Module), ("go.work", FileKind::Workspace)];
    let candidate = |folder: &Path, (name, kind): (&str, FileKind)| {
        let path = folder.join(name);
        let is_file = path.symlink_metadata().is_ok_and(|meta| meta.is_file());
        let path = path.strip_prefix(root).ok()?.to_owned();
        is_file.then_some(Candidate { path, kind, scan: Scan::NotRead })
    };
    folders.iter().flat_map(|folder| names.map(|name| candidate(folder, name))).flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::FileKind::{Go, Module, Text, Workspace};
    use super::*;
    use std::ffi::OsStr;
    use std::fs;

    struct Tree {
        // Removes the folder when it goes.
        _folder: tempfile::TempDir,
        root: PathBuf,
    }

    /// A git repository of empty files, with the given .gitignore.
    fn tree(files: &[&str], gitignore: &str) -> Tree {
        let folder = tempfile::tempdir().expect("temporary folder");
        let root = folder.path().canonicalize().expect("exists");
        for file in files.iter().chain(&[".git/HEAD", ".git/x.go"]) {
            let path = root.join(file);
            fs::create_dir_all(path.parent().expect("inside")).expect("create");
            fs::write(path, "").expect("write");
        }
        fs::write(root.join(".gitignore"), gitignore).expect("write");
        Tree { _folder: folder, root }
    }

    impl Tree {
        fn find_with(
            &self,
            paths: &[&str],
            globs: &[&str],
            change: impl Fn(&mut DiscoverOptions<'_>),
        ) -> Discovery {
            let paths: Vec<PathBuf> = paths.iter().map(|path| self.root.join(path)).collect();
            let texts = TextGlobs::new(globs.iter().copied()).expect("globs");
            let mut options = DiscoverOptions {
                root: &self.root,
                paths: &paths,
                texts: &texts,
                include_vendor: false,
                no_ignore: false,
                not: &[],
            };
            change(&mut options);
            discover(&options).expect("paths inside the root")
        }

        fn find(&self, paths: &[&str], globs: &[&str]) -> Vec<String> {
            names(&self.find_with(paths, globs, |_| ()))
        }
    }

    fn names(found: &Discovery) -> Vec<String> {
        found.files.iter().map(|file| file.path.to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn lists_go_files_modules_and_what_text_rules_ask_for_in_byte_order() {
        let tree =
            tree(&["go.mod", "a/x.go", "a-b/x.go", "a/go.work", "a/c.yaml", "go.sum", ".env"], "");
        let found = tree.find_with(&[], &["**/*.yaml", "**/.env", "**/*.sum"], |_| ());
        assert_eq!(
            names(&found),
            [".env", "a-b/x.go", "a/c.yaml", "a/go.work", "a/x.go", "go.mod"]
        );
        let kinds: Vec<FileKind> = found.files.iter().map(|file| file.kind).collect();
        assert_eq!(kinds, [Text, Go, Text, Workspace, Go, Module]);
    }

    #[test]
    fn skips_what_go_skips_unless_it_is_named() {
        let tree =
            tree(&["_x/a.go", ".x/a.go", "testdata/a.go", "_a.go", "b/testdata/_y/c.go"], "");
        assert_eq!(tree.find(&[], &[]), [""; 0]);
        assert_eq!(tree.find(&["_x", "_a.go", "."], &[]), ["_a.go", "_x/a.go"]);
        assert_eq!(tree.find(&["b/testdata"], &[]), [""; 0], "_y was not named");
        assert_eq!(tree.find(&["b/testdata/_y"], &[]), ["b/testdata/_y/c.go"]);
    }

    #[test]
    fn a_glob_that_names_a_hidden_folder_opens_it_for_text_alone() {
        let tree = tree(&[".github/ci.yml", ".github/tool.go", ".other/x.yml", "x.yml"], "");
        assert_eq!(tree.find(&[], &["**/*.yml"]), ["x.yml"]);
        assert_eq!(tree.find(&[], &["**/*.yml", ".github/**"]), [".github/ci.yml", "x.yml"]);
    }

    #[test]
    fn vendor_is_skipped_and_counted() {
        let tree = tree(&["a.go", "vendor/m/b.go", "sub/vendor/c.go"], "");
        let found = tree.find_with(&[], &[], |_| ());
        assert_eq!(names(&found), ["a.go"]);
        assert_eq!(found.skipped_vendor, [Path::new("sub/vendor"), Path::new("vendor")]);
        let all = tree.find_with(&[], &[], |options| options.include_vendor = true);
        assert_eq!(names(&all), ["a.go", "sub/vendor/c.go", "vendor/m/b.go"]);
        assert_eq!(all.skipped_vendor, [""; 0].map(PathBuf::from));
        assert_eq!(tree.find(&["vendor/m"], &[]), ["vendor/m/b.go"]);
    }

    #[test]
    fn gitignore_is_honoured_unless_told_otherwise() {
        let tree = tree(&["a.go", "gen/b.go", "sub/gen/keep.go"], "gen/\n!sub/gen/\n");
        assert_eq!(tree.find(&[], &[]), ["a.go", "sub/gen/keep.go"]);
        let all = tree.find_with(&[], &[], |options| options.no_ignore = true);
        assert_eq!(names(&all), ["a.go", "gen/b.go", "sub/gen/keep.go"]);
    }

    #[test]
    fn a_named_path_brings_the_modules_above_it() {
        let tree = tree(&["go.work", "m/go.mod", "m/p/q/a.go", "m/r/b.go", "n/go.mod"], "");
        assert_eq!(tree.find(&["m/p"], &[]), ["go.work", "m/go.mod", "m/p/q/a.go"]);
        assert_eq!(tree.find(&["m/r/b.go"], &[]), ["go.work", "m/go.mod", "m/r/b.go"]);
    }

    #[test]
    fn paths_outside_of_the_root_and_missing_ones_are_refused_by_name() {
        let (tree, other) = (tree(&["a.go"], ""), tree(&["b.go"], ""));
        let texts = TextGlobs::default();
        let refused = |path: PathBuf| {
            let options = DiscoverOptions {
                root: &tree.root,
                paths: &[path],
                texts: &texts,
                include_vendor: false,
                no_ignore: false,
                not: &[],
            };
            discover(&options).expect_err("refused").to_string()
        };
        assert!(refused(other.root.join("b.go")).contains("b.go lies outside of"));
        assert!(refused(tree.root.join("missing")).contains("missing"));
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed_and_any_name_is_listed() {
        use std::os::unix::ffi::OsStrExt as _;
        use std::os::unix::fs::symlink;
        let (tree, other) = (tree(&["a/x.go"], ""), tree(&["secret.go"], ""));
        symlink(&other.root, tree.root.join("out")).expect("link");
        symlink(&tree.root, tree.root.join("a/loop")).expect("link");
        symlink("x.go", tree.root.join("a/y.go")).expect("link");
        let odd = tree.root.join(OsStr::from_bytes(b"a/\xff\n.go"));
        // Some file systems take UTF-8 names only.
        let odd_fits = fs::write(&odd, "").is_ok();
        let expected: &[&str] = if odd_fits { &["a/x.go", "a/\u{fffd}\n.go"] } else { &["a/x.go"] };
        assert_eq!(tree.find(&[], &[]), expected);
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_cannot_be_read_is_named() {
        use std::os::unix::fs::PermissionsExt as _;
        let tree = tree(&["a.go", "locked/b.go"], "");
        let locked = tree.root.join("locked");
        let set = |mode| fs::set_permissions(&locked, fs::Permissions::from_mode(mode));
        set(0o000).expect("own folder");
        let can_read_anyway = fs::read_dir(&locked).is_ok();
        let found = tree.find_with(&[], &[], |_| ());
        set(0o700).expect("own folder");
        if can_read_anyway {
            // The superuser reads everything.
            assert_eq!(names(&found), ["a.go", "locked/b.go"]);
        } else {
            assert_eq!(names(&found), ["a.go"]);
            assert!(found.unreadable[0].contains("locked"), "{:?}", found.unreadable);
        }
    }
}
