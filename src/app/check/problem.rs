//! Problems: what a check has to say. Comes in: the result of a run. Goes out: one problem for each
//! change that would be made, each site that needs review or a person, each finding, and each
//! module whose version lags behind; with a fingerprint that outlives edits elsewhere in the file.

use std::collections::HashMap;

use super::drift::drift;
use crate::app::output::summary::status_text;
use crate::app::run::{FileResult, RunResult};
use crate::engine::fix::{FixStatus, ReviewReason, Site};
use crate::rule::compiled::RuleSet;
use crate::text::{LineIndex, Severity, Span};

/// What the names of the program's own rules begin with.
pub const OWN_RULES: &str = "dmmigrate/";

/// The name of the rule for suppressions that do nothing.
pub const UNUSED: &str = "dmmigrate/unused-suppression";

/// What a problem is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemKind {
    /// `apply` would change the place.
    Change,
    /// A person has to look before it is changed.
    Review,
    /// A person has to do it.
    Manual,
    /// A rule reports the place.
    Finding,
    /// A suppression that does nothing.
    Suppression,
    /// A module requires an older version than it should.
    Drift,
    /// The place is left alone for a reason that no change here removes.
    Left,
}

impl ProblemKind {
    /// The word in outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            ProblemKind::Change => "change",
            ProblemKind::Review => "review",
            ProblemKind::Manual => "manual",
            ProblemKind::Finding => "finding",
            ProblemKind::Suppression => "suppression",
            ProblemKind::Drift => "drift",
            ProblemKind::Left => "left",
        }
    }
}

/// One thing that a check has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Path from the root, with `/`.
    pub path: String,
    /// The file among those of the run; none for a go.mod that no rule had anything to say about.
    pub file: Option<usize>,
    /// Its site there, where it is one.
    pub site: Option<usize>,
    /// Where, in the text of the file.
    pub span: Span,
    /// The same, with lines and columns.
    pub place: Place,
    /// `PACK/RULE`, or a name of the program's own.
    pub rule: String,
    /// What it is about.
    pub kind: ProblemKind,
    /// How bad it is.
    pub severity: Severity,
    /// One line.
    pub message: String,
    /// The same for the same problem after edits elsewhere in the file.
    pub fingerprint: String,
    /// Whether the baseline knows it.
    pub known: bool,
}

/// A place in a text; all from 1, columns in bytes and in UTF-16 units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The first line.
    pub line: usize,
    /// Its column.
    pub column: usize,
    /// The column in UTF-16 units.
    pub utf16_column: usize,
    /// The last line.
    pub end_line: usize,
    /// The column behind the end.
    pub end_column: usize,
    /// The column behind the end in UTF-16 units.
    pub end_utf16_column: usize,
}

impl Place {
    /// The place of `span`.
    pub fn of(lines: &LineIndex, text: &str, span: Span) -> Self {
        let (from, to) = (lines.line_col(span.start), lines.line_col(span.end));
        Self {
            line: from.line,
            column: from.column,
            utf16_column: lines.utf16_column(text, span.start),
            end_line: to.line,
            end_column: to.column,
            end_utf16_column: lines.utf16_column(text, span.end),
        }
    }
}

impl Problem {
    /// Whether it makes the check fail.
    pub fn counts(&self) -> bool {
        !self.known
            && match self.kind {
                ProblemKind::Change | ProblemKind::Review | ProblemKind::Manual => true,
                ProblemKind::Finding | ProblemKind::Suppression | ProblemKind::Drift => {
                    self.severity >= Severity::Warning
                }
                ProblemKind::Left => false,
            }
    }
}

/// Everything that there is to say about a run, by path and place.
pub fn problems(result: &RunResult, rules: &RuleSet) -> Vec<Problem> {
    let mut all = Vec::new();
    for (nth, file) in result.files.iter().enumerate() {
        of_file((nth, file), rules, &mut all);
    }
    all.extend(drift(result, rules));
    all.sort_by(|a, b| (&a.path, a.span, a.kind, &a.rule).cmp(&(&b.path, b.span, b.kind, &b.rule)));
    fingerprint(result, &mut all);
    all
}

