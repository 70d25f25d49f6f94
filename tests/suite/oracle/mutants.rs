//! Broken code.
