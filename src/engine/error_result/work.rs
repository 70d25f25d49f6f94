//! The work at one statement. Comes in: its calls, in the order in which they are evaluated. Goes out:
//! what becomes of each, with the names of its values and of its error.

use super::naming::{ERR, ErrVar, Naming, after_function};
use super::place::Form;
use super::write::{Checked, Statement, Way, behind, deeper};
use super::zeros::Results;
use super::{Gained, Group, Issued, order};
use crate::engine::bindings::Capture;
use crate::engine::fix::{FixStatus, ReviewReason};
use crate::engine::fresh::Fresh;
use crate::engine::import_plan::ImportPlan;
use crate::engine::names::ImportForm;
use crate::engine::render::Chunk;
use crate::engine::rewrite::Look;
use crate::engine::typed::{Answer, Typed};
use crate::go::lex::{Lexer, TokenKind, is_identifier};
use crate::go::precedence::has_bare_composite;
use crate::go::predeclared::is_predeclared;
use crate::go::scope::{NameUse, ObjectId};
use crate::go::source::Part;
use crate::go::syntax::{Kind, Node, NodeId, Op};
use crate::rule::compiled::ErrorResult;
use crate::rule::metavariable::MetaId;
use crate::text::Span;
use crate::text::layout::{indentation_at, line_ending, on_one_line};

/// A statement whose calls are looked at one by one.
pub(super) struct Work<'l, 'a, 'f, 'n> {
    look: &'l Look<'a, 'f, 'n>,
    decl: usize,
    naming: Naming<'f, 'n, 'a>,
    fresh: Fresh<'f, 'n>,
    pub(super) statement: Statement<'f>,
    /// What the function gives.
    results: Results<'f, 'n>,
    /// The variable for the errors of calls that go before the statement.
    before: Option<ErrVar>,
    /// The variables that become those of the fix.
    pub(super) taken_over: Vec<ObjectId>,
    issued: &'l mut Issued,
}

impl<'l, 'a, 'f, 'n> Work<'l, 'a, 'f, 'n> {
    pub(super) fn new(
        look: &'l Look<'a, 'f, 'n>,
        group: &Group<'a, 'f>,
        issued: &'l mut Issued,
    ) -> Self {
        let (decl, stmt) = (group.decl, group.stmt);
        let part: &'f Part = look.names.file().part(decl);
        let naming = Naming::new(look.names, decl, stmt, look.rewriter.rules);
        let mut fresh = naming.fresh();
        let on_errors = group.calls.iter().map(|gained| &gained.action.on_error);
        let names = on_errors.flat_map(|code| code.names.iter().chain(&code.declares));
        names.for_each(|name| fresh.take(name));
        let block = stmt.parent().map(Node::id);
        let here = issued.values.iter().filter(|(d, b, _)| (*d, *b) == (decl, block));
        here.for_each(|(.., name)| fresh.take(name));
        let results = Results::around(look.names, decl, stmt);
        let statement = Statement { part, stmt, calls: Vec::new() };
        let (before, taken_over) = (None, Vec::new());
        Self { look, decl, naming, fresh, statement, results, before, taken_over, issued }
    }

    /// Adds a call, the next that is evaluated.
    pub(super) fn add(
        &mut self,
        gained: &Gained<'a, 'f>,
        plan: &mut ImportPlan<'_, '_>,
    ) -> Result<(), FixStatus> {
        let review = |reason| Err(FixStatus::NeedsReview(reason));
        let zeros = match self.results.zeros(&gained.action.on_error.returns) {
            Ok(zeros) => zeros,
            Err(reason) => return review(reason),
        };
        if let Some(name) = self.unknown_name(gained.action) {
            let why = format!("nothing is called {name} here, and on-error uses it");
            return review(ReviewReason::ErrorResult(why));
        }
        if let Some(twice) = self.evaluated_twice(gained) {
            return review(ReviewReason::EvaluatedTwice(twice));
        }
        let (way, err) = match self.in_place(gained) {
            Some(found) => found,
            None => self.before(gained)?,
        };
        let on_error = self.on_error(gained, &err.name, &zeros, plan)?;
        self.taken_over.extend(err.taken_over);
        let err = err.name;
        if !matches!(way, Way::InPlace { in_header: true, .. }) {
            self.issued.errors.push((self.decl, self.block(), err.clone()));
        }
        let (rule, call) = (gained.found.rule, gained.call);
        self.statement.calls.push(Checked { rule, call, way, err, on_error });
        Ok(())
    }

