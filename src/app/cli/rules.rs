//! What is typed behind `rules`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::Selection;

/// What `rules` does.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// List packs and their rules.
    List(Selection),
    /// Make a pack with one rule and its case; it passes its own test.
    ///
    /// On a terminal the three questions that matter are asked, where the flags do not answer them.
    New(NewArgs),
    /// Print the JSON Schemas of the files that a person writes.
    Schema {
        /// One of them; all in one document without it.
        kind: Option<SchemaKind>,
        /// Write them into this folder instead, each as a file of its name.
        #[arg(long, value_name = "FOLDER")]
        write: Option<PathBuf>,
    },
    /// Look for what is wrong with rules that are well written.
    ///
    /// Cases that are missing, rules that can never match, rules that an earlier one hides, rules
    /// that every file is parsed for. Without a pack: the one that the current folder is, or those
    /// that dmmigrate.yaml names.
    Check {
        /// Folders of packs, or rule files.
        packs: Vec<String>,
    },
    /// Show a rule as it was understood.
    Show {
        /// ID or PACK/ID.
        rule: String,
        #[command(flatten)]
        #[allow(missing_docs, reason = "flattened")]
        selection: Selection,
    },
}

/// The options of `rules new`.
#[derive(Debug, Args)]
pub struct NewArgs {
    /// The folder to make; its last element is the pack's name.
    pub name: String,
    /// The import path of a package that the rule speaks of; may be given several times.
    #[arg(long = "package", value_name = "[NAME=]PATH")]
    pub packages: Vec<String>,
    /// The code to look for, with $x for one expression and $$$xs for any number.
    #[arg(long = "match", value_name = "PATTERN")]
    pub pattern: Option<String>,
    /// What it becomes.
    #[arg(long, value_name = "TEMPLATE", requires = "pattern")]
    pub rewrite: Option<String>,
    /// What is said about it, where nothing is rewritten.
    #[arg(long, value_name = "TEXT", requires = "pattern", conflicts_with = "rewrite")]
    pub report: Option<String>,
}

/// A kind of file that a person writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaKind {
    /// pack.yaml.
    Pack,
    /// A rule file.
    Rules,
    /// dmmigrate.yaml.
    Dmmigrate,
}
