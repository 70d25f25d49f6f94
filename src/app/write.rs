//! Writing files, each whole or not at all.
//!
//! Comes in: a path below the root, the bytes that were read there, and the bytes that shall stand
//! there. Goes out: the file, replaced in one step, or an error that names it and says what to do.
//! At every moment, a crash included, the path holds the old bytes or the new ones.

use anyhow::{Context as _, Result, bail};
use std::ffi::OsStr;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Component, Path, PathBuf};
use tempfile::NamedTempFile;

/// Writes files below one folder, and nowhere else.
#[derive(Clone, Debug)]
pub struct FileWriter {
    root: PathBuf,
}

impl FileWriter {
    /// A writer for the files below `root`.
    ///
    /// # Errors
    /// The folder does not exist or cannot be read.
    pub fn new(root: &Path) -> Result<Self> {
        let root = root.canonicalize().with_context(|| {
            format!("cannot open {}: check the path and its permissions", root.display())
        })?;
        Ok(Self { root })
    }

    /// Replaces the content of the file at `path` (from the root), which must still be `was`. Mode
    /// and, where the system lets us, owner and group stay. A hard link to it keeps the old bytes.
    ///
    /// # Errors
    /// The file is gone, is not a regular file, was changed since it was read, may not be written,
    /// or lies outside of the root; or the disk is full. The file is then as it was.
    pub fn replace(&self, path: &Path, was: &[u8], new: &[u8]) -> Result<()> {
        let target = self.locate(path)?;
        let shown = path.display();
        let meta = target.symlink_metadata().with_context(|| {
            format!("{shown} cannot be found any more: run again to look at what is there now")
        })?;
        if !meta.is_file() {
            bail!("{shown} is not a regular file: name the file that it stands for instead");
        }
        check_writable(&target, &meta, path)?;
        let temporary = prepare(&target, new, tempfile::Builder::new(), path)?;
        keep_owner_and_mode(temporary.as_file(), &meta).with_context(|| {
            format!("cannot give the new {shown} the mode of the old one: check who owns it")
        })?;
        // As late as can be: what was saved in an editor meanwhile must not be lost.
        let unchanged = holds(&target, was).with_context(|| {
            format!("cannot read {shown} any more: nothing was written to it, run again")
        })?;
        if !unchanged {
            bail!("{shown} was changed during the run: nothing was written to it, run again");
        }
        temporary.persist(&target).map_err(|error| error.error).with_context(|| {
            format!("cannot replace {shown}: check the permissions of its folder")
        })?;
        Ok(())
    }

    /// Creates a file, and the folders above it that are missing.
    ///
    /// # Errors
    /// Something stands at `path` already, it lies outside of the root, or cannot be written.
    pub fn create(&self, path: &Path, content: &[u8], executable: bool) -> Result<()> {
        let shown = path.display();
        self.create_folders(path)?;
        let target = self.locate(path)?;
        let mut builder = tempfile::Builder::new();
        ask_for_mode(&mut builder, executable);
        let temporary = prepare(&target, content, builder, path)?;
        match temporary.persist_noclobber(&target) {
            Ok(_) => Ok(()),
            Err(error) if error.error.kind() == ErrorKind::AlreadyExists => {
                bail!("{shown} exists already: move it away, or leave out the rule that creates it")
            }
            Err(error) => Err(error.error).with_context(|| {
                format!("cannot create {shown}: check the permissions of its folder")
            }),
        }
    }

    /// The absolute path of a file in a folder that exists and, links resolved, is below the root.
    fn locate(&self, path: &Path) -> Result<PathBuf> {
        let (folder, name) = parts(path)?;
        let folder = self.root.join(folder).canonicalize().with_context(|| {
            format!("cannot open the folder of {}: check its permissions", path.display())
        })?;
        self.check_inside(&folder, path)?;
        Ok(folder.join(name))
    }

    /// Makes the folders above `path`, none of them through a link out of the root.
    fn create_folders(&self, path: &Path) -> Result<()> {
        let (folder, _) = parts(path)?;
        let folder = self.root.join(folder);
        let real = folder.ancestors().find_map(|above| above.canonicalize().ok());
        self.check_inside(real.as_deref().unwrap_or(Path::new("")), path)?;
        fs::create_dir_all(&folder).with_context(|| {
            format!(
                "cannot create the folder of {}: check the permissions above it",
                path.display()
            )
        })
    }

