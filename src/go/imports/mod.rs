//! Editing a file's imports. Comes in: a file and the changes that it needs. Goes out: edits that
//! leave every line alone that need not change, put new imports into the group where they belong,
//! and keep a group sorted that was.
//!
//! A group is a run of import lines without a blank line between them. `import "C"` and its
//! comment are never touched.

mod groups;

use super::lex::{Lexer, TokenKind};
use super::predeclared::is_standard;
use super::source::{Import, SourceFile};
use crate::text::layout::{line_ending, line_start, next_line_start};
use crate::text::{Edit, Span};
use groups::{Declaration, Entry, Group};

/// A change to the imports of a file. Indices are those of [`SourceFile::imports`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportChange {
    /// Another path or another name for an import that is there.
    Set {
        /// Which.
        index: usize,
        /// Its path from now on.
        path: String,
        /// The name before the path from now on.
        name: Option<String>,
    },
    /// The import goes.
    Remove {
        /// Which.
        index: usize,
    },
    /// An import comes.
    Add {
        /// Its path.
        path: String,
        /// The name before the path.
        name: Option<String>,
    },
}

/// The edits for `changes`; they do not overlap. Changes to `import "C"` are left out.
pub fn edit_imports(file: &SourceFile, changes: &[ImportChange]) -> Vec<Edit> {
    let mut editor = Editor {
        text: file.text(),
        line_end: line_ending(file.text()),
        declarations: groups::declarations(file),
        edits: Vec::new(),
    };
    for change in changes {
        editor.change(file, change);
    }
    editor.finish(file)
}

/// A spec as it is written: name and path in quotes.
fn spec(path: &str, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("{name} \"{path}\""),
        None => format!("\"{path}\""),
    }
}

struct Editor<'t> {
    text: &'t str,
    line_end: &'static str,
    declarations: Vec<Declaration>,
    edits: Vec<Edit>,
}

