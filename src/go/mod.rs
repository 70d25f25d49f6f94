//! Go: source files, names, imports, types and modules. Knows nothing of rules.

pub mod format;
pub mod lex;
pub mod outline;
pub mod syntax;
