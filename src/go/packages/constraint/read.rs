//! How constraints are written. Comes in: the name of a file, or a line before its package clause. Goes
//! out: the constraint.

use super::Constraint;
use super::platforms::{ARCHITECTURES, SYSTEMS};

/// `x_GOOS.go`, `x_GOARCH.go`, `x_GOOS_GOARCH.go`, each also with `_test`.
pub(super) fn from_name(name: &str) -> Vec<Constraint> {
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
pub(super) fn plus_build(head: &str) -> Vec<Constraint> {
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
pub(super) fn parse(expr: &str) -> Constraint {
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