    /// What becomes of a call that is all of its statement, or all that is assigned in it.
    fn in_place(&mut self, gained: &Gained<'a, 'f>) -> Option<(Way, ErrVar)> {
        behind(self.statement.part, self.statement.stmt)?;
        let in_place = |with| Way::InPlace { with, in_header: false };
        match gained.form {
            Form::Inside => None,
            Form::Alone => Some(self.alone(gained)),
            Form::Assigned(targets, Op::Define) => {
                let err = self.declared(gained);
                Some((in_place(vec![behind_list(targets, &err.name)]), err))
            }
            Form::Assigned(targets, _) => {
                if let Some(err) = self.assigned() {
                    return Some((in_place(vec![behind_list(targets, &err.name)]), err));
                }
                if targets.children().all(|target| target.text() == "_") {
                    return self.blank(gained, targets);
                }
                let define = self.sign(targets).filter(|_| self.are_of_block(targets))?;
                let err = self.declared(gained);
                if self.is_issued(&err.name) {
                    return None;
                }
                Some((in_place(vec![behind_list(targets, &err.name), define]), err))
            }
            Form::Declared(names) => {
                // Beside an `err` that is there already only `:=` may declare another name.
                let err = self.declared(gained);
                (!err.is_declared && !self.is_issued(&err.name) && self.before.is_none())
                    .then(|| (in_place(vec![behind_list(names, &err.name)]), err))
            }
        }
    }

    /// A call that is a statement of its own becomes the header of its check.
    fn alone(&mut self, gained: &Gained<'a, 'f>) -> (Way, ErrVar) {
        let blanks = "_, ".repeat(gained.action.values);
        let begin = Span::at(self.statement.stmt.span().start);
        if has_bare_composite(gained.call) {
            let mut err = self.declared(gained);
            if !err.is_declared && self.is_issued(&err.name) {
                err.name = self.fresh.first_free(&[&format!("{}Err", wish(gained))]);
            }
            let sign = if err.is_declared { "=" } else { ":=" };
            let head = format!("{blanks}{} {sign} ", err.name);
            return (Way::InPlace { with: vec![(begin, head)], in_header: false }, err);
        }
        let err = self.in_header(gained);
        let head = format!("if {blanks}{} := ", err.name);
        (Way::InPlace { with: vec![(begin, head)], in_header: true }, err)
    }

    /// `_ = f()` becomes the header of its check as well.
    fn blank(&mut self, gained: &Gained<'a, 'f>, targets: Node<'f>) -> Option<(Way, ErrVar)> {
        let (sign, _) = self.sign(targets)?;
        if has_bare_composite(gained.call) {
            return None;
        }
        let err = self.in_header(gained);
        let begin = Span::at(self.statement.stmt.span().start);
        let with = vec![
            (begin, "if ".to_owned()),
            behind_list(targets, &err.name),
            (sign, ":=".to_owned()),
        ];
        Some((Way::InPlace { with, in_header: true }, err))
    }

    /// The variable for an error that is declared in the header of its check.
    fn in_header(&mut self, gained: &Gained<'a, 'f>) -> ErrVar {
        let says_err = |n: Node<'_>| n.kind() == Kind::Ident && n.text() == ERR;
        let name = if gained.call.subtree().any(says_err) {
            self.fresh.first_free(&[&format!("{}Err", wish(gained))])
        } else {
            ERR.to_owned()
        };
        ErrVar { name, taken_over: None, is_declared: false }
    }

