mod constructs;

use super::*;
use crate::go::packages::{GoEnv, MemoryFileSystem};
use crate::go::syntax::{Kind, Node};

/// A repository in memory whose file `p/p.go` is asked.
struct Repository {
    types: Types,
    source: Arc<SourceFile>,
}

fn repository(text: &str, others: &[(&str, &str)]) -> Repository {
    let text = format!("package p\n{text}");
    let mut files = vec![
        ("/repo/go.mod".to_string(), "module ex.am/ple\ngo 1.24\n".to_string()),
        ("/repo/p/p.go".to_string(), text.clone()),
    ];
    files.extend(others.iter().map(|(p, t)| (format!("/repo/{p}"), (*t).to_string())));
    let env = GoEnv { root: "/repo".into(), ..GoEnv::default() };
    let index = PackageIndex::new(Arc::new(MemoryFileSystem::new(files)), env);
    let types = Types::new(Arc::new(index));
    Repository { types, source: Arc::new(SourceFile::new("p/p.go", text)) }
}

impl Repository {
    /// The type of the last expression that is written as `code`, or `?` and the reason.
    fn type_of(&self, code: &str) -> String {
        let file = self.types.file(&self.source);
        for decl in (0..self.source.outline().decls.len()).rev() {
            let syntax = self.source.part(decl).syntax();
            let is_it = |n: &Node<'_>| n.kind().is_expr() && n.text() == code;
            if let Some(node) = syntax.iter().filter(is_it).last() {
                return match file.type_of(decl, node.id()) {
                    TypeAnswer::Known(ty) => file.canonical(&ty),
                    TypeAnswer::Unknown(why) => format!("? {}", why.reason),
                };
            }
        }
        panic!("no {code} in {}", self.source.text());
    }

    fn constant_of(&self, name: &str) -> Option<Constant> {
        let file = self.types.file(&self.source);
        let found = (0..self.source.outline().decls.len()).find_map(|decl| {
            let syntax = self.source.part(decl).syntax();
            let ident = syntax.iter().find(|n| n.kind() == Kind::Ident && n.text() == name)?;
            Some(file.constant_of(decl, ident.id()))
        });
        found.expect("the name")
    }

    fn objects(&self, name: &str) -> Vec<ObjectAnswer> {
        let file = self.types.file(&self.source);
        let mut out = Vec::new();
        for decl in 0..self.source.outline().decls.len() {
            let syntax = self.source.part(decl).syntax();
            let named = syntax.iter().filter(|n| n.kind() == Kind::Ident && n.text() == name);
            out.extend(named.map(|n| file.object_of(decl, n.id())));
        }
        out
    }
}

/// Nodes, by declaration.
type Nodes = Vec<(usize, NodeId)>;

/// The type of `code` in a function of a package with the declarations `decls`.
fn type_in(decls: &str, code: &str) -> String {
    repository(&format!("{decls}\nfunc last() {{ _ = {code} }}"), &[]).type_of(code)
}

#[test]
fn expressions_have_the_types_of_the_specification() {
    let decls = "type T struct { a int; b []string; *U }\n\
        type U struct { c map[string]*T }\n\
        func (u *U) M(x int) (y error, z bool) { return nil, false }\n\
        var t T; var p *T; var ch <-chan rune; var f func(int) string; var i interface{ M(int) error }\n\
        const s = \"x\"\n";
    for (code, ty) in [
        ("t", "ex.am/ple/p.T"),
        ("&t", "*ex.am/ple/p.T"),
        ("p.b[0]", "string"),
        ("p.b[1:]", "[]string"),
        ("t.c[s]", "*ex.am/ple/p.T"),
        ("p.M", "func(int) (error, bool)"),
        ("p.M(1)", "(error, bool)"),
        ("(*T).M", "func(*ex.am/ple/p.T, int) (error, bool)"),
        ("<-ch", "int32"),
        ("f(2)", "string"),
        ("i.M(3)", "error"),
        ("i.(*T)", "*ex.am/ple/p.T"),
        ("[]T{{}}", "[]ex.am/ple/p.T"),
        ("[...]int{5: 1, 2}", "[7]int"),
        ("new(T)", "*ex.am/ple/p.T"),
        ("append(p.b, s)", "[]string"),
        ("len(s) << t.a", "int"),
        ("func(x ...int) {}", "func(...int)"),
        ("string(f(1)[0])", "string"),
        ("1 + 2.5", "float64"),
        ("t.a == 1", "bool"),
        ("'x'", "int32"),
        ("min(t.a, 3)", "int"),
    ] {
        assert_eq!(type_in(decls, code), ty, "{code}");
    }
}

