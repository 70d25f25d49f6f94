//! What runs the engine on a repository: finding, reading and writing files, and talking to people.
//!
//! The only layer that touches the disk, starts programs and prints.

pub mod discover;
pub mod git;
pub mod root;
pub mod write;
