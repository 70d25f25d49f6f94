//! dmmigrate rewrites Go repositories when a library changes.
pub mod app;
pub mod engine;
pub mod go;
pub mod rule;
pub mod text;
