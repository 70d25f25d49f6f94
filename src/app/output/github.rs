//! Problems of a check as annotations of a GitHub workflow (GitHub, "Workflow commands").

use std::fmt::Write as _;

use crate::app::check::problem::Problem;
use crate::text::Severity;

/// One command a line. Known problems are left out.
pub fn annotations(problems: &[Problem]) -> String {
    let mut out = String::new();
    for problem in problems.iter().filter(|p| !p.known) {
        let command = match problem.severity {
            Severity::Note => "notice",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let place = problem.place;
        let _ = write!(
            out,
            "::{command} file={},line={},endLine={}",
            property(&problem.path),
            place.line,
            place.end_line
        );
        // Columns mean something on a single line only.
        if place.line == place.end_line {
            let _ = write!(out, ",col={},endColumn={}", place.utf16_column, place.end_utf16_column);
        }
        let _ = writeln!(out, ",title={}::{}", property(&problem.rule), message(&problem.message));
    }
    out
}

/// A message: `%` begins an escape, and a line end would end the command.
fn message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property, which commas and colons would end as well.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
