//! The JSON Schemas against what they describe: the reader knows the same keys and words, and every
//! file that is shipped is valid.

use std::collections::BTreeSet;

use dmmigrate::app::schema::SCHEMAS;
use serde_json::{Map, Value, json};

use super::spec::{Kind, read};
use super::support::packs::{packs_in, project};

fn schema(name: &str) -> Value {
    let (_, _, text) = SCHEMAS.iter().find(|(_, known, _)| *known == name).expect("a schema");
    serde_json::from_str(text).expect("JSON")
}

const FILES: [(&str, Kind); 3] =
    [("pack.json", Kind::Pack), ("rules.json", Kind::Rules), ("dmmigrate.json", Kind::Config)];

/// A step from the root of a document to a value in it.
#[derive(Clone, Debug)]
enum Step {
    Key(String),
    Item,
}

/// A value of which the schema says what it may be, and where it stands.
struct Described<'s> {
    schema: &'s Value,
    path: Vec<Step>,
}

/// Everything that a schema describes.
fn described(root: &Value) -> Vec<Described<'_>> {
    let mut found = Vec::new();
    let mut open = vec![Described { schema: root, path: Vec::new() }];
    while let Some(Described { mut schema, path }) = open.pop() {
        if let Some(name) = schema["$ref"].as_str() {
            schema = &root["$defs"][name.strip_prefix("#/$defs/").expect("a definition")];
        }
        let mut add = |schema, step: Option<Step>| {
            let path = path.iter().cloned().chain(step).collect();
            open.push(Described { schema, path });
        };
        for (key, schema) in schema["properties"].as_object().into_iter().flatten() {
            add(schema, Some(Step::Key(key.clone())));
        }
        let names = schema["propertyNames"]["pattern"].as_str().unwrap_or_default();
        let any = if names.contains('$') && names.contains("\\$") { "$x" } else { "x" };
        if schema["additionalProperties"].is_object() {
            add(&schema["additionalProperties"], Some(Step::Key(any.to_owned())));
        }
        if schema["items"].is_object() {
            add(&schema["items"], Some(Step::Item));
        }
        for variant in schema["oneOf"].as_array().into_iter().flatten() {
            if variant["type"].is_string() {
                add(variant, None);
            }
        }
        found.push(Described { schema, path });
    }
    found
}

/// A document in which `value` stands at `path`. JSON is YAML.
fn document(path: &[Step], value: Value) -> String {
    let wrap = |inner: Value, step: &Step| match step {
        Step::Key(key) => Value::Object(Map::from_iter([(key.clone(), inner)])),
        Step::Item => json!([inner]),
    };
    path.iter().rev().fold(value, wrap).to_string()
}

/// A word that is near to no other.
const NONSENSE: &str = "qqqqqqqqqqqqqqqq";

/// The words in backticks of the help for the diagnostic that points at the nonsense.
fn words_of_help(kind: Kind, text: &str, code: &str) -> BTreeSet<String> {
    let (diagnostics, _) = read(kind, text);
    let about = |d: &&dmmigrate::text::Diagnostic| {
        d.code.as_str() == code && d.labels[0].span.of(text).contains(NONSENSE)
    };
    let found = diagnostics.iter().find(about);
    let found = found.unwrap_or_else(|| panic!("{text} is read without complaint"));
    let help = found.help.as_deref().unwrap_or_default();
    help.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_reader_has_the_keys_of_the_schema_and_no_others() {
    for (name, kind) in FILES {
        let root = schema(name);
        let strict = |d: &&Described<'_>| d.schema["additionalProperties"] == json!(false);
        let all = described(&root);
        assert!(all.iter().filter(strict).count() > 0, "{name}");
        for described in all.iter().filter(strict) {
            let text = document(&described.path, json!({NONSENSE: 1}));
            let read = words_of_help(kind, &text, "unknown-key");
            let keys = described.schema["properties"].as_object().expect("keys");
            let written: BTreeSet<String> = keys.keys().cloned().collect();
            assert_eq!(read, written, "{name} at {:?}", described.path);
        }
    }
}

#[test]
fn the_reader_has_the_words_of_the_schema_and_no_others() {
    for (name, kind) in FILES {
        let root = schema(name);
        for described in described(&root) {
            let Some(words) = described.schema["enum"].as_array() else { continue };
            let text = document(&described.path, json!(NONSENSE));
            let read = words_of_help(kind, &text, "bad-value");
            let written = words.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            assert_eq!(read, written, "{name} at {:?}", described.path);
        }
    }
}

#[test]
fn every_key_is_described() {
    for (name, _) in FILES {
        let root = schema(name);
        for described in described(&root) {
            let Some(keys) = described.schema["properties"].as_object() else { continue };
            for (key, value) in keys {
                let target = value["$ref"].as_str().and_then(|r| r.strip_prefix("#/$defs/"));
                let value = target.map_or(value, |target| &root["$defs"][target]);
                let said = value["description"].is_string() || value["properties"].is_object();
                assert!(said, "{name}: {key} at {:?}", described.path);
            }
        }
    }
}

fn validate(name: &str, text: &str) -> Vec<String> {
    let value: Value = serde_saphyr::from_str(text).expect("YAML");
    let validator = jsonschema::validator_for(&schema(name)).expect("a schema");
    validator.iter_errors(&value).map(|e| format!("{} {e}", e.instance_path())).collect()
}

#[test]
fn every_shipped_file_is_valid() {
    let mut files = vec![project().join("tests/data/every-key.yaml")];
    for pack in packs_in("rules").into_iter().chain(packs_in("tests/cases")) {
        let entries = std::fs::read_dir(&pack).expect("a pack").flatten().map(|e| e.path());
        files.extend(entries.filter(|p| p.extension().is_some_and(|e| e == "yaml")));
    }
    for file in files {
        let name = if file.ends_with("pack.yaml") { "pack.json" } else { "rules.json" };
        let text = std::fs::read_to_string(&file).expect("a file");
        assert_eq!(validate(name, &text), Vec::<String>::new(), "{}", file.display());
    }
}

#[test]
fn what_the_reader_refuses_is_not_valid() {
    for (name, text) in [
        ("rules.json", "rules: [{id: a, match: b}]"),
        ("rules.json", "rules: [{id: a, match: b, rewrite: c, report: d}]"),
        ("rules.json", "rules: [{id: A, match: b, rewrite: c}]"),
        ("rules.json", "rules: [{id: a, match: b, rewrite: c, where: {x: {text: d}}}]"),
        ("rules.json", "rules: [{id: a, match: b, rewrite: c, where: {$x: {kind: ident}}}]"),
        ("rules.json", "rules: [{id: a, import: {from: b}}]"),
        ("rules.json", "rules: [{id: a, safety: unsafe, import: {remove: b}}]"),
        ("pack.json", "title: a"),
        ("pack.json", "{pack: a, params: {n: 1}}"),
        ("dmmigrate.json", "packs: a"),
    ] {
        assert!(!validate(name, text).is_empty(), "{text}");
        let (_, kind) = FILES.into_iter().find(|(known, _)| *known == name).expect("a kind");
        // Sorts of `kind` are looked at when rules are compiled.
        assert!(text.contains("kind: ident") || !read(kind, text).0.is_empty(), "{text}");
    }
}
