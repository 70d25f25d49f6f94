//! What is in a report, in the order in which it is read. Comes in: the result of a run, its rules,
//! the owners of files. Goes out: plain data for templates and for programs.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::example::{DiffLine, Example, example, form};
use crate::app::assess::Assessment;
use crate::app::check::drift::drift;
use crate::app::check::problem::slashed;
use crate::app::output::summary::{Counts, status_text};
use crate::app::owners::Owners;
use crate::app::residue::Mention;
use crate::app::run::RunResult;
use crate::app::shapes::{ShapeGroup, Shapes, SiteId};
use crate::engine::fix::FixStatus;
use crate::rule::compiled::RuleSet;
use crate::text::{LineIndex, Span, masked};

/// The most sites of one outlier, or of one reason, that are shown with their code.
const MAX_EXAMPLES: usize = 20;

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
    /// Folders of modules in which `go mod tidy` has to run.
    pub tidy: Vec<String>,
    /// What `assess` has to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assessment: Option<Assessment>,
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
    let folder = |path: &Path| {
        let folder = slashed(path);
        if folder.is_empty() { ".".to_string() } else { folder }
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
        tidy: result.changed_modules.iter().map(|path| folder(path)).collect(),
        assessment: None,
    }
}

struct Builder<'a> {
    result: &'a RunResult,
    rules: &'a RuleSet,
    owners: Option<&'a Owners>,
    /// By file.
    lines: Vec<LineIndex>,
}

