//! Rules about whole programs, `binary`. Comes in: the folders of a run and what is known about
//! packages. Goes out, by file: a finding for each program or test binary that is linked with more
//! packages of a rule than may be, at the import that leads to the one too many; where packages
//! that may hide one cannot be read, a note of that, once for all programs of a module.
//!
//! A test binary is spoken of where the packages meet in it. Where a package with tests of its own,
//! or the program that is tested, has them already, these are.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::fix::{Finding, FixStatus, ReviewReason, Site};
use crate::go::packages::{Closures, Constrained, Constraint, PackageIndex, Program, Way};
use crate::rule::compiled::{Action, BinaryAction, RuleSet};
use crate::text::{LineIndex, Span};

/// What rules have to say about programs.
#[derive(Clone, Debug, Default)]
pub struct ProgramFindings {
    by_file: BTreeMap<Arc<str>, Vec<Said>>,
}

/// What a rule has to say about a program.
#[derive(Clone, Debug)]
struct Said {
    rule: usize,
    span: Span,
    /// The finding's text; none where something is not known.
    what: Result<String, String>,
}

impl ProgramFindings {
    /// Looks at the programs that are built of the files in `folders`, relative to the root.
    /// `lines` gives the lines of a file by its path.
    pub fn new(
        rules: &RuleSet,
        index: &PackageIndex,
        folders: &[String],
        lines: &dyn Fn(&str) -> Option<LineIndex>,
    ) -> Self {
        let mut found = Self::default();
        for (rule, action) in rules.rules.iter().enumerate() {
            let Action::Binary(action) = &action.action else { continue };
            let paths = action.imports.iter().map(|&id| rules.package(id).path.clone()).collect();
            let closures = Closures::new(index, paths);
            let mut look = Look { rule, action, closures, lines, unknown: BTreeMap::new() };
            for folder in folders {
                let possible = look.closures.possible(folder);
                if count(&possible) < action.at_least {
                    continue;
                }
                for program in index.programs(folder) {
                    if let Some((path, said)) = look.at(&program, &possible, rules) {
                        found.by_file.entry(path).or_default().push(said);
                    }
                }
            }
            for (path, said) in look.unknown() {
                found.by_file.entry(path).or_default().push(said);
            }
        }
        found
    }

    /// Whether there is something to say at the file.
    pub fn has(&self, path: &str) -> bool {
        self.by_file.contains_key(path)
    }

    /// What is said at the file: findings, and sites that somebody has to look at. `suppressed`
    /// gives the reason that keeps a rule away from a place.
    pub(super) fn at(
        &self,
        path: &str,
        in_force: &dyn Fn(usize) -> bool,
        suppressed: &dyn Fn(usize, Span) -> Option<String>,
    ) -> (Vec<Finding>, Vec<Site>) {
        let (mut findings, mut sites) = (Vec::new(), Vec::new());
        for said in self.by_file.get(path).into_iter().flatten().filter(|s| in_force(s.rule)) {
            let Said { rule, span, ref what } = *said;
            match (suppressed(rule, span), what) {
                (Some(reason), _) => {
                    sites.push(Site::new(rule, span, FixStatus::Suppressed(reason)));
                }
                (None, Ok(message)) => {
                    findings.push(Finding { rule, span, message: message.clone() });
                }
                (None, Err(why)) => {
                    let reason = ReviewReason::ImportsUnknown(why.clone());
                    sites.push(Site::new(rule, span, FixStatus::NeedsReview(reason)));
                }
            }
        }
        (findings, sites)
    }
}

/// A rule that looks at programs.
struct Look<'a> {
    rule: usize,
    action: &'a BinaryAction,
    closures: Closures<'a>,
    lines: &'a dyn Fn(&str) -> Option<LineIndex>,
    /// By what is the same for many programs: where their imports are resolved, and which packages
    /// may be hidden.
    unknown: BTreeMap<(PathBuf, Vec<usize>), Unknown>,
}

/// Programs of which it is not known what they are linked with.
struct Unknown {
    /// The first file of the first one.
    path: Arc<str>,
    span: Span,
    why: String,
    programs: usize,
}

