//! Go: source files, names, imports, types and modules. Knows nothing of rules.

pub mod lex;
pub mod outline;
pub mod packages;
pub mod scope;
pub mod source;
pub mod syntax;
pub mod types;
