use super::*;
use crate::text::EditSet;

fn edited(text: &str, changes: &[ImportChange]) -> String {
    let file = SourceFile::new("a.go", text);
    EditSet::from_edits(edit_imports(&file, changes)).expect("disjoint").apply(text)
}

fn add(path: &str) -> ImportChange {
    ImportChange::Add { path: path.into(), name: None }
}

fn set(index: usize, path: &str) -> ImportChange {
    ImportChange::Set { index, path: path.into(), name: None }
}

fn remove(index: usize) -> ImportChange {
    ImportChange::Remove { index }
}

const TWO_GROUPS: &str = "package p\n\nimport (\n\t\"fmt\"\n\t\"os\" // o\n\n\t\"a.com/x\"\n\t// about y\n\tz \"b.com/y\"\n)\n\nvar x = 1\n";

#[test]
fn a_new_import_goes_into_its_group_in_order() {
    let after = edited(TWO_GROUPS, &[add("io"), add("b.com/a")]);
    assert_eq!(
        after,
        TWO_GROUPS
            .replace("\t\"os\"", "\t\"io\"\n\t\"os\"")
            .replace("\t// about", "\t\"b.com/a\"\n\t// about")
    );
}

#[test]
fn an_unsorted_group_is_appended_to() {
    let text = "package p\n\nimport (\n\t\"os\"\n\t\"fmt\"\n)\n";
    assert_eq!(edited(text, &[add("io")]), text.replace("\t\"fmt\"\n", "\t\"fmt\"\n\t\"io\"\n"));
}

#[test]
fn a_path_changes_in_place_and_the_group_stays_sorted() {
    assert_eq!(
        edited(TWO_GROUPS, &[set(2, "c.com/x")]),
        TWO_GROUPS.replace("\t\"a.com/x\"\n", "").replace("y\"\n)", "y\"\n\t\"c.com/x\"\n)")
    );
    let single = "package p\n\nimport x \"a\" // c\n";
    let change = ImportChange::Set { index: 0, path: "b".into(), name: Some("x".into()) };
    assert_eq!(edited(single, &[change]), single.replace("\"a\"", "\"b\""));
}

#[test]
fn removing_leaves_no_empty_group_or_declaration() {
    let plain = TWO_GROUPS.replace(" // o", "").replace("\t// about y\n", "");
    assert_eq!(edited(&plain, &[remove(1)]), plain.replace("\t\"os\"\n", ""));
    assert_eq!(
        edited(&plain, &[remove(0), remove(1)]),
        plain.replace("\t\"fmt\"\n\t\"os\"\n\n", "")
    );
    assert_eq!(
        edited(&plain, &[remove(2), remove(3)]),
        plain.replace("\n\t\"a.com/x\"\n\tz \"b.com/y\"\n", "")
    );
    let single = "package p\n\nimport \"a\"\n\nvar x = 1\n";
    assert_eq!(edited(single, &[remove(0)]), "package p\n\nvar x = 1\n");
}

#[test]
fn comments_of_an_import_that_goes_stay_where_it_was() {
    let without = |text: &str| TWO_GROUPS.replace("\t\"os\" // o\n", text);
    assert_eq!(edited(TWO_GROUPS, &[remove(1)]), without("\t// o\n"));
    assert_eq!(
        edited(TWO_GROUPS, &[remove(0), remove(1), add("io")]),
        without("\t// o\n\t\"io\"\n").replace("\t\"fmt\"\n\t// o\n\t\"io\"", "\t\"io\"\n\t// o")
    );
    assert_eq!(edited(TWO_GROUPS, &[remove(3)]), TWO_GROUPS.replace("\tz \"b.com/y\"\n", ""));
    let all: Vec<ImportChange> = (0..4).map(remove).collect();
    assert_eq!(edited(TWO_GROUPS, &all), "package p\n\n// o\n// about y\n\nvar x = 1\n");
    let single = "package p\n\n// above\nimport \"a\" // behind\n\nvar x = 1\n";
    let left = single.replace("import \"a\" ", "");
    assert_eq!(edited(single, &[remove(0)]), left);
    // An import that moves to another group takes them along.
    assert_eq!(
        edited(TWO_GROUPS, &[set(3, "io")]),
        TWO_GROUPS
            .replace("\t// about y\n\tz \"b.com/y\"\n", "")
            .replace("\t\"os\"", "\t// about y\n\t\"io\"\n\t\"os\"")
    );
    let block = TWO_GROUPS.replace("\t// about y\n", "\t/* about y */\n");
    assert_eq!(edited(&block, &[add("c.com/z")]), block.replace("\n)", "\n\t\"c.com/z\"\n)"));
}

#[test]
fn a_single_import_becomes_a_group() {
    let text = "package p\n\nimport \"fmt\"\n";
    assert_eq!(
        edited(text, &[add("errors")]),
        "package p\n\nimport (\n\t\"errors\"\n\t\"fmt\"\n)\n"
    );
    assert_eq!(
        edited(text, &[add("a.com/x")]),
        "package p\n\nimport (\n\t\"fmt\"\n\n\t\"a.com/x\"\n)\n"
    );
}

#[test]
fn groups_are_made_where_there_is_none_to_fit_in() {
    let text = "package p\n\nimport (\n\t\"fmt\"\n)\n";
    assert_eq!(
        edited(text, &[add("a.com/x")]),
        text.replace("\"fmt\"\n", "\"fmt\"\n\n\t\"a.com/x\"\n")
    );
    let text = "package p\n\nimport (\n\t\"a.com/x\"\n)\n";
    assert_eq!(
        edited(text, &[add("fmt")]),
        text.replace("\t\"a.com/x\"", "\t\"fmt\"\n\n\t\"a.com/x\"")
    );
}

#[test]
fn the_first_import_stands_behind_the_package_clause() {
    assert_eq!(
        edited("package p // c\n\nvar x = 1\n", &[add("fmt")]),
        "package p // c\n\nimport \"fmt\"\n\nvar x = 1\n"
    );
    assert_eq!(edited("package p", &[add("fmt")]), "package p\n\nimport \"fmt\"");
}

#[test]
fn the_import_of_c_is_never_touched() {
    let text = "package p\n\n// #include <x.h>\nimport \"C\"\n\nvar x = 1\n";
    assert_eq!(edited(text, &[set(0, "D"), ImportChange::Remove { index: 0 }]), text);
    assert_eq!(
        edited(text, &[add("fmt")]),
        text.replace("import \"C\"\n", "import \"C\"\n\nimport \"fmt\"\n")
    );
}

#[test]
fn line_ends_are_those_of_the_file() {
    let text = "package p\r\n\r\nimport (\r\n\t\"fmt\"\r\n)\r\n";
    assert_eq!(edited(text, &[add("os")]), text.replace("\"fmt\"\r\n", "\"fmt\"\r\n\t\"os\"\r\n"));
}

#[test]
fn what_is_there_already_is_not_added_twice() {
    assert_eq!(edited(TWO_GROUPS, &[add("fmt")]), TWO_GROUPS);
    let merged = edited(TWO_GROUPS, &[set(1, "fmt")]);
    assert_eq!(merged, TWO_GROUPS.replace("\t\"os\" // o\n", "\t// o\n"));
}