#[test]
fn untyped_constants_take_the_type_that_is_asked_for() {
    let file = |stmt: &str| {
        let head =
            "type D int64\nfunc f(d D, x ...any)\nvar m map[D]string\ntype S struct { a D }\n";
        repository(&format!("{head}func last(d D) D {{ {stmt}; return 8 }}"), &[])
    };
    assert_eq!(file("f(11)").type_of("11"), "ex.am/ple/p.D");
    assert_eq!(file("f(0, 11)").type_of("11"), "int");
    assert_eq!(file("_ = m[11]").type_of("11"), "ex.am/ple/p.D");
    assert_eq!(file("_ = S{a: 11}").type_of("11"), "ex.am/ple/p.D");
    assert_eq!(file("d = d + 11").type_of("11"), "ex.am/ple/p.D");
    assert_eq!(file("_ = 11 << d").type_of("11"), "int");
    assert_eq!(file("d++").type_of("8"), "ex.am/ple/p.D");
    assert_eq!(file("switch d { case 11: }").type_of("11"), "ex.am/ple/p.D");
}

#[test]
fn names_of_statements_have_types() {
    let file = |stmt: &str| {
        repository(
            &format!("var m map[string][]byte\nfunc last(x any, c chan int) {{ {stmt} }}"),
            &[],
        )
    };
    for (stmt, ty) in [
        ("for k, v := range m { _, _ = k, v; probe }", "v"),
        ("v, ok := m[\"\"]; _ = ok; probe", "v"),
        ("switch v := x.(type) { case []byte: probe }", "v"),
    ] {
        assert_eq!(
            file(&stmt.replace("probe", &format!("_ = {ty}"))).type_of("v"),
            "[]uint8",
            "{stmt}"
        );
    }
    assert_eq!(file("switch v := x.(type) { case int, string: _ = v }").type_of("v"), "any");
    assert_eq!(file("select { case v, ok := <-c: _ = ok; _ = v }").type_of("v"), "int");
    assert_eq!(
        file("for v := range func(yield func(m2 error) bool) {} { _ = v }").type_of("v"),
        "error"
    );
    assert_eq!(file("_, ok := m[\"\"]; _ = ok").type_of("m[\"\"]"), "([]uint8, bool)");
}

#[test]
fn generics_are_inferred_where_they_plainly_can_be() {
    let decls = "type L[E any] struct { v E; next *L[E] }\nfunc (l *L[X]) Get() X { return l.v }\n\
        func Map[S ~[]E, E, R any](s S, f func(E) R) []R { return nil }\n\
        func Zero[T any]() T { var z T; return z }\n\
        func Max[T int | string](a, b T) T { return a }\n\
        type Ints []int\nvar ints Ints\nvar l L[string]\ntype A[T any] = map[string]T\nvar a A[int]\n";
    for (code, ty) in [
        ("l.next.Get()", "string"),
        ("Map(ints, func(i int) error { return nil })", "[]error"),
        ("Zero[*L[int]]()", "*ex.am/ple/p.L[int]"),
        ("Max(1, 2)", "int"),
        ("Max", "? type arguments not inferred"),
        ("Zero()", "? type arguments not inferred"),
        ("a", "map[string]int"),
    ] {
        assert_eq!(type_in(decls, code), ty, "{code}");
    }
}

#[test]
fn what_is_missing_ends_knowledge_there_and_nowhere_else() {
    let repository = repository(
        "import (\"gone.org/x/db\"; \"ex.am/ple/q\")\nvar d *db.DB\nvar r = d.Query()\nvar s = q.S{D: d}\nfunc last() { _ = d; _ = r; _ = s.N; _ = s.D; _ = db.Open() }",
        &[(
            "q/q.go",
            "package q\nimport \"gone.org/x/db\"\ntype S struct { D *db.DB; N int; db.Embedded }\n",
        )],
    );
    assert_eq!(repository.type_of("d"), "*gone.org/x/db.DB", "a name is known without its source");
    assert_eq!(repository.type_of("s.N"), "int");
    assert_eq!(repository.type_of("s.D"), "*gone.org/x/db.DB");
    assert!(
        repository.type_of("r").starts_with("? package gone.org/x/db"),
        "{}",
        repository.type_of("r")
    );
    assert!(repository.type_of("db.Open()").starts_with("? package gone.org/x/db"));
}

