//! A run as one JSON document.

use serde::Serialize;

use super::check_text::severity_word;
use super::summary::{Counts, status_text};
use crate::app::check::problem::Problem;
use crate::app::residue::Mention;
use crate::app::run::{FileResult, RunResult, Unparsed};
use crate::app::shapes::{ShapeGroup, Shapes, SiteId};
use crate::rule::compiled::RuleSet;
use crate::text::{LineIndex, Span};

/// The version of the document's form. It grows by one when a reader of the old form would break.
const FORM: u32 = 1;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    form: u32,
    tool_version: &'static str,
    rules: Vec<RuleJson<'a>>,
    shapes: Vec<ShapeJson<'a>>,
    files: Vec<FileJson<'a>>,
    /// What a check has to say; `apply` has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    problems: Option<Vec<ProblemJson<'a>>>,
    residue: Vec<MentionJson<'a>>,
    summary: SummaryJson,
    skipped: SkippedJson<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleJson<'a> {
    id: &'a str,
    pack: &'a str,
    title: &'a str,
    safety: &'static str,
    severity: &'static str,
}

/// A change with captures as metavariables.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ShapeJson<'a> {
    rule: &'a str,
    pack: &'a str,
    before: &'a str,
    after: &'a str,
    captures: std::collections::BTreeMap<&'a str, &'static str>,
    sites: usize,
    outlier: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FileJson<'a> {
    path: String,
    /// Whether the edits, of an empty text, make a new file.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    created: bool,
    edits: Vec<EditJson<'a>>,
    sites: Vec<SiteJson<'a>>,
    findings: Vec<FindingJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    idle_suppressions: Vec<IdleSuppressionJson<'a>>,
}

/// Offsets are bytes of the file before the run.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EditJson<'a> {
    start: usize,
    end: usize,
    new: &'a str,
}

/// Lines and columns count from 1, columns in bytes.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PlaceJson {
    start: usize,
    end: usize,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SiteJson<'a> {
    rule: &'a str,
    place: PlaceJson,
    status: &'static str,
    detail: String,
    /// Index into `shapes`; applied sites have one.
    #[serde(skip_serializing_if = "Option::is_none")]
    shape: Option<usize>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FindingJson<'a> {
    rule: &'a str,
    place: PlaceJson,
    severity: &'static str,
    message: &'a str,
}

/// An old name that is still there after the run.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MentionJson<'a> {
    path: &'a str,
    line: usize,
    column: usize,
    name: &'a str,
    kind: &'static str,
    owners: &'a [String],
}

/// Offsets are bytes of the file before the run.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ProblemJson<'a> {
    path: &'a str,
    place: PlaceJson,
    rule: &'a str,
    kind: &'static str,
    severity: &'static str,
    message: &'a str,
    fingerprint: &'a str,
    /// Whether the baseline knows it.
    known: bool,
    /// Whether it makes the check fail.
    fails: bool,
}

/// A suppression that does nothing.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct IdleSuppressionJson<'a> {
    rule: &'a str,
    place: PlaceJson,
    why: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SummaryJson {
    files_read: usize,
    bytes_read: usize,
    files_parsed: usize,
    declarations_parsed: usize,
    bytes_parsed: usize,
    files_changed: usize,
    sites: usize,
    applied: usize,
    needs_review: usize,
    manual: usize,
    left_alone: usize,
    findings: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SkippedJson<'a> {
    vendor_folders: Vec<String>,
    not_utf8: Vec<String>,
    unreadable: &'a [String],
    unparsed: Vec<UnparsedJson>,
}

/// Where a declaration stops being Go. Lines and columns count from 1, columns in bytes.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UnparsedJson {
    path: String,
    line: usize,
    column: usize,
}

/// Writes the document.
///
/// # Errors
/// Never in practice: everything in it can be written as JSON.
pub fn json(
    result: &RunResult,
    rules: &RuleSet,
    problems: Option<&[Problem]>,
) -> serde_json::Result<String> {
    let shapes = Shapes::of(result, rules);
    let paths = |paths: &[std::path::PathBuf]| -> Vec<String> {
        paths.iter().map(|p| p.to_string_lossy().into_owned()).collect()
    };
    let document = Document {
        form: FORM,
        tool_version: env!("CARGO_PKG_VERSION"),
        rules: rules
            .rules
            .iter()
            .map(|rule| RuleJson {
                id: &rule.id,
                pack: &rules.packs[rule.pack].name,
                title: &rule.title,
                safety: rule.safety.as_str(),
                severity: severity_word(rule.severity),
            })
            .collect(),
        shapes: shapes.all().iter().map(|group| shape_json(group, rules)).collect(),
        files: result
            .files
            .iter()
            .enumerate()
            .map(|(n, f)| file_json(n, f, rules, &shapes))
            .collect(),
        problems: problems.map(|problems| problems.iter().map(problem_json).collect()),
        residue: result.residue.iter().map(mention_json).collect(),
        summary: summary_json(result, rules),
        skipped: SkippedJson {
            vendor_folders: paths(&result.skipped_vendor),
            not_utf8: paths(&result.not_utf8),
            unreadable: &result.unreadable,
            unparsed: result.unparsed.iter().map(unparsed_json).collect(),
        },
    };
    serde_json::to_string_pretty(&document).map(|text| text + "\n")
}