impl Editor<'_> {
    fn change(&mut self, file: &SourceFile, change: &ImportChange) {
        match change {
            ImportChange::Set { index, path, name } => {
                let import = &file.imports()[*index];
                if &*import.path == "C" {
                    return;
                }
                if is_standard(&import.path) == is_standard(path) {
                    self.set(*index, path, name.as_deref());
                } else {
                    self.relocate(*index, path, name.as_deref());
                }
            }
            ImportChange::Remove { index } if &*file.imports()[*index].path != "C" => {
                self.remove(*index);
            }
            ImportChange::Remove { .. } => {}
            ImportChange::Add { path, name } => self.add(path, name.as_deref()),
        }
    }

    fn entry(&mut self, index: usize) -> Option<(&mut Group, usize)> {
        self.declarations.iter_mut().flat_map(|d| &mut d.groups).find_map(|group| {
            let at = group.entries.iter().position(|e| e.import == Some(index))?;
            Some((group, at))
        })
    }

    fn set(&mut self, index: usize, path: &str, name: Option<&str>) {
        if let Some((group, at)) = self.entry(index) {
            let entry = &mut group.entries[at];
            entry.path = path.to_string();
            entry.name = name.map(str::to_string);
            entry.changed = true;
            group.touched = true;
        }
    }

    /// The import goes; comments in its lines stay where it was.
    fn remove(&mut self, index: usize) {
        let text = self.text;
        if let Some((group, at)) = self.entry(index) {
            group.touched = true;
            if let Some(comments) = group.entries.remove(at).into_comments(text) {
                group.entries.insert(at, comments);
            }
        }
    }

    /// The import goes to where one of its new path belongs, its comments with it.
    fn relocate(&mut self, index: usize, path: &str, name: Option<&str>) {
        let (text, is_there) = (self.text, self.is_there(path, name));
        let Some((group, at)) = self.entry(index) else { return };
        if is_there || group.entries[at].stands_alone(text) {
            self.remove(index);
            return self.add(path, name);
        }
        group.touched = true;
        let entry = group.entries.remove(at);
        self.place(Entry { path: path.into(), name: name.map(Into::into), changed: true, ..entry });
    }

    fn is_there(&self, path: &str, name: Option<&str>) -> bool {
        let there = |e: &Entry| e.is_import() && e.path == path && e.name.as_deref() == name;
        let mut groups = self.declarations.iter().flat_map(|d| &d.groups);
        groups.any(|g| g.entries.iter().any(there))
    }

    fn add(&mut self, path: &str, name: Option<&str>) {
        if !self.is_there(path, name) {
            self.place(Entry::new(path, name));
        }
    }

    fn place(&mut self, entry: Entry) {
        let Some((declaration, group)) = self.home_of(&entry.path) else {
            self.declarations.push(Declaration::new_single(entry));
            return;
        };
        let declaration = &mut self.declarations[declaration];
        match group {
            Home::Group(group) => declaration.groups[group].insert(entry),
            Home::NewFirst => declaration.groups.insert(0, Group::of(entry)),
            Home::NewLast => declaration.groups.push(Group::of(entry)),
        }
    }

    /// The declaration and group in which an import of `path` is expected: the one whose imports
    /// share the most leading path elements with it, standard library apart.
    fn home_of(&self, path: &str) -> Option<(usize, Home)> {
        let usable = |d: &&(usize, &Declaration)| !d.1.is_cgo;
        let declarations: Vec<_> = self.declarations.iter().enumerate().collect();
        let mut candidates = declarations.iter().filter(usable);
        let best = candidates
            .clone()
            .flat_map(|(d, declaration)| {
                declaration.groups.iter().enumerate().map(move |(g, group)| (*d, g, group))
            })
            .filter_map(|(d, g, group)| Some((group.affinity(path)?, d, g)))
            // The first of equals.
            .max_by_key(|&(affinity, d, g)| (affinity, std::cmp::Reverse((d, g))));
        if let Some((_, d, g)) = best {
            return Some((d, Home::Group(g)));
        }
        // A group that was left without an import is the place for the one that comes.
        let emptied = |(d, declaration): &(usize, &Declaration)| {
            let group = declaration.groups.iter().position(|g| !g.has_imports());
            group.filter(|_| declaration.parenthesized).map(|g| (*d, Home::Group(g)))
        };
        if let Some(home) = candidates.clone().find_map(emptied) {
            return Some(home);
        }
        let (d, _) = candidates.next_back()?;
        Some((*d, if is_standard(path) { Home::NewFirst } else { Home::NewLast }))
    }

    fn finish(mut self, file: &SourceFile) -> Vec<Edit> {
        let declarations = std::mem::take(&mut self.declarations);
        let mut fresh = Vec::new();
        for declaration in declarations {
            match declaration.span {
                Some(_) if !declaration.is_touched() => {}
                Some(span) => self.rewrite(span, declaration),
                None => fresh.extend(declaration.groups.into_iter().flat_map(|g| g.entries)),
            }
        }
        if !fresh.is_empty() {
            self.first_imports(file, &fresh);
        }
        self.edits
    }

    fn rewrite(&mut self, span: Span, declaration: Declaration) {
        let Declaration { groups, parenthesized, compact, .. } = declaration;
        if !groups.iter().any(Group::has_imports) {
            self.without_imports(span);
        } else if compact {
            self.rewrite_compact(span, groups);
        } else if parenthesized {
            self.rewrite_groups(groups);
        } else {
            self.rewrite_single(span, groups);
        }
    }

    /// Each touched group is written anew between its first and its last line.
    fn rewrite_groups(&mut self, groups: Vec<Group>) {
        let mut last_end: Option<usize> = None;
        let first_start = groups.iter().find_map(|g| g.span).map(|s| s.start);
        for mut group in groups {
            let Some(span) = group.span else {
                // A new group, behind the last one or before the first.
                let lines = group.lines(self.text, self.line_end);
                let (end, line_end) = (self.line_end, self.line_end);
                match (last_end, first_start) {
                    (Some(at), _) => {
                        self.edits.push(Edit::insert(at, format!("{end}{line_end}{lines}")));
                    }
                    (None, Some(at)) => {
                        self.edits.push(Edit::insert(at, format!("{lines}{end}{line_end}")));
                    }
                    (None, None) => {}
                }
                continue;
            };
            last_end = Some(span.end);
            if !group.touched {
                continue;
            }
            if group.entries.is_empty() {
                self.edits.push(Edit::delete(self.without_group(span)));
                continue;
            }
            group.sort_if_it_was(self.text);
            let new = group.lines(self.text, self.line_end);
            if new != span.of(self.text) {
                self.edits.push(Edit::replace(span, new));
            }
        }
    }

    /// Of a declaration without an import its comments are left.
    fn without_imports(&mut self, span: Span) {
        let whole = Span::new(span.start, self.end_of_line_without_code(span.end));
        let comments = comments(self.text, whole);
        self.edits.push(if comments.is_empty() {
            Edit::delete(self.with_lines(span))
        } else {
            Edit::replace(whole, comments.join(self.line_end))
        });
    }

    /// The lines of a group that goes, and the blank line that kept it apart.
    fn without_group(&self, span: Span) -> Span {
        let end = next_line_start(self.text, span.end);
        let rest = &self.text[end..];
        let next = rest.trim_start_matches([' ', '\t', '\r']);
        if next.starts_with('\n') {
            return Span::new(span.start, end + (rest.len() - next.len()) + 1);
        }
        let before = self.text[..span.start].trim_end_matches([' ', '\t', '\r', '\n']);
        let blank_before = self.text[before.len()..span.start].matches('\n').count() > 1;
        let start = if blank_before {
            before.len() + self.text[before.len()..].find('\n').map_or(0, |at| at + 1)
        } else {
            span.start
        };
        Span::new(start, end)
    }

    /// `import "a"`: changed in place, or made a parenthesized declaration for several.
    fn rewrite_single(&mut self, span: Span, groups: Vec<Group>) {
        let entries = imports(groups);
        let spec_span = Span::new(span.start, span.end);
        let keyword = "import ";
        if let [only] = entries.as_slice() {
            let new = format!("{keyword}{}", spec(&only.path, only.name.as_deref()));
            self.edits.push(Edit::replace(spec_span, new));
            return;
        }
        let new = self.parenthesized(entries, &[]);
        self.edits.push(Edit::replace(spec_span, new));
    }

    /// `import ("a"; "b")`: written anew, its comments first.
    fn rewrite_compact(&mut self, span: Span, groups: Vec<Group>) {
        let new = self.parenthesized(imports(groups), &comments(self.text, span));
        self.edits.push(Edit::replace(span, new));
    }

    /// A declaration with a line for each comment and each import, the standard library's first.
    fn parenthesized(&self, mut entries: Vec<Entry>, comments: &[&str]) -> String {
        entries.sort_by(|a, b| {
            (!is_standard(&a.path), &a.path).cmp(&(!is_standard(&b.path), &b.path))
        });
        let mut new = format!("import ({}", self.line_end);
        for comment in comments {
            new.push_str(&format!("\t{comment}{}", self.line_end));
        }
        let mut standard_before = None;
        for entry in &entries {
            let standard = is_standard(&entry.path);
            if standard_before == Some(true) && !standard {
                new.push_str(self.line_end);
            }
            standard_before = Some(standard);
            new.push('\t');
            new.push_str(&spec(&entry.path, entry.name.as_deref()));
            new.push_str(self.line_end);
        }
        new.push(')');
        new
    }

    /// The declaration with its line, and one of the blank lines around it.
    fn with_lines(&self, span: Span) -> Span {
        let start = line_start(self.text, span.start);
        let end = next_line_start(self.text, span.end);
        let behind = &self.text[end..];
        let trimmed = behind.trim_start_matches([' ', '\t', '\r']);
        let blank = if trimmed.starts_with('\n') { behind.len() - trimmed.len() + 1 } else { 0 };
        Span::new(start, end + blank)
    }

    /// The end of the line of `at`, or `at` itself where more code follows on it.
    fn end_of_line_without_code(&self, at: usize) -> usize {
        let end = groups::content_end(self.text, at);
        let is_code = |kind| !matches!(kind, TokenKind::Comment | TokenKind::Semicolon);
        let code = Lexer::new(self.text, Span::new(at, end)).any(|token| is_code(token.kind));
        if code { at } else { end }
    }

    /// The first imports of a file, behind the package clause or the import of `C`.
    fn first_imports(&mut self, file: &SourceFile, entries: &[Entry]) {
        let last_import = file.imports().last().map(|i| i.span.end);
        let Some(at) = last_import.or(file.outline().package.map(|p| p.end)) else { return };
        let at = self.end_of_line_without_code(at);
        let nl = self.line_end;
        let mut new = String::new();
        if let [only] = entries {
            new = format!("{nl}{nl}import {}", spec(&only.path, only.name.as_deref()));
        } else {
            let mut sorted: Vec<&Entry> = entries.iter().collect();
            sorted.sort_by_key(|e| (!is_standard(&e.path), e.path.clone()));
            new.push_str(&format!("{nl}{nl}import ({nl}"));
            let mut standard_before = false;
            for entry in sorted {
                if standard_before && !is_standard(&entry.path) {
                    new.push_str(nl);
                }
                standard_before = is_standard(&entry.path);
                new.push_str(&format!("\t{}{nl}", spec(&entry.path, entry.name.as_deref())));
            }
            new.push(')');
        }
        self.edits.push(Edit::insert(at, new));
    }
}

/// What the groups import, without the comments that are left of others.
fn imports(groups: Vec<Group>) -> Vec<Entry> {
    groups.into_iter().flat_map(|g| g.entries).filter(Entry::is_import).collect()
}

/// The comments in a part of a file.
fn comments(text: &str, span: Span) -> Vec<&str> {
    let tokens = Lexer::new(text, span).filter(|token| token.kind == TokenKind::Comment);
    tokens.map(|token| token.span.of(text)).collect()
}

enum Home {
    Group(usize),
    NewFirst,
    NewLast,
}

/// How an import is spelled, for looking for it.
pub fn spelled_name<'t>(import: &Import, text: &'t str) -> Option<&'t str> {
    import.explicit_name(text)
}

#[cfg(test)]
mod tests;
