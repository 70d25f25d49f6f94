//! Which of the standard library's files belong to experiments that nobody switched on. Comes in:
//! the files of one of its folders. Goes out: the same with `goexperiment` tags settled, as far as
//! the library's own source says what its toolchain sets.
//!
//! A name that an experiment declares anew, such as `json.RawMessage`, is otherwise declared in
//! two ways, and unknown. Source: `internal/buildcfg/exp.go`, `baseline`.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::{Files, PackageFile};

const PREFIX: &str = "goexperiment.";

/// The experiments that the toolchain of a standard library may switch on by itself.
#[derive(Default)]
pub(super) struct Experiments {
    baseline: OnceLock<Option<Vec<String>>>,
}

impl Experiments {
    /// Settles the tags of the files of a folder of the standard library under `source`. Files
    /// of a folder that is all experiment stay as they are: who imports it has switched it on.
    pub(super) fn settle(&self, files: &Files, source: &Path, loaded: &mut [Arc<PackageFile>]) {
        let mentioned = |f: &Arc<PackageFile>| f.constraint.mentions_any(&|tag| is_experiment(tag));
        if !loaded.iter().any(mentioned) {
            return;
        }
        let baseline = self.baseline.get_or_init(|| {
            let text = files.read(&source.join("internal/buildcfg/exp.go"))?;
            baseline(&text)
        });
        let Some(baseline) = baseline else { return };
        let is_off = |tag: &str| {
            tag.strip_prefix(PREFIX).is_some_and(|name| !baseline.iter().any(|b| b == name))
        };
        let settled: Vec<_> = loaded.iter().map(|f| f.constraint.without(&is_off)).collect();
        if settled.iter().all(|c| !c.can_hold()) {
            return;
        }
        for (file, constraint) in loaded.iter_mut().zip(settled) {
            if file.constraint != constraint {
                *file = Arc::new(PackageFile { source: file.source.clone(), constraint });
            }
        }
    }
}

fn is_experiment(tag: &str) -> bool {
    tag.starts_with(PREFIX)
}

/// The names in `baseline := goexperiment.Flags{…}`, in small letters as tags have them.
fn baseline(text: &str) -> Option<Vec<String>> {
    let (_, rest) = text.split_once("baseline := goexperiment.Flags{")?;
    let (fields, _) = rest.split_once('}')?;
    let names = fields.lines().filter_map(|line| line.split_once(':'));
    Some(names.map(|(name, _)| name.trim().to_lowercase()).collect())
}

#[cfg(test)]
mod tests {
    use super::baseline;

    #[test]
    fn the_baseline_is_read_from_the_source() {
        let text = "\tbaseline := goexperiment.Flags{\n\t\tRegabiArgs: regabiSupported,\n\t\tGreenTeaGC:  true,\n\t}\n";
        assert_eq!(
            baseline(text).as_deref(),
            Some(&["regabiargs".into(), "greenteagc".into()][..])
        );
        assert_eq!(baseline("package buildcfg\n"), None);
    }
}
