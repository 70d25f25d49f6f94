//! The application: everything that reads, writes and talks to people.
//!
//! The only layer that touches the disk, starts programs and prints.

pub mod cases;
pub mod cli;
pub mod discover;
pub mod fs;
pub mod git;
pub mod go_env;
pub mod modules;
pub mod output;
pub mod root;
pub mod run;
pub mod txtar;
pub mod write;
