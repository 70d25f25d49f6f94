//! dmmigrate rewrites Go repositories when a library changes.
//!
//! A run goes one way, and each stage is a module to open:
//!
//! ```text
//! app::cli          what was typed
//! app::config       packs, dmmigrate.yaml, parameters     rule::spec     as written, with places
//!                                                         rule::compile  patterns, templates ready
//! app::discover     paths
//! app::run          files in parallel, out in order
//!   engine::prefilter   bytes -> rules that could match: for most files the end
//!   go::source          declarations, parsed only where a rule's words stand
//!   engine::search      pattern x node -> Match, by names and not by text
//!   engine::render      Match -> replacements: only what differs
//!   engine::import_plan imports that come, go, move; names at the site
//!   engine::resolve     all fixes of a file -> those that are applied, a status for each
//!   go::format          what gofmt would change because of it
//!   engine::rewrite     all of that, up to four rounds -> FileOutcome
//!   engine::module      what became of the code -> go.mod, go.work, or held back
//! app::output       FileOutcome -> patch, summary, JSON; app::write -> files
//! ```
//!
//! Five layers, each of which uses only those before it; a test holds that. `text` knows nothing
//! of Go, `go` nothing of rules, `rule` nothing of files, `engine` neither reads nor prints, `app`
//! does both. Problems are values: only `app` turns them into words.

pub mod text;

pub mod go;

pub mod rule;

pub mod engine;

pub mod app;
