//! dmmigrate rewrites Go repositories when a library changes.
pub mod text;
