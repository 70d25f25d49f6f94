//! Build constraints. Comes in: a file's name and its text up to the package clause. Goes out: the
//! condition under which the file is built, and whether two files can be built together. Nothing
//! here picks a platform: what differs between platforms is for others to call unknown.
//!
//! `read` reads names of files and lines, `platforms` tries choices of platform and tags.
//!
//! Sources: `go help buildconstraint`, `go/build/constraint`, `internal/syslist`.

mod platforms;
mod read;
#[cfg(test)]
mod tests;

use self::platforms::{release, satisfiable};
use self::read::{from_name, parse, plus_build};
use crate::go::lex::{Lexer, TokenKind};
use crate::go::source::SourceFile;
use crate::go::version::GoVersion;

/// The condition under which a file is part of its package.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Constraint {
    /// Always.
    #[default]
    Always,
    /// A tag is set: an operating system, an architecture, or any other word.
    Tag(Box<str>),
    /// Not so.
    Not(Box<Constraint>),
    /// All of them.
    All(Vec<Constraint>),
    /// One of them at least.
    Any(Vec<Constraint>),
}

impl Constraint {
    /// The constraint of a file.
    pub fn of_source(source: &SourceFile) -> Self {
        Self::of(source, source.text())
    }

    /// The constraint of a file of which not all of `text` is kept.
    pub(super) fn of(source: &SourceFile, text: &str) -> Self {
        let name = source.path().rsplit('/').next().unwrap_or_default();
        let head = source.outline().package.map_or("", |p| &text[..p.start]);
        Self::of_file(name, head)
    }

    /// The constraint of the file called `name` (without folders) whose text before the package
    /// clause is `head`.
    pub fn of_file(name: &str, head: &str) -> Self {
        let mut all = from_name(name);
        match head.lines().find_map(|line| line.trim().strip_prefix("//go:build ")) {
            Some(expr) => all.push(parse(expr)),
            None => all.extend(plus_build(head)),
        }
        all.retain(|c| *c != Constraint::Always);
        match all.len() {
            0 => Constraint::Always,
            1 => all.remove(0),
            _ => Constraint::All(all),
        }
    }

    /// The minor number of the oldest release under which this can hold, or, `negated`, not hold.
    fn oldest_release(&self, negated: bool) -> Option<u32> {
        match self {
            Constraint::Always => None,
            Constraint::Tag(tag) => {
                if negated {
                    None
                } else {
                    release(tag)
                }
            }
            Constraint::Not(inner) => inner.oldest_release(!negated),
            // `None` is below every release.
            Constraint::All(parts) | Constraint::Any(parts) => {
                let releases = parts.iter().map(|part| part.oldest_release(negated));
                let needs_all = matches!(self, Constraint::All(_)) != negated;
                if needs_all { releases.max() } else { releases.min() }.flatten()
            }
        }
    }

    /// Whether some choice of platform and tags builds both. `ignore` counts as not set unless
    /// one of the two can never be built without it.
    pub fn compatible(&self, other: &Constraint) -> bool {
        if *self == Constraint::Always && *other == Constraint::Always {
            return true;
        }
        let ignore = self.needs_ignore();
        satisfiable(&[self, other], ignore)
    }

    /// Whether the file is never part of a package: it is run by hand.
    pub fn needs_ignore(&self) -> bool {
        *self != Constraint::Always && self.mentions("ignore") && !satisfiable(&[self], false)
    }

    fn mentions(&self, tag: &str) -> bool {
        self.mentions_any(&|t| t == tag)
    }

    /// Whether it speaks of a tag that `wanted` picks.
    pub(super) fn mentions_any(&self, wanted: &dyn Fn(&str) -> bool) -> bool {
        let mut tags = Vec::new();
        self.tags(&mut tags);
        tags.into_iter().any(wanted)
    }