/// What there is to say about the `nth` file.
fn of_file((nth, file): (usize, &FileResult), rules: &RuleSet, all: &mut Vec<Problem>) {
    let lines = LineIndex::new(&file.text);
    let path = slashed(&file.path);
    let problem = |rule: String, severity, span: Span, (kind, message)| Problem {
        path: path.clone(),
        file: Some(nth),
        site: None,
        span,
        place: Place::of(&lines, &file.text, span),
        rule,
        kind,
        severity,
        message,
        fingerprint: String::new(),
        known: false,
    };
    let of_rule =
        |rule, span, said| problem(full_id(rules, rule), rules.rules[rule].severity, span, said);
    for (site_nth, site) in file.outcome.sites.iter().enumerate() {
        let Some((kind, message)) = of_site(site, rules) else { continue };
        let mut said = of_rule(site.rule, site.span, (kind, message));
        said.site = Some(site_nth);
        match &site.status {
            _ if kind == ProblemKind::Left => said.severity = Severity::Note,
            // It is not known whether the rule has anything to say.
            FixStatus::NeedsReview(ReviewReason::ImportsUnknown(_)) => {
                said.severity = said.severity.min(Severity::Warning);
            }
            _ => {}
        }
        all.push(said);
    }
    for finding in &file.outcome.findings {
        let message = finding.message.trim().to_string();
        all.push(of_rule(finding.rule, finding.span, (ProblemKind::Finding, message)));
    }
    for idle in &file.outcome.idle_suppressions {
        let (rule, why) = (&idle.rule, idle.why.label());
        let message = format!("the suppression of {rule} does nothing: {why}");
        let said = (ProblemKind::Suppression, message);
        all.push(problem(UNUSED.to_string(), Severity::Warning, idle.span, said));
    }
}

/// What there is to say about a site; nothing where it is done or another fix takes care of it.
fn of_site(site: &Site, rules: &RuleSet) -> Option<(ProblemKind, String)> {
    let title = &rules.rules[site.rule].title;
    let title = if title.is_empty() { &rules.rules[site.rule].id } else { title };
    let with_status = |kind| Some((kind, format!("{title} ({})", status_text(site, rules))));
    match &site.status {
        FixStatus::Applied => Some((ProblemKind::Change, title.clone())),
        FixStatus::NeedsReview(_) => with_status(ProblemKind::Review),
        FixStatus::Manual => with_status(ProblemKind::Manual),
        FixStatus::WouldNotParse | FixStatus::GeneratedFile | FixStatus::HeldBack(_) => {
            with_status(ProblemKind::Left)
        }
        _ => None,
    }
}

/// `PACK/RULE`.
pub fn full_id(rules: &RuleSet, rule: usize) -> String {
    let rule = &rules.rules[rule];
    format!("{}/{}", rules.packs[rule.pack].name, rule.id)
}

/// A path with `/`, as every format wants it.
pub fn slashed(path: &std::path::Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// A problem is known again by its rule, its file, the code at its place without white space, and
/// how many of the kind came before it in the file.
fn fingerprint(result: &RunResult, all: &mut [Problem]) {
    let mut seen: HashMap<(String, String, u64), usize> = HashMap::new();
    for problem in all {
        let text: &str = match problem.file {
            Some(file) => &result.files[file].text,
            None => "",
        };
        let code = text.get(problem.span.range()).unwrap_or(&problem.message);
        let squeezed: String = code.split_whitespace().collect();
        let hash = fnv(&[problem.rule.as_bytes(), problem.path.as_bytes(), squeezed.as_bytes()]);
        let nth = seen.entry((problem.rule.clone(), problem.path.clone(), hash)).or_default();
        problem.fingerprint = format!("{hash:016x}:{nth}");
        *nth += 1;
    }
}

/// The 64-bit FNV-1a hash: the same in every release and on every machine.
fn fnv(parts: &[&[u8]]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        for &byte in part.iter().chain(&[0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    hash
}
