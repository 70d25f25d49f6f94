//! The summary on standard error. Its numbers add up: every site is in exactly one of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use crate::app::residue::Mention;
use crate::app::run::{FileResult, RunResult, Unparsed};
use crate::app::shapes::Shapes;
use crate::app::tidy::by_hand;
use crate::engine::fix::{FixStatus, ReviewReason, Site};
use crate::rule::compiled::RuleSet;
use crate::text::{LineIndex, masked};

/// What the summary says beyond the result itself.
#[derive(Clone, Copy, Debug)]
pub struct SummaryOptions<'a> {
    /// The root of the repository.
    pub root: &'a Path,
    /// Whether files were written.
    pub written: bool,
    /// How long the run took.
    pub took: Duration,
    /// Name every site that was not changed.
    pub verbose: bool,
}

/// How many sites there are of each status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All sites.
    pub all: usize,
    /// Sites whose fix is in the edits.
    pub applied: usize,
    /// Files with edits.
    pub files: usize,
    /// Rules with an applied site.
    pub rules: usize,
    /// Sites that need review, by reason.
    pub review: BTreeMap<&'static str, usize>,
    /// Sites that a person must do, by rule.
    pub manual: BTreeMap<String, usize>,
    /// Other sites, by status.
    pub other: BTreeMap<&'static str, usize>,
    /// Findings, by rule.
    pub findings: BTreeMap<String, usize>,
}

impl Counts {
    /// Counts the sites of a run.
    pub fn of(result: &RunResult, rules: &RuleSet) -> Self {
        let mut counts = Counts::default();
        let mut applied_rules = std::collections::BTreeSet::new();
        for file in &result.files {
            counts.files += usize::from(!file.outcome.edits.is_empty());
            for site in &file.outcome.sites {
                counts.all += 1;
                match &site.status {
                    FixStatus::Applied => {
                        counts.applied += 1;
                        applied_rules.insert(site.rule);
                    }
                    FixStatus::NeedsReview(reason) => {
                        *counts.review.entry(reason.label()).or_default() += 1;
                    }
                    FixStatus::Manual => {
                        let id = rules.rules[site.rule].id.clone();
                        *counts.manual.entry(id).or_default() += 1;
                    }
                    status => *counts.other.entry(status.label()).or_default() += 1,
                }
            }
            for finding in &file.outcome.findings {
                let id = rules.rules[finding.rule].id.clone();
                *counts.findings.entry(id).or_default() += 1;
            }
        }
        counts.rules = applied_rules.len();
        counts
    }
}

/// Writes the summary.
pub fn summary(result: &RunResult, rules: &RuleSet, options: SummaryOptions<'_>) -> String {
    let counts = Counts::of(result, rules);
    let mut out = String::new();
    let seconds = options.took.as_secs_f64();
    let verb = if options.written { "changed" } else { "to change" };
    let _ = writeln!(
        out,
        "{} {verb}, {} by {}{} ({seconds:.2} s, {} read)",
        many(counts.files, "file"),
        many(counts.applied, "site"),
        many(counts.rules, "rule"),
        in_shapes(&Shapes::of(result, rules)),
        many(result.files_read, "file"),
    );
    not_applied(&counts, &mut out);
    left_over(result, &mut out);
    unparsed(result, &mut out);
    skipped(result, &mut out);
    if options.verbose {
        details(result, rules, &mut out);
        let _ = writeln!(
            out,
            "{} read; parsed, rounds after a change included: {} in {} of {}",
            many(result.bytes_read, "byte"),
            many(result.work.bytes, "byte"),
            many(result.work.declarations, "declaration"),
            many(result.work.files, "file"),
        );
    }
    unsettled(result, rules, &mut out);
    next_steps(options.root, result, &mut out);
    out
}

/// The sites that were not changed, by why, and the findings.
fn not_applied(counts: &Counts, out: &mut String) {
    let review: usize = counts.review.values().sum();
    if review > 0 {
        let asked = |label: &str| counts.review.contains_key(label);
        let hint = match (asked("rule says so"), asked("unknown type")) {
            (true, true) => " (--include review, --include unknown-type)",
            (true, false) => " (--include review)",
            (false, true) => " (--include unknown-type)",
            (false, false) => "",
        };
        let verb = if review == 1 { "needs" } else { "need" };
        let _ = writeln!(
            out,
            "{} {verb} review{hint}: {}",
            many(review, "site"),
            listed(&counts.review)
        );
    }
    let manual: usize = counts.manual.values().sum();
    if manual > 0 {
        let verb = if manual == 1 { "needs" } else { "need" };
        let _ =
            writeln!(out, "{} {verb} a person: {}", many(manual, "site"), listed(&counts.manual));
    }
    let other: usize = counts.other.values().sum();
    if other > 0 {
        let _ = writeln!(out, "{} left alone: {}", many(other, "site"), listed(&counts.other));
    }
    let findings: usize = counts.findings.values().sum();
    if findings > 0 {
        let _ = writeln!(out, "{}: {}", many(findings, "finding"), listed(&counts.findings));
    }
}

