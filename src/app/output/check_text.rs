//! Problems of a check as lines that editors and terminals can jump to.

use std::fmt::Write as _;

use super::summary::shown;
use crate::app::check::problem::{Problem, ProblemKind};
use crate::text::Severity;

/// `path:line:column: severity: message [PACK/RULE]`, a line each. Known problems are left out.
pub fn text(problems: &[Problem]) -> String {
    let mut out = String::new();
    for problem in problems.iter().filter(|p| !p.known) {
        let what = match problem.kind {
            ProblemKind::Change => "would change: ",
            ProblemKind::Manual => "needs a person: ",
            _ => "",
        };
        let _ = writeln!(
            out,
            "{}:{}:{}: {}: {what}{} [{}]",
            shown(&problem.path),
            problem.place.line,
            problem.place.column,
            severity_word(problem.severity),
            shown(&problem.message),
            problem.rule,
        );
    }
    out
}

/// The word for a severity.
pub fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}
