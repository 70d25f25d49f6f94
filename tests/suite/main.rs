//! All integration tests in one binary.

mod types_oracle;
