//! What the journal says of a run, as it stands on the disk: JSON.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::Run;
use crate::app::digest::{Content, Digest};

/// What a run is to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Plan {
    /// Its name: the time when it began.
    pub id: RunId,
    /// The version of the program.
    pub tool: String,
    /// The command line, without the program.
    pub command: Vec<String>,
    /// The folder that it was typed in.
    pub folder: StoredPath,
    /// Of all that the rules were compiled from.
    pub rules: Digest,
    /// The packs that took part.
    pub packs: Vec<String>,
    /// Those that were found by what the repository uses: the run may have changed that.
    #[serde(default)]
    pub detected: Vec<String>,
    /// The files, in the order of the patch.
    #[serde(default)]
    pub files: Vec<Entry>,
}

/// A file of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// Path from the root.
    pub path: StoredPath,
    /// The file from before; `None` where there was none.
    pub before: Option<Before>,
    /// What the run makes of it.
    pub after: Content,
    /// The sites that it changes in the file, by the rule's name.
    #[serde(default, skip_serializing_if = "Sites::is_empty")]
    pub sites: Sites,
}

/// Places in a file before the run, first and last byte, by `PACK/ID`.
pub type Sites = BTreeMap<String, Vec<(usize, usize)>>;

/// A file as it was.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Before {
    /// Where its bytes begin among those of all files.
    pub offset: usize,
    /// How many there are.
    pub len: usize,
    /// The bits of `chmod`.
    pub mode: Option<u32>,
    /// User and group.
    pub owner: Option<(u32, u32)>,
    /// By which the bytes are known again.
    pub content: Content,
}

/// What has happened to a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// Every file has been written, or is one of these, which could not be.
    Finished {
        /// Files that stayed as they were.
        left: Vec<StoredPath>,
    },
    /// A later run has gone on with it, and its journal holds these files, too.
    Adopted {
        /// That run.
        by: RunId,
    },
    /// The changes are about to be committed.
    Committing {
        /// The last commit before them.
        from: String,
    },
    /// The changes were committed, or were not, where there is no commit.
    Committed {
        /// By these commits, oldest first.
        commits: Vec<String>,
    },
    /// The fixes of some rules are about to be taken back.
    RulesUndone {
        /// As `PACK/ID`.
        rules: Vec<String>,
        /// What the files will hold.
        files: Vec<(StoredPath, Content)>,
    },
    /// All files are as before.
    Undone,
}

/// How far a run has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunState {
    /// It ended before it was done.
    CutOff,
    /// It is done.
    Finished,
    /// A later run has gone on with it.
    Adopted,
    /// It was taken back.
    Undone,
}

impl RunState {
    /// The state in a word or two.
    pub fn label(self) -> &'static str {
        match self {
            RunState::CutOff => "cut off",
            RunState::Finished => "finished",
            RunState::Adopted => "continued",
            RunState::Undone => "undone",
        }
    }
}

impl Run {
    /// How far the run has come.
    pub fn state(&self) -> RunState {
        let mut state = RunState::CutOff;
        for event in &self.events {
            match event {
                Event::Finished { .. } => state = RunState::Finished,
                Event::Adopted { .. } => state = RunState::Adopted,
                Event::Undone => state = RunState::Undone,
                _ => {}
            }
        }
        state
    }

    /// What the file may hold so that it is the run's own work.
    pub fn accepted(&self, entry: &Entry) -> Vec<Content> {
        let mut accepted = vec![entry.after];
        for event in &self.events {
            let Event::RulesUndone { files, .. } = event else { continue };
            let of_entry = files.iter().filter(|(path, _)| *path == entry.path);
            accepted.extend(of_entry.map(|(_, content)| *content));
        }
        accepted
    }

    /// By rule, how many sites it has changed.
    pub fn counts(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for (rule, sites) in self.plan.files.iter().flat_map(|entry| &entry.sites) {
            *counts.entry(rule.as_str()).or_default() += sites.len();
        }
        counts
    }

    /// The commits that the run has made.
    pub fn commits(&self) -> Vec<&str> {
        let commits = self.events.iter().filter_map(|event| match event {
            Event::Committed { commits } => Some(commits),
            _ => None,
        });
        commits.flatten().map(String::as_str).collect()
    }

    /// The last commit before those of the run, where it ended while it made them.
    pub fn cut_off_after(&self) -> Option<&str> {
        let mut from = None;
        for event in &self.events {
            match event {
                Event::Committing { from: commit } => from = Some(commit.as_str()),
                Event::Committed { .. } => from = None,
                _ => {}
            }
        }
        from
    }