/// Files whose rules go on changing each other's text.
fn unsettled(result: &RunResult, rules: &RuleSet, out: &mut String) {
    for file in result.files.iter().filter(|f| !f.outcome.unsettled.is_empty()) {
        let ids: Vec<&str> =
            file.outcome.unsettled.iter().map(|&r| rules.rules[r].id.as_str()).collect();
        let _ = writeln!(
            out,
            "left alone: {} does not settle after 4 rounds ({})",
            shown(&file.path.display().to_string()),
            ids.join(", ")
        );
    }
}

/// What to run next by hand.
fn next_steps(root: &Path, result: &RunResult, out: &mut String) {
    for step in by_hand(root, &result.changed_modules) {
        let folders = step.folders.iter().map(|folder| {
            let folder = folder.display().to_string();
            if folder.is_empty() { ".".to_string() } else { folder + "/" }
        });
        let (command, folders) = (step.command, folders.collect::<Vec<_>>().join(", "));
        let _ = match command {
            "go work vendor" => writeln!(out, "then: {command} (in {folders})"),
            _ => writeln!(out, "next: {command} (go.mod changed in {folders})"),
        };
    }
}

/// ` in 3 shapes and 14 outliers`; nothing where no site was applied.
fn in_shapes(shapes: &Shapes) -> String {
    match (shapes.common(), shapes.outliers()) {
        (0, _) => String::new(),
        (common, 0) => format!(" in {}", many(common, "shape")),
        (common, outliers) => {
            format!(" in {} and {}", many(common, "shape"), many(outliers, "outlier"))
        }
    }
}

/// Old names that are still there: how many of each kind, and the first places.
fn left_over(result: &RunResult, out: &mut String) {
    const PLACES: usize = 3;
    if result.residue.is_empty() {
        return;
    }
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    let mut names: Vec<&str> = Vec::new();
    for mention in &result.residue {
        *kinds.entry(mention.kind.as_str()).or_default() += 1;
        if !names.contains(&mention.name.as_str()) {
            names.push(&mention.name);
        }
    }
    let name = match names.as_slice() {
        [name] => (*name).to_string(),
        names => many(names.len(), "old name"),
    };
    let place = |m: &Mention| format!("{}:{}", shown(&m.path), m.line);
    let mut places: Vec<String> = result.residue.iter().take(PLACES).map(place).collect();
    if result.residue.len() > PLACES {
        places.push("…".to_string());
    }
    let count = many(result.residue.len(), "mention");
    let kinds = listed(&kinds);
    let _ = writeln!(out, "left over: {count} of {name}: {kinds} ({})", places.join(", "));
}

/// Declarations that rules see only in part: how many, and the first places.
fn unparsed(result: &RunResult, out: &mut String) {
    const PLACES: usize = 3;
    if result.unparsed.is_empty() {
        return;
    }
    let place = |unparsed: &Unparsed| {
        let path = shown(&unparsed.path.display().to_string());
        format!("{path}:{}:{}", unparsed.at.line, unparsed.at.column)
    };
    let mut places: Vec<String> = result.unparsed.iter().take(PLACES).map(place).collect();
    if result.unparsed.len() > PLACES {
        places.push("…".to_string());
    }
    let count = many(result.unparsed.len(), "declaration");
    let _ = writeln!(
        out,
        "{count} with syntax errors, where rules see only a part: {}",
        places.join(", ")
    );
}

fn skipped(result: &RunResult, out: &mut String) {
    if !result.skipped_vendor.is_empty() {
        let folders = many(result.skipped_vendor.len(), "vendor folder");
        let _ = writeln!(out, "{folders} skipped (--include-vendor)");
    }
    for path in &result.not_utf8 {
        let _ = writeln!(out, "skipped: {} is not UTF-8", shown(&path.display().to_string()));
    }
    for error in &result.unreadable {
        let _ = writeln!(out, "error: {}", shown(error));
    }
}

