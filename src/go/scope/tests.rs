use std::sync::Arc;

use super::*;
use crate::go::syntax::Kind;

/// Marks in `text`: `d1` declares object 1 and so on is spelled as `name/d1`; here the result is
/// the list of identifiers with their uses, objects numbered by first appearance.
fn uses(text: &str) -> String {
    let text: Arc<str> = text.into();
    let syntax = Syntax::parse(&text, Span::new(0, text.len()));
    assert_eq!(syntax.errors(), 0, "{text}");
    let scopes = Scopes::new(&syntax);
    let shown: Vec<String> = syntax
        .iter()
        .filter(|n| n.kind() == Kind::Ident)
        .map(|n| match scopes.name_use(n.id()) {
            NameUse::Declares(id) => format!("{}+{}", n.text(), id.0),
            NameUse::Refers(id) => format!("{}={}", n.text(), id.0),
            NameUse::Key(Some(id)) => format!("{}:{}", n.text(), id.0),
            NameUse::Key(None) => format!("{}:", n.text()),
            NameUse::Free => n.text().to_string(),
            NameUse::Member => format!(".{}", n.text()),
            NameUse::Label(Some(id)) => format!("{}@{}", n.text(), id.0),
            NameUse::Label(None) => format!("{}@", n.text()),
            NameUse::DeclaresGlobal => format!("!{}", n.text()),
            NameUse::Blank => format!("~{}", n.text()),
            NameUse::None => format!("?{}", n.text()),
        })
        .collect();
    shown.join(" ")
}

#[test]
fn a_short_declaration_begins_after_its_statement() {
    assert_eq!(
        uses("func f() { x := x; x, y := x, 1; { x := x }; y = x }"),
        "!f x+0 x x+0 y+1 x=0 x+2 x=0 y=1 x=0"
    );
}

#[test]
fn constants_and_variables_begin_after_their_spec_and_types_at_their_name() {
    assert_eq!(uses("func f() { var x = x; const y = y; type T *T }"), "!f x+0 x y+1 y T+2 T=2");
}

#[test]
fn parameters_are_visible_in_the_body_only() {
    assert_eq!(
        uses("func (r T) f(a b, b a) (c int) { return a + b + c + r }"),
        "r+0 T .f a+1 b b+2 a c+3 int a=1 b=2 c=3 r=0"
    );
}

#[test]
fn type_parameters_are_visible_in_the_signature() {
    assert_eq!(
        uses("func f[K C[K], V any](m map[K]V) V { var x V; _ = x }").split(' ').nth(1),
        Some("K+0")
    );
    assert_eq!(
        uses("func (l *List[E]) Push(e E) { l.x = e }"),
        "l+1 List E+0 .Push e+2 E=0 l=1 .x e=2"
    );
}

#[test]
fn if_for_and_switch_are_blocks() {
    assert_eq!(
        uses("func f() { if x := 1; x > 0 { x } else { x }; x; for i := 0; i < n; i++ { i }; i }"),
        "!f x+0 x=0 x=0 x=0 x i+1 i=1 n i=1 i=1 i"
    );
    assert_eq!(
        uses(
            "func f() { for k, v := range k { k; v }; switch x := y; x { case x: z := x; z; default: z } }"
        ),
        "!f k+0 v+1 k k=0 v=1 x+2 y x=2 x=2 z+3 x=2 z=3 z"
    );
}

#[test]
fn a_type_switch_declares_its_variable_in_every_clause() {
    assert_eq!(
        uses("func f() { switch x := x.(type) { case x: x; default: x } }"),
        "!f x+1 x x x=0 x=1"
    );
}

#[test]
fn select_clauses_are_blocks() {
    assert_eq!(uses("func f() { select { case v := <-v: v; case <-v: v } }"), "!f v+0 v v=0 v v");
}

#[test]
fn members_keys_and_labels_are_no_variables() {
    assert_eq!(
        uses("func f(a int) { L: for { break L }; _ = T{a: a, b: 1}; _ = map[K]V{a: a}; a.a() }"),
        "!f a+0 int L@0 L@0 ~_ T a:0 a=0 b: ~_ K V a=0 a=0 a=0 .a"
    );
}

#[test]
fn a_label_belongs_to_its_function_and_jumps_may_come_first() {
    assert_eq!(
        uses(
            "func f(L int) { goto L; func() { goto L; M: L++ }(); L: M: for { continue M; break N } }"
        ),
        "!f L+0 int L@1 L@ M@0 L=0 L@1 M@2 M@2 N@"
    );
}

#[test]
fn closures_see_what_is_around_them() {
    assert_eq!(
        uses("func f(a int) { g := func(b int) int { return a + b }; b }"),
        "!f a+0 int g+2 b+1 int int a=0 b=1 b"
    );
}

#[test]
fn lookup_says_what_a_name_means_at_a_place() {
    let text: Arc<str> = "func f(a int) { b := a; { a := b; _ = a }; _ = b }".into();
    let syntax = Syntax::parse(&text, Span::new(0, text.len()));
    let scopes = Scopes::new(&syntax);
    let at = |needle: &str| text.find(needle).expect("in the text");
    let name = |name, offset| scopes.lookup(name, offset).map(|id| scopes.object(id).kind);
    assert_eq!(name("a", at("b := a")), Some(ObjectKind::Param));
    assert_eq!(name("a", at("_ = a")), Some(ObjectKind::Var));
    assert_eq!(name("a", at("_ = b")), Some(ObjectKind::Param));
    assert_eq!(name("b", at("b := a")), None, "not yet declared");
}
