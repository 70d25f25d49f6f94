//! The baseline: problems that a repository had when it began to be checked. Comes in: its file and
//! the problems of a run. Goes out: which of them are known, and a baseline without those that are
//! gone. It only ever shrinks: nothing is added to one that exists.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

use super::problem::Problem;

/// The version of the file's form.
const FORM: u32 = 1;

/// Whether a run looked for the problems of a rule in a file; both as they stand in the file.
pub type LookedAt<'a> = &'a dyn Fn(&str, &str) -> bool;

/// Known problems, as they stand in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    form: u32,
    /// By path and rule: the fingerprints.
    problems: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// Whether there is no file yet.
    #[serde(skip)]
    is_new: bool,
}

impl Baseline {
    /// Reads the file; one that is not there yet is new.
    ///
    /// # Errors
    /// It cannot be read, or is no baseline.
    pub fn read(file: &Path) -> Result<Self> {
        let shown = file.display();
        let text = match std::fs::read_to_string(file) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Ok(Self { form: FORM, is_new: true, ..Self::default() });
            }
            text => text.with_context(|| format!("cannot read the baseline {shown}"))?,
        };
        let baseline: Self = serde_json::from_str(&text).with_context(|| {
            format!("{shown} is no baseline: --update-baseline writes one where there is none")
        })?;
        if baseline.form != FORM {
            bail!("{shown} is a baseline of form {}: this program reads {FORM}", baseline.form);
        }
        Ok(baseline)
    }

    /// Whether there is no file yet.
    pub fn is_new(&self) -> bool {
        self.is_new
    }

    /// Marks the problems that it knows. Gives the number of those that it knows and that are gone,
    /// of what the run `looked_at`, by path and rule.
    pub fn mark(&self, problems: &mut [Problem], looked_at: LookedAt<'_>) -> usize {
        let mut found = 0;
        for problem in problems {
            problem.known = self.knows(problem);
            found += usize::from(problem.known && looked_at(&problem.path, &problem.rule));
        }
        let entries = self.entries().filter(|(path, rule, _)| looked_at(path, rule));
        entries.map(|(.., known)| known.len()).sum::<usize>().saturating_sub(found)
    }

    /// Path, rule and fingerprints.
    fn entries(&self) -> impl Iterator<Item = (&str, &str, &[String])> {
        self.problems.iter().flat_map(|(path, rules)| {
            rules.iter().map(move |(rule, known)| (path.as_str(), rule.as_str(), known.as_slice()))
        })
    }

    fn knows(&self, problem: &Problem) -> bool {
        let rules = self.problems.get(&problem.path);
        let known = rules.and_then(|rules| rules.get(&problem.rule));
        known.is_some_and(|known| known.contains(&problem.fingerprint))
    }

    /// The same without what is gone of what the run `looked_at`; a new one has everything that
    /// makes a check fail.
    #[must_use]
    pub fn shrunk(&self, problems: &[Problem], looked_at: LookedAt<'_>) -> Self {
        let mut shrunk = Self { form: FORM, ..Self::default() };
        for (path, rule, known) in self.entries().filter(|(path, rule, _)| !looked_at(path, rule)) {
            let rules = shrunk.problems.entry(path.to_owned()).or_default();
            rules.insert(rule.to_owned(), known.to_vec());
        }
        for problem in problems.iter().filter(|p| p.known || (self.is_new && p.counts())) {
            let rules = shrunk.problems.entry(problem.path.clone()).or_default();
            rules.entry(problem.rule.clone()).or_default().push(problem.fingerprint.clone());
        }
        shrunk
    }

    /// Writes the file.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, file: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        std::fs::write(file, text)
            .with_context(|| format!("cannot write the baseline {}", file.display()))
    }
}
