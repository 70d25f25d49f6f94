use super::*;

/// `text`, in which every `find` became `new`, settled.
fn settled(text: &str, find: &str, new: &str) -> String {
    let edits = text.match_indices(find);
    let edits = edits.map(|(at, _)| Edit::replace(Span::new(at, at + find.len()), new));
    let edits = EditSet::from_edits(edits.collect()).expect("disjoint");
    assert!(!edits.is_empty(), "{find} is not in {text}");
    settle(text, &edits).apply(text)
}

/// The body of a function, settled as [`settled`] does.
fn in_func(body: &str, find: &str, new: &str) -> String {
    let text = format!("package p\n\nfunc f() {{\n{body}}}\n");
    let out = settled(&text, find, new);
    let body = out.strip_prefix("package p\n\nfunc f() {\n").and_then(|b| b.strip_suffix("}\n"));
    body.unwrap_or(&out).to_string()
}

fn in_file(decls: &str, find: &str, new: &str) -> String {
    let out = settled(&format!("package p\n\n{decls}"), find, new);
    out.strip_prefix("package p\n\n").unwrap_or(&out).to_string()
}

#[test]
fn comments_at_line_ends_stay_in_one_column() {
    assert_eq!(
        in_func("\ta := 1 // x\n\tlong := 2 // y\n", "long := ", "l := "),
        "\ta := 1 // x\n\tl := 2 // y\n",
        "what was not aligned is not touched"
    );
    assert_eq!(
        in_func("\ta := 1    // x\n\tlong := 2 // y\n", "long", "l"),
        "\ta := 1 // x\n\tl := 2 // y\n"
    );
    assert_eq!(
        in_func("\ta := 1 // x\n\tb := 2 // y\n\n\tc := 3 // z\n", "b", "longer"),
        "\ta := 1      // x\n\tlonger := 2 // y\n\n\tc := 3 // z\n",
        "a blank line ends the column"
    );
    assert_eq!(
        in_func("\ta() // x\n\tif b {\n\t\tc() // y\n\t}\n\td() // z\n", "c()", "longer()"),
        "\ta() // x\n\tif b {\n\t\tlonger() // y\n\t}\n\td() // z\n",
        "a statement of several lines ends the column"
    );
}

#[test]
fn keys_and_values_of_a_literal_stay_in_columns() {
    assert_eq!(
        in_file("var x = T{\n\tA:    1,\n\tLong: 2, // c\n}\n", "Long", "B"),
        "var x = T{\n\tA: 1,\n\tB: 2, // c\n}\n"
    );
    assert_eq!(
        in_file("var x = T{\n\tA: 1,\n\tB: f(\n\t\t1),\n\tC: 3,\n}\n", "C", "Longer"),
        "var x = T{\n\tA: 1,\n\tB: f(\n\t\t1),\n\tLonger: 3,\n}\n",
        "a value of several lines ends the column"
    );
}

#[test]
fn a_key_much_longer_than_those_before_begins_a_new_column() {
    let long = "AKeyOfMoreThanFortyCharactersThatNobodyWouldWrite";
    assert_eq!(
        in_file("var x = T{\n\tA: 1,\n\tB: 2,\n\tC: 3,\n}\n", "C", long),
        format!("var x = T{{\n\tA: 1,\n\tB: 2,\n\t{long}: 3,\n}}\n")
    );
    assert_eq!(
        in_file("var x = T{\n\tA: 1,\n\tB: 2,\n\tC: 3,\n}\n", "C", "AKeyOfNotSoManyCharacters"),
        "var x = T{\n\tA:                         1,\n\tB:                         2,\n\t\
         AKeyOfNotSoManyCharacters: 3,\n}\n"
    );
}

#[test]
fn fields_have_columns_for_names_types_tags_and_comments() {
    let text = "type T struct {\n\tA        int    `a` // x\n\tB        string `b`\n\tEmbedded        // y\n}\n";
    assert_eq!(
        in_file(text, "string", "map[K]V"),
        "type T struct {\n\tA        int     `a` // x\n\tB        map[K]V `b`\n\tEmbedded         // y\n}\n"
    );
    assert_eq!(
        in_file("type T struct {\n\ta, b int\n\tc    string // x\n}\n", "a, b", "a"),
        "type T struct {\n\ta int\n\tc string // x\n}\n"
    );
}

#[test]
fn groups_keep_a_column_for_types_only_where_there_is_one() {
    assert_eq!(
        in_file("const (\n\ta int = 1 // x\n\tb     = 2 // y\n)\n", " int", ""),
        "const (\n\ta = 1 // x\n\tb = 2 // y\n)\n"
    );
    assert_eq!(
        in_file("var (\n\ta int\n\tb = 2\n)\n", "a int", "longer int"),
        "var (\n\tlonger int\n\tb      = 2\n)\n"
    );
    assert_eq!(
        in_file("type (\n\ta int\n\tb = c\n)\n", "a int", "abc int"),
        "type (\n\tabc int\n\tb   = c\n)\n"
    );
}

#[test]
fn operators_are_spaced_by_precedence_and_depth() {
    assert_eq!(in_func("\tf(a + b)\n", "b", "b, c"), "\tf(a+b, c)\n");
    assert_eq!(in_func("\tf(a+b, c)\n", ", c", ""), "\tf(a + b)\n");
    assert_eq!(in_func("\tx := a + b\n", "a +", "c*d +"), "\tx := c*d + b\n");
    assert_eq!(in_func("\tf(s[i+1:j], t)\n", ", t", ""), "\tf(s[i+1 : j])\n");
    assert_eq!(in_func("\tx, y = a+b, c\n", "x, y = a+b, c", "x = a + b"), "\tx = a + b\n");
    assert_eq!(in_func("\tx = a - b\n", "- b", "- -b*c"), "\tx = a - -b*c\n");
}

