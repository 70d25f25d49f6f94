//! What a person has to run after a run that did not tidy. Comes in: the modules whose go.mod has
//! changed. Goes out: the same commands that `--tidy` runs, each with its folders, in their order.

use std::path::{Path, PathBuf};

use super::{is_vendored, vendored_workspaces};

/// Commands for folders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByHand {
    /// As they are typed.
    pub command: &'static str,
    /// From the root.
    pub folders: Vec<PathBuf>,
}

/// The commands that make these modules tidy, and their vendor folders what they should be.
pub fn by_hand(root: &Path, modules: &[PathBuf]) -> Vec<ByHand> {
    let (vendored, plain) = modules.iter().cloned().partition(|module| is_vendored(root, module));
    let workspaces = vendored_workspaces(root, modules).into_iter().collect();
    let all = [
        ByHand { command: "go mod tidy", folders: plain },
        ByHand { command: "go mod tidy && go mod vendor", folders: vendored },
        ByHand { command: "go work vendor", folders: workspaces },
    ];
    all.into_iter().filter(|one| !one.folders.is_empty()).collect()
}
