//! What a rehearsal came to, as text. Comes in: the rehearsal and the benchmarks. Goes out: a line
//! for each command, what is new with the rules behind it, a line for each benchmark.

use std::fmt::Write as _;

use super::bench::{Comparison, Verdict};
use super::rehearsal::{Compared, Ended, Rehearsal};
use crate::app::output::summary::{many, shown};

/// The text.
pub fn text(rehearsal: &Rehearsal, bench: &[Comparison]) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    for tidied in &rehearsal.tidied {
        let how = if tidied.failed.is_some() { "FAILED" } else { "ok" };
        let _ = writeln!(out, "{how:7} {} in {}", shown(&tidied.command), shown(&tidied.folder));
        for line in tidied.failed.iter().flat_map(|text| text.lines()) {
            let _ = writeln!(out, "        {}", shown(line));
        }
    }
    for compared in &rehearsal.commands {
        let _ = writeln!(out, "{}", of_command(compared));
    }
    for failure in &rehearsal.new {
        let _ = writeln!(out, "\nnew failure of {}:", shown(&failure.command));
        let _ = writeln!(out, "  {}", shown(&failure.text));
        let trials = many(failure.trials, "trial");
        let _ = match failure.rules.as_slice() {
            [] => writeln!(out, "  which rule causes it was not looked for"),
            [rule] => writeln!(out, "  caused by {rule} ({trials})"),
            rules => writeln!(
                out,
                "  caused by {}, which could not be told apart ({trials})",
                rules.join(", ")
            ),
        };
    }
    benchmarks(&mut out, bench);
    out
}

fn of_command(compared: &Compared) -> String {
    let ended = |ended: &Ended| match ended.code {
        Some(0) => format!("ok in {:.1} s", ended.seconds),
        Some(code) => format!("exit code {code}, {}", many(ended.failures, "failure")),
        None => "ended by a signal".to_string(),
    };
    let how = if compared.after.code == Some(0) { "ok" } else { "fails" };
    let mut after = ended(&compared.after);
    if compared.untidy {
        after.push_str(" (nothing is known: it asks for go mod tidy, which failed)");
    }
    let (command, folder) = (shown(&compared.command), shown(&compared.folder));
    format!("{how:7} {command} in {folder}: before {}, after {after}", ended(&compared.before))
}

fn benchmarks(out: &mut String, bench: &[Comparison]) {
    if bench.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nbenchmarks, medians in ns/op:");
    for one in bench {
        let how = match one.verdict {
            Verdict::Slower => "SLOWER",
            Verdict::Faster => "faster",
            Verdict::Same => "same",
            Verdict::TooNoisy => "too noisy to tell",
        };
        let _ = writeln!(
            out,
            "  {}  {:.1} -> {:.1}  {:+.1} %  (runs {:.0} % apart, chance {:.3})  {how}",
            shown(&one.name),
            one.before,
            one.after,
            one.change * 100.0,
            one.spread * 100.0,
            one.chance,
        );
    }
}
