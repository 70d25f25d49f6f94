//! All integration tests, in one binary so that they link once. A file per subject; what they
//! share is in `support`.

mod authoring;
mod broken_rules;
mod cases;
mod check;
mod cli;
mod crash;
mod decisions;
mod discover;
mod docs;
mod encodings;
mod examples;
mod explain;
mod format;
mod fuzz;
mod go_mod_edit;
mod go_mod_properties;
mod layering;
mod mistakes;
mod oracle;
mod outline;
mod patch;
mod real_code;
mod report;
mod schema;
mod selections;
mod shadow_probe;
mod shapes;
mod spec;
mod spec_messages;
mod spec_random;
mod spec_values;
mod support;
mod team_packs;
mod types_command;
mod work;