#[test]
fn files_for_different_platforms_must_agree() {
    let repository = repository(
        "func last() { _ = Same(); _ = Other(); _ = s.Same; _ = s.Other }\nvar s S\n",
        &[
            (
                "p/a_linux.go",
                "package p\nfunc Same() int\nfunc Other() int\ntype S struct { Same, Other int }\n",
            ),
            (
                "p/a_windows.go",
                "package p\nfunc Same() int\nfunc Other() string\ntype S struct { Other string; Same int }\n",
            ),
            ("p/gen.go", "//go:build ignore\n\npackage p\nfunc Same() bool\n"),
        ],
    );
    assert_eq!(repository.type_of("Same()"), "int");
    assert_eq!(repository.type_of("s.Same"), "int");
    assert_eq!(repository.type_of("Other()"), "? build tags disagree: Other");
    assert_eq!(repository.type_of("s.Other"), "? build tags disagree: Other");
}

#[test]
fn a_name_at_the_same_depth_twice_is_ambiguous() {
    let decls = "type A struct { x int; y int }\ntype B struct { x string }\n\
        type C struct { A; *B; y bool }\nvar c C\n";
    assert_eq!(type_in(decls, "c.y"), "bool");
    assert_eq!(type_in(decls, "c.x"), "? ambiguous field or method: x");
    assert_eq!(type_in(decls, "c.z"), "? no such field or method: z");
}

#[test]
fn shadowed_names_mean_what_is_nearest() {
    let file = repository(
        "import \"ex.am/ple/q\"\nfunc last(q struct{ F func() bool }) { _ = q.F() }",
        &[("q/q.go", "package q\nfunc F() int\n")],
    );
    assert_eq!(file.type_of("q.F()"), "bool");
}

#[test]
fn constants_have_values() {
    let repository = repository(
        "import \"ex.am/ple/q\"\nconst a = \"x\" + q.Q + `\\n`\nconst (\n\tb = 1 << (10 * iota)\n\tc\n\td\n)\n\
         const e = len(a)\nconst f = 'a' + 1\nconst g uint8 = ^uint8(1)\nconst h = 1.5\nvar v = 1\nconst i = f == 98 && !false\n",
        &[("q/q.go", "package q\nconst Q = \"\\u00e9\\x41\"\n")],
    );
    assert_eq!(repository.constant_of("a"), Some(Constant::String("xéA\\n".into())));
    assert_eq!(repository.constant_of("d"), Some(Constant::Int(1 << 20)));
    assert_eq!(repository.constant_of("e"), Some(Constant::Int(6)));
    assert_eq!(repository.constant_of("f"), Some(Constant::Int(98)));
    assert_eq!(repository.constant_of("g"), Some(Constant::Int(254)));
    assert_eq!(repository.constant_of("h"), None);
    assert_eq!(repository.constant_of("v"), None);
    assert_eq!(repository.constant_of("i"), Some(Constant::Bool(true)));
}

#[test]
fn objects_tell_fields_methods_and_variables_apart() {
    let repository = repository(
        "type T struct { name int }\nfunc (t T) m() {}\nvar name T\n\
         func f(name T) { _ = T{name: 1}; _ = name.name; { name := name; _ = name } }",
        &[],
    );
    let found: Vec<Object> = repository.objects("name").into_iter().map(Result::unwrap).collect();
    let same = |a: usize, b: usize| found[a] == found[b];
    // field, global, parameter, key, parameter, field, local, parameter, local
    assert!(matches!(&found[1], Object::Global(path, _) if &**path == "ex.am/ple/p"));
    assert!(same(0, 3) && same(0, 5) && same(2, 4) && same(2, 7) && same(6, 8));
    assert!(!same(0, 1) && !same(1, 2) && !same(2, 6));
}

