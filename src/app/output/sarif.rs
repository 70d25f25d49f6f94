//! Problems of a check as SARIF 2.1.0 (OASIS), with the fixes of those that `apply` would change.
//!
//! Comes in: a run and its problems. Goes out: one document, for any program that shows results of
//! analyses. Known problems are in it, marked as unchanged since the baseline.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::check_text::severity_word;
use crate::app::check::drift;
use crate::app::check::problem::{Place, Problem, UNUSED, full_id};
use crate::app::run::{FileResult, RunResult};
use crate::engine::fix::FixStatus;
use crate::rule::compiled::{Rule, RuleSet};
use crate::text::{Edit, LineIndex};

/// Where the form is described.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Where edits of a file belong together, each problem carries them all; in files with more than so
/// many replacements in total only the first one does.
const MAX_REPEATED: usize = 10_000;

/// Writes the document.
///
/// # Errors
/// Never in practice: everything in it can be written as JSON.
pub fn sarif(
    result: &RunResult,
    rules: &RuleSet,
    problems: &[Problem],
) -> serde_json::Result<String> {
    let described = descriptors(rules);
    let index: BTreeMap<String, usize> = described
        .iter()
        .enumerate()
        .map(|(nth, rule)| (rule["id"].as_str().unwrap_or_default().to_string(), nth))
        .collect();
    let mut fixes = Fixes { result, files: BTreeMap::new() };
    let results: Vec<Value> = problems
        .iter()
        .map(|problem| result_of(problem, index.get(&problem.rule).copied(), fixes.of(problem)))
        .collect();
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "dmmigrate",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": described,
            }},
            "columnKind": "utf16CodeUnits",
            "invocations": [{
                "executionSuccessful": result.unreadable.is_empty(),
                "toolExecutionNotifications": result.unreadable.iter().map(|error| {
                    json!({"level": "error", "message": {"text": error}})
                }).collect::<Vec<_>>(),
            }],
            "results": results,
        }],
    });
    serde_json::to_string_pretty(&document).map(|text| text + "\n")
}

/// The rules, and those of the program itself.
fn descriptors(rules: &RuleSet) -> Vec<Value> {
    let own = |id: &str, text: &str| {
        json!({
            "id": id,
            "shortDescription": {"text": text},
            "defaultConfiguration": {"level": "warning"},
        })
    };
    let mut described: Vec<Value> = (0..rules.rules.len())
        .map(|rule| descriptor(&full_id(rules, rule), &rules.rules[rule]))
        .collect();
    described.push(own(drift::RULE, "A module requires an older version than it should"));
    described.push(own(UNUSED, "A suppression does nothing"));
    described
}

/// A problem; `rule` is the place of its rule among those that are described.
fn result_of(problem: &Problem, rule: Option<usize>, fix: Option<Value>) -> Value {
    let mut said = json!({
        "ruleId": problem.rule,
        "ruleIndex": rule.and_then(|nth| i64::try_from(nth).ok()).unwrap_or(-1),
        "kind": "fail",
        "level": severity_word(problem.severity),
        "message": {"text": problem.message},
        "locations": [{"physicalLocation": {
            "artifactLocation": artifact(&problem.path),
            "region": region(problem.place),
        }}],
        "partialFingerprints": {"dmmigrate/v1": problem.fingerprint},
        "properties": {"kind": problem.kind.as_str(), "fails": problem.counts()},
    });
    if problem.known {
        said["baselineState"] = json!("unchanged");
    }
    if let Some(fix) = fix {
        said["fixes"] = json!([fix]);
    }
    said
}

fn descriptor(id: &str, rule: &Rule) -> Value {
    let title = if rule.title.is_empty() { &rule.id } else { &rule.title };
    let mut said = json!({
        "id": id,
        "shortDescription": {"text": title},
        "defaultConfiguration": {"level": severity_word(rule.severity)},
        "properties": {"safety": rule.safety.as_str()},
    });
    if !rule.why.trim().is_empty() {
        let why = rule.why.trim();
        said["help"] = json!({"text": why, "markdown": why});
    }
    said
}

/// A path from the root as a URI.
fn artifact(path: &str) -> Value {
    let mut uri = String::new();
    for byte in path.bytes() {
        let plain = byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
        if plain { uri.push(char::from(byte)) } else { uri.push_str(&format!("%{byte:02X}")) }
    }
    json!({"uri": uri, "uriBaseId": "%SRCROOT%"})
}

fn region(place: Place) -> Value {
    json!({
        "startLine": place.line,
        "startColumn": place.utf16_column,
        "endLine": place.end_line,
        "endColumn": place.end_utf16_column,
    })
}

/// The edits of the files of a run, as far as problems ask for them.
struct Fixes<'a> {
    result: &'a RunResult,
    files: BTreeMap<usize, FileFixes>,
}

struct FileFixes {
    lines: LineIndex,
    /// All edits belong together: some are needed by several sites, as imports are.
    together: bool,
    /// How many more problems may carry all of them.
    repeats: usize,
}

impl Fixes<'_> {
    /// The fix of a problem that `apply` would change: its own edits, or, where edits of the file
    /// depend on each other, all of them.
    fn of(&mut self, problem: &Problem) -> Option<Value> {
        let nth = problem.file?;
        let file = &self.result.files[nth];
        let site = &file.outcome.sites[problem.site?];
        if site.status != FixStatus::Applied {
            return None;
        }
        let known = self.files.entry(nth).or_insert_with(|| FileFixes::new(file));
        let edits: Vec<&Edit> = if known.together {
            known.repeats = known.repeats.checked_sub(1)?;
            file.outcome.edits.iter().collect()
        } else {
            file.outcome.edits.iter().filter(|e| site.span.contains(e.span)).collect()
        };
        let replacements: Vec<Value> = edits.iter().map(|e| known.replacement(file, e)).collect();
        let what = if known.together {
            "All changes of the file, which belong together"
        } else {
            &*problem.message
        };
        (!replacements.is_empty()).then(|| {
            json!({
                "description": {"text": what},
                "artifactChanges": [{
                    "artifactLocation": artifact(&problem.path),
                    "replacements": replacements,
                }],
            })
        })
    }
}

impl FileFixes {
    fn new(file: &FileResult) -> Self {
        let applied = file.outcome.sites.iter().filter(|s| s.status == FixStatus::Applied);
        let spans: Vec<_> = applied.map(|s| s.span).collect();
        let owners = |e: &Edit| spans.iter().filter(|s| s.contains(e.span)).count();
        let many = spans.len() * file.outcome.edits.len() > MAX_REPEATED;
        let together = many || file.outcome.edits.iter().any(|e| owners(e) != 1);
        let repeats = if many { 1 } else { spans.len() };
        Self { lines: LineIndex::new(&file.text), together, repeats }
    }

    fn replacement(&self, file: &FileResult, edit: &Edit) -> Value {
        let mut said =
            json!({"deletedRegion": region(Place::of(&self.lines, &file.text, edit.span))});
        if !edit.new.is_empty() {
            said["insertedContent"] = json!({"text": edit.new});
        }
        said
    }
}