impl Look<'_> {
    /// What there is to say about a program, and the file where it is said. What is not known is
    /// kept until all programs were looked at.
    fn at(
        &mut self,
        program: &Program,
        possible: &[bool],
        rules: &RuleSet,
    ) -> Option<(Arc<str>, Said)> {
        let ways = self.closures.of(program, program.is_test);
        let together = together(&ways, |way| (way.wanted, &way.condition));
        let enough = |n: usize| n >= self.action.at_least;
        if enough(together.len()) {
            if program.is_test && self.is_said_elsewhere(program) {
                return None;
            }
            let last = &ways[together[self.action.at_least - 1]];
            let ways: Vec<&Way> = together.iter().map(|&at| &ways[at]).collect();
            let file = &program.files[last.file];
            let span = file.imports[last.import].span;
            let what = Ok(self.message(program, &ways));
            return Some((file.path.clone(), Said { rule: self.rule, span, what }));
        }
        let reached: Vec<usize> = ways.iter().map(|way| way.wanted).collect();
        let hidden = (0..possible.len()).filter(|at| possible[*at] && !reached.contains(at));
        let hidden: Vec<usize> =
            hidden.filter(|at| self.closures.may_be_hidden(program, *at)).collect();
        if !enough(together.len() + hidden.len()) || program.is_test && together.is_empty() {
            return None;
        }
        let key = (program.home().to_path_buf(), hidden);
        if let Some(unknown) = self.unknown.get_mut(&key) {
            unknown.programs += 1;
            return None;
        }
        let missing = self.closures.not_found(program);
        let (first, file) = (missing.first()?, program.files.first()?);
        let hidden = &key.1;
        let path = |at: &usize| rules.package(self.action.imports[*at]).path.as_str();
        let hidden: Vec<&str> = hidden.iter().map(path).collect();
        let (packages, others) = match missing.len() {
            1 => (format!("the package {first}"), "it"),
            n => (format!("{n} packages of its imports, {first} among them,"), "them"),
        };
        let hidden = hidden.join(", ");
        let why = format!("{packages} cannot be found, and {hidden} may be behind {others}");
        let unknown = Unknown { path: file.path.clone(), span: file.clause, why, programs: 1 };
        self.unknown.insert(key, unknown);
        None
    }

    /// What is not known, said once for all programs that it is the same for.
    fn unknown(self) -> impl Iterator<Item = (Arc<str>, Said)> {
        let rule = self.rule;
        self.unknown.into_values().map(move |Unknown { path, span, why, programs }| {
            let more = match programs {
                1 => String::new(),
                2 => "; so in one program more".to_owned(),
                n => format!("; so in {} programs more", n - 1),
            };
            (path, Said { rule, span, what: Err(why + &more) })
        })
    }

    /// Whether what is too much in a test binary is said of the program that it tests, or of a
    /// package with tests of its own.
    fn is_said_elsewhere(&mut self, program: &Program) -> bool {
        let enough = |n: usize| n >= self.action.at_least;
        if program.is_main {
            let ways = self.closures.of(program, false);
            if enough(together(&ways, |way| (way.wanted, &way.condition)).len()) {
                return true;
            }
        }
        let tested: Vec<Vec<Constrained>> = self.closures.of_tested_imports(program);
        tested.iter().any(|ways| enough(together(ways, |(wanted, when)| (*wanted, when)).len()))
    }

    fn message(&self, program: &Program, ways: &[&Way]) -> String {
        let said: Vec<String> = ways.iter().map(|way| self.way(program, way)).collect();
        let of = if program.is_test { "the test binary has" } else { "the program has" };
        format!("{} ({of} {})", self.action.report, said.join("; "))
    }

    /// `example.com/driver through example.com/app/store > example.com/lib (main.go:7)`.
    fn way(&self, program: &Program, way: &Way) -> String {
        let file = &program.files[way.file];
        let import = &file.imports[way.import];
        let name = file.path.rsplit('/').next().unwrap_or(&file.path);
        let line = (self.lines)(&file.path).map(|lines| lines.line_col(import.span.start).line);
        let place = line.map_or_else(|| name.to_owned(), |line| format!("{name}:{line}"));
        let (package, through) = match way.path.split_last() {
            Some((package, through)) => (&**package, through),
            None => (&*import.path, &[][..]),
        };
        let through = match through {
            [] => String::new(),
            through => format!(" through {}", through.join(" > ")),
        };
        let when = match &way.condition {
            Constraint::Always => String::new(),
            condition => format!(", where {condition}"),
        };
        format!("{package}{through} ({place}{when})")
    }
}

fn count(possible: &[bool]) -> usize {
    possible.iter().filter(|p| **p).count()
}

/// The most ways, to different packages, that one choice of platform and tags builds, as indices in
/// ascending order.
fn together<T>(ways: &[T], of: impl Fn(&T) -> (usize, &Constraint)) -> Vec<usize> {
    let mut best = Vec::new();
    let mut chosen = Vec::new();
    choose(ways, &of, 0, &mut chosen, &mut best);
    best
}

/// Tries every choice of ways from `at` on. There are few: a way or three for each package of a
/// rule, and mostly the first choice is the best.
fn choose<T>(
    ways: &[T],
    of: &impl Fn(&T) -> (usize, &Constraint),
    at: usize,
    chosen: &mut Vec<usize>,
    best: &mut Vec<usize>,
) {
    if chosen.len() > best.len() {
        best.clone_from(chosen);
    }
    for next in at..ways.len() {
        let mut left: Vec<usize> = ways[next..].iter().map(|way| of(way).0).collect();
        left.dedup();
        if chosen.len() + left.len() <= best.len() {
            return;
        }
        let (wanted, condition) = of(&ways[next]);
        if chosen.iter().any(|&c| of(&ways[c]).0 == wanted) {
            continue;
        }
        let conditions = chosen.iter().map(|&c| of(&ways[c]).1).chain([condition]);
        if Constraint::all_can_hold(conditions) {
            chosen.push(next);
            choose(ways, of, next + 1, chosen, best);
            chosen.pop();
        }
    }
}