#[test]
fn declarations_that_refer_to_themselves_end() {
    for decls in [
        "type T T\nvar x T",
        "type A = B\ntype B = A\nvar x A",
        "var x = y\nvar y = x",
        "var x = f()\nfunc f() [len(x)]int",
        "type S struct { S }\nvar x = S{}.f",
        "type I interface { I; J }\ntype J interface { I }\nvar i I\nvar x = i.f()",
        "const c = d\nconst d = c + c\nvar x [c]int",
        "type G[T any] struct { g *G[G[T]] }\nvar x = G[int]{}.g.g.g.h",
        "type T[P T[P]] struct{}\nvar x = T[int]{}",
    ] {
        let answer = type_in(decls, "x");
        assert!(answer.starts_with('?') || answer.contains("ex.am"), "{decls}: {answer}");
    }
    let other = [("q/q.go", "package q\nimport \"ex.am/ple/p\"\nvar V = p.V\n")];
    let cycle = repository(
        "import \"ex.am/ple/q\"\nvar V = q.V\nvar w int\nfunc last() { _ = V; _ = w }",
        &other,
    );
    assert_eq!(cycle.type_of("V"), "? declaration refers to itself");
    assert_eq!(cycle.type_of("w"), "int");
}

/// Asks for the type of `x` in a thread with `stack` bytes; the trees are there already.
fn type_in_stack(text: String, stack: usize) -> String {
    let parse = move || {
        let repository = repository(&text, &[]);
        let source = repository.types.file(&repository.source).source().clone();
        for source in [&source, &repository.source] {
            (0..source.outline().decls.len()).for_each(|d| {
                source.part(d).scopes();
            });
        }
        repository
    };
    let big = std::thread::Builder::new().stack_size(256 << 20).spawn(parse);
    let repository = big.expect("a thread").join().expect("parsed");
    let ask = std::thread::Builder::new().stack_size(stack).spawn(move || repository.type_of("x"));
    ask.expect("a thread").join().expect("answered")
}

#[test]
fn big_and_deep_code_is_answered_in_time_and_in_a_small_stack() {
    let elements = "{1, \"x\"}, ".repeat(10_000);
    let table =
        format!("type E struct {{ n int; s string }}\nvar x = []E{{{elements}}}\nvar last = x");
    let sum = format!("var x = \"a\"{}\nvar last = x", " + \"b\"".repeat(5_000));
    let parens = format!("var x = {}1{}\nvar last = x", "(".repeat(3_000), ")".repeat(3_000));
    let method = "type T struct{}\nfunc (t T) m() T\nvar x = T{}";
    let chain = format!("{method}{}\nvar last = x", ".m()".repeat(2_000));
    let two_megabytes = 2 << 20;
    assert_eq!(type_in_stack(table, two_megabytes), "[]ex.am/ple/p.E");
    assert_eq!(type_in_stack(sum, two_megabytes), "string");
    assert_eq!(type_in_stack(parens, two_megabytes), "? nested too deeply");
    assert_eq!(type_in_stack(chain, two_megabytes), "? nested too deeply");
}

#[test]
fn broken_code_leaves_the_rest_alone() {
    let text = "func bad() { x := ) }\ntype T struct { a int; b }}\nfunc good() int\nvar v = good()\nfunc last() { _ = v }\n";
    let repository = repository(text, &[]);
    let answer = repository.type_of("v");
    assert!(answer == "int" || answer.starts_with('?'), "{answer}");
    let half = repository_with_broken_neighbour();
    assert_eq!(half.type_of("v"), "int");
}

#[test]
fn invalid_code_leaves_valid_expressions_right() {
    let text = "import \"ex.am/ple/none\"\n\
        type T struct { n int; n string; Missing }\n\
        func (t T) M() (int, error) { return \"no\", 1, 2 }\n\
        func (u Undeclared) N() int\n\
        func f(a int, b ...string) string { return a }\n\
        func f2() { return f(1, 2, 3) }\n\
        var wrong = nothing + f(\"x\")\n\
        var m = map[[]int]T{1: {\"x\"}, 2: {}}\n\
        func last(t T, p *T) {\n\
        \tvar num int = \"s\"; y := num; y := 1.5\n\
        \tn, err, more := t.M(); s := f(num, 1); 5 = num; num()\n\
        \tfor i := range t { _ = i }\n\
        \tv, ok := m[nil]; list := []*T{p, 3}; q := list[\"a\"]\n\
        \tnone.Call(p.x.y); goto nowhere; c := make(chan T); w := <-c\n\
        \t_, _, _, _, _, _, _, _, _ = y, n, err, more, s, v, ok, q, w\n}\n";
    let repository = repository(text, &[]);
    let types = ["num", "s", "p", "list", "c", "w", "q", "f"].map(|code| repository.type_of(code));
    let expected = [
        "int",
        "string",
        "*ex.am/ple/p.T",
        "[]*ex.am/ple/p.T",
        "chan ex.am/ple/p.T",
        "ex.am/ple/p.T",
        "*ex.am/ple/p.T",
        "func(int, ...string) string",
    ];
    assert_eq!(types, expected);
    for code in ["nothing", "none.Call(p.x.y)", "p.x.y"] {
        let answer = repository.type_of(code);
        assert!(answer.starts_with('?'), "{code}: {answer}");
    }
}

