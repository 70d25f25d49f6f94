//! What several subjects need.

pub mod go_mod_files;
pub mod go_toolchain;
pub mod invariants;
pub mod modules;
pub mod packs;
pub mod repository;
