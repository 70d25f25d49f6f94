//! Raising, moving and dropping a requirement of a go.mod.
//!
//! Comes in: a parsed file and what a rule wants. Goes out: a [`Change`]: edits of the file's text,
//! what they amount to, and what a person should know. Making the same change again finds nothing
//! left to do.

use super::draft::Draft;
use super::syntax::quoted;
use super::{EffectiveVersion, Exclude, ModFile, Replace, Require, WorkFile, add, follow};
use crate::go::version::{MajorMismatch, Version, check_path_major};
use crate::text::{EditSet, Span};
use std::collections::BTreeSet;

/// What was asked for, as edits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What the edits amount to, or why there are none.
    pub outcome: Outcome,
    /// Edits of the file's text.
    pub edits: EditSet,
    /// Comments that the edits lose; those that said only `// indirect` do not count.
    pub lost_comments: Vec<Span>,
    /// Lines (replace and exclude) that could not follow to the new path and are removed.
    pub removed: Vec<Span>,
    /// The replacement that will be in force for the module, if any: what is built is not what is
    /// required. Its spans are those of the text after the edits, or of the go.work.
    pub replaced_by: Option<Replace>,
}

/// What came of a change. Only `Raised`, `Added`, `Moved`, `Merged` and `Dropped` have edits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing to do: this version, or the replacement's, is high enough.
    AlreadyThere {
        /// The effective version.
        version: Version,
    },
    /// The requirement was raised.
    Raised {
        /// The version before.
        from: Version,
    },
    /// A requirement was added.
    Added,
    /// The requirement, or for a go.work the replacement, has its new path.
    Moved,
    /// The new path was required already; one line is left, with the higher version.
    Merged {
        /// The version that it has.
        version: Version,
    },
    /// The requirement, or for a go.work the replacement, is gone.
    Dropped,
    /// The file has no such requirement or replacement.
    Absent,
    /// Only `// indirect` lines require the module; `go mod tidy` removes them.
    LeftToTidy,
    /// A tool of the module is in use.
    UsedByTool {
        /// The line of the tool.
        line: Span,
    },
    /// A replacement decides what is built. Raising the requirement would change nothing, or
    /// silently end a replacement of one version.
    PinnedByReplace(Replace),
    /// The file excludes the wanted version.
    Excluded(Exclude),
    /// The path cannot have the wanted version.
    Major(MajorMismatch),
    /// A line that names the module is not understood.
    Unclear {
        /// The place of the problem.
        span: Span,
    },
}

/// What [`ModFile::require`] does about a module that is not required.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfAbsent {
    /// Nothing.
    Leave,
    /// Adds it as a direct requirement.
    Add,
}

impl Change {
    pub(super) fn none(outcome: Outcome) -> Self {
        Self {
            outcome,
            edits: EditSet::new(),
            lost_comments: Vec::new(),
            removed: Vec::new(),
            replaced_by: None,
        }
    }

    pub(super) fn of(outcome: Outcome, draft: Draft) -> Self {
        let (edits, lost_comments) = draft.finish();
        Self { edits, lost_comments, ..Self::none(outcome) }
    }
}

impl Change {
    /// Looks up the replacement in force for `path` after the edits of `file`.
    fn with_replacement(
        mut self,
        file: &ModFile,
        path: &str,
        version: &Version,
        work: Option<&WorkFile>,
    ) -> Self {
        let after = ModFile::parse(&self.edits.apply(file.text()));
        self.replaced_by = after.replacement(path, version, work).cloned();
        self
    }
}

