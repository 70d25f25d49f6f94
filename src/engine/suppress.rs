//! Suppressions: comments by which a person keeps a rule away from a place. Comes in: a file. Goes
//! out: for a match the reason that keeps it as it is, and in the end the comments that do nothing.
//!
//! `//dmmigrate:ignore RULE reason` at the end of a line speaks of what begins on that line, on a
//! line of its own of the next line with code, or of a whole declaration if one begins there;
//! `//dmmigrate:ignore-file` of all of the file. `RULE` may be `PACK/RULE`; `until:2027-01-01`
//! among the words after it is the last day on which the comment counts.

use std::cell::Cell;

use super::date::Date;
use crate::go::lex::{Lexer, TokenKind};
use crate::go::source::SourceFile;
use crate::go::syntax::Kind;
use crate::rule::compiled::RuleSet;
use crate::text::Span;
use crate::text::layout::{line_end, line_start};

/// What every suppression begins with.
pub const MARKER: &str = "dmmigrate:ignore";

/// A suppression that does nothing, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdleSuppression {
    /// The comment, in the text as it was before the run.
    pub span: Span,
    /// The rule that it names; may be empty.
    pub rule: String,
    /// Why it does nothing.
    pub why: Idle,
}

/// Why a suppression does nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Idle {
    /// The rule has nothing to do there.
    Unused,
    /// It ended on that day.
    Expired(Date),
    /// No rule of the run has the name.
    UnknownRule,
    /// It names no rule.
    NoRule,
    /// What stands behind `until:` is no day.
    BadDate(String),
}

impl Idle {
    /// The reason in a few words.
    pub fn label(&self) -> &'static str {
        match self {
            Idle::Unused => "unused",
            Idle::Expired(_) => "expired",
            Idle::UnknownRule => "unknown rule",
            Idle::NoRule => "names no rule",
            Idle::BadDate(_) => "bad date",
        }
    }
}

/// The suppressions of one file.
#[derive(Clone, Debug, Default)]
pub struct Suppressions {
    all: Vec<Suppression>,
}

#[derive(Clone, Debug)]
struct Suppression {
    /// The comment.
    span: Span,
    rule: String,
    reason: String,
    /// The rules that it names, as indices into the rule set.
    rules: Vec<usize>,
    /// Where matches begin that it speaks of.
    covers: Span,
    /// What keeps it from doing anything, whatever matches.
    wrong: Option<Idle>,
    used: Cell<bool>,
}

/// What a comment says behind the marker.
struct Said<'t> {
    whole_file: bool,
    rule: &'t str,
    reason: String,
    until: Option<Result<Date, String>>,
}

impl<'t> Said<'t> {
    /// Reads what stands behind [`MARKER`]; `None` where the word goes on.
    fn read(text: &'t str) -> Option<Self> {
        let (whole_file, rest) = match text.strip_prefix("-file") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        if rest.starts_with(|c: char| !c.is_whitespace()) {
            return None;
        }
        let mut until = None;
        let mut rule = "";
        let mut reason: Vec<&str> = Vec::new();
        for word in rest.split_whitespace() {
            if let Some(day) = word.strip_prefix("until:").filter(|_| until.is_none()) {
                until = Some(Date::parse(day).ok_or_else(|| day.to_owned()));
            } else if rule.is_empty() {
                rule = word;
            } else {
                reason.push(word);
            }
        }
        Some(Self { whole_file, rule, reason: reason.join(" "), until })
    }
}

impl Suppressions {
    /// Those of a Go file.
    pub fn of_go(file: &SourceFile, rules: &RuleSet, today: Date) -> Self {
        let text = file.text();
        let mut found = Self::default();
        if memchr::memmem::find(text.as_bytes(), MARKER.as_bytes()).is_none() {
            return found;
        }
        for token in Lexer::all(text).filter(|t| t.kind == TokenKind::Comment) {
            let comment = token.span.of(text);
            let said = comment.strip_prefix("//").map(str::trim_start);
            let Some(said) = said.and_then(|c| c.strip_prefix(MARKER)).and_then(Said::read) else {
                continue;
            };
            let own_line = text[..token.span.start].trim_end_matches([' ', '\t']);
            let covers = if own_line.is_empty() || own_line.ends_with('\n') {
                next_code(file, token.span.end)
            } else {
                line(text, token.span.start)
            };
            found.add(said, token.span, covers, text.len(), rules, today);
        }
        found
    }

