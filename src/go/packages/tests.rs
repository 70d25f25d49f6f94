use super::*;

const FILES: &[(&str, &str)] = &[
    (
        "/repo/go.mod",
        "module example.com/app\ngo 1.21\nrequire (\n\tgithub.com/BurntSushi/toml v1.2.0\n\tgitee.com/x/dm v1.8.0\n\texample.com/near v1.0.0\n\texample.com/far v1.0.0\n)\nreplace example.com/near => ./near\nreplace gitee.com/x/dm v1.8.0 => example.com/fork v1.0.1\n",
    ),
    ("/repo/main.go", "package main\n"),
    (
        "/repo/store/store.go",
        "package store\n\nvar (\n\tA, B = f(1, c), 2\n\t_ int\n)\ntype (\n\tT[P any] struct{ x, y int }\n\tU = T[int]\n)\nfunc (t *T[P]) Get() P\nfunc Plain[Q any]()\nconst C, D = iota, iota\n",
    ),
    ("/repo/store/store_test.go", "package store\n\nfunc helper() {}\n"),
    ("/repo/store/x_test.go", "package store_test\n\nfunc outer() {}\n"),
    ("/repo/store/gen.go", "//go:build ignore\n\npackage main\n\nfunc main() {}\n"),
    ("/repo/near/go.mod", "module example.com/near\n"),
    ("/repo/near/near.go", "package close\n"),
    ("/repo/odd/odd.go", "package odd\nfunc (t *O) m() {}\nvar v, w = 1, (\n"),
    ("/mod/github.com/!burnt!sushi/toml@v1.2.0/x.go", "package toml\n"),
    ("/mod/example.com/fork@v1.0.1/x.go", "package dm\n"),
    ("/go/src/fmt/fmt.go", "package fmt\n"),
    ("/go/src/net/http/http.go", "package http\n"),
    ("/go/src/vendor/golang.org/x/net/idna/i.go", "package idna\n"),
];

fn index_of(files: &[(&str, &str)]) -> PackageIndex {
    let env = GoEnv {
        root: "/repo".into(),
        goroot: Some("/go".into()),
        module_cache: Some("/mod".into()),
    };
    PackageIndex::new(Arc::new(MemoryFileSystem::new(files.iter().copied())), env)
}

fn index() -> PackageIndex {
    index_of(FILES)
}

fn found(index: &PackageIndex, from: &str, path: &str) -> String {
    match index.resolve(from, path) {
        Resolution::Found { dir, .. } => dir.to_str().expect("text").into(),
        Resolution::Missing(why) => why.to_string(),
    }
}

#[test]
fn import_paths_lead_to_folders() {
    let index = index();
    for (path, dir) in [
        ("example.com/app/store", "/repo/store"),
        ("example.com/app", "/repo"),
        ("example.com/app/near", "no such folder with Go files"),
        ("example.com/near", "/repo/near"),
        ("github.com/BurntSushi/toml", "/mod/github.com/!burnt!sushi/toml@v1.2.0"),
        ("gitee.com/x/dm", "/mod/example.com/fork@v1.0.1"),
        ("example.com/far/x", "module example.com/far v1.0.0 is not on this machine"),
        ("example.com/unheard", "no required module provides it"),
        ("net/http", "/go/src/net/http"),
        ("C", "cgo has no source"),
    ] {
        assert_eq!(found(&index, "store", path), dir, "{path}");
    }
    assert_eq!(
        found(&index, "/go/src/net/http", "golang.org/x/net/idna"),
        "/go/src/vendor/golang.org/x/net/idna"
    );
}

#[test]
fn vendor_goes_before_the_module_cache() {
    let mut files = FILES.to_vec();
    files.push(("/repo/vendor/modules.txt", "# gitee.com/x/dm v1.8.0\n"));
    files.push(("/repo/vendor/gitee.com/x/dm/a.go", "package vendored\n"));
    let index = index_of(&files);
    assert_eq!(found(&index, "", "gitee.com/x/dm"), "/repo/vendor/gitee.com/x/dm");
    assert_eq!(index.package_name("", "gitee.com/x/dm").as_deref(), Some("vendored"));
    // A vendored package is imported under its own path, and imports as its module does.
    let vendored = index.package("vendor/gitee.com/x/dm", "vendored", false);
    assert_eq!(vendored.map(|p| p.import_path().to_string()).as_deref(), Ok("gitee.com/x/dm"));
    assert_eq!(found(&index, "vendor/gitee.com/x/dm", "example.com/app/store"), "/repo/store");
}

#[test]
fn a_workspace_joins_its_modules() {
    let mut files = FILES.to_vec();
    files.push(("/repo/go.work", "go 1.21\nuse (\n\t.\n\t./tool\n)\n"));
    files.push(("/repo/tool/go.mod", "module example.com/tool\ngo 1.21\n"));
    files.push(("/repo/tool/t.go", "package tool\n"));
    let index = index_of(&files);
    assert_eq!(found(&index, "", "example.com/tool"), "/repo/tool");
    assert_eq!(found(&index, "tool", "example.com/near"), "/repo/near");
}

