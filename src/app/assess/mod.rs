//! The command `assess`: what depends on what, how risky a migration is, and how much work. Comes
//! in: the options of a look. Goes out: text or JSON on standard output, and the reports that were
//! asked for, with the same on them. Nothing of the repository is changed or started.

pub mod drawing;
pub mod picture;
pub mod plan;
pub mod preflight;
pub mod requirement;
pub mod risk;
pub mod sites;
pub mod subject;
pub mod survey;
pub mod text;
pub mod through;

use std::io::Write;

use anyhow::Result;
use serde::Serialize;

use self::picture::Picture;
use self::plan::{Planned, plan};
use self::preflight::{Check, Outcome, preflight};
use self::requirement::{Requirement, requirements};
use self::risk::{Risk, risk};
use self::sites::{RuleSites, Work, found, measured, rule_sites, work};
use self::subject::Subject;
use self::survey::Survey;
use super::apply::Talk;
use super::check::problem::slashed;
use super::cli::{AssessArgs, Format};
use super::exit::Exit;
use super::go_env::go_env;
use super::look::{Extent, Look, look};
use super::part::Part;
use super::report;
use super::run::{on_threads, run_part};
use crate::engine::fix::FixStatus;

/// What there is to know before a migration.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Assessment {
    /// The version of the document's form.
    pub form: u32,
    /// The program's version.
    pub tool_version: &'static str,
    /// The name of the repository: its folder.
    pub repository: String,
    /// The packs in use.
    pub packs: Vec<String>,
    /// What has to be in order.
    pub preflight: Vec<Check>,
    /// Which modules use which version of the library.
    pub requirements: Vec<Requirement>,
    /// The same as a picture.
    pub picture: Picture,
    /// How risky it is.
    pub risk: Risk,
    /// Sites by rule and status.
    pub sites: Vec<RuleSites>,
    /// How much there is to do.
    pub work: Work,
    /// The affected packages, leaves first.
    pub plan: Vec<Planned>,
}

/// Runs `assess`.
///
/// # Errors
/// Wrong use, and what makes a run impossible.
pub fn assess(
    args: &AssessArgs,
    talk: Talk,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    let Some(look) = look(&args.look, Extent::All, talk, err)? else { return Ok(Exit::Unable) };
    let waiting = waiting(&look);
    let look = as_if_nothing_waited(look, args.look.jobs)?;
    let assessment = assessment(&look, waiting)?;
    let (result, rules) = (&look.result, &look.loaded.compiled.rules);
    report::write_assessed(&look.options.root, result, rules, &assessment, &args.look.reports)?;
    let text = match args.format {
        Format::Text => text::text(&assessment),
        Format::Json => serde_json::to_string_pretty(&assessment)? + "\n",
    };
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(if result.unreadable.is_empty() { Exit::Done } else { Exit::Unable })
}

/// The go.mod files that have to wait for their code, and why.
fn waiting(look: &Look) -> Vec<Check> {
    let go_mods = look.result.files.iter().filter(|f| f.path.ends_with("go.mod"));
    let reasons = go_mods.filter_map(|file| {
        let held = file.outcome.sites.iter().find_map(|site| match &site.status {
            FixStatus::HeldBack(reason) => Some(reason),
            _ => None,
        });
        Some((slashed(&file.path), held?))
    });
    reasons
        .map(|(path, reason)| Check {
            about: "go.mod",
            outcome: Outcome::Warning,
            text: format!("{path} has to wait, and its module's code with it: {reason}"),
        })
        .collect()
}

/// Looks once more where code waits for its go.mod: what is to be done there counts as well.
fn as_if_nothing_waited(look: Look, jobs: Option<u16>) -> Result<Look> {
    if look.result.modules.iter().all(|module| module.held.is_empty()) {
        return Ok(look);
    }
    let mut known = look.result.modules.clone();
    for module in &mut known {
        module.held.clear();
    }
    let part = Part { known: Some(&known), ..Part::default() };
    let rules = &look.loaded.compiled.rules;
    let again = || run_part(&look.options, rules, part, &mut |_| Ok(()));
    let result = on_threads(jobs, again)??;
    Ok(Look { result, ..look })
}

/// Assesses what was seen, of which some may be `waiting`.
///
/// # Errors
/// Git refuses to look at the repository.
pub fn assessment(look: &Look, waiting: Vec<Check>) -> Result<Assessment> {
    let (result, rules) = (&look.result, &look.loaded.compiled.rules);
    let survey = Survey::read(&look.options, &result.go_mods)?;
    let subject = Subject::of(rules);
    let found = found(result, rules, &survey);
    let mut preflight = preflight(look)?;
    preflight.extend(waiting);
    let root = &look.options.root;
    let cache = go_env(root).module_cache;
    let requirements = requirements((result, rules), &survey, &subject, (root, cache.as_deref()));
    let plan = plan(&survey, &found);
    Ok(Assessment {
        form: 1,
        tool_version: env!("CARGO_PKG_VERSION"),
        repository: root.file_name().map_or_else(String::new, |n| n.to_string_lossy().into()),
        packs: rules.packs.iter().map(|p| p.name.clone()).collect(),
        picture: Picture::of(&survey, &subject, &requirements),
        risk: risk(&measured(result, rules, &preflight, &requirements, &plan)),
        sites: rule_sites(result, rules),
        work: work(result, rules, &plan),
        preflight,
        requirements,
        plan,
    })
}
