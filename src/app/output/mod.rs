//! What people and programs get to see.

pub mod diagnostics;
pub mod json;
pub mod patch;
pub mod summary;
