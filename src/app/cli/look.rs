//! The commands that look at a repository and leave it as it is: `check`, `verify`, `assess`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{ChoiceArgs, Format, Include, Selection};

/// What a look that writes nothing looks at.
#[derive(Debug, Args)]
pub struct LookArgs {
    /// Files and folders to look at; the whole repository without any.
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "flattened")]
    pub selection: Selection,
    /// Take what the rule's author marked for review, or what is of no known type, for changes.
    #[arg(long, value_enum, value_name = "WHAT")]
    pub include: Vec<Include>,
    /// Also look at generated files.
    #[arg(long)]
    pub include_generated: bool,
    /// Also look into vendor folders.
    #[arg(long)]
    pub include_vendor: bool,
    /// Also look at what .gitignore excludes.
    #[arg(long)]
    pub no_ignore: bool,
    /// Write a report: FILE.md, FILE.html or FILE.json; may be given several times.
    #[arg(long = "report", value_name = "FILE")]
    pub reports: Vec<PathBuf>,
    /// Threads; as many as there are cores without it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
}

/// The options of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    #[allow(missing_docs, reason = "flattened")]
    pub look: LookArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "flattened")]
    pub choice: ChoiceArgs,
    /// Problems in this file are known and do not fail the check.
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Take what is gone out of the baseline; write one if there is none. Nothing is ever added to
    /// a baseline that exists.
    #[arg(long, requires = "baseline")]
    pub update_baseline: bool,
    /// What to print on standard output.
    #[arg(long, value_enum, default_value_t)]
    pub format: CheckFormat,
}

/// The options of `verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    #[command(flatten)]
    #[allow(missing_docs, reason = "flattened")]
    pub look: LookArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "flattened")]
    pub choice: ChoiceArgs,
    /// The command to run, at the root of the repository.
    #[arg(last = true, value_name = "CMD")]
    pub command: Vec<String>,
    /// Compare the benchmarks of the changed packages as well (`go test -bench`).
    #[arg(long)]
    pub bench: bool,
    /// How often benchmarks run on either side, in turn.
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = clap::value_parser!(u16).range(4..=20))]
    pub bench_runs: u16,
    /// From which difference of medians on a benchmark counts, in percent.
    #[arg(long, value_name = "PERCENT", default_value_t = 10)]
    pub bench_threshold: u16,
    /// What to print on standard output.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// The options of `assess`.
#[derive(Debug, Args)]
pub struct AssessArgs {
    #[command(flatten)]
    #[allow(missing_docs, reason = "flattened")]
    pub look: LookArgs,
    /// What to print on standard output.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// What `check` prints on standard output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// A line for each problem.
    #[default]
    Text,
    /// Everything that is known, as one JSON document.
    Json,
    /// SARIF 2.1.0, with fixes.
    Sarif,
    /// Annotations of a GitHub workflow.
    Github,
}
