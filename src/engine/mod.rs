//! The engine: matching, fixing and resolving, one file at a time. Pure: no input, no output.

pub mod bindings;
pub mod conditions;
pub mod done;
pub mod endless;
pub mod facts;
pub mod fix;
pub mod force;
pub mod import_plan;
pub mod lint;
pub mod matcher;
pub mod module;
pub mod names;
pub mod near_miss;
pub mod prefilter;
pub mod render;
pub mod resolve;
pub mod rewrite;
pub mod search;
pub mod shape;
pub mod stand_in;
pub mod text_files;
pub mod typed;
pub mod unbroken;
pub mod work;

#[cfg(test)]
mod tests;
