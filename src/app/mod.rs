//! The application: everything that reads, writes and talks to people.

pub mod output;
