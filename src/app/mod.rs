//! The application: everything that reads, writes and talks to people.
//!
//! The only layer that touches the disk, starts programs and prints.

pub mod apply;
pub mod assess;
pub mod cases;
pub mod changes;
pub mod check;
pub mod cli;
pub mod commit;
pub mod config;
pub mod dependencies;
pub mod digest;
pub mod discover;
pub mod disk;
pub mod exit;
pub mod explain;
pub mod fs;
pub mod git;
pub mod go_env;
pub mod interactive;
pub mod journal;
pub mod look;
pub mod manual;
pub mod modules;
pub mod neighbours;
pub mod output;
pub mod owners;
pub mod packs;
pub mod part;
pub mod program;
pub mod progress;
pub mod report;
pub mod residue;
pub mod root;
pub mod rules_check;
pub mod rules_command;
pub mod rules_doubts;
pub mod rules_new;
pub mod run;
pub mod scan;
pub mod schema;
pub mod selection;
pub mod shapes;
pub mod test_command;
pub mod tidy;
pub mod transaction;
pub mod txtar;
pub mod types_command;
pub mod undo;
pub mod undo_command;
pub mod undo_rule;
pub mod verify;
mod without_end;
pub mod write;

pub use program::main;