    /// The rules, as `PACK/ID`, that were taken back.
    pub fn undone_rules(&self) -> Vec<&str> {
        let rules = self.events.iter().filter_map(|event| match event {
            Event::RulesUndone { rules, .. } => Some(rules),
            _ => None,
        });
        rules.flatten().map(String::as_str).collect()
    }
}

/// A path from the root, any bytes allowed: JSON keeps those that are no text as numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "PathForm", into = "PathForm")]
pub struct StoredPath(pub PathBuf);

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum PathForm {
    Text(String),
    Bytes(Vec<u8>),
}

impl From<PathForm> for StoredPath {
    fn from(form: PathForm) -> Self {
        StoredPath(match form {
            PathForm::Text(text) => text.into(),
            PathForm::Bytes(bytes) => from_bytes(bytes),
        })
    }
}

impl From<StoredPath> for PathForm {
    fn from(path: StoredPath) -> Self {
        match path.0.into_os_string().into_string() {
            Ok(text) => PathForm::Text(text),
            Err(other) => PathForm::Bytes(other.into_encoded_bytes()),
        }
    }
}

#[cfg(unix)]
fn from_bytes(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt as _;
    std::ffi::OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
fn from_bytes(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

/// The name of a run: when it began, in UTC, and a number that tells runs of one second apart.
/// Names sort as the runs came.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RunId {
    second: String,
    number: u32,
}

impl RunId {
    /// The name of a run that begins now.
    pub fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let (days, second) = (since.as_secs() / 86_400, since.as_secs() % 86_400);
        let (year, month, day) = date(days);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        let second = format!("{year:04}{month:02}{day:02}-{hour:02}{minute:02}{second:02}");
        Self { second, number: 0 }
    }

    /// The next name of the same second.
    #[must_use]
    pub fn next(&self) -> Self {
        Self { second: self.second.clone(), number: self.number + 1 }
    }

    /// Date and time, for people.
    pub fn time(&self) -> String {
        let s = &self.second;
        let part = |from: usize, to: usize| s.get(from..to).unwrap_or_default();
        let date = format!("{}-{}-{}", part(0, 4), part(4, 6), part(6, 8));
        format!("{date} {}:{}:{} UTC", part(9, 11), part(11, 13), part(13, 15))
    }
}

/// Year, month and day of the day that so many follow 1970-01-01 (Howard Hinnant,
/// `civil_from_days`).
fn date(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            0 => f.write_str(&self.second),
            number => write!(f, "{}-{number}", self.second),
        }
    }
}

impl FromStr for RunId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "a run is named like 20261125-101530";
        let (second, number) = match text.get(15..) {
            Some("") => (text, 0),
            Some(rest) => {
                let digits = rest.strip_prefix('-').ok_or(wrong)?;
                (&text[..15], digits.parse().map_err(|_| wrong)?)
            }
            None => return Err(wrong),
        };
        let is_time = second.bytes().enumerate().all(|(at, b)| match at {
            8 => b == b'-',
            _ => b.is_ascii_digit(),
        });
        if !is_time {
            return Err(wrong);
        }
        Ok(Self { second: second.to_owned(), number })
    }
}

impl From<RunId> for String {
    fn from(id: RunId) -> Self {
        id.to_string()
    }
}

impl TryFrom<String> for RunId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn run_names_read_as_they_print_and_sort_as_they_came() {
        let names = ["20261125-101530", "20261125-101530-2", "20261125-101530-10"];
        let mut ids: Vec<RunId> = names.iter().rev().map(|n| n.parse().expect("a name")).collect();
        ids.sort();
        assert_eq!(ids.iter().map(RunId::to_string).collect::<Vec<_>>(), names);
        assert_eq!(ids[0].time(), "2026-11-25 10:15:30 UTC");
        for wrong in ["", "20261125", "20261125-10153x", "20261125-101530x", "../../../x/y/z-1234"]
        {
            assert!(wrong.parse::<RunId>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn days_are_dates() {
        assert_eq!(date(0), (1970, 1, 1));
        assert_eq!(date(11_016), (2000, 2, 29));
        assert_eq!(date(20_782), (2026, 11, 25));
    }

    #[cfg(unix)]
    #[test]
    fn any_path_comes_back() {
        use std::os::unix::ffi::OsStrExt as _;
        for bytes in [&b"a b/\n\".go"[..], b"\xff\xfe.go"] {
            let path = StoredPath(std::ffi::OsStr::from_bytes(bytes).into());
            let text = serde_json::to_string(&path).expect("JSON");
            assert_eq!(serde_json::from_str::<StoredPath>(&text).expect("a path"), path);
        }
    }
}