/// Every site that was not changed, and every finding, with its place.
fn details(result: &RunResult, rules: &RuleSet, out: &mut String) {
    for file in &result.files {
        let lines = LineIndex::new(&file.text);
        for site in file.outcome.sites.iter().filter(|s| s.status != FixStatus::Applied) {
            let place = place(file, &lines, site.span.start);
            let id = &rules.rules[site.rule].id;
            let _ = writeln!(out, "{place}: {id}: {}", status_text(site, rules));
        }
        for finding in &file.outcome.findings {
            let place = place(file, &lines, finding.span.start);
            let id = &rules.rules[finding.rule].id;
            let _ = writeln!(out, "{place}: {id}: {}", shown(finding.message.trim()));
        }
    }
}

fn place(file: &FileResult, lines: &LineIndex, offset: usize) -> String {
    let at = lines.line_col(offset);
    format!("{}:{}:{}", shown(&file.path.display().to_string()), at.line, at.column)
}

/// A site's status with its reason, passwords covered.
pub fn status_text(site: &Site, rules: &RuleSet) -> String {
    masked(&reason_text(site, rules)).into_owned()
}

fn reason_text(site: &Site, rules: &RuleSet) -> String {
    match &site.status {
        FixStatus::NeedsReview(reason) => format!("needs review: {}", review_text(reason)),
        FixStatus::Overlaps { rule } => format!("overlaps with {}", rules.rules[*rule].id),
        FixStatus::HeldBack(reason) => format!("held back: {reason}"),
        FixStatus::Suppressed(reason) if !reason.is_empty() => {
            format!("suppressed: {}", shown(reason))
        }
        status => status.label().to_string(),
    }
}

/// Why a site needs review, with what stands there.
fn review_text(reason: &ReviewReason) -> String {
    use ReviewReason as R;
    match reason {
        R::Shadowed(name) => format!("{name} means something else here"),
        R::GuessedName(path) => format!("the package name of {path} is not known"),
        R::NameCaptured(name) => format!("{} would mean something else", shown(name)),
        R::LeftUnused(name) => format!("{} would be left unused", shown(name)),
        R::EvaluatedTwice(code) => format!("{} would be evaluated twice", shown(code)),
        R::NotAssignable => "the new form cannot be assigned to".to_string(),
        R::NoStatement => "the new form is no statement".to_string(),
        R::NothingDeclared => ":= would declare nothing".to_string(),
        R::Reassigned(name) => {
            format!("{} exists already and would get another value", shown(name))
        }
        R::FieldUse(why) => (*why).to_string(),
        R::Origin(why) | R::ImportsUnknown(why) | R::ErrorResult(why) => shown(why),
        R::Clash(name) => format!("{} is taken", shown(name)),
        R::NeededBy(interface) => format!("interface {} needs the method", shown(interface)),
        R::GoesWith(method) => format!("goes with {}, which is renamed", shown(method)),
        R::UnknownType(unsure) => {
            let expression = shown(&unsure.expression);
            format!("unknown type of {expression} ({})", shown(&unsure.why))
        }
        R::NotInScope(ty) => format!("no {} is in scope", shown(ty)),
        reason => reason.label().to_string(),
    }
}

/// `1 file`, `1,629 files`.
pub fn many(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {what}{plural}", thousands(count))
}

/// `1,629`.
pub fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (nth, digit) in digits.chars().enumerate() {
        if nth > 0 && (digits.len() - nth).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `7 unknown type, 5 comment at risk`: most first.
fn listed<K: AsRef<str>>(counts: &BTreeMap<K, usize>) -> String {
    let mut sorted: Vec<(&str, usize)> = counts.iter().map(|(k, &n)| (k.as_ref(), n)).collect();
    sorted.sort_by_key(|&(_, n)| std::cmp::Reverse(n));
    let parts: Vec<String> = sorted.iter().map(|(k, n)| format!("{} {k}", thousands(*n))).collect();
    parts.join(", ")
}

/// Text from a repository with its control characters escaped: it may not steer a terminal.
pub fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() { out.extend(c.escape_default()) } else { out.push(c) }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(many(1, "file"), "1 file");
        assert_eq!(many(1_234_567, "site"), "1,234,567 sites");
        let counts = BTreeMap::from([("a", 1), ("b", 1200)]);
        assert_eq!(listed(&counts), "1,200 b, 1 a");
    }

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(shown("a\u{1b}[31mb\n"), "a\\u{1b}[31mb\\n");
    }
}
