//! All integration tests, in one binary.

mod spec;
mod spec_messages;
mod spec_random;
mod spec_values;
