//! The command line as it is typed: clap's types and nothing else.

mod look;
mod rules;
mod writing;

use std::path::{Path, PathBuf};

use super::config::{Asked, Request};
use super::selection::{Percent, Shard};
use clap::{Args, Parser, Subcommand, ValueEnum};
pub use look::{AssessArgs, CheckArgs, CheckFormat, LookArgs, VerifyArgs};
pub use rules::{NewArgs, RulesCommand, SchemaKind};
pub use writing::{CommitBy, WritingArgs};

/// Rewrites Go repositories when a library changes.
///
/// A pack of declarative rules says how a library changed; dmmigrate applies it to a repository and
/// makes a patch that people can review, commit and take back.
#[derive(Debug, Parser)]
#[command(name = "dmmigrate", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Colours: `auto` is on a terminal, unless `NO_COLOR` is set.
    #[arg(long, value_enum, default_value_t, global = true)]
    pub color: ColorChoice,
    /// Print nothing but the product and errors.
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Name every site that was not changed, and why.
    #[arg(long, short, global = true)]
    pub verbose: bool,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Rewrite files, or print the patch with --dry-run.
    ///
    /// Without --pack, --rule or a dmmigrate.yaml, the built-in packs are used whose libraries the
    /// repository requires or imports.
    Apply(Box<ApplyArgs>),
    /// Say what depends on what, how risky a migration is, and how much work.
    ///
    /// Nothing is changed, and nothing of the repository is started.
    Assess(AssessArgs),
    /// Look without writing, for CI: exit code 1 if anything would change or needs a person.
    Check(CheckArgs),
    /// Rehearse: run commands without and with the patch, and name the rules behind new failures.
    ///
    /// All of it happens in a scratch work tree of git, which is removed afterwards. Without a
    /// command, and with Go at hand, `go build`, `go vet` and `go test` of the changed packages run,
    /// after `go mod tidy` where go.mod changes. Exit code 1 on new
    /// failures, and where every command fails without the patch too: nothing can be judged then.
    Verify(VerifyArgs),
    /// Say what every rule makes of a place, and the first thing that did not fit.
    ///
    /// FILE may be a case of a pack: then the pack's rules are asked. --verbose shows every piece
    /// of code that was tried, not only the nearest.
    Explain(ExplainArgs),
    /// Print the type of every expression of a file, or why it is not known.
    ///
    /// No Go toolchain is run. Lines and columns are from 1, columns in bytes.
    Types(TypesArgs),
    /// Run the cases of packs against their snapshots.
    ///
    /// Without a pack: the one that the current folder is, or those that dmmigrate.yaml names.
    Test {
        /// Folders of packs.
        packs: Vec<String>,
        /// Accept what the cases come to as their snapshots.
        #[arg(long)]
        update: bool,
    },
    /// Take a run back: all of it, some files, or what one rule has done.
    ///
    /// Files that were edited after the run are left alone and named. A module whose go.mod the run
    /// has changed is taken back as a whole or not at all, unless files are named.
    Undo(UndoArgs),
    /// List the runs that have written something, the last one first.
    ///
    /// --verbose names their files, too.
    Log,
    /// Make, check, list and show packs and rules.
    Rules {
        /// What to do.
        #[command(subcommand)]
        command: RulesCommand,
    },
    /// Print a completion script.
    Completions {
        /// For which shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page.
    Man {
        /// Write this page and one for every command into this folder instead.
        #[arg(long, value_name = "FOLDER")]
        write: Option<PathBuf>,
    },
}

/// Which rules take part.
#[derive(Clone, Debug, Default, Args)]
pub struct Selection {
    /// A pack by name, or a folder with a pack.yaml; may be given several times.
    #[arg(long = "pack", value_name = "NAME|DIR")]
    pub packs: Vec<String>,
    /// A single rule file; may be given several times.
    #[arg(long = "rule", value_name = "FILE")]
    pub rules: Vec<PathBuf>,
    /// Only this rule, as ID or PACK/ID; may be given several times.
    #[arg(long, value_name = "ID")]
    pub only: Vec<String>,
    /// All but this rule; may be given several times.
    #[arg(long, value_name = "ID")]
    pub except: Vec<String>,
    /// Set a parameter of a pack; may be given several times.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub params: Vec<String>,
}

impl Selection {
    /// What is asked for, with folders and files relative to `from`.
    pub fn request(&self, from: &Path) -> Request {
        let packs = self.packs.iter().cloned().map(Asked::Pack);
        let rules = self.rules.iter().map(|file| Asked::Rule(file.display().to_string()));
        Request {
            sources: packs.chain(rules).collect(),
            set: self.params.clone(),
            only: self.only.clone(),
            except: self.except.clone(),
            from: from.to_path_buf(),
        }
    }
}