fn summary_json(result: &RunResult, rules: &RuleSet) -> SummaryJson {
    let counts = Counts::of(result, rules);
    SummaryJson {
        files_read: result.files_read,
        bytes_read: result.bytes_read,
        files_parsed: result.work.files,
        declarations_parsed: result.work.declarations,
        bytes_parsed: result.work.bytes,
        files_changed: counts.files,
        sites: counts.all,
        applied: counts.applied,
        needs_review: counts.review.values().sum(),
        manual: counts.manual.values().sum(),
        left_alone: counts.other.values().sum(),
        findings: counts.findings.values().sum(),
    }
}

fn unparsed_json(unparsed: &Unparsed) -> UnparsedJson {
    let path = unparsed.path.to_string_lossy().into_owned();
    UnparsedJson { path, line: unparsed.at.line, column: unparsed.at.column }
}

fn shape_json<'a>(group: &'a ShapeGroup, rules: &'a RuleSet) -> ShapeJson<'a> {
    let rule = &rules.rules[group.rule];
    ShapeJson {
        rule: &rule.id,
        pack: &rules.packs[rule.pack].name,
        before: &group.shape.before,
        after: &group.shape.after,
        captures: group.shape.kinds.iter().map(|(name, kind)| (name.as_str(), *kind)).collect(),
        sites: group.sites.len(),
        outlier: group.is_outlier,
    }
}

fn file_json<'a>(
    nth: usize,
    file: &'a FileResult,
    rules: &'a RuleSet,
    shapes: &Shapes,
) -> FileJson<'a> {
    let lines = LineIndex::new(&file.text);
    let edits = file.outcome.edits.iter();
    FileJson {
        path: file.path.to_string_lossy().into_owned(),
        created: file.is_new,
        edits: edits
            .map(|e| EditJson { start: e.span.start, end: e.span.end, new: &e.new })
            .collect(),
        sites: file
            .outcome
            .sites
            .iter()
            .enumerate()
            .map(|(site_nth, site)| SiteJson {
                rule: &rules.rules[site.rule].id,
                place: place(&lines, site.span),
                status: site.status.label(),
                detail: status_text(site, rules),
                shape: shapes.of_site(SiteId { file: nth, site: site_nth }),
            })
            .collect(),
        findings: file
            .outcome
            .findings
            .iter()
            .map(|finding| FindingJson {
                rule: &rules.rules[finding.rule].id,
                place: place(&lines, finding.span),
                severity: severity_word(rules.rules[finding.rule].severity),
                message: &finding.message,
            })
            .collect(),
        idle_suppressions: file
            .outcome
            .idle_suppressions
            .iter()
            .map(|idle| IdleSuppressionJson {
                rule: &idle.rule,
                place: place(&lines, idle.span),
                why: idle.why.label(),
            })
            .collect(),
    }
}

fn mention_json(mention: &Mention) -> MentionJson<'_> {
    MentionJson {
        path: &mention.path,
        line: mention.line,
        column: mention.column,
        name: &mention.name,
        kind: mention.kind.as_str(),
        owners: &mention.owners,
    }
}

fn problem_json(problem: &Problem) -> ProblemJson<'_> {
    let place = problem.place;
    ProblemJson {
        path: &problem.path,
        place: PlaceJson {
            start: problem.span.start,
            end: problem.span.end,
            line: place.line,
            column: place.column,
            end_line: place.end_line,
            end_column: place.end_column,
        },
        rule: &problem.rule,
        kind: problem.kind.as_str(),
        severity: severity_word(problem.severity),
        message: &problem.message,
        fingerprint: &problem.fingerprint,
        known: problem.known,
        fails: problem.counts(),
    }
}

fn place(lines: &LineIndex, span: Span) -> PlaceJson {
    let (from, to) = (lines.line_col(span.start), lines.line_col(span.end));
    PlaceJson {
        start: span.start,
        end: span.end,
        line: from.line,
        column: from.column,
        end_line: to.line,
        end_column: to.column,
    }
}
