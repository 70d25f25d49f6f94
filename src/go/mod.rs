//! Go without rules: what the language and its module system say about a source file or a module.
//!
//! Text comes in, structure and edits go out. Nothing here knows what a rule is.

pub mod module;
pub mod version;
