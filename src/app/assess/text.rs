//! The assessment as text for a terminal. Comes in: the assessment. Goes out: its sections, each a
//! few aligned lines; control characters of the repository are escaped.

use std::fmt::Write as _;

use super::{Assessment, Requirement};
use crate::app::output::summary::{many, shown, thousands};

/// The most packages of the plan that are listed.
const PACKAGES: usize = 20;

/// So many modules are named through which a library comes.
const THROUGH: usize = 2;

/// The text.
pub fn text(assessment: &Assessment) -> String {
    let mut out = String::new();
    heading(&mut out, "Preflight");
    let checks = assessment.preflight.iter();
    table(
        &mut out,
        &[],
        checks.map(|c| vec![c.outcome.as_str().into(), c.about.into(), c.text.clone()]).collect(),
    );
    if !assessment.requirements.is_empty() {
        heading(&mut out, "Who depends on it");
        let head = ["library", "version", "module", "how", "becomes"];
        let rows = assessment.requirements.iter().map(required).collect();
        table(&mut out, &head, rows);
    }
    risk(&mut out, assessment);
    if !assessment.sites.is_empty() {
        heading(&mut out, "Sites");
        let head =
            ["rule", "kind", "change", "review", "unknown type", "person", "finding", "left"];
        let row = |r: &super::RuleSites| {
            let counts = [r.changes, r.review, r.unknown_type, r.manual, r.findings, r.left];
            let counts = counts.map(|n| if n == 0 { "–".to_string() } else { thousands(n) });
            [vec![r.rule.clone(), r.kind.to_string()], counts.to_vec()].concat()
        };
        table(&mut out, &head, assessment.sites.iter().map(row).collect());
    }
    work(&mut out, assessment);
    plan(&mut out, assessment);
    out
}

fn heading(out: &mut String, text: &str) {
    if !out.is_empty() {
        out.push('\n');
    }
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{text}");
}

fn required(r: &Requirement) -> Vec<String> {
    let with = |version: &str, belongs_to: &Option<String>| match belongs_to {
        Some(belongs_to) => format!("{version} ({belongs_to})"),
        None => version.to_string(),
    };
    let packages = many(r.packages, "package");
    let mut how = match (&r.version, r.indirect, r.packages) {
        (None, ..) => format!("not in go.mod, {packages}"),
        (_, true, 0) => "indirect".to_string(),
        (_, true, _) => format!("marked indirect, {packages}"),
        (_, false, _) => format!("direct, {packages}"),
    };
    match r.through.as_slice() {
        [] => {}
        few if few.len() <= THROUGH => how.push_str(&format!(", through {}", few.join(", "))),
        [first, rest @ ..] => {
            how.push_str(&format!(", through {first} and {} more", rest.len()));
        }
    }
    if let Some(by) = &r.replaced_by {
        how.push_str(&format!(", replaced by {by}"));
    }
    if r.behind {
        how.push_str(", behind");
    }
    vec![
        r.library.clone(),
        with(r.version.as_deref().unwrap_or("–"), &r.belongs_to),
        r.module.clone(),
        how,
        r.becomes.as_ref().map_or(String::new(), |b| with(b, &r.becomes_belongs_to)),
    ]
}

fn risk(out: &mut String, assessment: &Assessment) {
    let risk = &assessment.risk;
    heading(out, &format!("Risk {} of 100: {}", risk.score, risk.level));
    let head = ["what", "count", "of", "share", "weight", "points"];
    let row = |f: &super::risk::Factor| {
        vec![
            f.name.to_string(),
            thousands(f.count),
            thousands(f.of),
            format!("{:.2}", f.share),
            f.weight.to_string(),
            format!("{:.1}", f.points),
        ]
    };
    table(out, &head, risk.factors.iter().map(row).collect());
    if risk.clashes > 0 {
        let _ = writeln!(out, "  two drivers in {}", many(risk.clashes, "binary"));
    }
    for line in wrapped(&risk.formula) {
        let _ = writeln!(out, "  {line}");
    }
}

/// Text in lines that fit a terminal.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.len() - 1;
        if !lines[last].is_empty() && lines[last].chars().count() + word.chars().count() > 90 {
            lines.push(word.to_string());
        } else {
            let space = if lines[last].is_empty() { "" } else { " " };
            lines[last].push_str(space);
            lines[last].push_str(word);
        }
    }
    lines
}

fn work(out: &mut String, assessment: &Assessment) {
    let w = &assessment.work;
    heading(out, "Work");
    let lines = [
        (w.shapes, "shape", "to look at"),
        (w.outliers, "outlier", "to look at"),
        (w.review, "site", "to decide about"),
        (w.manual, "site or finding", "to do by hand"),
        (w.untested, "package", "without tests to try by hand"),
        (w.left_over, "mention", "left over"),
    ];
    let (changes, files) = (many(w.changes, "site"), many(w.files, "file"));
    let _ = writeln!(out, "  {changes} in {files} by the program");
    for (count, what, todo) in lines.iter().filter(|(count, ..)| *count > 0) {
        let what = if *what == "site or finding" && *count > 1 {
            format!("{} sites or findings", thousands(*count))
        } else {
            many(*count, what)
        };
        let _ = writeln!(out, "  {what} {todo}");
    }
}

fn plan(out: &mut String, assessment: &Assessment) {
    if assessment.plan.is_empty() {
        return;
    }
    let packages = many(assessment.plan.len(), "package");
    heading(out, &format!("Plan: {packages} in {}", many(assessment.work.steps, "step")));
    let head = ["step", "package", "change", "to look at", "tests"];
    let row = |p: &super::Planned| {
        let tests = if p.tests == 0 { "none".to_string() } else { many(p.tests, "file") };
        let counts = [thousands(p.changes), thousands(p.attention), tests];
        [vec![p.step.to_string(), p.package.clone()], counts.to_vec()].concat()
    };
    table(out, &head, assessment.plan.iter().take(PACKAGES).map(row).collect());
    if assessment.plan.len() > PACKAGES {
        let more = many(assessment.plan.len() - PACKAGES, "package");
        let _ = writeln!(out, "  and {more} more, which --format json and reports name");
    }
}

/// Lines with aligned columns, two spaces in front and between.
fn table(out: &mut String, head: &[&str], rows: Vec<Vec<String>>) {
    let head: Vec<String> = head.iter().map(|cell| (*cell).to_string()).collect();
    let rows: Vec<Vec<String>> =
        std::iter::once(head).filter(|head| !head.is_empty()).chain(rows).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| shown(cell)).collect()).collect();
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|c| c.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for row in &rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("  {cell:width$}"));
        let _ = writeln!(out, "{}", cells.collect::<String>().trim_end());
    }
}
