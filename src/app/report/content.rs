//! What is in a report, in the order in which it is read. Comes in: the result of a run, its rules,
//! the owners of files. Goes out: plain data for templates and for programs.

mod builder;

use std::path::Path;

use serde::Serialize;

use self::builder::{Builder, mention};
use super::example::{DiffLine, Example};
use crate::app::assess::Assessment;
use crate::app::check::drift::drift;
use crate::app::check::problem::slashed;
use crate::app::output::summary::Counts;
use crate::app::owners::Owners;
use crate::app::run::RunResult;
use crate::app::shapes::Shapes;
use crate::app::tidy::{ByHand, by_hand};
use crate::rule::compiled::RuleSet;
use crate::text::LineIndex;

/// The content of a report.
#[derive(Clone, Debug, Serialize)]
pub struct Content {
    /// The version of the document's form.
    pub form: u32,
    /// The program's version.
    pub tool_version: &'static str,
    /// The name of the repository: its folder.
    pub repository: String,
    /// The packs in use, with their titles.
    pub packs: Vec<PackContent>,
    /// What the summary says.
    pub totals: Totals,
    /// Rules that changed something, most sites first.
    pub rules: Vec<RuleContent>,
    /// What was not changed, by rule and reason.
    pub attention: Vec<AttentionContent>,
    /// Requirements that lag behind.
    pub drift: Vec<PlaceContent>,
    /// What is left over.
    pub residue: Vec<ResidueContent>,
    /// Who has what to look at; empty without CODEOWNERS.
    pub owners: Vec<PartContent>,
    /// The same by folder.
    pub packages: Vec<PartContent>,
    /// What has to run next, where go.mod changes.
    pub next: Vec<NextContent>,
    /// What `assess` has to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assessment: Option<Assessment>,
}

/// Commands of Go, and where they have to run.
#[derive(Clone, Debug, Serialize)]
pub struct NextContent {
    command: &'static str,
    folders: Vec<String>,
}

impl NextContent {
    fn of(step: &ByHand) -> Self {
        let folders = step.folders.iter().map(|path| folder(path)).collect();
        NextContent { command: step.command, folders }
    }
}

/// A pack.
#[derive(Clone, Debug, Serialize)]
pub struct PackContent {
    name: String,
    title: String,
}

/// The numbers of a run.
#[derive(Clone, Debug, Serialize)]
pub struct Totals {
    files_read: usize,
    files: usize,
    sites: usize,
    rules: usize,
    shapes: usize,
    outliers: usize,
    review: usize,
    manual: usize,
    left: usize,
    findings: usize,
    residue: usize,
}

impl Totals {
    fn of(result: &RunResult, rules: &RuleSet, shapes: &Shapes) -> Self {
        let counts = Counts::of(result, rules);
        Self {
            files_read: result.files_read,
            files: counts.files,
            sites: counts.applied,
            rules: counts.rules,
            shapes: shapes.common(),
            outliers: shapes.outliers(),
            review: counts.review.values().sum(),
            manual: counts.manual.values().sum(),
            left: counts.other.values().sum(),
            findings: counts.findings.values().sum(),
            residue: result.residue.len(),
        }
    }
}

/// A rule with its shapes.
#[derive(Clone, Debug, Serialize)]
pub struct RuleContent {
    id: String,
    pack: String,
    title: String,
    why: String,
    sites: usize,
    files: usize,
    shapes: Vec<ShapeContent>,
    outliers: Vec<ShapeContent>,
}

/// A shape with one example, and with all its places.
#[derive(Clone, Debug, Serialize)]
pub struct ShapeContent {
    before: String,
    after: String,
    /// The same as a diff.
    form: Vec<DiffLine>,
    captures: Vec<(String, &'static str)>,
    sites: usize,
    examples: Vec<Example>,
    files: Vec<FilePlaces>,
}

/// The lines of a file at which something stands.
#[derive(Clone, Debug, Serialize)]
pub struct FilePlaces {
    path: String,
    lines: Vec<usize>,
}

/// Sites of a rule that were not changed, for one reason.
#[derive(Clone, Debug, Serialize)]
pub struct AttentionContent {
    rule: String,
    pack: String,
    title: String,
    why: String,
    status: String,
    sites: usize,
    examples: Vec<AttentionExample>,
    files: Vec<FilePlaces>,
}

/// A site that was not changed.
#[derive(Clone, Debug, Serialize)]
pub struct AttentionExample {
    #[serde(flatten)]
    example: Example,
    detail: String,
    owners: Vec<String>,
}

/// A place with a text.
#[derive(Clone, Debug, Serialize)]
pub struct PlaceContent {
    path: String,
    line: usize,
    message: String,
}

/// A mention with its owners.
#[derive(Clone, Debug, Serialize)]
pub struct ResidueContent {
    path: String,
    line: usize,
    name: String,
    kind: &'static str,
    text: String,
    owners: Vec<String>,
}

/// A part of the repository: an owner's, or a folder.
#[derive(Clone, Debug, Serialize)]
pub struct PartContent {
    name: String,
    files: usize,
    sites: usize,
    attention: usize,
    residue: usize,
}

/// A folder from the root.
fn folder(path: &Path) -> String {
    let folder = slashed(path);
    if folder.is_empty() { ".".to_string() } else { folder }
}

/// The content of a report on a run.
pub fn content(root: &Path, result: &RunResult, rules: &RuleSet) -> Content {
    let owners = Owners::read(root).ok();
    let shapes = Shapes::of(result, rules);
    let builder = Builder {
        result,
        rules,
        owners: owners.as_ref(),
        lines: result.files.iter().map(|f| LineIndex::new(&f.text)).collect(),
    };
    let lag = drift(result, rules).into_iter();
    Content {
        form: 1,
        tool_version: env!("CARGO_PKG_VERSION"),
        repository: root.file_name().map_or_else(String::new, |n| n.to_string_lossy().into()),
        packs: rules
            .packs
            .iter()
            .map(|p| PackContent { name: p.name.clone(), title: p.title.clone() })
            .collect(),
        totals: Totals::of(result, rules, &shapes),
        rules: builder.rules(&shapes),
        attention: builder.attention(),
        drift: lag
            .map(|p| PlaceContent { path: p.path, line: p.place.line, message: p.message })
            .collect(),
        residue: result.residue.iter().map(mention).collect(),
        owners: if owners.is_none() {
            Vec::new()
        } else {
            builder.parts(&|path| match builder.owners_of(Path::new(path)) {
                of if of.is_empty() => vec!["nobody".to_string()],
                of => of,
            })
        },
        packages: builder
            .parts(&|path| vec![folder(Path::new(path).parent().unwrap_or(Path::new("")))]),
        next: by_hand(root, &result.changed_modules).iter().map(NextContent::of).collect(),
        assessment: None,
    }
}
