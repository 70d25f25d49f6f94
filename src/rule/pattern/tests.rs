use super::*;

struct Known;

impl PackageNames for Known {
    fn package(&mut self, name: &str) -> Option<PackageId> {
        ["sql", "dm"].iter().position(|n| *n == name).map(PackageId)
    }
}

fn parse(text: &str) -> Result<Pattern, PatternError> {
    Pattern::parse(text, None, &mut Metavariables::default(), &mut Known)
}

fn context(text: &str) -> Context {
    parse(text).unwrap_or_else(|e| panic!("{text}: {e:?}")).context()
}

#[test]
fn the_first_context_that_parses_wins() {
    for (text, expected) in [
        ("sql.Open($d, $$$)", Context::Expression),
        ("*dm.DmDriver", Context::Expression),
        ("[]$T", Context::Type),
        ("func($x) error", Context::Type),
        ("$x := $y", Context::Statements),
        ("if $c {\n\t$$$body\n}", Context::Statements),
        ("var $x = $v", Context::Statements),
        ("func $f($$$) error { $$$ }", Context::Declaration),
        ("\"name\": $v", Context::Element),
        ("$a, $b $T `x`", Context::Field),
        ("$a ...$T", Context::Parameter),
        ("case $x: $$$", Context::Case),
        ("switch $x {\n$$$a\ncase 1:\n\t$s\n$$$b\n}", Context::Statements),
    ] {
        assert_eq!(context(text), expected, "{text}");
    }
}

#[test]
fn a_declaration_alone_stands_for_itself() {
    let pattern = parse("var $x = $v").expect("a pattern");
    assert_eq!(pattern.first().kind(), Kind::GenDecl);
}

#[test]
fn names_before_a_dot_are_packages_or_errors() {
    let pattern = parse("sql.Open(len($x))").expect("a pattern");
    let atoms: Vec<_> = pattern
        .first()
        .subtree()
        .filter(|n| n.kind() == Kind::Ident)
        .map(|n| (n.text(), pattern.atom(n)))
        .collect();
    assert_eq!(atoms[0], ("sql", Atom::Package(PackageId(0))));
    assert_eq!(atoms[1], ("Open", Atom::Plain));
    assert_eq!(atoms[2], ("len", Atom::Predeclared));
    assert_eq!(
        parse("f(nosuch.Open)").map(|_| ()),
        Err(PatternError::UnknownPackage { span: Span::new(2, 8), name: "nosuch".into() })
    );
    assert!(parse("x := f(); x.Close()").is_ok(), "x is the pattern's own");
}

#[test]
fn what_is_no_go_says_what_each_context_said() {
    let Err(PatternError::Syntax { tried }) = parse("f(((") else { panic!("no error") };
    assert_eq!(tried.len(), 8);
    assert!(matches!(parse("}; func f() {"), Err(PatternError::Syntax { .. })));
    assert!(matches!(parse(""), Err(PatternError::Syntax { .. })));
}

#[test]
fn words_are_what_every_match_must_hold() {
    let pattern = parse("sql.Open(err, nil, $x)").expect("a pattern");
    assert_eq!(pattern.words().collect::<Vec<_>>(), ["Open", "err"]);
}
