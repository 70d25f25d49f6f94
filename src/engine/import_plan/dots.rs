//! Dot imports: names of a package that stand without its own (Go specification, "Import
//! declarations"). Comes in: a file. Goes out: which names of it come from which of them, and what
//! becomes of them.

use std::collections::BTreeSet;

use super::uses::Use;
use super::{ImportPlan, Shadowed};
use crate::engine::fix::{FixStatus, ReviewReason};
use crate::engine::names::{ImportForm, is_exported};
use crate::go::lex::{Lexer, TokenKind};
use crate::go::syntax::Kind;
use crate::text::Edit;

impl ImportPlan<'_, '_> {
    /// The names in the file that come, or may come, from a dot import of `path`.
    pub(super) fn dot_uses(&self, path: &str) -> Vec<Use> {
        let file = self.file();
        let mut uses = Vec::new();
        for (decl, _) in file.code_decls() {
            let part = file.part(decl);
            let idents = part.syntax().iter().filter(|node| node.kind() == Kind::Ident);
            let ours = idents.filter(|node| self.names.is_dot_imported(part, *node, path));
            uses.extend(ours.map(|node| Use {
                decl,
                span: node.span(),
                member: node.text().to_owned(),
            }));
        }
        uses
    }

    /// The symbols that a dot import brings in go to another path, with its name before them.
    pub(super) fn move_dot_symbols(
        &mut self,
        rule: usize,
        index: usize,
        path: &str,
        symbols: &[String],
    ) {
        let mut moved = self.dot_uses(&self.planned[index].path);
        moved.retain(|used| symbols.contains(&used.member));
        moved.retain(|used| !self.is_suppressed(rule, used.span));
        if moved.is_empty() {
            return;
        }
        let status = match self.add_package_path(path, &moved) {
            Ok(local) => {
                let named =
                    |used: &Use| Edit::replace(used.span, format!("{local}.{}", used.member));
                self.uses.extend(moved.iter().map(named));
                FixStatus::Applied
            }
            Err(Shadowed(name)) => FixStatus::NeedsReview(ReviewReason::Shadowed(name)),
        };
        for used in moved {
            self.site(rule, used.span, status.clone());
        }
    }

    /// Dot imports that brought names in, and do not after the edits.
    pub(super) fn dots_left_unused(&self, edits: &[Edit]) -> BTreeSet<usize> {
        let is_dot = |index: &usize| {
            let planned = &self.planned[*index];
            planned.form == ImportForm::Dot && !planned.merged && !planned.changed
        };
        let dots: Vec<usize> = (0..self.planned.len()).filter(is_dot).collect();
        if dots.is_empty() || edits.iter().any(|edit| says_bare(&edit.new)) {
            return BTreeSet::new();
        }
        let qualifies = |edit: &Edit, used: &Use| {
            edit.span.end == used.span.start && edit.new.trim_end().ends_with('.')
        };
        let goes = |used: &Use| {
            edits.iter().any(|edit| edit.span.overlaps(used.span) || qualifies(edit, used))
        };
        let is_left = |index: &usize| {
            let uses = self.dot_uses(&self.planned[*index].path);
            !uses.is_empty() && uses.iter().all(goes)
        };
        dots.into_iter().filter(is_left).collect()
    }
}

/// Whether code says an exported name that stands behind no dot: it may come from a dot import.
fn says_bare(code: &str) -> bool {
    let mut behind_dot = false;
    Lexer::all(code).any(|token| {
        let text = token.span.of(code);
        let bare = token.kind == TokenKind::Ident && is_exported(text) && !behind_dot;
        behind_dot = text == ".";
        bare
    })
}
