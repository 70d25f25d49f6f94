//! Discovery: which files a run looks at.
//!
//! Comes in: the root, the paths that the user named, and the globs of `text` rules. Goes out: the
//! candidate files in a fixed order, with what was passed over. Files are listed, not opened.

use anyhow::{Context as _, Result, bail};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use ignore::{DirEntry, WalkBuilder, WalkState};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};
use std::sync::mpsc::{Sender, channel};

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
}

/// A file to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Path from the root. Need not be UTF-8.
    pub path: PathBuf,
    /// What it is to the run.
    pub kind: FileKind,
}

/// The files that `text` rules ask for.
#[derive(Clone, Debug, Default)]
pub struct TextGlobs {
    set: GlobSet,
    /// The parts of the globs that are plain names: folders that are walked although Go would
    /// skip them, as in `.github/**`.
    names: BTreeSet<String>,
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
        Ok(Self { set: set.build()?, names })
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
    /// Threads to walk with; 0: as many as fit the machine.
    pub threads: usize,
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
/// the go.mod and go.work of the folders above it, up to the root, are listed as well. Ignore files
/// of the user's own (`core.excludesFile`) have no say, so that all machines see the same.
///
/// # Errors
/// A named path does not exist, or lies outside of the root.
pub fn discover(options: &DiscoverOptions<'_>) -> Result<Discovery> {
    let starts = starting_points(options)?;
    let mut walk = WalkBuilder::empty();
    for start in &starts {
        walk.add(start);
    }
    walk.standard_filters(false)
        .parents(!options.no_ignore)
        .git_ignore(!options.no_ignore)
        .git_exclude(!options.no_ignore)
        .threads(options.threads);

    let (sender, finds) = channel();
    walk.build_parallel().run(|| {
        let sender = sender.clone();
        Box::new(move |entry| visit(entry, options, &sender))
    });
    drop(sender);

    let mut found = Discovery::default();
    for find in finds {
        match find {
            Find::File(candidate) => found.files.push(candidate),
            Find::Vendor(path) => found.skipped_vendor.push(path),
            Find::Unreadable(message) => found.unreadable.push(message),
        }
    }
    found.files.extend(modules_above(&starts, options.root));
    found.files.sort_by(|a, b| bytes(&a.path).cmp(bytes(&b.path)));
    found.files.dedup();
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

/// What a thread of the walk has found.
enum Find {
    File(Candidate),
    Vendor(PathBuf),
    Unreadable(String),
}

fn visit(
    entry: Result<DirEntry, ignore::Error>,
    options: &DiscoverOptions<'_>,
    finds: &Sender<Find>,
) -> WalkState {
    // A send fails only when nobody collects any more, and that is after the walk.
    let send = |find| drop(finds.send(find));
    let entry = match entry {
        Ok(entry) => entry,
        Err(error) => {
            send(Find::Unreadable(error.to_string()));
            return WalkState::Continue;
        }
    };
    let Some(file_type) = entry.file_type() else { return WalkState::Continue };
    let Ok(path) = entry.path().strip_prefix(options.root) else { return WalkState::Skip };
    if file_type.is_dir() {
        let named = entry.depth() == 0;
        if named || !is_set_aside(entry.file_name()) && entry.file_name() != "vendor" {
            return WalkState::Continue;
        }
        if entry.file_name() == "vendor" {
            if options.include_vendor {
                return WalkState::Continue;
            }
            send(Find::Vendor(path.to_owned()));
            return WalkState::Skip;
        }
        let asked_for = entry.file_name().to_str().is_some_and(|n| options.texts.names.contains(n));
        return if asked_for && entry.file_name() != ".git" {
            WalkState::Continue
        } else {
            WalkState::Skip
        };
    }
    if file_type.is_file()
        && let Some(kind) = kind(path, entry.depth(), options.texts)
    {
        send(Find::File(Candidate { path: path.to_owned(), kind }));
    }
    WalkState::Continue
}

/// Whether Go skips files and folders of that name ("go help packages").
fn is_set_aside(name: &OsStr) -> bool {
    matches!(name.as_encoded_bytes().first(), Some(b'.' | b'_')) || name == "testdata"
}

/// What the file at `path` is, if it is of interest; `depth` is how many folders and files the walk
/// has gone down to it from a path that the user named.
fn kind(path: &Path, depth: usize, texts: &TextGlobs) -> Option<FileKind> {
    let go = match path.file_name()?.as_encoded_bytes() {
        b"go.mod" => Some(FileKind::Module),
        b"go.work" => Some(FileKind::Workspace),
        name if name.ends_with(b".go") => Some(FileKind::Go),
        name if name == b"go.sum" || name.ends_with(b".patch") => return None,
        _ => None,
    };
    if go.is_some() {
        let mut names = path.components().rev().take(depth).map(Component::as_os_str);
        return go.filter(|_| !names.any(is_set_aside));
    }
    texts.set.is_match(path).then_some(FileKind::Text)
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
        is_file.then_some(Candidate { path, kind })
    };
    folders.iter().flat_map(|folder| names.map(|name| candidate(folder, name))).flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::FileKind::{Go, Module, Text, Workspace};
    use super::*;
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
                threads: 2,
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
                threads: 1,
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