fn repository_with_broken_neighbour() -> Repository {
    let broken = [("p/broken.go", "package p\nfunc f( {\nvar w = \n"), ("p/empty.go", "")];
    repository("var v = 1\nfunc last() { _ = v }\n", &broken)
}

#[test]
fn answers_do_not_depend_on_who_asks_first() {
    let text = "type A struct { b *B; f func(x C) (D, error) }\ntype B struct { a []A; C }\n\
        type C map[string]D\ntype D interface { M(A) B }\nvar x = y.b.a[0]\nvar y = z()[1]\n\
        func z() []A { v := y.b; w, ok := v.C[\"k\"]; _ = ok; return w.M(y).a }\n\
        var p = q\nvar q = p\nfunc g[T any](t ...T) T { return t[0] }\nvar r = g(x, y).f\n";
    let answers = |order: &dyn Fn(&mut Nodes)| {
        let repository = repository(text, &[]);
        let source = &repository.source;
        let mut nodes = Nodes::new();
        for decl in 0..source.outline().decls.len() {
            nodes.extend(source.part(decl).syntax().iter().map(|n| (decl, n.id())));
        }
        order(&mut nodes);
        let chunks: Vec<_> = nodes.chunks(nodes.len() / 4 + 1).collect();
        let mut found: Vec<((usize, NodeId), String)> = std::thread::scope(|scope| {
            let ask = |chunk: &[(usize, NodeId)]| {
                let file = repository.types.file(source);
                let answer = |&(decl, node)| match file.type_of(decl, node) {
                    TypeAnswer::Known(ty) => ((decl, node), file.show(&ty)),
                    TypeAnswer::Unknown(why) => ((decl, node), why.reason.to_string()),
                };
                chunk.iter().map(answer).collect::<Vec<_>>()
            };
            let workers: Vec<_> = chunks.iter().map(|c| scope.spawn(move || ask(c))).collect();
            workers.into_iter().flat_map(|w| w.join().expect("answers")).collect()
        });
        found.sort();
        found
    };
    let forwards = answers(&|_| {});
    let backwards = answers(&|nodes| nodes.reverse());
    let halves = answers(&|nodes| {
        let half = nodes.len() / 2;
        nodes.rotate_left(half);
    });
    assert_eq!(forwards, backwards);
    assert_eq!(forwards, halves);
}

#[test]
fn methods_are_values_expressions_and_promoted() {
    let decls = "type A struct{}\nfunc (A) V(int) string { return \"\" }\nfunc (*A) P() bool { return true }\n\
        type B struct { *A; error }\ntype Alias = B\nfunc (b *Alias) Own() int8 { return 1 }\n\
        type Two struct { B; C }\ntype C struct { A }\nvar b B\nvar two Two\n";
    for (code, ty) in [
        ("b.V", "func(int) string"),
        ("b.P()", "bool"),
        ("b.Error()", "string"),
        ("b.Own()", "int8"),
        ("B.P", "func(ex.am/ple/p.B) bool"),
        ("(*B).Own", "func(*ex.am/ple/p.B) int8"),
        // Both at depth two: no such selector.
        ("two.V", "? ambiguous field or method: V"),
        ("two.Own()", "int8"),
    ] {
        assert_eq!(type_in(decls, code), ty, "{code}");
    }
}

