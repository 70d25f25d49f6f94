//! The engine: matching, fixing and resolving, one file at a time. Pure: no input, no output.

pub mod bindings;
pub mod choice;
pub mod conditions;
pub mod date;
mod directive;
pub mod docs;
pub mod done;
pub mod endless;
pub mod facts;
pub mod field;
pub mod fix;
pub mod force;
mod guard;
pub mod import_plan;
mod kept_names;
pub mod lint;
pub mod locals;
pub mod matcher;
mod member_uses;
pub mod module;
pub mod names;
pub mod near_miss;
pub mod prefilter;
pub mod programs;
pub mod rename;
pub mod render;
pub mod resolve;
pub mod rewrite;
mod scoped;
pub mod search;
pub mod shape;
pub mod stand_in;
mod standing;
pub mod strings;
pub mod suppress;
pub mod surroundings;
mod tag;
pub mod text_files;
pub mod typed;
pub mod unbroken;
mod unkeyed;
mod uses;
pub mod work;

#[cfg(test)]
mod tests;