impl Builder<'_> {
    fn rules(&self, shapes: &Shapes) -> Vec<RuleContent> {
        let with_shapes = (0..self.rules.rules.len()).filter_map(|index| {
            let groups: Vec<&ShapeGroup> = shapes.of_rule(index).collect();
            (!groups.is_empty()).then_some((index, groups))
        });
        let mut all: Vec<RuleContent> = with_shapes
            .map(|(index, groups)| {
                let rule = &self.rules.rules[index];
                let sites = groups.iter().flat_map(|g| &g.sites);
                let mut files: Vec<usize> = sites.clone().map(|s| s.file).collect();
                files.sort_unstable();
                files.dedup();
                let of = |outlier: bool| {
                    let these = groups.iter().filter(|g| g.is_outlier == outlier);
                    these.map(|g| self.shape(g)).collect()
                };
                RuleContent {
                    id: rule.id.clone(),
                    pack: self.rules.packs[rule.pack].name.clone(),
                    title: if rule.title.is_empty() { rule.id.clone() } else { rule.title.clone() },
                    why: rule.why.trim().to_string(),
                    sites: sites.count(),
                    files: files.len(),
                    shapes: of(false),
                    outliers: of(true),
                }
            })
            .collect();
        all.sort_by_key(|rule| std::cmp::Reverse(rule.sites));
        all
    }

    fn shape(&self, group: &ShapeGroup) -> ShapeContent {
        let wanted = if group.is_outlier { MAX_EXAMPLES } else { 1 };
        let example = |site: &SiteId| {
            let file = &self.result.files[site.file];
            example(file, &self.lines[site.file], file.outcome.sites[site.site].span)
        };
        let span = |s: &SiteId| (s.file, self.result.files[s.file].outcome.sites[s.site].span);
        ShapeContent {
            before: group.shape.before.clone(),
            after: group.shape.after.clone(),
            form: form(&group.shape.before, &group.shape.after),
            captures: group.shape.kinds.clone(),
            sites: group.sites.len(),
            examples: group.sites.iter().take(wanted).map(example).collect(),
            files: self.places(group.sites.iter().map(span)),
        }
    }

    /// Places by file, in the order of the run.
    fn places(&self, spans: impl Iterator<Item = (usize, Span)>) -> Vec<FilePlaces> {
        let mut by_file: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (file, span) in spans {
            by_file.entry(file).or_default().push(self.lines[file].line_of(span.start) + 1);
        }
        let place = |(file, lines): (usize, Vec<usize>)| FilePlaces {
            path: slashed(&self.result.files[file].path),
            lines,
        };
        by_file.into_iter().map(place).collect()
    }

    /// Sites and findings that a person has to look at, by rule and reason.
    fn attention(&self) -> Vec<AttentionContent> {
        type Seen = Vec<(usize, Span, String)>;
        let mut groups: BTreeMap<(u8, usize, String), Seen> = BTreeMap::new();
        for (nth, file) in self.result.files.iter().enumerate() {
            for site in &file.outcome.sites {
                let (order, status) = match &site.status {
                    FixStatus::Applied | FixStatus::AlreadyDone => continue,
                    FixStatus::Manual => (0, "needs a person".to_string()),
                    FixStatus::NeedsReview(reason) => {
                        (2, format!("needs review: {}", reason.label()))
                    }
                    status => (3, status.label().to_string()),
                };
                let seen = groups.entry((order, site.rule, status)).or_default();
                seen.push((nth, site.span, status_text(site, self.rules)));
            }
            for finding in &file.outcome.findings {
                let key = (1, finding.rule, "finding".to_string());
                let message = finding.message.trim().to_string();
                groups.entry(key).or_default().push((nth, finding.span, message));
            }
        }
        let content = |((_, rule, status), seen): ((u8, usize, String), Seen)| {
            let rule = &self.rules.rules[rule];
            AttentionContent {
                rule: rule.id.clone(),
                pack: self.rules.packs[rule.pack].name.clone(),
                title: if rule.title.is_empty() { rule.id.clone() } else { rule.title.clone() },
                why: rule.why.trim().to_string(),
                status,
                sites: seen.len(),
                examples: seen
                    .iter()
                    .take(MAX_EXAMPLES)
                    .map(|(file, span, detail)| self.attention_example(*file, *span, detail))
                    .collect(),
                files: self.places(seen.iter().map(|(file, span, _)| (*file, *span))),
            }
        };
        groups.into_iter().map(content).collect()
    }

    fn attention_example(&self, nth: usize, span: Span, detail: &str) -> AttentionExample {
        let file = &self.result.files[nth];
        AttentionExample {
            example: example(file, &self.lines[nth], span),
            detail: detail.to_string(),
            owners: self.owners_of(&file.path),
        }
    }

    fn owners_of(&self, path: &Path) -> Vec<String> {
        let of = self.owners.map(|owners| owners.of(path)).unwrap_or_default();
        of.into_iter().map(str::to_owned).collect()
    }

    /// The numbers of the run for each part that `parts_of` a path names.
    fn parts(&self, parts_of: &dyn Fn(&str) -> Vec<String>) -> Vec<PartContent> {
        let mut all: BTreeMap<String, PartContent> = BTreeMap::new();
        let mut add = |path: &str, sites: usize, attention: usize, residue: usize| {
            for name in parts_of(path) {
                let new = || PartContent {
                    name: name.clone(),
                    files: 0,
                    sites: 0,
                    attention: 0,
                    residue: 0,
                };
                let part = all.entry(name.clone()).or_insert_with(new);
                part.files += usize::from(sites > 0);
                part.sites += sites;
                part.attention += attention;
                part.residue += residue;
            }
        };
        for file in &self.result.files {
            let sites = &file.outcome.sites;
            let applied = sites.iter().filter(|s| s.status == FixStatus::Applied).count();
            let done = sites.iter().filter(|s| s.status == FixStatus::AlreadyDone).count();
            let attention = sites.len() - applied - done + file.outcome.findings.len();
            if applied + attention > 0 {
                add(&slashed(&file.path), applied, attention, 0);
            }
        }
        for mention in &self.result.residue {
            add(&mention.path, 0, 0, 1);
        }
        let mut all: Vec<PartContent> = all.into_values().collect();
        all.sort_by_key(|part| std::cmp::Reverse(part.sites + part.attention + part.residue));
        all
    }
}

fn mention(mention: &Mention) -> ResidueContent {
    ResidueContent {
        path: mention.path.clone(),
        line: mention.line,
        name: mention.name.clone(),
        kind: mention.kind.as_str(),
        text: masked(&mention.text).into_owned(),
        owners: mention.owners.clone(),
    }
}