    /// Those of a file that is not Go: behind `#`, `--` or `//`.
    pub fn of_text(text: &str, rules: &RuleSet, today: Date) -> Self {
        let mut found = Self::default();
        for (at, _) in text.match_indices(MARKER) {
            let whole = line(text, at);
            let before = text[whole.start..at].trim_end();
            let sign = ["#", "--", "//"].into_iter().find_map(|sign| before.strip_suffix(sign));
            let said = &text[at + MARKER.len()..whole.end];
            let said = said.trim_end().trim_end_matches("-->").trim_end_matches("*/");
            let (Some(before), Some(said)) = (sign, Said::read(said)) else { continue };
            let alone = matches!(before.trim(), "" | "<!");
            let covers = if alone { next_line(text, whole.end) } else { whole };
            found.add(said, Span::new(at, whole.end), covers, text.len(), rules, today);
        }
        found
    }

    fn add(
        &mut self,
        said: Said<'_>,
        span: Span,
        covers: Span,
        len: usize,
        rules: &RuleSet,
        today: Date,
    ) {
        let named = |rule: &crate::rule::compiled::Rule| match said.rule.split_once('/') {
            Some((pack, id)) => rule.id == id && rule.packs.iter().any(|p| p == pack),
            None => rule.id == said.rule,
        };
        let all = rules.rules.iter().enumerate();
        let named: Vec<usize> = all.filter(|(_, rule)| named(rule)).map(|(at, _)| at).collect();
        let wrong = match said.until {
            _ if said.rule.is_empty() => Some(Idle::NoRule),
            Some(Err(day)) => Some(Idle::BadDate(day)),
            _ if named.is_empty() => Some(Idle::UnknownRule),
            Some(Ok(day)) if day < today => Some(Idle::Expired(day)),
            _ => None,
        };
        self.all.push(Suppression {
            span,
            rule: said.rule.to_owned(),
            reason: said.reason,
            rules: named,
            covers: if said.whole_file { Span::new(0, len) } else { covers },
            wrong,
            used: Cell::new(false),
        });
    }

    /// The reason that keeps the rule away from what begins at `span`, if a comment does; it counts
    /// as used from then on.
    pub fn reason(&self, rule: usize, span: Span) -> Option<String> {
        let covers = |s: &&Suppression| {
            let here = s.covers.start <= span.start && span.start <= s.covers.end;
            s.wrong.is_none() && here && s.rules.contains(&rule)
        };
        let found = self.all.iter().find(covers)?;
        found.used.set(true);
        Some(found.reason.clone())
    }

    /// Where the comments stand that did something.
    pub fn used(&self) -> impl Iterator<Item = usize> + '_ {
        self.all.iter().filter(|s| s.used.get()).map(|s| s.span.start)
    }

    /// Counts the comments at these places as used.
    pub fn use_at(&self, places: impl IntoIterator<Item = usize>) {
        for place in places {
            if let Some(found) = self.all.iter().find(|s| s.span.start == place) {
                found.used.set(true);
            }
        }
    }

    /// Those that do nothing.
    pub fn idle(&self) -> Vec<IdleSuppression> {
        let idle = self.all.iter().filter_map(|s| {
            let unused = (!s.used.get()).then_some(Idle::Unused);
            let why = s.wrong.clone().or(unused)?;
            Some(IdleSuppression { span: s.span, rule: s.rule.clone(), why })
        });
        idle.collect()
    }
}

/// The line of the byte at `offset`, without its end.
fn line(text: &str, offset: usize) -> Span {
    Span::new(line_start(text, offset), line_end(text, offset))
}

/// The next line that says something and is no comment.
fn next_line(text: &str, mut from: usize) -> Span {
    while from < text.len() {
        let next = line(text, from + 1);
        let said = next.of(text).trim();
        if !said.is_empty() && !["#", "--", "//"].iter().any(|sign| said.starts_with(sign)) {
            return next;
        }
        from = next.end;
    }
    Span::at(text.len())
}

/// The next line with code; where a declaration begins on it, all of that.
fn next_code(file: &SourceFile, from: usize) -> Span {
    let text = file.text();
    let is_code = |kind| !matches!(kind, TokenKind::Comment | TokenKind::Semicolon);
    let mut tokens = Lexer::new(text, Span::new(from, text.len()));
    let Some(token) = tokens.find(|t| is_code(t.kind)) else { return Span::at(text.len()) };
    let start = token.span.start;
    let line = line(text, start);
    let Some(decl) = file.decl_at(start) else { return line };
    if file.outline().decls[decl].span.start == start {
        return line.cover(file.outline().decls[decl].span);
    }
    let is_declaration =
        |kind| matches!(kind, Kind::DeclStmt | Kind::GenDecl | Kind::ValueSpec | Kind::TypeSpec);
    let here = file.part(decl).syntax().iter().filter(|n| n.span().start == start);
    here.filter(|n| is_declaration(n.kind())).fold(line, |span, node| span.cover(node.span()))
}
