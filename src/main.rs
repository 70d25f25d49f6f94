//! The `dmmigrate` binary.
fn main() {}
