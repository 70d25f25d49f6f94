//! dmmigrate rewrites Go repositories when a library changes.
pub mod go;
pub mod text;
