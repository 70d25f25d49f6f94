//! All integration tests, in one binary so that they link once.

mod discover;
mod patch;
mod spec;
mod spec_messages;
mod spec_random;
mod spec_values;