#[test]
fn every_clause_has_a_variable_of_its_own() {
    let file = repository(
        "func last(x any) { switch v := x.(type) { case int: _ = v + 1; case string, bool: _ = v; default: _ = v } }",
        &[],
    );
    let found: Vec<Object> = file.objects("v").into_iter().map(Result::unwrap).collect();
    let clause = |o: &Object| match o {
        Object::SwitchVariable { clause, .. } => *clause,
        other => panic!("{other:?}"),
    };
    let clauses: Vec<_> = found[1..].iter().map(clause).collect();
    assert!(clauses[0] != clauses[1] && clauses[1] != clauses[2] && clauses.len() == 3);
    assert_eq!(file.type_of("v + 1"), "int");
}

#[test]
fn labels_are_objects_of_their_function() {
    let file = repository(
        "func f() {\nL: for { break L; func() { L: for { continue L } }() }\n}\nfunc g(L int) { goto L }",
        &[],
    );
    let found = file.objects("L");
    let label = |i: usize| match &found[i] {
        Ok(Object::Label(at)) => at.span.start,
        other => panic!("{i}: {other:?}"),
    };
    assert!(label(0) == label(1) && label(2) == label(3) && label(0) != label(2));
    assert!(matches!(found[4], Ok(Object::Local(_))), "a parameter is no label");
    assert!(found[5].is_err(), "{:?}", found[5]);
}

#[test]
fn what_cannot_be_read_lets_no_untyped_constant_decide() {
    let file = repository(
        "import \"gone.org/x\"\nfunc Or[T any](a, b T) T { return a }\nvar l []int\n\
         func last() { _ = Or(1, x.V); _ = Or(l, x.V); _ = Or(x.V, int8(1)); _ = Or[any](1, \"\") }",
        &[],
    );
    assert_eq!(file.type_of("Or(1, x.V)"), "? type arguments not inferred");
    assert_eq!(file.type_of("Or(l, x.V)"), "? type arguments not inferred");
    assert_eq!(file.type_of("Or(x.V, int8(1))"), "int8");
    assert_eq!(file.type_of("Or[any](1, \"\")"), "any");
}

#[test]
fn a_method_of_one_platform_hides_no_promoted_one_elsewhere() {
    let file = repository(
        "type S struct { E }\ntype E struct{}\nfunc (E) M() int { return 0 }\nfunc (E) N() int { return 0 }\n\
         var s S\nfunc last() { _ = s.M(); _ = s.N(); _ = min(1, 2) }",
        &[(
            "p/s_linux.go",
            "package p\nfunc (S) M() string { return \"\" }\nfunc (S) N() int { return 0 }\nfunc min(a, b int8) int8 { return a }\n",
        )],
    );
    assert_eq!(file.type_of("s.M()"), "? build tags disagree: M");
    assert_eq!(file.type_of("s.N()"), "int");
    assert_eq!(file.type_of("min(1, 2)"), "? build tags disagree: min");
}

#[test]
fn cgo_ends_knowledge_and_nothing_else() {
    let file = repository(
        "// int f();\nimport \"C\"\ntype T struct { c C.int; n int }\nvar t T\n\
         func last() { _ = t.n; _ = C.f(); _ = t.c; _ = int(C.f()) }",
        &[],
    );
    assert_eq!(file.type_of("t.n"), "int");
    assert_eq!(file.type_of("int(C.f())"), "int");
    assert_eq!(file.type_of("C.f()"), "? package C: cgo has no source");
}

#[test]
fn a_declaration_with_a_syntax_error_is_unknown_and_the_others_are_not() {
    let file = repository(
        "func bad() int { if { }\n\nfunc good() string { return \"\" }\n\nvar v = good()\n\nfunc last() { _ = v }\n",
        &[],
    );
    let answer = file.type_of("v");
    assert!(answer == "string" || answer.starts_with('?'), "{answer}");
    let file = repository(
        "type T struct { a int; b b b }\nvar t T\nfunc whole() int8\nfunc last() { _ = t.a; _ = whole() }\n",
        &[],
    );
    assert_eq!(file.type_of("t.a"), "? syntax error");
    assert_eq!(file.type_of("whole()"), "int8");
}

#[test]
fn a_constant_that_repeats_a_shadowed_name_has_no_value() {
    let file = repository(
        "const X = 2\nfunc f() {\nconst (\n\tA = X + iota\n\tX\n\tB\n)\nconst ( c = iota; d )\n}",
        &[],
    );
    assert_eq!(file.constant_of("A"), Some(Constant::Int(2)));
    assert_eq!(file.constant_of("B"), None);
    assert_eq!(file.constant_of("d"), Some(Constant::Int(1)));
}
