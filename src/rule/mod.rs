//! Rules: what a pack says as written, and what that compiles to.
//!
//! Comes in: the texts of a pack's files. Goes out: rules, and everything that is wrong with them.

pub mod spec;
