//! Import declarations as groups of lines.

use super::{comments, spec};
use crate::go::lex::{Lexer, TokenKind};
use crate::go::outline::DeclKind;
use crate::go::predeclared::is_standard;
use crate::go::source::SourceFile;
use crate::text::Span;
use crate::text::layout::{indentation, line_end, line_start};

/// An import declaration.
pub(super) struct Declaration {
    /// Where it stands; `None` for one that is to be.
    pub(super) span: Option<Span>,
    pub(super) parenthesized: bool,
    /// Whether an import shares a line with one of the parentheses, so that lines cannot be moved.
    pub(super) compact: bool,
    pub(super) is_cgo: bool,
    pub(super) groups: Vec<Group>,
}

/// Import lines without a blank line between.
pub(super) struct Group {
    /// From the start of the first line to the end of the last, its line end excluded.
    pub(super) span: Option<Span>,
    pub(super) entries: Vec<Entry>,
    pub(super) touched: bool,
    was_sorted: bool,
    /// Whether every import is on a line of its own.
    one_a_line: bool,
}

/// An import, or the comments that are left of one.
pub(super) struct Entry {
    /// The index of the import in its file; `None` for a new one and for comments.
    pub(super) import: Option<usize>,
    /// Its lines, comments above and behind it included, without the last line end.
    pub(super) lines: Option<Span>,
    /// Name and path.
    pub(super) spec: Option<Span>,
    /// What it imports, or imported.
    pub(super) path: String,
    pub(super) name: Option<String>,
    pub(super) changed: bool,
    /// The import is gone and these are its comments, a line each.
    pub(super) comments: Option<Vec<String>>,
}

impl Declaration {
    pub(super) fn new_single(entry: Entry) -> Self {
        let groups = vec![Group::of(entry)];
        Self { span: None, parenthesized: false, compact: false, is_cgo: false, groups }
    }

    pub(super) fn is_touched(&self) -> bool {
        self.groups.iter().any(|g| g.touched || g.span.is_none())
    }
}

impl Entry {
    pub(super) fn new(path: &str, name: Option<&str>) -> Self {
        Self {
            import: None,
            lines: None,
            spec: None,
            path: path.to_string(),
            name: name.map(str::to_string),
            changed: true,
            comments: None,
        }
    }

    pub(super) fn is_import(&self) -> bool {
        self.comments.is_none()
    }

    /// Whether it is a declaration of its own: its line has the keyword.
    pub(super) fn stands_alone(&self, text: &str) -> bool {
        let before = self.lines.zip(self.spec).map(|(l, spec)| Span::new(l.start, spec.start));
        let mut tokens = before.into_iter().flat_map(|span| Lexer::new(text, span));
        tokens.any(|token| token.kind != TokenKind::Comment)
    }

    /// What stays of the import if it goes: the comments in its lines, where it was.
    pub(super) fn into_comments(self, text: &str) -> Option<Self> {
        let (lines, spec) = (self.lines?, self.spec?);
        let beside = [Span::new(lines.start, spec.start), Span::new(spec.end, lines.end)];
        let found: Vec<String> =
            beside.iter().flat_map(|&span| comments(text, span)).map(str::to_owned).collect();
        let comments = (!found.is_empty()).then_some(found);
        comments.is_some().then_some(Self { import: None, spec: None, comments, ..self })
    }
}

impl Group {
    pub(super) fn of(entry: Entry) -> Self {
        Self { span: None, entries: vec![entry], touched: true, was_sorted: true, one_a_line: true }
    }

    pub(super) fn has_imports(&self) -> bool {
        self.entries.iter().any(Entry::is_import)
    }

    pub(super) fn insert(&mut self, entry: Entry) {
        self.touched = true;
        self.entries.push(entry);
    }

    /// How well an import of `path` fits in: the number of leading path elements in common with
    /// the best of the group. `None` where it does not belong.
    pub(super) fn affinity(&self, path: &str) -> Option<usize> {
        let imports = self.entries.iter().filter(|e| e.is_import());
        let best = imports
            .filter(|e| e.path != "C" && is_standard(&e.path) == is_standard(path))
            .map(|e| e.path.split('/').zip(path.split('/')).take_while(|(a, b)| a == b).count())
            .max()?;
        Some(best)
    }

    /// Sorts as gofmt does, by path and then by name, if the group was so before. Of an import that
    /// is there twice the comments stay.
    pub(super) fn sort_if_it_was(&mut self, text: &str) {
        if self.was_sorted {
            self.entries.sort_by(|a, b| (&a.path, &a.name).cmp(&(&b.path, &b.name)));
        }
        let mut seen: Vec<(String, Option<String>)> = Vec::new();
        let all = std::mem::take(&mut self.entries).into_iter();
        self.entries = all
            .filter_map(|e| {
                let key = (e.path.clone(), e.name.clone());
                let twice = e.is_import() && e.changed && seen.contains(&key);
                seen.push(key);
                if twice { e.into_comments(text) } else { Some(e) }
            })
            .collect();
    }

