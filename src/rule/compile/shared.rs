//! What rules have in common. Comes in: what one rule has compiled. Goes out: the same for the
//! rules behind it, which say it as well: what stands beside `rules` is said for all of them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use globset::GlobSet;

use crate::rule::compiled::UnlessFolder;
use crate::rule::pattern::{Context, Reading};
use crate::text::{FileId, Span};

/// What was compiled for earlier rules.
#[derive(Default)]
pub(super) struct Shared {
    /// By where it is written; `None` where it is wrong.
    pub folders: BTreeMap<(FileId, Span), Option<Arc<UnlessFolder>>>,
    /// By where they are written; `None` where one is wrong.
    pub globs: BTreeMap<(FileId, Vec<Span>), Option<Arc<GlobSet>>>,
    /// By text and wanted context.
    pub readings: HashMap<(String, Option<Context>), Reading>,
}