/// The options of `apply`.
#[derive(Debug, Args)]
pub struct ApplyArgs {
    /// Files and folders to look at; the whole repository without any.
    pub paths: Vec<PathBuf>,
    /// Print the patch and write nothing.
    #[arg(long, short = 'n')]
    pub dry_run: bool,
    #[command(flatten)]
    #[allow(missing_docs, reason = "flattened")]
    pub selection: Selection,
    /// Also apply what the rule's author marked for review, or what is of no known type.
    #[arg(long, value_enum, value_name = "WHAT")]
    pub include: Vec<Include>,
    /// Also rewrite generated files.
    #[arg(long)]
    pub include_generated: bool,
    /// Also look into vendor folders.
    #[arg(long)]
    pub include_vendor: bool,
    /// Also look at what .gitignore excludes.
    #[arg(long)]
    pub no_ignore: bool,
    #[command(flatten)]
    #[allow(missing_docs, reason = "flattened")]
    pub choice: ChoiceArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "flattened")]
    pub writing: WritingArgs,
    /// Write a report: FILE.md, FILE.html or FILE.json; may be given several times.
    #[arg(long = "report", value_name = "FILE")]
    pub reports: Vec<PathBuf>,
    /// What to print on standard output.
    #[arg(long, value_enum, default_value_t)]
    pub format: ApplyFormat,
    /// Threads; as many as there are cores without it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
}

/// The options of `types`.
#[derive(Debug, Args)]
pub struct TypesArgs {
    /// A Go file.
    pub file: PathBuf,
    /// Lines for people, or one JSON document.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// The options of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The place, lines and columns from 1.
    #[arg(value_name = "FILE:LINE[:COL]")]
    pub place: String,
    /// Only this rule, as ID or PACK/ID, or the rules of a file; may be given several times.
    #[arg(long = "rule", value_name = "ID|FILE")]
    pub rules: Vec<String>,
    /// A pack by name, or a folder with a pack.yaml; may be given several times.
    #[arg(long = "pack", value_name = "NAME|DIR")]
    pub packs: Vec<String>,
    /// Set a parameter of a pack; may be given several times.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub params: Vec<String>,
}

/// Which part of the repository a run is about.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Part of the repository")]
pub struct ChoiceArgs {
    /// Only files whose path from the root fits; may be given several times.
    #[arg(long, value_name = "GLOB")]
    pub files: Vec<String>,
    /// All but files whose path from the root fits; may be given several times.
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<String>,
    /// Only files that CODEOWNERS gives to this owner; may be given several times.
    #[arg(long = "owner", value_name = "@TEAM")]
    pub owners: Vec<String>,
    /// Only this share of all packages: the same ones every time, the 10 % among the 50 %.
    #[arg(long, value_name = "N")]
    pub percent: Option<Percent>,
    /// Only one part of several, for many machines: together they are the whole.
    #[arg(long, value_name = "I/N")]
    pub shard: Option<Shard>,
    /// What is never parted by --shard; with packages go.mod stays as it is.
    #[arg(long, value_enum, default_value_t, value_name = "WHAT", requires = "shard")]
    pub shard_by: ShardBy,
    /// Only files that have changed since the branch left this revision.
    #[arg(long, value_name = "REV")]
    pub since: Option<String>,
    /// Only sites on lines that have changed since the branch left this revision.
    #[arg(long, value_name = "REV", conflicts_with = "since")]
    pub since_lines: Option<String>,
}

/// What is never parted by shards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ShardBy {
    /// A module.
    #[default]
    Module,
    /// A package.
    Package,
}

/// The options of `undo`.
#[derive(Debug, Args)]
pub struct UndoArgs {
    /// A run, as `log` names it (without: the last one), then files and folders (without: all).
    #[arg(value_name = "RUN|PATH")]
    pub run_and_paths: Vec<PathBuf>,
    /// Take back what this rule has done and leave the rest, as ID or PACK/ID; may be given several
    /// times.
    #[arg(long = "rule", value_name = "ID")]
    pub rules: Vec<String>,
}

/// What else to apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Include {
    /// Fixes that their author marked for review.
    Review,
    /// Fixes where it is not known whether the code has the type that the rule asks for.
    UnknownType,
}

/// What `apply` prints on standard output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ApplyFormat {
    /// The patch with --dry-run, nothing otherwise.
    #[default]
    Text,
    /// Everything that is known, as one JSON document.
    Json,
    /// SARIF 2.1.0: what would change, with fixes, and what needs a person; after a run the latter.
    Sarif,
    /// The same as annotations of a GitHub workflow.
    Github,
}

/// What is printed on standard output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Lines for people.
    #[default]
    Text,
    /// Everything that is known, as one JSON document.
    Json,
}
