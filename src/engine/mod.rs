//! The engine: matching, fixing and resolving, one file at a time. Pure: no input, no output.

pub mod bindings;
pub mod conditions;
pub mod done;
pub mod endless;
pub mod matcher;
pub mod names;
pub mod prefilter;
pub mod render;
pub mod search;
