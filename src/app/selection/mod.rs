//! What part of a repository a run is about. Comes in: what the command line selects. Goes out, for
//! every file: whether its fixes may be applied, and whether it is in this shard at all.
//!
//! Two kinds of selection differ in what they mean for go.mod. With globs, owners, percentages and
//! revisions the rest stays as it is, and a go.mod waits for it. Shards are parts of one whole that
//! is applied together: what each says is what a run over all would say of these files.

mod since;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context as _, Result};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::cli::{ChoiceArgs, ShardBy};
use super::digest::Digest;
use super::owners::Owners;

/// What is selected. Without anything said, all is.
#[derive(Debug, Default)]
pub struct Selection {
    files: Option<GlobSet>,
    exclude: Option<GlobSet>,
    owners: Option<(Vec<String>, Owners)>,
    percent: Option<Percent>,
    shard: Option<(Shard, ShardBy)>,
    changed: Option<BTreeSet<PathBuf>>,
    /// By file, lines that have changed, counted from 1; the end is excluded.
    lines: Option<BTreeMap<PathBuf, Vec<Range<usize>>>>,
    /// Whether all of a file with such lines is looked at.
    whole_files: bool,
}

/// A share of all packages.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Percent(f64);

/// One of several parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// From 1.
    number: u64,
    of: u64,
}

impl Selection {
    /// Works out what is selected in the repository at `root`.
    ///
    /// # Errors
    /// A glob does not compile, there is no CODEOWNERS file or no such owner, git does not know the
    /// revision.
    pub fn new(args: &ChoiceArgs, root: &Path) -> Result<Self> {
        Ok(Self {
            files: globs(&args.files)?,
            exclude: globs(&args.exclude)?,
            owners: match args.owners.as_slice() {
                [] => None,
                named => Some((named.to_vec(), Owners::read(root)?)),
            },
            percent: args.percent,
            shard: args.shard.map(|shard| (shard, args.shard_by)),
            changed: args.since.as_deref().map(|rev| since::files(root, rev)).transpose()?,
            lines: args.since_lines.as_deref().map(|rev| since::lines(root, rev)).transpose()?,
            whole_files: false,
        })
    }

    /// The same, where all of a file is looked at of which some lines are selected.
    #[must_use]
    pub fn with_whole_files(self) -> Self {
        Self { whole_files: true, ..self }
    }

    /// Whether fixes in the file may be applied. `package` is the import path of its package.
    pub fn takes(&self, path: &Path, package: &str) -> bool {
        self.files.as_ref().is_none_or(|globs| globs.is_match(path))
            && self.exclude.as_ref().is_none_or(|globs| !globs.is_match(path))
            && self.owners.as_ref().is_none_or(|(named, owners)| is_owned(named, owners, path))
            && self.percent.is_none_or(|percent| percent.takes(package))
            && self.changed.as_ref().is_none_or(|files| files.contains(path))
            && self.lines.as_ref().is_none_or(|lines| lines.contains_key(path))
    }

    /// The lines of the file that fixes may begin in; `None`: all.
    pub fn lines(&self, path: &Path) -> Option<&[Range<usize>]> {
        let lines = self.lines.as_ref().filter(|_| !self.whole_files);
        lines.map(|lines| lines.get(path).map_or(&[][..], Vec::as_slice))
    }

    /// Whether fixes may begin in some lines only.
    pub fn has_lines(&self) -> bool {
        self.lines.is_some() && !self.whole_files
    }

    /// Whether the line of the file is selected, whether or not all of the file is looked at.
    pub fn takes_line(&self, path: &Path, line: usize) -> bool {
        self.lines.as_ref().is_none_or(|lines| {
            let mut changed = lines.get(path).into_iter().flatten();
            changed.any(|range| range.contains(&line))
        })
    }

    /// Whether the file is part of this shard. `module` is the path of its module, `package` the
    /// import path of its package.
    pub fn in_shard(&self, module: &str, package: &str) -> bool {
        self.shard.is_none_or(|(shard, by)| match by {
            ShardBy::Module => shard.takes(module),
            ShardBy::Package => shard.takes(package),
        })
    }

    /// Whether a go.mod or go.work is part of this shard. `name` is the path of the module, or the
    /// folder of the go.work.
    pub fn module_in_shard(&self, name: &str) -> bool {
        self.shard.is_none_or(|(shard, by)| match by {
            ShardBy::Module => shard.takes(name),
            ShardBy::Package => false,
        })
    }
}

fn is_owned(named: &[String], owners: &Owners, path: &Path) -> bool {
    owners.of(path).iter().any(|owner| named.iter().any(|name| name.eq_ignore_ascii_case(owner)))
}

fn globs(texts: &[String]) -> Result<Option<GlobSet>> {
    if texts.is_empty() {
        return Ok(None);
    }
    let mut set = GlobSetBuilder::new();
    for text in texts {
        let glob = GlobBuilder::new(text).literal_separator(true).build();
        set.add(glob.with_context(|| format!("the glob {text:?} does not compile"))?);
    }
    Ok(Some(set.build()?))
}

impl Percent {
    /// The packages of a smaller share are all in the larger one.
    fn takes(self, package: &str) -> bool {
        // 2^53 steps are exact in a float, and far finer than any share.
        #[allow(clippy::cast_precision_loss, reason = "53 bits fit")]
        let place = (Digest::of(package.as_bytes()).spread() >> 11) as f64 / (1u64 << 53) as f64;
        place * 100.0 < self.0
    }
}

impl FromStr for Percent {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number: f64 = text.trim_end_matches('%').parse().map_err(|_| "not a number")?;
        let fits = number > 0.0 && number <= 100.0;
        fits.then_some(Self(number)).ok_or("a share is more than 0 and at most 100")
    }
}

impl Shard {
    fn takes(self, name: &str) -> bool {
        Digest::of(name.as_bytes()).spread() % self.of + 1 == self.number
    }
}

impl FromStr for Shard {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let form = "a shard is I/N, such as 1/8: I from 1 to N";
        let (number, of) = text.split_once('/').ok_or(form)?;
        let number: u64 = number.parse().map_err(|_| form)?;
        let of: u64 = of.parse().map_err(|_| form)?;
        (number >= 1 && number <= of).then_some(Self { number, of }).ok_or(form)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_grow_into_each_other_and_shards_are_parts() {
        let packages: Vec<String> = (0..2000).map(|n| format!("example.com/m/p{n}")).collect();
        let share = |percent: &str| {
            let percent: Percent = percent.parse().expect("a share");
            packages.iter().filter(|p| percent.takes(p)).count()
        };
        assert!((5..40).contains(&share("1")) && (150..250).contains(&share("10%")));
        assert_eq!(share("100"), packages.len());
        let growing = ["1", "10", "50", "100"].map(|p| p.parse::<Percent>().expect("a share"));
        for package in &packages {
            assert!(growing.is_sorted_by_key(|percent| percent.takes(package)), "{package}");
            let shards = (1..=7).map(|number| Shard { number, of: 7 });
            assert_eq!(shards.filter(|shard| shard.takes(package)).count(), 1);
        }
    }

    #[test]
    fn what_is_no_share_or_shard_is_refused() {
        for text in ["0", "101", "x", "-1", "NaN"] {
            assert!(text.parse::<Percent>().is_err(), "{text}");
        }
        for text in ["0/4", "5/4", "1", "1/0", "a/b"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
