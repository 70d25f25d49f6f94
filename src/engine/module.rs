//! What concerns a module as a whole: its go.mod. Comes in: the file and what the run made of the
//! module's code. Goes out: edits, or the reason why they are held back.

use std::collections::BTreeSet;

use super::date::Date;
use super::fix::{Finding, FixStatus, ReviewReason, Site};
use super::rewrite::{FileOutcome, Force};
use super::suppress::Suppressions;
use crate::go::module::{Change, IfAbsent, ModFile, Outcome, WorkFile};
use crate::rule::compiled::{Action, GoModAction, RuleSet, Safety};
use crate::text::{EditSet, Span};

/// A module's code after the run, as far as go.mod depends on it.
#[derive(Clone, Debug, Default)]
pub struct ModuleCode {
    /// Imports of the modules that rules speak of, after the edits.
    pub imports: BTreeSet<String>,
    /// The same once it is known which edits wait for go.mod: what the code imports then.
    pub needs: BTreeSet<String>,
    /// By pack: sites of its rules that are left as they were.
    pub left: Vec<usize>,
    /// By pack: what a person has to do, of these.
    pub manual: Vec<usize>,
}

impl ModuleCode {
    /// Nothing seen yet, for as many packs.
    pub fn new(packs: usize) -> Self {
        Self { left: vec![0; packs], manual: vec![0; packs], ..Self::default() }
    }

    /// Adds what became of one file.
    pub fn add(&mut self, outcome: &FileOutcome, rules: &RuleSet) {
        self.imports.extend(outcome.imports.iter().cloned());
        self.needs.extend(outcome.imports.iter().cloned());
        let stays = |status: &FixStatus| {
            matches!(
                status,
                FixStatus::NeedsReview(_)
                    | FixStatus::Manual
                    | FixStatus::GeneratedFile
                    | FixStatus::WouldNotParse
                    | FixStatus::HeldBack(_)
                    | FixStatus::NotSelected
                    | FixStatus::Suppressed(_)
            )
        };
        // What a program is linked with is not for go.mod to wait for.
        let is_code = |rule: usize| !matches!(rules.rules[rule].action, Action::Binary(_));
        let mut places = BTreeSet::new();
        for site in outcome.sites.iter().filter(|s| stays(&s.status) && is_code(s.rule)) {
            let pack = rules.rules[site.rule].pack;
            self.left[pack] += 1;
            self.manual[pack] += usize::from(site.status == FixStatus::Manual);
            places.insert((pack, site.span));
        }
        // A manual report says that old code has no counterpart: it does not build against the new
        // version. A site at the same place is the same code, and counts once.
        for finding in outcome.findings.iter().filter(|f| is_code(f.rule)) {
            let rule = &rules.rules[finding.rule];
            if rule.safety == Safety::Manual {
                self.manual[rule.pack] += 1;
                self.left[rule.pack] += usize::from(places.insert((rule.pack, finding.span)));
            }
        }
    }

    /// Whether a package of the module at `path` is imported.
    fn imports_module(&self, path: &str) -> bool {
        self.imports.iter().any(|import| is_of_module(import, path))
    }

    /// Whether one is still imported when some edits wait.
    fn needs_module(&self, path: &str) -> bool {
        self.needs.iter().any(|import| is_of_module(import, path))
    }
}

