//! The options of `apply` that say how its changes are written.

use clap::{Args, ValueEnum};

/// How changes are written.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Writing")]
pub struct WritingArgs {
    /// Write to files that have uncommitted changes.
    #[arg(long)]
    pub allow_dirty: bool,
    /// Run `go mod tidy`, and `go mod vendor` where there is a vendor folder, in modules whose go.mod
    /// changes, and `go work vendor` where their workspace has one; `undo` takes that back, too.
    #[arg(long, conflicts_with = "dry_run")]
    pub tidy: bool,
    /// Write only if this command of the shell has no new failures with the patch, tried in a
    /// scratch work tree of git as `verify` does. One that fails without the patch too judges
    /// nothing, unless it runs tests that are told apart.
    #[arg(long, value_name = "CMD", conflicts_with_all = ["dry_run", "interactive"])]
    pub verify: Option<String>,
    /// Ask about every change, one place or all places that look alike: answers are single letters
    /// and Enter, ? explains them.
    #[arg(long, short = 'i')]
    pub interactive: bool,
    /// Commit the changes, as one commit, one for each rule, or one for each package; with
    /// --dry-run print a series for `git am`. Hooks are run, nothing else may be staged.
    #[arg(long, value_enum, value_name = "BY", conflicts_with = "allow_dirty")]
    pub commit: Option<CommitBy>,
}

/// What has a commit of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CommitBy {
    /// The run.
    Once,
    /// Every rule; go.mod comes last.
    Rule,
    /// Every folder; go.mod comes last.
    Package,
}