    /// The group's lines, unchanged ones byte for byte.
    pub(super) fn lines(&self, text: &str, line_end: &str) -> String {
        let separator = if self.one_a_line { line_end } else { "; " };
        let first_lines = self.entries.iter().find_map(|e| e.lines);
        let indent = first_lines.map_or("\t", |span| indentation(span.of(text)));
        let line = |entry: &Entry| {
            if let Some(comments) = &entry.comments {
                return comments
                    .iter()
                    .map(|c| format!("{indent}{c}"))
                    .collect::<Vec<_>>()
                    .join(line_end);
            }
            match (entry.lines, entry.spec) {
                (Some(lines), Some(old)) if entry.changed => {
                    let before = &text[lines.start..old.start];
                    let after = &text[old.end..lines.end];
                    format!("{before}{}{after}", spec(&entry.path, entry.name.as_deref()))
                }
                (Some(lines), _) => lines.of(text).to_string(),
                (None, _) => format!("{indent}{}", spec(&entry.path, entry.name.as_deref())),
            }
        };
        self.entries.iter().map(line).collect::<Vec<_>>().join(separator)
    }
}

/// Reads the import declarations of a file.
pub(super) fn declarations(file: &SourceFile) -> Vec<Declaration> {
    let text = file.text();
    let decls = file.outline().decls.iter().enumerate();
    let mut found: Vec<Declaration> = Vec::new();
    for (index, decl) in decls {
        let imports: Vec<usize> =
            (0..file.imports().len()).filter(|&i| file.imports()[i].decl == index).collect();
        if decl.kind != DeclKind::Import {
            continue;
        }
        let is_cgo = imports.iter().any(|&i| &*file.imports()[i].path == "C");
        let parenthesized =
            text[decl.span.range()].trim_start_matches("import").trim_start().starts_with('(');
        let entries: Vec<Entry> = imports.iter().map(|&i| entry(file, i)).collect();
        let compact = parenthesized && !parentheses_stand_alone(text, decl.span, &entries);
        let groups = if parenthesized {
            grouped(text, decl.span, entries)
        } else {
            let span = Some(decl.span);
            vec![Group { span, entries, touched: false, was_sorted: true, one_a_line: true }]
        };
        found.push(Declaration { span: Some(decl.span), parenthesized, compact, is_cgo, groups });
    }
    found
}

/// Whether no import is on the line of a parenthesis.
fn parentheses_stand_alone(text: &str, decl: Span, entries: &[Entry]) -> bool {
    let spec = |entry: Option<&Entry>| entry.and_then(|e| e.spec);
    let (Some(first), Some(last)) = (spec(entries.first()), spec(entries.last())) else {
        return true;
    };
    text[decl.start..first.start].contains('\n') && text[last.end..decl.end].contains('\n')
}

/// Where the line of `at` ends, without `\r\n` or `\n`.
pub(super) fn content_end(text: &str, at: usize) -> usize {
    let end = line_end(text, at);
    if text[..end].ends_with('\r') { end - 1 } else { end }
}

fn entry(file: &SourceFile, index: usize) -> Entry {
    let import = &file.imports()[index];
    let text = file.text();
    let start = line_start(text, import.span.start);
    let end = content_end(text, import.span.end);
    Entry {
        import: Some(index),
        lines: Some(Span::new(start, end)),
        spec: Some(import.span),
        path: import.path.to_string(),
        name: import.explicit_name(text).map(str::to_string),
        changed: false,
        comments: None,
    }
}

/// Cuts a parenthesized declaration at its blank lines; comment lines go with the import below.
fn grouped(text: &str, decl: Span, entries: Vec<Entry>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let inside = text[decl.range()].find('(').map_or(decl.start, |at| decl.start + at + 1);
    let mut at = inside;
    for mut entry in entries {
        let (Some(lines), Some(spec)) = (entry.lines, entry.spec) else { continue };
        let same_line = groups.last().and_then(|g| g.span).is_some_and(|s| s.end > lines.start);
        let opening_line = lines.start < inside;
        let between = &text[at.min(spec.start)..spec.start];
        let blank = has_blank_line(between);
        // Comments above belong to the import: those directly above it where a blank line comes
        // before them.
        let start = if same_line || opening_line {
            spec.start
        } else if blank {
            comment_start(text, at, lines.start)
        } else {
            text[at..].find('\n').map_or(lines.start, |end| at + end + 1)
        };
        let end =
            if same_line || opening_line || lines.end > decl.end { spec.end } else { lines.end };
        entry.lines = Some(Span::new(start, end));
        let span = Span::new(start, end);
        match groups.last_mut().filter(|_| !blank) {
            Some(group) => {
                group.span = group.span.map(|s| s.cover(span));
                group.one_a_line &= !same_line && !opening_line;
                group.was_sorted &= group.entries.last().is_none_or(|e| e.path <= entry.path);
                group.entries.push(entry);
            }
            None => groups.push(Group {
                span: Some(span),
                entries: vec![entry],
                touched: false,
                was_sorted: true,
                one_a_line: !opening_line,
            }),
        }
        at = end;
    }
    groups
}

/// Whether a line without anything on it lies between two imports.
fn has_blank_line(between: &str) -> bool {
    let lines: Vec<&str> = between.split('\n').collect();
    // The first and the last piece share their lines with the imports.
    lines.len() > 2 && lines[1..lines.len() - 1].iter().any(|line| line.trim().is_empty())
}

/// The start of the comment lines that end right above `line`.
fn comment_start(text: &str, from: usize, line: usize) -> usize {
    let mut start = line;
    while start > from {
        let above_end = start - 1;
        let above = line_start(text, above_end);
        if above < from || !text[above..above_end].trim_start().starts_with("//") {
            break;
        }
        start = above;
    }
    start
}