    /// Whether some choice of platform and tags makes all of them hold.
    pub fn all_can_hold<'c>(all: impl IntoIterator<Item = &'c Constraint>) -> bool {
        let parts: Vec<&Constraint> =
            all.into_iter().filter(|c| **c != Constraint::Always).collect();
        parts.is_empty() || satisfiable(&parts, true)
    }

    /// Whether any choice of platform and tags builds the file.
    pub(super) fn can_hold(&self) -> bool {
        *self == Constraint::Always || satisfiable(&[self], true)
    }

    /// The same where the tags that `off` picks are never set.
    pub(super) fn without(&self, off: &dyn Fn(&str) -> bool) -> Self {
        let all = |parts: &[Constraint]| parts.iter().map(|p| p.without(off)).collect();
        match self {
            Constraint::Tag(tag) if off(tag) => Constraint::Any(Vec::new()),
            Constraint::Always | Constraint::Tag(_) => self.clone(),
            Constraint::Not(inner) => Constraint::Not(Box::new(inner.without(off))),
            Constraint::All(parts) => Constraint::All(all(parts)),
            Constraint::Any(parts) => Constraint::Any(all(parts)),
        }
    }

    /// Whether every choice of platform and tags that builds `self` builds one of `others`.
    pub fn is_covered_by<'c>(&self, others: impl IntoIterator<Item = &'c Constraint>) -> bool {
        let mut parts = vec![];
        for other in others {
            if *other == Constraint::Always {
                return true;
            }
            parts.push(Constraint::Not(Box::new(other.clone())));
        }
        let ignore = self.needs_ignore();
        !satisfiable(&std::iter::once(self).chain(&parts).collect::<Vec<_>>(), ignore)
    }

    fn tags<'c>(&'c self, out: &mut Vec<&'c str>) {
        match self {
            Constraint::Always => {}
            Constraint::Tag(tag) => out.push(tag),
            Constraint::Not(inner) => inner.tags(out),
            Constraint::All(parts) | Constraint::Any(parts) => {
                for part in parts {
                    part.tags(out);
                }
            }
        }
    }

    fn holds(&self, set: &dyn Fn(&str) -> bool) -> bool {
        match self {
            Constraint::Always => true,
            Constraint::Tag(tag) => set(tag),
            Constraint::Not(inner) => !inner.holds(set),
            Constraint::All(parts) => parts.iter().all(|p| p.holds(set)),
            Constraint::Any(parts) => parts.iter().any(|p| p.holds(set)),
        }
    }
}

impl std::fmt::Display for Constraint {
    /// As a `//go:build` line has it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let joined = |f: &mut std::fmt::Formatter<'_>, parts: &[Constraint], sign: &str| {
            for (at, part) in parts.iter().enumerate() {
                let sign = if at == 0 { "" } else { sign };
                match part {
                    Constraint::Any(several) if several.len() > 1 => write!(f, "{sign}({part})")?,
                    _ => write!(f, "{sign}{part}")?,
                }
            }
            Ok(())
        };
        match self {
            Constraint::Always => f.write_str("true"),
            Constraint::Tag(tag) => f.write_str(tag),
            Constraint::Not(inner) => match **inner {
                Constraint::Tag(_) => write!(f, "!{inner}"),
                _ => write!(f, "!({inner})"),
            },
            Constraint::All(parts) => joined(f, parts, " && "),
            Constraint::Any(parts) => joined(f, parts, " || "),
        }
    }
}

/// The language version that a file asks for itself: the oldest release that its `//go:build` line
/// lets build it (`go/build/constraint.GoVersion`).
pub fn file_version(text: &str) -> Option<GoVersion> {
    // Most files have no such line, and need not be read for it.
    memchr::memmem::find(text.as_bytes(), b"//go:build ")?;
    let line = Lexer::all(text)
        .take_while(|token| token.kind == TokenKind::Comment || token.kind == TokenKind::Semicolon)
        .find_map(|token| token.span.of(text).strip_prefix("//go:build "))?;
    let minor = parse(line.trim_end()).oldest_release(false)?;
    format!("1.{minor}").parse().ok()
}