    fn check_inside(&self, folder: &Path, path: &Path) -> Result<()> {
        if !folder.starts_with(&self.root) {
            let (path, root) = (path.display(), self.root.display());
            bail!("{path} leads out of {root} through a link: nothing is written there");
        }
        Ok(())
    }
}

/// The folder and the name of a path from the root.
fn parts(path: &Path) -> Result<(&Path, &OsStr)> {
    let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    match (path.parent(), path.file_name()) {
        (Some(folder), Some(name)) if plain => Ok((folder, name)),
        _ => bail!("{} is not a path below the root: nothing is written there", path.display()),
    }
}

/// Refuses what the user protected: with rights on the folder alone a rename would replace it.
fn check_writable(target: &Path, meta: &Metadata, path: &Path) -> Result<()> {
    let shown = path.display();
    if meta.permissions().readonly() {
        bail!("{shown} is read-only: make it writable (chmod u+w) and run again");
    }
    // Opening changes nothing; it asks the system about all that decides, owner and mount included.
    OpenOptions::new().write(true).open(target).with_context(|| {
        format!(
            "{shown} may not be written: check who owns it and that its file system is writable"
        )
    })?;
    Ok(())
}

/// A temporary file beside `target` that holds `content` on the disk. It goes away unless it is
/// given its name.
fn prepare(
    target: &Path,
    content: &[u8],
    mut builder: tempfile::Builder<'_, '_>,
    path: &Path,
) -> Result<NamedTempFile> {
    let folder = target.parent().unwrap_or(target);
    builder.prefix(".dmmigrate-").suffix(".tmp");
    let shown = path.display();
    let mut temporary = builder.tempfile_in(folder).with_context(|| {
        format!("cannot create a file beside {shown}: check the permissions of its folder")
    })?;
    // Without the sync, a crash after the rename could leave the name on an empty file.
    let written = temporary.write_all(content).and_then(|()| temporary.as_file().sync_all());
    written.with_context(|| {
        format!("cannot write the new {shown}: check the free space; the old one stays as it was")
    })?;
    Ok(temporary)
}

fn holds(target: &Path, was: &[u8]) -> std::io::Result<bool> {
    Ok(fs::metadata(target)?.len() == was.len() as u64 && fs::read(target)? == was)
}

#[cfg(unix)]
fn keep_owner_and_mode(file: &File, meta: &Metadata) -> std::io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let own = file.metadata()?;
    if (own.uid(), own.gid()) != (meta.uid(), meta.gid()) {
        // Only the superuser may give a file away, and members of a group may give it to that. What
        // is not allowed stays undone: the content matters more.
        let _ = fchown(file, Some(meta.uid()), Some(meta.gid()))
            .or_else(|_| fchown(file, None, Some(meta.gid())));
    }
    // After the owner, since a change of owner clears some bits.
    file.set_permissions(meta.permissions())
}

#[cfg(not(unix))]
fn keep_owner_and_mode(file: &File, meta: &Metadata) -> std::io::Result<()> {
    file.set_permissions(meta.permissions())
}

/// Asks for the mode of a new file; the user's umask takes from it.
#[cfg(unix)]
fn ask_for_mode(builder: &mut tempfile::Builder<'_, '_>, executable: bool) {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = if executable { 0o777 } else { 0o666 };
    builder.permissions(fs::Permissions::from_mode(mode));
}

#[cfg(not(unix))]
fn ask_for_mode(_builder: &mut tempfile::Builder<'_, '_>, _executable: bool) {}

#[cfg(test)]
mod tests {
    use super::*;

    struct Tree {
        folder: tempfile::TempDir,
        writer: FileWriter,
    }

    /// A folder with the file `a/x.go`, which holds `old`.
    fn tree() -> Tree {
        let folder = tempfile::tempdir().expect("temporary folder");
        fs::create_dir(folder.path().join("a")).expect("create");
        fs::write(folder.path().join("a/x.go"), "old").expect("write");
        let writer = FileWriter::new(folder.path()).expect("exists");
        Tree { folder, writer }
    }

    impl Tree {
        fn replace(&self, path: &str) -> Result<()> {
            self.writer.replace(Path::new(path), b"old", b"new")
        }

        fn path(&self, path: &str) -> PathBuf {
            self.folder.path().join(path)
        }

        fn text(&self, path: &str) -> String {
            fs::read_to_string(self.path(path)).expect("read")
        }

        /// The names in a folder; a temporary file left behind would be among them.
        fn names(&self, folder: &str) -> Vec<String> {
            let entries = fs::read_dir(self.path(folder)).expect("read");
            let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("read").file_name();
            let mut names: Vec<_> =
                entries.map(|entry| name(entry).to_string_lossy().into_owned()).collect();
            names.sort();
            names
        }
    }