    /// What becomes of a call that is a part of something.
    fn before(&mut self, gained: &Gained<'a, 'f>) -> Result<(Way, ErrVar), FixStatus> {
        let review = |why| FixStatus::NeedsReview(ReviewReason::ErrorResult(why));
        if gained.action.values == 0 {
            return Err(review("code follows on the line of the call".to_owned()));
        }
        let goes = |c: &&Checked<'f>| matches!(c.way, Way::Before { .. });
        let moved: Vec<Node<'f>> =
            self.statement.calls.iter().filter(goes).map(|c| c.call).collect();
        let typed = Typed { names: self.look.names, decl: self.decl };
        let only_gives = |node: Node<'_>| {
            typed.asked(node, &|types| types.only_gives(self.decl, node.id())) == Answer::Yes
        };
        let first = order::before(self.statement.stmt, gained.call, &moved, &only_gives);
        if let Some(first) = first {
            let first = on_one_line(first.text());
            return Err(review(format!(
                "{first} is evaluated before it: give it a line of its own"
            )));
        }
        let err = self.declared(gained);
        let wish = wish(gained);
        let names: Vec<String> =
            (0..gained.action.values).map(|_| self.fresh.name(&wish)).collect();
        let block = self.block();
        self.issued.values.extend(names.iter().map(|name| (self.decl, block, name.clone())));
        let names = names.join(", ");
        let head = format!("{names}, {} := ", err.name);
        Ok((Way::Before { head, names }, err))
    }

    /// The variable for an error that is declared in the block; one for all calls of a statement.
    fn declared(&mut self, gained: &Gained<'a, 'f>) -> ErrVar {
        if let Some(known) = &self.before {
            return known.clone();
        }
        let wish = wish(gained);
        let err = self.naming.declared(&wish, &mut self.fresh);
        if matches!(gained.form, Form::Inside) {
            self.before = Some(ErrVar { is_declared: true, ..err.clone() });
        }
        err
    }

    fn assigned(&self) -> Option<ErrVar> {
        self.before.clone().or_else(|| self.naming.assigned())
    }

    /// Whether the targets are variables of the block, so that `:=` declares none of them anew.
    fn are_of_block(&self, targets: Node<'f>) -> bool {
        targets.children().all(|target| match self.statement.part.scopes().name_use(target.id()) {
            NameUse::Refers(id) => self.naming.is_of_block(id),
            _ => target.text() == "_",
        })
    }

    /// The `=` behind the targets, as `:=`.
    fn sign(&self, targets: Node<'f>) -> Option<(Span, String)> {
        let text = self.statement.part.syntax().text();
        let rest = Span::new(targets.span().end, self.statement.stmt.span().end);
        let sign = Lexer::new(text, rest).find(|token| token.kind == TokenKind::Operator)?;
        (sign.span.of(text) == "=").then(|| (sign.span, ":=".to_owned()))
    }

    fn block(&self) -> Option<NodeId> {
        self.statement.stmt.parent().map(Node::id)
    }

    /// Whether another fix declares that name for an error in the same block.
    fn is_issued(&self, err: &str) -> bool {
        let here = (self.decl, self.block());
        self.issued.errors.iter().any(|(decl, block, name)| (*decl, *block) == here && name == err)
    }

    fn is_pure(&self, node: Node<'_>) -> bool {
        let typed = Typed { names: self.look.names, decl: self.decl };
        typed.is_pure(node) == Answer::Yes
    }

    /// A name that `on-error` uses and that means nothing here.
    fn unknown_name(&self, action: &'a ErrorResult) -> Option<&'a str> {
        let names = self.look.names;
        let at = self.statement.stmt.span().start;
        let is_dot = names.bindings().iter().any(|binding| binding.form == ImportForm::Dot);
        let is_known = |name: &str| {
            is_dot
                || is_predeclared(name)
                || self.statement.part.scopes().lookup(name, at).is_some()
                || names.package_declares(name)
        };
        action.on_error.names.iter().map(String::as_str).find(|name| !is_known(name))
    }

    /// What a match captured that `on-error` evaluates once more.
    fn evaluated_twice(&self, gained: &Gained<'a, 'f>) -> Option<String> {
        let printed = gained.action.on_error.template.captures();
        let nodes = printed.filter_map(|id| gained.found.bindings.get(id)).flat_map(|c| &c.nodes);
        let mut nodes = nodes.map(|&node| self.statement.part.syntax().node(node));
        let twice = nodes.find(|node| node.kind().is_expr() && !self.is_pure(*node))?;
        Some(on_one_line(twice.text()))
    }

    /// What happens where there is an error, at this call.
    fn on_error(
        &self,
        gained: &Gained<'a, 'f>,
        err: &str,
        zeros: &[Chunk],
        plan: &mut ImportPlan<'_, '_>,
    ) -> Result<Vec<Chunk>, FixStatus> {
        let on_error = &gained.action.on_error;
        let mut found = gained.found.clone();
        // Stand-ins: that they are two nodes each keeps parentheses away from them.
        let nodes = vec![gained.call.id(); 2];
        let stand_in = Capture { span: gained.call.span(), nodes, is_run: true };
        found.bindings.bind(on_error.err, Capture { is_run: false, ..stand_in.clone() });
        let none = Capture::nothing(Span::at(gained.call.span().start));
        let of_zeros = if zeros.is_empty() { none } else { stand_in };
        found.bindings.bind(on_error.zeros, of_zeros);
        let written = |id: MetaId| {
            if id == on_error.err {
                Some(vec![Chunk::Text(err.to_owned())])
            } else {
                (id == on_error.zeros).then(|| zeros.to_vec())
            }
        };
        let text = self.statement.part.syntax().text();
        let margin = indentation_at(text, self.statement.stmt.span().start);
        let line = format!("{}{margin}{}", line_ending(text), deeper(margin));
        self.look.statements(&found, &on_error.template, &written, &line, plan)
    }
}

/// `, err` behind a list of names.
fn behind_list(list: Node<'_>, err: &str) -> (Span, String) {
    (Span::at(list.span().end), format!(", {err}"))
}

/// What the value of a call is called if nothing else is.
fn wish(gained: &Gained<'_, '_>) -> String {
    let name = gained.action.value.clone();
    let name = name.unwrap_or_else(|| after_function(gained.call));
    if is_identifier(&name) && !is_predeclared(&name) { name } else { "value".to_owned() }
}
