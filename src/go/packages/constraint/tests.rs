use super::*;

fn file(name: &str, head: &str) -> Constraint {
    Constraint::of_file(name, head)
}

#[test]
fn platforms_exclude_each_other() {
    let linux = file("a_linux.go", "");
    assert!(!linux.compatible(&file("a_windows_test.go", "")));
    assert!(linux.compatible(&file("a_linux_arm64.go", "")));
    assert!(linux.compatible(&file("b.go", "//go:build unix && !cgo\n")));
    assert!(!linux.compatible(&file("b.go", "//go:build !unix\n")));
    assert!(
        !file("x_amd64.go", "").compatible(&file("x.go", "//go:build !amd64 || purego && !purego"))
    );
    assert_eq!(file("linux.go", ""), Constraint::Always, "no name before the tag");
}

#[test]
fn old_style_lines_are_read_where_there_is_no_new_one() {
    let both = file("a.go", "// +build linux,!cgo darwin\n// +build amd64\n");
    assert!(both.compatible(&file("a_linux_amd64.go", "")));
    assert!(!both.compatible(&file("a_linux_arm64.go", "")));
    assert!(!both.compatible(&file("a_windows.go", "")));
}

#[test]
fn ignored_files_are_apart() {
    let ignored = file("gen.go", "//go:build ignore\n");
    assert!(ignored.needs_ignore());
    assert!(!file("a.go", "").compatible(&ignored));
    assert!(ignored.compatible(&ignored));
    assert!(!file("a.go", "//go:build !ignore").needs_ignore());
}

#[test]
fn a_language_version_is_the_oldest_release_that_builds_the_file() {
    let version =
        |line: &str| file_version(&format!("{line}\n\npackage p\n")).map(|v| v.to_string());
    assert_eq!(version("// x\n//go:build go1.22\n").as_deref(), Some("1.22"));
    assert_eq!(version("//go:build linux && go1.18 && go1.21").as_deref(), Some("1.21"));
    assert_eq!(version("//go:build go1.18 && linux || go1.21").as_deref(), Some("1.18"));
    assert_eq!(version("//go:build !(!go1.20 || windows)").as_deref(), Some("1.20"));
    assert_eq!(version("//go:build linux || go1.21"), None);
    assert_eq!(version("//go:build !go1.21"), None);
    assert_eq!(version("// +build go1.21"), None, "only the new form counts");
    assert_eq!(version("\n/*\n//go:build go1.21\n*/"), None, "a comment of its own");
    assert_eq!(file_version("package p\n\n//go:build go1.21\n").map(|v| v.to_string()), None);
}

#[test]
fn releases_are_set_and_nonsense_holds() {
    let always = Constraint::Always;
    assert!(!always.compatible(&file("a.go", "//go:build !go1.18\n")));
    assert!(always.compatible(&file("a.go", "//go:build go1.18\n")));
    assert!(always.compatible(&file("a.go", "//go:build (((\n")));
}
