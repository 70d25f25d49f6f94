use super::*;
use std::fs;

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
