//! `types`: what a person, and what a program reads of a file's expressions.

use insta_cmd::assert_cmd_snapshot;

use crate::support::repository::Repository;

const CODE: &str = "package a

import \"example.com/gone/db\"

const limit = 10 * 2

type store struct {
\tnames map[string][]int
\tgone  db.Handle
}

func (s *store) count(name string) (n int, err error) {
\tn = len(s.names[name]) + limit
L:
\tfor range n {
\t\tbreak L
\t}
\treturn n, s.gone.Err
}
";

fn snapshot(check: impl FnOnce()) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots/types-command");
    settings.set_prepend_module_to_snapshot(false);
    settings.add_filter(r"program: .*", "program: dmmigrate");
    settings.bind(check);
}

fn repository() -> Repository {
    Repository::new(&[
        ("go.mod", "module example.com/a\n\ngo 1.24\n"),
        ("a/a.go", CODE),
        ("a/small.go", "package a\n\nvar small = limit\n"),
        ("a/gone.go", "package a\n\nimport \"example.com/gone/db\"\n\nvar gone = db.Open()\n"),
        ("a/broken.go", "package a\n\nfunc f( {\n\nvar x = limit\n"),
    ])
}

#[test]
fn a_file_is_listed_with_types_and_reasons() {
    let repository = repository();
    snapshot(|| assert_cmd_snapshot!("text", repository.dmmigrate(&["types", "a/a.go"])));
}

#[test]
fn programs_get_one_document() {
    let repository = repository();
    let args = ["types", "a/small.go", "--format", "json", "--quiet"];
    snapshot(|| assert_cmd_snapshot!("json", repository.dmmigrate(&args)));
}

#[test]
fn programs_are_told_why_a_type_is_not_known() {
    let repository = repository();
    let args = ["types", "a/gone.go", "--format", "json", "--quiet"];
    snapshot(|| assert_cmd_snapshot!("json-unknown", repository.dmmigrate(&args)));
}

#[test]
fn broken_code_has_no_types() {
    let repository = repository();
    snapshot(|| assert_cmd_snapshot!("broken", repository.dmmigrate(&["types", "a/broken.go"])));
}

#[test]
fn what_is_no_go_file_is_refused() {
    let repository = repository();
    std::fs::write(repository.path().join("a/latin.go"), b"package a\xe9\n").expect("written");
    for (name, file) in [("missing", "a/nothing.go"), ("no-go", "go.mod"), ("latin", "a/latin.go")]
    {
        snapshot(|| assert_cmd_snapshot!(name, repository.dmmigrate(&["types", file])));
    }
}
