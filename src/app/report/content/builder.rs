//! The lists of a report: rules with their shapes, what somebody has to look at, parts of the
//! repository. Comes in: the result of a run. Goes out: plain data.

use std::collections::BTreeMap;
use std::path::Path;

use super::{
    AttentionContent, AttentionExample, FilePlaces, PartContent, ResidueContent, RuleContent,
    ShapeContent,
};
use crate::app::check::problem::slashed;
use crate::app::output::summary::status_text;
use crate::app::owners::Owners;
use crate::app::report::example::{example, form};
use crate::app::residue::Mention;
use crate::app::run::RunResult;
use crate::app::shapes::{ShapeGroup, Shapes, SiteId};
use crate::engine::fix::{FixStatus, Site};
use crate::rule::compiled::RuleSet;
use crate::text::{LineIndex, Span, masked};

/// The most sites of one outlier, or of one reason, that are shown with their code.
const MAX_EXAMPLES: usize = 20;

/// Makes the lists of a report.
pub(super) struct Builder<'a> {
    pub(super) result: &'a RunResult,
    pub(super) rules: &'a RuleSet,
    pub(super) owners: Option<&'a Owners>,
    /// By file.
    pub(super) lines: Vec<LineIndex>,
}

impl Builder<'_> {
    pub(super) fn rules(&self, shapes: &Shapes) -> Vec<RuleContent> {
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
    pub(super) fn attention(&self) -> Vec<AttentionContent> {
        type Seen = Vec<(usize, Span, String)>;
        let mut groups: BTreeMap<(u8, usize, String), Seen> = BTreeMap::new();
        for (nth, file) in self.result.files.iter().enumerate() {
            for site in &file.outcome.sites {
                if is_settled(site) {
                    continue;
                }
                let (order, status) = match &site.status {
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

    pub(super) fn owners_of(&self, path: &Path) -> Vec<String> {
        let of = self.owners.map(|owners| owners.of(path)).unwrap_or_default();
        of.into_iter().map(str::to_owned).collect()
    }

    /// The numbers of the run for each part that `parts_of` a path names.
    pub(super) fn parts(&self, parts_of: &dyn Fn(&str) -> Vec<String>) -> Vec<PartContent> {
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
            let left = sites.iter().filter(|site| !is_settled(site)).count();
            let attention = left + file.outcome.findings.len();
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

/// Whether nobody has to look at the site: it was changed by its rule or by another one, or stood
/// there changed.
fn is_settled(site: &Site) -> bool {
    let status = &site.status;
    matches!(status, FixStatus::Applied | FixStatus::AlreadyDone | FixStatus::Overlaps { .. })
}

pub(super) fn mention(mention: &Mention) -> ResidueContent {
    ResidueContent {
        path: mention.path.clone(),
        line: mention.line,
        name: mention.name.clone(),
        kind: mention.kind.as_str(),
        text: masked(&mention.text).into_owned(),
        owners: mention.owners.clone(),
    }
}
