//! Choosing by hand. Comes in: the result of a run over all that is selected, and answers from the
//! keyboard. Goes out: which of its changes are wanted. They are shown by rule and shape, so that
//! one answer can be for all changes that look alike.

mod question;
mod session;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;

use self::question::Question;
use self::session::{Reply, Session};
use super::run::RunResult;
use super::shapes::{Shapes, SiteId};
use crate::engine::fix::FixStatus;
use crate::rule::compiled::{Action, RuleSet};
use crate::text::Span;

/// What a person has chosen.
#[derive(Debug)]
pub struct Chosen {
    /// Every site that the person could know of, and whether it may be changed.
    sites: HashMap<PathBuf, HashMap<(usize, Span), bool>>,
    /// Rules that only report: they are no matter of choice.
    reports: BTreeSet<usize>,
    wanted: HashSet<SiteId>,
    later: Vec<SiteId>,
}

/// Asks about every change of a run.
///
/// # Errors
/// The terminal cannot be read or written.
pub fn choose(
    result: &RunResult,
    rules: &RuleSet,
    color: bool,
    input: &mut dyn BufRead,
    err: &mut dyn Write,
) -> Result<Chosen> {
    let shapes = Shapes::of(result, rules);
    let question = Question { result, rules, shapes: &shapes, color };
    // A file that a change needs comes with it.
    let mut session = Session::new(&shapes, |site| !result.files[site.file].is_new);
    let mut line = String::new();
    let mut shown = None;
    while let Some(at) = session.next() {
        // A site is shown again only after the answer to another one.
        if shown != Some(at) {
            question.show(session.site(at), shown.map(|at| session.site(at)), err)?;
            shown = Some(at);
        }
        question.prompt(at + 1, session.len(), err)?;
        err.flush()?;
        line.clear();
        if input.read_line(&mut line)? == 0 {
            writeln!(err)?;
            break;
        }
        match session.answer(at, line.trim()) {
            Reply::Taken => {}
            Reply::Back => shown = None,
            Reply::Quit => break,
            Reply::Nothing(what) => writeln!(err, "{what}")?,
        }
    }
    let chosen = Chosen::of(result, rules, &session);
    if !chosen.later.is_empty() {
        writeln!(err)?;
    }
    for site in &chosen.later {
        writeln!(err, "edit later: {}", question.place(*site))?;
    }
    Ok(chosen)
}

impl Chosen {
    fn of(result: &RunResult, rules: &RuleSet, session: &Session) -> Self {
        let wanted = session.wanted();
        let mut sites = HashMap::new();
        for (file, found) in result.files.iter().enumerate() {
            let all = &found.outcome.sites;
            let is_wanted = |site| wanted.contains(&SiteId { file, site });
            let refused: Vec<Span> = (0..all.len())
                .filter(|&s| all[s].status == FixStatus::Applied && !is_wanted(s))
                .map(|s| all[s].span)
                .collect();
            let takes = |site: usize| match all[site].status {
                FixStatus::Applied => is_wanted(site),
                // Nobody was asked about what would stand here instead.
                FixStatus::Overlaps { .. } => {
                    !refused.iter().any(|span| span.overlaps(all[site].span))
                }
                _ => true,
            };
            let of_file: HashMap<(usize, Span), bool> =
                (0..all.len()).map(|s| ((all[s].rule, all[s].span), takes(s))).collect();
            sites.insert(found.path.clone(), of_file);
        }
        let reports = rules.rules.iter().enumerate();
        let reports = reports.filter(|(_, r)| matches!(r.action, Action::Report(_)));
        let reports = reports.map(|(rule, _)| rule).collect();
        Self { sites, reports, wanted, later: session.later() }
    }

    /// Whether the fix of a rule at a place of the text before the run may be applied.
    pub fn takes(&self, path: &Path, rule: usize, span: Span) -> bool {
        let known = || self.sites.get(path)?.get(&(rule, span)).copied();
        self.reports.contains(&rule) || known().unwrap_or(false)
    }

    /// How many chosen changes of `asked` a run with nothing but the chosen ones has left out, since
    /// a go.mod cannot follow without the others.
    pub fn held_back(&self, asked: &RunResult, result: &RunResult) -> usize {
        let held: HashSet<(&Path, usize, Span)> = result
            .files
            .iter()
            .flat_map(|file| file.outcome.sites.iter().map(move |site| (file, site)))
            .filter(|(_, site)| matches!(site.status, FixStatus::HeldBack(_)))
            .map(|(file, site)| (file.path.as_path(), site.rule, site.span))
            .collect();
        let is_held = |id: &&SiteId| {
            let file = &asked.files[id.file];
            let site = &file.outcome.sites[id.site];
            held.contains(&(file.path.as_path(), site.rule, site.span))
        };
        self.wanted.iter().filter(is_held).count()
    }
}
