//! In which order packages can be migrated. Comes in: the packages of the repository and those that
//! a run would touch. Goes out: steps; a package stands behind everything that it imports, directly
//! or through others, so each step can be built and tested before the next one begins.

use serde::Serialize;

use super::survey::Survey;

/// What a run finds in a package.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Sites that the run changes.
    pub changes: usize,
    /// Sites and findings that a person has to look at.
    pub attention: usize,
}

/// A package of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Planned {
    /// The step, from 1: those of one step do not depend on each other.
    pub step: usize,
    /// The import path.
    pub package: String,
    /// The folder from the root; `.` for the root.
    pub folder: String,
    /// Sites that the run changes.
    pub changes: usize,
    /// Sites and findings that a person has to look at.
    pub attention: usize,
    /// Test files.
    pub tests: usize,
}

/// The affected packages, leaves first. `found` is by package of the survey.
pub fn plan(survey: &Survey, found: &[Found]) -> Vec<Planned> {
    let is_affected = |p: usize| found[p].changes + found[p].attention > 0;
    let levels = levels(survey, &is_affected);
    let affected = (0..survey.packages.len()).filter(|&p| is_affected(p));
    let planned = affected.map(|p| {
        let package = &survey.packages[p];
        let folder = package.folder.to_string_lossy().replace('\\', "/");
        Planned {
            step: levels[p] + 1,
            package: package.path.clone(),
            folder: if folder.is_empty() { ".".to_string() } else { folder },
            changes: found[p].changes,
            attention: found[p].attention,
            tests: package.tests,
        }
    });
    let mut all: Vec<Planned> = planned.collect();
    all.sort_by(|a, b| (a.step, &a.package).cmp(&(b.step, &b.package)));
    let mut steps: Vec<usize> = all.iter().map(|p| p.step).collect();
    steps.dedup();
    for planned in &mut all {
        planned.step = steps.partition_point(|&step| step < planned.step) + 1;
    }
    all
}

/// For each package the length of the longest chain of affected packages that it imports. Imports
/// of tests do not count: with them packages may stand in a circle.
fn levels(survey: &Survey, is_affected: &dyn Fn(usize) -> bool) -> Vec<usize> {
    let count = survey.packages.len();
    let imports: Vec<Vec<usize>> = survey
        .packages
        .iter()
        .map(|p| p.imports.iter().filter_map(|i| survey.by_path(i)).collect())
        .collect();
    let mut levels = vec![0; count];
    let mut state = vec![State::New; count];
    // Not recursive: a chain of imports may be as long as the repository has packages.
    for start in 0..count {
        let mut open = vec![(start, 0)];
        while let Some((package, next)) = open.pop() {
            if state[package] == State::Done {
                continue;
            }
            state[package] = State::Open;
            if let Some(&import) = imports[package].get(next) {
                open.push((package, next + 1));
                // Go forbids circles; a file that does not build may have one.
                if state[import] == State::New {
                    open.push((import, 0));
                }
                continue;
            }
            let above = |&import: &usize| levels[import] + usize::from(is_affected(import));
            levels[package] = imports[package].iter().map(above).max().unwrap_or(0);
            state[package] = State::Done;
        }
    }
    levels
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}
