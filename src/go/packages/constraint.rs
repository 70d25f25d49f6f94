//! Build constraints. Comes in: a file's name and its text up to the package clause. Goes out: the
//! condition under which the file is built, and whether two files can be built together. Nothing
//! here picks a platform: what differs between platforms is for others to call unknown.
//!
//! Sources: `go help buildconstraint`, `go/build/constraint`, `internal/syslist`.

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

/// Operating systems (`internal/syslist.KnownOS`).
const SYSTEMS: [&str; 19] = [
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "hurd",
    "illumos",
    "ios",
    "js",
    "linux",
    "nacl",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "wasip1",
    "windows",
    "zos",
    "ohos",
];

/// Architectures (`internal/syslist.KnownArch`).
const ARCHITECTURES: [&str; 26] = [
    "386",
    "amd64",
    "amd64p32",
    "arm",
    "armbe",
    "arm64",
    "arm64be",
    "loong64",
    "mips",
    "mipsle",
    "mips64",
    "mips64le",
    "mips64p32",
    "mips64p32le",
    "ppc",
    "ppc64",
    "ppc64le",
    "riscv",
    "riscv64",
    "s390",
    "s390x",
    "sparc",
    "sparc64",
    "wasm",
    "loong32",
    "alpha",
];

/// Systems for which the tag `unix` is set.
const NOT_UNIX: [&str; 6] = ["js", "nacl", "plan9", "wasip1", "windows", "zos"];

/// The newest release whose tag every toolchain in use is taken to set.
const OLDEST_RELEASE: u32 = 21;

/// More free tags than this are not tried one by one.
const MAX_FREE_TAGS: usize = 8;

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

/// Whether a choice of system, architecture and free tags makes all of `parts` hold.
fn satisfiable(parts: &[&Constraint], ignore: bool) -> bool {
    let mut tags = Vec::new();
    for part in parts {
        part.tags(&mut tags);
    }
    let of_systems = tags.iter().any(|t| SYSTEMS.contains(t) || *t == "unix");
    let of_architectures = tags.iter().any(|t| ARCHITECTURES.contains(t));
    let mut free: Vec<&str> = tags.into_iter().filter(|t| is_free(t)).collect();
    free.sort_unstable();
    free.dedup();
    if free.len() > MAX_FREE_TAGS {
        return true;
    }
    let systems = if of_systems { &SYSTEMS[..] } else { &["linux"] };
    let architectures = if of_architectures { &ARCHITECTURES[..] } else { &["amd64"] };
    systems.iter().any(|system| {
        architectures.iter().any(|architecture| {
            (0..1u32 << free.len()).any(|choice| {
                let set = |tag: &str| match free.binary_search(&tag) {
                    Ok(at) => choice & (1 << at) != 0,
                    Err(_) => is_set(tag, system, architecture, ignore),
                };
                parts.iter().all(|p| p.holds(&set))
            })
        })
    })
}

/// Whether the tag depends neither on the platform nor on the toolchain.
fn is_free(tag: &str) -> bool {
    let settled = SYSTEMS.contains(&tag)
        || ARCHITECTURES.contains(&tag)
        || matches!(tag, "unix" | "ignore" | "gc" | "gccgo");
    !settled && release(tag).is_none_or(|n| n > OLDEST_RELEASE)
}

fn is_set(tag: &str, system: &str, architecture: &str, ignore: bool) -> bool {
    match tag {
        "gc" => true,
        "gccgo" => false,
        "ignore" => ignore,
        "unix" => !NOT_UNIX.contains(&system),
        // "android" implies "linux", "ios" implies "darwin", "illumos" implies "solaris".
        "linux" => matches!(system, "linux" | "android"),
        "darwin" => matches!(system, "darwin" | "ios"),
        "solaris" => matches!(system, "solaris" | "illumos"),
        _ if release(tag).is_some() => true,
        _ => tag == system || tag == architecture,
    }
}

/// The minor number of a release tag: 21 of `go1.21`.
fn release(tag: &str) -> Option<u32> {
    tag.strip_prefix("go1.")?.parse().ok()
}

/// `x_GOOS.go`, `x_GOARCH.go`, `x_GOOS_GOARCH.go`, each also with `_test`.
fn from_name(name: &str) -> Vec<Constraint> {
    let stem = name.strip_suffix(".go").unwrap_or(name);
    let stem = stem.strip_suffix("_test").unwrap_or(stem);
    // What stands before the first underscore is never a constraint.
    let Some((_, rest)) = stem.split_once('_') else { return Vec::new() };
    let words: Vec<&str> = rest.split('_').collect();
    let tag = |word: &str| Constraint::Tag(word.into());
    match words[..] {
        [.., system, arch] if SYSTEMS.contains(&system) && ARCHITECTURES.contains(&arch) => {
            vec![tag(system), tag(arch)]
        }
        [.., last] if SYSTEMS.contains(&last) || ARCHITECTURES.contains(&last) => vec![tag(last)],
        _ => Vec::new(),
    }
}

