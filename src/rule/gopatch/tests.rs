use super::*;
use crate::text::SourceMap;

fn read(text: &str) -> (RuleFileSpec, Vec<Diagnostic>) {
    let file = SourceMap::default().add("some_name.patch", text);
    read_gopatch(file, "some_name", text)
}

/// The two sides of the code of each rule.
fn codes(text: &str) -> Vec<(String, String)> {
    let (spec, diagnostics) = read(text);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let sides = |rule: &RuleSpec| match &rule.kind {
        RuleKindSpec::Patch(patch) => {
            let text = |side: &Side| side.text.as_str().to_owned();
            Some((text(&patch.before), text(&patch.after)))
        }
        _ => None,
    };
    spec.rules.iter().filter_map(sides).collect()
}

#[test]
fn metavariables_and_elisions_are_spelled_as_in_rules() {
    let found =
        codes("# T\n@@\nvar x, match expression\n@@\n-f(x, ..., match)\n+g(..., x.x, x...)\n");
    let (before, after) = &found[0];
    assert_eq!(before, "f($x, $$$_1, $match_)\n");
    assert_eq!(after, "g($$$_1, $x.$x, $x...)\n");
}

#[test]
fn several_changes_have_numbers_or_names() {
    let text = "# Why\n# so\n@@\n@@\n-a\n+b\n\n@ the_second @\n@@\n-c\n+d\n";
    let (spec, _) = read(text);
    let ids: Vec<&str> = spec.rules.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids, ["some-name-1", "the-second"]);
    let said = |text: &Option<SpannedStr>| text.as_ref().map(|t| t.as_str().to_owned());
    assert_eq!(said(&spec.rules[0].title).as_deref(), Some("Why"));
    assert_eq!(said(&spec.rules[0].why).as_deref(), Some("so"));
    assert_eq!(spec.rules[1].title, None);
}

#[test]
fn mistakes_are_shown_where_they_are() {
    let place = |text: &str| {
        let (_, diagnostics) = read(text);
        let span = diagnostics[0].labels[0].span;
        (span.of(text).to_owned(), diagnostics.len())
    };
    assert_eq!(place("-a\n+b\n"), ("-a".to_owned(), 1));
    assert_eq!(place("@@\nvar x expr\n@@\n-a\n+b\n"), ("expr".to_owned(), 1));
    assert_eq!(place("@@\nx expression\n@@\n-a\n+b\n"), ("x expression".to_owned(), 1));
    assert_eq!(place("@@\n@@\n a\n"), ("@@".to_owned(), 1));
    assert_eq!(place("@@\n@@\n-f(...)\n+g(..., 1, ...)\n"), ("...".to_owned(), 1));
    assert_eq!(place("@@\n-a\n+b\n").1, 1, "the metavariables do not end");
}
