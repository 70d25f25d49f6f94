//! dmmigrate rewrites Go repositories when a library changes.
pub mod app;
pub mod go;
pub mod text;
