//! What people and programs get to see.

pub mod check_text;
pub mod diagnostics;
pub mod github;
pub mod json;
pub mod patch;
pub mod sarif;
pub mod summary;
