use super::*;

fn parse(text: &str) -> Syntax {
    let text: Arc<str> = text.into();
    Syntax::parse(&text, Span::new(0, text.len()))
}

/// The kinds of `text`'s nodes in preorder, as nested parentheses.
fn shape(text: &str) -> String {
    fn show(node: Node<'_>, out: &mut String) {
        use std::fmt::Write;
        let _ = write!(out, "({:?}", node.kind());
        node.children().for_each(|child| show(child, out));
        out.push(')');
    }
    let syntax = parse(text);
    assert_eq!(syntax.errors(), 0, "{text}\n{:?}", syntax.root());
    let mut out = String::new();
    syntax.root().children().for_each(|child| show(child, &mut out));
    out
}

fn expr(text: &str) -> String {
    shape(&format!("var _ = {text}"))
}

fn ty(text: &str) -> String {
    shape(&format!("var _ {text}"))
}

#[test]
fn calls_and_conversions_have_one_shape() {
    for call in ["f(x)", "f[int](x)", "[]byte(x)", "new(x)", "new(f(x))", "new(1)", "f(x,)"] {
        assert!(expr(call).contains("(Call("), "{call}: {}", expr(call));
    }
    assert_eq!(expr("f[int](x)"), expr("f[int](x,)"));
    assert_eq!(expr("f[a.B](x)").replace("(Selector(Ident)(Ident))", "(Ident)"), expr("f[int](x)"));
}

#[test]
fn expressions_and_types_have_one_shape() {
    for both in ["a.B", "*a.B", "*T", "m[K]"] {
        let inner = |s: String| s.replace("(ExprList(", "((").replace("((", "(");
        let (as_expr, as_type) = (expr(both), ty(both));
        let core = |s: &str| s.matches('(').count();
        // The expression stands in the list of values.
        assert_eq!(
            core(&as_expr),
            core(&as_type) + 1,
            "{both}: {} {}",
            inner(as_expr.clone()),
            as_type
        );
    }
}

#[test]
fn parts_that_may_be_left_out_are_told_by_their_roles() {
    let roles = |text: &str| -> Vec<Role> {
        let text = format!("func f() {{ {text} }}");
        let syntax = parse(&text);
        assert_eq!(syntax.errors(), 0, "{text}");
        let stmt =
            syntax.iter().find(|n| n.kind() == Kind::Block).and_then(|b| b.children().next());
        stmt.map(|s| s.children().map(Node::role).collect()).unwrap_or_default()
    };
    assert_eq!(roles("if a {}"), [Role::Cond, Role::Body]);
    assert_eq!(roles("if a; b {} else {}"), [Role::Init, Role::Cond, Role::Body, Role::Else]);
    assert_eq!(roles("for ;; a {}"), [Role::Post, Role::Body]);
    assert_eq!(roles("for a := range b {}"), [Role::Lhs, Role::X, Role::Body]);
    assert_eq!(roles("switch a := b.(type) {}"), [Role::Bind, Role::Tag, Role::Clauses]);
}

#[test]
fn grammar_gaps_are_bridged_with_true_offsets() {
    let text = "var x = new(f(1))\nconst (a = 1; b = 2)\nvar y = z";
    let syntax = parse(text);
    assert_eq!(syntax.errors(), 0);
    let names: Vec<&str> =
        syntax.iter().filter(|n| n.kind() == Kind::Ident).map(Node::text).collect();
    assert_eq!(names, ["x", "new", "f", "a", "b", "y", "z"]);
}

#[test]
fn an_elided_literal_is_a_literal_without_a_type() {
    assert_eq!(
        expr("[]*T{{A: 1}, {2}}"),
        "(GenDecl(Specs(ValueSpec(NameList(Ident))(ExprList(CompositeLit(ArrayType(Star(Ident)))\
         (Elements(CompositeLit(Elements(KeyValue(Ident)(BasicLit))))\
         (CompositeLit(Elements(BasicLit)))))))))"
    );
}

#[test]
fn every_node_lies_inside_its_parent_and_after_its_elder_sibling() {
    let text = "func (r *T) f(a, b int, c ...string) (x int, err error) {\n\
                \tif v, ok := m[k]; ok /* c */ && !v.(bool) { return a, *p } else if z {}\n\
                L:\tswitch t := x.(type) { case int, *T: f(t...); default: }\n\
                \tselect { case <-c: case v := <-d: break L }\n}\n\
                type I interface { ~int | string; M(x int) error; fmt.Stringer }\n";
    let syntax = parse(text);
    assert_eq!(syntax.errors(), 0);
    for node in syntax.iter() {
        let mut at = node.span().start;
        for child in node.children() {
            assert_eq!(child.parent(), Some(node));
            assert!(node.span().contains(child.span()), "{child:?} in {node:?}");
            assert!(at <= child.span().start, "{node:?}");
            at = child.span().end;
        }
    }
    assert_eq!(syntax.comments().len(), 1);
}

#[test]
fn errors_are_nodes_and_are_counted() {
    let syntax = parse("func f() { x := ) }\n");
    assert!(syntax.errors() > 0);
    assert!(syntax.root().has_error() && !syntax.is_too_deep());
}

#[test]
fn deep_nesting_ends_in_an_error_node() {
    let deep = 30_000;
    let text = format!("var x = {}1{}", "(".repeat(deep), ")".repeat(deep));
    let worker = std::thread::Builder::new().stack_size(256 << 20);
    let parsed = worker.spawn(move || {
        let syntax = parse(&text);
        (syntax.errors(), syntax.is_too_deep(), syntax.first_error())
    });
    let (errors, too_deep, first) = parsed.expect("a thread").join().expect("no panic");
    assert!(errors > 0 && too_deep && first.is_some_and(|at| at > 10_000), "{first:?}");
}

#[test]
fn long_lists_of_parameters_keep_their_names() {
    let names: Vec<String> = (0..40).map(|i| format!("p{i}")).collect();
    let text = format!("func f({}, last uint32, c ...int)", names.join(", "));
    let syntax = parse(&text);
    let lists = syntax.iter().filter(|n| n.kind() == Kind::NameList);
    let counts: Vec<usize> = lists.map(|l| l.children().count()).collect();
    assert_eq!(counts, [41, 1], "{:?}", syntax.root());
}