impl ModFile {
    /// Makes sure that the file requires at least `version` of `path`. Never lowers. Several lines
    /// for one path become one, as with `go mod edit -require`.
    pub fn require(
        &self,
        path: &str,
        version: &Version,
        if_absent: IfAbsent,
        work: Option<&WorkFile>,
    ) -> Change {
        if let Some(outcome) = self.refusal(path, version) {
            return Change::none(outcome);
        }
        let lines: Vec<&Require> = self.requires().iter().filter(|r| r.path == path).collect();
        let Some(from) = self.required_version(path).cloned() else {
            return match if_absent {
                IfAbsent::Leave => Change::none(Outcome::Absent),
                IfAbsent::Add => {
                    let mut draft = Draft::new(&self.syntax);
                    add::add_requirement(self, &mut draft, path, version);
                    Change::of(Outcome::Added, draft).with_replacement(self, path, version, work)
                }
            };
        };
        if let EffectiveVersion::Version(effective) = self.effective_version(path, work)
            && effective >= *version
        {
            return Change::none(Outcome::AlreadyThere { version: effective });
        }
        if let Some(replace) = self.replacement(path, &from, work) {
            return Change::none(Outcome::PinnedByReplace(replace.clone()));
        }
        let mut draft = Draft::new(&self.syntax);
        draft.replace(lines[0].version_span, &version.to_string());
        for line in &lines[1..] {
            draft.merge_into(line.at, lines[0].at);
        }
        Change::of(Outcome::Raised { from }, draft).with_replacement(self, path, version, work)
    }

    /// As [`ModFile::require`] where nothing requires `path`; a version that is required stays.
    pub fn require_missing(
        &self,
        path: &str,
        version: &Version,
        if_absent: IfAbsent,
        work: Option<&WorkFile>,
    ) -> Change {
        match self.required_version(path) {
            Some(there) => Change::none(Outcome::AlreadyThere { version: there.clone() }),
            None => self.require(path, version, if_absent, work),
        }
    }

    /// Moves the requirement of `old` to `new` at `version`, or at the version at which `new` is
    /// required already if that is higher. Replacements (their left side), exclusions and tools
    /// follow, comments stay with their lines. Nothing happens where `old` is not required.
    pub fn move_module(&self, old: &str, new: &str, version: &Version) -> Change {
        if old == new {
            return self.require(old, version, IfAbsent::Leave, None);
        }
        let refusal = self.refusal(new, version).or_else(|| self.unclear(old));
        if let Some(outcome) = refusal {
            return Change::none(outcome);
        }
        let of = |path: &str| -> Vec<&Require> {
            self.requires().iter().filter(|r| r.path == path).collect()
        };
        let (olds, news) = (of(old), of(new));
        let present = self.required_version(new).cloned();
        if olds.is_empty() {
            let done = present.map(|version| Outcome::AlreadyThere { version });
            return Change::none(done.unwrap_or(Outcome::Absent));
        }
        let target = present.clone().filter(|v| v >= version).unwrap_or_else(|| version.clone());
        let mut draft = Draft::new(&self.syntax);
        self.join_requirements(&mut draft, &olds, &news, new, &target);
        let mut removed =
            follow::move_replaces(&self.syntax, &mut draft, self.replaces(), old, new);
        removed.extend(follow::move_excludes(self, &mut draft, old, new, &target));
        follow::move_tools(self, &mut draft, old, new);
        let outcome = match present {
            Some(_) => Outcome::Merged { version: target.clone() },
            None => Outcome::Moved,
        };
        let mut change = Change::of(outcome, draft);
        removed.sort_unstable();
        change.removed = removed;
        change.with_replacement(self, new, &target, None)
    }

    /// One line for all requirements of the old and the new path. A direct one stays where it is:
    /// it is in the right block.
    fn join_requirements(
        &self,
        draft: &mut Draft,
        olds: &[&Require],
        news: &[&Require],
        new: &str,
        target: &Version,
    ) {
        let direct = |lines: &[&Require]| lines.iter().find(|r| !r.indirect).map(|r| (*r).clone());
        let kept =
            direct(news).or_else(|| direct(olds)).or_else(|| news.first().map(|r| (*r).clone()));
        let kept = kept.unwrap_or_else(|| olds[0].clone());
        if kept.path != new || kept.version < *target {
            draft.replace(kept.version_span, &quoted(&target.to_string()));
        }
        for other in olds.iter().chain(news).filter(|r| r.at != kept.at) {
            draft.merge_into(other.at, kept.at);
        }
        if kept.path != new {
            draft.replace(kept.path_span, &quoted(new));
            if let Some(block) = self.syntax.block_of(kept.at) {
                let key = |_| vec![new.to_owned(), target.to_string()];
                draft.sort_changed(block, &BTreeSet::from([kept.at]), key, follow::by_tokens);
            }
        }
    }

