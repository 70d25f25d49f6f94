//! What a comparison found, as a line of a table and what is to be said beside it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Answers to one sort of question.
#[derive(Default)]
pub struct Count {
    pub asked: usize,
    pub known: usize,
    /// What we said, what the type checker said, and where.
    pub wrong: Vec<String>,
    /// Of what is unknown, by reason.
    unknown: BTreeMap<String, usize>,
    examples: BTreeMap<String, Vec<String>>,
}

impl Count {
    /// Counts an answer that is not there.
    pub fn unknown(&mut self, reason: &str, example: impl FnOnce() -> String) {
        *self.unknown.entry(reason.into()).or_default() += 1;
        let examples = self.examples.entry(reason.into()).or_default();
        if examples.len() < examples_shown() {
            examples.push(example());
        }
    }

    /// The share that is known, in percent.
    #[allow(clippy::cast_precision_loss, reason = "a share for people")]
    pub fn share(&self) -> f64 {
        if self.asked == 0 { 100.0 } else { 100.0 * self.known as f64 / self.asked as f64 }
    }

    fn cells(&self) -> String {
        format!("{} | {} | {}", self.asked, percent(self.share()), self.wrong.len())
    }

    fn reasons(&self, what: &str, out: &mut String) {
        // A few of each file.
        let file = |wrong: &String| wrong.split(':').next().unwrap_or_default().to_string();
        let mut of_file: BTreeMap<String, usize> = BTreeMap::new();
        for wrong in &self.wrong {
            let n = of_file.entry(file(wrong)).or_default();
            *n += 1;
            if *n <= 3 {
                let _ = writeln!(out, "WRONG {what}: {wrong}");
            }
        }
        for (reason, n) in &self.unknown {
            let _ = writeln!(out, "    {n:7} {what}: {reason}");
            for example in self.examples.get(reason).into_iter().flatten() {
                let _ = writeln!(out, "            {example}");
            }
        }
    }
}

/// 99.996 is not 100.
fn percent(share: f64) -> String {
    format!("{:.2} %", (share * 100.0).floor() / 100.0)
}

fn examples_shown() -> usize {
    std::env::var("DMMIGRATE_ORACLE_EXAMPLES").ok().and_then(|n| n.parse().ok()).unwrap_or(0)
}

/// All answers about some packages.
#[derive(Default)]
pub struct Report {
    pub files: usize,
    pub types: Count,
    pub objects: Count,
    pub constants: Count,
    /// Expressions that the type checker has and our tree has not, by their first word.
    pub not_in_tree: BTreeMap<String, usize>,
}

/// The head of the table.
pub const HEAD: &str = "\
| | files | expressions | known | wrong | identifiers | known | wrong | constants | known | wrong | s |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|";

impl Report {
    /// A line of the table.
    pub fn line(&self, name: &str, seconds: f64) -> String {
        format!(
            "| {name} | {} | {} | {} | {} | {seconds:.1} |",
            self.files,
            self.types.cells(),
            self.objects.cells(),
            self.constants.cells()
        )
    }

    /// What is wrong, and what is unknown by reason.
    pub fn details(&self) -> String {
        let mut out = String::new();
        self.types.reasons("expressions", &mut out);
        self.objects.reasons("identifiers", &mut out);
        self.constants.reasons("constants", &mut out);
        for (what, n) in &self.not_in_tree {
            let _ = writeln!(out, "    {n:7} without a node of ours: {what}");
        }
        out
    }

    /// How many answers are wrong.
    pub fn wrong(&self) -> usize {
        self.types.wrong.len() + self.objects.wrong.len() + self.constants.wrong.len()
    }
}