#[test]
fn versions_are_the_highest_that_anything_requires_before_go_1_17() {
    let mut files = FILES.to_vec();
    files[0].1 = "module example.com/app\nrequire a.b/c v1.0.0\n";
    files.push(("/mod/cache/download/a.b/c/@v/v1.0.0.mod", "module a.b/c\nrequire d.e/f v1.5.0\n"));
    files.push(("/mod/d.e/f@v1.5.0/f.go", "package f\n"));
    assert_eq!(found(&index_of(&files), "", "d.e/f"), "/mod/d.e/f@v1.5.0");
}

#[test]
fn trees_without_modules_use_their_vendor_folders() {
    let files = [
        ("/repo/a/a.go", "package a\n"),
        ("/repo/vendor/x.y/z/z.go", "package z\n"),
        ("/repo/a/vendor/x.y/z/z.go", "package inner\n"),
    ];
    let index = index_of(&files);
    assert_eq!(found(&index, "a", "x.y/z"), "/repo/a/vendor/x.y/z");
    assert_eq!(found(&index, "b", "x.y/z"), "/repo/vendor/x.y/z");
    assert_eq!(found(&index, "", "os"), "the standard library is not on this machine");
}

#[test]
fn names_come_from_the_sources() {
    let index = index();
    assert_eq!(index.package_name("", "example.com/near").as_deref(), Some("close"));
    assert_eq!(index.package_name("", "example.com/app/store").as_deref(), Some("store"));
    assert_eq!(index.package_name("", "example.com/unheard"), None);
    let store = index.package("store", "store", false).expect("there");
    assert_eq!(store.declared(), ["A", "B", "C", "D", "Plain", "T", "U", "_"]);
    assert_eq!(store.method_sites("T", "Get").len(), 1);
    assert_eq!(&**store.import_path(), "example.com/app/store");
}

#[test]
fn tests_see_their_own_declarations() {
    let index = index();
    let declares = |file: &str, clause: &str, name: &str| {
        let file = SourceFile::new(format!("store/{file}"), format!("package {clause}\n"));
        index.package_declares(&file, name)
    };
    assert!(!declares("a.go", "store", "helper"));
    assert!(declares("a_test.go", "store", "helper"));
    assert!(declares("a_test.go", "store", "A"));
    assert!(!declares("a_test.go", "store_test", "A"));
    assert!(declares("a_test.go", "store_test", "outer"));
}

#[test]
fn files_that_do_not_parse_declare_what_can_be_read() {
    let index = index();
    let odd = index.package("odd", "odd", false).expect("there");
    assert_eq!(odd.method_sites("O", "m").len(), 1);
}

#[test]
fn api_files_stand_for_what_is_missing_only() {
    let api = |path: &str| ApiFile {
        import_path: path.into(),
        versions: None,
        name: "api.go".into(),
        text: "package stood\n\nfunc F()\n".into(),
    };
    let index = index().with_api(vec![api("example.com/far"), api("example.com/near")]);
    assert_eq!(index.package_name("", "example.com/far").as_deref(), Some("stood"));
    assert_eq!(index.package_name("", "example.com/near").as_deref(), Some("close"));
}

#[test]
fn internal_packages_are_folders_like_others() {
    let mut files = FILES.to_vec();
    files.push(("/repo/store/internal/rows/r.go", "package rows\n"));
    files.push(("/go/src/internal/poll/p.go", "package poll\n"));
    let index = index_of(&files);
    let inside = "example.com/app/store/internal/rows";
    assert_eq!(found(&index, "store", inside), "/repo/store/internal/rows");
    assert_eq!(index.package_name("store", inside).as_deref(), Some("rows"));
    assert_eq!(found(&index, "/go/src/net/http", "internal/poll"), "/go/src/internal/poll");
}

#[test]
fn a_module_is_read_once_for_all_of_its_folders() {
    struct Counting(MemoryFileSystem, std::sync::atomic::AtomicUsize);
    impl FileSystem for Counting {
        fn read(&self, path: &Path) -> Option<String> {
            if path.ends_with("go.mod") {
                self.1.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            }
            self.0.read(path)
        }
        fn list(&self, folder: &Path) -> Option<Vec<Entry>> {
            self.0.list(folder)
        }
    }
    let files: Vec<(String, &str)> = (0..20)
        .map(|n| (format!("/repo/p{n}/p.go"), "package p\n"))
        .chain([("/repo/go.mod".to_owned(), "module example.com/app\ngo 1.21\n")])
        .collect();
    let fs = Arc::new(Counting(MemoryFileSystem::new(files), 0.into()));
    let env = GoEnv { root: "/repo".into(), ..GoEnv::default() };
    let index = PackageIndex::new(fs.clone(), env);
    for n in 0..20 {
        assert!(index.import(&format!("p{n}"), "example.com/app/p0").is_ok());
    }
    assert_eq!(fs.1.load(std::sync::atomic::Ordering::Relaxed), 1);
}

#[test]
fn of_other_files_declarations_are_kept_and_bodies_are_not() {
    let files = [
        ("/repo/go.mod", "module example.com/app\n"),
        ("/repo/a/a.go", "package a\n\nfunc F() int {\n\tlong()\n}\n"),
    ];
    let index = index_of(&files);
    let package = index.package("a", "a", false).expect("there");
    assert_eq!(&**package.files()[0].source.text(), "func F() int");
    let site = package.sites("F")[0];
    assert_eq!(site.name.of(files[1].1), "F", "places are those of the whole file");
}