    fn message(result: Result<()>) -> String {
        result.expect_err("refused").to_string()
    }

    #[test]
    fn replaces_the_content_and_leaves_nothing_else() {
        let tree = tree();
        tree.replace("a/x.go").expect("written");
        assert_eq!(tree.text("a/x.go"), "new");
        assert_eq!(tree.names("a"), ["x.go"]);
    }

    #[test]
    fn a_file_that_was_changed_or_removed_meanwhile_is_left_and_named() {
        let tree = tree();
        fs::write(tree.path("a/x.go"), "mine").expect("write");
        let refused = message(tree.replace("a/x.go"));
        assert!(refused.contains("a/x.go was changed during the run"), "{refused}");
        assert_eq!(tree.text("a/x.go"), "mine");
        fs::remove_file(tree.path("a/x.go")).expect("remove");
        let refused = message(tree.replace("a/x.go"));
        assert!(refused.contains("a/x.go cannot be found any more"), "{refused}");
        assert_eq!(tree.names("a"), [""; 0]);
    }

    #[test]
    fn a_read_only_file_is_left_and_named() {
        let tree = tree();
        let path = tree.path("a/x.go");
        let mut mode = fs::metadata(&path).expect("there").permissions();
        mode.set_readonly(true);
        fs::set_permissions(&path, mode).expect("own file");
        let refused = message(tree.replace("a/x.go"));
        assert!(refused.contains("a/x.go is read-only"), "{refused}");
        assert_eq!(tree.text("a/x.go"), "old");
        assert_eq!(tree.names("a"), ["x.go"]);
    }

    #[test]
    fn paths_out_of_the_root_are_refused() {
        let tree = tree();
        for path in ["../x.go", "/x.go", "a/../../x.go", "", "."] {
            let refused = message(tree.replace(path));
            assert!(refused.contains("not a path below the root"), "{refused}");
        }
    }

    #[test]
    fn creates_a_file_with_its_folders_but_never_over_another() {
        let tree = tree();
        let create = |path| tree.writer.create(Path::new(path), b"made", false);
        create("b/c/y.go").expect("created");
        assert_eq!(tree.text("b/c/y.go"), "made");
        assert!(message(create("a/x.go")).contains("a/x.go exists already"));
        assert_eq!(tree.text("a/x.go"), "old");
        assert_eq!(tree.names("a"), ["x.go"]);
    }

    #[cfg(unix)]
    mod unix {
        use super::*;
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

        #[test]
        fn keeps_mode_and_owner() {
            let tree = tree();
            let path = tree.path("a/x.go");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o754)).expect("own file");
            // Works for the superuser only; for others owner and group are their own anyway.
            let _ = std::os::unix::fs::chown(&path, Some(12_345), Some(23_456));
            let before = fs::metadata(&path).expect("there");
            tree.replace("a/x.go").expect("written");
            let after = fs::metadata(&path).expect("there");
            assert_eq!(after.mode(), before.mode());
            assert_eq!((after.uid(), after.gid()), (before.uid(), before.gid()));
            assert_ne!(after.ino(), before.ino(), "the file was replaced, not written into");
        }

        #[test]
        fn a_new_file_is_executable_if_asked_and_never_private() {
            let tree = tree();
            tree.writer.create(Path::new("run.sh"), b"", true).expect("created");
            tree.writer.create(Path::new("x.txt"), b"", false).expect("created");
            fs::write(tree.path("plain"), "").expect("write");
            let mode = |path| fs::metadata(tree.path(path)).expect("there").mode() & 0o777;
            assert_eq!(mode("x.txt"), mode("plain"));
            assert_eq!(mode("run.sh") & 0o700, 0o700);
        }

        #[test]
        fn links_are_neither_replaced_nor_followed_out_of_the_root() {
            let (tree, other) = (super::tree(), super::tree());
            symlink("x.go", tree.path("a/link.go")).expect("link");
            symlink(other.path("a"), tree.path("out")).expect("link");
            assert!(message(tree.replace("a/link.go")).contains("is not a regular file"));
            assert!(message(tree.replace("out/x.go")).contains("leads out of"));
            let made = tree.writer.create(Path::new("out/deep/y.go"), b"", false);
            assert!(message(made).contains("leads out of"));
            assert_eq!(other.names("a"), ["x.go"]);
            assert_eq!(other.text("a/x.go"), "old");
        }
    }
}
