//! Mutation probe: every import of a file is shadowed, one at a time, and no rule may touch what
//! looks like a use of it then.

use std::path::Path;

use dmmigrate::app::cases::run_case;
use dmmigrate::app::config::LoadedRules;
use dmmigrate::engine::fix::FixStatus;

use super::support::packs::{load_pack, project};

/// What rules changed: the line, and the code that was there.
fn found(text: &str, loaded: &LoadedRules) -> Vec<(usize, String)> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("go.mod"), "module example.com/store\n\ngo 1.22\n")
        .expect("written");
    std::fs::write(folder.path().join("store.go"), text).expect("written");
    let result = run_case(folder.path(), loaded).expect("a run");
    let sites = result.files.iter().filter(|f| f.path == Path::new("store.go"));
    let sites = sites.flat_map(|f| f.outcome.sites.iter());
    let sites = sites.filter(|s| s.status == FixStatus::Applied);
    let line = |at: usize| text[..at].matches('\n').count() + 1;
    sites.map(|s| (line(s.span.start), text[s.span.range()].to_owned())).collect()
}

/// The text with a local called `name` at the start of each function.
fn shadowed(text: &str, name: &str) -> String {
    let shadow = |line: &str| {
        let opens = line.starts_with("func ") && line.ends_with('{');
        let inline = line.starts_with("func ") && line.ends_with('}');
        if opens {
            format!("{line} var {name} other; _ = {name}")
        } else if inline {
            line.replacen("{ ", &format!("{{ var {name} other; _ = {name}; "), 1)
        } else {
            line.to_owned()
        }
    };
    text.lines().map(shadow).collect::<Vec<_>>().join("\n") + "\n"
}

#[test]
fn what_shadows_an_import_is_never_taken_for_it() {
    let loaded = load_pack(&project().join("tests/data/probe"));
    let path = project().join("tests/data/probe/store.go.txt");
    let text = std::fs::read_to_string(path).expect("the file");
    let before = found(&text, &loaded);
    for name in ["context", "sql", "errors", "fmt", "strings", "dm"] {
        let qualifier = format!("{name}.");
        let is_use = |code: &str| {
            code.trim_start_matches('*').starts_with(&qualifier)
                || (name == "dm" && code == "NewClob")
        };
        assert!(before.iter().any(|(_, code)| is_use(code)), "no rule is about {name}");
        let after = found(&shadowed(&text, name), &loaded);
        for (line, code) in &after {
            assert!(!is_use(code), "{name} is shadowed in line {line}: {code}");
        }
        // What has nothing to do with the name is changed as before; the type of `db` in `open` has.
        let depends = |line: usize, code: &str| name == "sql" && line == 23 && code == "db.Close()";
        let others: Vec<_> =
            before.iter().filter(|(line, code)| !is_use(code) && !depends(*line, code)).collect();
        assert_eq!(others, after.iter().collect::<Vec<_>>(), "{name}");
    }
}
