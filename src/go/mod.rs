//! Go: source files, names, imports, types and modules. Knows nothing of rules.

pub mod format;
pub mod import_path;
pub mod imports;
mod kept;
pub mod lex;
pub mod literal;
pub mod module;
pub mod outline;
pub mod packages;
pub mod precedence;
pub mod predeclared;
pub mod scope;
pub mod source;
pub mod syntax;
pub mod types;
pub mod version;
