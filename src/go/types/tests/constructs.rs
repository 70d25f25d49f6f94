//! One line for each construct of the specification that the other tests do not name.

use super::*;

#[test]
fn range_goes_over_integers_functions_channels_arrays_and_strings() {
    let decls = "type D int16\nvar d D\nvar ch chan []byte\nvar arr *[3]error\nvar text string\n\
        func seq(yield func(k string, v *D) bool) {}\nfunc gen[T any](yield func(T) bool) {}\n";
    for (clause, name, ty) in [
        ("v := range 10", "v", "int"),
        ("v := range d", "v", "ex.am/ple/p.D"),
        ("k, v := range seq", "k", "string"),
        ("k, v := range seq", "v", "*ex.am/ple/p.D"),
        ("v := range gen[error]", "v", "error"),
        ("v := range ch", "v", "[]uint8"),
        ("k, v := range arr", "v", "error"),
        ("k, v := range text", "v", "int32"),
        ("k := range text", "k", "int"),
    ] {
        let text = format!("{decls}func last() {{ for {clause} {{ _ = {name} }} }}");
        assert_eq!(repository(&text, &[]).type_of(name), ty, "{clause}: {name}");
    }
}

#[test]
fn predeclared_functions_have_the_types_of_their_arguments() {
    let decls = "type D float32\nvar d D\nvar m map[string]D\nvar c complex64\n";
    for (code, ty) in [
        ("make(map[string]D)", "map[string]ex.am/ple/p.D"),
        ("make(chan<- D, 1)", "chan<- ex.am/ple/p.D"),
        ("max(d, 1)", "ex.am/ple/p.D"),
        ("min(1, 2.5)", "float64"),
        ("append([]byte(nil), \"x\"...)", "[]uint8"),
        ("copy([]byte{}, \"x\")", "int"),
        ("real(c)", "float32"),
        ("cap([]D{})", "int"),
        ("new(D)", "*ex.am/ple/p.D"),
        ("recover()", "any"),
    ] {
        assert_eq!(type_in(decls, code), ty, "{code}");
    }
}

#[test]
fn constants_of_a_group_have_the_types_that_they_repeat() {
    let decls = "type D uint8\nconst (\n\ta D = iota\n\tb\n\t_\n\tc = iota + 'x'\n\te\n\tf, g = iota, \"s\"\n\th, i\n)\n";
    for (code, ty) in
        [("b", "ex.am/ple/p.D"), ("c", "int32"), ("e", "int32"), ("h", "int"), ("i", "string")]
    {
        assert_eq!(type_in(decls, code), ty, "{code}");
    }
    let repository = repository(&format!("{decls}func last() {{}}"), &[]);
    assert_eq!(repository.constant_of("b"), Some(Constant::Int(1)));
    assert_eq!(repository.constant_of("e"), Some(Constant::Int(i128::from(b'x') + 4)));
}

#[test]
fn dot_imports_and_other_files_of_the_package_are_seen() {
    let others = [
        ("q/q.go", "package q\nfunc F() int8 { return 1 }\ntype T struct{ N uint }\n"),
        ("p/other.go", "package p\nimport x \"ex.am/ple/q\"\nvar shared = x.T{}\n"),
        ("p/p_test.go", "package p\nvar onlyInTests = 1\n"),
    ];
    let text = "import . \"ex.am/ple/q\"\n\
        func last() { _ = F(); _ = T{}.N; _ = shared; _ = onlyInTests; }";
    let file = repository(text, &others);
    assert_eq!(file.type_of("F()"), "int8");
    assert_eq!(file.type_of("T{}.N"), "uint");
    assert_eq!(file.type_of("shared"), "ex.am/ple/q.T");
    assert_eq!(file.type_of("onlyInTests"), "? not declared: onlyInTests");
}

#[test]
fn elided_types_and_conversions_are_known() {
    let decls = "type T struct{ a int }\ntype F func(int) error\nvar f func(int) error\n\
        var deep = map[string][]*T{\"x\": {{1}, {a: 2}}}\n";
    for (code, ty) in [
        ("F(f)", "ex.am/ple/p.F"),
        ("F(f)(1)", "error"),
        ("(*T)(nil)", "*ex.am/ple/p.T"),
        ("[]rune(\"x\")", "[]int32"),
        ("[2]T([]T{{}, {}})", "[2]ex.am/ple/p.T"),
    ] {
        assert_eq!(type_in(decls, code), ty, "{code}");
    }
    let file = repository(&format!("{decls}func last() {{}}"), &[]);
    assert_eq!(file.type_of("{a: 2}"), "*ex.am/ple/p.T");
    assert_eq!(file.type_of("{{1}, {a: 2}}"), "[]*ex.am/ple/p.T");
}

#[test]
fn what_one_file_asks_leaves_nothing_to_the_next() {
    // The same file with other text: places of the first one mean nothing in the second.
    let decls = "type L[E any] struct { v E }\nfunc (l L[X]) Get() X { return l.v }\n";
    let first = format!("{decls}func f() {{ type t struct{{ n int8 }}; _ = L[t]{{}}.Get().n }}");
    let repository = repository(&first, &[]);
    assert_eq!(repository.type_of("L[t]{}.Get().n"), "int8");
    let second = format!(
        "package p\n// longer\n{decls}func f() {{ type t struct{{ m, n string }}; _ = L[t]{{}}.Get().n }}"
    );
    let source = Arc::new(SourceFile::new("p/p.go", second));
    let second = Repository { types: repository.types, source };
    assert_eq!(second.type_of("L[t]{}.Get().n"), "string");
}
