//! Where a package is, or why it is nowhere.

use std::path::PathBuf;

/// Where a package is, or why it is nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// In the folder; the path is the one under which types are printed.
    Found {
        /// The folder.
        dir: PathBuf,
        /// The import path, `vendor/…` for what the standard library vendors.
        import_path: String,
    },
    /// Nowhere that can be read.
    Missing(Missing),
}

/// Why a package is not there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Missing {
    /// `import "C"`.
    Cgo,
    /// `import "unsafe"`, which has no source.
    Unsafe,
    /// The standard library is not on this machine.
    NoStandardLibrary,
    /// No module that is required provides it.
    NotRequired,
    /// The module is not on this machine.
    ModuleNotOnDisk {
        /// Its path.
        module: String,
        /// The version asked for.
        version: String,
    },
    /// The module has no such folder, or the folder no Go files.
    NoSuchFolder,
}

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Missing::Cgo => write!(f, "cgo has no source"),
            Missing::Unsafe => write!(f, "unsafe has no source"),
            Missing::NoStandardLibrary => write!(f, "the standard library is not on this machine"),
            Missing::NotRequired => write!(f, "no required module provides it"),
            Missing::ModuleNotOnDisk { module, version } => {
                write!(f, "module {module} {version} is not on this machine")
            }
            Missing::NoSuchFolder => write!(f, "no such folder with Go files"),
        }
    }
}
