//! Rules: what a pack says, and what it compiles to. Knows Go, but no files and no terminal.

mod api;
pub mod compile;
pub mod compiled;
pub mod constraint;
pub mod found;
mod gopatch;
pub mod layout;
pub mod mention;
pub mod metavariable;
pub mod pack;
pub mod pattern;
pub mod shape;
pub mod spec;
pub mod template;
pub mod value;
