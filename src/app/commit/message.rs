//! Messages of commits. Comes in: what rules have done. Goes out: a line and a text for the history:
//! which rules of which packs, why, and how much. Nothing in it depends on when or where it is made.

use std::fmt::Write as _;
use std::path::Path;

use super::Done;
use crate::app::output::summary::many;
use crate::rule::compiled::RuleSet;
use crate::text::layout::on_one_line;

/// What a commit says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its first line.
    pub subject: String,
    /// The rest; ends with a line break.
    pub body: String,
}

impl Message {
    /// For rules that share a commit; mostly a single one.
    pub(super) fn of_rules(rules: &RuleSet, done: &[Done]) -> Self {
        if let [one] = done {
            return Self::new(&titled(rules, one.rule), &why_and_count(rules, one));
        }
        let subject = format!("{}: {}", packs(rules, done), ids(rules, done));
        let together = "These rules change the same code: none of them can be applied alone.";
        Self::new(&subject, &format!("{together}\n\n{}", listed(rules, done)))
    }

    /// For all that a run does.
    pub(super) fn of_run(rules: &RuleSet, done: &[Done]) -> Self {
        if done.len() == 1 {
            return Self::of_rules(rules, done);
        }
        let sites = many(done.iter().map(|d| d.sites).sum(), "site");
        let subject = format!("{}: {sites} by {}", packs(rules, done), many(done.len(), "rule"));
        Self::new(&subject, &listed(rules, done))
    }

    /// For all that is done in a folder.
    pub(super) fn of_package(rules: &RuleSet, folder: &Path, done: &[Done]) -> Self {
        let folder = folder.to_string_lossy();
        let folder = if folder.is_empty() { "." } else { &folder };
        let subject = format!("{folder}: {}: {}", packs(rules, done), ids(rules, done));
        Self::new(&subject, &listed(rules, done))
    }

    /// For go.mod and go.work.
    pub(super) fn of_modules(rules: &RuleSet, done: &[Done]) -> Self {
        let subject = format!("go.mod: {}: {}", packs(rules, done), ids(rules, done));
        Self::new(&subject, &listed(rules, done))
    }

    /// Nothing in a pack may steer a terminal that shows the history, or be taken by git for more
    /// than a message: a patch, a header. A line that would begin another mail is encoded by `series`.
    fn new(subject: &str, body: &str) -> Self {
        let visible = |text: &str| -> String {
            text.chars().filter(|c| *c == '\n' || *c == '\t' || !c.is_control()).collect()
        };
        let subject = on_one_line(&visible(subject));
        let mut safe = String::new();
        for line in visible(body).lines() {
            let taken = ["---", "diff -", "Index: ", "From:", ">From", "Subject", "Date", "#"];
            if taken.iter().any(|word| line.starts_with(word)) {
                safe.push(' ');
            }
            safe.push_str(line.trim_end());
            safe.push('\n');
        }
        Self { subject, body: safe }
    }

    /// All of it, as git takes it.
    pub fn text(&self) -> String {
        format!("{}\n\n{}", self.subject, self.body)
    }
}

/// `PACK/ID`, and the rule's title if it has one.
fn titled(rules: &RuleSet, rule: usize) -> String {
    let (name, title) = (rules.full_name(rule), &rules.rules[rule].title);
    if title.is_empty() { name } else { format!("{name}: {title}") }
}

/// The packs of the rules, each once.
fn packs(rules: &RuleSet, done: &[Done]) -> String {
    let mut names: Vec<&str> =
        done.iter().map(|d| rules.packs[rules.rules[d.rule].pack].name.as_str()).collect();
    names.dedup();
    names.join(", ")
}

fn ids(rules: &RuleSet, done: &[Done]) -> String {
    done.iter().map(|d| rules.rules[d.rule].id.as_str()).collect::<Vec<_>>().join(", ")
}

fn listed(rules: &RuleSet, done: &[Done]) -> String {
    let mut out = String::new();
    for (nth, one) in done.iter().enumerate() {
        let blank = if nth == 0 { "" } else { "\n" };
        let _ = writeln!(out, "{blank}{}\n", titled(rules, one.rule));
        out.push_str(&why_and_count(rules, one));
    }
    out
}

fn why_and_count(rules: &RuleSet, done: &Done) -> String {
    let why = rules.rules[done.rule].why.trim();
    let blank = if why.is_empty() { "" } else { "\n\n" };
    format!("{why}{blank}{} in {}\n", many(done.sites, "site"), many(done.files, "file"))
}
