//! The application: everything that reads, writes and talks to people.

pub mod config;
pub mod output;
pub mod packs;
pub mod rules_command;
