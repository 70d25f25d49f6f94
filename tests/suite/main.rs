//! All integration tests, in one binary.

mod broken_rules;
mod spec;
mod spec_messages;
mod spec_random;
mod spec_values;