#[test]
fn a_body_on_one_line_is_broken_where_it_became_too_long() {
    let long =
        "aNameThatIsSoLongThatNoBodyWithItInItFitsOnALineTogetherWithItsHeaderWhateverItMayBe";
    assert_eq!(
        in_file("func f(a int) int { return a }\n", "return a", &format!("return {long}")),
        format!("func f(a int) int {{\n\treturn {long}\n}}\n")
    );
    assert_eq!(
        in_func(
            "\tx := g(func() { a(); b() }) // c\n\ty := 1                      // d\n",
            "a(",
            &format!("{long}{long}(")
        ),
        format!("\tx := g(func() {{\n\t\t{long}{long}()\n\t\tb()\n\t}}) // c\n\ty := 1 // d\n")
    );
    assert_eq!(
        in_file(
            "func (T) A() int    { return 1 }\nfunc (T) Long() int { return 2 }\n",
            "Long",
            "B"
        ),
        "func (T) A() int { return 1 }\nfunc (T) B() int { return 2 }\n"
    );
    assert_eq!(
        in_file("type T struct{ a int }\n", "int", long),
        format!("type T struct {{\n\ta {long}\n}}\n")
    );
}

#[test]
fn at_most_one_blank_line_stays_where_something_went() {
    assert_eq!(in_func("\ta()\n\n\tb()\n\n\tc()\n", "\tb()\n", ""), "\ta()\n\n\tc()\n");
    assert_eq!(in_func("\ta()\n\n\tb()\n\n\tc()\n", "b()", ""), "\ta()\n\n\tc()\n");
    assert_eq!(
        in_file("var a = 1\n\nvar b = 2\n\nvar c = 3\n", "var b = 2\n", ""),
        "var a = 1\n\nvar c = 3\n"
    );
    assert_eq!(in_file("var a = 1\n\n// B.\nvar b = 2\n", "// B.\nvar b = 2\n", ""), "var a = 1\n");
    assert_eq!(
        in_file("type T struct {\n\ta int\n\n\tb int\n}\n", "\ta int\n", ""),
        "type T struct {\n\tb int\n}\n",
        "fields begin right after the brace"
    );
    assert_eq!(in_file("var x = T{\n\tA: 1,\n}\n", "\tA: 1,\n", ""), "var x = T{}\n");
}

#[test]
fn raw_strings_end_alignment_and_are_never_changed() {
    let text = "\ta := 1 // x\n\tb := `\n\n\n  y` // y\n\tlong := 2 // z\n";
    assert_eq!(in_func(text, "a :=", "longer :="), text.replace("a :=", "longer :="));
    assert_eq!(in_func(text, "b :=", "longer :="), text.replace("b :=", "longer :="));
}

#[test]
fn what_was_not_formatted_is_left_alone() {
    let text = "package p\n\nvar x =   1 // c\nvar long = 2 // d\n\nvar y = 1  // c\n";
    assert_eq!(settled(text, "long", "l"), text.replace("long", "l"));
    let crlf = "package p\r\n\r\nvar x = 1 // c\r\nvar y = 2 // d\r\n";
    assert_eq!(settled(crlf, "x", "longer"), crlf.replace('x', "longer"));
    let wrong = "package p\n\nfunc f() {\n\tx := ) // c\n\ty := 2 // d\n}\n";
    assert_eq!(settled(wrong, "y", "longer"), wrong.replace('y', "longer"));
}

#[test]
fn nothing_panics_and_only_white_space_changes() {
    let text = "package p // c\n\nimport \"a\" // d\n\nfunc f() { x(a + b); y() } // e\n\n\
                type T struct {\n\ta int /* f */\n\tb map[K]struct{ c int } // g\n}\n\n\
                var (\n\tx = []T{{1: 2}, 3: {4}} // h\n\ty, z T = 1 << 2, *p/q\n)\n";
    let bare = |text: &str| text.replace([' ', '\t', '\n', ';'], "");
    for start in 0..text.len() {
        for end in [start, start + 1, start + 9] {
            for new in ["", "x", ", b", "{\n", "`", "/*", "aLongName /* c */ + b"] {
                let span = Span::new(start, end.min(text.len()));
                let edits = EditSet::from_edits(vec![Edit::replace(span, new)]).expect("one");
                let settled = settle(text, &edits).apply(text);
                assert_eq!(bare(&settled), bare(&edits.apply(text)));
            }
        }
    }
}

#[test]
fn hostile_depths_are_given_up() {
    let deep = |open: &str, close: &str| {
        format!("package p\n\nvar x = {}a{} // c\n", open.repeat(300), close.repeat(300))
    };
    for text in [deep("(", ")"), deep("a + ", ""), deep("f(", ")"), deep("\t", "")] {
        assert_eq!(settled(&text, "x", "long"), text.replace('x', "long"));
    }
}

/// tree-sitter's grammar takes `make` for the predeclared function wherever it stands; our own
/// parser does not.
#[test]
fn a_function_may_be_called_make() {
    let text = "\tmake := func(int) {}\n\tmake(n - 1)\n\ta := 1 // x\n\tb := 2 // y\n";
    let aligned = text.replace("1 // x", "1      // x").replace('b', "longer");
    assert_eq!(in_func(text, "b", "longer"), aligned);
}