/// `// +build` lines: lines are joined by and, words by or, commas by and.
fn plus_build(head: &str) -> Vec<Constraint> {
    let lines = head.lines().filter_map(|line| {
        let rest = line.trim().strip_prefix("//")?.trim_start();
        rest.strip_prefix("+build").filter(|r| r.starts_with([' ', '\t']))
    });
    let word = |word: &str| {
        let terms = word.split(',').map(|term| match term.strip_prefix('!') {
            Some(tag) => Constraint::Not(Box::new(Constraint::Tag(tag.into()))),
            None => Constraint::Tag(term.into()),
        });
        Constraint::All(terms.collect())
    };
    lines.map(|line| Constraint::Any(line.split_whitespace().map(word).collect())).collect()
}

/// Reads a `//go:build` expression. What is no expression holds always: the file is then looked
/// at, and what it says that others contradict is unknown.
fn parse(expr: &str) -> Constraint {
    let mut reader = Reader { rest: expr, depth: 0 };
    let parsed = reader.any();
    if reader.rest.trim().is_empty() { parsed } else { None }.unwrap_or_default()
}

struct Reader<'t> {
    rest: &'t str,
    depth: usize,
}

impl Reader<'_> {
    fn take(&mut self, what: &str) -> bool {
        let rest = self.rest.trim_start();
        let found = rest.strip_prefix(what);
        self.rest = found.unwrap_or(rest);
        found.is_some()
    }

    fn any(&mut self) -> Option<Constraint> {
        let mut parts = vec![self.all()?];
        while self.take("||") {
            parts.push(self.all()?);
        }
        Some(if parts.len() == 1 { parts.remove(0) } else { Constraint::Any(parts) })
    }

    fn all(&mut self) -> Option<Constraint> {
        let mut parts = vec![self.term()?];
        while self.take("&&") {
            parts.push(self.term()?);
        }
        Some(if parts.len() == 1 { parts.remove(0) } else { Constraint::All(parts) })
    }

    fn term(&mut self) -> Option<Constraint> {
        self.depth += 1;
        if self.depth > 100 {
            return None;
        }
        let term = if self.take("!") {
            Constraint::Not(Box::new(self.term()?))
        } else if self.take("(") {
            let inner = self.any()?;
            self.take(")").then_some(inner)?
        } else {
            let rest = self.rest.trim_start();
            let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
            let len = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            let (word, rest) = rest.split_at(len);
            self.rest = rest;
            (!word.is_empty()).then(|| Constraint::Tag(word.into()))?
        };
        self.depth -= 1;
        Some(term)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, head: &str) -> Constraint {
        Constraint::of_file(name, head)
    }

    #[test]
    fn platforms_exclude_each_other() {
        let linux = file("a_linux.go", "");
        assert!(!linux.compatible(&file("a_windows_test.go", "")));
        assert!(linux.compatible(&file("a_linux_arm64.go", "")));
        assert!(linux.compatible(&file("b.go", "//go:build unix && !cgo\n")));
        assert!(!linux.compatible(&file("b.go", "//go:build !unix\n")));
        assert!(
            !file("x_amd64.go", "")
                .compatible(&file("x.go", "//go:build !amd64 || purego && !purego"))
        );
        assert_eq!(file("linux.go", ""), Constraint::Always, "no name before the tag");
    }

    #[test]
    fn old_style_lines_are_read_where_there_is_no_new_one() {
        let both = file("a.go", "// +build linux,!cgo darwin\n// +build amd64\n");
        assert!(both.compatible(&file("a_linux_amd64.go", "")));
        assert!(!both.compatible(&file("a_linux_arm64.go", "")));
        assert!(!both.compatible(&file("a_windows.go", "")));
    }

    #[test]
    fn ignored_files_are_apart() {
        let ignored = file("gen.go", "//go:build ignore\n");
        assert!(ignored.needs_ignore());
        assert!(!file("a.go", "").compatible(&ignored));
        assert!(ignored.compatible(&ignored));
        assert!(!file("a.go", "//go:build !ignore").needs_ignore());
    }

    #[test]
    fn a_language_version_is_the_oldest_release_that_builds_the_file() {
        let version =
            |line: &str| file_version(&format!("{line}\n\npackage p\n")).map(|v| v.to_string());
        assert_eq!(version("// x\n//go:build go1.22\n").as_deref(), Some("1.22"));
        assert_eq!(version("//go:build linux && go1.18 && go1.21").as_deref(), Some("1.21"));
        assert_eq!(version("//go:build go1.18 && linux || go1.21").as_deref(), Some("1.18"));
        assert_eq!(version("//go:build !(!go1.20 || windows)").as_deref(), Some("1.20"));
        assert_eq!(version("//go:build linux || go1.21"), None);
        assert_eq!(version("//go:build !go1.21"), None);
        assert_eq!(version("// +build go1.21"), None, "only the new form counts");
        assert_eq!(version("\n/*\n//go:build go1.21\n*/"), None, "a comment of its own");
        assert_eq!(file_version("package p\n\n//go:build go1.21\n").map(|v| v.to_string()), None);
    }

    #[test]
    fn releases_are_set_and_nonsense_holds() {
        let always = Constraint::Always;
        assert!(!always.compatible(&file("a.go", "//go:build !go1.18\n")));
        assert!(always.compatible(&file("a.go", "//go:build go1.18\n")));
        assert!(always.compatible(&file("a.go", "//go:build (((\n")));
    }
}