fn is_of_module(import: &str, path: &str) -> bool {
    import.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Module paths that go.mod rules speak of: imports of them must be known before go.mod is edited.
pub fn watched_modules(rules: &RuleSet) -> Vec<&str> {
    let mut paths: Vec<&str> = rules
        .rules
        .iter()
        .flat_map(|rule| match &rule.action {
            Action::GoMod(GoModAction::Require { path, .. } | GoModAction::Drop { path }) => {
                vec![path.as_str()]
            }
            Action::GoMod(GoModAction::Move { from, to, .. }) => vec![from.as_str(), to.as_str()],
            _ => Vec::new(),
        })
        .collect();
    paths.sort_unstable();
    paths.dedup();
    paths
}

/// Applies the go.mod rules that are in force. `go_work` is the workspace that uses the module.
pub fn rewrite_go_mod(
    text: &str,
    rules: &RuleSet,
    force: &[Force],
    code: &ModuleCode,
    go_work: Option<&WorkFile>,
    include_review: bool,
    today: Date,
) -> FileOutcome {
    let suppressions = Suppressions::of_text(text, rules, today);
    let mut outcome = FileOutcome::default();
    let mut now = text.to_string();
    for (index, rule) in rules.rules.iter().enumerate() {
        let Action::GoMod(action) = &rule.action else { continue };
        if force[index] == Force::Off {
            continue;
        }
        let file = ModFile::parse(&now);
        let change = change(&file, action, code, go_work);
        let place = place(&file, action);
        let span = outcome.edits.unmap(place.unwrap_or(Span::at(0)));
        let left = code.left[rule.pack];
        let status = match action {
            GoModAction::Drop { path } if place.is_some() && code.imports_module(path) => {
                waits_for_a_person(code.manual[rule.pack])
            }
            _ => status(&change, rule.safety, include_review, left),
        };
        let Some(status) = status else { continue };
        if status != FixStatus::AlreadyDone
            && place.is_some()
            && let Some(reason) = suppressions.reason(index, span)
        {
            let status = FixStatus::Suppressed(reason);
            outcome.sites.push(Site::new(index, span, status));
            continue;
        }
        if place.is_none() && status != FixStatus::Applied {
            // The go.mod does not speak of the module: there is no site to have a status.
            continue;
        }
        if let Outcome::PinnedByReplace(_) = change.outcome {
            let message = format!("a replace directive decides the version of {}", module(action));
            outcome.findings.push(Finding { rule: index, span, message });
        }
        if status == FixStatus::Applied {
            now = change.edits.apply(&now);
            outcome.edits = outcome.edits.then(&change.edits);
        }
        outcome.sites.push(Site::new(index, span, status));
    }
    outcome.idle_suppressions = suppressions.idle();
    outcome
}

/// Lets the `replace` lines of a go.work follow moves and drops that were applied in a module.
pub fn rewrite_go_work(text: &str, rules: &RuleSet, applied: &BTreeSet<usize>) -> FileOutcome {
    let mut outcome = FileOutcome::default();
    let mut now = text.to_string();
    for &index in applied {
        let Action::GoMod(action) = &rules.rules[index].action else { continue };
        let file = WorkFile::parse(&now);
        let change = match action {
            GoModAction::Move { from, to, .. } => file.move_module(from, to),
            GoModAction::Drop { path } => file.drop(path),
            GoModAction::Require { .. } => continue,
        };
        if change.edits.is_empty() {
            continue;
        }
        let first = change.edits.iter().next().map_or(Span::at(0), |e| e.span);
        let span = outcome.edits.unmap(first);
        now = change.edits.apply(&now);
        outcome.edits = outcome.edits.then(&change.edits);
        outcome.sites.push(Site::new(index, span, FixStatus::Applied));
    }
    outcome
}

fn change(
    file: &ModFile,
    action: &GoModAction,
    code: &ModuleCode,
    go_work: Option<&WorkFile>,
) -> Change {
    match action {
        GoModAction::Require { path, version, raises } => {
            // A module's packages that import each other need no requirement of it.
            let needs = code.needs_module(path) && file.module_path() != Some(path.as_str());
            let absent = if needs { IfAbsent::Add } else { IfAbsent::Leave };
            if *raises {
                file.require(path, version, absent, go_work)
            } else {
                file.require_missing(path, version, absent, go_work)
            }
        }
        GoModAction::Move { from, to, version } => file.move_module(from, to, version),
        GoModAction::Drop { path } if code.imports_module(path) => Change {
            outcome: Outcome::Absent,
            edits: EditSet::new(),
            lost_comments: Vec::new(),
            removed: Vec::new(),
            replaced_by: None,
        },
        GoModAction::Drop { path } => file.drop(path),
    }
}

/// The module that an action is about.
fn module(action: &GoModAction) -> &str {
    match action {
        GoModAction::Require { path, .. } | GoModAction::Drop { path } => path,
        GoModAction::Move { from, .. } => from,
    }
}

/// Where the file requires the module.
fn place(file: &ModFile, action: &GoModAction) -> Option<Span> {
    let line = file.requires().iter().find(|r| r.path == module(action));
    line.map(|r| r.path_span)
}

/// What becomes of a module that is to go and is still imported. Where nothing but review is left,
/// the code may go ahead file by file; code that needs a person was found to depend on the rest.
fn waits_for_a_person(manual: usize) -> Option<FixStatus> {
    let sites = if manual == 1 { "1 site".into() } else { format!("{manual} sites") };
    let reason = format!("{sites} of the module need a person first");
    (manual > 0).then_some(FixStatus::HeldBack(reason))
}

/// What becomes of a change; `None` where there is nothing to say.
fn status(change: &Change, safety: Safety, include_review: bool, left: usize) -> Option<FixStatus> {
    Some(match &change.outcome {
        Outcome::Absent | Outcome::LeftToTidy => return None,
        Outcome::AlreadyThere { .. } => FixStatus::AlreadyDone,
        Outcome::PinnedByReplace(_)
        | Outcome::UsedByTool { .. }
        | Outcome::Excluded(_)
        | Outcome::Major(_)
        | Outcome::Unclear { .. } => FixStatus::Manual,
        _ if safety == Safety::Manual => FixStatus::Manual,
        _ if safety == Safety::Review && !include_review => {
            FixStatus::NeedsReview(ReviewReason::RuleSays)
        }
        // What is left has got along without a module that comes: its version breaks nothing there.
        Outcome::Added => FixStatus::Applied,
        _ if left > 0 => {
            let sites = if left == 1 { "1 site".into() } else { format!("{left} sites") };
            FixStatus::HeldBack(format!("{sites} of the module cannot follow yet"))
        }
        _ if !change.lost_comments.is_empty() => {
            FixStatus::NeedsReview(ReviewReason::CommentAtRisk)
        }
        _ => FixStatus::Applied,
    })
}