    /// Removes the direct requirement of `path`, with its replacements and exclusions.
    pub fn drop(&self, path: &str) -> Change {
        if let Some(outcome) = self.unclear(path) {
            return Change::none(outcome);
        }
        let lines: Vec<&Require> = self.requires().iter().filter(|r| r.path == path).collect();
        if lines.is_empty() {
            return Change::none(Outcome::Absent);
        }
        if lines.iter().all(|r| r.indirect) {
            return Change::none(Outcome::LeftToTidy);
        }
        if let Some(tool) = self.tools().iter().find(|t| self.owner_of(&t.path) == Some(path)) {
            return Change::none(Outcome::UsedByTool { line: tool.line });
        }
        let mut draft = Draft::new(&self.syntax);
        for line in lines {
            draft.delete(line.at);
        }
        let replaces = self.replaces().iter().filter(|r| r.path == path).map(|r| (r.line, r.at));
        let excludes = self.excludes().iter().filter(|e| e.path == path).map(|e| (e.line, e.at));
        let mut removed: Vec<Span> = Vec::new();
        for (span, line) in replaces.chain(excludes) {
            draft.delete(line);
            removed.push(span);
        }
        removed.sort_unstable();
        Change { removed, ..Change::of(Outcome::Dropped, draft) }
    }

    /// The required module that a package belongs to: the one with the longest path.
    pub(super) fn owner_of(&self, package: &str) -> Option<&str> {
        let own = self.module_path().into_iter();
        own.chain(self.requires().iter().map(|r| r.path.as_str()))
            .filter(|path| follow::within(package, path).is_some())
            .max_by_key(|path| path.len())
    }

    /// Why `path` cannot be required at `version` in this file.
    fn refusal(&self, path: &str, version: &Version) -> Option<Outcome> {
        if let Err(mismatch) = check_path_major(path, version) {
            return Some(Outcome::Major(mismatch));
        }
        let excluded = |e: &&Exclude| e.path == path && e.version == *version;
        let excluded = self.excludes().iter().find(excluded);
        let is_needed = self.required_version(path).is_none_or(|required| required < version);
        excluded
            .filter(|_| is_needed)
            .map(|exclude| Outcome::Excluded(exclude.clone()))
            .or_else(|| self.unclear(path))
    }

    /// A line that is not understood may be about any module that it names, and a block that is
    /// not closed about all.
    fn unclear(&self, path: &str) -> Option<Outcome> {
        if let Some(span) = self.syntax.unclosed {
            return Some(Outcome::Unclear { span });
        }
        let line_of = |span: Span| {
            let lines = self.syntax.lines.iter().map(|l| l.span);
            lines.into_iter().find(|line| line.contains(span)).unwrap_or(span)
        };
        let names = |span: Span| line_of(span).of(self.text()).contains(path);
        let problem = self.problems().iter().find(|problem| names(problem.span));
        problem.map(|problem| Outcome::Unclear { span: problem.span })
    }
}

impl WorkFile {
    /// Lets the replacements of `old` follow a move to `new`; a go.work has no requirements.
    pub fn move_module(&self, old: &str, new: &str) -> Change {
        let mut draft = Draft::new(&self.syntax);
        let removed = follow::move_replaces(&self.syntax, &mut draft, self.replaces(), old, new);
        self.changed(old, Outcome::Moved, draft, removed)
    }

    /// Removes the replacements of a module that the workspace no longer requires.
    pub fn drop(&self, path: &str) -> Change {
        let mut draft = Draft::new(&self.syntax);
        let lines = self.replaces().iter().filter(|r| r.path == path);
        let removed: Vec<Span> = lines.clone().map(|r| r.line).collect();
        lines.for_each(|r| draft.delete(r.at));
        self.changed(path, Outcome::Dropped, draft, removed)
    }

    fn changed(&self, path: &str, outcome: Outcome, draft: Draft, removed: Vec<Span>) -> Change {
        if !self.replaces().iter().any(|r| r.path == path) {
            return Change::none(Outcome::Absent);
        }
        Change { removed, ..Change::of(outcome, draft) }
    }
}
