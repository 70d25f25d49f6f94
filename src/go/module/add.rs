//! Where a new requirement goes.
//!
//! Comes in: a path and a version that the file does not require. Goes out: one line more, in the
//! place that a careful person would choose: among the direct requirements, in order where they
//! are in order. `go mod edit -require` takes the last block, which is often that of the indirect
//! ones; where the last block is the direct one, the two agree.

use super::ModFile;
use super::draft::{Draft, tokens};
use super::follow::by_tokens;
use super::syntax::{LineKind, Statement, Syntax, quoted};
use crate::go::version::Version;
use crate::text::Span;

/// Adds a direct requirement to the draft.
pub(super) fn add_requirement(file: &ModFile, draft: &mut Draft, path: &str, version: &Version) {
    let syntax = &file.syntax;
    let key = vec![path.to_owned(), version.to_string()];
    let text = format!("{} {version}", quoted(path));
    let all: Vec<&Statement> = syntax
        .statements
        .iter()
        .filter(|s| file.requires().iter().any(|r| s.lines.contains(&r.at)))
        .collect();
    let Some(last) = all.last() else {
        return append(syntax, draft, &text);
    };
    let direct = all.iter().rev().max_by_key(|s| suitability(syntax, s));
    match direct.filter(|s| suitability(syntax, s).is_some()) {
        Some(block) if block.is_block => add_to_block(syntax, draft, block, &key, &text),
        Some(line) => add_to_line(syntax, draft, line.lines.start, &key, &text),
        None => {
            // Only indirect requirements, or only lines whose comment is not about the new one.
            let is_direct = |s: &&&Statement| syntax.entries(s).any(|l| !syntax.is_indirect(l));
            if let Some(block) = all.iter().rfind(is_direct) {
                draft.add_before(block.lines.end, String::new());
                draft.add_before(block.lines.end, format!("require {text}"));
            } else {
                let line = syntax.with_comments_above(last.lines.start);
                draft.add_before(line, format!("require {text}"));
                draft.add_before(line, String::new());
            }
        }
    }
}

/// How well a new direct requirement fits to a statement, compared field by field; `None` is not
/// at all. No comment above it, which would say what the group is for; only direct requirements;
/// no comments between or behind its lines.
type Suitability = Option<(bool, bool, bool)>;

fn suitability(syntax: &Syntax, statement: &Statement) -> Suitability {
    let start = statement.lines.start;
    let plain = syntax.with_comments_above(start) == start;
    let has_direct = syntax.entries(statement).any(|line| !syntax.is_indirect(line));
    if !has_direct || (!plain && !statement.is_block) {
        return None;
    }
    let mut entries = syntax.entries(statement);
    let mut lines = statement.lines.clone();
    let all_direct = entries.all(|line| !syntax.is_indirect(line));
    let uncommented = lines.all(|line| {
        syntax.lines[line].comment.is_none() || syntax.comment_beside_indirect(line) == Some("")
    });
    Some((plain, all_direct, uncommented))
}

fn add_to_block(syntax: &Syntax, draft: &mut Draft, block: &Statement, key: &[String], text: &str) {
    let entries: Vec<usize> = syntax.entries(block).collect();
    let keys: Vec<Vec<String>> = entries.iter().map(|&line| tokens(syntax, line)).collect();
    let gap = if keys.is_sorted() {
        keys.partition_point(|other| by_tokens(other, key).is_le())
    } else {
        keys.len()
    };
    let neighbour = entries[gap.saturating_sub(1)];
    let line = if gap == 0 { syntax.with_comments_above(neighbour) } else { neighbour + 1 };
    draft.add_before(line, format!("{}{text}", syntax.indentation(neighbour)));
}

/// Adds beside a single line: as one more line where single lines stand together, otherwise by
/// making a block of it.
fn add_to_line(syntax: &Syntax, draft: &mut Draft, line: usize, key: &[String], text: &str) {
    let is_single = |line: usize| {
        let raw = |span: &Span| span.of(&syntax.text) == "require";
        let line = &syntax.lines[line];
        line.kind == LineKind::Single
            && line.tokens.first().is_some_and(raw)
            && line.tokens.len() == 3
    };
    let start = (0..line).rev().take_while(|&l| is_single(l)).last().unwrap_or(line);
    let end = (line + 1..syntax.lines.len()).take_while(|&l| is_single(l)).last().unwrap_or(line);
    let run: Vec<Vec<String>> = (start..=end).map(|line| tokens(syntax, line)).collect();
    let gap = run.partition_point(|other| by_tokens(other, key).is_le());
    if run.len() > 1 {
        let gap = if run.is_sorted() { gap } else { run.len() };
        // The first line's comment is about that line, so the new one goes above it.
        let before = if gap == 0 { syntax.with_comments_above(start) } else { start + gap };
        return draft.add_before(before, format!("require {text}"));
    }
    let (verb, path) = (syntax.lines[line].tokens[0], syntax.lines[line].tokens[1]);
    let line_end = syntax.line_end();
    let head = Span::new(verb.start, path.start);
    if gap == 0 {
        draft.replace(head, &format!("require ({line_end}\t{text}{line_end}\t"));
    } else {
        draft.replace(head, &format!("require ({line_end}\t"));
        draft.add_before(line + 1, format!("\t{text}"));
    }
    draft.add_before(line + 1, ")".to_owned());
}

/// Adds a statement at the end of the file.
fn append(syntax: &Syntax, draft: &mut Draft, text: &str) {
    let end = syntax.lines.len();
    if syntax.lines.last().is_some_and(|line| line.kind != LineKind::Blank) {
        draft.add_before(end, String::new());
    }
    draft.add_before(end, format!("require {text}"));
}
